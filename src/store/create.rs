//! Making a database: by the first change that comes to something, whole or not at all.

use std::fs::{DirBuilder, File};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use super::driver::Driver;
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

/// A file that is to be made by the first change.
#[derive(Debug, Clone)]
pub struct Creation {
    pub path: PathBuf,
    pub beginning: Beginning,
}

impl Creation {
    /// Makes the file, or opens the one that somebody else made meanwhile. Returns whether it was
    /// made here.
    pub fn create(&self) -> Result<(Driver, bool)> {
        let is_ours = create(&self.path, &self.beginning)?;
        let sqlite = open_file(&self.path, Purpose::Change, &self.beginning)?;
        Ok((Driver::Sqlite(sqlite), is_ours))
    }
}

/// A log that outlived its database belongs to what was lost: SQLite would play it into the new
/// file. It may be all that is left of somebody's changes, so it is theirs to delete.
fn refuse_orphaned_log(path: &Path) -> Result<()> {
    for ending in ["-wal", "-journal"] {
        let mut log = path.as_os_str().to_owned();
        log.push(ending);
        let log = Path::new(&log);
        // In this order: whoever makes the database meanwhile makes its log after it.
        let holds_changes = log.metadata().is_ok_and(|metadata| metadata.len() > 0);
        if holds_changes && !path.exists() {
            return Err(Error::unavailable(format!(
                "The database {} is gone, and its log {} is still there",
                path.display(),
                log.display()
            ))
            .hint("Nothing was changed. Put the database back from a copy; or, to begin with an empty one, delete the log."));
        }
    }
    Ok(())
}

/// Makes the file whole under another name and links it into place, so that nobody ever opens half
/// a database and of two who make it at once one wins. Returns whether it was this one.
fn create(path: &Path, beginning: &Beginning) -> Result<bool> {
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
    migrate(&sqlite, temporary.path(), MIGRATIONS, |new| service::stamp(new, beginning))
        .map_err(|error| about(error, temporary.path(), path))?;
    sqlite.use_write_ahead_log().map_err(|error| about(error, temporary.path(), path))?;
    drop(sqlite);
    temporary.as_file().sync_all().map_err(failed)?;
    match temporary.persist_noclobber(path) {
        Ok(_) => File::open(directory).and_then(|directory| directory.sync_all()).map(|()| true).map_err(failed),
        Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(failed(error.error)),
    }
}

/// An error about the temporary file is one about the file that it was to become.
fn about(mut error: Error, temporary: &Path, path: &Path) -> Error {
    error.message = error.message.replace(&temporary.display().to_string(), &path.display().to_string());
    error
}
