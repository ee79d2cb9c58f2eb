//! `emails send` with many emails: one connection, servers that take only so many on it, runs that
//! are killed, and runs at the same time.

use std::process::{Child, Stdio};

use crate::desk::{Desk, ran};
use crate::scripted_smtp::{Act, Greeting, Scripted};

/// A desk with so many queued emails to as many people, and the server that they are to go to.
fn desk_with(emails: u64, server: &Scripted) -> Desk {
    let desk = Desk::new();
    desk.configure(&format!(
        "delivery = \"later\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\ntimeout = 60\n",
        server.port
    ));
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let columns = "notice, user_id, from_name, from_address, to_name, subject, text, status, attempts, next_attempt_at, created_at";
    // The first is the one that was made; the others follow it in their order.
    let copies = format!(
        "WITH RECURSIVE numbers (number) AS (SELECT 2 UNION ALL SELECT number + 1 FROM numbers WHERE number < {emails})
        INSERT INTO emails (id, to_address, message_id, {columns})
        SELECT printf('019b0dc2-0de0-7000-9000-%012x', number), 'ann' || number || '@education.gov.uk',
            '<copy' || number || '@example.com>', {columns}
        FROM emails, numbers"
    );
    if emails > 1 {
        desk.open().execute_batch(&copies).unwrap();
    }
    assert_eq!(queued(&desk), i64::try_from(emails).unwrap());
    desk
}

fn queued(desk: &Desk) -> i64 {
    desk.count("SELECT count(*) FROM emails WHERE status = 'queued'")
}

fn sent(desk: &Desk) -> i64 {
    desk.count("SELECT count(*) FROM emails WHERE status = 'sent'")
}

fn claimed(desk: &Desk) -> i64 {
    desk.count("SELECT count(*) FROM emails WHERE claimed_until IS NOT NULL OR claimed_by IS NOT NULL")
}

fn start(desk: &Desk) -> Child {
    desk.command(&["emails", "send"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Each message that the server took, and how often.
fn assert_taken_once(server: &Scripted, emails: usize) {
    let mut ids = server.seen(|seen| seen.message_ids());
    assert_eq!(ids.len(), emails);
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), emails);
}

#[test]
fn a_thousand_emails_go_over_one_connection_in_their_order() {
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    let desk = desk_with(1100, &server);
    assert_eq!(desk.run(&["emails", "send"]), ran(0, "", "Success: 1100 emails sent\n"));
    assert_eq!(server.seen(|seen| (seen.connections, seen.goodbyes, seen.offered)), (1, 1, 1100));
    assert_taken_once(&server, 1100);
    let ids = server.seen(|seen| seen.message_ids());
    let expected: Vec<String> = (2..=1100).map(|number| format!("Message-ID: <copy{number}@example.com>")).collect();
    assert_eq!(ids[1..], expected);
    assert_eq!((queued(&desk), claimed(&desk)), (0, 0));
}

fn after_a_hundred(number: usize, act: Act) -> Act {
    if number.is_multiple_of(101) { act } else { Act::Take }
}

#[test]
fn a_server_that_takes_a_hundred_on_a_connection_gets_the_others_on_the_next() {
    type Acts = fn(usize) -> Act;
    let acts: [(Acts, usize); 3] = [
        (|number| after_a_hundred(number, Act::Close), 1),
        (|number| after_a_hundred(number, Act::Leave), 1),
        (|number| after_a_hundred(number, Act::Enough), 3),
    ];
    for (act, goodbyes) in acts {
        let server = Scripted::start(Greeting::Proper, act);
        let desk = desk_with(250, &server);
        assert_eq!(desk.run(&["emails", "send"]), ran(0, "", "Success: 250 emails sent\n"));
        assert_eq!(server.seen(|seen| (seen.connections, seen.goodbyes)), (3, goodbyes));
        assert_taken_once(&server, 250);
        assert_eq!(desk.count("SELECT max(attempts) FROM emails"), 1);
    }
}

#[test]
fn a_server_that_wants_no_more_on_a_new_connection_either_is_not_asked_for_a_third() {
    let server = Scripted::start(Greeting::Proper, |number| if number == 1 { Act::Take } else { Act::Enough });
    let desk = desk_with(3, &server);
    let run = desk.run(&["emails", "send"]);
    assert_eq!(run.code, 8, "{run:?}");
    assert!(run.err.contains("did not take the email to ann2@education.gov.uk: 452 4.5.3 Too many messages."), "{run:?}");
    assert!(run.err.ends_with("Success: 1 email sent\n"), "{run:?}");
    assert_eq!(server.seen(|seen| (seen.connections, seen.offered, seen.goodbyes)), (2, 4, 2));
    assert_eq!((queued(&desk), claimed(&desk)), (2, 0));
}

#[test]
fn the_emails_of_one_change_go_over_one_connection() {
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    let desk = desk_with(1, &server);
    desk.done(&["emails", "send"]);
    desk.configure(&format!("[smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n", server.port));
    desk.done(&["users", "edit", "ann@education.gov.uk", "--email=bea@education.gov.uk"]);
    assert_eq!(server.seen(|seen| (seen.taken.len(), seen.connections, seen.goodbyes)), (3, 2, 2));
}

/// The twelfth email is on its way for as long as the test wants.
fn hold_the_twelfth(number: usize) -> Act {
    if number == 12 { Act::Hold } else { Act::Take }
}

#[test]
fn a_run_killed_in_the_middle_sends_the_one_email_again_that_was_on_its_way() {
    let server = Scripted::start(Greeting::Proper, hold_the_twelfth);
    let desk = desk_with(30, &server);
    let mut child = start(&desk);
    server.wait_until_holding();
    child.kill().unwrap();
    child.wait().unwrap();
    server.go_on();
    // Until its claim has run out, others leave it alone.
    assert_eq!(desk.run(&["emails", "send"]), ran(0, "", "Success: 18 emails sent\n"));
    desk.at("2025-12-11T14:16:00Z");
    assert_eq!(desk.run(&["emails", "send"]), ran(0, "", "Success: 1 email sent\n"));
    let mut ids = server.seen(|seen| seen.message_ids());
    assert_eq!((ids.len(), &ids[11], &ids[30]), (31, &"Message-ID: <copy12@example.com>".to_owned(), &ids[11]));
    ids.pop();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), queued(&desk)), (30, 0));
}

#[test]
fn of_two_runs_at_once_each_sends_what_the_other_does_not() {
    let server = Scripted::start(Greeting::Proper, hold_the_twelfth);
    let desk = desk_with(300, &server);
    let first = start(&desk);
    server.wait_until_holding();
    assert_eq!(desk.run(&["emails", "send"]), ran(0, "", "Success: 288 emails sent\n"));
    server.go_on();
    assert_eq!(desk.read(&first.wait_with_output().unwrap()), ran(0, "", "Success: 12 emails sent\n"));
    assert_taken_once(&server, 300);

    // And side by side, with nobody held.
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    let desk = desk_with(300, &server);
    for run in [start(&desk), start(&desk)] {
        let ended = desk.read(&run.wait_with_output().unwrap());
        assert_eq!(ended.code, 0, "{ended:?}");
    }
    assert_taken_once(&server, 300);
    assert_eq!((sent(&desk), claimed(&desk)), (300, 0));
}
