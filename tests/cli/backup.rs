//! `frontdesk backup`: the whole desk of one moment in a file, checked, or no file at all.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use rusqlite::Connection;
use rustix::process::{Pid, Signal, kill_process};

use crate::desk::{Desk, files_in, ran};
use crate::imports::wait_until_it_listens;
use crate::json_answers::{BACKUP, every_answer_has_its_shape};
use crate::kept::Kept;
use crate::outside::{as_somebody_else, own_mounts, set_mode};

pub const ONE: &str = "1 user\n0 organisations\n0 organisation users\n0 memberships\n1 email\n1 activity entry\n0 API clients\n";

pub fn desk_with_ann() -> Desk {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk
}

/// The files of the home directory, without the directory of configuration and data.
pub fn left(desk: &Desk) -> Vec<String> {
    let names = files_in(&desk.path("")).into_iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned());
    names.filter(|name| name != ".local" && name != ".config").collect()
}

#[test]
fn a_backup_is_the_whole_desk_in_a_file_of_its_own() {
    let desk = desk_with_ann();
    // What is in the log alone is in the desk, and so in its backup.
    let open = desk.open();
    open.execute_batch("UPDATE users SET revision = 2").unwrap();
    let before = desk.rows();
    assert_eq!(desk.line("backup copy.db"), ran(0, ONE, "Success: Written to copy.db\n"));
    assert_eq!(left(&desk), ["copy.db"]);
    let copy = desk.path("copy.db");
    assert_eq!(copy.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    // Any program can read it where nothing can be written beside it: it needs no log.
    let mode: String = Connection::open(&copy).unwrap().pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(mode, "delete");
    let kept = Kept::at(copy);
    assert_eq!((kept.rows(), desk.rows(), kept.schema()), (before.clone(), before, desk.kept.schema()));
    for line in ["users list", "activity list --json", "users export", "service show", "doctor --format ids"] {
        assert_eq!(desk.line(&format!("--database copy.db {line}")).out, desk.line(line).out, "{line}");
    }
    // It is a desk that can be changed, too.
    assert_eq!(desk.line("--database copy.db users edit ann@education.gov.uk --last-name Other").code, 0);
    assert_eq!(desk.json(&["users", "list"])["users"][0]["last_name"], "Abel");
}

#[test]
fn what_was_backed_up_is_told_in_every_format() {
    let desk = desk_with_ann();
    let csv = "users,organisations,organisation_users,memberships,emails,entries,api_clients\r\n1,0,0,0,1,1,0\r\n";
    for (format, out) in [("csv", csv), ("plain", "1\t0\t0\t0\t1\t1\t0\n"), ("ids", "")] {
        assert_eq!(desk.line(&format!("backup {format}.db --format {format}")), ran(0, out, ""));
    }
    assert_eq!(desk.line("backup quiet.db --quiet"), ran(0, ONE, ""));
    every_answer_has_its_shape(BACKUP);
}

#[test]
fn emails_that_wait_are_told_of() {
    let desk = Desk::new();
    desk.configure("delivery = \"later\"\n");
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let told = "Success: Written to copy.db\n\
        Emails that wait to be sent wait in the backup too: whoever works in that file could send them once more.\n";
    assert_eq!(desk.line("backup copy.db"), ran(0, ONE, told));
}

#[test]
fn a_file_that_is_there_is_left_as_it_is() {
    let desk = desk_with_ann();
    let taken = |name: &str| format!("Error: There is a file {name} already\nIt was left as it is. Give another path.\n");
    fs::write(desk.path("letter.txt"), "Dear Ann").unwrap();
    fs::write(desk.path("empty"), "").unwrap();
    std::os::unix::fs::symlink("nowhere", desk.path("link")).unwrap();
    for name in ["letter.txt", "empty", "link", ".local/share/frontdesk/register.db"] {
        assert_eq!(desk.line(&format!("backup {name}")), ran(5, "", &taken(name)), "{name}");
    }
    assert_eq!(fs::read(desk.path("letter.txt")).unwrap(), b"Dear Ann");
    assert_eq!(left(&desk), ["empty", "letter.txt", "link"]);
}

#[test]
fn a_path_where_nothing_can_be_written_is_told() {
    let desk = desk_with_ann();
    let mend = "Nothing was changed. Give another path, or mend that and run the command again.\n";
    fs::create_dir(desk.path("copies")).unwrap();
    fs::write(desk.path("letter.txt"), "Dear Ann").unwrap();
    let long = "x".repeat(300);
    for (path, why) in [
        ("copies", "it is a directory"),
        ("nowhere/copy.db", "there is no such directory"),
        ("letter.txt/copy.db", "there is no such directory"),
        (&long, "its name is too long"),
    ] {
        assert_eq!(desk.line(&format!("backup {path}")), ran(7, "", &format!("Error: The file {path} cannot be written: {why}\n{mend}")));
    }
    let standard_output = "Error: A backup is checked before it has its name, and cannot go to standard output\n\
        Nothing was written. Give the path of a file.\n";
    assert_eq!(desk.line("backup -"), ran(2, "", standard_output));
    assert_eq!(desk.line("backup").code, 2);
    // A log that is left of another database would be taken for its own.
    fs::write(desk.path("gone.db-wal"), "what is left").unwrap();
    let orphaned = desk.line("backup gone.db");
    assert!(orphaned.code == 7 && orphaned.err.contains("its log gone.db-wal is still there"), "{orphaned:?}");
    fs::remove_file(desk.path("gone.db-wal")).unwrap();
    assert_eq!(left(&desk), ["copies", "letter.txt"]);
}

#[test]
fn a_directory_of_somebody_else_is_told() {
    let desk = desk_with_ann();
    let shared = desk.path("shared.db");
    desk.line("backup shared.db");
    set_mode(&shared, 0o644);
    fs::create_dir(desk.path("closed")).unwrap();
    set_mode(&desk.path("closed"), 0o755);
    let run = desk.read(&as_somebody_else(&desk, &["--database", "shared.db", "backup", "closed/copy.db"]).output().unwrap());
    let told = "Error: The file closed/copy.db cannot be written: its directory cannot be written\n\
        Nothing was changed. Give another path, or mend that and run the command again.\n";
    assert_eq!((run, files_in(&desk.path("closed")).len()), (ran(7, "", told), 0));
    set_mode(&desk.path("closed"), 0o777);
    let run = desk.read(&as_somebody_else(&desk, &["--database", "shared.db", "backup", "closed/copy.db"]).output().unwrap());
    assert_eq!((run.code, files_in(&desk.path("closed"))), (0, vec![desk.path("closed/copy.db")]));
}

#[test]
fn only_a_desk_that_is_there_and_whole_is_backed_up() {
    let desk = Desk::new();
    let missing = desk.line("backup copy.db");
    assert!(missing.code == 7 && missing.err.starts_with("Error: There is no database at "), "{missing:?}");
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.open()
        .execute_batch(
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'sort_key, email, id', 'email, sort_key, id') \
             WHERE name = 'users_live_order'",
        )
        .unwrap();
    let unsound = "Error: No backup was made, because the copy is not sound. The database copy.db is damaged: row 1 missing from index \
        users_live_order\nSee what is wrong with the desk: frontdesk doctor\n";
    assert_eq!(desk.line("backup copy.db"), ran(7, "", unsound));
    assert_eq!(left(&desk), [""; 0]);
}

