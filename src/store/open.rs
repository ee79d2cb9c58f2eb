//! Opening a database: found, made, refused, or taken as empty when there is nothing to read yet.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::path::Path;

use super::create::{Beginning, Creation, log_with_changes};
use super::driver::Driver;
use super::file_system::refuse_network;
use super::migrations::{MIGRATIONS, Schema, inspect, migrate, migrate_checked};
use super::postgres::schema;
pub use super::postgres::schema::Migrated;
use super::postgres::{Postgres, is_forbidden};
use super::sqlite::{self, Access, Sqlite};
use super::{Keep, Store, service};
use crate::domain::database::{DatabaseAddress, ServerAddress};
use crate::domain::service::ServiceKind;
use crate::domain::waiting::Waiting;
use crate::error::{Error, Result};

/// Where the database is.
#[derive(Debug, Clone)]
pub struct Location {
    pub database: DatabaseAddress,
    /// How whoever has to wait for it is told.
    pub waiting: Waiting,
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

/// What is wanted of the database, where somebody said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub kind: Option<ServiceKind>,
    /// The environment that a new database begins as.
    pub environment: Option<String>,
}

/// An open database.
pub struct Opened {
    pub store: Store,
    /// The service that it holds.
    pub kind: ServiceKind,
}

/// Opens the database for a service. Without a wanted kind the file's own is taken, and a new file
/// is for `register`.
///
/// # Errors
/// Missing, not a database, another program's, another service's, newer, damaged, busy, on a
/// network file system, or not to be opened by this person.
pub fn open(location: &Location, purpose: Purpose, wanted: &Wanted) -> Result<Opened> {
    match &location.database {
        DatabaseAddress::File(path) => open_file_of(path, location.named, purpose, wanted),
        DatabaseAddress::Server(address) => open_server(address, location.waiting.clone(), wanted),
    }
}

fn store_at(address: &ServerAddress, waiting: Waiting) -> Result<Store> {
    Postgres::open(address, waiting).map(|postgres| Store::of(Driver::Postgres(Box::new(postgres))))
}

fn open_server(address: &ServerAddress, waiting: Waiting, wanted: &Wanted) -> Result<Opened> {
    let mut store = store_at(address, waiting)?;
    let kind = store.read(|transaction| {
        schema::check(transaction)?;
        service::check_stamp(transaction, wanted.kind)
    })?;
    Ok(Opened { store, kind })
}

/// Brings a database to the schema of this version; one on a server is set up where it is empty.
///
/// # Errors
/// As [`open`], or that the tables cannot be made.
pub fn bring_up_to_date(location: &Location, wanted: &Wanted) -> Result<Migrated> {
    match &location.database {
        DatabaseAddress::File(path) => {
            look(path)?.ok_or_else(|| missing(path))?;
            let (sqlite, schema) = connect(path, Purpose::Look)?;
            let from = usize::try_from(sqlite.pragma("user_version")?).unwrap_or_default();
            if schema == Schema::Older {
                // Nothing is read of it afterwards, which could fail and would look as if this had.
                migrate_checked(&sqlite, path, MIGRATIONS, |older| service::check_stamp_of_file(older, wanted.kind))?;
            } else {
                drop(sqlite);
                open_file_of(path, true, Purpose::Look, wanted)?;
            }
            Ok(Migrated { from: Some(from), to: MIGRATIONS.len() })
        }
        DatabaseAddress::Server(address) => migrate_server(address, location.waiting.clone(), wanted),
    }
}

fn migrate_server(address: &ServerAddress, waiting: Waiting, wanted: &Wanted) -> Result<Migrated> {
    let beginning = Beginning { kind: wanted.kind.unwrap_or(ServiceKind::Register), environment: wanted.environment.clone() };
    let migrated = migrate_tables(&mut Postgres::open(address, waiting)?, &beginning, wanted.kind);
    // No right but the owner's would do.
    migrated.map_err(|error| if is_forbidden(&error) { error.hint(format!("Nothing was changed. {}", schema::SET_UP)) } else { error })
}

fn migrate_tables(postgres: &mut Postgres, beginning: &Beginning, wanted: Option<ServiceKind>) -> Result<Migrated> {
    let check_older = |older: &mut Postgres| service::check_kind(older, wanted);
    schema::migrate(postgres, check_older, |new| service::stamp(beginning, |sql, parameters| new.execute(sql, parameters)))
}

