//! The service: its settings, and what differs between the three kinds.

use serde_json::{Value, json};

use crate::desk::{Desk, ran};

fn set(desk: &Desk, key: &str, value: &str) {
    desk.done(&["service", "set", key, value]);
}

/// A value that is stored, read back.
fn value(desk: &Desk, key: &str) -> String {
    desk.done(&["service", "show", "--format=plain", "--fields", key]).trim_end().to_owned()
}

/// Adds somebody to a service that asks nothing about API users.
fn add_to(desk: &Desk, service: &str, email: &str) {
    desk.done(&["--service", service, "users", "add", "--first-name=Ann", "--last-name=Abel", "--email", email]);
}

#[test]
fn each_kind_begins_with_its_own_values() {
    for (kind, name, web_address, help_address, page_size, edit) in [
        (
            "register",
            "Register of training providers",
            "https://register-of-training-providers.education.gov.uk",
            "becomingateacher@digital.education.gov.uk",
            "25",
            "until-sign-in",
        ),
        (
            "claim",
            "Claim funding for mentor training",
            "https://claim-funding-for-mentor-training.education.gov.uk",
            "ittmentor.funding@education.gov.uk",
            "25",
            "until-sign-in",
        ),
        (
            "publish",
            "Publish teacher training courses",
            "https://www.publish-teacher-training-courses.service.gov.uk",
            "becomingateacher@digital.education.gov.uk",
            "50",
            "always",
        ),
    ] {
        let desk = Desk::new();
        let shown = format!(
            "{name}\n\n\
             name                       {name}\n\
             web-address                {web_address}\n\
             help-address               {help_address}\n\
             page-size                  {page_size}\n\
             edit-organisation-users    {edit}\n\
             environment                production\n\
             protected                  no\n\
             minimum-active-users       0\n\
             deletes-per-three-minutes  0\n\
             require-actor              no\n\
             Id                         {kind}\n"
        );
        assert_eq!(desk.run(&["--service", kind, "service", "show"]), ran(0, &shown, ""));
        assert_eq!(
            desk.json(&["--service", kind, "service", "show"]),
            json!({ "schema": 1, "service": {
                "name": name,
                "web-address": web_address,
                "help-address": help_address,
                "page-size": page_size,
                "edit-organisation-users": edit,
                "environment": "production",
                "protected": "no",
                "minimum-active-users": "0",
                "deletes-per-three-minutes": "0",
                "require-actor": "no",
            }})
        );
    }
}

#[test]
fn right_values_are_stored_as_they_are_meant() {
    let desk = Desk::new();
    for (key, typed, stored) in [
        ("name", "  Train   the teachers ", "Train the teachers"),
        ("web-address", " https://staging.example.education.gov.uk/desk?x=1 ", "https://staging.example.education.gov.uk/desk?x=1"),
        ("help-address", "Help@Example.COM", "help@example.com"),
        ("page-size", "010", "10"),
        ("page-size", "10000", "10000"),
        ("edit-organisation-users", "Never", "never"),
        ("edit-organisation-users", "always", "always"),
        ("edit-organisation-users", "until-sign-in", "until-sign-in"),
        ("environment", "STAGING", "staging"),
        ("environment", "development", "development"),
        ("environment", "production", "production"),
        ("protected", "Yes", "yes"),
        ("protected", "no", "no"),
        ("minimum-active-users", "1000000", "1000000"),
        ("minimum-active-users", "0", "0"),
        ("deletes-per-three-minutes", "3", "3"),
    ] {
        set(&desk, key, typed);
        assert_eq!(value(&desk, key), stored, "{key} {typed:?}");
    }
}

