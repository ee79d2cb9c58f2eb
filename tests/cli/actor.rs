//! Who may do what: actors, how they are named, and the guards against the irreversible.

use std::fs;

use serde_json::{Value, json};

use crate::desk::{Desk, Ran, ran};

const NOT_AUTHORISED: &str = "Error: Your account is not authorised\nYour account is not active. Ask a support user to make it active.\n";
const NO_PERMISSION: &str = "Error: You do not have permission to perform this action\nAPI users do not administer users or the service.\n";
const YOURSELF: &str = "Error: You cannot perform this action\n\
    This is your own account, and nobody changes, removes or deletes their own. Ask somebody else to do it.\n";

/// What a change is told with where the service is protected.
const IN_PRODUCTION: &str = "Environment: production (protected)\n";

/// A desk with two support users, Ann and Sue, the API user Bob, and Cy, who is not active.
fn staffed() -> Desk {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.add("Sue", "Stone", "sue@education.gov.uk");
    desk.done(&["users", "add", "--first-name=Bob", "--last-name=Baker", "--email=bob@education.gov.uk", "--api-user=yes"]);
    desk.add("Cy", "Cole", "cy@education.gov.uk");
    desk.done(&["users", "edit", "cy@education.gov.uk", "--active=no"]);
    desk
}

fn run_as(desk: &Desk, actor: &str, arguments: &[&str]) -> Ran {
    desk.run(&[&["--as", actor][..], arguments].concat())
}

fn whoami(desk: &Desk, variables: &[(&str, &str)], arguments: &[&str]) -> (String, String) {
    let ran = desk.run_with(variables, &[arguments, &["whoami", "--json"]].concat());
    let answer: Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    let text = |value: &Value| value.as_str().unwrap_or("nobody").to_owned();
    (text(&answer["actor"]["email"]), text(&answer["settings"]["actor"]["origin"]))
}

fn set(desk: &Desk, key: &str, value: &str) {
    desk.done(&["service", "set", key, value]);
}

fn newest_actor(desk: &Desk) -> Value {
    desk.json(&["activity", "list", "--per-page=1"])["entries"][0]["actor"].take()
}

#[test]
fn a_flag_beats_the_environment_which_beats_the_file() {
    let desk = staffed();
    let variable = ("FRONTDESK_AS", "sue@education.gov.uk");
    assert_eq!(whoami(&desk, &[], &[]), ("nobody".to_owned(), "default".to_owned()));
    desk.configure("actor = \"bob@education.gov.uk\"\n");
    assert_eq!(whoami(&desk, &[], &[]), ("bob@education.gov.uk".to_owned(), "~/.config/frontdesk/config.toml".to_owned()));
    assert_eq!(whoami(&desk, &[variable], &[]), ("sue@education.gov.uk".to_owned(), "FRONTDESK_AS".to_owned()));
    assert_eq!(whoami(&desk, &[variable], &["--as=ANN@education.gov.uk"]), ("ann@education.gov.uk".to_owned(), "--as".to_owned()));
}

#[test]
fn with_no_actor_the_account_of_the_operating_system_acts() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    assert_eq!(newest_actor(&desk), json!({ "label": "os:tester@desk", "email": null }));
    assert_eq!(
        desk.json(&["whoami"])["actor"],
        json!({ "label": "os:tester@desk", "email": null, "kind": "operating-system", "id": null, "active": true })
    );
}

