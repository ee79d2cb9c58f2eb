//! The outbox: emails as they are queued with their changes, claimed by one sender at a time, and
//! marked with their fate.

use std::sync::Arc;

use jiff::Timestamp;

use super::account_columns::{from_columns, to_columns};
use super::driver::Transaction;
use super::insert::Insert;
use super::row::Row;
use super::value::Value;
use crate::domain::account::{Account, AccountId, AccountKind};
use crate::domain::email_template::EmailTemplate;
use crate::domain::notice::{Email, EmailStatus, Mailbox, Notice};
use crate::domain::page::Page;
use crate::error::Result;

macro_rules! select_emails {
    ($rest:literal) => {
        concat!(
            "SELECT emails.id, notice, user_id, organisation_user_id, organisation_id, from_name, from_address, subject, text, ",
            "to_name, to_first_name, to_address, status, attempts, next_attempt_at, last_error, created_at, sent_at ",
            "FROM emails JOIN email_templates ON email_templates.id = template_id ",
            $rest
        )
    };
}

const BY_ID: &str = select_emails!("WHERE emails.id = $1");
const COUNT: &str = "SELECT count(*) FROM emails";
const COUNT_OF_STATUS: &str = "SELECT count(*) FROM emails WHERE status = $1";
// By id, which begins with the time that the email was queued at.
const PAGE: &str = select_emails!("ORDER BY emails.id DESC LIMIT $1 OFFSET $2");
const PAGE_OF_STATUS: &str = select_emails!("WHERE status = $1 ORDER BY emails.id DESC LIMIT $2 OFFSET $3");
const NEXT_ATTEMPT: &str = "SELECT min(next_attempt_at) FROM emails WHERE status = 'queued'";
const EVERY: &str = select_emails!("ORDER BY emails.id");
// By id, which begins with the time that the email was queued at.
const OLDEST_QUEUED: &str = "SELECT created_at FROM emails WHERE status = 'queued' ORDER BY id LIMIT 1";
const INSERT_TEMPLATE: &str = "INSERT INTO email_templates (id, from_name, from_address, subject, text) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (id) DO NOTHING";
const INSERT: Insert = Insert {
    table: "emails",
    columns: "id, notice, user_id, organisation_user_id, organisation_id, template_id, to_name, to_first_name, \
        to_address, status, attempts, next_attempt_at, created_at, claimed_until, claimed_by",
    on_conflict: "",
};
// In the order of the index, from an id on: the last page costs no more than the first.
const DUE: &str = "SELECT id FROM emails WHERE status = 'queued' AND id > $1 \
    AND next_attempt_at <= $2 AND (claimed_until IS NULL OR claimed_until <= $2) ORDER BY id LIMIT $3";
const COUNT_DUE: &str = "SELECT count(*) FROM (SELECT id FROM emails WHERE status = 'queued' AND next_attempt_at <= $1 LIMIT $2) AS due";
// An older email to the same address goes first, and one that was cancelled on its way may still arrive.
macro_rules! claim_email {
    ($rest:literal) => {
        concat!(
            "UPDATE emails SET claimed_until = $1, claimed_by = $2 WHERE id = $3 AND status = 'queued' ",
            "AND (claimed_until IS NULL OR claimed_until <= $4) ",
            "AND NOT EXISTS (SELECT 1 FROM emails AS older WHERE older.to_address = emails.to_address AND older.id < emails.id ",
            "AND older.status IN ('queued', 'cancelled') AND (older.status = 'queued' OR older.claimed_until > $4)) ",
            $rest
        )
    };
}
const CLAIM: &str = claim_email!("");
const CLAIM_DUE: &str = claim_email!("AND next_attempt_at <= $4");
const CLAIMED: &str = select_emails!("WHERE emails.id = $1 AND claimed_by = $2 AND status = 'queued'");
const IN_THE_WAY: &str = "SELECT id FROM emails WHERE to_address = $1 AND id < $2 AND status IN ('queued', 'cancelled') \
    AND (status = 'queued' OR claimed_until > $3) ORDER BY id LIMIT 1";
