//! `frontdesk doctor`: what it finds right, every damage that it must find, and that it changes nothing.

use std::fs;
use std::path::PathBuf;

use crate::damaged_records::desk;
use crate::desk::{Desk, Ran, files_in, ran};
use crate::json_answers::{DOCTOR, every_answer_has_its_shape};
use crate::outside::set_mode;
use crate::postfix::{PASSWORD, Postfix, free_ports};
use crate::scripted_smtp::{Act, Greeting, Scripted};
use crate::terminal::Setting;

const ANN: &str = "ann@education.gov.uk";

/// What every healthy desk is told after its database.
const FILES: &str = "OK: The database is on a disk of this machine
OK: Only its owner may read and write the database
OK: Only its owner may use the directory of the database
";
const NO_SECRETS: &str = "OK: No file of the configuration holds a secret\n";
const NO_MAIL_SERVER: &str = "Note: No mail server is configured: emails are written to files\n";

fn write(desk: &Desk, sql: &str) {
    desk.open().execute_batch(sql).unwrap();
}

/// The lines that are not as they should be, and their hints.
fn found(ran: &Ran) -> String {
    let is_right = |line: &&str| line.starts_with("OK: ") || line.starts_with("Note: ");
    let told = ran.out.split_once("\n\n").unwrap().0;
    told.lines().filter(|line| !is_right(line)).map(|line| format!("{line}\n")).collect()
}

/// The message of the check with this name.
fn message(desk: &Desk, arguments: &[&str], name: &str) -> String {
    let ran = desk.run(&[&["doctor", "--json"], arguments].concat());
    let answer: serde_json::Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    let check = answer["checks"].as_array().unwrap().iter().find(|check| check["name"] == name).unwrap();
    format!("{}: {}", check["status"].as_str().unwrap(), check["message"].as_str().unwrap())
}

#[test]
fn a_healthy_desk_is_told_every_check_and_nothing_is_changed() {
    let desk = desk();
    let before = (fs::read(desk.database()).unwrap(), files_in(&desk.data()));
    let version = rusqlite::version();
    let expected = format!(
        "OK: The database ~/.local/share/frontdesk/register.db opens, with SQLite {version}
OK: The schema is 6, which is this version’s
OK: The pages and indexes of the file are sound
OK: Every row that refers to another one finds it
OK: Every table and index is there
OK: The service is Register of training providers (register), in production
OK: The settings of the service are right
OK: Names are ordered by this version’s collation (root/tertiary/icu4x-2.4.0)
OK: No email waits to be sent
OK: No email was refused
OK: 1 user: none damaged
OK: 1 organisation: none damaged
OK: 1 organisation user: none damaged
OK: 1 membership: none damaged
OK: 2 emails: none damaged
OK: 3 entries of the activity: none damaged
OK: 0 API clients: none damaged
{FILES}{NO_SECRETS}{NO_MAIL_SERVER}
No problem was found.
"
    );
    assert_eq!(desk.line("doctor"), ran(0, &expected, ""));
    assert_eq!((fs::read(desk.database()).unwrap(), files_in(&desk.data())), before);
}

#[test]
fn whatever_the_desk_has_been_through_no_record_of_its_own_is_damaged() {
    let desk = desk();
    desk.add("Zoë", "O’Brien", "zoe@education.gov.uk");
    fs::write(desk.path("people.csv"), "first_name,last_name,email,api_user\nCat,Cole,cat@education.gov.uk,no\n").unwrap();
    fs::write(desk.path("members.csv"), "organisation_code,first_name,last_name,email\nALPHA,Di,Day,di@example.com\n").unwrap();
    fs::write(desk.path("organisations.csv"), "code,name\nBETA,École\n").unwrap();
    for line in [
        "users import people.csv --yes",
        "org import organisations.csv --yes",
        "org import-users members.csv --yes",
        "users edit zoe@education.gov.uk --email zo@education.gov.uk --api-user yes",
        "users delete cat@education.gov.uk --yes",
        "org edit-user ALPHA bob@example.com --email bo@example.com --first-name Bo",
        "org add-user BETA --first-name Bo --last-name Baker --email bo@example.com",
        "org remove-user BETA bo@example.com --yes",
        "org delete BETA --yes",
        // Whoever is removed from their last organisation still has an account, which ends when its address
        // gets another one.
        "org remove-user ALPHA di@example.com --yes",
        "org remove-user ALPHA bo@example.com --yes",
        "org add-user ALPHA --first-name Bea --last-name Baker --email bo@example.com",
        "sign-in record --email bo@example.com --id B1 --last-name Barker",
        "emails resend bo@example.com",
        "service set name Desk",
        "service set environment staging",
    ] {
        assert_eq!(desk.line(line).code, 0, "{line}");
    }
    let ran = desk.line("doctor");
    assert_eq!((ran.code, found(&ran).as_str()), (0, ""), "{ran:?}");
}

