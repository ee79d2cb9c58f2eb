//! A database or a configuration file in every bad state: an error that names the file, says what
//! was not changed and what to do, exit code 7, and nothing changed.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use rusqlite::Connection;

use crate::desk::{Desk, Ran, files_in, ran};
use crate::invariants::assert_whole;
use crate::kept::Kept;
use crate::outside::{Numbers, as_somebody_else, needs, own_mounts, set_mode};

/// A page of SQLite's.
const PAGE: usize = 16_384;

const LOOK: [&str; 3] = ["users", "list", "--format=ids"];
const CHANGE: [&str; 7] =
    ["users", "add", "--first-name=Bea", "--last-name=Abel", "--email=bea@education.gov.uk", "--api-user=no", "--format=ids"];

/// A desk where Ann is the only user.
fn desk_with_ann() -> Desk {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk
}

/// Asserts that looking and changing fail in the same words, and leave the file and its directory
/// as they were.
fn assert_refused(desk: &Desk, expected: &str) {
    assert_command_refused(desk, &LOOK, expected);
    assert_command_refused(desk, &CHANGE, expected);
}

fn assert_command_refused(desk: &Desk, arguments: &[&str], expected: &str) {
    let before = (fs::read(desk.database()).ok(), files_in(&desk.data()));
    assert_eq!(desk.run(arguments), ran(7, "", expected), "{arguments:?}");
    assert_eq!((fs::read(desk.database()).ok(), files_in(&desk.data())), before);
}

fn not_a_database() -> &'static str {
    "Error: ~/.local/share/frontdesk/register.db is not a database\n\
     Nothing was changed. If it should be one, go back to a copy of it; otherwise give another path with --database.\n"
}

fn damaged() -> &'static str {
    "Error: The database ~/.local/share/frontdesk/register.db is damaged\n\
     Nothing was changed. Go back to a copy of the database from before the damage.\n"
}

#[test]
fn a_directory_in_its_place() {
    let desk = Desk::new();
    fs::create_dir_all(desk.database()).unwrap();
    assert_refused(
        &desk,
        "Error: The database ~/.local/share/frontdesk/register.db cannot be opened: it is a directory\n\
         Nothing was changed. Give the path of a file with --database.\n",
    );
}

#[test]
fn a_pipe_in_its_place_is_refused_and_not_waited_for() {
    let desk = Desk::new();
    fs::create_dir_all(desk.data()).unwrap();
    rustix::fs::mknodat(rustix::fs::CWD, desk.database(), rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
    let expected = "Error: The database ~/.local/share/frontdesk/register.db cannot be opened: it is not a file\n\
                    Nothing was changed. Give the path of a file with --database.\n";
    for arguments in [&LOOK[..], &CHANGE] {
        assert_eq!(desk.run(arguments), ran(7, "", expected));
    }
}

#[test]
fn a_text_file_and_one_whose_header_was_overwritten_are_no_databases() {
    let desk = desk_with_ann();
    let whole = fs::read(desk.database()).unwrap();
    fs::write(desk.database(), "first_name,last_name\n".repeat(500)).unwrap();
    assert_refused(&desk, not_a_database());
    fs::write(desk.database(), "short").unwrap();
    assert_refused(&desk, not_a_database());
    let mut overwritten = whole;
    overwritten[..100].fill(b'x');
    fs::write(desk.database(), overwritten).unwrap();
    assert_refused(&desk, not_a_database());
}

#[test]
fn a_file_that_was_cut_short_or_scribbled_over_is_damaged() {
    let desk = desk_with_ann();
    let whole = fs::read(desk.database()).unwrap();
    for length in [PAGE / 2, PAGE, whole.len() / 2, whole.len() - PAGE] {
        fs::write(desk.database(), &whole[..length]).unwrap();
        assert_refused(&desk, damaged());
    }
    for seed in 0..5 {
        let mut numbers = Numbers::from_seed(seed);
        let mut scribbled = whole.clone();
        scribbled[PAGE..].fill_with(|| u8::try_from(numbers.below(256)).unwrap());
        fs::write(desk.database(), scribbled).unwrap();
        assert_refused(&desk, damaged());
    }
    fs::write(desk.database(), &whole).unwrap();
    assert_eq!(desk.run(&CHANGE).code, 0);
}

#[test]
fn random_damage_anywhere_is_an_error_or_no_matter_and_never_a_panic() {
    let desk = desk_with_ann();
    for number in 0..40 {
        desk.add("Cat", &format!("Cole {number}"), &format!("cat{number}@education.gov.uk"));
    }
    let whole = fs::read(desk.database()).unwrap();
    let mut numbers = Numbers::from_seed(7);
    let mut told = 0;
    for _ in 0..60 {
        let mut scribbled = whole.clone();
        let length = 1 + usize::try_from(numbers.below(400)).unwrap();
        let start = usize::try_from(numbers.below(u64::try_from(whole.len() - length).unwrap())).unwrap();
        scribbled[start..start + length].fill_with(|| u8::try_from(numbers.below(256)).unwrap());
        fs::write(desk.database(), scribbled).unwrap();
        for arguments in [&["users", "list", "--all"][..], &["users", "show", "cat7@education.gov.uk"], &["activity", "list"], &CHANGE] {
            let run = desk.run(arguments);
            let in_order = match run.code {
                0 | 4 => true,
                7 => run.err.contains("~/.local/share/frontdesk/register.db") && run.err.contains("\nNothing was changed. "),
                _ => false,
            };
            assert!(in_order, "bytes {start} to {}: {arguments:?}: {run:?}", start + length);
            told += usize::from(run.code == 7);
        }
        for beside in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{beside}", desk.database().display()));
        }
    }
    assert!(told > 0, "no damage was ever noticed");
}

