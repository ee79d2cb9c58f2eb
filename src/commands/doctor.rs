//! `frontdesk doctor`: whether the desk is in good health.

use crate::cli::Doctor;
use crate::commands::Session;
use crate::config::SmtpSettings;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::doctor::{Examination, MailToCheck, examine};

pub fn run(arguments: &Doctor, session: &mut Session<'_>) -> Result<Exit> {
    let location = session.location();
    session.printer.detail(&format!("Opening the database {}", location.database))?;
    let server = session.settings.smtp.as_ref().map(SmtpSettings::mail_server);
    let mut examination = Examination {
        location,
        wanted: session.wanted(),
        claim: session.actor(),
        clock: session.clock,
        ids: session.ids,
        secret_files: session.settings.secret_files(),
        mail: match server {
            None => MailToCheck::None,
            Some(server) if arguments.smtp => MailToCheck::Tried(server),
            Some(server) => MailToCheck::Configured(server),
        },
    };
    let mut checks = session.printer.checks();
    let tally = examine(&mut examination, &mut |check| checks.add(check))?;
    checks.finish(tally.problems, tally.warnings)?;
    Ok(if tally.problems == 0 { Exit::Done } else { Exit::Unavailable })
}
