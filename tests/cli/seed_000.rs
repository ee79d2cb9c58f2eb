//! Seed 000, “Limiting what API users can do in the service”: each of its lines that needs no
//! terminal, in its order and under its words.

use crate::desk::{Desk, Letter, email_in_use, id, locked, not_confirmed, problem, ran, written};

const ADD_ANN: &str = "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no";
const WRONG_EMAIL: &str = "Enter a Department for Education email address in the correct format, like name@education.gov.uk";

/// What an email with sign-in details says, between its first paragraph and whom to ask.
const SIGN_IN_DETAILS: &str = "\
To sign in, go to:
https://register-of-training-providers.education.gov.uk

Sign in with DfE Sign-in, using this email address:
ann@education.gov.uk

This is the address that this email was sent to. If you use a different one, you may not be able to sign in, or you may not see everything you need.

If you do not have a DfE Sign-in account, create one with the same email address:
https://profile.signin.education.gov.uk/register

Then come back to this email and sign in.";
const WHOM_TO_ASK: &str = "Email becomingateacher@digital.education.gov.uk if you need help, or if you did not expect this email.\n";

/// Ann’s page, with these names, address and answers.
fn page(first_name: &str, last_name: &str, email: &str, api_user: &str, active: &str) -> String {
    format!(
        "{first_name} {last_name}\n\nUser has never signed in\n\n\
         First name                   {first_name}\n\
         Last name                    {last_name}\n\
         Email address                {email}\n\
         Is the account an API user?  {api_user}\n\
         Is the account active?       {active}\n\
         Id                           {}\n",
        id(0, 4)
    )
}

/// A desk with Ann Abel, added by its first run.
fn desk_with_ann() -> Desk {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk
}

// What we changed

#[test]
fn the_section_is_called_users() {
    assert_eq!(
        desk_with_ann().line("users list"),
        ran(0, "Users (1)\n\nName      Email address         Status\nAnn Abel  ann@education.gov.uk  Active\n", "")
    );
}

#[test]
fn the_question_distinguishes_api_users_from_support_users() {
    let desk = desk_with_ann();
    desk.line("users add --first-name Bot --last-name Builder --email bot@education.gov.uk --api-user yes");
    let kinds = "users list --format plain --fields email,kind,api_user";
    assert_eq!(desk.line(kinds), ran(0, "ann@education.gov.uk\tsupport\tfalse\nbot@education.gov.uk\tapi\ttrue\n", ""));
}

#[test]
fn the_users_list_has_status_tags() {
    let desk = desk_with_ann();
    desk.line("users add --first-name Bot --last-name Builder --email bot@education.gov.uk --api-user yes");
    desk.line("users add --first-name Cat --last-name Cole --email cat@education.gov.uk --api-user yes");
    desk.line("users edit cat@education.gov.uk --active no");
    desk.add("Dan", "Dale", "dan@education.gov.uk");
    desk.line("users edit dan@education.gov.uk --active no");
    assert_eq!(
        desk.line("users list").out,
        "\
Users (4)

Name         Email address         Status
Ann Abel     ann@education.gov.uk  Active
Bot Builder  bot@education.gov.uk  Active, API user
Cat Cole     cat@education.gov.uk  Not active, API user
Dan Dale     dan@education.gov.uk  Not active
"
    );
}

#[test]
fn api_only_users_do_not_have_access_to_all_service_features() {
    let desk = desk_with_ann();
    desk.line("users add --first-name Bot --last-name Builder --email bot@education.gov.uk --api-user yes");
    for command in
        ["users list", "users show ann@education.gov.uk", "users delete ann@education.gov.uk --yes", "emails list", "service show"]
    {
        assert_eq!(
            desk.line(&format!("{command} --as bot@education.gov.uk")),
            ran(6, "", "Error: You do not have permission to perform this action\nAPI users do not administer users or the service.\n"),
            "{command}"
        );
    }
    assert_eq!(desk.json(&["sign-in", "record", "--email", "bot@education.gov.uk"])["access"], "api-only");
    assert_eq!(desk.json(&["sign-in", "record", "--email", "ann@education.gov.uk"])["access"], "support");
}

// Users list

#[test]
fn the_users_commands_begin_with_the_list_and_offer_to_add_a_user() {
    let help = Desk::new().line("users");
    assert_eq!((help.code, help.out.as_str()), (2, ""));
    assert!(help.err.contains("  add     Add a user and email them how to sign in\n"), "{}", help.err);
}

