//! Editing the users of organisations beyond the lines of seed 002, and two people at one record or
//! organisation at once.

use serde_json::json;

use crate::desk::{email_in_use, id, ran};
use crate::journeys::NEXT_STEP;
use crate::organisation_users::{ADD_ANN, REMOVE_ANN, added_to, desk_with_ann, desk_with_schools, emails, later, until};
use crate::terminal::ENTER;

const EDIT_ANN: [&str; 4] = ["org", "edit-user", "ALPHA", "ann@example.com"];
const SURE: &str = "Are you sure you want to remove this user?";

/// An edit of Ann with these flags.
fn edit_ann<'a>(flags: &[&'a str]) -> Vec<&'a str> {
    [&EDIT_ANN[..], flags].concat()
}

#[test]
fn the_setting_says_when_an_organisations_users_may_be_edited() {
    for (rule, before_sign_in, after_sign_in) in [("never", 6, 6), ("until-sign-in", 0, 6), ("always", 0, 0)] {
        let desk = desk_with_ann();
        desk.done(&["service", "set", "edit-organisation-users", rule]);
        let edit = |name: &str| desk.run(&edit_ann(&["--first-name", name]));
        let first = edit("Beth");
        assert_eq!(first.code, before_sign_in, "{rule}: {first:?}");
        desk.sign_in("ann@example.com");
        let second = edit("Cate");
        assert_eq!(second.code, after_sign_in, "{rule}: {second:?}");
    }
}

#[test]
fn where_nobody_edits_the_users_of_organisations_the_refusal_and_the_page_say_what_to_do() {
    let desk = desk_with_ann();
    desk.done(&["service", "set", "edit-organisation-users", "never"]);
    let advice = "If they are wrong, remove the user from every organisation and add them again.\n";
    let refused = format!("Error: You cannot change the details of an organisation’s users in this service\nNothing was changed. {advice}");
    let before = desk.rows();
    assert_eq!(desk.run(&edit_ann(&["--last-name=Young"])), ran(6, "", &refused));
    let page = desk.run(&["org", "show-user", "ALPHA", "ann@example.com"]).out;
    assert!(page.contains(&format!("The first name, last name and email address cannot be changed in this service. {advice}")), "{page}");
    // Asked in a terminal it is refused before the first question.
    let mut terminal = until(&desk, &EDIT_ANN, "Error: You cannot change the details of an organisation’s users in this service");
    assert_eq!((terminal.finish(), desk.rows()), (6, before));
}

#[test]
fn an_edited_address_tells_the_new_and_the_old_one_and_cancels_queued_invitations() {
    let desk = later();
    desk.add_member("BETA", "Ann", "Abel", "ann@example.com");
    let edited = desk.json(&edit_ann(&["--email=Beth@Example.com"]));
    let subject = "Your email address for Claim funding for mentor training has changed";
    let email = |place, to: &str| json!({ "id": id(4, place), "to": to, "subject": subject, "status": "queued" });
    assert_eq!(edited["emails"], json!([email(1, "beth@example.com"), email(2, "ann@example.com")]));
    let changed = "Your email address for Alpha School and Beta School in Claim funding for mentor training has changed.";
    assert_eq!(
        emails(&desk),
        [
            format!("ann@example.com cancelled: {}", added_to("Alpha School")),
            format!("ann@example.com cancelled: {}", added_to("Beta School")),
            format!("beth@example.com queued: {changed}"),
            format!("ann@example.com queued: {changed} This address, ann@example.com, is no longer used for your account."),
        ]
    );
    let to_new = desk.json(&["emails", "show", &id(4, 1)])["email"]["text"].as_str().unwrap().to_owned();
    assert!(to_new.contains("\nSign in with DfE Sign-in, using this email address:\nbeth@example.com\n"), "{to_new}");
    assert_eq!(desk.line("org has-user BETA beth@example.com").code, 0);
}

