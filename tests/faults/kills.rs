//! `kill -9` at a random moment of a command that changes something: afterwards the desk is what it was, or
//! what the command makes of it, whole, and nothing in between; whatever it reported done is there.
//!
//! Each command is first let run to its end. Its clock and its ids are fixed, so every other run of it has
//! these two states to choose from, and only how far its emails have got is its own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::desk::Desk;
use crate::how_often::{is_full, seed};
use crate::outside::Numbers;

const THREADS: u64 = 4;
/// Where the ids of every killed command begin: after those of all that came before it.
const IDS: &str = "1000000";
/// The service whose desk has everything.
const SERVICE: &str = "publish";
/// So many lines are in a file to import.
const LINES: usize = 60;

/// A command that is killed.
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

/// What a command is killed at: the desk as it is before, and what it makes of it.
struct Prepared<'case> {
    case: &'case Case,
    name: String,
    arguments: Vec<String>,
    original: Mutex<Desk>,
    before: Vec<String>,
    rows_before: Vec<String>,
    after: Vec<String>,
    /// The emails as they are written to files, by name.
    letters: BTreeMap<String, Vec<u8>>,
    life: Duration,
    tried: AtomicU64,
    done: AtomicU64,
}

/// A desk with something of every kind, whose emails all still wait.
fn full_desk() -> Desk {
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

impl<'case> Prepared<'case> {
    fn new(case: &'case Case, full: &Desk) -> Self {
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
        let mut prepared = Self {
            case,
            name: case.name(),
            arguments: arguments.collect(),
            original: Mutex::new(original),
            before: Vec::new(),
            rows_before: Vec::new(),
            after: Vec::new(),
            letters: BTreeMap::new(),
            life: Duration::ZERO,
            tried: AtomicU64::new(0),
            done: AtomicU64::new(0),
        };
        let desk = copy(&prepared.original.lock().unwrap());
        prepared.before = state(&desk, case);
        prepared.rows_before = desk.rows();
        let begun = Instant::now();
        let ran = desk.read(&prepared.command(&desk).output().unwrap());
        // With as many at once as there are threads it takes longer.
        prepared.life = 2 * begun.elapsed();
        assert_eq!(ran.code, 0, "{}: {ran:?}", case.line);
        prepared.after = state(&desk, case);
        prepared.letters = letters(&desk);
        (case.once_done)(&desk, &prepared.rows_before);
        prepared
    }

    fn command(&self, desk: &Desk) -> Command {
        let mut command = desk.command(&self.arguments);
        command.env("FRONTDESK_TEST_IDS", IDS).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Kills the command at a random moment; gives whether it has left the desk as it was.
    fn kill(&self, desk: &Desk, numbers: &mut Numbers) -> bool {
        let mut child = self.command(desk).spawn().unwrap();
        thread::sleep(Duration::from_micros(numbers.below(u64::try_from(self.life.as_micros()).unwrap())));
        // One that has ended already cannot be killed: what it did must be whole all the same.
        let _ = child.kill();
        let output = child.wait_with_output().unwrap();
        desk.kept.wait_until_left();
        self.check(desk, &output)
    }

    fn check(&self, desk: &Desk, output: &Output) -> bool {
        let line = self.case.line;
        let code = output.status.code();
        assert!(matches!(code, None | Some(0)), "{line}: {output:?}");
        desk.kept.assert_sound();
        let state = state(desk, self.case);
        let is_done = state == self.after;
        let difference = || {
            let beside = |one: &[String], other: &[String]| one.iter().filter(|row| !other.contains(row)).cloned().collect::<Vec<_>>();
            [beside(&state, &self.before), beside(&self.before, &state), beside(&state, &self.after), beside(&self.after, &state)]
        };
        assert!(is_done || state == self.before, "{line}: neither as before nor done: {:#?}", difference());
        let text = String::from_utf8_lossy(&output.stderr);
        let was_reported = code == Some(0) || !output.stdout.is_empty() || text.contains("Success: ");
        assert!(is_done || !was_reported, "{line}: reported done and lost: {output:?}");
        if is_done {
            (self.case.once_done)(desk, &self.rows_before);
        }
        // Whatever counts as sent is in its file, and each file is whole.
        let letters = letters(desk);
        for id in desk.kept.texts("SELECT id FROM emails WHERE status = 'sent'") {
            assert!(letters.contains_key(&id), "{line}: {id} was never sent");
        }
        for (id, bytes) in &letters {
            assert!(self.letters.get(id) == Some(bytes), "{line}: {id} is {}", String::from_utf8_lossy(bytes));
        }
        self.tried.fetch_add(u64::from(code.is_none()), Ordering::Relaxed);
        self.done.fetch_add(u64::from(code.is_none() && is_done), Ordering::Relaxed);
        // A desk that is neither changed nor has sent anything can be tried again, after whatever the killed
        // one has left.
        !is_done && letters.is_empty()
    }
}

/// Kills each of the commands about equally often, in all so many times, or as many as `full` where all of
/// the faults are asked for; prints how often.
pub fn kill_all(cases: &[&Case], quick: u64, full: u64) {
    let kills = if is_full() { full } else { quick };
    let seed = seed();
    let full_desk = full_desk();
    let prepared: Vec<Prepared> = cases.iter().map(|case| Prepared::new(case, &full_desk)).collect();
    let tried = || prepared.iter().map(|prepared| prepared.tried.load(Ordering::Relaxed)).sum::<u64>();
    let (begun, turn) = (Instant::now(), AtomicUsize::new(0));
    thread::scope(|scope| {
        for number in 0..THREADS {
            let (prepared, tried, turn) = (&prepared, &tried, &turn);
            scope.spawn(move || {
                let mut numbers = Numbers::from_seed(seed.wrapping_add(number));
                while tried() < kills {
                    let prepared = &prepared[turn.fetch_add(1, Ordering::Relaxed) % prepared.len()];
                    let desk = copy(&prepared.original.lock().unwrap());
                    // Every other time the next one meets what this one has left.
                    while prepared.kill(&desk, &mut numbers) && numbers.below(2) == 0 {}
                }
            });
        }
    });
    let (tried, done) = (tried(), prepared.iter().map(|prepared| prepared.done.load(Ordering::Relaxed)).sum::<u64>());
    println!(
        "kill -9, seed {seed}: {tried} times, {done} of them after the change was stored; {:.0} a second",
        tried as f64 / begun.elapsed().as_secs_f64()
    );
    for prepared in &prepared {
        let [tried, done] = [&prepared.tried, &prepared.done].map(|number| number.load(Ordering::Relaxed));
        println!("  {}: {tried} times, {done} of them after the change was stored", prepared.name);
        assert!(!is_full() || tried > 0);
    }
}
