//! Delivering emails: those of a change right after it, one email for somebody who insists, and a
//! test.

use std::path::PathBuf;

use jiff::Timestamp;

use super::desk::{ChangeOptions, Desk, Work};
use super::emails::no_email;
use crate::domain::account::{AccountId, AccountKind};
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::email_address::EmailAddress;
use crate::domain::notice::{Email, EmailStatus};
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::problem::{Field, Problem};
use crate::domain::refusal::Refusal;
use crate::error::{Error, Result};
use crate::mail::compose::compose_test;
use crate::mail::message;
use crate::mail::outbox::{self, Attempt, Delivery, Turn};
pub use crate::mail::transport::Transport;
use crate::mail::transport::{Failure, Handed};
use crate::store::emails::Claim;
use crate::store::{Keep, emails, organisation_users, users};
use crate::world::Stopwatch;

/// What came of delivering some emails.
#[derive(Debug, Default)]
pub struct Deliveries {
    pub written: Vec<PathBuf>,
    /// The addresses whose emails the mail server took.
    pub sent: Vec<String>,
    /// Why others are still queued, or given up.
    pub failed: Vec<Error>,
    /// The mail server does not work, so that what is left stays queued.
    pub server_failed: Option<Error>,
}

impl Deliveries {
    fn add(&mut self, email: &Email, delivery: Delivery) -> EmailStatus {
        let (status, error) = match delivery {
            Delivery::Written { path } => {
                self.written.push(path);
                return EmailStatus::Sent;
            }
            Delivery::Sent => {
                self.sent.push(email.to.address.clone());
                return EmailStatus::Sent;
            }
            Delivery::ServerFailed { error } => {
                self.server_failed = Some(error);
                return EmailStatus::Queued;
            }
            Delivery::Queued { error } => (EmailStatus::Queued, error),
            Delivery::Refused { error } => (EmailStatus::Refused, error),
        };
        self.failed.push(error);
        status
    }
}

/// Delivers the emails that this run has just queued, and notes in each what became of it. All of
/// them together take no longer than the mail server is given. The change that they belong to is
/// stored already, whatever happens here.
pub fn deliver_own(desk: &mut Desk, queued: &mut [Email]) -> Deliveries {
    let mut deliveries = Deliveries::default();
    let claim = desk.claim_for_delivery();
    let Some(mut transport) = desk.transport.take() else { return deliveries };
    if let Err(error) = deliver_each(desk, &mut transport, queued, &claim, &mut deliveries) {
        deliveries.failed.push(error.hint("The emails that have not gone stay queued, and are tried again by: frontdesk emails send"));
    }
    desk.transport = Some(transport);
    deliveries
}

fn deliver_each(
    desk: &mut Desk,
    transport: &mut Transport,
    queued: &mut [Email],
    claim: &Claim,
    deliveries: &mut Deliveries,
) -> Result<()> {
    let stopwatch = Stopwatch::start();
    let now = desk.clock.now();
    let mut failures = 0;
    let mut has_tried = false;
    match outbox::take_turn(&mut desk.store, transport, claim, desk.clock.now())? {
        Turn::Go { failures: seen } => failures = seen,
        Turn::Wait { error } => deliveries.server_failed = Some(stays_queued(error)),
    }
    for email in queued {
        let found = desk.store.read(|transaction| emails::find_claimed(transaction, &email.id, claim))?;
        // One that had to wait for an older email to the same address may go once that one has gone.
        let found = if found.is_some() { found } else { outbox::claim(&mut desk.store, &email.id, claim, desk.clock.now())? };
        let Some(claimed) = found else {
            note_unclaimed(desk, email, deliveries)?;
            continue;
        };
        let limit = stopwatch.left_of(transport.timeout());
        let is_late = transport.server().is_some() && limit.is_zero();
        if is_late || deliveries.server_failed.is_some() {
            desk.store.write(Keep::Commit, |transaction| emails::release(transaction, &claimed.id, claim))?;
            if is_late && deliveries.server_failed.is_none() {
                let message = format!("There was no time left for the email to {}", claimed.to.address);
                deliveries
                    .failed
                    .push(Error::unavailable(message).hint("The email stays queued, and is tried again by: frontdesk emails send"));
            }
            continue;
        }
        let attempt = Attempt { claim, now: desk.clock.now(), limit, failures };
        email.status = deliveries.add(email, outbox::deliver(&mut desk.store, transport, claimed, attempt));
        failures = 0;
        has_tried = true;
    }
    if !has_tried && failures > 0 {
        outbox::give_back_turn(&mut desk.store, transport, now)?;
    }
    Ok(())
}

/// An email of this run that is not its to deliver: somebody cancelled it meanwhile, or an older
/// one to the same address goes first.
fn note_unclaimed(desk: &mut Desk, email: &mut Email, deliveries: &mut Deliveries) -> Result<()> {
    if let Some(found) = desk.store.read(|transaction| emails::find(transaction, &email.id))? {
        email.status = found.status;
    }
    if email.status == EmailStatus::Queued {
        // The older one may be another organisation's, of which an organisation's user knows nothing.
        let error = if desk.look(|work| Ok(work.actor.may_administer().is_ok())).unwrap_or(false) {
            let message = format!("The email to {} waits: an older one to the same address goes first", email.to.address);
            Error::unavailable(message).hint("It stays queued. To send both: frontdesk emails send")
        } else {
            Error::unavailable(format!("The email to {} has not gone yet", email.to.address)).hint("It stays queued.")
        };
        deliveries.failed.push(error);
    }
    Ok(())
}

