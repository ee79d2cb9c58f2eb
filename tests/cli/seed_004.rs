//! Seed 004, “Adding users to an organisation”: each of its lines, in its order and under its words,
//! in the service kind `publish`, by a support user of it.

use std::collections::BTreeSet;

use crate::desk::{Desk, Letter, Ran, email_in_use, id, nobody_in, problem, ran, written};
use crate::journeys::NEXT_STEP;
use crate::terminal::{ENTER, ESCAPE, Setting, Terminal};

const SUE: &str = "sue@education.gov.uk";
const LIST: &str = "Choose a user, or what to do";
const WRONG_EMAIL: &str = "Enter an email address in the correct format, like name@example.com";
/// What the details page says of the rest, which nobody may change.
const FIXED: &str =
    "The organisations change only when the user is added to one or removed from it, and the last sign-in only when the user signs in.";
const WHOM_TO_ASK: &str = "Email becomingateacher@digital.education.gov.uk if you need help, or if you did not expect this email.\n";

/// What an email with sign-in details says, between its first paragraph and whom to ask.
fn sign_in_details(email: &str) -> String {
    format!(
        "\
To sign in, go to:
https://www.publish-teacher-training-courses.service.gov.uk

Sign in with DfE Sign-in, using this email address:
{email}

This is the address that this email was sent to. If you use a different one, you may not be able to sign in, or you may not see everything you need.

If you do not have a DfE Sign-in account, create one with the same email address:
https://profile.signin.education.gov.uk/register

Then come back to this email and sign in."
    )
}

/// A desk with the support user Sue, and Alpha School.
fn desk_with_alpha() -> Desk {
    let desk = Desk::of("publish");
    desk.add("Sue", "Support", SUE);
    desk.add_organisation("ALPHA", "Alpha School");
    desk
}

/// The same with Ann Abel in Alpha School, added by the third run.
fn desk_with_ann() -> Desk {
    let desk = desk_with_alpha();
    desk.add_member("ALPHA", "Ann", "Abel", "ann@example.com");
    desk
}

/// What Sue’s command line came to.
fn by_sue(desk: &Desk, line: &str) -> Ran {
    desk.line(&format!("--as {SUE} {line}"))
}

/// Ann’s page, with these names and this address.
fn page(first_name: &str, last_name: &str, email: &str) -> String {
    format!(
        "{first_name} {last_name}\n\nUser has never signed in\n\n\
         First name      {first_name}\n\
         Last name       {last_name}\n\
         Email address   {email}\n\
         Organisations   Alpha School (ALPHA)\n\
         Last signed in  Never\n\
         Id              {}\n",
        id(2, 1)
    )
}

/// An email to Ann.
fn letter(address: &str, subject: &str, text: &str) -> Letter {
    Letter { to: format!("Ann Abel <{address}>"), subject: subject.to_owned(), text: text.to_owned() }
}

/// Opens the list of Alpha School’s users as Sue.
fn open_list(desk: &Desk, columns: u16) -> Terminal {
    let mut terminal = Setting::at(desk).rows(50).columns(columns).run(&["org", "--as", SUE]);
    terminal.choose("Choose an organisation, or what to do", "Alpha School");
    terminal.choose(NEXT_STEP, "Users");
    terminal
}

/// Leaves the desk from the list of an organisation’s users.
fn leave(terminal: &mut Terminal) {
    terminal.choose(LIST, "Back to the organisation");
    terminal.choose(NEXT_STEP, "Back to the list");
    terminal.choose("Choose an organisation, or what to do", "Leave");
    assert_eq!(terminal.finish(), 0);
}

// List of users

#[test]
fn on_the_user_list_page_there_is_an_add_user_button() {
    let desk = desk_with_alpha();
    assert_eq!(by_sue(&desk, "org users ALPHA"), ran(0, "There are no users for Alpha School.\n", ""));
    let mut terminal = open_list(&desk, 80);
    terminal.wait_for(&format!("There are no users for Alpha School. {LIST}"));
    terminal.wait_for("> Add user Back to the organisation");
    terminal.choose(LIST, "Add user");
    terminal.wait_for("Add user to Alpha School First name >");
    terminal.type_keys(ESCAPE);
    terminal.wait_in_order(&["Nothing was changed", "There are no users for Alpha School."]);
    leave(&mut terminal);
}