#[test]
fn list_is_ordered_by_first_name_then_last_name() {
    let desk = Desk::new();
    for (first_name, last_name, email) in [
        ("Anna", "Abel", "a@education.gov.uk"),
        ("Ann", "Zed", "b@education.gov.uk"),
        ("Zoe", "Abel", "c@education.gov.uk"),
        ("Ann", "Young", "d@education.gov.uk"),
    ] {
        desk.add(first_name, last_name, email);
    }
    let names = desk.line("users list --format plain --fields first_name,last_name");
    assert_eq!(names, ran(0, "Ann\tYoung\nAnn\tZed\nAnna\tAbel\nZoe\tAbel\n", ""));
}

#[test]
fn the_email_address_beside_each_full_name_opens_the_user_details() {
    let desk = desk_with_ann();
    let row = desk.line("users list").out.lines().last().unwrap().to_owned();
    let email = row.split("  ").nth(1).unwrap();
    assert_eq!(desk.line(&format!("users show {email}")), ran(0, &page("Ann", "Abel", "ann@education.gov.uk", "No", "Yes"), ""));
}

#[test]
fn the_list_is_paginated_if_it_contains_more_than_25_users() {
    let desk = Desk::new();
    for number in 1..=25 {
        desk.add("Ann", &format!("Abel {number:02}"), &format!("ann{number:02}@education.gov.uk"));
    }
    assert!(desk.line("users list").out.ends_with("\nAnn Abel 25  ann25@education.gov.uk  Active\n"));
    desk.add("Zoe", "Young", "zoe@education.gov.uk");
    let first = desk.line("users list");
    assert!(
        first.out.ends_with(
            "\nAnn Abel 25  ann25@education.gov.uk  Active\n\nShowing 1 to 25 of 26 results\nNext page: frontdesk users list --page 2\n"
        ),
        "{first:?}"
    );
    assert_eq!(
        desk.line("users list --page 2"),
        ran(
            0,
            "Users (26)\n\nName       Email address         Status\nZoe Young  zoe@education.gov.uk  Active\n\nShowing 26 to 26 of 26 results\n",
            ""
        )
    );
}

#[test]
fn when_a_user_is_added_or_removed_a_success_message_is_shown() {
    let desk = desk_with_ann();
    let added = desk.line("users add --first-name Zoe --last-name Young --email zoe@education.gov.uk --api-user no");
    assert_eq!(added.err, format!("Success: User added\n{}", written(&id(1, 2))));
    let deleted = desk.line("users delete zoe@education.gov.uk --yes");
    assert_eq!(deleted, ran(0, "", &format!("Success: User deleted\n{}", written(&id(2, 1)))));
}

// User details

#[test]
fn the_user_details_page_shows_names_email_address_and_both_answers() {
    let desk = desk_with_ann();
    let shown = desk.line("users show ann@education.gov.uk");
    assert_eq!(shown, ran(0, &page("Ann", "Abel", "ann@education.gov.uk", "No", "Yes"), ""));
    desk.line("users edit ann@education.gov.uk --api-user yes --active no");
    let shown = desk.line("users show ann@education.gov.uk");
    assert_eq!(shown, ran(0, &page("Ann", "Abel", "ann@education.gov.uk", "Yes", "No"), ""));
}

#[test]
fn the_user_details_page_says_when_the_user_last_signed_in() {
    let desk = desk_with_ann();
    desk.sign_in("ann@education.gov.uk");
    assert_eq!(
        desk.line("users show ann@education.gov.uk"),
        ran(
            0,
            &format!(
                "Ann Abel\n\nLast signed in on 11 December 2025 at 2:13pm\n\n\
                 First name                   Ann\n\
                 Last name                    Abel\n\
                 Email address                ann@education.gov.uk\n\
                 Is the account an API user?  No\n\
                 Is the account active?       Yes\n\
                 Id                           {}\n\n\
                 The first name, last name and email address cannot be changed: the account is tied to the user’s DfE Sign-in account.\n",
                id(0, 4)
            ),
            ""
        )
    );
}

