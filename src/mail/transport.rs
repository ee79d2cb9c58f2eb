//! How emails leave: written to files, or handed to a mail server.

use std::path::PathBuf;
use std::time::Duration;

use super::files::write_email;
use super::smtp::Smtp;
use crate::domain::email_address::EmailAddress;
use crate::domain::mail_server::MailServer;
use crate::domain::notice::Email;
use crate::error::{Error, Result};

/// The way that emails take. Making one starts nothing: no connection, no thread.
pub enum Transport {
    /// Each email becomes a file in this directory.
    Files(PathBuf),
    Smtp(Box<Smtp>),
}

/// An email has left.
#[derive(Debug)]
pub enum Handed {
    Written(PathBuf),
    /// The mail server has taken it.
    Accepted,
}

/// An email has not left, and whose fault that is.
#[derive(Debug)]
pub enum Failure {
    /// Not now; another time it may.
    NotYet(Error),
    /// It never will.
    Refused(Error),
    /// The mail server itself does not work, so no other email would leave either.
    Server(Error),
}

impl Transport {
    /// By this server.
    ///
    /// # Errors
    /// Unavailable: the password or the certificates that the configuration names cannot be used.
    pub fn smtp(server: MailServer) -> Result<Self> {
        Smtp::new(server).map(|smtp| Self::Smtp(Box::new(smtp)))
    }

    /// The mail server, where there is one.
    pub fn server(&self) -> Option<&MailServer> {
        match self {
            Self::Files(_) => None,
            Self::Smtp(smtp) => Some(smtp.server()),
        }
    }

    /// How long handing over one email may take; files take none worth counting.
    pub fn timeout(&self) -> Duration {
        self.server().map_or(Duration::ZERO, |server| server.timeout)
    }

    /// Who emails come from, where it is not the service’s help address.
    pub fn sender(&self) -> Option<&EmailAddress> {
        self.server().and_then(|server| server.sender.as_ref())
    }

    /// Tries the way without an email: speaks with a mail server as far as its login, and takes leave.
    ///
    /// # Errors
    /// The mail server does not work, and what to do.
    pub fn greet(&self) -> Result<()> {
        match self {
            Self::Files(_) => Ok(()),
            Self::Smtp(smtp) => smtp.greet(),
        }
    }

    /// Hands an email over, within a time that the whole conversation with a server is held to.
    ///
    /// # Errors
    /// It has not left, as far as is known.
    pub fn hand_over(&mut self, email: &Email, message: Vec<u8>, limit: Duration) -> std::result::Result<Handed, Failure> {
        match self {
            Self::Files(directory) => write_email(directory, &email.id, &message).map(Handed::Written).map_err(Failure::NotYet),
            Self::Smtp(smtp) => smtp.send(email, message, limit).map(|()| Handed::Accepted),
        }
    }
}