#[test]
fn a_value_that_is_never_written_is_damage_too() {
    for change in [
        "UPDATE users SET first_name = CAST(x'416EFF' AS TEXT)",
        "UPDATE users SET created_at = 9223372036854775807",
        "DELETE FROM stamp WHERE key = 'service'",
        "UPDATE stamp SET value = 'bakery' WHERE key = 'service'",
    ] {
        let desk = desk_with_ann();
        desk.open().execute_batch(change).unwrap();
        let expected = "Error: The database ~/.local/share/frontdesk/register.db is damaged: it holds a value that frontdesk never writes\n\
                        Nothing was changed. Go back to a copy of the database from before the damage.\n";
        assert_command_refused(&desk, &["users", "list"], expected);
        assert_command_refused(&desk, &["users", "show", "ann@education.gov.uk"], expected);
    }
}

#[test]
fn a_file_without_a_byte_is_an_empty_database() {
    let desk = Desk::new();
    fs::create_dir_all(desk.data()).unwrap();
    fs::write(desk.database(), "").unwrap();
    assert_eq!(desk.run(&["users", "list"]), ran(0, "There are no users.\n", ""));
    assert_eq!(fs::read(desk.database()).unwrap(), b"");
    assert_eq!(desk.run(&CHANGE).code, 0);
    assert_eq!(assert_whole(&desk.kept).len(), 1);
}

#[test]
fn another_programs_file() {
    let desk = Desk::new();
    fs::create_dir_all(desk.data()).unwrap();
    desk.open().execute_batch("CREATE TABLE recipes (name TEXT); PRAGMA user_version = 1").unwrap();
    let expected = "Error: The database ~/.local/share/frontdesk/register.db belongs to another program\n\
                    Nothing was changed. Give the path of a frontdesk database with --database.\n";
    assert_refused(&desk, expected);
    desk.open().execute_batch("PRAGMA application_id = 7").unwrap();
    assert_refused(&desk, expected);
}

#[test]
fn another_services_file() {
    let desk = desk_with_ann();
    let database = desk.database();
    let claim = ["--service=claim", "--database", database.to_str().unwrap()];
    let expected = "Error: The database ~/.local/share/frontdesk/register.db holds the service register, not claim\n\
                    Nothing was changed. Give --service register, or name the other service’s database.\n";
    assert_command_refused(&desk, &[&claim[..], &LOOK].concat(), expected);
    assert_command_refused(&desk, &[&claim[..], &CHANGE].concat(), expected);
}

