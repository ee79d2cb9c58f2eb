//! `frontdesk restore`: the backup takes the place of the desk for everybody who works in it, and the desk as
//! it was is kept.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Stdio};

use rusqlite::Connection;
use rustix::process::{Pid, Signal, kill_process};

use crate::api_clients::{check, create, desk_with_ann_and_bot, run_as};
use crate::backup::{ONE, desk_with_ann, left};
use crate::desk::{Desk, files_in, ran};
use crate::imports::wait_until_it_listens;
use crate::invariants::assert_whole;
use crate::kept::Kept;
use crate::terminal::{CTRL_C, ENTER, Setting};

const QUESTION: &str = "Do you want to restore this desk?";
const KEPT: &str = "register.db.before-restore-20251211T141300Z";
const DONE: &str = "\
Success: Desk restored from copy.db
The desk as it was before is kept in ~/.local/share/frontdesk/register.db.before-restore-20251211T141300Z
";

/// A desk of Ann and Bea, with a backup from before Bea.
pub fn desk_with_backup() -> Desk {
    let desk = desk_with_ann();
    assert_eq!(desk.line("backup copy.db").code, 0);
    desk.add("Bea", "Baker", "bea@education.gov.uk");
    desk
}

pub fn kept(desk: &Desk) -> PathBuf {
    desk.data().join(KEPT)
}

/// The rows of a desk that was restored, without the entry that says so.
pub fn without_entry(rows: Vec<String>) -> Vec<String> {
    let (entries, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.contains("desk_restored"));
    assert_eq!(entries.len(), 1, "{entries:?}");
    others
}

fn names(desk: &Desk) -> String {
    desk.done(&["users", "list", "--format", "plain", "--fields", "first_name"])
}

