//! The outbox: looking at emails, cancelling and repeating them, and delivering what is queued.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::desk::{ChangeOptions, Desk, user_subject};
use super::paging::Paging;
use super::users::nobody;
use crate::domain::activity::Action;
use crate::domain::change::{ChangeResult, FieldChange, Outcome};
use crate::domain::notice::{Email, EmailStatus, Notice};
use crate::domain::page::Listing;
use crate::domain::refusal::Refusal;
use crate::domain::user::User;
use crate::domain::who::Who;
use crate::error::{Error, Result};
use crate::mail::outbox::{self, Delivery};
use crate::store::{emails, users};

/// Lists emails, newest first.
///
/// # Errors
/// Not permitted, or the database.
pub fn list(desk: &mut Desk, status: Option<EmailStatus>, paging: Paging) -> Result<Listing<Email>> {
    desk.look(|work| {
        work.actor.may_administer()?;
        let total = emails::count(work.transaction, status)?;
        let page = paging.of(&work.service, total);
        let rows = emails::page(work.transaction, status, page)?;
        Ok(paging.listing(page, rows))
    })
}

/// One email, whole.
///
/// # Errors
/// Not permitted, no email with this id, or the database.
pub fn show(desk: &mut Desk, id: &str) -> Result<Email> {
    desk.look(|work| {
        work.actor.may_administer()?;
        emails::find(work.transaction, id)?.ok_or_else(|| no_email(id))
    })
}

/// Cancels an email that is still queued.
///
/// # Errors
/// Not permitted, no email with this id, gone already, being delivered, or the database.
pub fn cancel(desk: &mut Desk, id: &str, options: &ChangeOptions) -> Result<Outcome<Email>> {
    desk.change(options, |work| {
        work.actor.may_administer()?;
        let email = emails::find(work.transaction, id)?.ok_or_else(|| no_email(id))?;
        let outcome =
            |result, email, changes| Outcome { result, record: Some(email), changes, emails: Vec::new(), dry_run: options.dry_run };
        match email.status {
            EmailStatus::Cancelled => return Ok(outcome(ChangeResult::Unchanged, email, Vec::new())),
            EmailStatus::Sent | EmailStatus::Refused => return Err(Refusal::email_gone(email.status).into()),
            EmailStatus::Queued => {}
        }
        if !emails::cancel(work.transaction, id, work.now)? {
            return Err(Error::conflict("This email is being delivered at this moment")
                .hint(format!("Nothing was changed. See what became of it: frontdesk emails show {id}")));
        }
        let user = users::find_ever(work.transaction, &email.user_id)?.ok_or_else(|| nobody(&Who::new(&email.user_id)))?;
        let status = |status: EmailStatus| Some(status.key().to_owned());
        let changes = vec![FieldChange {
            field: "email_status".to_owned(),
            before: status(EmailStatus::Queued),
            after: status(EmailStatus::Cancelled),
        }];
        work.record(Action::EmailCancelled, user_subject(&user), changes.clone())?;
        let cancelled = Email { status: EmailStatus::Cancelled, next_attempt_at: None, ..email };
        Ok(outcome(ChangeResult::Updated, cancelled, changes))
    })
}

/// Sends a user sign-in details once more: a new email with today's words.
///
/// # Errors
/// Not permitted, nobody by that name, not active, or the database.
pub fn resend(desk: &mut Desk, who: &Who, options: &ChangeOptions) -> Result<Outcome<User>> {
    desk.change(options, |work| {
        work.actor.may_administer()?;
        let user = users::find(work.transaction, who)?.ok_or_else(|| nobody(who))?;
        if !user.details.active {
            return Err(Refusal::cannot_invite_inactive().into());
        }
        work.cancel_sign_in_details(&user)?;
        let to = user.details.email.clone();
        let emails = work.queue(Notice::Invitation, &user, &to)?.into_iter().collect();
        work.record(Action::InvitationResent, user_subject(&user), Vec::new())?;
        Ok(Outcome { result: ChangeResult::Unchanged, record: Some(user), changes: Vec::new(), emails, dry_run: options.dry_run })
    })
}

/// What came of delivering some emails.
#[derive(Debug, Default)]
pub struct Deliveries {
    pub written: Vec<PathBuf>,
    /// Why the others are still queued, or given up.
    pub failed: Vec<Error>,
}

impl Deliveries {
    fn add(&mut self, delivery: Delivery) -> EmailStatus {
        let (status, error) = match delivery {
            Delivery::Written { path } => {
                self.written.push(path);
                return EmailStatus::Sent;
            }
            Delivery::Queued { error } => (EmailStatus::Queued, error),
            Delivery::Refused { error } => (EmailStatus::Refused, error),
        };
        self.failed.push(error);
        status
    }
}

/// Delivers the emails that this run has just queued, and notes in each what became of it.
/// The change that they belong to is stored already, whatever happens here.
pub fn deliver_own(desk: &mut Desk, queued: &mut [Email], directory: &Path) -> Deliveries {
    let claim = desk.claim_for_delivery();
    let mut deliveries = Deliveries::default();
    for email in queued {
        email.status = deliveries.add(outbox::deliver(&mut desk.store, email, directory, &claim, desk.clock.now()));
    }
    deliveries
}

/// Delivers emails whose time has come, oldest first, at most `limit` of them.
///
/// # Errors
/// Not permitted, or the database.
pub fn send(desk: &mut Desk, limit: Option<u64>, directory: &Path) -> Result<Deliveries> {
    desk.look(|work| work.actor.may_administer().map_err(Error::from))?;
    let now: Timestamp = desk.clock.now();
    let ids = desk.store.read(|transaction| emails::due(transaction, now, limit.unwrap_or(u64::MAX)))?;
    let mut deliveries = Deliveries::default();
    for id in ids {
        let claim = desk.claim_for_delivery();
        if let Some(email) = outbox::claim(&mut desk.store, &id, &claim, desk.clock.now())? {
            deliveries.add(outbox::deliver(&mut desk.store, &email, directory, &claim, desk.clock.now()));
        }
    }
    Ok(deliveries)
}

fn no_email(id: &str) -> Error {
    Error::not_found(format!("There is no email with the id {id}")).hint("To see every email: frontdesk emails list")
}
