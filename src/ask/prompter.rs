//! What asks: on a terminal by keys, in accessible mode by plain lines, in tests from a script.

use crate::domain::secret::Secret;
use crate::error::Result;

/// What a person answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply<T> {
    Given(T),
    /// Esc: back to what came before.
    Back,
}

/// One thing to choose. Text of several lines stays together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is shown in the list.
    pub label: String,
    /// What stays on the screen once it is chosen.
    pub short: String,
    /// The key that chooses it at once, wherever the selection is.
    pub shortcut: Option<Shortcut>,
}

/// A key of a choice, and what it does, after the key's name: `finds`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortcut {
    pub key: char,
    pub does: &'static str,
}

impl Choice {
    /// A choice that is called the same before and after.
    pub fn new(label: impl Into<String>) -> Self {
        let label = label.into();
        Self { short: label.clone(), label, shortcut: None }
    }
}

/// Asks a person. Every text is made safe before it is shown.
///
/// # Errors
/// Every method fails when the person presses Ctrl-C or the input ends: nothing is stored then.
pub trait Prompter {
    /// Shows a text above the next question.
    fn say(&mut self, text: &str) -> Result<()>;

    /// Keeps a line in sight: it is shown again at the next question, where what was said since would
    /// have scrolled it away.
    fn recall(&mut self, _line: &str) {}

    /// Asks for a line of text, which starts as what was typed before; `error` says what is wrong
    /// with that.
    fn text(&mut self, question: &str, typed: &str, error: Option<&str>) -> Result<Reply<String>>;

    /// Asks for a line of text that nobody may see, not even while it is typed.
    fn secret(&mut self, question: &str) -> Result<Reply<Secret>>;

    /// Asks for one of several; `selected` is where the choice starts, nowhere when there is no
    /// default. Returns the number of the choice, counted from 0, or nothing when nothing was
    /// chosen.
    fn choose(&mut self, question: &str, choices: &[Choice], selected: Option<usize>, error: Option<&str>) -> Result<Reply<Option<usize>>>;

    /// What the terminal must be told where the program is ended at a question.
    fn farewell(&self) -> &'static str {
        ""
    }

    /// Columns of the terminal.
    fn columns(&self) -> u16;
}

/// Asks a question whose safe answer is no.
///
/// # Errors
/// Ctrl-C, or the end of the input.
pub fn confirm(prompter: &mut dyn Prompter, question: &str) -> Result<bool> {
    let choices = [Choice::new("No"), Choice::new("Yes")];
    Ok(prompter.choose(question, &choices, Some(0), None)? == Reply::Given(Some(1)))
}