fn spawn(desk: &Desk, arguments: &[&str]) -> Child {
    desk.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn the_desk_is_what_it_was_and_what_it_was_before_is_kept_beside_it() {
    let desk = desk_with_backup();
    let (now, backup) = (desk.rows(), fs::read(desk.path("copy.db")).unwrap());
    let trial = format!("Dry run: nothing was stored.\n\nThis would restore:\n\n{ONE}");
    assert_eq!(desk.line("restore copy.db --dry-run"), ran(0, &trial, ""));
    assert_eq!((desk.rows(), files_in(&desk.data()).len()), (now.clone(), 2));

    assert_eq!(desk.line("restore copy.db --yes"), ran(0, ONE, DONE));
    assert_eq!(without_entry(desk.rows()), Kept::at(desk.path("copy.db")).rows());
    assert_eq!(Kept::at(kept(&desk)).rows(), now);
    // The backup was only read, and nothing else lies anywhere.
    assert_eq!((fs::read(desk.path("copy.db")).unwrap(), left(&desk)), (backup, vec!["copy.db".to_owned()]));
    assert_eq!(files_in(&desk.data()), [desk.emails(), desk.database(), kept(&desk)]);
    for file in [desk.database(), kept(&desk)] {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_whole(&desk.kept);
    assert_eq!(desk.line("doctor").code, 0);

    let entry = &desk.json(&["activity", "list"])["entries"][0];
    assert_eq!((entry["action"].as_str(), entry["actor"]["label"].as_str()), (Some("desk_restored"), Some("os:tester@desk")));
    assert_eq!(entry["subject"]["kind"], "service");
    let told = desk.done(&["activity", "list"]);
    assert!(told.contains("Desk restored: Register of training providers\n  By os:tester@desk on 11 December 2025 at 2:13pm\n"), "{told}");
    // And back, from what was kept: in the same second under another name.
    assert_eq!(desk.line(&format!("restore .local/share/frontdesk/{KEPT} --yes")).code, 0);
    assert_eq!((without_entry(desk.rows()), desk.data().join(format!("{KEPT}-2")).exists()), (now, true));
}

#[test]
fn what_was_restored_is_told_in_every_format() {
    let desk = desk_with_backup();
    let csv = "users,organisations,organisation_users,memberships,emails,entries,api_clients\r\n1,0,0,0,1,1,0\r\n";
    for (format, out) in [("csv", csv), ("plain", "1\t0\t0\t0\t1\t1\t0\n"), ("ids", "")] {
        assert_eq!(desk.line(&format!("restore copy.db --yes --format {format}")), ran(0, out, ""));
    }
    let kept = desk.json(&["restore", "copy.db", "--yes"])["kept"].as_str().unwrap().to_owned();
    assert!(kept.ends_with(&format!("/{KEPT}-4")) && desk.data().join(format!("{KEPT}-4")).exists());
}

#[test]
fn what_the_log_of_the_desk_holds_is_kept_and_does_not_come_back() {
    let desk = desk_with_backup();
    // Somebody has the file open, so that nothing of the log comes into it.
    let open = desk.open();
    open.execute_batch("UPDATE users SET last_name = 'In the log'").unwrap();
    let now = desk.rows();
    assert_eq!(desk.line("restore copy.db --yes").code, 0);
    assert_eq!(Kept::at(kept(&desk)).rows(), now);
    drop(open);
    assert_eq!(without_entry(desk.rows()), Kept::at(desk.path("copy.db")).rows());
}

#[test]
fn whoever_has_the_desk_open_goes_on_in_the_restored_one() {
    let desk = desk_with_backup();
    let mut terminal = Setting::at(&desk).run(&["users", "edit", "ann@education.gov.uk", "--first-name", "Anne"]);
    terminal.wait_for("What do you want to do?");
    let open = desk.open();
    let seen = |sql: &str| open.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(seen("SELECT count(*) FROM users"), 2);
    assert_eq!(desk.line("restore copy.db --yes").code, 0);
    assert_eq!(seen("SELECT count(*) FROM users"), 1);
    open.execute_batch("UPDATE users SET last_name = 'Written'").unwrap();
    assert_eq!(desk.json(&["users", "list"])["users"][0]["last_name"], "Written");
    open.execute_batch("UPDATE users SET last_name = 'Abel'").unwrap();
    terminal.choose("What do you want to do?", "Save");
    terminal.wait_for("Success: User updated");
    assert_eq!(terminal.finish(), 0);
    assert_eq!(names(&desk), "Anne\n");
}

#[test]
fn somebody_whose_record_is_not_in_the_backup_is_told_so_where_they_save_it() {
    let desk = desk_with_backup();
    let mut terminal = Setting::at(&desk).run(&["users", "edit", "bea@education.gov.uk", "--first-name", "Beatrix"]);
    terminal.wait_for("What do you want to do?");
    assert_eq!(desk.line("restore copy.db --yes").code, 0);
    terminal.choose("What do you want to do?", "Save");
    terminal.wait_for("that you looked at is no longer there");
    assert_eq!(terminal.finish(), 4);
    assert_eq!(names(&desk), "Ann\n");
}

#[test]
fn a_change_that_waits_for_the_lock_is_made_in_the_restored_desk() {
    let desk = desk_with_backup();
    // While its email is delivered, nothing is restored.
    desk.configure("delivery = \"later\"\n");
    // Both wait for the same writer; whichever comes first, the change is in one of the two.
    let writer = desk.open();
    writer.execute_batch("BEGIN IMMEDIATE; UPDATE users SET last_name = 'Stored' WHERE email = 'bea@education.gov.uk'").unwrap();
    let restoring = spawn(&desk, &["restore", "copy.db", "--yes"]);
    wait_until_it_listens(&restoring);
    let added = ["--first-name=Cat", "--last-name=Cole", "--email=cat@education.gov.uk", "--api-user=no", "--format=ids"];
    let adding = spawn(&desk, &[&["users", "add"], &added[..]].concat());
    writer.execute_batch("COMMIT").unwrap();
    let [added, restored] = [adding, restoring].map(|child| desk.read(&child.wait_with_output().unwrap()));
    assert_eq!((added.code, restored.code), (0, 0), "{added:?} {restored:?}");
    let before = Kept::at(kept(&desk)).texts("SELECT first_name || ' ' || last_name FROM users ORDER BY 1");
    assert!(before.contains(&"Bea Stored".to_owned()), "{before:?}");
    let is_in = |names: &[String]| names.iter().any(|name| name.starts_with("Cat"));
    let now = desk.kept.texts("SELECT first_name FROM users");
    assert!(is_in(&before) != is_in(&now), "{before:?} {now:?}");
    assert_whole(&desk.kept);
}

#[test]
fn two_who_restore_it_in_one_second_do_so_one_after_the_other_and_both_keep_what_they_found() {
    let desk = desk_with_backup();
    let (now, writer) = (desk.rows(), desk.kept.hold());
    let restoring = [0; 2].map(|_| spawn(&desk, &["restore", "copy.db", "--yes", "--quiet"]));
    restoring.iter().for_each(wait_until_it_listens);
    drop(writer);
    for child in restoring {
        assert_eq!(desk.read(&child.wait_with_output().unwrap()), ran(0, ONE, ""));
    }
    let second = Kept::at(desk.data().join(format!("{KEPT}-2")));
    assert_eq!((Kept::at(kept(&desk)).rows(), without_entry(second.rows())), (now, Kept::at(desk.path("copy.db")).rows()));
}

#[test]
fn ctrl_c_leaves_the_desk_as_it_is_and_nothing_beside_it() {
    let desk = desk_with_backup();
    let before = desk.rows();
    let writer = desk.kept.hold();
    let child = spawn(&desk, &["restore", "copy.db", "--yes"]);
    wait_until_it_listens(&child);
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    drop(writer);
    assert_eq!(desk.read(&child.wait_with_output().unwrap()), ran(130, "", "Stopped: nothing was changed\n"));
    assert_eq!((desk.rows(), files_in(&desk.data())), (before, vec![desk.emails(), desk.database()]));
}

#[test]
fn where_there_is_no_desk_it_is_made() {
    let desk = desk_with_ann();
    assert_eq!(desk.line("backup copy.db").code, 0);
    let backup = Kept::at(desk.path("copy.db")).rows();
    fs::remove_dir_all(desk.data()).unwrap();
    assert_eq!(desk.line("restore copy.db --dry-run").code, 0);
    assert!(!desk.data().exists());
    let created = "Success: Desk restored from copy.db\nCreated the database ~/.local/share/frontdesk/register.db\n";
    assert_eq!(desk.line("restore copy.db --yes"), ran(0, ONE, created));
    let mode = |path: PathBuf| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(desk.data()), mode(desk.database())), (0o700, 0o600));
    assert_eq!((without_entry(desk.rows()), files_in(&desk.data())), (backup.clone(), vec![desk.database()]));
    assert_eq!(desk.line("--database new/desk.db restore copy.db --yes").code, 0);
    assert_eq!(without_entry(Kept::at(desk.path("new/desk.db")).rows()), backup);
    // The log of a database that is gone may be all that is left of somebody's changes.
    fs::write(desk.path("new/other.db-wal"), "what is left").unwrap();
    assert_eq!(desk.line("--database new/other.db restore copy.db --yes").code, 7);
    assert_eq!(files_in(&desk.path("new")).len(), 2);
}

