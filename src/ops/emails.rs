//! The outbox: looking at emails, cancelling and repeating them.

use super::desk::{ChangeOptions, Desk, Work};
use super::paging::Paging;
use super::users::nobody_anywhere;
use crate::domain::account::{AccountId, AccountKind};
use crate::domain::activity::{Action, Subject};
use crate::domain::change::{ChangeResult, FieldChange, Outcome};
use crate::domain::notice::{Email, EmailStatus, Notice};
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::page::Listing;
use crate::domain::refusal::Refusal;
use crate::domain::user::User;
use crate::domain::who::Who;
use crate::error::{Error, Result};
use crate::store::{emails, organisation_users, organisations, users};

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
        match email.status {
            EmailStatus::Cancelled => return Ok(Outcome::new(ChangeResult::Unchanged, Some(email), options.dry_run)),
            EmailStatus::Sent | EmailStatus::Refused => return Err(Refusal::email_gone(email.status).into()),
            EmailStatus::Queued => {}
        }
        if !emails::cancel(work.transaction, id, work.now)? {
            return Err(Error::conflict("This email is being delivered at this moment")
                .hint(format!("Nothing was changed. See what became of it: frontdesk emails show {id}")));
        }
        let status = |status: EmailStatus| Some(status.key().to_owned());
        let changes = vec![FieldChange {
            field: "email_status".to_owned(),
            before: status(EmailStatus::Queued),
            after: status(EmailStatus::Cancelled),
        }];
        record_about(work, &email, changes.clone())?;
        let cancelled = Email { status: EmailStatus::Cancelled, next_attempt_at: None, ..email };
        Ok(Outcome { changes, ..Outcome::new(ChangeResult::Updated, Some(cancelled), options.dry_run) })
    })
}

/// Records that an email was cancelled, as an entry about its account.
fn record_about(work: &mut Work<'_, '_>, email: &Email, changes: Vec<FieldChange>) -> Result<()> {
    let subject = match &email.account {
        Some(AccountId { kind: AccountKind::User, id }) => users::find_ever(work.transaction, id)?.as_ref().map(Subject::from),
        Some(AccountId { kind: AccountKind::OrganisationUser, id }) => {
            organisation_users::find_ever(work.transaction, id)?.as_ref().map(Subject::from)
        }
        None => None,
    };
    let subject = subject.ok_or_else(|| no_email(&email.id))?;
    let organisation = match &email.organisation_id {
        Some(id) => organisations::reference_ever(work.transaction, id)?,
        None => None,
    };
    match organisation {
        Some(organisation) => work.record_in(&organisation, Action::EmailCancelled, subject, changes),
        None => work.record(Action::EmailCancelled, subject, changes),
    }
}

/// The account whose owner was sent sign-in details once more.
pub enum Resent {
    User(Outcome<User>),
    OrganisationUser(Outcome<OrganisationUser>),
}

/// Sends a user sign-in details once more: a new email with today's words. `kind` says which of
/// somebody's two accounts is meant.
///
/// # Errors
/// Not permitted, nobody by that name, two accounts by that name, not active, in no organisation, or
/// the database.
pub fn resend(desk: &mut Desk, who: &Who, kind: Option<AccountKind>, options: &ChangeOptions) -> Result<Resent> {
    desk.change(options, |work| {
        work.actor.may_administer()?;
        let is_meant = |wanted| kind.is_none_or(|kind| kind == wanted);
        let user = if is_meant(AccountKind::User) { users::find(work.transaction, who)? } else { None };
        let member = if is_meant(AccountKind::OrganisationUser) { organisation_users::find(work.transaction, who, None)? } else { None };
        match (user, member) {
            (Some(_), Some(_)) => Err(two_accounts(who)),
            (Some(user), None) => resend_to_user(work, user, options).map(Resent::User),
            (None, Some(member)) => resend_to_organisation_user(work, member, options).map(Resent::OrganisationUser),
            (None, None) => Err(nobody_anywhere(work, who, kind)?),
        }
    })
}

fn resend_to_user(work: &mut Work<'_, '_>, user: User, options: &ChangeOptions) -> Result<Outcome<User>> {
    if !user.details.active {
        return Err(Refusal::cannot_invite_inactive().into());
    }
    work.cancel_sign_in_details(&user, None)?;
    let emails = work.queue(Notice::Invitation, &user, &[], &user.details.person.email)?.into_iter().collect();
    work.record(Action::InvitationResent, Subject::from(&user), Vec::new())?;
    Ok(Outcome { emails, ..Outcome::new(ChangeResult::Unchanged, Some(user), options.dry_run) })
}

/// An invitation for each organisation that they belong to: when they are removed from one of them, it
/// can be cancelled by itself.
fn resend_to_organisation_user(
    work: &mut Work<'_, '_>,
    user: OrganisationUser,
    options: &ChangeOptions,
) -> Result<Outcome<OrganisationUser>> {
    if user.organisations.is_empty() {
        return Err(Refusal::cannot_invite_without_organisation().into());
    }
    work.cancel_sign_in_details(&user, None)?;
    let mut emails = Vec::new();
    for organisation in &user.organisations {
        emails.extend(work.queue(Notice::Invitation, &user, std::slice::from_ref(organisation), &user.details.email)?);
        work.record_in(organisation, Action::InvitationResent, Subject::from(&user), Vec::new())?;
    }
    Ok(Outcome { emails, ..Outcome::new(ChangeResult::Unchanged, Some(user), options.dry_run) })
}

fn two_accounts(who: &Who) -> Error {
    Error::usage(format!("Two accounts are called {}: a user of the service, and a user of its organisations", who.shown()))
        .hint("Nothing was changed. Say which you mean: --kind user or --kind organisation-user")
}

pub(super) fn no_email(id: &str) -> Error {
    Error::not_found(format!("There is no email with the id {id}")).hint("To see every email: frontdesk emails list")
}
