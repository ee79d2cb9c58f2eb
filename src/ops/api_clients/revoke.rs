//! Taking an API client out of use for good. It stays in the lists.

use super::{Which, find, revocation};
use crate::domain::activity::{Action, Subject};
use crate::domain::api_client::{ApiClient, ApiClientStatus};
use crate::domain::change::{ChangeResult, Outcome};
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::guards;
use crate::store::api_clients;

/// Revokes an API client; one that is revoked already stays as it is.
///
/// # Errors
/// Not permitted, protected, none by that id, changed meanwhile, or the database; nothing is stored.
pub fn revoke(desk: &mut Desk, which: Which<'_>, options: &ChangeOptions) -> Result<Outcome<ApiClient>> {
    desk.change(options, |work| {
        work.actor.may_use_api_clients()?;
        guards::check_protected(work, options)?;
        let client = find(work, which)?;
        if client.status == ApiClientStatus::Revoked {
            return Ok(Outcome::new(ChangeResult::Unchanged, Some(client), options.dry_run));
        }
        let changes = revocation(&client);
        let by = work.actor.label();
        api_clients::revoke(work.transaction, &client, &by, work.now)?;
        work.record(Action::ApiClientRevoked, Subject::from(&client), changes.clone())?;
        let revoked = ApiClient { status: ApiClientStatus::Revoked, revision: client.revision + 1, ..client };
        Ok(Outcome { changes, ..Outcome::new(ChangeResult::Revoked, Some(revoked), options.dry_run) })
    })
}
