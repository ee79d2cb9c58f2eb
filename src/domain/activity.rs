//! The activity: who changed what and when, field by field.

use jiff::Timestamp;

use super::change::FieldChange;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    UserAdded,
    UserUpdated,
    UserDeleted,
    EmailCancelled,
    InvitationResent,
    ServiceUpdated,
}

impl Action {
    const ALL: [Self; 6] =
        [Self::UserAdded, Self::UserUpdated, Self::UserDeleted, Self::EmailCancelled, Self::InvitationResent, Self::ServiceUpdated];

    /// The action in JSON and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::UserAdded => "user_added",
            Self::UserUpdated => "user_updated",
            Self::UserDeleted => "user_deleted",
            Self::EmailCancelled => "email_cancelled",
            Self::InvitationResent => "invitation_resent",
            Self::ServiceUpdated => "service_updated",
        }
    }

    /// The action as a person reads it.
    pub fn label(self) -> &'static str {
        match self {
            Self::UserAdded => "User added",
            Self::UserUpdated => "User updated",
            Self::UserDeleted => "User deleted",
            Self::EmailCancelled => "Email cancelled",
            Self::InvitationResent => "Invitation sent again",
            Self::ServiceUpdated => "Service updated",
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
    Service,
}

impl SubjectKind {
    const ALL: [Self; 2] = [Self::User, Self::Service];

    /// The kind in JSON and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Service => "service",
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

/// Who did it, as they were called then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryActor {
    pub label: String,
    pub email: Option<String>,
    /// The account's id, when the actor had one.
    pub user_id: Option<String>,
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
    pub changes: Vec<FieldChange>,
}
