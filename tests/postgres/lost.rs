//! Connections that are lost in the middle of a command: it goes on where nobody need know, else it says
//! so with exit 7; nothing is stored by half, and to run it again is safe.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::fs;
use std::io::Read as _;
use std::process::{Child, Stdio};

use postgres::Client;

use crate::desk::{Desk, Ran, ran};
use crate::durable::{DATABASE, Durable, Pair};
use crate::imports::wait_until_it_listens;
use crate::invariants::assert_whole;
use crate::journeys::{LIST, NEXT_STEP};
use crate::scripted_smtp::{Act, Greeting, Scripted};
use crate::server::{has_programs, wait_for};
use crate::terminal::{CTRL_C, ENTER, Setting, Terminal};

const OURS: &str = "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'frontdesk'";

/// The number that a query gives.
pub fn number(client: &mut Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).unwrap().get(0)
}

/// Waits until a command waits for a lock.
pub fn wait_until_one_waits(client: &mut Client) {
    let client = RefCell::new(client);
    let waiting = format!("SELECT count(*) {OURS} AND wait_event_type = 'Lock'");
    wait_for("a command that waits", || number(&mut client.borrow_mut(), &waiting) > 0);
}

/// Waits until every session of a command is over.
pub fn wait_until_nobody_is_left(client: &mut Client) {
    let client = RefCell::new(client);
    wait_for("the end of a command", || number(&mut client.borrow_mut(), &format!("SELECT count(*) {OURS}")) == 0);
}

/// Ends every session of a command, and tells how many there were.
pub fn end_sessions(client: &mut Client) -> i64 {
    number(client, &format!("SELECT count(pg_terminate_backend(pid, 60000)) {OURS}"))
}

