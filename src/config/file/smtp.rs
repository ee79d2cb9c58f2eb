//! `[smtp]` in the file.

use super::{Key, Reader, Value, Written, in_order};
use crate::domain::email_address::EmailAddress;
use crate::domain::mail_server::{Security, is_this_machine};
use crate::error::Result;

const KEYS: [&str; 9] = ["host", "port", "security", "username", "password_file", "password_command", "from", "ca_file", "timeout"];
/// Longer than this, nobody waits at a terminal.
const LONGEST_TIMEOUT: i64 = 300;

/// What `[smtp]` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpEntry {
    /// The line of the table, for errors about what it lacks.
    pub place: String,
    pub host: String,
    pub port: Option<u16>,
    pub security: Option<Security>,
    pub username: Option<String>,
    pub password: Option<PasswordEntry>,
    pub sender: Option<EmailAddress>,
    pub certificates: Option<Written>,
    /// In seconds.
    pub timeout: Option<u64>,
}

/// Where the file says that the password comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordEntry {
    File(Written),
    Command(Written),
}

impl Reader<'_> {
    pub(super) fn smtp(&self, key: &Key<'_>, value: &Value<'_>) -> Result<SmtpEntry> {
        let table = in_order(self.table(value, "‘smtp’ must be a table: [smtp]")?);
        let start = key.span().start;
        let (mut host, mut port, mut security, mut username, mut password) = (None, None, None, None, None);
        let (mut sender, mut certificates, mut timeout) = (None, None, None);
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "host" => host = Some(self.host(key, value)?),
                "port" => port = Some(self.port(value)?),
                "security" => security = Some((self.security(value)?, value.span().start)),
                "username" => username = Some(self.words(key, value)?),
                "password_file" => self.password(&mut password, PasswordEntry::File, key, value)?,
                "password_command" => self.password(&mut password, PasswordEntry::Command, key, value)?,
                "from" => sender = Some(self.sender(key, value)?),
                "ca_file" => certificates = Some(self.written(key, value)?),
                "timeout" => timeout = Some(self.timeout(value)?),
                unknown => return Err(self.unknown_key(key, unknown, &KEYS)),
            }
        }
        let Some(host) = host else {
            return Err(self.mistake(start, "‘smtp’ has no host").hint("Name the mail server: host = \"smtp.example.com\"."));
        };
        if let Some((Security::None, at)) = security
            && !is_this_machine(&host)
        {
            return Err(self
                .mistake(at, &format!("‘security’ may be \"none\" only for a mail server on this machine, and ‘{host}’ is not"))
                .hint("Use \"starttls\" or \"tls\": otherwise the emails and the password could be read on their way."));
        }
        if username.is_none() && password.is_some() {
            return Err(self.mistake(start, "‘smtp’ has a password and no username").hint("Add ‘username’, or take the password away."));
        }
        let security = security.map(|(security, _)| security);
        Ok(SmtpEntry { place: self.place(start), host, port, security, username, password, sender, certificates, timeout })
    }

    fn host(&self, key: &Key<'_>, value: &Value<'_>) -> Result<String> {
        let host = self.words(key, value)?;
        let is_address = host.parse::<std::net::Ipv6Addr>().is_ok();
        let is_name = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
        if is_address || is_name {
            return Ok(host);
        }
        Err(self
            .mistake(value.span().start, "‘host’ must be the name or the address of a mail server")
            .hint("Leave out smtp:// and the port, which has a key of its own: host = \"smtp.example.com\"."))
    }

    fn port(&self, value: &Value<'_>) -> Result<u16> {
        let port = whole_number(value).and_then(|number| u16::try_from(number).ok()).filter(|port| *port > 0);
        port.ok_or_else(|| self.mistake(value.span().start, "‘port’ must be a whole number from 1 to 65535, without quotes"))
    }

    fn timeout(&self, value: &Value<'_>) -> Result<u64> {
        let seconds =
            whole_number(value).filter(|seconds| (1..=LONGEST_TIMEOUT).contains(seconds)).and_then(|seconds| u64::try_from(seconds).ok());
        let what = format!("‘timeout’ must be a whole number of seconds from 1 to {LONGEST_TIMEOUT}, without quotes");
        seconds.ok_or_else(|| self.mistake(value.span().start, &what))
    }

    fn security(&self, value: &Value<'_>) -> Result<Security> {
        let security = value.get_ref().as_str().and_then(Security::from_key);
        security.ok_or_else(|| self.mistake(value.span().start, "‘security’ must be \"starttls\", \"tls\" or \"none\""))
    }

    fn sender(&self, key: &Key<'_>, value: &Value<'_>) -> Result<EmailAddress> {
        let typed = self.words(key, value)?;
        EmailAddress::parse(&typed)
            .map_err(|_| self.mistake(value.span().start, "‘from’ must be an email address alone, like name@example.com"))
    }

    fn password(
        &self,
        password: &mut Option<PasswordEntry>,
        entry: fn(Written) -> PasswordEntry,
        key: &Key<'_>,
        value: &Value<'_>,
    ) -> Result<()> {
        let written = self.written(key, value)?;
        match password.replace(entry(written)) {
            None => Ok(()),
            Some(_) => Err(self
                .mistake(key.span().start, "the password is given twice, by ‘password_file’ and ‘password_command’")
                .hint("Keep one of them.")),
        }
    }
}

