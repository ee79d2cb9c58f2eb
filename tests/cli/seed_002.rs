//! Seed 002, “Managing organisation users in Support”: each of its lines, in its order and under its
//! words; what needs a terminal is looked at in one, as wide as most are and as narrow as some.

use crate::desk::{Desk, Letter, Ran, email_in_use, id, problem, ran, written};
use crate::journeys::{LIST, NEXT_STEP};
use crate::organisation_users::{desk_with_ann, desk_with_schools};
use crate::terminal::{ENTER, ESCAPE, Setting, Terminal};

const ORGANISATIONS: &str = "Choose an organisation, or what to do";
const WRONG_EMAIL: &str = "Enter an email address in the correct format, like name@example.com";
const INVITATION: &str = "Invitation to join Claim funding for mentor training";
const REMOVAL: &str = "You have been removed from Claim funding for mentor training";
const ORGANISATIONS_ARE_FIXED: &str =
    "\nThe organisations change only when the user is added to one or removed from it, and the last sign-in only when the user signs in.\n";
const KEYS: &str = "Arrow keys move, Enter chooses, Esc goes back";
const SURE: &str = "Are you sure you want to remove this user?";

/// An invitation to an organisation, complete.
fn invitation(to: &str, first_name: &str, email: &str, organisation: &str) -> Letter {
    let text = format!(
        "\
Hello {first_name}

You have been added to {organisation} in Claim funding for mentor training.

To sign in, go to:
https://claim-funding-for-mentor-training.education.gov.uk

Sign in with DfE Sign-in, using this email address:
{email}

This is the address that this email was sent to. If you use a different one, you may not be able to sign in, or you may not see everything you need.

If you do not have a DfE Sign-in account, create one with the same email address:
https://profile.signin.education.gov.uk/register

Then come back to this email and sign in.

Email ittmentor.funding@education.gov.uk if you need help, or if you did not expect this email.
"
    );
    Letter { to: format!("{to} <{email}>"), subject: INVITATION.to_owned(), text }
}

/// The page of somebody who has never signed in, without its last row.
fn answers(first_name: &str, last_name: &str, email: &str, organisations: &[&str]) -> String {
    let organisations = organisations.join("\n                ");
    format!(
        "{first_name} {last_name}\n\nUser has never signed in\n\n\
         First name      {first_name}\n\
         Last name       {last_name}\n\
         Email address   {email}\n\
         Organisations   {organisations}\n\
         Last signed in  Never\n"
    )
}

/// The same with its last row, the id.
fn page(first_name: &str, last_name: &str, email: &str, organisations: &[&str], id: &str) -> String {
    format!("{}Id              {id}\n", answers(first_name, last_name, email, organisations))
}

const ALPHA: &[&str] = &["Alpha School (ALPHA)"];
const BOTH: &[&str] = &["Alpha School (ALPHA)", "Beta School (BETA)"];

/// Adds to Alpha School with these answers.
fn add(desk: &Desk, first_name: &str, last_name: &str, email: &str) -> Ran {
    desk.run(&["org", "add-user", "ALPHA", "--first-name", first_name, "--last-name", last_name, "--email", email])
}

/// Opens the list of the users of Alpha School.
fn open_users(desk: &Desk, columns: u16) -> Terminal {
    let mut terminal = Setting::at(desk).columns(columns).run(&["org"]);
    terminal.choose(ORGANISATIONS, "Alpha School");
    terminal.choose(NEXT_STEP, "Users");
    terminal
}

/// Leaves from a list of users, by Esc at each step.
fn leave(mut terminal: Terminal) {
    for shown in [LIST, NEXT_STEP, ORGANISATIONS] {
        terminal.wait_for(shown);
        terminal.type_keys(ESCAPE);
    }
    assert_eq!(terminal.finish(), 0);
}

// User list

