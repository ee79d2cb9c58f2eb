//! Renaming an API client. When it expires was decided with its token, and stays.

use super::add::name_in_use;
use super::{Which, find};
use crate::domain::activity::{Action, Subject};
use crate::domain::answers::Answers;
use crate::domain::api_client::{ApiClient, ApiClientStatus};
use crate::domain::api_client_answers::{check_edit, name_of};
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::problem::Problems;
use crate::domain::refusal::Refusal;
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::store::api_clients;

/// Renames an API client that is active.
///
/// # Errors
/// Not permitted, none by that id, not active, a problem with the answer, changed meanwhile, or the
/// database; nothing is stored.
pub fn edit(desk: &mut Desk, which: Which<'_>, answers: &Answers, options: &ChangeOptions) -> Result<Outcome<ApiClient>> {
    desk.change(options, |work| {
        work.actor.may_use_api_clients()?;
        let before = find(work, which)?;
        if before.status != ApiClientStatus::Active {
            return Err(Refusal::api_client_over(before.status).into());
        }
        let is_in_use = match name_of(answers) {
            Some(name) => api_clients::name_is_in_use(work.transaction, &before.created_by.id, &name, &before.id)?,
            None => false,
        };
        let details = Problems::also(check_edit(answers, &before.details), is_in_use.then(name_in_use))?;
        let changes = details.changes_from(Some(&before.details));
        if changes.is_empty() {
            return Ok(Outcome::new(ChangeResult::Unchanged, Some(before), options.dry_run));
        }
        api_clients::rename(work.transaction, &before, &details.name, work.now)?;
        let after = ApiClient { details, revision: before.revision + 1, ..before };
        work.record(Action::ApiClientUpdated, Subject::from(&after), changes.clone())?;
        Ok(Outcome { changes, ..Outcome::new(ChangeResult::Updated, Some(after), options.dry_run) })
    })
}
