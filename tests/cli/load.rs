//! A desk that everybody uses at once: eight processes add, four edit the same ten people and four list,
//! for five seconds, or for as many as `FRONTDESK_LOAD_SECONDS` says. Whatever happens meanwhile, what was
//! reported done is there once, and what was reported failed is not. The clock and the ids are the real ones.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::desk::Desk;
use crate::invariants::assert_whole;

const ADDERS: usize = 8;
const EDITORS: usize = 4;
const LISTERS: usize = 4;
/// The people that are edited.
const PEOPLE: usize = 10;
/// So many who add, or edit, go for the same address, or person, one after another.
const TOGETHER: usize = 4;
/// Each process runs so many commands, however slow they are.
const LEAST_TURNS: usize = 3;

const IN_USE: &str = "Error: There is a problem\n  --email  Email address already in use\n";
/// How a command says that a commit got no answer, and that nobody could tell what became of it.
const IN_DOUBT: &str = "It may or may not have been stored.";

/// How long a load lasts.
pub fn length() -> Duration {
    let seconds = std::env::var("FRONTDESK_LOAD_SECONDS").ok();
    Duration::from_secs(seconds.map_or(5, |seconds| seconds.parse().expect("FRONTDESK_LOAD_SECONDS is a whole number of seconds")))
}

/// What a command said of its change.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fate {
    /// With what it printed.
    Done(String),
    /// The address is somebody else's.
    InUse,
    /// The database could not be reached, and nothing was changed.
    Failed(String),
    /// The database was lost, and nobody knows.
    InDoubt,
}

impl Fate {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        match output.status.code() {
            Some(0) => Self::Done(out.trim_end().to_owned()),
            Some(5) if err == IN_USE => Self::InUse,
            Some(7) if err.contains(IN_DOUBT) => Self::InDoubt,
            Some(7) if err.contains("Nothing was changed.") => Self::Failed(err),
            _ => panic!("{output:?}"),
        }
    }

    fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }
}

struct Add {
    email: String,
    fate: Fate,
}

struct Edit {
    person: usize,
    field: &'static str,
    value: String,
    fate: Fate,
}

/// What one process after another did, and how long the slowest took.
#[derive(Default)]
struct Worked {
    adds: Vec<Add>,
    edits: Vec<Edit>,
    lists: Vec<Fate>,
    slowest: Duration,
}

/// Commands for threads, each at the real time and with ids of its own.
struct Commands {
    variables: Vec<(OsString, OsString)>,
    home: PathBuf,
}

impl Commands {
    fn of(desk: &Desk) -> Self {
        let command = desk.command::<&str>(&[]);
        let own = |name: &OsStr| name == "FRONTDESK_TEST_NOW" || name == "FRONTDESK_TEST_IDS";
        let variables = command.get_envs().filter(|(name, _)| !own(name));
        Self { variables: variables.filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect(), home: desk.path("") }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
        command.env_clear().envs(self.variables.iter().cloned()).current_dir(&self.home).stdin(Stdio::null()).args(arguments);
        command
    }
}

/// A load on a desk.
pub struct Load {
    commands: Commands,
    /// The ids of those who are edited.
    people: Vec<String>,
    begun: Instant,
    length: Duration,
    /// Whoever disturbs it has come to an end.
    is_undisturbed: AtomicBool,
    /// How many changes were reported done so far.
    done: AtomicU64,
    contested: AtomicUsize,
    edited: AtomicUsize,
}

/// Lets a load end, however the disturbance of it does.
struct Undisturbed<'load>(&'load AtomicBool);

impl Drop for Undisturbed<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Load {
    /// Puts a load on a new desk, and something that happens to it meanwhile; then asserts that everything
    /// is as it was reported.
    pub fn put(desk: &Desk, disturb: impl FnOnce(&Self)) -> Figures {
        desk.configure("delivery = \"later\"\n");
        let people = (0..PEOPLE).map(|person| desk.add("First", "Last", &person_address(person))).collect();
        let load = Self {
            commands: Commands::of(desk),
            people,
            begun: Instant::now(),
            length: length(),
            is_undisturbed: AtomicBool::new(false),
            done: AtomicU64::new(0),
            contested: AtomicUsize::new(0),
            edited: AtomicUsize::new(0),
        };
        let [adders, editors, listers] = load.run(disturb);
        let seconds = load.begun.elapsed().as_secs();
        let doubtful_adds = assert_added(desk, &adders.adds);
        let doubtful_edits = assert_edited(desk, &load.people, &editors.edits);
        Figures { seconds, adders, editors, listers, doubtful: [doubtful_adds, doubtful_edits] }
    }

