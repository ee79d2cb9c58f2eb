//! What the roles of the README may and may not do, and what a command says whose role lacks a right.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use postgres::error::SqlState;
use postgres::{Client, Config, NoTls};

use crate::desk::{Desk, Ran, files_in, ran};
use crate::fresh::Fresh;
use crate::journeys::{LIST, NEXT_STEP};
use crate::page::roles_and_grants;
use crate::postfix::free_ports;
use crate::scripted_smtp::{Act, Greeting, Scripted};
use crate::server::{has_programs, wait_for};
use crate::terminal::{ENTER, ESCAPE, Setting};

/// A desk whose database has the roles and the grants of the README, and somebody without any.
struct Team {
    desk: Desk,
}

impl Team {
    fn new() -> Self {
        let [roles, grants] = roles_and_grants();
        let desk = Desk::new();
        static MADE: OnceLock<()> = OnceLock::new();
        MADE.get_or_init(|| desk.kept.execute(&format!("{roles} CREATE ROLE dee LOGIN;")));
        let name = name_of(&desk.kept.address());
        desk.kept.execute(&grants.replace("ON DATABASE desk ", &format!("ON DATABASE {name} ")));
        Self { desk }
    }

    /// The address of the database for somebody.
    fn address(&self, who: &str) -> String {
        self.desk.kept.address().replace("://desk@", &format!("://{who}@"))
    }

    /// Runs a command line, split into words as a shell would, as somebody.
    fn line(&self, who: &str, line: &str) -> Ran {
        let words = shlex::split(line).unwrap();
        // An import takes more ids than a run has for itself, and nothing here asks what they are.
        let mut command = self.desk.command(&words);
        let address = self.address(who);
        let ran = self.desk.read(&command.env("FRONTDESK_DATABASE", &address).env_remove("FRONTDESK_TEST_IDS").output().unwrap());
        named(ran, &address)
    }

    /// Runs a command line that must succeed as somebody, and gives its standard output.
    fn done(&self, who: &str, line: &str) -> String {
        let ran = self.line(who, line);
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        ran.out.trim_end().to_owned()
    }

    /// A connection of somebody.
    fn connect(&self, who: &str) -> Client {
        self.address(who).parse::<Config>().unwrap().connect(NoTls).unwrap()
    }
}

/// What was told, with the address of the database, which is another in every run, by its name.
fn named(ran: Ran, address: &str) -> Ran {
    Ran { code: ran.code, out: ran.out.replace(address, "DATABASE"), err: ran.err.replace(address, "DATABASE") }
}

/// Every kind of change, in an order in which each has something to change.
const CHANGES: [&str; 23] = [
    "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no",
    "users edit ann@education.gov.uk --first-name Anne",
    "emails resend ann@education.gov.uk",
    "sign-in record --email ann@education.gov.uk --id 1",
    "users edit ann@education.gov.uk --api-user yes",
    "users import people.csv --yes",
    "users delete ann@education.gov.uk --yes",
    "org add --code C1 --name 'Coast College'",
    "org edit C1 --name 'Coast Academy'",
    "org import organisations.csv --yes",
    "org add-user C1 --first-name Jo --last-name Reed --email jo@example.com",
    "org edit-user C1 jo@example.com --last-name Read",
    "org add-user O1 --first-name Jo --last-name Reed --email jo@example.com",
    "org import-users members.csv --yes",
    "sign-in record --email jo@example.com --id 2",
    "org remove-user C1 jo@example.com --yes",
    "org add --code C2 --name 'Castle Academy'",
    "org delete C2 --yes",
    "service set page-size 30",
    "service set edit-organisation-users always",
    "emails send",
    "users add --first-name Zed --last-name Abel --email zed@education.gov.uk --api-user yes --if-not-exists",
    "--as zed@education.gov.uk api-clients add --name Import --expires-on 2026-01-31",
];

