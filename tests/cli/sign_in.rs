//! Signing in: who is let in, what is recorded, and every refusal.

use serde_json::{Value, json};

use crate::desk::{Desk, NOW, ran};

const ALLOWED: &str = "Allowed: support\nAnn Abel, ann@education.gov.uk\n";

/// A desk with one support user, Ann, who has never signed in.
fn desk_with_ann() -> Desk {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk
}

/// What is stored of a user's sign-ins and names.
fn stored(desk: &Desk, who: &str) -> Value {
    desk.json(&["users", "show", who, "--fields=first_name,last_name,last_signed_in_at,sign_in_id"])["user"].take()
}

fn last_signed_in(desk: &Desk) -> Value {
    stored(desk, "ann@education.gov.uk")["last_signed_in_at"].take()
}

/// How often the activity tells of a user.
fn entries(desk: &Desk) -> Value {
    desk.json(&["activity", "list"])["total"].take()
}

#[test]
fn recording_stores_the_time_and_the_id() {
    let desk = desk_with_ann();
    assert_eq!(desk.run(&["sign-in", "record", "--email=ann@education.gov.uk", "--id=A1"]), ran(0, ALLOWED, ""));
    assert_eq!(
        stored(&desk, "ann@education.gov.uk"),
        json!({ "first_name": "Ann", "last_name": "Abel", "last_signed_in_at": NOW, "sign_in_id": "A1" })
    );
}

#[test]
fn checking_gives_the_same_answer_and_records_nothing() {
    let desk = desk_with_ann();
    assert_eq!(desk.run(&["sign-in", "check", "--email=ann@education.gov.uk", "--id=A1"]), ran(0, ALLOWED, ""));
    assert_eq!(
        stored(&desk, "ann@education.gov.uk"),
        json!({ "first_name": "Ann", "last_name": "Abel", "last_signed_in_at": null, "sign_in_id": null })
    );
    assert_eq!(entries(&desk), 1);
}

#[test]
fn the_answer_in_json_has_the_access_and_the_user() {
    let desk = Desk::new();
    let id = desk.add("Ann", "Abel", "ann@education.gov.uk");
    let user = |signed_in: Value, sign_in_id: Value| {
        json!({
            "id": id,
            "first_name": "Ann",
            "last_name": "Abel",
            "email": "ann@education.gov.uk",
            "kind": "support",
            "api_user": false,
            "active": true,
            "last_signed_in_at": signed_in,
            "sign_in_id": sign_in_id,
            "created_at": NOW,
            "updated_at": NOW,
            "revision": 1,
        })
    };
    let answer = |user: Value| json!({ "schema": 1, "allowed": true, "access": "support", "user": user });
    assert_eq!(desk.json(&["sign-in", "check", "--email=ann@education.gov.uk"]), answer(user(Value::Null, Value::Null)));
    assert_eq!(
        desk.at("2025-12-12T09:00:00.250Z").json(&["sign-in", "record", "--email=ann@education.gov.uk", "--id=A1"]),
        answer(user(json!("2025-12-12T09:00:00.250Z"), json!("A1")))
    );
}

#[test]
fn an_api_user_reaches_the_api_only() {
    let desk = Desk::new();
    desk.done(&["users", "add", "--first-name=Bob", "--last-name=Baker", "--email=bob@education.gov.uk", "--api-user=yes"]);
    let bob = "Allowed: api-only\nBob Baker, bob@education.gov.uk\n";
    assert_eq!(desk.run(&["sign-in", "check", "--email=bob@education.gov.uk"]), ran(0, bob, ""));
    assert_eq!(desk.json(&["sign-in", "record", "--email=bob@education.gov.uk"])["access"], "api-only");
}

#[test]
fn the_id_finds_the_account_whatever_the_email_address() {
    let desk = desk_with_ann();
    desk.add("Bob", "Baker", "bob@education.gov.uk");
    desk.done(&["sign-in", "record", "--email=ann@education.gov.uk", "--id=A1"]);
    for arguments in [
        &["sign-in", "check", "--id=A1"][..],
        &["sign-in", "check", "--id= A1 "],
        &["sign-in", "check", "--id=A1", "--email=elsewhere@example.com"],
        // Somebody else's address does not lead to somebody else's account.
        &["sign-in", "check", "--id=A1", "--email=bob@education.gov.uk"],
    ] {
        assert_eq!(desk.run(arguments), ran(0, ALLOWED, ""), "{arguments:?}");
    }
}

