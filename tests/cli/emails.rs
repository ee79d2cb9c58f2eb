//! Emails: what each change queues, what the person gets, and the outbox.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use mailparse::{MailAddr, MailHeaderMap as _, addrparse_header, parse_mail};
use serde_json::json;

use crate::desk::{Desk, Ran, ran};

const TO_STATUS_SUBJECT: [&str; 4] = ["emails", "list", "--format=plain", "--fields=to,status,subject"];
const NOTHING_TO_SEND: &str = "There are no emails to send.\n";

/// The id with this number, made at the time that desks begin with.
fn id(number: u64) -> String {
    format!("019b0dc2-0de0-7000-8000-{number:012x}")
}

fn written(number: u64) -> String {
    format!("Email written to ~/.local/share/frontdesk/emails/{}.eml\n", id(number))
}

fn not_written(number: u64) -> String {
    format!(
        "Warning: An email could not be written to ~/.local/share/frontdesk/emails: it is not a directory. \
         The email stays queued. Move the file that is in its place, then run: frontdesk emails retry {}\n",
        id(number)
    )
}

/// A desk whose emails wait for `emails send`.
fn later() -> Desk {
    let desk = Desk::new();
    desk.configure("delivery = \"later\"\n");
    desk
}

fn edit(desk: &Desk, who: &str, email: &str) {
    desk.done(&["users", "edit", who, "--email", email]);
}

fn delete(desk: &Desk, who: &str) {
    desk.done(&["users", "delete", who, "--yes"]);
}

/// Puts a file where the directory of emails would be, so that none can be written.
fn block(desk: &Desk) {
    std::fs::write(desk.emails(), "in the way").unwrap();
}

fn header(file: &Path, name: &str) -> String {
    let bytes = std::fs::read(file).unwrap();
    parse_mail(&bytes).unwrap().headers.get_first_value(name).unwrap_or_else(|| panic!("no {name}"))
}

/// The name and address of a header with one mailbox.
fn mailbox(file: &Path, name: &str) -> (String, String) {
    let bytes = std::fs::read(file).unwrap();
    let message = parse_mail(&bytes).unwrap();
    let addresses = addrparse_header(message.headers.get_first_header(name).unwrap()).unwrap();
    match addresses.as_slice() {
        [MailAddr::Single(single)] => (single.display_name.clone().unwrap_or_default(), single.addr.clone()),
        other => panic!("{name}: {other:?}"),
    }
}

fn body(file: &Path) -> String {
    let bytes = std::fs::read(file).unwrap();
    parse_mail(&bytes).unwrap().get_body().unwrap().replace("\r\n", "\n")
}

#[test]
fn each_change_tells_the_addresses_that_it_concerns() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "old@education.gov.uk");
    edit(&desk, "old@education.gov.uk", "new@education.gov.uk");
    delete(&desk, "new@education.gov.uk");
    assert_eq!(
        desk.run(&TO_STATUS_SUBJECT),
        ran(
            0,
            "new@education.gov.uk\tsent\tYou have been removed from Register of training providers\n\
             old@education.gov.uk\tsent\tYour email address for Register of training providers has changed\n\
             new@education.gov.uk\tsent\tYour email address for Register of training providers has changed\n\
             old@education.gov.uk\tsent\tInvitation to join Register of training providers\n",
            "",
        )
    );
}

#[test]
fn the_new_address_gets_sign_in_details_and_the_old_one_does_not_learn_the_new() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "old@education.gov.uk");
    edit(&desk, "old@education.gov.uk", "new@education.gov.uk");
    let [_invitation, to_new, to_old] = &desk.email_files()[..] else { panic!("{:?}", desk.email_files()) };
    assert_eq!(
        body(to_new),
        "Hello Ann\n\nYour email address for Register of training providers has changed.\n\nTo sign in, go to:\n\
         https://register-of-training-providers.education.gov.uk\n\nSign in with DfE Sign-in, using this email address:\n\
         new@education.gov.uk\n\nThis is the address that this email was sent to. If you use a different one, you may not be able to \
         sign in, or you may not see everything you need.\n\nIf you do not have a DfE Sign-in account, create one with the same email \
         address:\nhttps://profile.signin.education.gov.uk/register\n\nThen come back to this email and sign in.\n\n\
         Email becomingateacher@digital.education.gov.uk if you need help, or if you did not expect this email.\n"
    );
    assert_eq!(
        body(to_old),
        "Hello Ann\n\nYour email address for Register of training providers has changed. This address, old@education.gov.uk, is no \
         longer used for your account.\n\nEmail becomingateacher@digital.education.gov.uk if you did not expect this.\n"
    );
    assert!(!std::fs::read_to_string(to_old).unwrap().contains("new@"));
}

