//! Importing users of the service.

use super::add::Addition;
use crate::domain::import::{ImportKind, ImportReport, RowResult};
use crate::domain::user_answers::check_imported;
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk, Work};
use crate::ops::import::{ImportFile, Imported, import as import_rows};

/// Adds everybody in a file who is not there yet, each with an invitation that waits to be sent.
///
/// # Errors
/// As for every import.
pub fn import<Source: Send>(desk: &mut Desk, file: ImportFile<'_, Source>, options: &ChangeOptions) -> Result<ImportReport> {
    let asks_api_user = desk.kind.has_api_users();
    import_rows(
        desk,
        ImportKind::Users,
        file,
        options,
        |clerk, answers| match check_imported(answers, asks_api_user) {
            Ok(details) => Addition::compose(clerk, details).map(Ok),
            Err(problems) => Ok(Err(problems)),
        },
        store,
    )
}

/// Stores the users of a batch, then their emails, then what the activity says of them: the database is
/// quicker with one table after the other.
fn store(work: &mut Work<'_, '_>, batch: Vec<Addition>) -> Result<Vec<Imported>> {
    let inserted = Addition::insert(work, batch.iter())?;
    let additions: Vec<_> = batch.into_iter().zip(inserted).map(|(addition, inserted)| inserted.then_some(addition)).collect();
    Addition::queue_invitations(work, additions.iter().flatten())?;
    Addition::record(work, additions.iter().flatten())?;
    Ok(additions.iter().map(|addition| Ok(result(addition.as_ref()))).collect())
}

fn result(addition: Option<&Addition>) -> RowResult {
    addition.map_or(RowResult::Skipped, |addition| RowResult::Added {
        label: addition.user.details.person.label(),
        emails: addition.invitation.iter().count() as u64,
    })
}
