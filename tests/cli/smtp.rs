//! Emails through a real mail server.

use std::path::Path;

use mailparse::{MailHeaderMap as _, parse_mail};

use crate::desk::{Desk, Ran};
use crate::postfix::{PASSWORD, Postfix, free_ports};

fn add(desk: &Desk, email: &str, more: &[&str]) -> Ran {
    let command = ["users", "add", "--first-name=Zoë", "--last-name=O’Brien", "--email", email, "--api-user=no", "--quiet"];
    desk.run(&[&command[..], more].concat())
}

/// The configuration for this port, with certificates that are trusted.
fn smtp(port: u16, security: &str, authority: &Path, more: &str) -> String {
    let authority = authority.display();
    format!("[smtp]\nhost = \"localhost\"\nport = {port}\nsecurity = \"{security}\"\nca_file = \"{authority}\"\ntimeout = 20\n{more}")
}

/// The status and last error of the only email.
fn fate(desk: &Desk) -> (String, i64, String) {
    let emails = desk.json(&["emails", "list"]);
    assert_eq!(emails["total"], 1);
    let email = &emails["emails"][0];
    let text = |key: &str| email[key].as_str().unwrap_or_default().to_owned();
    (text("status"), email["attempts"].as_i64().unwrap(), text("last_error"))
}

fn said(ran: &Ran, words: &str) {
    assert!(ran.err.contains(words), "{words}: {ran:?}");
    assert!(!format!("{ran:?}").contains(PASSWORD), "{ran:?}");
}

#[test]
fn starttls_and_a_login_bring_the_invitation_to_its_mailbox() {
    let Some(server) = Postfix::start() else { return };
    let desk = Desk::new();
    std::fs::write(desk.path("secret"), format!("{PASSWORD}\n")).unwrap();
    desk.configure(&smtp(server.starttls, "starttls", &server.authority(), "username = \"desk\"\npassword_file = \"~/secret\"\n"));
    let command = ["users", "add", "--first-name=Zoë", "--last-name=O’Brien", "--email=zoe@education.gov.uk", "--api-user=no"];
    let added = desk.run(&command);
    assert_eq!(added.code, 0, "{added:?}");
    said(&added, "Success: User added\nEmail sent to zoe@education.gov.uk\n");
    assert_eq!(desk.email_files(), [""; 0].map(std::path::PathBuf::from));
    assert_eq!(fate(&desk), ("sent".to_owned(), 1, String::new()));

    let mail = server.mail(1);
    assert_eq!(mail.len(), 1);
    let message = parse_mail(&mail[0]).unwrap();
    let header = |name: &str| message.headers.get_first_value(name).unwrap();
    let shown = desk.json(&["emails", "list"]);
    let email = &shown["emails"][0];
    assert_eq!(header("Subject"), "Invitation to join Register of training providers");
    assert_eq!(header("Subject"), email["subject"]);
    assert_eq!(header("From"), "\"Register of training providers\" <becomingateacher@digital.education.gov.uk>");
    assert_eq!(header("To"), "Zoë O’Brien <zoe@education.gov.uk>");
    assert_eq!(header("Message-ID"), email["message_id"]);
    assert_eq!(header("Return-Path"), "<becomingateacher@digital.education.gov.uk>");
    assert_eq!(message.get_body().unwrap().replace("\r\n", "\n").trim_end(), email["text"].as_str().unwrap().trim_end());
}

#[test]
fn tls_from_the_start_with_a_password_command_and_another_sender() {
    let Some(server) = Postfix::start() else { return };
    let desk = Desk::new();
    let login = format!("username = \"desk\"\npassword_command = \"echo {PASSWORD}\"\nfrom = \"desk@digital.education.gov.uk\"\n");
    desk.configure(&smtp(server.tls, "tls", &server.authority(), &login));
    let added = add(&desk, "zoe@education.gov.uk", &["--require-delivery"]);
    assert_eq!(added.code, 0, "{added:?}");
    let mail = server.mail(1);
    let message = parse_mail(&mail[0]).unwrap();
    let header = |name: &str| message.headers.get_first_value(name).unwrap();
    assert_eq!(header("From"), "\"Register of training providers\" <desk@digital.education.gov.uk>");
    assert_eq!(header("Reply-To"), "becomingateacher@digital.education.gov.uk");
    assert_eq!(header("Return-Path"), "<desk@digital.education.gov.uk>");
}