#[test]
fn a_damaged_desk_is_put_aside_with_its_log() {
    let desk = desk_with_backup();
    let whole = fs::read(desk.database()).unwrap();
    let backup = Kept::at(desk.path("copy.db")).rows();
    let mut scribbled = whole.clone();
    scribbled[16_384..].fill(b'x');
    let told = format!("Success: Desk restored from copy.db\nThe damaged database is kept in ~/.local/share/frontdesk/{KEPT}\n");
    for damaged in [Vec::new(), b"no database at all".to_vec(), whole[..20_000].to_vec(), scribbled] {
        let is_empty = damaged.is_empty();
        fs::write(desk.database(), &damaged).unwrap();
        fs::write(desk.data().join("register.db-wal"), "its log").unwrap();
        assert_eq!(desk.line("restore copy.db --dry-run").code, 0);
        assert_eq!(desk.line("restore copy.db --yes"), ran(0, ONE, &told));
        assert_eq!(without_entry(desk.rows()), backup);
        assert_eq!((fs::read(kept(&desk)).unwrap(), desk.line("doctor").code), (damaged, 0));
        fs::remove_file(kept(&desk)).unwrap();
        // Of a file that is not empty, SQLite has seen to the log as it looked at the file.
        let log = desk.data().join(format!("{KEPT}-wal"));
        assert_eq!(fs::read(&log).ok().as_deref(), is_empty.then_some(b"its log".as_slice()));
        let _ = fs::remove_file(log);
        assert_eq!(files_in(&desk.data()), [desk.emails(), desk.database()]);
    }
    // One that can still be read is kept as it is, whatever is wrong with it.
    let wrong = "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'sort_key, email, id', 'email, sort_key, id') \
        WHERE name = 'users_live_order'";
    desk.open().execute_batch(wrong).unwrap();
    assert_eq!(desk.line("restore copy.db --yes"), ran(0, ONE, &told));
    assert_eq!((desk.line("doctor").code, without_entry(desk.rows())), (0, backup));
}

