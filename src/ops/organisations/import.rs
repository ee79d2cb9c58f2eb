//! Importing organisations.

use crate::domain::import::{ImportKind, ImportReport, RowResult};
use crate::domain::organisation::{OrganisationDetails, WhichOrganisation};
use crate::domain::organisation_answers::check_new;
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::import::{ImportFile, import as import_rows, one_by_one};
use crate::store::organisations;

/// Adds every organisation in a file whose code is not there yet.
///
/// # Errors
/// As for every import.
pub fn import<Source: Send>(desk: &mut Desk, file: ImportFile<'_, Source>, options: &ChangeOptions) -> Result<ImportReport> {
    let store = one_by_one(|work, details: OrganisationDetails, so_far| {
        if let Some(found) = organisations::find(work.transaction, &WhichOrganisation::new(&details.code), None)? {
            return Ok(Ok(RowResult::Skipped { who: details.code, why: so_far.why(&found.id) }));
        }
        let added = super::add::store(work, details, options)?;
        let label = added.record.map(|organisation| organisation.reference().label()).unwrap_or_default();
        Ok(Ok(RowResult::Added { label, emails: 0 }))
    });
    import_rows(desk, ImportKind::Organisations, file, options, |_clerk, answers| Ok(check_new(answers)), store)
}