#[test]
fn a_support_user_may_administer_everything() {
    let desk = staffed();
    let add = ["users", "add", "--first-name=Di", "--last-name=Day", "--email=di@education.gov.uk", "--api-user=no"];
    let everything: [&[&str]; 12] = [
        &add,
        &["users", "list"],
        &["users", "show", "ann@education.gov.uk"],
        &["users", "edit", "di@education.gov.uk", "--last-name=Dale"],
        &["users", "delete", "di@education.gov.uk", "--yes"],
        &["emails", "list"],
        &["emails", "resend", "bob@education.gov.uk"],
        &["emails", "send"],
        &["activity", "list"],
        &["service", "show"],
        &["service", "set", "page-size", "30"],
        &["sign-in", "check", "--email=ann@education.gov.uk"],
    ];
    for arguments in everything {
        let ran = run_as(&desk, "ann@education.gov.uk", arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
    }
    assert_eq!(newest_actor(&desk), json!({ "label": "Ann Abel", "email": "ann@education.gov.uk" }));
}

/// Commands of every noun, whoever runs them.
const EVERYTHING: [&[&str]; 17] = [
    &["users", "list"],
    &["users", "show", "ann@education.gov.uk"],
    &["users", "exists", "ann@education.gov.uk"],
    &["users", "add", "--first-name=Di", "--last-name=Day", "--email=di@education.gov.uk", "--api-user=no"],
    &["users", "edit", "ann@education.gov.uk", "--last-name=Dale"],
    &["users", "edit", "nobody@education.gov.uk", "--last-name="],
    &["users", "delete", "ann@education.gov.uk", "--yes"],
    &["users", "delete", "ann@education.gov.uk", "--dry-run"],
    &["emails", "list"],
    &["emails", "show", "lost"],
    &["emails", "cancel", "lost"],
    &["emails", "resend", "ann@education.gov.uk"],
    &["emails", "send"],
    &["activity", "list"],
    &["service", "show"],
    &["service", "set", "page-size", "0"],
    &["sign-in", "record", "--email=ann@education.gov.uk"],
];

#[test]
fn an_api_user_may_do_nothing_here_but_ask_who_they_are() {
    let desk = staffed();
    for arguments in EVERYTHING {
        assert_eq!(run_as(&desk, "bob@education.gov.uk", arguments), ran(6, "", NO_PERMISSION), "{arguments:?}");
    }
    let answer = desk.done(&["--as=bob@education.gov.uk", "whoami"]);
    assert!(answer.starts_with("You are Bob Baker, bob@education.gov.uk (Active, API user)\n"), "{answer}");
}

#[test]
fn somebody_who_is_not_active_may_do_nothing_but_ask_who_they_are() {
    let desk = staffed();
    for arguments in EVERYTHING {
        assert_eq!(run_as(&desk, "cy@education.gov.uk", arguments), ran(6, "", NOT_AUTHORISED), "{arguments:?}");
    }
    let answer = desk.done(&["--as=cy@education.gov.uk", "whoami"]);
    assert!(answer.starts_with("You are Cy Cole, cy@education.gov.uk (Not active)\n"), "{answer}");
}

#[test]
fn an_address_that_is_nobodys_is_refused_and_so_is_a_deleted_users() {
    let desk = staffed();
    desk.done(&["users", "delete", "sue@education.gov.uk", "--yes"]);
    for actor in ["nobody@education.gov.uk", "sue@education.gov.uk", "ann"] {
        let words = format!(
            "Error: Your account is not authorised\n\
             --as says that you are {actor}, and no user of this service has that email address. Give your own with --as.\n"
        );
        for arguments in [&["users", "list"][..], &["whoami", "--format=csv"], &["service", "set", "page-size", "30"]] {
            assert_eq!(run_as(&desk, actor, arguments), ran(6, "", &words), "{actor} {arguments:?}");
        }
    }
    assert_eq!(desk.refused(&["--as=nobody@education.gov.uk", "users", "list"])["error"]["code"], "not_permitted");
}

#[test]
fn nobody_acts_on_themselves() {
    let desk = staffed();
    let ann = desk.json(&["users", "show", "ann@education.gov.uk"])["user"]["id"].take();
    desk.done(&["sign-in", "record", "--email=ann@education.gov.uk", "--id=A1"]);
    for who in ["ann@education.gov.uk", "ANN@education.gov.uk", ann.as_str().unwrap(), "A1"] {
        for arguments in [
            &["users", "edit", who, "--api-user=yes"][..],
            &["users", "edit", who, "--active=no"],
            &["users", "edit", who, "--first-name=Ann"],
            &["users", "delete", who, "--yes"],
            &["users", "delete", who, "--dry-run"],
        ] {
            assert_eq!(run_as(&desk, "Ann@education.gov.uk", arguments), ran(6, "", YOURSELF), "{arguments:?}");
        }
    }
    let refused = desk.refused(&["--as=ann@education.gov.uk", "users", "delete", "ann@education.gov.uk", "--yes"]);
    assert_eq!((&refused["exit"], &refused["error"]["reason"]), (&json!(6), &json!("yourself")));
    assert_eq!(desk.run(&["users", "exists", "ann@education.gov.uk"]).code, 0);
    let shown = run_as(&desk, "ann@education.gov.uk", &["users", "show", "ann@education.gov.uk"]);
    assert!(shown.out.ends_with("\nThis is your own account: you cannot change or delete it.\n"), "{shown:?}");
}

#[test]
fn a_service_can_require_that_people_say_who_they_are() {
    let desk = staffed();
    let by_nobody = desk.run(&["service", "set", "require-actor", "yes"]);
    assert_eq!(
        by_nobody,
        ran(
            6,
            "",
            "Error: You cannot require people to say who they are without saying who you are\n\
             Nothing was changed. Give the email address of an active support user with --as: \
             then there is somebody left who can work here.\n"
        )
    );
    desk.done(&["--as=ann@education.gov.uk", "service", "set", "require-actor", "yes"]);
    let words = "Error: This service requires you to say who you are\n\
        Give your email address with --as, FRONTDESK_AS or ‘actor’ in the configuration file.\n";
    assert_eq!(desk.run(&["users", "list"]), ran(6, "", words));
    assert_eq!(desk.run(&["service", "set", "require-actor", "no"]), ran(6, "", words));
    desk.done(&["--as=ann@education.gov.uk", "service", "set", "require-actor", "no"]);
    desk.done(&["users", "list"]);
}

#[test]
fn enough_other_active_users_must_remain() {
    let desk = staffed();
    // Ann, Sue and Bob are active.
    set(&desk, "minimum-active-users", "2");
    desk.done(&["users", "delete", "sue@education.gov.uk", "--dry-run"]);
    set(&desk, "minimum-active-users", "3");
    let words = "Error: You cannot delete or deactivate this user\n\
        The service keeps at least 3 other active users (minimum-active-users), and there are 2. Add or activate somebody else first.\n";
    for arguments in [
        &["users", "delete", "sue@education.gov.uk", "--yes"][..],
        &["users", "delete", "sue@education.gov.uk", "--dry-run"],
        &["users", "edit", "sue@education.gov.uk", "--active=no"],
    ] {
        assert_eq!(desk.run(arguments), ran(6, "", words), "{arguments:?}");
    }
    let refused = desk.refused(&["users", "delete", "sue@education.gov.uk", "--yes"]);
    assert_eq!(refused["error"]["reason"], "minimum_active_users");
    // An edit that leaves the account active is none of the guard's business.
    desk.done(&["users", "edit", "sue@education.gov.uk", "--last-name=Sands", "--active=yes"]);
    // Nor is somebody who was not active anyway.
    set(&desk, "minimum-active-users", "9");
    desk.done(&["users", "delete", "cy@education.gov.uk", "--dry-run"]);
    set(&desk, "minimum-active-users", "3");
    desk.done(&["users", "edit", "cy@education.gov.uk", "--active=yes"]);
    desk.done(&["users", "delete", "sue@education.gov.uk", "--yes"]);
}

#[test]
fn one_actor_may_delete_only_so_many_people_in_three_minutes() {
    let desk = staffed();
    for name in ["di", "ed", "fi", "gus"] {
        desk.add(name, "Extra", &format!("{name}@education.gov.uk"));
    }
    set(&desk, "deletes-per-three-minutes", "2");
    let delete = |at: &'static str, actor: &str, name: &str| {
        run_as(desk.at(at), actor, &["users", "delete", &format!("{name}@education.gov.uk"), "--yes", "--no-email"])
    };
    let done = ran(0, "", "Success: User deleted\n");
    let refused = ran(
        6,
        "",
        "Error: You have tried this action too many times. Try again later.\n\
         The service allows 2 deletions in three minutes (deletes-per-three-minutes).\n",
    );
    let (ann, sue) = ("ann@education.gov.uk", "sue@education.gov.uk");
    assert_eq!(delete("2025-12-11T15:00:00Z", ann, "di"), done);
    assert_eq!(delete("2025-12-11T15:01:00Z", ann, "ed"), done);
    assert_eq!(delete("2025-12-11T15:02:59Z", ann, "fi"), refused);
    // Another actor has a count of their own, and so has the operating system's account.
    assert_eq!(delete("2025-12-11T15:02:59Z", sue, "fi"), done);
    assert_eq!(delete("2025-12-11T15:03:00Z", ann, "cy"), done);
    assert_eq!(delete("2025-12-11T15:03:30Z", ann, "gus"), refused);
    let json = desk.refused(&["--as=ann@education.gov.uk", "users", "delete", "gus@education.gov.uk", "--yes"]);
    assert_eq!(json["error"]["reason"], "too_many_deletes");
    assert_eq!(desk.run(&["users", "delete", "gus@education.gov.uk", "--yes", "--no-email"]), done);
}