#[test]
fn a_newer_versions_file() {
    let desk = desk_with_ann();
    let known = desk.open().pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0)).unwrap();
    desk.open().execute_batch("PRAGMA user_version = 99").unwrap();
    assert_refused(
        &desk,
        &format!(
            "Error: The database ~/.local/share/frontdesk/register.db was made by a newer version of frontdesk: its schema is 99, and this version knows {known}\n\
             Nothing was changed. Install the newer version.\n"
        ),
    );
    let desk = desk_with_ann();
    desk.open().execute_batch("UPDATE stamp SET value = 'other/1' WHERE key = 'collation'").unwrap();
    assert_refused(
        &desk,
        "Error: The database ~/.local/share/frontdesk/register.db orders names by another version of the collation (other/1)\n\
         Nothing was changed. Use the version of frontdesk that made it.\n",
    );
}

#[test]
fn a_file_from_before_api_clients_is_brought_up_to_date_by_the_first_command_about_them() {
    let desk = desk_with_ann();
    let before = desk.rows();
    desk.open().execute_batch("DROP TABLE api_clients; PRAGMA user_version = 5").unwrap();
    assert_eq!(desk.line("api-clients list"), ran(0, "There are no API clients.\n", ""));
    assert_eq!(desk.rows(), before);
    assert_eq!(desk.open().pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0)).unwrap(), 6);
    assert!(desk.data().join("register.db.schema-5").exists());
    desk.done(&["--as=ann@education.gov.uk", "api-clients", "add", "--name=Import", "--expires-on=2026-01-31"]);
    let examined = desk.line("doctor");
    assert!(examined.code == 0 && examined.out.contains("OK: Every table and index is there\n"), "{examined:?}");
}

#[test]
fn a_file_of_another_service_is_not_brought_up_to_date_for_whoever_is_refused_it() {
    let desk = desk_with_ann();
    desk.open().execute_batch("DROP TABLE api_clients; PRAGMA user_version = 5").unwrap();
    let before = fs::read(desk.database()).unwrap();
    for line in ["migrate", "users list", "org add --code ALPHA --name Alpha"] {
        let refused = desk.line(&format!("--service publish --database .local/share/frontdesk/register.db {line}"));
        assert_eq!(refused.code, 7, "{refused:?}");
        assert!(refused.err.contains(" holds the service register, not publish\nNothing was changed."), "{refused:?}");
        assert!(fs::read(desk.database()).unwrap() == before, "{line}");
    }
    assert_eq!(desk.line("migrate"), ran(0, "", "Success: Database brought from schema 5 to 6\n"));
}

#[test]
fn while_another_program_writes_a_change_gives_up_and_a_reader_reads() {
    let desk = desk_with_ann();
    let id = desk.json(&["users", "list"])["users"][0]["id"].as_str().unwrap().to_owned();
    let writer = desk.open();
    writer.execute_batch("BEGIN IMMEDIATE; UPDATE users SET last_name = 'Unfinished'").unwrap();

    let busy = "Error: The database ~/.local/share/frontdesk/register.db is busy: another program has been writing to it for 5 seconds\n\
                Nothing was changed. Try again; if it stays busy, find the program that has the file open.\n";
    let waiting = desk.command(&CHANGE).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    assert_eq!(desk.json(&["users", "list"])["users"][0]["last_name"], "Abel");
    assert_eq!(desk.run(&["users", "exists", &id]), ran(0, "", ""));
    assert_eq!(desk.read(&waiting.wait_with_output().unwrap()), ran(7, "", busy));

    writer.execute_batch("ROLLBACK").unwrap();
    assert_eq!(desk.run(&CHANGE).code, 0);
    assert_eq!(assert_whole(&desk.kept).len(), 2);
}