#[test]
fn a_list_of_users_in_alphabetical_order_ordered_by_their_first_name_then_last_name() {
    let desk = desk_with_alpha();
    let names = ["zora Abel", "Zoë Abel", "Anna Abel", "Ann Zed", "Zoe Baker", "anna Aalto", "Ann Young", "Ann Young"];
    for (name, email) in names.iter().zip(["1", "2", "3", "4", "5", "6", "8", "7"]) {
        let (first_name, last_name) = name.split_once(' ').unwrap();
        desk.add_member("ALPHA", first_name, last_name, &format!("{email}@example.com"));
    }
    assert_eq!(
        by_sue(&desk, "org users ALPHA --format plain --fields first_name,last_name,email"),
        ran(
            0,
            "Ann\tYoung\t7@example.com\nAnn\tYoung\t8@example.com\nAnn\tZed\t4@example.com\nanna\tAalto\t6@example.com\n\
             Anna\tAbel\t3@example.com\nZoë\tAbel\t2@example.com\nZoe\tBaker\t5@example.com\nzora\tAbel\t1@example.com\n",
            ""
        )
    );
}

#[test]
fn for_each_user_in_the_list_the_full_name_leads_to_the_details_and_the_email_address_is_shown() {
    let desk = desk_with_ann();
    desk.add_member("ALPHA", "Seán", "van der Berg", "sean@gmail.com");
    assert_eq!(
        by_sue(&desk, "org users ALPHA"),
        ran(
            0,
            "Alpha School\n\nUsers (2)\n\nName               Email address\nAnn Abel           ann@example.com\nSeán van der Berg  sean@gmail.com\n",
            ""
        )
    );
    for columns in [80, 40] {
        let mut terminal = open_list(&desk, columns);
        terminal.wait_for(&format!("Alpha School Users (2) {LIST}"));
        terminal.wait_for("> Ann Abel ann@example.com Seán van der Berg sean@gmail.com Find Add user Back to the organisation");
        terminal.choose(LIST, "Seán van der Berg");
        terminal.wait_for("Seán van der Berg User has never signed in First name Seán Last name van der Berg Email address sean@gmail.com");
        terminal.choose(NEXT_STEP, "Back to the list");
        terminal.wait_for("Ann Abel ann@example.com > Seán van der Berg sean@gmail.com");
        leave(&mut terminal);
    }
}

#[test]
fn if_the_user_list_contains_more_than_50_users_it_is_paginated() {
    let desk = desk_with_alpha();
    for number in 1..=50 {
        desk.add_member("ALPHA", "Ann", &format!("Abel {number:02}"), &format!("ann{number:02}@example.com"));
    }
    let fifty = by_sue(&desk, "org users ALPHA");
    assert_eq!((fifty.code, fifty.err.as_str()), (0, ""));
    assert!(fifty.out.starts_with("Alpha School\n\nUsers (50)\n\n"), "{fifty:?}");
    assert!(fifty.out.ends_with("\nAnn Abel 50  ann50@example.com\n"), "{fifty:?}");

    desk.add_member("ALPHA", "Zoe", "Young", "zoe@example.com");
    let first = by_sue(&desk, "org users ALPHA");
    let warning = "Warning: only rows 1 to 50 of 51 were listed. To list them all, use --all or --format csv.\n";
    assert_eq!((first.code, first.err), (0, warning.to_owned()));
    assert!(
        first.out.ends_with(&format!(
            "\nAnn Abel 50  ann50@example.com\n\nShowing 1 to 50 of 51 results\n\
             Next page: frontdesk org users ALPHA --service publish --as {SUE} --page 2\n"
        )),
        "{}",
        first.out
    );
    assert_eq!(
        by_sue(&desk, "org users ALPHA --page 2"),
        ran(
            0,
            "Alpha School\n\nUsers (51)\n\nName       Email address\nZoe Young  zoe@example.com\n\nShowing 51 to 51 of 51 results\n",
            ""
        )
    );

    let mut terminal = open_list(&desk, 80);
    terminal.wait_for("Alpha School Users (51) Showing 1 to 50 of 51 results");
    terminal.choose(LIST, "Next page");
    terminal.wait_for("Users (51) Showing 51 to 51 of 51 results");
    terminal.wait_for("> Zoe Young zoe@example.com Previous page Find Add user Back to the organisation");
    leave(&mut terminal);
}