#[test]
fn no_email_is_queued_where_none_is_wanted_or_nothing_changed() {
    let desk = Desk::new();
    let add = ["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no", "--no-email"];
    assert_eq!(desk.json(&add)["emails"], json!([]));
    let quiet: [&[&str]; 5] = [
        &["users", "edit", "ann@education.gov.uk", "--email=abel@education.gov.uk", "--no-email"],
        &["users", "edit", "abel@education.gov.uk", "--email=ABEL@education.gov.uk"],
        &["users", "edit", "abel@education.gov.uk", "--last-name=Baker"],
        &["users", "edit", "abel@education.gov.uk", "--active=no"],
        &["users", "delete", "abel@education.gov.uk", "--yes", "--no-email"],
    ];
    for arguments in quiet {
        assert_eq!(desk.json(arguments)["emails"], json!([]), "{arguments:?}");
    }
    assert_eq!(desk.run(&["emails", "list"]), ran(0, "There are no emails.\n", ""));
    assert_eq!(desk.email_files().len(), 0);
}

#[test]
fn a_dry_run_says_whom_it_would_email_and_queues_and_cancels_nothing() {
    let desk = later();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let trial = desk.run(&["users", "edit", "ann@education.gov.uk", "--email=abel@education.gov.uk", "--dry-run"]);
    assert_eq!(
        trial,
        ran(
            0,
            "Dry run: nothing was stored.\n\nThis would change the user Ann Abel:\n\n  \
             Email address: ann@education.gov.uk → abel@education.gov.uk\n\n\
             This would email: abel@education.gov.uk, Your email address for Register of training providers has changed\n\
             This would email: ann@education.gov.uk, Your email address for Register of training providers has changed\n",
            "",
        )
    );
    let would_queue = |to: &str, subject: &str| json!({ "id": null, "to": to, "subject": subject, "status": "would_queue" });
    assert_eq!(
        desk.json(&["users", "delete", "ann@education.gov.uk", "-n"])["emails"],
        json!([would_queue("ann@education.gov.uk", "You have been removed from Register of training providers")])
    );
    assert_eq!(
        desk.json(&["emails", "resend", "ann@education.gov.uk", "-n"])["emails"],
        json!([would_queue("ann@education.gov.uk", "Invitation to join Register of training providers")])
    );
    desk.done(&["emails", "cancel", &id(5), "--dry-run"]);
    assert_eq!(desk.done(&TO_STATUS_SUBJECT), "ann@education.gov.uk\tqueued\tInvitation to join Register of training providers\n");
}

#[test]
fn an_email_is_a_file_for_its_owner_alone_that_a_mail_program_reads() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let [file] = &desk.email_files()[..] else { panic!("{:?}", desk.email_files()) };
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    for (name, value) in [
        ("From", "Register of training providers <becomingateacher@digital.education.gov.uk>"),
        ("Reply-To", "becomingateacher@digital.education.gov.uk"),
        ("To", "Ann Abel <ann@education.gov.uk>"),
        ("Subject", "Invitation to join Register of training providers"),
        ("Date", "Thu, 11 Dec 2025 14:13:00 +0000"),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Type", "text/plain; charset=utf-8"),
    ] {
        assert_eq!(header(file, name).replace('"', ""), value, "{name}");
    }
    assert_eq!(header(file, "Message-ID"), desk.json(&["emails", "show", &id(5)])["email"]["message_id"].as_str().unwrap());
    assert_eq!(body(file), desk.json(&["emails", "show", &id(5)])["email"]["text"].as_str().unwrap());
}

