//! Opening a database: found, made, refused, or taken as empty when there is nothing to read yet.

use std::fs::{DirBuilder, File, Metadata};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use super::driver::Driver;
use super::migrations::{MIGRATIONS, Schema, inspect, migrate};
use super::sqlite::{self, Access, Sqlite};
use super::{Store, service};
use crate::domain::service::ServiceKind;
use crate::error::{Error, Result};

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    pub path: PathBuf,
    /// Somebody named it, so that a missing file is a mistake and not a beginning.
    pub named: bool,
}

/// What the database is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Reading, or a dry run: never creates a file.
    Look,
    /// A change: makes the file where there is none.
    Change,
}

/// An open database.
pub struct Opened {
    pub store: Store,
    /// The service that it holds.
    pub kind: ServiceKind,
}

/// A file that is to be made by the first change.
#[derive(Debug, Clone)]
pub(super) struct Creation {
    path: PathBuf,
    kind: ServiceKind,
}

impl Creation {
    /// Makes the file, or opens the one that somebody else made meanwhile. Returns whether it was
    /// made here.
    pub fn create(&self) -> Result<(Driver, bool)> {
        let is_ours = create(&self.path, self.kind)?;
        let sqlite = open_file(&self.path, Purpose::Change, self.kind)?;
        Ok((Driver::Sqlite(sqlite), is_ours))
    }
}

/// Opens the database for a service. Without a wanted kind the file's own is taken, and a new file
/// is for `register`.
///
/// # Errors
/// Missing, not a database, another program's, another service's, newer, damaged, busy, on a
/// network file system, or not to be opened by this person.
pub fn open(location: &Location, purpose: Purpose, wanted: Option<ServiceKind>) -> Result<Opened> {
    let path = location.path.as_path();
    let kind = wanted.unwrap_or(ServiceKind::Register);
    let (sqlite, to_create) = match (look(path)?, purpose) {
        (None, Purpose::Look) if location.named => {
            return Err(Error::unavailable(format!("There is no database at {}", path.display()))
                .hint("Nothing was changed. Check the path; the first change that you make there creates the database."));
        }
        (None, Purpose::Look) => (empty(kind)?, None),
        (None, Purpose::Change) => (empty(kind)?, Some(Creation { path: path.to_owned(), kind })),
        (Some(_), _) => (open_file(path, purpose, kind)?, None),
    };
    let mut store = Store { driver: Driver::Sqlite(sqlite), to_create, created: false };
    let kind = store.read(|transaction| service::check_stamp(transaction, path, wanted))?;
    Ok(Opened { store, kind })
}

/// What is at the path, if it could be a database.
fn look(path: &Path) -> Result<Option<Metadata>> {
    let shown = path.display();
    let found = match std::fs::metadata(path) {
        Ok(metadata) => Some(metadata),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) if error.kind() == ErrorKind::InvalidFilename => {
            return Err(Error::unavailable(format!("The database {shown} cannot be opened: its name is too long"))
                .hint("Nothing was changed. Give a shorter path with --database.")
                .caused_by(error));
        }
        Err(error) => {
            return Err(Error::unavailable(format!("The database {shown} cannot be opened"))
                .hint("Nothing was changed. Check the path and that you may read the directories on it.")
                .caused_by(error));
        }
    };
    if let Some(metadata) = &found
        && !metadata.is_file()
    {
        let what = if metadata.is_dir() { "a directory" } else { "not a file" };
        return Err(Error::unavailable(format!("The database {shown} cannot be opened: it is {what}"))
            .hint("Nothing was changed. Give the path of a file with --database."));
    }
    refuse_network(path)?;
    Ok(found)
}

