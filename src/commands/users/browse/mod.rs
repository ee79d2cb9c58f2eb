//! The desk, browsed: pages of users, one user's details, and every change from where the person is
//! (seeds 000 and 001, screen by screen).

mod list;
mod user;

use super::journey::{self, with_prompter};
use crate::ask::Prompter;
use crate::cli::equivalent;
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::user::User;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::output::pairs::wrap;
use crate::output::problems;
use crate::output::safe_text::safe_text;

/// Opens the desk at the list of users. Leaving it is no failure.
///
/// # Errors
/// Ctrl-C, the end of the input, or the database.
pub fn run(session: &mut Session<'_>) -> Result<Exit> {
    let mut desk = session.change(false)?;
    with_prompter(session, |session, prompter| {
        let mut open = OpenDesk { session, prompter, desk: &mut desk, has_saved: false };
        open.browse_list().map_err(|error| if open.has_saved { error.after_saving() } else { error })
    })?;
    Ok(Exit::Done)
}

/// The desk while somebody is at it.
struct OpenDesk<'a, 'world> {
    session: &'a mut Session<'world>,
    prompter: &'a mut dyn Prompter,
    desk: &'a mut Desk,
    /// Something was stored: leaving says no longer that nothing was changed.
    has_saved: bool,
}

impl OpenDesk<'_, '_> {
    /// What came of a step, as the banner of the next page; what was refused is told there too,
    /// because the desk stays open.
    fn told(&self, done: Result<Option<String>>) -> Result<String> {
        match done {
            Ok(banner) => Ok(banner.unwrap_or_default()),
            Err(error) if stays_open(&error) => {
                let columns = usize::from(self.prompter.columns());
                let text = problems::for_people(&error, false, false);
                let lines = text.lines().flat_map(|line| wrap(line, columns, "", "", false));
                Ok(lines.map(|line| format!("{line}\n")).collect::<String>() + "\n")
            }
            Err(error) => Err(error),
        }
    }

    /// Delivers the emails of a change and words its banner, with the same change as one command.
    fn done(&mut self, mut outcome: Outcome<User>, words: Words<'_>, same: &Same<'_>) -> Result<String> {
        if outcome.result == ChangeResult::Unchanged {
            return Ok(format!("{}\n\n", words.unchanged));
        }
        let mut banner = String::new();
        let created = if self.has_saved { None } else { self.session.creation(self.desk) };
        self.has_saved = true;
        if let Some(line) = created {
            banner.push_str(&format!("{}\n", safe_text(&line)));
        }
        let deliveries = self.session.deliver_emails(self.desk, &mut outcome);
        banner.push_str(&format!("Success: {}\n", words.banner));
        for line in self.session.delivery_lines(&deliveries, &outcome) {
            banner.push_str(&format!("{line}\n"));
        }
        let stored = journey::flags_of(&outcome.changes, self.desk.kind, &ChangeOptions::default());
        let flags = same.flags.as_ref().unwrap_or(&stored);
        let command = equivalent(&self.session.globals, &["users", same.verb], same.who, flags);
        banner.push_str(&format!("\nThe same change as one command:\n{}\n\n", safe_text(&command)));
        Ok(banner)
    }
}

/// The command that does the same as what was done here.
struct Same<'a> {
    verb: &'a str,
    who: Option<&'a str>,
    /// Its flags, where they are not the answers that were stored.
    flags: Option<Vec<(&'static str, String)>>,
}

/// Whether the person can go on with something else after this error.
fn stays_open(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::NotPermitted | ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::InvalidAnswers)
}

fn nothing_changed() -> String {
    "Nothing was changed\n\n".to_owned()
}
