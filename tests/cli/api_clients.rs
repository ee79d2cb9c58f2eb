//! `frontdesk api-clients list|show|add`: creating API clients, when they expire, and seeing them.

use serde_json::json;

use crate::concurrency::run_at_once;
use crate::desk::{Desk, Ran, id, piped, problem, ran};
use crate::invariants::assert_whole;

pub const ANN: &str = "ann@education.gov.uk";
pub const BOT: &str = "bot@education.gov.uk";
pub const COPY: &str = "Copy this token now. For security, it cannot be viewed again.\n";

/// A desk where Ann is a support user and Bot an API user.
pub fn desk_with_ann_and_bot() -> Desk {
    let desk = Desk::new();
    desk.add("Ann", "Abel", ANN);
    desk.done(&["users", "add", "--first-name=Bot", "--last-name=Bean", "--email", BOT, "--api-user=yes"]);
    desk
}

/// Runs a command line as somebody.
pub fn run_as(desk: &Desk, actor: &str, line: &str) -> Ran {
    desk.line(&format!("--as {actor} {line}"))
}

/// Creates an API client of somebody's, and gives its id and its token.
pub fn create_until(desk: &Desk, actor: &str, name: &str, expires_on: &str) -> (String, String) {
    let answer = desk.json(&["--as", actor, "api-clients", "add", "--name", name, "--expires-on", expires_on]);
    let text = |key: &str| answer["api_client"][key].as_str().unwrap().to_owned();
    (text("id"), text("token"))
}

pub fn create(desk: &Desk, actor: &str, name: &str) -> (String, String) {
    create_until(desk, actor, name, "2026-01-31")
}

/// What is answered to a token.
pub fn check(desk: &Desk, token: &str) -> Ran {
    piped(desk, &["api-clients", "check"], &format!("{token}\n"))
}

/// Whether this is a token, and nothing else.
pub fn is_token(text: &str) -> bool {
    text.strip_prefix("frontdesk_")
        .is_some_and(|digits| digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)))
}

/// A run that found no API client with this id.
pub fn no_client(id: &str) -> Ran {
    ran(4, "", &format!("Error: There is no API client with the id {id}\nTo see every API client: frontdesk api-clients list\n"))
}

pub fn page(name: &str, expiry: &str, status: &str, id: &str) -> String {
    format!(
        "{name}\n\nClient name  {name}\nExpiry date  {expiry}\nStatus       {status}\nCreated by   Ann Abel, {ANN}\n\
         Created      11 December 2025 at 2:13pm\nLast used    Never\nId           {id}\n"
    )
}

#[test]
fn there_are_no_api_clients_at_first_in_any_service() {
    for service in ["register", "claim", "publish"] {
        let desk = Desk::of(service);
        assert_eq!(desk.line("api-clients list"), ran(0, "There are no API clients.\n", ""));
        let header = "id,name,status,expires_on,created_by,created_at,last_used_at\r\n";
        assert_eq!(desk.line("api-clients list --format csv"), ran(0, header, ""));
        assert!(desk.kept.is_new());
    }
}

#[test]
fn a_support_user_of_any_service_creates_one() {
    for service in ["claim", "publish"] {
        let desk = Desk::of(service);
        desk.add("Ann", "Abel", ANN);
        let (_, token) = create(&desk, ANN, "Import");
        assert_eq!(check(&desk, &token).code, 0, "{service}");
    }
}

#[test]
fn creating_one_shows_its_token_this_once_after_everything_else() {
    let desk = desk_with_ann_and_bot();
    let Ran { code, out, err } = run_as(&desk, ANN, "api-clients add --name ' Nightly\timport ' --expires-on 2026-06-30");
    let (before, token) = out.trim_end().rsplit_once('\n').unwrap();
    assert_eq!((code, before), (0, page("Nightly import", "30 June 2026", "Active", &id(2, 1)).as_str()));
    assert!(is_token(token), "{token}");
    assert_eq!(err, format!("Success: API client token created\n{COPY}"));
    assert_eq!(
        desk.line(&format!("api-clients show {}", id(2, 1))),
        ran(0, &page("Nightly import", "30 June 2026", "Active", &id(2, 1)), "")
    );
}