fn stays_queued(error: Error) -> Error {
    let hint = format!("The email stays queued. {}", error.hint.as_deref().unwrap_or_default());
    error.hint(hint.trim_end())
}

/// How many emails are queued, and when the first of them is tried next.
///
/// # Errors
/// The database.
pub fn waiting(desk: &mut Desk) -> Result<(u64, Option<Timestamp>)> {
    desk.store.read(|transaction| Ok((emails::count(transaction, Some(EmailStatus::Queued))?, emails::next_attempt(transaction)?)))
}

/// Tries a queued email at once, whatever its time; queues one again that was refused, and tries it
/// like any other that was just queued: at once, unless delivery is left for later.
///
/// # Errors
/// Not permitted, no email with this id, gone already, overtaken, an older one to the same address
/// goes first, being delivered, not taken this time either, or the database.
pub fn retry(desk: &mut Desk, id: &str, delivers_now: bool) -> Result<(Outcome<Email>, Deliveries)> {
    let claim = desk.claim_for_delivery();
    let (email, is_claimed) = desk.change(&ChangeOptions::default(), |work| {
        let email = prepare_retry(work, id)?;
        let tries = delivers_now || email.status == EmailStatus::Queued;
        if tries && !emails::claim(work.transaction, id, &claim, work.now)? {
            return Err(Error::conflict("This email is being delivered at this moment")
                .hint(format!("See what became of it: frontdesk emails show {id}")));
        }
        Ok((email, tries))
    })?;
    let mut deliveries = Deliveries::default();
    if let Some(transport) = desk.transport.as_mut().filter(|_| is_claimed) {
        let failures = outbox::insist(&mut desk.store, transport)?;
        let attempt = Attempt { claim: &claim, now: desk.clock.now(), limit: transport.timeout(), failures };
        deliveries.add(&email, outbox::deliver(&mut desk.store, transport, email.clone(), attempt));
    }
    if let Some(error) = deliveries.server_failed.take().or_else(|| deliveries.failed.pop()) {
        return Err(error);
    }
    let record = desk.store.read(|transaction| emails::find(transaction, id))?;
    Ok((Outcome::new(ChangeResult::Updated, record, false), deliveries))
}

/// The email as it was found, and queued if it can be.
fn prepare_retry(work: &mut Work<'_, '_>, id: &str) -> Result<Email> {
    work.actor.may_administer()?;
    let email = emails::find(work.transaction, id)?.ok_or_else(|| no_email(id))?;
    match email.status {
        EmailStatus::Sent | EmailStatus::Cancelled => return Err(Refusal::email_done(email.status).into()),
        EmailStatus::Refused => {
            if let Some(account) = &email.account
                && email.notice.has_sign_in_details()
                && !is_still_true(work, &email, account)?
            {
                return Err(Refusal::email_overtaken(account.kind).into());
            }
            emails::queue_again(work.transaction, id, work.now)?;
        }
        EmailStatus::Queued => {}
    }
    if let Some(older) = emails::in_the_way(work.transaction, &email.to.address, id, work.now)? {
        return Err(Error::conflict("An older email to the same address goes first")
            .hint(format!("Nothing was changed. Try that one: frontdesk emails retry {older}")));
    }
    Ok(email)
}

/// Whether the account that an email tells how to sign in with still has this address, and still
/// belongs to the organisation that it names.
fn is_still_true(work: &mut Work<'_, '_>, email: &Email, account: &AccountId) -> Result<bool> {
    let address = match account.kind {
        AccountKind::User => users::find_by_id(work.transaction, &account.id)?.map(|user| user.details.person.email),
        AccountKind::OrganisationUser => {
            let belongs = |user: &OrganisationUser| match &email.organisation_id {
                Some(named) => user.organisations.iter().any(|organisation| organisation.id == *named),
                None => !user.organisations.is_empty(),
            };
            organisation_users::find_by_id(work.transaction, &account.id)?.filter(belongs).map(|user| user.details.email)
        }
    };
    Ok(address.is_some_and(|address| address.as_str() == email.to.address))
}

/// What came of a test.
#[derive(Debug)]
pub enum Tested {
    /// The mail server took the email.
    Sent { server: String },
    /// There is no mail server: emails are written to this directory.
    Files { directory: PathBuf },
}

/// Sends a test email through the mail server, also to one that did not work a moment ago.
///
/// # Errors
/// Not permitted, no email address, the server did not take the email, or the database.
pub fn test(desk: &mut Desk, address: &str) -> Result<Tested> {
    let email = desk.look(|work| {
        work.actor.may_administer()?;
        let to = EmailAddress::parse(address).map_err(|code| Problem::with_user(Field::Recipient, code))?;
        let id = work.new_id();
        compose_test(&work.service, &to, &id, work.now)
    })?;
    let server = match &mut desk.transport {
        Some(Transport::Files(directory)) => return Ok(Tested::Files { directory: directory.clone() }),
        Some(transport) => transport,
        None => return Err(Error::unavailable("There is no way to deliver an email")),
    };
    let name = server.server().map(|server| server.name()).unwrap_or_default();
    let message = message::to_bytes(&email, server.sender())?;
    let handed = server.hand_over(&email, message, server.timeout());
    // One that refuses this email works all the same.
    if !matches!(handed, Err(Failure::Server(_))) {
        outbox::remember_success(&mut desk.store, server)?;
    }
    match handed {
        Ok(Handed::Accepted | Handed::Written(_)) => Ok(Tested::Sent { server: name }),
        Err(Failure::Server(error) | Failure::NotYet(error) | Failure::Refused(error)) => Err(error),
    }
}
