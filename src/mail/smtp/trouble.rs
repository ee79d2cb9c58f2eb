//! What goes wrong with a mail server, told apart by whose fault it is, and the words for it.

use std::error::Error as _;
use std::io::ErrorKind;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;

use crate::domain::characters::is_unsafe_to_show;
use crate::error::Error;
use crate::mail::transport::Failure;

/// More of a server’s words than this helps nobody.
const LONGEST_REPLY: usize = 400;

/// Why an email was not taken.
#[derive(Debug)]
pub enum Trouble {
    /// The server does not want it now.
    NotYet { reply: String },
    /// The server will never want it.
    Refused { reply: String },
    /// The connection broke.
    Lost { why: String },
    /// The server does not work, whatever the email: what it did, and what to do.
    Server { why: String, advice: String },
}

impl Trouble {
    /// The server does not work: “The mail server NAME” and these words.
    pub fn server(why: &str, advice: &str) -> Self {
        Self::Server { why: why.to_owned(), advice: advice.to_owned() }
    }

    /// The server took longer than it may.
    pub fn too_slow(timeout: Duration) -> Self {
        let seconds = timeout.as_secs();
        let unit = if seconds == 1 { "second" } else { "seconds" };
        Self::server(&format!("did not answer within {seconds} {unit}"), "")
    }

    /// What went wrong before any email was offered.
    pub fn with_connection(error: &SmtpError, timeout: Duration) -> Self {
        if error.status().is_some() {
            return Self::server(&format!("does not let us in: {}", reply(error)), "");
        }
        let check = "Check ‘host’, ‘port’ and ‘security’ of [smtp] in the configuration file.";
        match io_error(error) {
            Some(cause) if is_timeout(cause) => Self::too_slow(timeout),
            Some(cause) if cause.kind() == ErrorKind::ConnectionRefused => {
                Self::server("does not answer: the connection was refused", check)
            }
            // rustls speaks through these two.
            Some(cause) if matches!(cause.kind(), ErrorKind::InvalidData | ErrorKind::InvalidInput) => {
                let words = safe(&cause.to_string());
                if words.contains("certificate") {
                    let advice = "Check ‘host’; for a certificate that the system does not know, name its issuer’s with ‘ca_file’.";
                    Self::server(&format!("has a certificate that is not trusted: {words}"), advice)
                } else {
                    Self::server(&format!("does not speak TLS here: {words}"), check)
                }
            }
            Some(cause) => Self::server(&format!("cannot be reached: {}", cause.kind()), check),
            None => Self::server(&format!("does not answer as a mail server does: {}", safe(&error.to_string())), check),
        }
    }

    /// What went wrong while an email was handed over.
    pub fn with_email(error: &SmtpError, timeout: Duration) -> Self {
        match error.status() {
            // “Service not available, closing transmission channel.”
            Some(code) if code == CLOSING => Self::Lost { why: reply(error) },
            // “Authentication required”, “credentials invalid”, “encryption required”: no email is to
            // blame for that.
            Some(code) if ["530", "535", "538"].contains(&code.to_string().as_str()) => Self::server(
                &format!("wants a login: {}", reply(error)),
                "Check ‘username’, the password and ‘security’ of [smtp] in the configuration file.",
            ),
            Some(_) if error.is_permanent() => Self::Refused { reply: reply(error) },
            Some(_) => Self::NotYet { reply: reply(error) },
            None if io_error(error).is_some_and(is_timeout) => Self::too_slow(timeout),
            None => Self::Lost { why: "it broke off the conversation".to_owned() },
        }
    }

    /// As it is told about an email: what happened, and what becomes of it.
    pub fn into_failure(self, server: &str, recipient: &str) -> Failure {
        match self {
            Self::NotYet { reply: why } | Self::Lost { why } => {
                Failure::NotYet(Error::unavailable(format!("The mail server {server} did not take the email to {recipient}: {why}")))
            }
            Self::Refused { reply } => {
                Failure::Refused(Error::unavailable(format!("The mail server {server} refused the email to {recipient}: {reply}")))
            }
            Self::Server { why, advice } => {
                let error = Error::unavailable(format!("The mail server {server} {why}"));
                Failure::Server(if advice.is_empty() { error } else { error.hint(advice) })
            }
        }
    }
}

const CLOSING: lettre::transport::smtp::response::Code = {
    use lettre::transport::smtp::response::{Category, Code, Detail, Severity};
    Code { severity: Severity::TransientNegativeCompletion, category: Category::Connections, detail: Detail::One }
};

/// The server’s answer on one line, with nothing in it that could upset a terminal.
pub fn reply(error: &SmtpError) -> String {
    let words = error.source().map(ToString::to_string).unwrap_or_default();
    match error.status() {
        Some(code) => safe(&format!("{code} {words}")),
        None => safe(&words),
    }
}

fn safe(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line
        .chars()
        .take(LONGEST_REPLY)
        .map(|character| if is_unsafe_to_show(character) { char::REPLACEMENT_CHARACTER } else { character })
        .collect()
}

fn io_error(error: &SmtpError) -> Option<&std::io::Error> {
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(found) = cause.downcast_ref::<std::io::Error>() {
            return Some(found);
        }
        source = cause.source();
    }
    None
}

/// A read that takes too long ends in either kind, by operating system.
fn is_timeout(cause: &std::io::Error) -> bool {
    matches!(cause.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock)
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn what_a_server_says_cannot_upset_a_terminal() {
        assert_eq!(safe("5.1.1 no\r\n\u{1B}[31m such\u{202E} user"), "5.1.1 no \u{FFFD}[31m such\u{FFFD} user");
        assert_eq!(safe(&"x".repeat(5000)).len(), 400);
    }
}
