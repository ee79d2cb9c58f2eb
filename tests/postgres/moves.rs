//! Moving a desk from a file to a server and back: everything or nothing, and the same to the last byte.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Instant;

use postgres::Client;
use rusqlite::Connection;
use rustix::process::{Pid, Signal, kill_process};

use crate::desk::{Desk, Ran, ran};
use crate::durable::{DATABASE, Durable};
use crate::fresh::Fresh;
use crate::lost::{end_sessions, number, wait_until_nobody_is_left, wait_until_one_waits};
use crate::server::{has_programs, succeed, with_arguments};

const FILE: &str = "one.db";
/// What happens at a desk until it has something of everything.
const HISTORY: [&str; 30] = [
    "users add --first-name Sue --last-name Sands --email sue@education.gov.uk --api-user no",
    "users add --first-name Zoë --last-name \"O’Brien, Jr\" --email zoe@education.gov.uk --api-user no",
    "users add --first-name 'Al \"Bo\"' --last-name \"d'Été\" --email al@education.gov.uk --api-user yes",
    "users add --first-name Åsa --last-name Ångström\u{301} --email asa@education.gov.uk --api-user no --no-email",
    "users add --first-name 李 --last-name 'a\\b' --email li@education.gov.uk --api-user no",
    "users add --first-name Ned --last-name Sands --email ned@education.gov.uk --api-user yes",
    "--as ned@education.gov.uk api-clients add --name 'Of somebody deleted' --expires-on 2026-01-31",
    "--as sue@education.gov.uk api-clients add --name 'Straße ‘1’' --expires-on 2026-06-30",
    "users edit li@education.gov.uk --active no",
    "users edit al@education.gov.uk --email el@education.gov.uk --last-name '% _ !'",
    "--as sue@education.gov.uk users delete ned@education.gov.uk --yes",
    // Whoever comes to an address again is somebody else.
    "users add --first-name Ned --last-name Stone --email ned@education.gov.uk --api-user no",
    "org add --code ALPHA --name 'École ‘Alpha’; DROP TABLE users'",
    "org add --code BETA --name Straße",
    "org add --code GONE --name 'Gone School'",
    "org edit BETA --name Strasse",
    "org add-user ALPHA --first-name Ann --last-name Abel --email ann@example.com",
    "org add-user BETA --first-name Ann --last-name Abel --email ann@example.com",
    "org add-user GONE --first-name Bob --last-name Œuvre --email bob@example.com",
    "org edit-user BETA ann@example.com --first-name Anne",
    "org remove-user ALPHA ann@example.com --yes",
    "org remove-user GONE bob@example.com --yes",
    "org delete GONE --yes",
    // An account that nothing is left of ends when its address gets another one.
    "org add-user ALPHA --first-name Bea --last-name Baker --email bob@example.com",
    "sign-in record --email ann@example.com --id A-1 --last-name Ábel",
    "sign-in record --email zoe@education.gov.uk --id Z-1",
    "emails resend zoe@education.gov.uk",
    "service set name 'Desk, the ‘1st’'",
    "service set page-size 7",
    "service set protected yes",
];

/// Runs a line at the desk in this file or at this address.
fn at(desk: &Desk, database: &str, line: &str) -> Ran {
    desk.line(&format!("--database '{database}' {line}"))
}

fn done(desk: &Desk, database: &str, line: &str) -> String {
    let ran = at(desk, database, line);
    assert_eq!(ran.code, 0, "{line}: {ran:?}");
    ran.out
}

fn open(desk: &Desk, file: &str) -> Connection {
    Connection::open(desk.path(file)).unwrap()
}

fn file_has(desk: &Desk, sql: &str) -> bool {
    open(desk, FILE).query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap() > 0
}

