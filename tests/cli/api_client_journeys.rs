//! API clients at a terminal: the form, “Check your answers”, the token, once; and what is confirmed.

use crate::api_clients::{ANN, BOT, create, create_until, desk_with_ann_and_bot, is_token};
use crate::desk::Desk;
use crate::journeys::NEXT_STEP;
use crate::terminal::{CTRL_C, ENTER, ESCAPE, Setting, Terminal};

/// Everything that was printed, as text.
fn printed(terminal: &Terminal) -> String {
    String::from_utf8_lossy(&terminal.bytes).into_owned()
}

fn tokens_in(text: &str) -> Vec<&str> {
    text.split_whitespace().filter(|word| is_token(word)).collect()
}

#[test]
fn the_form_its_check_and_the_token_once() {
    let desk = desk_with_ann_and_bot();
    create(&desk, BOT, "Taken");
    create(&desk, ANN, "Taken");
    desk.at("2026-01-01T12:00:00Z");
    let before = desk.rows();
    let mut terminal = Setting::at(&desk).run(&["--as", ANN, "api-clients", "add"]);
    terminal.wait_for("Add API client Client name >");
    terminal.type_keys(ENTER);
    terminal.correct("Client name Error: Enter client name >", "TAKEN");
    terminal.correct("Error: Client name must be unique > TAKEN", "Nightly import");
    terminal.answer("Expiry date (YYYY-MM-DD) >", "");
    terminal.correct("Error: Enter expiry date >", "30 June 2026");
    terminal.correct("Error: Expiry date must be a real date in the correct format, like 2026-06-30 >", "2026-01-01");
    terminal.correct("Error: Expiry date must be between 2 January 2026 and 1 January 2027 >", "2026-06-30");
    terminal.wait_for(&format!(
        "Check your answers Client name Nightly import Expiry date 30 June 2026 \
         An authentication token will be created and shown once. {NEXT_STEP} Arrow keys move, Enter chooses, Esc goes back > Save Change: Client name Change: Expiry date Cancel"
    ));
    assert_eq!((desk.rows(), tokens_in(&printed(&terminal)).len()), (before, 0));
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&[
        "Nightly import Client name Nightly import Expiry date 30 June 2026 Status Active",
        "Success: API client token created",
        "frontdesk_",
        "Copy this token now. For security, it cannot be viewed again.",
        "The same change as one command:",
    ]);
    assert_eq!(terminal.finish(), 0);
    assert_eq!(tokens_in(&printed(&terminal)).len(), 1);
    let same = "--as ann@education.gov.uk api-clients add --name 'Nightly import' --expires-on 2026-06-30 --yes";
    assert_eq!(terminal.same_as_one_command(), same);
    desk.kept.execute("UPDATE api_clients SET name_key = id");
    assert_eq!(desk.line(same).code, 0);
}

#[test]
fn a_token_is_one_piece_on_a_narrow_terminal_too() {
    let desk = desk_with_ann_and_bot();
    let setting = Setting::at(&desk).columns(40);
    let mut terminal = setting.run(&["--as", ANN, "api-clients", "add", "--name=Import", "--expires-on=2026-01-31", "--yes"]);
    terminal.wait_for("it cannot be viewed again.");
    assert_eq!((terminal.finish(), tokens_in(&printed(&terminal)).len()), (0, 1));
}

#[test]
fn nothing_is_made_by_whoever_turns_back() {
    let desk = desk_with_ann_and_bot();
    let (client, _) = create(&desk, ANN, "Import");
    let before = desk.rows();
    let add = ["--as", ANN, "api-clients", "add", "--name=Export", "--expires-on=2026-01-31"];
    for (keys, line, code) in [(ESCAPE, "Nothing was changed", 9), (CTRL_C, "Stopped: nothing was changed", 130)] {
        let mut terminal = Setting::at(&desk).run(&add);
        terminal.select(NEXT_STEP, "Save");
        terminal.type_keys(keys);
        terminal.wait_for(line);
        assert_eq!((terminal.finish(), tokens_in(&printed(&terminal)).len()), (code, 0));
    }
    for verb in ["revoke", "delete"] {
        let mut terminal = Setting::at(&desk).run(&["api-clients", verb, &client]);
        terminal.select(&format!("Do you want to {verb} Import?"), "No");
        terminal.type_keys(ENTER);
        terminal.wait_for("Nothing was changed");
        assert_eq!(terminal.finish(), 9);
    }
    assert_eq!(desk.rows(), before);
}

#[test]
fn a_new_name_is_checked_and_the_list_follows() {
    let desk = desk_with_ann_and_bot();
    let (client, _) = create(&desk, ANN, "Import");
    create(&desk, ANN, "Taken");
    let mut terminal = Setting::at(&desk).columns(120).run(&["api-clients", "edit", &client]);
    terminal.wait_for("Edit Import Client name > Import");
    terminal.correct("Client name >", "Taken");
    terminal.correct("Error: Client name must be unique > Taken", "Export");
    terminal.wait_for("Check your answers Export Client name: Import → Export");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&["Success: API client updated", "API clients (2)", "Export Active 31 January 2026 Ann Abel", "Taken"]);
    assert_eq!(terminal.finish(), 0);
    assert_eq!(terminal.same_as_one_command(), format!("api-clients edit {client} --name Export --yes"));
}

