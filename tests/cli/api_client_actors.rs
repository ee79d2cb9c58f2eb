//! Who may create, see and change API clients (seed 000, and the rules that follow from it).

use serde_json::json;

use crate::api_clients::{ANN, BOT, check, create, desk_with_ann_and_bot, no_client, run_as};
use crate::desk::{Desk, Ran, piped, ran};
use crate::organisation_actors::{REFUSED, REFUSED_WITHOUT_JSON};

const ADD: &str = "api-clients add --name Import --expires-on 2026-01-31";

/// Every command about API clients, but adding one.
fn all_about(client: &str) -> [String; 6] {
    [
        "list".to_owned(),
        format!("show {client}"),
        format!("edit {client} --name Other"),
        format!("revoke {client} --yes"),
        format!("delete {client} --yes"),
        "check".to_owned(),
    ]
    .map(|line| format!("api-clients {line}"))
}

#[test]
fn the_account_of_a_machine_creates_none_and_may_do_everything_else() {
    let desk = desk_with_ann_and_bot();
    let words = "Error: You cannot create an API client without saying who you are\n\
        Nothing was changed. Only an active user of the service creates API clients: give your email address with --as, FRONTDESK_AS or \
        ‘actor’ in the configuration file.\n";
    let before = desk.rows();
    for line in [ADD, "api-clients add", "api-clients add --dry-run"] {
        assert_eq!(desk.line(line), ran(6, "", words), "{line}");
    }
    assert_eq!(desk.rows(), before);
    let (client, token) = create(&desk, BOT, "Import");
    assert_eq!(check(&desk, &token).code, 0);
    for line in all_about(&client).iter().take(5) {
        assert_eq!(desk.line(line).code, 0, "{line}");
    }
}

#[test]
fn a_support_user_sees_and_changes_everybodys() {
    let desk = desk_with_ann_and_bot();
    let (bots, token) = create(&desk, BOT, "Import");
    assert_eq!(piped(&desk, &["--as", ANN, "api-clients", "check"], &token).code, 0);
    for line in all_about(&bots).iter().take(5) {
        assert_eq!(run_as(&desk, ANN, line).code, 0, "{line}");
    }
}

#[test]
fn an_api_user_has_their_own_and_learns_nothing_of_any_other() {
    let desk = desk_with_ann_and_bot();
    let (anns, anns_token) = create(&desk, ANN, "Import");
    let (bots, bots_token) = create(&desk, BOT, "Import");
    let as_bot = |line: &str| run_as(&desk, BOT, line);
    assert_eq!(as_bot("api-clients list --format plain --fields id"), ran(0, &format!("{bots}\n"), ""));
    let listed = desk.json(&["--as", BOT, "api-clients", "list"]);
    assert_eq!(json!([listed["total"], listed["api_clients"][0]["created_by"]]), json!([1, BOT]));
    let before = desk.rows();
    for verb in ["show", "edit --name Other", "revoke --yes", "revoke --dry-run", "delete --yes"] {
        let of = |id: &str| as_bot(&format!("api-clients {verb} {id}"));
        let none = |id: &str| no_client(id).with_flags(&format!("--as {BOT}"));
        assert_eq!((of(&anns), of("lost")), (none(&anns), none("lost")), "{verb}");
    }
    assert_eq!(desk.rows(), before);
    let checked = |token: &str| piped(&desk, &["--as", BOT, "api-clients", "check"], token);
    let unknown = "Error: No API client has this token\nCheck that the whole token was given, on one line and with nothing else.\n";
    assert_eq!((checked(&anns_token), checked("frontdesk_0")), (ran(4, "", unknown), ran(4, "", unknown)));
    assert_eq!(checked(&bots_token).code, 0);
    for line in all_about(&bots).iter().take(5) {
        assert_eq!(as_bot(line).code, 0, "{line}");
    }
    assert_eq!(as_bot("api-clients list"), ran(0, "There are no API clients.\n", ""));
}

