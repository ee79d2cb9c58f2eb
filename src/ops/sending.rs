//! `emails send`: what is queued, one email after another over one connection. However many there
//! are, a page of their places is all that is kept of them, and each is marked in its own commit.

use std::time::Duration;

use jiff::Timestamp;

use super::desk::Desk;
use crate::domain::notice::Email;
use crate::error::{Error, Result};
pub use crate::mail::outbox::Delivery;
use crate::mail::outbox::{self, Attempt, Turn};
use crate::store::emails::{self, Claim};
use crate::store::{Keep, Store, Transaction};
use crate::world::Patience;

/// How many emails are looked up at a time.
const PAGE: u64 = 500;

/// What was asked of a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plan {
    /// Try at most this many.
    pub limit: Option<u64>,
    /// Try at most this many a minute, spread evenly over it.
    pub per_minute: Option<u64>,
}

/// What came of a run.
#[derive(Debug, Default)]
pub struct Sent {
    pub sent: u64,
    /// Tried, and still queued or given up.
    pub failed: u64,
    /// What ended the run early, so that what is left stays queued: the mail server or the database does
    /// not work.
    pub ended_by: Option<Error>,
    /// Somebody stopped the run, and something was left.
    pub is_stopped: bool,
    /// Why nobody could be told of everything.
    pub untold: Option<Error>,
}

impl Sent {
    /// Counts an email, and gives back what is to be told of it at once.
    fn count(&mut self, delivery: Delivery) -> Option<Delivery> {
        match delivery {
            Delivery::Written { .. } | Delivery::Sent => self.sent = self.sent.saturating_add(1),
            Delivery::Queued { .. } | Delivery::Refused { .. } => self.failed = self.failed.saturating_add(1),
            Delivery::ServerFailed { error } => {
                self.ended_by = Some(error);
                return None;
            }
        }
        Some(delivery)
    }
}

/// Who is told of a run while it goes on. What cannot be told keeps no email back: the run goes on
/// in silence.
pub trait Follower {
    /// At most so many emails are about to be tried.
    ///
    /// # Errors
    /// It cannot be told; the same holds below.
    fn begins(&mut self, emails: u64, plan: &Plan) -> Result<()>;

    /// The next email waits for its time.
    fn waits(&mut self, time: Duration) -> Result<()>;

    /// An email was tried, and marked with what became of it.
    fn delivered(&mut self, delivery: &Delivery) -> Result<()>;
}

/// Delivers emails whose time has come, those to one address oldest first, until there are no more,
/// the plan is done, the mail server fails or somebody stops it.
///
/// # Errors
/// Not permitted, or the database, before anything was tried.
pub fn send(desk: &mut Desk, plan: &Plan, patience: &Patience, follower: &mut dyn Follower) -> Result<Sent> {
    desk.look(|work| work.actor.may_administer().map_err(Error::from))?;
    let now = desk.clock.now();
    let mut sent = Sent::default();
    let mut queue = Queue::new(now);
    if desk.transport.is_none() || !queue.has_more(&mut desk.store)? {
        return Ok(sent);
    }
    let claim = desk.claim_for_delivery();
    let failures = match desk.transport.as_ref().map(|transport| outbox::take_turn(&mut desk.store, transport, &claim, now)).transpose()? {
        Some(Turn::Go { failures }) => failures,
        Some(Turn::Wait { error }) => {
            sent.ended_by = Some(error);
            return Ok(sent);
        }
        None => return Ok(sent),
    };
    let due = desk.store.read(|transaction| emails::count_due(transaction, now, plan.limit.unwrap_or(u64::MAX)))?;
    let told = follower.begins(due, plan);
    let mut run = Run { desk, plan, patience, follower, queue, failures, tried: 0, begun: None, told, sent };
    run.deliver_all();
    let Run { desk, tried, told, mut sent, .. } = run;
    sent.untold = told.err();
    if tried == 0
        && failures > 0
        && let Some(transport) = &desk.transport
    {
        outbox::give_back_turn(&mut desk.store, transport, now)?;
    }
    Ok(sent)
}

