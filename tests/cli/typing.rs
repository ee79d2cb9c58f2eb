//! Typing in a real terminal: the keys of a line, pastes, wide characters, and text that must not
//! reach the terminal as it is.

use crate::desk::Desk;
use crate::journeys::{LIST, NEXT_STEP};
use crate::terminal::{BACKSPACE, CTRL_C, CTRL_U, CTRL_W, END, ENTER, ESCAPE, HOME, LEFT, MARK, Setting, Terminal, UP};

/// Opens the form of a service with three questions.
fn form(desk: &Desk, columns: u16) -> Terminal {
    let mut terminal = Setting::at(desk).columns(columns).run(&["users", "add"]);
    terminal.wait_for("First name >");
    terminal
}

/// The line after these keys, and the column of the cursor in it.
#[track_caller]
fn line_after(terminal: &mut Terminal, keys: &str, line: &str) -> u16 {
    terminal.type_keys(keys);
    terminal.wait_for(&format!("> {line}"));
    let (row, column) = terminal.cursor();
    assert_eq!(row.trim_end(), format!("> {line}").trim_end());
    column
}

/// Answers the other two questions, saves, and gives the name that was stored.
fn saved(mut terminal: Terminal, desk: &Desk) -> String {
    terminal.type_keys(ENTER);
    terminal.answer("Last name >", "Abel");
    terminal.answer("Email address >", "ann@education.gov.uk");
    terminal.choose(NEXT_STEP, "Save");
    assert_eq!(terminal.finish(), 0);
    desk.kept.texts("SELECT first_name FROM users").pop().unwrap()
}

#[test]
fn a_line_is_edited_with_the_usual_keys() {
    let desk = Desk::of("claim");
    let mut terminal = form(&desk, 80);
    assert_eq!(line_after(&mut terminal, "Ann Marie", "Ann Marie"), 11);
    assert_eq!(line_after(&mut terminal, CTRL_W, "Ann"), 6);
    assert_eq!(line_after(&mut terminal, &format!("{BACKSPACE}{BACKSPACE}e"), "Ane"), 5);
    assert_eq!(line_after(&mut terminal, &format!("{HOME}J"), "JAne"), 3);
    assert_eq!(line_after(&mut terminal, &format!("\x1B[3~a{END}t"), "Janet"), 7);
    assert_eq!(line_after(&mut terminal, &format!("{LEFT}{LEFT}{CTRL_U}An"), "Anet"), 4);
    assert_eq!(saved(terminal, &desk), "Anet");
}

#[test]
fn wide_characters_take_two_columns_and_one_backspace() {
    let desk = Desk::of("claim");
    let mut terminal = form(&desk, 80);
    assert_eq!(line_after(&mut terminal, "李小龍", "李小龍"), 8);
    assert_eq!(line_after(&mut terminal, BACKSPACE, "李小"), 6);
    assert_eq!(line_after(&mut terminal, &format!("{LEFT}龍"), "李龍小"), 6);
    assert_eq!(saved(terminal, &desk), "李龍小");
}

#[test]
fn a_combining_accent_goes_with_its_letter() {
    let desk = Desk::of("claim");
    let mut terminal = form(&desk, 80);
    assert_eq!(line_after(&mut terminal, "Zoe\u{308}", "Zoe\u{308}"), 5);
    assert_eq!(line_after(&mut terminal, BACKSPACE, "Zo"), 4);
    assert_eq!(line_after(&mut terminal, "e\u{308}", "Zoe\u{308}"), 5);
    assert_eq!(saved(terminal, &desk), "Zoë");
}

#[test]
fn a_text_wider_than_the_screen_scrolls_under_the_cursor() {
    let desk = Desk::of("claim");
    let mut terminal = form(&desk, 40);
    let text: String = ('a'..='z').chain('A'..='Z').collect();
    // Two columns are the mark's and one is the cursor's.
    let seen = &text[text.len() - 37..];
    assert_eq!(line_after(&mut terminal, &text, seen), 39);
    assert_eq!(line_after(&mut terminal, HOME, &text[..37]), 2);
    assert_eq!(line_after(&mut terminal, END, seen), 39);
    assert_eq!(saved(terminal, &desk), text);
}

