//! A PostgreSQL server: its version, the rights of this role, its clock, the connection, and whether a
//! change that was reported stays.

use jiff::SignedDuration;

use super::{Report, failed};
use crate::domain::check::Check;
use crate::domain::sentence::in_a_sentence;
use crate::error::Result;
use crate::store::checks::postgres::{self, CREATE_UTF8, Connection, Durability, Rights, UTF8, Version};
use crate::store::{Store, Transaction};
use crate::world::Clock;

/// Older servers lack what a change is found out by.
const OLDEST: u32 = 130_000;
/// Older servers are not tried.
const OLDEST_TRIED: u32 = 150_000;
/// Clocks that differ by more than this make times of changes doubtful.
const CLOCKS: SignedDuration = SignedDuration::from_secs(5);

/// With these no standby is waited for, whichever are named.
const NO_STANDBY: [&str; 2] = ["off", "local"];

/// That the database opens, and what it is.
pub(super) fn version(store: &mut Store, database: &str) -> Check {
    answer(store, "database", postgres::version, |Version { number, shown, encoding }| {
        let what = format!("The database {database} opens, with PostgreSQL {shown}");
        if number < OLDEST {
            return Check::problem("database", format!("{what}, which is too old: frontdesk needs 13"))
                .hint("Bring the server to version 15 or newer.");
        }
        if encoding != UTF8 {
            let message = format!("{what}, but its encoding is {encoding}: it cannot hold every name");
            return Check::problem("database", message).hint(format!("Move the desk to another one, made with: {CREATE_UTF8}"));
        }
        if number < OLDEST_TRIED {
            return Check::warning("database", format!("{what}, which is older than what frontdesk is tried with"))
                .hint("Bring the server to version 15 or newer.");
        }
        Check::ok("database", what)
    })
}

/// Everything else that only the server knows.
pub(super) fn examine(store: &mut Store, clock: Clock, report: &mut Report<'_>) -> Result<()> {
    match store.read(postgres::rights) {
        Ok(rights) => report.add_all(of_rights(&rights))?,
        Err(error) => report.add(failed("rights", &error))?,
    }
    let before = clock.now();
    report.add(answer(store, "clock", postgres::clock, |server| {
        // The server looked at its clock at some time in between.
        let after = clock.now();
        let difference = if server < before {
            before.duration_since(server)
        } else if server > after {
            server.duration_since(after)
        } else {
            SignedDuration::ZERO
        };
        if difference <= CLOCKS {
            return Check::ok("clock", "The clocks of the server and of this machine agree");
        }
        let way = if server < before { "behind" } else { "ahead of" };
        Check::warning("clock", format!("The server’s clock is {} seconds {way} this machine’s", difference.as_secs()))
            .hint("Set both by a time server: the times of changes and of emails are told by this machine’s clock.")
    }))?;
    report.add(answer(store, "connection", postgres::connection, |connection| of_connection(&connection)))?;
    match store.read(postgres::durability) {
        Ok(Some(durability)) => report.add_all(of_durability(&durability)),
        Ok(None) => Ok(()),
        Err(error) => report.add(failed("replication", &error)),
    }
}