#[test]
fn somebody_who_writes_and_whoever_has_a_page_open_are_not_in_its_way() {
    let desk = desk_with_ann();
    let before = desk.rows();
    let writer = desk.open();
    writer.execute_batch("BEGIN IMMEDIATE; UPDATE users SET last_name = 'Unfinished'").unwrap();
    assert_eq!(desk.line("backup copy.db").code, 0);
    assert_eq!(Kept::at(desk.path("copy.db")).rows(), before);
}

#[test]
fn ctrl_c_stops_a_backup_and_leaves_nothing() {
    for signal in [Signal::INT, Signal::TERM] {
        let desk = desk_with_ann();
        // It waits for whoever keeps the file to themselves, for as long as the test wants.
        let other = desk.open();
        other.execute_batch("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE").unwrap();
        let child = desk.command(&["backup", "copy.db"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        wait_until_it_listens(&child);
        kill_process(Pid::from_child(&child), signal).unwrap();
        other.execute_batch("ROLLBACK").unwrap();
        assert_eq!(desk.read(&child.wait_with_output().unwrap()), ran(130, "", "Stopped: nothing was changed\n"));
        assert_eq!(left(&desk), [""; 0]);
    }
}

#[test]
fn on_a_full_disk_nothing_is_left() {
    let Some(mut mounted) = own_mounts() else { return };
    let desk = desk_with_ann();
    fs::create_dir(desk.path("disk")).unwrap();
    let script = r#"mount -t tmpfs -o size=300k tmpfs disk || exit 99; "$0" backup disk/copy.db; code=$?; ls -A disk; exit $code"#;
    let command = desk.command(&[""; 0]);
    mounted.args(["sh", "-c", script, env!("CARGO_BIN_EXE_frontdesk")]).current_dir(desk.path(""));
    mounted.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let full = "Error: There is no room left on the disk of the database disk/copy.db\n\
        Nothing was changed. Make room, then run the command again.\n";
    assert_eq!(desk.read(&mounted.output().unwrap()), ran(7, "", full));
}