/// Opens the database that a whole desk of this kind is to be copied to. Where nothing is to be kept, nothing
/// is made: a database without tables is taken as an empty one then.
///
/// # Errors
/// As [`open`], or that the tables cannot be made. One of another kind is refused: somebody has set it up.
pub fn open_target(database: &DatabaseAddress, kind: ServiceKind, keep: Keep) -> Result<Store> {
    let beginning = Beginning { kind, environment: None };
    match database {
        DatabaseAddress::File(path) => {
            let purpose = if keep == Keep::Commit { Purpose::Change } else { Purpose::Look };
            let is_there = look(path)?.is_some_and(|metadata| metadata.len() > 0);
            let Opened { store, kind: found } = open_file_of(path, false, purpose, &Wanted::default())?;
            if is_there {
                refuse_other_kind(database, found, kind)?;
            }
            let to_create = store.to_create.map(|creation| Creation { beginning, ..creation });
            Ok(Store { to_create, ..store })
        }
        DatabaseAddress::Server(address) => {
            let mut postgres = Postgres::open(address, Waiting::default())?;
            if schema::is_without_stamp(&mut postgres)? {
                if keep == Keep::RollBack {
                    schema::check_encoding(&mut postgres)?;
                    return Ok(Store::of(Driver::Sqlite(empty(&beginning)?)));
                }
                migrate_tables(&mut postgres, &beginning, None)?;
            }
            let mut store = Store::of(Driver::Postgres(Box::new(postgres)));
            let found = store.read(|transaction| {
                schema::check(transaction)?;
                service::check_stamp(transaction, None)
            })?;
            refuse_other_kind(database, found, kind)?;
            Ok(store)
        }
    }
}

fn refuse_other_kind(database: &DatabaseAddress, found: ServiceKind, wanted: ServiceKind) -> Result<()> {
    if found == wanted {
        return Ok(());
    }
    Err(service::another(&database.to_string(), found, wanted)
        .hint("Nothing was moved. Give a database of the same service, or one that is not set up yet."))
}

/// A database as it is found, to be examined: nothing of it was made or brought up to date.
pub enum AsItIs {
    /// There is no file in the default place, as before the first change.
    Missing,
    Open {
        store: Box<Store>,
        /// The number of its schema; nothing in an empty file.
        schema: Option<usize>,
        /// The number that this version knows.
        known: usize,
    },
    /// There is a server, and this role may not even read which schema its tables have.
    Forbidden { store: Box<Store>, error: Error },
}

/// Opens a database as it is, older or empty too, whatever service it holds.
///
/// # Errors
/// As [`open`].
pub fn as_it_is(location: &Location) -> Result<AsItIs> {
    match &location.database {
        DatabaseAddress::File(path) => {
            if look(path)?.is_none() {
                return if location.named { Err(missing(path)) } else { Ok(AsItIs::Missing) };
            }
            let (sqlite, schema) = connect(path, Purpose::Look)?;
            let version = usize::try_from(sqlite.pragma("user_version")?).unwrap_or_default();
            let schema = (schema != Schema::Empty).then_some(version);
            Ok(AsItIs::Open { store: Box::new(Store::of(Driver::Sqlite(sqlite))), schema, known: MIGRATIONS.len() })
        }
        DatabaseAddress::Server(address) => {
            let mut store = store_at(address, location.waiting.clone())?;
            let version = store.read(|transaction| {
                let version = schema::version(transaction)?;
                schema::refuse_newer(&transaction.database(), version).map(|()| version)
            });
            match version {
                Ok(version) => Ok(AsItIs::Open { store: Box::new(store), schema: Some(version), known: schema::KNOWN }),
                Err(error) if is_forbidden(&error) => Ok(AsItIs::Forbidden { store: Box::new(store), error }),
                Err(error) => Err(error),
            }
        }
    }
}

fn missing(path: &Path) -> Error {
    Error::unavailable(format!("There is no database at {}", path.display()))
        .hint("Nothing was changed. Check the path; the first change that you make there creates the database.")
}

fn open_file_of(path: &Path, named: bool, purpose: Purpose, wanted: &Wanted) -> Result<Opened> {
    let beginning = Beginning { kind: wanted.kind.unwrap_or(ServiceKind::Register), environment: wanted.environment.clone() };
    // An empty file is as good as none: what a change that failed must not leave behind.
    let found = look(path)?.filter(|metadata| purpose == Purpose::Look || metadata.len() > 0);
    let (sqlite, to_create) = match (found, purpose) {
        (None, Purpose::Look) if named => return Err(missing(path)),
        (None, Purpose::Look) => (empty(&beginning)?, None),
        (None, Purpose::Change) => (empty(&beginning)?, Some(Creation { path: path.to_owned(), beginning })),
        (Some(_), _) => {
            let (sqlite, schema) = connect(path, purpose)?;
            (as_found(sqlite, schema, path, purpose, &beginning, wanted.kind)?, None)
        }
    };
    let mut store = Store { to_create, ..Store::of(Driver::Sqlite(sqlite)) };
    let kind = store.read(|transaction| service::check_stamp(transaction, wanted.kind))?;
    Ok(Opened { store, kind })
}

