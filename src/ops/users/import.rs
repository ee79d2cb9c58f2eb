//! Importing users of the service.

use super::add::Addition;
use crate::domain::import::{ImportKind, ImportReport, RowResult, Why};
use crate::domain::user_answers::check_imported;
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk, Work};
use crate::ops::import::{ImportFile, Imported, SoFar, import as import_rows};
use crate::store::users;

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
fn store(work: &mut Work<'_, '_>, batch: Vec<Addition>, so_far: &SoFar) -> Result<Vec<Imported>> {
    let inserted = Addition::insert(work, batch.iter())?;
    // Where nothing was added yet nobody need be looked up: a whole file may be there already.
    let has_added = so_far.has_added || inserted.contains(&true);
    let mut skipped = Vec::new();
    if has_added {
        let rows = batch.iter().zip(&inserted).filter(|(_, inserted)| !**inserted);
        skipped = rows.map(|(addition, _)| addition.user.details.person.email.as_str()).collect();
    }
    let newer = users::newer(work.transaction, &skipped, &so_far.newest)?;
    let mut additions = Vec::with_capacity(batch.len());
    let mut results = Vec::with_capacity(batch.len());
    for (addition, inserted) in batch.into_iter().zip(inserted) {
        let person = &addition.user.details.person;
        results.push(Ok(if inserted {
            RowResult::Added { label: person.label(), emails: addition.invitation.iter().count() as u64 }
        } else {
            let who = person.email.to_string();
            let why = Why::of(newer.contains(&who));
            RowResult::Skipped { who, why }
        }));
        if inserted {
            additions.push(addition);
        }
    }
    Addition::queue_invitations(work, additions.iter())?;
    Addition::record(work, additions.iter())?;
    Ok(results)
}
