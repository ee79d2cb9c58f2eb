//! The journeys of the seeds that a person walks, whatever they are about: a form and “Check your
//! answers”, a warning and one question, and how both end. Every try is the real change, taken back.

mod confirm;
mod end;
mod fill;
mod same;

pub use self::confirm::{Confirmation, confirm_and_save, name_environment, trial_of, type_environment};
pub use self::end::{Ending, end_journey, list_command};
pub use self::fill::{Form, check_page, fill_check_and_save};
pub use self::same::{SameCommand, flags_of, flags_of_confirmation};

use crate::ask::{Interruption, Mode, Prompter};
use crate::cli::ChangeArguments;
use crate::commands::Session;
use crate::domain::notice::Email;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::output::flow;
use crate::output::safe_text::safe_text;

impl Session<'_> {
    /// Whether the person is asked before this change is saved.
    pub fn asks(&self, change: &ChangeArguments) -> bool {
        self.prompter.is_some() && !change.yes
    }
}

/// Walks a journey, which Ctrl-C stops at any moment.
///
/// # Errors
/// The journey's own.
pub fn walk<T>(session: &mut Session<'_>, journey: impl FnOnce(&mut Session<'_>, &mut dyn Prompter) -> Result<T>) -> Result<T> {
    let farewell = session.prompter.as_ref().map(|prompter| prompter.farewell()).unwrap_or_default();
    let _interruption = Interruption::listen(&session.storing, Exit::Interrupted.number(), farewell).map_err(Error::internal)?;
    lend_prompter(session, journey)
}

/// Asks what a run asks that hears Ctrl-C in its own way.
///
/// # Errors
/// The questions' own.
pub fn with_prompter<T>(session: &mut Session<'_>, questions: impl FnOnce(&mut Session<'_>, &mut dyn Prompter) -> Result<T>) -> Result<T> {
    let _mode = Mode::lines();
    lend_prompter(session, questions)
}

/// Takes the prompter out of the session for so long, so that both can be used.
fn lend_prompter<T>(session: &mut Session<'_>, journey: impl FnOnce(&mut Session<'_>, &mut dyn Prompter) -> Result<T>) -> Result<T> {
    let Some(mut prompter) = session.prompter.take() else {
        return Err(Error::internal(anyhow::anyhow!("a journey began where nobody may be asked")));
    };
    let walked = journey(session, prompter.as_mut());
    session.prompter = Some(prompter);
    walked
}

/// The lines that say which emails a change will send.
pub fn emails_to_send(emails: &[Email]) -> Vec<String> {
    emails.iter().map(|email| format!("An email will be sent to {}: {}", email.to.address, email.subject())).collect()
}

/// Adds a line to a page, made safe and wrapped to the terminal.
fn push_wrapped(page: &mut String, line: &str, columns: u16) {
    page.push_str(&flow::text(&safe_text(line), Some(columns)));
}