#[test]
fn the_user_list_page_shows_an_add_user_button() {
    let desk = desk_with_schools();
    for columns in [80, 40] {
        let mut terminal = open_users(&desk, columns);
        terminal.wait_for(&format!("There are no users for Alpha School. {LIST} > Add user Back to the organisation"));
        leave(terminal);
    }
}

#[test]
fn a_list_of_users_in_alphabetical_order_by_their_first_name_then_last_name() {
    let desk = desk_with_schools();
    let names = [("Anna", "Abel"), ("Ann", "Zed"), ("Zoe", "Abel"), ("Ann", "Young"), ("Élodie", "Roy"), ("Frank", "Roy")];
    for (number, (first_name, last_name)) in names.into_iter().enumerate() {
        desk.add_member("ALPHA", first_name, last_name, &format!("user{number}@example.com"));
    }
    let names = desk.line("org users ALPHA --format plain --fields first_name,last_name");
    assert_eq!(names, ran(0, "Ann\tYoung\nAnn\tZed\nAnna\tAbel\nÉlodie\tRoy\nFrank\tRoy\nZoe\tAbel\n", ""));
}

#[test]
fn for_each_user_in_the_list_we_show_full_name_and_email_address() {
    let desk = desk_with_ann();
    desk.add_member("BETA", "Bob", "Baker", "bob@example.com");
    let listed = "Alpha School\n\nUsers (1)\n\nName      Email address\nAnn Abel  ann@example.com\n";
    assert_eq!(desk.line("org users ALPHA"), ran(0, listed, ""));
}