#[test]
fn when_a_user_is_added_or_removed_a_success_message_is_shown() {
    let desk = desk_with_alpha();
    let added = by_sue(&desk, "org add-user ALPHA --first-name Ann --last-name Abel --email ann@example.com");
    let success = format!("Success: User added\n{}", written(&id(2, 3)));
    assert_eq!(added, ran(0, &page("Ann", "Abel", "ann@example.com"), &success));
    let removed = by_sue(&desk, "org remove-user ALPHA ann@example.com --yes");
    assert_eq!(removed, ran(0, "", &format!("Success: User removed\n{}", written(&id(3, 1)))));
}

// User details

#[test]
fn a_summary_list_of_first_name_last_name_email_address_organisations_and_last_sign_in() {
    let desk = desk_with_ann();
    let shown = by_sue(&desk, "org show-user ALPHA ann@example.com");
    assert_eq!(shown, ran(0, &format!("{}\n{FIXED}\n", page("Ann", "Abel", "ann@example.com")), ""));
}

#[test]
fn the_organisations_they_belong_to_are_in_alphabetical_order() {
    let desk = desk_with_ann();
    for (code, name) in
        [("Z", "Zebra School"), ("E2", "École Beta"), ("E1", "eagle school"), ("S9", "St Mary’s"), ("s10", "St Mary’s"), ("E3", "Eton")]
    {
        desk.add_organisation(code, name);
        desk.add_member(code, "Ann", "Abel", "ann@example.com");
    }
    desk.add_organisation("B", "Beta School");
    let shown = by_sue(&desk, "org show-user Z ann@example.com");
    assert_eq!((shown.code, shown.err.as_str()), (0, ""));
    assert!(
        shown.out.contains(
            "\nOrganisations   Alpha School (ALPHA)\n\
             \x20               eagle school (E1)\n\
             \x20               École Beta (E2)\n\
             \x20               Eton (E3)\n\
             \x20               St Mary’s (s10)\n\
             \x20               St Mary’s (S9)\n\
             \x20               Zebra School (Z)\n\
             Last signed in  Never\n"
        ),
        "{shown:?}"
    );
}

#[test]
fn the_last_sign_in_date_and_time_is_londons() {
    let desk = desk_with_ann();
    for (at, read) in [
        ("2025-06-30T23:30:00Z", "1 July 2025 at 12:30am"),
        ("2025-07-01T11:00:00Z", "1 July 2025 at 12pm (midday)"),
        ("2025-12-11T00:00:00Z", "11 December 2025 at 12am (midnight)"),
        ("2025-12-11T14:13:00Z", "11 December 2025 at 2:13pm"),
    ] {
        desk.done(&["sign-in", "record", "--email=ann@example.com", "--at", at]);
        let shown = by_sue(&desk, "org show-user ALPHA ann@example.com").out;
        assert!(shown.starts_with(&format!("Ann Abel\n\nLast signed in on {read}\n\nFirst name      Ann\n")), "{shown}");
        assert!(shown.contains(&format!("\nLast signed in  {read}\n")), "{shown}");
        assert_eq!(desk.json(&["org", "show-user", "ALPHA", "ann@example.com", "--as", SUE])["user"]["last_signed_in_at"], at);
    }
}

