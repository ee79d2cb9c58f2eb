//! Answers as they were typed, by flag or in a form, to questions about any kind of record.

use std::collections::BTreeMap;

use super::problem::Field;

/// What was typed, by question; a question that is not here was not answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers(BTreeMap<Field, String>);

impl Answers {
    /// The answers that were given, out of all that could be.
    pub fn given(answers: impl IntoIterator<Item = (Field, Option<String>)>) -> Self {
        Self(answers.into_iter().filter_map(|(field, typed)| Some((field, typed?))).collect())
    }

    /// What is stored, as the answers to these questions that a form starts with.
    pub fn stored(values: impl IntoIterator<Item = (Field, String)>, questions: &[Field]) -> Self {
        Self(values.into_iter().filter(|(field, _)| questions.contains(field)).collect())
    }

    /// Whether no question was answered.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The answer to one question.
    pub fn get(&self, field: Field) -> Option<&str> {
        self.0.get(&field).map(String::as_str)
    }

    /// Answers one question.
    pub fn set(&mut self, field: Field, typed: impl Into<String>) {
        self.0.insert(field, typed.into());
    }

    /// Answers the questions that are still open as others have them.
    pub fn fill_from(&mut self, others: &Self) {
        for (field, typed) in &others.0 {
            self.0.entry(*field).or_insert_with(|| typed.clone());
        }
    }
}

impl<const N: usize> From<[(Field, String); N]> for Answers {
    fn from(answers: [(Field, String); N]) -> Self {
        Self(answers.into())
    }
}
