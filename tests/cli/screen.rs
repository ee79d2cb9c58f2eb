//! What is read off the screen of a terminal: its words, and the choices of a question.

use vt100::Parser;

/// Text with every run of white space as one space: where a line is wrapped makes no difference.
pub fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What was printed after the last keys.
pub struct Printed<'a>(pub &'a Parser);

impl Printed<'_> {
    pub fn rows(&self) -> Vec<String> {
        let (_, columns) = self.0.screen().size();
        self.0.screen().rows(0, columns.get()).collect()
    }

    /// Its words; one that the terminal broke at its edge is whole.
    pub fn words(&self) -> String {
        words(&self.0.screen().contents())
    }
}

/// The rows after a question, which may be wrapped.
pub fn menu(rows: &[String], question: &str) -> Option<Vec<String>> {
    let question = words(question);
    for start in 0..rows.len() {
        for end in start..rows.len().min(start + 4) {
            if words(&rows[start..=end].join(" ")) == question {
                return Some(rows[end + 1..].to_vec());
            }
        }
    }
    None
}

/// Whether the choices are there: one is selected, or there is no default and it is yes or no.
pub fn is_drawn(menu: &[String]) -> bool {
    let has = |wanted: &str| menu.iter().any(|row| row == wanted);
    selected(menu).is_some() || (has("  Yes") && has("  No"))
}

/// The choice that is marked, without its mark.
pub fn selected(rows: &[String]) -> Option<String> {
    rows.iter().find_map(|row| row.strip_prefix("> ")).map(str::to_owned)
}
