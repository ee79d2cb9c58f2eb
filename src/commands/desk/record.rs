//! One record's page: what can be done with it, until the person goes back or the record is gone.

use super::OpenDesk;
use crate::ask::{Choice, Reply};
use crate::error::Result;

/// What a step at a record's page came to.
pub(super) enum Done {
    /// The page is shown again, under a banner.
    Stay(Result<Option<String>>),
    /// The record is gone; the list is shown again, under a banner.
    Gone(String),
}

/// Where the cursor starts at a record's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// At the first step, which changes nothing and is what most people come for.
    First,
    /// At the way back: no step is taken by a slip.
    Back,
}

impl OpenDesk<'_, '_> {
    /// Shows a record's page again and again. `show` shows it under a banner, and gives the record as the
    /// person saw it with what can be done; `take` does it. Returns the banner for the list.
    pub(super) fn at_record<R, S: Copy>(
        &mut self,
        start: Start,
        mut show: impl FnMut(&mut Self, &str) -> Result<(R, Vec<(String, S)>)>,
        mut take: impl FnMut(&mut Self, &R, S) -> Result<Done>,
    ) -> Result<Option<String>> {
        let mut banner = String::new();
        loop {
            let (record, steps) = show(self, &banner)?;
            let choices: Vec<Choice> = steps.iter().map(|(label, _)| label.as_str()).chain(["Back to the list"]).map(Choice::new).collect();
            let chosen = match self.prompter.choose(
                "What do you want to do?",
                &choices,
                Some(if start == Start::First { 0 } else { steps.len() }),
                None,
            )? {
                Reply::Given(Some(index)) => steps.get(index).map(|(_, step)| *step),
                _ => None,
            };
            let Some(step) = chosen else { return Ok(None) };
            banner = match take(self, &record, step)? {
                Done::Stay(done) => self.told(done)?,
                Done::Gone(banner) => return Ok(Some(banner)),
            };
        }
    }
}
