//! The users of organisations, beyond the lines of seed 002: accounts that are linked, ended and made
//! anew, lists, and what scripts rely on. Editing, and two people at once: `organisation_users_edit`.

use serde_json::{Value, json};

use crate::desk::{Desk, NOW, Ran, email_in_use, id, no_organisation, nobody_in, problem, ran};
use crate::journeys::NEXT_STEP;
use crate::terminal::{ESCAPE, Setting, Terminal};

pub const ADD_ANN: [&str; 6] = ["org", "add-user", "ALPHA", "--first-name=Ann", "--last-name=Abel", "--email=ann@example.com"];
pub const REMOVE_ANN: [&str; 5] = ["org", "remove-user", "ALPHA", "ann@example.com", "--yes"];

/// Two organisations, added by the first two runs.
pub fn desk_with_schools() -> Desk {
    let desk = Desk::of("claim");
    desk.add_organisation("ALPHA", "Alpha School");
    desk.add_organisation("BETA", "Beta School");
    desk
}

/// The same with Ann Abel in Alpha School, added by the third run.
pub fn desk_with_ann() -> Desk {
    let desk = desk_with_schools();
    desk.done(&ADD_ANN);
    desk
}

/// The same, whose emails wait for `emails send`.
pub fn later() -> Desk {
    let desk = desk_with_schools();
    desk.configure("delivery = \"later\"\n");
    desk.done(&ADD_ANN);
    desk
}

fn add(desk: &Desk, code: &str, first_name: &str, last_name: &str, email: &str) -> Ran {
    desk.run(&["org", "add-user", code, "--first-name", first_name, "--last-name", last_name, "--email", email])
}

/// Each email, the oldest first: to whom, its status, and its second paragraph.
pub fn emails(desk: &Desk) -> Vec<String> {
    let listed = desk.json(&["emails", "list"]);
    let told = |email: &Value| {
        let text = |key: &str| email[key].as_str().unwrap().to_owned();
        format!("{} {}: {}", text("to"), text("status"), text("text").split("\n\n").nth(1).unwrap())
    };
    listed["emails"].as_array().unwrap().iter().rev().map(told).collect()
}

pub fn added_to(organisation: &str) -> String {
    format!("You have been added to {organisation} in Claim funding for mentor training.")
}

fn removed_from(organisation: &str) -> String {
    format!(
        "You have been removed from {organisation} in Claim funding for mentor training. You can no longer use it for that organisation."
    )
}