#[test]
fn a_wrong_password_is_the_servers_failure_and_is_never_shown() {
    let Some(server) = Postfix::start() else { return };
    let desk = Desk::new();
    desk.configure(&smtp(server.starttls, "starttls", &server.authority(), "username = \"desk\"\n"));
    let missing = add(&desk, "ann@education.gov.uk", &[]);
    assert_eq!(missing.code, 7, "{missing:?}");
    said(&missing, "Configuration file ~/.config/frontdesk/config.toml, line 1: ‘smtp’ has a username and no password");
    assert_eq!(desk.run(&["users", "list"]).out, "There are no users.\n");

    let wrong = [("FRONTDESK_SMTP_PASSWORD", "not-the-password")];
    let command = ["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no"];
    let added = desk.run_with(&wrong, &[&command[..], &["--verbose"]].concat());
    assert_eq!(added.code, 0, "{added:?}");
    said(&added, &format!("Warning: The mail server localhost:{} did not accept the username and password: 535. ", server.starttls));
    said(&added, "The email stays queued. Check ‘username’ and the password of [smtp] in the configuration file.");
    assert!(!added.err.contains("not-the-password"), "{added:?}");
    let (status, attempts, error) = fate(&desk);
    assert_eq!((status.as_str(), attempts), ("queued", 1));
    assert!(error.contains("535") && !error.contains("not-the-password"), "{error}");

    // Nothing is due yet. Then the wrong password fails again; a test with the right one frees the way.
    let held = desk.run_with(&[("FRONTDESK_SMTP_PASSWORD", PASSWORD)], &["emails", "send"]);
    assert_eq!(held.code, 0, "{held:?}");
    desk.at("2025-12-11T14:15:00Z");
    let still = desk.run_with(&wrong, &["emails", "send"]);
    assert_eq!(still.code, 7, "{still:?}");
    let tested = desk.run_with(&[("FRONTDESK_SMTP_PASSWORD", PASSWORD)], &["emails", "test", "bob@education.gov.uk"]);
    assert_eq!(tested.code, 0, "{tested:?}");
    said(&tested, &format!("Success: The mail server localhost:{} took a test email to bob@education.gov.uk\n", server.starttls));
    desk.at("2025-12-11T14:30:00Z");
    let sent = desk.run_with(&[("FRONTDESK_SMTP_PASSWORD", PASSWORD)], &["emails", "send"]);
    assert_eq!((sent.code, sent.err.as_str()), (0, "Success: 1 email sent\n"));
    assert_eq!(server.mail(2).len(), 2);
    let whoami = desk.run_with(&[("FRONTDESK_SMTP_PASSWORD", PASSWORD)], &["whoami", "--verbose"]);
    assert!(!format!("{whoami:?}").contains(PASSWORD));
}

#[test]
fn a_certificate_is_trusted_only_from_its_authority_and_for_its_name() {
    let Some(server) = Postfix::start() else { return };
    let login = "username = \"desk\"\npassword_command = \"echo ".to_owned() + PASSWORD + "\"\n";
    let trusted = smtp(server.tls, "tls", &server.authority(), &login);
    for (port, security) in [(server.starttls, "starttls"), (server.tls, "tls")] {
        let desk = Desk::new();
        let unknown: String = smtp(port, security, &server.authority(), &login)
            .lines()
            .filter(|line| !line.starts_with("ca_file"))
            .map(|line| format!("{line}\n"))
            .collect();
        desk.configure(&unknown);
        let added = add(&desk, "ann@education.gov.uk", &["--require-delivery"]);
        assert_eq!(added.code, 8, "{added:?}");
        said(
            &added,
            &format!("The mail server localhost:{port} has a certificate that is not trusted: invalid peer certificate: UnknownIssuer"),
        );
        assert_eq!(fate(&desk).0, "queued");
    }
    let desk = Desk::new();
    desk.configure(&trusted.replace("\"localhost\"", "\"127.0.0.1\""));
    let misnamed = desk.run(&["emails", "test", "ann@education.gov.uk"]);
    assert_eq!(misnamed.code, 7, "{misnamed:?}");
    said(&misnamed, "has a certificate that is not trusted: invalid peer certificate: certificate not valid for name");
    desk.configure(&trusted);
    assert_eq!(desk.run(&["emails", "test", "ann@education.gov.uk"]).code, 0);
    // Encryption that is not there is not done without.
    desk.configure(&smtp(server.plain, "starttls", &server.authority(), &login));
    let plain = desk.run(&["emails", "test", "ann@education.gov.uk"]);
    assert_eq!(plain.code, 7, "{plain:?}");
    said(&plain, "does not offer STARTTLS");
    assert_eq!(server.mail(1).len(), 1);
}