#[test]
fn a_backup_of_an_older_version_is_brought_up_to_date_and_stays_as_it_is() {
    let desk = desk_with_backup();
    // A file of the first schema with pages of the size that files had then.
    let path = desk.path("older.db");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("PRAGMA page_size = 4096").unwrap();
    connection.execute_batch(include_str!("../../src/store/migrations/sqlite/0001_users.sql")).unwrap();
    let collation: String = desk.open().query_row("SELECT value FROM stamp WHERE key = 'collation'", [], |row| row.get(0)).unwrap();
    connection.execute("INSERT INTO stamp VALUES ('service', 'register'), ('collation', ?1)", [collation]).unwrap();
    connection.execute_batch("PRAGMA application_id = 0x6664736B; PRAGMA user_version = 1").unwrap();
    drop(connection);
    let backup = fs::read(&path).unwrap();
    let restored = desk.line("restore older.db --yes");
    assert_eq!((restored.code, fs::read(&path).unwrap()), (0, backup), "{restored:?}");
    assert_eq!(desk.count("SELECT count(*) FROM users"), 0);
    assert_eq!((desk.line("users list").code, left(&desk)), (0, vec!["copy.db".to_owned(), "older.db".to_owned()]));
    assert_eq!(files_in(&desk.data()), [desk.emails(), desk.database(), kept(&desk)]);
    let fresh = Desk::new();
    desk.line(&format!("move {} --yes", fresh.database().display()));
    assert_eq!(desk.kept.schema(), fresh.kept.schema());
}

#[test]
fn an_email_that_has_gone_since_is_not_sent_again() {
    let desk = Desk::new();
    desk.configure("delivery = \"later\"\n");
    for (first_name, email) in [("Ann", "ann@education.gov.uk"), ("Bea", "bea@education.gov.uk"), ("Cat", "cat@education.gov.uk")] {
        desk.add(first_name, "Abel", email);
    }
    assert_eq!(desk.line("backup copy.db").code, 0);
    desk.done(&["emails", "send", "--limit", "1"]);
    // What it was cancelled for is undone.
    desk.done(&["users", "delete", "bea@education.gov.uk", "--yes", "--no-email"]);
    desk.done(&["users", "delete", "cat@education.gov.uk", "--yes"]);
    // The desk knows what has become of each.
    let told = desk.line("restore copy.db --yes");
    assert!(told.code == 0 && told.err == DONE, "{told:?}");
    assert_eq!(
        desk.kept.texts("SELECT to_address || ' ' || status FROM emails ORDER BY id"),
        ["ann@education.gov.uk sent", "bea@education.gov.uk queued", "cat@education.gov.uk queued"]
    );
    desk.done(&["emails", "send"]);
    assert_eq!(desk.letters().iter().filter(|letter| letter.to.contains("ann@")).count(), 1);
    // Where nobody knows what has gone, they wait.
    fs::remove_file(desk.database()).unwrap();
    let waits = "Warning: 3 emails wait to be sent in the backup, and may have gone since it was made.\n\
        See which, and cancel those: frontdesk emails list --status queued\n";
    let told = desk.line("restore copy.db --yes");
    assert!(told.code == 0 && told.err.ends_with(waits), "{told:?}");
    // Of another desk it knows nothing.
    let other = desk_with_ann();
    let told = other.line(&format!("restore {} --yes", desk.path("copy.db").display()));
    assert!(told.code == 0 && told.err.contains(" emails wait to be sent in the backup, and may have gone since"), "{told:?}");
}

