//! `kill -9`, or a failing disk, in the middle of `users add`: whatever the moment, a user is stored
//! with the email and the activity or not at all, and nobody who was told “done” is lost.

use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::desk::{Desk, NOW};
use crate::invariants::assert_whole;
use crate::outside::{Numbers, may_trace};

const THREADS: u64 = 4;
/// The signal of `kill -9`.
const KILL: i32 = 9;

/// Every system call by which `users add` changes what is on the disk. A tracer counts each on its
/// own, and does not know those that this machine's processor lacks unless told to forgive it (`?`).
pub const CHANGING_CALLS: [&str; 13] = [
    "?renameat2",
    "?open",
    "openat",
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "ftruncate",
    "?link",
    "linkat",
    "?unlink",
    "?rename",
    "?mkdir",
];

const FRONTDESK: &str = env!("CARGO_BIN_EXE_frontdesk");

fn adder(home: &Path, email: &str) -> Command {
    adding(Command::new(FRONTDESK), home, email)
}

/// Makes a command an adder: at the time of the desk, but with ids of its own, whatever else runs.
fn adding(mut command: Command, home: &Path, email: &str) -> Command {
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", home).env("FRONTDESK_TEST_NOW", NOW).env("FRONTDESK_TEST_ACCOUNT", "tester@desk");
    command.current_dir(home).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.args(["users", "add", "--first-name=Ann", "--last-name=Abel", "--api-user=no", "--format=ids", "--email", email]);
    command
}

/// What came of an adder that may have been killed.
struct Fate {
    killed: bool,
    /// The id that was printed, if it came to that.
    acknowledged: Option<String>,
}

fn fate(output: &Output) -> Fate {
    let killed = output.status.signal() == Some(KILL);
    assert!(killed || output.status.code() == Some(0), "{output:?}");
    let id = String::from_utf8(output.stdout.clone()).unwrap().trim_end().to_owned();
    assert!(killed || !id.is_empty(), "an adder ended well and printed nothing");
    Fate { killed, acknowledged: Some(id).filter(|id| !id.is_empty()) }
}

/// Kills an adder after a while that the numbers choose.
fn kill_somewhere(mut command: Command, longest: Duration, numbers: &mut Numbers) -> Fate {
    let longest = u64::try_from(longest.as_micros()).unwrap();
    let mut child = command.spawn().unwrap();
    thread::sleep(Duration::from_micros(numbers.below(longest)));
    // One that has ended already cannot be killed: it is a fate like the others.
    let _ = child.kill();
    fate(&child.wait_with_output().unwrap())
}

/// How long adders take here, when as many run at once: the quickest of some tries, because the
/// first ones still load the program from the disk.
fn a_life() -> Duration {
    let home = tempfile::tempdir().unwrap();
    let mut number = 0;
    let lives = (0..6).map(|_| {
        let begun = Instant::now();
        let adders: Vec<_> = (0..THREADS)
            .map(|_| {
                number += 1;
                adder(home.path(), &format!("a{number}@education.gov.uk")).spawn().unwrap()
            })
            .collect();
        for child in adders {
            fate(&child.wait_with_output().unwrap());
        }
        begun.elapsed()
    });
    lives.min().unwrap()
}

#[test]
fn two_hundred_kills_leave_no_user_without_email_and_activity_and_lose_none_that_was_acknowledged() {
    const KILLS: u64 = 200;
    let desk = Desk::new();
    let first = desk.add("Zoe", "Zed", "zoe@education.gov.uk");
    let home = desk.path("");
    let longest = a_life();
    let acknowledged: Vec<String> = thread::scope(|scope| {
        let killers: Vec<_> = (0..THREADS)
            .map(|thread| {
                let home = &home;
                scope.spawn(move || {
                    let mut numbers = Numbers::from_seed(thread);
                    let (mut kills, mut acknowledged) = (0, Vec::new());
                    for turn in 0_u64.. {
                        let command = adder(home, &format!("a{thread}.{turn}@education.gov.uk"));
                        let fate = kill_somewhere(command, longest, &mut numbers);
                        kills += u64::from(fate.killed);
                        acknowledged.extend(fate.acknowledged);
                        if kills == KILLS / THREADS {
                            break;
                        }
                    }
                    acknowledged
                })
            })
            .collect();
        killers.into_iter().flat_map(|killer| killer.join().unwrap()).collect()
    });

    let stored = assert_whole(&desk.kept);
    let lost: Vec<&String> = acknowledged.iter().filter(|id| !stored.contains(id)).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    assert!(stored.contains(&first));
    assert_eq!(desk.json(&["users", "list"])["total"], stored.len());
    eprintln!("{KILLS} kills, {} adds acknowledged, {} users stored", acknowledged.len(), stored.len());

    // What a killed adder had claimed is free again after a minute: no email is lost either.
    desk.at("2025-12-11T14:15:00Z").done(&["emails", "send"]);
    assert_eq!(desk.count("SELECT count(*) FROM emails WHERE status = 'sent'"), i64::try_from(stored.len()).unwrap());
    let files = desk.email_files().into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "eml"));
    assert_eq!(files.count(), stored.len());
}

