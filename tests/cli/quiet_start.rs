//! Looking starts no machinery for mail, TLS or templates.

use std::process::Command;

use crate::desk::Desk;
use crate::outside::may_trace;

/// The files that a command opens and the sockets that it makes, a line each.
fn trace(desk: &Desk, arguments: &[&str]) -> String {
    let trace = desk.path("trace");
    let command = desk.command(arguments);
    let mut traced = Command::new("strace");
    traced.args(["-f", "-qq", "-s", "4096", "-e", "trace=?open,openat,%network", "-o"]).arg(&trace).arg("--");
    traced.arg(command.get_program()).args(arguments).env("HOME", desk.path("")).current_dir(desk.path(""));
    // As in life, the account is looked up in the system: that could ask the network too.
    traced.env_remove("FRONTDESK_TEST_ACCOUNT").env_remove("FRONTDESK_CONFIG").env_remove("FRONTDESK_DATABASE");
    let output = traced.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    // Only names that somebody chose are looked at, not those that chance gave the home directory.
    std::fs::read_to_string(trace).unwrap().replace(desk.path("").to_str().unwrap(), "~/")
}

#[test]
fn the_version_show_list_and_completion_make_no_network_socket_and_read_no_certificate() {
    if !may_trace() {
        return;
    }
    let desk = Desk::new();
    let id = desk.add("Ann", "Abel", "ann@education.gov.uk");
    let completion = ["__complete", "bash", "3", "--", "frontdesk", "users", "show", ""];
    let looks = [(&["--version"][..], false), (&["users", "show", &id], true), (&["users", "list"], true), (&completion, true)];
    for (arguments, opens_database) in looks {
        let trace = trace(&desk, arguments);
        // The trace sees what it should: the database where it is used, and only there.
        assert_eq!(trace.contains("register.db\""), opens_database, "{arguments:?}: {trace}");
        for line in trace.lines() {
            let lowered = line.to_ascii_lowercase();
            assert!(!lowered.contains("connect(") && !lowered.contains("af_inet"), "{arguments:?}: {line}");
            let suspicious = ["/etc/passwd", "nsswitch", "/ssl", "cert", ".pem", ".crt", "resolv.conf", ".eml", "/emails"];
            assert!(!suspicious.iter().any(|word| lowered.contains(word)), "{arguments:?}: {line}");
        }
    }
}

#[test]
fn only_a_change_composes_and_delivers_emails() {
    let desk = Desk::new();
    let answers = ["--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no"];
    let added = desk.run(&[&["--verbose", "users", "add"][..], &answers].concat());
    assert_eq!(
        added.err,
        "Opening the database ~/.local/share/frontdesk/register.db\n\
         Composed an email to ann@education.gov.uk: Invitation to join Register of training providers\n\
         Created the database ~/.local/share/frontdesk/register.db\n\
         Success: User added\n\
         Email written to ~/.local/share/frontdesk/emails/019b0dc2-0de0-7000-8000-000000000005.eml\n"
    );
    for arguments in [&["users", "list"][..], &["users", "show", "ann@education.gov.uk"]] {
        let looked = desk.run(&[arguments, &["--verbose"]].concat());
        assert_eq!((looked.code, looked.err.as_str()), (0, "Opening the database ~/.local/share/frontdesk/register.db\n"));
    }
}