fn write_imports(desk: &Desk) {
    let rows = |header: &str, row: fn(u32) -> String| (1..=120).fold(format!("{header}\n"), |text, number| text + &row(number) + "\n");
    let write = |name: &str, text: String| fs::write(desk.path(name), text).unwrap();
    write("people.csv", rows("first_name,last_name,email,api_user", |number| format!("P{number},Abel,p{number}@education.gov.uk,no")));
    write("organisations.csv", rows("code,name", |number| format!("O{number},Organisation {number}")));
    write("members.csv", rows("organisation_code,first_name,last_name,email", |number| format!("O{number},M,Abel,m{number}@example.com")));
}

#[test]
fn a_writer_makes_every_change() {
    if !has_programs() {
        return;
    }
    let team = Team::new();
    write_imports(&team.desk);
    for line in CHANGES {
        team.done("ann", line);
    }
    let counts = ["users", "organisations", "organisation_users", "memberships"].map(|table| {
        let live = if table == "memberships" { "ended_at" } else { "deleted_at" };
        team.desk.count(&format!("SELECT count(*) FROM {table} WHERE {live} IS NULL"))
    });
    assert_eq!(counts, [121, 121, 121, 121]);

    // Emails that wait, are cancelled, and whose mail server is down: that is remembered, and forgotten.
    team.desk.configure("delivery = \"later\"\n");
    team.done("bo", "users add --first-name Bea --last-name Abel --email bea@education.gov.uk --api-user no");
    let queued = team.done("bo", "emails list --status queued --format ids");
    team.done("bo", &format!("emails cancel {queued}"));
    team.done("bo", "emails resend bea@education.gov.uk");
    let [nobody] = free_ports();
    let configure = |port| team.desk.configure(&format!("[smtp]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n"));
    configure(nobody);
    assert_eq!(team.line("bo", "emails send").code, 7);
    let failing = || team.desk.kept.texts("SELECT key FROM failing_mail_servers");
    assert_eq!(failing(), [format!("127.0.0.1:{nobody}")]);
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    team.desk.kept.execute(&format!("UPDATE failing_mail_servers SET key = '127.0.0.1:{}', next_attempt_at = 0", server.port));
    configure(server.port);
    team.desk.at("2025-12-12T14:13:00Z");
    team.done("bo", "emails send");
    assert_eq!((failing().len(), server.seen(|seen| seen.taken.len())), (0, 1));
}

#[test]
fn a_writer_neither_makes_nor_drops_tables_nor_changes_what_was_recorded() {
    if !has_programs() {
        return;
    }
    let team = Team::new();
    team.desk.add("Ann", "Abel", "ann@education.gov.uk");
    let before = (team.desk.rows(), team.desk.kept.schema());
    let mut writer = team.connect("ann");
    for sql in [
        "CREATE TABLE mine (name TEXT)",
        "DROP TABLE users",
        "ALTER TABLE users ADD COLUMN mine TEXT",
        "CREATE INDEX mine ON users (first_name)",
        "TRUNCATE activity",
        "UPDATE activity SET changes = '[]'",
        "DELETE FROM activity",
        "DELETE FROM users",
        "DELETE FROM emails",
        "DELETE FROM service_settings",
        "UPDATE email_templates SET text = ''",
        "UPDATE stamp SET value = '1'",
        "INSERT INTO stamp (key, value) VALUES ('mine', '1')",
        "DELETE FROM stamp",
        "CREATE SCHEMA mine",
    ] {
        let error = writer.batch_execute(sql).unwrap_err();
        assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{sql}: {error:?}");
    }
    assert_eq!((team.desk.rows(), team.desk.kept.schema()), before);
}