/// Asserts that this is all that is found after another program has run this SQL.
fn assert_found(desk: &Desk, whole: &[u8], sql: &str, code: i32, expected: &str) {
    write(desk, sql);
    let ran = desk.line("doctor");
    assert_eq!((ran.code, found(&ran).as_str()), (code, expected), "{sql}: {ran:?}");
    fs::write(desk.database(), whole).unwrap();
}

#[test]
fn damage_to_the_file_its_tables_and_its_settings_is_told() {
    let desk = desk();
    let whole = fs::read(desk.database()).unwrap();
    let go_back = "  Go back to a copy of the database from before the damage.\n";
    for (sql, code, expected) in [
        (
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'sort_key, email, id', 'email, sort_key, id') \
             WHERE name = 'users_live_order'",
            7,
            format!(
                "Problem: SQLite finds the file damaged in 1 place\n{go_back}Problem: SQLite: row 1 missing from index users_live_order\n"
            ),
        ),
        (
            "PRAGMA foreign_keys = OFF; DELETE FROM memberships; UPDATE emails SET organisation_id = 'lost' WHERE organisation_id IS NOT NULL; \
             DELETE FROM activity WHERE subject_kind = 'organisation_user'; DELETE FROM emails WHERE user_id IS NULL; \
             DELETE FROM organisation_users; UPDATE emails SET organisation_id = 'lost'",
            7,
            format!("Problem: In the table emails, 1 row refer to nothing in organisations\n{go_back}"),
        ),
        ("DROP INDEX users_live_order", 7, format!("Problem: The database has lost index users_live_order\n{go_back}")),
        (
            "CREATE TABLE notes (text TEXT); CREATE TRIGGER spy AFTER INSERT ON users BEGIN SELECT 1; END",
            0,
            "Warning: Another program has put something into the database: table notes and trigger spy\n  \
             Take it out again, unless you know what it is for.\n"
                .to_owned(),
        ),
        (
            "UPDATE service_settings SET value = '0' WHERE key = 'page-size'; DELETE FROM service_settings WHERE key = 'protected'",
            7,
            "Problem: The setting page-size of the service has the value ‘0’, which frontdesk never writes\n  \
             Set it: frontdesk service set page-size VALUE\n\
             Problem: The setting protected of the service is missing\n  Set it: frontdesk service set protected VALUE\n"
                .to_owned(),
        ),
        (
            "UPDATE stamp SET value = 'other/1' WHERE key = 'collation'",
            7,
            "Problem: Names are ordered by another version of the collation (other/1) than this version’s\n  \
             Use the version of frontdesk that made the database.\n"
                .to_owned(),
        ),
    ] {
        assert_found(&desk, &whole, sql, code, &expected);
    }
}

#[test]
fn the_outbox_is_told_with_its_oldest_email_and_the_servers_that_fail() {
    let desk = Desk::new();
    let [port] = free_ports();
    desk.configure(&format!("[smtp]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n"));
    desk.add("Ann", "Abel", ANN);
    desk.add("Bea", "Baker", "bea@education.gov.uk");
    assert_eq!(message(&desk, &[], "outbox"), "note: 2 emails wait to be sent, the oldest since 2025-12-11T14:13:00Z");
    let server =
        format!("warning: The mail server 127.0.0.1:{port} failed 1 time in a row, and is tried again after 2025-12-11T14:14:00Z: ");
    let told = message(&desk, &[], "failing_mail_server");
    assert!(told.starts_with(&server), "{told}");
    desk.at("2025-12-11T15:13:00Z");
    let mut expected =
        "Warning: 2 emails wait to be sent, the oldest since 2025-12-11T14:13:00Z\n  Send them: frontdesk emails send\n".to_owned();
    let ran = desk.line("doctor");
    assert!(found(&ran).starts_with(&expected), "{ran:?}");
    write(&desk, "UPDATE emails SET status = 'refused'; DELETE FROM failing_mail_servers");
    expected = "Warning: 2 emails were refused by the mail server\n  See why: frontdesk emails list --status refused\n".to_owned();
    let ran = desk.line("doctor");
    assert_eq!((ran.code, found(&ran)), (0, expected));
    assert!(ran.out.ends_with("\n\nNo problem was found, and 1 warning.\n"), "{ran:?}");
}

