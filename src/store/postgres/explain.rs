//! What an error of PostgreSQL means to the person at the terminal.

use postgres::error::SqlState;
use rustls::CertificateError;

use super::lost::{self, Obstacle, is_lost};
use crate::error::Error;

const NOTHING_CHANGED: &str = "Nothing was changed.";

/// Turns an error of PostgreSQL into what happened, what was not changed, and what to do.
pub fn explain(error: postgres::Error, name: &str) -> Error {
    let said = error.as_db_error().map(|said| said.message().to_owned()).unwrap_or_default();
    let (message, advice) = match error.code() {
        Some(&SqlState::INSUFFICIENT_PRIVILEGE) => (
            format!("Your role may not do this in the database {name}: {said}"),
            "Ask its owner for the right: the README has the grants of a role that changes and of one that only looks.",
        ),
        Some(&SqlState::READ_ONLY_SQL_TRANSACTION) => (
            format!("The database {name} cannot be written: it only gives what is stored"),
            "Where it is on a standby, name the primary, or all of them with target_session_attrs=read-write; \
             else default_transaction_read_only is on.",
        ),
        Some(&SqlState::QUERY_CANCELED) => (
            format!("The database {name} ended the work: {said}"),
            "Run the command again; where statement_timeout is set, have it raised.",
        ),
        Some(&SqlState::UNDEFINED_OBJECT | &SqlState::INVALID_PARAMETER_VALUE | &SqlState::CANT_CHANGE_RUNTIME_PARAM) => {
            (format!("The server of the database {name} refuses a setting: {said}"), "Check PGOPTIONS, and ‘options’ in the address.")
        }
        Some(&SqlState::DUPLICATE_TABLE | &SqlState::DUPLICATE_OBJECT) => (
            format!("The database {name} holds something of another program: {said}"),
            "Give the desk a database of its own, made with createdb.",
        ),
        Some(&SqlState::LOCK_NOT_AVAILABLE) => (
            format!("The database {name} is busy: another program has been writing to it for too long"),
            "Try again; if it stays busy, look in pg_stat_activity for who holds the lock.",
        ),
        Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED) => {
            (format!("The database {name} is busy: another program was in the way each time"), "Try again in a moment.")
        }
        Some(&SqlState::IDLE_SESSION_TIMEOUT | &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT) => (
            format!("The database {name} ended the connection: {said}"),
            "Run the command again; where it happens often, have idle_session_timeout and idle_in_transaction_session_timeout raised.",
        ),
        Some(&SqlState::UNIQUE_VIOLATION | &SqlState::FOREIGN_KEY_VIOLATION | &SqlState::CHECK_VIOLATION) => {
            return Error::conflict("The change does not fit what somebody else stored meanwhile")
                .hint("Nothing was changed. Look at the record again, then run the command again.")
                .caused_by(error);
        }
        Some(&SqlState::DISK_FULL) => {
            (format!("There is no room left on the disk of the database {name}"), "Make room, then run the command again.")
        }
        Some(&SqlState::INVALID_PASSWORD) => (
            format!("The database {name} does not let you in: {said}"),
            "Check the user and the password: PGUSER, PGPASSWORD, or the password file.",
        ),
        Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => (
            format!("The database {name} does not let you in: {said}"),
            "Check the user, and sslmode where the server wants an encrypted connection (sslmode=verify-full).",
        ),
        Some(&SqlState::INVALID_CATALOG_NAME) => (
            format!("There is no database {name}: {said}"),
            "Check its name; its owner makes it with createdb, and its tables with ‘migrate’.",
        ),
        Some(&SqlState::TOO_MANY_CONNECTIONS) => {
            (format!("The database {name} has too many connections: {said}"), "Try again in a moment.")
        }
        Some(&SqlState::UNDEFINED_TABLE | &SqlState::UNDEFINED_COLUMN) => (
            format!("The database {name} does not have the tables that frontdesk made: {said}"),
            "Check that it is the right database and search_path; go back to a copy from before the damage.",
        ),
        Some(&SqlState::INVALID_SCHEMA_NAME) => (
            format!("The database {name} has no schema that your role may use: {said}"),
            "Check the search_path, and ask its owner for USAGE on the schema.",
        ),
        Some(_) if !is_lost(&error) => return Error::internal(error),
        _ => match lost::obstacle_of(&error) {
            Some(Obstacle::Certificate(wrong)) => (
                format!("The server of the database {name} cannot be trusted: {}", what_is_wrong(wrong)),
                "Check the host in the address, and sslrootcert, which names the certificates to trust.",
            ),
            Some(Obstacle::NoEncryption) => (
                format!("The server of the database {name} does not encrypt connections, and sslmode asks for it"),
                "Have TLS switched on at the server; where nobody can listen on the way, sslmode=disable does without.",
            ),
            Some(Obstacle::NoPassword) => (
                format!("The database {name} wants a password, and there is none"),
                "Put a line for this host, port, database and user in the password file (~/.pgpass), or set PGPASSWORD.",
            ),
            Some(Obstacle::NotTheOneWanted) => (
                format!("The server of the database {name} is not the one that target_session_attrs asks for: {}", innermost(&error)),
                "Name every server among which the one wanted is.",
            ),
            None => (
                format!("The database {name} cannot be reached: {}", innermost(&error)),
                "Check that the server is running and that the address is right, then run the command again.",
            ),
        },
    };
    Error::unavailable(message).hint(format!("{NOTHING_CHANGED} {advice}")).caused_by(error)
}

/// Whether the role lacks a right.
pub fn is_forbidden(error: &Error) -> bool {
    let cause = error.cause.as_ref().and_then(|cause| cause.downcast_ref::<postgres::Error>());
    cause.and_then(postgres::Error::code) == Some(&SqlState::INSUFFICIENT_PRIVILEGE)
}

/// What is wrong with the certificate of a server.
fn what_is_wrong(certificate: &CertificateError) -> String {
    match certificate {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another host".to_owned()
        }
        CertificateError::UnknownIssuer | CertificateError::BadSignature => "its certificate is not signed by anybody you trust".to_owned(),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "its certificate has expired".to_owned(),
        other => format!("its certificate is not good ({other})"),
    }
}

/// The last cause of an error: those before it only say that something failed.
fn innermost(error: &postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        return said.message().to_owned();
    }
    if error.is_closed() {
        return "the connection was lost".to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    match cause.to_string().as_str() {
        // What the client says where the server went away in the middle of an answer.
        "bytes remaining on stream" => "the connection was lost".to_owned(),
        told => told.to_owned(),
    }
}
