//! `frontdesk emails send`: one run over the emails that are due.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::cli::EmailsSend;
use crate::commands::Session;
use crate::commands::finish::{not_delivered, written_to};
use crate::domain::count::thousands;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::delivery;
use crate::ops::desk::Desk;
use crate::ops::sending::{self, Delivery, Follower, Plan, Sent};
use crate::output::dates;
use crate::output::printer::Printer;
use crate::output::progress::{Progress, ProgressLook};
use crate::world::Patience;

/// Fewer are done before anybody wonders, even where the server is slow.
const SOME: u64 = 10;
/// Fewer can each have a line, and are done before anybody wants one read out.
const MANY: u64 = 100;
/// So are those that go within this time.
const LONG: Duration = Duration::from_secs(10);

const STOPPING: &str = "Stopping after the email on its way. To stop at once, press Ctrl-C again.";

pub fn run(arguments: &EmailsSend, session: &mut Session<'_>) -> Result<Exit> {
    let mut desk = session.deliver()?;
    let patience = Patience::begin(session.clock, Exit::Interrupted.number()).map_err(Error::internal)?;
    if !session.globals.quiet {
        patience.answer_at_once(STOPPING).map_err(Error::internal)?;
    }
    let plan = Plan { limit: arguments.limit, per_minute: arguments.per_minute };
    let mut teller =
        Teller { printer: &mut session.printer, look: session.progress, progress: Progress::None, names_each: true, directory: None };
    let ended = sending::send(&mut desk, &plan, &patience, &mut teller);
    teller.progress.end();
    let directory = teller.directory;
    let mut sent = ended?;
    if sent.is_stopped {
        tell_directory(session, directory.as_deref())?;
        if let Some(error) = &sent.ended_by {
            session.printer.warning(&not_delivered(error))?;
        }
        return Err(stopped(sent.sent));
    }
    let told = sent.untold.take().map_or(Ok(()), Err).and_then(|()| tell(&mut desk, session, &sent, directory.as_deref()));
    match sent.ended_by {
        Some(error) => Err(error),
        // That something was left over must not be hidden by a line that nobody reads.
        None if sent.failed > 0 => Ok(Exit::LeftOver),
        None => told.map(|()| Exit::Done),
    }
}

fn tell(desk: &mut Desk, session: &mut Session<'_>, sent: &Sent, directory: Option<&Path>) -> Result<()> {
    tell_directory(session, directory)?;
    match sent.sent {
        0 if sent.failed == 0 && sent.ended_by.is_none() => tell_waiting(desk, session),
        // The warnings, or the error, have said it all.
        0 => Ok(()),
        1 => session.printer.success("1 email sent"),
        sent => session.printer.success(&format!("{} emails sent", thousands(sent))),
    }
}

fn tell_directory(session: &mut Session<'_>, directory: Option<&Path>) -> Result<()> {
    directory.map_or(Ok(()), |directory| session.printer.note(&format!("Emails written to {}", directory.display())))
}

fn stopped(sent: u64) -> Error {
    let count = match sent {
        0 => "no email was sent".to_owned(),
        1 => "1 email was sent".to_owned(),
        sent => format!("{} emails were sent", thousands(sent)),
    };
    Error::stopped(format!("Stopped: {count}, and what is left stays queued")).hint("To go on: frontdesk emails send")
}

/// Tells of a run while it goes on.
struct Teller<'a, 'world> {
    printer: &'a mut Printer<'world>,
    look: ProgressLook,
    progress: Progress,
    /// Whether each file that is written is worth a line.
    names_each: bool,
    /// Where files were written that have no line.
    directory: Option<PathBuf>,
}

impl Follower for Teller<'_, '_> {
    fn begins(&mut self, emails: u64, plan: &Plan) -> Result<()> {
        let pace = plan.per_minute.map(|emails| Duration::from_secs(60).div_f64(emails as f64)).unwrap_or_default();
        self.names_each = emails < MANY;
        let enough = if self.look == ProgressLook::Lines { MANY } else { SOME };
        if emails >= enough || pace.mul_f64(emails as f64) >= LONG {
            self.progress = Progress::begin(self.look, emails, "emails", pace);
        }
        Ok(())
    }

    fn waits(&mut self, time: Duration) -> Result<()> {
        let printer = &mut self.printer;
        // To the tenth of a second, and no more.
        let seconds = (time.as_secs_f64() * 10.0).ceil() / 10.0;
        self.progress.around(|| printer.detail(&format!("Waiting {seconds} seconds before the next email")))
    }

    fn delivered(&mut self, delivery: &Delivery) -> Result<()> {
        let Self { printer, progress, .. } = self;
        match delivery {
            Delivery::Written { path } if !self.names_each => self.directory = path.parent().map(Path::to_owned),
            Delivery::Written { path } => progress.around(|| printer.note(&written_to(path)))?,
            Delivery::Queued { error } | Delivery::Refused { error } | Delivery::ServerFailed { error } => {
                progress.around(|| printer.warning(&not_delivered(error)))?;
            }
            // They are many, and counted.
            Delivery::Sent => {}
        }
        match progress.advance() {
            Some(line) => printer.note(&format!("{line} emails")),
            None => Ok(()),
        }
    }
}

/// Nothing was due: nothing is queued, or what is queued waits for its time.
fn tell_waiting(desk: &mut Desk, session: &mut Session<'_>) -> Result<()> {
    let (queued, next_attempt) = delivery::waiting(desk)?;
    let Some(at) = next_attempt.filter(|_| queued > 0) else { return session.printer.note("There are no emails to send.") };
    let emails = if queued == 1 { "1 email is queued".to_owned() } else { format!("{} emails are queued", thousands(queued)) };
    let waits = if at > session.clock.now() {
        format!("the next is tried on {}", dates::for_people(at))
    } else {
        "another run is delivering the next".to_owned()
    };
    session.printer.note(&format!("There are no emails to send now: {emails}, and {waits}."))?;
    session.printer.note("To try one at once: frontdesk emails retry ID. To see them: frontdesk emails list --status queued")
}
