//! `frontdesk emails retry`: one email, now.

use crate::cli::EmailsRetry;
use crate::commands::Session;
use crate::config::Delivery;
use crate::domain::notice::EmailStatus;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::delivery;
use crate::output::change::ChangeView;

pub fn run(arguments: &EmailsRetry, session: &mut Session<'_>) -> Result<Exit> {
    let delivers_now = session.settings.delivery.value == Delivery::Now;
    let mut desk = session.deliver()?;
    let (outcome, deliveries) = delivery::retry(&mut desk, &arguments.id, delivers_now)?;
    let is_sent = outcome.record.as_ref().is_some_and(|email| email.status == EmailStatus::Sent);
    let banner = if is_sent { "Email sent" } else { "Email queued again" };
    let view = session.view(&desk);
    session.printer.change(&outcome, &ChangeView { banner, unchanged: "", view })?;
    session.tell_deliveries(&deliveries)?;
    Ok(Exit::Done)
}
