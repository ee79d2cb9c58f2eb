//! Every command that changes something, and what it may leave when a fault meets it: the desk as it was, or
//! what the command makes of it, whole, and nothing in between.
//!
//! Each is first let run to its end. Its clock and its ids are fixed, so every other run of it has these two
//! states to choose from, and only how far its emails have got is its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::desk::Desk;

/// Where the ids of every such command begin: after those of all that came before it.
const IDS: &str = "1000000";
/// The service whose desk has everything.
const SERVICE: &str = "publish";
/// So many lines are in a file to import.
const LINES: usize = 60;

/// A command that a fault meets.
pub struct Case {
    /// What happens at the desk before it.
    pub prepare: fn(&Desk),
    pub line: &'static str,
    /// Databases that it writes beside the desk.
    pub files: &'static [&'static str],
    /// What has to be true besides once it is done, given the desk's rows from before it.
    pub once_done: fn(&Desk, &[String]),
}

impl Case {
    pub const fn of(line: &'static str) -> Self {
        Self { prepare: |_| (), line, files: &[], once_done: |_, _| () }
    }

    /// What it is called: its words before the first argument.
    fn name(&self) -> String {
        let words = self.line.split(' ').skip_while(|word| word.starts_with("--as") || word.contains('@'));
        words
            .take_while(|word| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') && !word.starts_with('-'))
            .take(2)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Every command that changes a desk, wherever it is kept.
pub const EVERYWHERE: [Case; 25] = [
    Case::of("users add --first-name Cat --last-name Cole --email cat@education.gov.uk"),
    Case::of("users edit bob@education.gov.uk --first-name Rob --email rob@education.gov.uk"),
    Case::of("users delete bob@education.gov.uk --yes"),
    Case::of("users import people.csv --yes"),
    Case::of("org add --code DELTA --name Delta"),
    Case::of("org edit BETA --name Better"),
    Case::of("org delete GAMMA --yes"),
    Case::of("org import organisations.csv --yes"),
    Case::of("org import-users members.csv --yes"),
    Case::of("org add-user ALPHA --first-name Dan --last-name Dean --email dan@example.com"),
    Case::of("org edit-user ALPHA zoe@example.com --last-name Stone --email zoe.stone@example.com"),
    Case::of("org remove-user ALPHA zoe@example.com --yes"),
    Case::of("sign-in record --email zoe@example.com --id Z-1"),
    Case::of("sign-in record --email ann@education.gov.uk --id A-1 --first-name Anna"),
    Case::of("service set page-size 30"),
    Case::of("emails send"),
    Case::of("emails cancel EMAIL"),
    Case::of("emails resend eve@example.com"),
    Case::of("emails retry EMAIL"),
    Case::of("--as ann@education.gov.uk api-clients add --name Import --expires-on 2026-01-31"),
    Case::of("--as ann@education.gov.uk api-clients edit CLIENT --name Other"),
    Case::of("--as ann@education.gov.uk api-clients revoke CLIENT --yes"),
    Case::of("--as ann@education.gov.uk api-clients delete CLIENT --yes"),
    Case { files: &["new.db"], ..Case::of("move new.db --yes") },
    Case { prepare: |desk| desk.kept.make_older(), ..Case::of("migrate") },
];

/// A command, the desk as it is before, and what the command makes of it.
pub struct Change<'case> {
    pub case: &'case Case,
    pub name: String,
    arguments: Vec<String>,
    original: Mutex<Desk>,
    before: Vec<String>,
    rows_before: Vec<String>,
    after: Vec<String>,
    /// The emails as they are written to files, by name.
    letters: BTreeMap<String, Vec<u8>>,
    /// How long it takes.
    pub life: Duration,
}

/// A desk with something of every kind, whose emails all still wait.
pub fn full_desk() -> Desk {
    let desk = Desk::of(SERVICE);
    desk.configure("delivery = \"later\"\n");
    for (code, name) in [("ALPHA", "Alpha School"), ("BETA", "Beta School"), ("GAMMA", "Gamma School")] {
        desk.add_organisation(code, name);
    }
    desk.add_member("ALPHA", "Zoë", "Young", "zoe@example.com");
    desk.add_member("ALPHA", "Eve", "Ends", "eve@example.com");
    desk.add_member("BETA", "Ned", "North", "ned@example.com");
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.add("Bob", "Baker", "bob@education.gov.uk");
    desk.done(&["--as", "ann@education.gov.uk", "api-clients", "add", "--name", "Export", "--expires-on", "2026-01-31"]);
    desk
}

/// A desk in a copy of this one's database, whose emails are written to files at once, with the files that
/// the commands name.
fn copy(original: &Desk) -> Desk {
    let desk = Desk::kept_as(Some(SERVICE), |data| original.kept.copy(data));
    let lines = |line: fn(usize) -> String| (0..LINES).map(line).collect::<String>();
    let people = lines(|number| format!("Pat {number},Parker,pat{number}@education.gov.uk\n"));
    fs::write(desk.path("people.csv"), format!("first_name,last_name,email\n{people}")).unwrap();
    let organisations = lines(|number| format!("O{number},School {number}\n"));
    fs::write(desk.path("organisations.csv"), format!("code,name\n{organisations}")).unwrap();
    let members = lines(|number| format!("BETA,Max {number},Moor,max{number}@example.com\n"));
    fs::write(desk.path("members.csv"), format!("organisation_code,first_name,last_name,email\n{members}")).unwrap();
    if original.path("copy.db").exists() {
        fs::copy(original.path("copy.db"), desk.path("copy.db")).unwrap();
    }
    desk
}

/// Everything that is kept, but how far the emails have got: whoever claimed, tried or sent one.
fn state(desk: &Desk, case: &Case) -> Vec<String> {
    let mut state: Vec<String> = desk.rows().into_iter().filter(|row| !row.starts_with("emails: ")).map(without_token).collect();
    state.extend(desk.kept.texts(
        "SELECT 'email ' || id || notice || coalesce(user_id, organisation_user_id) || coalesce(organisation_id, '') || to_address || to_name \
         || created_at || CASE status WHEN 'sent' THEN 'queued' ELSE status END FROM emails ORDER BY id",
    ));
    state.extend(desk.kept.schema());
    for name in case.files {
        state.extend(rows_of_file(&desk.path(name)).into_iter().map(without_token).map(|row| format!("{name} {row}")));
    }
    state
}

/// Tokens are made of random bytes: of the row that has one, what stands before it and what stands last.
fn without_token(row: String) -> String {
    if !row.starts_with("api_clients: ") {
        return row;
    }
    let parts: Vec<&str> = row.split(',').collect();
    [&parts[..2], &parts[parts.len() - 6..]].concat().join(",")
}

/// Every row of a SQLite file; none where there is no file, or an empty one.
pub fn rows_of_file(path: &Path) -> Vec<String> {
    if !path.exists() {
        return Vec::new();
    }
    let database = rusqlite::Connection::open(path).unwrap();
    let text = |sql: &str| database.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(text("PRAGMA integrity_check"), "ok", "{}", path.display());
    let mut names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut rows = Vec::new();
    for name in names {
        let mut query = database.prepare(&format!("SELECT * FROM {name} ORDER BY 1")).unwrap();
        let columns = query.column_count();
        let read = query.query_map([], |row| {
            let values: Vec<rusqlite::types::Value> = (0..columns).map(|column| row.get(column)).collect::<Result<_, _>>()?;
            Ok(format!("{name}: {values:?}"))
        });
        rows.extend(read.unwrap().map(Result::unwrap));
    }
    rows
}

fn letters(desk: &Desk) -> BTreeMap<String, Vec<u8>> {
    let files = desk.email_files().into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "eml"));
    files.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap())).collect()
}

