//! Seed 001, “Managing support users”: each of its lines that needs no terminal, in its order. What
//! it shares with seed 000 is tested from another side, in the service kind `claim`, which asks as
//! this seed does: names and an email address, and nothing about API users.

use crate::desk::{Desk, Letter, email_in_use, id, locked, nobody, not_confirmed, problem, ran, written};

const WRONG_EMAIL: &str = "Enter a Department for Education email address in the correct format, like name@education.gov.uk";
const WHOM_TO_ASK: &str = "Email ittmentor.funding@education.gov.uk if you need help, or if you did not expect this email.\n";

/// What an email with sign-in details says, between its first paragraph and whom to ask.
fn sign_in_details(email: &str) -> String {
    format!(
        "\
To sign in, go to:
https://claim-funding-for-mentor-training.education.gov.uk

Sign in with DfE Sign-in, using this email address:
{email}

This is the address that this email was sent to. If you use a different one, you may not be able to sign in, or you may not see everything you need.

If you do not have a DfE Sign-in account, create one with the same email address:
https://profile.signin.education.gov.uk/register

Then come back to this email and sign in."
    )
}

/// A desk with Ann Abel, added by its first run.
fn desk_with_ann() -> Desk {
    let desk = Desk::of("claim");
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk
}

/// Ann’s page, with these names and this address.
fn page(first_name: &str, last_name: &str, email: &str) -> String {
    format!(
        "{first_name} {last_name}\n\nUser has never signed in\n\n\
         First name     {first_name}\n\
         Last name      {last_name}\n\
         Email address  {email}\n\
         Id             {}\n",
        id(0, 4)
    )
}

// Support users list

#[test]
fn each_user_in_the_list_shows_full_name_and_email_address_and_no_status() {
    assert_eq!(desk_with_ann().line("users list"), ran(0, "Users (1)\n\nName      Email address\nAnn Abel  ann@education.gov.uk\n", ""));
}

#[test]
fn the_list_stays_in_order_when_a_name_changes() {
    let desk = desk_with_ann();
    desk.add("Beth", "Baker", "beth@education.gov.uk");
    desk.line("users edit ann@education.gov.uk --first-name Zoë");
    let emails = desk.line("users list --format plain --fields email");
    assert_eq!(emails, ran(0, "beth@education.gov.uk\nann@education.gov.uk\n", ""));
}

#[test]
fn a_list_of_exactly_25_users_is_not_paginated() {
    let desk = Desk::of("claim");
    for number in 1..=25 {
        desk.add("Ann", &format!("Abel {number:02}"), &format!("ann{number:02}@education.gov.uk"));
    }
    let listed = desk.line("users list");
    assert_eq!((listed.code, listed.err.as_str()), (0, ""));
    assert!(listed.out.starts_with("Users (25)\n\nName         Email address\nAnn Abel 01  ann01@education.gov.uk\n"), "{listed:?}");
    assert!(listed.out.ends_with("\nAnn Abel 25  ann25@education.gov.uk\n"), "{listed:?}");
}

#[test]
fn when_a_user_is_added_to_or_removed_from_support_a_success_message_is_shown() {
    let desk = Desk::of("claim");
    let added = desk.line("users add --first-name Ann --last-name Abel --email ann@education.gov.uk");
    assert_eq!(
        added,
        ran(
            0,
            &page("Ann", "Abel", "ann@education.gov.uk"),
            &format!("{}Success: User added\n{}", desk.kept.creation(), written(&id(0, 5)))
        )
    );
    let deleted = desk.line("users delete ann@education.gov.uk --yes");
    assert_eq!(deleted, ran(0, "", &format!("Success: User deleted\n{}", written(&id(1, 1)))));
}

#[test]
fn when_nobody_was_added_or_removed_no_success_message_is_shown() {
    let desk = desk_with_ann();
    let again = "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --if-not-exists";
    assert_eq!(
        desk.line(again),
        ran(0, &page("Ann", "Abel", "ann@education.gov.uk"), "This user is there already. Nothing was changed.\n")
    );
    let gone = "users delete zoe@education.gov.uk --if-exists --yes";
    assert_eq!(desk.line(gone), ran(0, "", "There is no such user. Nothing was changed.\n"));
}

// User details

#[test]
fn the_user_details_page_shows_first_name_last_name_and_email_address() {
    let desk = desk_with_ann();
    assert_eq!(desk.line("users show ann@education.gov.uk"), ran(0, &page("Ann", "Abel", "ann@education.gov.uk"), ""));
}

