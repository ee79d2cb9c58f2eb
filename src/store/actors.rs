//! Who is acting: the account that a claim names.

use super::driver::Transaction;
use super::{organisation_users, users};
use crate::domain::actor::{Actor, ActorClaim};
use crate::domain::email_address::EmailAddress;
use crate::error::Result;

/// Finds who is meant by a claim; nobody where no live account has the address. The
/// operating-system account goes by this label.
///
/// # Errors
/// The database cannot be used.
pub fn find(transaction: &mut Transaction<'_>, claim: &ActorClaim, label: &str) -> Result<Option<Actor>> {
    let email = match claim {
        ActorClaim::OperatingSystem => return Ok(Some(Actor::OperatingSystem { label: label.to_owned() })),
        ActorClaim::Email { email, .. } => email,
    };
    let Ok(address) = EmailAddress::parse(email) else { return Ok(None) };
    // Whoever is both acts as the support user.
    if let Some(user) = users::find_by_email(transaction, address.as_str())? {
        return Ok(Some(Actor::User(Box::new(user))));
    }
    let user = organisation_users::find_by_email(transaction, address.as_str())?;
    Ok(user.map(|user| Actor::OrganisationUser(Box::new(user))))
}
