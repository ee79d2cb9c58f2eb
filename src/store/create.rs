//! Making a database: by the first change that comes to something, whole or not at all.

use std::fs::{DirBuilder, File, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::driver::{Driver, Transaction};
use super::migrations::{MIGRATIONS, migrate};
use super::open::{Purpose, open_file};
use super::service;
use super::sqlite::{Access, Sqlite};
use crate::domain::service::ServiceKind;
use crate::error::{Error, Result};

/// What a new database is of.
#[derive(Debug, Clone)]
pub struct Beginning {
    pub kind: ServiceKind,
    /// Which environment it is, where the configuration says one; else the kind's own.
    pub environment: Option<String>,
}

/// A file that is to be made by the first change: missing, or there and empty.
#[derive(Debug, Clone)]
pub struct Creation {
    pub path: PathBuf,
    pub beginning: Beginning,
}

impl Creation {
    /// Makes the file with the first change in it, so that whatever stops the change leaves none, and so
    /// that one of no rows makes none. Gives what the change came to, and how many rows it changed;
    /// nothing where there is a file already, or somebody else made one meanwhile.
    ///
    /// # Errors
    /// The change's own, or the file cannot be made.
    pub fn create<T>(&self, change: impl FnOnce(Driver) -> (Driver, Result<(T, u64)>)) -> Result<Option<(T, u64)>> {
        if self.path.exists() { Ok(None) } else { create(&self.path, &self.beginning, change) }
    }

    /// Opens the file, whoever made it. Returns whether it was still empty.
    ///
    /// # Errors
    /// It cannot be opened, or what somebody else made is of another service.
    pub fn open(&self) -> Result<(Driver, bool)> {
        let was_empty = take_over_empty(&self.path)?;
        let mut driver = Driver::Sqlite(open_file(&self.path, Purpose::Change, &self.beginning)?);
        driver.begin_read()?;
        // The command was worked out for this kind of service, whoever asked for it.
        let checked = service::check_stamp(&mut Transaction::new(&mut driver), Some(self.beginning.kind));
        drop(driver.roll_back());
        checked?;
        Ok((driver, was_empty))
    }
}

/// An empty file becomes a database in its place, for its owner's eyes alone. Returns whether it was
/// still empty.
fn take_over_empty(path: &Path) -> Result<bool> {
    let failed = |cause: std::io::Error| {
        Error::unavailable(format!("The database {} could not be created: the empty file there cannot be made private", path.display()))
            .hint("Nothing was changed. Delete the file, or give another path with --database.")
            .caused_by(cause)
    };
    let is_empty = std::fs::metadata(path).map_err(failed)?.len() == 0;
    if is_empty {
        std::fs::set_permissions(path, Permissions::from_mode(0o600)).map_err(failed)?;
    }
    Ok(is_empty)
}

/// A log that outlived its database belongs to what was lost: SQLite would play it into the new
/// file. It may be all that is left of somebody's changes, so it is theirs to delete.
pub fn refuse_orphaned_log(path: &Path) -> Result<()> {
    // In this order: whoever makes the database meanwhile makes its log after it.
    match log_with_changes(path) {
        Some(log) if !path.exists() => {
            Err(Error::unavailable(format!("The database {} is gone, and its log {} is still there", path.display(), log.display()))
                .hint("Nothing was changed. Put the database back from a copy; or, to begin with an empty one, delete the log."))
        }
        _ => Ok(()),
    }
}

/// A log beside a database that holds changes which the file itself does not, or not yet.
pub fn log_with_changes(path: &Path) -> Option<PathBuf> {
    ["-wal", "-journal"].into_iter().find_map(|ending| {
        let mut log = path.as_os_str().to_owned();
        log.push(ending);
        let log = PathBuf::from(log);
        log.metadata().is_ok_and(|metadata| metadata.len() > 0).then_some(log)
    })
}

/// Makes the file whole under another name and links it into place, so that nobody ever opens half
/// a database and of two who make it at once one wins. Gives what the change came to if it was this one.
fn create<T>(path: &Path, beginning: &Beginning, change: impl FnOnce(Driver) -> (Driver, Result<(T, u64)>)) -> Result<Option<(T, u64)>> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let failed = |cause: std::io::Error| {
        let full = cause.kind() == ErrorKind::StorageFull;
        let what = if full { "there is no room left on the disk" } else { "its directory cannot be written" };
        Error::unavailable(format!("The database {} could not be created: {what}", path.display()))
            .hint("Nothing was changed. Check the directory, or give another path with --database.")
            .caused_by(cause)
    };
    refuse_orphaned_log(path)?;
    DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(failed)?;
    // The temporary file has mode 0600, and linking keeps it.
    let temporary = tempfile::Builder::new().prefix(".frontdesk-new-").tempfile_in(directory).map_err(failed)?;
    let sqlite = Sqlite::open(temporary.path(), Access::ReadWrite).map_err(|error| about(error, temporary.path(), path))?;
    migrate(&sqlite, temporary.path(), MIGRATIONS, |new| service::stamp(beginning, |sql, parameters| new.execute(sql, parameters)))
        .map_err(|error| about(error, temporary.path(), path))?;
    let (driver, changed) = change(Driver::Sqlite(sqlite));
    let changed = changed.map_err(|error| about(error, temporary.path(), path))?;
    if changed.1 == 0 {
        return Ok(Some(changed));
    }
    driver.keep_changes_in_a_log().map_err(|error| about(error, temporary.path(), path))?;
    drop(driver);
    temporary.as_file().sync_all().map_err(failed)?;
    match temporary.persist_noclobber(path) {
        Ok(_) => File::open(directory).and_then(|directory| directory.sync_all()).map(|()| Some(changed)).map_err(failed),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(None),
        Err(error) => Err(failed(error.error)),
    }
}

/// An error about the temporary file is one about the file that it was to become.
fn about(mut error: Error, temporary: &Path, path: &Path) -> Error {
    error.message = error.message.replace(&temporary.display().to_string(), &path.display().to_string());
    error
}