#[test]
fn each_account_of_the_operating_system_has_a_count_of_its_own() {
    let desk = staffed();
    desk.add("di", "Extra", "di@education.gov.uk");
    set(&desk, "deletes-per-three-minutes", "1");
    let delete = |account: &str, name: &str| {
        let email = format!("{name}@education.gov.uk");
        desk.run_with(&[("FRONTDESK_TEST_ACCOUNT", account)], &["users", "delete", &email, "--yes"]).code
    };
    assert_eq!(delete("ann@desk", "di"), 0);
    assert_eq!(delete("sue@desk", "cy"), 0);
    assert_eq!(delete("ann@desk", "bob"), 6);
}

#[test]
fn an_actor_who_is_renamed_is_still_the_one_who_deleted() {
    let desk = staffed();
    desk.add("di", "Extra", "di@education.gov.uk");
    set(&desk, "deletes-per-three-minutes", "1");
    let delete =
        |name: &str| run_as(&desk, "ann@education.gov.uk", &["users", "delete", &format!("{name}@education.gov.uk"), "--yes"]).code;
    assert_eq!(delete("di"), 0);
    assert_eq!(run_as(&desk, "sue@education.gov.uk", &["users", "edit", "ann@education.gov.uk", "--first-name=Anne"]).code, 0);
    assert_eq!(delete("cy"), 6);
}

