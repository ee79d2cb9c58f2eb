//! The service's own users: who they are, and adding, editing and deleting them
//! (seeds 000 and 001).

mod add;
mod delete;
mod edit;
mod look;

pub use self::add::add;
pub use self::delete::delete;
pub use self::edit::edit;
pub use self::look::{exists, list, show};

use crate::domain::email_address::EmailAddress;
use crate::domain::problem::{Code, Field, Problem, Problems};
use crate::domain::service::ServiceKind;
use crate::domain::who::Who;
use crate::error::{Error, Result};
use crate::store::{Transaction, users};

/// Nobody answers to this name.
pub(super) fn nobody(who: &Who) -> Error {
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

/// Adds “in use” to the other problems when somebody else has the address.
fn note_email_in_use(
    transaction: &mut Transaction<'_>,
    problems: &mut Problems,
    email: Option<&EmailAddress>,
    except: Option<&str>,
) -> Result<()> {
    if let Some(email) = email
        && let Some(other) = users::find_by_email(transaction, email.as_str())?
        && except != Some(other.id.as_str())
    {
        problems.add(Problem::with_user(Field::Email, Code::EmailInUse));
    }
    Ok(())
}
