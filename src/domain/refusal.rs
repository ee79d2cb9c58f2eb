//! What a rule refuses, and the words for it. A refusal stores nothing.

use super::account::AccountKind;
use super::api_client::ApiClientStatus;
use super::count::thousands;
use super::notice::EmailStatus;
use super::organisation::OrganisationReference;

/// Why something was refused, as scripts read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    LockedAfterSignIn,
    Yourself,
    MinimumActiveUsers,
    TooManyDeletes,
    Protected,
    UnknownUser,
    DeletedUser,
    InactiveUser,
    IdentityMismatch,
    MissingEmail,
    /// No API client has this token.
    Unknown,
    Expired,
    Revoked,
    Deleted,
}

impl Reason {
    /// The reason in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::LockedAfterSignIn => "locked_after_sign_in",
            Self::Yourself => "yourself",
            Self::MinimumActiveUsers => "minimum_active_users",
            Self::TooManyDeletes => "too_many_deletes",
            Self::Protected => "protected",
            Self::UnknownUser => "unknown_user",
            Self::DeletedUser => "deleted_user",
            Self::InactiveUser => "inactive_user",
            Self::IdentityMismatch => "identity_mismatch",
            Self::MissingEmail => "missing_email",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Deleted => "deleted",
        }
    }
}

/// A rule said no: what it said, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub reason: Option<Reason>,
    pub message: String,
    pub hint: Option<String>,
}

impl Refusal {
    fn new(reason: Option<Reason>, message: &str, hint: impl Into<String>) -> Self {
        Self { reason, message: message.to_owned(), hint: Some(hint.into()) }
    }

    /// The account is tied to its owner's DfE Sign-in account (seeds 000, “Editing a user”).
    pub fn locked_after_sign_in() -> Self {
        Self::new(
            Some(Reason::LockedAfterSignIn),
            "You cannot change the first name, last name or email address of a user who has signed in",
            "The user account is tied to their DfE Sign-in account. Nothing was changed.",
        )
    }

    /// The same of an organisation's user, with what to do instead (seed 002, “Editing a user”).
    pub fn organisation_user_locked_after_sign_in() -> Self {
        Self::new(
            Some(Reason::LockedAfterSignIn),
            "You cannot change the first name, last name or email address of a user who has signed in",
            "The user details are linked to DfE Sign-in. Nothing was changed. If they are wrong, remove the user from every organisation and add them again.",
        )
    }

    /// An organisation's own people do no more than seed 003 gives them.
    pub fn not_for_organisation_users() -> Self {
        Self::no_permission(
            "An organisation’s users see, add and remove the users of their own organisations, and nothing else: frontdesk org list",
        )
    }

    /// The service lets nobody edit the users of its organisations (`edit-organisation-users`).
    pub fn organisation_users_are_not_edited() -> Self {
        Self::new(
            None,
            "You cannot change the details of an organisation’s users in this service",
            "Nothing was changed. If they are wrong, remove the user from every organisation and add them again.",
        )
    }

    /// An organisation that somebody belongs to stays.
    pub fn organisation_has_users(organisation: &OrganisationReference, users: u64) -> Self {
        let people = if users == 1 { "1 user belongs".to_owned() } else { format!("{} users belong", thousands(users)) };
        Self::new(
            None,
            &format!("You cannot delete {}: {people} to it", organisation.name),
            format!("Nothing was changed. Remove them first. To see them: frontdesk org users {}", organisation.argument()),
        )
    }

    /// Nobody edits, deactivates, deletes or removes themselves.
    pub fn yourself() -> Self {
        Self::new(
            Some(Reason::Yourself),
            "You cannot perform this action",
            "This is your own account, and nobody changes, removes or deletes their own. Ask somebody else to do it.",
        )
    }

    /// The actor's kind of account does not allow this.
    pub fn no_permission(hint: &str) -> Self {
        Self::new(None, "You do not have permission to perform this action", hint)
    }

    /// The actor's account is not active.
    pub fn not_active() -> Self {
        Self::new(None, "Your account is not authorised", "Your account is not active. Ask a support user to make it active.")
    }

    /// No account answers to the actor's address.
    pub fn unknown_actor(email: &str, origin: &str) -> Self {
        Self::new(
            None,
            "Your account is not authorised",
            format!("{origin} says that you are {email}, and no user of this service has that email address. Give your own with --as."),
        )
    }

    /// No account answers to the actor's address, because there is no active user yet.
    pub fn nobody_yet(email: &str, origin: &str) -> Self {
        Self::new(
            None,
            "Your account is not authorised",
            format!(
                "{origin} says that you are {email}, and this service has no active user yet. Add the first one as nobody: without --as, \
                 FRONTDESK_AS and ‘actor’ in the configuration file."
            ),
        )
    }

    /// The service wants a named actor.
    pub fn actor_required() -> Self {
        Self::new(
            None,
            "This service requires you to say who you are",
            "Give your email address with --as, FRONTDESK_AS or ‘actor’ in the configuration file.",
        )
    }

    /// Whoever locks out people without a name must have one, or everybody could be locked out.
    pub fn require_actor_by_nobody() -> Self {
        Self::new(
            None,
            "You cannot require people to say who they are without saying who you are",
            "Nothing was changed. Give the email address of an active support user with --as: then there is somebody left who can work here.",
        )
    }