#[test]
fn files_that_others_may_use_are_told() {
    let desk = desk();
    let (database, directory) = (desk.database(), desk.data());
    set_mode(&database, 0o640);
    set_mode(&directory, 0o750);
    let path = "~/.local/share/frontdesk";
    let read = format!(
        "Problem: Others than its owner may read {path}/register.db (mode 0640)\n  Close it to them: chmod 600 {path}/register.db\n"
    );
    let look = format!("Warning: Others than its owner may look into {path} (mode 0750)\n  Close it to them: chmod 700 {path}\n");
    let ran = desk.line("doctor");
    assert_eq!((ran.code, found(&ran).replace('\'', "")), (7, format!("{read}{look}")));
    set_mode(&database, 0o600);
    set_mode(&directory, 0o777);
    // While somebody has the file open, what SQLite keeps beside it is there too; an empty log it closes itself.
    let open = desk.open();
    open.execute_batch("PRAGMA journal_mode = WAL; UPDATE users SET revision = revision + 1").unwrap();
    set_mode(&desk.data().join("register.db-wal"), 0o606);
    let wal = format!(
        "Problem: Others than its owner may write {path}/register.db-wal (mode 0606)\n  Close it to them: chmod 600 {path}/register.db-wal\n"
    );
    let put = format!(
        "Problem: Others than its owner may put files into {path} and take them away (mode 0777)\n  Close it to them: chmod 700 {path}\n"
    );
    let ran = desk.line("doctor");
    assert_eq!((ran.code, found(&ran).replace('\'', "")), (7, format!("{wal}{put}")));
    assert!(ran.out.ends_with("\n\nFound: 2 problems.\n"), "{ran:?}");
}

#[test]
fn files_with_a_secret_that_others_may_read_are_told() {
    let desk = Desk::new();
    let smtp = "[smtp]\nhost = \"127.0.0.1\"\nsecurity = \"none\"\nusername = \"desk\"\n";
    desk.configure(&format!("{smtp}password_file = \"~/secret\"\n"));
    fs::write(desk.path("secret"), "hunter2\n").unwrap();
    set_mode(&desk.path("secret"), 0o604);
    assert_eq!(message(&desk, &[], "configuration"), "problem: Others than its owner may read ~/secret (mode 0604)");
    set_mode(&desk.path("secret"), 0o600);
    let kept = "ok: Only their owner may read the files of the configuration that hold secrets";
    assert_eq!(message(&desk, &[], "configuration"), kept);
    desk.configure(&format!("{smtp}password_command = \"echo hunter2\"\n"));
    let file = desk.path(".config/frontdesk/config.toml");
    set_mode(&file, 0o644);
    let told = message(&desk, &[], "configuration");
    assert_eq!(told, "problem: Others than its owner may read ~/.config/frontdesk/config.toml (mode 0644)");
    set_mode(&file, 0o600);
    assert_eq!(message(&desk, &[], "configuration"), kept);
}

#[test]
fn a_database_that_cannot_be_opened_is_one_problem_and_the_other_checks_are_made() {
    let desk = desk();
    let whole = fs::read(desk.database()).unwrap();
    let path = "~/.local/share/frontdesk/register.db";
    let rest = format!("{FILES}{NO_SECRETS}{NO_MAIL_SERVER}\nFound: 1 problem.\n");
    for (make, expected) in [
        (
            "PRAGMA user_version = 99",
            format!(
                "Problem: The database {path} was made by a newer version of frontdesk: its schema is 99, and this version knows 6\n  \
                 Install the newer version.\n"
            ),
        ),
        (
            "PRAGMA application_id = 1",
            format!("Problem: The database {path} belongs to another program\n  Give the path of a frontdesk database with --database.\n"),
        ),
    ] {
        write(&desk, make);
        assert_eq!(desk.line("doctor"), ran(7, &format!("{expected}{rest}"), ""), "{make}");
        fs::write(desk.database(), &whole).unwrap();
    }
    fs::write(desk.database(), "nothing of the kind\n".repeat(50)).unwrap();
    let expected = format!(
        "Problem: {path} is not a database\n  If it should be one, go back to a copy of it; otherwise give another path with --database.\n"
    );
    assert_eq!(desk.line("doctor"), ran(7, &format!("{expected}{rest}"), ""));
    fs::remove_file(desk.database()).unwrap();
    let expected = format!(
        "Problem: There is no database at {path}\n  Check the path; the first change that you make there creates the database.\n\
         OK: The database is on a disk of this machine\n{NO_SECRETS}{NO_MAIL_SERVER}\nFound: 1 problem.\n"
    );
    let named = desk.database();
    assert_eq!(desk.run(&["doctor", "--database", named.to_str().unwrap()]), ran(7, &expected, ""));
    let expected = format!(
        "Note: There is no database at {path} yet: the first change makes it\n\
         OK: The database is on a disk of this machine\n{NO_SECRETS}{NO_MAIL_SERVER}\nNo problem was found.\n"
    );
    assert_eq!(desk.line("doctor"), ran(0, &expected, ""));
    assert_eq!(files_in(&desk.data()), [desk.emails()]);
}