/// A run under way.
struct Run<'a> {
    desk: &'a mut Desk,
    plan: &'a Plan,
    patience: &'a Patience,
    follower: &'a mut dyn Follower,
    queue: Queue,
    /// How often the server had failed before the first email.
    failures: i64,
    tried: u64,
    /// When the last email was begun.
    begun: Option<Duration>,
    told: Result<()>,
    sent: Sent,
}

impl Run<'_> {
    fn deliver_all(&mut self) {
        let mut claimed = None;
        while let Some(email) = claimed.take().or_else(|| self.claim_alone()) {
            claimed = self.deliver(email);
        }
    }

    /// Whether the plan and the server leave room for one more email.
    fn has_room(&self) -> bool {
        self.sent.ended_by.is_none() && self.plan.limit.is_none_or(|limit| self.tried < limit)
    }

    /// Claims the first email, one that waited for its time, or one that the page before did not hold.
    fn claim_alone(&mut self) -> Option<Email> {
        let claimed = self.try_to_claim_alone();
        claimed.unwrap_or_else(|error| {
            // What went before is still told.
            self.sent.ended_by = Some(if self.tried > 0 { after_others(error) } else { error });
            None
        })
    }

    fn try_to_claim_alone(&mut self) -> Result<Option<Email>> {
        let mut has_waited = false;
        while self.has_room() && self.queue.has_more(&mut self.desk.store)? {
            // Not before: after the last email there is nothing to wait for.
            if !std::mem::replace(&mut has_waited, true) {
                self.wait_for_its_time();
            }
            if self.patience.is_over() {
                self.sent.is_stopped = true;
                break;
            }
            let (claim, now, queue) = (self.desk.claim_for_delivery(), self.desk.clock.now(), &self.queue);
            let (step, email) = self.desk.store.write(Keep::Commit, |transaction| queue.claim_next(transaction, &claim, now))?;
            self.queue.advance(step);
            if email.is_some() {
                return Ok(email);
            }
        }
        Ok(None)
    }

    fn wait_for_its_time(&mut self) {
        let Some(per_minute) = self.plan.per_minute else { return };
        let waits = self.begun.map(|begun| pause(per_minute, begun, self.patience.elapsed())).unwrap_or_default();
        if !waits.is_zero() {
            if self.told.is_ok() {
                self.told = self.follower.waits(waits);
            }
            self.patience.wait(waits);
        }
        self.begun = Some(self.patience.elapsed());
    }

    /// Delivers an email. The commit that marks it claims the next one too, where that may go at
    /// once: a commit waits for the disk, and so each email waits only once.
    fn deliver(&mut self, email: Email) -> Option<Email> {
        let transport = self.desk.transport.as_mut()?;
        let limit = transport.timeout();
        let tried = self.patience.wait_for(|| outbox::hand_over(transport, email, limit));
        self.tried = self.tried.saturating_add(1);
        let goes_on = self.plan.per_minute.is_none() && !tried.shows_failing_server() && !self.patience.is_over();
        let claims_next = goes_on && self.has_room();
        // It may be that whoever stopped the run would wait for the server no longer.
        self.sent.is_stopped = tried.shows_failing_server() && self.patience.is_over();
        // The run is the same in every claim of it; the time of the next email begins now.
        let claim = self.desk.claim_for_delivery();
        let Self { desk: Desk { store, transport, clock, .. }, queue, failures, .. } = self;
        let transport = transport.as_ref()?;
        let attempt = Attempt { claim: &claim, now: clock.now(), limit, failures: *failures };
        let marked = store.write(Keep::Commit, |transaction| {
            outbox::mark(transaction, transport, &tried, attempt)?;
            // What is wrong with the next email must not take back that this one went. It is told when
            // that one is claimed alone.
            let next = claims_next.then(|| queue.claim_next(transaction, &claim, attempt.now));
            Ok(next.and_then(Result::ok).unwrap_or_default())
        });
        self.failures = 0;
        self.queue.has_tried = true;
        let (marked, next) = match marked {
            Ok((step, next)) => {
                self.queue.advance(step);
                (Ok(()), next)
            }
            Err(error) => (Err(error), None),
        };
        self.tell(tried.into_delivery(marked));
        next
    }

    fn tell(&mut self, delivery: Delivery) {
        if let Some(delivery) = self.sent.count(delivery)
            && self.told.is_ok()
        {
            self.told = self.follower.delivered(&delivery);
        }
    }
}