#[test]
fn every_format_tells_the_token_but_that_of_ids_which_warns() {
    let desk = desk_with_ann_and_bot();
    let add =
        |name: &str, format: &str| run_as(&desk, ANN, &format!("api-clients add --name {name} --expires-on 2026-01-31 --format {format}"));
    let plain = add("one", "plain");
    assert!(is_token(plain.out.trim_end().rsplit('\t').next().unwrap()), "{plain:?}");
    let csv = add("two", "csv");
    let (header, row) = csv.out.split_once("\r\n").unwrap();
    assert!(header.ends_with(",last_used_at,token") && is_token(row.trim_end().rsplit(',').next().unwrap()), "{csv:?}");
    let json: serde_json::Value = serde_json::from_str(&add("three", "jsonl").out).unwrap();
    assert!(is_token(json["api_client"]["token"].as_str().unwrap()), "{json}");
    assert_eq!((plain.err.as_str(), csv.err.as_str()), ("", ""));
    let warning = "Warning: The token was not shown, because --format ids prints ids alone, and cannot be viewed any more.\n";
    assert_eq!(add("four", "ids"), ran(0, &format!("{}\n", id(5, 1)), warning));
    let quiet = run_as(&desk, ANN, "api-clients add --name five --expires-on 2026-01-31 --quiet");
    assert!(quiet.err.is_empty() && is_token(quiet.out.lines().last().unwrap()), "{quiet:?}");
}

#[test]
fn what_is_wrong_with_an_api_client_is_told_all_at_once() {
    let desk = desk_with_ann_and_bot();
    let before = desk.rows();
    let both =
        |name: &str, expiry: &str| ran(3, "", &format!("Error: There is a problem\n  --name        {name}\n  --expires-on  {expiry}\n"));
    assert_eq!(run_as(&desk, ANN, "api-clients add"), both("Enter client name", "Enter expiry date"));
    assert_eq!(run_as(&desk, ANN, "api-clients add --name ' ' --expires-on ''"), both("Enter client name", "Enter expiry date"));
    let run = |name: &str, expiry: &str| desk.run(&["--as", ANN, "api-clients", "add", "--name", name, "--expires-on", expiry]);
    let no_date = "Expiry date must be a real date in the correct format, like 2026-06-30";
    for expiry in ["2026-02-30", "30/06/2026", "tomorrow", "2026-6-1", "2026-06-30T00:00:00Z"] {
        assert_eq!(run("Im\u{202E}port", expiry), both("Client name must not include control characters", no_date), "{expiry}");
    }
    let range = "Expiry date must be between 12 December 2025 and 11 December 2026";
    for expiry in ["2025-12-11", "2026-12-12", "1999-01-01", "9999-12-31"] {
        assert_eq!(run(&"x".repeat(256), expiry), both("Client name must be 255 characters or fewer", range), "{expiry}");
    }
    assert_eq!(desk.rows(), before);
    assert_eq!(run(&"x".repeat(255), "2026-01-31").code, 0);
}

#[test]
fn an_api_client_expires_between_tomorrow_and_a_year_from_today() {
    let desk = desk_with_ann_and_bot();
    desk.at("2026-01-01T12:00:00Z");
    let add = |name: &str, expiry: &str| run_as(&desk, ANN, &format!("api-clients add --name {name} --expires-on {expiry}"));
    let range = problem("--expires-on", "Expiry date must be between 2 January 2026 and 1 January 2027");
    assert_eq!(add("Early", "2026-01-01"), range);
    assert_eq!(add("Late", "2027-01-02"), range);
    assert_eq!((add("First", "2026-01-02").code, add("Last", "2027-01-01").code), (0, 0));
}

#[test]
fn what_is_tomorrow_is_said_by_the_days_of_london() {
    let desk = desk_with_ann_and_bot();
    // In summer time the next day has begun there, though not yet in UTC.
    desk.at("2026-06-30T23:00:00Z");
    let add = |expiry: &str| run_as(&desk, ANN, &format!("api-clients add --name Import --expires-on {expiry} --dry-run"));
    assert_eq!(add("2026-07-01"), problem("--expires-on", "Expiry date must be between 2 July 2026 and 1 July 2027"));
    assert_eq!(add("2026-07-02").code, 0);
    desk.at("2026-06-30T22:59:59Z");
    assert_eq!(add("2026-07-01").code, 0);
}

#[test]
fn an_api_client_expires_at_the_start_of_its_day_in_london() {
    let desk = desk_with_ann_and_bot();
    desk.at("2026-06-01T12:00:00Z");
    let (client, token) = create_until(&desk, ANN, "Import", "2026-07-01");
    let status = || desk.json(&["api-clients", "show", &client])["api_client"]["status"].take();
    desk.at("2026-06-30T22:59:59.999Z");
    assert_eq!((check(&desk, &token).code, status()), (0, json!("active")));
    desk.at("2026-06-30T23:00:00Z");
    let expired = "Error: This API client has expired\nTo have another one: frontdesk api-clients add\n";
    assert_eq!((check(&desk, &token), status()), (ran(6, "", expired), json!("expired")));
    assert!(desk.line("api-clients list").out.contains("  Expired  1 July 2026  "));
    // In winter a day begins there as in UTC.
    let (_, token) = create_until(&desk, ANN, "Another", "2026-12-01");
    desk.at("2026-11-30T23:59:59Z");
    assert_eq!(check(&desk, &token).code, 0);
    desk.at("2026-12-01T00:00:00Z");
    assert_eq!(check(&desk, &token).code, 6);
}