#[test]
fn a_long_paste_is_kept_whole_and_told_to_be_too_long() {
    let desk = Desk::of("claim");
    let mut terminal = form(&desk, 80);
    let pasted = "abcdefghij".repeat(30);
    let seen = &pasted[300 - 77..];
    line_after(&mut terminal, &pasted, seen);
    terminal.type_keys(ENTER);
    terminal.wait_for(&format!("Error: First name must be 255 characters or fewer > {seen}"));
    let keep = format!("{}{BACKSPACE}", BACKSPACE.repeat(44));
    line_after(&mut terminal, &keep, &pasted[255 - 77..255]);
    assert_eq!(saved(terminal, &desk), pasted[..255]);
}

#[test]
fn a_paste_of_several_lines_answers_one_question() {
    let desk = Desk::of("claim");
    let mut terminal = form(&desk, 80);
    terminal.paste("\nAnn\nMarie\n\n");
    terminal.wait_for("> Ann Marie");
    assert_eq!(terminal.fresh().trim_end(), "> Ann Marie");
    assert_eq!(saved(terminal, &desk), "Ann Marie");
}

#[test]
fn a_paste_chooses_nothing() {
    let desk = Desk::of("claim");
    let mut terminal = form(&desk, 80);
    terminal.answer("First name >", "Ann");
    terminal.answer("Last name >", "Abel");
    terminal.answer("Email address >", "ann@education.gov.uk");
    terminal.select(NEXT_STEP, "Save");
    terminal.paste("Ann\n");
    // What is typed after it comes to a form that was not saved. The selection only moves once the whole
    // paste was read: before, the menu is drawn as it was.
    terminal.type_keys(UP);
    terminal.wait_for("> Cancel");
    terminal.type_keys(ENTER);
    terminal.wait_for("Nothing was changed");
    assert_eq!((terminal.finish(), desk.kept.is_new()), (9, true));
}

#[test]
fn pasted_escape_sequences_do_no_harm() {
    let desk = Desk::of("claim");
    let mut terminal = form(&desk, 80);
    // Marks around a paste, red, clear the screen, Ctrl-Left, a bell, a title that ends nowhere.
    let pasted = "\x1B[200~A\x1B[31mn\x1B[2J\x1B[1;5Dn\x07\x1B[201~";
    assert_eq!(line_after(&mut terminal, pasted, "Ann"), 5);
    assert_eq!(saved(terminal, &desk), "Ann");
}

#[test]
fn a_pasted_tab_is_white_space_of_the_name() {
    let desk = Desk::of("claim");
    let mut terminal = form(&desk, 80);
    line_after(&mut terminal, "Ann\tMarie", &format!("Ann{MARK}Marie"));
    assert_eq!(saved(terminal, &desk), "Ann Marie");
}

#[test]
fn typed_control_characters_of_unicode_are_marked_and_refused() {
    let desk = Desk::of("claim");
    let mut terminal = form(&desk, 80);
    line_after(&mut terminal, "Ann\u{9B}31m", &format!("Ann{MARK}31m"));
    terminal.type_keys(ENTER);
    terminal.wait_for("Error: First name must not include control characters");
    terminal.type_keys(CTRL_C);
    assert_eq!(terminal.finish(), 130);
}

#[test]
fn an_escape_sequence_in_the_database_is_shown_safely_on_every_page() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.kept.execute_with("UPDATE users SET first_name = $1", &["\u{1B}[31mAnn\u{1B}]0;x\u{7}\n  Leave"]);
    let first_name = format!("{MARK}[31mAnn{MARK}]0;x{MARK}{MARK}");
    let shown = format!("{first_name} Leave Abel");
    for columns in [80, 40] {
        let mut terminal = Setting::at(&desk).columns(columns).with("NO_COLOR", "1").run(&["users"]);
        terminal.wait_for(&format!("> {shown} ann@education.gov.uk Active Find Add user Leave"));
        assert_eq!(terminal.fresh().lines().filter(|line| line.trim() == "Leave").count(), 1, "{}", terminal.fresh());
        terminal.choose(LIST, &first_name);
        terminal.wait_for(&format!("{shown} User has never signed in"));
        terminal.choose(NEXT_STEP, "Change: First name");
        terminal.wait_for(&format!("First name Error: First name must not include control characters > {first_name}"));
        terminal.type_keys(ESCAPE);
        terminal.choose(NEXT_STEP, "Delete user");
        terminal.wait_for(&format!("Confirm you want to delete {shown}"));
        terminal.type_keys(CTRL_C);
        assert_eq!(terminal.finish(), 130);
        let printed = String::from_utf8_lossy(&terminal.bytes).into_owned();
        assert!(!printed.contains("\u{1B}[31m") && !printed.contains("\u{1B}]") && !printed.contains('\u{7}'), "{printed:?}");
    }
}