#[test]
fn every_other_command_refuses_an_api_user() {
    let desk = desk_with_ann_and_bot();
    let before = (desk.rows(), desk.letters().len());
    let words = "Error: You do not have permission to perform this action\nAPI users do not administer users or the service.\n";
    let of_organisations = [
        "org list",
        "org show ALPHA",
        "org users ALPHA",
        "org show-user ALPHA ann@education.gov.uk",
        "org has-user ALPHA ann@education.gov.uk",
        "org add-user ALPHA --dry-run",
        "org remove-user ALPHA ann@education.gov.uk --yes",
    ];
    let lines = REFUSED.iter().chain(&REFUSED_WITHOUT_JSON).chain(&of_organisations);
    for line in lines.filter(|line| !line.starts_with("api-clients ")) {
        assert_eq!(run_as(&desk, BOT, line), ran(6, "", words), "{line}");
    }
    assert_eq!((desk.rows(), desk.letters().len()), before);
    assert_eq!(run_as(&desk, BOT, "whoami").code, 0);
    let signed_in = desk.json(&["sign-in", "check", "--email", BOT]);
    assert_eq!(signed_in["access"], "api-only");
}

#[test]
fn nobody_who_is_not_active_and_nobody_unknown_may_do_anything_about_them() {
    let desk = desk_with_ann_and_bot();
    let (client, _) = create(&desk, BOT, "Import");
    desk.done(&["users", "edit", BOT, "--active", "no"]);
    let before = desk.rows();
    let inactive = "Error: Your account is not authorised\nYour account is not active. Ask a support user to make it active.\n";
    let unknown = "Error: Your account is not authorised\n\
        --as says that you are lost@education.gov.uk, and no user of this service has that email address. Give your own with --as.\n";
    for line in all_about(&client).iter().map(String::as_str).chain([ADD, "api-clients add --dry-run"]) {
        assert_eq!(run_as(&desk, BOT, line), ran(6, "", inactive), "{line}");
        assert_eq!(run_as(&desk, "lost@education.gov.uk", line), ran(6, "", unknown), "{line}");
    }
    assert_eq!(desk.rows(), before);
}

#[test]
fn a_service_that_requires_an_actor_requires_one_here_too() {
    let desk = desk_with_ann_and_bot();
    let (_, token) = create(&desk, BOT, "Import");
    assert_eq!(run_as(&desk, ANN, "service set require-actor yes").code, 0);
    let required = "Error: This service requires you to say who you are\n\
        Give your email address with --as, FRONTDESK_AS or ‘actor’ in the configuration file.\n";
    assert_eq!((desk.line("api-clients list"), check(&desk, &token)), (ran(6, "", required), ran(6, "", required)));
    assert_eq!(piped(&desk, &["--as", ANN, "api-clients", "check"], &token).code, 0);
}

#[test]
fn somebody_with_two_accounts_acts_as_the_support_user() {
    let desk = desk_with_ann_and_bot();
    desk.add_organisation("ALPHA", "Alpha School");
    desk.add_member("ALPHA", "Anne", "School", ANN);
    let Ran { code, out, .. } = run_as(&desk, ANN, ADD);
    assert!(code == 0 && out.contains("\nCreated by   Ann Abel, ann@education.gov.uk\n"), "{out}");
}

#[test]
fn a_refusal_comes_before_what_is_wrong_with_the_answers_and_a_mistyped_command_before_both() {
    let desk = Desk::of("publish");
    desk.add_organisation("ALPHA", "Alpha School");
    desk.add_member("ALPHA", "Ann", "Abel", "ann@alpha.sch.uk");
    assert_eq!(run_as(&desk, "ann@alpha.sch.uk", "api-clients add --expires-on never").code, 6);
    assert_eq!(run_as(&desk, "ann@alpha.sch.uk", "api-clients check").code, 6);
    assert_eq!(run_as(&desk, "ann@alpha.sch.uk", "api-clients revoke lost").code, 2);
}
