//! The desk, opened and browsed in a real terminal: the lines of seeds 000 and 001 that need one,
//! under their words.

use crate::desk::Desk;
use crate::journeys::{LIST, NEXT_STEP};
use crate::terminal::{DOWN, END, ENTER, ESCAPE, HOME, Setting, Terminal, UP};

/// A desk with as many users, called User 01 and so on.
fn desk_with(count: usize) -> Desk {
    let desk = Desk::new();
    for number in 1..=count {
        desk.add("User", &format!("{number:02}"), &format!("user{number:02}@education.gov.uk"));
    }
    desk
}

/// Opens a user from the list.
fn open(desk: &Desk, name: &str) -> Terminal {
    let mut terminal = Setting::at(desk).run(&["users"]);
    terminal.choose(LIST, name);
    terminal
}

#[test]
fn the_list_is_paginated_if_it_contains_more_than_25_users() {
    let desk = desk_with(26);
    for columns in [80, 40] {
        let mut terminal = Setting::at(&desk).columns(columns).run(&["users"]);
        terminal.wait_for("Users (26) Showing 1 to 25 of 26 results");
        terminal.choose(LIST, "Next page");
        terminal.wait_for("Users (26) Showing 26 to 26 of 26 results");
        terminal.wait_for("> User 26 user26@education.gov.uk Active Previous page Find Add user Leave");
        terminal.choose(LIST, "Previous page");
        terminal.wait_for("Users (26) Showing 1 to 25 of 26 results");
        terminal.choose(LIST, "Leave");
        assert_eq!(terminal.finish(), 0);
    }
}