#[test]
fn a_refused_recipient_is_marked_with_the_servers_words() {
    let Some(server) = Postfix::start() else { return };
    let desk = Desk::new();
    desk.configure(&format!("[smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n", server.plain));
    let added = add(&desk, "refused@education.gov.uk", &[]);
    assert_eq!(added.code, 0, "{added:?}");
    let words = format!(
        "The mail server 127.0.0.1:{} refused the email to refused@education.gov.uk: 550 5.1.1 <refused@education.gov.uk>: Recipient address rejected: No such person here",
        server.plain
    );
    let emails = desk.json(&["emails", "list"]);
    let id = emails["emails"][0]["id"].as_str().unwrap().to_owned();
    said(&added, &format!("Warning: {words}. It is not tried again. To queue it once more: frontdesk emails retry {id}\n"));
    assert_eq!(fate(&desk), ("refused".to_owned(), 1, words.clone()));
    assert!(desk.done(&["emails", "show", &id]).contains(&words));
    assert_eq!(desk.run(&["emails", "send"]).err, "There are no emails to send.\n");

    let again = desk.run(&["emails", "retry", &id]);
    assert_eq!(again.code, 7, "{again:?}");
    said(&again, &words);
    assert_eq!(fate(&desk).1, 2);
    // Others are not held up.
    assert_eq!(add(&desk, "ann@education.gov.uk", &["--require-delivery"]).code, 0);
    assert_eq!(server.mail(1).len(), 1);
}

#[test]
fn a_temporary_refusal_stays_queued_and_waits_longer_each_time() {
    let Some(server) = Postfix::start() else { return };
    let desk = Desk::new();
    desk.configure(&format!("[smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n", server.plain));
    let added = add(&desk, "later@education.gov.uk", &["--require-delivery"]);
    assert_eq!(added.code, 8, "{added:?}");
    said(
        &added,
        "did not take the email to later@education.gov.uk: 451 4.7.1 <later@education.gov.uk>: Recipient address rejected: Come back later. The email stays queued.",
    );
    let next = |desk: &Desk| desk.json(&["emails", "list"])["emails"][0]["next_attempt_at"].as_str().unwrap().to_owned();
    assert_eq!((fate(&desk).0.as_str(), next(&desk).as_str()), ("queued", "2025-12-11T14:14:00Z"));
    desk.at("2025-12-11T14:14:00Z");
    assert_eq!(desk.run(&["emails", "send"]).code, 8);
    assert_eq!((fate(&desk).1, next(&desk).as_str()), (2, "2025-12-11T14:18:00Z"));
    // The server works: what others are sent goes.
    assert_eq!(add(&desk, "ann@education.gov.uk", &["--require-delivery"]).code, 0);
}

#[test]
fn a_server_that_is_down_is_tried_again_in_its_time_over_one_connection() {
    let desk = Desk::new();
    let [nobody] = free_ports();
    desk.configure(&format!("[smtp]\nhost = \"127.0.0.1\"\nport = {nobody}\nsecurity = \"none\"\n"));
    let added = add(&desk, "ann@education.gov.uk", &[]);
    assert_eq!(added.code, 0, "{added:?}");
    said(
        &added,
        &format!("Warning: The mail server 127.0.0.1:{nobody} does not answer: the connection was refused. The email stays queued."),
    );
    for name in ["bea", "cyd"] {
        let held = add(&desk, &format!("{name}@education.gov.uk"), &[]);
        said(&held, "the connection was refused; it is not tried again for 60 seconds. The email stays queued.");
    }
    let attempts = desk.count("SELECT sum(attempts) FROM emails");
    assert_eq!(attempts, 1);
    let down = desk.run(&["emails", "send", "--limit=1"]);
    assert_eq!(down.code, 7, "{down:?}");

    let Some(server) = Postfix::start() else { return };
    desk.configure(&format!("[smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n", server.plain));
    desk.at("2025-12-11T14:14:00Z");
    let one = desk.run(&["emails", "send", "--limit=1"]);
    assert_eq!((one.code, one.err.as_str()), (0, "Success: 1 email sent\n"));
    let rest = desk.run(&["emails", "send"]);
    assert_eq!((rest.code, rest.err.as_str()), (0, "Success: 2 emails sent\n"));
    assert_eq!(server.mail(3).len(), 3);
}
