//! The conversation with a mail server: a connection, a login, and one email after another.

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, CertificateStore, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;

use super::password::Password;
use super::trouble::{Trouble, reply};
use super::{GOODBYE, Letter};
use crate::domain::mail_server::{MailServer, Security};

/// PLAIN first: LOGIN is older and needs more steps.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// A conversation, and its connection while there is one.
pub struct Conversation {
    server: MailServer,
    password: Option<Password>,
    certificates: Option<Vec<u8>>,
    connection: Option<SmtpConnection>,
    /// This connection has taken an email.
    has_served: bool,
    /// The last email was not taken: without a reset the next would be one more recipient of it.
    needs_reset: bool,
}

impl Conversation {
    /// A conversation that is still to begin.
    pub fn new(server: MailServer, password: Option<Password>, certificates: Option<Vec<u8>>) -> Self {
        Self { server, password, certificates, connection: None, has_served: false, needs_reset: false }
    }

    /// Hands over one email. A connection that served before may have been closed since, or takes no
    /// more on it, because the server wants a pause or takes only so many: then a new one is tried,
    /// once.
    ///
    /// # Errors
    /// The email was not taken.
    pub fn send(&mut self, letter: &Letter) -> Result<(), Trouble> {
        let (was_open, has_served) = (self.connection.is_some(), self.has_served);
        let untaken = match self.send_once(letter) {
            Ok(()) => return Ok(()),
            Err(untaken) => untaken,
        };
        let may_repeat = match (&untaken.trouble, untaken.stage) {
            // The server may have had the whole message.
            (_, Stage::Message) => false,
            (Trouble::Lost { .. }, _) => was_open,
            // It says nothing of this email yet, and took the same sender a moment ago.
            (Trouble::NotYet { .. } | Trouble::Refused { .. }, Stage::Sender) => was_open && has_served,
            _ => false,
        };
        if may_repeat {
            self.end(GOODBYE);
            return self.send_once(letter).map_err(|untaken| untaken.into_trouble(letter));
        }
        Err(untaken.into_trouble(letter))
    }

    /// Connects and logs in, as before the first email.
    ///
    /// # Errors
    /// The server does not work.
    pub fn greet(&mut self) -> Result<(), Trouble> {
        self.connection = Some(self.connect()?);
        Ok(())
    }

    /// Takes leave of the server, within this time.
    pub fn end(&mut self, limit: Duration) {
        if let Some(mut connection) = self.connection.take() {
            // Everything was answered: a server that misses the goodbye misses nothing.
            let _ = connection.set_timeout(Some(limit));
            let _ = connection.quit();
        }
    }

    fn send_once(&mut self, letter: &Letter) -> Result<(), Untaken> {
        let at_start = |trouble| Untaken { trouble, stage: Stage::Connection };
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                (self.has_served, self.needs_reset) = (false, false);
                self.connect().map_err(at_start)?
            }
        };
        // Not right after the answer: a server that hangs here must not cost the answer.
        if std::mem::take(&mut self.needs_reset) && connection.command(Rset).is_err() {
            self.has_served = false;
            connection = self.connect().map_err(at_start)?;
        }
        let answer = hand_over(&mut connection, letter, self.server.timeout);
        self.has_served |= answer.is_ok();
        self.needs_reset = matches!(&answer, Err(untaken) if matches!(untaken.trouble, Trouble::NotYet { .. } | Trouble::Refused { .. }));
        if answer.is_ok() || self.needs_reset {
            self.connection = Some(connection);
        }
        answer
    }

    fn connect(&self) -> Result<SmtpConnection, Trouble> {
        let MailServer { security, timeout, .. } = self.server;
        let login = match (&self.server.login, &self.password) {
            (Some(login), Some(password)) => Some((login.username.clone(), password.tell(timeout)?)),
            _ => None,
        };
        let addresses = self.addresses()?;
        let hello = ClientId::default();
        let tls = match security {
            Security::None => None,
            Security::StartTls | Security::Tls => Some(self.tls()?),
        };
        let with_connection = |error: SmtpError| Trouble::with_connection(&error, timeout);
        let from_the_start = tls.as_ref().filter(|_| security == Security::Tls);
        let mut connection =
            SmtpConnection::connect(&addresses[..], Some(timeout), &hello, from_the_start, None).map_err(with_connection)?;
        if security == Security::StartTls
            && let Some(tls) = &tls
        {
            if !connection.can_starttls() {
                connection.abort();
                let advice = "Nothing was sent in the clear. Check ‘port’ and ‘security’ of [smtp] in the configuration file.";
                return Err(Trouble::server("does not offer STARTTLS", advice));
            }
            connection.starttls(tls, &hello).map_err(with_connection)?;
        }
        if let Some((username, password)) = login {
            log_in(&mut connection, username, password.reveal(), timeout)?;
        }
        Ok(connection)
    }

    fn addresses(&self) -> Result<Vec<SocketAddr>, Trouble> {
        let MailServer { host, port, security, .. } = &self.server;
        let check = "Check ‘host’ of [smtp] in the configuration file.";
        let found =
            (host.as_str(), *port).to_socket_addrs().map_err(|_| Trouble::server("cannot be found: its name has no address", check))?;
        // The name may say anything; what counts is where it leads.
        let allowed: Vec<_> = found.filter(|address| *security != Security::None || address.ip().is_loopback()).collect();
        if allowed.is_empty() {
            return Err(Trouble::server("is not on this machine, and only there may ‘security’ be \"none\"", check));
        }
        Ok(allowed)
    }

    fn tls(&self) -> Result<TlsParameters, Trouble> {
        let unusable = |error: SmtpError| {
            Trouble::server(
                &format!("cannot be checked: the certificates to trust cannot be used: {}", reply(&error)),
                "Check ‘ca_file’ of [smtp] in the configuration file.",
            )
        };
        let mut builder = TlsParameters::builder(self.server.host.clone());
        if let Some(pem) = &self.certificates {
            builder = builder.certificate_store(CertificateStore::None);
            builder = builder.add_root_certificate(Certificate::from_pem(pem).map_err(unusable)?);
        }
        builder.build_rustls().map_err(unusable)
    }
}

