//! `whoami`: who is acting, and where each value of the configuration comes from.

use serde_json::json;

use crate::desk::{Desk, Ran, ran};

/// The settings in rows: name, value, origin.
fn settings(desk: &Desk, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
    desk.run_with(variables, &[arguments, &["whoami", "--format=plain"]].concat())
}

#[test]
fn with_nothing_said_every_value_is_the_default() {
    assert_eq!(
        settings(&Desk::new(), &[], &[]),
        ran(
            0,
            "service\tregister\tdefault\n\
             kind\tregister\tdefault\n\
             database\t~/.local/share/frontdesk/register.db\tdefault\n\
             emails\t~/.local/share/frontdesk/emails\tdefault\n\
             actor\t\tdefault\n\
             accessible\tno\tdefault\n\
             no_input\tno\tdefault\n\
             delivery\tnow\tdefault\n\
             configuration\t~/.config/frontdesk/config.toml\tdefault (no such file)\n",
            "",
        )
    );
}

#[test]
fn the_file_beats_the_defaults() {
    let desk = Desk::new();
    // The database must be there: it was named.
    desk.done(&["--service=claim", "--database=.config/frontdesk/pilot.db", "service", "set", "page-size", "30"]);
    desk.configure(
        "service = \"pilot\"\naccessible = true\ndelivery = \"later\"\n[services.pilot]\nkind = \"claim\"\ndatabase = \"pilot.db\"\n",
    );
    let file = "~/.config/frontdesk/config.toml";
    assert_eq!(
        settings(&desk, &[], &[]),
        ran(
            0,
            &format!(
                "service\tpilot\t{file}\n\
                 kind\tclaim\t{file}\n\
                 database\t~/.config/frontdesk/pilot.db\t{file}\n\
                 emails\t~/.config/frontdesk/emails\t{file}\n\
                 actor\t\tdefault\n\
                 accessible\tyes\t{file}\n\
                 no_input\tno\tdefault\n\
                 delivery\tlater\t{file}\n\
                 configuration\t{file}\tdefault\n"
            ),
            "",
        )
    );
}

#[test]
fn the_environment_beats_the_file() {
    let desk = Desk::new();
    desk.done(&["--database=one.db", "users", "add", "--first-name=A", "--last-name=B", "--email=a@education.gov.uk", "--api-user=no"]);
    desk.configure("service = \"publish\"\nactor = \"filed@education.gov.uk\"\naccessible = false\n");
    let variables = [
        ("FRONTDESK_SERVICE", "register"),
        ("FRONTDESK_DATABASE", "one.db"),
        ("FRONTDESK_AS", "a@education.gov.uk"),
        ("FRONTDESK_ACCESSIBLE", "yes"),
        ("FRONTDESK_NO_INPUT", "1"),
    ];
    assert_eq!(
        settings(&desk, &variables, &[]),
        ran(
            0,
            "service\tregister\tFRONTDESK_SERVICE\n\
             kind\tregister\tFRONTDESK_SERVICE\n\
             database\tone.db\tFRONTDESK_DATABASE\n\
             emails\temails\tFRONTDESK_DATABASE\n\
             actor\ta@education.gov.uk\tFRONTDESK_AS\n\
             accessible\tyes\tFRONTDESK_ACCESSIBLE\n\
             no_input\tyes\tFRONTDESK_NO_INPUT\n\
             delivery\tnow\tdefault\n\
             configuration\t~/.config/frontdesk/config.toml\tdefault\n",
            "",
        )
    );
}

#[test]
fn a_flag_beats_everything() {
    let desk = Desk::new();
    for database in ["one.db", "two.db"] {
        let add = ["users", "add", "--first-name=A", "--last-name=B", "--email=a@education.gov.uk"];
        desk.done(&[&["--service=claim", "--database", database][..], &add].concat());
    }
    desk.configure("service = \"publish\"\nactor = \"filed@education.gov.uk\"\n");
    let variables = [("FRONTDESK_SERVICE", "register"), ("FRONTDESK_DATABASE", "one.db"), ("FRONTDESK_AS", "b@education.gov.uk")];
    let flags = ["--service=claim", "--database=two.db", "--as=a@education.gov.uk", "--accessible", "--no-input"];
    assert_eq!(
        settings(&desk, &variables, &flags),
        ran(
            0,
            "service\tclaim\t--service\n\
             kind\tclaim\t--service\n\
             database\ttwo.db\t--database\n\
             emails\temails\t--database\n\
             actor\ta@education.gov.uk\t--as\n\
             accessible\tyes\t--accessible\n\
             no_input\tyes\t--no-input\n\
             delivery\tnow\tdefault\n\
             configuration\t~/.config/frontdesk/config.toml\tdefault\n",
            "",
        )
    );
}

#[test]
fn without_a_service_the_stamp_of_the_database_decides() {
    let desk = Desk::new();
    desk.done(&["--service=publish", "--database=desk.db", "service", "set", "page-size", "30"]);
    let shown = settings(&desk, &[], &["--database=desk.db"]);
    assert!(shown.out.starts_with("service\tpublish\tdesk.db\nkind\tpublish\tdesk.db\ndatabase\tdesk.db\t--database\n"), "{shown:?}");
}

#[test]
fn a_table_for_people_and_an_object_for_scripts() {
    let desk = Desk::new();
    let id = desk.add("Ann", "Abel", "ann@education.gov.uk");
    let table = desk.done(&["--as=ann@education.gov.uk", "whoami"]);
    assert!(table.starts_with("You are Ann Abel, ann@education.gov.uk (Active)\n\nSetting        Value"), "{table}");
    assert!(desk.done(&["whoami"]).starts_with("You are os:tester@desk, the account of the operating system\n"));
    let answer = desk.json(&["--as=ann@education.gov.uk", "whoami"]);
    assert_eq!(
        answer["actor"],
        json!({ "label": "Ann Abel", "email": "ann@education.gov.uk", "kind": "support", "id": id, "active": true })
    );
    assert_eq!(answer["settings"]["actor"], json!({ "value": "ann@education.gov.uk", "origin": "--as" }));
    assert_eq!(answer["settings"]["delivery"], json!({ "value": "now", "origin": "default" }));
    assert_eq!(desk.refused(&["whoami", "--fields=actor"])["exit"], 2);
}

#[test]
fn what_is_wrong_does_not_hide_the_settings_that_made_it_wrong() {
    let desk = Desk::new();
    let Ran { code, out, err } = desk.run(&["--database=nowhere.db", "whoami"]);
    assert_eq!(code, 7);
    assert!(out.contains("database       nowhere.db") && !out.contains("You are"), "{out}");
    assert!(err.starts_with("Error: There is no database at nowhere.db\n"), "{err}");
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let Ran { code, out, err } = desk.run_with(&[("FRONTDESK_AS", "eve@education.gov.uk")], &["whoami"]);
    assert_eq!(code, 6);
    assert!(out.contains("FRONTDESK_AS"), "{out}");
    assert!(err.starts_with("Error: Your account is not authorised\nFRONTDESK_AS says that you are eve@education.gov.uk"), "{err}");
    assert_eq!(desk.run_with(&[("FRONTDESK_AS", "eve@education.gov.uk")], &["whoami", "--json"]).out, "");
}
