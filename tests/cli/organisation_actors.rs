//! What an organisation's own users may do and what not (seed 003); who acts where somebody has two
//! accounts, or one that belongs nowhere any more; and API users, who may do none of it.

use serde_json::{Value, json};

use crate::desk::{Desk, Ran, id, no_organisation, nobody_in, ran};
use crate::journeys::{LIST, NEXT_STEP};
use crate::terminal::Setting;

pub const ANN: &str = "ann@alpha.sch.uk";
pub const CLEO: &str = "cleo@example.com";
pub const ROBERT: &str = "robert@example.com";
pub const SUE: &str = "sue@education.gov.uk";
pub const WHICH: &str = "Choose an organisation, or what to do";

const NO_PERMISSION: &str = "Error: You do not have permission to perform this action\n\
    An organisation’s users see, add and remove the users of their own organisations, and nothing else: frontdesk org list\n";
const YOURSELF: &str = "Error: You cannot perform this action\n\
    This is your own account, and nobody changes, removes or deletes their own. Ask somebody else to do it.\n";

/// Ann adds Robert, whose account she cannot know, by the names that she knows.
pub const ADD_ROBERT: &str = "org add-user ALPHA --first-name Bobby --last-name Barker --email robert@example.com";

/// A desk where Ann belongs to Alpha School alone, Cleo to all three organisations, Robert to Quartz
/// Academy alone, and Sue is a support user.
pub fn three_organisations() -> Desk {
    let desk = Desk::of("publish");
    desk.add_organisation("ALPHA", "Alpha School");
    desk.add_organisation("QX71", "Quartz Academy");
    desk.add_organisation("VM82", "Vermilion College");
    desk.add_member("ALPHA", "Ann", "Abel", ANN);
    for code in ["ALPHA", "QX71", "VM82"] {
        desk.add_member(code, "Cleo", "Cole", CLEO);
    }
    desk.add_member("QX71", "Robert", "Stone", ROBERT);
    desk.done(&["sign-in", "record", "--email", ROBERT, "--id", "R-7731"]);
    desk.add("Sue", "Sands", SUE);
    desk
}

pub fn run_as(desk: &Desk, actor: &str, line: &str) -> Ran {
    desk.line(&format!("--as {actor} {line}"))
}

/// The flags by which somebody acts at this desk.
pub fn flags_of(actor: &str) -> String {
    format!("--service publish --as {actor}")
}

fn no_permission(actor: &str) -> Ran {
    ran(6, "", NO_PERMISSION).with_flags(&flags_of(actor))
}

pub fn by_ann(desk: &Desk, line: &str) -> Ran {
    run_as(desk, ANN, line)
}

