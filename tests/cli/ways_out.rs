//! Every way out of a journey: nothing is stored, the cursor is shown, the exit code is right and a
//! line says so. The terminal's mode and cursor are looked at wherever a run is finished.

use crate::desk::{Desk, files_in};
use crate::journeys::{LIST, NEXT_STEP};
use crate::terminal::{CTRL_C, CTRL_D, DOWN, ENTER, ESCAPE, Setting, Terminal};

const NOTHING: &str = "Nothing was changed";
const STOPPED: &str = "Stopped: nothing was changed";
const ENDED: &str = "The input ended: nothing was changed";

fn desk_with_ann() -> Desk {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk
}

/// Waits at a question for text.
fn at_a_text(setting: Setting<'_>) -> Terminal {
    let mut terminal = setting.run(&["users", "edit", "ann@education.gov.uk"]);
    terminal.wait_for("First name > Ann");
    terminal
}

/// Waits at a choice, with a change that could be saved.
fn at_a_menu(setting: Setting<'_>) -> Terminal {
    let mut terminal = setting.run(&["users", "edit", "ann@education.gov.uk", "--last-name=Wilson"]);
    terminal.wait_for("Last name: Abel → Wilson");
    terminal.select(NEXT_STEP, "Save");
    terminal
}

/// Waits at a confirmation with yes selected.
fn at_a_confirmation(setting: Setting<'_>) -> Terminal {
    let mut terminal = setting.run(&["users", "delete", "ann@education.gov.uk"]);
    terminal.select("Do you want to delete Ann Abel?", "Yes");
    terminal
}

/// Waits at the desk.
fn at_the_desk(setting: Setting<'_>) -> Terminal {
    let mut terminal = setting.run(&["users"]);
    terminal.select(LIST, "Ann Abel");
    terminal
}

