//! Several processes at one database: none is lost, none fails, and two never both have one address.

use std::collections::HashMap;
use std::process::{Child, Stdio};
use std::sync::Barrier;
use std::thread;

use crate::desk::{Desk, Ran};
use crate::invariants::assert_whole;

const PROCESSES: usize = 8;

fn adding(first_name: &str, email: &str) -> [String; 7] {
    let words = ["users", "add", "--last-name=Abel", "--api-user=no", "--format=ids"];
    let [users, add, last_name, api_user, format] = words.map(str::to_owned);
    [users, add, format!("--first-name={first_name}"), last_name, format!("--email={email}"), api_user, format]
}

/// Runs as many commands at a time as there are lists, one after another in each; they begin together.
pub fn run_at_once(desk: &Desk, lists: &[Vec<Vec<String>>]) -> Vec<Vec<Ran>> {
    let mut lists_of_commands: Vec<Vec<_>> =
        lists.iter().map(|list| list.iter().map(|arguments| desk.command(arguments)).collect()).collect();
    let begin = Barrier::new(lists.len());
    let outputs: Vec<Vec<_>> = thread::scope(|scope| {
        let running: Vec<_> = lists_of_commands
            .iter_mut()
            .map(|commands| {
                let begin = &begin;
                scope.spawn(move || {
                    begin.wait();
                    commands.iter_mut().map(|command| command.output().unwrap()).collect::<Vec<_>>()
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    outputs.iter().map(|list| list.iter().map(|output| desk.read(output)).collect()).collect()
}

#[test]
fn eight_processes_add_twenty_users_each_into_a_new_database_and_lose_none() {
    let desk = Desk::new();
    let lists: Vec<Vec<Vec<String>>> = (0..PROCESSES)
        .map(|process| (0..20).map(|user| adding("Ann", &format!("ann{process}.{user}@education.gov.uk")).to_vec()).collect())
        .collect();
    let runs: Vec<Ran> = run_at_once(&desk, &lists).into_iter().flatten().collect();

    let failed: Vec<&Ran> = runs.iter().filter(|run| run.code != 0).collect();
    assert!(failed.is_empty(), "{failed:?}");
    let lines = runs.iter().flat_map(|run| run.err.split_inclusive('\n'));
    assert_eq!(lines.filter(|line| line.starts_with("Created ")).collect::<String>(), desk.kept.creation());
    let mut printed: Vec<String> = runs.iter().map(|run| run.out.trim_end().to_owned()).collect();
    printed.sort();
    assert_eq!(printed.len(), 160);
    assert_eq!(assert_whole(&desk.kept), printed);
    assert_eq!(desk.email_files().len(), 160);
    assert_eq!(desk.count("SELECT count(*) FROM emails WHERE status = 'sent' AND attempts = 1"), 160);
}

#[test]
fn of_two_who_add_the_same_address_at_once_one_is_refused_every_time() {
    for round in 0..20 {
        // Every other round they race for the database itself too.
        let desk = Desk::new();
        if round % 2 == 0 {
            desk.add("Zoe", "Zed", "zoe@education.gov.uk");
        }
        let lists = ["Ann", "Bea"].map(|name| vec![adding(name, "same@education.gov.uk").to_vec()]);
        let mut runs: Vec<Ran> = run_at_once(&desk, &lists).into_iter().flatten().collect();
        runs.sort_by_key(|run| run.code);
        assert_eq!((runs[0].code, runs[1].code), (0, 5), "{runs:?}");
        assert_eq!(runs[1].out, "");
        assert_eq!(runs[1].err, "Error: There is a problem\n  --email  Email address already in use\n");
        assert_whole(&desk.kept);
        assert_eq!(desk.count("SELECT count(*) FROM users WHERE email = 'same@education.gov.uk'"), 1);
    }
}

const PAIRS: usize = 200;

#[test]
fn two_who_delete_the_last_two_active_users_at_once_never_leave_fewer_than_the_minimum() {
    let desk = Desk::new();
    desk.add("Kit", "Keeper", "kit@education.gov.uk");
    desk.done(&["service", "set", "minimum-active-users", "1"]);
    let mut last = "kit@education.gov.uk".to_owned();
    for pair in 0..PAIRS {
        // Deleting and deactivating are one guard.
        let other = format!("other{pair}@education.gov.uk");
        desk.add("Other", "Person", &other);
        let way: &[&str] = if pair % 2 == 0 { &["users", "delete", "--yes"] } else { &["users", "edit", "--active=no"] };
        let ending = |email: &String| vec![way.iter().copied().chain([email.as_str()]).map(str::to_owned).collect()];
        let lists = [ending(&last), ending(&other)];
        let runs: Vec<Ran> = run_at_once(&desk, &lists).into_iter().flatten().collect();
        assert_eq!(desk.count("SELECT count(*) FROM users WHERE deleted_at IS NULL AND active = 1"), 1, "pair {pair}: {runs:?}");
        let mut codes = [runs[0].code, runs[1].code];
        codes.sort();
        assert_eq!(codes, [0, 6], "pair {pair}: {runs:?}");
        if runs[0].code == 0 {
            last = other;
        }
    }
    desk.kept.assert_sound();
}

#[test]
fn eight_processes_edit_one_user_and_each_change_follows_from_the_one_before() {
    let desk = Desk::new();
    let id = desk.add("Ann", "Abel", "ann@education.gov.uk");
    let edit = |process, turn| vec!["users".to_owned(), "edit".to_owned(), id.clone(), format!("--first-name=Name {process} {turn}")];
    let lists: Vec<Vec<Vec<String>>> = (0..PROCESSES).map(|process| (0..5).map(|turn| edit(process, turn)).collect()).collect();
    let runs: Vec<Ran> = run_at_once(&desk, &lists).into_iter().flatten().collect();
    let failed: Vec<&Ran> = runs.iter().filter(|run| run.code != 0).collect();
    assert!(failed.is_empty(), "{failed:?}");

    let user = &desk.json(&["users", "show", &id])["user"];
    assert_eq!(user["revision"], 1 + 40);
    // No name was given twice: from the first one on, each entry leads to the one that begins where it
    // ended, through all of them to the name that the user has now.
    let changes = desk.kept.texts("SELECT changes FROM activity WHERE action = 'user_updated'");
    let mut changes: HashMap<String, String> = changes
        .iter()
        .map(|changes| {
            let change = serde_json::from_str::<serde_json::Value>(changes).unwrap()[0].clone();
            assert_eq!(change["field"], "first_name");
            let name = |key: &str| change[key].as_str().unwrap().to_owned();
            (name("before"), name("after"))
        })
        .collect();
    assert_eq!(changes.len(), 40);
    let mut name = "Ann".to_owned();
    while let Some(next) = changes.remove(&name) {
        name = next;
    }
    assert_eq!((user["first_name"].as_str(), changes.len()), (Some(name.as_str()), 0));
}

#[test]
fn a_reader_sees_whole_lists_that_only_grow_while_others_write() {
    let desk = Desk::new();
    desk.add("Zoe", "Zed", "zoe@education.gov.uk");
    let mut writers: Vec<Child> = Vec::new();
    let mut seen = Vec::new();
    for user in 0..40 {
        let email = format!("ann{user}@education.gov.uk");
        let arguments = adding("Ann", &email);
        writers.push(desk.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let list = desk.json(&["users", "list"]);
        assert_eq!(list["total"], list["users"].as_array().unwrap().len(), "{list}");
        seen.push(list["total"].as_u64().unwrap());
    }
    for mut writer in writers {
        assert_eq!(writer.wait().unwrap().code(), Some(0));
    }
    assert!(seen.is_sorted(), "{seen:?}");
    assert_eq!(desk.json(&["users", "list"])["total"], 41);
    assert_whole(&desk.kept);
}

#[test]
fn of_two_services_that_begin_in_one_file_at_once_one_is_refused_every_time() {
    for _ in 0..20 {
        let desk = Desk::new();
        let add = |service: &str, more: &[&str]| {
            let answers = ["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk"];
            let words = [&["--database=shared.db", "--service", service][..], &answers, more].concat();
            vec![words.into_iter().map(str::to_owned).collect::<Vec<_>>()]
        };
        let lists = [add("register", &["--api-user=yes"]), add("claim", &[])];
        let mut runs: Vec<Ran> = run_at_once(&desk, &lists).into_iter().flatten().collect();
        runs.sort_by_key(|run| run.code);
        assert_eq!((runs[0].code, runs[1].code), (0, 7), "{runs:?}");
        assert!(runs[1].err.starts_with("Error: The database shared.db holds the service "), "{runs:?}");
    }
}