#[test]
fn the_full_name_includes_a_link_to_the_user_details_page() {
    let desk = desk_with_ann();
    for columns in [80, 40] {
        let mut terminal = open_users(&desk, columns);
        terminal.wait_for(&format!("Alpha School Users (1) {LIST} > Ann Abel ann@example.com Find Add user Back to the organisation"));
        terminal.type_keys(ENTER);
        terminal.wait_for("Ann Abel User has never signed in First name Ann Last name Abel Email address ann@example.com");
        terminal.choose(NEXT_STEP, "Back to the list");
        leave(terminal);
    }
    let mut terminal = Setting::at(&desk).run(&["org", "users", "ALPHA"]);
    terminal.wait_for("Ann Abel ann@example.com To open one: frontdesk org show-user ALPHA EMAIL");
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn we_paginate_the_list_if_it_contains_more_than_25_users() {
    let desk = desk_with_schools();
    for number in 1..=25 {
        desk.add_member("ALPHA", "Ann", &format!("Abel {number:02}"), &format!("ann{number:02}@example.com"));
    }
    let one_page = desk.line("org users ALPHA");
    assert_eq!((one_page.code, one_page.err.as_str(), one_page.out.lines().count()), (0, "", 5 + 25));
    assert!(one_page.out.ends_with("\nAnn Abel 25  ann25@example.com\n"), "{one_page:?}");

    desk.add_member("ALPHA", "Zoe", "Young", "zoe@example.com");
    let first = desk.line("org users ALPHA").out;
    let next = "\nAnn Abel 25  ann25@example.com\n\nShowing 1 to 25 of 26 results\nNext page: frontdesk org users ALPHA --service claim --page 2\n";
    assert!(first.starts_with("Alpha School\n\nUsers (26)\n\nName         Email address\nAnn Abel 01  ann01@"), "{first}");
    assert!(first.ends_with(next), "{first}");
    let second = "Alpha School\n\nUsers (26)\n\nName       Email address\nZoe Young  zoe@example.com\n\nShowing 26 to 26 of 26 results\n";
    assert_eq!(desk.line("org users ALPHA --page 2"), ran(0, second, ""));

    for columns in [80, 40] {
        let mut terminal = open_users(&desk, columns);
        terminal.wait_for("Alpha School Users (26) Showing 1 to 25 of 26 results");
        terminal.choose(LIST, "Next page");
        terminal.wait_for("Alpha School Users (26) Showing 26 to 26 of 26 results");
        terminal.wait_for("> Zoe Young zoe@example.com Previous page Find Add user Back to the organisation");
        terminal.choose(LIST, "Previous page");
        terminal.wait_for("Showing 1 to 25 of 26 results");
        leave(terminal);
    }
}

#[test]
fn when_a_user_is_added_or_removed_we_show_a_success_message() {
    let desk = desk_with_schools();
    let added = format!("Success: User added\n{}", written(&id(2, 3)));
    assert_eq!(add(&desk, "Ann", "Abel", "ann@example.com"), ran(0, &page("Ann", "Abel", "ann@example.com", ALPHA, &id(2, 1)), &added));
    let removed = format!("Success: User removed\n{}", written(&id(3, 1)));
    assert_eq!(desk.line("org remove-user ALPHA ann@example.com --yes"), ran(0, "", &removed));
}

#[test]
fn the_success_message_is_above_the_page_heading() {
    let desk = desk_with_ann();
    let add = ["org", "add-user", "ALPHA", "--first-name=Bob", "--last-name=Baker", "--email=bob@example.com"];
    for columns in [80, 40] {
        let mut terminal = Setting::at(&desk).columns(columns).run(&add);
        terminal.choose(NEXT_STEP, "Save");
        terminal.wait_in_order(&["Success: User added", "Alpha School Users (2)", "Ann Abel", "Bob Baker"]);
        assert_eq!(terminal.finish(), 0);
        let mut terminal = Setting::at(&desk).columns(columns).run(&["org", "remove-user", "ALPHA", "bob@example.com"]);
        terminal.choose(SURE, "Yes");
        terminal.wait_in_order(&["Success: User removed", "Alpha School Users (1)", "Ann Abel"]);
        assert_eq!(terminal.finish(), 0);
    }
}

// User details

#[test]
fn the_user_details_page_shows_first_name_last_name_and_email_address() {
    let shown = page("Ann", "Abel", "ann@example.com", ALPHA, &id(2, 1)) + ORGANISATIONS_ARE_FIXED;
    assert_eq!(desk_with_ann().line("org show-user ALPHA ann@example.com"), ran(0, &shown, ""));
}

#[test]
fn this_page_also_includes_a_remove_user_link() {
    let desk = desk_with_ann();
    let mut terminal = open_users(&desk, 40);
    terminal.choose(LIST, "Ann Abel");
    terminal.wait_for(&format!("{NEXT_STEP} Change: First name Change: Last name Change: Email address Remove user > Back to the list"));
    terminal.choose(NEXT_STEP, "Remove user");
    terminal.wait_for("Remove Ann Abel from Alpha School");
    terminal.choose(SURE, "Yes");
    terminal.wait_in_order(&["Success: User removed", "There are no users for Alpha School.", LIST]);
    leave(terminal);
}

#[test]
fn the_support_team_can_change_the_first_name_last_name_and_email_address() {
    let desk = desk_with_ann();
    desk.add("Sue", "Support", "sue@education.gov.uk");
    for (flag, value, changed, emails) in [
        ("--first-name", "Beth", "First name: Ann → Beth", 0),
        ("--last-name", "Baker", "Last name: Abel → Baker", 0),
        ("--email", "beth@gmail.com", "Email address: ann@example.com → beth@gmail.com", 2),
    ] {
        let edited = desk.run(&["org", "edit-user", "ALPHA", &id(2, 1), flag, value, "--as", "sue@education.gov.uk"]);
        assert!(edited.out.ends_with(&format!("\n\nWhat changed\n  {changed}\n")), "{edited:?}");
        assert!(edited.code == 0 && edited.err.starts_with("Success: User updated\n"), "{edited:?}");
        assert_eq!(edited.err.matches("Email written to ").count(), emails, "{edited:?}");
    }
    let shown = page("Beth", "Baker", "beth@gmail.com", ALPHA, &id(2, 1)) + ORGANISATIONS_ARE_FIXED;
    assert_eq!(desk.line("org show-user ALPHA beth@gmail.com").out, shown);
}

#[test]
fn they_cannot_change_the_organisations_a_user_belongs_to_except_by_adding_or_removing() {
    let desk = desk_with_ann();
    let before = desk.rows();
    for flag in ["--organisation BETA", "--organisations BETA", "--org BETA"] {
        let edited = desk.line(&format!("org edit-user ALPHA ann@example.com {flag}"));
        assert_eq!((edited.code, edited.out.as_str()), (2, ""), "{flag}");
    }
    let elsewhere = desk.line("org edit-user BETA ann@example.com --first-name Beth");
    assert_eq!(elsewhere.code, 4, "{elsewhere:?}");
    assert_eq!(desk.rows(), before);
    let organisations = || desk.json(&["org", "show-user", "BETA", "ann@example.com"])["user"]["organisations"].as_array().unwrap().len();
    desk.add_member("BETA", "Ann", "Abel", "ann@example.com");
    assert_eq!(organisations(), 2);
    desk.done(&["org", "remove-user", "ALPHA", "ann@example.com", "--yes"]);
    assert_eq!(organisations(), 1);
}

// Adding a user

#[test]
fn selecting_add_user_starts_the_add_user_flow_with_the_personal_details_form_and_its_errors() {
    for columns in [80, 40] {
        let desk = desk_with_schools();
        desk.add_member("ALPHA", "Zoë", "Carter", "zoe@example.com");
        let mut terminal = open_users(&desk, columns);
        terminal.choose(LIST, "Add user");
        terminal.answer("Add user to Alpha School First name >", "");
        terminal.correct("First name Error: Enter a first name >", "Ann");
        terminal.answer("Last name >", "");
        terminal.correct("Last name Error: Enter a last name >", "Abel");
        terminal.answer("Email address >", "");
        terminal.correct("Email address Error: Enter an email address >", "ann@example");
        terminal.correct(&format!("Email address Error: {WRONG_EMAIL} > ann@example"), "ZOE@example.com");
        terminal.correct("Email address Error: Email address already in use > ZOE@example.com", "ann@example.com");
        terminal.wait_for("Check your answers First name Ann Last name Abel Email address ann@example.com Ann Abel will be sent");
        terminal.choose(NEXT_STEP, "Save");
        terminal.wait_in_order(&["Success: User added", "Alpha School Users (2)", "> Ann Abel ann@example.com Zoë Carter"]);
        let same = "--service claim org add-user ALPHA --first-name Ann --last-name Abel --email ann@example.com --yes";
        assert_eq!(terminal.same_as_one_command(), same);
        leave(terminal);
    }
}

#[test]
fn we_show_an_error_message_if_information_is_missing_from_the_form() {
    let desk = desk_with_schools();
    let before = desk.rows();
    let (first_name, last_name, email) =
        ("--first-name  Enter a first name", "--last-name   Enter a last name", "--email       Enter an email address");
    let errors = |lines: &[&str]| ran(3, "", &format!("Error: There is a problem\n  {}\n", lines.join("\n  ")));
    assert_eq!(desk.line("org add-user ALPHA"), errors(&[first_name, last_name, email]));
    assert_eq!(add(&desk, " ", "\t", ""), errors(&[first_name, last_name, email]));
    assert_eq!(desk.line("org add-user ALPHA --email ann@example.com"), errors(&[first_name, last_name]));
    assert_eq!(desk.line("org add-user ALPHA --last-name Abel"), errors(&[first_name, email]));
    assert_eq!(desk.rows(), before);
}

#[test]
fn we_show_an_error_message_if_the_email_address_is_entered_incorrectly() {
    let desk = desk_with_schools();
    let before = desk.rows();
    let wrong = "ann|ann@|@example.com|ann@example|jo hn@example.com|ann@@example.com|ann..abel@example.com|ann(abel)@example.com|\
        ann@exa_mple.com|ann@example.com.|ann@-example.com|ann@127.0.0.1|\"ann\"@example.com|annë@example.com|\
        Ann Abel <ann@example.com>|mailto:ann@example.com|ann@example.com,bob@example.com";
    for email in wrong.split('|') {
        assert_eq!(add(&desk, "Ann", "Abel", email), problem("--email", WRONG_EMAIL), "{email}");
    }
    assert_eq!(desk.rows(), before);
}

#[test]
fn we_show_an_error_message_if_the_email_address_is_already_used_by_another_user() {
    let desk = desk_with_ann();
    let before = desk.rows();
    assert_eq!(add(&desk, "Anna", "Young", "ann@example.com"), email_in_use());
    let errors = "Error: There is a problem\n  --first-name  Enter a first name\n  --last-name   Enter a last name\n  --email       Email address already in use\n";
    assert_eq!(desk.line("org add-user ALPHA --email ann@example.com"), ran(3, "", errors));
    assert_eq!(desk.rows(), before);
}

#[test]
fn the_answers_can_be_checked_before_saving_the_new_user() {
    let desk = desk_with_schools();
    let before = desk.rows();
    let would = format!(
        "Dry run: nothing was stored.\n\nThis would add the user:\n\n{}\nThis would email: ann@example.com, {INVITATION}\n",
        answers("Ann", "Abel", "ann@example.com", ALPHA)
    );
    assert_eq!(desk.line("org add-user ALPHA --first-name Ann --last-name Abel --email ann@example.com --dry-run"), ran(0, &would, ""));
    assert_eq!(desk.rows(), before);
}

#[test]
fn the_answers_are_checked_at_the_end_of_the_flow_in_80_and_in_40_columns() {
    for columns in [80, 40] {
        let desk = desk_with_schools();
        let before = desk.rows();
        let mut terminal = Setting::at(&desk).columns(columns).run(&["org", "add-user", "ALPHA"]);
        terminal.answer("Add user to Alpha School First name >", "Ann");
        terminal.answer("Last name >", "Abel");
        terminal.answer("Email address >", "ann@example.com");
        terminal.wait_for(&format!(
            "Check your answers First name Ann Last name Abel Email address ann@example.com \
             Ann Abel will be sent an email to tell them you’ve added them to Alpha School. \
             {NEXT_STEP} {KEYS} \
             > Save Change: First name Change: Last name Change: Email address See the email Cancel"
        ));
        terminal.choose(NEXT_STEP, "Change: First name");
        terminal.correct("First name > Ann", "Anna");
        terminal.wait_for("Anna Abel will be sent an email to tell them you’ve added them to Alpha School.");
        terminal.choose(NEXT_STEP, "See the email");
        let email = ["To: ann@example.com", &format!("Subject: {INVITATION}"), "Hello Anna", "added to Alpha School in Claim", NEXT_STEP];
        terminal.wait_in_order(&email);
        assert_eq!(desk.rows(), before);
        terminal.choose(NEXT_STEP, "Save");
        terminal.wait_for("Success: User added");
        assert_eq!(terminal.finish(), 0);
        assert_eq!(desk.letters(), [invitation("Anna Abel", "Anna", "ann@example.com", "Alpha School")]);
    }
}

#[test]
fn adding_the_user_triggers_an_email_to_the_new_user_with_sign_in_details() {
    assert_eq!(desk_with_ann().letters(), [invitation("Ann Abel", "Ann", "ann@example.com", "Alpha School")]);
}

#[test]
fn the_same_user_in_a_different_organisation_is_linked_and_no_new_user_record_is_created() {
    let desk = desk_with_ann();
    let linked = desk.json(&["org", "add-user", "BETA", "--first-name=Ann", "--last-name=Abel", "--email=ann@example.com"]);
    assert_eq!((&linked["result"], &linked["user"]["id"]), (&"linked".into(), &id(2, 1).into()));
    let codes: Vec<_> = linked["user"]["organisations"].as_array().unwrap().iter().map(|organisation| &organisation["code"]).collect();
    assert_eq!(codes, ["ALPHA", "BETA"]);
    assert_eq!(desk.count("SELECT count(*) FROM organisation_users"), 1);
    assert_eq!(desk.count("SELECT count(*) FROM memberships WHERE ended_at IS NULL"), 2);
    assert_eq!(desk.letters()[1..], [invitation("Ann Abel", "Ann", "ann@example.com", "Beta School")]);
    for code in ["ALPHA", "BETA"] {
        let listed = desk.line(&format!("org users {code} --format plain --fields id,first_name,last_name,email"));
        assert_eq!(listed, ran(0, &format!("{}\tAnn\tAbel\tann@example.com\n", id(2, 1)), ""));
    }
}

#[test]
fn when_a_user_is_linked_their_stored_names_are_kept_and_both_are_shown_where_they_differ() {
    let desk = desk_with_ann();
    let page = page("Ann", "Abel", "ann@example.com", BOTH, &id(2, 1));
    let told = "Success: User added\nAn existing account was linked, and its names were kept:\nFirst name: Ann (you typed Anne)\n";
    assert_eq!(
        desk.line("org add-user BETA --first-name Anne --last-name Abel --email ANN@example.com"),
        ran(0, &page, &format!("{told}{}", written(&id(3, 2))))
    );
    assert_eq!(desk.letters()[1], invitation("Ann Abel", "Ann", "ann@example.com", "Beta School"));

    desk.add_organisation("GAMMA", "Gamma School");
    let mut terminal = Setting::at(&desk).columns(40).run(&["org", "add-user", "GAMMA"]);
    terminal.answer("Add user to Gamma School First name >", "Ann");
    terminal.answer("Last name >", "Wilson");
    terminal.answer("Email address >", "ann@example.com");
    terminal.wait_for(
        "Check your answers First name Ann Last name Abel Email address ann@example.com \
         An existing account will be linked, and its names kept: Last name: Abel (you typed Wilson) \
         Ann Abel will be sent an email to tell them you’ve added them to Gamma School.",
    );
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&["Success: User added", "its names were kept: Last name: Abel (you typed Wilson)", "Gamma School Users (1)"]);
    assert_eq!(terminal.finish(), 0);
    assert_eq!(desk.count("SELECT count(*) FROM organisation_users WHERE last_name = 'Abel' AND revision = 1"), 1);
}

