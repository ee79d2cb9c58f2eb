//! `frontdesk api-clients check`: what is answered to a token, and that its use is recorded.

use std::io::{Read as _, Write as _};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::api_clients::{ANN, check, create, desk_with_ann_and_bot};
use crate::desk::{piped, ran};

const UNKNOWN: &str = "Error: No API client has this token\nCheck that the whole token was given, on one line and with nothing else.\n";
const PIPE: &str = "Give the token as one line of standard input: frontdesk api-clients check < FILE\n";

#[test]
fn the_answer_says_whose_token_it_is_in_every_format() {
    let desk = desk_with_ann_and_bot();
    let (client, token) = create(&desk, ANN, "Import");
    let answered = |format: &str| piped(&desk, &["api-clients", "check", "--format", format], &token);
    let people = "Allowed: Import\nCreated by Ann Abel, ann@education.gov.uk\nExpires on 31 January 2026\n";
    assert_eq!(answered("table"), ran(0, people, ""));
    let answer: Value = serde_json::from_str(&answered("json").out).unwrap();
    assert_eq!(
        answer,
        json!({
            "schema": 1,
            "allowed": true,
            "api_client": {
                "id": client,
                "name": "Import",
                "status": "active",
                "expires_on": "2026-01-31",
                "created_by": ANN,
                "created_at": "2025-12-11T14:13:00Z",
                "last_used_at": "2025-12-11T14:13:00Z",
            },
        })
    );
    assert_eq!(answered("ids"), ran(0, &format!("{client}\n"), ""));
    let row = format!("{client}\tImport\tactive\t2026-01-31\t{ANN}\t");
    assert!(answered("plain").out.starts_with(&row), "{row}");
}

#[test]
fn one_line_is_read_and_what_is_no_token_is_unknown() {
    let desk = desk_with_ann_and_bot();
    let (_, token) = create(&desk, ANN, "Import");
    let given = |input: &str| piped(&desk, &["api-clients", "check"], input);
    for right in [&token, &format!("{token}\r\n"), &format!(" {token}\t\n"), &format!("{token}\nand more\n")] {
        assert_eq!(given(right).code, 0, "{right:?}");
    }
    let other = token.replace(|digit: char| digit.is_ascii_digit(), "a");
    for wrong in [&token[1..], &token[..73], &token.to_uppercase(), &format!("{token}0"), &other, "ann", "' OR 1 = 1", "\u{1B}[2J"] {
        assert_eq!(given(wrong), ran(4, "", UNKNOWN), "{wrong:?}");
    }
    for empty in ["", "\n", " \t\n", &format!("\n{token}\n")] {
        assert_eq!(given(empty), ran(3, "", &format!("Error: There is no token on standard input\n{PIPE}")), "{empty:?}");
    }
    let long = "x".repeat(1025);
    assert_eq!(given(&long), ran(3, "", &format!("Error: What came on standard input is too long for a token\n{PIPE}")));
    assert_eq!(given(&"x".repeat(1024)), ran(4, "", UNKNOWN));
    let mut child = desk.command(&["api-clients", "check"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"frontdesk_\xFF\n").unwrap();
    assert_eq!(desk.read(&child.wait_with_output().unwrap()), ran(4, "", UNKNOWN));
}

#[test]
fn whoever_pipes_the_token_may_leave_the_pipe_open() {
    let desk = desk_with_ann_and_bot();
    let (_, token) = create(&desk, ANN, "Import");
    let mut child = desk.command(&["api-clients", "check", "--format=ids"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{token}").unwrap();
    let mut answer = String::new();
    child.stdout.take().unwrap().read_to_string(&mut answer).unwrap();
    assert_eq!((child.wait().unwrap().code(), answer.lines().count()), (Some(0), 1));
    drop(input);
}

#[test]
fn a_use_is_recorded_once_a_minute_and_is_no_change() {
    let desk = desk_with_ann_and_bot();
    let (client, token) = create(&desk, ANN, "Import");
    let entries = desk.json(&["activity", "list"])["total"].take();
    let last = || desk.json(&["api-clients", "show", &client])["api_client"]["last_used_at"].take();
    assert_eq!(last(), Value::Null);
    for (now, recorded) in [
        ("2025-12-11T14:13:00Z", "2025-12-11T14:13:00Z"),
        ("2025-12-11T14:13:59.999Z", "2025-12-11T14:13:00Z"),
        ("2025-12-11T14:14:00Z", "2025-12-11T14:14:00Z"),
        ("2025-12-11T14:13:30Z", "2025-12-11T14:14:00Z"),
        ("2025-12-12T09:00:00Z", "2025-12-12T09:00:00Z"),
    ] {
        assert_eq!(check(desk.at(now), &token).code, 0);
        assert_eq!(last(), recorded, "{now}");
    }
    assert!(desk.line(&format!("api-clients show {client}")).out.contains("\nLast used    12 December 2025 at 9am\n"));
    assert_eq!(desk.json(&["activity", "list"])["total"], entries);
    // It changed nothing that an edit was checked against, and a token that is refused is not used.
    assert_eq!(desk.count("SELECT revision FROM api_clients"), 1);
    desk.done(&["api-clients", "revoke", &client, "--yes"]);
    assert_eq!(check(desk.at("2025-12-13T09:00:00Z"), &token).code, 6);
    assert_eq!(last(), "2025-12-12T09:00:00Z");
}

#[test]
fn where_nothing_can_be_recorded_the_answer_is_given() {
    let desk = desk_with_ann_and_bot();
    let (client, token) = create(&desk, ANN, "Import");
    desk.kept.refuse_changes_of("api_clients");
    let before = desk.rows();
    let answer = piped(&desk, &["api-clients", "check", "--format", "ids"], &token);
    assert_eq!((answer, desk.rows()), (ran(0, &format!("{client}\n"), ""), before));
}