#[test]
fn the_page_includes_a_remove_user_link() {
    let desk = desk_with_ann();
    let mut terminal = open_list(&desk, 80);
    terminal.choose(LIST, "Ann Abel");
    terminal.wait_for(&format!(
        "Organisations Alpha School (ALPHA) Last signed in Never Id {} {FIXED} {NEXT_STEP} \
         Change: First name Change: Last name Change: Email address Remove user > Back to the list",
        id(2, 1)
    ));
    terminal.choose(NEXT_STEP, "Back to the list");
    leave(&mut terminal);
}

// Changing a user's details

#[test]
fn the_first_name_last_name_and_email_address_can_be_changed_before_and_after_the_first_sign_in() {
    for has_signed_in in [false, true] {
        let desk = desk_with_ann();
        if has_signed_in {
            desk.done(&["sign-in", "record", "--email=ann@example.com", "--id=A1"]);
        }
        for (flag, value, changed) in [
            ("--first-name", "Beth", "First name: Ann → Beth"),
            ("--last-name", "Baker", "Last name: Abel → Baker"),
            ("--email", "beth@example.com", "Email address: ann@example.com → beth@example.com"),
        ] {
            let edited = by_sue(&desk, &format!("org edit-user ALPHA {} {flag} {value}", id(2, 1)));
            assert_eq!(edited.code, 0, "{edited:?}");
            assert!(edited.out.ends_with(&format!("\n\nWhat changed\n  {changed}\n")), "{edited:?}");
            assert!(edited.err.starts_with("Success: User updated\n"), "{edited:?}");
        }
        assert_eq!(
            by_sue(&desk, "org users ALPHA --format plain --fields first_name,last_name,email"),
            ran(0, "Beth\tBaker\tbeth@example.com\n", "")
        );
    }
}

#[test]
fn each_of_the_three_can_be_changed_from_the_page_after_the_first_sign_in() {
    let desk = desk_with_ann();
    desk.sign_in("ann@example.com");
    let mut terminal = open_list(&desk, 80);
    terminal.choose(LIST, "Ann Abel");
    terminal.wait_for("Last signed in 11 December 2025 at 2:13pm");
    for (label, before, typed) in
        [("First name", "Ann", "Beth"), ("Last name", "Abel", "Baker"), ("Email address", "ann@example.com", "beth@example.com")]
    {
        terminal.choose(NEXT_STEP, &format!("Change: {label}"));
        terminal.correct(&format!("{label} > {before}"), typed);
        terminal.wait_for(&format!("{label}: {before} → {typed}"));
        terminal.choose(NEXT_STEP, "Save");
        terminal.wait_in_order(&["Success: User updated", &format!("{label} {typed}")]);
    }
    terminal.choose(NEXT_STEP, "Back to the list");
    terminal.wait_for("> Beth Baker beth@example.com");
    leave(&mut terminal);
}

#[test]
fn a_changed_email_address_is_sent_sign_in_details_and_the_old_one_is_told() {
    let desk = desk_with_ann();
    let edited = by_sue(&desk, "org edit-user ALPHA ann@example.com --email abel@example.com");
    let changed = "\nWhat changed\n  Email address: ann@example.com → abel@example.com\n";
    let success = format!("Success: User updated\n{}{}", written(&id(3, 1)), written(&id(3, 2)));
    assert_eq!(edited, ran(0, &(page("Ann", "Abel", "abel@example.com") + changed), &success));
    let subject = "Your email address for Publish teacher training courses has changed";
    let about = "Your email address for Alpha School in Publish teacher training courses has changed.";
    let details = sign_in_details("abel@example.com");
    let to_new = letter("abel@example.com", subject, &format!("Hello Ann\n\n{about}\n\n{details}\n\n{WHOM_TO_ASK}"));
    let no_longer = "This address, ann@example.com, is no longer used for your account.";
    let not_expected = "Email becomingateacher@digital.education.gov.uk if you did not expect this.\n";
    let to_old = letter("ann@example.com", subject, &format!("Hello Ann\n\n{about} {no_longer}\n\n{not_expected}"));
    assert_eq!(desk.letters()[2..], [to_new, to_old]);
}

