//! Seed 003, “Updating how organisations manage their users”: each of its lines, in its order and
//! under its words. Ann belongs to Alpha School, and acts there without the Support team.

use crate::desk::{Desk, Letter, Ran, email_in_use, id, nobody_in, problem, ran, written};
use crate::journeys::{LIST, NEXT_STEP};
use crate::terminal::{ENTER, ESCAPE, Setting, Terminal};

const ANN: &str = "ann@alpha.sch.uk";
const ADD_BOB: &str = "org add-user ALPHA --first-name Bob --last-name Baker --email bob@alpha.sch.uk";
const WRONG_EMAIL: &str = "Enter an email address in the correct format, like name@example.com";
const WHICH: &str = "Choose an organisation, or what to do";
const SURE: &str = "Are you sure you want to remove this user?";

/// Bob’s page without his id, which his addition has yet to give.
const BOB: &str = "\
Bob Baker

User has never signed in

First name      Bob
Last name       Baker
Email address   bob@alpha.sch.uk
Organisations   Alpha School (ALPHA)
Last signed in  Never
";

/// A desk whose first run added Alpha School, and whose second added Ann to it.
fn desk_with_ann() -> Desk {
    let desk = Desk::of("publish");
    desk.add_organisation("ALPHA", "Alpha School");
    desk.add_member("ALPHA", "Ann", "Abel", ANN);
    desk
}

/// The same with Bob, whom Ann added with the third run.
fn desk_with_bob() -> Desk {
    let desk = desk_with_ann();
    assert_eq!(by_ann(&desk, ADD_BOB).code, 0);
    desk
}

fn by_ann(desk: &Desk, line: &str) -> Ran {
    desk.line(&format!("--as {ANN} {line}"))
}

/// Ann adds somebody.
fn add(desk: &Desk, first_name: &str, last_name: &str, email: &str) {
    let name = ["--first-name", first_name, "--last-name", last_name];
    desk.done(&[&["--as", ANN, "org", "add-user", "ALPHA", "--email", email], &name[..]].concat());
}

/// Ann opens the desk, and the list of her organisation’s users.
fn open_users(desk: &Desk, columns: u16) -> Terminal {
    let mut terminal = Setting::at(desk).columns(columns).run(&["org", "--as", ANN]);
    terminal.choose(WHICH, "Alpha School");
    terminal.choose(NEXT_STEP, "Users");
    terminal
}

/// Goes back out of the list of users, and out of the desk.
fn leave(mut terminal: Terminal) {
    for place in [LIST, NEXT_STEP, WHICH] {
        terminal.wait_for(place);
        terminal.type_keys(ESCAPE);
    }
    assert_eq!(terminal.finish(), 0);
}

// What we changed

#[test]
fn the_support_team_need_not_be_involved() {
    let desk = desk_with_ann();
    assert_eq!(by_ann(&desk, ADD_BOB).code, 0);
    assert_eq!(by_ann(&desk, "org remove-user ALPHA bob@alpha.sch.uk --yes").code, 0);
    let by = "activity list --user bob@alpha.sch.uk --format plain --fields action,actor.label,actor.email";
    assert_eq!(desk.line(by), ran(0, "user_removed\tAnn Abel\tann@alpha.sch.uk\nuser_added\tAnn Abel\tann@alpha.sch.uk\n", ""));
    assert_eq!(desk.line("users list"), ran(0, "There are no users.\n", ""));
}

#[test]
fn the_form_asks_neither_an_organisation_name_nor_a_reason() {
    let desk = desk_with_ann();
    for flag in ["--reason", "--organisation", "--name"] {
        let asked = by_ann(&desk, &format!("{ADD_BOB} {flag} x"));
        assert_eq!((asked.code, asked.out.as_str()), (2, ""), "{flag}");
        assert!(asked.err.contains(&format!("'{flag}'")), "{asked:?}");
    }
}