const UNDER_WAY: &str = "SELECT count(*) FROM emails WHERE claimed_until > $1";
const RELEASE: &str = "UPDATE emails SET claimed_until = NULL, claimed_by = NULL WHERE id = $1 AND claimed_by = $2";
const QUEUE_AGAIN: &str = "UPDATE emails SET status = 'queued', next_attempt_at = $1 WHERE id = $2 AND status = 'refused'";
const MARK_SENT: &str = "UPDATE emails SET status = 'sent', attempts = attempts + 1, next_attempt_at = NULL, last_error = NULL, \
    sent_at = $1, claimed_until = NULL, claimed_by = NULL WHERE id = $2 AND claimed_by = $3";
const MARK_FAILED: &str = "UPDATE emails SET attempts = attempts + 1, next_attempt_at = $1, last_error = $2, \
    claimed_until = NULL, claimed_by = NULL WHERE id = $3 AND claimed_by = $4 AND status = 'queued'";
const MARK_REFUSED: &str = "UPDATE emails SET status = 'refused', attempts = attempts + 1, next_attempt_at = NULL, last_error = $1, \
    claimed_until = NULL, claimed_by = NULL WHERE id = $2 AND claimed_by = $3 AND status = 'queued'";
const CANCEL: &str = "UPDATE emails SET status = 'cancelled', next_attempt_at = NULL WHERE id = $1 AND status = 'queued' \
    AND (claimed_until IS NULL OR claimed_until <= $2)";
// By the address, which has an index: sign-in details that are queued go to the one that their account
// has now, because a change of address cancels them and none that was overtaken is queued again.
// The claim stays: if delivery is under way, its run still marks the email as what it then is, sent.
macro_rules! cancel_notices {
    ($rest:literal) => {
        concat!("UPDATE emails SET status = 'cancelled', next_attempt_at = NULL WHERE status = 'queued' AND notice = $1 AND ", $rest)
    };
}
const CANCEL_OF_USER: &str = cancel_notices!("to_address = $2 AND user_id = $3");
const CANCEL_OF_ORGANISATION_USER: &str = cancel_notices!("to_address = $2 AND organisation_user_id = $3");
const CANCEL_IN_ORGANISATION: &str = cancel_notices!("to_address = $2 AND organisation_user_id = $3 AND organisation_id = $4");

/// The run of a program that is delivering an email, and until when nobody else may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub by: String,
    pub until: Timestamp,
}

/// A template and its id, which takes a while to work out.
#[derive(Debug, Clone)]
pub struct StoredTemplate {
    pub id: Arc<str>,
    pub template: Arc<EmailTemplate>,
}

impl StoredTemplate {
    /// A template with its id.
    pub fn of(template: EmailTemplate) -> Self {
        Self { id: template.id().into(), template: Arc::new(template) }
    }
}

/// Stores a template, unless it is there.
///
/// # Errors
/// The database cannot be used; the same holds below.
pub fn insert_template(transaction: &mut Transaction<'_>, stored: &StoredTemplate) -> Result<()> {
    let StoredTemplate { id, template } = stored;
    let parameters = [
        (&**id).into(),
        template.from.name.as_str().into(),
        template.from.address.as_str().into(),
        template.subject.as_str().into(),
        template.text.as_str().into(),
    ];
    transaction.execute(INSERT_TEMPLATE, &parameters).map(|_| ())
}

/// An email to be queued.
pub struct Queued<'new> {
    pub email: &'new Email,
    /// The id of its template, which has been stored.
    pub template_id: &'new str,
    /// Claimed at once where delivery follows.
    pub claim: Option<&'new Claim>,
}

/// Queues emails with the change that they tell of.
pub fn insert<'new>(transaction: &mut Transaction<'_>, new: impl Iterator<Item = Queued<'new>>) -> Result<()> {
    let rows = new.map(|Queued { email, template_id, claim }| {
        let [user_id, organisation_user_id] = to_columns(email.account.as_ref());
        [
            email.id.as_str().into(),
            email.notice.key().into(),
            user_id,
            organisation_user_id,
            email.organisation_id.as_deref().into(),
            template_id.into(),
            email.to.name.as_str().into(),
            email.to_first_name.as_str().into(),
            email.to.address.as_str().into(),
            email.status.key().into(),
            email.attempts.into(),
            email.next_attempt_at.into(),
            email.created_at.into(),
            claim.map(|claim| claim.until).into(),
            claim.map(|claim| claim.by.as_str()).into(),
        ]
    });
    transaction.insert(&INSERT, rows).map(drop)
}