// Removing a user

#[test]
fn they_must_confirm_the_removal() {
    let desk = desk_with_ann();
    let before = desk.rows();
    let error = "Error: Removing a user from an organisation must be confirmed. To remove them, add --yes\n\
                 Nothing was changed. To see what would happen, add --dry-run.\n";
    assert_eq!(desk.line("org remove-user ALPHA ann@example.com"), ran(2, "", error));
    assert_eq!(desk.rows(), before);
}

#[test]
fn the_confirmation_says_what_will_happen_and_no_is_the_default() {
    let desk = desk_with_ann();
    let before = desk.rows();
    for (columns, keys) in [(80, ENTER), (40, ENTER), (80, ESCAPE)] {
        let mut terminal = Setting::at(&desk).columns(columns).run(&["org", "remove-user", "ALPHA", "ann@example.com"]);
        terminal.wait_for(&format!(
            "Remove Ann Abel from Alpha School (ALPHA) Ann Abel will be sent an email to tell them you removed them from Alpha School. \
             {SURE} {KEYS} > No Yes"
        ));
        terminal.type_keys(keys);
        terminal.wait_for("Nothing was changed");
        assert_eq!((terminal.finish(), desk.rows()), (9, before.clone()));
    }
    let mut terminal = Setting::at(&desk).run(&["org", "remove-user", "ALPHA", "ann@example.com"]);
    terminal.choose(SURE, "Yes");
    terminal.wait_in_order(&["Success: User removed", "There are no users for Alpha School."]);
    assert_eq!(terminal.finish(), 0);
    assert_eq!(terminal.same_as_one_command(), "--service claim org remove-user ALPHA ann@example.com --yes");
}

