//! What `frontdesk doctor` finds in the records of a desk, wherever it is kept: every damage to one.

use std::fs;

use crate::desk::Desk;

const RECORDS: &str = "Go back to a copy of the database from before the damage; if no other program wrote to it, report this.";

/// A desk where Ann is a user, and Bob belongs to Alpha School.
pub fn desk() -> Desk {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.add_organisation("ALPHA", "Alpha School");
    desk.add_member("ALPHA", "Bob", "Baker", "bob@example.com");
    desk
}

/// The exit code, and what is said of records and of emails that wait; of the rest a file and a server have
/// each their own.
fn records(desk: &Desk) -> (i32, String) {
    let ran = desk.line("doctor");
    let is_of_records = |line: &&str| {
        line.starts_with("Problem: ") || line.trim_start() == RECORDS || line.contains(" to be sent, ") || line.contains("Send them: ")
    };
    (ran.code, ran.out.lines().filter(is_of_records).map(|line| format!("{line}\n")).collect())
}

/// The same of that desk after another program has written to it.
fn damaged(sql: &str) -> (i32, String) {
    let desk = desk();
    desk.kept.execute(sql);
    records(&desk)
}

#[test]
fn each_damage_to_a_record_is_told_with_its_id() {
    let whole = desk();
    let id = |sql: &str| whole.kept.texts(sql).remove(0);
    let (ann, alpha) = (id("SELECT id FROM users"), id("SELECT id FROM organisations"));
    let (bob, membership) = (id("SELECT id FROM organisation_users"), id("SELECT id FROM memberships"));
    let (email, entry) = (id("SELECT id FROM emails WHERE user_id IS NOT NULL"), id("SELECT id FROM activity WHERE subject_kind = 'user'"));
    let of = |one: &str, many: &str, id: &str, whats: &[&str]| {
        let damages = if whats.len() == 1 { "1 damage".to_owned() } else { format!("{} damages", whats.len()) };
        let told: String = whats.iter().map(|what| format!("Problem: The {one} {id}: {what}\n")).collect();
        format!("Problem: {many}: {damages} found\n  {RECORDS}\n{told}")
    };
    let user = |whats: &[&str]| of("user", "1 user", &ann, whats);
    let organisation = |whats: &[&str]| of("organisation", "1 organisation", &alpha, whats);
    let member = |whats: &[&str]| of("organisation user", "1 organisation user", &bob, whats);
    let link = |what: &str| of("membership", "1 membership", &membership, &[what]);
    let letter = |what: &str| of("email", "2 emails", &email, &[what]);
    let entry = |what: &str| of("entry of the activity", "3 entries of the activity", &entry, &[what]);
    let (names, address) = ("its names are not as frontdesk writes them", "its email address is not a right one, in lower case");
    let (sort_key, text) = ("its sort key is not that of its names", "its search text is not that of its names and address");
    let not_added = "the activity does not say that it was added";
    let unreadable = "it holds a value that frontdesk never writes";
    let wait = "Warning: 1 email waits to be sent, the oldest since 2025-12-11T12:13:00Z\n  Send them: frontdesk emails send\n";
    let queue = "UPDATE emails SET status = 'queued', created_at = 1765455180000";
    for (sql, expected) in [
        ("UPDATE users SET sort_key = (SELECT sort_key FROM organisations LIMIT 1)", user(&[sort_key])),
        ("UPDATE users SET search_text = 'ann'", user(&[text])),
        ("UPDATE users SET email = 'Ann@education.gov.uk'", user(&[address])),
        ("UPDATE users SET email = 'ann@gmail.com'", user(&[address, text])),
        ("UPDATE users SET first_name = 'Anna'", user(&[sort_key, text])),
        ("UPDATE users SET first_name = 'Ann\u{1B}'", user(&[names, text])),
        ("UPDATE users SET created_at = 9223372036854775807", user(&[unreadable])),
        ("DELETE FROM activity WHERE subject_kind = 'user'", user(&[not_added])),
        (
            "UPDATE organisations SET name = ' Alpha School'",
            organisation(&["its name is not as frontdesk writes it", "its sort key is not that of its name"]),
        ),
        ("UPDATE organisations SET code_key = 'beta'", organisation(&["its code is not as frontdesk writes it"])),
        (
            "UPDATE organisations SET sort_key = (SELECT sort_key FROM users LIMIT 1)",
            organisation(&["its sort key is not that of its name"]),
        ),
        ("UPDATE organisations SET search_text = ''", organisation(&["its search text is not that of its name and code"])),
        ("UPDATE organisations SET updated_at = -9223372036854775807", organisation(&[unreadable])),
        ("DELETE FROM activity WHERE subject_kind = 'organisation'", organisation(&[not_added])),
        ("UPDATE organisation_users SET search_text = ''", member(&[text])),
        ("UPDATE organisation_users SET email = 'bob'; UPDATE memberships SET email = 'bob'", member(&[address, text])),
        ("DELETE FROM activity WHERE subject_kind = 'organisation_user'", member(&[not_added])),
        ("DELETE FROM memberships", member(&["it has never belonged to an organisation"])),
        (
            "UPDATE memberships SET sort_key = (SELECT sort_key FROM organisations LIMIT 1)",
            link("its copy of the sort key is not that of its account"),
        ),
        ("UPDATE memberships SET email = 'b@example.com'", link("its copy of the email address is not that of its account")),
        (
            "UPDATE organisation_users SET deleted_at = 1, deleted_by = 'somebody'",
            link("it goes on, and its account is not there any more"),
        ),
        (
            "UPDATE organisations SET deleted_at = 1, deleted_by = 'somebody'",
            link("it goes on, and its organisation is not there any more"),
        ),
        ("UPDATE emails SET to_address = 'nowhere' WHERE user_id IS NOT NULL", letter(address)),
        ("UPDATE emails SET notice = 'lost' WHERE user_id IS NOT NULL", letter(unreadable)),
        (
            &format!("{queue}, next_attempt_at = 1, to_address = 'other@education.gov.uk' WHERE user_id IS NOT NULL"),
            wait.to_owned() + &letter("it is queued, tells how to sign in, and goes to an address that its account does not have"),
        ),
        (
            &format!("{queue}, next_attempt_at = NULL WHERE user_id IS NOT NULL"),
            wait.to_owned() + &letter("it is queued, and has no time at which it is tried"),
        ),
        ("UPDATE activity SET changes = '[' WHERE subject_kind = 'user'", entry(unreadable)),
        (
            "UPDATE activity SET subject_id = 'lost' WHERE subject_kind = 'user'",
            user(&[not_added]) + &entry("it is about something that never was"),
        ),
    ] {
        assert_eq!(damaged(sql), (7, expected), "{sql}");
    }
}

