//! What becomes of somebody's API clients when their account goes out of use, in the same transaction:
//! nobody would be left to answer for them.

use super::revocation;
use crate::domain::activity::{Action, Subject};
use crate::domain::api_client::ApiClientStatus;
use crate::domain::change::changed_fields;
use crate::domain::user::User;
use crate::error::Result;
use crate::ops::desk::Work;
use crate::store::api_clients;

/// Revokes every API client of a user that is not yet revoked, for good: they stay so if the account is
/// made active again. Returns how many there were.
///
/// # Errors
/// The database.
pub fn revoke_all_of(work: &mut Work<'_, '_>, owner: &User) -> Result<u64> {
    let by = work.actor.label();
    let mut revoked = 0;
    for client in api_clients::of_owner(work.transaction, &owner.id, work.now)? {
        if client.status != ApiClientStatus::Revoked {
            api_clients::revoke(work.transaction, &client, &by, work.now)?;
            work.record(Action::ApiClientRevoked, Subject::from(&client), revocation(&client))?;
            revoked += 1;
        }
    }
    Ok(revoked)
}

/// Deletes every API client of a user. Returns how many there were.
///
/// # Errors
/// The database.
pub fn delete_all_of(work: &mut Work<'_, '_>, owner: &User) -> Result<u64> {
    let by = work.actor.label();
    let clients = api_clients::of_owner(work.transaction, &owner.id, work.now)?;
    for client in &clients {
        api_clients::delete(work.transaction, client, &by, work.now)?;
        work.record(Action::ApiClientDeleted, Subject::from(client), changed_fields(Some(client.details.fields()), None))?;
    }
    Ok(clients.len() as u64)
}
