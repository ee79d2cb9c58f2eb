//! `emails send` with many emails: one connection, servers that take only so many on it, runs that
//! are stopped or killed, runs at the same time, an even pace, and how far it has come.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::desk::{Desk, ran};
use crate::screen::words;
use crate::scripted_smtp::{Act, Greeting, Scripted};
use crate::terminal::{CTRL_C, Setting};

/// A desk with so many queued emails to as many people, and the server that they are to go to.
fn desk_with(emails: u64, server: &Scripted) -> Desk {
    let desk = Desk::new();
    desk.configure(&format!(
        "delivery = \"later\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\ntimeout = 60\n",
        server.port
    ));
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let columns = "notice, user_id, template_id, to_name, to_first_name, status, attempts, next_attempt_at, created_at";
    // The first is the one that was made; the others follow it in their order.
    let copies = format!(
        "WITH RECURSIVE numbers (number) AS (SELECT 2 UNION ALL SELECT number + 1 FROM numbers WHERE number < {emails})
        INSERT INTO emails (id, to_address, {columns})
        SELECT '019b0dc2-0de0-7000-9000-' || substr(CAST(1000000000000 + number AS TEXT), 2), 'ann' || number || '@education.gov.uk', {columns}
        FROM emails, numbers"
    );
    if emails > 1 {
        desk.kept.execute(&copies);
    }
    assert_eq!(queued(&desk), i64::try_from(emails).unwrap());
    desk
}

/// The header of the copy with this number.
fn message_id(number: u64) -> String {
    format!("Message-ID: <019b0dc2-0de0-7000-9000-{number:012}@digital.education.gov.uk>")
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

fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
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
fn more_emails_than_a_page_holds_go_over_one_connection_in_their_order() {
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    let desk = desk_with(1100, &server);
    assert_eq!(desk.run(&["emails", "send"]), ran(0, "", "Success: 1,100 emails sent\n"));
    assert_eq!(server.seen(|seen| (seen.connections, seen.goodbyes, seen.offered)), (1, 1, 1100));
    assert_taken_once(&server, 1100);
    let ids = server.seen(|seen| seen.message_ids());
    let expected: Vec<String> = (2..=1100).map(message_id).collect();
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

const STOPPING: &str = "Stopping after the email on its way. To stop at once, press Ctrl-C again.";
const STOPPED: &str = "Stopped: 12 emails were sent, and what is left stays queued\nTo go on: frontdesk emails send\n";

/// Exactly what the server took is marked, and the next run sends exactly the rest.
fn assert_goes_on(desk: &Desk, server: &Scripted) {
    assert_eq!((sent(desk), claimed(desk), queued(desk)), (12, 0, 18));
    assert_eq!(server.seen(|seen| (seen.taken.len(), seen.connections, seen.goodbyes)), (12, 1, 1));
    assert_eq!(desk.run(&["emails", "send"]), ran(0, "", "Success: 18 emails sent\n"));
    assert_taken_once(server, 30);
}

#[test]
fn ctrl_c_ends_a_run_after_the_email_that_is_on_its_way() {
    let server = Scripted::start(Greeting::Proper, hold_the_twelfth);
    let desk = desk_with(30, &server);
    let mut terminal = Setting::at(&desk).with("NO_COLOR", "1").run(&["emails", "send"]);
    server.wait_until_holding();
    terminal.type_keys(CTRL_C);
    // Whoever pressed it sees at once that it was heard, while the server still says nothing.
    terminal.wait_for(STOPPING);
    server.go_on();
    terminal.wait_for(STOPPED);
    assert_eq!(terminal.finish(), 130);
    let screen = terminal.screen();
    assert!(screen.contains(&format!("^C\n{STOPPING}\n")) && screen.ends_with(STOPPED.trim_end()), "{screen}");
    assert_goes_on(&desk, &server);
}

#[test]
fn a_quiet_run_stops_without_a_word_before_its_end() {
    let server = Scripted::start(Greeting::Proper, hold_the_twelfth);
    let desk = desk_with(30, &server);
    let mut terminal = Setting::at(&desk).run(&["emails", "send", "--quiet"]);
    server.wait_until_holding();
    terminal.type_keys(CTRL_C);
    // The terminal shows this after it has sent the signal.
    terminal.wait_for("^C");
    server.go_on();
    terminal.wait_for(STOPPED);
    assert_eq!((terminal.finish(), terminal.screen().contains(STOPPING)), (130, false));
}

#[test]
fn a_request_to_end_does_the_same() {
    let server = Scripted::start(Greeting::Proper, hold_the_twelfth);
    let desk = desk_with(30, &server);
    let child = start(&desk);
    server.wait_until_holding();
    signal(&child, Signal::TERM);
    server.go_on();
    assert_eq!(desk.read(&child.wait_with_output().unwrap()), ran(130, "", STOPPED));
    assert_goes_on(&desk, &server);
}

#[test]
fn a_second_ctrl_c_does_not_wait_for_a_server_that_hangs() {
    let server = Scripted::start(Greeting::Proper, hold_the_twelfth);
    let desk = desk_with(30, &server);
    let mut child = start(&desk);
    server.wait_until_holding();
    let deadline = Instant::now() + Duration::from_secs(20);
    // Two that come at once are one to the program: whoever insists presses again.
    let status = loop {
        signal(&child, Signal::INT);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(Instant::now() < deadline, "the program waits for the server");
        std::thread::sleep(Duration::from_millis(5));
    };
    assert_eq!(status.code(), Some(130));
    // What became of the twelfth nobody knows: it goes again when its claim has run out.
    assert_eq!((sent(&desk), claimed(&desk)), (11, 1));
}

#[test]
fn a_server_that_hangs_while_the_run_is_stopped_is_told_with_the_stop() {
    let server = Scripted::start(Greeting::Proper, hold_the_twelfth);
    let desk = desk_with(30, &server);
    let path = desk.path(".config/frontdesk/config.toml");
    let quick = std::fs::read_to_string(&path).unwrap().replace("timeout = 60", "timeout = 5");
    std::fs::write(&path, quick).unwrap();
    let child = start(&desk);
    server.wait_until_holding();
    signal(&child, Signal::TERM);
    let hangs = format!("Warning: The mail server 127.0.0.1:{} did not answer within 5 seconds. The email stays queued.", server.port);
    let stopped = STOPPED.replace("12", "11");
    let ended = desk.read(&child.wait_with_output().unwrap());
    assert_eq!(ended, ran(130, "", &format!("{hangs} It is tried again by: frontdesk emails send\n{stopped}")));
    assert_eq!((sent(&desk), claimed(&desk), queued(&desk)), (11, 0, 19));
}

#[test]
fn a_wait_for_the_next_email_ends_with_the_run() {
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    let desk = desk_with(2, &server);
    // With the clock fixed no wait would take any time; this one takes longer than a terminal's patience.
    let setting = Setting::at(&desk).with("FRONTDESK_TEST_NOW", "");
    let mut terminal = setting.run(&["emails", "send", "--per-minute=1", "--verbose"]);
    terminal.wait_for("seconds before the next email");
    terminal.type_keys(CTRL_C);
    terminal.wait_for("Stopped: 1 email was sent, and what is left stays queued To go on: frontdesk emails send");
    // No email is on its way that anybody would have to wait for.
    assert_eq!((terminal.finish(), terminal.screen().contains("Stopping")), (130, false));
    assert_eq!((sent(&desk), claimed(&desk), server.seen(|seen| seen.taken.len())), (1, 0, 1));
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
    // Until its claim has run out, others leave it alone: a minute longer than the server may take.
    assert_eq!(desk.run(&["emails", "send"]), ran(0, "", "Success: 18 emails sent\n"));
    desk.at("2025-12-11T14:14:59Z");
    assert!(desk.run(&["emails", "send"]).err.starts_with("There are no emails to send now"));
    desk.at("2025-12-11T14:16:00Z");
    assert_eq!(desk.run(&["emails", "send"]), ran(0, "", "Success: 1 email sent\n"));
    let mut ids = server.seen(|seen| seen.message_ids());
    assert_eq!((ids.len(), &ids[11], &ids[30]), (31, &message_id(12), &ids[11]));
    ids.pop();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), queued(&desk)), (30, 0));
}

