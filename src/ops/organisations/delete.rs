//! Deleting an organisation that nobody belongs to.

use crate::domain::activity::{Action, Subject};
use crate::domain::change::{ChangeResult, Outcome, changed_fields};
use crate::domain::organisation::{Organisation, WhichOrganisation};
use crate::domain::refusal::Refusal;
use crate::error::Result;
use crate::ops::conflict::refuse_changed_meanwhile;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::guards;
use crate::store::organisations;

/// Deletes an organisation. `seen` is the record that a person said yes to, where time has passed since.
///
/// # Errors
/// Not permitted, protected, none by that name, somebody belongs to it, or the database; nothing is
/// stored.
pub fn delete(
    desk: &mut Desk,
    which: &WhichOrganisation,
    seen: Option<&Organisation>,
    options: &ChangeOptions,
) -> Result<Outcome<Organisation>> {
    desk.change(options, |work| {
        work.actor.may_administer()?;
        guards::check_protected(work, options)?;
        let organisation = super::find(work, which)?;
        let details = &organisation.details;
        if let Some(seen) = seen {
            refuse_changed_meanwhile("organisation", (seen.revision, seen.details.fields()), (organisation.revision, details.fields()))?;
        }
        if organisation.users > 0 {
            return Err(Refusal::organisation_has_users(&organisation.reference(), organisation.users).into());
        }
        let changes = changed_fields(Some(details.fields()), None);
        let by = work.actor.label();
        organisations::delete(work.transaction, &organisation, &by, work.now)?;
        work.record_in(&organisation.reference(), Action::OrganisationDeleted, Subject::from(&organisation), changes.clone())?;
        Ok(Outcome { changes, ..Outcome::new(ChangeResult::Deleted, Some(organisation), options.dry_run) })
    })
}