#[test]
fn a_reader_sees_what_a_writer_sees() {
    if !has_programs() {
        return;
    }
    let team = Team::new();
    write_imports(&team.desk);
    for line in CHANGES {
        team.done("ann", line);
    }
    let email = team.done("ann", "emails list --per-page 1 --format ids");
    for line in [
        "users list --page 2",
        "users list --search 'p11' --format json",
        "users show p7@education.gov.uk",
        "users exists p7@education.gov.uk",
        "users export",
        "org list --all",
        "org show C1",
        "org users O1",
        "org show-user O1 jo@example.com",
        "org has-user C1 jo@example.com",
        "org export-users",
        "emails list",
        &format!("emails show {email}"),
        "activity list --all",
        "service show",
        "api-clients list",
        "sign-in check --email jo@example.com",
        "whoami --json",
        "--as zed@education.gov.uk whoami --json",
        "users show nobody@education.gov.uk",
        "migrate",
    ] {
        assert_eq!(team.line("cy", line), team.line("ann", line), "{line}");
    }
    let examined = team.line("cy", "doctor");
    assert_eq!((examined.code, examined.err.as_str()), (0, ""), "{examined:?}");
    assert!(examined.out.contains("\nNote: The role cy may read and not change anything\n"), "{examined:?}");
    let examined = team.line("ann", "doctor");
    let rights = "\nOK: The role ann may read and change every table\nOK: The role ann may make the temporary tables that imports need\n";
    assert!(examined.code == 0 && examined.out.contains(rights), "{examined:?}");
}

#[test]
fn a_reader_is_answered_to_a_token_though_its_use_cannot_be_recorded() {
    if !has_programs() {
        return;
    }
    let team = Team::new();
    team.desk.add("Ann", "Abel", "ann@education.gov.uk");
    let add = "--as ann@education.gov.uk api-clients add --name Import --expires-on 2026-01-31 --json";
    let added: serde_json::Value = serde_json::from_str(&team.done("ann", add)).unwrap();
    let token = added["api_client"]["token"].as_str().unwrap();
    let check = |who: &str| {
        let mut command = team.desk.command(&["api-clients", "check", "--format", "ids"]);
        command.env("FRONTDESK_DATABASE", team.address(who)).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(token.as_bytes()).unwrap();
        team.desk.read(&child.wait_with_output().unwrap())
    };
    let answer = ran(0, &format!("{}\n", added["api_client"]["id"].as_str().unwrap()), "");
    let used = || team.desk.count("SELECT count(*) FROM api_clients WHERE last_used_at IS NOT NULL");
    assert_eq!((check("cy"), used()), (answer.clone(), 0));
    assert_eq!((check("bo"), used()), (answer, 1));
}

#[test]
fn a_reader_completes_by_tab() {
    if !has_programs() {
        return;
    }
    let team = Team::new();
    team.desk.add("Alan", "Abel", "alan@education.gov.uk");
    team.desk.add("Alice", "Adams", "alice@education.gov.uk");
    team.desk.add_organisation("ALPHA", "Alpha School");
    let offered = |who: &str, word: &str| team.line(who, &format!("__complete fish 3 -- frontdesk {word}"));
    for who in ["ann", "cy"] {
        assert_eq!(offered(who, "users show ali"), ran(0, "alice@education.gov.uk\tAlice Adams\n", ""), "{who}");
        assert_eq!(offered(who, "org show AL"), ran(0, "ALPHA\tAlpha School\n", ""), "{who}");
    }
    assert_eq!(offered("dee", "users show ali"), ran(0, "", ""));
}

#[test]
fn a_reader_who_changes_something_is_told_what_right_is_missing() {
    if !has_programs() {
        return;
    }
    let team = Team::new();
    write_imports(&team.desk);
    for line in &CHANGES[..12] {
        team.done("ann", line);
    }
    let before = (team.desk.rows(), files_in(&team.desk.emails()));
    let told = "Error: Your role may look at the database DATABASE and not change it: it lacks UPDATE on the table turns\n\
         Nothing was changed. Ask its owner for the right: the README has the grants of a role that changes and of one that only looks.\n";
    for line in CHANGES {
        assert_eq!(team.line("cy", line), ran(7, "", told), "{line}");
    }
    assert_eq!(team.line("cy", "users delete p1@education.gov.uk --dry-run"), ran(7, "", told));
    let object = team.line("cy", "users delete p1@education.gov.uk --yes --json");
    let object: serde_json::Value = serde_json::from_str(&object.err).unwrap();
    assert_eq!((&object["error"]["code"], &object["exit"]), (&"unavailable".into(), &7.into()), "{object}");
    assert_eq!((team.desk.rows(), files_in(&team.desk.emails())), before);
}