#[test]
fn kills_during_the_very_first_add_leave_no_database_or_a_whole_one() {
    const KILLS: u64 = 60;
    let longest = a_life();
    let created: u64 = thread::scope(|scope| {
        let killers: Vec<_> = (0..THREADS)
            .map(|thread| {
                scope.spawn(move || {
                    let mut numbers = Numbers::from_seed(1000 + thread);
                    let (mut created, mut kills) = (0, 0);
                    while kills < KILLS / THREADS {
                        let desk = Desk::new();
                        let command = adder(&desk.path(""), "ann@education.gov.uk");
                        let fate = kill_somewhere(command, longest, &mut numbers);
                        kills += u64::from(fate.killed);
                        created += u64::from(desk.database().exists());
                        assert_the_desk_goes_on(&desk, fate.acknowledged);
                    }
                    created
                })
            })
            .collect();
        killers.into_iter().map(|killer| killer.join().unwrap()).sum()
    });
    eprintln!("{KILLS} kills, {created} databases made all the same");
}

/// After a first add that may have been killed, the next commands find no fault.
fn assert_the_desk_goes_on(desk: &Desk, acknowledged: Option<String>) {
    let stored = if desk.database().exists() { assert_whole(&desk.kept) } else { Vec::new() };
    assert!(acknowledged.is_none_or(|id| stored.contains(&id)));
    assert_eq!(desk.json(&["users", "list"])["total"], stored.len());
    let next = desk.add("Bea", "Abel", "bea@education.gov.uk");
    let after = assert_whole(&desk.kept);
    assert_eq!(after.len(), stored.len() + 1);
    assert!(after.contains(&next) && stored.iter().all(|id| after.contains(id)));
}

/// Runs an adder that is killed as it enters the call of this name for the nth time.
fn kill_at(call: &str, nth: u64, home: &Path, email: &str) -> Fate {
    fate(&add_under_tracer(&format!("inject={call}:signal=KILL:when={nth}"), home, email))
}

/// Runs an adder into whose system calls the tracer injects something.
fn add_under_tracer(inject: &str, home: &Path, email: &str) -> Output {
    let mut tracer = Command::new("strace");
    tracer.args(["-f", "-qq", "-o", "/dev/null", "-e", inject, "--", FRONTDESK]);
    adding(tracer, home, email).output().unwrap()
}

#[test]
fn a_kill_before_every_single_call_that_changes_the_disk_leaves_all_or_nothing() {
    if !may_trace() {
        return;
    }
    let desk = Desk::new();
    desk.add("Zoe", "Zed", "zoe@education.gov.uk");
    let mut kills = 0;
    for call in CHANGING_CALLS {
        for nth in 1.. {
            let email = format!("{}.{nth}@education.gov.uk", call.trim_start_matches('?'));
            let fate = kill_at(call, nth, &desk.path(""), &email);
            let stored = assert_whole(&desk.kept);
            assert!(fate.acknowledged.is_none_or(|id| stored.contains(&id)), "{call} {nth}");
            assert_eq!(desk.json(&["users", "list"])["total"], stored.len(), "{call} {nth}");
            if !fate.killed {
                break;
            }
            kills += 1;
        }
    }
    // Fewer would mean that the tracer missed what SQLite does.
    assert!(kills > 20, "only {kills} kills");
    eprintln!("{kills} kills, one before every call");
}

#[test]
fn a_disk_that_fails_at_any_call_is_told_truly_and_leaves_all_or_nothing() {
    if !may_trace() {
        return;
    }
    let desk = Desk::new();
    desk.add("Zoe", "Zed", "zoe@education.gov.uk");
    let mut failures = 0;
    for (call, error) in [("pwrite64", "EIO"), ("pwrite64", "ENOSPC"), ("fsync", "EIO"), ("ftruncate", "EIO")] {
        for nth in 1.. {
            let email = format!("{call}.{error}.{nth}@education.gov.uk").to_ascii_lowercase();
            // From the nth call on, each one fails.
            let inject = format!("inject={call}:error={error}:when={nth}+");
            let told = desk.read(&add_under_tracer(&inject, &desk.path(""), &email));
            assert_whole(&desk.kept);
            let is_stored = desk.count(&format!("SELECT count(*) FROM users WHERE email = '{email}'")) == 1;
            let says_nothing = told.err.contains("/register.db") && told.err.contains("\nNothing was changed. ");
            match told.code {
                0 => assert!(is_stored && !told.err.contains("Nothing was changed"), "{inject}: {told:?}"),
                7 => assert!(!is_stored && says_nothing && told.out.is_empty(), "{inject}: {told:?}"),
                _ => panic!("{inject}: {told:?}"),
            }
            if told.code == 0 && told.err.starts_with("Email written to ") {
                break;
            }
            failures += 1;
        }
    }
    assert!(failures > 40, "only {failures} failures");
    eprintln!("{failures} failing calls");
}

#[test]
fn a_kill_before_every_single_call_of_the_first_add_leaves_no_database_or_a_whole_one() {
    if !may_trace() {
        return;
    }
    let mut kills = 0;
    for call in CHANGING_CALLS {
        for nth in 1.. {
            let desk = Desk::new();
            let fate = kill_at(call, nth, &desk.path(""), "ann@education.gov.uk");
            assert_the_desk_goes_on(&desk, fate.acknowledged);
            if !fate.killed {
                break;
            }
            kills += 1;
        }
    }
    assert!(kills > 40, "only {kills} kills");
    eprintln!("{kills} kills, one before every call");
}
