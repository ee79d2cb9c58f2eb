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

use crate::domain::email_address::EmailAddress;
use crate::domain::problem::{Code, Field, Problem};
use crate::domain::service::ServiceKind;
use crate::domain::who::Who;
use crate::error::{Error, Result};
use crate::store::{Transaction, users};

/// Nobody answers to this name.
pub(super) fn nobody(who: &Who) -> Error {
    if who.is_exact() {
        return Error::not_found(format!("The account of {} that you looked at is no longer there", who.shown()))
            .hint("Nothing was changed. Somebody else deleted them meanwhile.");
    }
    Error::not_found(format!("There is no user called {}", who.shown()))
        .hint("Give an email address, an id or a sign-in id. To see everybody: frontdesk users list")
}

/// Nobody answers to this name, among the users of the organisations either.
pub(super) fn nobody_anywhere(who: &Who) -> Error {
    nobody(who).hint("Give an email address, an id or a sign-in id. To see everybody: frontdesk users list, and frontdesk org users ORG")
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