/// What the database says that it did not do is true of the email that was to come next, not of the run.
fn after_others(error: Error) -> Error {
    let hint = error.hint.as_deref().unwrap_or_default().trim_start_matches("Nothing was changed.");
    let hint = format!("What is left stays queued.{hint}");
    error.hint(hint)
}

/// How long the next email waits, with so many a minute and the last one begun then. One that took
/// longer than its share is not made up for: a server that was slow is not flooded after it.
fn pause(per_minute: u64, begun: Duration, now: Duration) -> Duration {
    const MINUTE: u64 = 60_000_000_000;
    let share = Duration::from_nanos(MINUTE.checked_div(per_minute).unwrap_or_default());
    begun.saturating_add(share).saturating_sub(now)
}

/// The emails that were due when the run began, a page at a time.
struct Queue {
    due_at: Timestamp,
    /// The ids of this page, and how many of them are behind us.
    page: Vec<String>,
    at: usize,
    /// Whether an email was tried since the first page, and whether one was passed over that stood
    /// behind an older one to its address.
    has_tried: bool,
    has_passed_over: bool,
}

/// How far a claim went in a page.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    looked_at: usize,
    passed_over: usize,
}

impl Queue {
    fn new(due_at: Timestamp) -> Self {
        Self { due_at, page: Vec::new(), at: 0, has_tried: false, has_passed_over: false }
    }

    /// Whether there is more, on the page after this one if need be; after the last page the first
    /// is read once more, if that can help an email that was passed over.
    fn has_more(&mut self, store: &mut Store) -> Result<bool> {
        if self.at < self.page.len() {
            return Ok(true);
        }
        let last = self.page.last().cloned();
        self.page = store.read(|transaction| emails::due(transaction, self.due_at, last.as_deref(), PAGE))?;
        if self.page.is_empty() && self.has_passed_over && self.has_tried {
            (self.has_passed_over, self.has_tried) = (false, false);
            self.page = store.read(|transaction| emails::due(transaction, self.due_at, None, PAGE))?;
        }
        self.at = 0;
        Ok(!self.page.is_empty())
    }

    /// Claims the next email of the page that may go. The transaction may run once more, so that
    /// what it did here counts only when it is told with `advance`.
    fn claim_next(&self, transaction: &mut Transaction<'_>, claim: &Claim, now: Timestamp) -> Result<(Step, Option<Email>)> {
        let mut step = Step::default();
        for id in self.page.iter().skip(self.at) {
            step.looked_at += 1;
            // Read before it is claimed: one that cannot be read stays as it is.
            let email = emails::find(transaction, id)?;
            if emails::claim_due(transaction, id, claim, now)? {
                return Ok((step, email));
            }
            step.passed_over += 1;
        }
        Ok((step, None))
    }

    fn advance(&mut self, step: Step) {
        self.at += step.looked_at;
        self.has_passed_over |= step.passed_over > 0;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::pause;

    #[test]
    fn emails_are_spread_evenly_and_lost_time_is_not_made_up_for() {
        let seconds = Duration::from_secs;
        assert_eq!(pause(60, seconds(5), seconds(5)), seconds(1));
        assert_eq!(pause(120, seconds(5), seconds(5)), Duration::from_millis(500));
        assert_eq!(pause(1, seconds(5), seconds(20)), seconds(45));
        assert_eq!(pause(60, seconds(5), seconds(9)), Duration::ZERO);
        assert_eq!(pause(u64::MAX, seconds(5), seconds(5)), Duration::ZERO);
    }
}