#[test]
fn names_come_back_from_the_headers_as_they_were_typed() {
    let desk = Desk::new();
    desk.done(&["service", "set", "name", "Café “Train”, <teach>"]);
    desk.add("Seán \"Jack\"", "O’Brien, Smith; \\李", "sean@education.gov.uk");
    let [file] = &desk.email_files()[..] else { panic!("{:?}", desk.email_files()) };
    assert!(std::fs::read(file).unwrap().is_ascii());
    assert_eq!(mailbox(file, "To"), ("Seán \"Jack\" O’Brien, Smith; \\李".to_owned(), "sean@education.gov.uk".to_owned()));
    assert_eq!(mailbox(file, "From"), ("Café “Train”, <teach>".to_owned(), "becomingateacher@digital.education.gov.uk".to_owned()));
    assert_eq!(header(file, "Subject"), "Invitation to join Café “Train”, <teach>");
    assert_eq!(body(file).lines().next(), Some("Hello Seán \"Jack\""));
}

#[test]
fn outside_production_the_subject_says_so() {
    for (environment, subject) in [
        ("staging", "[STAGING] Invitation to join Register of training providers"),
        ("development", "[DEVELOPMENT] Invitation to join Register of training providers"),
    ] {
        let desk = Desk::new();
        desk.done(&["service", "set", "environment", environment]);
        desk.add("Ann", "Abel", "ann@education.gov.uk");
        assert_eq!(header(&desk.email_files()[0], "Subject"), subject);
    }
}

#[test]
fn the_list_is_newest_first_with_pages_and_a_filter_by_status() {
    let desk = later();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.add("Bob", "Baker", "bob@education.gov.uk");
    desk.add("Cy", "Cole", "cy@education.gov.uk");
    desk.done(&["emails", "cancel", &id(0x102)]);
    desk.done(&["emails", "send", "--limit=1"]);
    let (ann, bob, cy) = (id(5), id(0x102), id(0x202));
    let row = |id: &str, to: &str, status: &str| format!("{id}  {to:20}  {status:9}  Invitation to join Register of training providers\n");
    let title = format!("{:36}  {:20}  {:9}  Subject\n", "Id", "To", "Status");
    assert_eq!(
        desk.run(&["emails", "list"]),
        ran(
            0,
            &[
                "Emails (3)\n\n",
                &title,
                &row(&cy, "cy@education.gov.uk", "Queued"),
                &row(&bob, "bob@education.gov.uk", "Cancelled"),
                &row(&ann, "ann@education.gov.uk", "Sent"),
            ]
            .concat(),
            "",
        )
    );
    assert_eq!(
        desk.run(&["emails", "list", "--status=cancelled"]),
        ran(0, &["Emails (1)\n\n", &title, &row(&bob, "bob@education.gov.uk", "Cancelled")].concat(), "")
    );
    assert_eq!(desk.run(&["emails", "list", "--status=refused"]), ran(0, "There are no emails that match the filters.\n", ""));
    assert_eq!(
        desk.run(&["emails", "list", "--per-page=2", "--fields=to"]),
        ran(
            0,
            "Emails (3)\n\nTo\ncy@education.gov.uk\nbob@education.gov.uk\n\nShowing 1 to 2 of 3 results\n\
             Next page: frontdesk emails list --fields to --per-page 2 --page 2\n",
            "Warning: only rows 1 to 2 of 3 were listed. To list them all, use --all or --format csv.\n",
        )
    );
    let unknown = desk.refused(&["emails", "list", "--status=lost"]);
    assert_eq!((&unknown["exit"], &unknown["error"]["code"]), (&json!(2), &json!("usage")));
}

#[test]
fn those_of_one_status_are_listed_newest_first_and_paged_too() {
    let desk = later();
    for name in ["ann", "bob", "cy"] {
        desk.add(name, "Abel", &format!("{name}@education.gov.uk"));
    }
    let queued = "emails list --status queued --format plain --fields to";
    assert_eq!(desk.line(queued), ran(0, "cy@education.gov.uk\nbob@education.gov.uk\nann@education.gov.uk\n", ""));
    assert_eq!(desk.line(&format!("{queued} --per-page 2 --page 2")), ran(0, "ann@education.gov.uk\n", ""));
}