#[test]
fn the_questions_about_api_users_are_not_asked() {
    let desk = desk_with_ann();
    for (command, flag) in [
        ("users add --first-name Zoe --last-name Young --email zoe@education.gov.uk --api-user no", "--api-user"),
        ("users edit ann@education.gov.uk --api-user yes", "--api-user"),
        ("users edit ann@education.gov.uk --active no", "--active"),
        ("users list --status active", "--status"),
        ("users list --type api", "--type"),
    ] {
        let message = format!(
            "Error: {flag} cannot be used: Claim funding for mentor training has no API users and nobody who is not active\n\
             Nothing was changed. Leave the flag out.\n"
        );
        assert_eq!(desk.line(command), ran(2, "", &message), "{command}");
    }
}

#[test]
fn the_support_team_can_change_the_first_name_last_name_and_email_address() {
    let desk = desk_with_ann();
    desk.add("Sue", "Support", "sue@education.gov.uk");
    for (flag, value, changed) in [
        ("--first-name", "Beth", "First name: Ann → Beth"),
        ("--last-name", "Baker", "Last name: Abel → Baker"),
        ("--email", "beth@education.gov.uk", "Email address: ann@education.gov.uk → beth@education.gov.uk"),
    ] {
        let edited = desk.run(&["users", "edit", &id(0, 4), flag, value, "--as", "sue@education.gov.uk"]);
        assert_eq!(edited.code, 0, "{edited:?}");
        assert!(edited.out.ends_with(&format!("\n\nWhat changed\n  {changed}\n")), "{edited:?}");
        assert!(edited.err.starts_with("Success: User updated\n"), "{edited:?}");
    }
    assert_eq!(desk.line("users show beth@education.gov.uk").out, page("Beth", "Baker", "beth@education.gov.uk"));
}

// Adding a user

#[test]
fn information_missing_from_the_form_is_an_error_for_each_of_its_three_questions() {
    assert_eq!(
        Desk::of("claim").line("users add"),
        ran(
            3,
            "",
            "Error: There is a problem\n  \
             --first-name  Enter first name\n  \
             --last-name   Enter last name\n  \
             --email       Enter email address\n"
        )
    );
}

#[test]
fn an_email_address_entered_incorrectly_is_never_corrected() {
    let desk = Desk::of("claim");
    for email in
        ["ann @education.gov.uk", "ann@ education.gov.uk", "ann@education.gov.uk.", "ann@education,gov.uk", "mailto:ann@education.gov.uk"]
    {
        let added = desk.run(&["users", "add", "--first-name=Ann", "--last-name=Abel", "--email", email]);
        assert_eq!(added, problem("--email", WRONG_EMAIL), "{email}");
    }
}

#[test]
fn an_email_address_already_used_by_another_user_is_told_with_the_other_errors() {
    assert_eq!(
        desk_with_ann().line("users add --first-name Zoe --email ann@education.gov.uk"),
        ran(
            3,
            "",
            "Error: There is a problem\n  \
             --last-name  Enter last name\n  \
             --email      Email address already in use\n"
        )
    );
}

#[test]
fn the_answers_can_be_checked_as_json_before_the_user_is_saved() {
    let desk = desk_with_ann();
    let before = desk.rows();
    let tried = desk.json(&["users", "add", "--first-name= Zoe ", "--last-name=Young", "--email=ZOE@education.gov.uk", "--dry-run"]);
    assert_eq!(
        serde_json::json!([tried["result"], tried["user"]["first_name"], tried["user"]["email"], tried["emails"][0]["status"]]),
        serde_json::json!(["added", "Zoe", "zoe@education.gov.uk", "would_queue"])
    );
    assert_eq!(desk.rows(), before);
}

#[test]
fn adding_the_user_triggers_an_email_with_sign_in_details_for_this_service() {
    let details = sign_in_details("ann@education.gov.uk");
    let invitation = Letter {
        to: "Ann Abel <ann@education.gov.uk>".to_owned(),
        subject: "Invitation to join Claim funding for mentor training".to_owned(),
        text: format!("Hello Ann\n\nYou have been added to Claim funding for mentor training.\n\n{details}\n\n{WHOM_TO_ASK}"),
    };
    assert_eq!(desk_with_ann().letters(), [invitation]);
}

// Editing a user