#[test]
fn removing_a_user_triggers_an_email_that_says_so_and_how_to_get_help() {
    let desk = desk_with_ann();
    desk.done(&["org", "remove-user", "ALPHA", "ann@example.com", "--yes"]);
    let removal = Letter {
        to: "Ann Abel <ann@example.com>".to_owned(),
        subject: REMOVAL.to_owned(),
        text: "Hello Ann\n\n\
               You have been removed from Alpha School in Claim funding for mentor training. You can no longer use it for that organisation.\n\n\
               Email ittmentor.funding@education.gov.uk if you think this was a mistake.\n"
            .to_owned(),
    };
    assert_eq!(desk.letters()[1..], [removal]);
}

// Data validation rules

#[test]
fn a_first_name_a_last_name_and_an_email_address_are_required() {
    let desk = desk_with_schools();
    let right = ["--first-name=Ann", "--last-name=Abel", "--email=ann@example.com"];
    for (flag, message) in
        [("--first-name", "Enter a first name"), ("--last-name", "Enter a last name"), ("--email", "Enter an email address")]
    {
        let others: Vec<_> = right.into_iter().filter(|answer| !answer.starts_with(flag)).collect();
        let add = |typed: &[&str]| desk.run(&[&["org", "add-user", "ALPHA"], &others[..], typed].concat());
        assert_eq!(add(&[]), problem(flag, message));
        for blank in ["", " \t ", "\u{A0}\n", "\u{200B}\u{FEFF}"] {
            assert_eq!(add(&[flag, blank]), problem(flag, message), "{blank:?}");
        }
    }
}