#[test]
fn support_users_can_change_all_user_details_if_the_user_has_not_signed_in() {
    let desk = desk_with_ann();
    desk.add("Sue", "Support", "sue@education.gov.uk");
    let edited = desk.line(
        "users edit ann@education.gov.uk --first-name Beth --last-name Baker --email beth@education.gov.uk --api-user yes --active no --as sue@education.gov.uk",
    );
    let changes = "\nWhat changed\n  First name: Ann → Beth\n  Last name: Abel → Baker\n  \
                   Email address: ann@education.gov.uk → beth@education.gov.uk\n  \
                   Is the account an API user? No → Yes\n  Is the account active? Yes → No\n";
    assert_eq!(
        edited,
        ran(
            0,
            &(page("Beth", "Baker", "beth@education.gov.uk", "Yes", "No") + changes),
            &format!("Success: User updated\n{}{}", written(&id(2, 1)), written(&id(2, 2)))
        )
    );
}

#[test]
fn otherwise_they_can_only_change_api_user_and_active() {
    let desk = desk_with_ann();
    desk.sign_in("ann@education.gov.uk");
    for (flags, changed) in [
        ("--api-user yes", "  Is the account an API user? No → Yes\n"),
        ("--active no", "  Is the account active? Yes → No\n"),
        ("--api-user no --active yes", "  Is the account an API user? Yes → No\n  Is the account active? No → Yes\n"),
    ] {
        let edited = desk.line(&format!("users edit ann@education.gov.uk {flags}"));
        assert_eq!((edited.code, edited.err.as_str()), (0, "Success: User updated\n"), "{flags}");
        assert!(edited.out.ends_with(&format!("\nWhat changed\n{changed}")), "{edited:?}");
    }
    assert_eq!(desk.line("users edit ann@education.gov.uk --first-name Anne --active no"), locked());
}

// Adding a user

#[test]
fn information_missing_from_the_form_is_an_error() {
    assert_eq!(
        Desk::new().line("users add"),
        ran(
            3,
            "",
            "Error: There is a problem\n  \
             --first-name  Enter first name\n  \
             --last-name   Enter last name\n  \
             --email       Enter email address\n  \
             --api-user    Select if the account is an API user\n"
        )
    );
}

#[test]
fn an_email_address_entered_incorrectly_is_an_error() {
    let desk = Desk::new();
    for email in [
        "ann",
        "ann@",
        "@education.gov.uk",
        "jo hn@education.gov.uk",
        "ann@@education.gov.uk",
        "ann..abel@education.gov.uk",
        "ann(abel)@education.gov.uk",
        "annë@education.gov.uk",
        "Ann Abel <ann@education.gov.uk>",
        "ann@gmail.com",
        "ann@badeducation.gov.uk",
        "ann@x.badeducation.gov.uk",
        "ann@education.gov.uk.evil.com",
        "ann@education.gov",
    ] {
        let typed = ["users", "add", "--first-name=Ann", "--last-name=Abel", "--api-user=no", "--email", email];
        assert_eq!(desk.run(&typed), problem("--email", WRONG_EMAIL), "{email}");
    }
    let part_of_the_department = "users add --first-name Ann --last-name Abel --api-user no --email ann@good.education.gov.uk";
    assert_eq!(desk.line(part_of_the_department).code, 0);
}

#[test]
fn an_email_address_already_used_by_another_user_is_an_error() {
    let desk = desk_with_ann();
    let before = desk.rows();
    assert_eq!(desk.line(ADD_ANN), email_in_use());
    assert_eq!(desk.rows(), before);
}

#[test]
fn the_answers_can_be_checked_before_the_user_is_saved() {
    let desk = Desk::new();
    let tried = desk.line(&format!("{ADD_ANN} --dry-run"));
    let (page, _id) =
        page("Ann", "Abel", "ann@education.gov.uk", "No", "Yes").split_once("Id ").map(|(page, id)| (page.to_owned(), id.len())).unwrap();
    assert_eq!(
        tried,
        ran(
            0,
            &format!(
                "Dry run: nothing was stored.\n\nThis would add the user:\n\n{page}\n\
                 This would email: ann@education.gov.uk, Invitation to join Register of training providers\n"
            ),
            ""
        )
    );
    assert_eq!(desk.line("users list"), ran(0, "There are no users.\n", ""));
}

#[test]
fn adding_the_user_triggers_an_email_with_sign_in_details() {
    let invitation = Letter {
        to: "Ann Abel <ann@education.gov.uk>".to_owned(),
        subject: "Invitation to join Register of training providers".to_owned(),
        text: format!("Hello Ann\n\nYou have been added to Register of training providers.\n\n{SIGN_IN_DETAILS}\n\n{WHOM_TO_ASK}"),
    };
    assert_eq!(desk_with_ann().letters(), [invitation]);
}