#[test]
fn a_change_says_what_it_changed() {
    let desk = desk_with_ann();
    assert_eq!(
        desk.line("users edit ann@education.gov.uk --last-name Baker"),
        ran(0, &(page("Ann", "Baker", "ann@education.gov.uk") + "\nWhat changed\n  Last name: Abel → Baker\n"), "Success: User updated\n")
    );
}

#[test]
fn information_taken_away_in_an_edit_is_an_error() {
    let desk = desk_with_ann();
    for (flag, message) in [("--first-name", "Enter first name"), ("--last-name", "Enter last name"), ("--email", "Enter email address")] {
        assert_eq!(desk.run(&["users", "edit", "ann@education.gov.uk", flag, ""]), problem(flag, message));
    }
}

#[test]
fn an_email_address_edited_incorrectly_leaves_the_other_answers_unsaved() {
    let desk = desk_with_ann();
    let before = desk.rows();
    let edited = desk.line("users edit ann@education.gov.uk --first-name Beth --email beth@gmail.com");
    assert_eq!(edited, problem("--email", WRONG_EMAIL));
    assert_eq!(desk.rows(), before);
}

#[test]
fn an_edited_email_address_may_be_the_users_own_but_not_another_users() {
    let desk = desk_with_ann();
    desk.add("Zoe", "Young", "zoe@education.gov.uk");
    assert_eq!(desk.line("users edit ann@education.gov.uk --email ZOE@education.gov.uk"), email_in_use());
    assert_eq!(
        desk.line("users edit ann@education.gov.uk --email ANN@education.gov.uk"),
        ran(0, &page("Ann", "Abel", "ann@education.gov.uk"), "The user is like this already. Nothing was changed.\n")
    );
}

#[test]
fn an_edit_can_be_checked_before_it_is_saved() {
    let desk = desk_with_ann();
    assert_eq!(
        desk.line("users edit ann@education.gov.uk --first-name Beth --dry-run"),
        ran(0, "Dry run: nothing was stored.\n\nThis would change the user Beth Abel:\n\n  First name: Ann → Beth\n", "")
    );
    assert_eq!(desk.line("users show ann@education.gov.uk").out, page("Ann", "Abel", "ann@education.gov.uk"));
}

#[test]
fn if_the_email_address_changes_the_new_one_is_emailed_and_the_old_one_told_without_it() {
    let desk = desk_with_ann();
    desk.line("users edit ann@education.gov.uk --email beth@education.gov.uk");
    let letters = desk.letters();
    let subject = "Your email address for Claim funding for mentor training has changed";
    assert_eq!(
        letters.iter().map(|letter| (letter.to.as_str(), letter.subject.as_str())).collect::<Vec<_>>()[1..],
        [("Ann Abel <beth@education.gov.uk>", subject), ("Ann Abel <ann@education.gov.uk>", subject)]
    );
    assert!(letters[1].text.contains(&sign_in_details("beth@education.gov.uk")), "{:?}", letters[1]);
    assert!(!letters[2].text.contains("beth@education.gov.uk"), "{:?}", letters[2]);
}

#[test]
fn once_signed_in_nothing_about_the_user_can_change() {
    let desk = desk_with_ann();
    desk.sign_in("ann@education.gov.uk");
    let before = desk.rows();
    for flag in ["--first-name=Beth", "--last-name=Baker", "--email=beth@education.gov.uk"] {
        assert_eq!(desk.run(&["users", "edit", "ann@education.gov.uk", flag]), locked(), "{flag}");
    }
    assert_eq!(desk.rows(), before);
}

// Deleting a user

#[test]
fn the_deletion_must_be_confirmed_even_of_somebody_who_is_not_there() {
    assert_eq!(desk_with_ann().line("users delete zoe@education.gov.uk"), not_confirmed());
}

#[test]
fn the_deletion_can_be_looked_at_first() {
    let desk = desk_with_ann();
    assert_eq!(
        desk.line("users delete ann@education.gov.uk --dry-run"),
        ran(
            0,
            &format!(
                "Dry run: nothing was stored.\n\nThis would delete the user:\n\n{}\n\
                 This would email: ann@education.gov.uk, You have been removed from Claim funding for mentor training\n",
                page("Ann", "Abel", "ann@education.gov.uk")
            ),
            ""
        )
    );
    assert_eq!(desk.line("users exists ann@education.gov.uk").code, 0);
}

