//! Importing organisations.

use crate::domain::import::{ImportKind, ImportReport, RowResult};
use crate::domain::organisation::WhichOrganisation;
use crate::domain::organisation_answers::check_new;
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::import::{Rows, import as import_rows};
use crate::store::organisations;

/// Adds every organisation in a file whose code is not there yet.
///
/// # Errors
/// As for every import.
pub fn import(desk: &mut Desk, rows: &mut dyn Rows, options: &ChangeOptions) -> Result<ImportReport> {
    import_rows(desk, ImportKind::Organisations, rows, options, |work, answers| {
        let details = match check_new(answers) {
            Ok(details) => details,
            Err(problems) => return Ok(Err(problems)),
        };
        if organisations::find(work.transaction, &WhichOrganisation::new(&details.code), None)?.is_some() {
            return Ok(Ok(RowResult::Skipped));
        }
        let added = super::add::store(work, details, options)?;
        let label = added.record.map(|organisation| organisation.reference().label()).unwrap_or_default();
        Ok(Ok(RowResult::Added { label, emails: 0 }))
    })
}