#[test]
fn each_damage_to_an_api_client_is_told_with_its_id() {
    let add = "--as ann@education.gov.uk api-clients add --name Import --expires-on 2026-01-31 --format ids --quiet";
    for (sql, whats) in [
        (
            "UPDATE api_clients SET name = ' Import'",
            &["its name is not as frontdesk writes it", "its sort key is not that of its name"][..],
        ),
        ("UPDATE api_clients SET name_key = 'export'", &["its name is not as frontdesk writes it"]),
        ("UPDATE api_clients SET sort_key = (SELECT sort_key FROM users LIMIT 1)", &["its sort key is not that of its name"]),
        ("UPDATE api_clients SET expires_on = '31/01/2026'", &["it holds a value that frontdesk never writes"]),
        ("UPDATE api_clients SET created_at = 9223372036854775807", &["it holds a value that frontdesk never writes"]),
        ("DELETE FROM activity WHERE subject_kind = 'api_client'", &["the activity does not say that it was added"]),
        ("UPDATE users SET active = 0", &["it is not revoked, and its owner is not active"]),
        ("UPDATE users SET deleted_at = 1, deleted_by = 'somebody'", &["it is there, and its owner is not there any more"]),
    ] {
        let desk = desk();
        let client = desk.line(add).out;
        assert_eq!(records(&desk), (0, String::new()));
        desk.kept.execute(sql);
        let damages = if whats.len() == 1 { "1 damage".to_owned() } else { format!("{} damages", whats.len()) };
        let told: String = whats.iter().map(|what| format!("Problem: The API client {}: {what}\n", client.trim_end())).collect();
        assert_eq!(records(&desk), (7, format!("Problem: 1 API client: {damages} found\n  {RECORDS}\n{told}")), "{sql}");
    }
}

#[test]
fn of_each_damage_twenty_records_are_told_and_the_rest_is_counted() {
    let desk = Desk::new();
    let rows: String = (10..35).map(|number| format!("Cat,Cole,cat{number}@education.gov.uk,no\n")).collect();
    fs::write(desk.path("people.csv"), format!("first_name,last_name,email,api_user\n{rows}")).unwrap();
    desk.done(&["users", "import", "people.csv", "--yes", "--no-email"]);
    desk.add_organisation("ALPHA", "Alpha School");
    desk.kept.execute(
        "UPDATE users SET search_text = ''; \
         UPDATE users SET sort_key = (SELECT sort_key FROM organisations LIMIT 1) WHERE email LIKE 'cat2%'",
    );
    let (_, found) = records(&desk);
    assert!(found.starts_with("Problem: 25 users: 35 damages found\n"), "{found}");
    let counted = |what: &str| found.lines().filter(|line| line.ends_with(what) && line.starts_with("Problem: The user ")).count();
    let text = "its search text is not that of its names and address";
    assert_eq!((counted(text), counted("its sort key is not that of its names")), (20, 10));
    assert!(found.contains(&format!("Problem: And 5 more users: {text}\n")), "{found}");
}
