//! An email as a mail server takes it: the bytes of RFC 5322, built by lettre.
//! What is stored may have been edited by another program, so nothing in it is trusted here.

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0};
use lettre::{Address, Message};

use crate::domain::email_address::EmailAddress;
use crate::domain::notice::{self, Email};
use crate::error::{Error, Result};

/// The message of a queued email: plain text, marked as sent by a machine (RFC 3834), so that
/// out-of-office replies do not reach the help address. It comes from `sender` where the mail server
/// wants another than the help address; replies go to the help address all the same.
///
/// # Errors
/// Unavailable, when an address or the Message-ID in the record is not one.
pub fn to_bytes(email: &Email, sender: Option<&EmailAddress>) -> Result<Vec<u8>> {
    let mut from = mailbox(email.from(), "sender")?;
    let help_address = Mailbox::new(None, from.email.clone());
    if let Some(sender) = sender {
        from = mailbox(&notice::Mailbox { name: email.from().name.clone(), address: sender.to_string() }, "sender")?;
    }
    let to = mailbox(&email.to, "recipient")?;
    let message_id = email.message_id();
    if !is_message_id(&message_id) {
        return Err(cannot_be_sent("its Message-ID is not in the correct format"));
    }
    let auto_submitted = HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    Message::builder()
        .from(from)
        .reply_to(help_address)
        .to(to)
        // lettre writes “=?” in a subject as it is, and a reader would decode what follows.
        .subject(one_line(email.subject()).replace("=?", "= ?"))
        // lettre panics on a time before 1970, which no frontdesk has written.
        .date(SystemTime::from(email.created_at.max(Timestamp::UNIX_EPOCH)))
        .message_id(Some(message_id))
        .raw_header(auto_submitted)
        .header(MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN)
        .body(whole_lines(&email.text()))
        .map(|message| message.formatted())
        .map_err(|cause| cannot_be_sent("its headers cannot be written").caused_by(cause))
}

/// Our own check of the address first: lettre's lets quoted local parts through.
fn mailbox(stored: &notice::Mailbox, whose: &str) -> Result<Mailbox> {
    let not_an_address = || cannot_be_sent(&format!("the {whose}’s address is not an email address"));
    let address = EmailAddress::parse(&stored.address).map_err(|_| not_an_address())?;
    let address = address.as_str().parse::<Address>().map_err(|cause| not_an_address().caused_by(cause))?;
    let name = one_line(&stored.name);
    Ok(Mailbox::new((!name.is_empty()).then_some(name), address))
}

/// Makes every line break and control character a space. lettre would encode a line break in a
/// subject and panic at one in a name; a reader would still get it after decoding.
fn one_line(text: &str) -> String {
    let breaks = |character: char| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}');
    text.replace(breaks, " ").trim().to_owned()
}

/// Keeps line breaks whole: a lone carriage return is the end of a line to some servers only,
/// which lets text pose as the end of the message.
fn whole_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace(|character: char| character.is_control() && !matches!(character, '\n' | '\t'), " ")
}

fn is_message_id(text: &str) -> bool {
    let inside = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).and_then(|inside| inside.split_once('@'));
    let is_part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
    inside.is_some_and(|(left, right)| is_part(left) && is_part(right))
}