    /// How many changes were reported done so far.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::SeqCst)
    }

    /// Whether there is time left.
    pub fn has_time(&self) -> bool {
        self.begun.elapsed() < self.length
    }

    fn goes_on(&self) -> bool {
        self.has_time() || !self.is_undisturbed.load(Ordering::SeqCst)
    }

    fn run(&self, disturb: impl FnOnce(&Self)) -> [Worked; 3] {
        thread::scope(|scope| {
            let adders: Vec<_> = (0..ADDERS).map(|process| scope.spawn(move || self.add(process))).collect();
            let editors: Vec<_> = (0..EDITORS).map(|_| scope.spawn(|| self.edit())).collect();
            let listers: Vec<_> = (0..LISTERS).map(|_| scope.spawn(|| self.list())).collect();
            {
                let _undisturbed = Undisturbed(&self.is_undisturbed);
                disturb(self);
            }
            [adders, editors, listers].map(|threads| {
                let mut all = Worked::default();
                threads.into_iter().for_each(|thread| all.join(thread.join().unwrap()));
                all
            })
        })
    }

    /// Runs a command; gives what it said of its change.
    fn tell(&self, slowest: &mut Duration, arguments: &[&str]) -> Fate {
        let begun = Instant::now();
        let output = self.commands.command(arguments).output().unwrap();
        *slowest = begun.elapsed().max(*slowest);
        Fate::of(&output)
    }

    fn note(&self, fate: Fate) -> Fate {
        self.done.fetch_add(u64::from(fate.is_done()), Ordering::SeqCst);
        fate
    }

    /// Adds one new address after another; every third is one that others add as well.
    fn add(&self, process: usize) -> Worked {
        let mut worked = Worked::default();
        while worked.adds.len() < LEAST_TURNS || self.goes_on() {
            let turn = worked.adds.len();
            let email = match turn % 3 {
                2 => contested_address(self.contested.fetch_add(1, Ordering::SeqCst) / TOGETHER),
                _ => format!("adder{process}.{turn}@education.gov.uk"),
            };
            let words = ["users", "add", "--first-name=Ann", "--last-name=Abel", "--api-user=no", "--format=ids", "--email", &email];
            let fate = self.note(self.tell(&mut worked.slowest, &words));
            worked.adds.push(Add { email, fate });
        }
        worked
    }

    /// Gives one after another of the people a name that nobody else is given: only the first, or only the
    /// last, so that whoever stores a whole record as it was once takes back what somebody else has done.
    fn edit(&self) -> Worked {
        let mut worked = Worked::default();
        while worked.edits.len() < LEAST_TURNS || self.goes_on() {
            let number = self.edited.fetch_add(1, Ordering::SeqCst);
            let person = number / TOGETHER % PEOPLE;
            let (field, flag) = [("first_name", "--first-name"), ("last_name", "--last-name")][number % 2];
            let value = format!("Name {number}");
            let words = ["users", "edit", &self.people[person], flag, &value, "--format=ids"];
            let fate = self.note(self.tell(&mut worked.slowest, &words));
            assert!(fate != Fate::InUse, "an edit of a name met another address");
            worked.edits.push(Edit { person, field, value, fate });
        }
        worked
    }

    /// Lists everybody, over and over: each list is whole, nobody stands in it twice, and nobody who was
    /// in it is missing from the next.
    fn list(&self) -> Worked {
        let mut worked = Worked::default();
        let mut seen = HashSet::new();
        while worked.lists.len() < LEAST_TURNS || self.goes_on() {
            let fate = self.tell(&mut worked.slowest, &["users", "list", "--json"]);
            if let Fate::Done(out) = &fate {
                let list: Value = serde_json::from_str(out).unwrap();
                let users = list["users"].as_array().unwrap();
                let listed: HashSet<String> = users.iter().map(|user| user["id"].as_str().unwrap().to_owned()).collect();
                assert_eq!((list["total"].as_u64().unwrap(), users.len()), (listed.len() as u64, listed.len()));
                assert!(seen.is_subset(&listed), "lost from the list: {:?}", seen.difference(&listed));
                seen = listed;
            }
            worked.lists.push(match fate {
                Fate::Done(_) => Fate::Done(String::new()),
                other => other,
            });
        }
        worked
    }
}