#[test]
fn an_edited_user_moves_to_their_place_in_the_list_of_each_of_their_organisations() {
    let desk = desk_with_ann();
    desk.add_member("BETA", "Ann", "Abel", "ann@example.com");
    for code in ["ALPHA", "BETA"] {
        desk.add_member(code, "Bob", "Baker", "bob@example.com");
        desk.add_member(code, "Ann", "Abel", "b@example.com");
    }
    // The order of pages is kept with the memberships, so each page is looked at by itself.
    let page = |code: &str, page| desk.line(&format!("org users {code} --format plain --fields email --per-page 1 --page {page}")).out;
    let emails = |code: &str| (1..=3).map(|number| page(code, number)).collect::<String>();
    for (email, flag, order) in [
        ("ann@example.com", "--email=z@example.com", "b@example.com\nz@example.com\nbob@example.com\n"),
        ("b@example.com", "--first-name=Zoe", "z@example.com\nbob@example.com\nb@example.com\n"),
    ] {
        desk.done(&["org", "edit-user", "BETA", email, flag]);
        assert_eq!((emails("ALPHA"), emails("BETA")), (order.to_owned(), order.to_owned()));
    }
}

#[test]
fn an_address_of_another_account_of_any_organisation_is_in_use() {
    let desk = desk_with_ann();
    desk.add_member("BETA", "Bob", "Baker", "bob@example.com");
    desk.add_member("BETA", "Cat", "Cole", "cat@example.com");
    desk.done(&["org", "remove-user", "BETA", "cat@example.com", "--yes"]);
    desk.add("Sue", "Support", "sue@education.gov.uk");
    let before = desk.rows();
    let edit = |email: &str| desk.run(&edit_ann(&["--email", email]));
    for email in ["bob@example.com", " BOB@example.com", "cat@example.com"] {
        assert_eq!(edit(email), email_in_use(), "{email}");
    }
    assert_eq!(desk.rows(), before);
    assert_eq!(edit("sue@education.gov.uk").code, 0);
}

#[test]
fn what_is_wrong_with_an_edit_is_told_all_at_once_and_nothing_is_stored() {
    let desk = desk_with_ann();
    desk.add_member("BETA", "Bob", "Baker", "bob@example.com");
    let before = desk.rows();
    let edit = |answers: [&str; 3]| {
        desk.run(&[&EDIT_ANN[..], &["--first-name", answers[0], "--last-name", answers[1], "--email", answers[2]]].concat())
    };
    let problems = |[first_name, last_name, email]: [&str; 3]| {
        let lines = format!("  --first-name  {first_name}\n  --last-name   {last_name}\n  --email       {email}\n");
        ran(3, "", &format!("Error: There is a problem\n{lines}"))
    };
    let wrong_email = "Enter an email address in the correct format, like name@example.com";
    assert_eq!(edit(["", " ", ""]), problems(["Enter a first name", "Enter a last name", "Enter an email address"]));
    let long = "x".repeat(256);
    assert_eq!(
        edit([&long, "a\u{202E}b", "jo hn@example.com"]),
        problems(["First name must be 255 characters or fewer", "Last name must not include control characters", wrong_email])
    );
    assert_eq!(
        edit(["a\u{7}b", &long, "bob@example.com"]),
        problems([
            "First name must not include control characters",
            "Last name must be 255 characters or fewer",
            "Email address already in use"
        ])
    );
    assert_eq!(desk.rows(), before);
}

#[test]
fn an_edit_that_gives_what_is_stored_changes_nothing_even_after_the_first_sign_in() {
    let desk = desk_with_ann();
    desk.sign_in("ann@example.com");
    let before = (desk.rows(), desk.letters());
    let same = desk.run(&edit_ann(&["--first-name= Ann", "--last-name=Abel\t", "--email=ANN@example.com"]));
    assert_eq!((same.code, same.err.as_str()), (0, "The user is like this already. Nothing was changed.\n"));
    assert!(!same.out.contains("What changed"), "{same:?}");
    assert_eq!(desk.json(&edit_ann(&["--first-name=Ann"]))["result"], "unchanged");
    assert_eq!((desk.rows(), desk.letters()), before);
    let nothing = "Error: There is nothing to change\nNothing was changed. Give at least one of --first-name, --last-name and --email.\n";
    assert_eq!(desk.run(&EDIT_ANN), ran(2, "", nothing));
}

