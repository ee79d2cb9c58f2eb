//! The desk that a command works at: the open database, who is acting, the time, and the one way
//! to read or to change.

use jiff::SignedDuration;

use super::guards;
pub use super::work::Work;
use crate::domain::actor::ActorClaim;
use crate::domain::service::ServiceKind;
use crate::domain::storing::{Stored, Storing};
use crate::error::Result;
use crate::mail::transport::Transport;
use crate::store::emails::Claim;
use crate::store::open::Opened;
pub use crate::store::open::{Location, Purpose, Wanted};
use crate::store::{Keep, Store, open};
use crate::world::{self, Clock, Ids};

/// How long a run may take to deliver an email before another run may try, besides the time that
/// the mail server is given.
const CLAIM: SignedDuration = SignedDuration::from_secs(60);

/// What a desk is opened with.
pub struct Opening {
    pub location: Location,
    pub purpose: Purpose,
    /// How far this run has come with storing: whoever stops it asks.
    pub storing: Storing,
    /// The kind of service that somebody asked for, and the environment that the configuration says
    /// this is: another one is refused.
    pub wanted: Wanted,
    pub claim: ActorClaim,
    /// Who runs the command, for when nobody is named.
    pub account: world::Account,
    pub clock: Clock,
    pub ids: Ids,
    /// What this run delivers emails with, right after its change; nothing where it delivers none.
    pub transport: Option<Transport>,
}

/// An open desk.
pub struct Desk {
    pub(super) store: Store,
    /// The service that it holds.
    pub kind: ServiceKind,
    claim: ActorClaim,
    account: world::Account,
    pub(super) clock: Clock,
    ids: Ids,
    pub(super) transport: Option<Transport>,
    /// This run, as the outbox knows it.
    pub(super) run: String,
    expected_environment: Option<String>,
    /// What the protected environment is called that the last change was made in.
    protected_environment: Option<String>,
}

/// What the person asked of a change besides the change itself.
#[derive(Debug, Clone, Default)]
pub struct ChangeOptions {
    pub dry_run: bool,
    pub no_email: bool,
    /// The environment that was named, for a protected service.
    pub environment: Option<String>,
    /// It is a trial, and the environment is asked for before the change itself.
    pub asks_environment: bool,
}

impl Desk {
    /// Opens the database.
    ///
    /// # Errors
    /// As [`open::open`].
    pub fn open(opening: Opening) -> Result<Self> {
        let Opened { mut store, kind } = open::open(&opening.location, opening.purpose, &opening.wanted)?;
        store.storing = opening.storing;
        let mut ids = opening.ids;
        let run = ids.next(opening.clock.now());
        Ok(Self {
            store,
            kind,
            claim: opening.claim,
            account: opening.account,
            clock: opening.clock,
            ids,
            transport: opening.transport,
            run,
            expected_environment: opening.wanted.environment,
            protected_environment: None,
        })
    }

    /// Reads, from one moment of the database.
    ///
    /// # Errors
    /// The work’s own, that the actor is not known, or that the database cannot be read.
    pub fn look<T>(&mut self, mut work: impl FnMut(&mut Work<'_, '_>) -> Result<T>) -> Result<T> {
        let Self { store, claim, clock, ids, expected_environment, .. } = self;
        store.read(|transaction| {
            let mut begun = Work::begin(transaction, claim, "", expected_environment.as_deref(), clock.now(), ids)?;
            work(&mut begun)
        })
    }

    /// Changes, all or nothing; in a dry run nothing.
    ///
    /// # Errors
    /// The work’s own, that the actor is not known, or that the database cannot be written.
    pub fn change<T>(&mut self, options: &ChangeOptions, mut work: impl FnMut(&mut Work<'_, '_>) -> Result<T>) -> Result<T> {
        let keep = if options.dry_run { Keep::RollBack } else { Keep::Commit };
        let delivery = self.transport.is_some().then(|| self.claim_for_delivery());
        // Before the transaction: a name may come over the network.
        let account = self.account_label();
        let Self { store, claim, clock, ids, expected_environment, protected_environment, .. } = self;
        store.write(keep, |transaction| {
            let mut begun = Work::begin(transaction, claim, &account, expected_environment.as_deref(), clock.now(), ids)?;
            *protected_environment = begun.service.protected_environment().map(str::to_owned);
            guards::check_environment(&begun.service, options)?;
            begun.delivery.clone_from(&delivery);
            begun.clerk.no_email = options.no_email;
            work(&mut begun)
        })
    }

    /// The operating-system account as the activity keeps it, where it is the actor.
    pub fn account_label(&self) -> String {
        match self.claim {
            ActorClaim::OperatingSystem => format!("os:{}", self.account.label()),
            ActorClaim::Email { .. } => String::new(),
        }
    }

    /// The protected environment that this run has changed something in.
    pub fn changed_environment(&self) -> Option<&str> {
        self.protected_environment.as_deref().filter(|_| self.store.storing.so_far() == Stored::Something)
    }

    /// Whether this run made the database.
    pub fn has_created_database(&self) -> bool {
        self.store.created
    }

    /// The claim of this run on emails that it is about to deliver.
    pub(super) fn claim_for_delivery(&self) -> Claim {
        let now = self.clock.now();
        let timeout = self.transport.as_ref().map(Transport::timeout).and_then(|timeout| SignedDuration::try_from(timeout).ok());
        let lease = CLAIM.saturating_add(timeout.unwrap_or_default());
        Claim { by: self.run.clone(), until: now.checked_add(lease).unwrap_or(now) }
    }
}
