//! Text out of records, made safe for a terminal: nothing that a record holds can move the cursor,
//! colour the screen, reverse a line or hide.

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

#[cfg(test)]
mod tests {
    use super::{safe_lines, safe_text};

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
    fn lines_stay_lines() {
        assert_eq!(safe_lines("Dear Ann\r\n\r\nBell\u{7}\n"), "Dear Ann\n\nBell\u{FFFD}\n");
    }
}