/// Finds an email.
pub fn find(transaction: &mut Transaction<'_>, id: &str) -> Result<Option<Email>> {
    transaction.optional(BY_ID, &[id.into()], read_email)
}

/// How many emails there are with this status.
pub fn count(transaction: &mut Transaction<'_>, status: Option<EmailStatus>) -> Result<u64> {
    match status {
        Some(status) => transaction.count(COUNT_OF_STATUS, &[status.key().into()]),
        None => transaction.count(COUNT, &[]),
    }
}

/// When the first of the queued emails is tried next.
pub fn next_attempt(transaction: &mut Transaction<'_>) -> Result<Option<Timestamp>> {
    Ok(transaction.optional(NEXT_ATTEMPT, &[], |row| row.optional_time(0))?.flatten())
}

/// When the oldest email that is still queued was queued.
pub fn oldest_queued(transaction: &mut Transaction<'_>) -> Result<Option<Timestamp>> {
    transaction.optional(OLDEST_QUEUED, &[], |row| row.time(0))
}

/// Hands over every email with its id; or why one cannot be read.
pub(super) fn each_ever(transaction: &mut Transaction<'_>, mut take: impl FnMut(String, Result<Email>) -> Result<()>) -> Result<()> {
    transaction.each(EVERY, &[], |row| take(row.text(0)?, read_email(row)))
}

/// The emails of a page, newest first.
pub fn page(transaction: &mut Transaction<'_>, status: Option<EmailStatus>, page: Page) -> Result<Vec<Email>> {
    let window = [Value::from(page.per_page.unwrap_or(u64::MAX)), Value::from(page.offset())];
    match status {
        Some(status) => transaction.rows(PAGE_OF_STATUS, &[[status.key().into()].as_slice(), &window].concat(), read_email),
        None => transaction.rows(PAGE, &window, read_email),
    }
}

/// The ids of emails whose time has come and that nobody is delivering, oldest first: at most `size`
/// of them, from the one after `after` on.
pub fn due(transaction: &mut Transaction<'_>, now: Timestamp, after: Option<&str>, size: u64) -> Result<Vec<String>> {
    transaction.rows(DUE, &[after.unwrap_or_default().into(), now.into(), size.into()], |row| row.text(0))
}

/// How many emails’ time has come, whether somebody is delivering them or not; no more are counted
/// than this.
pub fn count_due(transaction: &mut Transaction<'_>, now: Timestamp, most: u64) -> Result<u64> {
    transaction.count(COUNT_DUE, &[now.into(), most.into()])
}

/// Claims an email, unless an older one to the same address has still to go. Returns whether it is
/// this run's to deliver.
pub fn claim(transaction: &mut Transaction<'_>, id: &str, claim: &Claim, now: Timestamp) -> Result<bool> {
    let parameters = [claim.until.into(), claim.by.as_str().into(), id.into(), now.into()];
    Ok(transaction.execute(CLAIM, &parameters)? == 1)
}

/// Claims an email whose time has come: another run may have tried it since it was found due.
pub fn claim_due(transaction: &mut Transaction<'_>, id: &str, claim: &Claim, now: Timestamp) -> Result<bool> {
    let parameters = [claim.until.into(), claim.by.as_str().into(), id.into(), now.into()];
    Ok(transaction.execute(CLAIM_DUE, &parameters)? == 1)
}

/// An email, if this run may still deliver it: it has the claim, and nothing has overtaken it.
pub fn find_claimed(transaction: &mut Transaction<'_>, id: &str, claim: &Claim) -> Result<Option<Email>> {
    transaction.optional(CLAIMED, &[id.into(), claim.by.as_str().into()], read_email)
}

/// The oldest email to the same address that has to be out of the way before this one may go.
pub fn in_the_way(transaction: &mut Transaction<'_>, address: &str, id: &str, now: Timestamp) -> Result<Option<String>> {
    transaction.optional(IN_THE_WAY, &[address.into(), id.into(), now.into()], |row| row.text(0))
}