fn open_file(path: &Path, purpose: Purpose, kind: ServiceKind) -> Result<Sqlite> {
    // To open a file that is only ours to read, SQLite makes its log and shared memory for it: they
    // would be ours, and whoever owns the file could not write to them.
    let may = |access| rustix::fs::access(path, access).is_ok();
    if may(rustix::fs::Access::READ_OK) && !may(rustix::fs::Access::WRITE_OK) {
        if purpose == Purpose::Change {
            return Err(sqlite::read_only(path));
        }
        if let Some(opened) = open_immutable(path, purpose) {
            return opened.and_then(|(sqlite, schema)| as_found(sqlite, schema, path, purpose, kind));
        }
    }
    let opened = Sqlite::open(path, Access::ReadWrite).and_then(|sqlite| inspect(&sqlite, path, MIGRATIONS).map(|schema| (sqlite, schema)));
    let (sqlite, schema) = match opened {
        Ok(opened) => opened,
        Err(error) if sqlite::is_about_files_beside(&error) => match open_immutable(path, purpose) {
            Some(opened) => opened?,
            None => return Err(error),
        },
        Err(error) => return Err(error),
    };
    as_found(sqlite, schema, path, purpose, kind)
}

/// An open file, made ready for what it is opened for.
fn as_found(sqlite: Sqlite, schema: Schema, path: &Path, purpose: Purpose, kind: ServiceKind) -> Result<Sqlite> {
    match (schema, purpose) {
        (Schema::Empty, Purpose::Look) => return empty(kind),
        (Schema::Empty | Schema::Older, _) => migrate(&sqlite, path, MIGRATIONS, |new| service::stamp(new, kind))?,
        (Schema::Current, _) => {}
    }
    if purpose == Purpose::Change {
        sqlite.use_write_ahead_log()?;
    }
    Ok(sqlite)
}

/// A file in a directory that cannot be written, or on a disk that is full, can still be read while
/// nobody has it open. What is in a write-ahead log would be missed, so then it is left alone.
fn open_immutable(path: &Path, purpose: Purpose) -> Option<Result<(Sqlite, Schema)>> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    if purpose == Purpose::Change || Path::new(&log).metadata().is_ok_and(|metadata| metadata.len() > 0) {
        return None;
    }
    let sqlite = Sqlite::open(path, Access::Immutable).ok()?;
    Some(inspect(&sqlite, path, MIGRATIONS).map(|schema| (sqlite, schema)))
}

fn empty(kind: ServiceKind) -> Result<Sqlite> {
    let sqlite = Sqlite::open_in_memory()?;
    migrate(&sqlite, Path::new(":memory:"), MIGRATIONS, |new| service::stamp(new, kind))?;
    Ok(sqlite)
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
fn create(path: &Path, kind: ServiceKind) -> Result<bool> {
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
    migrate(&sqlite, temporary.path(), MIGRATIONS, |new| service::stamp(new, kind))
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

/// SQLite’s write-ahead log needs memory that every writer shares: over a network it loses changes.
fn refuse_network(path: &Path) -> Result<()> {
    let nearest = path.ancestors().find(|ancestor| ancestor.exists()).unwrap_or(Path::new("."));
    let Ok(found) = rustix::fs::statfs(nearest) else { return Ok(()) };
    match network_file_system(found.f_type) {
        Some(name) => Err(Error::unavailable(format!("The database {} is on a network file system ({name})", path.display()))
            .hint("Nothing was changed. A SQLite file there can lose changes: keep it on a disk of this machine.")),
        None => Ok(()),
    }
}

/// The name of a network file system by its number in Linux’s `statfs(2)`.
#[allow(clippy::unreadable_literal, reason = "the numbers are written as the manual page writes them")]
fn network_file_system(number: rustix::fs::FsWord) -> Option<&'static str> {
    // The word's width and sign differ between machines; the numbers have 32 bits.
    match number as u32 {
        0x6969 => Some("NFS"),
        0x517B => Some("SMB"),
        0xFF534D42 => Some("CIFS"),
        0xFE534D42 => Some("SMB2"),
        0x01021997 => Some("9P"),
        0x5346414F => Some("AFS"),
        0x00C36400 => Some("Ceph"),
        0x0BD00BD0 => Some("Lustre"),
        0x47504653 => Some("GPFS"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::network_file_system;

    #[test]
    fn network_file_systems_are_told_from_a_disk() {
        assert_eq!(network_file_system(0x6969), Some("NFS"));
        assert_eq!(network_file_system(0xFF53_4D42_u32 as rustix::fs::FsWord), Some("CIFS"));
        // ext4 and tmpfs.
        assert_eq!(network_file_system(0xEF53), None);
        assert_eq!(network_file_system(0x0102_1994), None);
    }
}
