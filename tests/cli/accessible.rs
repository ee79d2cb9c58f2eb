//! Accessible mode in a real terminal: every journey as plain numbered lines, nothing drawn twice,
//! and no escape sequence in the output.

use crate::desk::Desk;
use crate::terminal::{CTRL_C, CTRL_D, Setting, Terminal};

/// Asked after the choices, of which Enter takes the first.
fn number(choices: usize) -> String {
    format!("Enter a number from 1 to {choices}")
}

/// The exit code; nothing moved the cursor or coloured the screen.
fn finished(terminal: &mut Terminal) -> i32 {
    let code = terminal.finish();
    assert!(!terminal.bytes.contains(&0x1B), "{:?}", String::from_utf8_lossy(&terminal.bytes));
    code
}

#[test]
fn users_are_added_in_numbered_lines() {
    let desk = Desk::new();
    for columns in [80, 40] {
        let address = format!("ann{columns}@education.gov.uk");
        let mut terminal = Setting::at(&desk).columns(columns).run(&["--accessible", "users", "add"]);
        terminal.answer("Add user First name:", "");
        terminal.answer("Error: Enter first name First name:", "Ann");
        terminal.answer("Last name:", "Abel");
        terminal.answer("Email address:", "ann@gmail.com");
        terminal.answer("like name@education.gov.uk Email address (press Enter to keep ann@gmail.com):", &address);
        terminal.answer("Is the account an API user? 1. Yes 2. No Enter a number from 1 to 2, or back:", "3");
        terminal.answer("Error: Enter a number from 1 to 2", "");
        terminal.answer("Error: Select if the account is an API user", "2");
        terminal.wait_for("Check your answers First name Ann Last name Abel");
        terminal.answer(
            "What do you want to do? 1. Save 2. Change: First name 3. Change: Last name 4. Change: Email address \
             5. Change: Is the account an API user? 6. See the email 7. Cancel Enter a number from 1 to 7, Enter for 1, or back:",
            "6",
        );
        terminal.wait_for("Subject: Invitation to join Register of training providers");
        terminal.answer(&number(7), "3");
        terminal.answer("Last name (press Enter to keep Abel):", "Wilson");
        terminal.wait_for("Last name Wilson");
        terminal.answer(&number(7), "1");
        terminal.wait_in_order(&["Success: User added", "Ann Wilson", "The same change as one command:"]);
        assert_eq!(finished(&mut terminal), 0);
    }
    assert_eq!(desk.count("SELECT count(*) FROM users WHERE last_name = 'Wilson'"), 2);
}

#[test]
fn the_desk_is_browsed_in_numbered_lines() {
    let desk = Desk::of("claim");
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let mut terminal = Setting::at(&desk).with("FRONTDESK_ACCESSIBLE", "yes").run(&["users"]);
    terminal.wait_for("Users (1)");
    terminal.answer("1. Ann Abel ann@education.gov.uk 2. Find 3. Add user 4. Leave Enter a number from 1 to 4, Enter for 1, or back:", "1");
    terminal.answer("1. Change: First name 2. Change: Last name 3. Change: Email address 4. Delete user 5. Back to the list", "1");
    terminal.answer("First name (press Enter to keep Ann):", "Anna");
    terminal.wait_for("First name: Ann → Anna");
    terminal.answer("1. Save 2. Change: First name 3. Cancel", "1");
    terminal.wait_in_order(&["Success: User updated", "Anna Abel"]);
    terminal.answer(&number(5), "4");
    terminal.wait_for("Warning: Deleting a user cannot be undone.");
    terminal.answer("Do you want to delete Anna Abel? 1. No 2. Yes Enter a number from 1 to 2, Enter for 1, or back:", "");
    terminal.wait_for("Nothing was changed");
    terminal.answer(&number(5), "4");
    terminal.answer("Do you want to delete Anna Abel?", "2");
    terminal.wait_in_order(&["Success: User deleted", "There are no users."]);
    terminal.answer(&number(2), "2");
    assert_eq!(finished(&mut terminal), 0);
    assert_eq!(desk.count("SELECT count(*) FROM users WHERE deleted_at IS NULL"), 0);
}

#[test]
fn users_edit_and_users_delete_are_asked_in_numbered_lines() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let mut terminal = Setting::at(&desk).run(&["--accessible", "users", "edit", "ann@education.gov.uk"]);
    terminal.answer("First name (press Enter to keep Ann):", "");
    terminal.answer("Last name (press Enter to keep Abel):", "Wilson");
    terminal.answer("Email address (press Enter to keep ann@education.gov.uk):", "");
    terminal.answer("Is the account an API user? 1. Yes 2. No Enter a number from 1 to 2, Enter for 2, or back:", "");
    terminal.answer("Is the account active? 1. Yes 2. No Enter a number from 1 to 2, Enter for 1, or back:", "");
    terminal.wait_for("Last name: Abel → Wilson");
    terminal.answer(&number(7), "1");
    terminal.wait_for("Success: User updated");
    assert_eq!(finished(&mut terminal), 0);
    let mut terminal = Setting::at(&desk).run(&["--accessible", "users", "delete", "ann@education.gov.uk"]);
    terminal.answer("Do you want to delete Ann Wilson?", "2");
    terminal.wait_for("Success: User deleted");
    assert_eq!(finished(&mut terminal), 0);
}

#[test]
fn every_way_out_is_told_in_a_line() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let before = desk.rows();
    for (arguments, question) in [
        (&["users", "edit", "ann@education.gov.uk"][..], "First name (press Enter to keep Ann):"),
        (&["users", "delete", "ann@education.gov.uk"], "Enter a number from 1 to 2, Enter for 1, or back:"),
    ] {
        for (keys, line, code) in [
            (CTRL_C, "Stopped: nothing was changed", 130),
            (&format!("half a line{CTRL_C}"), "Stopped: nothing was changed", 130),
            // Typed before the question after the next was there.
            (&format!("Ann\r{CTRL_C}"), "Stopped: nothing was changed", 130),
            (CTRL_D, "The input ended: nothing was changed", 9),
            ("back\r", "Nothing was changed", 9),
        ] {
            let mut terminal = Setting::at(&desk).run(&[&["--accessible"], arguments].concat());
            terminal.wait_for(question);
            terminal.type_keys(keys);
            terminal.wait_for(line);
            assert_eq!((finished(&mut terminal), desk.rows()), (code, before.clone()), "{arguments:?} {keys:?}");
        }
    }
}