#[test]
fn adding_an_api_user_triggers_an_email_that_says_so() {
    let desk = Desk::new();
    desk.line("users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user yes");
    assert_eq!(
        desk.letters()[0].text,
        format!(
            "Hello Ann\n\nYou have been added to Register of training providers as an API user.\n\n{SIGN_IN_DETAILS}\n\n\
             As an API user, you cannot use every part of the service.\n\n{WHOM_TO_ASK}"
        )
    );
}

// Editing a user

#[test]
fn each_detail_can_be_changed_by_itself() {
    for (flag, value, changed) in [
        ("--first-name", "Anne", "First name: Ann → Anne"),
        ("--last-name", "Baker", "Last name: Abel → Baker"),
        ("--api-user", "yes", "Is the account an API user? No → Yes"),
        ("--active", "no", "Is the account active? Yes → No"),
    ] {
        let edited = desk_with_ann().run(&["users", "edit", "ann@education.gov.uk", flag, value]);
        assert_eq!((edited.code, edited.err.as_str()), (0, "Success: User updated\n"), "{flag}");
        assert!(edited.out.ends_with(&format!("\n\nWhat changed\n  {changed}\n")), "{edited:?}");
    }
}

#[test]
fn information_missing_from_an_edit_is_an_error() {
    assert_eq!(
        desk_with_ann().line("users edit ann@education.gov.uk --first-name '' --last-name ' ' --email '' --api-user '' --active ''"),
        ran(
            3,
            "",
            "Error: There is a problem\n  \
             --first-name  Enter first name\n  \
             --last-name   Enter last name\n  \
             --email       Enter email address\n  \
             --api-user    Select if the account is an API user\n  \
             --active      Select if the account is active\n"
        )
    );
}

#[test]
fn an_email_address_edited_incorrectly_is_an_error() {
    let desk = desk_with_ann();
    for email in ["ann@gmail.com", "jo hn@education.gov.uk", "ann@x.badeducation.gov.uk"] {
        let edited = desk.run(&["users", "edit", "ann@education.gov.uk", "--email", email]);
        assert_eq!(edited, problem("--email", WRONG_EMAIL), "{email}");
    }
}

#[test]
fn an_edited_email_address_already_used_by_another_user_is_an_error() {
    let desk = desk_with_ann();
    desk.add("Zoe", "Young", "zoe@education.gov.uk");
    let before = desk.rows();
    assert_eq!(desk.line("users edit ann@education.gov.uk --email zoe@education.gov.uk"), email_in_use());
    assert_eq!(desk.rows(), before);
}

#[test]
fn an_edit_can_be_checked_before_the_user_is_saved() {
    let desk = desk_with_ann();
    let before = desk.rows();
    assert_eq!(
        desk.line("users edit ann@education.gov.uk --last-name Baker --email ann.baker@education.gov.uk --dry-run"),
        ran(
            0,
            "Dry run: nothing was stored.\n\nThis would change the user Ann Baker:\n\n  \
             Last name: Abel → Baker\n  \
             Email address: ann@education.gov.uk → ann.baker@education.gov.uk\n\n\
             This would email: ann.baker@education.gov.uk, Your email address for Register of training providers has changed\n\
             This would email: ann@education.gov.uk, Your email address for Register of training providers has changed\n",
            ""
        )
    );
    assert_eq!(desk.rows(), before);
}

#[test]
fn if_the_email_address_changes_the_new_one_is_emailed_with_sign_in_details() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "old@education.gov.uk");
    desk.line("users edit old@education.gov.uk --email ann@education.gov.uk");
    let subject = "Your email address for Register of training providers has changed";
    let to_new = Letter {
        to: "Ann Abel <ann@education.gov.uk>".to_owned(),
        subject: subject.to_owned(),
        text: format!(
            "Hello Ann\n\nYour email address for Register of training providers has changed.\n\n{SIGN_IN_DETAILS}\n\n{WHOM_TO_ASK}"
        ),
    };
    let to_old = Letter {
        to: "Ann Abel <old@education.gov.uk>".to_owned(),
        subject: subject.to_owned(),
        text: "Hello Ann\n\nYour email address for Register of training providers has changed. \
               This address, old@education.gov.uk, is no longer used for your account.\n\n\
               Email becomingateacher@digital.education.gov.uk if you did not expect this.\n"
            .to_owned(),
    };
    assert_eq!(desk.letters()[1..], [to_new, to_old]);
}