#[test]
fn a_file_that_was_named_and_is_not_there() {
    let desk = Desk::new();
    for named in [&["--database=mine.db"][..], &["--database=new/place/mine.db"]] {
        let missing = named[0].trim_start_matches("--database=");
        let expected = format!(
            "Error: There is no database at {missing}\n\
             Nothing was changed. Check the path; the first change that you make there creates the database.\n"
        );
        assert_eq!(desk.run(&[named, &LOOK].concat()), ran(7, "", &expected));
        assert_eq!(desk.run(&[named, &CHANGE, &["--dry-run"]].concat()), ran(7, "", &expected));
        assert!(!desk.path(missing).exists() && !desk.path("new/place").exists());
        let created = desk.run(&[named, &CHANGE].concat());
        assert_eq!(created.code, 0, "{created:?}");
        assert!(created.err.contains(&format!("Created the database {missing}\n")), "{created:?}");
        assert_eq!(assert_whole(&Kept::at(desk.path(missing))).len(), 1);
    }
    let inside_a_file = desk.run(&[&["--database=mine.db/x.db"][..], &CHANGE].concat());
    assert_eq!(
        inside_a_file,
        ran(
            7,
            "",
            "Error: The database mine.db/x.db cannot be opened\n\
             Nothing was changed. Check the path and that you may read the directories on it.\n"
        )
    );
}

#[test]
fn a_log_that_outlived_its_database_is_not_played_into_a_new_one() {
    let desk = desk_with_ann();
    let log = desk.data().join("register.db-wal");
    let journal = desk.data().join("register.db-journal");
    // A writer that never ended well leaves its log; then the database goes.
    let writer = desk.open();
    writer.execute_batch("UPDATE users SET last_name = 'In the log'").unwrap();
    let left = fs::read(&log).unwrap();
    assert!(!left.is_empty());
    drop(writer);
    fs::remove_file(desk.database()).unwrap();

    for (path, name) in [(&log, "register.db-wal"), (&journal, "register.db-journal")] {
        fs::write(path, &left).unwrap();
        assert_command_refused(
            &desk,
            &CHANGE,
            &format!(
                "Error: The database ~/.local/share/frontdesk/register.db is gone, and its log ~/.local/share/frontdesk/{name} is still there\n\
                 Nothing was changed. Put the database back from a copy; or, to begin with an empty one, delete the log.\n"
            ),
        );
        assert_eq!(fs::read(path).unwrap(), left);
        fs::remove_file(path).unwrap();
    }
    assert_eq!(desk.run(&CHANGE).code, 0);
    assert_eq!(assert_whole(&desk.kept).len(), 1);
}

fn by_somebody_else(desk: &Desk, arguments: &[&str]) -> Ran {
    desk.read(&as_somebody_else(desk, arguments).output().unwrap())
}

/// Looking and changing at a named file as somebody else.
fn look_and_change(desk: &Desk, path: &Path) -> (Ran, Ran) {
    let named = ["--database", path.to_str().unwrap()];
    (by_somebody_else(desk, &[&named[..], &LOOK].concat()), by_somebody_else(desk, &[&named[..], &CHANGE].concat()))
}

/// A database of Ann alone in a directory of its own, and Ann's id as it is listed.
fn shared_database(desk: &Desk, file_mode: u32, directory_mode: u32) -> (std::path::PathBuf, String) {
    let directory = desk.path("shared");
    fs::create_dir(&directory).unwrap();
    let path = directory.join("desk.db");
    let named = ["--database", path.to_str().unwrap()];
    let answers = ["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no", "--format=ids"];
    let id = desk.done(&[&named[..], &answers, &["--no-email"]].concat());
    set_mode(&path, file_mode);
    set_mode(&directory, directory_mode);
    (path, id)
}

const READ_ONLY: &str = "Error: The database ~/shared/desk.db cannot be written: it is read-only for you\n\
                         Nothing was changed. Ask the owner of the file for the right to write it and its directory.\n";