#[test]
fn wrong_values_are_problems_with_the_answer_and_store_nothing() {
    let desk = Desk::new();
    set(&desk, "page-size", "30");
    let before = desk.done(&["service", "show"]);
    let long = "x".repeat(256);
    for (key, typed, code) in [
        ("name", "", "blank"),
        ("name", " \u{200b} ", "blank"),
        ("name", &long, "too_long"),
        ("name", "a\u{1b}[31mb", "bad_characters"),
        ("web-address", "", "blank"),
        ("web-address", "http://example.education.gov.uk", "bad_format"),
        ("web-address", "https://", "bad_format"),
        ("web-address", "https://example.education.gov.uk/a b", "bad_format"),
        ("help-address", "", "blank"),
        ("help-address", "help desk", "bad_format"),
        ("page-size", "", "blank"),
        ("page-size", "0", "out_of_range"),
        ("page-size", "10001", "out_of_range"),
        ("page-size", "-1", "bad_format"),
        ("page-size", "many", "bad_format"),
        ("edit-organisation-users", "sometimes", "not_chosen"),
        ("environment", "test", "not_chosen"),
        ("environment", "", "not_chosen"),
        ("protected", "maybe", "not_chosen"),
        ("minimum-active-users", "1000001", "out_of_range"),
        ("minimum-active-users", "two", "bad_format"),
        ("deletes-per-three-minutes", "1.5", "bad_format"),
        ("require-actor", "", "not_chosen"),
    ] {
        let refused = desk.refused(&["service", "set", key, typed]);
        let problem = &refused["error"]["fields"][0];
        assert_eq!((&refused["exit"], &problem["field"], &problem["code"]), (&json!(3), &json!(key), &json!(code)), "{key} {typed:?}");
    }
    assert_eq!(desk.done(&["service", "show"]), before);
}

#[test]
fn a_wrong_value_is_told_with_the_right_ones() {
    let desk = Desk::new();
    for (key, words) in [
        ("page-size", "Enter a number of rows from 1 to 10000"),
        ("web-address", "Enter a web address that starts with https://, like https://www.example.education.gov.uk"),
        ("help-address", "Enter an email address in the correct format, like name@example.com"),
        ("edit-organisation-users", "Select when organisation users can be edited: never, until-sign-in or always"),
        ("environment", "Select the environment: production, staging or development"),
        ("protected", "Select if the service is protected: yes or no"),
        ("minimum-active-users", "Enter how many other active users there must be, from 0 (off) to 1000000"),
        ("deletes-per-three-minutes", "Enter how many deletions one person may make in three minutes, from 0 (off) to 1000000"),
        ("require-actor", "Select if people must say who they are: yes or no"),
    ] {
        assert_eq!(desk.run(&["service", "set", key, "?"]), ran(3, "", &format!("Error: There is a problem\n  VALUE  {words}\n")), "{key}");
    }
}

#[test]
fn an_unknown_key_is_a_usage_error_that_names_the_nearest() {
    let desk = Desk::new();
    let keys = "name, web-address, help-address, page-size, edit-organisation-users, environment, protected, minimum-active-users, \
        deletes-per-three-minutes, require-actor";
    assert_eq!(
        desk.run(&["service", "set", "pagesize", "30"]),
        ran(
            2,
            "",
            &format!("Error: Invalid value 'pagesize' for '<KEY>' [possible values: {keys}]\nA similar value exists: 'page-size'\n"),
        )
    );
}

#[test]
fn a_change_shows_what_changed_and_is_recorded() {
    let desk = Desk::new();
    set(&desk, "page-size", "30");
    let changed = desk.run(&["service", "set", "page-size", "40"]);
    assert_eq!((changed.code, changed.err.as_str()), (0, "Success: Service updated\n"));
    assert!(changed.out.ends_with("\nWhat changed\n  page-size: 30 → 40\n"), "{changed:?}");
    let mut entry = desk.json(&["activity", "list", "--per-page=1", "--fields=actor,action,subject,changes"]);
    assert_eq!(
        entry["entries"][0].take(),
        json!({
            "actor": { "label": "os:tester@desk", "email": null },
            "action": "service_updated",
            "subject": { "kind": "service", "id": "register", "label": "Register of training providers" },
            "changes": [{ "field": "page-size", "before": "30", "after": "40" }],
        })
    );
    let same = desk.run(&["service", "set", "page-size", "40"]);
    assert_eq!((same.code, same.err.as_str()), (0, "The service is set like this already. Nothing was changed.\n"));
    assert_eq!(desk.json(&["service", "set", "page-size", "40"])["result"], "unchanged");
}