#[test]
fn the_email_address_is_found_whatever_its_case() {
    let desk = desk_with_ann();
    for email in ["ann@education.gov.uk", "ANN@Education.GOV.UK", "  ann@education.gov.uk "] {
        assert_eq!(desk.run(&["sign-in", "check", "--email", email]), ran(0, ALLOWED, ""), "{email:?}");
    }
}

#[test]
fn each_refusal_has_its_reason_code_and_exit_and_records_nothing() {
    let desk = desk_with_ann();
    desk.done(&["sign-in", "record", "--email=ann@education.gov.uk", "--id=A1"]);
    desk.add("Bob", "Baker", "bob@education.gov.uk");
    desk.done(&["users", "edit", "bob@education.gov.uk", "--active=no"]);
    desk.add("Cy", "Cole", "cy@education.gov.uk");
    desk.done(&["users", "delete", "cy@education.gov.uk", "--yes"]);
    let before = desk.done(&["users", "list", "--format=csv"]);
    let refusals: [(&[&str], i32, &str, &str); 9] = [
        (&[], 3, "invalid_answers", "missing_email"),
        (&["--email= ", "--id="], 3, "invalid_answers", "missing_email"),
        (&["--id=Z9"], 3, "invalid_answers", "missing_email"),
        (&["--email=nobody@education.gov.uk"], 4, "not_found", "unknown_user"),
        (&["--email=nobody@education.gov.uk", "--id=Z9"], 4, "not_found", "unknown_user"),
        (&["--email=cy@education.gov.uk"], 4, "not_found", "deleted_user"),
        (&["--email=bob@education.gov.uk", "--id=B1"], 6, "not_permitted", "inactive_user"),
        (&["--email=ann@education.gov.uk", "--id=Z9"], 6, "not_permitted", "identity_mismatch"),
        (&["--email=ann@education.gov.uk", "--id=a1"], 6, "not_permitted", "identity_mismatch"),
    ];
    for (who, exit, code, reason) in refusals {
        for verb in ["check", "record"] {
            let arguments = [&["sign-in", verb][..], who].concat();
            let refused = desk.refused(&arguments);
            assert_eq!(
                (&refused["exit"], &refused["error"]["code"], &refused["error"]["reason"]),
                (&json!(exit), &json!(code), &json!(reason)),
                "{arguments:?}"
            );
        }
    }
    assert_eq!(desk.done(&["users", "list", "--format=csv"]), before);
}

#[test]
fn people_read_each_refusal_in_words() {
    let desk = desk_with_ann();
    desk.done(&["sign-in", "record", "--email=ann@education.gov.uk", "--id=A1"]);
    desk.add("Bob", "Baker", "bob@education.gov.uk");
    desk.done(&["users", "edit", "bob@education.gov.uk", "--active=no"]);
    desk.add("Cy", "Cole", "cy@education.gov.uk");
    desk.done(&["users", "delete", "cy@education.gov.uk", "--yes"]);
    let refusals: [(&[&str], i32, &str); 5] = [
        (&[], 3, "Error: There is a problem\n  --email  Enter email address\n"),
        (
            &["--email=nobody@education.gov.uk"],
            4,
            "Error: Nobody using this service has this email address\nAdd them first: frontdesk users add, or frontdesk org add-user\n",
        ),
        (
            &["--email=cy@education.gov.uk"],
            4,
            "Error: The user with this email address has been deleted\nTo let them in again, add them again: frontdesk users add, or frontdesk org add-user\n",
        ),
        (
            &["--email=bob@education.gov.uk"],
            6,
            "Error: This user’s account is not active\nTo let them in, make it active: frontdesk users edit WHO --active yes\n",
        ),
        (
            &["--email=ann@education.gov.uk", "--id=Z9"],
            6,
            "Error: This user’s account is tied to another DfE Sign-in account\n\
             If the person has a new DfE Sign-in account, delete or remove the user and add them again.\n",
        ),
    ];
    for (who, exit, words) in refusals {
        assert_eq!(desk.run(&[&["sign-in", "record"][..], who].concat()), ran(exit, "", words), "{who:?}");
    }
}

