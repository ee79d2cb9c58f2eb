//! One transaction's work: who is acting in which service, and what every change leaves behind: its
//! emails, and its entry in the activity.

use std::collections::HashSet;
use std::iter::once;
use std::sync::Arc;

use jiff::Timestamp;

use super::clerk::{Clerk, Composed};
use crate::domain::account::Account;
use crate::domain::activity::{Action, Entry, EntryActor, Subject};
use crate::domain::actor::{Actor, ActorClaim};
use crate::domain::change::FieldChange;
use crate::domain::email_address::EmailAddress;
use crate::domain::notice::{Email, Notice};
use crate::domain::organisation::OrganisationReference;
use crate::domain::refusal::Refusal;
use crate::domain::service::{Service, Setting};
use crate::error::{Error, Result};
use crate::store::emails::{Claim, Queued};
use crate::store::{Transaction, activity, actors, emails, service, users};
use crate::world::Ids;

/// The id of no user.
const NOBODY: &str = "";

/// One transaction's work: what it may use, and what every change leaves behind.
pub struct Work<'work, 'store> {
    pub transaction: &'work mut Transaction<'store>,
    pub service: Arc<Service>,
    pub actor: Actor,
    pub now: Timestamp,
    pub clerk: Clerk<'work>,
    pub(super) delivery: Option<Claim>,
    /// The ids of the templates that this transaction has stored.
    templates: HashSet<Arc<str>>,
}

impl<'work, 'store> Work<'work, 'store> {
    pub(super) fn begin(
        transaction: &'work mut Transaction<'store>,
        claim: &ActorClaim,
        account: &str,
        expected_environment: Option<&str>,
        now: Timestamp,
        ids: &'work mut Ids,
    ) -> Result<Self> {
        let service = Arc::new(service::load(transaction)?);
        refuse_other_environment(&service, expected_environment)?;
        let actor = find_actor(transaction, &service, claim, account)?;
        let clerk = Clerk::new(Arc::clone(&service), as_kept(&actor), now, ids);
        Ok(Self { transaction, service, actor, now, clerk, delivery: None, templates: HashSet::new() })
    }

    /// A new id.
    pub fn new_id(&mut self) -> String {
        self.clerk.new_id()
    }

    /// Queues an email about an account, and about the organisations that it concerns, unless the
    /// person asked for none. Returns what was queued.
    ///
    /// # Errors
    /// The email cannot be composed or stored.
    pub fn queue(
        &mut self,
        notice: Notice,
        account: &dyn Account,
        organisations: &[OrganisationReference],
        recipient: &EmailAddress,
    ) -> Result<Option<Email>> {
        let Some(composed) = self.clerk.email(notice, account, organisations, recipient)? else { return Ok(None) };
        self.queue_composed(once(&composed))?;
        Ok(Some(composed.email))
    }

    /// Queues emails that were composed. Two to one address are never delivered at once together: the
    /// second does not see that the first is in its way.
    ///
    /// # Errors
    /// An email cannot be stored.
    pub fn queue_composed<'composed>(&mut self, composed: impl Iterator<Item = &'composed Composed>) -> Result<()> {
        let mut queued = Vec::with_capacity(composed.size_hint().0);
        for Composed { email, template } in composed {
            if !self.templates.contains(&template.id) {
                emails::insert_template(self.transaction, template)?;
                self.templates.insert(Arc::clone(&template.id));
            }
            // Only whoever delivers it at once must look whether an older one to the same address waits.
            let waits = self.delivery.is_some() && emails::in_the_way(self.transaction, &email.to.address, &email.id, self.now)?.is_some();
            queued.push(Queued { email, template_id: &template.id, claim: self.delivery.as_ref().filter(|_| !waits) });
        }
        emails::insert(self.transaction, queued.into_iter())
    }

    /// Cancels sign-in details for an account that have not gone and are no longer true: all of them,
    /// or those that are about one organisation alone.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn cancel_sign_in_details(&mut self, account: &dyn Account, organisation: Option<&OrganisationReference>) -> Result<()> {
        for notice in Notice::ALL.into_iter().filter(|notice| notice.has_sign_in_details()) {
            let organisation_id = organisation.map(|organisation| organisation.id.as_str());
            emails::cancel_of(self.transaction, account, organisation_id, notice)?;
        }
        Ok(())
    }

    /// Sends sign-in details to an account's new address, and a notice to the old one, which may not
    /// be its owner's. Nothing where the address is as it was.
    ///
    /// # Errors
    /// As [`Work::queue`].
    pub fn tell_of_new_address(
        &mut self,
        before: &dyn Account,
        after: &dyn Account,
        organisations: &[OrganisationReference],
    ) -> Result<Vec<Email>> {
        if before.email() == after.email() {
            return Ok(Vec::new());
        }
        self.cancel_sign_in_details(before, None)?;
        let to_new = self.queue(Notice::EmailChanged, after, organisations, after.email())?;
        let to_old = self.queue(Notice::EmailChangedOldAddress, after, organisations, before.email())?;
        Ok(to_new.into_iter().chain(to_old).collect())
    }

    /// Records who changed what.
    ///
    /// # Errors
    /// The database cannot be written; so it is below.
    pub fn record(&mut self, action: Action, subject: Subject, changes: Vec<FieldChange>) -> Result<()> {
        let entry = self.clerk.entry(action, subject, None, changes);
        self.keep(&entry)
    }

    /// Records who changed what in an organisation.
    ///
    /// # Errors
    /// As [`Work::record`].
    pub fn record_in(
        &mut self,
        organisation: &OrganisationReference,
        action: Action,
        subject: Subject,
        changes: Vec<FieldChange>,
    ) -> Result<()> {
        let entry = self.clerk.entry(action, subject, Some(organisation.clone()), changes);
        self.keep(&entry)
    }

    /// Records a change that the actor only passed on, like a name that came with a sign-in.
    ///
    /// # Errors
    /// As [`Work::record`].
    pub fn record_by(&mut self, actor: EntryActor, action: Action, subject: Subject, changes: Vec<FieldChange>) -> Result<()> {
        let entry = self.clerk.entry_by(actor, action, subject, None, changes);
        self.keep(&entry)
    }

    fn keep(&mut self, entry: &Entry) -> Result<()> {
        activity::insert(self.transaction, once((entry, &*activity::changes_as_kept(&entry.changes)?)))
    }
}

/// The actor as the activity keeps them.
fn as_kept(actor: &Actor) -> EntryActor {
    EntryActor {
        label: actor.label(),
        email: actor.email().map(str::to_owned),
        account: actor.account().map(|account| account.account_id()),
    }
}

fn find_actor(transaction: &mut Transaction<'_>, service: &Service, claim: &ActorClaim, account: &str) -> Result<Actor> {
    if *claim == ActorClaim::OperatingSystem && service.is_set(Setting::RequireActor) {
        return Err(Refusal::actor_required().into());
    }
    match (actors::find(transaction, claim, account)?, claim) {
        (Some(actor), _) => Ok(actor),
        (None, ActorClaim::Email { email, origin }) if users::count_other_active(transaction, NOBODY, 1)? == 0 => {
            Err(Refusal::nobody_yet(email, origin).into())
        }
        (None, ActorClaim::Email { email, origin }) => Err(Refusal::unknown_actor(email, origin).into()),
        (None, ActorClaim::OperatingSystem) => Err(Refusal::actor_required().into()),
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