impl<'case> Change<'case> {
    pub fn new(case: &'case Case, full: &Desk) -> Self {
        let original = Desk::kept_as(Some(SERVICE), |data| full.kept.copy(data));
        original.configure("delivery = \"later\"\n");
        let email = original.kept.texts("SELECT max(id) FROM emails").remove(0);
        let client = original.kept.texts("SELECT id FROM api_clients").remove(0);
        (case.prepare)(&original);
        let arguments = case.line.split(' ').map(|word| match word {
            "EMAIL" => email.clone(),
            "CLIENT" => client.clone(),
            _ => word.to_owned(),
        });
        let mut change = Self {
            case,
            name: case.name(),
            arguments: arguments.collect(),
            original: Mutex::new(original),
            before: Vec::new(),
            rows_before: Vec::new(),
            after: Vec::new(),
            letters: BTreeMap::new(),
            life: Duration::ZERO,
        };
        let desk = change.desk();
        change.before = state(&desk, case);
        change.rows_before = desk.rows();
        let begun = Instant::now();
        let ran = desk.read(&change.command_behind(&[], &desk).output().unwrap());
        change.life = begun.elapsed();
        assert_eq!(ran.code, 0, "{}: {ran:?}", case.line);
        change.after = state(&desk, case);
        change.letters = letters(&desk);
        (case.once_done)(&desk, &change.rows_before);
        change
    }

    /// A desk to make the change at.
    pub fn desk(&self) -> Desk {
        copy(&self.original.lock().unwrap())
    }

    /// The command, behind another program.
    pub fn command_behind(&self, program: &[&str], desk: &Desk) -> Command {
        let mut command = desk.command_behind(program, &self.arguments);
        command.env("FRONTDESK_TEST_IDS", IDS).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Whether the change is there, all of it; if not, nothing of it is. `told` says what happened to it.
    pub fn is_done(&self, desk: &Desk, told: &str) -> bool {
        let line = self.case.line;
        desk.kept.assert_sound();
        let state = state(desk, self.case);
        let is_done = state == self.after;
        let difference = || {
            let beside = |one: &[String], other: &[String]| one.iter().filter(|row| !other.contains(row)).cloned().collect::<Vec<_>>();
            [beside(&state, &self.before), beside(&self.before, &state), beside(&state, &self.after), beside(&self.after, &state)]
        };
        assert!(is_done || state == self.before, "{line}: neither as before nor done: {told} {:#?}", difference());
        if is_done {
            (self.case.once_done)(desk, &self.rows_before);
        }
        // Whatever counts as sent is in its file, and each file is whole.
        let letters = letters(desk);
        for id in desk.kept.texts("SELECT id FROM emails WHERE status = 'sent'") {
            assert!(letters.contains_key(&id), "{line}: {id} was never sent: {told}");
        }
        for (id, bytes) in &letters {
            assert!(self.letters.get(id) == Some(bytes), "{line}: {id} is {}: {told}", String::from_utf8_lossy(bytes));
        }
        is_done
    }
}