#[test]
fn the_form_only_includes_first_name_last_name_and_email_address() {
    let desk = desk_with_ann();
    let mut terminal = Setting::at(&desk).run(&["org", "add-user", "ALPHA", "--as", ANN]);
    terminal.answer("Add user to Alpha School First name >", "Bob");
    terminal.answer("Last name >", "Baker");
    terminal.answer("Email address >", "bob@alpha.sch.uk");
    terminal.wait_for("Check your answers First name Bob Last name Baker Email address bob@alpha.sch.uk Bob Baker will be sent");
    terminal.choose(NEXT_STEP, "Cancel");
    terminal.wait_for("Nothing was changed");
    assert_eq!((terminal.finish(), desk.count("SELECT count(*) FROM organisation_users")), (9, 1));
}

#[test]
fn the_email_goes_as_soon_as_the_user_is_added() {
    let desk = desk_with_ann();
    let added: serde_json::Value = serde_json::from_str(&by_ann(&desk, &format!("{ADD_BOB} --json")).out).unwrap();
    let emails = serde_json::json!([{
        "id": id(2, 3),
        "to": "bob@alpha.sch.uk",
        "subject": "Invitation to join Publish teacher training courses",
        "status": "sent",
    }]);
    assert_eq!((&added["result"], &added["emails"]), (&"added".into(), &emails));
    assert_eq!(desk.letters()[1].to, "Bob Baker <bob@alpha.sch.uk>");
}

#[test]
fn providers_can_remove_users_from_their_organisation() {
    let desk = desk_with_bob();
    let removed = by_ann(&desk, "org remove-user ALPHA bob@alpha.sch.uk --yes");
    assert_eq!(removed, ran(0, "", &format!("Success: User removed\n{}", written(&id(3, 1)))));
    let list = "Alpha School\n\nUsers (1)\n\nName      Email address\nAnn Abel  ann@alpha.sch.uk\n";
    assert_eq!(by_ann(&desk, "org users ALPHA"), ran(0, list, ""));
}

// How it works

#[test]
fn the_user_list_page_shows_an_add_user_button() {
    let desk = desk_with_ann();
    let mut terminal = open_users(&desk, 80);
    terminal.wait_for(&format!("Alpha School Users (1) {LIST} > Ann Abel ann@alpha.sch.uk Find Add user Back to the organisation"));
    leave(terminal);
}

#[test]
fn the_list_is_ordered_by_first_name_then_last_name() {
    let desk = desk_with_ann();
    for (first_name, last_name) in [("Zoë", "Abel"), ("Anna", "Abel"), ("ann", "Young"), ("Zoe", "Baker"), ("Ann", "Zed")] {
        let email = format!("{first_name}.{last_name}@alpha.sch.uk").replace('ë', "e");
        add(&desk, first_name, last_name, &email);
    }
    let names = by_ann(&desk, "org users ALPHA --format plain --fields first_name,last_name");
    assert_eq!(names, ran(0, "Ann\tAbel\nann\tYoung\nAnn\tZed\nAnna\tAbel\nZoë\tAbel\nZoe\tBaker\n", ""));
}

#[test]
fn the_list_is_paginated_if_it_contains_more_than_50_users() {
    let desk = desk_with_ann();
    for number in 2..=50 {
        add(&desk, "Bob", &format!("Baker {number:02}"), &format!("bob{number:02}@alpha.sch.uk"));
    }
    let one_page = by_ann(&desk, "org users ALPHA");
    assert!(one_page.out.starts_with("Alpha School\n\nUsers (50)\n\nName "), "{one_page:?}");
    assert!(one_page.out.ends_with("\nBob Baker 50  bob50@alpha.sch.uk\n"), "{one_page:?}");
    assert_eq!((one_page.out.lines().count(), one_page.err.as_str()), (55, ""));

    add(&desk, "Zoe", "Young", "zoe@alpha.sch.uk");
    let first = by_ann(&desk, "org users ALPHA");
    let next = format!("Next page: frontdesk org users ALPHA --service publish --as {ANN} --page 2");
    assert!(first.out.ends_with(&format!("\nBob Baker 50  bob50@alpha.sch.uk\n\nShowing 1 to 50 of 51 results\n{next}\n")), "{first:?}");
    let second = "Alpha School\n\nUsers (51)\n\nName       Email address\nZoe Young  zoe@alpha.sch.uk\n\nShowing 51 to 51 of 51 results\n";
    assert_eq!(by_ann(&desk, "org users ALPHA --page 2"), ran(0, second, ""));
}

