//! What scripts read: the machine formats, `--fields`, dry runs and errors as JSON.

use std::io::Read as _;
use std::process::Stdio;

use crate::desk::{Desk, Ran, id, problem, ran, written};

const ADD_ZOE: &str = "users add --first-name Zoë --last-name Young --email zoe@education.gov.uk --api-user yes";
const HEADER: &str = "id,first_name,last_name,email,kind,api_user,active,last_signed_in_at,sign_in_id,created_at,updated_at,revision\r\n";

/// Ann Abel, who has signed in, and Zoë Young, an API user: runs 0 to 2.
fn desk_of_two() -> Desk {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.line("sign-in record --email ann@education.gov.uk --id 8F2C51 --at 2025-12-10T09:30:00.250Z");
    assert_eq!(desk.line(ADD_ZOE).code, 0);
    desk
}

/// The objects of the two, on one line.
fn ann() -> String {
    format!(
        r#"{{"id":"{}","first_name":"Ann","last_name":"Abel","email":"ann@education.gov.uk","kind":"support","api_user":false,"active":true,"last_signed_in_at":"2025-12-10T09:30:00.250Z","sign_in_id":"8F2C51","created_at":"2025-12-11T14:13:00Z","updated_at":"2025-12-11T14:13:00Z","revision":1}}"#,
        id(0, 4)
    )
}

fn zoe() -> String {
    zoe_with(&format!("\"{}\"", id(2, 1)), "yes", 1)
}

fn zoe_with(id: &str, active: &str, revision: u32) -> String {
    let active = active == "yes";
    format!(
        r#"{{"id":{id},"first_name":"Zoë","last_name":"Young","email":"zoe@education.gov.uk","kind":"api","api_user":true,"active":{active},"last_signed_in_at":null,"sign_in_id":null,"created_at":"2025-12-11T14:13:00Z","updated_at":"2025-12-11T14:13:00Z","revision":{revision}}}"#
    )
}

/// JSON written on one line, read back and indented as `--json` does it.
fn indented(json: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    format!("{}\n", serde_json::to_string_pretty(&value).unwrap())
}

// Lists

