//! How a journey ends, as the screens do: the list, with the banner of the change above its heading,
//! and the same change as one command.

use super::SameCommand;
use crate::cli::{FormatArguments, PagingArguments};
use crate::commands::Session;
use crate::commands::finish::{Words, exit_of};
use crate::domain::change::{ChangeResult, Outcome};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::delivery::Deliveries;
use crate::ops::desk::Desk;
use crate::output::change::further_lines;
use crate::output::record::Detailed;

/// What is said at the end of a journey.
pub struct Ending<'a> {
    pub words: Words<'a>,
    pub require_delivery: bool,
    pub same: SameCommand,
    /// Prints the list that the journey began at.
    pub list: &'a mut dyn FnMut(&mut Session<'_>, &mut Desk) -> Result<()>,
}

/// Ends a journey whose change is done, or had nothing to do.
///
/// # Errors
/// The output cannot be written, or the list not be read; the change is stored all the same.
pub fn end_journey<R: Detailed>(session: &mut Session<'_>, desk: &mut Desk, mut outcome: Outcome<R>, ending: Ending<'_>) -> Result<Exit> {
    let Ending { words, require_delivery, same, list } = ending;
    if outcome.dry_run || outcome.result == ChangeResult::Unchanged || session.is_for_machines() {
        return session.finish_change(desk, outcome, words, require_delivery);
    }
    let deliveries = session.deliver_emails(desk, &mut outcome);
    tell(session, desk, &outcome, &deliveries, words.banner, list).map_err(Error::after_the_change)?;
    session.tell_equivalent(&same.line(&session.globals)).map_err(Error::after_the_change)?;
    Ok(exit_of(&outcome, require_delivery))
}

fn tell<R>(
    session: &mut Session<'_>,
    desk: &mut Desk,
    outcome: &Outcome<R>,
    deliveries: &Deliveries,
    banner: &str,
    list: &mut dyn FnMut(&mut Session<'_>, &mut Desk) -> Result<()>,
) -> Result<()> {
    session.tell_emails(&outcome.emails)?;
    session.printer.note("")?;
    session.tell_of_desk(desk)?;
    session.printer.success(banner)?;
    further_lines(outcome).iter().try_for_each(|line| session.printer.note(line))?;
    session.printer.note("")?;
    list(session, desk)?;
    session.tell_delivered(deliveries)?;
    session.tell_waiting(outcome)?;
    session.printer.flush()
}

/// The flags and the page of a list that nobody asked for by itself.
pub fn list_command(session: &Session<'_>) -> (PagingArguments, Vec<(&'static str, String)>) {
    (PagingArguments::default(), session.flags_of_list(&FormatArguments::default()))
}