#[test]
fn when_a_user_is_added_or_removed_the_success_message_is_above_the_page_heading() {
    let desk = desk_with_bob();
    let mut terminal = open_users(&desk, 80);
    terminal.choose(LIST, "Bob Baker");
    terminal.choose(NEXT_STEP, "Remove user");
    terminal.choose(SURE, "Yes");
    terminal.wait_in_order(&["Success: User removed", "Alpha School", "Users (1)", LIST]);
    assert_eq!(terminal.same_as_one_command(), format!("--service publish --as {ANN} org remove-user ALPHA bob@alpha.sch.uk --yes"));
    terminal.choose(LIST, "Add user");
    terminal.answer("First name", "Cy");
    terminal.answer("Last name", "Cole");
    terminal.answer("Email address", "cy@alpha.sch.uk");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&["Success: User added", "Alpha School", "Users (2)", LIST, "Cy Cole cy@alpha.sch.uk"]);
    assert_eq!(
        terminal.same_as_one_command(),
        format!("--service publish --as {ANN} org add-user ALPHA --first-name Cy --last-name Cole --email cy@alpha.sch.uk --yes")
    );
    leave(terminal);
}

#[test]
fn without_a_terminal_the_success_message_is_on_standard_error() {
    let added = by_ann(&desk_with_ann(), ADD_BOB);
    assert_eq!(added, ran(0, &format!("{BOB}Id              {}\n", id(2, 1)), &format!("Success: User added\n{}", written(&id(2, 3)))));
}

// Adding a user

/// From ‘Add user’ through every mistake that the seed names to the last yes.
fn add_user(columns: u16) {
    let desk = desk_with_ann();
    let mut terminal = open_users(&desk, columns);
    terminal.choose(LIST, "Add user");
    terminal.wait_for("Add user to Alpha School First name >");
    terminal.type_keys(ENTER);
    terminal.correct("First name Error: Enter a first name >", "Bob");
    terminal.wait_for("Last name >");
    terminal.type_keys(ENTER);
    terminal.correct("Last name Error: Enter a last name >", "Baker");
    terminal.wait_for("Email address >");
    terminal.type_keys(ENTER);
    terminal.correct("Email address Error: Enter an email address >", "bob baker@alpha.sch.uk");
    terminal.correct(&format!("Error: {WRONG_EMAIL} > bob baker@alpha.sch.uk"), "ANN@alpha.sch.uk");
    terminal.correct("Error: Email address already in use > ANN@alpha.sch.uk", "bob@alpha.sch.uk");
    terminal.wait_for(&format!(
        "Check your answers First name Bob Last name Baker Email address bob@alpha.sch.uk \
         Bob Baker will be sent an email to tell them you’ve added them to Alpha School. \
         {NEXT_STEP} > Save Change: First name Change: Last name Change: Email address See the email Cancel"
    ));
    assert_eq!(desk.count("SELECT count(*) FROM organisation_users"), 1);
    terminal.choose(NEXT_STEP, "Change: Last name");
    terminal.correct("Last name > Baker", "Young");
    terminal.wait_for("Bob Young will be sent an email to tell them you’ve added them to Alpha School.");
    terminal.choose(NEXT_STEP, "See the email");
    terminal.wait_in_order(&["To: bob@alpha.sch.uk", "Hello Bob", "You have been added to Alpha School in", NEXT_STEP, "> Save"]);
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&["Success: User added", "Alpha School", "Users (2)", LIST, "Bob Young bob@alpha.sch.uk"]);
    leave(terminal);
    assert_eq!(desk.letters()[1].to, "Bob Young <bob@alpha.sch.uk>");
}

