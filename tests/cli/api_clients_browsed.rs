//! API clients at the desk: the list, one of them, and every change from there.

use crate::api_clients::{ANN, BOT, check, create, create_until, desk_with_ann_and_bot, is_token};
use crate::desk::Desk;
use crate::journeys::NEXT_STEP;
use crate::terminal::{ENTER, Setting, Terminal};

const START: &str = "What do you want to work on?";
const LIST: &str = "Choose an API client, or what to do";

/// Opens the desk as somebody, or as nobody in particular.
fn opened(desk: &Desk, actor: &[&str]) -> Terminal {
    Setting::at(desk).columns(120).run(actor)
}

fn leave(mut terminal: Terminal) {
    terminal.choose(LIST, "Back");
    terminal.choose(START, "Leave");
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn a_support_user_creates_renames_revokes_and_deletes_one() {
    let desk = desk_with_ann_and_bot();
    create(&desk, BOT, "Of Bot");
    let mut terminal = opened(&desk, &["--as", ANN]);
    terminal.choose(START, "API clients");
    terminal.wait_for("API clients (1)");
    terminal.wait_for("Of Bot Active 31 January 2026 Bot Bean Add API client Back");
    terminal.choose(LIST, "Add API client");
    terminal.answer("Add API client Client name >", "Import");
    terminal.answer("Expiry date (YYYY-MM-DD) >", "2026-06-30");
    terminal.wait_for("An authentication token will be created and shown once.");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&[
        "Success: API client token created",
        "frontdesk_",
        "Copy this token now. For security, it cannot be viewed again.",
        "The same change as one command:",
        "API clients (2)",
    ]);
    let token = terminal.fresh().split_whitespace().find(|word| is_token(word)).unwrap().to_owned();
    assert_eq!(check(&desk, &token).code, 0);

    terminal.choose(LIST, "Import");
    terminal.wait_for("Import Client name Import Expiry date 30 June 2026 Status Active Created by Ann Abel, ann@education.gov.uk");
    terminal.choose(NEXT_STEP, "Change: Client name");
    terminal.correct("Client name > Import", "Export");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&["Success: API client updated", "Client name Export"]);
    terminal.choose(NEXT_STEP, "Revoke API client");
    terminal.choose("Do you want to revoke Export?", "Yes");
    terminal.wait_in_order(&["Success: API client revoked", "Status Revoked", "> Back to the list"]);
    assert!(!terminal.fresh().contains("Change: Client name") && !terminal.fresh().contains("  Revoke API client"), "{}", terminal.fresh());
    assert_eq!(check(&desk, &token).code, 6);
    terminal.choose(NEXT_STEP, "Delete API client");
    terminal.choose("Do you want to delete Export?", "Yes");
    terminal.wait_in_order(&["Success: API client deleted", "API clients (1)"]);
    leave(terminal);
    let printed = desk.line("api-clients list --format plain --fields name").out;
    assert_eq!(printed, "Of Bot\n");
}

#[test]
fn the_token_is_on_the_screen_once() {
    let desk = desk_with_ann_and_bot();
    let mut terminal = opened(&desk, &["--as", ANN]);
    terminal.choose(START, "API clients");
    terminal.wait_for("There are no API clients.");
    terminal.choose(LIST, "Add API client");
    terminal.answer("Client name >", "Import");
    terminal.answer("Expiry date (YYYY-MM-DD) >", "2026-06-30");
    terminal.choose(NEXT_STEP, "Save");
    terminal.choose(LIST, "Import");
    terminal.choose(NEXT_STEP, "Back to the list");
    leave_and_count(terminal);
}

fn leave_and_count(mut terminal: Terminal) {
    terminal.choose(LIST, "Back");
    terminal.choose(START, "Leave");
    assert_eq!(terminal.finish(), 0);
    let printed = String::from_utf8_lossy(&terminal.bytes).into_owned();
    assert_eq!(printed.split_whitespace().filter(|word| is_token(word)).count(), 1);
}

#[test]
fn an_api_user_finds_their_own_there_and_nothing_else() {
    let desk = desk_with_ann_and_bot();
    create(&desk, ANN, "Of Ann");
    create(&desk, BOT, "Of Bot");
    let mut terminal = opened(&desk, &["--as", BOT]);
    terminal.wait_for("API clients (1)");
    terminal.wait_for("> Of Bot Active 31 January 2026 Bot Bean Add API client Leave");
    terminal.choose(LIST, "Leave");
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn nobody_in_particular_creates_none() {
    let desk = desk_with_ann_and_bot();
    let (client, _) = create_until(&desk, ANN, "Import", "2026-01-31");
    let mut terminal = opened(&desk, &[]);
    terminal.choose(START, "API clients");
    terminal.wait_for("> Import Active 31 January 2026 Ann Abel Back");
    terminal.choose(LIST, "Import");
    terminal.select(NEXT_STEP, "Revoke API client");
    // Somebody else has revoked it meanwhile.
    desk.done(&["api-clients", "revoke", &client, "--yes"]);
    terminal.type_keys(ENTER);
    terminal.wait_in_order(&["Error: Somebody else changed this API client meanwhile", "Status Revoked"]);
    terminal.choose(NEXT_STEP, "Back to the list");
    leave(terminal);
}