#[test]
fn every_format_lists_the_same_emails() {
    let desk = later();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.add("Bob", "Baker", "bob@education.gov.uk");
    for (format, expected) in [
        ("plain", "bob@education.gov.uk\tqueued\t0\nann@education.gov.uk\tqueued\t0\n"),
        ("csv", "to,status,attempts\r\nbob@education.gov.uk,queued,0\r\nann@education.gov.uk,queued,0\r\n"),
        (
            "jsonl",
            "{\"to\":\"bob@education.gov.uk\",\"status\":\"queued\",\"attempts\":0}\n\
             {\"to\":\"ann@education.gov.uk\",\"status\":\"queued\",\"attempts\":0}\n",
        ),
    ] {
        assert_eq!(desk.run(&["emails", "list", "--format", format, "--fields=to,status,attempts"]), ran(0, expected, ""), "{format}");
    }
    assert_eq!(desk.run(&["emails", "list", "--format=ids"]), ran(0, &format!("{}\n{}\n", id(0x102), id(5)), ""));
    assert_eq!(
        desk.json(&["emails", "list", "--fields=to", "--page=2", "--per-page=1"]),
        json!({ "schema": 1, "emails": [{ "to": "ann@education.gov.uk" }], "total": 2, "page": 2, "pages": 2, "per_page": 1 })
    );
}

#[test]
fn showing_an_email_gives_its_text_and_what_became_of_it() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.at("2025-12-11T15:00:00Z").done(&["users", "delete", "ann@education.gov.uk", "--yes"]);
    let removal = desk.done(&["emails", "list", "--format=ids", "--per-page=1"]);
    let removal = removal.trim_end();
    let text = "Hello Ann\n\nYou have been removed from Register of training providers. You can no longer sign in to it.\n\n\
        Email becomingateacher@digital.education.gov.uk if you think this was a mistake.\n";
    assert_eq!(
        desk.run(&["emails", "show", removal]),
        ran(
            0,
            &format!(
                "Email to ann@education.gov.uk\n\n\
                 To          ann@education.gov.uk\n\
                 Subject     You have been removed from Register of training providers\n\
                 Status      Sent\n\
                 Attempts    1\n\
                 Queued      11 December 2025 at 3pm\n\
                 Sent        11 December 2025 at 3pm\n\
                 Message-ID  <{removal}@digital.education.gov.uk>\n\
                 Id          {removal}\n\n{text}"
            ),
            "",
        )
    );
    assert_eq!(
        desk.json(&["emails", "show", removal]),
        json!({ "schema": 1, "email": {
            "id": removal,
            "to": "ann@education.gov.uk",
            "subject": "You have been removed from Register of training providers",
            "text": text,
            "status": "sent",
            "attempts": 1,
            "next_attempt_at": null,
            "last_error": null,
            "message_id": format!("<{removal}@digital.education.gov.uk>"),
            "created_at": "2025-12-11T15:00:00Z",
            "sent_at": "2025-12-11T15:00:00Z",
        }})
    );
    assert_eq!(
        desk.run(&["emails", "show", "lost"]),
        ran(4, "", "Error: There is no email with the id lost\nTo see every email: frontdesk emails list\n")
    );
}

#[test]
fn a_queued_email_can_be_cancelled_once_and_is_then_not_sent() {
    let desk = later();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let cancelled = desk.run(&["emails", "cancel", &id(5)]);
    assert_eq!((cancelled.code, cancelled.err.as_str()), (0, "Success: Email cancelled\n"));
    assert!(cancelled.out.contains("\nStatus      Cancelled\nAttempts    0\nQueued      11 December 2025 at 2:13pm\n"), "{cancelled:?}");
    let again = desk.run(&["emails", "cancel", &id(5)]);
    assert_eq!((again.code, again.err.as_str()), (0, "This email is cancelled already. Nothing was changed.\n"));
    assert_eq!(desk.json(&["emails", "cancel", &id(5)])["result"], "unchanged");
    assert_eq!(desk.run(&["emails", "send"]), ran(0, "", NOTHING_TO_SEND));
    assert_eq!(
        desk.json(&["activity", "list", "--fields=action"])["entries"],
        json!([{ "action": "email_cancelled" }, { "action": "user_added" }])
    );
}

