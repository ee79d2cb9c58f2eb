//! Servers that hang or fail, senders at the same time, and the order of what goes to one address.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::desk::{Desk, NOW, Ran};
use crate::postfix::free_ports;
use crate::scripted_smtp::{Act, Greeting, Scripted};

/// Less than the ten seconds that a server is given where nothing is configured, and much more than the
/// two of these tests: the machine may be slow.
const TOO_LONG: Duration = Duration::from_secs(8);

fn configure(desk: &Desk, server: &Scripted, more: &str) {
    desk.configure(&format!("{more}[smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\ntimeout = 2\n", server.port));
}

fn add(desk: &Desk, email: &str) -> Ran {
    desk.run(&["users", "add", "--first-name=Ann", "--last-name=Abel", "--email", email, "--api-user=no", "--quiet"])
}

/// Makes it known that the server has failed several times, and that it may be tried again from now on.
fn has_failed(desk: &Desk, server: &Scripted) {
    let now: jiff::Timestamp = NOW.parse().unwrap();
    desk.kept.execute(&format!(
        "INSERT INTO failing_mail_servers (key, failures, next_attempt_at, last_error) VALUES ('127.0.0.1:{}', 3, {}, 'It was down')",
        server.port,
        now.as_millisecond()
    ));
}

/// Id and status of each email, oldest first.
fn emails(desk: &Desk) -> Vec<(String, String)> {
    let listed = desk.done(&["emails", "list", "--format", "plain", "--fields", "id,status"]);
    let mut rows: Vec<_> =
        listed.lines().map(|line| line.split_once('\t').unwrap()).map(|(id, status)| (id.to_owned(), status.to_owned())).collect();
    rows.sort();
    rows
}

fn statuses(desk: &Desk) -> Vec<String> {
    emails(desk).into_iter().map(|(_, status)| status).collect()
}

fn hangs_once(greeting: Greeting) {
    let server = Scripted::start(greeting, |_| Act::Take);
    let desk = Desk::new();
    configure(&desk, &server, "");
    let started = Instant::now();
    let first = add(&desk, "ann@education.gov.uk");
    assert!(started.elapsed() < TOO_LONG, "{:?}", started.elapsed());
    let name = format!("The mail server 127.0.0.1:{}", server.port);
    assert_eq!(first.code, 0, "{first:?}");
    assert!(first.err.contains(&format!("Warning: {name} did not answer within 2 seconds. The email stays queued.")), "{first:?}");
    for number in 0..40 {
        let next = add(&desk, &format!("ann{number}@education.gov.uk"));
        assert_eq!(next.code, 0, "{next:?}");
    }
    assert_eq!(server.seen(|seen| seen.connections), 1);
    assert_eq!(statuses(&desk), vec!["queued"; 41]);
    assert_eq!(desk.count("SELECT count(*) FROM users"), 41);

    // Somebody who insists waits once more, and so does the first command after its time.
    let id = emails(&desk)[0].0.clone();
    let retried = desk.run(&["emails", "retry", &id]);
    assert_eq!(retried.code, 7, "{retried:?}");
    desk.at("2025-12-11T14:20:00Z");
    assert_eq!(desk.run(&["emails", "send"]).code, 7);
    assert_eq!(add(&desk, "bea@education.gov.uk").code, 0);
    assert_eq!(server.seen(|seen| seen.connections), 3);
}

#[test]
fn a_server_that_hangs_is_waited_for_once_and_not_by_forty_adds_in_a_row() {
    hangs_once(Greeting::Silence);
}

#[test]
fn a_server_that_drips_is_held_to_the_time_of_the_whole_conversation() {
    hangs_once(Greeting::Drip);
}

#[test]
fn a_password_command_that_hangs_counts_into_the_same_time() {
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    let desk = Desk::new();
    configure(&desk, &server, "");
    let path = desk.path(".config/frontdesk/config.toml");
    let text = std::fs::read_to_string(&path).unwrap() + "username = \"desk\"\npassword_command = \"exec sleep 600 # hunter2\"\n";
    std::fs::write(&path, text).unwrap();
    let started = Instant::now();
    let added = add(&desk, "ann@education.gov.uk");
    assert!(started.elapsed() < TOO_LONG, "{:?}", started.elapsed());
    assert_eq!(added.code, 0, "{added:?}");
    assert!(!added.err.contains("hunter2"), "{added:?}");
    assert_eq!((statuses(&desk), server.seen(|seen| seen.connections)), (vec!["queued".to_owned()], 0));
}