/// Types these keys at this place, and tells the exit code; the line is on the screen and nothing
/// is stored.
#[track_caller]
fn leaves(place: fn(Setting<'_>) -> Terminal, keys: &str, line: &str, code: i32) {
    let desk = desk_with_ann();
    let before = (desk.rows(), desk.letters());
    let mut terminal = place(Setting::at(&desk));
    terminal.type_keys(keys);
    if !line.is_empty() {
        terminal.wait_for(line);
    }
    assert_eq!((terminal.finish(), (desk.rows(), desk.letters())), (code, before), "{}", terminal.screen());
    assert!(!terminal.screen().contains("Error:"), "{}", terminal.screen());
}

#[test]
fn no_keeps_the_user() {
    let desk = desk_with_ann();
    let before = desk.rows();
    let mut terminal = Setting::at(&desk).run(&["users", "delete", "ann@education.gov.uk"]);
    terminal.choose("Do you want to delete Ann Abel?", "No");
    terminal.wait_for(NOTHING);
    assert_eq!((terminal.finish(), desk.rows()), (9, before));
}

#[test]
fn cancel_drops_the_form() {
    let desk = desk_with_ann();
    let before = desk.rows();
    let mut terminal = at_a_menu(Setting::at(&desk));
    terminal.choose_next("Cancel");
    assert_eq!((terminal.finish(), desk.rows()), (9, before));
}

#[test]
fn escape_goes_back_out_of_a_text_a_choice_and_a_confirmation() {
    leaves(at_a_text, ESCAPE, NOTHING, 9);
    leaves(at_a_menu, ESCAPE, NOTHING, 9);
    leaves(at_a_confirmation, ESCAPE, NOTHING, 9);
    leaves(at_the_desk, ESCAPE, "", 0);
}

#[test]
fn escape_at_a_later_question_goes_back_to_the_one_before() {
    let desk = Desk::new();
    let mut terminal = Setting::at(&desk).run(&["users", "add"]);
    terminal.answer("First name", "Ann");
    terminal.wait_for("Last name >");
    terminal.type_keys("Ab");
    terminal.wait_for("> Ab");
    terminal.type_keys(ESCAPE);
    terminal.wait_for("First name > Ann");
    terminal.type_keys(ESCAPE);
    terminal.wait_for(NOTHING);
    assert_eq!((terminal.finish(), files_in(&desk.data())), (9, vec![]));
}

#[test]
fn ctrl_c_leaves_from_anywhere() {
    leaves(at_a_text, CTRL_C, STOPPED, 130);
    leaves(at_a_menu, CTRL_C, STOPPED, 130);
    leaves(at_a_confirmation, CTRL_C, STOPPED, 130);
    leaves(at_the_desk, CTRL_C, STOPPED, 130);
}

#[test]
fn ctrl_c_in_the_middle_of_a_word_leaves() {
    leaves(at_a_text, &format!("half a na{CTRL_C}"), STOPPED, 130);
}

#[test]
fn ctrl_c_typed_before_the_next_question_leaves_at_it() {
    leaves(at_a_text, &format!("Ann{ENTER}{CTRL_C}"), STOPPED, 130);
}

#[test]
fn ctrl_d_leaves_from_anywhere() {
    leaves(at_a_text, CTRL_D, ENDED, 9);
    leaves(at_a_menu, CTRL_D, ENDED, 9);
    leaves(at_a_confirmation, CTRL_D, ENDED, 9);
    leaves(at_the_desk, CTRL_D, ENDED, 9);
}

#[test]
fn leaving_the_desk_after_a_change_does_not_say_that_nothing_was_changed() {
    for (keys, line, code) in
        [(CTRL_C, "Stopped: what was saved before stays saved", 130), (CTRL_D, "The input ended: what was saved before stays saved", 9)]
    {
        let desk = desk_with_ann();
        let mut terminal = at_the_desk(Setting::at(&desk));
        terminal.type_keys(ENTER);
        terminal.choose(NEXT_STEP, "Change: First name");
        terminal.correct("First name > Ann", "Anna");
        terminal.choose(NEXT_STEP, "Save");
        terminal.wait_for("Success: User updated");
        terminal.wait_for("> Back to the list");
        terminal.type_keys(keys);
        terminal.wait_for(line);
        assert_eq!(terminal.finish(), code);
        assert_eq!(desk.count("SELECT count(*) FROM users WHERE first_name = 'Anna'"), 1);
    }
}

#[test]
fn a_closed_terminal_ends_the_program_and_stores_nothing() {
    for place in [at_a_text, at_a_menu, at_a_confirmation, at_the_desk] {
        let desk = desk_with_ann();
        let before = desk.rows();
        // The signal that a terminal sends when it goes, unless the end of the input is there before it.
        let ended = place(Setting::at(&desk)).close();
        assert!(ended == -1 || ended == 9, "{ended}");
        assert_eq!(desk.rows(), before);
        // And where that is not heard, the end of the input.
        assert_eq!(place(Setting::at(&desk).deaf_to_hangups()).close(), 9);
        assert_eq!(desk.rows(), before);
    }
}

#[test]
fn a_terminal_closed_in_accessible_mode_ends_the_program_too() {
    let desk = desk_with_ann();
    let before = desk.rows();
    let mut terminal = Setting::at(&desk).deaf_to_hangups().run(&["--accessible", "users", "edit", "ann@education.gov.uk"]);
    terminal.wait_for("First name (press Enter to keep Ann):");
    assert_eq!((terminal.close(), desk.rows()), (9, before));
}

#[test]
fn a_terminal_resized_at_a_menu_is_drawn_anew_and_goes_on_in_its_new_width() {
    let desk = desk_with_ann();
    let mut terminal = at_the_desk(Setting::at(&desk));
    terminal.resize(24, 30);
    terminal.wait_for("> Ann Abel ann@education.gov.uk Active Find Add user Leave");
    // In 80 columns the user has one line.
    let head = "Users (1)\n\nChoose a user, or what to do\nArrow keys move, Enter\nchooses, / finds, Esc goes\nback\n";
    assert_eq!(terminal.screen(), format!("{head}> Ann Abel\n  ann@education.gov.uk\n  Active\n  Find\n  Add user\n  Leave"));
    terminal.type_keys(DOWN);
    terminal.wait_for("> Find   Add user   Leave");
    assert_eq!(terminal.screen(), format!("{head}  Ann Abel\n  ann@education.gov.uk\n  Active\n> Find\n  Add user\n  Leave"));
    terminal.resize(10, 80);
    terminal.wait_for("Ann Abel  ann@education.gov.uk  Active > Find");
    terminal.choose_next("Leave");
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn a_terminal_resized_in_a_line_goes_on_in_its_new_width() {
    let desk = desk_with_ann();
    let mut terminal = at_a_text(Setting::at(&desk));
    terminal.resize(24, 20);
    terminal.type_keys("abelle-Marie-Louise");
    terminal.wait_for("> elle-Marie-Louise");
    let (row, column) = terminal.cursor();
    assert_eq!((row.trim_end(), column), ("> elle-Marie-Louise", 19));
    terminal.type_keys(CTRL_C);
    assert_eq!(terminal.finish(), 130);
}

#[test]
fn a_dumb_terminal_is_asked_in_plain_lines() {
    let desk = Desk::of("claim");
    for name in ["dumb", ""] {
        let mut terminal = Setting::at(&desk).with("TERM", name).run(&["users", "add"]);
        terminal.answer("First name:", "Ann");
        terminal.answer("Last name:", "back");
        terminal.answer("First name (press Enter to keep Ann):", "back");
        terminal.wait_for(NOTHING);
        assert_eq!(terminal.finish(), 9);
        assert!(!terminal.bytes.contains(&0x1B), "{:?}", String::from_utf8_lossy(&terminal.bytes));
    }
}

#[test]
fn where_nobody_would_see_a_question_a_change_needs_yes_or_no_input() {
    let refused = "Error: Nothing can be asked, because standard error does not go to the terminal\n\
                   Nothing was changed. To save without checking your answers, add --yes or --no-input.\n";
    let desk = desk_with_ann();
    let before = desk.rows();
    let errors = desk.path("errors");
    let add = ["users", "add", "--first-name=Bob", "--last-name=Bell", "--email=bob@education.gov.uk", "--api-user=no"];
    let edit = ["users", "edit", "ann@education.gov.uk", "--last-name=Wilson"];
    for change in [&add[..], &edit] {
        assert_eq!(Setting::at(&desk).errors_to(&errors).run(change).finish(), 2, "{change:?}");
        assert_eq!(std::fs::read_to_string(&errors).unwrap(), refused);
        assert_eq!(Setting::at(&desk).errors_to(&errors).run(&[change, &["--dry-run"]].concat()).finish(), 0, "{change:?}");
    }
    let delete = ["users", "delete", "ann@education.gov.uk"];
    assert_eq!(Setting::at(&desk).errors_to(&errors).run(&delete).finish(), 2);
    assert_eq!(Setting::at(&desk).errors_to(&errors).run(&[&delete[..], &["--no-input"]].concat()).finish(), 2);
    assert_eq!(desk.rows(), before);

    assert_eq!(Setting::at(&desk).errors_to(&errors).run(&[&add[..], &["--yes"]].concat()).finish(), 0);
    assert_eq!(Setting::at(&desk).errors_to(&errors).run(&[&edit[..], &["--no-input"]].concat()).finish(), 0);
    let variable = Setting::at(&desk).errors_to(&errors).with("FRONTDESK_NO_INPUT", "yes");
    assert_eq!(variable.run(&["users", "edit", "ann@education.gov.uk", "--first-name=Anna"]).finish(), 0);
    assert_eq!(desk.count("SELECT count(*) FROM users WHERE first_name || last_name IN ('AnnaWilson', 'BobBell')"), 2);
}

#[test]
fn where_nobody_types_nothing_is_asked() {
    let desk = desk_with_ann();
    let before = desk.rows();
    let mut terminal = Setting::at(&desk).without_input().run(&["users", "add"]);
    terminal.wait_for("Error: There is a problem --first-name Enter first name");
    assert_eq!(terminal.finish(), 3);
    let mut terminal = Setting::at(&desk).without_input().run(&["users", "delete", "ann@education.gov.uk"]);
    terminal.wait_for("To delete them, add --yes");
    assert_eq!(terminal.finish(), 2);
    let mut terminal = Setting::at(&desk).without_input().run(&["users"]);
    terminal.wait_for("Usage: frontdesk users");
    assert_eq!((terminal.finish(), desk.rows()), (2, before));
}

#[test]
fn no_input_is_kept_at_a_terminal() {
    let desk = desk_with_ann();
    let before = desk.rows();
    for (variable, flags) in [("no", &["--no-input"][..]), ("yes", &[])] {
        let run = |arguments: &[&str]| Setting::at(&desk).with("FRONTDESK_NO_INPUT", variable).run(&[flags, arguments].concat());
        let mut terminal = run(&["users", "add", "--first-name=Bob"]);
        terminal.wait_for("Error: There is a problem --last-name Enter last name");
        assert_eq!(terminal.finish(), 3);
        let mut terminal = run(&["users", "delete", "ann@education.gov.uk"]);
        terminal.wait_for("Error: Deleting a user cannot be undone. To delete them, add --yes");
        assert_eq!(terminal.finish(), 2);
        let mut terminal = run(&[]);
        terminal.wait_for("Usage: frontdesk");
        assert_eq!(terminal.finish(), 0);
    }
    assert_eq!(desk.rows(), before);
}

#[test]
fn on_a_protected_service_the_name_of_the_environment_is_typed() {
    let question = "This service is protected. To go on, type the name of its environment, production";
    let desk = desk_with_ann();
    desk.done(&["service", "set", "protected", "yes"]);
    let before = desk.rows();
    for (typed, line, code) in [(ESCAPE, NOTHING, 9), (CTRL_C, STOPPED, 130)] {
        for mistake in [None, Some("staging"), Some("")] {
            let mut terminal = at_a_confirmation(Setting::at(&desk));
            terminal.type_keys(ENTER);
            terminal.wait_for(question);
            if let Some(mistake) = mistake {
                terminal.type_keys(&format!("{mistake}{ENTER}"));
                terminal.wait_for(&format!("Error: This is production. Type its name, or go back to leave it as it is > {mistake}"));
            }
            terminal.type_keys(typed);
            terminal.wait_for(line);
            assert_eq!((terminal.finish(), desk.rows()), (code, before.clone()), "{mistake:?}");
        }
    }
    let mut terminal = at_a_confirmation(Setting::at(&desk));
    terminal.type_keys(ENTER);
    terminal.answer(question, "staging");
    terminal.correct("Error: This is production. Type its name, or go back to leave it as it is > staging", "production");
    terminal.wait_for("Success: User deleted");
    assert_eq!(terminal.finish(), 0);
    assert_eq!(terminal.same_as_one_command(), "users delete ann@education.gov.uk --yes --environment production");
}

#[test]
fn on_a_protected_service_a_wrong_name_is_told_in_the_desk_which_stays_open() {
    let desk = desk_with_ann();
    desk.done(&["service", "set", "protected", "yes"]);
    let before = desk.rows();
    let mut terminal = at_the_desk(Setting::at(&desk));
    terminal.type_keys(ENTER);
    terminal.choose(NEXT_STEP, "Delete user");
    terminal.choose("Do you want to delete Ann Abel?", "Yes");
    terminal.answer("type the name of its environment, production", "prod");
    terminal.wait_for("Error: This is production. Type its name, or go back to leave it as it is > prod");
    terminal.type_keys(ESCAPE);
    terminal.wait_in_order(&["Nothing was changed", "Ann Abel User has never signed in"]);
    terminal.type_keys(ESCAPE);
    terminal.wait_for(LIST);
    terminal.type_keys(ESCAPE);
    assert_eq!((terminal.finish(), desk.rows()), (0, before));
}

#[test]
fn a_dry_run_on_a_protected_service_asks_nothing_and_says_what_the_change_will_ask() {
    let told = "This service is protected: the change will ask for the name of its environment, production";
    let desk = desk_with_ann();
    desk.add_organisation("ALPHA", "Alpha School");
    desk.add_organisation("BETA", "Beta School");
    desk.add_member("ALPHA", "Bob", "Baker", "bob@example.com");
    std::fs::write(desk.path("schools.csv"), "code,name\nGAMMA,Gamma School\n").unwrap();
    desk.done(&["service", "set", "protected", "yes"]);
    let before = desk.rows();
    for line in ["users delete ann@education.gov.uk", "org delete BETA", "org remove-user ALPHA bob@example.com", "org import schools.csv"]
    {
        let words: Vec<&str> = line.split(' ').chain(["--dry-run"]).collect();
        let mut terminal = Setting::at(&desk).run(&words);
        terminal.wait_in_order(&["Dry run: nothing was stored.", told]);
        assert_eq!(terminal.finish(), 0, "{line}");
        // What is never asked must be on the line.
        for flag in ["--yes", "--no-input"] {
            let mut terminal = Setting::at(&desk).run(&[&words[..], &[flag]].concat());
            terminal.wait_for("Error: This service is protected: it is the production environment");
            assert_eq!(terminal.finish(), 6, "{line} {flag}");
        }
        let mut terminal = Setting::at(&desk).run(&[&words[..], &["--environment", "production"]].concat());
        assert_eq!(terminal.finish(), 0, "{line}");
        assert!(!terminal.screen().contains("protected"), "{line}");
    }
    assert_eq!(desk.rows(), before);
}