fn whole_number(value: &Value<'_>) -> Option<i64> {
    let number = value.get_ref().as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Written;
    use super::{PasswordEntry, SmtpEntry};
    use crate::domain::mail_server::Security;
    use crate::error::Result;

    fn read(text: &str) -> Result<Option<SmtpEntry>> {
        super::super::parse(&format!("[smtp]\n{text}"), Path::new("/c/config.toml")).map(|values| values.smtp)
    }

    #[test]
    fn every_key_is_understood() {
        let entry = read(concat!(
            "host = \"smtp.example.com\"\nport = 2_525\nsecurity = \"tls\"\nusername = \"desk\"\npassword_file = \"~/secret\"\n",
            "from = \"desk@example.com\"\nca_file = \"ca.pem\"\ntimeout = 30\n",
        ))
        .unwrap()
        .unwrap();
        let written =
            |text: &str, line| Written { text: text.to_owned(), place: format!("Configuration file /c/config.toml, line {line}") };
        assert_eq!((entry.host.as_str(), entry.port, entry.security), ("smtp.example.com", Some(2525), Some(Security::Tls)));
        assert_eq!((entry.username.as_deref(), entry.password), (Some("desk"), Some(PasswordEntry::File(written("~/secret", 6)))));
        assert_eq!(entry.sender.unwrap().as_str(), "desk@example.com");
        assert_eq!((entry.certificates, entry.timeout), (Some(written("ca.pem", 8)), Some(30)));
        assert!(read("host = \"localhost\"\nsecurity = \"none\"\n").is_ok());
        assert!(read("host = \"::1\"\nsecurity = \"none\"\n").is_ok());
    }

    #[test]
    fn each_mistake_is_told_with_its_line() {
        for (text, message) in [
            ("", "line 1: ‘smtp’ has no host"),
            ("host = 5\n", "line 2: ‘host’ must be text, in quotes"),
            ("host = \"smtp://a\"\n", "line 2: ‘host’ must be the name or the address of a mail server"),
            ("host = \"a\"\nport = \"25\"\n", "line 3: ‘port’ must be a whole number from 1 to 65535, without quotes"),
            ("host = \"a\"\nport = 65536\n", "line 3: ‘port’ must be a whole number from 1 to 65535, without quotes"),
            ("host = \"a\"\nport = 0\n", "line 3: ‘port’ must be a whole number from 1 to 65535, without quotes"),
            ("host = \"a\"\nsecurity = \"ssl\"\n", "line 3: ‘security’ must be \"starttls\", \"tls\" or \"none\""),
            ("host = \"a\"\ntimeout = 0\n", "line 3: ‘timeout’ must be a whole number of seconds from 1 to 300, without quotes"),
            ("host = \"a\"\nfrom = \"Desk <a@b.uk>\"\n", "line 3: ‘from’ must be an email address alone, like name@example.com"),
            ("host = \"a\"\npassword_file = \"x\"\n", "line 1: ‘smtp’ has a password and no username"),
            (
                "host = \"a\"\npassword_file = \"x\"\npassword_command = \"y\"\n",
                "line 4: the password is given twice, by ‘password_file’ and ‘password_command’",
            ),
            (
                "security = \"none\"\nhost = \"smtp.example.com\"\n",
                "line 2: ‘security’ may be \"none\" only for a mail server on this machine, and ‘smtp.example.com’ is not",
            ),
        ] {
            assert_eq!(read(text).unwrap_err().message, format!("Configuration file /c/config.toml, {message}"));
        }
    }

    #[test]
    fn a_password_in_the_file_is_not_taken_and_not_repeated() {
        let error = read("host = \"a\"\nusername = \"b\"\npassword = \"hunter2\"\n").unwrap_err();
        assert_eq!(error.message, "Configuration file /c/config.toml, line 4: unknown key ‘password’");
        assert_eq!(error.hint.as_deref(), Some("Did you mean ‘password_file’?"));
        assert!(!format!("{error:?}").contains("hunter2"));
    }
}
