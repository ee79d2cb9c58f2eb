//! Mail servers that do not work at the moment, and until when nobody waits for them.

use jiff::Timestamp;

use super::driver::Transaction;
use crate::error::Result;

const BY_KEY: &str = "SELECT failures, next_attempt_at, last_error FROM failing_mail_servers WHERE key = $1";
const ALL: &str = "SELECT key, failures, next_attempt_at, last_error FROM failing_mail_servers ORDER BY key LIMIT 20";
const TRY: &str = "UPDATE failing_mail_servers SET next_attempt_at = $1 WHERE key = $2 AND next_attempt_at <= $3";
const PUT: &str = "INSERT INTO failing_mail_servers (key, failures, next_attempt_at, last_error) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (key) DO UPDATE SET failures = excluded.failures, next_attempt_at = excluded.next_attempt_at, \
    last_error = excluded.last_error";
const GIVE_BACK: &str = "UPDATE failing_mail_servers SET next_attempt_at = $1 WHERE key = $2 AND next_attempt_at > $1";
const FORGET: &str = "DELETE FROM failing_mail_servers WHERE key = $1";

/// What is known of a server that does not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// How often in a row.
    pub failures: i64,
    pub next_attempt_at: Timestamp,
    pub last_error: String,
}

/// What is known of a server; nothing where it works, as far as anybody knows.
///
/// # Errors
/// The database cannot be used; the same holds below.
pub fn find(transaction: &mut Transaction<'_>, key: &str) -> Result<Option<Failing>> {
    transaction.optional(BY_KEY, &[key.into()], |row| {
        Ok(Failing { failures: row.integer(0)?, next_attempt_at: row.time(1)?, last_error: row.text(2)? })
    })
}

/// The servers that do not work, each under its key; the first twenty.
pub fn all(transaction: &mut Transaction<'_>) -> Result<Vec<(String, Failing)>> {
    transaction.rows(ALL, &[], |row| {
        Ok((row.text(0)?, Failing { failures: row.integer(1)?, next_attempt_at: row.time(2)?, last_error: row.text(3)? }))
    })
}

/// Takes the turn to try a failing server whose time has come; until `until` it is nobody else’s.
/// Returns whether it was there to take.
pub fn take_turn(transaction: &mut Transaction<'_>, key: &str, until: Timestamp, now: Timestamp) -> Result<bool> {
    Ok(transaction.execute(TRY, &[until.into(), key.into(), now.into()])? == 1)
}

/// Gives a turn back that was not used.
pub fn give_back_turn(transaction: &mut Transaction<'_>, key: &str, now: Timestamp) -> Result<()> {
    transaction.execute(GIVE_BACK, &[now.into(), key.into()]).map(|_| ())
}

/// Remembers that a server does not work.
pub fn put(transaction: &mut Transaction<'_>, key: &str, failing: &Failing) -> Result<()> {
    let parameters = [key.into(), failing.failures.into(), failing.next_attempt_at.into(), failing.last_error.as_str().into()];
    transaction.execute(PUT, &parameters).map(|_| ())
}

/// Forgets it: the server works.
pub fn forget(transaction: &mut Transaction<'_>, key: &str) -> Result<()> {
    transaction.execute(FORGET, &[key.into()]).map(|_| ())
}
