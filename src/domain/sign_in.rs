//! Signing in: which account a person who comes from DfE Sign-in gets, or why none.

use super::refusal::Reason;
use super::user::User;

/// Who came: an email address, an id, or both, as DfE Sign-in gave them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub email: Option<String>,
    pub id: Option<String>,
}

/// The accounts that an identity could mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The live account that keeps this sign-in id.
    pub by_id: Option<User>,
    /// The live account with this email address.
    pub by_email: Option<User>,
    /// No live account has the address, but a deleted one had it.
    pub email_was_deleted: bool,
}

/// Finds the account: by sign-in id whatever its email address, else by email address.
///
/// # Errors
/// The reason why nobody is let in.
pub fn admit(identity: &Identity, candidates: Candidates) -> Result<User, Reason> {
    let user = match (candidates.by_id, candidates.by_email) {
        (Some(user), _) => user,
        (None, _) if identity.email.is_none() => return Err(Reason::MissingEmail),
        (None, None) if candidates.email_was_deleted => return Err(Reason::DeletedUser),
        (None, None) => return Err(Reason::UnknownUser),
        // Before “not active”: this is somebody else, who learns nothing about the account.
        (None, Some(user)) if identity.id.is_some() && user.sign_in_id.is_some() => return Err(Reason::IdentityMismatch),
        (None, Some(user)) => user,
    };
    if user.details.active { Ok(user) } else { Err(Reason::InactiveUser) }
}

/// What an account reaches once signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Support,
    ApiOnly,
}

impl Access {
    /// What this user reaches.
    pub fn of(user: &User) -> Self {
        if user.details.api_user { Self::ApiOnly } else { Self::Support }
    }

    /// The access in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::ApiOnly => "api-only",
        }
    }
}

/// The answer to a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    pub access: Access,
    pub user: User,
    /// What was given and could not be used.
    pub warnings: Vec<String>,
}
