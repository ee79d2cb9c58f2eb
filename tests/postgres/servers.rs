//! The servers themselves, by PostgreSQL’s own client: that they are what the tests take them for.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Barrier;
use std::thread;

use rustix::process::{Pid, test_kill_process};

use crate::desk::Desk;
use crate::durable::{DATABASE, Durable, Pair};
use crate::fresh::Fresh;
use crate::secured::Secured;
use crate::server::{PASSWORD, has_programs, programs, wait_for, with_arguments};

/// Runs statements at an address, with a password.
fn psql_with(password: &str, address: &str, sql: &str) -> Output {
    psql_command(password, address, sql).output().unwrap()
}

fn psql_command(password: &str, address: &str, sql: &str) -> Command {
    let mut command = Command::new(programs().unwrap().join("psql"));
    command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--no-password", "--set=ON_ERROR_STOP=1"]);
    command.args(["--command", sql, address]).env_clear().env("PGPASSWORD", password).env("HOME", "/nowhere");
    command.stdin(Stdio::null());
    command
}

/// What statements at an address print, if they succeed.
fn psql(address: &str, sql: &str) -> Result<String, String> {
    said(&psql_with("", address, sql))
}

fn said(output: &Output) -> Result<String, String> {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap().trim_end().to_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

fn fails_with(output: &Output, words: &str) {
    let error = said(output).unwrap_err();
    assert!(error.contains(words), "{error}");
}

#[test]
fn a_fresh_database_has_what_its_template_has_and_is_dropped_at_the_end() {
    if !has_programs() {
        return;
    }
    let fill = |address: &str| {
        psql(address, "CREATE TABLE people (name TEXT); INSERT INTO people VALUES ('Ann')").unwrap();
    };
    let one = Fresh::of("people", fill);
    psql(&one.address(), "INSERT INTO people VALUES ('Bob')").unwrap();
    let two = Fresh::of("people", |_| panic!("a template is filled once"));
    let names = "SELECT string_agg(name, ' ' ORDER BY name) FROM people";
    assert_eq!(psql(&one.address(), names).unwrap(), "Ann Bob");
    assert_eq!(psql(&two.address(), names).unwrap(), "Ann");
    assert_eq!(psql(&two.address(), "SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user").unwrap(), "desk|f");

    // One that somebody still uses is dropped too.
    let (address, mut still_there) = (two.address(), two.connect());
    drop(two);
    assert!(psql(&address, "SELECT 1").unwrap_err().contains("does not exist"));
    assert!(still_there.batch_execute("SELECT 1").is_err());
}

#[test]
fn threads_make_fresh_databases_of_a_new_template_at_once() {
    if !has_programs() {
        return;
    }
    let begin = Barrier::new(8);
    let counts: Vec<String> = thread::scope(|scope| {
        let make = || {
            begin.wait();
            let mut count = String::new();
            for _ in 0..5 {
                let fresh = Fresh::of("at once", |address| drop(psql(address, "CREATE TABLE one AS SELECT 1").unwrap()));
                count = psql(&fresh.address(), "SELECT count(*) FROM one").unwrap();
            }
            count
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(make)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(counts, ["1"; 8]);
}

#[test]
fn the_order_of_a_server_is_that_of_a_language_and_not_of_bytes() {
    if !has_programs() {
        return;
    }
    let fresh = Fresh::of("empty", |_| ());
    assert_eq!(psql(&fresh.address(), "SELECT string_agg(x, '' ORDER BY x) FROM unnest('{b,A,a,B}'::text[]) AS x").unwrap(), "aAbB");
}

#[test]
fn a_killed_test_leaves_no_server_behind() {
    if !has_programs() {
        return;
    }
    let mut test = Command::new(std::env::current_exe().unwrap());
    test.args(["--ignored", "--exact", "--nocapture", "servers::a_test_that_waits_to_be_killed"]);
    let mut test = test.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(test.stdout.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.into_iter().find_map(|line| Some(line.split_once("Started ")?.1.to_owned())).unwrap();
    let (process, directory) = line.split_once(' ').unwrap();
    let process = Pid::from_raw(process.parse().unwrap()).unwrap();
    assert!(test_kill_process(process).is_ok() && Path::new(directory).is_dir());

    test.kill().unwrap();
    test.wait().unwrap();
    wait_for("the end of the server", || test_kill_process(process).is_err() && !Path::new(directory).exists());
}

#[test]
#[ignore = "another test starts this one to kill it"]
fn a_test_that_waits_to_be_killed() {
    let durable = Durable::start();
    let told = format!("Started {} {}\n", durable.server.process().as_raw_nonzero(), durable.directory().display());
    std::io::stdout().write_all(told.as_bytes()).unwrap();
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

#[test]
fn a_durable_server_that_is_killed_has_what_it_promised_and_nothing_else() {
    if !has_programs() {
        return;
    }
    let mut durable = Durable::start();
    let address = durable.address();
    psql(&address, "CREATE TABLE numbers (number BIGINT); INSERT INTO numbers VALUES (1)").unwrap();
    let mut open = durable.server.connect(DATABASE);
    open.batch_execute("BEGIN; INSERT INTO numbers VALUES (2)").unwrap();
    durable.kill();
    assert!(open.batch_execute("COMMIT").is_err());
    assert!(psql(&address, "SELECT 1").is_err());
    durable.start_again();
    assert_eq!(psql(&address, "SELECT string_agg(number::text, ' ') FROM numbers").unwrap(), "1");
    let safe =
        "SELECT string_agg(setting, ' ' ORDER BY name) FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')";
    assert_eq!(psql(&address, safe).unwrap(), "on on on");
}

#[test]
fn the_standby_of_a_pair_takes_over_at_the_same_address_with_all_that_was_promised() {
    if !has_programs() {
        return;
    }
    let pair = Pair::start();
    let address = pair.address();
    psql(&address, "CREATE TABLE numbers (number BIGINT)").unwrap();
    for number in 0..20 {
        psql(&address, &format!("INSERT INTO numbers VALUES ({number})")).unwrap();
    }
    let standby = pair.standby.network_address("127.0.0.1", DATABASE);
    assert_eq!(psql(&standby, "SELECT pg_is_in_recovery(), count(*) FROM numbers").unwrap(), "t|20");
    assert!(psql(&standby, "INSERT INTO numbers VALUES (-1)").unwrap_err().contains("read-only transaction"));

    pair.kill_primary();
    assert!(psql(&address, "SELECT 1").is_err(), "nothing can be written until the standby has taken over");
    pair.promote_standby();
    psql(&address, "INSERT INTO numbers VALUES (20)").unwrap();
    assert_eq!(psql(&address, "SELECT count(*), inet_server_port() FROM numbers").unwrap(), format!("21|{}", pair.standby.port));
}

#[test]
fn a_primary_promises_nothing_while_its_standby_is_away() {
    if !has_programs() {
        return;
    }
    let pair = Pair::start();
    psql(&pair.address(), "CREATE TABLE numbers (number BIGINT)").unwrap();
    pair.standby.kill();
    let mut insert = psql_command("", &pair.address(), "INSERT INTO numbers VALUES (1)").spawn().unwrap();
    pair.primary.wait_until("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'", "1");
    assert!(insert.try_wait().unwrap().is_none());
    insert.kill().unwrap();
    insert.wait().unwrap();
}

#[test]
fn a_secured_server_takes_the_right_password_and_only_over_an_encrypted_connection() {
    if !has_programs() {
        return;
    }
    let secured = Secured::start();
    let address = |host: &str, mode: &str, authority: &Path| {
        with_arguments(&secured.address(host), &[("sslmode", mode), ("sslrootcert", authority.to_str().unwrap())])
    };
    let (ours, another) = (secured.authority(), secured.another_authority());
    let encrypted = "SELECT current_user, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let full = address("localhost", "verify-full", &ours);
    assert_eq!(said(&psql_with(PASSWORD, &full, encrypted)).unwrap(), "desk|t");
    assert_eq!(said(&psql_with(PASSWORD, &address("127.0.0.1", "verify-ca", &ours), encrypted)).unwrap(), "desk|t");

    fails_with(&psql_with("wrong-horse", &full, "SELECT 1"), "password authentication failed for user \"desk\"");
    fails_with(&psql_with("", &full, "SELECT 1"), "no password supplied");
    fails_with(&psql_with(PASSWORD, &address("127.0.0.1", "verify-full", &ours), "SELECT 1"), "does not match host name");
    fails_with(&psql_with(PASSWORD, &address("localhost", "verify-ca", &another), "SELECT 1"), "certificate verify failed");
    fails_with(&psql_with(PASSWORD, &address("localhost", "disable", &ours), "SELECT 1"), "no encryption");
    let stored = secured.server.text("postgres", "SELECT left(rolpassword, 14) FROM pg_authid WHERE rolname = 'desk'");
    assert_eq!(stored, "SCRAM-SHA-256$");
}

#[test]
fn a_desk_on_a_server_is_backed_up_by_its_own_programs() {
    const DUMP: &str = "with: pg_dump --format=custom --file=FILE";
    const RESTORE: &str = "into a new database: pg_restore --dbname=NEW --single-transaction FILE";
    if !has_programs() {
        return;
    }
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    std::fs::write(desk.path("copy.db"), "").unwrap();
    let before = desk.rows();
    for (line, how) in [("backup new.db", DUMP), ("restore copy.db --yes", RESTORE), ("restore copy.db --dry-run", RESTORE)] {
        let told = desk.line(line);
        let words = [
            " is on a PostgreSQL server, whose backups are made and restored by its own programs\n",
            &format!("\nNothing was done. Do it {how}\n"),
        ];
        assert!(told.code == 2 && told.out.is_empty() && words.iter().all(|words| told.err.contains(words)), "{line}: {told:?}");
        // Whoever may not have one is not told how it is made.
        assert_eq!(desk.line(&format!("{line} --as lost@education.gov.uk")).code, 6);
    }
    assert_eq!((desk.rows(), desk.path("new.db").exists()), (before, false));
    // Nor does a backup of a file go to a server by another way than `move`.
    assert_eq!(desk.line("restore copy.db").code, 2);
}
