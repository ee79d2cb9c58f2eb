//! The activity: who changed what and when, and what leaves no trace.

use serde_json::{Value, json};

use crate::desk::{Desk, ran};

const LONG_AGO: &str = "2025-05-20T13:22:00Z";

/// What was done and to whom, newest first.
fn told(desk: &Desk, more: &[&str]) -> String {
    desk.done(&[&["activity", "list", "--format=plain", "--fields=action,subject.label"][..], more].concat())
}

fn newest(desk: &Desk) -> Value {
    desk.json(&["activity", "list", "--per-page=1"])["entries"][0].take()
}

#[test]
fn an_addition_is_recorded_with_every_field() {
    let desk = Desk::new();
    let id = desk.add("Ann", "Abel", "ann@education.gov.uk");
    let change = |field: &str, after: &str| json!({ "field": field, "before": null, "after": after });
    assert_eq!(
        newest(&desk),
        json!({
            "id": "019b0dc2-0de0-7000-8000-000000000006",
            "at": "2025-12-11T14:13:00Z",
            "actor": { "label": "os:tester@desk", "email": null },
            "action": "user_added",
            "subject": { "kind": "user", "id": id, "label": "Ann Abel" },
            "organisation": null,
            "changes": [
                change("first_name", "Ann"),
                change("last_name", "Abel"),
                change("email", "ann@education.gov.uk"),
                change("api_user", "no"),
                change("active", "yes"),
            ],
        })
    );
}

#[test]
fn an_edit_is_recorded_with_what_changed_and_by_whom() {
    let desk = Desk::new();
    desk.add("Anne", "Wilson", "anne@education.gov.uk");
    let id = desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.at("2025-12-12T09:30:00Z").done(&[
        "--as=anne@education.gov.uk",
        "users",
        "edit",
        "ann@education.gov.uk",
        "--last-name=Baker",
        "--first-name=Ann",
        "--active=no",
    ]);
    let mut entry = newest(&desk);
    entry["id"].take();
    assert_eq!(
        entry,
        json!({
            "id": null,
            "at": "2025-12-12T09:30:00Z",
            "actor": { "label": "Anne Wilson", "email": "anne@education.gov.uk" },
            "action": "user_updated",
            "subject": { "kind": "user", "id": id, "label": "Ann Baker" },
            "organisation": null,
            "changes": [
                { "field": "last_name", "before": "Abel", "after": "Baker" },
                { "field": "active", "before": "yes", "after": "no" },
            ],
        })
    );
}

#[test]
fn a_deletion_is_recorded_with_what_was_lost() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.done(&["users", "delete", "ann@education.gov.uk", "--yes"]);
    let entry = newest(&desk);
    assert_eq!((&entry["action"], &entry["subject"]["label"]), (&json!("user_deleted"), &json!("Ann Abel")));
    assert_eq!(entry["changes"][2], json!({ "field": "email", "before": "ann@education.gov.uk", "after": null }));
}

#[test]
fn what_changes_nothing_leaves_no_entry() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let names = ["--first-name=Ann", "--last-name=Abel", "--api-user=no"];
    let nothing: [(&[&str], i32); 14] = [
        (&["users", "edit", "ann@education.gov.uk", "--first-name= Ann ", "--email=ANN@education.gov.uk"], 0),
        (&[&["users", "add", "--email=ann@education.gov.uk", "--if-not-exists"][..], &names].concat(), 0),
        (&["users", "delete", "nobody@education.gov.uk", "--yes", "--if-exists"], 0),
        (&["service", "set", "page-size", "25"], 0),
        (&[&["users", "add", "--email=bob@education.gov.uk", "--dry-run"][..], &names].concat(), 0),
        (&["users", "edit", "ann@education.gov.uk", "--last-name=Baker", "--dry-run"], 0),
        (&["users", "delete", "ann@education.gov.uk", "--dry-run"], 0),
        (&["service", "set", "page-size", "30", "--dry-run"], 0),
        (&["emails", "resend", "ann@education.gov.uk", "--dry-run"], 0),
        (&["sign-in", "record", "--email=ann@education.gov.uk", "--id=A1"], 0),
        (&[&["users", "add", "--email=ann@education.gov.uk"][..], &names].concat(), 5),
        (&["users", "edit", "ann@education.gov.uk", "--last-name=Baker"], 6),
        (&["users", "edit", "ann@education.gov.uk", "--active=perhaps"], 3),
        (&["service", "set", "page-size", "0"], 3),
    ];
    for (arguments, code) in nothing {
        assert_eq!(desk.run(arguments).code, code, "{arguments:?}");
        assert_eq!(told(&desk, &[]), "user_added\tAnn Abel\n", "{arguments:?}");
    }
}

