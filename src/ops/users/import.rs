//! Importing users of the service.

use crate::domain::import::{ImportKind, ImportReport, RowResult};
use crate::domain::user_answers::check_imported;
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::import::{Rows, import as import_rows};

/// Adds everybody in a file who is not there yet, each with an invitation that waits to be sent.
///
/// # Errors
/// As for every import.
pub fn import(desk: &mut Desk, rows: &mut dyn Rows, options: &ChangeOptions) -> Result<ImportReport> {
    let asks_api_user = desk.kind.has_api_users();
    import_rows(desk, ImportKind::Users, rows, options, |work, answers| {
        let details = match check_imported(answers, asks_api_user) {
            Ok(details) => details,
            Err(problems) => return Ok(Err(problems)),
        };
        Ok(Ok(match super::add::store(work, details, options)? {
            Some(added) => {
                let label = added.record.map(|user| user.details.person.label()).unwrap_or_default();
                RowResult::Added { label, emails: added.emails.len() as u64 }
            }
            None => RowResult::Skipped,
        }))
    })
}
