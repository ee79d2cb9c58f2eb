//! What the accounts of a service's own users and of its organisations' users have in common: they
//! can be told apart, written to, and tied to a DfE Sign-in account.

use super::email_address::EmailAddress;

/// Which of the two kinds of account; one person may have one of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountKind {
    /// A support user or an API user.
    User,
    OrganisationUser,
}

impl AccountKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::User, Self::OrganisationUser];

    /// The kind on a command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::OrganisationUser => "organisation-user",
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// An account, by its kind and its UUIDv7.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountId {
    pub kind: AccountKind,
    pub id: String,
}

/// An account of either kind.
pub trait Account {
    /// Its kind and id.
    fn account_id(&self) -> AccountId;

    /// The first name, by which emails greet its owner.
    fn first_name(&self) -> &str;

    /// First and last name, as lists show them.
    fn full_name(&self) -> String;

    /// The address that it signs in with.
    fn email(&self) -> &EmailAddress;

    /// The identity that DfE Sign-in gave at the first sign-in.
    fn sign_in_id(&self) -> Option<&str>;

    /// Whether it may use the API alone.
    fn is_api_user(&self) -> bool {
        false
    }
}
