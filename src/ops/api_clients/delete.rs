//! Deleting an API client: its token is no longer taken, and its name is free again.

use super::{Which, find};
use crate::domain::activity::{Action, Subject};
use crate::domain::api_client::ApiClient;
use crate::domain::change::{ChangeResult, Outcome, changed_fields};
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::guards;
use crate::store::api_clients;

/// Deletes an API client, whatever its status.
///
/// # Errors
/// Not permitted, protected, none by that id, changed meanwhile, or the database; nothing is stored.
pub fn delete(desk: &mut Desk, which: Which<'_>, options: &ChangeOptions) -> Result<Outcome<ApiClient>> {
    desk.change(options, |work| {
        work.actor.may_use_api_clients()?;
        guards::check_protected(work, options)?;
        let client = find(work, which)?;
        let changes = changed_fields(Some(client.details.fields()), None);
        let by = work.actor.label();
        api_clients::delete(work.transaction, &client, &by, work.now)?;
        work.record(Action::ApiClientDeleted, Subject::from(&client), changes.clone())?;
        Ok(Outcome { changes, ..Outcome::new(ChangeResult::Deleted, Some(client), options.dry_run) })
    })
}
