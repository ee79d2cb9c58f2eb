//! The tables of a shared database: made and brought up to date by `frontdesk migrate` alone, so that a
//! newer version at one desk never stops the others.

use postgres::error::SqlState;

use super::Postgres;
use crate::error::{Error, Result};
use crate::store::driver::Transaction;

/// The numbered files, oldest first. They have the numbers of SQLite’s.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/postgres/0001_users.sql"),
    include_str!("../migrations/postgres/0002_mail_servers.sql"),
    include_str!("../migrations/postgres/0003_organisations.sql"),
    // Nobody has a shared database from before it, so that there are no records to fold.
    include_str!("../migrations/postgres/0004_search.sql"),
    include_str!("../migrations/postgres/0005_emails_by_template.sql"),
    include_str!("../migrations/postgres/0006_api_clients.sql"),
];

/// Whoever waited for the other one sees what it has made.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
/// Two who migrate at once take turns. The number is `fdsk` in ASCII.
const LOCK: &str = "SELECT pg_advisory_xact_lock(1717859179)";
const VERSION: &str = "SELECT value, current_setting('server_encoding') FROM stamp WHERE key = 'schema'";
const ENCODING: &str = "SELECT current_setting('server_encoding')";
/// The only encoding that can hold every name.
pub const UTF8: &str = "UTF8";
/// What makes a database with it, whatever the others of the server have.
pub const CREATE_UTF8: &str = "createdb --template=template0 --encoding=UTF8";
/// What to do about older tables. The address is the owner’s: whoever may not change them would be refused again.
pub const BRING_UP_TO_DATE: &str = "Its owner brings it up to date with: frontdesk --database postgresql://OWNER@HOST/DATABASE migrate";
/// What to do where no tables are.
pub const SET_UP: &str = "Its owner sets it up with: frontdesk --database postgresql://OWNER@HOST/DATABASE migrate";
const HAS_STAMP: &str = "SELECT count(*) FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass('stamp')";
const PUT_VERSION: &str = "INSERT INTO stamp (key, value) VALUES ('schema', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value";

/// What a migration came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrated {
    /// The schema that was there; nothing in an empty database.
    pub from: Option<usize>,
    pub to: usize,
}

/// The schema that this version knows.
pub const KNOWN: usize = MIGRATIONS.len();

/// The schema of a database; one that is not set up, or is another program's, is refused.
pub fn version(transaction: &mut Transaction<'_>) -> Result<usize> {
    version_and_encoding(transaction).map(|(version, _)| version)
}

fn version_and_encoding(transaction: &mut Transaction<'_>) -> Result<(usize, String)> {
    let database = transaction.database();
    match transaction.optional(VERSION, &[], |row| Ok((row.text(0)?, row.text(1)?))) {
        Ok(found) => {
            let (version, encoding) = found.unzip();
            Ok((number(&database, version)?, encoding.unwrap_or_default()))
        }
        Err(error) if is_without_tables(&error) => {
            Err(Error::unavailable(format!("The database {database} is not set up: frontdesk has no tables in it"))
                .hint(format!("Nothing was changed. {SET_UP}")))
        }
        Err(error) => Err(error),
    }
}

/// Refuses a database whose tables are not those of this version.
pub fn check(transaction: &mut Transaction<'_>) -> Result<()> {
    let database = transaction.database();
    let (version, encoding) = version_and_encoding(transaction)?;
    refuse_encoding(&database, &encoding)?;
    if version < MIGRATIONS.len() {
        return Err(Error::unavailable(format!(
            "The database {database} is of an older version of frontdesk: its schema is {version}, and this version needs {}",
            MIGRATIONS.len()
        ))
        .hint(format!("Nothing was changed. {BRING_UP_TO_DATE}")));
    }
    refuse_newer(&database, version)
}