#[test]
fn an_email_that_cannot_be_read_does_not_send_the_one_before_it_twice() {
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    let desk = desk_with(3, &server);
    desk.kept.execute("UPDATE emails SET notice = 'nonsense' WHERE to_address LIKE 'ann2@%'");
    let damaged = "Error: The database ~/.local/share/frontdesk/register.db is damaged: it holds a value that frontdesk never writes\n";
    let hint = "Go back to a copy of the database from before the damage.\n";
    let first = format!("Success: 1 email sent\n{damaged}What is left stays queued. {hint}");
    assert_eq!(desk.run(&["emails", "send"]), ran(7, "", &first));
    assert_eq!(desk.run(&["emails", "send"]), ran(7, "", &format!("{damaged}Nothing was changed. {hint}")));
    assert_eq!((sent(&desk), claimed(&desk), server.seen(|seen| seen.taken.len())), (1, 0, 1));
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

#[test]
fn no_more_than_the_limit_are_sent_or_claimed() {
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    let desk = desk_with(30, &server);
    assert_eq!(desk.run(&["emails", "send", "--limit=7"]), ran(0, "", "Success: 7 emails sent\n"));
    assert_eq!((sent(&desk), claimed(&desk), server.seen(|seen| seen.taken.len())), (7, 0, 7));
}

#[test]
fn so_many_a_minute_are_spread_evenly_over_it() {
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    let desk = desk_with(6, &server);
    let waits = |more: &[&str]| {
        let run = desk.run(&[&["emails", "send", "--verbose", "--per-minute=40"], more].concat());
        assert_eq!(run.code, 0, "{run:?}");
        run.err.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let wait = "Waiting 1.5 seconds before the next email";
    assert_eq!(waits(&["--limit=2"]), [wait, "Success: 2 emails sent"]);
    assert_eq!((sent(&desk), claimed(&desk)), (2, 0));
    assert_eq!(waits(&[]), [wait, wait, wait, "Success: 4 emails sent"]);
    assert_eq!(server.seen(|seen| (seen.connections, seen.taken.len())), (2, 6));
}

#[test]
fn a_number_that_no_run_could_keep_to_is_told_with_those_that_are_right() {
    let desk = Desk::new();
    for flag in ["--per-minute", "--limit"] {
        for number in ["0", "-1", "-1.5", "1.5", "1000000001", "99999999999999999999", "x"] {
            let message = format!("Error: Invalid value '{number}' for '{flag} <N>': enter a whole number from 1 to 1000000000");
            for sent in [desk.run(&["emails", "send", flag, number]), desk.run(&["emails", "send", &format!("{flag}={number}")])] {
                assert_eq!((sent.code, sent.err.lines().next()), (2, Some(message.as_str())));
            }
        }
        assert_eq!(desk.run(&["emails", "send", flag, "1000000000"]).code, 0);
    }
}

/// How far the run of this many emails had come, as it was told at a terminal.
fn told(emails: u64, arguments: &[&str]) -> String {
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    let desk = desk_with(emails, &server);
    let mut terminal = Setting::at(&desk).with("NO_COLOR", "1").run(&[&["emails", "send"], arguments].concat());
    assert_eq!((terminal.finish(), queued(&desk)), (0, 0));
    let left_on_screen = terminal.screen();
    assert!(!left_on_screen.contains('['), "{left_on_screen}");
    String::from_utf8(terminal.bytes).unwrap()
}

#[test]
fn a_long_run_at_a_terminal_shows_how_far_it_has_come() {
    for columns in [80, 40] {
        let server = Scripted::start(Greeting::Proper, |number| if number == 75 { Act::Hold } else { Act::Take });
        let desk = desk_with(150, &server);
        let mut terminal = Setting::at(&desk).columns(columns).run(&["emails", "send"]);
        terminal.wait_for("of 150 emails");
        server.wait_until_holding();
        assert!(terminal.screen().contains('['), "{}", terminal.screen());
        assert!(!terminal.picture().row_wrapped(0), "the bar is wider than the terminal: {}", terminal.screen());
        server.go_on();
        terminal.wait_for("Success: 150 emails sent");
        assert_eq!(terminal.finish(), 0);
        assert_eq!(terminal.screen(), "Success: 150 emails sent");
    }

    // A short run, a quiet one and one that is not seen show nothing.
    assert_eq!(told(5, &[]), "Success: 5 emails sent\r\n");
    assert_eq!(told(150, &["--quiet"]), "");
    // One that takes its time is long however few there are.
    assert!(told(5, &["--per-minute=6"]).contains("of 5 emails"));
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    let desk = desk_with(150, &server);
    let errors = desk.path("errors");
    let mut terminal = Setting::at(&desk).errors_to(&errors).run(&["emails", "send"]);
    assert_eq!((terminal.finish(), terminal.screen().as_str()), (0, ""));
    assert_eq!(std::fs::read_to_string(&errors).unwrap(), "Success: 150 emails sent\n");
}

#[test]
fn many_emails_that_are_written_to_files_are_not_named_one_by_one() {
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    let desk = desk_with(100, &server);
    desk.configure("delivery = \"later\"\n");
    let sent = desk.line("emails send");
    assert_eq!(sent, ran(0, "", "Emails written to ~/.local/share/frontdesk/emails\nSuccess: 100 emails sent\n"));
    assert_eq!(desk.letters().len(), 100);
}

#[test]
fn in_accessible_mode_plain_lines_tell_how_far_a_run_has_come() {
    let lines: String = [15, 30, 45, 60, 75, 90, 105, 120, 135].map(|done| format!("{done} of 150 emails\r\n")).concat();
    assert_eq!(told(150, &["--accessible"]), format!("{lines}Success: 150 emails sent\r\n"));
}

#[test]
fn what_goes_wrong_in_a_long_run_is_told_above_the_bar() {
    let server = Scripted::start(Greeting::Proper, |number| if number == 20 { Act::Refuse } else { Act::Take });
    let desk = desk_with(150, &server);
    let mut terminal = Setting::at(&desk).run(&["emails", "send"]);
    assert_eq!(terminal.finish(), 8);
    let screen = words(&terminal.screen());
    let refused = format!("Warning: The mail server 127.0.0.1:{} refused the email to ann20", server.port);
    assert!(screen.starts_with(&refused) && screen.ends_with("Success: 149 emails sent"), "{screen}");
}
