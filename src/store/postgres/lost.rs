//! Connections that are lost, and transactions that another one was in the way of: what may be tried
//! again, for how long, and what became of a commit that got no answer.

use std::time::{Duration, Instant};

use postgres::Client;
use postgres::error::SqlState;
use postgres::types::Type;
use rustls::CertificateError;

use super::explain::explain;
use crate::domain::waiting::{UNNOTICED, Waiting};
use crate::error::{Error, Result};

/// How long a server is waited for that was there a moment ago: it may be starting again, or another
/// one may be taking its place.
const PATIENCE: Duration = Duration::from_secs(30);
/// The first pause; each is twice as long as the one before, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// A long import may have used all of that time when something is in its way for the second time.
const FEWEST_RETRIES: u32 = 3;

/// How long to go on trying what failed: one for all tries of one transaction, from the first failure.
#[derive(Default)]
pub struct Retries {
    /// Of the first failure.
    since: Option<Instant>,
    made: u32,
    pause: Duration,
}

impl Retries {
    /// Pauses, and tells whoever has waited for this database for long. Returns whether to try again.
    pub fn wait(&mut self, name: &str, waiting: &mut Waiting) -> bool {
        // What is waited for is a machine that is really there, whatever the clock of the records says.
        #[expect(clippy::disallowed_methods, reason = "nothing of it is ever stored or shown")]
        let waited = self.since.get_or_insert_with(Instant::now).elapsed();
        self.pause = (self.pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
        let goes_on = self.made < FEWEST_RETRIES || waited + self.pause <= PATIENCE;
        if goes_on {
            self.made += 1;
            if waited >= UNNOTICED {
                waiting.tell(name);
            }
            std::thread::sleep(self.pause);
        }
        goes_on
    }
}

/// What helps where a transaction failed so, if anything.
pub fn remedy_for(error: &Error) -> Remedy {
    let Some(cause) = cause_of(error) else { return Remedy::None };
    match cause.code() {
        Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED) => Remedy::RunAgain,
        _ if is_lost(cause) => Remedy::Reconnect,
        _ => Remedy::None,
    }
}

/// What helps.
pub enum Remedy {
    None,
    RunAgain,
    Reconnect,
}

/// Whether the connection is gone, or leads to a server that is going away or may not be written any more.
pub fn is_lost(error: &postgres::Error) -> bool {
    error.is_closed()
        || io_error_of(error).is_some() && obstacle_of(error).is_none_or(|obstacle| matches!(obstacle, Obstacle::NotTheOneWanted))
        || matches!(
            error.code(),
            Some(
                &SqlState::ADMIN_SHUTDOWN
                    | &SqlState::CRASH_SHUTDOWN
                    | &SqlState::CANNOT_CONNECT_NOW
                    | &SqlState::CONNECTION_FAILURE
                    | &SqlState::CONNECTION_EXCEPTION
                    | &SqlState::CONNECTION_DOES_NOT_EXIST
                    | &SqlState::IDLE_SESSION_TIMEOUT
                    | &SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
            )
        )
}

/// Whether a connection that could not be made may be made in a moment.
pub fn is_passing(error: &Error) -> bool {
    let is_passing = |cause: &postgres::Error| is_lost(cause) || cause.code() == Some(&SqlState::TOO_MANY_CONNECTIONS);
    cause_of(error).map_or_else(|| error.cause.as_ref().is_some_and(|cause| cause.is::<NoAnswer>()), is_passing)
}

/// A server said nothing for so long, or nobody said where it is.
#[derive(Debug, thiserror::Error)]
#[error("it did not answer within {} seconds", .0.as_secs())]
pub struct NoAnswer(pub Duration);

/// What the client says of a server that is not the one that `target_session_attrs` asks for.
const NOT_THE_ONE_WANTED: [&str; 2] = ["database does not allow writes", "database is not read only"];

/// Whether an error is the answer of a server, and tells more than that another one is not there.
pub fn is_an_answer(error: &Error) -> bool {
    cause_of(error).is_some_and(|cause| cause.as_db_error().is_some() || obstacle_of(cause).is_some())
}

