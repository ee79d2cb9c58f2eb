//! Importing users of the service.

use super::add::{insert, invite, record};
use crate::domain::import::{ImportKind, ImportReport, RowResult};
use crate::domain::user::UserDetails;
use crate::domain::user_answers::check_imported;
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk, Work};
use crate::ops::import::{ImportFile, Imported, import as import_rows};
use crate::store::person_keys::PersonKeys;

/// Adds everybody in a file who is not there yet, each with an invitation that waits to be sent.
///
/// # Errors
/// As for every import.
pub fn import<Source: Send>(desk: &mut Desk, file: ImportFile<'_, Source>, options: &ChangeOptions) -> Result<ImportReport> {
    let asks_api_user = desk.kind.has_api_users();
    let check = |answers: &_| {
        let details = check_imported(answers, asks_api_user)?;
        let keys = PersonKeys::of(&details.person);
        Ok((details, keys))
    };
    import_rows(desk, ImportKind::Users, file, options, check, store)
}

/// Stores the users of a batch, then their emails, then what the activity says of them: the database is
/// quicker with one table after the other.
fn store(work: &mut Work<'_, '_>, batch: Vec<(UserDetails, PersonKeys)>) -> Result<Vec<Imported>> {
    let mut users = Vec::with_capacity(batch.len());
    for (details, keys) in batch {
        users.push(insert(work, details, &keys)?);
    }
    let mut results = Vec::with_capacity(users.len());
    for user in &users {
        results.push(Ok(match user {
            Some(user) => {
                let emails = invite(work, user)?.into_iter().count() as u64;
                RowResult::Added { label: user.details.person.label(), emails }
            }
            None => RowResult::Skipped,
        }));
    }
    for user in users.iter().flatten() {
        record(work, user)?;
    }
    Ok(results)
}