#[test]
fn an_older_or_empty_database_is_told_and_not_brought_up_to_date() {
    let desk = desk();
    write(&desk, "PRAGMA user_version = 5");
    let before = (fs::read(desk.database()).unwrap(), files_in(&desk.data()));
    let told = desk.line("doctor");
    let expected = "Problem: The database is of an older version of frontdesk: its schema is 5, and this version needs 6\n  \
        Bring it up to date with: frontdesk migrate\n\
        Warning: The service, the outbox and the records were not looked at: the tables are those of an older version\n  \
        Bring it up to date with: frontdesk migrate\n";
    assert_eq!((told.code, found(&told).as_str()), (7, expected), "{told:?}");
    assert!(told.out.contains("OK: The pages and indexes of the file are sound\n"), "{told:?}");
    assert_eq!((fs::read(desk.database()).unwrap(), files_in(&desk.data())), before);

    fs::write(desk.database(), "").unwrap();
    let told = desk.line("doctor");
    assert!(told.code == 0 && told.out.contains("Note: The database is empty: the first change makes its tables\n"), "{told:?}");
    assert_eq!(fs::read(desk.database()).unwrap().len(), 0);
}

#[test]
fn a_database_that_another_program_keeps_to_itself_is_told() {
    let desk = desk();
    let other = desk.open();
    other.execute_batch("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE").unwrap();
    let told = desk.line("doctor");
    let busy = "Problem: The database ~/.local/share/frontdesk/register.db is busy: another program has been writing to it for 5 seconds\n  \
        Try again; if it stays busy, find the program that has the file open.\n";
    assert_eq!(told, ran(7, &format!("{busy}{FILES}{NO_SECRETS}{NO_MAIL_SERVER}\nFound: 1 problem.\n"), ""));
}

#[test]
fn another_service_or_environment_than_is_meant_is_told_and_its_records_are_left_alone() {
    let desk = desk();
    let not_looked = "Warning: The outbox and the records were not looked at: they may be those of another service\n  \
        Mend what is wrong with the service first.\n";
    let database = desk.database();
    let told = desk.run(&["doctor", "--service", "claim", "--database", database.to_str().unwrap()]);
    let other = "Problem: The database holds the service register, not claim\n  \
        Give --service register, or name the other service’s database.\n";
    assert_eq!((told.code, found(&told)), (7, format!("{other}{not_looked}")), "{told:?}");

    desk.configure("[services.register]\nenvironment = \"staging\"\n");
    let told = desk.line("doctor");
    let other = "Problem: The configuration says that this database is staging, and the database says that it is production\n  \
        Correct ‘environment’ or ‘database’ of this service in the configuration file.\n";
    assert_eq!((told.code, found(&told)), (7, format!("{other}{not_looked}")), "{told:?}");

    write(&desk, "UPDATE stamp SET value = 'lost' WHERE key = 'service'");
    let told = found(&desk.line("doctor"));
    assert!(told.contains("Problem: The database says that it is of the service ‘lost’, which frontdesk does not know\n"), "{told}");
}

#[test]
fn only_those_who_administer_the_service_may_look() {
    let desk = desk();
    desk.done(&["users", "add", "--first-name=Api", "--last-name=User", "--email=api@education.gov.uk", "--api-user=yes"]);
    assert_eq!(desk.line(&format!("doctor --as {ANN}")).code, 0);
    for (actor, message) in [
        ("api@education.gov.uk", "You do not have permission to perform this action"),
        ("bob@example.com", "You do not have permission to perform this action"),
        ("lost@education.gov.uk", "no user of this service has that email address"),
    ] {
        let refused = desk.line(&format!("doctor --as {actor}"));
        assert_eq!((refused.code, refused.out.as_str()), (6, ""), "{refused:?}");
        assert!(refused.err.contains(message), "{actor}: {refused:?}");
    }
}