#[test]
fn the_organisations_they_belong_to_and_their_last_sign_in_cannot_be_changed() {
    let desk = desk_with_ann();
    let flags = |verb: &str| -> BTreeSet<String> {
        let help = desk.line(&format!("org {verb} --help")).out;
        help.split_whitespace().filter(|word| word.starts_with("--")).map(str::to_owned).collect()
    };
    let questions: Vec<String> = flags("edit-user").difference(&flags("remove-user")).cloned().collect();
    assert_eq!(questions, ["--email", "--first-name", "--last-name"]);
    let before = desk.rows();
    for flag in ["--organisation BETA", "--organisations BETA", "--org BETA", "--last-signed-in 2025-12-11T14:13:00Z", "--at 2025-12-11"] {
        let refused = by_sue(&desk, &format!("org edit-user ALPHA ann@example.com {flag}"));
        assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{flag}");
        assert!(refused.err.starts_with("Error: Unexpected argument"), "{refused:?}");
    }
    assert_eq!(desk.rows(), before);
}

// Adding a user

#[test]
fn clicking_add_user_leads_through_the_form_and_check_your_answers_to_the_list() {
    for columns in [80, 40] {
        let desk = desk_with_ann();
        let mut terminal = open_list(&desk, columns);
        terminal.choose(LIST, "Add user");
        terminal.wait_for("Add user to Alpha School First name >");
        terminal.type_keys(ENTER);
        terminal.correct("First name Error: Enter a first name >", "Bob");
        terminal.wait_for("Last name >");
        terminal.type_keys(ENTER);
        terminal.correct("Last name Error: Enter a last name >", "Baker");
        terminal.wait_for("Email address >");
        terminal.type_keys(ENTER);
        terminal.correct("Email address Error: Enter an email address >", "bo b@example.com");
        terminal.correct(&format!("Error: {WRONG_EMAIL} > bo b@example.com"), "ann@example.com");
        terminal.correct("Error: Email address already in use > ann@example.com", "bob@example.com");
        terminal.wait_for(&format!(
            "Check your answers First name Bob Last name Baker Email address bob@example.com \
             Bob Baker will be sent an email to tell them you’ve added them to Alpha School. \
             {NEXT_STEP} > Save Change: First name Change: Last name Change: Email address See the email Cancel"
        ));
        let before = desk.rows();
        terminal.choose(NEXT_STEP, "Change: Last name");
        terminal.correct("Last name > Baker", "Young");
        terminal.choose(NEXT_STEP, "See the email");
        terminal.wait_in_order(&["To: bob@example.com", "Hello Bob", "You have been added to Alpha School in Publish", "> Save"]);
        assert_eq!(desk.rows(), before);
        terminal.choose(NEXT_STEP, "Save");
        terminal.wait_in_order(&["Success: User added", "Alpha School Users (2)", LIST, "Ann Abel", "Bob Young", "Add user"]);
        assert_eq!(
            terminal.same_as_one_command(),
            format!("--service publish --as {SUE} org add-user ALPHA --first-name Bob --last-name Young --email bob@example.com --yes")
        );
        leave(&mut terminal);
        assert_eq!(desk.letters().len(), 3);
    }
}

#[test]
fn an_error_if_not_all_the_information_is_entered() {
    let desk = desk_with_alpha();
    let before = desk.rows();
    let all = ran(
        3,
        "",
        "Error: There is a problem\n  \
         --first-name  Enter a first name\n  \
         --last-name   Enter a last name\n  \
         --email       Enter an email address\n",
    );
    assert_eq!(by_sue(&desk, "org add-user ALPHA"), all);
    assert_eq!(by_sue(&desk, "org add-user ALPHA --first-name '' --last-name ' \t ' --email '\u{200B}'"), all);
    assert_eq!(desk.rows(), before);
}

