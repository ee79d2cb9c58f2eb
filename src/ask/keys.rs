//! The keys of a terminal, out of the bytes that it sends.
//!
//! `console` reads keys too, but takes only the sequences that it knows for whole: of Ctrl-Left or
//! F5, or of a pasted colour, it leaves the end behind as if it had been typed.

use super::raw_mode::INTERRUPT;
use crate::error::{Error, Result};

const ESCAPE: u8 = 0x1B;

/// One key, or one character of a paste.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Character(char),
    Enter,
    Escape,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    /// Ctrl-U.
    ClearBefore,
    /// Ctrl-W.
    ClearWord,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-D.
    EndOfInput,
    /// What follows was pasted, up to the end of the paste.
    PasteBegins,
    PasteEnds,
    /// A key that means nothing here.
    Other,
    /// No key, but another size of the terminal.
    Resized,
}

/// Where the bytes come from.
pub trait Bytes {
    /// The next byte, however long it takes.
    ///
    /// # Errors
    /// The input ended.
    fn next(&mut self) -> Result<u8>;

    /// The next byte if it belongs to the same key: nothing where none follows at once.
    ///
    /// # Errors
    /// The input ended.
    fn follows(&mut self) -> Result<Option<u8>>;
}

/// The keys of a terminal that marks what is pasted (bracketed paste). A paste is text and no keys: its
/// line breaks are spaces, and none at its ends, so that several lines answer one question and not the
/// next ones too.
#[derive(Debug, Default)]
pub struct Keys {
    is_pasting: bool,
    /// A character of this paste has come.
    has_begun: bool,
    /// Lines of this paste have ended since.
    is_broken: bool,
    /// The character after a break.
    held: Option<char>,
}

impl Keys {
    /// Whether the next key is known already, without another byte.
    pub fn has_read_ahead(&self) -> bool {
        self.held.is_some()
    }

    /// The next key.
    ///
    /// # Errors
    /// The input ended.
    pub fn next(&mut self, bytes: &mut dyn Bytes) -> Result<Key> {
        if let Some(character) = self.held.take() {
            return Ok(Key::Character(character));
        }
        let key = read_key(bytes)?;
        match key {
            Key::PasteBegins => *self = Self { is_pasting: true, ..Self::default() },
            Key::PasteEnds => *self = Self::default(),
            // The way out stays open, also where the end of a paste is lost.
            _ if !self.is_pasting || key == Key::Interrupt => return Ok(key),
            Key::Enter => self.is_broken = self.has_begun,
            Key::Tab => return Ok(self.pasted('\t')),
            Key::Character(character) => return Ok(self.pasted(character)),
            _ => {}
        }
        Ok(Key::Other)
    }

    fn pasted(&mut self, character: char) -> Key {
        self.has_begun = true;
        if !std::mem::take(&mut self.is_broken) {
            return Key::Character(character);
        }
        self.held = Some(character);
        Key::Character(' ')
    }
}

fn read_key(bytes: &mut dyn Bytes) -> Result<Key> {
    Ok(match bytes.next()? {
        ESCAPE => return after_escape(bytes),
        b'\r' | b'\n' => Key::Enter,
        b'\t' => Key::Tab,
        0x08 | 0x7F => Key::Backspace,
        0x01 => Key::Home,
        0x05 => Key::End,
        0x03 => Key::Interrupt,
        0x04 => Key::EndOfInput,
        0x15 => Key::ClearBefore,
        0x17 => Key::ClearWord,
        control if control < 0x20 => Key::Other,
        first => Key::Character(character(first, bytes)?),
    })
}

fn after_escape(bytes: &mut dyn Bytes) -> Result<Key> {
    match bytes.follows()? {
        None => Ok(Key::Escape),
        Some(b'[') => control_sequence(bytes),
        Some(b'O') => Ok(bytes.follows()?.map_or(Key::Other, |last| cursor_key(last, &[]))),
        // Alt with another key.
        Some(_) => Ok(Key::Other),
    }
}

/// The rest of a control sequence: parameters, then the one byte that ends it (ECMA-48).
fn control_sequence(bytes: &mut dyn Bytes) -> Result<Key> {
    let mut parameters = Vec::new();
    loop {
        match bytes.follows()? {
            None => return Ok(Key::Other),
            Some(last @ 0x40..=0x7E) => return Ok(cursor_key(last, &parameters)),
            Some(parameter) => parameters.push(parameter),
        }
    }
}

/// Keys without Shift, Alt or Ctrl; with one of these they have more parameters, and mean nothing
/// here.
fn cursor_key(last: u8, parameters: &[u8]) -> Key {
    match (last, parameters) {
        (b'A', b"") => Key::Up,
        (b'B', b"") => Key::Down,
        (b'C', b"") => Key::Right,
        (b'D', b"") => Key::Left,
        (b'H', b"") | (b'~', b"1" | b"7") => Key::Home,
        (b'F', b"") | (b'~', b"4" | b"8") => Key::End,
        (b'Z', b"") => Key::BackTab,
        (b'~', b"3") => Key::Delete,
        (b'~', b"5") => Key::PageUp,
        (b'~', b"6") => Key::PageDown,
        (b'~', b"200") => Key::PasteBegins,
        (b'~', b"201") => Key::PasteEnds,
        _ => Key::Other,
    }
}

