//! What is no backup of this desk, and who may not restore one: refused in words, with nothing changed.

use std::fs;

use rusqlite::Connection;

use crate::backup::{desk_with_ann, left};
use crate::desk::{Desk, files_in, ran};
use crate::outside::{as_somebody_else, set_mode};
use crate::restore::desk_with_backup;

/// A desk with a backup and one more user.
fn desk() -> Desk {
    let desk = desk_with_ann();
    assert_eq!(desk.line("backup copy.db").code, 0);
    desk.add("Bea", "Baker", "bea@education.gov.uk");
    desk
}

/// Asserts that a restoration is refused in these words, in a dry run too, and that nothing is changed.
fn assert_refused(desk: &Desk, file: &str, code: i32, error: &str) {
    // A pipe would be waited for.
    let bytes = || desk.path(file).is_file().then(|| fs::read(desk.path(file)).unwrap());
    let before = (desk.rows(), files_in(&desk.data()), left(desk), bytes());
    for way in ["--yes", "--dry-run"] {
        assert_eq!(desk.line(&format!("restore {file} {way}")), ran(code, "", error), "{file}");
    }
    assert_eq!((desk.rows(), files_in(&desk.data()), left(desk), bytes()), before, "{file}");
}

#[test]
fn what_is_no_file() {
    let desk = desk();
    assert_refused(&desk, "lost.db", 4, "Error: There is no file lost.db\nNothing was changed. Check the path.\n");
    assert_refused(&desk, "no/where.db", 4, "Error: There is no file no/where.db\nNothing was changed. Check the path.\n");
    fs::create_dir(desk.path("copies")).unwrap();
    assert_refused(&desk, "copies", 4, "Error: copies is a directory, not a file\nNothing was changed. Give the path of a backup.\n");
    rustix::fs::mknodat(rustix::fs::CWD, desk.path("pipe"), rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
    assert_refused(&desk, "pipe", 4, "Error: pipe is not a file\nNothing was changed. Give the path of a backup.\n");
    let standard_input = "Error: A backup is read more than once, and cannot come from standard input\n\
        Nothing was changed. Give the path of a file.\n";
    assert_refused(&desk, "-", 2, standard_input);
}

#[test]
fn what_is_no_database_of_ours() {
    let desk = desk();
    let other = "Nothing was changed. Give the path of a backup that frontdesk made.\n";
    fs::write(desk.path("empty"), "").unwrap();
    assert_refused(&desk, "empty", 7, &format!("Error: The database empty is empty\n{other}"));
    fs::write(desk.path("people.csv"), "first_name,last_name\n".repeat(500)).unwrap();
    assert_refused(&desk, "people.csv", 7, &format!("Error: people.csv is not a database\n{other}"));
    Connection::open(desk.path("recipes.db")).unwrap().execute_batch("CREATE TABLE recipes (name TEXT)").unwrap();
    assert_refused(&desk, "recipes.db", 7, &format!("Error: The database recipes.db belongs to another program\n{other}"));
    // Nor is the desk a backup of itself, by whichever path.
    for path in [".local/share/frontdesk/register.db", "link.db"] {
        if path == "link.db" {
            std::os::unix::fs::symlink(desk.database(), desk.path(path)).unwrap();
        }
        let itself = format!("Error: The file {path} is this desk’s database itself\nNothing was changed. Give the path of a backup.\n");
        assert_refused(&desk, path, 2, &itself);
    }
}

#[test]
fn what_was_damaged() {
    let desk = desk();
    let whole = fs::read(desk.path("copy.db")).unwrap();
    let damaged = "Error: The database cut.db is damaged\nNothing was changed. Go back to a copy of the database from before the damage.\n";
    for length in [20_000, whole.len() / 2, whole.len() - 16_384] {
        fs::write(desk.path("cut.db"), &whole[..length]).unwrap();
        assert_refused(&desk, "cut.db", 7, damaged);
    }
    for (sql, what) in [
        (
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'sort_key, email, id', 'email, sort_key, id') \
             WHERE name = 'users_live_order'",
            "damaged: row 1 missing from index users_live_order",
        ),
        ("DROP INDEX users_live_order", "damaged: it has lost index users_live_order"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM users", "damaged: rows of emails refer to nothing in users"),
        ("DELETE FROM stamp", "damaged: it holds a value that frontdesk never writes"),
    ] {
        fs::write(desk.path("wrong.db"), &whole).unwrap();
        Connection::open(desk.path("wrong.db")).unwrap().execute_batch(sql).unwrap();
        let told = format!(
            "Error: The database wrong.db is {what}\nNothing was changed. Go back to a copy of the database from before the damage.\n"
        );
        assert_refused(&desk, "wrong.db", 7, &told);
    }
}

#[test]
fn what_is_of_another_version_service_or_environment() {
    let desk = desk();
    let known: i64 = desk.open().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    let copied = |name: &str, sql: &str| {
        fs::copy(desk.path("copy.db"), desk.path(name)).unwrap();
        Connection::open(desk.path(name)).unwrap().execute_batch(sql).unwrap();
    };
    copied("newer.db", "PRAGMA user_version = 99");
    let newer = format!(
        "Error: The database newer.db was made by a newer version of frontdesk: its schema is 99, and this version knows {known}\n\
         Nothing was changed. Install the newer version.\n"
    );
    assert_refused(&desk, "newer.db", 7, &newer);
    copied("claim.db", "UPDATE stamp SET value = 'claim' WHERE key = 'service'");
    let claim = "Error: The database claim.db holds the service claim, not register\n\
        Nothing was changed. Give --service claim, or name the other service’s database.\n";
    assert_refused(&desk, "claim.db", 7, claim);
    copied("staging.db", "UPDATE service_settings SET value = 'staging' WHERE key = 'environment'");
    let staging = "Error: The backup is of the environment staging, and this desk is production\n\
        Nothing was changed. If it should become staging: frontdesk service set environment staging\n";
    assert_refused(&desk, "staging.db", 7, staging);
    // Where there is no desk, what is wanted says what it has to be.
    fs::remove_file(desk.database()).unwrap();
    assert_eq!(desk.line("restore claim.db --yes"), ran(7, "", claim));
    desk.configure("[services.register]\nenvironment = \"staging\"\n");
    let told = desk.line("restore copy.db --yes");
    assert!(
        told.code == 7 && told.err.contains("says that this database is staging, and the database says that it is production"),
        "{told:?}"
    );
    assert_eq!(files_in(&desk.data()), [desk.emails()]);
}

#[test]
fn a_database_that_somebody_works_in() {
    let desk = desk();
    let open = Connection::open(desk.path("copy.db")).unwrap();
    open.execute_batch("PRAGMA journal_mode = WAL; UPDATE users SET last_name = 'Unfinished'").unwrap();
    let told = "Error: Somebody works in the database copy.db: changes to it are in copy.db-wal\n\
        Nothing was changed. Make a backup of it, and restore that: frontdesk --database copy.db backup FILE\n";
    assert_refused(&desk, "copy.db", 7, told);
}

#[test]
fn a_file_or_a_desk_of_somebody_else() {
    let desk = desk();
    set_mode(&desk.path("copy.db"), 0o600);
    let by_somebody_else = |arguments: &[&str]| desk.read(&as_somebody_else(&desk, arguments).output().unwrap());
    fs::create_dir(desk.path("theirs")).unwrap();
    set_mode(&desk.path("theirs"), 0o777);
    let unreadable = "Error: The file copy.db cannot be read\nNothing was changed. Check that you may read it.\n";
    assert_eq!(by_somebody_else(&["--database", "theirs/desk.db", "restore", "copy.db", "--yes"]), ran(7, "", unreadable));
    set_mode(&desk.path("copy.db"), 0o444);
    fs::copy(desk.path("copy.db"), desk.path("theirs/desk.db")).unwrap();
    let read_only = by_somebody_else(&["--database", "theirs/desk.db", "restore", "copy.db", "--yes"]);
    let told = "Error: The database theirs/desk.db cannot be written: it is read-only for you\n\
        Nothing was changed. Ask the owner of the file for the right to write it and its directory.\n";
    assert_eq!((read_only, files_in(&desk.path("theirs")).len()), (ran(7, "", told), 1));
    // A backup that may only be read is enough.
    fs::remove_file(desk.path("theirs/desk.db")).unwrap();
    assert_eq!(by_somebody_else(&["--database", "theirs/desk.db", "restore", "copy.db", "--yes"]).code, 0);
    assert_eq!(files_in(&desk.path("theirs")), [desk.path("theirs/desk.db")]);
}

#[test]
fn a_restoration_that_nobody_has_confirmed_or_may_make() {
    let desk = desk();
    let (before, files) = (desk.rows(), files_in(&desk.data()));
    let confirm = "Error: Restoring a desk must be confirmed. To restore it, add --yes\n\
        Nothing was changed. To see what would happen, add --dry-run.\n";
    assert_eq!(desk.line("restore copy.db"), ran(2, "", confirm));
    assert_eq!(desk.line("restore copy.db --yes --environment staging").code, 6);
    assert_eq!(desk.line("restore copy.db --yes --as lost@education.gov.uk").code, 6);
    assert_eq!((desk.rows(), files_in(&desk.data())), (before, files.clone()));

    desk.open().execute("UPDATE emails SET claimed_until = 1765462380001, claimed_by = 'a run'", []).unwrap();
    let delivering = "Error: Emails of this desk are being delivered at this moment\n\
        Nothing was restored. Run the command again when they are sent, or in a few minutes.\n";
    assert_refused(&desk, "copy.db", 7, delivering);
    desk.open().execute("UPDATE emails SET claimed_until = NULL, claimed_by = NULL", []).unwrap();

    desk.done(&["service", "set", "protected", "yes"]);
    let refused = desk.line("restore copy.db --yes");
    assert!(refused.code == 6 && refused.err.starts_with("Error: This service is protected"), "{refused:?}");
    assert_eq!(desk.line("restore copy.db --dry-run"), refused);
    assert_eq!((desk.line("users list").code, files_in(&desk.data())), (0, files));
    assert_eq!(desk.line("restore copy.db --yes --environment production").code, 0);
    // Where there is no desk any more, the backup says so.
    desk.done(&["service", "set", "protected", "yes"]);
    assert_eq!(desk.line("backup protected.db").code, 0);
    fs::remove_file(desk.database()).unwrap();
    assert_eq!(desk.line("restore protected.db --yes"), refused);
    assert_eq!(desk.line("restore protected.db --yes --environment production").code, 0);
}

#[test]
fn what_another_program_has_put_into_a_backup() {
    let desk = desk_with_backup();
    let before = desk.rows();
    let backup = Connection::open(desk.path("copy.db")).unwrap();
    backup.execute_batch("CREATE TRIGGER theirs AFTER INSERT ON activity BEGIN UPDATE users SET last_name = 'X'; END").unwrap();
    drop(backup);
    let told = "Error: Another program has put something into the database copy.db: trigger theirs\n\
        Nothing was changed. Take it out again in a copy of the file, and give that.\n";
    for how in ["--yes", "--dry-run"] {
        assert_eq!(desk.line(&format!("restore copy.db {how}")), ran(7, "", told), "{how}");
    }
    assert_eq!(desk.rows(), before);
}