#[test]
fn what_may_not_be_changed_is_said_before_the_first_question() {
    let desk = desk_with_ann_and_bot();
    let (client, _) = create(&desk, ANN, "Import");
    desk.done(&["api-clients", "revoke", &client, "--yes"]);
    let before = desk.rows();
    for (words, line, code) in [
        (vec!["api-clients", "edit", &client], "Error: You cannot change this API client: it has been revoked", 6),
        (vec!["api-clients", "add"], "Error: You cannot create an API client without saying who you are", 6),
        (vec!["api-clients", "revoke", "lost"], "Error: There is no API client with the id lost", 4),
        (vec!["api-clients", "revoke", &client], "This API client is revoked already. Nothing was changed.", 0),
    ] {
        let mut terminal = Setting::at(&desk).run(&words);
        terminal.wait_for(line);
        assert_eq!((terminal.finish(), desk.rows()), (code, before.clone()), "{words:?}");
    }
}

#[test]
fn revoking_and_deleting_are_confirmed_with_a_warning() {
    for (verb, doing, done) in [("revoke", "Revoking", "revoked"), ("delete", "Deleting", "deleted")] {
        let desk = desk_with_ann_and_bot();
        let (client, _) = create_until(&desk, ANN, "Nightly import", "2026-01-31");
        let mut terminal = Setting::at(&desk).columns(120).run(&["api-clients", verb, &client]);
        terminal.wait_for(&format!(
            "Confirm you want to {verb} Nightly import Warning: {doing} an API client cannot be undone. \
             Its token will no longer be taken. Do you want to {verb} Nightly import? Arrow keys move, Enter chooses, Esc goes back > No Yes"
        ));
        terminal.choose(&format!("Do you want to {verb} Nightly import?"), "Yes");
        let list = if verb == "revoke" { "Nightly import Revoked" } else { "There are no API clients." };
        terminal.wait_in_order(&[&format!("Success: API client {done}"), list]);
        assert_eq!(terminal.finish(), 0);
        assert_eq!(terminal.same_as_one_command(), format!("api-clients {verb} {client} --yes"));
    }
}

#[test]
fn a_protected_service_has_the_environment_typed() {
    let desk = desk_with_ann_and_bot();
    let (client, _) = create(&desk, ANN, "Import");
    desk.done(&["service", "set", "protected", "yes"]);
    let mut terminal = Setting::at(&desk).run(&["api-clients", "revoke", &client]);
    terminal.choose("Do you want to revoke Import?", "Yes");
    terminal.answer("type the name of its environment, production >", "staging");
    terminal.correct("Error: This is production. Type its name, or go back to leave it as it is > staging", "production");
    terminal.wait_for("Environment: production (protected) Success: ");
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn somebody_elses_change_meanwhile_is_told_and_not_overwritten() {
    let desk = desk_with_ann_and_bot();
    let (client, _) = create(&desk, ANN, "Import");
    let mut terminal = Setting::at(&desk).run(&["api-clients", "delete", &client]);
    terminal.select("Do you want to delete Import?", "Yes");
    desk.done(&["api-clients", "edit", &client, "--name", "Export"]);
    terminal.type_keys(ENTER);
    terminal.wait_for("Error: Somebody else changed this API client meanwhile. Client name: Import → Export");
    assert_eq!(terminal.finish(), 5);
    assert_eq!(desk.count("SELECT count(*) FROM api_clients WHERE deleted_at IS NULL"), 1);
}

/// Types a token where it is asked for, and gives the exit code.
fn type_token(setting: Setting<'_>, question: &str, token: &str, answer: &str) -> i32 {
    let mut terminal = setting.run(&["api-clients", "check"]);
    terminal.wait_for(question);
    terminal.type_keys(&format!("{token}{ENTER}"));
    terminal.wait_for(answer);
    let code = terminal.finish();
    assert!(!printed(&terminal).contains(&token[10..]), "{}", terminal.screen());
    code
}

#[test]
fn a_token_that_is_asked_for_is_not_shown() {
    let desk = desk_with_ann_and_bot();
    let (_, token) = create(&desk, ANN, "Import");
    let rich = "API client token It is not shown as you type >";
    assert_eq!(type_token(Setting::at(&desk), rich, &token, "Allowed: Import"), 0);
    assert_eq!(type_token(Setting::at(&desk), rich, "frontdesk_0000", "Error: No API client has this token"), 4);
    let plain = "API client token (it is not shown as you type):";
    let accessible = || Setting::at(&desk).with("FRONTDESK_ACCESSIBLE", "yes");
    assert_eq!(type_token(accessible(), plain, &token, "Allowed: Import"), 0);
    for (setting, question, keys) in [(Setting::at(&desk), rich, ESCAPE), (accessible(), plain, "back\r")] {
        let mut terminal = setting.run(&["api-clients", "check"]);
        terminal.wait_for(question);
        terminal.type_keys(keys);
        terminal.wait_for("Nothing was changed");
        assert_eq!(terminal.finish(), 9);
    }
}

#[test]
fn where_it_would_be_seen_it_is_not_asked_for() {
    let desk = desk_with_ann_and_bot();
    let refused = "Error: The token cannot be asked for here, where it would be seen Give the token as one line of standard input: \
                   frontdesk api-clients check < FILE";
    let mut terminal = Setting::at(&desk).run(&["api-clients", "check", "--no-input"]);
    terminal.wait_for(refused);
    assert_eq!(terminal.finish(), 2);
    let errors = desk.path("errors");
    let mut terminal = Setting::at(&desk).errors_to(&errors).run(&["api-clients", "check"]);
    assert_eq!(terminal.finish(), 2);
    assert!(std::fs::read_to_string(&errors).unwrap().starts_with("Error: The token cannot be asked for here"));
}

#[test]
fn without_a_terminal_nothing_is_asked() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", ANN);
    assert_eq!(desk.line(&format!("--as {ANN} api-clients add")).code, 3);
}