fn other_environment() -> Ran {
    ran(
        6,
        "",
        "Error: You named the environment staging, and this is production\n\
         Nothing was changed. Check which service and database you are working in: frontdesk whoami\n",
    )
}

#[test]
fn an_environment_that_is_named_must_be_this_one_protected_or_not() {
    let desk = staffed();
    let edit = ["users", "edit", "sue@education.gov.uk", "--first-name=Susan", "--environment"];
    assert_eq!(desk.run(&[&edit[..], &["staging"]].concat()), other_environment());
    assert_eq!(desk.run(&["users", "delete", "sue@education.gov.uk", "--yes", "--environment=staging"]), other_environment());
    assert_eq!(desk.run(&[&edit[..], &["production"]].concat()).code, 0);
}

#[test]
fn on_a_protected_service_deleting_wants_the_environment() {
    let desk = staffed();
    set(&desk, "protected", "yes");
    let delete = |more: &[&str]| desk.run(&[&["users", "delete", "sue@education.gov.uk", "--no-email"][..], more].concat());
    let hint = |hint: &str| ran(6, "", &format!("Error: This service is protected: it is the production environment\n{hint}\n"));
    assert_eq!(delete(&["--yes"]), hint("Nothing was changed. To go on, name the environment: --environment production."));
    assert_eq!(delete(&["--yes", "--environment=staging"]), other_environment());
    assert_eq!(delete(&["--environment=production"]).code, 2);
    // Whoever rehearses a script meets what the script will meet.
    assert_eq!(delete(&["--dry-run"]), hint("Nothing was changed. To go on, name the environment: --environment production."));
    assert_eq!(delete(&["--dry-run", "--environment=production"]).code, 0);
    assert_eq!(desk.refused(&["users", "delete", "nobody", "--yes"])["error"]["reason"], "protected");
    // What can be undone is not protected.
    desk.done(&["users", "edit", "sue@education.gov.uk", "--active=no"]);
    assert_eq!(delete(&["--yes", "--environment=production"]), ran(0, "", &format!("{IN_PRODUCTION}Success: User deleted\n")));
}

#[test]
fn every_change_on_a_protected_service_names_the_environment_and_nothing_else_does() {
    let desk = staffed();
    fs::write(desk.path("people.csv"), "first_name,last_name,email,api_user\nDee,Day,dee@education.gov.uk,no\n").unwrap();
    let protect = "service set protected yes";
    assert_eq!(desk.line(protect).err, "Success: Service updated\n");
    for line in [
        "users add --first-name Cat --last-name Cole --email cat@education.gov.uk --api-user no --no-email",
        "users edit cat@education.gov.uk --last-name Day",
        "users delete cat@education.gov.uk --yes --environment production --no-email",
        "users import people.csv --yes --environment production",
        "org add --code ONE --name One",
        "org add-user ONE --first-name Cat --last-name Cole --email cat@example.com --no-email",
        "org remove-user ONE cat@example.com --yes --environment production --no-email",
        "sign-in record --email sue@education.gov.uk --id S1",
        "emails resend sue@education.gov.uk",
        "service set page-size 30",
        "users edit sue@education.gov.uk --active no --json",
    ] {
        let run = desk.line(line);
        assert!(run.code == 0 && run.err.starts_with(IN_PRODUCTION), "{line}: {run:?}");
        assert_eq!(run.err.matches("Environment: ").count(), 1, "{line}: {run:?}");
    }
    for line in [
        "users list",
        "users edit sue@education.gov.uk --active no",
        "users edit sue@education.gov.uk --active yes --dry-run",
        "users add --email sue@education.gov.uk",
        protect,
        "users edit sue@education.gov.uk --active yes --quiet",
    ] {
        let run = desk.line(line);
        assert!(!run.err.contains("Environment: "), "{line}: {run:?}");
    }
    assert_eq!(desk.line("service set protected no").err, format!("{IN_PRODUCTION}Success: Service updated\n"));
}

#[test]
fn on_a_desk_without_an_active_user_whoever_says_who_they_are_is_told_how_to_begin() {
    let desk = Desk::new();
    let told = "Error: Your account is not authorised\n\
        --as says that you are ann@education.gov.uk, and this service has no active user yet. Add the first one as nobody: without --as, \
        FRONTDESK_AS and ‘actor’ in the configuration file.\n";
    assert_eq!(run_as(&desk, "ann@education.gov.uk", &["users", "list"]), ran(6, "", told));
    desk.add("Sue", "Stone", "sue@education.gov.uk");
    assert!(run_as(&desk, "ann@education.gov.uk", &["users", "list"]).err.ends_with("Give your own with --as.\n"));
}