#[test]
fn a_change_of_anything_else_emails_nobody() {
    let desk = desk_with_ann();
    let edited = desk.line("users edit ann@education.gov.uk --first-name Anne --last-name Baker --api-user yes --active no");
    assert_eq!((edited.code, edited.err.as_str(), desk.letters().len()), (0, "Success: User updated\n", 1));
}

#[test]
fn once_signed_in_the_first_name_last_name_and_email_address_cannot_be_changed() {
    let desk = desk_with_ann();
    desk.sign_in("ann@education.gov.uk");
    let before = desk.rows();
    for flags in ["--first-name Anne", "--last-name Baker", "--email anne@education.gov.uk", "--first-name ''", "--email nonsense"] {
        assert_eq!(desk.line(&format!("users edit ann@education.gov.uk {flags}")), locked(), "{flags}");
    }
    assert_eq!(desk.rows(), before);
}

// Deleting a user

#[test]
fn the_deletion_must_be_confirmed_and_the_warning_says_that_it_cannot_be_undone() {
    let desk = desk_with_ann();
    let before = desk.rows();
    assert_eq!(desk.line("users delete ann@education.gov.uk"), not_confirmed());
    assert_eq!(desk.rows(), before);
}

#[test]
fn deleting_removes_the_user_from_the_service() {
    let desk = desk_with_ann();
    assert_eq!(desk.line("users exists ann@education.gov.uk"), ran(0, "", ""));
    desk.line("users delete ann@education.gov.uk --yes");
    assert_eq!(desk.line("users exists ann@education.gov.uk"), ran(4, "", ""));
    assert_eq!(desk.line("users list"), ran(0, "There are no users.\n", ""));
    assert_eq!(
        desk.line("sign-in check --email ann@education.gov.uk"),
        ran(
            4,
            "",
            "Error: The user with this email address has been deleted\nTo let them in again, add them again: frontdesk users add, or frontdesk org add-user\n"
        )
    );
}

#[test]
fn deleting_a_user_triggers_an_email_that_says_so_and_where_to_get_help() {
    let desk = desk_with_ann();
    desk.line("users delete ann@education.gov.uk --yes");
    let removal = Letter {
        to: "Ann Abel <ann@education.gov.uk>".to_owned(),
        subject: "You have been removed from Register of training providers".to_owned(),
        text: "Hello Ann\n\nYou have been removed from Register of training providers. You can no longer sign in to it.\n\n\
               Email becomingateacher@digital.education.gov.uk if you think this was a mistake.\n"
            .to_owned(),
    };
    assert_eq!(desk.letters()[1..], [removal]);
}

// Data validation rules

#[test]
fn a_first_name_is_required() {
    for typed in ["", "--first-name ''", "--first-name ' \t '", "--first-name '\u{200B}'"] {
        let added = Desk::new().line(&format!("users add {typed} --last-name Abel --email ann@education.gov.uk --api-user no"));
        assert_eq!(added, problem("--first-name", "Enter first name"), "{typed}");
    }
}

#[test]
fn a_last_name_is_required() {
    for typed in ["", "--last-name ''", "--last-name ' \n '", "--last-name '\u{FEFF}'"] {
        let added = Desk::new().line(&format!("users add --first-name Ann {typed} --email ann@education.gov.uk --api-user no"));
        assert_eq!(added, problem("--last-name", "Enter last name"), "{typed}");
    }
}

#[test]
fn an_email_address_is_required() {
    for typed in ["", "--email ''", "--email '  '"] {
        let added = Desk::new().line(&format!("users add --first-name Ann --last-name Abel {typed} --api-user no"));
        assert_eq!(added, problem("--email", "Enter email address"), "{typed}");
    }
}

#[test]
fn selecting_whether_the_account_is_an_api_user_is_required() {
    for typed in ["", "--api-user", "--api-user ''"] {
        let added = Desk::new().line(&format!("users add --first-name Ann --last-name Abel --email ann@education.gov.uk {typed}"));
        assert_eq!(added, problem("--api-user", "Select if the account is an API user"), "{typed}");
    }
}

#[test]
fn selecting_whether_the_account_is_active_is_required() {
    for typed in ["--active", "--active ''"] {
        let edited = desk_with_ann().line(&format!("users edit ann@education.gov.uk {typed}"));
        assert_eq!(edited, problem("--active", "Select if the account is active"), "{typed}");
    }
}