#[test]
fn an_inactive_account_is_refused_by_its_id_too() {
    let desk = desk_with_ann();
    desk.done(&["sign-in", "record", "--email=ann@education.gov.uk", "--id=A1"]);
    desk.done(&["users", "edit", "ann@education.gov.uk", "--active=no"]);
    assert_eq!(desk.refused(&["sign-in", "check", "--id=A1"])["error"]["reason"], "inactive_user");
    // A stranger who comes with the address is not told that the account is inactive.
    assert_eq!(desk.refused(&["sign-in", "check", "--id=Z9", "--email=ann@education.gov.uk"])["error"]["reason"], "identity_mismatch");
}

#[test]
fn the_last_sign_in_is_never_moved_back() {
    let desk = desk_with_ann();
    let record = |at: &str| desk.done(&["sign-in", "record", "--email=ann@education.gov.uk", "--at", at]);
    record("2025-12-10T08:00:00Z");
    assert_eq!(last_signed_in(&desk), "2025-12-10T08:00:00Z");
    record("2025-12-09T08:00:00Z");
    assert_eq!(last_signed_in(&desk), "2025-12-10T08:00:00Z");
    record("2025-12-10T10:30:00+02:00");
    assert_eq!(last_signed_in(&desk), "2025-12-10T08:30:00Z");
    desk.done(&["sign-in", "record", "--email=ann@education.gov.uk"]);
    assert_eq!(last_signed_in(&desk), NOW);
    desk.at("2025-12-11T14:12:59Z").done(&["sign-in", "record", "--email=ann@education.gov.uk"]);
    assert_eq!(last_signed_in(&desk), NOW);
}

#[test]
fn a_time_that_is_none_or_in_the_future_is_a_problem_with_the_answer() {
    let desk = desk_with_ann();
    let wrong = "Error: There is a problem\n  --at  Enter the time of the sign-in in the correct format, like 2025-12-11T14:13:00Z\n";
    let future = "Error: There is a problem\n  --at  The time of the sign-in must not be in the future\n";
    for (at, words) in [
        ("", wrong),
        ("yesterday", wrong),
        ("2025-12-11", wrong),
        ("2025-12-11T14:13:00", wrong),
        ("2025-13-11T14:13:00Z", wrong),
        ("2025-12-11T14:18:01Z", future),
        ("2099-01-01T00:00:00Z", future),
    ] {
        assert_eq!(desk.run(&["sign-in", "record", "--email=ann@education.gov.uk", "--at", at]), ran(3, "", words), "{at:?}");
    }
    let code =
        |at: &str| desk.refused(&["sign-in", "record", "--email=ann@education.gov.uk", "--at", at])["error"]["fields"][0]["code"].take();
    assert_eq!((code("yesterday"), code("2099-01-01T00:00:00Z")), (json!("bad_format"), json!("out_of_range")));
    assert_eq!(last_signed_in(&desk), Value::Null);
}

#[test]
fn an_id_with_control_characters_or_too_long_is_a_problem_with_the_answer() {
    let desk = desk_with_ann();
    let code =
        |id: &str| desk.refused(&["sign-in", "record", "--email=ann@education.gov.uk", "--id", id])["error"]["fields"][0]["code"].take();
    assert_eq!((code("a\u{1b}[31m"), code(&"x".repeat(256))), (json!("bad_characters"), json!("too_long")));
    assert_eq!(last_signed_in(&desk), Value::Null);
}

#[test]
fn names_that_came_along_are_copied_and_recorded_as_by_the_sign_in() {
    let desk = desk_with_ann();
    let renamed = desk.run(&["sign-in", "record", "--email=ann@education.gov.uk", "--first-name= Anne ", "--last-name=Wilson"]);
    assert_eq!(renamed, ran(0, "Allowed: support\nAnne Wilson, ann@education.gov.uk\n", ""));
    let entry = desk.json(&["activity", "list", "--per-page=1", "--fields=actor,action,subject.label,changes"])["entries"][0].take();
    assert_eq!(
        entry,
        json!({
            "actor": { "label": "sign-in", "email": null },
            "action": "user_updated",
            "subject": { "label": "Anne Wilson" },
            "changes": [
                { "field": "first_name", "before": "Ann", "after": "Anne" },
                { "field": "last_name", "before": "Abel", "after": "Wilson" },
            ],
        })
    );
}

