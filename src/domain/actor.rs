//! Who is acting, and what they may do (support users and API users: seeds 000; an organisation's own
//! people: seed 003). The identity is asserted, as an author's is in git; what protects the data is
//! who can open it.

use super::account::Account;
use super::organisation_user::OrganisationUser;
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
    OrganisationUser(Box<OrganisationUser>),
}

impl Actor {
    /// Their account, where they have one.
    pub fn account(&self) -> Option<&dyn Account> {
        match self {
            Self::OperatingSystem { .. } => None,
            Self::User(user) => Some(user.as_ref()),
            Self::OrganisationUser(user) => Some(user.as_ref()),
        }
    }

    /// The name that the activity keeps.
    pub fn label(&self) -> String {
        match self {
            Self::OperatingSystem { label } => label.clone(),
            Self::User(user) => user.full_name(),
            Self::OrganisationUser(user) => user.full_name(),
        }
    }

    /// The address that the activity keeps.
    pub fn email(&self) -> Option<&str> {
        self.account().map(|account| account.email().as_str())
    }

    /// Whether they may see and change users, organisations, emails, activity and settings.
    ///
    /// # Errors
    /// The refusal: not active, an API user, or an organisation's own user.
    pub fn may_administer(&self) -> Result<(), Refusal> {
        match self {
            Self::OperatingSystem { .. } => Ok(()),
            Self::User(user) if !user.details.active => Err(Refusal::not_active()),
            Self::User(user) if user.details.api_user => Err(Refusal::no_permission("API users do not administer users or the service.")),
            Self::User(_) => Ok(()),
            Self::OrganisationUser(_) => Err(Refusal::not_for_organisation_users()),
        }
    }

    /// Whether they may see, add and remove the users of those organisations that they know of.
    ///
    /// # Errors
    /// The refusal: not active, or an API user.
    pub fn may_work_in_organisations(&self) -> Result<(), Refusal> {
        match self {
            Self::OrganisationUser(_) => Ok(()),
            _ => self.may_administer(),
        }
    }

    /// Whether they may see and change API clients: all of them, or an API user their own.
    ///
    /// # Errors
    /// The refusal: not active, or an organisation's own user.
    pub fn may_use_api_clients(&self) -> Result<(), Refusal> {
        match self {
            Self::User(user) if user.details.active => Ok(()),
            _ => self.may_administer(),
        }
    }

    /// The user who may create an API client, and answers for it.
    ///
    /// # Errors
    /// The refusal: as above, or nobody who could answer for it.
    pub fn may_create_api_clients(&self) -> Result<&User, Refusal> {
        self.may_use_api_clients()?;
        match self {
            Self::User(user) => Ok(user),
            _ => Err(Refusal::api_client_of_nobody()),
        }
    }

    /// The account whose API clients are all that they may know of; nothing where they may know of
    /// every one.
    pub fn sees_api_clients_of(&self) -> Option<&str> {
        match self {
            Self::User(user) if user.details.api_user => Some(&user.id),
            _ => None,
        }
    }

    /// The account whose memberships are all that they may know of; nothing where they may know of
    /// every organisation.
    pub fn sees_organisations_of(&self) -> Option<&str> {
        match self {
            Self::OrganisationUser(user) => Some(&user.id),
            Self::OperatingSystem { .. } | Self::User(_) => None,
        }
    }

    /// Whether they may change this account: anybody's but their own.
    ///
    /// # Errors
    /// The refusal, when the account is theirs by id, address or sign-in id.
    pub fn may_act_on(&self, other: &dyn Account) -> Result<(), Refusal> {
        let Some(own) = self.account() else { return Ok(()) };
        let same_sign_in = own.sign_in_id().is_some() && own.sign_in_id() == other.sign_in_id();
        let is_own = own.account_id() == other.account_id() || own.email() == other.email() || same_sign_in;
        if is_own { Err(Refusal::yourself()) } else { Ok(()) }
    }
}