impl Worked {
    fn join(&mut self, other: Self) {
        self.adds.extend(other.adds);
        self.edits.extend(other.edits);
        self.lists.extend(other.lists);
        self.slowest = self.slowest.max(other.slowest);
    }
}

fn person_address(person: usize) -> String {
    format!("person{person}@education.gov.uk")
}

fn contested_address(number: usize) -> String {
    format!("contested{number}@education.gov.uk")
}

/// Asserts that whoever was reported added is there, once, with their email and their activity, and nobody
/// else. Returns how many are there of whom nobody knew.
fn assert_added(desk: &Desk, adds: &[Add]) -> usize {
    let ids = assert_whole(&desk.kept);
    let users = desk.kept.texts("SELECT email || ' ' || id FROM users");
    let mut users: HashMap<&str, &str> = users.iter().map(|user| user.split_once(' ').unwrap()).collect();
    assert_eq!(users.len(), ids.len(), "nobody has the address of somebody else");
    assert_eq!(desk.count("SELECT count(*) FROM emails WHERE status = 'queued' AND notice = 'invitation'"), to_count(ids.len()));
    assert_eq!(desk.count("SELECT count(*) FROM emails"), to_count(ids.len()));
    assert_eq!(desk.count("SELECT count(*) FROM activity WHERE action = 'user_added'"), to_count(ids.len()));

    let mut by_address: HashMap<&str, Vec<&Fate>> = HashMap::new();
    adds.iter().for_each(|add| by_address.entry(&add.email).or_default().push(&add.fate));
    let mut doubtful = 0;
    for (email, fates) in by_address {
        let there = users.remove(email);
        let ids: Vec<&str> = fates.iter().filter_map(|fate| if let Fate::Done(id) = fate { Some(id.as_str()) } else { None }).collect();
        let is_in_doubt = fates.contains(&&Fate::InDoubt);
        match (&ids[..], there) {
            ([id], Some(there)) => assert_eq!(*id, there, "{email}: {fates:?}"),
            ([], Some(_)) if is_in_doubt => doubtful += 1,
            ([], None) => assert!(!fates.contains(&&Fate::InUse), "{email} was in use and is not there: {fates:?}"),
            _ => panic!("{email} is {there:?}: {fates:?}"),
        }
        assert!(fates.len() > 1 || fates != [&Fate::InUse], "{email} was in the way of itself");
        let settled = fates.iter().all(|fate| matches!(fate, Fate::Done(_) | Fate::InUse));
        assert!(!settled || ids.len() == 1, "nobody was added by {email}: {fates:?}");
    }
    for person in 0..PEOPLE {
        assert!(users.remove(person_address(person).as_str()).is_some());
    }
    assert_eq!(users, HashMap::new(), "these were added by nobody");
    doubtful
}

