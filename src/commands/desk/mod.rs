//! The desk, browsed: lists a page at a time, one record's details, and every change from where the
//! person is (the seeds, screen by screen).

mod api_clients;
mod list;
mod organisation_users;
mod organisations;
mod record;
mod start;
mod users;

use crate::ask::Prompter;
use crate::commands::finish::Words;
use crate::commands::journey::{SameCommand, walk};
use crate::commands::{Session, changed_environment};
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::storing::Stored;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::ops::desk::Desk;
use crate::output::change::further_lines;
use crate::output::details::{self, ShowId};
use crate::output::flow;
use crate::output::problems;
use crate::output::record::Detailed;
use crate::output::safe_text::safe_text;
use crate::output::style::Style;

/// Where the desk is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Start,
    Users,
    Organisations,
}

/// Opens the desk. Leaving it is no failure.
///
/// # Errors
/// Ctrl-C, the end of the input, not permitted, or the database.
pub fn run(place: Place, session: &mut Session<'_>) -> Result<Exit> {
    let mut desk = session.change(false)?;
    walk(session, |session, prompter| {
        let mut open = OpenDesk { session, prompter, desk: &mut desk, has_saved: false };
        let left = match place {
            Place::Start => open.browse_start(),
            Place::Users => open.browse_users("Leave"),
            Place::Organisations => open.browse_organisations("Leave"),
        };
        let has_saved = open.has_saved || open.session.storing.so_far() != Stored::Nothing;
        left.map_err(|error| if has_saved { error.after_saving() } else { error })
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
                let style = Style { desk_flags: self.session.printer.style().desk_flags.clone(), ..Style::default() };
                Ok(problems::for_people(&error, &style) + "\n")
            }
            Err(error) => Err(error),
        }
    }

    /// Delivers the emails of a change and words its banner, with the same change as one command;
    /// nothing where the person cancelled it.
    fn done<R>(&mut self, outcome: Option<Outcome<R>>, words: Words<'_>, same: impl FnOnce(&Outcome<R>, &Desk) -> SameCommand) -> String {
        self.done_and_told(outcome, words, &[], same)
    }

    /// The same with lines that are told right after it was done.
    fn done_and_told<R>(
        &mut self,
        outcome: Option<Outcome<R>>,
        words: Words<'_>,
        told: &[String],
        same: impl FnOnce(&Outcome<R>, &Desk) -> SameCommand,
    ) -> String {
        let Some(mut outcome) = outcome else { return nothing_changed() };
        if outcome.result == ChangeResult::Unchanged {
            return format!("{}\n\n", words.unchanged);
        }
        let mut banner = String::new();
        let created = if self.has_saved { None } else { self.session.creation(self.desk) };
        self.has_saved = true;
        for line in created.into_iter().chain(changed_environment(self.desk)) {
            banner.push_str(&format!("{}\n", safe_text(&line)));
        }
        let deliveries = self.session.deliver_emails(self.desk, &mut outcome);
        banner.push_str(&format!("Success: {}\n", words.banner));
        let linked = further_lines(&outcome).into_iter().map(|line| safe_text(&line));
        for line in told.iter().cloned().chain(linked).chain(self.session.delivery_lines(&deliveries, &outcome)) {
            banner.push_str(&format!("{line}\n"));
        }
        let command = same(&outcome, self.desk).line(&self.session.globals);
        banner.push_str(&format!("\nThe same change as one command:\n{}\n\n", safe_text(&command)));
        banner
    }

    /// Keeps what a banner begins with in sight: that something was done, or why not.
    fn recall_headline(&mut self, banner: &str) {
        let headline = banner.lines().find(|line| line.starts_with("Success: ") || line.starts_with("Error: "));
        if let Some(line) = headline {
            self.prompter.recall(line);
        }
    }

    /// Shows a record's page under a banner.
    fn say_details<R: Detailed>(&mut self, record: &R, notes: &[&str], banner: &str) -> Result<()> {
        let style = Style { columns: Some(self.prompter.columns()), ..self.session.printer.style().clone() };
        let banner_lines = flow::text(banner, style.columns);
        let page = details::for_people(record, self.session.view(self.desk), notes, ShowId::Yes, &style);
        self.prompter.say(&format!("\n{banner_lines}{page}\n"))?;
        self.recall_headline(banner);
        Ok(())
    }
}

/// Whether the person can go on with something else after this error. Where the database is gone, the next
/// page says so and ends the desk.
fn stays_open(error: &Error) -> bool {
    matches!(
        error.kind,
        ErrorKind::NotPermitted | ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::InvalidAnswers | ErrorKind::Unavailable
    )
}

fn nothing_changed() -> String {
    "Nothing was changed\n\n".to_owned()
}
