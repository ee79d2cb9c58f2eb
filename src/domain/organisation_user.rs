//! A user of the service's organisations: an account that belongs to some of them by memberships
//! (seeds 002, 003 and 004).

use jiff::Timestamp;

use super::account::{Account, AccountId, AccountKind};
use super::actor::Actor;
use super::email_address::EmailAddress;
use super::organisation::OrganisationReference;
use super::person::PersonDetails;
use super::refusal::Refusal;
use super::service::EditRule;

/// A stored account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationUser {
    /// UUIDv7.
    pub id: String,
    pub details: PersonDetails,
    /// The identity that DfE Sign-in gave at the first sign-in.
    pub sign_in_id: Option<String>,
    pub last_signed_in_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Goes up by one with every change of its details.
    pub revision: i64,
    /// Those that it belongs to and that whoever looks may know of, by name.
    pub organisations: Vec<OrganisationReference>,
}

impl OrganisationUser {
    /// Whether the account is tied to its owner's DfE Sign-in account.
    pub fn has_signed_in(&self) -> bool {
        self.last_signed_in_at.is_some()
    }

    /// Whether this actor may change the account's details in a service with this rule.
    ///
    /// # Errors
    /// Why not.
    pub fn may_be_edited_by(&self, actor: &Actor, rule: EditRule) -> Result<(), NotEditable> {
        if actor.may_act_on(self).is_err() {
            return Err(NotEditable::Own);
        }
        if matches!(actor, Actor::OrganisationUser(_)) {
            return Err(NotEditable::ByOrganisationUsers);
        }
        match rule {
            EditRule::Always => Ok(()),
            EditRule::UntilSignIn if !self.has_signed_in() => Ok(()),
            EditRule::UntilSignIn => Err(NotEditable::SignedIn),
            EditRule::Never => Err(NotEditable::InThisService),
        }
    }
}

/// Why an account's details may not be changed (seed 002, “Editing a user”; seed 003 lets an
/// organisation's own people change nobody's).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotEditable {
    Own,
    ByOrganisationUsers,
    SignedIn,
    InThisService,
}

impl NotEditable {
    /// The refusal of a change, with what to do instead.
    pub fn refusal(self) -> Refusal {
        match self {
            Self::Own => Refusal::yourself(),
            Self::ByOrganisationUsers => Refusal::not_for_organisation_users(),
            Self::SignedIn => Refusal::organisation_user_locked_after_sign_in(),
            Self::InThisService => Refusal::organisation_users_are_not_edited(),
        }
    }

    /// The same on the page of details.
    fn words(self) -> &'static str {
        match self {
            Self::Own => "This is your own account: you cannot change or remove it.",
            Self::ByOrganisationUsers => {
                "You cannot change the first name, last name or email address. If they are wrong, ask the service’s support team."
            }
            Self::SignedIn => {
                "The first name, last name and email address cannot be changed: the user details are linked to DfE Sign-in. If they are wrong, remove the user from every organisation and add them again."
            }
            Self::InThisService => {
                "The first name, last name and email address cannot be changed in this service. If they are wrong, remove the user from every organisation and add them again."
            }
        }
    }
}

/// Why which of the details may not be changed (seed 004, “Changing a user’s details”).
pub fn why_not_changeable(editing: Result<(), NotEditable>) -> Vec<&'static str> {
    let never =
        "The organisations change only when the user is added to one or removed from it, and the last sign-in only when the user signs in.";
    editing.err().map(NotEditable::words).into_iter().chain([never]).collect()
}

impl Account for OrganisationUser {
    fn account_id(&self) -> AccountId {
        AccountId { kind: AccountKind::OrganisationUser, id: self.id.clone() }
    }

    fn first_name(&self) -> &str {
        &self.details.first_name
    }

    fn full_name(&self) -> String {
        self.details.full_name()
    }

    fn email(&self) -> &EmailAddress {
        &self.details.email
    }

    fn sign_in_id(&self) -> Option<&str> {
        self.sign_in_id.as_deref()
    }
}