#[test]
fn an_email_that_has_gone_or_never_was_cannot_be_cancelled() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    assert_eq!(
        desk.run(&["emails", "cancel", &id(5)]),
        ran(
            6,
            "",
            "Error: You cannot cancel this email: it has been sent\n\
             Only queued emails can be cancelled. To see them: frontdesk emails list --status queued\n",
        )
    );
    assert_eq!(
        desk.run(&["emails", "cancel", "lost"]),
        ran(4, "", "Error: There is no email with the id lost\nTo see every email: frontdesk emails list\n")
    );
}

#[test]
fn an_email_that_is_being_delivered_cannot_be_cancelled_until_its_claim_runs_out() {
    let desk = later();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let until: jiff::Timestamp = "2025-12-11T14:15:00Z".parse().unwrap();
    desk.kept.execute(&format!("UPDATE emails SET claimed_by = 'another run', claimed_until = {}", until.as_millisecond()));
    let before = desk.rows();
    let refused = format!(
        "Error: This email is being delivered at this moment\nNothing was changed. See what became of it: frontdesk emails show {}\n",
        id(5)
    );
    assert_eq!(desk.at("2025-12-11T14:14:59Z").run(&["emails", "cancel", &id(5)]), ran(5, "", &refused));
    assert_eq!(desk.rows(), before);
    assert_eq!(desk.at("2025-12-11T14:15:00Z").json(&["emails", "cancel", &id(5)])["email"]["status"], "cancelled");
}

#[test]
fn of_several_that_wait_the_time_of_the_first_is_told() {
    let desk = later();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    block(&desk);
    assert_eq!(desk.run(&["emails", "send"]).code, 8);
    // The second failure of one and the first of the other, which waits less.
    desk.at("2025-12-11T14:14:00Z").add("Bob", "Baker", "bob@education.gov.uk");
    assert_eq!(desk.run(&["emails", "send"]).code, 8);
    let waiting = desk.run(&["emails", "send"]);
    let first = "There are no emails to send now: 2 emails are queued, and the next is tried on 11 December 2025 at 2:15pm.\n";
    assert!(waiting.code == 0 && waiting.err.starts_with(first), "{waiting:?}");
}

#[test]
fn sign_in_details_can_be_sent_again_in_todays_words() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.done(&["service", "set", "name", "Register"]);
    let resent = desk.run(&["emails", "resend", "ANN@education.gov.uk"]);
    assert_eq!(resent.code, 0, "{resent:?}");
    assert_eq!(resent.err, format!("New sign-in details were composed. The user was not changed.\n{}", written(0x201)));
    assert_eq!(
        desk.done(&TO_STATUS_SUBJECT),
        "ann@education.gov.uk\tsent\tInvitation to join Register\n\
         ann@education.gov.uk\tsent\tInvitation to join Register of training providers\n"
    );
}

#[test]
fn sending_again_replaces_an_invitation_that_has_not_gone() {
    let desk = later();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.done(&["emails", "resend", "ann@education.gov.uk"]);
    assert_eq!(
        desk.done(&["emails", "list", "--format=plain", "--fields=id,status"]),
        format!("{}\tqueued\n{}\tcancelled\n", id(0x101), id(5))
    );
}

#[test]
fn nobody_who_could_not_sign_in_is_sent_details_again() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.done(&["users", "edit", "ann@education.gov.uk", "--active=no"]);
    assert_eq!(
        desk.run(&["emails", "resend", "ann@education.gov.uk"]),
        ran(
            6,
            "",
            "Error: You cannot send sign-in details to a user who is not active\n\
             Make the account active first: frontdesk users edit WHO --active yes\n",
        )
    );
    assert_eq!(
        desk.run(&["emails", "resend", "bob@education.gov.uk"]),
        ran(
            4,
            "",
            "Error: There is no user called bob@education.gov.uk\n\
             Give an email address, an id or a sign-in id. To see everybody: frontdesk users list, and frontdesk org users ORG\n",
        )
    );
    assert_eq!(desk.email_files().len(), 1);
}