/// What is in the way of a connection, and will be in the way of the next one too.
pub enum Obstacle<'error> {
    /// The server shows one that is not to be trusted.
    Certificate(&'error CertificateError),
    /// The server does not encrypt.
    NoEncryption,
    /// The server wants a password, and none was given.
    NoPassword,
    /// The server cannot be written, or can; it may take the other's place in a moment.
    NotTheOneWanted,
}

/// What is in the way of a connection, if it is this side that found it. The client has no other name for
/// most of them than its words.
pub fn obstacle_of(error: &postgres::Error) -> Option<Obstacle<'_>> {
    if let Some(Some(cause)) = io_error_of(error).map(std::io::Error::get_ref) {
        return match cause.downcast_ref() {
            Some(rustls::Error::InvalidCertificate(wrong)) => Some(Obstacle::Certificate(wrong)),
            Some(_) => None,
            None => NOT_THE_ONE_WANTED.contains(&cause.to_string().as_str()).then_some(Obstacle::NotTheOneWanted),
        };
    }
    match std::error::Error::source(error)?.to_string().as_str() {
        "server does not support TLS" => Some(Obstacle::NoEncryption),
        "password missing" => Some(Obstacle::NoPassword),
        _ => None,
    }
}

/// Whether something failed because the server is gone.
pub fn is_gone(error: &Error) -> bool {
    cause_of(error).is_some_and(is_lost)
}

fn cause_of(error: &Error) -> Option<&postgres::Error> {
    error.cause.as_ref()?.downcast_ref()
}

fn io_error_of(error: &postgres::Error) -> Option<&std::io::Error> {
    std::error::Error::source(error)?.downcast_ref()
}

/// The transaction that writes, as one knows it again afterwards.
#[derive(Default)]
pub struct Writing {
    /// What the server calls it.
    pub number: Option<String>,
    /// The id of an entry of activity that it adds, if it has added one so far.
    pub entry: Option<String>,
}

/// What became of a transaction.
pub enum Outcome {
    Committed,
    TakenBack,
    Running,
    Unknown,
}

/// What became of the transaction of this number; of one that goes on elsewhere nobody knows yet, and what
/// follows another server has perhaps not heard of it.
const STATUS: &str = "SELECT CASE WHEN pg_is_in_recovery() THEN 'in progress' ELSE pg_xact_status(CAST($1 AS xid8)) END";
const ENTRY: &str = "SELECT EXISTS (SELECT FROM activity WHERE id = $1)";

/// Asks what became of a transaction.
///
/// That its number was committed is no proof: of what a server had not written down when it crashed, or not
/// passed on to the one that took over, the number too is forgotten, and given to the next transaction. The
/// entry of activity is a proof, because no other transaction adds one by the same id and none is removed.
pub fn outcome_of(client: &mut Client, writing: &Writing, name: &str) -> Result<Outcome> {
    let Some(number) = &writing.number else { return Ok(Outcome::Unknown) };
    let status = match client.query_typed_one(STATUS, &[(number, Type::TEXT)]) {
        Ok(row) => row.get::<_, Option<String>>(0),
        // Of a number that is still to come: the server knows nothing of it.
        Err(error) if error.code() == Some(&SqlState::INVALID_PARAMETER_VALUE) => return Ok(Outcome::TakenBack),
        Err(error) => return Err(explain(error, name)),
    };
    match (status.as_deref(), &writing.entry) {
        (Some("in progress"), _) => Ok(Outcome::Running),
        (Some("aborted"), _) => Ok(Outcome::TakenBack),
        (_, None) => Ok(Outcome::Unknown),
        (_, Some(entry)) => {
            let row = client.query_typed_one(ENTRY, &[(entry, Type::TEXT)]).map_err(|error| explain(error, name))?;
            Ok(if row.get(0) { Outcome::Committed } else { Outcome::TakenBack })
        }
    }
}

/// Nobody knows whether the change was stored.
pub fn in_doubt(name: &str, lost: postgres::Error) -> Error {
    let lost_connection = format!("The connection to the database {name} was lost while the change was being stored");
    Error { is_in_doubt: true, ..Error::unavailable(lost_connection) }
        .hint("It may or may not have been stored. Look at the record before you run the command again.")
        // As a text: a lost connection by itself would have the change run again, which may be stored.
        .caused_by(anyhow::anyhow!("{lost}"))
}