#[test]
fn a_dry_run_shows_the_change_and_stores_nothing() {
    let desk = Desk::new();
    set(&desk, "page-size", "30");
    assert_eq!(
        desk.run(&["service", "set", "page-size", "40", "--dry-run"]),
        ran(
            0,
            "Dry run: nothing was stored.\n\nThis would change the service Register of training providers:\n\n  page-size: 30 → 40\n",
            "",
        )
    );
    let trial = desk.json(&["service", "set", "page-size", "40", "-n"]);
    assert_eq!((&trial["result"], &trial["dry_run"], &trial["service"]["page-size"]), (&json!("updated"), &json!(true), &json!("40")));
    assert_eq!(desk.refused(&["service", "set", "page-size", "0", "-n"])["exit"], 3);
    assert_eq!(value(&desk, "page-size"), "30");
}

#[test]
fn the_page_size_is_that_of_every_list() {
    let desk = Desk::new();
    for name in ["ann", "bob", "cy"] {
        desk.add(name, "Abel", &format!("{name}@education.gov.uk"));
    }
    set(&desk, "page-size", "2");
    assert_eq!(
        desk.run(&["users", "list"]),
        ran(
            0,
            "Users (3)\n\n\
             Name      Email address         Status\n\
             ann Abel  ann@education.gov.uk  Active\n\
             bob Abel  bob@education.gov.uk  Active\n\n\
             Showing 1 to 2 of 3 results\nNext page: frontdesk users list --page 2\n",
            "Warning: only rows 1 to 2 of 3 were listed. To list them all, use --all or --format csv.\n",
        )
    );
    for noun in ["users", "emails", "activity"] {
        let page = desk.json(&[noun, "list", "--page=2"]);
        assert_eq!((&page["page"], &page["per_page"]), (&json!(2), &json!(2)), "{noun}");
    }
    assert_eq!(desk.json(&["users", "list"])["users"].as_array().map(Vec::len), Some(3));
}

#[test]
fn the_help_address_and_name_are_those_of_the_emails_that_follow() {
    let desk = Desk::new();
    set(&desk, "help-address", "help@example.org");
    set(&desk, "name", "Train the teachers");
    set(&desk, "web-address", "https://train.education.gov.uk");
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let email = desk.json(&["emails", "list"])["emails"][0].take();
    let text = email["text"].as_str().unwrap();
    assert_eq!(email["subject"], "Invitation to join Train the teachers");
    assert!(text.contains("\nTo sign in, go to:\nhttps://train.education.gov.uk\n"), "{text}");
    assert!(text.ends_with("\nEmail help@example.org if you need help, or if you did not expect this email.\n"), "{text}");
    assert!(email["message_id"].as_str().unwrap().ends_with("@example.org>"), "{email}");
    let file = std::fs::read_to_string(&desk.email_files()[0]).unwrap();
    assert!(file.contains("From: \"Train the teachers\" <help@example.org>\r\nReply-To: help@example.org\r\n"), "{file}");
}

#[test]
fn claim_and_publish_have_no_api_users_and_nobody_who_is_not_active() {
    for (service, name) in [("claim", "Claim funding for mentor training"), ("publish", "Publish teacher training courses")] {
        let desk = Desk::new();
        add_to(&desk, service, "ann@education.gov.uk");
        let run = |arguments: &[&str]| desk.run(&[&["--service", service][..], arguments].concat());
        assert_eq!(run(&["users", "list"]), ran(0, "Users (1)\n\nName      Email address\nAnn Abel  ann@education.gov.uk\n", ""));
        assert_eq!(
            run(&["users", "show", "ann@education.gov.uk"]),
            ran(
                0,
                "Ann Abel\n\nUser has never signed in\n\n\
                 First name     Ann\n\
                 Last name      Abel\n\
                 Email address  ann@education.gov.uk\n\
                 Id             019b0dc2-0de0-7000-8000-000000000004\n",
                "",
            )
        );
        let add = ["users", "add", "--first-name=Bob", "--last-name=Baker", "--email=bob@education.gov.uk"];
        let not_asked: [(&[&str], &str); 5] = [
            (&["users", "list", "--status=active"], "--status"),
            (&["users", "list", "--type=api"], "--type"),
            (&[&add[..], &["--api-user=no"]].concat(), "--api-user"),
            (&["users", "edit", "ann@education.gov.uk", "--api-user=no"], "--api-user"),
            (&["users", "edit", "ann@education.gov.uk", "--active=yes"], "--active"),
        ];
        for (arguments, flag) in not_asked {
            let words = format!(
                "Error: {flag} cannot be used: {name} has no API users and nobody who is not active\n\
                 Nothing was changed. Leave the flag out.\n"
            );
            assert_eq!(run(arguments), ran(2, "", &words), "{arguments:?}");
        }
        assert_eq!(run(&["users", "exists", "bob@education.gov.uk"]).code, 4);
    }
}

