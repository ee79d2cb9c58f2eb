//! The configuration: whether its secrets are kept, and whether its mail server works.

use super::file::of_open_file;
use super::{Examination, Report, failed};
use crate::domain::check::Check;
use crate::domain::mail_server::MailServer;
use crate::error::Result;
use crate::mail::transport::Transport;
use crate::store::checks::files::mode_of;

/// A file of the configuration that holds a secret.
pub type SecretFile = std::path::PathBuf;

/// The mail server that is to be looked at.
pub enum MailToCheck {
    /// None is configured.
    None,
    /// Emails go to this one, or why it cannot be used.
    Configured(Result<MailServer>),
    /// The same, and it is to be tried.
    Tried(Result<MailServer>),
}

pub(super) fn examine(examination: &mut Examination, report: &mut Report<'_>) -> Result<()> {
    let files: Vec<_> = examination.secret_files.iter().filter_map(|path| mode_of(path)).collect();
    let open: Vec<Check> = files.iter().filter(|file| file.bits & 0o077 != 0).map(|file| of_open_file("configuration", file)).collect();
    if open.is_empty() {
        report.add(match files.len() {
            0 => Check::ok("configuration", "No file of the configuration holds a secret"),
            _ => Check::ok("configuration", "Only their owner may read the files of the configuration that hold secrets"),
        })?;
    }
    report.add_all(open)?;
    let is_file = examination.location.database.file().is_some();
    let (server, is_tried) = match std::mem::replace(&mut examination.mail, MailToCheck::None) {
        MailToCheck::None if is_file => {
            return report.add(Check::note("mail_server", "No mail server is configured: emails are written to files"));
        }
        MailToCheck::None => {
            let check = Check::warning("mail_server", "No mail server is configured: emails stay queued");
            return report.add(check.hint("Configure one under [smtp], here or on the machine that runs: frontdesk emails send"));
        }
        MailToCheck::Configured(server) => (server, false),
        MailToCheck::Tried(server) => (server, true),
    };
    report.add(match server.and_then(Transport::smtp) {
        Ok(transport) => of_server(&transport, is_tried),
        Err(error) => failed("mail_server", &error),
    })
}

fn of_server(transport: &Transport, is_tried: bool) -> Check {
    let name = transport.server().map(MailServer::name).unwrap_or_default();
    let has_login = transport.server().is_some_and(|server| server.login.is_some());
    if !is_tried {
        return Check::note("mail_server", format!("The mail server {name} is configured, and was not tried: to try it, add --smtp"));
    }
    match transport.greet() {
        Ok(()) if has_login => Check::ok("mail_server", format!("The mail server {name} answers, and takes the username and password")),
        Ok(()) => Check::ok("mail_server", format!("The mail server {name} answers")),
        Err(error) => failed("mail_server", &error),
    }
}
