//! Renaming an organisation. Its code stays: scripts and files name it by that.

use crate::domain::activity::{Action, Subject};
use crate::domain::answers::Answers;
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::organisation::{Organisation, WhichOrganisation};
use crate::domain::organisation_answers::check_edit;
use crate::error::Result;
use crate::ops::conflict::refuse_changed_meanwhile;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::store::organisations;

/// Edits an organisation. `seen` is the record that the answers were checked against, where time has
/// passed since: then somebody else's change is not overwritten.
///
/// # Errors
/// Not permitted, none by that name, a problem with the answers, changed meanwhile, or the database;
/// nothing is stored.
pub fn edit(
    desk: &mut Desk,
    which: &WhichOrganisation,
    answers: &Answers,
    seen: Option<&Organisation>,
    options: &ChangeOptions,
) -> Result<Outcome<Organisation>> {
    desk.change(options, |work| {
        work.actor.may_administer()?;
        let before = super::find(work, which)?;
        if let Some(seen) = seen {
            refuse_changed_meanwhile("organisation", (seen.revision, seen.details.fields()), (before.revision, before.details.fields()))?;
        }
        let details = check_edit(answers, &before.details)?;
        let changes = details.changes_from(Some(&before.details));
        if changes.is_empty() {
            return Ok(Outcome::new(ChangeResult::Unchanged, Some(before), options.dry_run));
        }
        organisations::rename(work.transaction, &before, &details.name, work.now)?;
        let after = Organisation { details, updated_at: work.now, revision: before.revision + 1, ..before };
        work.record_in(&after.reference(), Action::OrganisationUpdated, Subject::from(&after), changes.clone())?;
        Ok(Outcome { changes, ..Outcome::new(ChangeResult::Updated, Some(after), options.dry_run) })
    })
}
