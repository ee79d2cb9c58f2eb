//! A user of the service: a support user or an API user (seeds 000).

use jiff::Timestamp;

use super::account::{Account, AccountId, AccountKind};
use super::change::{FieldChange, changed_fields};
use super::email_address::EmailAddress;
use super::person::{PERSON_FIELDS, PersonDetails};
use super::problem::Field;
use super::yes_no;

/// What a user may do, as scripts read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserKind {
    Support,
    Api,
}

impl UserKind {
    /// The kind in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::Api => "api",
        }
    }
}

/// What people may answer about a user: the part of the record that forms and flags fill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserDetails {
    pub person: PersonDetails,
    pub api_user: bool,
    pub active: bool,
}

impl UserDetails {
    /// Each field with its value as text, in question order.
    pub fn fields(&self) -> [(Field, String); 5] {
        let [first_name, last_name, email] = self.person.fields();
        let answer = |field, answer| (field, yes_no::word(answer).to_owned());
        [first_name, last_name, email, answer(Field::ApiUser, self.api_user), answer(Field::Active, self.active)]
    }

    /// What differs from `before`, field by field; everything when there was nothing before.
    pub fn changes_from(&self, before: Option<&Self>) -> Vec<FieldChange> {
        changed_fields(before.map(Self::fields), Some(self.fields()))
    }
}

/// A stored user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// UUIDv7.
    pub id: String,
    pub details: UserDetails,
    /// The identity that DfE Sign-in gave at the first sign-in.
    pub sign_in_id: Option<String>,
    pub last_signed_in_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Goes up by one with every change, so that an edit can tell what it was checked against.
    pub revision: i64,
}

impl User {
    /// Support or API user.
    pub fn kind(&self) -> UserKind {
        if self.details.api_user { UserKind::Api } else { UserKind::Support }
    }

    /// `Active` or `Not active`, then `API user` where it applies.
    pub fn status(&self) -> &'static str {
        match (self.details.active, self.details.api_user) {
            (true, false) => "Active",
            (false, false) => "Not active",
            (true, true) => "Active, API user",
            (false, true) => "Not active, API user",
        }
    }

    /// The questions whose answers may be changed, in their order.
    pub fn changeable_fields(&self, asks_api_user: bool) -> Vec<Field> {
        let identity = PERSON_FIELDS.into_iter().filter(|_| !self.has_signed_in());
        identity.chain([Field::ApiUser, Field::Active].into_iter().filter(|_| asks_api_user)).collect()
    }

    /// Why some of the details may not be changed, by anybody or by their owner.
    pub fn why_not_changeable(&self, is_own: bool) -> Option<&'static str> {
        if is_own {
            Some("This is your own account: you cannot change or delete it.")
        } else if self.has_signed_in() {
            Some("The first name, last name and email address cannot be changed: the account is tied to the user’s DfE Sign-in account.")
        } else {
            None
        }
    }

    /// Once somebody has signed in, their account is tied to their DfE Sign-in account, and their
    /// names and address are no longer ours to change (seeds 000, “Editing a user”).
    pub fn has_signed_in(&self) -> bool {
        self.last_signed_in_at.is_some()
    }
}

impl Account for User {
    fn account_id(&self) -> AccountId {
        AccountId { kind: AccountKind::User, id: self.id.clone() }
    }

    fn first_name(&self) -> &str {
        &self.details.person.first_name
    }

    fn full_name(&self) -> String {
        self.details.person.full_name()
    }

    fn email(&self) -> &EmailAddress {
        &self.details.person.email
    }

    fn sign_in_id(&self) -> Option<&str> {
        self.sign_in_id.as_deref()
    }

    fn is_api_user(&self) -> bool {
        self.details.api_user
    }
}
