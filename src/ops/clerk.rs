//! Composing what a change leaves behind besides the record: its emails, and its entry in the activity.
//! It takes no database, so that an import can do it while the database is busy with other rows.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::account::Account;
use crate::domain::activity::{Action, Entry, EntryActor, Subject};
use crate::domain::change::FieldChange;
use crate::domain::email_address::EmailAddress;
use crate::domain::notice::{Email, Notice};
use crate::domain::organisation::OrganisationReference;
use crate::domain::service::Service;
use crate::error::Result;
use crate::mail::compose::{Occasion, Topic, compose, compose_template};
use crate::store::emails::StoredTemplate;
use crate::world::Ids;

/// How many templates are kept at hand: an import into thousands of organisations has one for each.
const TEMPLATES: usize = 1000;

/// Composes for one service, in the name of one actor, at one moment.
pub struct Clerk<'ids> {
    service: Arc<Service>,
    actor: EntryActor,
    now: Timestamp,
    ids: &'ids mut Ids,
    /// Nobody is to be told.
    pub(super) no_email: bool,
    templates: HashMap<Topic, StoredTemplate>,
}

/// An email to queue, and the template that has to be there with it.
pub struct Composed {
    pub email: Email,
    pub template: StoredTemplate,
}

impl<'ids> Clerk<'ids> {
    pub(super) fn new(service: Arc<Service>, actor: EntryActor, now: Timestamp, ids: &'ids mut Ids) -> Self {
        Self { service, actor, now, ids, no_email: false, templates: HashMap::new() }
    }

    /// The same clerk with other ids to give out.
    pub(super) fn with<'others>(&self, ids: &'others mut Ids) -> Clerk<'others> {
        Clerk { no_email: self.no_email, ..Clerk::new(Arc::clone(&self.service), self.actor.clone(), self.now, ids) }
    }

    /// Ids that nobody else gives out, and that go on where these are.
    pub(super) fn other_ids(&self) -> Ids {
        self.ids.apart()
    }

    /// When all of it happens.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// A new id.
    pub fn new_id(&mut self) -> String {
        self.ids.next(self.now)
    }

    /// An email about an account, and about the organisations that it concerns, unless nobody is to be
    /// told.
    ///
    /// # Errors
    /// The email cannot be composed.
    pub fn email(
        &mut self,
        notice: Notice,
        account: &dyn Account,
        organisations: &[OrganisationReference],
        recipient: &EmailAddress,
    ) -> Result<Option<Composed>> {
        if self.no_email {
            return Ok(None);
        }
        let topic = Topic { notice, api_user: account.is_api_user(), organisations: organisations.to_vec() };
        let template = self.template(&topic)?;
        let id = self.new_id();
        let occasion = Occasion { topic: &topic, account, recipient, email_id: &id, now: self.now };
        let email = compose(Arc::clone(&template.template), &occasion);
        Ok(Some(Composed { email, template }))
    }

    fn template(&mut self, topic: &Topic) -> Result<StoredTemplate> {
        if let Some(template) = self.templates.get(topic) {
            return Ok(template.clone());
        }
        let template = StoredTemplate::of(compose_template(&self.service, topic)?);
        if self.templates.len() >= TEMPLATES {
            self.templates.clear();
        }
        self.templates.insert(topic.clone(), template.clone());
        Ok(template)
    }

    /// The entry that says who changed what, and in which organisation.
    pub fn entry(
        &mut self,
        action: Action,
        subject: Subject,
        organisation: Option<OrganisationReference>,
        changes: Vec<FieldChange>,
    ) -> Entry {
        let actor = self.actor.clone();
        self.entry_by(actor, action, subject, organisation, changes)
    }

    /// The entry of a change that the actor only passed on, like a name that came with a sign-in.
    pub fn entry_by(
        &mut self,
        actor: EntryActor,
        action: Action,
        subject: Subject,
        organisation: Option<OrganisationReference>,
        changes: Vec<FieldChange>,
    ) -> Entry {
        Entry { id: self.new_id(), at: self.now, actor, actor_is_deleted: false, action, subject, organisation, changes }
    }

    /// The actor as the activity keeps them.
    pub fn actor(&self) -> &EntryActor {
        &self.actor
    }
}