/// What is at the path, if it could be a database.
pub(super) fn look(path: &Path) -> Result<Option<Metadata>> {
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

pub(super) fn open_file(path: &Path, purpose: Purpose, beginning: &Beginning) -> Result<Sqlite> {
    let (sqlite, schema) = connect(path, purpose)?;
    as_found(sqlite, schema, path, purpose, beginning, None)
}

/// Opens a file that is there, and says what it holds.
fn connect(path: &Path, purpose: Purpose) -> Result<(Sqlite, Schema)> {
    // To open a file that is only ours to read, SQLite makes its log and shared memory for it: they
    // would be ours, and whoever owns the file could not write to them.
    let may = |access| rustix::fs::access(path, access).is_ok();
    if may(rustix::fs::Access::READ_OK) && !may(rustix::fs::Access::WRITE_OK) {
        if purpose == Purpose::Change {
            return Err(sqlite::read_only(path));
        }
        if let Some(opened) = open_immutable(path, purpose) {
            return opened;
        }
    }
    let opened = Sqlite::open(path, Access::ReadWrite).and_then(|sqlite| inspect(&sqlite, path, MIGRATIONS).map(|schema| (sqlite, schema)));
    match opened {
        Err(error) if sqlite::is_about_files_beside(&error) => open_immutable(path, purpose).unwrap_or(Err(error)),
        opened => opened,
    }
}

/// An open file, made ready for what it is opened for.
fn as_found(
    sqlite: Sqlite,
    schema: Schema,
    path: &Path,
    purpose: Purpose,
    beginning: &Beginning,
    wanted: Option<ServiceKind>,
) -> Result<Sqlite> {
    match (schema, purpose) {
        (Schema::Empty, Purpose::Look) => return empty(beginning),
        (Schema::Older, _) => migrate_checked(&sqlite, path, MIGRATIONS, |older| service::check_stamp_of_file(older, wanted))?,
        (Schema::Empty, _) => {
            migrate(&sqlite, path, MIGRATIONS, |new| service::stamp(beginning, |sql, parameters| new.execute(sql, parameters)))?
        }
        (Schema::Current, _) => {}
    }
    if purpose == Purpose::Change {
        sqlite.use_write_ahead_log()?;
    }
    Ok(sqlite)
}

/// A file in a directory that cannot be written, or on a disk that is full, can still be read while
/// nobody has it open. What is in a log beside it would be missed, so then it is left alone.
fn open_immutable(path: &Path, purpose: Purpose) -> Option<Result<(Sqlite, Schema)>> {
    if purpose == Purpose::Change || log_with_changes(path).is_some() {
        return None;
    }
    let sqlite = Sqlite::open(path, Access::Immutable).ok()?;
    Some(inspect(&sqlite, path, MIGRATIONS).map(|schema| (sqlite, schema)))
}

/// Opens a database to read a few rows, only if that can be done at once and leaves no trace:
/// nothing where it is missing, another program's or another service's, older or newer, damaged, out of
/// reach, or in the middle of a change that was never finished.
pub fn glance(database: &DatabaseAddress, wanted: Option<ServiceKind>) -> Option<Store> {
    match database {
        DatabaseAddress::File(path) => glance_at_file(path, wanted),
        DatabaseAddress::Server(address) => {
            let mut store = Store::of(Driver::Postgres(Box::new(Postgres::glance(address)?)));
            let is_wanted = store.read(|transaction| {
                schema::check(transaction)?;
                service::check_stamp(transaction, wanted)
            });
            is_wanted.is_ok().then_some(store)
        }
    }
}

fn glance_at_file(path: &Path, wanted: Option<ServiceKind>) -> Option<Store> {
    look(path).ok()??;
    let exists = |ending: &str| {
        let mut beside = path.as_os_str().to_owned();
        beside.push(ending);
        Path::new(&beside).exists()
    };
    if exists("-journal") {
        return None;
    }
    // Without its log nobody has it open, and then SQLite would make a log only to read.
    let access = if exists("-wal") { Access::Beside } else { Access::Immutable };
    let sqlite = Sqlite::open(path, access).ok()?;
    let is_current = matches!(inspect(&sqlite, path, MIGRATIONS), Ok(Schema::Current));
    let mut store = Store::of(Driver::Sqlite(sqlite));
    let is_wanted = is_current && store.read(|transaction| service::check_stamp(transaction, wanted)).is_ok();
    is_wanted.then_some(store)
}

/// A database of this version with nothing in it, to compare another one with.
pub(super) fn new_in_memory() -> Result<Store> {
    let beginning = Beginning { kind: ServiceKind::Register, environment: None };
    Ok(Store::of(Driver::Sqlite(empty(&beginning)?)))
}

fn empty(beginning: &Beginning) -> Result<Sqlite> {
    let sqlite = Sqlite::open_temporary()?;
    migrate(&sqlite, Path::new(sqlite::TEMPORARY), MIGRATIONS, |new| {
        service::stamp(beginning, |sql, parameters| new.execute(sql, parameters))
    })?;
    Ok(sqlite)
}
