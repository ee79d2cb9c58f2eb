//! Files of more rows than go to the database together, and of so many that indexes are put off.

use std::fmt::Write as _;
use std::fs;

use crate::desk::{Desk, ran};
use crate::invariants::assert_whole;

/// More than the least number of rows that an index is put off for, and no whole number of batches.
const ROWS: usize = 10_500;
const QUEUED: &str = "Success: File imported\nTo send what is queued: frontdesk emails send\n";

/// People whose names run against the order of the file.
fn write_people(desk: &Desk, header: &str, row: impl Fn(usize) -> String) {
    let mut file = header.to_owned();
    for number in 0..ROWS {
        writeln!(file, "{}", row(number)).unwrap();
    }
    fs::write(desk.path("people.csv"), file).unwrap();
}

fn user(number: usize) -> String {
    format!("Person{:05},Abel,person{number}@education.gov.uk,no", ROWS - number)
}

fn schema(desk: &Desk) -> Vec<String> {
    desk.kept.schema()
}

#[test]
fn a_long_import_of_users_leaves_every_index_as_it_was_and_a_second_one_changes_nothing() {
    let desk = Desk::new();
    desk.add("First", "User", "first@education.gov.uk");
    let before = schema(&desk);
    write_people(&desk, "first_name,last_name,email,api_user\n", user);
    assert_eq!(desk.line("users import people.csv --yes"), ran(0, "10,500 users added\n10,500 emails queued\n", QUEUED));
    assert_eq!(schema(&desk), before);
    assert_eq!(assert_whole(&desk.kept).len(), ROWS + 1);
    let names = |page: usize| desk.line(&format!("users list --format plain --fields first_name --per-page 2 --page {page}")).out;
    assert_eq!((names(1).as_str(), names(5251).as_str()), ("First\nPerson00001\n", "Person10500\n"));

    let stored = desk.rows();
    let nothing = "Everybody and everything in the file is there already. Nothing was changed.\n";
    assert_eq!(desk.line("users import people.csv --yes"), ran(0, "0 users added\n10,500 users skipped: there already\n", nothing));
    assert_eq!(desk.rows(), stored);
    assert_eq!(schema(&desk), before);
}

#[test]
fn a_long_import_of_organisation_users_leaves_every_index_as_it_was() {
    let desk = Desk::of("publish");
    desk.add_organisation("ALPHA", "Alpha School");
    let before = schema(&desk);
    write_people(&desk, "organisation_code,first_name,last_name,email\n", |number| {
        format!("ALPHA,Person{:05},Abel,person{number}@example.com", ROWS - number)
    });
    assert_eq!(
        desk.line("org import-users people.csv --yes"),
        ran(0, "10,500 users added\n10,500 emails queued\n", QUEUED).with_flags("--service publish")
    );
    assert_eq!(schema(&desk), before);
    assert_whole(&desk.kept);
    let first = desk.line("org users ALPHA --format plain --fields first_name --per-page 2 --page 1");
    assert_eq!(first.out, "Person00001\nPerson00002\n");
}

#[test]
fn wrong_rows_of_every_batch_are_told_in_the_order_of_the_file_and_all_is_taken_back() {
    let desk = Desk::new();
    desk.add("First", "User", "first@education.gov.uk");
    let (stored, before) = (desk.rows(), schema(&desk));
    // The header is line 1.
    let wrong = [2, 301, 302, 10_501];
    write_people(&desk, "first_name,last_name,email,api_user\n", |number| {
        if wrong.contains(&(number + 2)) { ",Abel,x@education.gov.uk,no".to_owned() } else { user(number) }
    });
    let run = desk.line("users import people.csv --yes --errors wrong.csv");
    let told: String = wrong.iter().map(|line| format!("  Line {line}, first_name: Enter first name\n")).collect();
    assert_eq!(
        run,
        ran(
            3,
            "",
            &format!(
                "Error: You need to fix 4 errors related to specific rows\n{told}\
                 Nothing was imported, not even the rows that are right. Mend the file and import it again; \
                 its wrong rows are in wrong.csv, each with its message.\n"
            )
        )
    );
    assert_eq!(fs::read_to_string(desk.path("wrong.csv")).unwrap().lines().count(), 1 + wrong.len());
    assert_eq!((desk.rows(), schema(&desk)), (stored, before));
}

#[test]
fn of_rows_that_are_skipped_it_is_told_which_are_repeated_however_far_apart_they_are() {
    let desk = Desk::new();
    let write = |numbers: &mut dyn Iterator<Item = usize>| {
        let rows: String = numbers.map(|number| format!("{}\n", user(number))).collect();
        fs::write(desk.path("people.csv"), format!("first_name,last_name,email,api_user\n{rows}")).unwrap();
    };
    write(&mut (0..45));
    desk.done(&["users", "import", "people.csv", "--yes"]);
    // Some beside those that they repeat, and some after more rows than are stored together.
    write(&mut (40..90).chain(85..87).chain(90..4_200).chain(0..63).chain(4_190..4_195));
    let told = desk.json(&["users", "import", "people.csv", "--yes"]);
    let counts = ["added", "skipped", "repeated"].map(|key| told[key].as_u64().unwrap());
    assert_eq!(counts, [4_155, 5 + 2 + 63 + 5, 2 + (63 - 45) + 5]);
    assert_whole(&desk.kept);
}