fn answer<T>(
    store: &mut Store,
    name: &'static str,
    ask: fn(&mut Transaction<'_>) -> Result<Option<T>>,
    judge: impl FnOnce(T) -> Check,
) -> Check {
    match store.read(ask) {
        Ok(Some(answered)) => judge(answered),
        Ok(None) => Check::warning(name, "The server does not say").hint("Look at its own documentation."),
        Err(error) => failed(name, &error),
    }
}

fn of_rights(rights: &Rights) -> Vec<Check> {
    let Rights { role, changes, lacks, temporary } = rights;
    let (unread, unwritten): (Vec<_>, Vec<_>) = lacks.iter().partition(|(_, right)| *right == "SELECT");
    let listed = |lacks: Vec<&(&str, &str)>| in_a_sentence(lacks.iter().map(|(table, right)| format!("{right} on {table}")).collect());
    let ask = "Ask the owner of the database for the right.";
    let reads_all = unread.is_empty();
    let mut checks = Vec::new();
    if !reads_all {
        checks.push(Check::problem("rights", format!("The role {role} may not read everything: it lacks {}", listed(unread))).hint(ask));
    }
    if !changes && !reads_all {
        checks.push(Check::note("rights", format!("The role {role} may not change anything")));
    } else if !changes {
        checks.push(Check::note("rights", format!("The role {role} may read and not change anything")));
    } else if !unwritten.is_empty() {
        let message = format!("The role {role} may not make every change: it lacks {}", listed(unwritten));
        checks.push(Check::problem("rights", message).hint(ask));
    } else if checks.is_empty() {
        checks.push(Check::ok("rights", format!("The role {role} may read and change every table")));
    }
    if *changes {
        checks.push(if *temporary {
            Check::ok("temporary_tables", format!("The role {role} may make the temporary tables that imports need"))
        } else {
            Check::warning("temporary_tables", format!("The role {role} may not make temporary tables, which imports need")).hint(ask)
        });
    }
    checks
}

fn of_connection(connection: &Connection) -> Check {
    match connection {
        Connection { encrypted_by: Some(by), .. } => Check::ok("connection", format!("The connection is encrypted ({by})")),
        Connection { is_socket: true, .. } => Check::ok("connection", "The connection is a Unix socket: nothing of it leaves this machine"),
        Connection { is_loopback: true, .. } => {
            Check::note("connection", "The connection is not encrypted, and goes from this machine to itself")
        }
        _ => Check::warning("connection", "The connection is not encrypted: others on the network may read it")
            .hint("Ask for it in the address of the database: sslmode=verify-full."),
    }
}

fn of_durability(durability: &Durability) -> Vec<Check> {
    let Durability { is_standby, synchronous_commit, fsync, synchronous_standbys } = durability;
    let mut checks = Vec::new();
    let is_told = !is_standby && !synchronous_standbys.is_empty() && NO_STANDBY.contains(&synchronous_commit.as_str());
    if *is_standby {
        checks.push(
            Check::warning("replication", "The server is a standby: it gives what another one stores, and takes no changes")
                .hint("For changes, name every server of the pair, with target_session_attrs=read-write."),
        );
    } else if is_told {
        let message = format!(
            "The server is to wait for its standbys ({synchronous_standbys}), but synchronous_commit is {synchronous_commit}: it does not"
        );
        checks.push(Check::warning("replication", message).hint(set_to_on("synchronous_commit")));
    } else if synchronous_standbys.is_empty() {
        checks.push(Check::ok("replication", "The server takes changes, and waits for no standby"));
    } else {
        checks.push(Check::ok("replication", format!("The server takes changes, and waits for its standbys ({synchronous_standbys})")));
    }
    let could_lose = |setting: &str| {
        let message = format!("{setting} is off on the server: a change that was reported could be lost when it fails");
        Check::warning("durability", message).hint(set_to_on(setting))
    };
    let off: Vec<Check> = [("synchronous_commit", synchronous_commit), ("fsync", fsync)]
        .into_iter()
        .filter(|(_, value)| *value == "off")
        // One cause is told once.
        .filter(|(setting, _)| !(is_told && *setting == "synchronous_commit"))
        .map(|(setting, _)| could_lose(setting))
        .collect();
    if off.is_empty() && synchronous_commit != "off" {
        checks.push(Check::ok("durability", "A change is on the server’s disk before it is reported"));
    }
    checks.extend(off);
    checks
}

/// The configuration of the server may be overruled for a database or a role.
fn set_to_on(setting: &str) -> String {
    let where_else = if setting == "synchronous_commit" { ", or where it is set for the database or the role" } else { "" };
    format!("Set {setting} to on in the configuration of the server{where_else}.")
}