pub fn json_by_ann(desk: &Desk, line: &str) -> Value {
    let ran = by_ann(desk, &format!("{line} --json"));
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

/// The same refusal, or the same absence, as an object.
pub fn as_json(code: &str, exit: i32, error: &Ran) -> Ran {
    let (message, hint) = error.err.strip_prefix("Error: ").unwrap().trim_end().split_once('\n').unwrap();
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let (message, hint) = (quoted(message), quoted(hint));
    ran(
        exit,
        "",
        &format!(
            "{{\"error\":{{\"code\":\"{code}\",\"reason\":null,\"message\":{message},\"fields\":[],\"hint\":{hint}}},\"exit\":{exit}}}\n"
        ),
    )
}

// What they may do

#[test]
fn in_each_of_their_own_organisations_they_look_add_and_remove() {
    let desk = three_organisations();
    for (actor, code) in [(ANN, "ALPHA"), (CLEO, "ALPHA"), (CLEO, "qx71"), (CLEO, &id(2, 1))] {
        let adds = format!("org add-user {code} --first-name Bob --last-name Baker --email bob@example.com");
        for line in [
            "org list",
            "org list --search a",
            "whoami",
            &format!("org show {code}"),
            &format!("org users {code}"),
            &format!("org list-users {code} --signed-in no"),
            &format!("org users {code} --search cole"),
            &format!("org show-user {code} {CLEO}"),
            &format!("org has-user {code} {CLEO}"),
            &format!("{adds} --dry-run"),
            &adds,
            &format!("{adds} --if-not-exists"),
            &format!("org remove-user {code} bob@example.com --dry-run"),
            &format!("org remove-user {code} bob@example.com --yes"),
            &format!("org remove-user {code} bob@example.com --yes --if-exists"),
        ] {
            let ran = run_as(&desk, actor, line);
            assert_eq!(ran.code, 0, "{actor} {line}: {ran:?}");
        }
        assert_eq!(run_as(&desk, actor, &format!("org has-user {code} bob@example.com")), ran(4, "", ""));
    }
    let all = "Organisations (3)\n\nName               Code   Users\n\
               Alpha School       ALPHA  2\nQuartz Academy     QX71   2\nVermilion College  VM82   1\n";
    assert_eq!(run_as(&desk, CLEO, "org list"), ran(0, all, ""));
    assert_eq!(by_ann(&desk, "org list"), ran(0, "Organisations (1)\n\nName          Code   Users\nAlpha School  ALPHA  2\n", ""));
}

#[test]
fn whoami_says_which_organisations_are_theirs() {
    let desk = three_organisations();
    let told = |actor: &str| run_as(&desk, actor, "whoami").out.lines().next().unwrap().to_owned();
    assert_eq!(told("ANN@alpha.sch.uk"), "You are Ann Abel, ann@alpha.sch.uk (organisations: Alpha School (ALPHA))");
    let all = "Alpha School (ALPHA), Quartz Academy (QX71), Vermilion College (VM82)";
    assert_eq!(told(CLEO), format!("You are Cleo Cole, cleo@example.com (organisations: {all})"));
    assert_eq!(
        json_by_ann(&desk, "whoami")["actor"],
        json!({
            "label": "Ann Abel", "email": ANN, "kind": "organisation", "id": id(3, 1), "active": true,
            "organisations": [{ "id": id(0, 3), "code": "ALPHA", "name": "Alpha School" }],
        })
    );
}

#[test]
fn a_service_that_requires_an_actor_takes_an_organisations_user_for_one() {
    let desk = three_organisations();
    assert_eq!(by_ann(&desk, "service set require-actor yes"), no_permission(ANN));
    assert_eq!(run_as(&desk, SUE, "service set require-actor yes").code, 0);
    let required = "Error: This service requires you to say who you are\n\
        Give your email address with --as, FRONTDESK_AS or ‘actor’ in the configuration file.\n";
    assert_eq!(desk.line("org users ALPHA"), ran(6, "", required));
    assert_eq!(by_ann(&desk, "org users ALPHA").code, 0);
    assert_eq!(desk.run_with(&[("FRONTDESK_AS", ANN)], &["org", "remove-user", "ALPHA", CLEO, "--yes"]).code, 0);
    assert_eq!(by_ann(&desk, "users list"), no_permission(ANN));
}

// What they may not

/// Commands of which nothing is theirs, whatever they are about; each of these takes `--json`.
pub const REFUSED: [&str; 52] = [
    "org import file.csv --yes",
    "org import-users file.csv --yes",
    "users import file.csv --yes",
    "move other.db --yes",
    "move other.db --dry-run",
    "backup copy.db",
    "restore copy.db --yes",
    "restore copy.db --dry-run",
    "users list",
    "users list --search sue",
    "users show sue@education.gov.uk",
    "users show ann@alpha.sch.uk",
    "users add --first-name Di --last-name Day --email di@education.gov.uk",
    "users add --dry-run",
    "users edit sue@education.gov.uk --last-name Stone",
    "users edit nobody@education.gov.uk --last-name ''",
    "users delete sue@education.gov.uk --yes",
    "users delete sue@education.gov.uk --dry-run",
    "users delete nobody@education.gov.uk --yes --if-exists",
    "org add --code DELTA --name Delta",
    "org add --dry-run",
    "org edit ALPHA --name Beta",
    "org edit QX71 --name Beta --dry-run",
    "org edit NOSUCH --name ''",
    "org delete ALPHA --yes",
    "org delete QX71 --dry-run",
    "org delete NOSUCH --yes",
    "org edit-user ALPHA cleo@example.com --first-name Clea",
    "org edit-user ALPHA ann@alpha.sch.uk --first-name Anne",
    "org edit-user ALPHA nobody@example.com --email nobody --dry-run",
    "org edit-user QX71 robert@example.com --first-name Rob",
    "org edit-user NOSUCH nobody@example.com --first-name Rob",
    "sign-in record --email ann@alpha.sch.uk --id A1",
    "sign-in check --email ann@alpha.sch.uk",
    "sign-in check",
    "emails list",
    "emails show lost",
    "emails retry lost",
    "emails cancel lost",
    "emails resend cleo@example.com",
    "activity list --org QX71",
    "api-clients list",
    "api-clients show lost",
    "api-clients add --name Import --expires-on 2026-01-31",
    "api-clients add --dry-run",
    "api-clients edit lost --name Export",
    "api-clients revoke lost --yes",
    "api-clients delete lost --yes",
    "api-clients check",
    "service show",
    "service set page-size 30",
    // It tells of every organisation's records, and of the machine.
    "doctor",
];
pub const REFUSED_WITHOUT_JSON: [&str; 6] = [
    "users exists sue@education.gov.uk",
    "users exists nobody@education.gov.uk",
    "emails send",
    "emails test di@example.com",
    "org export-users",
    "users export --output people.csv",
];
const ALLOWED: [&str; 12] = [
    "org list",
    "org show",
    "org users",
    "org show-user",
    "org has-user",
    "org add-user",
    "org remove-user",
    "whoami",
    // What this machine is configured to know: it opens no database, and asks for no actor.
    "service list",
    // Who may make tables is for the database to say.
    "migrate",
    // About frontdesk, and nobody in it.
    "completions",
    "man",
];

/// The verbs that a help page lists.
fn verbs(desk: &Desk, words: &str) -> Vec<String> {
    let help = desk.line(&format!("{words} --help")).out;
    let commands = help.split_once("\nCommands:\n").map_or("", |(_, rest)| rest.split("\n\n").next().unwrap());
    let names = commands.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    names.map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn every_command_is_either_allowed_or_refused_here() {
    let desk = Desk::of("publish");
    let mut all = Vec::new();
    for noun in verbs(&desk, "").into_iter().filter(|noun| noun != "help") {
        let commands = verbs(&desk, &noun);
        all.extend(commands.iter().map(|verb| format!("{noun} {verb}")));
        all.extend(commands.is_empty().then_some(noun));
    }
    let refused = REFUSED
        .iter()
        .chain(&REFUSED_WITHOUT_JSON)
        .map(|line| line.split(' ').collect::<Vec<_>>())
        .map(|words| words[..if ["move", "backup", "restore"].contains(&words[0]) { 1 } else { words.len().min(2) }].join(" "));
    let mut known: Vec<String> = refused.chain(ALLOWED.map(str::to_owned)).collect();
    all.sort();
    known.sort();
    known.dedup();
    assert_eq!(known, all);
}

#[test]
fn every_other_command_is_refused_and_neither_stores_nor_sends_anything() {
    let desk = three_organisations();
    let (rows, letters) = (desk.rows(), desk.letters().len());
    let refused = no_permission(ANN);
    for line in REFUSED.iter().chain(&REFUSED_WITHOUT_JSON) {
        assert_eq!(by_ann(&desk, line), refused, "{line}");
    }
    for line in REFUSED {
        assert_eq!(by_ann(&desk, &format!("{line} --json")), as_json("not_permitted", 6, &refused), "{line}");
    }
    assert_eq!((desk.rows(), desk.letters().len()), (rows, letters));
}

/// Runs a command of Ann’s in a terminal that must end without a question, and gives its exit code
/// and whether she was told that it is not hers to use.
fn refused_in_a_terminal(desk: &Desk, line: &str) -> (i32, bool) {
    let words = shlex::split(&format!("--as {ANN} {line}")).unwrap();
    let mut terminal = Setting::at(desk).run(&words.iter().map(String::as_str).collect::<Vec<_>>());
    terminal.wait_for("Error:");
    (terminal.finish(), terminal.fresh().contains("Error: You do not have permission to perform this action"))
}

#[test]
fn in_a_terminal_they_are_refused_before_the_first_question() {
    let desk = three_organisations();
    let before = desk.rows();
    for line in [
        "users",
        "users add",
        "users edit sue@education.gov.uk",
        "users delete sue@education.gov.uk",
        "org add",
        "org edit ALPHA",
        "org edit ALPHA --name Beta",
        "org delete ALPHA",
        "org edit-user ALPHA cleo@example.com",
        "org edit-user ALPHA cleo@example.com --first-name ''",
    ] {
        assert_eq!(refused_in_a_terminal(&desk, line), (6, true), "{line}");
    }
    assert_eq!(desk.rows(), before);
}

#[test]
fn in_a_terminal_too_they_are_refused_whether_or_not_there_is_anything_by_that_name() {
    let desk = three_organisations();
    for line in [
        "org edit NOSUCH",
        "org edit QX71",
        "org delete NOSUCH",
        "org edit-user NOSUCH cleo@example.com",
        "org edit-user ALPHA nobody@example.com",
    ] {
        assert_eq!(refused_in_a_terminal(&desk, line), (6, true), "{line}");
    }
}

// Accounts that belong nowhere any more

#[test]
fn somebody_removed_from_their_last_organisation_is_still_somebody_and_sees_nothing() {
    let desk = three_organisations();
    desk.done(&["org", "remove-user", "ALPHA", ANN, "--yes"]);
    assert_eq!(by_ann(&desk, "org list"), ran(0, "There are no organisations.\n", ""));
    assert_eq!(by_ann(&desk, "org users ALPHA"), no_organisation("ALPHA").with_flags(&flags_of(ANN)));
    assert_eq!(by_ann(&desk, "org add-user alpha"), no_organisation("alpha").with_flags(&flags_of(ANN)));
    assert_eq!(by_ann(&desk, "org show ALHPA"), no_organisation("ALHPA").with_flags(&flags_of(ANN)));
    assert_eq!(by_ann(&desk, "users list"), no_permission(ANN));
    assert!(by_ann(&desk, "whoami").out.starts_with("You are Ann Abel, ann@alpha.sch.uk (organisations: none)\n"));
    assert_eq!(json_by_ann(&desk, "whoami")["actor"]["organisations"], json!([]));
    let checked = desk.line("sign-in check --email ann@alpha.sch.uk");
    assert_eq!(checked, ran(0, "Allowed: organisation\nAnn Abel, ann@alpha.sch.uk\nOrganisations: none\n", ""));
    let checked = desk.json(&["sign-in", "check", "--email", ANN]);
    assert_eq!(json!([checked["allowed"], checked["access"], checked["user"]["organisations"]]), json!([true, "organisation", []]));
}

#[test]
fn somebody_removed_while_they_are_at_the_desk_sees_nothing_more_of_it() {
    let desk = three_organisations();
    let mut terminal = Setting::at(&desk).run(&["org", "--as", ANN]);
    terminal.choose(WHICH, "Alpha School");
    terminal.choose(NEXT_STEP, "Users");
    terminal.choose(LIST, "Cleo Cole");
    terminal.wait_for("> Back to the list");
    desk.done(&["org", "remove-user", "ALPHA", ANN, "--yes"]);
    let between = desk.rows();
    terminal.choose(NEXT_STEP, "Remove user");
    terminal.wait_in_order(&[
        "Error: The organisation ALPHA that you looked at is no longer there",
        "There are no organisations.",
        WHICH,
        "> Leave",
    ]);
    terminal.choose_this();
    assert_eq!((terminal.finish(), desk.rows()), (0, between));
}

#[test]
fn adding_somebody_whose_last_membership_ended_makes_a_new_account_with_the_names_typed() {
    let desk = three_organisations();
    desk.done(&["org", "remove-user", "QX71", ROBERT, "--yes"]);
    let tried = by_ann(&desk, &format!("{ADD_ROBERT} --dry-run"));
    assert!(tried.out.contains("\n\nBobby Barker\n") && !tried.out.contains("linked"), "{tried:?}");
    let added = json_by_ann(&desk, ADD_ROBERT);
    assert_eq!(
        json!([added["result"], added["user"]["first_name"], added["user"]["sign_in_id"], added["user"]["last_signed_in_at"]]),
        json!(["added", "Bobby", null, null])
    );
    let old = id(7, 1);
    assert_ne!(added["user"]["id"], json!(old));
    for gone in [&old, "R-7731"] {
        assert_eq!(
            desk.line(&format!("org show-user ALPHA {gone}")),
            nobody_in(gone, "Alpha School", "ALPHA").with_flags("--service publish")
        );
    }
    let entries = desk.line("activity list --user robert@example.com --format plain --fields action,actor.label,subject.label");
    let newest: Vec<_> = entries.out.lines().take(3).collect();
    assert_eq!(
        newest,
        ["user_added\tAnn Abel\tBobby Barker", "account_ended\tAnn Abel\tRobert Stone", "user_removed\tos:tester@desk\tRobert Stone"]
    );
}

#[test]
fn the_activity_names_them_as_the_actor_until_their_account_has_ended() {
    let desk = three_organisations();
    assert_eq!(by_ann(&desk, "org remove-user ALPHA cleo@example.com --yes").code, 0);
    let removal = |actor: &str| format!("Activity (4)\n\nToday\n\nUser removed: Cleo Cole\n  By {actor} on 11 December 2025 at 2:13pm\n");
    let listed = || desk.line("activity list --user cleo@example.com").out;
    assert!(listed().starts_with(&removal("Ann Abel")), "{}", listed());
    let newest = desk.json(&["activity", "list", "--user", CLEO])["entries"][0].take();
    assert_eq!(json!([newest["action"], newest["actor"]]), json!(["user_removed", { "label": "Ann Abel", "email": ANN }]));
    desk.done(&["org", "remove-user", "ALPHA", ANN, "--yes"]);
    assert!(listed().starts_with(&removal("Ann Abel")), "{}", listed());
    // Added again, Ann has a new account, which did not do it.
    desk.add_member("ALPHA", "Anne", "Abel", ANN);
    assert!(listed().starts_with(&removal("Deleted user")), "{}", listed());
    assert!(by_ann(&desk, "whoami").out.starts_with("You are Anne Abel, "));
}

// One person, two accounts

#[test]
fn an_address_of_a_support_user_and_an_organisations_user_acts_as_the_support_user() {
    let desk = three_organisations();
    desk.add_member("ALPHA", "Susan", "School", SUE);
    assert!(run_as(&desk, SUE, "whoami").out.starts_with("You are Sue Sands, sue@education.gov.uk "));
    assert_eq!(run_as(&desk, SUE, "org list --format ids").out.lines().count(), 3);
    assert_eq!(run_as(&desk, SUE, "org edit-user ALPHA cleo@example.com --first-name Clea").code, 0);
    let actor = desk.json(&["activity", "list", "--per-page", "1"])["entries"][0]["actor"].take();
    assert_eq!(actor, json!({ "label": "Sue Sands", "email": SUE }));
    // Without the support account the other one acts.
    desk.done(&["users", "delete", SUE, "--yes"]);
    assert!(run_as(&desk, SUE, "whoami").out.starts_with("You are Susan School, sue@education.gov.uk (organisations: "));
    assert_eq!(run_as(&desk, SUE, "users list"), no_permission(SUE));
}

#[test]
fn a_support_user_does_not_end_their_own_account_by_adding_themselves_under_another_name() {
    let desk = three_organisations();
    desk.add_member("ALPHA", "Sue", "Sands", SUE);
    desk.done(&["org", "remove-user", "ALPHA", SUE, "--yes"]);
    let before = desk.rows();
    let add = format!("org add-user ALPHA --first-name Susan --last-name Sands --email {SUE}");
    assert_eq!(run_as(&desk, SUE, &add), ran(6, "", YOURSELF));
    assert_eq!(desk.rows(), before);
    assert_eq!(desk.line(&add).code, 0);
}

#[test]
fn a_support_user_neither_removes_nor_edits_their_own_account_in_an_organisation() {
    let desk = three_organisations();
    let same_address = desk.add_member("ALPHA", "Susan", "School", SUE);
    desk.add_member("ALPHA", "Susan", "Home", "sue@example.com");
    desk.done(&["sign-in", "record", "--email", "sue@example.com", "--id", "S-1"]);
    desk.done(&["sign-in", "record", "--email", SUE, "--id", "S-1"]);
    let before = desk.rows();
    for who in [SUE, "SUE@Education.gov.uk", &same_address, "sue@example.com", "S-1"] {
        for line in [
            format!("org remove-user ALPHA {who} --yes"),
            format!("org remove-user ALPHA {who} --dry-run"),
            format!("org edit-user ALPHA {who} --first-name Su"),
            format!("org edit-user ALPHA {who} --email su@example.com --dry-run"),
        ] {
            assert_eq!(run_as(&desk, SUE, &line), ran(6, "", YOURSELF), "{line}");
        }
        let object = desk.refused(&["--as", SUE, "org", "remove-user", "ALPHA", who, "--yes"]);
        assert_eq!((&object["exit"], &object["error"]["reason"]), (&json!(6), &json!("yourself")), "{who}");
        let shown = run_as(&desk, SUE, &format!("org show-user ALPHA {who}"));
        assert!(shown.out.contains("\nThis is your own account: you cannot change or remove it.\n"), "{shown:?}");
    }
    assert_eq!((desk.rows(), desk.letters().len()), (before, 8));
    assert_eq!(run_as(&desk, SUE, "org remove-user ALPHA ann@alpha.sch.uk --yes").code, 0);
}

/// A desk of the one service with API users: Sue, and Bot the API user, belong to Alpha School too.
fn desk_with_api_users() -> Desk {
    let desk = Desk::new();
    desk.add_organisation("ALPHA", "Alpha School");
    desk.add("Sue", "Sands", SUE);
    desk.done(&["users", "add", "--first-name=Bot", "--last-name=Builder", "--email=bot@education.gov.uk", "--api-user=yes"]);
    desk.add_member("ALPHA", "Susan", "School", SUE);
    desk.add_member("ALPHA", "Bot", "School", "bot@education.gov.uk");
    desk
}

/// Every command about organisations, which would do something.
const ALL_OF_ORG: [&str; 13] = [
    "org list",
    "org show ALPHA",
    "org show NOSUCH",
    "org add --code BETA --name Beta",
    "org edit ALPHA --name Beta",
    "org delete ALPHA --yes",
    "org users ALPHA",
    "org show-user ALPHA sue@education.gov.uk",
    "org has-user ALPHA sue@education.gov.uk",
    "org add-user ALPHA --first-name Bob --last-name Baker --email bob@example.com",
    "org add-user ALPHA --dry-run",
    "org edit-user ALPHA sue@education.gov.uk --first-name Su",
    "org remove-user ALPHA sue@education.gov.uk --yes",
];

#[test]
fn an_inactive_support_user_with_an_account_in_an_organisation_is_refused() {
    let desk = desk_with_api_users();
    desk.done(&["users", "edit", SUE, "--active", "no"]);
    let before = desk.rows();
    let words = "Error: Your account is not authorised\nYour account is not active. Ask a support user to make it active.\n";
    for line in ALL_OF_ORG {
        assert_eq!(run_as(&desk, SUE, line), ran(6, "", words), "{line}");
    }
    assert!(run_as(&desk, SUE, "whoami").out.starts_with("You are Sue Sands, sue@education.gov.uk (Not active)\n"));
    assert_eq!(desk.rows(), before);
}

#[test]
fn an_api_user_is_refused_everything_about_organisations_even_of_their_own() {
    let desk = desk_with_api_users();
    let before = desk.rows();
    let words = "Error: You do not have permission to perform this action\nAPI users do not administer users or the service.\n";
    for line in ALL_OF_ORG {
        assert_eq!(run_as(&desk, "bot@education.gov.uk", line), ran(6, "", words), "{line}");
    }
    let mut terminal = Setting::at(&desk).run(&["org", "--as", "bot@education.gov.uk"]);
    terminal.wait_for("Error: You do not have permission to perform this action");
    assert_eq!((terminal.finish(), desk.rows()), (6, before));
}