#[test]
fn the_email_address_must_be_valid() {
    let desk = desk_with_schools();
    let refused = desk.refused(&["org", "add-user", "ALPHA", "--first-name=Ann", "--last-name=Abel", "--email=ann.example.com"]);
    let fields = serde_json::json!([{ "field": "email", "flag": "--email", "code": "bad_format", "message": WRONG_EMAIL }]);
    assert_eq!((&refused["error"]["code"], &refused["error"]["fields"]), (&"invalid_answers".into(), &fields));
    assert_eq!(add(&desk, "Ann", "Abel", &format!("{}@example.com", "a".repeat(65))), problem("--email", WRONG_EMAIL));
    assert_eq!(add(&desk, "Ann", "Abel", &format!("{}@example.com", "a".repeat(64))).code, 0);
}

#[test]
fn the_email_address_must_be_unique_to_the_organisation_only() {
    let desk = desk_with_ann();
    let add_to = |code: &'static str| ["org", "add-user", code, "--first-name=Zoe", "--last-name=Young", "--email=ann@example.com"];
    assert_eq!(desk.run(&add_to("ALPHA")), email_in_use());
    let refused = desk.refused(&add_to("ALPHA"));
    assert_eq!((&refused["error"]["code"], &refused["error"]["fields"][0]["code"]), (&"conflict".into(), &"email_in_use".into()));
    assert_eq!(desk.run(&add_to("BETA")).code, 0);
    assert_eq!(desk.run(&add_to("BETA")), email_in_use());
}

