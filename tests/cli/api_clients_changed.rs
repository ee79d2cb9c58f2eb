//! `frontdesk api-clients edit|revoke|delete`, dry runs, and what the activity says of every change.

use serde_json::json;

use crate::api_clients::{ANN, COPY, check, create, desk_with_ann_and_bot, no_client, page, run_as};
use crate::desk::{Desk, Ran, problem, ran};

#[test]
fn only_the_name_can_be_changed_and_only_while_it_is_active() {
    let desk = desk_with_ann_and_bot();
    let (client, token) = create(&desk, ANN, "Import");
    create(&desk, ANN, "Export");
    let edit = |name: &str| desk.run(&["api-clients", "edit", &client, "--name", name]);
    let changed = "\nWhat changed\n  Client name: Import → Nightly import\n";
    let renamed = page("Nightly import", "31 January 2026", "Active", &client);
    assert_eq!(edit("Nightly  import"), ran(0, &(renamed.clone() + changed), "Success: API client updated\n"));
    assert_eq!(edit("Nightly import"), ran(0, &renamed, "The API client is like this already. Nothing was changed.\n"));
    assert_eq!(edit("EXPORT"), Ran { code: 5, ..problem("--name", "Client name must be unique") });
    assert_eq!(edit(" "), problem("--name", "Enter client name"));
    let cased = edit("NIGHTLY IMPORT");
    assert_eq!(cased.code, 0, "{cased:?}");
    let nothing = "Error: There is nothing to change\nNothing was changed. Give the API client’s new name with --name.\n";
    assert_eq!(desk.run(&["api-clients", "edit", &client]), ran(2, "", nothing));
    assert_eq!(desk.run(&["api-clients", "edit", &client, "--expires-on", "2026-06-30"]).code, 2);
    assert_eq!(check(&desk, &token).code, 0);

    let over = |what: &str| {
        let hint = "Nothing was changed. To have another one: frontdesk api-clients add";
        ran(6, "", &format!("Error: You cannot change this API client: it has {what}\n{hint}\n"))
    };
    desk.at("2026-01-31T00:00:00Z");
    let before = desk.rows();
    assert_eq!(edit("Import"), over("expired"));
    desk.at("2026-01-30T00:00:00Z");
    desk.done(&["api-clients", "revoke", &client, "--yes"]);
    assert_eq!((edit("Import"), edit("NIGHTLY IMPORT")), (over("been revoked"), over("been revoked")));
    assert_eq!(desk.rows().len(), before.len() + 1);
    assert_eq!(edit_of(&desk, "lost"), no_client("lost"));
}

fn edit_of(desk: &Desk, id: &str) -> Ran {
    desk.run(&["api-clients", "edit", id, "--name", "Import"])
}

#[test]
fn revoking_keeps_it_listed_and_is_for_good() {
    let desk = desk_with_ann_and_bot();
    let (client, token) = create(&desk, ANN, "Import");
    let before = desk.rows();
    let unconfirmed = "Error: Revoking an API client cannot be undone. To revoke it, add --yes\n\
                       Nothing was changed. To see what would happen, add --dry-run.\n";
    assert_eq!(desk.run(&["api-clients", "revoke", &client]), ran(2, "", unconfirmed));
    let revoked = page("Import", "31 January 2026", "Revoked", &client);
    let would = format!("Dry run: nothing was stored.\n\nThis would revoke the API client:\n\n{revoked}");
    assert_eq!(desk.run(&["api-clients", "revoke", &client, "--dry-run"]), ran(0, &would, ""));
    assert_eq!((desk.rows(), check(&desk, &token).code), (before, 0));

    let revoke = || desk.run(&["api-clients", "revoke", &client, "--yes"]);
    desk.kept.execute("UPDATE api_clients SET last_used_at = NULL");
    assert_eq!(revoke(), ran(0, &revoked, "Success: API client revoked\n"));
    let after = desk.rows();
    assert_eq!(revoke(), ran(0, &revoked, "This API client is revoked already. Nothing was changed.\n"));
    assert_eq!(desk.rows(), after);
    let refused = "Error: This API client has been revoked\nTo have another one: frontdesk api-clients add\n";
    assert_eq!(check(&desk, &token), ran(6, "", refused));
    assert!(desk.line("api-clients list").out.contains("  Import       Revoked  "));
    // Expired, it is still revoked; and one that has expired can be revoked.
    desk.at("2026-02-01T00:00:00Z");
    assert_eq!(desk.json(&["api-clients", "show", &client])["api_client"]["status"], "revoked");
    assert_eq!(desk.run(&["api-clients", "revoke", "lost", "--yes"]), no_client("lost"));
}

