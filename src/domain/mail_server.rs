//! The mail server that emails are handed to, as the configuration describes it.

use std::path::PathBuf;
use std::time::Duration;

use super::email_address::EmailAddress;
use super::secret::Secret;

/// How the connection is kept from being read on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Begun in the clear and then encrypted; nothing is sent before that.
    StartTls,
    /// Encrypted from the first byte.
    Tls,
    /// Not at all: only to this machine.
    None,
}

impl Security {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::StartTls, Self::Tls, Self::None];

    /// The word in the configuration.
    pub fn key(self) -> &'static str {
        match self {
            Self::StartTls => "starttls",
            Self::Tls => "tls",
            Self::None => "none",
        }
    }

    /// The way with this word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|security| security.key() == key)
    }

    /// The port that servers listen on for it when nobody says otherwise.
    pub fn usual_port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }
}

/// A file that the configuration names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    pub path: PathBuf,
    /// The line that names it, for errors.
    pub place: String,
}

/// Where the password comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordSource {
    /// Known already.
    Given(Secret),
    /// The first line of a file.
    File(NamedFile),
    /// The first line that a command of the shell prints. The command may hold a secret itself;
    /// `place` is the line that names it.
    Command { command: Secret, place: String },
}

/// The name and password that the server wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    pub username: String,
    pub password: PasswordSource,
}

/// A mail server and how it is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailServer {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub login: Option<Login>,
    /// Who emails come from, where it is not the service’s help address.
    pub sender: Option<EmailAddress>,
    /// The certificates that are trusted in place of the system’s.
    pub certificates: Option<NamedFile>,
    /// How long one conversation may take, from the first packet to the last answer.
    pub timeout: Duration,
}

impl MailServer {
    /// The server as a person knows it: `smtp.example.com:587`.
    pub fn name(&self) -> String {
        if self.host.contains(':') { format!("[{}]:{}", self.host, self.port) } else { format!("{}:{}", self.host, self.port) }
    }

    /// What is remembered about the server is remembered under this: another login may fare better.
    pub fn key(&self) -> String {
        match &self.login {
            Some(login) => format!("{}@{}", login.username, self.name()),
            None => self.name(),
        }
    }
}

/// Whether a host, as it is written, can only be this machine.
pub fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_this_machine;
    use crate::domain::secret::Secret;

    #[test]
    fn a_password_is_never_shown() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret");
    }

    #[test]
    fn only_loopback_is_this_machine() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "::1"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["smtp.example.com", "localhost.example.com", "10.0.0.1", "0.0.0.0", "127.0.0.1.example.com", "::"] {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
