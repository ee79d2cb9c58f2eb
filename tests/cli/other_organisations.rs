//! Every other organisation is as if it were not there, for whoever belongs to some (seed 003): by
//! any name, in anything that is printed, and in the account of somebody whom they link.

use serde_json::json;

use crate::desk::{Desk, Letter, Ran, email_in_use, id, no_organisation, nobody_in, ran};
use crate::journeys::{LIST, NEXT_STEP};
use crate::organisation_actors::{
    ADD_ROBERT, ANN, ROBERT, SUE, WHICH, as_json, by_ann, flags_of, json_by_ann, run_as, three_organisations,
};
use crate::terminal::{ESCAPE, Setting};

/// The ids of Quartz Academy and of Robert.
fn quartz_id() -> String {
    id(1, 1)
}

fn robert_id() -> String {
    id(7, 1)
}

const FORMATS: [&str; 7] = ["", "--json", "--format jsonl", "--format csv", "--format plain", "--format ids", "--format table --verbose"];

/// What Ann must not come across: the names, codes and ids of organisations that she is not in.
fn hidden() -> [String; 6] {
    ["Quartz".to_owned(), "QX71".to_owned(), quartz_id(), "Vermilion".to_owned(), "VM82".to_owned(), id(2, 1)]
}

/// Those of the words that were printed, in any letter case.
fn found(words: &[String], printed: &str) -> Vec<String> {
    let printed = printed.to_lowercase();
    words.iter().filter(|word| printed.contains(&word.to_lowercase())).cloned().collect()
}

#[test]
fn another_organisation_is_not_found_in_the_same_words_as_one_that_does_not_exist() {
    let desk = three_organisations();
    let (rows, letters) = (desk.rows(), desk.letters().len());
    let upper = quartz_id().to_uppercase();
    let hidden = ["QX71", "qx71", &quartz_id(), &upper, "Quartz Academy", "QX7l"];
    let nowhere = ["NOSUCH", "nosuch", &id(77, 1), &id(77, 1).to_uppercase(), "Topaz Academy", "NOSUCj"];
    for name in hidden.into_iter().chain(nowhere) {
        let absent = no_organisation(name).with_flags(&flags_of(ANN));
        for line in [
            "org show ORG",
            "org users ORG",
            "org list-users ORG --signed-in yes --page 2",
            "org users ORG --search robert",
            "org show-user ORG robert@example.com",
            "org show-user ORG cleo@example.com",
            "org add-user ORG",
            "org add-user ORG --first-name Bob --last-name Baker --email bob@example.com",
            "org add-user ORG --first-name Bob --last-name Baker --email bob@example.com --dry-run",
            "org add-user ORG --first-name Rob --last-name Stone --email robert@example.com --if-not-exists",
            "org remove-user ORG robert@example.com --yes",
            "org remove-user ORG robert@example.com --dry-run",
            "org remove-user ORG nobody@example.com --yes --if-exists",
        ] {
            let line = line.replace("ORG", &format!("'{name}'"));
            assert_eq!(by_ann(&desk, &line), absent, "{line}");
            assert_eq!(by_ann(&desk, &format!("{line} --json")), as_json("not_found", 4, &absent), "{line}");
        }
        assert_eq!(by_ann(&desk, &format!("org has-user '{name}' {ROBERT}")), ran(4, "", ""));
    }
    assert_eq!((desk.rows(), desk.letters().len()), (rows, letters));
}

#[test]
fn somebody_in_another_organisation_is_as_absent_as_nobody() {
    let desk = three_organisations();
    for who in [ROBERT, &robert_id(), "R-7731", SUE, "nobody@example.com"] {
        let absent = nobody_in(who, "Alpha School", "ALPHA").with_flags(&flags_of(ANN));
        assert_eq!(by_ann(&desk, &format!("org show-user ALPHA {who}")), absent);
        assert_eq!(by_ann(&desk, &format!("org remove-user ALPHA {who} --yes")), absent);
        assert_eq!(by_ann(&desk, &format!("org has-user ALPHA {who}")), ran(4, "", ""));
    }
}

