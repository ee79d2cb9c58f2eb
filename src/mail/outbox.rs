//! The outbox run: an email is claimed, handed over, and marked in a transaction of its own, so that
//! whatever stops the run, no email is lost and none is marked before it went. A mail server that
//! does not work is remembered, so that no other command waits for it again before its time.

use std::path::PathBuf;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::message;
use super::transport::{Failure, Handed, Transport};
use crate::domain::notice::Email;
use crate::error::{Error, Result};
use crate::store::emails::Claim;
use crate::store::mail_servers::{self, Failing};
use crate::store::{Keep, Store, Transaction, emails};

/// A server that does not work is asked again at least this often, however long it has not: when it
/// works again, everybody’s emails are waiting.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// What became of an email.
#[derive(Debug)]
pub enum Delivery {
    /// Written to a file and marked as sent.
    Written { path: PathBuf },
    /// Taken by the mail server and marked as sent.
    Sent,
    /// Still queued, and why.
    Queued { error: Error },
    /// Still queued because the mail server does not work: no other email would go now.
    ServerFailed { error: Error },
    /// Given up for good, and why.
    Refused { error: Error },
}

/// One try to deliver an email that this run has claimed.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    pub claim: &'a Claim,
    pub now: Timestamp,
    /// How long the mail server may take.
    pub limit: Duration,
    /// How often the server had failed when this run took its turn.
    pub failures: i64,
}

/// Whether the mail server may be tried.
#[derive(Debug)]
pub enum Turn {
    Go {
        /// How often it has failed in a row.
        failures: i64,
    },
    /// It does not work, and its time has not come; or another run is trying it.
    Wait { error: Error },
}

/// Claims an email for this run. Nothing comes back when another run has it, it is not queued any
/// more, or an older email to the same address has still to go.
///
/// # Errors
/// The database cannot be written.
pub fn claim(store: &mut Store, id: &str, claim: &Claim, now: Timestamp) -> Result<Option<Email>> {
    store.write(
        Keep::Commit,
        |transaction| {
            if emails::claim_due(transaction, id, claim, now)? { emails::find(transaction, id) } else { Ok(None) }
        },
    )
}

/// Takes this run’s turn at the mail server.
///
/// # Errors
/// The database cannot be used.
pub fn take_turn(store: &mut Store, transport: &Transport, claim: &Claim, now: Timestamp) -> Result<Turn> {
    let Some(server) = transport.server() else { return Ok(Turn::Go { failures: 0 }) };
    let key = server.key();
    let Some(failing) = store.read(|transaction| mail_servers::find(transaction, &key))? else {
        return Ok(Turn::Go { failures: 0 });
    };
    let is_ours = failing.next_attempt_at <= now
        && store.write(Keep::Commit, |transaction| mail_servers::take_turn(transaction, &key, claim.until, now))?;
    Ok(if is_ours { Turn::Go { failures: failing.failures } } else { Turn::Wait { error: not_before(&failing, now) } })
}

/// Gives back a turn at a failing server that was not used, because no email was to be had: the next
/// run need not wait for it.
///
/// # Errors
/// The database cannot be written.
pub fn give_back_turn(store: &mut Store, transport: &Transport, now: Timestamp) -> Result<()> {
    let Some(server) = transport.server() else { return Ok(()) };
    store.write(Keep::Commit, |transaction| mail_servers::give_back_turn(transaction, &server.key(), now))
}

/// Takes a turn out of turn, for somebody who insists.
///
/// # Errors
/// The database cannot be read.
pub fn insist(store: &mut Store, transport: &Transport) -> Result<i64> {
    let Some(server) = transport.server() else { return Ok(0) };
    let failing = store.read(|transaction| mail_servers::find(transaction, &server.key()))?;
    Ok(failing.map_or(0, |failing| failing.failures))
}

fn not_before(failing: &Failing, now: Timestamp) -> Error {
    let seconds = failing.next_attempt_at.duration_since(now).as_secs().max(1);
    let (number, unit) = if seconds > 90 {
        (seconds.saturating_add(59) / 60, "minutes")
    } else {
        (seconds, if seconds == 1 { "second" } else { "seconds" })
    };
    Error::unavailable(format!("{}; it is not tried again for {number} {unit}", failing.last_error))
        .hint("When it works again: frontdesk emails test ADDRESS, then frontdesk emails send")
}

/// An email that this run has tried, and what came of it; it is still to be marked.
#[derive(Debug)]
pub struct Tried {
    email: Email,
    handed: std::result::Result<Handed, Untaken>,
}

/// Why an email has not left.
#[derive(Debug)]
enum Untaken {
    /// The record makes no message.
    NoMessage(Error),
    By(Failure),
}

impl Tried {
    /// Whether the mail server itself does not work, so that no other email would go now.
    pub fn shows_failing_server(&self) -> bool {
        matches!(self.handed, Err(Untaken::By(Failure::Server(_))))
    }

