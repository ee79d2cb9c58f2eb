//! `frontdesk move`: a warning and one question on a terminal, then everything or nothing.

use super::Session;
use super::journey::{name_environment, with_prompter};
use crate::ask::confirm;
use crate::cli::MoveArguments;
use crate::config::typed_database;
use crate::domain::database::DatabaseAddress;
use crate::domain::moving::{Contents, Moved};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::moving::{move_desk, survey};
use crate::output::moving::warning;
use crate::output::progress::Progress;
use crate::world::Patience;

/// Fewer rows are moved before anybody would look.
const LONG: u64 = 20_000;

pub fn run(arguments: &MoveArguments, session: &mut Session<'_>) -> Result<Exit> {
    // Where somebody is asked, the environment is asked for with the question.
    let asks = !arguments.yes && session.prompter.is_some();
    let mut options = ChangeOptions {
        dry_run: arguments.dry_run,
        no_email: true,
        environment: arguments.environment.clone(),
        asks_environment: arguments.dry_run && asks,
    };
    let is_unconfirmed = !arguments.yes && !arguments.dry_run;
    if is_unconfirmed && session.prompter.is_none() {
        return Err(needs_yes());
    }
    let to = typed_database(&arguments.target, "DATABASE", session.environment, &session.account)?;
    let mut desk = session.look_at_what_is_there()?;
    let asked_for = ChangeOptions { dry_run: !arguments.yes, asks_environment: asks, ..options.clone() };
    let contents = survey(&mut desk, &to, &asked_for)?;
    let patience = Patience::begin(session.clock, Exit::Interrupted.number()).map_err(Error::internal)?;
    if is_unconfirmed && !patience.asleep(|| ask(session, &mut desk, &contents, &to, &mut options))? {
        return Err(Error::cancelled());
    }
    let stop = patience.stop_signal();
    let mut progress = Progress::None;
    let moved = move_desk(&mut desk, &to, &options, &mut |done, of| {
        if stop.is_given() {
            return Err(Error::stopped("Stopped: nothing was moved"));
        }
        if matches!(progress, Progress::None) && of >= LONG {
            progress = Progress::begin_share(session.progress, of, "moved");
        }
        progress.advance_to(done);
        Ok(())
    });
    progress.end();
    let moved = moved?;
    tell(session, &moved, &to).map_err(|error| if moved.dry_run { error } else { error.after_the_change() })?;
    Ok(Exit::Done)
}

fn ask(session: &mut Session<'_>, desk: &mut Desk, contents: &Contents, to: &DatabaseAddress, options: &mut ChangeOptions) -> Result<bool> {
    with_prompter(session, |session, prompter| {
        let from = session.location().database.to_string();
        prompter.say(&warning(contents, &from, &to.to_string(), prompter.columns()))?;
        Ok(confirm(prompter, "Do you want to move this desk?")? && name_environment(prompter, desk, options)?)
    })
}

fn tell(session: &mut Session<'_>, moved: &Moved, to: &DatabaseAddress) -> Result<()> {
    session.printer.moved(moved)?;
    if moved.dry_run || session.is_for_machines() {
        return Ok(());
    }
    let (from, service) = (session.location().database, session.settings.service.value.clone());
    session.printer.success(&format!("Desk moved to {to}"))?;
    session
        .printer
        .note(&format!("The database {from} is as it was. Nobody should work in it any more, nor send the emails that wait in it."))?;
    let how = match to {
        DatabaseAddress::File(_) => format!("put this under [services.{service}] in the configuration file of everybody"),
        DatabaseAddress::Server(_) => {
            format!("give everybody their rights, and this under [services.{service}] in their configuration file, with their own user")
        }
    };
    session.printer.note(&format!("To work in the new one, {how}:"))?;
    session.printer.note(&format!("database = {}", toml::Value::String(from_anywhere(to))))
}

/// The database as it is right wherever it is read.
fn from_anywhere(database: &DatabaseAddress) -> String {
    match database {
        DatabaseAddress::File(path) => std::path::absolute(path).unwrap_or_else(|_| path.clone()).display().to_string(),
        DatabaseAddress::Server(address) => address.for_everybody(),
    }
}

/// What others work in is not left by a slip where nobody can be asked.
fn needs_yes() -> Error {
    Error::usage("Moving a desk must be confirmed. To move it, add --yes")
        .hint("Nothing was moved. To see what would happen, add --dry-run.")
}