#[test]
fn a_mistyped_code_is_never_explained_by_an_organisation_that_they_cannot_know() {
    let desk = three_organisations();
    for mistyped in ["QX72", "qx7", "QX-71", "VM28", "Quartz Acadamy", "Vermillion College"] {
        let support = run_as(&desk, SUE, &format!("org show '{mistyped}'"));
        assert!(support.err.contains("Did you mean "), "{support:?}");
        assert_eq!(by_ann(&desk, &format!("org show '{mistyped}'")), no_organisation(mistyped).with_flags(&flags_of(ANN)));
    }
    let meant = by_ann(&desk, "org show ALHPA");
    assert!(meant.err.contains("\nDid you mean ‘ALPHA’ (Alpha School)? "), "{meant:?}");
}

/// Everything that Ann can have printed, about Cleo who belongs everywhere and Robert whom she links.
fn everything() -> Vec<String> {
    let looks = [
        "org list",
        "org list --search a",
        "org show ALPHA",
        "org users ALPHA",
        "org users ALPHA --search cole",
        "org users ALPHA --signed-in no --per-page 1",
        "org show-user ALPHA cleo@example.com",
        "org show-user ALPHA ann@alpha.sch.uk",
        "org remove-user ALPHA cleo@example.com --dry-run",
        "org add-user ALPHA --first-name Cleo --last-name Cole --email cleo@example.com --if-not-exists",
        "whoami",
    ];
    let dry_run = format!("{ADD_ROBERT} --dry-run");
    let all = looks.into_iter().chain([dry_run.as_str()]);
    let mut lines: Vec<_> = all.flat_map(|line| FORMATS.map(|format| format!("{line} {format}"))).collect();
    lines.extend(
        ["org users ALPHA --format csv --fields organisations,email", "org show A --verbose", "org list --page 9"].map(str::to_owned),
    );
    lines.extend([format!("{ADD_ROBERT} --verbose"), "org show-user ALPHA robert@example.com --json".to_owned()]);
    lines.push("org remove-user ALPHA robert@example.com --yes --json".to_owned());
    lines.extend([format!("{ADD_ROBERT} --json"), "org remove-user ALPHA cleo@example.com --yes --verbose".to_owned()]);
    lines
}

#[test]
fn nothing_that_is_printed_names_another_organisation() {
    let desk = three_organisations();
    // The search can find: whoever may know of them sees them all.
    assert_eq!(found(&hidden(), &run_as(&desk, SUE, "org show-user ALPHA cleo@example.com --json").out), hidden());
    for line in everything() {
        let Ran { code, out, err } = by_ann(&desk, &line);
        assert!(code == 0 || line == "org show A --verbose", "{line}: {err}");
        assert_eq!(found(&hidden(), &format!("{out}{err}")), Vec::<String>::new(), "{line}");
    }
    assert_eq!(desk.json(&["org", "users", "QX71"])["total"], 2);
}

/// Goes through the whole desk as somebody, and gives everything that was printed.
fn browse(desk: &Desk, actor: &str, words: &[&str]) -> String {
    let mut terminal = Setting::at(desk).run(&[words, &["--as", actor]].concat());
    terminal.choose(WHICH, "Alpha School");
    terminal.choose(NEXT_STEP, "Users");
    terminal.choose(LIST, "Cleo Cole");
    terminal.wait_for("Cleo Cole User has never signed in");
    terminal.choose(NEXT_STEP, "Remove user");
    terminal.choose("Are you sure you want to remove this user?", "No");
    terminal.wait_for("Nothing was changed");
    for place in [NEXT_STEP, LIST, NEXT_STEP, WHICH] {
        terminal.wait_for(place);
        terminal.type_keys(ESCAPE);
    }
    assert_eq!(terminal.finish(), 0);
    String::from_utf8(terminal.bytes).unwrap()
}

#[test]
fn the_desk_opens_at_their_organisations_and_shows_no_other() {
    let desk = three_organisations();
    let (rows, letters) = (desk.rows(), desk.letters().len());
    for words in [&[][..], &["org"]] {
        assert_eq!(found(&hidden(), &browse(&desk, ANN, words)), Vec::<String>::new(), "{words:?}");
    }
    assert_eq!(found(&hidden(), &browse(&desk, SUE, &["org"])), ["Quartz", "QX71", "Vermilion", "VM82"]);
    let mut terminal = Setting::at(&desk).run(&["--as", ANN]);
    terminal.wait_for(&format!(
        "Organisations (1) {WHICH} Arrow keys move, Enter chooses, / finds, Esc goes back > Alpha School ALPHA 2 users Find Leave"
    ));
    terminal.choose(WHICH, "Alpha School");
    terminal.wait_for(&format!("Users 2 Id {} {NEXT_STEP} > Users Back to the list", id(0, 3)));
    terminal.type_keys(ESCAPE);
    terminal.choose(WHICH, "Leave");
    assert_eq!((terminal.finish(), desk.rows(), desk.letters().len()), (0, rows, letters));
}

