//! Who is acting, and what they may do (rules for support users and API users: seeds 000).
//! The identity is asserted, as an author's is in git; what protects the data is who can open it.

use super::refusal::Refusal;
use super::user::User;

/// Who the person at the command line says they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActorClaim {
    /// An account of the service, by its email address, and where the claim was made (`--as`).
    Email { email: String, origin: String },
    /// Nobody was named: the operating-system account, trusted as whoever can write the database.
    OperatingSystem,
}

/// Who is acting, looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// `os:NAME@HOST`; empty in a look, which records nobody’s name.
    OperatingSystem {
        label: String,
    },
    User(Box<User>),
}

impl Actor {
    /// The name that the activity keeps.
    pub fn label(&self) -> String {
        match self {
            Self::OperatingSystem { label } => label.clone(),
            Self::User(user) => user.details.full_name(),
        }
    }

    /// The address that the activity keeps.
    pub fn email(&self) -> Option<&str> {
        match self {
            Self::OperatingSystem { .. } => None,
            Self::User(user) => Some(user.details.email.as_str()),
        }
    }

    /// The account's id.
    pub fn user_id(&self) -> Option<&str> {
        match self {
            Self::OperatingSystem { .. } => None,
            Self::User(user) => Some(&user.id),
        }
    }

    /// Whether they may see and change users, emails, activity and settings.
    ///
    /// # Errors
    /// The refusal: not active, or an API user.
    pub fn may_administer(&self) -> Result<(), Refusal> {
        match self {
            Self::OperatingSystem { .. } => Ok(()),
            Self::User(user) if !user.details.active => Err(Refusal::not_active()),
            Self::User(user) if user.details.api_user => Err(Refusal::no_permission("API users do not administer users or the service.")),
            Self::User(_) => Ok(()),
        }
    }

    /// Whether they may change this account: anybody's but their own.
    ///
    /// # Errors
    /// The refusal, when the account is theirs by id, address or sign-in id.
    pub fn may_act_on(&self, user: &User) -> Result<(), Refusal> {
        let Self::User(actor) = self else { return Ok(()) };
        let same_sign_in = actor.sign_in_id.is_some() && actor.sign_in_id == user.sign_in_id;
        if actor.id == user.id || actor.details.email == user.details.email || same_sign_in { Err(Refusal::yourself()) } else { Ok(()) }
    }
}