#[test]
fn deleting_hides_it_everywhere_and_keeps_the_record() {
    let desk = desk_with_ann_and_bot();
    let (client, token) = create(&desk, ANN, "Import");
    let unconfirmed = "Error: Deleting an API client cannot be undone. To delete it, add --yes\n\
                       Nothing was changed. To see what would happen, add --dry-run.\n";
    assert_eq!(desk.run(&["api-clients", "delete", &client]), ran(2, "", unconfirmed));
    let would = format!(
        "Dry run: nothing was stored.\n\nThis would delete the API client:\n\n{}",
        page("Import", "31 January 2026", "Active", &client)
    );
    assert_eq!(desk.run(&["api-clients", "delete", &client, "--dry-run"]), ran(0, &would, ""));
    let delete = || run_as(&desk, ANN, &format!("api-clients delete {client} --yes"));
    assert_eq!(delete(), ran(0, "", "Success: API client deleted\n"));
    assert_eq!(delete(), no_client(&client).with_flags(&format!("--as {ANN}")));
    for line in ["show", "revoke --yes", "edit --name x"] {
        let words: Vec<&str> = ["api-clients"].into_iter().chain(line.split(' ')).chain([client.as_str()]).collect();
        assert_eq!(desk.run(&words), no_client(&client), "{line}");
    }
    assert_eq!(desk.line("api-clients list"), ran(0, "There are no API clients.\n", ""));
    let deleted = "Error: This API client has been deleted\nTo have another one: frontdesk api-clients add\n";
    assert_eq!(check(&desk, &token), ran(4, "", deleted));
    assert_eq!(desk.count("SELECT count(*) FROM api_clients WHERE deleted_at = 1765462380000 AND deleted_by = 'Ann Abel'"), 1);
    assert_eq!(desk.line("api-clients show ' '").code, 2);
}

#[test]
fn an_id_is_taken_with_spaces_round_it_and_in_capital_letters() {
    let desk = desk_with_ann_and_bot();
    let (client, _) = create(&desk, ANN, "Import");
    assert_eq!(
        desk.run(&["api-clients", "show", &format!(" {} ", client.to_uppercase()), "--format", "ids"]),
        ran(0, &format!("{client}\n"), "")
    );
}

#[test]
fn a_protected_service_wants_the_environment_named_before_one_is_revoked_or_deleted() {
    let desk = desk_with_ann_and_bot();
    let (client, _) = create(&desk, ANN, "Import");
    desk.done(&["service", "set", "protected", "yes"]);
    let refused = "Error: This service is protected: it is the production environment\n\
                   Nothing was changed. To go on, name the environment: --environment production.\n";
    for verb in ["revoke", "delete"] {
        for which in [client.as_str(), "lost"] {
            for way in ["--yes", "--dry-run"] {
                assert_eq!(desk.line(&format!("api-clients {verb} {which} {way}")), ran(6, "", refused), "{verb} {which} {way}");
            }
        }
        assert_eq!(desk.refused(&["api-clients", verb, &client, "--yes"])["error"]["reason"], "protected");
        assert_eq!(desk.line(&format!("api-clients {verb} {client} --yes --environment staging")).code, 6);
        assert_eq!(desk.line(&format!("api-clients {verb} {client} --yes --environment production")).code, 0, "{verb}");
    }
    // Neither adding nor renaming takes anything away; but where it was done is said.
    let added = run_as(&desk, ANN, "api-clients add --name Export --expires-on 2026-01-31");
    assert_eq!((added.code, added.err), (0, format!("Environment: production (protected)\nSuccess: API client token created\n{COPY}")));
    let tried = run_as(&desk, ANN, "api-clients add --name Another --expires-on 2026-01-31 --dry-run");
    assert_eq!((tried.code, tried.err.as_str()), (0, ""));
    let (another, _) = create(&desk, ANN, "Third");
    assert_eq!(edit_of(&desk, &another).err, "Environment: production (protected)\nSuccess: API client updated\n");
}