/// The codes of the organisations of a user of this one.
fn organisations(desk: &Desk, code: &str, who: &str) -> Vec<String> {
    let user = desk.json(&["org", "show-user", code, who]);
    user["user"]["organisations"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}

/// What is done in a terminal up to the question at its end.
pub fn until(desk: &Desk, arguments: &[&str], question: &str) -> Terminal {
    let mut terminal = Setting::at(desk).run(arguments);
    terminal.wait_for(question);
    terminal
}

// Accounts

#[test]
fn an_account_without_memberships_is_ended_and_a_new_one_made_with_the_names_typed() {
    let desk = desk_with_ann();
    desk.done(&["sign-in", "record", "--email=ann@example.com", "--id=A1"]);
    desk.done(&REMOVE_ANN);
    let reaches_nothing = ran(0, "Allowed: organisation\nAnn Abel, ann@example.com\nOrganisations: none\n", "");
    assert_eq!(desk.line("sign-in check --id A1"), reaches_nothing);

    let added = desk.json(&["org", "add-user", "BETA", "--first-name=Anna", "--last-name=Baker", "--email=ann@example.com"]);
    let new_id = id(6, 2);
    let user = json!({
        "id": new_id, "first_name": "Anna", "last_name": "Baker", "email": "ann@example.com", "kind": "organisation",
        "organisations": [{ "id": id(1, 1), "code": "BETA", "name": "Beta School" }],
        "last_signed_in_at": null, "sign_in_id": null, "created_at": NOW, "updated_at": NOW, "revision": 1,
    });
    let email = json!({ "id": id(6, 4), "to": "ann@example.com", "subject": "Invitation to join Claim funding for mentor training", "status": "sent" });
    assert_eq!(added, json!({ "schema": 1, "result": "added", "user": user, "emails": [email], "dry_run": false }));

    let ended = format!(
        "SELECT count(*) FROM organisation_users WHERE id = '{}' AND first_name = 'Ann' AND deleted_at IS NOT NULL AND deleted_by = 'os:tester@desk'",
        id(2, 1)
    );
    assert_eq!(desk.count(&ended), 1);
    assert_eq!(desk.line("sign-in check --id A1").code, 3);
    assert_eq!(
        desk.run(&["org", "show-user", "BETA", &id(2, 1)]),
        nobody_in(&id(2, 1), "Beta School", "BETA").with_flags("--service claim")
    );
    let actions = desk.line("activity list --format plain --fields action,subject.id").out;
    let told = format!("user_added\t{new_id}\naccount_ended\t{0}\nuser_removed\t{0}\nuser_added\t{0}\n", id(2, 1));
    assert!(actions.starts_with(&told), "{actions}");
}

#[test]
fn a_removed_user_who_stays_elsewhere_is_linked_again() {
    let desk = desk_with_ann();
    desk.add_member("BETA", "Ann", "Abel", "ann@example.com");
    desk.done(&REMOVE_ANN);
    assert_eq!(organisations(&desk, "BETA", "ann@example.com"), ["BETA"]);
    let again = desk.json(&ADD_ANN);
    assert_eq!((&again["result"], &again["user"]["id"]), (&json!("linked"), &json!(id(2, 1))));
    assert_eq!(organisations(&desk, "BETA", "ann@example.com"), ["ALPHA", "BETA"]);
    assert_eq!(desk.count("SELECT count(*) FROM memberships"), 3);
    assert_eq!(desk.run(&ADD_ANN), email_in_use());
}

#[test]
fn an_address_in_any_letter_case_or_with_spaces_round_it_is_in_use() {
    let desk = desk_with_ann();
    let before = desk.rows();
    for email in ["ANN@EXAMPLE.COM", "Ann@Example.com", "  ann@example.com\t", "\u{A0}aNN@example.com\u{200B}"] {
        assert_eq!(add(&desk, "alpha", "Zoe", "Young", email), email_in_use(), "{email:?}");
    }
    assert_eq!(desk.rows(), before);
}

#[test]
fn a_support_users_address_may_be_added_and_the_support_account_stays_as_it_is() {
    let desk = desk_with_schools();
    let support_id = desk.add("Sue", "Support", "sue@education.gov.uk");
    let before = desk.json(&["users", "show", &support_id]);
    let added = desk.json(&["org", "add-user", "ALPHA", "--first-name=Susan", "--last-name=Smith", "--email=SUE@education.gov.uk"]);
    assert_eq!((&added["result"], &added["user"]["first_name"]), (&json!("added"), &json!("Susan")));
    assert_ne!(added["user"]["id"], support_id.as_str());
    assert_eq!(desk.json(&["users", "show", "sue@education.gov.uk"]), before);
    // Who is both acts, and signs in, as the support user.
    assert_eq!(desk.json(&["sign-in", "record", "--email=sue@education.gov.uk"])["access"], "support");
    desk.done(&["org", "remove-user", "ALPHA", added["user"]["id"].as_str().unwrap(), "--yes"]);
    assert_eq!(desk.line("users exists sue@education.gov.uk").code, 0);
}

#[test]
fn if_not_exists_leaves_a_member_as_they_are_and_adds_or_links_anybody_else() {
    let desk = desk_with_ann();
    let before = desk.rows();
    let add = |code: &'static str, email: &'static str| {
        ["org", "add-user", code, "--first-name=Zoe", "--last-name=Young", email, "--if-not-exists"]
    };
    let there = desk.json(&add("ALPHA", "--email=ANN@example.com"));
    assert_eq!(json!([there["result"], there["user"]["first_name"], there["emails"]]), json!(["unchanged", "Ann", []]));
    let told = desk.run(&add("ALPHA", "--email=ann@example.com"));
    assert_eq!((told.code, told.err.as_str()), (0, "This user is in the organisation already. Nothing was changed.\n"));
    assert_eq!(desk.line("org add-user ALPHA --email ann@example.com --if-not-exists").code, 3);
    assert_eq!(desk.rows(), before);
    assert_eq!(desk.json(&add("BETA", "--email=ann@example.com"))["result"], "linked");
    assert_eq!(desk.json(&add("BETA", "--email=zoe@example.com"))["result"], "added");
}

// Has, and removing

#[test]
fn has_user_answers_with_its_exit_code_alone() {
    let desk = desk_with_ann();
    desk.done(&["sign-in", "record", "--email=ann@example.com", "--id=A1"]);
    desk.add_member("BETA", "Bob", "Baker", "bob@example.com");
    desk.add("Sue", "Support", "sue@education.gov.uk");
    for (code, who, answer) in [
        ("ALPHA", "ann@example.com", 0),
        ("alpha", " ANN@Example.com ", 0),
        ("ALPHA", &id(2, 1), 0),
        ("ALPHA", "A1", 0),
        ("ALPHA", "a1", 4),
        ("BETA", "ann@example.com", 4),
        ("ALPHA", "bob@example.com", 4),
        ("ALPHA", "sue@education.gov.uk", 4),
    ] {
        assert_eq!(desk.run(&["org", "has-user", code, who]), ran(answer, "", ""), "{code} {who}");
    }
    desk.done(&REMOVE_ANN);
    assert_eq!(desk.line("org has-user ALPHA ann@example.com"), ran(4, "", ""));
}

#[test]
fn removing_somebody_who_is_not_a_member_is_not_found_and_changes_nothing() {
    let desk = desk_with_ann();
    desk.add_member("BETA", "Bob", "Baker", "bob@example.com");
    desk.add("Sue", "Support", "sue@education.gov.uk");
    desk.done(&REMOVE_ANN);
    let before = (desk.rows(), desk.letters());
    for who in ["ann@example.com", &id(2, 1), "bob@example.com", "sue@education.gov.uk", "zoe@example.com"] {
        for flags in [&["--yes"][..], &["--dry-run"]] {
            let remove = desk.run(&[&["org", "remove-user", "ALPHA", who], flags].concat());
            assert_eq!(remove, nobody_in(who, "Alpha School", "ALPHA").with_flags("--service claim"), "{who} {flags:?}");
        }
        let if_exists = desk.run(&["org", "remove-user", "ALPHA", who, "--yes", "--if-exists"]);
        assert_eq!(if_exists, ran(0, "", "There is no such user in the organisation. Nothing was changed.\n"), "{who}");
    }
    let unchanged = desk.json(&["org", "remove-user", "ALPHA", "zoe@example.com", "--yes", "--if-exists"]);
    assert_eq!(unchanged, json!({ "schema": 1, "result": "unchanged", "user": null, "emails": [], "dry_run": false }));
    assert_eq!(
        desk.line("org remove-user GAMMA zoe@example.com --yes --if-exists"),
        no_organisation("GAMMA").with_flags("--service claim")
    );
    assert_eq!((desk.rows(), desk.letters()), before);
}

#[test]
fn somebody_in_three_organisations_removed_from_two_is_told_of_each_and_stays_in_the_third() {
    let desk = desk_with_ann();
    desk.add_organisation("GAMMA", "Gamma School");
    for code in ["GAMMA", "BETA"] {
        desk.add_member(code, "Ann", "Abel", "ann@example.com");
    }
    assert_eq!(organisations(&desk, "GAMMA", "ann@example.com"), ["ALPHA", "BETA", "GAMMA"]);
    let removed = desk.json(&REMOVE_ANN);
    let left =
        json!([{ "id": id(1, 1), "code": "BETA", "name": "Beta School" }, { "id": id(3, 1), "code": "GAMMA", "name": "Gamma School" }]);
    assert_eq!((&removed["result"], &removed["user"]["organisations"]), (&json!("removed"), &left));
    desk.done(&["org", "remove-user", "GAMMA", &id(2, 1), "--yes"]);
    let to_ann = |text: &str| format!("ann@example.com sent: {text}");
    assert_eq!(emails(&desk)[3..], [to_ann(&removed_from("Alpha School")), to_ann(&removed_from("Gamma School"))]);
    assert_eq!(organisations(&desk, "BETA", "ann@example.com"), ["BETA"]);
    for code in ["ALPHA", "GAMMA"] {
        assert_eq!(desk.line(&format!("org has-user {code} ann@example.com")), ran(4, "", ""));
    }
}

#[test]
fn a_queued_invitation_to_an_organisation_is_cancelled_by_the_removal_from_it_alone() {
    let desk = later();
    desk.add_member("BETA", "Ann", "Abel", "ann@example.com");
    desk.done(&REMOVE_ANN);
    let ann = |status: &str, text: String| format!("ann@example.com {status}: {text}");
    let [to_alpha, to_beta] = ["Alpha School", "Beta School"].map(added_to);
    let [from_alpha, from_beta] = ["Alpha School", "Beta School"].map(removed_from);
    let to_alpha = ann("cancelled", to_alpha);
    let from_alpha = ann("queued", from_alpha);
    assert_eq!(emails(&desk), [to_alpha.clone(), ann("queued", to_beta.clone()), from_alpha.clone()]);
    desk.done(&["org", "remove-user", "BETA", "ann@example.com", "--yes"]);
    assert_eq!(emails(&desk), [to_alpha, ann("cancelled", to_beta), from_alpha, ann("queued", from_beta)]);
}

// Options of every change

#[test]
fn a_dry_run_of_every_verb_stores_nothing_and_has_the_exit_code_of_the_change() {
    let desk = desk_with_ann();
    desk.add_member("BETA", "Bob", "Baker", "bob@example.com");
    let before = (desk.rows(), desk.letters());
    let subject = |words: &str| format!("{words} Claim funding for mentor training");
    let changed = subject("Your email address for") + " has changed";
    for (line, result, emails) in [
        ("add-user ALPHA --first-name Zoe --last-name Young --email zoe@example.com", "added", vec![subject("Invitation to join")]),
        ("add-user BETA --first-name Ann --last-name Abel --email ann@example.com", "linked", vec![subject("Invitation to join")]),
        ("add-user ALPHA --first-name A --last-name B --email ann@example.com --if-not-exists", "unchanged", vec![]),
        ("edit-user ALPHA ann@example.com --email zoe@example.com", "updated", vec![changed.clone(), changed]),
        ("edit-user ALPHA ann@example.com --last-name Young", "updated", vec![]),
        ("remove-user ALPHA ann@example.com", "removed", vec![subject("You have been removed from")]),
        ("remove-user ALPHA bob@example.com --if-exists", "unchanged", vec![]),
    ] {
        let words = shlex::split(&format!("org {line} --dry-run")).unwrap();
        let tried = desk.json(&words.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!((&tried["result"], &tried["dry_run"]), (&json!(result), &json!(true)), "{line}");
        let would: Vec<_> =
            tried["emails"].as_array().unwrap().iter().map(|email| json!([email["id"], email["subject"], email["status"]])).collect();
        assert_eq!(would, emails.iter().map(|subject| json!([null, subject, "would_queue"])).collect::<Vec<_>>(), "{line}");
    }
    for (line, code) in [
        ("add-user ALPHA", 3),
        ("add-user ALPHA --first-name A --last-name B --email ann@example.com", 5),
        ("add-user GAMMA --first-name A --last-name B --email ann@example.com", 4),
        ("edit-user BETA bob@example.com --email ann@example.com", 5),
        ("edit-user ALPHA bob@example.com --last-name Young", 4),
        ("remove-user ALPHA bob@example.com", 4),
    ] {
        assert_eq!(desk.line(&format!("org {line} --dry-run")).code, code, "{line}");
    }
    assert_eq!((desk.rows(), desk.letters()), before);
}

#[test]
fn no_email_changes_the_record_and_queues_none() {
    let desk = desk_with_schools();
    for (line, banner) in [
        ("org add-user ALPHA --first-name Ann --last-name Abel --email ann@example.com", "User added"),
        ("org add-user BETA --first-name Ann --last-name Abel --email ann@example.com", "User added\nAn existing account was linked."),
        ("org edit-user ALPHA ann@example.com --email beth@example.com", "User updated"),
        ("org remove-user ALPHA beth@example.com --yes", "User removed"),
    ] {
        let changed = desk.line(&format!("{line} --no-email"));
        assert_eq!((changed.code, changed.err), (0, format!("Success: {banner}\n")), "{line}");
    }
    assert_eq!(desk.count("SELECT count(*) FROM emails"), 0);
    assert_eq!(organisations(&desk, "BETA", "beth@example.com"), ["BETA"]);
    // Nobody is told of an email that will not go.
    let mut terminal = until(
        &desk,
        &[&ADD_ANN[..], &["--no-email"]].concat(),
        "Check your answers First name Ann Last name Abel Email address ann@example.com What do you want to do?",
    );
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_for("Success: User added");
    assert_eq!(terminal.finish(), 0);
    assert!(terminal.same_as_one_command().ends_with(" --yes --no-email"), "{}", terminal.same_as_one_command());
}

// Lists

#[test]
fn the_list_can_be_written_in_every_format_with_the_fields_that_are_wanted() {
    let desk = desk_with_ann();
    desk.add_member("ALPHA", "=Bob", "Baker", "bob@example.com");
    desk.add_member("BETA", "Ann", "Abel", "ann@example.com");
    let (ann, bob) = (id(2, 1), id(3, 1));
    let (alpha, beta) = (
        format!(r#"{{"id":"{}","code":"ALPHA","name":"Alpha School"}}"#, id(0, 3)),
        format!(r#"{{"id":"{}","code":"BETA","name":"Beta School"}}"#, id(1, 1)),
    );
    let users = |rest: &str| desk.line(&format!("org users ALPHA {rest}"));
    assert_eq!(users("--format ids"), ran(0, &format!("{bob}\n{ann}\n"), ""));
    assert_eq!(users("--format plain --fields last_name,email"), ran(0, "Baker\tbob@example.com\nAbel\tann@example.com\n", ""));
    assert_eq!(
        users("--format csv --fields first_name,email,last_signed_in_at"),
        ran(0, "first_name,email,last_signed_in_at\r\n'=Bob,bob@example.com,\r\nAnn,ann@example.com,\r\n", "")
    );
    let line = |id: &str, first_name: &str, last_name: &str, email: &str, organisations: &str| {
        format!(
            r#"{{"id":"{id}","first_name":"{first_name}","last_name":"{last_name}","email":"{email}","kind":"organisation","organisations":[{organisations}],"last_signed_in_at":null,"sign_in_id":null,"created_at":"{NOW}","updated_at":"{NOW}","revision":1}}"#
        ) + "\n"
    };
    let lines =
        line(&bob, "=Bob", "Baker", "bob@example.com", &alpha) + &line(&ann, "Ann", "Abel", "ann@example.com", &format!("{alpha},{beta}"));
    assert_eq!(users("--format jsonl"), ran(0, &lines, ""));
    let listed = desk.json(&["org", "users", "ALPHA", "--fields=email"]);
    let organisation =
        json!({ "id": id(0, 3), "code": "ALPHA", "name": "Alpha School", "users": 2, "created_at": NOW, "updated_at": NOW, "revision": 1 });
    assert_eq!(
        listed,
        json!({ "schema": 1, "organisation": organisation, "users": [{ "email": "bob@example.com" }, { "email": "ann@example.com" }], "total": 2 })
    );
    let unknown = users("--fields email,status");
    assert!(
        unknown.code == 2 && unknown.err.starts_with("Error: There is no field called ‘status’\nThe fields are: id, first_name, "),
        "{unknown:?}"
    );
}

#[test]
fn list_users_is_another_name_for_the_list_and_signed_in_filters_it() {
    let desk = desk_with_ann();
    desk.add_member("ALPHA", "Bob", "Baker", "bob@example.com");
    desk.sign_in("bob@example.com");
    assert_eq!(desk.line("org list-users ALPHA"), desk.line("org users ALPHA"));
    let emails = |signed_in: &str| desk.line(&format!("org list-users ALPHA --signed-in {signed_in} --format plain --fields email"));
    assert_eq!((emails("no"), emails("yes")), (ran(0, "ann@example.com\n", ""), ran(0, "bob@example.com\n", "")));
    assert_eq!(emails("maybe").code, 2);
}

#[test]
fn accents_and_letter_case_do_not_split_the_alphabet_and_ties_never_move() {
    let desk = desk_with_schools();
    for (first_name, last_name, email) in [
        ("zora", "Abel", "f@example.com"),
        ("Zoë", "Abel", "e@example.com"),
        ("Zoe", "Baker", "g@example.com"),
        ("Zoe", "Abel", "d@example.com"),
        ("anna", "Abel", "c@example.com"),
        ("Anna", "Abel", "b@example.com"),
        ("Anna", "Abel", "a@example.com"),
        ("Ann", "Zed", "z@example.com"),
    ] {
        desk.add_member("ALPHA", first_name, last_name, email);
    }
    let everybody = desk.line("org users ALPHA --format plain --fields first_name,last_name,email");
    let ordered = "Ann\tZed\tz@example.com\nanna\tAbel\tc@example.com\nAnna\tAbel\ta@example.com\nAnna\tAbel\tb@example.com\n\
                   Zoe\tAbel\td@example.com\nZoë\tAbel\te@example.com\nZoe\tBaker\tg@example.com\nzora\tAbel\tf@example.com\n";
    assert_eq!(everybody, ran(0, ordered, ""));
    let page = |number: u64| {
        desk.line(&format!("org users ALPHA --format plain --fields first_name,last_name,email --per-page 3 --page {number}")).out
    };
    assert_eq!(page(1) + &page(2) + &page(3), ordered);
}

// Names

#[test]
fn names_are_kept_as_they_are_typed_but_for_white_space() {
    let desk = desk_with_schools();
    let long = "é".repeat(255);
    for (number, (first_name, last_name)) in
        [("Seán", "O’Brien-Smith"), ("Jo", "van der Berg"), ("Marie  Claire\t", "  d'Arc"), ("李", "小龍"), (&long, "ﬁ")]
            .into_iter()
            .enumerate()
    {
        let added = add(&desk, "ALPHA", first_name, last_name, &format!("user{number}@example.com"));
        assert_eq!(added.code, 0, "{added:?}");
    }
    let names = desk.line("org users ALPHA --format plain --fields email,first_name,last_name").out;
    for row in [
        "user0@example.com\tSeán\tO’Brien-Smith\n",
        "user1@example.com\tJo\tvan der Berg\n",
        "user2@example.com\tMarie Claire\td'Arc\n",
        "user3@example.com\t李\t小龍\n",
    ] {
        assert!(names.contains(row), "{names}");
    }
    assert!(names.contains(&format!("user4@example.com\t{long}\tﬁ\n")), "{names}");
    assert_eq!(desk.letters()[0].to, "Seán O’Brien-Smith <user0@example.com>");
}

#[test]
fn names_with_control_characters_or_of_256_characters_are_refused() {
    let desk = desk_with_schools();
    let before = desk.rows();
    for name in ["a\u{1B}[31mb", "a\u{7}b", "a\u{9B}31mb", "a\u{7F}b", "a\u{202E}b", "a\u{2066}b", "a\u{200B}b", "a\u{FFFE}b"] {
        let first = add(&desk, "ALPHA", name, "Abel", "ann@example.com");
        assert_eq!(first, problem("--first-name", "First name must not include control characters"), "{name:?}");
        let last = add(&desk, "ALPHA", "Ann", name, "ann@example.com");
        assert_eq!(last, problem("--last-name", "Last name must not include control characters"), "{name:?}");
    }
    let long = "é".repeat(256);
    assert_eq!(
        add(&desk, "ALPHA", &long, "Abel", "ann@example.com"),
        problem("--first-name", "First name must be 255 characters or fewer")
    );
    assert_eq!(add(&desk, "ALPHA", "Ann", &long, "ann@example.com"), problem("--last-name", "Last name must be 255 characters or fewer"));
    assert_eq!(desk.rows(), before);
}

#[test]
fn sign_in_details_for_a_new_address_outlive_the_removal_from_one_of_two_organisations() {
    let desk = later();
    desk.done(&["org", "edit-user", "ALPHA", "ann@example.com", "--email=anna@example.com"]);
    desk.done(&["org", "add-user", "BETA", "--first-name=Ann", "--last-name=Abel", "--email=anna@example.com", "--no-email"]);
    let remove = |code: &str| desk.done(&["org", "remove-user", code, "anna@example.com", "--yes", "--no-email"]);
    let queued = || desk.count("SELECT count(*) FROM emails WHERE notice = 'email-changed' AND status = 'queued'");
    remove("ALPHA");
    assert_eq!(queued(), 1);
    remove("BETA");
    assert_eq!(queued(), 0);
}

#[test]
fn a_dry_run_of_a_removal_says_who_and_from_where() {
    let desk = desk_with_ann();
    add(&desk, "BETA", "Ann", "Abel", "ann@example.com");
    assert_eq!(
        desk.line("org remove-user BETA ann@example.com --dry-run"),
        ran(
            0,
            "Dry run: nothing was stored.\n\nThis would remove the user Ann Abel from Beta School.\n\n\
             This would email: ann@example.com, You have been removed from Claim funding for mentor training\n",
            ""
        )
    );
}

#[test]
fn two_organisations_of_one_name_are_told_apart_by_their_codes() {
    let desk = desk_with_ann();
    desk.add_organisation("A2", "Alpha School");
    add(&desk, "A2", "Ann", "Abel", "ann@example.com");
    let shown = desk.line("org show-user A2 ann@example.com").out;
    assert!(shown.contains("\nOrganisations   Alpha School (A2)\n                Alpha School (ALPHA)\n"), "{shown}");
    let mut terminal = until(&desk, &["org", "remove-user", "A2", "ann@example.com"], "Remove Ann Abel from Alpha School (A2)");
    terminal.type_keys(ESCAPE);
    assert_eq!((terminal.finish(), organisations(&desk, "A2", "ann@example.com").len()), (9, 2));
}