/// Gives a claim back, whatever became of the email.
pub fn release(transaction: &mut Transaction<'_>, id: &str, claim: &Claim) -> Result<()> {
    transaction.execute(RELEASE, &[id.into(), claim.by.as_str().into()]).map(|_| ())
}

/// Queues an email again that was refused.
pub fn queue_again(transaction: &mut Transaction<'_>, id: &str, now: Timestamp) -> Result<()> {
    transaction.execute(QUEUE_AGAIN, &[now.into(), id.into()]).map(|_| ())
}

/// How many emails some run is delivering at this moment.
pub fn count_under_way(transaction: &mut Transaction<'_>, now: Timestamp) -> Result<u64> {
    transaction.count(UNDER_WAY, &[now.into()])
}

/// Marks a claimed email as sent.
pub fn mark_sent(transaction: &mut Transaction<'_>, id: &str, claim: &Claim, at: Timestamp) -> Result<()> {
    transaction.execute(MARK_SENT, &[at.into(), id.into(), claim.by.as_str().into()]).map(|_| ())
}

/// Marks a claimed email as still queued, with what went wrong and when to try again. One that was
/// cancelled meanwhile stays so, and no longer stands in the way of the next.
pub fn mark_failed(transaction: &mut Transaction<'_>, id: &str, claim: &Claim, error: &str, next_attempt_at: Timestamp) -> Result<()> {
    transaction.execute(MARK_FAILED, &[next_attempt_at.into(), error.into(), id.into(), claim.by.as_str().into()])?;
    release(transaction, id, claim)
}

/// Marks a claimed email as refused for good, with the reason; the same holds of one cancelled meanwhile.
pub fn mark_refused(transaction: &mut Transaction<'_>, id: &str, claim: &Claim, error: &str) -> Result<()> {
    transaction.execute(MARK_REFUSED, &[error.into(), id.into(), claim.by.as_str().into()])?;
    release(transaction, id, claim)
}

/// Cancels an email that is still queued and not being delivered. Returns whether it was.
pub fn cancel(transaction: &mut Transaction<'_>, id: &str, now: Timestamp) -> Result<bool> {
    Ok(transaction.execute(CANCEL, &[id.into(), now.into()])? == 1)
}

/// Cancels an account's queued emails of one kind to its address, which events have overtaken: all of
/// them, or those about one organisation alone.
pub fn cancel_of(transaction: &mut Transaction<'_>, account: &dyn Account, organisation_id: Option<&str>, notice: Notice) -> Result<()> {
    let AccountId { kind, id } = account.account_id();
    let (notice, address, id) = (notice.key().into(), account.email().as_str().into(), id.into());
    let cancelled = match (kind, organisation_id) {
        (AccountKind::User, _) => transaction.execute(CANCEL_OF_USER, &[notice, address, id]),
        (AccountKind::OrganisationUser, None) => transaction.execute(CANCEL_OF_ORGANISATION_USER, &[notice, address, id]),
        (AccountKind::OrganisationUser, Some(organisation)) => {
            transaction.execute(CANCEL_IN_ORGANISATION, &[notice, address, id, organisation.into()])
        }
    };
    cancelled.map(|_| ())
}

fn read_email(row: &Row<'_>) -> Result<Email> {
    let notice = row.text(1)?;
    let status = row.text(12)?;
    Ok(Email {
        id: row.text(0)?,
        notice: Notice::from_key(&notice).ok_or_else(|| row.damaged(1, anyhow::anyhow!("the notice {notice:?}")))?,
        account: from_columns(row.optional_text(2)?, row.optional_text(3)?),
        organisation_id: row.optional_text(4)?,
        template: Arc::new(EmailTemplate {
            from: Mailbox { name: row.text(5)?, address: row.text(6)? },
            subject: row.text(7)?,
            text: row.text(8)?,
        }),
        to: Mailbox { name: row.text(9)?, address: row.text(11)? },
        to_first_name: row.text(10)?,
        status: EmailStatus::from_key(&status).ok_or_else(|| row.damaged(12, anyhow::anyhow!("the status {status:?}")))?,
        attempts: row.integer(13)?,
        next_attempt_at: row.optional_time(14)?,
        last_error: row.optional_text(15)?,
        created_at: row.time(16)?,
        sent_at: row.optional_time(17)?,
    })
}