/// Makes the file: a desk with rows of every kind in every table.
fn make_full_file(desk: &Desk) {
    for line in HISTORY {
        done(desk, FILE, line);
    }
    desk.configure("delivery = \"later\"\n");
    done(desk, FILE, "users add --first-name Cat --last-name Cole --email cat@education.gov.uk --api-user no --environment production");
    done(desk, FILE, "org add-user ALPHA --first-name Di --last-name Day --email di@example.com --environment production");
    done(desk, FILE, "users add --first-name Eve --last-name East --email eve@education.gov.uk --api-user no --environment production");
    let queued = done(desk, FILE, "emails list --status queued --format ids");
    done(desk, FILE, &format!("emails cancel {}", queued.lines().next().unwrap()));
    // What only a mail server does.
    open(desk, FILE)
        .execute_batch(
            "UPDATE emails SET status = 'refused', attempts = 1, next_attempt_at = NULL, last_error = '550 it’s \"no\" user, é'
             WHERE id = (SELECT min(id) FROM emails WHERE status = 'sent');
             INSERT INTO failing_mail_servers VALUES ('desk@mail:25', 3, 1765462380000, 'it’s away')",
        )
        .unwrap();
    for table in tables(desk) {
        assert!(file_has(desk, &format!("SELECT count(*) FROM {table}")), "{table}");
    }
    for status in ["queued", "sent", "refused", "cancelled"] {
        assert!(file_has(desk, &format!("SELECT count(*) FROM emails WHERE status = '{status}'")), "{status}");
    }
    for table in ["users", "organisations", "organisation_users", "api_clients"] {
        assert!(file_has(desk, &format!("SELECT count(*) FROM {table} WHERE deleted_at IS NOT NULL")), "{table}");
    }
}

