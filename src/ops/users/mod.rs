//! The service's own users: who they are, and adding, editing and deleting them
//! (seeds 000 and 001).

mod add;
mod delete;
mod edit;
mod export;
mod import;
mod look;

pub use self::add::add;
pub use self::delete::delete;
pub use self::edit::edit;
pub use self::export::export;
pub use self::import::import;
pub use self::look::{exists, list, show};

use super::desk::Work;
use crate::domain::account::AccountKind;
use crate::domain::email_address::EmailAddress;
use crate::domain::nearest::nearest_address;
use crate::domain::problem::{Code, Field, Problem};
use crate::domain::service::ServiceKind;
use crate::domain::user::User;
use crate::domain::who::Who;
use crate::error::{Error, Result};
use crate::store::glance::{self, Offer};
use crate::store::{Transaction, users};

/// The user of this name.
fn find(work: &mut Work<'_, '_>, who: &Who) -> Result<User> {
    match users::find(work.transaction, who)? {
        Some(user) => Ok(user),
        None => Err(nobody(work, who)?),
    }
}

/// Nobody answers to this name.
fn nobody(work: &mut Work<'_, '_>, who: &Who) -> Result<Error> {
    if who.is_exact() {
        return Ok(Error::not_found(format!("The account of {} that you looked at is no longer there", who.shown()))
            .hint("Nothing was changed. Somebody else deleted them meanwhile."));
    }
    let near = glance::users_near(work.transaction, &who.folded())?;
    Ok(Error::not_found(format!("There is no user called {}", who.shown())).hint(advice(who, &near, "frontdesk users list")))
}

/// Nobody answers to this name, among the users of the organisations either, or among those of one kind
/// that was said.
pub(super) fn nobody_anywhere(work: &mut Work<'_, '_>, who: &Who, kind: Option<AccountKind>) -> Result<Error> {
    let is_meant = |wanted| kind.is_none_or(|kind| kind == wanted);
    let mut near = Vec::new();
    if is_meant(AccountKind::User) {
        near.extend(glance::users_near(work.transaction, &who.folded())?);
    }
    if is_meant(AccountKind::OrganisationUser) {
        near.extend(glance::organisation_users_near(work.transaction, &who.folded())?);
    }
    let everybody = "frontdesk users list, and frontdesk org users ORG";
    Ok(Error::not_found(format!("There is no user called {}", who.shown())).hint(advice(who, &near, everybody)))
}

/// How to name a person, and whom somebody who typed this may have meant of those whose addresses stand
/// next to it.
pub(super) fn advice(who: &Who, near: &[Offer], everybody: &str) -> String {
    let addresses: Vec<&str> = near.iter().map(|person| person.value.as_str()).collect();
    let meant = nearest_address(who.as_typed(), &addresses).and_then(|meant| near.iter().find(|person| person.value == meant));
    let meant = meant.map_or_else(String::new, |person| format!("Did you mean ‘{}’ ({})? ", person.value, person.description));
    format!("{meant}Give an email address, an id or a sign-in id. To see everybody: {everybody}")
}

/// Refuses a flag that was given though only some services ask its question. It is about the command
/// line, so it is checked before anybody's permission.
fn refuse_not_asked(kind: ServiceKind, flags: &[(&str, bool)]) -> Result<()> {
    match flags.iter().find(|(_, given)| *given) {
        Some((flag, _)) if !kind.has_api_users() => {
            Err(Error::usage(format!("{flag} cannot be used: {} has no API users and nobody who is not active", kind.default_name()))
                .hint("Nothing was changed. Leave the flag out."))
        }
        _ => Ok(()),
    }
}

/// The problem that somebody else has this address, if somebody has.
fn email_in_use(transaction: &mut Transaction<'_>, email: Option<&EmailAddress>, except: Option<&str>) -> Result<Option<Problem>> {
    let other = match email {
        Some(email) => users::find_by_email(transaction, email.as_str())?,
        None => None,
    };
    let other = other.filter(|other| except != Some(other.id.as_str()));
    Ok(other.map(|_| Problem::with_user(Field::Email, Code::EmailInUse)))
}