#[test]
fn an_error_if_an_incorrect_email_address_is_entered() {
    let desk = desk_with_alpha();
    let add = |email: &str| desk.run(&["--as", SUE, "org", "add-user", "ALPHA", "--first-name=Ann", "--last-name=Abel", "--email", email]);
    let wrong = "ann|ann@|@example.com|ann@example|an n@example.com|ann@@example.com|ann..abel@example.com|ann(abel)@example.com|\
                 annë@example.com|ann@exämple.com|ann@[127.0.0.1]|\"ann\"@example.com|ann@example.com.|ann@-example.com|\
                 Ann Abel <ann@example.com>";
    for email in wrong.split('|') {
        assert_eq!(add(email), problem("--email", WRONG_EMAIL), "{email}");
    }
    // An organisation's own people may have any host.
    for email in ["ann@gmail.com", "ANN+desk@alpha.sch.uk", "ann@education.gov.uk"] {
        assert_eq!(add(email).code, 0, "{email}");
    }
}

#[test]
fn an_error_if_an_email_address_already_used_by_another_user_is_entered() {
    let desk = desk_with_ann();
    let before = desk.rows();
    assert_eq!(by_sue(&desk, "org add-user ALPHA --first-name Anna --last-name Abel --email ANN@Example.com"), email_in_use());
    assert_eq!(
        by_sue(&desk, "org add-user ALPHA --first-name Anna --email ann@example.com"),
        ran(3, "", "Error: There is a problem\n  --last-name  Enter a last name\n  --email      Email address already in use\n")
    );
    assert_eq!(desk.rows(), before);
}

#[test]
fn users_can_check_their_answers_before_saving_the_new_user() {
    let desk = desk_with_alpha();
    let before = desk.rows();
    let tried = by_sue(&desk, "org add-user ALPHA --first-name ' Ann ' --last-name Abel --email ANN@example.com --dry-run");
    let page = page("Ann", "Abel", "ann@example.com");
    let (page, _id) = page.split_once("Id ").unwrap();
    assert_eq!(
        tried,
        ran(
            0,
            &format!(
                "Dry run: nothing was stored.\n\nThis would add the user:\n\n{page}\n\
                 This would email: ann@example.com, Invitation to join Publish teacher training courses\n"
            ),
            ""
        )
    );
    let add = ["org", "add-user", "ALPHA", "--first-name=Ann", "--last-name=Abel", "--email=ann@example.com", "--as", SUE];
    let mut terminal = Setting::at(&desk).run(&add);
    terminal.wait_for("Check your answers First name Ann Last name Abel Email address ann@example.com");
    terminal.choose(NEXT_STEP, "Cancel");
    terminal.wait_for("Nothing was changed");
    assert_eq!((terminal.finish(), desk.rows()), (9, before));
}

#[test]
fn adding_the_user_triggers_sending_an_email_with_sign_in_details() {
    let desk = desk_with_ann();
    let added = "You have been added to Alpha School in Publish teacher training courses.";
    let details = sign_in_details("ann@example.com");
    let text = format!("Hello Ann\n\n{added}\n\n{details}\n\n{WHOM_TO_ASK}");
    let invitation = letter("ann@example.com", "Invitation to join Publish teacher training courses", &text);
    assert_eq!(desk.letters()[1..], [invitation]);
}

// Removing a user

#[test]
fn removing_takes_the_user_out_of_the_organisation_and_out_of_no_other() {
    let desk = desk_with_ann();
    desk.add_organisation("BETA", "Beta School");
    desk.add_member("BETA", "Ann", "Abel", "ann@example.com");
    assert_eq!(by_sue(&desk, "org remove-user ALPHA ann@example.com --yes").code, 0);
    assert_eq!(by_sue(&desk, "org has-user ALPHA ann@example.com"), ran(4, "", ""));
    assert_eq!(by_sue(&desk, "org has-user BETA ann@example.com"), ran(0, "", ""));
    assert_eq!(by_sue(&desk, "org users ALPHA"), ran(0, "There are no users for Alpha School.\n", ""));
    let emails = desk.letters().len();
    assert_eq!(
        by_sue(&desk, "org remove-user ALPHA ann@example.com --yes"),
        nobody_in("ann@example.com", "Alpha School", "ALPHA").with_flags(&format!("--service publish --as {SUE}"))
    );
    assert_eq!(desk.letters().len(), emails);
    let shown = by_sue(&desk, "org show-user BETA ann@example.com").out;
    assert!(shown.contains("\nOrganisations   Beta School (BETA)\nLast signed in  Never\n"), "{shown}");
}

