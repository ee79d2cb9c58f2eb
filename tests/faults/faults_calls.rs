//! Every call by which SQLite reads, writes, secures, shortens and opens its files, and every one that renames
//! or links a file, made to fail: the right error, and the database as it was; or, where the change was
//! stored already, the change, which is then never reported as not made.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;
use std::thread;

use crate::changes::{Case, Change, EVERYWHERE, full_desk};
use crate::desk::Desk;
use crate::how_often::{is_full, seed};
use crate::outside::{Numbers, may_trace};

const THREADS: usize = 2;
/// So many failing calls are tried of each command, where not all of them are.
const QUICK: usize = 24;

/// How a call fails, by its name.
const FAILURES: [(&str, &[&str]); 13] = [
    ("read", &["EIO"]),
    ("pread64", &["EIO"]),
    ("write", &["EIO", "ENOSPC"]),
    ("pwrite64", &["EIO", "ENOSPC"]),
    ("fsync", &["EIO"]),
    ("fdatasync", &["EIO"]),
    ("ftruncate", &["EIO", "ENOSPC"]),
    ("fallocate", &["ENOSPC"]),
    ("openat", &["EIO", "EACCES"]),
    ("renameat2", &["EIO", "ENOSPC"]),
    ("?rename", &["EIO", "ENOSPC"]),
    ("linkat", &["EIO", "ENOSPC"]),
    ("?unlink", &["EIO"]),
];

/// One failure.
struct Failure {
    call: &'static str,
    error: &'static str,
    /// Which of the calls of this name fails.
    nth: usize,
    /// Whether every later one fails too.
    and_on: bool,
}

impl Failure {
    fn inject(&self) -> String {
        format!("inject={}:error={}:when={}{}", self.call, self.error, self.nth, if self.and_on { "+" } else { "" })
    }
}

/// The files of the database, to which the tracer keeps.
fn paths(desk: &Desk) -> Vec<String> {
    let database = desk.database();
    let database = database.to_str().unwrap();
    ["", "-wal", "-shm", "-journal"].into_iter().flat_map(|end| ["-P".to_owned(), format!("{database}{end}")]).collect()
}

/// A tracer of a command at this desk, and what else it is told.
fn tracer(desk: &Desk, call: &str, told: &str) -> Vec<String> {
    let log = desk.path("trace");
    let start = ["strace", "-f", "-qq", "-o", log.to_str().unwrap(), "-e", told].map(str::to_owned);
    // Names are given to files that SQLite knows nothing of, before it does.
    let is_of_names = ["rename", "link"].iter().any(|word| call.contains(word)) && call != "?unlink";
    start.into_iter().chain(if is_of_names { Vec::new() } else { paths(desk) }).chain(["--".to_owned()]).collect()
}

fn behind<'word>(words: &'word [String]) -> Vec<&'word str> {
    words.iter().map(String::as_str).collect()
}

/// How often a command makes this call.
fn count(change: &Change<'_>, call: &str) -> usize {
    let desk = change.desk();
    let tracer = tracer(&desk, call, &format!("trace={call}"));
    let output = change.command_behind(&behind(&tracer), &desk).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let name = call.trim_start_matches('?');
    let log = fs::read_to_string(desk.path("trace")).unwrap();
    log.lines().filter(|line| line.contains(&format!(" {name}("))).count()
}

fn failures(change: &Change<'_>) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (call, errors) in FAILURES {
        for nth in 1..=count(change, call) {
            for error in errors {
                failures.extend([false, true].map(|and_on| Failure { call, error, nth, and_on }));
            }
        }
    }
    failures
}

/// Makes one call fail; gives the exit code, and whether the change is there.
fn fail(change: &Change<'_>, failure: &Failure) -> (i32, bool) {
    let desk = change.desk();
    let inject = failure.inject();
    let tracer = tracer(&desk, failure.call, &inject);
    let told = desk.read(&change.command_behind(&behind(&tracer), &desk).output().unwrap());
    let is_done = change.is_done(&desk, &format!("{inject}: {told:?}"));
    let says_nothing = told.err.contains("Nothing was changed");
    match told.code {
        0 => assert!(is_done && !says_nothing, "{inject}: {told:?}"),
        7 if is_done => assert!(!says_nothing, "{inject}: {told:?}"),
        7 => assert!(says_nothing && told.out.is_empty(), "{inject}: {told:?}"),
        _ => panic!("{}: {inject}: {told:?}", change.case.line),
    }
    // And it can be done now, if it was not.
    if !is_done {
        let again = desk.read(&change.command_behind(&[], &desk).output().unwrap());
        assert!(again.code == 0 && change.is_done(&desk, "again"), "{inject}: {told:?}, then {again:?}");
    }
    (told.code, is_done)
}

#[test]
fn a_call_of_the_database_that_fails_is_told_truly_and_leaves_all_or_nothing() {
    if !may_trace() {
        return;
    }
    let seed = seed();
    let full_desk = full_desk();
    let is_meant = |case: &&Case| ["users add", "users import", "migrate"].iter().any(|start| case.line.starts_with(start));
    for case in EVERYWHERE.iter().filter(is_meant) {
        let change = Change::new(case, &full_desk);
        let mut failures = failures(&change);
        let all = failures.len();
        if !is_full() {
            let mut numbers = Numbers::from_seed(seed);
            while failures.len() > QUICK {
                let chosen = usize::try_from(numbers.next_number()).unwrap() % failures.len();
                failures.swap_remove(chosen);
            }
        }
        let left = Mutex::new(failures);
        let ended: Mutex<BTreeMap<(i32, bool), usize>> = Mutex::default();
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    while let Some(failure) = { left.lock().unwrap().pop() } {
                        let how = fail(&change, &failure);
                        *ended.lock().unwrap().entry(how).or_default() += 1;
                    }
                });
            }
        });
        let ended = ended.into_inner().unwrap();
        let tried: usize = ended.values().sum();
        println!("{}, a call of the database fails, seed {seed}: {tried} times of {all}", change.name);
        for ((code, is_done), times) in ended {
            println!("  exit code {code}, {}: {times} times", if is_done { "done" } else { "as before" });
        }
        assert!(all > 40, "only {all} calls were seen");
    }
}