/// Begins a command, its output to be read.
fn begin<S: AsRef<OsStr>>(desk: &Desk, arguments: &[S]) -> Child {
    desk.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn finish(desk: &Desk, child: Child) -> Ran {
    desk.read(&child.wait_with_output().unwrap())
}

/// Runs a command that comes to wait for this table, ends its session there, and lets the next one go on.
fn run_interrupted(desk: &Desk, table: &str, arguments: &[&str]) -> Ran {
    let (mut watching, mut holding) = (desk.kept.connect(), desk.kept.connect());
    // Made first: it looks at every table itself.
    let mut command = desk.command(arguments);
    holding.batch_execute(&format!("BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")).unwrap();
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until_one_waits(&mut watching);
    assert_eq!(end_sessions(&mut watching), 1, "{arguments:?}");
    wait_until_one_waits(&mut watching);
    holding.batch_execute("ROLLBACK").unwrap();
    finish(desk, child)
}

/// So many that no buffer on the way holds them all.
const MANY: i64 = 30_000;

fn add_many(desk: &Desk) {
    desk.kept.execute(&format!(
        "INSERT INTO users (id, first_name, last_name, email, api_user, active, sort_key, created_at, updated_at, revision)
         SELECT 'u' || number, 'Many', 'Person', 'many' || number || '@education.gov.uk', 0, 1, '\\x00', 0, 0, 1
         FROM generate_series(1, {MANY}) AS number"
    ));
}

#[test]
fn what_has_not_been_printed_yet_is_read_again() {
    if !has_programs() {
        return;
    }
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let list = ["users", "list", "--format=plain", "--fields=first_name"];
    assert_eq!(run_interrupted(&desk, "users", &list), ran(0, "Ann\n", ""));
    let show = ["users", "show", "ann@education.gov.uk"];
    assert_eq!(run_interrupted(&desk, "organisation_users", &["activity", "list"]).code, 0);
    assert_eq!(run_interrupted(&desk, "users", &show), desk.run(&show));
}

#[test]
fn an_export_that_is_half_printed_says_that_it_is_not_whole() {
    if !has_programs() {
        return;
    }
    let desk = Desk::new();
    add_many(&desk);
    let mut watching = desk.kept.connect();
    let mut child = begin(&desk, &["users", "export"]);
    // It waits for whoever reads.
    let mut first = [0; 1000];
    child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    assert_eq!(end_sessions(&mut watching), 1);
    let run = finish(&desk, child);
    // It depends on how far the last row came what there is to say of it.
    let why = run.err.strip_prefix("Error: The database ~/.local/share/frontdesk/register.db cannot be reached: ").unwrap();
    let hint = "Nothing was changed. Check that the server is running and that the address is right, then run the command again.";
    let whys = ["terminating connection due to administrator command", "the connection was lost"];
    assert!(run.code == 7 && whys.map(|why| format!("{why}\n{hint}\n")).contains(&why.to_owned()), "{run:?}");
    let rows = first.iter().filter(|byte| **byte == b'\n').count() + run.out.lines().count();
    assert!(rows < usize::try_from(MANY).unwrap(), "{rows}");
    assert_eq!(desk.line("users export").out.lines().count(), usize::try_from(MANY).unwrap() + 1);
}

#[test]
fn a_change_begins_again_and_is_made_once() {
    if !has_programs() {
        return;
    }
    let desk = Desk::new();
    let add = ["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no", "--quiet"];
    for table in ["turns", "users", "activity"] {
        let email = format!("--email={table}@education.gov.uk");
        let arguments: Vec<&str> = add.iter().map(|word| if word.starts_with("--email") { &*email } else { word }).collect();
        let run = run_interrupted(&desk, table, &arguments);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{table}: {run:?}");
    }
    assert_eq!(assert_whole(&desk.kept).len(), 3);
    assert_eq!(desk.letters().len(), 3);
    let edit = ["users", "edit", "turns@education.gov.uk", "--first-name=Anne"];
    assert_eq!(run_interrupted(&desk, "activity", &edit).code, 0);
    assert_eq!(desk.count("SELECT revision FROM users WHERE email = 'turns@education.gov.uk'"), 2);
    let delete = ["users", "delete", "turns@education.gov.uk", "--yes"];
    assert_eq!(run_interrupted(&desk, "emails", &delete).code, 0);
    assert_eq!(desk.count("SELECT count(*) FROM activity WHERE action = 'user_deleted'"), 1);
}

fn write_people(desk: &Desk, count: usize) {
    let row = |number| format!("Cat,Cole,cat{number}@education.gov.uk,no\n");
    let rows: String = (0..count).map(row).collect();
    fs::write(desk.path("people.csv"), format!("first_name,last_name,email,api_user\n{rows}")).unwrap();
}

#[test]
fn an_import_begins_again_and_is_whole() {
    if !has_programs() {
        return;
    }
    let desk = Desk::new();
    write_people(&desk, 9_000);
    let done =
        ran(0, "9,000 users added\n9,000 emails queued\n", "Success: File imported\nTo send what is queued: frontdesk emails send\n");
    assert_eq!(run_interrupted(&desk, "activity", &["users", "import", "people.csv", "--yes"]), done);
    assert_eq!(assert_whole(&desk.kept).len(), 9_000);
    let again = ran(
        0,
        "0 users added\n9,000 users skipped: there already\n",
        "Everybody and everything in the file is there already. Nothing was changed.\n",
    );
    assert_eq!(run_interrupted(&desk, "users", &["users", "import", "people.csv", "--yes"]), again);
}

#[test]
fn a_journey_that_waits_at_a_question_goes_on_by_another_connection() {
    if !has_programs() {
        return;
    }
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let mut watching = desk.kept.connect();
    let mut terminal = Setting::at(&desk).run(&["users", "edit", "ann@education.gov.uk"]);
    terminal.wait_for("First name > Ann");
    assert_eq!(end_sessions(&mut watching), 1);
    terminal.correct("First name > Ann", "Anne");
    terminal.wait_for("Last name > Abel");
    assert!(end_sessions(&mut watching) <= 1);
    terminal.answer("Last name", "");
    // An address that somebody has is looked for at once.
    terminal.wait_for("Email address > ann@education.gov.uk");
    assert!(end_sessions(&mut watching) <= 1);
    terminal.answer("Email address", "");
    terminal.choose("Is the account an API user?", "No");
    terminal.choose("Is the account active?", "Yes");
    terminal.wait_for("First name: Ann → Anne");
    assert!(end_sessions(&mut watching) <= 1);
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_for("Success: User updated");
    assert_eq!(terminal.finish(), 0);
    assert_eq!(desk.line("users list --format plain --fields first_name"), ran(0, "Anne\n", ""));
}

#[test]
fn a_journey_that_waits_for_longer_than_the_server_likes_goes_on_by_another_connection() {
    if !has_programs() {
        return;
    }
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.kept
        .execute("DO $$ BEGIN EXECUTE format('ALTER ROLE desk IN DATABASE %I SET idle_session_timeout = 200', current_database()); END $$");
    let mut watching = desk.kept.connect();
    let mut terminal = Setting::at(&desk).run(&["users", "delete", "ann@education.gov.uk"]);
    terminal.wait_for("Do you want to delete Ann Abel?");
    wait_until_nobody_is_left(&mut watching);
    terminal.choose("Do you want to delete Ann Abel?", "Yes");
    terminal.wait_for("Success: User deleted");
    assert_eq!(terminal.finish(), 0);
    assert_eq!(desk.line("users list"), ran(0, "There are no users.\n", ""));
}

#[test]
fn emails_that_are_being_sent_are_sent_once() {
    if !has_programs() {
        return;
    }
    let desk = Desk::new();
    desk.configure("delivery = \"later\"\n");
    for number in 1..=3 {
        desk.add("Ann", "Abel", &format!("ann{number}@education.gov.uk"));
    }
    let server = Scripted::start(Greeting::Proper, |number| if number == 2 { Act::Hold } else { Act::Take });
    desk.configure(&format!("[smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n", server.port));
    let mut watching = desk.kept.connect();
    let child = begin(&desk, &["emails", "send"]);
    server.wait_until_holding();
    assert!(end_sessions(&mut watching) >= 1);
    server.go_on();
    let run = finish(&desk, child);
    assert_eq!(run, ran(0, "", "Success: 3 emails sent\n"));
    assert_eq!(server.seen(|seen| seen.message_ids().len()), 3);
    assert_eq!(desk.count("SELECT count(*) FROM emails WHERE status = 'sent' AND attempts = 1 AND claimed_by IS NULL"), 3);
}

#[test]
fn without_a_server_every_command_ends_with_what_to_do_and_is_safe_to_run_again() {
    if !has_programs() {
        return;
    }
    let desk = Desk::new();
    let mut durable = Durable::start();
    let address = durable.address();
    let at = |arguments: &[&'static str]| -> Vec<String> {
        ["--database", &address].iter().chain(arguments).map(|word| (*word).to_owned()).collect()
    };
    assert_eq!(desk.run(&at(&["migrate"])).code, 0);
    write_people(&desk, 50);
    let add = ["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no"];
    assert_eq!(desk.run(&at(&add)).code, 0);
    let name = durable.server.address(DATABASE);
    let mut holding = durable.server.connect(DATABASE);
    holding.batch_execute("BEGIN; LOCK TABLE users, activity, organisation_users IN ACCESS EXCLUSIVE MODE").unwrap();
    let mut watching = durable.server.connect(DATABASE);
    let commands: [&[&'static str]; 5] = [
        &["users", "list"],
        &["users", "export"],
        &["users", "import", "people.csv", "--yes"],
        &["users", "edit", "ann@education.gov.uk", "--first-name=Anne"],
        &["activity", "list"],
    ];
    let children: Vec<Child> = commands.iter().map(|arguments| begin(&desk, &at(arguments))).collect();
    let waiting = RefCell::new(&mut watching);
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'frontdesk' AND wait_event_type = 'Lock'";
    let so_many = i64::try_from(commands.len()).unwrap();
    wait_for("every command", || number(&mut waiting.borrow_mut(), sql) == so_many);
    wait_until_it_listens(&children[2]);
    durable.kill();
    for (arguments, child) in commands.iter().zip(children) {
        let run = finish(&desk, child);
        let lost = format!("Error: The database {name} cannot be reached: ");
        // Nothing but the header of an export.
        assert!(run.code == 7 && run.out.lines().count() <= 1 && run.err.starts_with(&lost), "{arguments:?}: {run:?}");
        assert!(run.err.ends_with("is right, then run the command again.\n"), "{arguments:?}: {run:?}");
    }
    durable.start_again();
    assert_eq!(durable.server.text(DATABASE, "SELECT count(*) || ' ' || max(revision) FROM users"), "1 1");
    for arguments in commands {
        let run = desk.run(&at(arguments));
        assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
    }
    assert_eq!(durable.server.text(DATABASE, "SELECT count(*) || ' ' || max(revision) FROM users"), "51 2");
}

const SAVING: [&str; 5] = ["users", "add", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no"];

/// Somebody whose last yes is all that is missing.
fn about_to_save(setting: Setting<'_>) -> Terminal {
    let mut terminal = setting.run(&SAVING);
    terminal.answer("First name", "Ann");
    terminal.wait_for(NEXT_STEP);
    terminal
}

#[test]
fn whoever_waits_for_another_writer_is_told_and_stops_by_ctrl_c() {
    if !has_programs() {
        return;
    }
    let desk = Desk::new();
    for accessible in ["no", "yes"] {
        let mut terminal = about_to_save(Setting::at(&desk).with("FRONTDESK_ACCESSIBLE", accessible));
        let mut holder = desk.kept.connect();
        holder.batch_execute("BEGIN; SELECT turn FROM turns FOR UPDATE").unwrap();
        terminal.type_keys(if accessible == "yes" { "1\r" } else { ENTER });
        terminal.wait_for("Waiting for the database ");
        terminal.type_keys(CTRL_C);
        terminal.wait_for("Stopped: nothing was changed");
        assert_eq!(terminal.finish(), 130);
        holder.batch_execute("ROLLBACK").unwrap();
        assert_eq!(desk.line("users list"), ran(0, "There are no users.\n", ""));
    }
    // Whoever waits on gets their turn.
    let mut terminal = about_to_save(Setting::at(&desk));
    let mut holder = desk.kept.connect();
    holder.batch_execute("BEGIN; SELECT turn FROM turns FOR UPDATE").unwrap();
    terminal.type_keys(ENTER);
    terminal.wait_for("Waiting for the database ");
    holder.batch_execute("ROLLBACK").unwrap();
    terminal.wait_for("Success: User added");
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn whoever_waits_for_a_server_that_is_gone_is_told_and_stops_by_ctrl_c() {
    if !has_programs() {
        return;
    }
    let mut durable = Durable::start();
    let desk = Desk::new();
    let database = ["--database", &durable.address()];
    assert_eq!(desk.run(&[&database[..], &["migrate"]].concat()).code, 0);
    let mut terminal = Setting::at(&desk).run(&[&database[..], &["users", "add"]].concat());
    terminal.wait_for("First name >");
    durable.kill();
    terminal.answer("First name", "Ann");
    terminal.wait_for("Waiting for the database ");
    terminal.type_keys(CTRL_C);
    terminal.wait_for("Stopped: nothing was changed");
    assert_eq!(terminal.finish(), 130);
    durable.start_again();
}

#[test]
fn whoever_stops_while_the_change_is_being_stored_is_told_that_nobody_knows() {
    if !has_programs() {
        return;
    }
    let pair = Pair::start();
    let desk = Desk::new();
    let address = pair.address();
    let begin = |arguments: &[&str]| Setting::at(&desk).run(&[&["--database", &address], arguments].concat());
    assert_eq!(desk.run(&["--database", &address, "migrate"]).code, 0);
    let mut terminal = begin(&SAVING);
    terminal.answer("First name", "Ann");
    terminal.wait_for(NEXT_STEP);
    // The primary waits for it before it answers.
    pair.kill_standby();
    terminal.type_keys(ENTER);
    wait_for("a commit that waits", || {
        pair.primary.text(DATABASE, "SELECT count(*)::text FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == "1"
    });
    terminal.type_keys(CTRL_C);
    terminal.wait_for("The change is being stored. To stop without knowing whether it was, press Ctrl-C again.");
    terminal.type_keys(CTRL_C);
    terminal.wait_for("Stopped: the change may or may not have been stored. Look at the record before you make it again.");
    assert_eq!(terminal.finish(), 130);
}

#[test]
fn whoever_stops_the_desk_after_a_change_is_told_that_it_stays() {
    if !has_programs() {
        return;
    }
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let mut terminal = Setting::at(&desk).run(&["users"]);
    terminal.choose(LIST, "Ann Abel");
    terminal.choose(NEXT_STEP, "Change: First name");
    terminal.correct("First name > Ann", "Anne");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_for("Success: User updated");
    let mut holder = desk.kept.connect();
    holder.batch_execute("BEGIN; SELECT turn FROM turns FOR UPDATE").unwrap();
    terminal.choose(NEXT_STEP, "Change: First name");
    terminal.wait_for("Waiting for the database ");
    terminal.type_keys(CTRL_C);
    terminal.wait_for("Stopped: what was saved before stays saved");
    assert_eq!(terminal.finish(), 130);
    holder.batch_execute("ROLLBACK").unwrap();
    assert_eq!(desk.line("users list --format plain --fields first_name"), ran(0, "Anne\n", ""));
}
