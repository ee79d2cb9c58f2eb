//! The activity: who changed what and when, field by field.

use jiff::Timestamp;

use super::account::AccountId;
use super::api_client::ApiClient;
use super::change::FieldChange;
use super::organisation::{Organisation, OrganisationReference};
use super::organisation_user::OrganisationUser;
use super::service::Service;
use super::user::User;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    UserAdded,
    UserUpdated,
    UserDeleted,
    /// An account that was there already was added to one more organisation.
    UserLinked,
    /// A user was removed from an organisation.
    UserRemoved,
    /// An account without an organisation made room for a new one with the same address.
    AccountEnded,
    OrganisationAdded,
    OrganisationUpdated,
    OrganisationDeleted,
    EmailCancelled,
    InvitationResent,
    ServiceUpdated,
    ApiClientAdded,
    ApiClientUpdated,
    ApiClientRevoked,
    ApiClientDeleted,
    /// A backup took the place of the desk.
    DeskRestored,
}

impl Action {
    const ALL: [Self; 17] = [
        Self::UserAdded,
        Self::UserUpdated,
        Self::UserDeleted,
        Self::UserLinked,
        Self::UserRemoved,
        Self::AccountEnded,
        Self::OrganisationAdded,
        Self::OrganisationUpdated,
        Self::OrganisationDeleted,
        Self::EmailCancelled,
        Self::InvitationResent,
        Self::ServiceUpdated,
        Self::ApiClientAdded,
        Self::ApiClientUpdated,
        Self::ApiClientRevoked,
        Self::ApiClientDeleted,
        Self::DeskRestored,
    ];

    /// The action in JSON and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::UserAdded => "user_added",
            Self::UserUpdated => "user_updated",
            Self::UserDeleted => "user_deleted",
            Self::UserLinked => "user_linked",
            Self::UserRemoved => "user_removed",
            Self::AccountEnded => "account_ended",
            Self::OrganisationAdded => "organisation_added",
            Self::OrganisationUpdated => "organisation_updated",
            Self::OrganisationDeleted => "organisation_deleted",
            Self::EmailCancelled => "email_cancelled",
            Self::InvitationResent => "invitation_resent",
            Self::ServiceUpdated => "service_updated",
            Self::ApiClientAdded => "api_client_added",
            Self::ApiClientUpdated => "api_client_updated",
            Self::ApiClientRevoked => "api_client_revoked",
            Self::ApiClientDeleted => "api_client_deleted",
            Self::DeskRestored => "desk_restored",
        }
    }

    /// The action as a person reads it.
    pub fn label(self) -> &'static str {
        match self {
            Self::UserAdded => "User added",
            Self::UserUpdated => "User updated",
            Self::UserDeleted => "User deleted",
            Self::UserLinked => "User linked",
            Self::UserRemoved => "User removed",
            Self::AccountEnded => "Account ended",
            Self::OrganisationAdded => "Organisation added",
            Self::OrganisationUpdated => "Organisation updated",
            Self::OrganisationDeleted => "Organisation deleted",
            Self::EmailCancelled => "Email cancelled",
            Self::InvitationResent => "Invitation sent again",
            Self::ServiceUpdated => "Service updated",
            Self::ApiClientAdded => "API client added",
            Self::ApiClientUpdated => "API client updated",
            Self::ApiClientRevoked => "API client revoked",
            Self::ApiClientDeleted => "API client deleted",
            Self::DeskRestored => "Desk restored",
        }
    }

    /// The action with this key, if this version knows it.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.key() == key)
    }
}

/// What was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectKind {
    User,
    OrganisationUser,
    Organisation,
    Service,
    ApiClient,
}

impl SubjectKind {
    const ALL: [Self; 5] = [Self::User, Self::OrganisationUser, Self::Organisation, Self::Service, Self::ApiClient];

    /// The kind in JSON and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::OrganisationUser => "organisation_user",
            Self::Organisation => "organisation",
            Self::Service => "service",
            Self::ApiClient => "api_client",
        }
    }

    /// The kind with this key, if this version knows it.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// The thing that was changed, as it was called then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub kind: SubjectKind,
    pub id: String,
    pub label: String,
}

impl From<&User> for Subject {
    fn from(user: &User) -> Self {
        Self { kind: SubjectKind::User, id: user.id.clone(), label: user.details.person.full_name() }
    }
}

impl From<&OrganisationUser> for Subject {
    fn from(user: &OrganisationUser) -> Self {
        Self { kind: SubjectKind::OrganisationUser, id: user.id.clone(), label: user.details.full_name() }
    }
}

impl From<&Organisation> for Subject {
    fn from(organisation: &Organisation) -> Self {
        Self { kind: SubjectKind::Organisation, id: organisation.id.clone(), label: organisation.details.name.clone() }
    }
}

impl From<&Service> for Subject {
    fn from(service: &Service) -> Self {
        Self { kind: SubjectKind::Service, id: service.kind.key().to_owned(), label: service.name().to_owned() }
    }
}

impl From<&ApiClient> for Subject {
    fn from(client: &ApiClient) -> Self {
        Self { kind: SubjectKind::ApiClient, id: client.id.clone(), label: client.details.name.clone() }
    }
}

/// Who did it, as they were called then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryActor {
    pub label: String,
    pub email: Option<String>,
    /// The account, when the actor had one.
    pub account: Option<AccountId>,
}

/// One entry of the activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// UUIDv7.
    pub id: String,
    pub at: Timestamp,
    pub actor: EntryActor,
    /// The actor's account has been deleted since: people read `Deleted user`.
    pub actor_is_deleted: bool,
    pub action: Action,
    pub subject: Subject,
    /// The organisation that it was done to or in, as it was called then.
    pub organisation: Option<OrganisationReference>,
    pub changes: Vec<FieldChange>,
}