#[test]
fn other_changes_have_their_own_words() {
    let desk = Desk::new();
    desk.configure("delivery = \"later\"\n");
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.done(&["emails", "resend", "ann@education.gov.uk"]);
    let queued = desk.done(&["emails", "list", "--status=queued", "--format=ids"]);
    desk.done(&["emails", "cancel", queued.trim_end()]);
    desk.done(&["service", "set", "page-size", "30"]);
    desk.done(&["users", "delete", "ann@education.gov.uk", "--yes"]);
    assert_eq!(
        told(&desk, &[]),
        "user_deleted\tAnn Abel\nservice_updated\tRegister of training providers\nemail_cancelled\tAnn Abel\n\
         invitation_resent\tAnn Abel\nuser_added\tAnn Abel\n"
    );
}

#[test]
fn entries_are_grouped_by_day_newest_first() {
    let desk = Desk::new();
    desk.at("2025-05-20T13:22:00Z").add("Anne", "Wilson", "anne@education.gov.uk");
    let edit = |at: &'static str, last_name: &str| {
        desk.at(at).done(&["--as=anne@education.gov.uk", "service", "set", "name", last_name]);
    };
    edit("2025-05-21T13:22:00Z", "One");
    edit("2025-12-10T12:00:00Z", "Two");
    edit("2025-12-11T00:00:00Z", "Three");
    edit("2025-12-11T09:00:00Z", "Four");
    assert_eq!(
        desk.at("2025-12-11T14:13:00Z").run(&["activity", "list"]),
        ran(
            0,
            "\
Activity (5)

Today

Service updated: Four
  By Anne Wilson on 11 December 2025 at 9am
  name: Three → Four

Service updated: Three
  By Anne Wilson on 11 December 2025 at 12am (midnight)
  name: Two → Three

Yesterday

Service updated: Two
  By Anne Wilson on 10 December 2025 at 12pm (midday)
  name: One → Two

21 May 2025

Service updated: One
  By Anne Wilson on 21 May 2025 at 2:22pm
  name: Register of training providers → One

20 May 2025

User added: Anne Wilson
  By os:tester@desk on 20 May 2025 at 2:22pm
  First name: Anne
  Last name: Wilson
  Email address: anne@education.gov.uk
  Is the account an API user? No
  Is the account active? Yes
",
            "",
        )
    );
}

#[test]
fn today_and_yesterday_are_days_in_london_in_summer_too() {
    let desk = Desk::new();
    // Half past midnight on 1 July in London.
    desk.at("2025-06-30T23:30:00Z").done(&["service", "set", "page-size", "30"]);
    let heading = |now: &'static str| desk.at(now).done(&["activity", "list"]).lines().nth(2).unwrap().to_owned();
    assert_eq!(heading("2025-06-30T23:45:00Z"), "Today");
    assert_eq!(heading("2025-07-01T22:59:59Z"), "Today");
    assert_eq!(heading("2025-07-01T23:00:00Z"), "Yesterday");
    assert_eq!(heading("2025-07-02T23:00:00Z"), "1 July 2025");
    assert!(desk.done(&["activity", "list"]).contains("  By os:tester@desk on 1 July 2025 at 12:30am\n"));
    let abroad = desk.run_with(&[("TZ", "Pacific/Auckland")], &["activity", "list"]);
    assert_eq!(abroad.out, desk.done(&["activity", "list"]));
}

