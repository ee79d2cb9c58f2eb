//! Moving a desk to another database: everything or nothing.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::desk::{Desk, ran};
use crate::imports::wait_until_it_listens;
use crate::invariants::assert_whole;
use crate::kept::Kept;
use crate::terminal::{CTRL_C, ENTER, Setting};

const QUESTION: &str = "Do you want to move this desk?";
const ONE: &str = "1 user\n0 organisations\n0 organisation users\n0 memberships\n1 email\n1 activity entry\n0 API clients\n";
const DONE: &str = "\
Success: Desk moved to new.db
The database ~/.local/share/frontdesk/register.db is as it was. Nobody should work in it any more, nor send the emails that wait in it.
To work in the new one, put this under [services.register] in the configuration file of everybody:
database = \"~/new.db\"
";

fn desk_with_ann() -> Desk {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk
}

/// A desk with rows of every kind in every table.
fn full_desk() -> Desk {
    let desk = Desk::of("publish");
    for (code, name) in [("ALPHA", "Alpha School"), ("BETA", "Beta School"), ("GONE", "Gone School")] {
        desk.add_organisation(code, name);
    }
    desk.add_member("ALPHA", "Ann", "Abel", "ann@example.com");
    desk.add_member("BETA", "Zoë", "O’Young\u{301}", "zoe@example.com");
    for (first_name, email) in [("Sue", "sue@education.gov.uk"), ("Ned", "ned@education.gov.uk")] {
        desk.add(first_name, "Sands", email);
    }
    desk.configure("delivery = \"later\"\n");
    for line in [
        "org delete GONE --yes",
        "org add-user BETA --first-name Ann --last-name Abel --email ann@example.com",
        "org remove-user ALPHA ann@example.com --yes",
        "sign-in record --email zoe@example.com --id Z-1",
        "users add --first-name Bob --last-name Baker --email bob@education.gov.uk",
        "users edit ned@education.gov.uk --last-name Stone",
        "users delete ned@education.gov.uk --yes",
        "--as sue@education.gov.uk service set page-size 30",
        "--as sue@education.gov.uk api-clients add --name Import --expires-on 2026-01-31",
    ] {
        assert_eq!(desk.line(line).code, 0, "{line}");
    }
    let queued = desk.done(&["emails", "list", "--status", "queued", "--format", "ids"]);
    desk.done(&["emails", "cancel", queued.lines().next().unwrap()]);
    desk.open().execute("INSERT INTO failing_mail_servers VALUES ('desk@mail:25', 3, 1765462380000, 'it’s away')", []).unwrap();
    let tables = desk
        .open()
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect::<Vec<String>>();
    for table in tables {
        assert!(desk.count(&format!("SELECT count(*) FROM {table}")) > 0, "{table}");
    }
    desk
}

fn schema(desk: &Desk) -> String {
    desk.open()
        .query_row("SELECT group_concat(coalesce(sql, name)) FROM (SELECT * FROM sqlite_schema ORDER BY name)", [], |row| row.get(0))
        .unwrap()
}

