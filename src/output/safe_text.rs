//! Text out of records, made safe for a terminal: nothing that a record holds can move the cursor,
//! colour the screen, reverse a line or hide.

use std::borrow::Cow;

use crate::domain::characters::is_unsafe_to_show;

/// Stands where a character was that must not be shown.
const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// One line of text: every unsafe character, line breaks too, becomes U+FFFD.
pub fn safe_text(text: &str) -> String {
    text.chars().map(|character| if is_unsafe_to_show(character) { REPLACEMENT } else { character }).collect()
}

/// Text of several lines, such as an email's: line breaks stay, and each line is made safe.
pub fn safe_lines(text: &str) -> String {
    text.replace("\r\n", "\n").split('\n').map(safe_text).collect::<Vec<_>>().join("\n")
}

/// The longest text that is told whole to people: a sentence and the longest path.
const LONGEST: usize = 5_000;
/// How much of each end is left of a longer one.
const END: usize = 300;

/// Text that repeats what was typed, fit to be read: when a whole file was pasted, its two ends.
pub fn in_short(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let start: String = text.chars().take(END).collect();
    let end: Vec<char> = text.chars().rev().take(END).collect();
    Cow::Owned(format!("{start} … {}", end.into_iter().rev().collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::{END, LONGEST, in_short, safe_lines, safe_text};

    #[test]
    fn what_could_move_the_cursor_or_hide_is_replaced() {
        assert_eq!(safe_text("An\u{1B}[31mn\r\n\tAbel\u{7F}"), "An\u{FFFD}[31mn\u{FFFD}\u{FFFD}\u{FFFD}Abel\u{FFFD}");
        assert_eq!(safe_text("\u{9B}2J\u{202E}lebA\u{200B}\u{2028}\u{FFFE}"), "\u{FFFD}2J\u{FFFD}lebA\u{FFFD}\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn names_are_shown_as_they_are() {
        for name in ["O’Brien-Smith", "Seán", "李小龍", "Nguyễn Thị", "\u{0DC1}\u{0DCA}\u{200D}\u{0DBB}\u{0DD3}"] {
            assert_eq!(safe_text(name), name);
        }
    }

    #[test]
    fn only_a_text_that_nobody_would_read_is_shortened_in_its_middle() {
        let longest = "é".repeat(LONGEST / 2);
        assert_eq!(in_short(&longest), longest);
        let pasted = format!("There is no user called {}.", "é".repeat(LONGEST));
        let told = in_short(&pasted);
        assert!(told.starts_with("There is no user called éé") && told.ends_with("éé."), "{told}");
        assert_eq!(told.chars().count(), END + " … ".chars().count() + END);
    }

    #[test]
    fn lines_stay_lines() {
        assert_eq!(safe_lines("Dear Ann\r\n\r\nBell\u{7}\n"), "Dear Ann\n\nBell\u{FFFD}\n");
    }
}