#[test]
fn a_role_without_a_right_sees_nothing_and_sets_nothing_up() {
    if !has_programs() {
        return;
    }
    let team = Team::new();
    let before = team.desk.rows();
    let told = |said: &str| {
        ran(
            7,
            "",
            &format!(
                "Error: Your role may not do this in the database DATABASE: permission denied for {said}\n\
                 Nothing was changed. Ask its owner for the right: the README has the grants of a role that changes and of one that \
                 only looks.\n"
            ),
        )
    };
    let name = name_of(&team.desk.kept.address());
    assert_eq!(team.line("dee", "users list"), told(&format!("database \"{name}\"")));
    team.desk.kept.execute(&format!("GRANT CONNECT ON DATABASE {name} TO dee"));
    for line in ["users list", "users export", "service set page-size 30", CHANGES[0]] {
        assert_eq!(team.line("dee", line), told("table stamp"), "{line}");
    }
    let only_the_owner = |said: &str| {
        let hint = "Nothing was changed. Its owner sets it up with: frontdesk --database postgresql://OWNER@HOST/DATABASE migrate\n";
        ran(7, "", &format!("Error: Your role may not do this in the database DATABASE: permission denied for {said}\n{hint}"))
    };
    assert_eq!(team.line("dee", "migrate"), only_the_owner("table stamp"));
    let examined = team.line("dee", "doctor");
    assert!(examined.code == 7 && examined.out.starts_with("Problem: Your role may not do this in the database"), "{examined:?}");
    assert_eq!(team.desk.rows(), before);
    // Where no tables are, nobody but the owner makes them.
    team.desk.kept.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO dee");
    assert_eq!(team.line("dee", "migrate"), only_the_owner("schema public"));
    team.desk.kept.execute("REVOKE USAGE ON SCHEMA public FROM dee");
    let none = "Error: The database DATABASE has no schema that your role may use: no schema has been selected to create in\n\
        Nothing was changed. Check the search_path, and ask its owner for USAGE on the schema.\n";
    assert_eq!(team.line("dee", "migrate"), ran(7, "", none));
}

/// A database that nobody has set up, and a desk to look at it from.
struct Bare {
    fresh: Fresh,
    desk: Desk,
}

impl Bare {
    fn new() -> Self {
        Self { fresh: Fresh::of("nothing", |_| ()), desk: Desk::new() }
    }

    /// The same at a database of its own with another encoding.
    fn address_of_encoding(&self, encoding: &str) -> String {
        let name = format!("{}_of_{}", name_of(&self.fresh.address()), encoding.to_lowercase());
        self.fresh
            .connect()
            .batch_execute(&format!(
                "CREATE DATABASE {name} OWNER desk TEMPLATE template0 ENCODING {encoding} LOCALE 'C' LOCALE_PROVIDER libc"
            ))
            .unwrap();
        self.fresh.address().replace(&name_of(&self.fresh.address()), &name)
    }

    fn execute(&self, sql: &str) {
        self.fresh.connect().batch_execute(sql).unwrap();
    }

    fn tables(&self) -> i64 {
        self.fresh.connect().query_one("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", &[]).unwrap().get(0)
    }

    fn command(&self, address: &str, arguments: &[&str]) -> Command {
        let mut command = self.desk.command(arguments);
        command.env("FRONTDESK_DATABASE", address);
        command
    }

    fn run_at(&self, address: &str, arguments: &[&str]) -> Ran {
        let ran = self.desk.read(&self.command(address, arguments).output().unwrap());
        named(ran, address)
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_at(&self.fresh.address(), arguments)
    }
}

/// The name of the database in an address.
fn name_of(address: &str) -> String {
    address.split(['/', '?']).nth(3).unwrap().to_owned()
}

const LOOK: [&str; 2] = ["users", "list"];
const CHANGE: [&str; 4] = ["service", "set", "page-size", "30"];

fn assert_refused(bare: &Bare, message: &str, advice: &str) {
    for command in [&LOOK[..], &CHANGE, &["users", "export"], &["emails", "send"]] {
        let told = ran(7, "", &format!("Error: {message}\nNothing was changed. {advice}\n"));
        assert_eq!(bare.run(command), told, "{command:?}");
    }
}