#[test]
fn whoever_came_after_the_backup_is_named_by_the_entry_all_the_same() {
    let desk = desk_with_backup();
    assert_eq!(desk.line("restore copy.db --yes --as bea@education.gov.uk").code, 0);
    let entry = &desk.json(&["activity", "list"])["entries"][0];
    assert_eq!((entry["actor"]["label"].as_str(), entry["actor"]["email"].as_str()), (Some("Bea Baker"), Some("bea@education.gov.uk")));
    desk.kept.assert_sound();
    assert_eq!(desk.line("restore copy.db --yes --as ann@education.gov.uk").code, 0);
    assert_eq!(desk.count("SELECT count(*) FROM activity WHERE action = 'desk_restored' AND actor_user_id IS NOT NULL"), 1);
}

#[test]
fn at_a_terminal_it_is_warned_of_and_asked_about() {
    let desk = desk_with_backup();
    desk.done(&["service", "set", "protected", "yes"]);
    let before = desk.rows();
    let at_the_question = || {
        let mut terminal = Setting::at(&desk).run(&["restore", "copy.db"]);
        terminal.wait_in_order(&["Restore this desk from copy.db", "It has now:", "2 users", QUESTION]);
        let screen = terminal.screen();
        for told in ["The backup has:\n1 user\n", "Warning: What was changed since", "The desk of now is kept in"] {
            assert!(screen.contains(told), "{screen}");
        }
        terminal
    };
    for (keys, line, code) in [(ENTER, "Nothing was changed", 9), (CTRL_C, "Stopped: nothing was changed", 130)] {
        let mut terminal = at_the_question();
        terminal.type_keys(keys);
        terminal.wait_for(line);
        assert_eq!((terminal.finish(), desk.rows()), (code, before.clone()));
    }
    let mut terminal = at_the_question();
    terminal.choose(QUESTION, "Yes");
    terminal.answer("To go on, type the name of its environment, production", "staging");
    terminal.correct("Error: This is production. Type its name, or go back to leave it as it is > staging", "production");
    terminal.wait_for("Success: Desk restored from copy.db");
    assert_eq!(terminal.finish(), 0);
    assert_eq!(names(&desk), "Ann\n");
}

#[test]
fn an_api_client_that_was_revoked_or_deleted_since_does_not_come_back() {
    let desk = desk_with_ann_and_bot();
    let ann = "ann@education.gov.uk";
    let clients = ["kept", "revoked", "deleted"].map(|name| create(&desk, ann, name));
    assert_eq!(desk.line("backup copy.db").code, 0);
    let [(_, kept), (revoked_id, revoked), (deleted_id, deleted)] = &clients;
    assert_eq!(run_as(&desk, ann, &format!("api-clients revoke {revoked_id} --yes")).code, 0);
    assert_eq!(run_as(&desk, ann, &format!("api-clients delete {deleted_id} --yes")).code, 0);
    let (_, later) = create(&desk, ann, "later");
    let now = [kept, revoked, deleted].map(|token| check(&desk, token));
    assert_eq!(desk.line("restore copy.db --yes").code, 0);
    assert_eq!([kept, revoked, deleted].map(|token| check(&desk, token)), now);
    assert_eq!(now.map(|ran| ran.code), [0, 6, 4]);
    assert_eq!(check(&desk, &later).code, 4);
    assert_eq!(desk.line("doctor").code, 0);
}

#[test]
fn api_clients_of_which_nobody_knows_whether_they_were_revoked_are_warned_of() {
    let desk = desk_with_ann_and_bot();
    create(&desk, "ann@education.gov.uk", "live");
    assert_eq!(desk.line("backup copy.db").code, 0);
    fs::remove_file(desk.database()).unwrap();
    let restored = desk.line("restore copy.db --yes");
    let warning = "Warning: 1 API client can be used again, and may have been revoked since the backup was made.\n\
        See which, and revoke those: frontdesk api-clients list\n";
    assert!(restored.code == 0 && restored.err.ends_with(warning), "{restored:?}");
}