#[test]
fn in_claim_and_publish_nothing_of_a_user_changes_after_the_first_sign_in() {
    for service in ["claim", "publish"] {
        let desk = Desk::new();
        add_to(&desk, service, "ann@education.gov.uk");
        desk.done(&["--service", service, "users", "edit", "ann@education.gov.uk", "--last-name=Baker"]);
        desk.done(&["--service", service, "sign-in", "record", "--email=ann@education.gov.uk"]);
        for change in ["--first-name=Anne", "--last-name=Cole", "--email=anne@education.gov.uk"] {
            let refused = desk.refused(&["--service", service, "users", "edit", "ann@education.gov.uk", change]);
            assert_eq!((&refused["exit"], &refused["error"]["reason"]), (&json!(6), &json!("locked_after_sign_in")), "{service} {change}");
        }
        let ann = desk.json(&["--service", service, "users", "show", "ann@education.gov.uk", "--fields=first_name,last_name"]);
        assert_eq!(ann["user"], json!({ "first_name": "Ann", "last_name": "Baker" }));
    }
}

#[test]
fn each_service_has_its_own_records() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    add_to(&desk, "claim", "ann@education.gov.uk");
    add_to(&desk, "claim", "bob@education.gov.uk");
    let total = |service: &str| -> Value { desk.json(&["--service", service, "users", "list"])["total"].take() };
    assert_eq!((total("register"), total("claim"), total("publish")), (json!(1), json!(2), json!(0)));
    assert_eq!(
        desk.run(&["service", "list", "--format=plain"]),
        ran(
            0,
            "register\tregister\t~/.local/share/frontdesk/register.db\ttrue\n\
             claim\tclaim\t~/.local/share/frontdesk/claim.db\ttrue\n\
             publish\tpublish\t~/.local/share/frontdesk/publish.db\tfalse\n",
            "",
        )
    );
    assert_eq!(desk.done(&["service", "list", "--format=ids"]), "register\nclaim\npublish\n");
}

#[test]
fn a_database_says_which_service_it_holds() {
    let desk = Desk::new();
    desk.done(&["--service=claim", "--database=desk.db", "users", "add", "--first-name=A", "--last-name=B", "--email=a@education.gov.uk"]);
    assert_eq!(
        desk.run(&["--database=desk.db", "users", "list"]),
        ran(0, "Users (1)\n\nName  Email address\nA B   a@education.gov.uk\n", "")
    );
    let contradiction = "Error: The database desk.db holds the service claim, not publish\n\
        Nothing was changed. Give --service claim, or name the other service’s database.\n";
    for arguments in [
        &["--service=publish", "--database=desk.db", "users", "list"][..],
        &["--service=publish", "--database=desk.db", "users", "delete", "a@education.gov.uk", "--yes"],
        &["--service=publish", "--database=desk.db", "whoami", "--format=ids"],
    ] {
        assert_eq!(desk.run(arguments), ran(7, "", contradiction), "{arguments:?}");
    }
    let by_variable = desk.run_with(&[("FRONTDESK_SERVICE", "publish"), ("FRONTDESK_DATABASE", "desk.db")], &["users", "list"]);
    assert_eq!(by_variable, ran(7, "", contradiction));
}