/// A character of one to four bytes. What is not UTF-8 becomes U+FFFD, which no answer may hold.
fn character(first: u8, bytes: &mut dyn Bytes) -> Result<char> {
    let more = match first {
        0xC0..=0xDF => 1,
        0xE0..=0xEF => 2,
        0xF0..=0xF7 => 3,
        _ => 0,
    };
    let mut read = vec![first];
    for _ in 0..more {
        match bytes.next()? {
            // Half a character must not swallow the way out.
            INTERRUPT => return Err(Error::interrupted()),
            byte => read.push(byte),
        }
    }
    Ok(std::str::from_utf8(&read).ok().and_then(|text| text.chars().next()).unwrap_or(char::REPLACEMENT_CHARACTER))
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::{Bytes, Error, Key, Keys, Result};

    /// Bytes that arrive in bursts, with a pause between each and the next.
    struct Bursts(VecDeque<VecDeque<u8>>);

    impl Bytes for Bursts {
        fn next(&mut self) -> Result<u8> {
            while self.0.front().is_some_and(VecDeque::is_empty) {
                self.0.pop_front();
            }
            self.0.front_mut().and_then(VecDeque::pop_front).ok_or_else(Error::end_of_input)
        }

        fn follows(&mut self) -> Result<Option<u8>> {
            Ok(self.0.front_mut().and_then(VecDeque::pop_front))
        }
    }

    fn keys(bursts: &[&[u8]]) -> Vec<Key> {
        let mut bytes = Bursts(bursts.iter().map(|burst| burst.iter().copied().collect()).collect());
        let mut keys = Keys::default();
        std::iter::from_fn(|| keys.next(&mut bytes).ok()).collect()
    }

    /// What a line holds after these bytes, with the keys that would end it as `⏎` and `⎋`.
    fn typed(bytes: &[u8]) -> String {
        let shown = |key: &Key| match key {
            Key::Character(character) => Some(*character),
            Key::Enter => Some('⏎'),
            Key::Escape => Some('⎋'),
            Key::Interrupt => Some('!'),
            _ => None,
        };
        keys(&[bytes]).iter().filter_map(shown).collect()
    }

    #[test]
    fn a_paste_is_text_and_its_line_breaks_are_spaces_but_for_those_at_its_ends() {
        assert_eq!(typed(b"\x1B[200~\r\nAnn\r\n\r\nAbel\n\x1B[201~\r"), "Ann Abel⏎");
        assert_eq!(typed(b"A\x1B[200~nn\x1B[201~ \x1B[200~\rAbel\x1B[201~"), "Ann Abel");
        // No key of a paste does what it does when it is pressed.
        assert_eq!(typed(b"\x1B[200~a\x04\x15\x7F\x1B[A\tb\x1B[201~"), "a\tb");
        // And the end of one may be lost.
        assert_eq!(typed(b"\x1B[200~a\rb\x03"), "a b!");
    }

    #[test]
    fn characters_of_every_length_are_one_key_each() {
        let expected: Vec<Key> = "aé李😀".chars().map(Key::Character).collect();
        assert_eq!(keys(&["aé李😀".as_bytes()]), expected);
        assert_eq!(keys(&[b"\xFFa"]), [Key::Character('\u{FFFD}'), Key::Character('a')]);
    }

    #[test]
    fn escape_alone_is_a_key_and_the_beginning_of_others() {
        assert_eq!(keys(&[b"\x1B", b"[A"]), [Key::Escape, Key::Character('['), Key::Character('A')]);
        assert_eq!(keys(&[b"\x1B[A\x1B[B\x1BOC\x1B[D"]), [Key::Up, Key::Down, Key::Right, Key::Left]);
        assert_eq!(
            keys(&[b"\x1B[H\x1B[4~\x1B[3~\x1B[5~\x1B[6~\x1B[Z"]),
            [Key::Home, Key::End, Key::Delete, Key::PageUp, Key::PageDown, Key::BackTab]
        );
    }

    #[test]
    fn a_sequence_that_means_nothing_leaves_nothing_behind() {
        // Ctrl-Left, F5, F1, Alt-x, red, the marks around a paste, and one that never ends.
        for sequence in ["\x1B[1;5D", "\x1B[15~", "\x1BOP", "\x1Bx", "\x1B[31m", "\x1B[200~", "\x1B[?25"] {
            assert_eq!(keys(&[sequence.as_bytes(), b"a"]), [Key::Other, Key::Character('a')], "{sequence:?}");
        }
    }

    #[test]
    fn control_keys_edit_or_leave() {
        assert_eq!(
            keys(&[b"\x01\x05\x15\x17\x08\x7F\t\r\n"]),
            [Key::Home, Key::End, Key::ClearBefore, Key::ClearWord, Key::Backspace, Key::Backspace, Key::Tab, Key::Enter, Key::Enter]
        );
        assert_eq!(keys(&[b"\x03\x04\x07"]), [Key::Interrupt, Key::EndOfInput, Key::Other]);
    }

    #[test]
    fn half_a_character_does_not_swallow_ctrl_c() {
        let mut bytes = Bursts(VecDeque::from([VecDeque::from(vec![0xC3, 0x03])]));
        assert_eq!(Keys::default().next(&mut bytes).unwrap_err().kind, crate::error::ErrorKind::Interrupted);
    }
}