#[test]
fn a_file_that_may_only_be_read_is_read_and_nothing_is_left_beside_it_that_its_owner_could_not_write() {
    let desk = Desk::new();
    let (path, id) = shared_database(&desk, 0o444, 0o777);
    assert_eq!(look_and_change(&desk, &path), (ran(0, &id, ""), ran(7, "", READ_ONLY)));
    assert_eq!(files_in(&desk.path("shared")), [path]);
}

#[test]
fn emails_of_a_database_that_may_only_be_read_are_not_sent_and_that_is_no_leftover() {
    let desk = Desk::new();
    let (path, _id) = shared_database(&desk, 0o666, 0o777);
    desk.configure("delivery = \"later\"\n");
    let named = ["--database", path.to_str().unwrap()];
    desk.done(
        &[&named[..], &["users", "add", "--first-name=Bob", "--last-name=Bell", "--email=bob@education.gov.uk", "--api-user=no"]].concat(),
    );
    set_mode(&path, 0o444);
    assert_eq!(by_somebody_else(&desk, &[&named[..], &["emails", "send"]].concat()), ran(7, "", READ_ONLY));
    assert_eq!(desk.json(&[&named[..], &["emails", "list"]].concat())["emails"][0]["status"], "queued");
}

#[test]
fn a_directory_that_may_only_be_read() {
    let desk = Desk::new();
    let (path, id) = shared_database(&desk, 0o666, 0o555);
    assert_eq!(look_and_change(&desk, &path), (ran(0, &id, ""), ran(7, "", READ_ONLY)));
    assert_eq!(files_in(&desk.path("shared")), [path]);
    let new = desk.path("shared/new.db");
    let (look, change) = look_and_change(&desk, &new);
    assert_eq!(look.code, 7);
    assert_eq!(
        change,
        ran(
            7,
            "",
            "Error: The database ~/shared/new.db could not be created: its directory cannot be written\n\
             Nothing was changed. Check the directory, or give another path with --database.\n"
        )
    );
    set_mode(&desk.path("shared"), 0o755);
}

#[test]
fn a_file_or_directory_that_may_not_be_read() {
    let desk = Desk::new();
    let (path, _) = shared_database(&desk, 0o000, 0o755);
    let expected = "Error: The database ~/shared/desk.db cannot be opened\n\
                    Nothing was changed. Check that the file and its directory may be read and written by you, or give another path with --database.\n";
    let closed = || ran(7, "", expected);
    let (look, change) = look_and_change(&desk, &path);
    assert_eq!((look, change), (closed(), closed()));
    set_mode(&path, 0o666);
    set_mode(&desk.path("shared"), 0o000);
    let (look, change) = look_and_change(&desk, &path);
    let expected = "Error: The database ~/shared/desk.db cannot be opened\n\
                    Nothing was changed. Check the path and that you may read the directories on it.\n";
    assert_eq!((look, change), (ran(7, "", expected), ran(7, "", expected)));
    set_mode(&desk.path("shared"), 0o755);
}

#[test]
fn a_data_directory_that_cannot_be_written() {
    let desk = Desk::new();
    fs::create_dir_all(desk.data()).unwrap();
    for directory in [".local", ".local/share", ".local/share/frontdesk"] {
        set_mode(&desk.path(directory), 0o555);
    }
    assert_eq!(by_somebody_else(&desk, &["users", "list"]), ran(0, "There are no users.\n", ""));
    assert_eq!(
        by_somebody_else(&desk, &CHANGE),
        ran(
            7,
            "",
            "Error: The database ~/.local/share/frontdesk/register.db could not be created: its directory cannot be written\n\
             Nothing was changed. Check the directory, or give another path with --database.\n"
        )
    );
    for directory in [".local", ".local/share", ".local/share/frontdesk"] {
        set_mode(&desk.path(directory), 0o755);
    }
    assert_eq!(files_in(&desk.data()), [""; 0].map(std::path::PathBuf::from));
}