    /// What became of the email, which was marked or could not be.
    pub fn into_delivery(self, marked: Result<()>) -> Delivery {
        let kept = |error: Error| {
            let hint = error.hint.as_deref().unwrap_or("It is tried again by: frontdesk emails send");
            let hint =
                if hint.starts_with("The email stays queued.") { hint.to_owned() } else { format!("The email stays queued. {hint}") };
            error.hint(hint)
        };
        match (self.handed, marked) {
            (Ok(Handed::Written(path)), Ok(())) => Delivery::Written { path },
            (Ok(Handed::Accepted), Ok(())) => Delivery::Sent,
            // An email that cannot be marked stays claimed until the claim runs out, and is then
            // delivered once more under the same name and Message-ID.
            (Ok(_), Err(error)) => Delivery::Queued {
                error: error
                    .hint("The email was delivered and could not be marked as sent: ‘frontdesk emails send’ will deliver it once more."),
            },
            (Err(Untaken::NoMessage(error)), Ok(())) => Delivery::Refused { error },
            (Err(Untaken::NoMessage(_)), Err(error)) => {
                Delivery::Refused { error: error.hint("The email stays queued, and cannot be delivered as it is.") }
            }
            (Err(Untaken::By(Failure::NotYet(error))), _) => Delivery::Queued { error: kept(error) },
            (Err(Untaken::By(Failure::Server(error))), _) => Delivery::ServerFailed { error: kept(error) },
            (Err(Untaken::By(Failure::Refused(error))), _) => Delivery::Refused {
                error: error.hint(format!("It is not tried again. To queue it once more: frontdesk emails retry {}", self.email.id)),
            },
        }
    }
}

/// Hands over an email that this run has claimed.
pub fn hand_over(transport: &mut Transport, email: Email, limit: Duration) -> Tried {
    // A record that makes no message never will: waiting would not help it.
    let handed = match message::to_bytes(&email, transport.sender()) {
        Ok(message) => transport.hand_over(&email, message, limit).map_err(Untaken::By),
        Err(error) => Err(Untaken::NoMessage(error)),
    };
    Tried { email, handed }
}

/// Delivers an email that this run has claimed, and marks it.
pub fn deliver(store: &mut Store, transport: &mut Transport, email: Email, attempt: Attempt<'_>) -> Delivery {
    let tried = hand_over(transport, email, attempt.limit);
    let marked = store.write(Keep::Commit, |transaction| mark(transaction, transport, &tried, attempt));
    tried.into_delivery(marked)
}

/// Remembers that a server works again, as a test has shown. A test that fails changes nothing:
/// whoever repeats it while they mend the server must not hold up the emails that wait.
///
/// # Errors
/// The database cannot be written.
pub fn remember_success(store: &mut Store, transport: &Transport) -> Result<()> {
    store.write(Keep::Commit, |transaction| forget_failures(transaction, transport))
}

/// Marks an email with what came of its try.
///
/// # Errors
/// The database cannot be written.
pub fn mark(transaction: &mut Transaction<'_>, transport: &Transport, tried: &Tried, attempt: Attempt<'_>) -> Result<()> {
    let Attempt { claim, now, failures, .. } = attempt;
    let email = &tried.email;
    let next = now.checked_add(delay_after(email.attempts)).unwrap_or(now);
    match &tried.handed {
        Ok(_) => emails::mark_sent(transaction, &email.id, claim, now)?,
        // It came to no server: nothing is known of one.
        Err(Untaken::NoMessage(error)) => return emails::mark_refused(transaction, &email.id, claim, &error.message),
        Err(Untaken::By(Failure::Refused(error))) => emails::mark_refused(transaction, &email.id, claim, &error.message)?,
        Err(Untaken::By(Failure::NotYet(error))) => emails::mark_failed(transaction, &email.id, claim, &error.message, next)?,
        Err(Untaken::By(Failure::Server(error))) => {
            emails::mark_failed(transaction, &email.id, claim, &error.message, next)?;
            return remember_failure(transaction, transport, &error.message, failures, now);
        }
    }
    forget_failures(transaction, transport)
}

fn forget_failures(transaction: &mut Transaction<'_>, transport: &Transport) -> Result<()> {
    transport.server().map_or(Ok(()), |server| mail_servers::forget(transaction, &server.key()))
}

fn remember_failure(transaction: &mut Transaction<'_>, transport: &Transport, error: &str, failures: i64, now: Timestamp) -> Result<()> {
    let Some(server) = transport.server() else { return Ok(()) };
    let key = server.key();
    // Of several that waited for it at the same time, the first has counted the failure for all.
    if mail_servers::find(transaction, &key)?.is_some_and(|failing| failing.failures > failures) {
        return Ok(());
    }
    let pause = delay_after(failures).min(LONGEST_PAUSE);
    let next_attempt_at = now.checked_add(pause).unwrap_or(now);
    mail_servers::put(transaction, &key, &Failing { failures: failures.saturating_add(1), next_attempt_at, last_error: error.to_owned() })
}

/// How long to wait before the next try: a minute, then four times longer each time, at most a day.
fn delay_after(failures: i64) -> SignedDuration {
    const LONGEST: SignedDuration = SignedDuration::from_hours(24);
    let minutes = 4_i64.saturating_pow(u32::try_from(failures.clamp(0, 6)).unwrap_or_default());
    SignedDuration::from_mins(minutes).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::delay_after;
    use jiff::SignedDuration;

    #[test]
    fn each_failure_waits_longer_up_to_a_day() {
        let minutes = [0, 1, 2, 3, 4, 5, 6, i64::MAX].map(|failures| delay_after(failures).as_mins());
        assert_eq!(minutes, [1, 4, 16, 64, 256, 1024, 1440, 1440]);
        assert_eq!(delay_after(i64::MIN), SignedDuration::from_mins(1));
    }
}