#[test]
fn delivery_later_does_not_try() {
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    let desk = Desk::new();
    configure(&desk, &server, "delivery = \"later\"\n");
    assert_eq!(add(&desk, "ann@education.gov.uk").err, "");
    assert_eq!((statuses(&desk), server.seen(|seen| seen.connections)), (vec!["queued".to_owned()], 0));
    assert_eq!(desk.run(&["emails", "send"]).err, "Success: 1 email sent\n");
    assert_eq!(server.seen(|seen| (seen.connections, seen.taken.len())), (1, 1));
}

/// Every third message fails, each time in another way.
fn every_third(number: usize) -> Act {
    match number % 12 {
        3 => Act::PutOff,
        6 => Act::PutOffMessage,
        9 => Act::Close,
        0 => Act::HangUp,
        _ => Act::Take,
    }
}

#[test]
fn the_emails_of_a_hundred_users_go_out_once_each_with_two_senders_and_a_server_that_fails_every_third_time() {
    let server = Scripted::start(Greeting::Proper, every_third);
    let desk = Desk::new();
    configure(&desk, &server, "delivery = \"later\"\n");
    for number in 0..100 {
        assert_eq!(add(&desk, &format!("ann{number}@education.gov.uk")).code, 0);
    }
    for day in 11..31 {
        desk.at(format!("2025-12-{day}T15:00:00Z").leak());
        let start = || desk.command(&["emails", "send"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let senders = [start(), start()];
        for sender in senders {
            let ended = sender.wait_with_output().unwrap();
            assert!(matches!(ended.status.code(), Some(0 | 8)), "{ended:?}");
        }
        if desk.count("SELECT count(*) FROM emails WHERE status <> 'sent'") == 0 {
            break;
        }
    }
    assert_eq!(statuses(&desk), vec!["sent"; 100]);
    let mut ids: Vec<String> = server.seen(|seen| {
        let id = |message: &String| message.lines().find(|line| line.starts_with("Message-ID: ")).unwrap().to_owned();
        seen.taken.iter().map(id).collect()
    });
    ids.sort();
    let taken = ids.len();
    ids.dedup();
    assert_eq!((taken, ids.len()), (100, 100));
    assert!(server.seen(|seen| seen.offered) > 140);
}

#[test]
fn many_emails_go_over_one_connection() {
    let server = Scripted::start(Greeting::Proper, |number| if number == 2 { Act::Refuse } else { Act::Take });
    let desk = Desk::new();
    configure(&desk, &server, "delivery = \"later\"\n");
    for number in 0..10 {
        desk.add("Ann", "Abel", &format!("ann{number}@education.gov.uk"));
    }
    let sent = desk.run(&["emails", "send"]);
    assert_eq!(sent.code, 8, "{sent:?}");
    assert!(sent.err.contains("550 5.1.1 No \u{FFFD}[31msuch person"), "{sent:?}");
    assert!(sent.err.ends_with("Success: 9 emails sent\n"), "{sent:?}");
    assert_eq!(server.seen(|seen| (seen.connections, seen.taken.len())), (1, 9));
}

#[test]
fn an_email_waits_for_an_older_one_to_the_same_address() {
    let server = Scripted::start(Greeting::Proper, |number| if number == 1 { Act::PutOff } else { Act::Take });
    let desk = Desk::new();
    configure(&desk, &server, "");
    add(&desk, "ann@education.gov.uk");
    // The notice to the old address stands behind nothing; sign-in details that were overtaken go.
    desk.done(&["users", "edit", "ann@education.gov.uk", "--email=bea@education.gov.uk"]);
    assert_eq!(statuses(&desk), ["cancelled", "sent", "sent"]);

    let third = Scripted::start(Greeting::Proper, |number| if number <= 2 { Act::PutOff } else { Act::Take });
    let desk = Desk::new();
    configure(&desk, &third, "delivery = \"later\"\n");
    add(&desk, "dot@education.gov.uk");
    desk.done(&["users", "delete", "dot@education.gov.uk", "--yes"]);
    configure(&desk, &third, "");
    // The removal is put off; a new invitation to the same address waits behind it.
    assert_eq!(desk.run(&["emails", "send"]).code, 8);
    let again = add(&desk, "dot@education.gov.uk");
    assert!(
        again.err.contains("Warning: The email to dot@education.gov.uk waits: an older one to the same address goes first. "),
        "{again:?}"
    );
    assert_eq!(statuses(&desk), ["cancelled", "queued", "queued"]);
    let ids: Vec<String> = emails(&desk).into_iter().map(|(id, _)| id).collect();
    let newer = desk.run(&["emails", "retry", &ids[2]]);
    assert_eq!(newer.code, 5, "{newer:?}");
    assert!(newer.err.contains(&format!("frontdesk emails retry {}", ids[1])), "{newer:?}");
    assert_eq!(desk.run(&["emails", "send"]).code, 0);
    assert_eq!(server_offered(&third), 1);
    desk.at("2025-12-11T15:00:00Z");
    assert_eq!(desk.run(&["emails", "send"]).code, 8);
    desk.at("2025-12-11T16:00:00Z");
    assert_eq!(desk.run(&["emails", "send"]).err, "Success: 2 emails sent\n");
    let subjects: Vec<String> = third.seen(|seen| {
        let subject = |message: &String| message.lines().find(|line| line.starts_with("Subject: ")).unwrap().to_owned();
        seen.taken.iter().map(subject).collect()
    });
    assert!(subjects[0].contains("removed") && subjects[1].contains("Invitation"), "{subjects:?}");
}

fn server_offered(server: &Scripted) -> usize {
    server.seen(|seen| seen.offered)
}

#[test]
fn a_claim_keeps_others_away_and_a_cancelled_email_on_its_way_keeps_its_successor_waiting() {
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    let desk = Desk::new();
    configure(&desk, &server, "delivery = \"later\"\n");
    add(&desk, "ann@education.gov.uk");
    // Another run has it for five more minutes.
    let until: jiff::Timestamp = "2025-12-11T14:18:00Z".parse().unwrap();
    desk.kept.execute(&format!("UPDATE emails SET claimed_by = 'another run', claimed_until = {}", until.as_millisecond()));
    let nothing_now = "There are no emails to send now: 1 email is queued, and another run is delivering the next.\n";
    assert!(desk.run(&["emails", "send"]).err.starts_with(nothing_now));
    let id = emails(&desk)[0].0.clone();
    assert_eq!(desk.run(&["emails", "retry", &id]).code, 5);
    desk.done(&["users", "delete", "ann@education.gov.uk", "--yes"]);
    assert_eq!(statuses(&desk), ["cancelled", "queued"]);
    assert_eq!(desk.run(&["emails", "send"]).code, 0);
    assert_eq!(server_offered(&server), 0);
    desk.at("2025-12-11T14:18:00Z");
    assert_eq!(desk.run(&["emails", "send"]).err, "Success: 1 email sent\n");
    assert_eq!(statuses(&desk), ["cancelled", "sent"]);
}

#[test]
fn what_was_refused_is_queued_again_unless_it_is_no_longer_true() {
    let server = Scripted::start(Greeting::Proper, |number| if number <= 2 { Act::Refuse } else { Act::Take });
    let desk = Desk::new();
    configure(&desk, &server, "");
    add(&desk, "ann@education.gov.uk");
    add(&desk, "bea@education.gov.uk");
    let ids: Vec<String> = emails(&desk).into_iter().map(|(id, _)| id).collect();
    assert_eq!(statuses(&desk), ["refused", "refused"]);
    desk.done(&["users", "edit", "bea@education.gov.uk", "--email=bess@education.gov.uk", "--no-email"]);
    let overtaken = desk.run(&["emails", "retry", &ids[1]]);
    assert_eq!(overtaken.code, 6, "{overtaken:?}");

    configure(&desk, &server, "delivery = \"later\"\n");
    let later = desk.json(&["emails", "retry", &ids[0]]);
    assert_eq!((&later["result"], &later["email"]["status"]), (&"updated".into(), &"queued".into()));
    let entries = desk.count("SELECT count(*) FROM activity");
    let retried = desk.run(&["emails", "retry", &ids[0], "--quiet"]);
    assert_eq!(retried.code, 0, "{retried:?}");
    assert_eq!(statuses(&desk), ["sent", "refused"]);
    assert_eq!(desk.count("SELECT count(*) FROM activity"), entries);
    assert_eq!(desk.run(&["emails", "retry", &ids[0]]).code, 6);
    assert_eq!(desk.run(&["emails", "retry", "nothing"]).code, 4);
}

#[test]
fn what_sends_no_email_does_not_mind_a_broken_mail_configuration() {
    let desk = Desk::new();
    desk.configure("[smtp]\nhost = \"127.0.0.1\"\nusername = \"desk\"\npassword_file = \"~/nowhere\"\n");
    let answers = ["--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no"];
    assert_eq!(desk.run(&[&["users", "add"][..], &answers].concat()).code, 7);
    assert_eq!(desk.run(&["users", "list"]).out, "There are no users.\n");
    desk.done(&[&["users", "add", "--no-email"][..], &answers].concat());
    desk.done(&["sign-in", "record", "--email=ann@education.gov.uk"]);
    desk.done(&["service", "set", "page-size", "30"]);
    desk.done(&["users", "delete", "ann@education.gov.uk", "--yes", "--no-email"]);
}

#[test]
fn a_server_that_is_down_for_long_is_tried_again_at_least_once_an_hour() {
    let desk = Desk::new();
    let [nobody] = free_ports();
    desk.configure(&format!("delivery = \"later\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {nobody}\nsecurity = \"none\"\n"));
    let pauses = [
        ("2025-12-11T14:13:00Z", "60 seconds"),
        ("2025-12-11T14:14:00Z", "4 minutes"),
        ("2025-12-11T14:18:00Z", "16 minutes"),
        ("2025-12-11T14:34:00Z", "60 minutes"),
        ("2025-12-11T15:34:00Z", "60 minutes"),
    ];
    for (try_number, (now, pause)) in pauses.into_iter().enumerate() {
        // Each email waits longer for its own next time: there is a new one for each try of the server, and
        // one for the run that does not try it.
        desk.at(now);
        for number in 0..2 {
            assert_eq!(add(&desk, &format!("ann{try_number}.{number}@education.gov.uk")).code, 0);
        }
        let down = desk.run(&["emails", "send"]);
        assert!(down.code == 7 && !down.err.contains("it is not tried again"), "{now}: {down:?}");
        let held = desk.run(&["emails", "send"]);
        let words = format!("the connection was refused; it is not tried again for {pause}\n");
        assert!(held.code == 7 && held.err.contains(&words), "{now}: {held:?}");
    }
}

#[test]
fn a_server_that_refuses_an_email_works_again() {
    let server = Scripted::start(Greeting::Proper, |number| if number == 1 { Act::Refuse } else { Act::Take });
    let desk = Desk::new();
    configure(&desk, &server, "delivery = \"later\"\n");
    add(&desk, "ann@education.gov.uk");
    has_failed(&desk, &server);
    assert_eq!(desk.run(&["emails", "send"]).code, 8);
    // Nobody waits for its time any more.
    configure(&desk, &server, "");
    assert_eq!(add(&desk, "bea@education.gov.uk").err, "");
    assert_eq!(statuses(&desk), ["refused", "sent"]);
}

#[test]
fn a_turn_at_a_failing_server_that_found_no_email_to_try_is_there_for_the_next() {
    let server = Scripted::start(Greeting::Proper, |_| Act::Take);
    for delivery in ["", "delivery = \"later\"\n"] {
        let desk = Desk::new();
        configure(&desk, &server, "delivery = \"later\"\n");
        add(&desk, "ann@education.gov.uk");
        // The removal is put off, and so a new invitation to the same address stands behind it.
        desk.done(&["users", "delete", "ann@education.gov.uk", "--yes"]);
        let later: jiff::Timestamp = "2025-12-12T09:00:00Z".parse().unwrap();
        desk.kept.execute(&format!("UPDATE emails SET next_attempt_at = {} WHERE status = 'queued'", later.as_millisecond()));
        has_failed(&desk, &server);
        configure(&desk, &server, delivery);
        assert_eq!(add(&desk, "ann@education.gov.uk").code, 0);
        assert_eq!(desk.run(&["emails", "send"]).code, 0);
        assert_eq!(statuses(&desk), ["cancelled", "queued", "queued"]);
        configure(&desk, &server, "");
        assert_eq!(add(&desk, "bea@education.gov.uk").err, "", "{delivery}");
        assert_eq!(statuses(&desk), ["cancelled", "queued", "queued", "sent"]);
    }
}
