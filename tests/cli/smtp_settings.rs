//! `[smtp]` as a person gets it right and wrong, and `emails test` without it.

use crate::desk::{Desk, ran};

const ADD: [&str; 6] = ["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no"];

#[test]
fn whoami_shows_the_mail_server_and_never_the_password() {
    let desk = Desk::new();
    desk.configure("[smtp]\nhost = \"smtp.example.com\"\nusername = \"desk\"\npassword_command = \"echo hunter2\"\n");
    let told = desk.run_with(&[("FRONTDESK_SMTP_PASSWORD", "hunter3")], &["whoami", "--format", "plain", "--verbose"]);
    let file = "~/.config/frontdesk/config.toml";
    for line in [
        format!("smtp_host\tsmtp.example.com\t{file}\n"),
        "smtp_port\t587\tdefault\n".to_owned(),
        "smtp_security\tstarttls\tdefault\n".to_owned(),
        format!("smtp_username\tdesk\t{file}\n"),
        "smtp_timeout\t10\tdefault\n".to_owned(),
    ] {
        assert!(told.out.contains(&line), "{line}: {told:?}");
    }
    assert!(!format!("{told:?}").contains("hunter"), "{told:?}");
}

#[test]
fn mistakes_are_told_with_file_and_line_before_anything_is_changed() {
    let desk = Desk::new();
    let place = |line: u32| format!("Error: Configuration file ~/.config/frontdesk/config.toml, line {line}: ");
    for (configuration, line, message) in [
        ("[smtp]\nhots = \"a\"\n", 2, "unknown key ‘hots’\nDid you mean ‘host’?\n"),
        ("[smtp]\nhost = \"localhost\"\nport = 99999\n", 3, "‘port’ must be a whole number from 1 to 65535, without quotes\n"),
        (
            "[smtp]\nhost = \"localhost\"\nusername = \"desk\"\npassword_file = \"secret\"\n",
            4,
            "the password file ~/.config/frontdesk/secret cannot be read: entity not found\n\
             Nothing was changed. Correct ‘password_file’, or give the password another way.\n",
        ),
        (
            "[smtp]\nhost = \"localhost\"\nca_file = \"~/ca.pem\"\n",
            3,
            "the certificate file ~/ca.pem cannot be read: entity not found\n\
             Nothing was changed. Correct ‘ca_file’, or leave it out to trust the system’s certificates.\n",
        ),
    ] {
        desk.configure(configuration);
        assert_eq!(desk.run(&ADD), ran(7, "", &format!("{}{message}", place(line))));
    }
    let remote = "[smtp]\nhost = \"smtp.example.com\"\nsecurity = \"none\"\n";
    desk.configure(remote);
    assert_eq!(desk.run(&["users", "list"]).code, 7);
    assert!(desk.kept.is_new());
}

#[test]
fn a_password_command_is_run_by_what_delivers_and_by_nothing_else() {
    let desk = Desk::new();
    desk.configure(
        "[smtp]\nhost = \"127.0.0.1\"\nport = 1\nsecurity = \"none\"\nusername = \"desk\"\npassword_command = \"touch ran; echo hunter2 >&2; exit 3\"\n",
    );
    for command in [&["--version"][..], &["users", "list"], &["whoami"]] {
        desk.done(command);
    }
    desk.run(&[&ADD[..], &["--dry-run"]].concat());
    assert!(!desk.path("ran").exists());
    let added = desk.run(&ADD);
    assert_eq!(added.code, 0, "{added:?}");
    assert!(desk.path("ran").exists());
    let words =
        "cannot be logged in to: the password command failed (exit status: 3) (Configuration file ~/.config/frontdesk/config.toml, line 6)";
    assert!(added.err.contains(words), "{added:?}");
    let tested = desk.run(&["emails", "test", "ann@education.gov.uk", "--verbose"]);
    assert_eq!(tested.code, 7, "{tested:?}");
    assert!(!format!("{added:?}{tested:?}").contains("hunter"), "{tested:?}");
}

#[test]
fn without_a_mail_server_a_test_says_where_emails_go() {
    let desk = Desk::new();
    let told = "No mail server is configured, so nothing was sent: emails are written to ~/.local/share/frontdesk/emails\n";
    assert_eq!(desk.run(&["emails", "test", "ann@example.com"]), ran(0, "", told));
    assert_eq!(
        desk.run(&["emails", "test", "ann"]),
        ran(3, "", "Error: There is a problem\n  ADDRESS  Enter an email address in the correct format, like name@example.com\n")
    );
    assert!(!desk.emails().exists());
}