#[test]
fn a_desk_moves_with_everything_in_it() {
    let (desk, other) = (full_desk(), Desk::of("publish"));
    let before = desk.rows();
    let told = desk.json(&["move", other.database().to_str().unwrap(), "--yes"]);
    let counted = |table: &str| desk.count(&format!("SELECT count(*) FROM {table}"));
    for (key, table) in [
        ("users", "users"),
        ("organisations", "organisations"),
        ("organisation_users", "organisation_users"),
        ("memberships", "memberships"),
        ("emails", "emails"),
        ("entries", "activity"),
        ("api_clients", "api_clients"),
    ] {
        assert_eq!(told[key], counted(table), "{key}");
    }
    assert_eq!((desk.rows(), other.rows()), (before.clone(), before));
    assert_eq!(schema(&other), schema(&desk));
    assert_eq!(other.count("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    for line in [
        "users export",
        "org export-users",
        "users list --json",
        "org list --json",
        "org users BETA --json",
        "emails list --json",
        "activity list --json",
        "activity list --user ned@education.gov.uk --json",
        "service show --json",
        "api-clients list --json",
    ] {
        assert_eq!(other.line(line), desk.line(line), "{line}");
        assert_eq!(other.line(line).code, 0, "{line}");
    }
    // And back, as it was.
    let third = Desk::of("publish");
    other.done(&["move", third.database().to_str().unwrap(), "--yes"]);
    assert_eq!(third.rows(), desk.rows());
}

#[test]
fn what_was_moved_is_told_and_how_to_go_on() {
    let desk = desk_with_ann();
    let trial = format!("Dry run: nothing was stored.\n\nThis would move:\n\n{ONE}");
    assert_eq!(desk.line("move new.db --dry-run"), ran(0, &trial, ""));
    assert!(!desk.path("new.db").exists());
    assert_eq!(desk.line("move new.db --yes"), ran(0, ONE, DONE));
    assert_whole(&Kept::at(desk.path("new.db")));
    assert_eq!(
        desk.line("move csv.db --yes --format csv").out,
        "users,organisations,organisation_users,memberships,emails,entries,api_clients\r\n1,0,0,0,1,1,0\r\n"
    );
    assert_eq!(desk.line("move plain.db --yes --format plain"), ran(0, "1\t0\t0\t0\t1\t1\t0\n", ""));
    assert_eq!(desk.line("move ids.db --yes --format ids"), ran(0, "", ""));
}

#[test]
fn a_database_that_was_set_up_for_another_service_is_left_to_it() {
    let desk = desk_with_ann();
    let claim = Desk::of("claim");
    claim.done(&["service", "set", "page-size", "30"]);
    claim.open().execute("DELETE FROM activity", []).unwrap();
    let before = claim.rows();
    let other = format!(
        "Error: The database {} holds the service claim, not register\n\
         Nothing was moved. Give a database of the same service, or one that is not set up yet.\n",
        claim.database().display()
    );
    for how in ["--yes", "--dry-run"] {
        assert_eq!(desk.line(&format!("move {} {how}", claim.database().display())), ran(7, "", &other), "{how}");
    }
    assert_eq!(claim.rows(), before);
}

#[test]
fn a_database_of_this_service_without_records_takes_its_settings_from_the_desk() {
    let (desk, other) = (desk_with_ann(), Desk::of("register"));
    other.done(&["service", "set", "page-size", "30"]);
    other.open().execute("DELETE FROM activity", []).unwrap();
    assert_eq!(desk.line(&format!("move {} --yes", other.database().display())).code, 0);
    assert_eq!(other.rows(), desk.rows());
}

#[test]
fn a_move_that_cannot_be_made_moves_nothing() {
    let desk = desk_with_ann();
    let before = desk.rows();
    let refused = |line: &str, code: i32, error: &str| assert_eq!(desk.line(line), ran(code, "", error), "{line}");
    refused(
        "move new.db",
        2,
        "Error: Moving a desk must be confirmed. To move it, add --yes\nNothing was moved. To see what would happen, add --dry-run.\n",
    );
    for line in ["move .local/share/frontdesk/register.db --yes", "move .local/../.local/share/frontdesk/register.db --dry-run"] {
        let ran = desk.line(line);
        assert!(ran.code == 2 && ran.err.ends_with(" already\nNothing was moved. Give another database.\n"), "{ran:?}");
    }
    assert_eq!(desk.line("--database lost.db move new.db --yes").code, 7);
    assert_eq!(desk.line("move postgresql://ann:secret@db/desk --yes").code, 7);
    assert!(!desk.path("new.db").exists());

    let occupied = "Error: The database other.db holds a desk already\n\
        Nothing was moved. A desk moves only into a database without any records: give another one.\n";
    assert_eq!(desk.line("--database other.db org add --code ALPHA --name Alpha").code, 0);
    refused("move other.db --yes", 5, occupied);
    refused("move other.db --dry-run", 5, occupied);

    desk.open().execute("UPDATE emails SET claimed_until = 1765462380001, claimed_by = 'a run'", []).unwrap();
    refused(
        "move new.db --yes",
        7,
        "Error: Emails of this desk are being delivered at this moment\n\
         Nothing was moved. Run the command again when they are sent, or in a few minutes.\n",
    );
    desk.open().execute("UPDATE emails SET claimed_until = NULL, claimed_by = NULL", []).unwrap();
    assert_eq!((desk.rows(), desk.path("new.db").exists()), (before, false));
}

#[test]
fn a_protected_service_wants_its_environment_named() {
    let desk = desk_with_ann();
    desk.done(&["service", "set", "protected", "yes"]);
    let refused = desk.line("move new.db --yes");
    assert!(refused.code == 6 && refused.err.starts_with("Error: This service is protected"), "{refused:?}");
    assert_eq!(desk.line("move new.db --yes --environment staging").code, 6);
    assert_eq!(desk.line("move new.db --dry-run"), refused);
    assert!(!desk.path("new.db").exists());
    assert_eq!(desk.line("move new.db --dry-run --environment production").code, 0);
    assert_eq!(desk.line("move new.db --yes --environment production").code, 0);
}

#[test]
fn a_copy_that_is_not_what_was_copied_is_taken_back() {
    let (desk, other) = (desk_with_ann(), Desk::new());
    other.done(&["service", "set", "page-size", "30"]);
    let meddle = "DELETE FROM activity; CREATE TRIGGER meddles AFTER INSERT ON users BEGIN UPDATE users SET first_name = 'X'; END";
    other.open().execute_batch(meddle).unwrap();
    let before = other.rows();
    let path = other.database();
    let id = desk.json(&["users", "show", "ann@education.gov.uk"])["user"]["id"].as_str().unwrap().to_owned();
    let error = format!(
        "Error: What came to the database {} is not what was copied: it differs in users at {id}\n\
         Nothing was moved. Look whether that database changes by itself what is stored in it, then run the command again.\n",
        path.display()
    );
    assert_eq!(desk.line(&format!("move {} --yes", path.display())), ran(7, "", &error));
    assert_eq!(other.rows(), before);
}

#[test]
fn a_move_that_is_interrupted_leaves_nothing_and_can_be_made_again() {
    let desk = desk_with_ann();
    let before = desk.rows();
    // It waits for whoever writes, for as long as the test wants.
    let writer = desk.open();
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut moving = desk.command(&["move", "new/desk.db", "--yes"]);
    let child = moving.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until_it_listens(&child);
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    writer.execute_batch("ROLLBACK").unwrap();
    assert_eq!(desk.read(&child.wait_with_output().unwrap()), ran(130, "", "Stopped: nothing was moved\n"));
    let left = |directory: &Path| std::fs::read_dir(directory).unwrap().count();
    assert_eq!((desk.rows(), left(&desk.path("new"))), (before, 0));
    assert_eq!(desk.line("move new/desk.db --yes").code, 0);
}

#[test]
fn nobody_can_change_the_old_desk_while_it_moves() {
    let (desk, other) = (desk_with_ann(), Desk::new());
    other.done(&["service", "set", "page-size", "30"]);
    other.open().execute("DELETE FROM activity", []).unwrap();
    // The copy waits for whoever writes to the other database.
    let writer = other.open();
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut moving = desk.command(&["move", other.database().to_str().unwrap(), "--yes"]);
    let child = moving.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let hasty = desk.open();
    hasty.busy_timeout(Duration::ZERO).unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while hasty.execute_batch("BEGIN IMMEDIATE").is_ok() {
        hasty.execute_batch("ROLLBACK").unwrap();
        assert!(Instant::now() < deadline, "the old desk can be changed");
    }
    writer.execute_batch("ROLLBACK").unwrap();
    child.wait_with_output().unwrap();
    hasty.execute_batch("BEGIN IMMEDIATE").unwrap();
}

#[test]
fn at_a_terminal_a_move_is_warned_of_and_asked_about() {
    let desk = desk_with_ann();
    desk.done(&["service", "set", "protected", "yes"]);
    let at_the_question = || {
        let mut terminal = Setting::at(&desk).run(&["move", "new.db"]);
        terminal.wait_for(QUESTION);
        let screen = terminal.screen();
        for told in ["Move this desk to new.db", "1 user\n", "Warning: The database", "nobody should work in it any more"] {
            assert!(screen.contains(told), "{screen}");
        }
        terminal
    };
    for (keys, line, code) in [(ENTER, "Nothing was changed", 9), (CTRL_C, "Stopped: nothing was changed", 130)] {
        let mut terminal = at_the_question();
        terminal.type_keys(keys);
        terminal.wait_for(line);
        assert_eq!((terminal.finish(), desk.path("new.db").exists()), (code, false));
    }
    let mut terminal = at_the_question();
    terminal.choose(QUESTION, "Yes");
    terminal.answer("To go on, type the name of its environment, production", "production");
    terminal.wait_for("Success: Desk moved to new.db");
    assert_eq!((terminal.finish(), desk.path("new.db").exists()), (0, true));
}
