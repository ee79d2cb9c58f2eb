//! A backup of a desk in a file: of one moment, checked, and there whole or not at all.

use std::path::Path;

use super::desk::Desk;
use crate::domain::backup::BackedUp;
use crate::domain::notice::EmailStatus;
use crate::error::{Error, ErrorKind, Result};
use crate::store::transfer::Watch;
pub use crate::store::{Stop, copies::refuse_taken};
use crate::store::{copies, emails, transfer};

/// Writes a backup of the desk to where nothing is yet. Whoever changes the desk meanwhile does not wait for
/// it, and what they store after it has begun is not in it.
///
/// # Errors
/// Not permitted, the desk cannot be read, the file cannot be written, what is in it is not what was there,
/// or somebody wants the run to stop; then there is no file.
pub fn back_up(desk: &mut Desk, target: &Path, stop: &Stop, watch: Watch<'_>) -> Result<BackedUp> {
    let (backed_up, file) = desk.look(|work| {
        work.actor.may_administer()?;
        let contents = transfer::contents(work.transaction)?;
        let waiting = emails::count(work.transaction, Some(EmailStatus::Queued))?;
        let file = copies::copy(work.transaction, target, stop, watch)?;
        Ok((BackedUp { contents, waiting }, file))
    })?;
    let mut copy = copies::open(&file, target, stop)?;
    let checked = copies::check(&mut copy, desk.kind).and_then(|()| copy.read(transfer::contents));
    drop(copy);
    let is_whole = match checked {
        Ok(contents) => contents == backed_up.contents,
        Err(error) if error.kind == ErrorKind::Interrupted => return Err(error),
        Err(error) => return Err(unsound(&error)),
    };
    if !is_whole {
        return Err(unsound(&Error::unavailable("It does not hold every record")));
    }
    file.put()?;
    Ok(backed_up)
}

/// A copy of a damaged desk would be taken for one to go back to.
fn unsound(found: &Error) -> Error {
    Error::unavailable(format!("No backup was made, because the copy is not sound. {}", found.message))
        .hint("See what is wrong with the desk: frontdesk doctor")
}
