//! API clients: what users of the service let programs act with (seed 000). Whoever may only use the
//! API sees their own and learns nothing of any other, not even that it exists.

mod add;
mod check;
mod delete;
mod edit;
mod look;
mod owner;
mod revoke;

pub use self::add::{add, check_may_add};
pub use self::check::{check, record_use};
pub use self::delete::delete;
pub use self::edit::edit;
pub use self::look::{check_may_use, list, show};
pub(super) use self::owner::{delete_all_of, revoke_all_of};
pub use self::revoke::revoke;

use super::conflict::refuse_changed_meanwhile;
use super::desk::Work;
use crate::domain::api_client::{ApiClient, ApiClientStatus};
use crate::domain::change::FieldChange;
use crate::domain::problem::Field;
use crate::error::{Error, Result};
use crate::store::api_clients;

/// An API client as a command names it.
#[derive(Debug, Clone, Copy)]
pub enum Which<'a> {
    /// By its id, as it was typed.
    Typed(&'a str),
    /// The one that the person was shown a moment ago: somebody else's change of it since is not
    /// overwritten.
    Seen(&'a ApiClient),
}

/// The API client that is named, if the actor may know of it. The words are the same whether there is
/// none or it is another's.
fn find(work: &mut Work<'_, '_>, which: Which<'_>) -> Result<ApiClient> {
    let id = match which {
        Which::Typed(id) => id.trim().to_ascii_lowercase(),
        Which::Seen(seen) => seen.id.clone(),
    };
    let found = api_clients::find(work.transaction, &id, work.actor.sees_api_clients_of(), work.now)?;
    match (found, which) {
        (Some(client), Which::Seen(seen)) => {
            refuse_changed_meanwhile(NOUN, (seen.revision, as_seen(seen)), (client.revision, as_seen(&client)))?;
            Ok(client)
        }
        (Some(client), Which::Typed(_)) => Ok(client),
        (None, Which::Typed(id)) => Err(Error::not_found(format!("There is no API client with the id {}", id.trim()))
            .hint("To see every API client: frontdesk api-clients list")),
        (None, Which::Seen(seen)) => {
            Err(Error::not_found(format!("The API client {} that you looked at is no longer there", seen.details.name))
                .hint("Nothing was changed. Somebody else deleted it meanwhile."))
        }
    }
}

const NOUN: &str = "API client";

fn as_seen(client: &ApiClient) -> [(Field, String); 2] {
    client.details.fields()
}

/// That an API client was taken out of use, as the activity keeps it.
fn revocation(client: &ApiClient) -> Vec<FieldChange> {
    let status = |status: ApiClientStatus| Some(status.key().to_owned());
    vec![FieldChange { field: "status".to_owned(), before: status(client.status), after: status(ApiClientStatus::Revoked) }]
}