#[test]
fn a_list_is_one_json_document() {
    let document = indented(&format!(r#"{{"schema":1,"users":[{},{}],"total":2}}"#, ann(), zoe()));
    let desk = desk_of_two();
    assert_eq!(desk.line("users list --json"), ran(0, &document, ""));
    assert_eq!(desk.line("users list --format json"), ran(0, &document, ""));
    assert_eq!(desk.line("users list --format json --json"), ran(0, &document, ""));
    let page = indented(&format!(r#"{{"schema":1,"users":[{}],"total":2,"page":2,"pages":2,"per_page":1}}"#, zoe()));
    assert_eq!(desk.line("users list --json --page 2 --per-page 1"), ran(0, &page, ""));
}

#[test]
fn a_list_as_jsonl_is_one_object_a_line() {
    assert_eq!(desk_of_two().line("users list --format jsonl"), ran(0, &format!("{}\n{}\n", ann(), zoe()), ""));
}

#[test]
fn a_list_as_csv_has_a_header_and_dos_line_ends() {
    let desk = desk_of_two();
    let ann = format!(
        "{},Ann,Abel,ann@education.gov.uk,support,false,true,2025-12-10T09:30:00.250Z,8F2C51,2025-12-11T14:13:00Z,2025-12-11T14:13:00Z,1\r\n",
        id(0, 4)
    );
    let zoe = format!("{},Zoë,Young,zoe@education.gov.uk,api,true,true,,,2025-12-11T14:13:00Z,2025-12-11T14:13:00Z,1\r\n", id(2, 1));
    assert_eq!(desk.line("users list --format csv"), ran(0, &format!("{HEADER}{ann}{zoe}"), ""));
    assert_eq!(Desk::new().line("users list --format csv"), ran(0, HEADER, ""));
}

#[test]
fn a_plain_list_has_tabs_and_no_header() {
    let ann = format!(
        "{}\tAnn\tAbel\tann@education.gov.uk\tsupport\tfalse\ttrue\t2025-12-10T09:30:00.250Z\t8F2C51\t2025-12-11T14:13:00Z\t2025-12-11T14:13:00Z\t1\n",
        id(0, 4)
    );
    let zoe =
        format!("{}\tZoë\tYoung\tzoe@education.gov.uk\tapi\ttrue\ttrue\t\t\t2025-12-11T14:13:00Z\t2025-12-11T14:13:00Z\t1\n", id(2, 1));
    assert_eq!(desk_of_two().line("users list --format plain"), ran(0, &(ann + &zoe), ""));
}

#[test]
fn ids_are_one_a_line() {
    assert_eq!(desk_of_two().line("users list --format ids"), ran(0, &format!("{}\n{}\n", id(0, 4), id(2, 1)), ""));
}

#[test]
fn an_empty_list_is_still_a_document() {
    let desk = Desk::new();
    assert_eq!(desk.line("users list --json"), ran(0, "{\n  \"schema\": 1,\n  \"users\": [],\n  \"total\": 0\n}\n", ""));
    for format in ["plain", "jsonl", "ids"] {
        assert_eq!(desk.line(&format!("users list --format {format}")), ran(0, "", ""), "{format}");
    }
}

#[test]
fn json_and_another_format_contradict_each_other() {
    let listed = Desk::new().line("users list --json --format csv");
    assert_eq!((listed.code, listed.out.as_str()), (2, ""));
    assert!(listed.err.contains("--json") && listed.err.contains("csv"), "{listed:?}");
}

// One user

#[test]
fn one_user_is_shown_in_every_format() {
    let desk = desk_of_two();
    let show = |format: &str| desk.line(&format!("users show zoe@education.gov.uk --format {format}"));
    assert_eq!(show("json"), ran(0, &indented(&format!(r#"{{"schema":1,"user":{}}}"#, zoe())), ""));
    assert_eq!(show("jsonl"), ran(0, &format!("{{\"schema\":1,\"user\":{}}}\n", zoe()), ""));
    let row = format!("{},Zoë,Young,zoe@education.gov.uk,api,true,true,,,2025-12-11T14:13:00Z,2025-12-11T14:13:00Z,1", id(2, 1));
    assert_eq!(show("csv"), ran(0, &format!("{HEADER}{row}\r\n"), ""));
    assert_eq!(show("plain"), ran(0, &format!("{}\n", row.replace(',', "\t")), ""));
    assert_eq!(show("ids"), ran(0, &format!("{}\n", id(2, 1)), ""));
    assert_eq!(show("table"), desk.line("users show zoe@education.gov.uk"));
}

// Fields

#[test]
fn fields_are_shown_in_the_order_in_which_they_are_named() {
    let desk = desk_of_two();
    let list = |format: &str| desk.line(&format!("users list --fields email,last_signed_in_at,first_name --format {format}"));
    assert_eq!(
        list("table"),
        ran(
            0,
            "Users (2)\n\n\
             Email address         Last signed in              First name\n\
             ann@education.gov.uk  10 December 2025 at 9:30am  Ann\n\
             zoe@education.gov.uk                              Zoë\n",
            ""
        )
    );
    assert_eq!(list("plain"), ran(0, "ann@education.gov.uk\t2025-12-10T09:30:00.250Z\tAnn\nzoe@education.gov.uk\t\tZoë\n", ""));
    assert_eq!(
        list("csv"),
        ran(
            0,
            "email,last_signed_in_at,first_name\r\nann@education.gov.uk,2025-12-10T09:30:00.250Z,Ann\r\nzoe@education.gov.uk,,Zoë\r\n",
            ""
        )
    );
    assert_eq!(
        list("jsonl"),
        ran(
            0,
            "{\"email\":\"ann@education.gov.uk\",\"last_signed_in_at\":\"2025-12-10T09:30:00.250Z\",\"first_name\":\"Ann\"}\n\
             {\"email\":\"zoe@education.gov.uk\",\"last_signed_in_at\":null,\"first_name\":\"Zoë\"}\n",
            ""
        )
    );
}

#[test]
fn fields_of_one_user_are_rows_or_keys() {
    let desk = desk_of_two();
    assert_eq!(
        desk.line("users show zoe@education.gov.uk --fields api_user,email"),
        ran(0, "API user       Yes\nEmail address  zoe@education.gov.uk\n", "")
    );
    assert_eq!(
        desk.line("users show zoe@education.gov.uk --fields api_user,email --format jsonl"),
        ran(0, "{\"schema\":1,\"user\":{\"api_user\":true,\"email\":\"zoe@education.gov.uk\"}}\n", "")
    );
}

#[test]
fn an_unknown_field_names_the_nearest_right_one() {
    let fields = "The fields are: id, first_name, last_name, email, kind, api_user, active, last_signed_in_at, sign_in_id, created_at, updated_at, revision.";
    let list = |names: &str| desk_of_two().run(&["users", "list", "--fields", names]);
    assert_eq!(
        list("email,first_nam"),
        ran(2, "", &format!("Error: There is no field called ‘first_nam’\nDid you mean ‘first_name’? {fields}\n"))
    );
    assert_eq!(list("zzz"), ran(2, "", &format!("Error: There is no field called ‘zzz’\n{fields}\n")));
    assert_eq!(list(","), ran(2, "", &format!("Error: Name at least one field\n{fields}\n")));
}

#[test]
fn fields_and_ids_contradict_each_other() {
    for command in ["list", "show zoe@education.gov.uk"] {
        assert_eq!(
            desk_of_two().line(&format!("users {command} --format ids --fields email")),
            ran(
                2,
                "",
                "Error: --fields cannot be used with --format ids, which prints ids alone\n\
                 For ids and more: --format plain --fields id,…\n"
            ),
            "{command}"
        );
    }
}

// Changes

#[test]
fn an_added_user_comes_back_with_the_invitation() {
    let add = |format: &str| {
        let desk = Desk::new();
        let added = desk.line(&format!("{ADD_ZOE} --format {format}"));
        assert_eq!((added.code, added.err.as_str()), (0, &*format!("{}{}", desk.kept.creation(), written(&id(0, 5)))), "{format}");
        added.out
    };
    let user = zoe_with(&format!("\"{}\"", id(0, 4)), "yes", 1);
    let email = format!(
        r#"{{"id":"{}","to":"zoe@education.gov.uk","subject":"Invitation to join Register of training providers","status":"sent"}}"#,
        id(0, 5)
    );
    let document = format!(r#"{{"schema":1,"result":"added","user":{user},"emails":[{email}],"dry_run":false}}"#);
    assert_eq!(add("json"), indented(&document));
    assert_eq!(add("jsonl"), format!("{document}\n"));
    assert_eq!(add("ids"), format!("{}\n", id(0, 4)));
    let row = format!("{},Zoë,Young,zoe@education.gov.uk,api,true,true,,,2025-12-11T14:13:00Z,2025-12-11T14:13:00Z,1", id(0, 4));
    assert_eq!(add("csv"), format!("{HEADER}{row}\r\n"));
    assert_eq!(add("plain"), format!("{}\n", row.replace(',', "\t")));
}

#[test]
fn an_edited_user_comes_back_as_stored() {
    let desk = desk_of_two();
    let edit = |flags: &str| desk.line(&format!("users edit zoe@education.gov.uk {flags}"));
    let user = |active, revision| zoe_with(&format!("\"{}\"", id(2, 1)), active, revision);
    let document = |result, user| format!("{{\"schema\":1,\"result\":\"{result}\",\"user\":{user},\"emails\":[],\"dry_run\":false}}\n");
    assert_eq!(edit("--active no --format jsonl"), ran(0, &document("updated", user("no", 2)), ""));
    assert_eq!(edit("--active no --format jsonl"), ran(0, &document("unchanged", user("no", 2)), ""));
    assert_eq!(edit("--active yes --json"), ran(0, &indented(&document("updated", user("yes", 3))), ""));
    assert_eq!(edit("--active no --format ids"), ran(0, &format!("{}\n", id(2, 1)), ""));
}

#[test]
fn a_deleted_user_comes_back_as_they_were() {
    let desk = desk_of_two();
    let email = format!(
        r#"{{"id":"{}","to":"zoe@education.gov.uk","subject":"You have been removed from Register of training providers","status":"sent"}}"#,
        id(3, 1)
    );
    let document = format!("{{\"schema\":1,\"result\":\"deleted\",\"user\":{},\"emails\":[{email}],\"dry_run\":false}}\n", zoe());
    assert_eq!(desk.line("users delete zoe@education.gov.uk --yes --format jsonl"), ran(0, &document, &written(&id(3, 1))));
    let nobody = "{\"schema\":1,\"result\":\"unchanged\",\"user\":null,\"emails\":[],\"dry_run\":false}\n";
    assert_eq!(desk.line("users delete zoe@education.gov.uk --yes --if-exists --format jsonl"), ran(0, nobody, ""));
    let deleted = desk.line("users delete ann@education.gov.uk --yes --format ids");
    assert_eq!(deleted, ran(0, &format!("{}\n", id(0, 4)), &written(&id(5, 1))));
}

#[test]
fn an_email_that_is_to_go_later_is_queued() {
    let desk = Desk::new();
    desk.configure("delivery = \"later\"");
    let added = desk.json(&["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no"]);
    assert_eq!(added["emails"][0]["status"], "queued");
    assert_eq!(desk.count("SELECT count(*) FROM emails WHERE status = 'queued'"), 1);
    assert_eq!(desk.letters(), []);
}

// Dry runs

#[test]
fn a_dry_run_of_an_addition_tells_everything_but_the_ids() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let before = desk.rows();
    let email =
        r#"{"id":null,"to":"zoe@education.gov.uk","subject":"Invitation to join Register of training providers","status":"would_queue"}"#;
    let document = format!(r#"{{"schema":1,"result":"added","user":{},"emails":[{email}],"dry_run":true}}"#, zoe_with("null", "yes", 1));
    assert_eq!(desk.line(&format!("{ADD_ZOE} --dry-run --format jsonl")), ran(0, &format!("{document}\n"), ""));
    assert_eq!(desk.line(&format!("{ADD_ZOE} -n --json")), ran(0, &indented(&document), ""));
    assert_eq!(desk.line(&format!("{ADD_ZOE} --dry-run --format ids")), ran(0, "", ""));
    assert_eq!((desk.rows(), desk.letters().len()), (before, 1));
}

#[test]
fn a_dry_run_of_an_edit_tells_the_user_as_they_would_be() {
    let desk = desk_of_two();
    let before = desk.rows();
    let user = zoe_with(&format!("\"{}\"", id(2, 1)), "yes", 2).replace("zoe@", "young@");
    let email = |to| {
        format!(
            r#"{{"id":null,"to":"{to}","subject":"Your email address for Register of training providers has changed","status":"would_queue"}}"#
        )
    };
    let document = format!(
        "{{\"schema\":1,\"result\":\"updated\",\"user\":{user},\"emails\":[{},{}],\"dry_run\":true}}\n",
        email("young@education.gov.uk"),
        email("zoe@education.gov.uk")
    );
    let tried = desk.line("users edit zoe@education.gov.uk --email young@education.gov.uk --dry-run --format jsonl");
    assert_eq!(tried, ran(0, &document, ""));
    assert_eq!((desk.rows(), desk.letters().len()), (before, 2));
}

#[test]
fn a_dry_run_of_a_deletion_needs_no_yes() {
    let desk = desk_of_two();
    let before = desk.rows();
    let email = r#"{"id":null,"to":"zoe@education.gov.uk","subject":"You have been removed from Register of training providers","status":"would_queue"}"#;
    let document = format!("{{\"schema\":1,\"result\":\"deleted\",\"user\":{},\"emails\":[{email}],\"dry_run\":true}}\n", zoe());
    assert_eq!(desk.line("users delete zoe@education.gov.uk --dry-run --format jsonl"), ran(0, &document, ""));
    assert_eq!((desk.rows(), desk.letters().len()), (before, 2));
}

#[test]
fn a_dry_run_has_the_exit_code_and_words_of_the_change() {
    for (command, code) in [
        ("users add", 3),
        ("users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no", 5),
        ("users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no --if-not-exists", 0),
        ("users edit ann@education.gov.uk", 2),
        ("users edit ann@education.gov.uk --first-name Anne", 6),
        ("users edit zoe@education.gov.uk --api-user maybe", 3),
        ("users edit zoe@education.gov.uk --email ann@education.gov.uk", 5),
        ("users edit eve@education.gov.uk --active no", 4),
        ("users delete eve@education.gov.uk --yes", 4),
        ("users delete ann@education.gov.uk --yes --as ann@education.gov.uk", 6),
        ("users delete ann@education.gov.uk --yes --as zoe@education.gov.uk", 6),
        ("users delete ann@education.gov.uk --yes --as eve@education.gov.uk", 6),
    ] {
        let desk = desk_of_two();
        let before = desk.rows();
        let tried = desk.line(&format!("{command} --dry-run"));
        let real = desk.line(command);
        assert_eq!((tried.code, real.code), (code, code), "{command}");
        if code != 0 {
            assert_eq!(tried, real, "{command}");
        }
        assert_eq!(desk.rows(), before, "{command}");
    }
}

// Cells and characters

#[test]
fn a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe() {
    let desk = Desk::new();
    for (number, name) in ["=cmd", "+1", "-1", "@sum", "'=cmd", "''x", "'x", "a=b"].iter().enumerate() {
        desk.run(&[
            "users",
            "add",
            &format!("--first-name={name}"),
            "--last-name=A, \"B\"",
            &format!("--email=u{number}@education.gov.uk"),
            "--api-user=no",
        ]);
    }
    desk.run(&["users", "add", "--first-name=Zoe", "--last-name=Young", "--email==zoe@education.gov.uk", "--api-user=no"]);
    let cells = |format: &str| {
        let listed = desk.line(&format!("users list --fields email,first_name,last_name --format {format}"));
        let mut lines: Vec<String> = listed.out.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(
        cells("csv"),
        [
            "'=zoe@education.gov.uk,Zoe,Young",
            "email,first_name,last_name",
            "u0@education.gov.uk,'=cmd,\"A, \"\"B\"\"\"",
            "u1@education.gov.uk,'+1,\"A, \"\"B\"\"\"",
            "u2@education.gov.uk,'-1,\"A, \"\"B\"\"\"",
            "u3@education.gov.uk,'@sum,\"A, \"\"B\"\"\"",
            "u4@education.gov.uk,''=cmd,\"A, \"\"B\"\"\"",
            "u5@education.gov.uk,'''x,\"A, \"\"B\"\"\"",
            "u6@education.gov.uk,'x,\"A, \"\"B\"\"\"",
            "u7@education.gov.uk,a=b,\"A, \"\"B\"\"\"",
        ]
    );
    assert_eq!(cells("plain")[1], "u0@education.gov.uk\t=cmd\tA, \"B\"");
}

#[test]
fn names_in_any_script_come_back_as_they_were() {
    let desk = Desk::new();
    desk.add("李", "小龍", "li@education.gov.uk");
    desk.add("Łukasz", "O’Brien 🙂", "lukasz@education.gov.uk");
    let list = |format: &str| desk.line(&format!("users list --fields first_name,last_name --format {format}")).out;
    assert_eq!(list("csv"), "first_name,last_name\r\nŁukasz,O’Brien 🙂\r\n李,小龍\r\n");
    assert_eq!(list("plain"), "Łukasz\tO’Brien 🙂\n李\t小龍\n");
    assert_eq!(list("jsonl"), "{\"first_name\":\"Łukasz\",\"last_name\":\"O’Brien 🙂\"}\n{\"first_name\":\"李\",\"last_name\":\"小龍\"}\n");
    assert_eq!(list("table"), "Users (2)\n\nFirst name  Last name\nŁukasz      O’Brien 🙂\n李          小龍\n");
}

// Errors

/// The one object on standard error, and nothing on standard output.
fn error(ran: &Ran) -> serde_json::Value {
    assert_eq!((ran.out.as_str(), ran.err.lines().count()), ("", 1), "{ran:?}");
    let object: serde_json::Value = serde_json::from_str(&ran.err).unwrap();
    assert_eq!(object["exit"], ran.code, "{ran:?}");
    object["error"].clone()
}

#[test]
fn problems_with_the_answers_are_told_field_by_field() {
    let expected = "{\"error\":{\"code\":\"invalid_answers\",\"reason\":null,\"message\":\"There is a problem\",\"fields\":[\
        {\"field\":\"first_name\",\"flag\":\"--first-name\",\"code\":\"blank\",\"message\":\"Enter first name\"},\
        {\"field\":\"last_name\",\"flag\":\"--last-name\",\"code\":\"bad_characters\",\"message\":\"Last name must not include control characters\"},\
        {\"field\":\"email\",\"flag\":\"--email\",\"code\":\"wrong_domain\",\"message\":\"Enter a Department for Education email address in the correct format, like name@education.gov.uk\"},\
        {\"field\":\"api_user\",\"flag\":\"--api-user\",\"code\":\"not_chosen\",\"message\":\"Select if the account is an API user\"}\
        ],\"hint\":null},\"exit\":3}\n";
    let desk = Desk::new();
    for format in ["--json", "--format json", "--format jsonl", "--json --dry-run", "--json --verbose", "--json --quiet"] {
        let added = desk.line(&format!("users add --last-name 'A\u{7F}bel' --email ann@gmail.com {format}"));
        assert_eq!(added, ran(3, "", expected), "{format}");
    }
}

#[test]
fn every_kind_of_problem_has_its_code() {
    let desk = desk_of_two();
    let long = "a".repeat(256);
    for (flag, value, code) in [
        ("--first-name", "", "blank"),
        ("--first-name", long.as_str(), "too_long"),
        ("--last-name", "A\u{200B}bel", "bad_characters"),
        ("--email", "nonsense", "bad_format"),
        ("--email", "zoe@gmail.com", "wrong_domain"),
        ("--email", "ann@education.gov.uk", "email_in_use"),
        ("--api-user", "maybe", "not_chosen"),
        ("--active", "maybe", "not_chosen"),
    ] {
        let edited = desk.run(&["users", "edit", "zoe@education.gov.uk", flag, value, "--json"]);
        let error = error(&edited);
        assert_eq!((&error["fields"][0]["flag"], &error["fields"][0]["code"]), (&flag.into(), &code.into()));
        assert_eq!(error["fields"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn every_kind_of_error_is_one_object() {
    let desk = desk_of_two();
    for (command, exit, code, reason) in [
        ("users list --page 0", 2, "usage", None),
        ("users list --json=yes", 2, "usage", None),
        ("users lst", 2, "usage", None),
        ("users delete ann@education.gov.uk", 2, "usage", None),
        ("users edit ann@education.gov.uk", 2, "usage", None),
        ("users show eve@education.gov.uk", 4, "not_found", None),
        ("users show ''", 2, "usage", None),
        ("users add --first-name A --last-name B --email ann@education.gov.uk --api-user no", 5, "conflict", None),
        ("users edit ann@education.gov.uk --first-name Anne", 6, "not_permitted", Some("locked_after_sign_in")),
        ("users edit ann@education.gov.uk --active no --as ann@education.gov.uk", 6, "not_permitted", Some("yourself")),
        ("users list --as zoe@education.gov.uk", 6, "not_permitted", None),
        ("users list --as eve@education.gov.uk", 6, "not_permitted", None),
        ("users list --database nowhere.db", 7, "unavailable", None),
    ] {
        let failed = desk.line(&format!("{command} --json"));
        let error = error(&failed);
        assert_eq!((failed.code, &error["code"], &error["reason"]), (exit, &code.into(), &reason.into()), "{command}: {failed:?}");
    }
}

#[test]
fn errors_in_formats_without_errors_of_their_own_are_for_people() {
    let expected = problem("--api-user", "Select if the account is an API user");
    for format in ["table", "plain", "csv", "ids"] {
        let edited = desk_of_two().line(&format!("users edit zoe@education.gov.uk --api-user maybe --format {format}"));
        assert_eq!(edited, expected, "{format}");
    }
}

#[test]
fn a_plain_value_of_several_lines_is_one_line_with_spaces() {
    let desk = desk_of_two();
    let text = desk.json(&["emails", "list", "--fields", "text"])["emails"][0]["text"].as_str().unwrap().to_owned();
    assert!(text.contains("\n\n"), "{text}");
    let plain = desk.done(&["emails", "list", "--format", "plain", "--fields", "text"]);
    assert_eq!(plain.lines().next().unwrap(), text.replace('\n', " "));
}

// Pipes

#[test]
fn nobody_to_hear_which_database_is_opened_keeps_no_command_back() {
    let desk = desk_of_two();
    let unheard = |line: &str| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        desk.command(&shlex::split(line).unwrap()).stdout(Stdio::null()).stderr(writer).status().unwrap().code()
    };
    assert_eq!(unheard("users exists zed@education.gov.uk --verbose"), Some(4));
    unheard("users add --first-name Zed --last-name Zed --email zed@education.gov.uk --api-user no --verbose");
    assert_eq!(unheard("users exists zed@education.gov.uk --verbose"), Some(0));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let desk = desk_of_two();
    for format in ["table", "plain", "json", "jsonl", "csv", "ids"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut child = desk.command(&["users", "list", "--format", format]).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
        let mut errors = String::new();
        child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert_eq!((child.wait().unwrap().code(), errors.as_str()), (Some(0), ""), "{format}");
    }
}