#[test]
fn on_a_narrow_terminal_every_line_is_words_and_fits() {
    let desk = desk();
    set_mode(&desk.data(), 0o755);
    let mut terminal = Setting::at(&desk).columns(40).run(&["--accessible", "doctor"]);
    terminal.wait_in_order(&[
        "OK: Every row that refers to another one finds it",
        "Warning: Others than its owner may look into",
        "1 warning.",
    ]);
    assert_eq!(terminal.finish(), 0);
    let text = String::from_utf8(terminal.bytes.clone()).unwrap();
    assert!(!text.contains('\u{1B}'), "{text:?}");
    let home = desk.path("");
    let is_path = |line: &str| line.contains(home.to_str().unwrap());
    assert!(text.lines().all(|line| line.trim_end().chars().count() <= 40 || is_path(line)), "{text}");
}

// The mail server

/// The configuration for this port of Postfix.
fn smtp(server: &Postfix, port: u16, security: &str) -> String {
    let authority = server.authority();
    format!(
        "[smtp]\nhost = \"localhost\"\nport = {port}\nsecurity = \"{security}\"\nca_file = \"{}\"\ntimeout = 20\n\
         username = \"desk\"\npassword_file = \"~/secret\"\n",
        authority.display()
    )
}

#[test]
fn a_real_mail_server_is_greeted_and_logged_in_to_and_gets_no_email() {
    let Some(server) = Postfix::start() else { return };
    let desk = desk();
    let secret: PathBuf = desk.path("secret");
    fs::write(&secret, format!("{PASSWORD}\n")).unwrap();
    set_mode(&secret, 0o600);
    for (port, security) in [(server.starttls, "starttls"), (server.tls, "tls")] {
        desk.configure(&smtp(&server, port, security));
        let name = format!("The mail server localhost:{port}");
        assert_eq!(message(&desk, &[], "mail_server"), format!("note: {name} is configured, and was not tried: to try it, add --smtp"));
        assert_eq!(message(&desk, &["--smtp"], "mail_server"), format!("ok: {name} answers, and takes the username and password"));
    }
    fs::write(&secret, "not-the-password\n").unwrap();
    let told = desk.line("doctor --smtp");
    let problem = format!(
        "Problem: The mail server localhost:{} did not accept the username and password: 535\n  \
         Check ‘username’ and the password of [smtp] in the configuration file.\n",
        server.tls
    );
    assert_eq!((told.code, found(&told)), (7, problem), "{told:?}");
    fs::remove_file(&secret).unwrap();
    let told = found(&desk.line("doctor --smtp"));
    assert!(told.contains("the password file ~/secret cannot be read: "), "{told}");
    // The only email that ever came is the one that is sent now.
    fs::write(&secret, format!("{PASSWORD}\n")).unwrap();
    desk.done(&["emails", "test", "bob@example.com"]);
    assert_eq!(server.mail(1).len(), 1);
}

#[test]
fn a_mail_server_is_taken_leave_of_and_one_that_does_not_answer_is_told() {
    let desk = desk();
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    let configure = |port| desk.configure(&format!("[smtp]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\ntimeout = 1\n"));
    configure(server.port);
    assert_eq!(message(&desk, &["--smtp"], "mail_server"), format!("ok: The mail server 127.0.0.1:{} answers", server.port));
    assert_eq!(server.seen(|seen| (seen.connections, seen.offered, seen.goodbyes)), (1, 0, 1));
    let silent = Scripted::start(Greeting::Silence, |_| Act::Take);
    configure(silent.port);
    let told = message(&desk, &["--smtp"], "mail_server");
    assert_eq!(told, format!("problem: The mail server 127.0.0.1:{} did not answer within 1 second", silent.port));
    let [port] = free_ports();
    configure(port);
    let told = message(&desk, &["--smtp"], "mail_server");
    assert_eq!(told, format!("problem: The mail server 127.0.0.1:{port} does not answer: the connection was refused"));
    assert_eq!(desk.count("SELECT count(*) FROM failing_mail_servers"), 0);
}

#[test]
fn its_answers_have_their_keys() {
    every_answer_has_its_shape(DOCTOR);
}
