//! How a change ends that is stored: its emails delivered, what came of everything told, and the
//! exit code. Nothing here can undo the change, so whatever fails here says that it was made.

use std::path::Path;

use super::Session;
use crate::config::{Delivery, Settings};
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::notice::{Email, EmailStatus};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::delivery::{self, Deliveries};
use crate::ops::desk::Desk;
use crate::output::change::ChangeView;
use crate::output::record::Detailed;

/// What people are told of a change that is done, or that there was nothing to do.
pub struct Words<'a> {
    pub banner: &'a str,
    pub unchanged: &'a str,
}

impl Session<'_> {
    /// Delivers the emails of a change that is stored, prints what came of everything, and says how
    /// the run ends.
    ///
    /// # Errors
    /// The output cannot be written; the change is stored all the same.
    pub fn finish_change<R: Detailed>(
        &mut self,
        desk: &mut Desk,
        mut outcome: Outcome<R>,
        words: Words<'_>,
        require_delivery: bool,
    ) -> Result<Exit> {
        let deliveries = self.deliver_emails(desk, &mut outcome);
        let told = self.tell_change(desk, &outcome, &deliveries, &words);
        // What sends emails has made a change even where the record is as it was.
        let is_stored = !outcome.dry_run && (outcome.result != ChangeResult::Unchanged || !outcome.emails.is_empty());
        told.map_err(|error| if is_stored { error.after_the_change() } else { error })?;
        Ok(exit_of(&outcome, require_delivery))
    }

    fn tell_change<R: Detailed>(&mut self, desk: &Desk, outcome: &Outcome<R>, deliveries: &Deliveries, words: &Words<'_>) -> Result<()> {
        self.tell_emails(&outcome.emails)?;
        self.tell_of_desk(desk)?;
        let view = self.view(desk);
        self.printer.change(outcome, &ChangeView { banner: words.banner, unchanged: words.unchanged, view })?;
        self.tell_delivered(deliveries)?;
        self.tell_waiting(outcome)?;
        self.printer.flush()
    }

    /// Delivers the emails of a change that is stored, unless they are to go later. Nothing is
    /// printed before: a stream that cannot be written must not keep an email back.
    pub fn deliver_emails<R>(&mut self, desk: &mut Desk, outcome: &mut Outcome<R>) -> Deliveries {
        if outcome.dry_run || outcome.emails.is_empty() || self.settings.delivery.value == Delivery::Later {
            return Deliveries::default();
        }
        delivery::deliver_own(desk, &mut outcome.emails)
    }

    /// Says with `--verbose` which emails a change composed.
    ///
    /// # Errors
    /// The output cannot be written; the same holds below.
    pub fn tell_emails(&mut self, emails: &[Email]) -> Result<()> {
        for email in emails {
            self.printer.detail(&format!("Composed an email to {}: {}", email.to.address, email.subject()))?;
        }
        Ok(())
    }

    /// Shows the change that was just made as one command without questions.
    pub fn tell_equivalent(&mut self, command: &str) -> Result<()> {
        self.printer.note("")?;
        self.printer.note("The same change as one command:")?;
        self.printer.note(command)
    }

    /// Says where the emails of a change went, one by one, and which did not go and why.
    pub fn tell_delivered(&mut self, deliveries: &Deliveries) -> Result<()> {
        deliveries.sent.iter().try_for_each(|address| self.printer.note(&sent_to(address)))?;
        self.tell_deliveries(deliveries)
    }

    /// Says which files emails were written to, and which did not go and why; those that the mail
    /// server took are many, and counted elsewhere.
    pub fn tell_deliveries(&mut self, deliveries: &Deliveries) -> Result<()> {
        deliveries.written.iter().try_for_each(|path| self.printer.note(&written_to(path)))?;
        failures(deliveries).try_for_each(|error| self.printer.warning(&not_delivered(error)))
    }

    /// Says which emails wait because they are to go later, or because nobody here can deliver them.
    pub fn tell_waiting<R>(&mut self, outcome: &Outcome<R>) -> Result<()> {
        waiting(self.settings.delivery.value, outcome).iter().try_for_each(|line| self.printer.note(line))?;
        undeliverable(&self.settings, outcome).iter().try_for_each(|line| self.printer.warning(line))
    }

    /// The same as lines of a page of the desk.
    pub fn delivery_lines<R>(&self, deliveries: &Deliveries, outcome: &Outcome<R>) -> Vec<String> {
        let sent = deliveries.sent.iter().map(|address| sent_to(address));
        let written = deliveries.written.iter().map(|path| written_to(path));
        let failed = failures(deliveries).map(not_delivered);
        let warnings = failed.chain(undeliverable(&self.settings, outcome)).map(|warning| format!("Warning: {warning}"));
        let lines = sent.chain(written).chain(warnings).chain(waiting(self.settings.delivery.value, outcome));
        lines.map(|line| self.printer.on_this_desk(&line)).collect()
    }
}

/// How a change ends that is done: with something left over, where that was asked about.
pub fn exit_of<R>(outcome: &Outcome<R>, require_delivery: bool) -> Exit {
    let left_over = !outcome.dry_run && outcome.emails.iter().any(|email| email.status != EmailStatus::Sent);
    if left_over && require_delivery { Exit::LeftOver } else { Exit::Done }
}

fn waiting<R>(delivery: Delivery, outcome: &Outcome<R>) -> Vec<String> {
    let waits = delivery == Delivery::Later && !outcome.dry_run;
    let waiting = outcome.emails.iter().filter(|email| waits && email.status == EmailStatus::Queued);
    waiting.map(|email| format!("Email to {} queued. To send what is queued: frontdesk emails send", email.to.address)).collect()
}

/// Emails of a shared database wait for a mail server, where none is configured here.
fn undeliverable<R>(settings: &Settings, outcome: &Outcome<R>) -> Vec<String> {
    if settings.can_deliver() || settings.delivery.value == Delivery::Later || outcome.dry_run {
        return Vec::new();
    }
    outcome.emails.iter().filter(|email| email.status == EmailStatus::Queued).map(stays_queued).collect()
}

fn stays_queued(email: &Email) -> String {
    let address = &email.to.address;
    format!("The email to {address} stays queued, because no mail server is configured. Where one is, it goes with: frontdesk emails send")
}

fn failures(deliveries: &Deliveries) -> impl Iterator<Item = &Error> {
    deliveries.failed.iter().chain(&deliveries.server_failed)
}

fn sent_to(address: &str) -> String {
    format!("Email sent to {address}")
}

/// Where an email is that became a file.
pub fn written_to(path: &Path) -> String {
    format!("Email written to {}", path.display())
}

/// What happened to an email that did not go, on one line.
pub fn not_delivered(error: &Error) -> String {
    format!("{}. {}", error.message, error.hint.as_deref().unwrap_or_default()).trim_end().to_owned()
}
