//! A line being typed: its characters, where the cursor is, and which part of it fits the screen.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// What can be done to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    Insert(char),
    Backspace,
    Delete,
    Left,
    Right,
    Home,
    End,
    /// Everything before the cursor goes.
    ClearBefore,
    /// The word before the cursor goes.
    ClearWord,
}

/// A line of text and its cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    characters: Vec<char>,
    cursor: usize,
}

impl Line {
    /// A line with the cursor at its end.
    pub fn new(text: &str) -> Self {
        let characters: Vec<char> = text.chars().collect();
        Self { cursor: characters.len(), characters }
    }

    /// What was typed.
    pub fn text(&self) -> String {
        self.characters.iter().collect()
    }

    /// Changes the line or moves its cursor.
    pub fn apply(&mut self, edit: Edit) {
        match edit {
            Edit::Insert(character) => {
                self.characters.insert(self.cursor, character);
                self.cursor += 1;
            }
            Edit::Backspace => {
                let start = self.before();
                self.characters.drain(start..self.cursor);
                self.cursor = start;
            }
            Edit::Delete => {
                let end = self.after();
                self.characters.drain(self.cursor..end);
            }
            Edit::Left => self.cursor = self.before(),
            Edit::Right => self.cursor = self.after(),
            Edit::Home => self.cursor = 0,
            Edit::End => self.cursor = self.characters.len(),
            Edit::ClearBefore => {
                self.characters.drain(..self.cursor);
                self.cursor = 0;
            }
            Edit::ClearWord => {
                let start = self.start_of_word();
                self.characters.drain(start..self.cursor);
                self.cursor = start;
            }
        }
    }

    /// Where the character before the cursor begins, with the accents that stand on it: nobody sees
    /// them as characters of their own.
    fn before(&self) -> usize {
        let characters = self.characters.iter().take(self.cursor).rev();
        let accents = characters.take_while(|character| is_accent(**character)).count();
        self.cursor.saturating_sub(accents + 1)
    }

    /// Where the character after the cursor ends, with its accents.
    fn after(&self) -> usize {
        let accents = self.characters.iter().skip(self.cursor + 1).take_while(|character| is_accent(**character)).count();
        (self.cursor + 1 + accents).min(self.characters.len())
    }

    fn start_of_word(&self) -> usize {
        let before = self.characters.iter().take(self.cursor).rev();
        let spaces = before.clone().take_while(|character| character.is_whitespace()).count();
        let word = before.skip(spaces).take_while(|character| !character.is_whitespace()).count();
        self.cursor - spaces - word
    }

    /// The part that fits this many columns with the cursor in it, and the cursor's column there.
    /// One column at the end is left for the cursor.
    pub fn visible(&self, columns: usize) -> (String, usize) {
        let room = columns.saturating_sub(1).max(1);
        let mut start = self.cursor;
        let mut before = 0;
        while let Some(character) = start.checked_sub(1).and_then(|index| self.characters.get(index)) {
            let width = shown(*character).width();
            if before + width > room {
                break;
            }
            before += width;
            start -= 1;
        }
        let mut text = String::new();
        for character in self.characters.iter().skip(start) {
            let next = shown(*character);
            if text.width() + next.width() > room {
                break;
            }
            text.push_str(&next);
        }
        (text, before)
    }
}

/// Whether a character stands on the one before it.
fn is_accent(character: char) -> bool {
    character.width() == Some(0)
}

/// A character as it is shown while it is typed: what would move the cursor gets a mark instead.
fn shown(character: char) -> String {
    if character.is_control() || character.width().is_none() { '\u{FFFD}'.to_string() } else { character.to_string() }
}

#[cfg(test)]
mod tests {
    use super::{Edit, Line};

    fn edited(text: &str, edits: &[Edit]) -> (String, usize) {
        let mut line = Line::new(text);
        edits.iter().for_each(|edit| line.apply(*edit));
        (line.text(), line.cursor)
    }

    #[test]
    fn a_line_is_edited_at_its_cursor() {
        assert_eq!(edited("Ann", &[Edit::Left, Edit::Insert('e')]), ("Anen".to_owned(), 3));
        assert_eq!(edited("Ann", &[Edit::Home, Edit::Delete, Edit::End, Edit::Backspace]), ("n".to_owned(), 1));
        assert_eq!(edited("", &[Edit::Backspace, Edit::Delete, Edit::Left, Edit::Right]), (String::new(), 0));
        assert_eq!(edited("Ann Marie  Abel", &[Edit::ClearWord, Edit::ClearWord]), ("Ann ".to_owned(), 4));
        assert_eq!(edited("Ann Abel", &[Edit::Left, Edit::ClearBefore]), ("l".to_owned(), 0));
    }

    #[test]
    fn accents_go_with_the_character_that_they_stand_on() {
        assert_eq!(edited("Zoe\u{308}", &[Edit::Backspace]), ("Zo".to_owned(), 2));
        assert_eq!(edited("Zoe\u{308}", &[Edit::Left, Edit::Delete]), ("Zo".to_owned(), 2));
        assert_eq!(edited("e\u{301}a", &[Edit::Home, Edit::Right, Edit::Insert('x')]), ("e\u{301}xa".to_owned(), 3));
        assert_eq!(edited("\u{301}", &[Edit::Left, Edit::Delete, Edit::Backspace]), (String::new(), 0));
        assert_eq!(Line::new("Zoe\u{308} Abel").visible(20), ("Zoe\u{308} Abel".to_owned(), 8));
    }

    #[test]
    fn a_long_line_shows_the_part_around_the_cursor() {
        let mut line = Line::new("0123456789");
        assert_eq!(line.visible(20), ("0123456789".to_owned(), 10));
        assert_eq!(line.visible(5), ("6789".to_owned(), 4));
        line.apply(Edit::Home);
        assert_eq!(line.visible(5), ("0123".to_owned(), 0));
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(Line::new("李小龍").visible(6), ("小龍".to_owned(), 4));
    }
}
