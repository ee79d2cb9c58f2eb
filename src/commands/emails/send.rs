//! `frontdesk emails send`: one run over the emails that are due.

use crate::cli::EmailsSend;
use crate::commands::Session;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::emails;

pub fn run(arguments: &EmailsSend, session: &mut Session<'_>) -> Result<Exit> {
    let mut desk = session.look()?;
    let deliveries = emails::send(&mut desk, arguments.limit, &session.settings.emails)?;
    session.tell_deliveries(&deliveries)?;
    match deliveries.written.len() {
        0 if deliveries.failed.is_empty() => session.printer.note("There are no emails to send.")?,
        // The warnings have said it all.
        0 => {}
        1 => session.printer.success("1 email sent")?,
        sent => session.printer.success(&format!("{sent} emails sent"))?,
    }
    Ok(if deliveries.failed.is_empty() { Exit::Done } else { Exit::LeftOver })
}