#[test]
fn a_dry_run_makes_no_client_and_no_token() {
    let desk = desk_with_ann_and_bot();
    let before = desk.rows();
    let tried = run_as(&desk, ANN, "api-clients add --name Import --expires-on 2026-01-31 --dry-run");
    let client = page("Import", "31 January 2026", "Active", "");
    let would = format!("Dry run: nothing was stored.\n\nThis would add the API client:\n\n{}", client.replace("Id           \n", ""));
    assert_eq!(tried, ran(0, &would, ""));
    let answer = desk.json(&["--as", ANN, "api-clients", "add", "--name", "Import", "--expires-on", "2026-01-31", "--dry-run"]);
    assert_eq!(json!([answer["api_client"]["id"], answer["api_client"]["token"], answer["dry_run"]]), json!([null, null, true]));
    assert_eq!(desk.rows(), before);
}

#[test]
fn every_change_of_an_api_client_is_in_the_activity() {
    let desk = desk_with_ann_and_bot();
    let (client, _) = create(&desk, ANN, "Import");
    assert_eq!(edit_of(&desk, &client).code, 0);
    desk.done(&["api-clients", "edit", &client, "--name", "Export"]);
    desk.done(&["api-clients", "revoke", &client, "--yes"]);
    desk.done(&["api-clients", "revoke", &client, "--yes"]);
    desk.done(&["api-clients", "delete", &client, "--yes"]);
    let entries = desk.line("activity list --format plain --fields action,actor.label,subject.kind,subject.id,subject.label,changes").out;
    let (added, expires) =
        (r#"{"field":"name","before":null,"after":"Import"}"#, r#"{"field":"expires_on","before":null,"after":"2026-01-31"}"#);
    let expected = [
        format!(
            "api_client_deleted\tos:tester@desk\tapi_client\t{client}\tExport\t[{},{}]",
            r#"{"field":"name","before":"Export","after":null}"#, r#"{"field":"expires_on","before":"2026-01-31","after":null}"#
        ),
        format!(
            "api_client_revoked\tos:tester@desk\tapi_client\t{client}\tExport\t[{}]",
            r#"{"field":"status","before":"active","after":"revoked"}"#
        ),
        format!(
            "api_client_updated\tos:tester@desk\tapi_client\t{client}\tExport\t[{}]",
            r#"{"field":"name","before":"Import","after":"Export"}"#
        ),
        format!("api_client_added\tAnn Abel\tapi_client\t{client}\tImport\t[{added},{expires}]"),
    ];
    assert_eq!(entries.lines().take(4).collect::<Vec<_>>(), expected);
    let told = desk.line("activity list").out;
    for entry in [
        "API client revoked: Export\n  By os:tester@desk on 11 December 2025 at 2:13pm\n  Status: active → revoked\n",
        "API client added: Import\n  By Ann Abel on 11 December 2025 at 2:13pm\n  Client name: Import\n  Expiry date: 31 January 2026\n",
    ] {
        assert!(told.contains(entry), "{told}");
    }
}