#[test]
fn the_deletion_cannot_be_undone() {
    let desk = desk_with_ann();
    desk.line("users delete ann@education.gov.uk --yes");
    let help = desk.line("users --help").out;
    assert!(help.contains("  delete ") && !help.contains("restore") && !help.contains("undelete"), "{help}");
    let edited = desk.run(&["users", "edit", &id(0, 4), "--first-name", "Ann"]);
    assert_eq!(edited, nobody(&id(0, 4)).with_flags("--service claim"));
}

#[test]
fn deleting_a_user_triggers_an_email_to_tell_them_and_how_to_get_help() {
    let desk = desk_with_ann();
    desk.line("users delete ann@education.gov.uk --yes");
    let removal = Letter {
        to: "Ann Abel <ann@education.gov.uk>".to_owned(),
        subject: "You have been removed from Claim funding for mentor training".to_owned(),
        text: "Hello Ann\n\nYou have been removed from Claim funding for mentor training. You can no longer sign in to it.\n\n\
               Email ittmentor.funding@education.gov.uk if you think this was a mistake.\n"
            .to_owned(),
    };
    assert_eq!(desk.letters()[1..], [removal]);
}

// Data validation rules

#[test]
fn a_first_name_is_required_and_is_at_most_255_characters() {
    let desk = Desk::of("claim");
    let add = |name: &str| desk.run(&["users", "add", "--first-name", name, "--last-name=Abel", "--email=ann@education.gov.uk"]);
    assert_eq!(add(""), problem("--first-name", "Enter first name"));
    assert_eq!(add(&"é".repeat(256)), problem("--first-name", "First name must be 255 characters or fewer"));
    assert_eq!(add("Ann\u{202E}"), problem("--first-name", "First name must not include control characters"));
    assert_eq!(add(&"é".repeat(255)).code, 0);
}

#[test]
fn a_last_name_is_required_and_is_at_most_255_characters() {
    let desk = Desk::of("claim");
    let add = |name: &str| desk.run(&["users", "add", "--first-name=Ann", "--last-name", name, "--email=ann@education.gov.uk"]);
    assert_eq!(add(""), problem("--last-name", "Enter last name"));
    assert_eq!(add(&"é".repeat(256)), problem("--last-name", "Last name must be 255 characters or fewer"));
    assert_eq!(add("Ab\u{1B}el"), problem("--last-name", "Last name must not include control characters"));
    assert_eq!(add(&"é".repeat(255)).code, 0);
}

#[test]
fn an_email_address_is_required_and_has_at_most_64_characters_before_the_at_sign() {
    let desk = Desk::of("claim");
    let add = |email: &str| desk.run(&["users", "add", "--first-name=Ann", "--last-name=Abel", "--email", email]);
    assert_eq!(add(""), problem("--email", "Enter email address"));
    assert_eq!(add(&format!("{}@education.gov.uk", "a".repeat(65))), problem("--email", WRONG_EMAIL));
    assert_eq!(add(&format!("{}@education.gov.uk", "a".repeat(64))).code, 0);
}

// Further considerations

#[test]
fn the_email_address_links_the_user_to_their_dfe_sign_in_account() {
    let desk = desk_with_ann();
    let signed_in = desk.json(&["sign-in", "record", "--email", "Ann@Education.gov.uk", "--id", "8F2C51"]);
    assert_eq!((&signed_in["allowed"], &signed_in["user"]["id"]), (&true.into(), &id(0, 4).into()));
    assert_eq!(desk.json(&["users", "show", "8F2C51"])["user"]["email"], "ann@education.gov.uk");
}

#[test]
fn if_the_email_address_does_not_match_the_user_may_not_be_able_to_sign_in() {
    let refused = desk_with_ann().line("sign-in record --email ann.abel@education.gov.uk --id 8F2C51");
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
fn if_another_account_uses_the_email_address_it_does_not_see_the_support_part() {
    let desk = desk_with_ann();
    desk.line("sign-in record --email ann@education.gov.uk --id 8F2C51");
    assert_eq!(
        desk.line("sign-in record --email ann@education.gov.uk --id 000000"),
        ran(
            6,
            "",
            "Error: This user’s account is tied to another DfE Sign-in account\n\
             If the person has a new DfE Sign-in account, delete or remove the user and add them again.\n"
        )
    );
}

#[test]
fn the_email_notification_says_that_the_address_must_match() {
    let text = &desk_with_ann().letters()[0].text;
    assert!(text.contains("Sign in with DfE Sign-in, using this email address:\nann@education.gov.uk\n"), "{text}");
    assert!(text.contains("If you use a different one, you may not be able to sign in, or you may not see everything you need."), "{text}");
}
