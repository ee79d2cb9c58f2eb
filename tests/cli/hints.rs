//! What a message tells somebody to run: it works where they are.

use crate::desk::{Desk, Ran, nobody, nobody_in, ran};
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

// Whom and what somebody may have meant

const EVERYBODY: &str = "Give an email address, an id or a sign-in id. To see everybody: frontdesk";

#[test]
fn a_mistyped_address_is_answered_with_the_one_that_was_meant() {
    let desk = Desk::new();
    desk.line(ADD_ANN);
    desk.add("Anna", "Bell", "anna.bell@education.gov.uk");
    desk.add("Anna", "Bell", "anna.bella@education.gov.uk");
    let meant = |who: &str, person: &str, everybody: &str| {
        ran(4, "", &format!("Error: There is no user called {who}\nDid you mean {person}? {EVERYBODY} {everybody}\n"))
    };
    let bell = "‘anna.bell@education.gov.uk’ (Anna Bell)";
    for verb in ["show WHO", "edit WHO --last-name Ball", "delete WHO --yes"] {
        for who in ["anna.bel@education.gov.uk", "Anna.Bell@educaton.gov.uk", "anna.bell", "anna.bell@gmail.com"] {
            let line = format!("users {}", verb.replace("WHO", who));
            assert_eq!(desk.line(&line), meant(who, bell, "users list"), "{line}");
        }
    }
    // Among everybody, where everybody is meant.
    desk.add_organisation("ALPHA", "Alpha School");
    desk.add_member("ALPHA", "Bobby", "Baker", "bobby.baker@example.com");
    let everywhere =
        meant("bobby.bakker@example.com", "‘bobby.baker@example.com’ (Bobby Baker)", "users list, and frontdesk org users ORG");
    assert_eq!(desk.line("emails resend bobby.bakker@example.com"), everywhere);
    assert_eq!(desk.line("activity list --user bobby.bakker@example.com"), everywhere);
    assert_eq!(desk.line("users show bobby.bakker@example.com"), nobody("bobby.bakker@example.com"));
    let object = desk.refused(&["users", "show", "anna.bel@education.gov.uk"]);
    assert_eq!(object["error"]["hint"], format!("Did you mean {bell}? {EVERYBODY} users list"));
    // Nobody who is only somewhat like it, or was deleted.
    for who in ["ben.bell@education.gov.uk", "ann", "an@education.gov.uk", &"anna.bell".repeat(1000)] {
        assert!(!desk.line(&format!("users show {who}")).err.contains("Did you mean ‘anna"), "{who}");
    }
    desk.done(&["users", "delete", "anna.bella@education.gov.uk", "--yes"]);
    desk.done(&["users", "delete", "anna.bell@education.gov.uk", "--yes"]);
    assert_eq!(desk.line("users show anna.bel@education.gov.uk"), nobody("anna.bel@education.gov.uk"));
    // What is deleted anyway if it is there is not asked about.
    assert_eq!(desk.line("users delete anna.bel@education.gov.uk --yes --if-exists").code, 0);
}

#[test]
fn of_an_organisation_only_its_own_users_are_meant() {
    let desk = Desk::of("publish");
    for (code, name) in [("ALPHA", "Alpha School"), ("BETA", "Beta School")] {
        desk.add_organisation(code, name);
    }
    desk.add_member("ALPHA", "Ann", "Abel", "ann.abel@example.com");
    desk.add_member("ALPHA", "Cleo", "Cole", "cleo.cole@example.com");
    desk.add_member("BETA", "Cleo", "Coles", "cleo.coles@example.com");
    let flags = "--service publish --as ann.abel@example.com";
    let by_ann = |line: &str| desk.line(&format!("--as ann.abel@example.com {line}"));
    let hint = "Did you mean ‘cleo.cole@example.com’ (Cleo Cole)? Give an email address, an id or a sign-in id. To see everybody: frontdesk org users ALPHA";
    for line in ["org show-user ALPHA cleo.colles@example.com", "org remove-user ALPHA cleo.colles@example.com --yes"] {
        let told = format!("Error: There is no user called cleo.colles@example.com in Alpha School\n{hint}\n");
        assert_eq!(by_ann(line), ran(4, "", &told).with_flags(flags), "{line}");
    }
    // Somebody elsewhere is not given away, however near.
    let nobody = nobody_in("cleo.coless@gmail.com", "Alpha School", "ALPHA");
    assert_eq!(by_ann("org show-user ALPHA cleo.coless@gmail.com"), nobody.with_flags(flags));
    let support = desk.line("org edit-user ALPHA ann.abl@example.com --first-name Anne").err;
    assert!(support.contains("\nDid you mean ‘ann.abel@example.com’ (Ann Abel)? "), "{support}");
}

#[test]
fn among_many_the_address_that_was_meant_is_found_at_once() {
    let desk = Desk::new();
    desk.add_organisation("ALPHA", "Alpha School");
    desk.open()
        .execute_batch(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 60000)
             INSERT INTO organisation_users (id, first_name, last_name, email, sort_key, created_at, updated_at, revision)
             SELECT 'm' || n, 'Person', n, 'person.' || (n * 1000) || '.abel@example.com', x'00', 0, 0, 1 FROM numbers;
             INSERT INTO memberships (id, organisation_id, user_id, sort_key, email, created_at)
             SELECT id, (SELECT id FROM organisations), id, x'00', email, 0 FROM organisation_users;",
        )
        .unwrap();
    let told = desk.line("org show-user ALPHA person.30000000.abl@example.com").err;
    assert!(told.contains("\nDid you mean ‘person.30000000.abel@example.com’ (Person 30000)? "), "{told}");
    let words = desk.line("__complete bash 4 -- frontdesk org show-user ALPHA person.3").out;
    let words: Vec<&str> = words.lines().collect();
    assert_eq!((words.len(), words[0], words[99]), (100, "person.3000.abel@example.com", "person.39999000.abel@example.com"));
}

#[test]
fn an_organisation_that_never_was_has_the_hint_of_one_that_is_not_there() {
    let desk = Desk::new();
    desk.add_organisation("ALPHA", "Alpha School");
    let hint = "Did you mean ‘ALPHA’ (Alpha School)? Give its code or its id. To see every organisation: frontdesk org list";
    let never = ran(4, "", &format!("Error: There never was an organisation called ALPHX\n{hint}\n"));
    assert_eq!(desk.line("activity list --org ALPHX"), never);
}

#[test]
fn a_flag_that_a_command_without_output_does_not_know_is_to_be_left_out() {
    let desk = Desk::new();
    for (line, usage) in [("users exists", "users exists <WHO>"), ("org has-user ALPHA", "org has-user <ORG> <WHO>")] {
        let told = format!(
            "Error: Unexpected argument '--table' found\n\
             Leave '--table' out: this command prints nothing, and ends with exit code 0 if the user is there and 4 if not\n\
             Usage: frontdesk {usage}\n"
        );
        assert_eq!(desk.line(&format!("{line} ann@education.gov.uk --table")), ran(2, "", &told));
        let words: Vec<&str> = line.split(' ').chain(["ann@education.gov.uk"]).collect();
        let hint = desk.refused(&words)["error"]["hint"].as_str().unwrap().to_owned();
        assert!(hint.starts_with("Leave '--json' out: this command prints nothing"), "{hint}");
        // An address that begins with a hyphen is still told how to be passed.
        let address = desk.line(&format!("{line} -b@education.gov.uk"));
        assert!(address.err.contains("'-- -b"), "{address:?}");
    }
}