/// Asserts that every edit that was reported done is in the activity, once, and no other, and that each
/// follows from the one before, up to what the record is now. Returns how many are there of which nobody
/// knew.
fn assert_edited(desk: &Desk, people: &[String], edits: &[Edit]) -> usize {
    let mut edits: HashMap<(usize, String, String), &Fate> =
        edits.iter().map(|edit| ((edit.person, edit.field.to_owned(), edit.value.clone()), &edit.fate)).collect();
    let entries = desk.kept.texts("SELECT subject_id || ' ' || id || ' ' || changes FROM activity WHERE action = 'user_updated'");
    let mut doubtful = 0;
    // From what a field was changed, to what, and when.
    let mut steps: HashMap<(usize, String, String), (String, String)> = HashMap::new();
    let mut revisions = vec![1; people.len()];
    for entry in &entries {
        let [subject, id, changes] = entry.splitn(3, ' ').collect::<Vec<_>>().try_into().unwrap();
        let changes: Vec<HashMap<String, String>> = serde_json::from_str(changes).unwrap();
        let [change] = &changes[..] else { panic!("more than one field: {entry}") };
        let person = people.iter().position(|person| person == subject).unwrap();
        revisions[person] += 1;
        match edits.remove(&(person, change["field"].clone(), change["after"].clone())) {
            Some(Fate::Done(_)) => {}
            Some(Fate::InDoubt) => doubtful += 1,
            other => panic!("{entry}: {other:?}"),
        }
        // The first part of an id is its time, in milliseconds: two changes of one moment have no order.
        let step = (change["after"].clone(), id[..13].to_owned());
        let before = steps.insert((person, change["field"].clone(), change["before"].clone()), step);
        assert_eq!(before, None, "two edits began with what {entry} did");
    }
    let lost: Vec<_> = edits.iter().filter(|(_, fate)| fate.is_done()).collect();
    assert!(lost.is_empty(), "not in the activity: {lost:?}");

    for (person, id) in people.iter().enumerate() {
        let user = &desk.json(&["users", "show", id])["user"];
        assert_eq!(user["revision"], revisions[person]);
        for (field, first) in [("first_name", "First"), ("last_name", "Last")] {
            let (mut value, mut time) = (first.to_owned(), String::new());
            while let Some((after, at)) = steps.remove(&(person, field.to_owned(), value.clone())) {
                assert!(time <= at, "{value} of {id} is younger than {after}, which came after it");
                (value, time) = (after, at);
            }
            assert_eq!(user[field], value, "{id}");
        }
    }
    assert_eq!(steps, HashMap::new(), "these follow from nothing");
    doubtful
}

fn to_count(length: usize) -> i64 {
    i64::try_from(length).unwrap()
}

/// What was done under a load.
pub struct Figures {
    seconds: u64,
    adders: Worked,
    editors: Worked,
    listers: Worked,
    /// How many changes of which nobody knew were stored: of those who add, and of those who edit.
    doubtful: [usize; 2],
}

impl Figures {
    /// Asserts that nobody was shown a failure.
    pub fn assert_none_failed(&self) {
        let failed: Vec<&Fate> =
            self.fates().into_iter().flatten().filter(|fate| matches!(fate, Fate::Failed(_) | Fate::InDoubt)).collect();
        assert!(failed.is_empty(), "{failed:?}");
    }

    fn fates(&self) -> [Vec<&Fate>; 3] {
        [
            self.adders.adds.iter().map(|add| &add.fate).collect(),
            self.editors.edits.iter().map(|edit| &edit.fate).collect(),
            self.listers.lists.iter().collect(),
        ]
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} seconds of {ADDERS} adding, {EDITORS} editing, {LISTERS} listing", self.seconds)?;
        let slowest = [&self.adders, &self.editors, &self.listers].map(|worked| worked.slowest);
        for (number, (what, fates)) in ["adds", "edits", "lists"].into_iter().zip(self.fates()).enumerate() {
            let count = |is_so: fn(&Fate) -> bool| fates.iter().filter(|fate| is_so(fate)).count();
            let done = count(Fate::is_done);
            let in_use = count(|fate| *fate == Fate::InUse);
            let failed = count(|fate| matches!(fate, Fate::Failed(_)));
            let in_doubt = count(|fate| *fate == Fate::InDoubt);
            write!(formatter, "\n  {what}: {done} done, {in_use} refused for their address, {failed} failed, {in_doubt} in doubt")?;
            if let Some(doubtful) = self.doubtful.get(number) {
                write!(formatter, " ({doubtful} of them stored)")?;
            }
            write!(formatter, ", the slowest in {} ms", slowest[number].as_millis())?;
        }
        Ok(())
    }
}

#[test]
fn sixteen_processes_lose_nothing_double_nothing_and_are_shown_no_failure() {
    let desk = Desk::new();
    let figures = Load::put(&desk, |_| ());
    println!("{figures}");
    figures.assert_none_failed();
}
