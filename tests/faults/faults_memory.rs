//! Memory refused to SQLite: with so little of it that a command cannot go on at one point or another, it
//! says so and has changed nothing.
//!
//! The limit is one of the whole process, which the binary has no way to be told of. So these tests start
//! themselves once more as the command: the same library, with a limit set before it.

use std::collections::BTreeMap;
use std::process::{Command, Output};

use frontdesk::world::World;
use rusqlite::Connection;

use crate::changes::{Case, Change, EVERYWHERE, full_desk};
use crate::desk::Desk;
use crate::how_often::is_full;

/// How much memory SQLite is given, in bytes; it makes this process the command.
const LIMIT: &str = "FRONTDESK_FAULTS_MEMORY";
/// The words of the command, one a line.
const WORDS: &str = "FRONTDESK_FAULTS_WORDS";
const THIS: &str = "faults_memory::the_command_itself";

/// With nothing in the environment it is nothing.
#[test]
fn the_command_itself() {
    let Some(limit) = std::env::var_os(LIMIT) else { return };
    let words = std::env::var(WORDS).unwrap();
    let limited = Connection::open_in_memory().unwrap();
    limited.pragma_update(None, "hard_heap_limit", limit.to_str().unwrap()).unwrap();
    drop(limited);
    let words = std::iter::once("frontdesk").chain(words.split('\n')).map(Into::into).collect();
    let exit = frontdesk::run(words, &mut World::real());
    std::process::exit(exit as i32);
}

fn run(change: &Change<'_>, desk: &Desk, limit: u64) -> Output {
    let meant = change.command_behind(&[], desk);
    let words: Vec<&str> = meant.get_args().map(|word| word.to_str().unwrap()).collect();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", THIS, "--nocapture", "--quiet"]).current_dir(desk.path("")).env_clear();
    command.envs(meant.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env(LIMIT, limit.to_string()).env(WORDS, words.join("\n")).output().unwrap()
}

/// More than any of them needs.
const PLENTY: u64 = 64 << 20;

#[test]
fn memory_that_sqlite_is_refused_is_told_and_nothing_is_changed() {
    let full_desk = full_desk();
    let step = if is_full() { 4 << 10 } else { 64 << 10 };
    let is_meant = |case: &&Case| ["users add", "users import", "migrate"].iter().any(|start| case.line.starts_with(start));
    for case in EVERYWHERE.iter().filter(is_meant) {
        let change = Change::new(case, &full_desk);
        let mut ended: BTreeMap<(i32, bool), usize> = BTreeMap::new();
        // From next to nothing, in steps, to where it has enough.
        for limit in (1..).map(|number| number * step).take_while(|limit| *limit < PLENTY) {
            let desk = change.desk();
            let told = desk.read(&run(&change, &desk, limit));
            let is_done = change.is_done(&desk, &format!("with {limit} bytes: {told:?}"));
            let says_nothing = told.err.contains("Nothing was changed");
            match told.code {
                0 => assert!(is_done && !says_nothing, "{limit}: {told:?}"),
                7 => assert!(is_done != says_nothing, "{limit}: {told:?}"),
                _ => panic!("{}: with {limit} bytes: {told:?}", case.line),
            }
            *ended.entry((told.code, is_done)).or_default() += 1;
            if told.code == 0 && !told.err.contains("memory") {
                break;
            }
        }
        println!("{}, memory refused: {} limits", change.name, ended.values().sum::<usize>());
        for ((code, is_done), times) in &ended {
            println!("  exit code {code}, {}: {times} times", if *is_done { "done" } else { "as before" });
        }
        assert!(ended.contains_key(&(7, false)) && ended.contains_key(&(0, true)), "{ended:?}");
    }
}