// Further considerations

#[test]
fn free_email_account_addresses_are_not_prevented() {
    let desk = desk_with_schools();
    for host in ["aol.com", "gmail.com", "hotmail.com", "outlook.com", "yahoo.co.uk"] {
        let email = format!("ann@{host}");
        let added = desk.json(&["org", "add-user", "ALPHA", "--first-name=Ann", "--last-name=Abel", "--email", &email]);
        assert_eq!((&added["result"], &added["user"]["email"]), (&"added".into(), &email.into()));
    }
}

#[test]
fn the_email_address_links_the_organisation_to_the_user_who_signs_in() {
    let desk = desk_with_ann();
    assert_eq!(
        desk.line("sign-in record --email Ann@Example.com --id 8F2C51"),
        ran(0, "Allowed: organisation\nAnn Abel, ann@example.com\nOrganisations: Alpha School (ALPHA)\n", "")
    );
    assert_eq!(desk.json(&["org", "show-user", "ALPHA", "8F2C51"])["user"]["id"], id(2, 1));
}

#[test]
fn if_the_email_address_does_not_match_the_user_may_not_be_able_to_sign_in() {
    let refused = desk_with_ann().line("sign-in record --email ann.abel@example.com --id 8F2C51");
    assert_eq!(
        refused,
        ran(
            4,
            "",
            "Error: Nobody using this service has this email address\nAdd them first: frontdesk --service claim users add, or frontdesk --service claim org add-user\n"
        )
    );
}

