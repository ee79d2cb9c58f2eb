//! The outbox run: an email is claimed, delivered, and marked in a transaction of its own, so that
//! whatever stops the run, no email is lost and none is marked before it went.

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::files::write_email;
use super::message;
use crate::domain::notice::Email;
use crate::error::{Error, Result};
use crate::store::emails::Claim;
use crate::store::{Keep, Store, emails};

/// What became of an email.
#[derive(Debug)]
pub enum Delivery {
    /// Written to a file and marked as sent.
    Written { path: PathBuf },
    /// Still queued, and why.
    Queued { error: Error },
    /// Given up for good, and why.
    Refused { error: Error },
}

/// Claims an email for this run. Nothing comes back when another run has it, or it is not queued
/// any more.
///
/// # Errors
/// The database cannot be written.
pub fn claim(store: &mut Store, id: &str, claim: &Claim, now: Timestamp) -> Result<Option<Email>> {
    store.write(
        Keep::Commit,
        |transaction| {
            if emails::claim(transaction, id, claim, now)? { emails::find(transaction, id) } else { Ok(None) }
        },
    )
}

/// Delivers an email that this run has claimed, and marks it.
pub fn deliver(store: &mut Store, email: &Email, directory: &Path, claim: &Claim, now: Timestamp) -> Delivery {
    // A record that makes no message never will: waiting would not help it.
    let message = match message::to_bytes(email) {
        Ok(message) => message,
        Err(error) => {
            let marked = store.write(Keep::Commit, |transaction| emails::mark_refused(transaction, &email.id, claim, &error.message));
            let not_marked = |error: Error| error.hint("The email stays queued, and cannot be delivered as it is.");
            return Delivery::Refused { error: marked.err().map_or(error, not_marked) };
        }
    };
    let written = write_email(directory, &email.id, &message);
    let marked = store.write(Keep::Commit, |transaction| match &written {
        Ok(_) => emails::mark_sent(transaction, &email.id, claim, now),
        Err(error) => {
            let next = now.checked_add(delay_after(email.attempts)).unwrap_or(now);
            emails::mark_failed(transaction, &email.id, claim, &error.message, next)
        }
    });
    match (written, marked) {
        (Ok(path), Ok(())) => Delivery::Written { path },
        // An email that cannot be marked stays claimed until the claim runs out, and is then
        // delivered once more under the same name and Message-ID.
        (Ok(_), Err(error)) => Delivery::Queued {
            error: error
                .hint("The email was delivered and could not be marked as sent: ‘frontdesk emails send’ will deliver it once more."),
        },
        (Err(error), _) => Delivery::Queued { error },
    }
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
