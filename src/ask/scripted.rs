//! A person whose answers are known beforehand, for tests of what is asked and in which order.

use std::collections::VecDeque;

use super::prompter::{Choice, Prompter, Reply};
use crate::domain::secret::Secret;
use crate::error::{Error, Result};

/// Answers from a script, and keeps everything that was said and asked.
#[derive(Debug, Default)]
pub struct Scripted {
    /// A text, the beginning of a choice's label, or `<back>`; after the last the input ends.
    answers: VecDeque<String>,
    pub transcript: Vec<String>,
}

impl Scripted {
    pub fn new(answers: &[&str]) -> Self {
        Self { answers: answers.iter().map(|answer| (*answer).to_owned()).collect(), transcript: Vec::new() }
    }

    fn next(&mut self, question: &str, error: Option<&str>) -> Result<Reply<String>> {
        self.transcript.push(error.map_or_else(|| question.to_owned(), |error| format!("{question} ({error})")));
        match self.answers.pop_front() {
            None => Err(Error::end_of_input()),
            Some(answer) if answer == "<back>" => Ok(Reply::Back),
            Some(answer) => Ok(Reply::Given(answer)),
        }
    }
}

impl Prompter for Scripted {
    fn say(&mut self, text: &str) -> Result<()> {
        self.transcript.push(text.trim().to_owned());
        Ok(())
    }

    fn text(&mut self, question: &str, typed: &str, error: Option<&str>) -> Result<Reply<String>> {
        self.next(&format!("{question} [{typed}]"), error)
    }

    fn secret(&mut self, question: &str) -> Result<Reply<Secret>> {
        Ok(match self.next(question, None)? {
            Reply::Given(typed) => Reply::Given(Secret::new(typed)),
            Reply::Back => Reply::Back,
        })
    }

    fn choose(
        &mut self,
        question: &str,
        choices: &[Choice],
        _selected: Option<usize>,
        error: Option<&str>,
    ) -> Result<Reply<Option<usize>>> {
        Ok(match self.next(question, error)? {
            Reply::Given(answer) if answer.is_empty() => Reply::Given(None),
            Reply::Given(answer) => Reply::Given(choices.iter().position(|choice| choice.label.starts_with(&answer))),
            Reply::Back => Reply::Back,
        })
    }

    fn columns(&self) -> u16 {
        80
    }
}