#[test]
fn names_that_are_none_are_skipped_with_a_warning_each() {
    let desk = desk_with_ann();
    assert_eq!(
        desk.run(&["sign-in", "record", "--email=ann@education.gov.uk", "--first-name=An\u{7}n", "--last-name=Wilson"]),
        ran(
            0,
            "Allowed: support\nAnn Wilson, ann@education.gov.uk\n",
            "Warning: First name was not taken over: First name must not include control characters\n",
        )
    );
    let long = "x".repeat(256);
    assert_eq!(
        desk.run(&["sign-in", "record", "--email=ann@education.gov.uk", "--first-name=  ", "--last-name", &long]),
        ran(
            0,
            "Allowed: support\nAnn Wilson, ann@education.gov.uk\n",
            "Warning: First name was not taken over: Enter first name\n\
             Warning: Last name was not taken over: Last name must be 255 characters or fewer\n",
        )
    );
    assert_eq!(last_signed_in(&desk), NOW);
    assert_eq!(entries(&desk), 2);
}

#[test]
fn a_sign_in_that_changes_no_name_is_no_change() {
    let desk = desk_with_ann();
    desk.done(&["sign-in", "record", "--email=ann@education.gov.uk", "--id=A1", "--first-name=Ann", "--last-name=Abel"]);
    let ann = desk.json(&["users", "show", "ann@education.gov.uk"])["user"].take();
    assert_eq!((&ann["revision"], &ann["updated_at"], entries(&desk)), (&json!(1), &json!(NOW), json!(1)));
}

#[test]
fn an_id_that_is_stored_stays_when_none_comes() {
    let desk = desk_with_ann();
    desk.done(&["sign-in", "record", "--email=ann@education.gov.uk", "--id=A1"]);
    assert_eq!(desk.run(&["sign-in", "record", "--email=ann@education.gov.uk"]), ran(0, ALLOWED, ""));
    assert_eq!(stored(&desk, "ann@education.gov.uk")["sign_in_id"], "A1");
}

#[test]
fn somebody_added_again_takes_their_id_over_from_the_deleted_account() {
    let desk = Desk::new();
    let first = desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.done(&["sign-in", "record", "--email=ann@education.gov.uk", "--id=A1"]);
    desk.done(&["users", "delete", "ann@education.gov.uk", "--yes"]);
    assert_eq!(desk.refused(&["sign-in", "record", "--id=A1", "--email=ann@education.gov.uk"])["error"]["reason"], "deleted_user");
    let second = desk.add("Anna", "Abel", "ann@education.gov.uk");
    assert_ne!(first, second);
    assert_eq!(stored(&desk, &second)["last_signed_in_at"], Value::Null);
    let answer = desk.json(&["sign-in", "record", "--id=A1", "--email=ann@education.gov.uk"]);
    assert_eq!((&answer["user"]["id"], &answer["user"]["sign_in_id"]), (&json!(second), &json!("A1")));
    assert_eq!(desk.json(&["users", "show", "A1"])["user"]["id"], second);
}

#[test]
fn every_format_answers() {
    let desk = Desk::new();
    let id = desk.add("Ann", "Abel", "ann@education.gov.uk");
    let check = |format: &str| desk.run(&["sign-in", "check", "--email=ann@education.gov.uk", "--format", format]);
    assert_eq!(check("ids"), ran(0, &format!("{id}\n"), ""));
    let plain = format!("support\t{id}\tAnn\tAbel\tann@education.gov.uk\tsupport\tfalse\ttrue\t\t\t{NOW}\t{NOW}\t1\n");
    assert_eq!(check("plain"), ran(0, &plain, ""));
    let csv = format!(
        "access,id,first_name,last_name,email,kind,api_user,active,last_signed_in_at,sign_in_id,created_at,updated_at,revision\r\n\
         support,{id},Ann,Abel,ann@education.gov.uk,support,false,true,,,{NOW},{NOW},1\r\n"
    );
    assert_eq!(check("csv"), ran(0, &csv, ""));
}