fn log_in(connection: &mut SmtpConnection, username: String, password: &str, timeout: Duration) -> Result<(), Trouble> {
    if connection.server_info().get_auth_mechanism(&MECHANISMS).is_none() {
        connection.abort();
        return Err(Trouble::server("does not offer a login with a password here", "Check ‘port’ and ‘security’ of [smtp]."));
    }
    let credentials = Credentials::new(username, password.to_owned());
    let Err(error) = connection.auth(&MECHANISMS, &credentials) else { return Ok(()) };
    connection.abort();
    if error.status().is_none() {
        return Err(Trouble::with_connection(&error, timeout));
    }
    // Its code alone: a server’s words may repeat what it was told, plainly or encoded.
    let code = error.status().map(|code| code.to_string()).unwrap_or_default();
    Err(Trouble::server(
        &format!("did not accept the username and password: {code}"),
        "Check ‘username’ and the password of [smtp] in the configuration file.",
    ))
}

/// How far an email got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Connection,
    Sender,
    Recipient,
    /// The message was handed over, as far as is known.
    Message,
}

/// Why a connection did not take an email, and how far it got.
#[derive(Debug)]
struct Untaken {
    trouble: Trouble,
    stage: Stage,
}

impl Untaken {
    fn into_trouble(self, letter: &Letter) -> Trouble {
        match (self.trouble, self.stage) {
            // The sender is the same for every email: it is the configuration that is refused.
            (Trouble::Refused { reply }, Stage::Sender) => Trouble::server(
                &format!("does not take emails from {}: {reply}", letter.from),
                "Check ‘from’ and ‘username’ of [smtp] in the configuration file.",
            ),
            (trouble, _) => trouble,
        }
    }
}

fn hand_over(connection: &mut SmtpConnection, letter: &Letter, timeout: Duration) -> Result<(), Untaken> {
    let at = |stage| move |error: SmtpError| Untaken { trouble: Trouble::with_email(&error, timeout), stage };
    if letter.hold.is_given_up() {
        return Err(Untaken { trouble: Trouble::too_slow(timeout), stage: Stage::Connection });
    }
    connection.command(Mail::new(Some(letter.from.clone()), Vec::new())).map_err(at(Stage::Sender))?;
    connection.command(Rcpt::new(letter.to.clone(), Vec::new())).map_err(at(Stage::Recipient))?;
    connection.command(Data).map_err(at(Stage::Recipient))?;
    if !letter.hold.take() {
        connection.abort();
        return Err(Untaken { trouble: Trouble::too_slow(timeout), stage: Stage::Recipient });
    }
    connection.command(Body(&letter.message)).map(drop).map_err(at(Stage::Message))
}

/// The message as it goes over the line, in one piece with its end. lettre’s own way of sending it
/// is two pieces, of which the second waits 40 ms for the server to acknowledge the first.
struct Body<'a>(&'a str);

impl fmt::Display for Body<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.0.split_inclusive("\r\n") {
            // A line that is a lone dot would be the end of the message.
            if line.starts_with('.') {
                formatter.write_str(".")?;
            }
            formatter.write_str(line)?;
        }
        formatter.write_str(if self.0.is_empty() || self.0.ends_with("\r\n") { ".\r\n" } else { "\r\n.\r\n" })
    }
}

#[cfg(test)]
mod tests {
    use super::Body;

    #[test]
    fn dots_at_the_start_of_lines_are_doubled_and_one_dot_ends_the_message() {
        for (message, sent) in
            [("", ".\r\n"), ("a\r\n", "a\r\n.\r\n"), ("a", "a\r\n.\r\n"), (".\r\n..b\r\nc.\r\n", "..\r\n...b\r\nc.\r\n.\r\n")]
        {
            assert_eq!(Body(message).to_string(), sent);
        }
    }
}