#[test]
fn add_user_takes_the_user_through_the_flow_in_80_columns() {
    add_user(80);
}

#[test]
fn add_user_takes_the_user_through_the_flow_in_40_columns() {
    add_user(40);
}

#[test]
fn not_entering_all_the_information_is_an_error_for_each_of_the_three_questions() {
    let desk = desk_with_ann();
    let all = "Error: There is a problem\n  \
               --first-name  Enter a first name\n  \
               --last-name   Enter a last name\n  \
               --email       Enter an email address\n";
    assert_eq!(by_ann(&desk, "org add-user ALPHA"), ran(3, "", all));
    assert_eq!(by_ann(&desk, "org add-user ALPHA --first-name ' ' --last-name '' --email '\t'"), ran(3, "", all));
    let object = desk.refused(&["--as", ANN, "org", "add-user", "ALPHA"]);
    let flags: Vec<_> = object["error"]["fields"].as_array().unwrap().iter().map(|field| &field["flag"]).collect();
    assert_eq!(flags, ["--first-name", "--last-name", "--email"]);
}

#[test]
fn an_incorrect_email_address_is_an_error_for_example_with_invalid_characters() {
    let desk = desk_with_ann();
    let before = desk.rows();
    for email in
        ["bob", "bob@", "bob baker@alpha.sch.uk", "bob(baker)@alpha.sch.uk", "böb@alpha.sch.uk", "bob@alpha", "Bob <bob@alpha.sch.uk>"]
    {
        let added = desk.run(&["--as", ANN, "org", "add-user", "ALPHA", "--first-name=Bob", "--last-name=Baker", "--email", email]);
        assert_eq!(added, problem("--email", WRONG_EMAIL), "{email}");
    }
    assert_eq!(desk.rows(), before);
    // Any host will do: schools have all kinds.
    assert_eq!(by_ann(&desk, "org add-user ALPHA --first-name Bob --last-name Baker --email bob@gmail.com").code, 0);
}

#[test]
fn an_email_address_already_used_by_another_user_of_the_organisation_is_an_error() {
    let desk = desk_with_bob();
    let before = desk.rows();
    for email in ["bob@alpha.sch.uk", "BOB@Alpha.sch.uk", ANN] {
        let again = format!("org add-user ALPHA --first-name Rob --last-name Barker --email {email}");
        assert_eq!(by_ann(&desk, &again), email_in_use(), "{email}");
        assert_eq!(by_ann(&desk, &format!("{again} --dry-run")), email_in_use(), "{email}");
    }
    let with_another = "Error: There is a problem\n  --first-name  Enter a first name\n  --email       Email address already in use\n";
    assert_eq!(by_ann(&desk, "org add-user ALPHA --last-name Barker --email bob@alpha.sch.uk"), ran(3, "", with_another));
    assert_eq!((desk.rows(), desk.letters().len()), (before, 2));
}

#[test]
fn users_can_check_their_answers_before_saving_the_new_user() {
    let desk = desk_with_ann();
    let before = desk.rows();
    let would = format!(
        "Dry run: nothing was stored.\n\nThis would add the user:\n\n{BOB}\n\
         This would email: bob@alpha.sch.uk, Invitation to join Publish teacher training courses\n"
    );
    assert_eq!(by_ann(&desk, &format!("{ADD_BOB} --dry-run")), ran(0, &would, ""));
    assert_eq!((desk.rows(), desk.letters().len()), (before, 1));
}