#[test]
fn a_name_is_unique_among_the_live_ones_of_its_creator_in_any_letter_case() {
    let desk = desk_with_ann_and_bot();
    let (first, _) = create(&desk, ANN, "Nightly Straße");
    let taken = Ran { code: 5, ..problem("--name", "Client name must be unique") };
    let add = |actor: &str, name: &str| desk.run(&["--as", actor, "api-clients", "add", "--name", name, "--expires-on=2026-01-31"]);
    for name in ["Nightly Straße", "NIGHTLY  STRASSE", "nightly straße"] {
        assert_eq!(add(ANN, name), taken, "{name}");
    }
    assert_eq!(add(ANN, "Nightly Strasze").code, 0);
    assert_eq!(add(BOT, "Nightly Straße").code, 0);
    let both = run_as(&desk, ANN, "api-clients add --name 'nightly strasse'");
    assert_eq!(
        both,
        ran(3, "", "Error: There is a problem\n  --name        Client name must be unique\n  --expires-on  Enter expiry date\n")
    );
    // A revoked one is still listed, and still has its name.
    desk.done(&["api-clients", "revoke", &first, "--yes"]);
    assert_eq!(add(ANN, "Nightly Straße"), taken);
    desk.done(&["api-clients", "delete", &first, "--yes"]);
    assert_eq!(add(ANN, "Nightly Straße").code, 0);
}

#[test]
fn of_two_who_create_one_name_at_once_one_is_told_that_it_is_in_use() {
    for round in 0..20 {
        let desk = desk_with_ann_and_bot();
        let line = |name: &str| vec![shlex::split(&format!("--as {ANN} api-clients add --name {name} --expires-on 2026-01-31")).unwrap()];
        let mut codes: Vec<i32> = run_at_once(&desk, &[line("Import"), line("IMPORT")]).iter().flatten().map(|run| run.code).collect();
        codes.sort_unstable();
        assert_eq!(codes, [0, 5], "round {round}");
        assert_eq!(desk.count("SELECT count(*) FROM api_clients"), 1);
        assert_eq!(desk.count("SELECT count(*) FROM activity WHERE action = 'api_client_added'"), 1);
        assert_whole(&desk.kept);
    }
}

#[test]
fn api_clients_are_listed_by_name_fifteen_a_page() {
    let desk = desk_with_ann_and_bot();
    desk.done(&["service", "set", "page-size", "2"]);
    for number in (1..=15).rev() {
        create(&desk, ANN, &format!("client {number:02}"));
    }
    create(&desk, BOT, "Äther");
    let listed = desk.line("api-clients list");
    let lines: Vec<&str> = listed.out.lines().collect();
    assert_eq!(
        lines[..3],
        ["API clients (16)", "", "Id                                    Client name  Status  Expiry date      Created by"]
    );
    assert!(lines[3].ends_with("  Äther        Active  31 January 2026  Bot Bean") && lines[17].contains("  client 14 "), "{listed:?}");
    assert_eq!(lines[18..], ["", "Showing 1 to 15 of 16 results", "Next page: frontdesk api-clients list --page 2"]);
    let last = desk.line("api-clients list --page 2 --fields name,status,created_by");
    let expected =
        format!("API clients (16)\n\nClient name  Status  Created by\nclient 15    active  {ANN}\n\nShowing 16 to 16 of 16 results\n");
    assert_eq!(last, ran(0, &expected, ""));
    let names = desk.line("api-clients list --format plain --fields name").out;
    assert_eq!(names.lines().take(3).collect::<Vec<_>>(), ["Äther", "client 01", "client 02"]);
    assert_eq!((names.lines().count(), desk.line("api-clients list --format ids").out.lines().count()), (16, 16));
    assert_eq!(desk.json(&["api-clients", "list", "--per-page", "7", "--page", "3"])["api_clients"].as_array().unwrap().len(), 2);
}

#[test]
fn a_noun_alone_is_half_a_command() {
    let Ran { code, out, err } = Desk::new().line("api-clients");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("Usage: frontdesk api-clients [OPTIONS] <COMMAND>"), "{err}");
}
