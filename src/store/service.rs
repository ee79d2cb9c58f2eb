//! The service that a database holds: its stamp, and the settings that everyone who shares it
//! works by.

use super::collation;
use super::create::Beginning;
use super::driver::Transaction;
use super::postgres::Postgres;
use super::row::damaged;
use super::sqlite::Sqlite;
use super::value::Value;
use crate::domain::service::{Service, ServiceKind, Setting};
use crate::error::{Error, Result};

const STAMP: &str = "INSERT INTO stamp (key, value) VALUES ($1, $2)";
const STAMPS: &str = "SELECT key, value FROM stamp";
const SETTINGS: &str = "SELECT key, value FROM service_settings";
const SET: &str = "INSERT INTO service_settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";

const KIND: &str = "service";
const COLLATION: &str = "collation";

/// Stamps a new database with its service and writes every setting, so that all who share it work
/// by the same rules whatever version they have.
pub(super) fn stamp(beginning: &Beginning, mut execute: impl FnMut(&'static str, &[Value<'_>]) -> Result<u64>) -> Result<()> {
    let kind = beginning.kind;
    execute(STAMP, &[KIND.into(), kind.key().into()])?;
    execute(STAMP, &[COLLATION.into(), collation::VERSION.into()])?;
    for setting in Setting::ALL {
        let expected = beginning.environment.as_deref().filter(|_| setting == Setting::Environment);
        execute(SET, &[setting.key().into(), expected.unwrap_or(setting.default_value(kind)).into()])?;
    }
    Ok(())
}

/// Which service the database holds; another one than is wanted is refused.
pub(super) fn check_stamp(transaction: &mut Transaction<'_>, wanted: Option<ServiceKind>) -> Result<ServiceKind> {
    let stamps = stamps(transaction)?;
    check(&stamps, &transaction.database(), wanted)
}

/// The same in a file that is being brought up to date, while that can still be taken back.
pub(super) fn check_stamp_of_file(sqlite: &Sqlite, wanted: Option<ServiceKind>) -> Result<()> {
    let mut stamps = Vec::new();
    sqlite.each(STAMPS, &[], &mut |row| {
        stamps.push((row.text(0)?, row.text(1)?));
        Ok(())
    })?;
    check(&stamps, &sqlite.path().display().to_string(), wanted).map(|_kind| ())
}

fn check(stamps: &[(String, String)], database: &str, wanted: Option<ServiceKind>) -> Result<ServiceKind> {
    let kind = kind_as_wanted(stamps, database, wanted)?;
    match value(stamps, COLLATION) {
        Some(collation::VERSION) => Ok(kind),
        other => Err(Error::unavailable(format!(
            "The database {database} orders names by another version of the collation ({})",
            other.unwrap_or("unknown")
        ))
        .hint("Nothing was changed. Use the version of frontdesk that made it.")),
    }
}

/// Refuses a database of another service than is wanted, of whatever version.
pub(super) fn check_kind(postgres: &mut Postgres, wanted: Option<ServiceKind>) -> Result<()> {
    let mut stamps = Vec::new();
    postgres.each(STAMPS, &[], &mut |row| {
        stamps.push((row.text(0)?, row.text(1)?));
        Ok(())
    })?;
    kind_as_wanted(&stamps, postgres.name(), wanted).map(|_kind| ())
}

/// What a database is stamped with, whatever that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    pub service: Option<String>,
    pub collation: Option<String>,
}

/// Reads what the database is stamped with, and refuses nothing.
///
/// # Errors
/// The database cannot be read; the same holds below.
pub fn stamped(transaction: &mut Transaction<'_>) -> Result<Stamped> {
    let stamps = stamps(transaction)?;
    let of = |key| value(&stamps, key).map(str::to_owned);
    Ok(Stamped { service: of(KIND), collation: of(COLLATION) })
}

/// The settings as they are stored, each under its key.
pub fn stored_settings(transaction: &mut Transaction<'_>) -> Result<Vec<(String, String)>> {
    transaction.rows(SETTINGS, &[], |row| Ok((row.text(0)?, row.text(1)?)))
}

/// Reads the service and its settings.
///
/// # Errors
/// The database cannot be read; the same holds below.
pub fn load(transaction: &mut Transaction<'_>) -> Result<Service> {
    let kind = kind(&stamps(transaction)?, &transaction.database())?;
    let stored = stored_settings(transaction)?;
    Ok(Service::new(kind, |setting| value(&stored, setting.key()).map(str::to_owned)))
}

/// Writes a setting.
pub fn set(transaction: &mut Transaction<'_>, setting: Setting, value: &str) -> Result<()> {
    transaction.execute(SET, &[setting.key().into(), Value::from(value)]).map(|_| ())
}

fn stamps(transaction: &mut Transaction<'_>) -> Result<Vec<(String, String)>> {
    transaction.rows(STAMPS, &[], |row| Ok((row.text(0)?, row.text(1)?)))
}

fn kind(stamps: &[(String, String)], database: &str) -> Result<ServiceKind> {
    let stamped = value(stamps, KIND);
    stamped.and_then(ServiceKind::from_key).ok_or_else(|| damaged(database, anyhow::anyhow!("the service’s stamp is {stamped:?}")))
}

fn kind_as_wanted(stamps: &[(String, String)], database: &str, wanted: Option<ServiceKind>) -> Result<ServiceKind> {
    let kind = kind(stamps, database)?;
    if let Some(wanted) = wanted
        && wanted != kind
    {
        return Err(another(database, kind, wanted)
            .hint(format!("Nothing was changed. Give --service {}, or name the other service’s database.", kind.key())));
    }
    Ok(kind)
}

/// A database holds another service than is wanted; what to do about it depends.
pub(super) fn another(database: &str, found: ServiceKind, wanted: ServiceKind) -> Error {
    Error::unavailable(format!("The database {database} holds the service {}, not {}", found.key(), wanted.key()))
}

fn value<'pairs>(pairs: &'pairs [(String, String)], key: &str) -> Option<&'pairs str> {
    pairs.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
}