#[test]
fn without_a_home_directory_a_database_must_be_named() {
    if !rustix::process::geteuid().is_root() {
        // Anybody but root is somebody whom the system knows with a home directory.
        crate::outside::leave_out("root, to be an account without a home directory");
        return;
    }
    let desk = Desk::new();
    let homeless = |arguments: &[&str]| {
        let mut command = as_somebody_else(&desk, arguments);
        // An account that no machine lists.
        command.env_remove("HOME").uid(4_000_000_001).gid(4_000_000_001);
        desk.read(&command.output().unwrap())
    };
    let expected = "Error: Your home directory cannot be found, so there is no place for the database\n\
                    Name the database with --database PATH or FRONTDESK_DATABASE.\n";
    assert_eq!(homeless(&LOOK), ran(7, "", expected));
    assert_eq!(homeless(&CHANGE), ran(7, "", expected));
    fs::create_dir(desk.path("open")).unwrap();
    set_mode(&desk.path("open"), 0o777);
    let named = homeless(&[&["--database=open/desk.db"][..], &CHANGE].concat());
    assert_eq!(named.code, 0, "{named:?}");
    assert_eq!(assert_whole(&Kept::at(desk.path("open/desk.db"))).len(), 1);
}

#[test]
fn on_a_full_disk_nothing_is_stored_by_halves_and_with_room_it_goes_on() {
    let Some(mut mounted) = own_mounts() else { return };
    let desk = Desk::new();
    fs::create_dir(desk.path("disk")).unwrap();
    // Everything happens in one namespace, whose disk is gone with it.
    let script = r#"
        mount -t tmpfs -o size=1m tmpfs disk || exit 99
        fill() { cat /dev/zero >disk/filler 2>/dev/null; }
        run() { "$0" --database disk/desk.db "$@" >>out 2>>err; echo "$?" >>codes; }
        add() { run users add --first-name Ann --last-name Abel --email "$1@education.gov.uk" --api-user no --format ids; }
        fill; add new; ls disk >>listed
        rm disk/filler; add first
        fill; add second; run users list --format ids; run users show first@education.gov.uk --fields email --format plain
        for room in 20 40 60 80; do truncate -s "-${room}k" disk/filler; add second; run users exists second@education.gov.uk; fill; done
        rm disk/filler; add second; run users list --format ids --page 1
        cp disk/desk.db kept.db; ls disk >>listed
    "#;
    let command = desk.command(&[""; 0]);
    mounted.args(["sh", "-c", script, env!("CARGO_BIN_EXE_frontdesk")]).current_dir(desk.path(""));
    mounted.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?)))).env_remove("FRONTDESK_TEST_IDS");
    let output = mounted.output().unwrap();
    assert!(output.status.success(), "{output:?}");

    let read = |name: &str| fs::read_to_string(desk.path(name)).unwrap();
    let codes: Vec<String> = read("codes").lines().map(str::to_owned).collect();
    assert_eq!(codes[..5], ["7", "0", "7", "0", "0"], "{}", read("err"));
    // With a little room, an add may find enough or not; it is stored or it is not, and says which.
    let mut is_stored = false;
    for pair in codes[5..13].chunks(2) {
        let (add, exists) = (pair[0].as_str(), pair[1].as_str());
        assert!(matches!((is_stored, add), (false, "0" | "7") | (true, "5" | "7")), "{codes:?}");
        is_stored |= add == "0";
        assert_eq!(exists, if is_stored { "0" } else { "4" }, "{codes:?}");
    }
    assert_eq!(codes[13..], [if is_stored { "5" } else { "0" }, "0"]);
    let full = "Error: There is no room left on the disk of the database disk/desk.db\n\
                Nothing was changed. Make room, then run the command again.\n";
    assert!(read("err").starts_with(full), "{}", read("err"));
    assert_eq!(read("err").matches(full).count(), codes.iter().filter(|code| *code == "7").count(), "{}", read("err"));
    // Nothing was left of the database that could not be made, nor beside the one that was.
    assert_eq!(read("listed"), "filler\ndesk.db\nemails\n");
    assert_eq!(assert_whole(&Kept::at(desk.path("kept.db"))).len(), 2);
    assert_eq!(read("out").lines().filter(|line| line.len() == 36).count(), 2 + 1 + 2, "{}", read("out"));
}

