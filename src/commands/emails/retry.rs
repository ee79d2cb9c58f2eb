//! `frontdesk emails retry`: one email, now.

use crate::cli::EmailsRetry;
use crate::commands::Session;
use crate::config::Delivery;
use crate::domain::change::Outcome;
use crate::domain::notice::{Email, EmailStatus};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::delivery::{self, Deliveries};
use crate::ops::desk::Desk;
use crate::output::change::ChangeView;

pub fn run(arguments: &EmailsRetry, session: &mut Session<'_>) -> Result<Exit> {
    let delivers_now = session.settings.delivery.value == Delivery::Now;
    let mut desk = session.deliver()?;
    let (outcome, deliveries) = delivery::retry(&mut desk, &arguments.id, delivers_now)?;
    let is_sent = outcome.record.as_ref().is_some_and(|email| email.status == EmailStatus::Sent);
    let banner = if is_sent { "Email sent" } else { "Email queued again" };
    let about = ChangeView { banner, unchanged: "", view: session.view(&desk) };
    tell(session, &desk, &outcome, &about, &deliveries).map_err(Error::after_the_change)?;
    Ok(Exit::Done)
}

fn tell(session: &mut Session<'_>, desk: &Desk, outcome: &Outcome<Email>, about: &ChangeView<'_>, deliveries: &Deliveries) -> Result<()> {
    session.tell_of_desk(desk)?;
    session.printer.change(outcome, about)?;
    session.tell_deliveries(deliveries)?;
    session.printer.flush()
}