#[test]
fn what_is_queued_is_sent_oldest_first_and_once() {
    let desk = later();
    assert_eq!(desk.run(&["emails", "send"]), ran(0, "", NOTHING_TO_SEND));
    for name in ["ann", "bob", "cy"] {
        desk.add(name, "Abel", &format!("{name}@education.gov.uk"));
    }
    assert_eq!(desk.email_files().len(), 0);
    let two = [written(0x105), written(0x202), "Success: 2 emails sent\n".to_owned()].concat();
    assert_eq!(desk.run(&["emails", "send", "--limit=2"]), ran(0, "", &two));
    assert_eq!(desk.run(&["emails", "send"]), ran(0, "", &[written(0x302), "Success: 1 email sent\n".to_owned()].concat()));
    assert_eq!(desk.run(&["emails", "send"]), ran(0, "", NOTHING_TO_SEND));
    assert_eq!(desk.email_files().len(), 3);
    let zero = desk.run(&["emails", "send", "--limit=0"]);
    assert_eq!(
        (zero.code, zero.err.lines().next()),
        (2, Some("Error: Invalid value '0' for '--limit <N>': enter a whole number from 1 to 1000000000"))
    );
}

#[test]
fn nobody_to_hear_of_an_email_that_cannot_go_does_not_make_the_run_a_success() {
    let desk = later();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    block(&desk);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let ended = desk.command(&["emails", "send"]).stderr(writer).status().unwrap();
    assert_eq!(ended.code(), Some(8));
}

#[test]
fn what_cannot_be_written_stays_queued_and_is_tried_again_when_its_time_has_come() {
    let desk = later();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    block(&desk);
    assert_eq!(desk.run(&["emails", "send"]), ran(8, "", &not_written(5)));
    let fate = |desk: &Desk| {
        let email = desk.json(&["emails", "show", &id(5), "--fields=status,attempts,last_error,next_attempt_at,sent_at"])["email"].take();
        serde_json::to_string(&email).unwrap().replace(desk.path("").to_str().unwrap(), "~/")
    };
    let error = "An email could not be written to ~/.local/share/frontdesk/emails: it is not a directory";
    let queued = |attempts: u64, next: &str| {
        format!(
            "{{\"status\":\"queued\",\"attempts\":{attempts},\"last_error\":\"{error}\",\"next_attempt_at\":\"{next}\",\"sent_at\":null}}"
        )
    };
    assert_eq!(fate(&desk), queued(1, "2025-12-11T14:14:00Z"));
    assert_eq!(
        desk.at("2025-12-11T14:13:59Z").run(&["emails", "send"]),
        ran(
            0,
            "",
            "There are no emails to send now: 1 email is queued, and the next is tried on 11 December 2025 at 2:14pm.\n\
             To try one at once: frontdesk emails retry ID. To see them: frontdesk emails list --status queued\n"
        )
    );
    assert_eq!(desk.at("2025-12-11T14:14:00Z").run(&["emails", "send"]), ran(8, "", &not_written(5)));
    assert_eq!(fate(&desk), queued(2, "2025-12-11T14:18:00Z"));
    std::fs::remove_file(desk.emails()).unwrap();
    let sent = [written(5), "Success: 1 email sent\n".to_owned()].concat();
    assert_eq!(desk.at("2025-12-11T14:18:00Z").run(&["emails", "send"]), ran(0, "", &sent));
    assert_eq!(
        fate(&desk),
        "{\"status\":\"sent\",\"attempts\":3,\"last_error\":null,\"next_attempt_at\":null,\"sent_at\":\"2025-12-11T14:18:00Z\"}"
    );
    // However late it went, it says when it was written.
    assert_eq!(header(&desk.email_files()[0], "Date"), "Thu, 11 Dec 2025 14:13:00 +0000");
}

#[test]
fn what_could_not_be_written_goes_with_the_command_that_the_warning_names() {
    let desk = Desk::new();
    desk.done(&["service", "set", "page-size", "30"]);
    block(&desk);
    let added = desk.line("users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no");
    let (_, command) = added.err.trim_end().rsplit_once("frontdesk ").unwrap();
    // While it is still in the way, it is told once more.
    assert_eq!(desk.line(command).err.lines().last().unwrap().split_once(": frontdesk ").unwrap().1, command);
    std::fs::remove_file(desk.emails()).unwrap();
    let retried = desk.line(command);
    assert_eq!((retried.code, desk.letters().len()), (0, 1), "{retried:?}");
}

