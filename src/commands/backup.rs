//! `frontdesk backup`: the desk in a file, whole or not at all.

use std::path::Path;
use std::sync::Arc;

use super::Session;
use crate::cli::BackupArguments;
use crate::domain::backup::BackedUp;
use crate::domain::database::DatabaseAddress;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::backup::{Stop, back_up, refuse_taken};
use crate::ops::service::check_may_administer;
use crate::output::backup::waiting;
use crate::output::progress::{Progress, ProgressLook};
use crate::world::{Patience, StopSignal};

/// Fewer pages are copied before anybody would look.
const LONG: u64 = 5_000;

pub fn run(arguments: &BackupArguments, session: &mut Session<'_>) -> Result<Exit> {
    refuse_standard_output(&arguments.file)?;
    let patience = Patience::begin(session.clock, Exit::Interrupted.number()).map_err(Error::internal)?;
    let mut desk = session.look_at_what_is_there()?;
    check_may_administer(&mut desk)?;
    let database = session.location().database;
    if database.file().is_none() {
        return Err(on_a_server(&database, "with: pg_dump --format=custom --file=FILE"));
    }
    refuse_taken(&arguments.file)?;
    let mut copying = Copying::begin(session.progress, patience.stop_signal());
    let backed_up = back_up(&mut desk, &arguments.file, &stop(&patience), &mut |done, of| copying.advance(done, of));
    copying.end();
    let backed_up = backed_up?;
    tell(session, &backed_up, &arguments.file).map_err(Error::after_the_change)?;
    Ok(Exit::Done)
}

fn tell(session: &mut Session<'_>, backed_up: &BackedUp, file: &Path) -> Result<()> {
    session.printer.backed_up(backed_up)?;
    if session.is_for_machines() {
        return Ok(());
    }
    session.printer.success(&format!("Written to {}", file.display()))?;
    waiting(backed_up.waiting).map_or(Ok(()), |_| {
        session.printer.note("Emails that wait to be sent wait in the backup too: whoever works in that file could send them once more.")
    })
}

fn refuse_standard_output(file: &Path) -> Result<()> {
    if file.as_os_str() == "-" {
        return Err(Error::usage("A backup is checked before it has its name, and cannot go to standard output")
            .hint("Nothing was written. Give the path of a file."));
    }
    Ok(())
}

/// A desk on a server has backups of its own, by what the server’s makers give for that.
pub(super) fn on_a_server(database: &DatabaseAddress, how: &str) -> Error {
    Error::usage(format!("The desk {database} is on a PostgreSQL server, whose backups are made and restored by its own programs"))
        .hint(format!("Nothing was done. Do it {how}"))
}

/// Whether somebody wants the run to stop, for whoever works at it.
pub(super) fn stop(patience: &Patience) -> Stop {
    let signal = patience.stop_signal();
    Arc::new(move || signal.is_given())
}

/// How far the copying of one file after another has come.
pub(super) struct Copying {
    look: ProgressLook,
    signal: StopSignal,
    progress: Progress,
    done: u64,
}

impl Copying {
    pub(super) fn begin(look: ProgressLook, signal: StopSignal) -> Self {
        Self { look, signal, progress: Progress::None, done: 0 }
    }

    /// So many pages of a file are copied.
    ///
    /// # Errors
    /// Somebody wants the run to stop.
    pub(super) fn advance(&mut self, done: u64, of: u64) -> Result<()> {
        if self.signal.is_given() {
            return Err(Error::interrupted());
        }
        // The next file.
        if done < self.done {
            self.end();
        }
        self.done = done;
        if matches!(self.progress, Progress::None) && of >= LONG {
            self.progress = Progress::begin_share(self.look, of, "copied");
        }
        self.progress.advance_to(done);
        Ok(())
    }

    pub(super) fn end(&mut self) {
        std::mem::replace(&mut self.progress, Progress::None).end();
    }
}