// An account that belongs elsewhere

/// What of Robert’s account was printed that only those may see who know it; that they typed his
/// address tells them nothing.
fn found_of_robert(printed: &str) -> Vec<String> {
    let words = ["Robert".to_owned(), "Stone".to_owned(), robert_id(), "R-7731".to_owned()];
    words.into_iter().filter(|word| printed.contains(word)).collect()
}

#[test]
fn a_dry_run_of_linking_shows_no_more_than_was_typed() {
    let desk = three_organisations();
    let before = desk.rows();
    let would = "\
Dry run: nothing was stored.

This would add the user:

Bobby Barker

User has never signed in

First name      Bobby
Last name       Barker
Email address   robert@example.com
Organisations   Alpha School (ALPHA)
Last signed in  Never

This would email: robert@example.com, Invitation to join Publish teacher training courses
";
    assert_eq!(by_ann(&desk, &format!("{ADD_ROBERT} --dry-run")), ran(0, would, ""));
    let answer = json_by_ann(desk.at("2025-12-12T09:00:00Z"), &format!("{ADD_ROBERT} --dry-run"));
    assert_eq!(
        answer,
        json!({
            "schema": 1,
            "result": "added",
            "user": {
                "id": null, "first_name": "Bobby", "last_name": "Barker", "email": ROBERT, "kind": "organisation",
                "organisations": [{ "id": id(0, 3), "code": "ALPHA", "name": "Alpha School" }],
                "last_signed_in_at": null, "sign_in_id": null,
                "created_at": "2025-12-12T09:00:00Z", "updated_at": "2025-12-12T09:00:00Z", "revision": 1,
            },
            "emails": [{
                "id": null, "to": ROBERT, "subject": "Invitation to join Publish teacher training courses", "status": "would_queue",
            }],
            "dry_run": true,
        })
    );
    for format in FORMATS {
        let Ran { code, out, err } = by_ann(&desk, &format!("{ADD_ROBERT} --dry-run {format}"));
        assert_eq!((code, found_of_robert(&format!("{out}{err}"))), (0, Vec::new()), "{format}");
    }
    assert_eq!((desk.rows(), desk.letters().len()), (before, 6));
}

#[test]
fn a_dry_run_tells_nobody_who_has_an_account_elsewhere() {
    let desk = three_organisations();
    let tried = |email: &str, format: &str| {
        let line = format!("org add-user ALPHA --first-name Bobby --last-name Barker --email {email} --dry-run {format}");
        let Ran { code, out, err } = by_ann(&desk, &line);
        (code, out.replace(email, "EMAIL"), err.replace(email, "EMAIL"))
    };
    desk.add_member("VM82", "Gone", "Away", "gone@example.com");
    desk.done(&["org", "remove-user", "VM82", "gone@example.com", "--yes"]);
    for format in FORMATS {
        let stranger = tried("stranger@example.com", format);
        assert_eq!((tried(ROBERT, format), tried("gone@example.com", format)), (stranger.clone(), stranger), "{format}");
    }
    assert_eq!(tried(ROBERT, "--format ids"), (0, String::new(), String::new()));
}

#[test]
fn somebody_whom_they_know_from_one_of_their_organisations_is_linked_to_another_knowingly() {
    let desk = three_organisations();
    desk.add_member("QX71", "Ann", "Abel", ANN);
    let tried = by_ann(&desk, "org add-user ALPHA --first-name Bob --last-name Stone --email robert@example.com --dry-run");
    assert!(
        tried.out.contains("An existing account will be linked, and its names kept:\nFirst name: Robert (you typed Bob)\n"),
        "{tried:?}"
    );
}