#[test]
fn a_deleted_actor_reads_deleted_user() {
    let desk = Desk::new();
    desk.at(LONG_AGO).add("Anne", "Wilson", "anne@education.gov.uk");
    desk.at("2025-05-21T13:22:00Z").done(&["--as=anne@education.gov.uk", "service", "set", "page-size", "30"]);
    assert!(desk.done(&["activity", "list"]).contains("\n  By Anne Wilson on 21 May 2025 at 2:22pm\n"));
    desk.done(&["users", "delete", "anne@education.gov.uk", "--yes"]);
    // Whoever gets the address next did not do it.
    desk.add("Bob", "Baker", "anne@education.gov.uk");
    let activity = desk.done(&["activity", "list"]);
    assert!(
        activity.contains("\nService updated: Register of training providers\n  By Deleted user on 21 May 2025 at 2:22pm\n"),
        "{activity}"
    );
    assert!(!activity.contains("By Anne Wilson"), "{activity}");
}

#[test]
fn one_persons_activity_is_found_by_address_id_and_sign_in_id() {
    let desk = Desk::new();
    let ann = desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.add("Bob", "Baker", "bob@education.gov.uk");
    desk.done(&["users", "edit", "ann@education.gov.uk", "--api-user=yes"]);
    desk.done(&["sign-in", "record", "--email=ann@education.gov.uk", "--id=A1"]);
    for who in ["ann@education.gov.uk", "ANN@education.gov.uk", &ann, "A1"] {
        assert_eq!(told(&desk, &["--user", who]), "user_updated\tAnn Abel\nuser_added\tAnn Abel\n", "{who}");
    }
    assert_eq!(told(&desk, &["--user=bob@education.gov.uk"]), "user_added\tBob Baker\n");
    assert_eq!(
        desk.run(&["activity", "list", "--user=nobody@education.gov.uk"]),
        ran(
            4,
            "",
            "Error: There is no user called nobody@education.gov.uk\n\
             Give an email address, an id or a sign-in id. To see everybody: frontdesk users list, and frontdesk org users ORG\n",
        )
    );
}

#[test]
fn a_deleted_users_activity_is_kept() {
    let desk = Desk::new();
    let ann = desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.done(&["users", "delete", "ann@education.gov.uk", "--yes"]);
    for who in ["ann@education.gov.uk", &ann] {
        assert_eq!(told(&desk, &["--user", who]), "user_deleted\tAnn Abel\nuser_added\tAnn Abel\n", "{who}");
    }
}

#[test]
fn pages_and_formats() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["activity", "list"]), ran(0, "There is no activity.\n", ""));
    for size in ["30", "31", "32"] {
        desk.done(&["service", "set", "page-size", size]);
    }
    let list = |more: &[&str]| desk.run(&[&["activity", "list", "--fields=action,changes"][..], more].concat());
    let change = |before: &str, after: &str| format!("[{{\"field\":\"page-size\",\"before\":\"{before}\",\"after\":\"{after}\"}}]");
    assert_eq!(list(&["--format=plain", "--page=2", "--per-page=2"]), ran(0, &format!("service_updated\t{}\n", change("25", "30")), ""));
    assert_eq!(
        list(&["--format=csv", "--page=1", "--per-page=1"]),
        ran(0, &format!("action,changes\r\nservice_updated,\"{}\"\r\n", change("31", "32").replace('"', "\"\"")), "")
    );
    assert_eq!(
        list(&["--format=jsonl", "--page=3", "--per-page=1"]),
        ran(0, &format!("{{\"action\":\"service_updated\",\"changes\":{}}}\n", change("25", "30")), "")
    );
    let past = desk.json(&["activity", "list", "--page=9", "--per-page=2"]);
    assert_eq!(past, json!({ "schema": 1, "entries": [], "total": 3, "page": 9, "pages": 2, "per_page": 2 }));
    assert_eq!(desk.done(&["activity", "list", "--format=ids"]).lines().count(), 3);
    let cut = desk.run(&["activity", "list", "--per-page=2", "--page=9"]);
    assert_eq!(
        cut,
        ran(
            0,
            "There is no page 9: this is page 2, the last.\n\nActivity (3)\n\nToday\n\n\
             Service updated: Register of training providers\n  By os:tester@desk on 11 December 2025 at 2:13pm\n  page-size: 25 → 30\n\n\
             Showing 3 to 3 of 3 results\n",
            "Warning: there is no page 9: page 2 was listed, the last.\n",
        )
    );
    let next = desk.done(&["activity", "list", "--per-page=2"]);
    assert!(next.ends_with("\nShowing 1 to 2 of 3 results\nNext page: frontdesk activity list --per-page 2 --page 2\n"), "{next}");
}