// Two people at once

#[test]
fn the_second_of_two_who_edit_at_once_is_told_what_the_first_changed() {
    let desk = desk_with_ann();
    let mut first = until(&desk, &edit_ann(&["--first-name=Beth"]), "First name: Ann → Beth");
    let mut second = until(&desk, &edit_ann(&["--last-name=Young"]), "Last name: Abel → Young");
    first.choose(NEXT_STEP, "Save");
    first.wait_for("Success: User updated");
    assert_eq!(first.finish(), 0);
    let between = desk.rows();
    second.choose(NEXT_STEP, "Save");
    second.wait_for(
        "Error: Somebody else changed this user meanwhile. First name: Ann → Beth \
         Nothing was changed. Look at the user again, then make your change again.",
    );
    assert_eq!((second.finish(), desk.rows()), (5, between));
}

#[test]
fn what_happens_while_an_edit_is_checked_is_refused_when_it_is_saved() {
    for (meanwhile, error, code) in [
        (&["sign-in", "record", "--email=ann@example.com"][..], "Error: You cannot change the first name, last name or email address", 6),
        (
            &REMOVE_ANN,
            "Error: The account of ann@example.com that you looked at is no longer in Alpha School Nothing was changed. Somebody else removed them meanwhile.",
            4,
        ),
        (&["service", "set", "edit-organisation-users", "never"], "Error: You cannot change the details of an organisation’s users", 6),
    ] {
        let desk = desk_with_ann();
        let mut terminal = until(&desk, &edit_ann(&["--last-name=Young"]), "Last name: Abel → Young");
        desk.done(meanwhile);
        let between = desk.rows();
        terminal.choose(NEXT_STEP, "Save");
        terminal.wait_for(error);
        assert_eq!((terminal.finish(), desk.rows()), (code, between));
    }
}

#[test]
fn an_organisation_deleted_while_the_form_is_open_is_not_found_and_nothing_is_stored() {
    let desk = desk_with_schools();
    let mut terminal = until(&desk, &ADD_ANN, "Check your answers");
    desk.done(&["org", "delete", "ALPHA", "--yes"]);
    // Another with its code is not the one that the form is about.
    desk.add_organisation("ALPHA", "Another School");
    let between = desk.rows();
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_for(
        "Error: The organisation ALPHA that you looked at is no longer there Nothing was changed. Somebody else deleted it meanwhile.",
    );
    assert_eq!((terminal.finish(), desk.rows(), desk.letters()), (4, between, vec![]));
}

#[test]
fn an_organisation_deleted_while_the_names_are_typed_is_told_before_the_check() {
    let desk = desk_with_schools();
    let mut terminal = until(&desk, &["org", "add-user", "beta", "--first-name=Ann", "--last-name=Abel"], "Email address >");
    desk.done(&["org", "delete", "BETA", "--yes"]);
    let between = desk.rows();
    terminal.type_keys(&format!("ann@example.com{ENTER}"));
    terminal.wait_for("Error: The organisation BETA that you looked at is no longer there");
    assert_eq!((terminal.finish(), desk.rows()), (4, between));
}

#[test]
fn somebody_who_gets_an_account_meanwhile_is_checked_again_before_they_are_linked() {
    let desk = desk_with_schools();
    let answers = ["org", "add-user", "BETA", "--first-name=Anne", "--last-name=Abel", "--email=ann@example.com"];
    let mut terminal = until(&desk, &answers, "Check your answers First name Anne");
    desk.done(&ADD_ANN);
    let between = (desk.rows(), desk.letters());
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&[
        "Error: Somebody else added, changed or removed this user meanwhile Nothing was changed. Check your answers again.",
        "Check your answers First name Ann",
        "An existing account will be linked, and its names kept: First name: Ann (you typed Anne)",
    ]);
    assert_eq!((desk.rows(), desk.letters()), between);
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_for("Success: User added An existing account was linked, and its names were kept: First name: Ann (you typed Anne)");
    assert_eq!((terminal.finish(), desk.count("SELECT count(*) FROM organisation_users")), (0, 1));
}