#[test]
fn when_someone_clicks_remove_user_they_must_confirm_the_removal() {
    let desk = desk_with_ann();
    desk.add_member("ALPHA", "Zoe", "Young", "zoe@example.com");
    let before = desk.rows();
    let error = "Error: Removing a user from an organisation must be confirmed. To remove them, add --yes\n\
                 Nothing was changed. To see what would happen, add --dry-run.\n";
    assert_eq!(by_sue(&desk, "org remove-user ALPHA ann@example.com"), ran(2, "", error));
    let mut terminal = open_list(&desk, 80);
    terminal.choose(LIST, "Ann Abel");
    for no in [ENTER, ESCAPE] {
        terminal.choose(NEXT_STEP, "Remove user");
        terminal.wait_for(
            "Remove Ann Abel from Alpha School (ALPHA) \
             Ann Abel will be sent an email to tell them you removed them from Alpha School. \
             Are you sure you want to remove this user? > No Yes",
        );
        terminal.type_keys(no);
        terminal.wait_in_order(&["Nothing was changed", "Ann Abel User has never signed in"]);
    }
    assert_eq!(desk.rows(), before);
    terminal.choose(NEXT_STEP, "Remove user");
    terminal.choose("Are you sure you want to remove this user?", "Yes");
    terminal.wait_in_order(&["Success: User removed", "Alpha School Users (1)", LIST, "> Zoe Young"]);
    assert_eq!(terminal.same_as_one_command(), format!("--service publish --as {SUE} org remove-user ALPHA ann@example.com --yes"));
    leave(&mut terminal);
}

#[test]
fn removing_a_user_triggers_an_email_to_tell_them_from_what_and_how_to_get_help() {
    let desk = desk_with_ann();
    by_sue(&desk, "org remove-user ALPHA ann@example.com --yes");
    let text = "Hello Ann\n\nYou have been removed from Alpha School in Publish teacher training courses. \
                You can no longer use it for that organisation.\n\n\
                Email becomingateacher@digital.education.gov.uk if you think this was a mistake.\n";
    let removal = letter("ann@example.com", "You have been removed from Publish teacher training courses", text);
    assert_eq!(desk.letters()[2..], [removal]);
}

#[test]
fn users_cannot_remove_themselves_from_the_organisation() {
    let yourself = ran(
        6,
        "",
        "Error: You cannot perform this action\n\
         This is your own account, and nobody changes, removes or deletes their own. Ask somebody else to do it.\n",
    );
    // The same address, or the same sign-in id under another address.
    for email in [SUE, "sue@alpha.sch.uk"] {
        let desk = desk_with_alpha();
        let member = desk.add_member("ALPHA", "Sue", "Support", email);
        desk.add_member("ALPHA", "Ann", "Abel", "ann@example.com");
        if email != SUE {
            assert_eq!(by_sue(&desk, &format!("org remove-user ALPHA {member} --dry-run")).code, 0);
            desk.done(&["sign-in", "record", "--email", email, "--id=S1"]);
            desk.done(&["sign-in", "record", "--email", SUE, "--id=S1"]);
        }
        let before = desk.rows();
        for line in ["remove-user ALPHA WHO --yes", "remove-user ALPHA WHO --dry-run", "edit-user ALPHA WHO --first-name Susan"] {
            assert_eq!(by_sue(&desk, &format!("org {}", line.replace("WHO", &member))), yourself, "{email}: {line}");
        }
        let mut terminal = open_list(&desk, 80);
        terminal.choose(LIST, "Sue Support");
        terminal.wait_for("This is your own account: you cannot change or remove it.");
        terminal.wait_for(&format!("{NEXT_STEP} > Back to the list"));
        terminal.choose(NEXT_STEP, "Back to the list");
        leave(&mut terminal);
        assert_eq!(desk.rows(), before);
        assert_eq!(by_sue(&desk, "org remove-user ALPHA ann@example.com --yes").code, 0);
    }
}