#[test]
fn a_database_without_tables_or_with_those_of_another_version() {
    if !has_programs() {
        return;
    }
    let bare = Bare::new();
    assert_refused(
        &bare,
        "The database DATABASE is not set up: frontdesk has no tables in it",
        "Its owner sets it up with: frontdesk --database postgresql://OWNER@HOST/DATABASE migrate",
    );
    assert_eq!(bare.tables(), 0);
    assert_eq!(bare.run(&["migrate"]), ran(0, "", "Success: Database set up with schema 6\n"));
    assert_eq!(bare.run(&LOOK), ran(0, "There are no users.\n", ""));

    bare.execute("UPDATE stamp SET value = '5' WHERE key = 'schema'");
    assert_refused(
        &bare,
        "The database DATABASE is of an older version of frontdesk: its schema is 5, and this version needs 6",
        "Its owner brings it up to date with: frontdesk --database postgresql://OWNER@HOST/DATABASE migrate",
    );
    bare.execute("UPDATE stamp SET value = '7' WHERE key = 'schema'");
    let newer = "The database DATABASE was made by a newer version of frontdesk: its schema is 7, and this version knows 6";
    assert_refused(&bare, newer, "Install the newer version.");
    assert_eq!(bare.run(&["migrate"]), ran(7, "", &format!("Error: {newer}\nNothing was changed. Install the newer version.\n")));

    // What the newest migration makes is made by `migrate` and by nothing else.
    bare.execute("DROP TABLE api_clients, turns; UPDATE stamp SET value = '5' WHERE key = 'schema'");
    assert_eq!((bare.run(&["api-clients", "list"]).code, bare.tables()), (7, 10));
    assert_eq!(bare.run(&["migrate"]), ran(0, "", "Success: Database brought from schema 5 to 6\n"));
    assert_eq!(bare.run(&["api-clients", "list"]), ran(0, "There are no API clients.\n", ""));

    bare.execute("UPDATE stamp SET value = 'mine' WHERE key = 'schema'");
    let another = "The database DATABASE belongs to another program";
    let advice = "Give the address of a frontdesk database with --database.";
    assert_refused(&bare, another, advice);
    assert_eq!(bare.run(&["migrate"]), ran(7, "", &format!("Error: {another}\nNothing was changed. {advice}\n")));
}

#[test]
fn tables_of_another_program_are_told_as_that() {
    if !has_programs() {
        return;
    }
    let bare = Bare::new();
    bare.execute("CREATE TABLE users (name TEXT)");
    let told = "Error: The database DATABASE holds something of another program: relation \"users\" already exists\n\
        Nothing was changed. Give the desk a database of its own, made with createdb.\n";
    assert_eq!(bare.run(&["migrate"]), ran(7, "", told));
    assert_eq!(bare.tables(), 1);
}

#[test]
fn without_the_row_that_writers_take_turns_by_nothing_is_written() {
    if !has_programs() {
        return;
    }
    let bare = Bare::new();
    assert_eq!(bare.run(&["migrate"]).code, 0);
    bare.execute("DELETE FROM turns");
    let told = "Error: The database DATABASE is damaged: it holds a value that frontdesk never writes\n\
        Nothing was changed. Go back to a copy of the database from before the damage.\n";
    assert_eq!(bare.run(&CHANGE), ran(7, "", told));
    assert_eq!(bare.run(&LOOK), ran(0, "There are no users.\n", ""));
}

