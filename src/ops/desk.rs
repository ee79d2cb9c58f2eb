//! The desk that a command works at: the open database, who is acting, the time, and the one way
//! to read or to change.

use jiff::{SignedDuration, Timestamp};

use super::guards;
use crate::domain::activity::{Action, Entry, EntryActor, Subject, SubjectKind};
use crate::domain::actor::{Actor, ActorClaim};
use crate::domain::change::FieldChange;
use crate::domain::email_address::EmailAddress;
use crate::domain::notice::{Email, Notice};
use crate::domain::refusal::Refusal;
use crate::domain::service::{Service, ServiceKind, Setting};
use crate::domain::user::User;
use crate::error::{Error, Result};
use crate::mail::compose::{Occasion, compose};
use crate::mail::transport::Transport;
use crate::store::emails::Claim;
use crate::store::open::Opened;
pub use crate::store::open::{Location, Purpose, Wanted};
use crate::store::{Keep, Store, Transaction, activity, emails, open, service, users};
use crate::world::{Account, Clock, Ids};

/// How long a run may take to deliver an email before another run may try, besides the time that
/// the mail server is given.
const CLAIM: SignedDuration = SignedDuration::from_secs(60);

/// What a desk is opened with.
pub struct Opening {
    pub location: Location,
    pub purpose: Purpose,
    /// The kind of service that somebody asked for, and the environment that the configuration says
    /// this is: another one is refused.
    pub wanted: Wanted,
    pub claim: ActorClaim,
    /// Who runs the command, for when nobody is named.
    pub account: Account,
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
    account: Account,
    pub(super) clock: Clock,
    ids: Ids,
    pub(super) transport: Option<Transport>,
    /// This run, as the outbox knows it.
    pub(super) run: String,
    expected_environment: Option<String>,
}

/// What the person asked of a change besides the change itself.
#[derive(Debug, Clone, Default)]
pub struct ChangeOptions {
    pub dry_run: bool,
    pub no_email: bool,
    /// The environment that was named, for a protected service.
    pub environment: Option<String>,
}

impl Desk {
    /// Opens the database.
    ///
    /// # Errors
    /// As [`open::open`].
    pub fn open(opening: Opening) -> Result<Self> {
        let Opened { store, kind } = open::open(&opening.location, opening.purpose, &opening.wanted)?;
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
        })
    }

    /// Reads, from one moment of the database.
    ///
    /// # Errors
    /// The work’s own, that the actor is not known, or that the database cannot be read.
    pub fn look<T>(&mut self, work: impl FnOnce(&mut Work<'_, '_>) -> Result<T>) -> Result<T> {
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
        let Self { store, claim, clock, ids, expected_environment, .. } = self;
        store.write(keep, |transaction| {
            let mut begun = Work::begin(transaction, claim, &account, expected_environment.as_deref(), clock.now(), ids)?;
            guards::check_environment(&begun.service, options)?;
            begun.delivery.clone_from(&delivery);
            begun.no_email = options.no_email;
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

/// One transaction's work: what it may use, and what every change leaves behind.
pub struct Work<'work, 'store> {
    pub transaction: &'work mut Transaction<'store>,
    pub service: Service,
    pub actor: Actor,
    pub now: Timestamp,
    ids: &'work mut Ids,
    delivery: Option<Claim>,
    no_email: bool,
}

impl<'work, 'store> Work<'work, 'store> {
    fn begin(
        transaction: &'work mut Transaction<'store>,
        claim: &ActorClaim,
        account: &str,
        expected_environment: Option<&str>,
        now: Timestamp,
        ids: &'work mut Ids,
    ) -> Result<Self> {
        let service = service::load(transaction)?;
        refuse_other_environment(&service, expected_environment)?;
        let actor = find_actor(transaction, &service, claim, account)?;
        Ok(Self { transaction, service, actor, now, ids, delivery: None, no_email: false })
    }

    /// A new id.
    pub fn new_id(&mut self) -> String {
        self.ids.next(self.now)
    }

    /// Queues an email about a user, unless the person asked for none. Returns what was queued.
    ///
    /// # Errors
    /// The email cannot be composed or stored.
    pub fn queue(&mut self, notice: Notice, user: &User, to: &EmailAddress) -> Result<Option<Email>> {
        if self.no_email {
            return Ok(None);
        }
        let id = self.new_id();
        let occasion = Occasion { notice, user_id: &user.id, user: &user.details, recipient: to, email_id: &id, now: self.now };
        let email = compose(&self.service, &occasion)?;
        let waits = emails::in_the_way(self.transaction, &email.to.address, &email.id, self.now)?.is_some();
        emails::insert(self.transaction, &email, self.delivery.as_ref().filter(|_| !waits))?;
        Ok(Some(email))
    }

    /// Cancels sign-in details for a user that have not gone and are no longer true.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn cancel_sign_in_details(&mut self, user: &User) -> Result<()> {
        for notice in Notice::ALL.into_iter().filter(|notice| notice.has_sign_in_details()) {
            emails::cancel_of_user(self.transaction, &user.id, notice)?;
        }
        Ok(())
    }

    /// Records who changed what.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn record(&mut self, action: Action, subject: Subject, changes: Vec<FieldChange>) -> Result<()> {
        let actor = self.entry_actor();
        self.record_by(actor, action, subject, changes)
    }

    /// Records a change that the actor only passed on, like a name that came with a sign-in.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn record_by(&mut self, actor: EntryActor, action: Action, subject: Subject, changes: Vec<FieldChange>) -> Result<()> {
        let entry = Entry { id: self.new_id(), at: self.now, actor, actor_is_deleted: false, action, subject, changes };
        activity::insert(self.transaction, &entry)
    }

    /// The actor as the activity keeps them.
    pub fn entry_actor(&self) -> EntryActor {
        EntryActor {
            label: self.actor.label(),
            email: self.actor.email().map(str::to_owned),
            user_id: self.actor.user_id().map(str::to_owned),
        }
    }
}

/// A user as the subject of an entry.
pub fn user_subject(user: &User) -> Subject {
    Subject { kind: SubjectKind::User, id: user.id.clone(), label: user.details.full_name() }
}

fn find_actor(transaction: &mut Transaction<'_>, service: &Service, claim: &ActorClaim, account: &str) -> Result<Actor> {
    match claim {
        ActorClaim::OperatingSystem if service.is_set(Setting::RequireActor) => Err(Refusal::actor_required().into()),
        ActorClaim::OperatingSystem => Ok(Actor::OperatingSystem { label: account.to_owned() }),
        ActorClaim::Email { email, origin } => {
            let found = match EmailAddress::parse(email) {
                Ok(address) => users::find_by_email(transaction, address.as_str())?,
                Err(_) => None,
            };
            match found {
                Some(user) => Ok(Actor::User(Box::new(user))),
                None => Err(Refusal::unknown_actor(email, origin).into()),
            }
        }
    }
}

fn refuse_other_environment(service: &Service, expected: Option<&str>) -> Result<()> {
    match expected {
        Some(expected) if expected != service.environment() => Err(Error::unavailable(format!(
            "The configuration says that this database is {expected}, and the database says that it is {}",
            service.environment()
        ))
        .hint("Nothing was changed. Correct ‘environment’ or ‘database’ of this service in the configuration file.")),
        _ => Ok(()),
    }
}
