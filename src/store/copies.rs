//! A copy of a SQLite database in a file of its own, which is there whole and sound, or not at all: it has
//! its name only when it is written, looked through and on the disk. Whatever ends the run leaves no half.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::checks::sqlite::{foreign_keys, integrity, parts};
use super::create::refuse_orphaned_log;
use super::driver::{Driver, Transaction};
use super::sqlite::copying::Stop;
use super::sqlite::{Access, Sqlite};
use super::transfer::Watch;
use super::{Store, service};
use crate::domain::sentence::in_a_sentence;
use crate::domain::service::ServiceKind;
use crate::error::{Error, Result};

/// What a file is called until it has its name.
const PREFIX: &str = ".frontdesk-new-";

/// A file in the making, for its owner’s eyes alone.
pub struct NewFile {
    temporary: NamedTempFile,
    target: PathBuf,
}

impl NewFile {
    /// Begins a file that is to be at this path, where nothing is yet.
    ///
    /// # Errors
    /// Something is there, or nothing can be made there; the same holds below.
    pub fn begin(target: &Path) -> Result<Self> {
        refuse_taken(target)?;
        refuse_orphaned_log(target)?;
        Self::begin_in(directory(target), target)
    }

    /// The same in a directory that is there, on the disk of the path.
    pub fn begin_in(directory: &Path, target: &Path) -> Result<Self> {
        let made = tempfile::Builder::new().prefix(PREFIX).tempfile_in(directory);
        Ok(Self { temporary: made.map_err(|cause| unwritable(target, cause))?, target: target.to_owned() })
    }

    /// Opens what is written so far, called by the name of what it is or will be.
    pub fn open(&self, called: &Path, stop: &Stop) -> Result<Sqlite> {
        let mut sqlite = Sqlite::open(self.temporary.path(), Access::ReadWrite)?.called(called);
        sqlite.stop_when(stop)?;
        Ok(sqlite)
    }

    /// The path that it has until it is put in its place.
    pub fn path(&self) -> &Path {
        self.temporary.path()
    }

    /// The path that it is to have.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Puts it in its place on the disk, where still nothing is.
    pub fn put(self) -> Result<()> {
        let Self { temporary, target } = self;
        temporary.as_file().sync_all().map_err(|cause| unwritable(&target, cause))?;
        match temporary.persist_noclobber(&target) {
            Ok(_) => settle(&target),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Err(taken(&target)),
            Err(error) => Err(unwritable(&target, error.error)),
        }
    }

    /// Puts it in the place of this file.
    pub fn put_over(self, target: &Path) -> Result<()> {
        self.temporary.as_file().sync_all().map_err(|cause| unwritable(target, cause))?;
        self.temporary.persist(target).map_err(|error| unwritable(target, error.error))?;
        settle(target)
    }
}

/// Copies the database of this transaction, as the transaction sees it, to where nothing is yet. Nobody who
/// writes meanwhile waits for it.
///
/// # Errors
/// It cannot be read or written, or somebody wants it to stop; so it is below.
pub fn copy(transaction: &Transaction<'_>, target: &Path, stop: &Stop, watch: Watch<'_>) -> Result<NewFile> {
    let source = transaction.sqlite().ok_or_else(|| Error::internal(anyhow::anyhow!("a database on a server is copied to a file")))?;
    let file = NewFile::begin(target)?;
    let mut copy = file.open(target, stop)?;
    source.copy_into(&mut copy, watch)?;
    copy.use_no_log()?;
    Ok(file)
}

/// Reads a copy, or a file that becomes one.
pub fn open(file: &NewFile, called: &Path, stop: &Stop) -> Result<Store> {
    Ok(Store::of(Driver::Sqlite(file.open(called, stop)?)))
}

/// Refuses a database that is not whole and sound, or not of this service.
pub fn check(store: &mut Store, kind: ServiceKind) -> Result<()> {
    check_inside(store)?;
    check_parts(store, Some(kind)).map(|_| ())
}

/// Refuses a database that lacks what this version makes in one. Gives the service that it holds, which is
/// this one where one is wanted.
pub(super) fn check_parts(store: &mut Store, wanted: Option<ServiceKind>) -> Result<ServiceKind> {
    store.read(|transaction| {
        let missing = parts(transaction)?.missing;
        if !missing.is_empty() {
            return Err(damaged(transaction, &format!("it has lost {}", in_a_sentence(missing))));
        }
        service::check_stamp(transaction, wanted)
    })
}

/// Refuses a database in which somebody else has put something: a trigger would go on changing records.
pub(super) fn refuse_added(store: &mut Store) -> Result<()> {
    store.read(|transaction| {
        let added = parts(transaction)?.added;
        if added.is_empty() {
            return Ok(());
        }
        let what = in_a_sentence(added);
        Err(Error::unavailable(format!("Another program has put something into the database {}: {what}", transaction.database()))
            .hint("Nothing was changed. Take it out again in a copy of the file, and give that."))
    })
}

/// Refuses a database, of whatever version, in which SQLite finds something wrong.
pub(super) fn check_inside(store: &mut Store) -> Result<()> {
    store.read(|transaction| {
        if let Some(first) = integrity(transaction)?.0.first() {
            return Err(damaged(transaction, first));
        }
        match foreign_keys(transaction)?.first() {
            Some(found) => Err(damaged(transaction, &format!("rows of {} refer to nothing in {}", found.table, found.parent))),
            None => Ok(()),
        }
    })
}

fn damaged(transaction: &Transaction<'_>, what: &str) -> Error {
    Error::unavailable(format!("The database {} is damaged: {what}", transaction.database()))
        .hint("Nothing was changed. Go back to a copy of the database from before the damage.")
}

/// Refuses a path where something is, be it a link that leads nowhere.
pub fn refuse_taken(target: &Path) -> Result<()> {
    match std::fs::symlink_metadata(target) {
        Ok(metadata) if metadata.is_dir() => Err(unwritable(target, ErrorKind::IsADirectory.into())),
        Ok(_) => Err(taken(target)),
        Err(_) => Ok(()),
    }
}

fn taken(target: &Path) -> Error {
    Error::conflict(format!("There is a file {} already", target.display())).hint("It was left as it is. Give another path.")
}

fn unwritable(target: &Path, cause: io::Error) -> Error {
    let why = match cause.kind() {
        ErrorKind::IsADirectory => "it is a directory",
        ErrorKind::NotFound | ErrorKind::NotADirectory => "there is no such directory",
        ErrorKind::StorageFull => "there is no room left on the disk",
        ErrorKind::InvalidFilename => "its name is too long",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "its directory cannot be written",
        _ => "its disk failed",
    };
    Error::unavailable(format!("The file {} cannot be written: {why}", target.display()))
        .hint("Nothing was changed. Give another path, or mend that and run the command again.")
        .caused_by(cause)
}

/// That a file has its name is on the disk too.
pub(super) fn settle(target: &Path) -> Result<()> {
    let settled = File::open(directory(target)).and_then(|directory| directory.sync_all());
    settled.map_err(|cause| unwritable(target, cause))
}

/// The directory that a file is or will be in.
pub(super) fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
