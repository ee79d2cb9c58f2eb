//! Backups that are taken, and a desk that is restored, while eight processes write: for two seconds, or for as
//! many as `FRONTDESK_LOAD_SECONDS` says. Everything comes to an end, what is restored is sound, and no change
//! that was reported is lost. The clock and the ids are the real ones.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::desk::Desk;
use crate::invariants::assert_whole;
use crate::kept::Kept;
use crate::load;

const WRITERS: usize = 8;
/// So much is done, however slow it is.
const LEAST_TURNS: usize = 3;

/// Where commands for threads run, each at the real time and with ids of its own.
struct Home(PathBuf);

impl Home {
    fn of(desk: &Desk) -> Self {
        desk.configure("delivery = \"later\"\n");
        desk.add("Zoe", "Zed", "zoe@education.gov.uk");
        Self(desk.path(""))
    }

    fn run(&self, line: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
        command.env_clear().env("HOME", &self.0).current_dir(&self.0).stdin(Stdio::null()).args(line.split(' '));
        command.output().unwrap()
    }

    fn done(&self, line: &str) -> String {
        let output = self.run(line);
        assert!(output.status.success(), "{line}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn add(&self, writer: usize, turn: usize) -> String {
        let email = format!("writer{writer}.{turn}@education.gov.uk");
        self.done(&format!("users add --first-name Ann --last-name Abel --api-user no --format ids --email {email}")).trim_end().to_owned()
    }

    /// The users of a database, each by their id, and once more with their last name.
    fn users(&self, database: &str) -> BTreeSet<String> {
        let users = self.done(&format!("--database {database} users list --format csv --fields id,last_name"));
        let users = users.lines().skip(1).map(|line| line.split_once(',').unwrap());
        users.flat_map(|(id, last_name)| [id.to_owned(), format!("{id} {last_name}")]).collect()
    }
}

/// The changes that were reported so far.
#[derive(Default)]
struct Reported(Mutex<BTreeSet<String>>);

impl Reported {
    fn add(&self, change: String) {
        self.0.lock().unwrap().insert(change);
    }

    fn so_far(&self) -> BTreeSet<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Lets the writers end, whatever becomes of what is done meanwhile.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Runs eight writers, one turn of each after another, for as long as something else is done.
fn while_eight_write(write: impl Fn(usize, usize) + Sync, meanwhile: impl FnOnce()) {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (write, is_over) = (&write, &is_over);
            scope.spawn(move || {
                (0..).take_while(|turn| *turn < LEAST_TURNS || !is_over.load(Ordering::SeqCst)).for_each(|turn| write(writer, turn))
            });
        }
        let _over = Over(&is_over);
        meanwhile();
    });
}

fn length() -> Duration {
    std::env::var_os("FRONTDESK_LOAD_SECONDS").map_or(Duration::from_secs(2), |_| load::length())
}

#[test]
fn a_backup_taken_while_eight_write_restores_to_a_sound_desk_with_every_change_reported_before() {
    let desk = Desk::new();
    let (home, reported) = (Home::of(&desk), Reported::default());
    let (mut slowest, mut backups) = (Duration::ZERO, Vec::new());
    let write = |writer, turn| {
        let id = home.add(writer, turn);
        reported.add(id.clone());
        home.done(&format!("users edit {id} --last-name Baker --quiet --format ids"));
        reported.add(format!("{id} Baker"));
    };
    while_eight_write(write, || {
        let begun = Instant::now();
        while backups.len() < LEAST_TURNS || begun.elapsed() < length() {
            let (before, asked) = (reported.so_far(), Instant::now());
            home.done(&format!("backup copy{}.db", backups.len()));
            slowest = slowest.max(asked.elapsed());
            backups.push(before);
        }
    });
    let last = backups.len() - 1;
    for (number, before) in backups.iter().enumerate() {
        let missing = before - &home.users(&format!("copy{number}.db"));
        assert_eq!(missing, BTreeSet::new(), "copy{number}.db");
        if number == last || number < LEAST_TURNS {
            let restored = format!("restored/desk{number}.db");
            home.done(&format!("--database {restored} restore copy{number}.db --yes"));
            home.done(&format!("--database {restored} doctor"));
            assert_eq!(home.users(&restored), home.users(&format!("copy{number}.db")));
            assert_whole(&Kept::at(desk.path(&restored)));
        }
    }
    assert_whole(&desk.kept);
    let changes = reported.so_far().len();
    println!("{} backups beside {changes} changes, the slowest in {} ms", backups.len(), slowest.as_millis());
}

#[test]
fn a_desk_restored_while_eight_write_loses_no_change_that_was_reported() {
    let desk = Desk::new();
    let (home, reported) = (Home::of(&desk), Reported::default());
    home.done("backup copy.db");
    let mut kept = Vec::new();
    while_eight_write(
        |writer, turn| reported.add(home.add(writer, turn)),
        || {
            let begun = Instant::now();
            while kept.len() < LEAST_TURNS || begun.elapsed() < length() {
                let answer: serde_json::Value = serde_json::from_str(&home.done("restore copy.db --yes --json")).unwrap();
                kept.push(answer["kept"].as_str().unwrap().to_owned());
            }
        },
    );
    let mut users = home.users(desk.database().to_str().unwrap());
    for path in &kept {
        assert_whole(&Kept::at(path.into()));
        users.extend(home.users(path));
    }
    assert_eq!(&reported.so_far() - &users, BTreeSet::new());
    assert_whole(&desk.kept);
    home.done("doctor");
    println!("{} restorations beside {} changes", kept.len(), reported.so_far().len());
}
