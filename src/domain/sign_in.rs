//! Signing in: which account a person who comes from DfE Sign-in gets, or why none.

use super::account::Account;
use super::organisation_user::OrganisationUser;
use super::refusal::Reason;
use super::user::User;

/// Who came: an email address, an id, or both, as DfE Sign-in gave them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub email: Option<String>,
    pub id: Option<String>,
}

/// The accounts of one kind that an identity could mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidates<A> {
    /// The live account that keeps this sign-in id.
    pub by_id: Option<A>,
    /// The live account with this email address.
    pub by_email: Option<A>,
    /// An account that is no longer there had this address.
    pub email_was_deleted: bool,
}

impl<A: Account> Candidates<A> {
    /// The account: by sign-in id whatever its email address, else by email address. An address that
    /// is tied to another id is somebody else's.
    fn find(self, identity: &Identity) -> Result<Option<A>, Reason> {
        match (self.by_id, self.by_email) {
            (Some(account), _) => Ok(Some(account)),
            (None, Some(account)) if identity.id.is_some() && account.sign_in_id().is_some() => Err(Reason::IdentityMismatch),
            (None, found) => Ok(found),
        }
    }
}

/// The account that somebody signs in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedIn {
    User(User),
    OrganisationUser(OrganisationUser),
}

/// Finds the account. A person who is both a support user and an organisation's user signs in as the
/// support user.
///
/// # Errors
/// The reason why nobody is let in.
pub fn admit(identity: &Identity, users: Candidates<User>, members: Candidates<OrganisationUser>) -> Result<SignedIn, Reason> {
    let was_deleted = users.email_was_deleted || members.email_was_deleted;
    // An id says more than an address: an organisation's user who is known by it is no stranger to
    // the support user whose address they have, only another person.
    let is_known_member = members.by_id.is_some();
    match users.find(identity) {
        Ok(Some(user)) if !user.details.active => return Err(Reason::InactiveUser),
        Ok(Some(user)) => return Ok(SignedIn::User(user)),
        Err(reason) if !is_known_member => return Err(reason),
        Ok(None) | Err(_) => {}
    }
    match members.find(identity)? {
        Some(member) => Ok(SignedIn::OrganisationUser(member)),
        None if identity.email.is_none() => Err(Reason::MissingEmail),
        None if was_deleted => Err(Reason::DeletedUser),
        None => Err(Reason::UnknownUser),
    }
}

/// What an account reaches once signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Support,
    ApiOnly,
    /// The organisations that the account belongs to, which may be none.
    Organisation,
}

impl Access {
    /// The access in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::ApiOnly => "api-only",
            Self::Organisation => "organisation",
        }
    }
}

/// The answer to a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    pub account: SignedIn,
    /// What was given and could not be used.
    pub warnings: Vec<String>,
}

impl Admission {
    /// What the account reaches.
    pub fn access(&self) -> Access {
        match &self.account {
            SignedIn::User(user) if user.details.api_user => Access::ApiOnly,
            SignedIn::User(_) => Access::Support,
            SignedIn::OrganisationUser(_) => Access::Organisation,
        }
    }
}