#[test]
fn whom_they_know_is_checked_again_when_the_account_has_changed_meanwhile() {
    let desk = three_organisations();
    desk.add_member("QX71", "Ann", "Abel", ANN);
    let mut terminal =
        Setting::at(&desk).run(&["org", "add-user", "ALPHA", "--as", ANN, "--first-name=Bob", "--last-name=Stone", "--email", ROBERT]);
    terminal.wait_for("An existing account will be linked");
    desk.done(&["org", "remove-user", "QX71", ROBERT, "--yes"]);
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&["Error: Somebody else added, changed or removed this user meanwhile", "Check your answers First name Bob"]);
    terminal.choose(NEXT_STEP, "Cancel");
    assert_eq!(terminal.finish(), 9);
}

#[test]
fn an_organisation_that_they_were_removed_from_is_not_said_to_be_deleted() {
    let desk = three_organisations();
    let mut terminal = Setting::at(&desk).run(&["org", "--as", ANN]);
    terminal.choose(WHICH, "Alpha School");
    terminal.wait_for("> Users");
    desk.done(&["org", "remove-user", "ALPHA", ANN, "--yes"]);
    terminal.choose_this();
    terminal.wait_for(
        "Error: The organisation ALPHA that you looked at is no longer there Nothing was changed. It was deleted meanwhile, or you do not belong to it any more.",
    );
    terminal.choose(WHICH, "Leave");
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn an_email_that_waits_for_another_organisations_tells_nothing_of_it() {
    let desk = three_organisations();
    desk.configure("delivery = \"later\"\n");
    desk.add_member("QX71", "Dora", "Dale", "dora@example.com");
    desk.configure("");
    let added = by_ann(&desk, "org add-user ALPHA --first-name Dora --last-name Dale --email dora@example.com --format ids");
    assert_eq!((added.code, added.err.as_str()), (0, "Warning: The email to dora@example.com has not gone yet. It stays queued.\n"));
}

#[test]
fn the_check_of_a_linking_shows_no_more_than_was_typed() {
    let desk = three_organisations();
    let mut terminal = Setting::at(&desk).run(&["org", "add-user", "ALPHA", "--as", ANN]);
    terminal.answer("First name", "Bobby");
    terminal.answer("Last name", "Barker");
    terminal.answer("Email address", ROBERT);
    terminal.wait_for(
        "Check your answers First name Bobby Last name Barker Email address robert@example.com \
         Bobby Barker will be sent an email to tell them you’ve added them to Alpha School.",
    );
    terminal.choose(NEXT_STEP, "See the email");
    terminal.wait_in_order(&["Hello Bobby", "You have been added to Alpha School in", NEXT_STEP]);
    let checked = String::from_utf8(terminal.bytes.clone()).unwrap();
    assert_eq!(found_of_robert(&checked), Vec::<String>::new());
    assert_eq!(found(&hidden(), &checked), Vec::<String>::new());
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&[
        "Success: User added",
        "An existing account was linked, and its names were kept:",
        "First name: Robert (you typed Bobby)",
        "Last name: Stone (you typed Barker)",
        "Users (3)",
        "Robert Stone",
    ]);
    assert_eq!(terminal.finish(), 0);
    let command = terminal.same_as_one_command();
    assert_eq!(command, format!("--service publish --as {ANN} {ADD_ROBERT} --yes"));
}

#[test]
fn linking_shows_the_account_that_now_belongs_to_their_organisation_too() {
    let desk = three_organisations();
    let linked = json_by_ann(&desk, ADD_ROBERT);
    assert_eq!(
        json!([linked["result"], linked["user"]["id"], linked["user"]["first_name"], linked["user"]["organisations"]]),
        json!(["linked", robert_id(), "Robert", [{ "id": id(0, 3), "code": "ALPHA", "name": "Alpha School" }]])
    );
    let Letter { to, text, .. } = desk.letters().pop().unwrap();
    assert_eq!(to, "Robert Stone <robert@example.com>");
    assert!(text.starts_with("Hello Robert\n\nYou have been added to Alpha School in Publish teacher training courses.\n"), "{text}");
    assert_eq!(found(&hidden(), &text), Vec::<String>::new());
    assert_eq!(by_ann(&desk, ADD_ROBERT), email_in_use());
    // Taking it back leaves the account where it was.
    assert_eq!(by_ann(&desk, "org remove-user ALPHA R-7731 --yes").code, 0);
    assert_eq!(desk.json(&["org", "show-user", "QX71", ROBERT])["user"]["id"], json!(robert_id()));
}