fn tables(desk: &Desk) -> Vec<String> {
    let file = open(desk, FILE);
    let mut query = file.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
    query.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Every row of every table of a file, each as text.
fn rows_of_file(desk: &Desk, file: &str) -> Vec<String> {
    let database = open(desk, file);
    let mut rows = Vec::new();
    for table in tables(desk) {
        let mut query = database.prepare(&format!("SELECT * FROM {table} ORDER BY 1")).unwrap();
        let columns = query.column_count();
        let read = query.query_map([], |row| {
            let values: Vec<rusqlite::types::Value> = (0..columns).map(|column| row.get(column)).collect::<Result<_, _>>()?;
            Ok(format!("{table}: {values:?}"))
        });
        rows.extend(read.unwrap().map(Result::unwrap));
    }
    rows
}

/// Everything that a desk gives away, in every way that it does.
fn exported(desk: &Desk, database: &str) -> Vec<(String, Ran)> {
    let mut lines = vec!["users export".to_owned(), "org export-users".to_owned(), "service show --json".to_owned()];
    for list in ["users list", "org list", "org users ALPHA", "org users BETA", "activity list", "emails list", "api-clients list"] {
        lines.extend(["csv", "json"].map(|format| format!("{list} --all --format {format}")));
    }
    lines.push("users list --search oBrien --json".to_owned());
    lines.push("activity list --user ned@education.gov.uk --json".to_owned());
    lines.into_iter().map(|line| (line.clone(), at(desk, database, &line))).collect()
}

fn assert_exports_alike(desk: &Desk, one: &str, other: &str) {
    for ((line, one), (_, other)) in exported(desk, one).into_iter().zip(exported(desk, other)) {
        assert!(one.code == 0 && !one.out.is_empty(), "{line}: {one:?}");
        assert!(one == other, "{line}:\n{one:?}\n{other:?}");
    }
}

const MOVE: &str = "--yes --environment production";

#[test]
fn a_desk_with_everything_moves_to_a_server_and_back_as_it_was() {
    if !has_programs() {
        return;
    }
    let (desk, another) = (Desk::new(), Desk::new());
    make_full_file(&desk);
    let rows = rows_of_file(&desk, FILE);
    let (first, second) = (desk.kept.address(), another.kept.address());
    let told = done(&desk, FILE, &format!("move {first} {MOVE}"));
    assert_eq!(told, done(&desk, &first, &format!("move back.db {MOVE}")));
    assert_eq!(told, done(&desk, "back.db", &format!("move {second} {MOVE}")));
    assert_eq!((rows_of_file(&desk, FILE), rows_of_file(&desk, "back.db")), (rows.clone(), rows));
    assert_eq!(desk.rows(), another.rows());
    assert_exports_alike(&desk, FILE, &first);
    assert_exports_alike(&desk, FILE, "back.db");
    // And each goes on as the other would.
    for database in [FILE, &first] {
        done(&desk, database, "users edit zoe@education.gov.uk --active no --environment production");
        let doctor = at(&desk, database, "doctor");
        assert!(doctor.code == 0 && !doctor.out.contains("Problem: "), "{doctor:?}");
    }
}

/// A desk in the file alone where Ann is a user.
fn with_ann() -> Desk {
    let desk = Desk::new();
    done(&desk, FILE, "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no");
    desk
}

const ONE: &str = "1 user\n0 organisations\n0 organisation users\n0 memberships\n1 email\n1 activity entry\n0 API clients\n";

/// What is said after a move to the desk of a server.
fn moved(desk: &Desk) -> Ran {
    let name = desk.kept.named_as_a_file(desk.kept.address());
    ran(
        0,
        ONE,
        &format!(
            "Success: Desk moved to {name}\n\
             The database {FILE} is as it was. Nobody should work in it any more, nor send the emails that wait in it.\n\
             To work in the new one, give everybody their rights, and this under [services.register] in their configuration file, with \
             their own user:\n\
             database = \"{name}\"\n"
        ),
    )
}

fn move_there(desk: &Desk) -> String {
    format!("move {} --yes", desk.kept.address())
}

#[test]
fn what_was_moved_to_a_server_is_told_and_a_server_with_a_desk_is_refused() {
    if !has_programs() {
        return;
    }
    let desk = with_ann();
    let dry = at(&desk, FILE, &format!("move {} --dry-run", desk.kept.address()));
    assert_eq!(dry, ran(0, &format!("Dry run: nothing was stored.\n\nThis would move:\n\n{ONE}"), ""));
    assert!(desk.kept.is_new());
    assert_eq!(at(&desk, FILE, &move_there(&desk)), moved(&desk));

    let before = desk.rows();
    let name = desk.kept.named_as_a_file(desk.kept.address());
    let occupied = format!(
        "Error: The database {name} holds a desk already\n\
         Nothing was moved. A desk moves only into a database without any records: give another one.\n"
    );
    assert_eq!(at(&desk, FILE, &move_there(&desk)), ran(5, "", &occupied));
    assert_eq!(at(&desk, FILE, &format!("move {} --dry-run", desk.kept.address())), ran(5, "", &occupied));
    let itself = format!("Error: The desk is in the database {name} already\nNothing was moved. Give another database.\n");
    assert_eq!(desk.line(&move_there(&desk)), ran(2, "", &itself));
    assert_eq!(desk.rows(), before);
}

#[test]
fn the_line_for_the_configuration_keeps_what_was_asked_of_the_connection_and_no_password() {
    if !has_programs() {
        return;
    }
    let desk = with_ann();
    let asked = [("sslmode", "verify-full"), ("target_session_attrs", "read-write")];
    let address = with_arguments(&desk.kept.address(), &asked);
    let moved = at(&desk, FILE, &format!("move '{}' --yes", with_arguments(&address, &[("password", "hunter2")])));
    let line = format!("database = \"{}\"\n", desk.kept.named_as_a_file(address));
    assert!(moved.code == 0 && moved.err.ends_with(&line) && !moved.err.contains("hunter2"), "{moved:?}");
    // What the variables of whoever moves it say, others do not have.
    let desk = with_ann();
    let whole = desk.kept.address();
    let (user, rest) = whole.strip_prefix("postgresql://").unwrap().split_once('@').unwrap();
    let (database, socket) = rest.strip_prefix('/').unwrap().split_once("?host=").unwrap();
    let variables = [("PGHOST", socket), ("PGUSER", user), ("PGSSLMODE", "require"), ("PGPASSWORD", "hunter2")];
    let arguments = ["--database", FILE, "move", &format!("postgresql:///{database}"), "--yes"];
    let moved = desk.run_with(&variables, &arguments);
    let line = format!("database = \"{}\"\n", desk.kept.named_as_a_file(with_arguments(&whole, &[("sslmode", "require")])));
    assert!(moved.code == 0 && moved.err.ends_with(&line) && !moved.err.contains("hunter2"), "{moved:?}");
}

#[test]
fn a_server_without_tables_is_set_up_by_the_move_and_a_dry_run_leaves_it_empty() {
    if !has_programs() {
        return;
    }
    let desk = with_ann();
    let bare = Fresh::of("nothing", |_| ());
    let tables = || bare.connect().query("SELECT 1 FROM pg_tables WHERE schemaname = 'public'", &[]).unwrap().len();
    let dry = at(&desk, FILE, &format!("move {} --dry-run", bare.address()));
    assert_eq!((dry.code, dry.out.as_str(), tables()), (0, &*format!("Dry run: nothing was stored.\n\nThis would move:\n\n{ONE}"), 0));
    let done = at(&desk, FILE, &format!("move {} --yes", bare.address()));
    assert_eq!((done.code, done.out.as_str()), (0, ONE));
    assert_exports_without_organisations(&desk, FILE, &bare.address());
}

fn assert_exports_without_organisations(desk: &Desk, one: &str, other: &str) {
    for line in ["users export", "users list --json", "activity list --json", "emails list --json", "service show --json"] {
        assert_eq!(at(desk, one, line), at(desk, other, line), "{line}");
    }
}

#[test]
fn a_server_that_is_set_up_for_another_service_is_left_to_it() {
    if !has_programs() {
        return;
    }
    let (desk, claim) = (with_ann(), Desk::of("claim"));
    let (address, before) = (claim.kept.address(), claim.rows());
    let other = format!(
        "Error: The database {} holds the service claim, not register\n\
         Nothing was moved. Give a database of the same service, or one that is not set up yet.\n",
        desk.kept.named_as_a_file(address.clone())
    );
    for how in ["--yes", "--dry-run"] {
        let refused = at(&desk, FILE, &format!("move {address} {how}"));
        assert_eq!(refused, ran(7, "", &other), "{how}");
    }
    assert_eq!(claim.rows(), before);
}

#[test]
fn a_server_that_was_set_up_for_this_service_takes_its_settings_from_the_desk() {
    if !has_programs() {
        return;
    }
    let desk = with_ann();
    desk.kept.execute("UPDATE service_settings SET value = '30' WHERE key = 'page-size'");
    let address = desk.kept.address();
    assert_eq!(done(&desk, FILE, &format!("move {address} --yes")), ONE);
    assert_exports_without_organisations(&desk, FILE, &address);
}

/// Begins to move the file to the server, where it waits before it copies the activity.
fn stopped_halfway(desk: &Desk, file: &str, watched: &mut Client, writer: &mut Client, address: &str) -> Child {
    writer.batch_execute("BEGIN; LOCK TABLE activity IN EXCLUSIVE MODE").unwrap();
    let child = moving(desk, file, address);
    wait_until_one_waits(watched);
    child
}

fn moving(desk: &Desk, file: &str, address: &str) -> Child {
    let mut moving = desk.command(&["--database", file, "move", address, "--yes"]);
    moving.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn finish(desk: &Desk, child: Child) -> Ran {
    desk.read(&child.wait_with_output().unwrap())
}

fn connection(desk: &Desk) -> Client {
    desk.kept.connect()
}

#[test]
fn a_move_that_is_killed_or_stopped_leaves_nothing_and_can_be_made_again() {
    if !has_programs() {
        return;
    }
    let desk = with_ann();
    let before = rows_of_file(&desk, FILE);
    let (mut watched, mut writer) = (connection(&desk), connection(&desk));
    let mut child = stopped_halfway(&desk, FILE, &mut watched, &mut writer, &desk.kept.address());
    child.kill().unwrap();
    child.wait().unwrap();
    writer.batch_execute("ROLLBACK").unwrap();
    wait_until_nobody_is_left(&mut watched);
    assert!(desk.kept.is_new());

    let child = stopped_halfway(&desk, FILE, &mut watched, &mut writer, &desk.kept.address());
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    // It hears of that when it comes to its next rows.
    wait_until_one_waits(&mut watched);
    writer.batch_execute("ROLLBACK").unwrap();
    assert_eq!(finish(&desk, child), ran(130, "", "Stopped: nothing was moved\n"));
    assert_eq!((rows_of_file(&desk, FILE), desk.kept.is_new()), (before, true));

    assert_eq!(at(&desk, FILE, &move_there(&desk)), moved(&desk));
}

#[test]
fn a_move_whose_connection_is_lost_goes_on_by_another_one() {
    if !has_programs() {
        return;
    }
    let desk = with_ann();
    let (mut watched, mut writer) = (connection(&desk), connection(&desk));
    let child = stopped_halfway(&desk, FILE, &mut watched, &mut writer, &desk.kept.address());
    assert_eq!(end_sessions(&mut watched), 1);
    // The next one begins from nothing and comes to the same place.
    wait_until_one_waits(&mut watched);
    writer.batch_execute("ROLLBACK").unwrap();
    assert_eq!(finish(&desk, child), moved(&desk));
    assert_exports_without_organisations(&desk, FILE, &desk.kept.address());
}

#[test]
fn a_move_from_a_server_whose_connection_is_lost_is_made_once_and_whole() {
    if !has_programs() {
        return;
    }
    let (desk, other) = (Desk::new(), Desk::new());
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let (mut watched, mut writer) = (connection(&other), connection(&other));
    writer.batch_execute("BEGIN; LOCK TABLE activity IN EXCLUSIVE MODE").unwrap();
    let mut moving = desk.command(&["move", &other.kept.address(), "--yes"]);
    let child = moving.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until_one_waits(&mut watched);
    let ours =
        "SELECT CAST(max(pid) AS BIGINT) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'frontdesk'";
    let session = number(&mut watched, ours);
    let mut old = connection(&desk);
    assert_eq!(end_sessions(&mut old), 1);
    old.batch_execute("BEGIN; LOCK TABLE stamp IN ACCESS EXCLUSIVE MODE").unwrap();
    writer.batch_execute("ROLLBACK").unwrap();
    wait_until_one_waits(&mut connection(&desk));
    // The other connection was not lost, and is not made anew.
    assert_eq!(number(&mut watched, ours), session);
    old.batch_execute("ROLLBACK").unwrap();
    let ran = finish(&desk, child);
    assert_eq!((ran.code, ran.out.as_str()), (0, ONE), "{ran:?}");
    assert_eq!(other.rows(), desk.rows());
}

#[test]
fn a_server_that_is_killed_in_the_middle_has_all_of_it_once_it_is_back_or_nothing() {
    if !has_programs() {
        return;
    }
    let desk = with_ann();
    let mut durable = Durable::start();
    let address = durable.address();
    done(&desk, &address, "migrate");
    let mut watched = durable.server.connect(DATABASE);
    let mut writer = durable.server.connect(DATABASE);
    // Killed with the command: nothing of it is there.
    let mut child = stopped_halfway(&desk, FILE, &mut watched, &mut writer, &address);
    durable.kill();
    child.kill().unwrap();
    child.wait().unwrap();
    durable.start_again();
    let mut watched = durable.server.connect(DATABASE);
    assert_eq!(durable.server.text(DATABASE, "(SELECT count(*) FROM users) + (SELECT count(*) FROM emails)"), "0");

    // Killed alone: the command waits until it is back.
    let mut writer = durable.server.connect(DATABASE);
    let child = stopped_halfway(&desk, FILE, &mut watched, &mut writer, &address);
    durable.kill();
    durable.start_again();
    let ran = finish(&desk, child);
    assert_eq!((ran.code, ran.out.as_str()), (0, ONE), "{ran:?}");
    assert_exports_without_organisations(&desk, FILE, &address);
}

#[test]
fn nobody_changes_the_old_desk_of_a_server_while_it_moves() {
    if !has_programs() {
        return;
    }
    let (desk, other) = (Desk::new(), Desk::new());
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let before = desk.rows();
    let (mut watched, mut writer) = (connection(&other), connection(&other));
    writer.batch_execute("BEGIN; LOCK TABLE activity IN EXCLUSIVE MODE").unwrap();
    let mut moving = desk.command(&["move", &other.kept.address(), "--yes"]);
    let moving = moving.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until_one_waits(&mut watched);
    let adding = ["users", "add", "--first-name=Bob", "--last-name=Baker", "--email=bob@education.gov.uk", "--api-user=no"];
    let adding = desk.command(&adding).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until_one_waits(&mut connection(&desk));
    // Whoever only looks need not wait.
    assert_eq!(desk.line("users list --format plain --fields first_name"), ran(0, "Ann\n", ""));
    writer.batch_execute("ROLLBACK").unwrap();
    assert_eq!(finish(&desk, moving).code, 0);
    assert_eq!(finish(&desk, adding).code, 0);
    assert_eq!(other.rows(), before);
}

#[test]
fn a_server_that_alters_what_is_stored_in_it_is_noticed() {
    if !has_programs() {
        return;
    }
    let desk = with_ann();
    let id = done(&desk, FILE, "users list --format ids").trim_end().to_owned();
    let name = desk.kept.named_as_a_file(desk.kept.address());
    for (does, place) in [
        ("NEW.first_name := 'Anne'; RETURN NEW;", format!("in users at {id}")),
        ("RETURN NULL;", format!("in users at {id}")),
        ("INSERT INTO email_templates VALUES ('zz', '', '', '', ''); RETURN NEW;", "in email_templates at zz".to_owned()),
    ] {
        desk.kept.execute(&format!(
            "CREATE OR REPLACE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does} END $$; \
             CREATE OR REPLACE TRIGGER meddles BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION meddle()"
        ));
        // Nothing of it refers to a user who is not there.
        open(&desk, FILE).execute_batch("PRAGMA foreign_keys = OFF; DELETE FROM emails; DELETE FROM activity").unwrap();
        let error = format!(
            "Error: What came to the database {name} is not what was copied: it differs {place}\n\
             Nothing was moved. Look whether that database changes by itself what is stored in it, then run the command again.\n"
        );
        assert_eq!(at(&desk, FILE, &move_there(&desk)), ran(7, "", &error), "{does}");
        assert!(desk.kept.is_new());
    }
}

/// Writes the files of a desk of so many users, in whose names there is everything.
fn write_files(directory: &Path, users: usize) -> usize {
    let first = ["Zoë", "Jean-Luc", "Åsa", "\"O’Neil, Jr\"", "李", "D'Arcy", "Ann", "Łukasz"];
    let organisations = users / 20;
    let (mut people, mut schools, mut members) = (
        "first_name,last_name,email,api_user\n".to_owned(),
        "code,name\n".to_owned(),
        "organisation_code,first_name,last_name,email\n".to_owned(),
    );
    for number in 0..users {
        let name = first[number * 7 % first.len()];
        people += &format!(
            "{name},Name{},person{number}@education.gov.uk,{}\n",
            number * 7919 % users,
            if number % 50 == 0 { "yes" } else { "no" }
        );
        // Some belong to two.
        let member = number - number % 10 / 9;
        members += &format!("C{},{name},Name{member},member{member}@example.com\n", number * 31 % organisations);
    }
    for number in 0..organisations {
        schools += &format!("C{number},École {}\n", number * 7919 % organisations);
    }
    for (name, text) in [("people.csv", people), ("schools.csv", schools), ("members.csv", members)] {
        fs::write(directory.join(name), text).unwrap();
    }
    organisations
}

/// 300 users, or as many as `FRONTDESK_MOVE_USERS` says: with 100000 there are 5,000 organisations too.
#[test]
fn a_desk_of_many_moves_to_a_server_and_back_and_exports_the_same_bytes() {
    if !has_programs() {
        return;
    }
    let users = std::env::var("FRONTDESK_MOVE_USERS").ok().map_or(300, |users| users.parse().unwrap());
    let desk = Desk::new();
    let organisations = write_files(&desk.path(""), users);
    for line in ["users import people.csv --yes", "org import schools.csv --yes", "org import-users members.csv --yes"] {
        // Each takes more of the ids of tests than a run has.
        let words = shlex::split(&format!("--database {FILE} {line}")).unwrap();
        succeed(desk.command(&words).env_remove("FRONTDESK_TEST_IDS"));
    }
    for number in 0..10 {
        done(&desk, FILE, &format!("users edit person{number}@education.gov.uk --last-name Ünal{number}"));
        done(&desk, FILE, &format!("sign-in record --email person{}@education.gov.uk --id S-{number}", number + 10));
        let member = done(&desk, FILE, &format!("org users C{number} --format ids --per-page 1"));
        done(&desk, FILE, &format!("org remove-user C{number} {} --yes", member.lines().next().unwrap()));
    }
    for number in 40..42 {
        done(&desk, FILE, &format!("users delete person{number}@education.gov.uk --yes"));
    }
    let rows = rows_of_file(&desk, FILE);
    let timed = |line: &str, database: &str| {
        let begun = Instant::now();
        let told = done(&desk, database, line);
        (told, begun.elapsed())
    };
    let (told, there) = timed(&move_there(&desk), FILE);
    let (told_back, back) = timed("move back.db --yes", &desk.kept.address());
    assert_eq!((told_back, rows_of_file(&desk, "back.db")), (told, rows.clone()));
    for line in [
        "users export",
        "org export-users",
        "org list --all --format csv",
        "org list --all --json",
        "emails list --all --format csv",
        "emails list --all --json",
        "activity list --all --format csv",
        "activity list --all --json",
        &format!("org users C{} --all --json", organisations - 1),
    ] {
        let exports = [FILE, &desk.kept.address(), "back.db"].map(|database| at(&desk, database, line));
        assert!(exports[0].code == 0 && exports[0].out.lines().count() > 0, "{line}: {}", exports[0].err);
        // Not printed: they are long.
        assert!(exports[0] == exports[1] && exports[0] == exports[2], "{line}");
    }
    let so_many = format!("{users} users, {organisations} organisations, {} rows", rows.len());
    println!("{so_many}: to the server in {:.1} s, back in {:.1} s", there.as_secs_f64(), back.as_secs_f64());
}