#[test]
fn exactly_25_users_are_one_page() {
    let desk = desk_with(25);
    let mut terminal = Setting::at(&desk).rows(50).run(&["users"]);
    terminal.wait_for("User 25 user25@education.gov.uk Active Find Add user Leave");
    assert!(!terminal.fresh().contains("Showing"), "{}", terminal.fresh());
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn the_users_list_starts_with_a_choice_to_add_a_user_when_there_is_nobody() {
    let desk = Desk::new();
    let mut terminal = Setting::at(&desk).run(&["users"]);
    terminal.wait_for("There are no users.");
    terminal.choose(LIST, "Add user");
    terminal.wait_for("Add user First name >");
    terminal.type_keys(ESCAPE);
    terminal.wait_in_order(&["Nothing was changed", "There are no users."]);
    terminal.choose(LIST, "Leave");
    assert_eq!(terminal.finish(), 0);
    assert!(desk.kept.is_new());
}

#[test]
fn each_full_name_leads_to_the_user_details_and_back_to_its_place_in_the_list() {
    let desk = desk_with(3);
    let mut terminal = open(&desk, "User 02");
    terminal.wait_for("User 02 User has never signed in First name User Last name 02 Email address user02@education.gov.uk");
    terminal.choose(NEXT_STEP, "Back to the list");
    terminal.wait_for("User 01 user01@education.gov.uk Active > User 02 user02@education.gov.uk Active");
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn support_users_can_change_each_detail_if_the_user_has_not_signed_in() {
    let desk = desk_with(1);
    let mut terminal = open(&desk, "User 01");
    for (label, before, typed) in
        [("First name", "User", "Ann"), ("Last name", "01", "Abel"), ("Email address", "user01@education.gov.uk", "ann@education.gov.uk")]
    {
        terminal.choose(NEXT_STEP, &format!("Change: {label}"));
        terminal.correct(&format!("{label} > {before}"), typed);
        terminal.wait_for(&format!("{label}: {before} → {typed}"));
        terminal.choose(NEXT_STEP, "Save");
        terminal.wait_in_order(&["Success: User updated", &format!("{label} {typed}")]);
    }
    for label in ["Is the account an API user?", "Is the account active?"] {
        let (before, after) = if label.contains("API") { ("No", "Yes") } else { ("Yes", "No") };
        terminal.choose(NEXT_STEP, &format!("Change: {label}"));
        terminal.wait_for(&format!("> {before}"));
        terminal.choose(label, after);
        terminal.wait_for(&format!("{label} {before} → {after}"));
        terminal.choose(NEXT_STEP, "Save");
        terminal.wait_in_order(&["Success: User updated", &format!("{label} {after}")]);
    }
    terminal.type_keys(ESCAPE);
    terminal.wait_for("> Ann Abel ann@education.gov.uk Not active, API user");
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
    assert_eq!(desk.count("SELECT revision FROM users"), 6);
}

#[test]
fn otherwise_they_can_only_change_api_user_and_active_and_the_page_says_why() {
    let desk = desk_with(1);
    desk.sign_in("user01@education.gov.uk");
    let mut terminal = open(&desk, "User 01");
    terminal.wait_for("Last signed in on 11 December 2025 at 2:13pm");
    terminal.wait_for(&format!(
        "The first name, last name and email address cannot be changed: the account is tied to the user’s DfE Sign-in account. \
         {NEXT_STEP} Change: Is the account an API user? Change: Is the account active? Delete user > Back to the list"
    ));
    terminal.choose(NEXT_STEP, "Change: Is the account active?");
    terminal.choose("Is the account active?", "No");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_for("Success: User updated");
    terminal.type_keys(ESCAPE);
    terminal.wait_for(LIST);
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn where_nothing_may_change_users_edit_asks_nothing_and_says_why() {
    let desk = Desk::of("claim");
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.sign_in("ann@education.gov.uk");
    let before = desk.rows();
    let mut terminal = Setting::at(&desk).run(&["users", "edit", "ann@education.gov.uk"]);
    terminal.wait_for(
        "Error: You cannot change the first name, last name or email address of a user who has signed in \
         The user account is tied to their DfE Sign-in account. Nothing was changed.",
    );
    assert_eq!((terminal.finish(), desk.rows()), (6, before));
}

#[test]
fn nobody_is_offered_to_change_or_delete_themselves() {
    let desk = desk_with(1);
    let mut terminal = Setting::at(&desk).run(&["users", "--as", "user01@education.gov.uk"]);
    terminal.choose(LIST, "User 01");
    terminal.wait_for(&format!("This is your own account: you cannot change or delete it. {NEXT_STEP} > Back to the list"));
    terminal.type_keys(ESCAPE);
    terminal.wait_for(LIST);
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn when_a_user_is_added_or_removed_the_success_message_is_above_the_page_heading() {
    let desk = desk_with(1);
    let mut terminal = open(&desk, "User 01");
    terminal.choose(NEXT_STEP, "Delete user");
    terminal.choose("Do you want to delete User 01?", "Yes");
    terminal.wait_in_order(&["Success: User deleted", "The same change as one command:", "There are no users."]);
    assert_eq!(terminal.same_as_one_command(), "users delete user01@education.gov.uk --yes");
    terminal.choose(LIST, "Add user");
    terminal.answer("First name", "Ann");
    terminal.answer("Last name", "Abel");
    terminal.answer("Email address", "ann@education.gov.uk");
    terminal.choose("Is the account an API user?", "No");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&["Success: User added", "Users (1)", "> Ann Abel"]);
    assert_eq!(
        terminal.same_as_one_command(),
        "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no --yes"
    );
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn the_deletion_must_be_confirmed_and_no_is_the_default() {
    let desk = desk_with(1);
    let before = desk.rows();
    let mut terminal = open(&desk, "User 01");
    terminal.choose(NEXT_STEP, "Delete user");
    terminal.wait_for("Warning: Deleting a user cannot be undone.");
    terminal.wait_for("Do you want to delete User 01? > No Yes");
    terminal.type_keys(ENTER);
    terminal.wait_in_order(&["Nothing was changed", "User 01 User has never signed in"]);
    terminal.type_keys(ESCAPE);
    terminal.wait_for(LIST);
    terminal.type_keys(ESCAPE);
    assert_eq!((terminal.finish(), desk.rows()), (0, before));
}

#[test]
fn a_long_list_scrolls_within_the_screen() {
    let desk = desk_with(25);
    let mut terminal = Setting::at(&desk).rows(12).run(&["users"]);
    terminal.wait_for("> User 01");
    terminal.wait_for("…");
    terminal.type_keys(END);
    terminal.wait_for("> Leave");
    assert!(terminal.screen().ends_with("Add user\n> Leave"), "{}", terminal.screen());
    assert!(terminal.screen().contains("  …\n"), "{}", terminal.screen());
    terminal.type_keys(HOME);
    terminal.wait_for("> User 01");
    terminal.type_keys(UP);
    terminal.wait_for("> Leave");
    terminal.type_keys(ENTER);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn a_record_changed_by_somebody_else_is_told_in_the_desk_which_stays_open() {
    let desk = desk_with(1);
    let mut terminal = open(&desk, "User 01");
    terminal.choose(NEXT_STEP, "Change: First name");
    terminal.correct("First name > User", "Ann");
    terminal.wait_for("First name: User → Ann");
    desk.done(&["users", "edit", "user01@education.gov.uk", "--last-name", "Wilson"]);
    let between = desk.rows();
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&[
        "Error: Somebody else changed this user meanwhile. Last name: 01 → Wilson",
        "Nothing was changed.",
        "User Wilson User has never signed in",
    ]);
    assert_eq!(desk.rows(), between);
    terminal.type_keys(ESCAPE);
    terminal.wait_for("> User Wilson");
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn a_record_changed_by_somebody_else_ends_users_edit_as_a_conflict() {
    let desk = desk_with(1);
    let mut terminal = Setting::at(&desk).run(&["users", "edit", "user01@education.gov.uk", "--first-name=Ann"]);
    terminal.wait_for("First name: User → Ann");
    desk.done(&["users", "edit", "user01@education.gov.uk", "--api-user=yes"]);
    let between = desk.rows();
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_for("Error: Somebody else changed this user meanwhile. Is the account an API user: no → yes Nothing was changed.");
    assert_eq!((terminal.finish(), desk.rows()), (5, between));
}

#[test]
fn a_user_deleted_by_somebody_else_is_told_in_the_desk_which_stays_open() {
    let desk = desk_with(1);
    let mut terminal = open(&desk, "User 01");
    terminal.wait_for("> Back to the list");
    desk.done(&["users", "delete", "user01@education.gov.uk", "--yes"]);
    terminal.choose(NEXT_STEP, "Delete user");
    terminal.wait_in_order(&["Error: The account of user01@education.gov.uk that you looked at is no longer there Nothing was changed. Somebody else deleted them meanwhile.", "There are no users."]);
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn an_address_taken_while_the_answers_are_checked_is_asked_for_again() {
    let desk = Desk::of("claim");
    let mut terminal = Setting::at(&desk).run(&["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk"]);
    terminal.wait_for("Check your answers");
    desk.add("Anna", "Abel", "ann@education.gov.uk");
    terminal.choose(NEXT_STEP, "Save");
    terminal.correct("Email address Error: Email address already in use > ann@education.gov.uk", "ann.abel@education.gov.uk");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_for("Success: User added");
    assert_eq!(terminal.finish(), 0);
    assert_eq!(desk.count("SELECT count(*) FROM users WHERE first_name = 'Ann' AND email = 'ann.abel@education.gov.uk'"), 1);
}

#[test]
fn an_address_taken_while_an_edit_is_checked_is_asked_for_again() {
    let desk = desk_with(1);
    let mut terminal = Setting::at(&desk).run(&["users", "edit", "user01@education.gov.uk", "--email=ann@education.gov.uk"]);
    terminal.wait_for("Check your answers");
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    terminal.choose(NEXT_STEP, "Save");
    terminal.correct("Email address Error: Email address already in use > ann@education.gov.uk", "user@education.gov.uk");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_for("Success: User updated");
    assert_eq!((terminal.finish(), desk.count("SELECT count(*) FROM users WHERE email = 'user@education.gov.uk'")), (0, 1));
}

#[test]
fn an_address_taken_meanwhile_is_asked_for_again_in_the_desk() {
    let desk = desk_with(1);
    let mut terminal = open(&desk, "User 01");
    terminal.choose(NEXT_STEP, "Change: Email address");
    terminal.correct("Email address > user01@education.gov.uk", "ann@education.gov.uk");
    terminal.wait_for("Check your answers");
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    terminal.choose(NEXT_STEP, "Save");
    terminal.correct("Email address Error: Email address already in use > ann@education.gov.uk", "user@education.gov.uk");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&["Success: User updated", "Email address user@education.gov.uk"]);
    terminal.type_keys(ESCAPE);
    terminal.wait_for(LIST);
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn an_address_taken_meanwhile_is_asked_for_again_when_a_user_is_added_in_the_desk() {
    let desk = desk_with(1);
    let mut terminal = Setting::at(&desk).run(&["users"]);
    terminal.choose(LIST, "Add user");
    terminal.answer("First name", "Bob");
    terminal.answer("Last name", "Bell");
    terminal.answer("Email address", "bob@education.gov.uk");
    terminal.choose("Is the account an API user?", "No");
    terminal.wait_for("Check your answers");
    desk.add("Bobby", "Bell", "bob@education.gov.uk");
    terminal.choose(NEXT_STEP, "Save");
    terminal.correct("Email address Error: Email address already in use > bob@education.gov.uk", "bob.bell@education.gov.uk");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&["Success: User added", "Users (3)", "> Bob Bell bob.bell@education.gov.uk"]);
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn a_stored_answer_that_is_wrong_by_todays_rules_is_told_where_it_may_not_be_asked() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.done(&["sign-in", "record", "--email=ann@education.gov.uk"]);
    desk.kept.execute("UPDATE users SET email = 'ann@gmail.com'");
    let mut terminal = Setting::at(&desk).run(&["users", "edit", "ann@gmail.com"]);
    terminal.choose("Is the account an API user?", "Yes");
    terminal.choose("Is the account active?", "Yes");
    terminal.wait_for("Check your answers");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_for("Success: User updated");
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn the_cursor_stays_with_a_person_and_never_moves_to_somebody_else() {
    let desk = Desk::new();
    for number in 1..=26 {
        desk.add("User", &format!("{number:02}"), &format!("user{number:02}@education.gov.uk"));
    }
    let mut terminal = Setting::at(&desk).rows(50).run(&["users"]);
    terminal.choose(LIST, "User 02");
    terminal.choose(NEXT_STEP, "Change: Last name");
    terminal.correct("Last name > 02", "20a");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&["Success: User updated", "> Back to the list"]);
    terminal.type_keys(ENTER);
    terminal.wait_for("> User 20a");
    terminal.type_keys(ENTER);
    terminal.choose(NEXT_STEP, "Change: First name");
    terminal.correct("First name > User", "Zed");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&["Success: User updated", "> Back to the list"]);
    terminal.type_keys(ENTER);
    // On the second page now: Enter opens nobody.
    terminal.wait_for("Showing 1 to 25 of 26 results");
    assert!(!terminal.screen().contains("> User"), "{}", terminal.screen());
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn the_start_names_the_service_and_leads_to_users_and_organisations() {
    let desk = desk_with(1);
    desk.done(&["service", "set", "environment", "staging"]);
    desk.add_organisation("ALPHA", "Alpha School");
    let start = "What do you want to work on?";
    let mut terminal = Setting::at(&desk).run(&[]);
    terminal.wait_for(&format!("Register of training providers (staging) {start}"));
    terminal.choose(start, "Organisations");
    terminal.wait_in_order(&["Organisations (1)", "> Alpha School ALPHA 0 users Find Add organisation Back"]);
    terminal.type_keys(ESCAPE);
    terminal.wait_for("Users > Organisations API clients Leave");
    terminal.choose(start, "Users");
    terminal.wait_in_order(&["Users (1)", "> User 01"]);
    terminal.choose(LIST, "Back");
    terminal.choose(start, "Leave");
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn a_banner_stays_in_sight_above_a_list_that_is_longer_than_the_screen() {
    let desk = desk_with(25);
    let mut terminal = open(&desk, "User 02");
    terminal.choose(NEXT_STEP, "Delete user");
    terminal.choose("Do you want to delete User 02?", "Yes");
    terminal.wait_in_order(&["Success: User deleted", "Users (24)", "User 03", "…"]);
    let screen = terminal.screen();
    assert!(screen.contains("Success: User deleted") && screen.contains("Users (24)") && screen.contains("  …"), "{screen}");
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn on_a_screen_of_eight_rows_the_question_and_the_marked_choice_stay_in_sight() {
    let desk = desk_with(25);
    let mut terminal = Setting::at(&desk).rows(8).run(&["users"]);
    terminal.wait_in_order(&["> User 01", "…"]);
    terminal.type_keys(DOWN);
    terminal.wait_for("> User 02");
    let screen = terminal.screen();
    assert!(screen.contains(LIST) && screen.contains("> User 02"), "{screen}");
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn somebody_renamed_while_their_deletion_is_confirmed_is_not_deleted_unseen() {
    let desk = desk_with(1);
    let mut terminal = open(&desk, "User 01");
    terminal.choose(NEXT_STEP, "Delete user");
    terminal.wait_for("Do you want to delete User 01?");
    desk.done(&["users", "edit", "user01@education.gov.uk", "--first-name=Ann"]);
    terminal.choose("Do you want to delete User 01?", "Yes");
    terminal
        .wait_in_order(&["Error: Somebody else changed this user meanwhile. First name: User → Ann", "Ann 01 User has never signed in"]);
    terminal.choose(NEXT_STEP, "Back to the list");
    terminal.choose(LIST, "Leave");
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn what_a_banner_says_is_said_again_where_a_long_page_would_scroll_it_away() {
    let desk = desk_with(1);
    let mut terminal = open(&desk, "User 01");
    terminal.choose(NEXT_STEP, "Change: Email address");
    terminal.correct("Email address > user01@education.gov.uk", "ann@education.gov.uk");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&[
        "Success: User updated",
        "The same change as one command:",
        "Success: User updated",
        NEXT_STEP,
        "> Back to the list",
    ]);
    assert!(terminal.screen().contains("Success: User updated"), "{}", terminal.screen());
    terminal.choose(NEXT_STEP, "Back to the list");
    terminal.choose(LIST, "Leave");
    assert_eq!(terminal.finish(), 0);
}