    /// The environment that was named is not the one that this is.
    pub fn other_environment(environment: &str, named: &str) -> Self {
        Self::new(
            Some(Reason::Protected),
            &format!("You named the environment {named}, and this is {environment}"),
            "Nothing was changed. Check which service and database you are working in: frontdesk whoami",
        )
    }

    /// A deletion or deactivation would leave too few people.
    pub fn minimum_active_users(minimum: u64, others: u64) -> Self {
        Self::new(
            Some(Reason::MinimumActiveUsers),
            "You cannot delete or deactivate this user",
            format!(
                "The service keeps at least {} other active users (minimum-active-users), and there {}. Add or activate somebody else first.",
                thousands(minimum),
                if others == 1 { "is 1".to_owned() } else { format!("are {}", thousands(others)) }
            ),
        )
    }

    /// One actor has deleted many people within three minutes.
    pub fn too_many_deletes(limit: u64) -> Self {
        Self::new(
            Some(Reason::TooManyDeletes),
            "You have tried this action too many times. Try again later.",
            format!(
                "The service allows {} {} in three minutes (deletes-per-three-minutes).",
                thousands(limit),
                if limit == 1 { "deletion" } else { "deletions" }
            ),
        )
    }

    /// A change that cannot be undone, on a service that is protected.
    pub fn protected(environment: &str) -> Self {
        let message = format!("This service is protected: it is the {environment} environment");
        Self::new(
            Some(Reason::Protected),
            &message,
            format!("Nothing was changed. To go on, name the environment: --environment {environment}."),
        )
    }

    /// An email that is no longer queued cannot be cancelled.
    pub fn email_gone(status: EmailStatus) -> Self {
        let message = match status {
            EmailStatus::Refused => "You cannot cancel this email: it was refused and will not be sent",
            _ => "You cannot cancel this email: it has been sent",
        };
        Self::new(None, message, "Only queued emails can be cancelled. To see them: frontdesk emails list --status queued")
    }

    /// An email that is neither queued nor refused is not tried again.
    pub fn email_done(status: EmailStatus) -> Self {
        let message = match status {
            EmailStatus::Cancelled => "You cannot retry this email: it was cancelled",
            _ => "You cannot retry this email: it has been sent",
        };
        Self::new(None, message, "Nothing was changed. To send somebody sign-in details once more: frontdesk emails resend WHO")
    }

    /// Sign-in details that are no longer true would mislead whoever gets them.
    pub fn email_overtaken(kind: AccountKind) -> Self {
        let gone = match kind {
            AccountKind::User => "deleted",
            AccountKind::OrganisationUser => "removed from the organisation",
        };
        Self::new(
            None,
            &format!("You cannot retry this email: the user has been {gone} or has another email address now"),
            "Nothing was changed. To send a user sign-in details with today’s words: frontdesk emails resend WHO",
        )
    }

    /// An invitation to somebody who could not sign in would mislead them.
    pub fn cannot_invite_inactive() -> Self {
        Self::new(
            None,
            "You cannot send sign-in details to a user who is not active",
            "Make the account active first: frontdesk users edit WHO --active yes",
        )
    }

    /// An invitation that leads nowhere would mislead whoever gets it.
    pub fn cannot_invite_without_organisation() -> Self {
        Self::new(
            None,
            "You cannot send sign-in details to a user who belongs to no organisation",
            "Add them to an organisation: frontdesk org add-user ORG",
        )
    }

    /// Somebody who came from DfE Sign-in is not let in.
    pub fn sign_in(reason: Reason) -> Self {
        let (message, hint) = match reason {
            Reason::UnknownUser => {
                ("Nobody using this service has this email address", "Add them first: frontdesk users add, or frontdesk org add-user")
            }
            Reason::DeletedUser => (
                "The user with this email address has been deleted",
                "To let them in again, add them again: frontdesk users add, or frontdesk org add-user",
            ),
            Reason::InactiveUser => {
                ("This user’s account is not active", "To let them in, make it active: frontdesk users edit WHO --active yes")
            }
            Reason::IdentityMismatch => (
                "This user’s account is tied to another DfE Sign-in account",
                "If the person has a new DfE Sign-in account, delete or remove the user and add them again.",
            ),
            _ => ("This user may not sign in", "Look at the account: frontdesk users show WHO"),
        };
        Self::new(Some(reason), message, hint)
    }

    /// An API client is somebody's: the account of a machine answers for nothing.
    pub fn api_client_of_nobody() -> Self {
        Self::new(
            None,
            "You cannot create an API client without saying who you are",
            "Nothing was changed. Only an active user of the service creates API clients: give your email address with --as, FRONTDESK_AS \
             or ‘actor’ in the configuration file.",
        )
    }

    /// An API client that may not be used any more is not changed either.
    pub fn api_client_over(status: ApiClientStatus) -> Self {
        let message = match status {
            ApiClientStatus::Revoked => "You cannot change this API client: it has been revoked",
            _ => "You cannot change this API client: it has expired",
        };
        Self::new(None, message, "Nothing was changed. To have another one: frontdesk api-clients add")
    }

    /// A token is not taken.
    pub fn token(reason: Reason) -> Self {
        let another = "To have another one: frontdesk api-clients add";
        let (message, hint) = match reason {
            Reason::Expired => ("This API client has expired", another),
            Reason::Revoked => ("This API client has been revoked", another),
            Reason::Deleted => ("This API client has been deleted", another),
            _ => ("No API client has this token", "Check that the whole token was given, on one line and with nothing else."),
        };
        Self::new(Some(reason), message, hint)
    }
}