#[test]
fn adding_the_user_triggers_sending_an_email_with_sign_in_details() {
    let invitation = Letter {
        to: "Bob Baker <bob@alpha.sch.uk>".to_owned(),
        subject: "Invitation to join Publish teacher training courses".to_owned(),
        text: "\
Hello Bob

You have been added to Alpha School in Publish teacher training courses.

To sign in, go to:
https://www.publish-teacher-training-courses.service.gov.uk

Sign in with DfE Sign-in, using this email address:
bob@alpha.sch.uk

This is the address that this email was sent to. If you use a different one, you may not be able to sign in, or you may not see everything you need.

If you do not have a DfE Sign-in account, create one with the same email address:
https://profile.signin.education.gov.uk/register

Then come back to this email and sign in.

Email becomingateacher@digital.education.gov.uk if you need help, or if you did not expect this email.
"
        .to_owned(),
    };
    assert_eq!(desk_with_bob().letters()[1..], [invitation]);
}

// Removing a user

#[test]
fn they_must_confirm_the_removal_and_no_is_the_default() {
    let desk = desk_with_bob();
    let before = desk.rows();
    for columns in [80, 40] {
        let mut terminal = open_users(&desk, columns);
        terminal.choose(LIST, "Bob Baker");
        terminal.choose(NEXT_STEP, "Remove user");
        terminal.wait_for(&format!(
            "Remove Bob Baker from Alpha School (ALPHA) \
             Bob Baker will be sent an email to tell them you removed them from Alpha School. {SURE} > No Yes"
        ));
        terminal.type_keys(ENTER);
        terminal.wait_in_order(&["Nothing was changed", "Bob Baker User has never signed in", "Remove user > Back to the list"]);
        terminal.type_keys(ESCAPE);
        leave(terminal);
    }
    let unconfirmed = "Error: Removing a user from an organisation must be confirmed. To remove them, add --yes\n\
                       Nothing was changed. To see what would happen, add --dry-run.\n";
    assert_eq!(by_ann(&desk, "org remove-user ALPHA bob@alpha.sch.uk"), ran(2, "", unconfirmed));
    assert_eq!((desk.rows(), desk.letters().len()), (before, 2));
}

#[test]
fn remove_user_removes_the_user_whom_the_page_was_about() {
    let desk = desk_with_bob();
    let mut terminal = Setting::at(&desk).run(&["org", "remove-user", "ALPHA", "bob@alpha.sch.uk", "--as", ANN]);
    terminal.choose(SURE, "Yes");
    terminal.wait_in_order(&["Success: User removed", "Alpha School", "Users (1)", "Ann Abel ann@alpha.sch.uk"]);
    assert_eq!(terminal.finish(), 0);
    assert_eq!(
        by_ann(&desk, "org show-user ALPHA bob@alpha.sch.uk"),
        nobody_in("bob@alpha.sch.uk", "Alpha School", "ALPHA").with_flags(&format!("--service publish --as {ANN}"))
    );
}

#[test]
fn removing_a_user_triggers_an_email_that_tells_them_and_how_to_get_help() {
    let desk = desk_with_bob();
    assert_eq!(by_ann(&desk, "org remove-user ALPHA bob@alpha.sch.uk --yes").code, 0);
    let removal = Letter {
        to: "Bob Baker <bob@alpha.sch.uk>".to_owned(),
        subject: "You have been removed from Publish teacher training courses".to_owned(),
        text: "Hello Bob\n\nYou have been removed from Alpha School in Publish teacher training courses. \
               You can no longer use it for that organisation.\n\n\
               Email becomingateacher@digital.education.gov.uk if you think this was a mistake.\n"
            .to_owned(),
    };
    assert_eq!(desk.letters()[2..], [removal]);
}

