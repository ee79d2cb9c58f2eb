//! `frontdesk emails send`: one run over the emails that are due.

use crate::cli::EmailsSend;
use crate::commands::Session;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::delivery;
use crate::ops::desk::Desk;
use crate::output::dates;

pub fn run(arguments: &EmailsSend, session: &mut Session<'_>) -> Result<Exit> {
    let mut desk = session.deliver()?;
    let mut deliveries = delivery::send(&mut desk, arguments.limit)?;
    let server_failed = deliveries.server_failed.take();
    session.tell_deliveries(&deliveries)?;
    match deliveries.written.len() + deliveries.sent.len() {
        0 if deliveries.failed.is_empty() && server_failed.is_none() => tell_waiting(&mut desk, session)?,
        // The warnings, or the error, have said it all.
        0 => {}
        1 => session.printer.success("1 email sent")?,
        sent => session.printer.success(&format!("{sent} emails sent"))?,
    }
    match server_failed {
        Some(error) => Err(error),
        None => Ok(if deliveries.failed.is_empty() { Exit::Done } else { Exit::LeftOver }),
    }
}

/// Nothing was due: nothing is queued, or what is queued waits for its time.
fn tell_waiting(desk: &mut Desk, session: &mut Session<'_>) -> Result<()> {
    let (queued, next_attempt) = delivery::waiting(desk)?;
    let Some(at) = next_attempt.filter(|_| queued > 0) else { return session.printer.note("There are no emails to send.") };
    let emails = if queued == 1 { "1 email is queued".to_owned() } else { format!("{queued} emails are queued") };
    let waits = if at > session.clock.now() {
        format!("the next is tried on {}", dates::for_people(at))
    } else {
        "another run is delivering the next".to_owned()
    };
    session.printer.note(&format!("There are no emails to send now: {emails}, and {waits}."))?;
    session.printer.note("To try one at once: frontdesk emails retry ID. To see them: frontdesk emails list --status queued")
}