#[test]
fn two_who_migrate_at_once_make_the_tables_once() {
    if !has_programs() {
        return;
    }
    let bare = Bare::new();
    // Both have begun, and wait for whoever has the lock, before either goes on.
    let mut holder = bare.fresh.connect();
    holder.batch_execute("SELECT pg_advisory_lock(1717859179)").unwrap();
    let start = || {
        let mut command = bare.command(&bare.fresh.address(), &["migrate"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let both = [start(), start()];
    let waiting = "SELECT count(*) FROM pg_locks JOIN pg_database AS own ON own.oid = database \
        WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted";
    wait_for("both to wait", || bare.fresh.connect().query_one(waiting, &[]).unwrap().get::<_, i64>(0) == 2);
    holder.batch_execute("SELECT pg_advisory_unlock(1717859179)").unwrap();
    let mut ended = both.map(|process| bare.desk.read(&process.wait_with_output().unwrap()));
    ended.sort_by(|one, other| other.err.cmp(&one.err));
    let second = "The database has schema 6 already. Nothing was changed.\n";
    assert_eq!(ended, [ran(0, "", second), ran(0, "", "Success: Database set up with schema 6\n")]);
    assert_eq!(bare.tables(), 12);
    assert_eq!(bare.run(&LOOK), ran(0, "There are no users.\n", ""));
}

#[test]
fn the_tables_of_another_service_are_left_to_it() {
    if !has_programs() {
        return;
    }
    let bare = Bare::new();
    assert_eq!(bare.run(&["migrate"]).code, 0);
    let other = "Error: The database DATABASE holds the service register, not claim\n\
        Nothing was changed. Give --service register, or name the other service’s database.\n";
    // As an older version left them.
    bare.execute("UPDATE stamp SET value = '4' WHERE key = 'schema'; CREATE TABLE as_they_were AS TABLE stamp");
    assert_eq!(bare.run(&["--service", "claim", "migrate"]), ran(7, "", other));
    bare.execute("DO $$ BEGIN ASSERT NOT EXISTS (TABLE stamp EXCEPT TABLE as_they_were); END $$");
    // What another program, or a newer version, made is told as that, whatever service it holds.
    bare.execute("UPDATE stamp SET value = '7' WHERE key = 'schema'");
    assert!(bare.run(&["--service", "claim", "migrate"]).err.contains("was made by a newer version"));
    bare.execute("UPDATE stamp SET value = '6' WHERE key = 'schema'; DROP TABLE as_they_were");
    assert_eq!(bare.run(&["--service", "register", "migrate"]), ran(0, "", "The database has schema 6 already. Nothing was changed.\n"));
}

#[test]
fn a_database_that_cannot_hold_every_name_is_refused() {
    if !has_programs() {
        return;
    }
    let bare = Bare::new();
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let address = bare.address_of_encoding(encoding);
        let told = ran(
            7,
            "",
            &format!(
                "Error: The encoding of the database DATABASE is {encoding}, which cannot hold every name\n\
                 Nothing was changed. Make another one with: createdb --template=template0 --encoding=UTF8\n"
            ),
        );
        assert_eq!(bare.run_at(&address, &["migrate"]), told);
        // Not even where the tables came there in another way.
        let mut client = address.parse::<Config>().unwrap().connect(NoTls).unwrap();
        client.batch_execute("CREATE TABLE stamp (key TEXT, value TEXT); INSERT INTO stamp VALUES ('schema', '6')").unwrap();
        for command in [&LOOK[..], &CHANGE, &["migrate"]] {
            assert_eq!(bare.run_at(&address, command), told, "{command:?}");
        }
        let examined = bare.run_at(&address, &["doctor"]);
        assert!(
            examined.code == 7 && examined.out.contains(&format!("its encoding is {encoding}: it cannot hold every name")),
            "{examined:?}"
        );
    }
}

#[test]
fn at_the_desk_a_reader_is_told_and_goes_on() {
    if !has_programs() {
        return;
    }
    let team = Team::new();
    team.done("ann", "users add --first-name Zoe --last-name Zed --email zoe@education.gov.uk --api-user no --no-email");
    let mut terminal = Setting::at(&team.desk).run(&["--database", &team.address("cy"), "users"]);
    terminal.select(LIST, "Zoe Zed");
    terminal.type_keys(ENTER);
    terminal.choose(NEXT_STEP, "Change: First name");
    terminal.wait_in_order(&["Error: Your role may look at the database", "it lacks UPDATE on the table turns", "Zoe Zed", NEXT_STEP]);
    terminal.choose(NEXT_STEP, "Back to the list");
    terminal.wait_for(LIST);
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}
