//! The outbox: looking at emails, cancelling and repeating them.

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

pub(super) fn no_email(id: &str) -> Error {
    Error::not_found(format!("There is no email with the id {id}")).hint("To see every email: frontdesk emails list")
}