#[test]
fn a_user_who_signs_in_with_another_address_does_not_see_the_organisations_part() {
    let desk = desk_with_ann();
    desk.add_member("BETA", "Ann", "Abel", "ann.abel@example.com");
    let signed_in = desk.json(&["sign-in", "record", "--email", "ann.abel@example.com", "--id", "8F2C51"]);
    let organisations = signed_in["user"]["organisations"].as_array().unwrap();
    assert_eq!((organisations.len(), &organisations[0]["code"]), (1, &"BETA".into()));
}

#[test]
fn the_email_says_which_address_to_sign_in_with_for_a_user_who_is_linked_too() {
    let desk = desk_with_ann();
    desk.add_member("BETA", "Ann", "Abel", "ANN@example.com");
    for letter in desk.letters() {
        let text = letter.text;
        assert!(text.contains("Sign in with DfE Sign-in, using this email address:\nann@example.com\n"), "{text}");
        assert!(text.contains("If you use a different one, you may not be able to sign in, or you may not see everything"), "{text}");
    }
}

#[test]
fn editing_a_user_is_not_allowed_once_the_details_are_linked_to_dfe_sign_in() {
    let desk = desk_with_ann();
    desk.done(&["org", "edit-user", "ALPHA", "ann@example.com", "--first-name", "Anne"]);
    desk.sign_in("ann@example.com");
    let before = desk.rows();
    let error = "Error: You cannot change the first name, last name or email address of a user who has signed in\n\
                 The user details are linked to DfE Sign-in. Nothing was changed. \
                 If they are wrong, remove the user from every organisation and add them again.\n";
    for flag in ["--first-name=Beth", "--last-name=Baker", "--email=beth@example.com"] {
        let edit = ["org", "edit-user", "ALPHA", "ann@example.com", flag];
        assert_eq!(desk.run(&edit), ran(6, "", error), "{flag}");
        let refused = desk.refused(&edit);
        assert_eq!((&refused["error"]["code"], &refused["error"]["reason"]), (&"not_permitted".into(), &"locked_after_sign_in".into()));
    }
    assert_eq!(desk.rows(), before);
    let mut terminal = open_users(&desk, 80);
    terminal.choose(LIST, "Anne Abel");
    terminal.wait_for("cannot be changed: the user details are linked to DfE Sign-in. If they are wrong, remove the user from every");
    terminal.wait_for("What do you want to do? Remove user > Back to the list");
    terminal.type_keys(ESCAPE);
    leave(terminal);
}

#[test]
fn it_is_easy_to_remove_the_user_and_add_a_new_one_if_the_original_details_are_incorrect() {
    let desk = desk_with_schools();
    add(&desk, "An", "Able", "ann@example.com");
    desk.sign_in("ann@example.com");
    desk.done(&["org", "remove-user", "ALPHA", "ann@example.com", "--yes"]);
    let right = page("Ann", "Abel", "ann@example.com", ALPHA, &id(5, 2));
    let added = add(&desk, "Ann", "Abel", "ann@example.com");
    assert_eq!((added.code, added.out), (0, right));
    assert_eq!(desk.line("org users ALPHA").out, "Alpha School\n\nUsers (1)\n\nName      Email address\nAnn Abel  ann@example.com\n");
    assert_eq!(desk.letters().last(), Some(&invitation("Ann Abel", "Ann", "ann@example.com", "Alpha School")));
}