/// Makes the tables, or brings them up to date, whole or not at all. In the same transaction older ones are
/// checked before they are changed, and new ones stamped.
pub fn migrate(
    postgres: &mut Postgres,
    check_older: impl FnOnce(&mut Postgres) -> Result<()>,
    stamp_new: impl FnOnce(&mut Postgres) -> Result<()>,
) -> Result<Migrated> {
    postgres.batch(BEGIN)?;
    let migrated = migrate_locked(postgres, check_older, stamp_new);
    match migrated {
        Ok(migrated) => postgres.commit().map(|()| migrated),
        Err(error) => {
            drop(postgres.roll_back());
            Err(error)
        }
    }
}

fn migrate_locked(
    postgres: &mut Postgres,
    check_older: impl FnOnce(&mut Postgres) -> Result<()>,
    stamp_new: impl FnOnce(&mut Postgres) -> Result<()>,
) -> Result<Migrated> {
    check_encoding(postgres)?;
    postgres.batch(LOCK)?;
    let from = if is_without_stamp(postgres)? { None } else { Some(version_of_older(postgres)?) };
    if from.is_some() {
        check_older(postgres)?;
    }
    let to = MIGRATIONS.len();
    for migration in MIGRATIONS.iter().skip(from.unwrap_or_default()) {
        postgres.batch(migration)?;
    }
    if from != Some(to) {
        postgres.execute(PUT_VERSION, &[to.to_string().into()])?;
    }
    if from.is_none() {
        stamp_new(postgres)?;
    }
    Ok(Migrated { from, to })
}

fn version_of_older(postgres: &mut Postgres) -> Result<usize> {
    let mut version = None;
    postgres.each(VERSION, &[], &mut |row| row.text(0).map(|found| version = Some(found)))?;
    let database = postgres.name();
    let version = number(database, version)?;
    refuse_newer(database, version).map(|()| version)
}

/// Whether nothing of this program is in the database.
pub fn is_without_stamp(postgres: &mut Postgres) -> Result<bool> {
    let mut stamps = 0;
    postgres.each(HAS_STAMP, &[], &mut |row| row.count(0).map(|count| stamps = count))?;
    Ok(stamps == 0)
}

fn number(database: &str, version: Option<String>) -> Result<usize> {
    version.and_then(|version| version.parse().ok()).ok_or_else(|| {
        Error::unavailable(format!("The database {database} belongs to another program"))
            .hint("Nothing was changed. Give the address of a frontdesk database with --database.")
    })
}

/// Refuses a database that cannot hold every name, with or without tables.
pub fn check_encoding(postgres: &mut Postgres) -> Result<()> {
    let mut encoding = String::new();
    postgres.each(ENCODING, &[], &mut |row| row.text(0).map(|found| encoding = found))?;
    refuse_encoding(postgres.name(), &encoding)
}

fn refuse_encoding(database: &str, encoding: &str) -> Result<()> {
    if encoding == UTF8 {
        return Ok(());
    }
    Err(Error::unavailable(format!("The encoding of the database {database} is {encoding}, which cannot hold every name"))
        .hint(format!("Nothing was changed. Make another one with: {CREATE_UTF8}")))
}

/// Refuses a database of a newer version.
pub fn refuse_newer(database: &str, version: usize) -> Result<()> {
    if version <= MIGRATIONS.len() {
        return Ok(());
    }
    Err(Error::unavailable(format!(
        "The database {database} was made by a newer version of frontdesk: its schema is {version}, and this version knows {}",
        MIGRATIONS.len()
    ))
    .hint("Nothing was changed. Install the newer version."))
}

fn is_without_tables(error: &Error) -> bool {
    let cause = error.cause.as_ref().and_then(|cause| cause.downcast_ref::<postgres::Error>());
    cause.and_then(postgres::Error::code) == Some(&SqlState::UNDEFINED_TABLE)
}

#[cfg(test)]
mod tests {
    #[test]
    fn both_databases_have_the_same_migrations() {
        assert_eq!(super::MIGRATIONS.len(), crate::store::migrations::MIGRATIONS.len());
    }
}