#[test]
fn any_other_tool_can_open_and_check_the_file() {
    if !needs("sqlite3") {
        return;
    }
    let desk = desk_with_ann();
    let checks = "PRAGMA integrity_check; PRAGMA foreign_key_check; REINDEX; SELECT first_name, email FROM users ORDER BY sort_key;";
    let output = Command::new("sqlite3").arg(desk.database()).arg(checks).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "ok\nAnn|ann@education.gov.uk\n");
    assert_eq!(desk.run(&CHANGE).code, 0);
}

#[test]
fn a_configuration_file_with_a_mistake_stops_every_command_and_names_the_line() {
    let desk = Desk::new();
    let mistakes = [
        (
            "servise = \"claim\"\n",
            "Configuration file ~/.config/frontdesk/config.toml, line 1: unknown key ‘servise’\nDid you mean ‘service’?",
        ),
        (
            "# ours\n[services.claim]\ndatabas = \"x\"\n",
            "Configuration file ~/.config/frontdesk/config.toml, line 3: unknown key ‘databas’\nDid you mean ‘database’?",
        ),
        (
            "\nservice = \"clam\"\n",
            "Configuration file ~/.config/frontdesk/config.toml, line 2: there is no service called ‘clam’\nDid you mean ‘claim’?",
        ),
        (
            "service = \"claim\nactor = 1\n",
            "Configuration file ~/.config/frontdesk/config.toml, line 1, column 17: this is not TOML: invalid basic string, expected `\"`\n\
             Text goes in quotes: service = \"claim\".",
        ),
    ];
    for (text, message) in mistakes {
        desk.configure(text);
        for arguments in [&LOOK[..], &CHANGE] {
            assert_eq!(desk.run(arguments), ran(7, "", &format!("Error: {message}\n")), "{text}");
        }
    }
    assert_eq!(files_in(&desk.data()), [""; 0].map(std::path::PathBuf::from));
}

#[test]
fn what_is_no_configuration_file_is_refused() {
    let desk = Desk::new();
    let mend = "Mend the file or move it away, or name another one with FRONTDESK_CONFIG.\n";
    let path = desk.path(".config/frontdesk/config.toml");
    fs::create_dir_all(&path).unwrap();
    assert_eq!(
        desk.run(&LOOK),
        ran(7, "", &format!("Error: The configuration file ~/.config/frontdesk/config.toml is a directory\n{mend}"))
    );
    fs::remove_dir(&path).unwrap();
    fs::write(&path, b"service = \"claim\"\nactor = \"\xFF\"\n").unwrap();
    let not_text = "Error: Configuration file ~/.config/frontdesk/config.toml, line 2: this is not UTF-8 text\n";
    assert_eq!(desk.run(&LOOK), ran(7, "", &format!("{not_text}{mend}")));
    assert_eq!(desk.run(&CHANGE), ran(7, "", &format!("{not_text}{mend}")));
    fs::remove_file(&path).unwrap();
    assert_eq!(
        desk.run_with(&[("FRONTDESK_CONFIG", "nowhere.toml")], &LOOK),
        ran(
            7,
            "",
            "Error: FRONTDESK_CONFIG names a file that does not exist: nowhere.toml\n\
             Correct the path, or unset the variable to use the configuration directory.\n"
        )
    );
    assert_eq!(desk.run_with(&[("FRONTDESK_CONFIG", "/dev/null")], &LOOK), ran(0, "", ""));
}

#[test]
fn a_database_that_is_kept_open_by_a_reader_can_still_be_written() {
    let desk = desk_with_ann();
    let reader = Connection::open(desk.database()).unwrap();
    reader.execute_batch("BEGIN; SELECT * FROM users").unwrap();
    assert_eq!(desk.run(&CHANGE).code, 0);
    let seen: i64 = reader.query_row("SELECT count(*) FROM users", [], |row| row.get(0)).unwrap();
    assert_eq!((seen, desk.count("SELECT count(*) FROM users")), (1, 2));
}