fn cannot_be_sent(why: &str) -> Error {
    Error::unavailable(format!("An email cannot be sent: {why}")).hint("Another program may have changed it. It is not tried again.")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use mailparse::{MailAddr, MailHeaderMap as _, ParsedMail, addrparse_header, parse_mail};
    use proptest::prelude::*;

    use super::{Email, Timestamp, to_bytes};
    use crate::domain::email_template::EmailTemplate;
    use crate::domain::name;
    use crate::domain::notice::Notice;
    use crate::domain::service::Setting;
    use crate::mail::examples;

    fn template_of(email: &mut Email) -> &mut EmailTemplate {
        Arc::make_mut(&mut email.template)
    }

    fn email_to(first_name: &str, last_name: &str) -> Email {
        examples::email(Notice::Invitation, &examples::user(first_name, last_name))
    }

    fn keys(message: &ParsedMail<'_>) -> Vec<String> {
        message.headers.iter().map(|header| header.get_key()).collect()
    }

    /// The one name and address in a header.
    fn name_and_address(message: &ParsedMail<'_>, header: &str) -> (String, String) {
        let list = addrparse_header(message.headers.get_first_header(header).unwrap()).unwrap();
        match list.as_slice() {
            [MailAddr::Single(one)] => (one.display_name.clone().unwrap_or_default(), one.addr.clone()),
            other => panic!("{header} holds {other:?}"),
        }
    }

    fn longest_line(bytes: &[u8]) -> usize {
        bytes.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line).len()).max().unwrap()
    }

    #[test]
    fn the_headers_are_these_and_no_others() {
        let email = email_to("Ann", "Abel");
        let bytes = to_bytes(&email, None).unwrap();
        let message = parse_mail(&bytes).unwrap();
        let expected = [
            ("From", "\"Register of training providers\" <becomingateacher@digital.education.gov.uk>"),
            ("Reply-To", "becomingateacher@digital.education.gov.uk"),
            ("To", "\"Ann Abel\" <new@education.gov.uk>"),
            ("Subject", "Invitation to join Register of training providers"),
            ("Date", "Thu, 11 Dec 2025 14:13:00 +0000"),
            ("Message-ID", "<0193b5e1-0000-7000-8000-000000000002@digital.education.gov.uk>"),
            ("Auto-Submitted", "auto-generated"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "quoted-printable"),
        ];
        assert_eq!(keys(&message), expected.map(|(key, _)| key));
        for (key, value) in expected {
            assert_eq!(message.headers.get_all_values(key), [value]);
        }
        assert_eq!(message.get_body().unwrap(), email.text().replace('\n', "\r\n"));
    }

    #[test]
    fn names_outside_ascii_are_encoded() {
        let bytes = to_bytes(&email_to("Seán", "O’Brien-Smith"), None).unwrap();
        assert!(bytes.is_ascii());
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("\r\nTo: =?utf-8?b?U2XDoW4gT+KAmUJyaWVuLVNtaXRo?= <new@education.gov.uk>\r\n"), "{text}");
        assert!(text.contains("\r\nHello Se=C3=A1n\r\n"), "{text}");
    }

    #[test]
    fn names_with_a_meaning_in_headers_come_back() {
        let long = "Ünder ".repeat(42) + "end";
        let one_word = "W".repeat(255);
        for (first_name, last_name) in [
            ("李小龍", "李"),
            ("\"Jo\"", "O\\Neil"),
            ("Ann,", "Bcc: <evil@example.com>"),
            ("a@b", ";:()[]"),
            ("=?utf-8?q?x?=", "D'Angelo"),
            (long.as_str(), long.as_str()),
            (one_word.as_str(), one_word.as_str()),
        ] {
            let bytes = to_bytes(&email_to(first_name, last_name), None).unwrap();
            let message = parse_mail(&bytes).unwrap();
            assert_eq!(name_and_address(&message, "To"), (format!("{first_name} {last_name}"), "new@education.gov.uk".to_owned()));
            assert!(longest_line(&bytes) <= 998, "a line of {} bytes", longest_line(&bytes));
        }
    }

    #[test]
    fn a_subject_comes_back_and_is_never_decoded() {
        let mut email = email_to("Ann", "Abel");
        for (subject, read) in [
            ("[STAGING] You have been removed from Écoles de l’Ouest", "[STAGING] You have been removed from Écoles de l’Ouest"),
            ("Hello =?utf-8?b?RXZpbA==?= you", "Hello = ?utf-8?b?RXZpbA== ?= you"),
        ] {
            template_of(&mut email).subject = subject.to_owned();
            let bytes = to_bytes(&email, None).unwrap();
            assert_eq!(parse_mail(&bytes).unwrap().headers.get_first_value("Subject").unwrap(), read);
        }
    }

    #[test]
    fn line_breaks_in_a_record_add_no_header() {
        let mut email = email_to("Ann", "Abel");
        email.to.name = "Ann\r\nBcc: evil@example.com\r\n\r\nAbel".to_owned();
        template_of(&mut email).from.name = "Desk\nX-Evil: yes\u{2028}\u{85}\0".to_owned();
        template_of(&mut email).subject = "Hello\r\nBcc: evil@example.com\r\rX: y\u{1B}[31m".to_owned();
        let bytes = to_bytes(&email, None).unwrap();
        let message = parse_mail(&bytes).unwrap();
        let unedited = to_bytes(&email_to("Ann", "Abel"), None).unwrap();
        assert_eq!(keys(&message), keys(&parse_mail(&unedited).unwrap()));
        assert_eq!(name_and_address(&message, "To").0, "Ann  Bcc: evil@example.com    Abel");
        assert_eq!(name_and_address(&message, "From").0, "Desk X-Evil: yes");
        assert_eq!(message.headers.get_first_value("Subject").unwrap(), "Hello  Bcc: evil@example.com  X: y [31m");
    }

    #[test]
    fn addresses_and_message_ids_that_are_none_are_refused() {
        let hint = "Another program may have changed it. It is not tried again.";
        let refused = |edit: fn(&mut Email)| {
            let mut email = email_to("Ann", "Abel");
            edit(&mut email);
            let error = to_bytes(&email, None).unwrap_err();
            assert_eq!(error.hint.as_deref(), Some(hint));
            error.message
        };
        let recipient = "An email cannot be sent: the recipient’s address is not an email address";
        assert_eq!(refused(|email| email.to.address = "ann@education.gov.uk\r\nBcc: evil@example.com".to_owned()), recipient);
        assert_eq!(refused(|email| email.to.address = "\"a\r\nBcc: x\"@education.gov.uk".to_owned()), recipient);
        assert_eq!(refused(|email| email.to.address = "a@education.gov.uk>, <b@example.com".to_owned()), recipient);
        let sender = "An email cannot be sent: the sender’s address is not an email address";
        assert_eq!(refused(|email| template_of(email).from.address = String::new()), sender);
        let message_id = "An email cannot be sent: its Message-ID is not in the correct format";
        assert_eq!(refused(|email| email.id = "a@b>\r\nBcc: <evil".to_owned()), message_id);
        assert_eq!(refused(|email| email.id = "a b".to_owned()), message_id);
        assert_eq!(refused(|email| email.id = String::new()), message_id);
    }

    #[test]
    fn a_record_with_odd_text_time_or_no_name_still_becomes_a_message() {
        let mut email = email_to("Ann", "Abel");
        email.to.name = " \r\n".to_owned();
        email.created_at = Timestamp::from_second(-1).unwrap();
        template_of(&mut email).text = "one\r\ntwo\rthree\n.\0\n".to_owned();
        let bytes = to_bytes(&email, None).unwrap();
        let message = parse_mail(&bytes).unwrap();
        assert_eq!(message.headers.get_first_value("To").unwrap(), "new@education.gov.uk");
        assert_eq!(message.headers.get_first_value("Date").unwrap(), "Thu, 01 Jan 1970 00:00:00 +0000");
        assert_eq!(message.get_body().unwrap(), "one\r\ntwo three\r\n. \r\n");
    }

    /// Names that are accepted, with more than their share of characters that mean something in
    /// headers, templates or encodings.
    fn accepted_name() -> impl Strategy<Value = String> {
        let special = proptest::sample::select(" \"\\,<>@;:()[]{}%=?_.'’&#-\u{301}é李\u{1F600}".chars().collect::<Vec<_>>());
        let character = prop_oneof![3 => special, 2 => proptest::char::range('!', '~'), 1 => any::<char>()];
        let typed = prop_oneof![proptest::collection::vec(character.clone(), 1..12), proptest::collection::vec(character, 1..256)];
        let shown =
            |characters: Vec<char>| characters.into_iter().filter(|one| name::parse(&format!("x{one}x")).is_ok()).collect::<String>();
        typed.prop_map(shown).prop_filter_map("refused", |typed| name::parse(&typed).ok())
    }

    proptest! {
        #[test]
        fn every_accepted_name_comes_back(first_name in accepted_name(), last_name in accepted_name(), service_name in accepted_name()) {
            let service = examples::service_with(Setting::Name, &service_name);
            let user = examples::user(&first_name, &last_name);
            let email = examples::email_from(&service, Notice::Removal, &user).unwrap();
            let bytes = to_bytes(&email, None).unwrap();
            prop_assert!(bytes.is_ascii());
            let message = parse_mail(&bytes).unwrap();
            prop_assert_eq!(name_and_address(&message, "To").0, format!("{first_name} {last_name}"));
            prop_assert_eq!(name_and_address(&message, "From").0, service_name.clone());
            if !service_name.contains("=?") {
                let subject = format!("You have been removed from {service_name}");
                prop_assert_eq!(message.headers.get_first_value("Subject").unwrap(), subject);
            }
            let body = message.get_body().unwrap();
            let greeting = format!("Hello {first_name}\r\n\r\nYou have been removed from {service_name}. You can no longer sign in to it.\r\n");
            prop_assert!(body.starts_with(&greeting), "{}", body);
        }
    }
}
