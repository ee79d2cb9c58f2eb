//! `frontdesk emails send`: one run over the emails that are due.

use crate::cli::EmailsSend;
use crate::commands::Session;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::delivery;

pub fn run(arguments: &EmailsSend, session: &mut Session<'_>) -> Result<Exit> {
    let mut desk = session.deliver()?;
    let mut deliveries = delivery::send(&mut desk, arguments.limit)?;
    let server_failed = deliveries.server_failed.take();
    session.tell_deliveries(&deliveries)?;
    match deliveries.written.len() + deliveries.sent.len() {
        0 if deliveries.failed.is_empty() && server_failed.is_none() => session.printer.note("There are no emails to send.")?,
        0 if server_failed.is_some() => {}
        1 => session.printer.success("1 email sent")?,
        sent => session.printer.success(&format!("{sent} emails sent"))?,
    }
    match server_failed {
        Some(error) => Err(error),
        None => Ok(if deliveries.failed.is_empty() { Exit::Done } else { Exit::LeftOver }),
    }
}