#[test]
fn users_cannot_remove_themselves_from_the_organisation() {
    let desk = desk_with_bob();
    desk.done(&["sign-in", "record", "--email", ANN, "--id", "Ann-A1"]);
    let before = desk.rows();
    let yourself = "Error: You cannot perform this action\n\
        This is your own account, and nobody changes, removes or deletes their own. Ask somebody else to do it.\n";
    for who in [ANN, "ANN@Alpha.SCH.uk", &id(1, 1), &id(1, 1).to_uppercase(), "Ann-A1"] {
        for flags in ["--yes", "--dry-run", "--yes --if-exists --no-email"] {
            for actor in [ANN, "Ann@ALPHA.sch.uk"] {
                let removed = desk.line(&format!("--as {actor} org remove-user alpha {who} {flags}"));
                assert_eq!(removed, ran(6, "", yourself), "{actor} {who} {flags}");
            }
        }
        let object = desk.refused(&["--as", ANN, "org", "remove-user", "ALPHA", who, "--yes"]);
        assert_eq!((&object["exit"], &object["error"]["reason"]), (&6.into(), &"yourself".into()), "{who}");
    }
    assert_eq!((desk.rows(), desk.letters().len()), (before, 2));
}

#[test]
fn the_users_own_page_has_no_remove_user() {
    let desk = desk_with_bob();
    let before = desk.rows();
    let mut terminal = open_users(&desk, 80);
    terminal.choose(LIST, "Ann Abel");
    terminal.wait_for("This is your own account: you cannot change or remove it.");
    terminal.wait_for(&format!("only when the user signs in. {NEXT_STEP} > Back to the list"));
    terminal.type_keys(ESCAPE);
    leave(terminal);
    let mut terminal = Setting::at(&desk).run(&["org", "remove-user", "ALPHA", ANN, "--as", ANN]);
    terminal.wait_for("Error: You cannot perform this action This is your own account");
    assert_eq!((terminal.finish(), desk.rows()), (6, before));
}

// Further considerations: DfE Sign-in

#[test]
fn the_email_address_links_the_organisation_to_the_user() {
    let desk = desk_with_bob();
    let signed_in = "Allowed: organisation\nBob Baker, bob@alpha.sch.uk\nOrganisations: Alpha School (ALPHA)\n";
    assert_eq!(desk.line("sign-in record --email Bob@Alpha.sch.uk --id 8F2C51"), ran(0, signed_in, ""));
    assert_eq!(desk.line("sign-in check --id 8F2C51"), ran(0, signed_in, ""));
}

#[test]
fn with_another_email_address_the_user_may_not_be_able_to_sign_in() {
    let desk = desk_with_bob();
    let before = desk.rows();
    let unknown =
        "Error: Nobody using this service has this email address\nAdd them first: frontdesk users add, or frontdesk org add-user\n";
    assert_eq!(desk.line("sign-in record --email bob.baker@alpha.sch.uk --id 8F2C51"), ran(4, "", unknown).with_flags("--service publish"));
    let object = desk.refused(&["sign-in", "record", "--email=bob.baker@alpha.sch.uk", "--id=8F2C51"]);
    assert_eq!((&object["exit"], &object["error"]["reason"]), (&4.into(), &"unknown_user".into()));
    assert_eq!(desk.rows(), before);
}

#[test]
fn with_another_email_address_the_user_may_sign_in_and_not_see_the_inviting_provider() {
    let desk = desk_with_bob();
    desk.add_organisation("BETA", "Beta School");
    desk.add_member("BETA", "Bob", "Baker", "bob@gmail.com");
    let signed_in = "Allowed: organisation\nBob Baker, bob@gmail.com\nOrganisations: Beta School (BETA)\n";
    assert_eq!(desk.line("sign-in record --email bob@gmail.com --id 8F2C51"), ran(0, signed_in, ""));
}

#[test]
fn the_email_says_that_the_email_address_must_match() {
    let text = &desk_with_bob().letters()[1].text;
    assert!(text.contains("Sign in with DfE Sign-in, using this email address:\nbob@alpha.sch.uk\n"), "{text}");
    assert!(text.contains("If you use a different one, you may not be able to sign in, or you may not see everything you need."), "{text}");
}
