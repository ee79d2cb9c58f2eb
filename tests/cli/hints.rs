//! What a message tells somebody to run: it works where they are.

use crate::desk::{Desk, Ran, nobody, ran};
use crate::journeys::{LIST, NEXT_STEP};
use crate::terminal::{ESCAPE, Setting};

const ADD_ANN: &str = "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no";

/// The flags of a desk in another file, as a shell takes them.
const ELSEWHERE: &str = "--database 'my hint.db'";

/// Runs a command at the desk in another file.
#[track_caller]
fn elsewhere(desk: &Desk, line: &str) -> Ran {
    desk.line(&format!("{ELSEWHERE} {line}"))
}

#[test]
fn a_command_that_is_shown_finds_the_desk_that_the_flags_chose() {
    let desk = Desk::new();
    desk.configure("delivery = \"later\"");
    let added = elsewhere(&desk, &format!("{ADD_ANN} --format ids"));
    assert!(
        added
            .err
            .ends_with("\nEmail to ann@education.gov.uk queued. To send what is queued: frontdesk --database 'my hint.db' emails send\n"),
        "{added:?}"
    );
    // What it shows can be run as it stands.
    let (_, shown) = added.err.rsplit_once("frontdesk ").unwrap();
    assert_eq!(desk.line(shown.trim_end()).err.lines().last(), Some("Success: 1 email sent"));
    // An error, its object, and each of several commands in one sentence.
    assert_eq!(elsewhere(&desk, "users show zoe@x.uk"), nobody("zoe@x.uk").with_flags(ELSEWHERE));
    let object = desk.refused(&["--database", "my hint.db", "users", "show", "zoe@x.uk"]);
    assert_eq!(
        object["error"]["hint"],
        "Give an email address, an id or a sign-in id. To see everybody: frontdesk --database 'my hint.db' users list"
    );
    let everywhere = elsewhere(&desk, "--service register --as ann@education.gov.uk emails resend zoe@x.uk").err;
    let flags = "--service register --database 'my hint.db' --as ann@education.gov.uk";
    assert!(everywhere.ends_with(&format!("frontdesk {flags} users list, and frontdesk {flags} org users ORG\n")), "{everywhere}");
    // What works on no desk takes no flags, and what chose the desk otherwise needs none.
    let topic = elsewhere(&desk, "man formats").err;
    assert!(topic.ends_with("To read it: frontdesk help formats\n"), "{topic}");
    let by_variable = desk.run_with(&[("FRONTDESK_DATABASE", "my hint.db")], &["users", "show", "zoe@x.uk"]);
    assert_eq!(by_variable, nobody("zoe@x.uk"));
}

#[test]
fn at_the_desk_too() {
    let desk = Desk::new();
    desk.configure("delivery = \"later\"");
    elsewhere(&desk, ADD_ANN);
    let mut terminal = Setting::at(&desk).columns(120).run(&["--database", "my hint.db", "users"]);
    terminal.choose(LIST, "Ann Abel");
    terminal.choose(NEXT_STEP, "Delete user");
    terminal.choose("Do you want to delete Ann Abel?", "Yes");
    terminal.wait_in_order(&["Success: User deleted", "To send what is queued: frontdesk --database 'my hint.db' emails send"]);
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn a_name_that_looks_like_a_command_stays_as_it_is() {
    let desk = Desk::new();
    desk.line("org add --code FRONT --name 'The: frontdesk School'");
    let shown = desk.line("--service register org show FRONF");
    let hint = "Did you mean ‘FRONT’ (The: frontdesk School)? Give its code or its id. To see every organisation: frontdesk --service register org list";
    assert_eq!(shown, ran(4, "", &format!("Error: There is no organisation called FRONF\n{hint}\n")));
}
