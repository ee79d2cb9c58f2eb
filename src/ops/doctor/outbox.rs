//! Emails that wait, those that were refused, and mail servers that do not work.

use jiff::{SignedDuration, Timestamp};

use super::{Report, counted, failed};
use crate::domain::check::Check;
use crate::domain::notice::EmailStatus;
use crate::error::Result;
use crate::store::mail_servers::Failing;
use crate::store::{Store, emails, mail_servers};

/// Longer than this, an email has not been waiting for the next run alone.
const LONG: SignedDuration = SignedDuration::from_hours(1);

pub(super) fn examine(store: &mut Store, now: Timestamp, report: &mut Report<'_>) -> Result<()> {
    let read = store.read(|transaction| {
        let queued = emails::count(transaction, Some(EmailStatus::Queued))?;
        let refused = emails::count(transaction, Some(EmailStatus::Refused))?;
        Ok((queued, emails::oldest_queued(transaction)?, refused, mail_servers::all(transaction)?))
    });
    let (queued, oldest, refused, failing) = match read {
        Ok(read) => read,
        Err(error) => return report.add(failed("outbox", &error)),
    };
    report.add(waiting(queued, oldest, now))?;
    report.add(match refused {
        0 => Check::ok("refused_emails", "No email was refused"),
        refused => {
            let emails = counted(refused, "email was", "emails were");
            Check::warning("refused_emails", format!("{emails} refused by the mail server"))
                .hint("See why: frontdesk emails list --status refused")
        }
    })?;
    report.add_all(failing.iter().map(|(key, failing)| failing_server(key, failing)))
}

fn waiting(queued: u64, oldest: Option<Timestamp>, now: Timestamp) -> Check {
    let Some(oldest) = oldest.filter(|_| queued > 0) else { return Check::ok("outbox", "No email waits to be sent") };
    let emails = counted(queued, "email waits", "emails wait");
    let message = format!("{emails} to be sent, the oldest since {oldest:.0}");
    if now.duration_since(oldest) < LONG {
        Check::note("outbox", message)
    } else {
        Check::warning("outbox", message).hint("Send them: frontdesk emails send")
    }
}

fn failing_server(key: &str, failing: &Failing) -> Check {
    let Failing { failures, next_attempt_at, last_error } = failing;
    let times = counted(u64::try_from(*failures).unwrap_or_default(), "time", "times");
    let message = format!("The mail server {key} failed {times} in a row, and is tried again after {next_attempt_at:.0}: {last_error}");
    Check::warning("failing_mail_server", message).hint("Try it now: frontdesk doctor --smtp")
}
