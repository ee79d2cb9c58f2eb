//! What becomes of API clients whose owner's account goes out of use, in the same transaction.

use serde_json::json;

use crate::api_clients::{ANN, BOT, check, create, create_until, desk_with_ann_and_bot, run_as};
use crate::desk::{Desk, ran};
use crate::journeys::NEXT_STEP;
use crate::terminal::Setting;

/// A desk where Bot has three API clients: one that is used, one that has expired by now, one revoked.
fn desk_with_three() -> (Desk, [String; 3], String) {
    let desk = desk_with_ann_and_bot();
    let (first, token) = create_until(&desk, BOT, "Used", "2026-06-30");
    let (second, _) = create(&desk, BOT, "Expired");
    let (third, _) = create(&desk, BOT, "Revoked");
    desk.done(&["api-clients", "revoke", &third, "--yes"]);
    desk.at("2026-02-01T09:00:00Z");
    create_until(&desk, ANN, "Of Ann", "2026-06-30");
    (desk, [first, second, third], token)
}

fn statuses(desk: &Desk) -> String {
    desk.line("api-clients list --format plain --fields name,status").out
}

#[test]
fn deactivating_the_owner_revokes_theirs_for_good() {
    let (desk, _, token) = desk_with_three();
    let edit = |active: &str| desk.run(&["users", "edit", BOT, "--active", active]);
    let deactivated = edit("no");
    assert_eq!(
        (deactivated.code, deactivated.err.as_str()),
        (0, "Success: User updated\n2 API clients of this user were revoked, for good.\n")
    );
    let revoked = "Expired\trevoked\nOf Ann\tactive\nRevoked\trevoked\nUsed\trevoked\n";
    assert_eq!(statuses(&desk), revoked);
    assert_eq!(check(&desk, &token).code, 6);
    let entries = desk.line("activity list --format plain --fields action,actor.label,subject.label,changes --per-page 3").out;
    let status = |before: &str| format!("[{{\"field\":\"status\",\"before\":\"{before}\",\"after\":\"revoked\"}}]");
    let mut lines: Vec<&str> = entries.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            format!("api_client_revoked\tos:tester@desk\tExpired\t{}", status("expired")),
            format!("api_client_revoked\tos:tester@desk\tUsed\t{}", status("active")),
            "user_updated\tos:tester@desk\tBot Bean\t[{\"field\":\"active\",\"before\":\"yes\",\"after\":\"no\"}]".to_owned(),
        ]
    );
    // Active again, the owner may create others; what was revoked stays so.
    assert_eq!(edit("yes").err, "Success: User updated\n");
    assert_eq!((statuses(&desk), check(&desk, &token).code), (revoked.to_owned(), 6));
    assert_eq!(run_as(&desk, BOT, "api-clients add --name New --expires-on 2026-06-30").code, 0);
}

#[test]
fn deleting_the_owner_deletes_theirs() {
    let (desk, clients, token) = desk_with_three();
    let deleted = desk.run(&["users", "delete", BOT, "--yes", "--no-email"]);
    assert_eq!(deleted, ran(0, "", "Success: User deleted\n3 API clients of this user were deleted.\n"));
    assert_eq!(statuses(&desk), "Of Ann\tactive\n");
    for client in &clients {
        assert_eq!(desk.run(&["api-clients", "show", client]).code, 4);
    }
    assert_eq!(check(&desk, &token).code, 4);
    assert_eq!(desk.count("SELECT count(*) FROM activity WHERE action = 'api_client_deleted'"), 3);
    // Added again, the same address is another user, to whom nothing of it returns.
    desk.done(&["users", "add", "--first-name=Bot", "--last-name=Bean", "--email", BOT, "--api-user=yes"]);
    assert_eq!(run_as(&desk, BOT, "api-clients list"), ran(0, "There are no API clients.\n", ""));
    create_until(&desk, BOT, "Used", "2026-06-30");
}

#[test]
fn a_dry_run_and_json_say_so_too_and_nothing_is_stored() {
    let (desk, ..) = desk_with_three();
    let before = desk.rows();
    let tried = desk.run(&["users", "edit", BOT, "--active", "no", "--dry-run"]);
    let would = "Dry run: nothing was stored.\n\nThis would change the user Bot Bean:\n\n  Is the account active? Yes → No\n\n\
                 2 API clients of this user will be revoked, for good.\n";
    assert_eq!(tried, ran(0, would, ""));
    let tried = desk.run(&["users", "delete", BOT, "--dry-run", "--no-email"]);
    assert!(tried.out.ends_with("\n\n3 API clients of this user will be deleted.\n"), "{tried:?}");
    assert_eq!(desk.rows(), before);
}

#[test]
fn either_everything_of_it_is_stored_or_nothing() {
    let (desk, ..) = desk_with_three();
    let before = desk.rows();
    desk.kept.fail_at_activity();
    for line in [format!("users edit {BOT} --active no"), format!("users delete {BOT} --yes")] {
        assert_ne!(desk.line(&line).code, 0, "{line}");
        assert_eq!(desk.rows(), before, "{line}");
    }
}

#[test]
fn nothing_else_about_the_owner_changes_theirs() {
    let (desk, _, token) = desk_with_three();
    let before = statuses(&desk);
    for line in ["--first-name Robot", "--email robot@education.gov.uk", "--api-user no"] {
        let edited =
            desk.line(&format!("users edit {} --no-email {line}", desk.json(&["users", "list"])["users"][1]["id"].as_str().unwrap()));
        assert_eq!((edited.code, edited.err.as_str()), (0, "Success: User updated\n"), "{line}");
    }
    desk.sign_in("robot@education.gov.uk");
    assert_eq!((statuses(&desk), check(&desk, &token).code), (before, 0));
    let owner = desk.json(&["api-clients", "list", "--fields", "created_by"])["api_clients"][0].take();
    assert_eq!(owner, json!({ "created_by": "robot@education.gov.uk" }));
}

#[test]
fn a_token_of_somebody_whom_another_program_took_out_of_use_is_not_taken() {
    let (desk, _, token) = desk_with_three();
    desk.kept.execute("UPDATE users SET active = 0 WHERE api_user = 1");
    assert_eq!(check(&desk, &token).code, 6);
    desk.kept.execute("UPDATE users SET active = 1, deleted_at = 1, deleted_by = 'somebody' WHERE api_user = 1");
    assert_eq!(check(&desk, &token).code, 6);
}

#[test]
fn the_pages_before_the_last_yes_say_how_many_will_go() {
    let (desk, ..) = desk_with_three();
    let mut terminal = Setting::at(&desk).run(&["users", "edit", BOT, "--active", "no"]);
    terminal.wait_for("Check your answers Bot Bean Is the account active? Yes → No 2 API clients of this user will be revoked, for good.");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&["Success: User updated", "2 API clients of this user were revoked, for good.", "Users (2)"]);
    assert_eq!(terminal.finish(), 0);

    let mut terminal = Setting::at(&desk).run(&["users", "delete", BOT]);
    terminal.wait_for("Warning: Deleting a user cannot be undone. 3 API clients of this user will be deleted. An email will be sent to");
    terminal.choose("Do you want to delete Bot Bean?", "Yes");
    terminal.wait_in_order(&["Success: User deleted", "3 API clients of this user were deleted.", "Users (1)"]);
    assert_eq!((terminal.finish(), statuses(&desk)), (0, "Of Ann\tactive\n".to_owned()));
}
