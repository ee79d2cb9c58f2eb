//! What a PostgreSQL server says of itself, of this connection, and of the rights of this role.

use jiff::Timestamp;

use crate::error::Result;
use crate::store::Transaction;
pub use crate::store::postgres::schema::{BRING_UP_TO_DATE, CREATE_UTF8, UTF8};

const VERSION: &str = "SELECT current_setting('server_version_num'), current_setting('server_version'), current_setting('server_encoding')";
const ROLE: &str = "SELECT CAST(current_user AS TEXT)";
// Somebody may give the right to change a row for one column alone; to lock it, any will do.
const MAY: &str = "SELECT CASE WHEN CASE WHEN $1 = 'DELETE' THEN has_table_privilege(to_regclass($2), $1) \
    ELSE has_any_column_privilege(to_regclass($2), $1) END THEN 'yes' ELSE 'no' END";
const MAY_MAKE_TEMPORARY: &str =
    "SELECT CASE WHEN has_database_privilege(CAST(current_database() AS TEXT), 'TEMPORARY') THEN 'yes' ELSE 'no' END";
const CLOCK: &str = "SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT)";
const CONNECTION: &str = "SELECT CASE WHEN inet_server_addr() IS NULL THEN 'yes' ELSE 'no' END, \
    CASE WHEN inet_client_addr() <<= CAST('127.0.0.0/8' AS inet) OR inet_client_addr() = CAST('::1' AS inet) THEN 'yes' ELSE 'no' END";
const ENCRYPTED_BY: &str = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl";
const DURABILITY: &str = "SELECT CASE WHEN pg_is_in_recovery() THEN 'yes' ELSE 'no' END, current_setting('synchronous_commit'), \
    current_setting('fsync'), current_setting('synchronous_standby_names')";

/// The rights that a role needs for every change.
const RIGHTS: [(&str, &[&str]); 12] = [
    // To change it is never needed, but to lock it for one writer after another.
    ("turns", &["SELECT", "UPDATE"]),
    ("stamp", &["SELECT"]),
    ("service_settings", &["SELECT", "INSERT", "UPDATE"]),
    ("users", &["SELECT", "INSERT", "UPDATE"]),
    ("organisations", &["SELECT", "INSERT", "UPDATE"]),
    ("organisation_users", &["SELECT", "INSERT", "UPDATE"]),
    ("memberships", &["SELECT", "INSERT", "UPDATE"]),
    ("email_templates", &["SELECT", "INSERT"]),
    ("emails", &["SELECT", "INSERT", "UPDATE"]),
    ("activity", &["SELECT", "INSERT"]),
    ("api_clients", &["SELECT", "INSERT", "UPDATE"]),
    ("failing_mail_servers", &["SELECT", "INSERT", "UPDATE", "DELETE"]),
];

/// The version of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// 150003 for 15.3.
    pub number: u32,
    pub shown: String,
    pub encoding: String,
}

/// Asks which version the server is.
///
/// # Errors
/// The server does not say; the same holds below.
pub fn version(transaction: &mut Transaction<'_>) -> Result<Option<Version>> {
    transaction.optional(VERSION, &[], |row| {
        Ok(Version { number: row.text(0)?.parse().unwrap_or_default(), shown: row.text(1)?, encoding: row.text(2)? })
    })
}

/// The rights of the role that is connected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights {
    pub role: String,
    /// Whether it may change anything at all.
    pub changes: bool,
    /// What it lacks for every change: table and right.
    pub lacks: Vec<(&'static str, &'static str)>,
    /// Whether it may make temporary tables.
    pub temporary: bool,
}

/// Asks for the rights of the role that is connected.
pub fn rights(transaction: &mut Transaction<'_>) -> Result<Rights> {
    let role = transaction.optional(ROLE, &[], |row| row.text(0))?.unwrap_or_default();
    let mut rights =
        Rights { role, temporary: is_yes(transaction.optional(MAY_MAKE_TEMPORARY, &[], |row| row.text(0))?), ..Rights::default() };
    for (table, needed) in RIGHTS {
        for right in needed {
            if is_yes(transaction.optional(MAY, &[(*right).into(), table.into()], |row| row.text(0))?) {
                rights.changes |= *right != "SELECT";
            } else {
                rights.lacks.push((table, right));
            }
        }
    }
    Ok(rights)
}

/// What time it is on the server.
pub fn clock(transaction: &mut Transaction<'_>) -> Result<Option<Timestamp>> {
    transaction.optional(CLOCK, &[], |row| row.time(0))
}

/// How the server is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// By a Unix socket: nothing of it leaves this machine.
    pub is_socket: bool,
    /// Over the network, and from this machine to itself.
    pub is_loopback: bool,
    /// How it is encrypted, if it is.
    pub encrypted_by: Option<String>,
}

/// Asks how the server is reached.
pub fn connection(transaction: &mut Transaction<'_>) -> Result<Option<Connection>> {
    let encrypted_by = transaction.optional(ENCRYPTED_BY, &[], |row| row.text(0))?;
    transaction.optional(CONNECTION, &[], |row| {
        Ok(Connection { is_socket: row.text(0)? == YES, is_loopback: row.text(1)? == YES, encrypted_by: encrypted_by.clone() })
    })
}

/// Whether a change that was reported stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durability {
    /// The server gives what another one stores, and takes no changes.
    pub is_standby: bool,
    pub synchronous_commit: String,
    pub fsync: String,
    /// The standbys that have a change before it is reported; empty where none has to.
    pub synchronous_standbys: String,
}

/// Asks whether a change that was reported stays.
pub fn durability(transaction: &mut Transaction<'_>) -> Result<Option<Durability>> {
    transaction.optional(DURABILITY, &[], |row| {
        Ok(Durability {
            is_standby: row.text(0)? == YES,
            synchronous_commit: row.text(1)?,
            fsync: row.text(2)?,
            synchronous_standbys: row.text(3)?,
        })
    })
}

const YES: &str = "yes";

fn is_yes(answer: Option<String>) -> bool {
    answer.as_deref() == Some(YES)
}