#[test]
fn a_change_whose_email_cannot_be_written_is_done_all_the_same() {
    let desk = Desk::new();
    desk.done(&["service", "set", "page-size", "30"]);
    block(&desk);
    let add = |name: &str, more: &[&str]| -> Ran {
        let email = format!("--email={name}@education.gov.uk");
        desk.run(&[&["users", "add", "--first-name", name, "--last-name=Abel", &email, "--api-user=no", "--format=ids"][..], more].concat())
    };
    assert_eq!(add("ann", &[]), ran(0, &format!("{}\n", id(0x101)), &not_written(0x102)));
    assert_eq!(add("bob", &["--require-delivery"]), ran(8, &format!("{}\n", id(0x201)), &not_written(0x202)));
    assert_eq!(add("cy", &["--require-delivery", "--no-email"]), ran(0, &format!("{}\n", id(0x301)), ""));
    assert_eq!(desk.json(&["users", "list"])["total"], 3);
    assert_eq!(desk.json(&["emails", "list", "--status=queued"])["total"], 2);
}

#[test]
fn emails_that_wait_are_not_delivered_as_far_as_require_delivery_goes() {
    let desk = later();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    assert_eq!(
        desk.run(&["users", "delete", "ann@education.gov.uk", "--yes", "--require-delivery"]),
        ran(8, "", "Success: User deleted\nEmail to ann@education.gov.uk queued. To send what is queued: frontdesk emails send\n")
    );
}

#[test]
fn sign_in_details_that_have_not_gone_are_cancelled_when_they_are_overtaken() {
    let desk = later();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    edit(&desk, "ann@education.gov.uk", "abel@education.gov.uk");
    let changed = "Your email address for Register of training providers has changed";
    assert_eq!(
        desk.done(&TO_STATUS_SUBJECT),
        format!(
            "ann@education.gov.uk\tqueued\t{changed}\nabel@education.gov.uk\tqueued\t{changed}\n\
             ann@education.gov.uk\tcancelled\tInvitation to join Register of training providers\n"
        )
    );
    delete(&desk, "abel@education.gov.uk");
    assert_eq!(
        desk.done(&TO_STATUS_SUBJECT),
        format!(
            "abel@education.gov.uk\tqueued\tYou have been removed from Register of training providers\n\
             ann@education.gov.uk\tqueued\t{changed}\nabel@education.gov.uk\tcancelled\t{changed}\n\
             ann@education.gov.uk\tcancelled\tInvitation to join Register of training providers\n"
        )
    );
}

#[test]
fn a_deletion_that_fails_at_its_last_step_leaves_user_and_invitation_as_they_were() {
    let desk = later();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.kept.fail_at_activity();
    let failed = desk.refused(&["users", "delete", "ann@education.gov.uk", "--yes"]);
    assert_ne!(failed["exit"], 0);
    assert_eq!(desk.count("SELECT count(*) FROM users WHERE deleted_at IS NOT NULL"), 0);
    assert_eq!(desk.run(&["users", "exists", "ann@education.gov.uk"]), ran(0, "", ""));
    assert_eq!(desk.done(&TO_STATUS_SUBJECT), "ann@education.gov.uk\tqueued\tInvitation to join Register of training providers\n");
}

#[test]
fn an_email_that_can_never_go_is_refused_and_holds_up_no_other() {
    let desk = later();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.add("Bob", "Baker", "bob@education.gov.uk");
    desk.kept.execute("UPDATE emails SET to_address = 'nowhere' WHERE to_address LIKE 'ann%'");
    assert_eq!(
        desk.run(&["emails", "send"]),
        ran(
            8,
            "",
            &format!(
                "Warning: An email cannot be sent: the recipient’s address is not an email address. \
                 Another program may have changed it. It is not tried again.\n{}Success: 1 email sent\n",
                written(0x102)
            ),
        )
    );
    assert_eq!(desk.done(&["emails", "list", "--status=refused", "--format=plain", "--fields=to,attempts"]), "nowhere\t1\n");
    assert_eq!(desk.run(&["emails", "send"]), ran(0, "", NOTHING_TO_SEND));
}
