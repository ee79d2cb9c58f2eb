//! What an error of SQLite means to the person at the terminal.

use std::path::Path;

use rusqlite::ErrorCode;

use super::BUSY_TIMEOUT;
use crate::error::Error;
use crate::store::row::WrongValue;

/// Turns an error of SQLite into what happened, what was not changed, and what to do.
pub fn explain(error: rusqlite::Error, path: &Path) -> Error {
    let shown = path.display();
    let explained = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => busy(path),
        Some(ErrorCode::OperationInterrupted) => Error::interrupted(),
        Some(ErrorCode::NotADatabase) => Error::unavailable(format!("{shown} is not a database"))
            .hint("Nothing was changed. If it should be one, go back to a copy of it; otherwise give another path with --database."),
        Some(ErrorCode::DatabaseCorrupt) => Error::unavailable(format!("The database {shown} is damaged"))
            .hint("Nothing was changed. Go back to a copy of the database from before the damage."),
        // The memory that readers and writers share is a file too, and SQLite has another word for it.
        _ if extended_code(&error) == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE) => disk_full(path),
        Some(ErrorCode::DiskFull) => disk_full(path),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => read_only(path),
        Some(ErrorCode::CannotOpen) => Error::unavailable(format!("The database {shown} cannot be opened"))
            .hint("Nothing was changed. Check that the file and its directory may be read and written by you, or give another path with --database."),
        Some(ErrorCode::SystemIoFailure) => Error::unavailable(format!("The disk of the database {shown} failed to read or write"))
            .hint("Nothing was changed. Check the disk, and whether there is room on it, then run the command again."),
        Some(ErrorCode::OutOfMemory) => Error::unavailable(format!("There is not enough memory for the database {shown}"))
            .hint("Nothing was changed. End other programs, or raise the limit on memory, then run the command again."),
        Some(ErrorCode::ConstraintViolation) => Error::conflict("The change does not fit what somebody else stored meanwhile")
            .hint("Nothing was changed. Look at the record again, then run the command again."),
        // A statement that fits every database of this schema does not fit this one.
        Some(ErrorCode::Unknown) if extended_code(&error) == Some(rusqlite::ffi::SQLITE_ERROR) => {
            Error::unavailable(format!("The database {shown} is damaged: it does not have the tables that frontdesk made"))
                .hint("Nothing was changed. Go back to a copy of the database from before the damage.")
        }
        _ => return Error::internal(error),
    };
    explained.caused_by(error)
}

fn extended_code(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}

/// Whether a file could not be opened for want of the files that SQLite makes beside it.
pub fn is_about_files_beside(error: &Error) -> bool {
    let cause = error.cause.as_ref().and_then(|cause| cause.downcast_ref::<rusqlite::Error>());
    let code = cause.and_then(rusqlite::Error::sqlite_error_code);
    matches!(code, Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::SystemIoFailure))
}

/// Somebody else has been writing for as long as a command waits.
pub fn busy(path: &Path) -> Error {
    let message = "is busy: another program has been writing to it for";
    Error::unavailable(format!("The database {} {message} {} seconds", path.display(), BUSY_TIMEOUT.as_secs()))
        .hint("Nothing was changed. Try again; if it stays busy, find the program that has the file open.")
}

/// Whether an error says that the file is damaged or no database at all, and not just out of reach.
pub fn is_about_damage(error: &Error) -> bool {
    let cause = error.cause.as_ref();
    let code = cause.and_then(|cause| cause.downcast_ref::<rusqlite::Error>()).and_then(rusqlite::Error::sqlite_error_code);
    let is_wrong_value = cause.is_some_and(|cause| cause.is::<WrongValue>());
    is_wrong_value || matches!(code, Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt | ErrorCode::Unknown))
}

fn disk_full(path: &Path) -> Error {
    Error::unavailable(format!("There is no room left on the disk of the database {}", path.display()))
        .hint("Nothing was changed. Make room, then run the command again.")
}

/// The file may be read and not written.
pub fn read_only(path: &Path) -> Error {
    Error::unavailable(format!("The database {} cannot be written: it is read-only for you", path.display()))
        .hint("Nothing was changed. Ask the owner of the file for the right to write it and its directory.")
}