#[test]
fn somebody_who_loses_their_last_organisation_meanwhile_is_checked_again_before_a_new_account_is_made() {
    let desk = desk_with_schools();
    desk.done(&ADD_ANN);
    let answers = ["org", "add-user", "BETA", "--first-name=Anne", "--last-name=Abel", "--email=ann@example.com"];
    let mut terminal = until(&desk, &answers, "An existing account will be linked, and its names kept: First name: Ann (you typed Anne)");
    desk.done(&REMOVE_ANN);
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&["Error: Somebody else added, changed or removed this user meanwhile", "Check your answers First name Anne"]);
    terminal.choose(NEXT_STEP, "Cancel");
    terminal.wait_for("Nothing was changed");
    assert_eq!((terminal.finish(), desk.count("SELECT count(*) FROM organisation_users")), (9, 1));
}

#[test]
fn somebody_added_or_removed_by_somebody_else_meanwhile_is_told() {
    let desk = desk_with_schools();
    let mut terminal = until(&desk, &ADD_ANN, "Check your answers");
    desk.done(&ADD_ANN);
    terminal.choose(NEXT_STEP, "Save");
    terminal.correct("Email address Error: Email address already in use > ann@example.com", "anna@example.com");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&["Success: User added", "Alpha School Users (2)"]);
    assert_eq!(terminal.finish(), 0);
    let mut terminal = until(&desk, &REMOVE_ANN[..4], SURE);
    desk.done(&REMOVE_ANN);
    let between = (desk.rows(), desk.letters());
    terminal.choose(SURE, "Yes");
    terminal.wait_for("Error: The account of ann@example.com that you looked at is no longer in Alpha School Nothing was changed. Somebody else removed them meanwhile.");
    assert_eq!((terminal.finish(), (desk.rows(), desk.letters())), (4, between));
}

#[test]
fn somebody_renamed_while_their_removal_is_confirmed_is_not_removed_unseen() {
    let desk = desk_with_schools();
    desk.done(&ADD_ANN);
    let mut terminal = until(&desk, &REMOVE_ANN[..4], SURE);
    desk.done(&edit_ann(&["--last-name=Wilson"]));
    let between = (desk.rows(), desk.letters());
    terminal.choose(SURE, "Yes");
    terminal.wait_for("Error: Somebody else changed this user meanwhile. Last name: Abel → Wilson Nothing was changed.");
    assert_eq!((terminal.finish(), (desk.rows(), desk.letters())), (5, between));
}

#[test]
fn the_second_of_two_who_rename_an_organisation_at_once_is_told_what_the_first_changed() {
    let desk = desk_with_schools();
    let mut terminal = until(&desk, &["org", "edit", "BETA", "--name=Beta College"], "Name: Beta School → Beta College");
    desk.done(&["org", "edit", "BETA", "--name=Beta Academy"]);
    let between = desk.rows();
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_for(
        "Error: Somebody else changed this organisation meanwhile. Organisation name: Beta School → Beta Academy Nothing was changed.",
    );
    assert_eq!((terminal.finish(), desk.rows()), (5, between));
}

#[test]
fn an_organisation_renamed_while_its_deletion_is_confirmed_is_not_deleted_unseen() {
    let desk = desk_with_schools();
    let sure = "Do you want to delete Beta School?";
    let mut terminal = until(&desk, &["org", "delete", "BETA"], sure);
    desk.done(&["org", "edit", "BETA", "--name", "Beta Academy"]);
    terminal.choose(sure, "Yes");
    terminal.wait_for("Error: Somebody else changed this organisation meanwhile. Organisation name: Beta School → Beta Academy");
    assert_eq!((terminal.finish(), desk.count("SELECT count(*) FROM organisations WHERE deleted_at IS NOT NULL")), (5, 0));
}
