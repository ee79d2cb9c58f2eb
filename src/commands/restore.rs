//! `frontdesk restore`: a warning and one question on a terminal, then everything or nothing.

use std::cell::RefCell;
use std::path::Path;

use super::Session;
use super::backup::{Copying, on_a_server, stop};
use super::journey::{type_environment, with_prompter};
use crate::ask::confirm;
use crate::cli::RestoreArguments;
use crate::domain::backup::{Before, Restored};
use crate::domain::database::DatabaseAddress;
use crate::domain::service::ServiceKind;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::desk::ChangeOptions;
use crate::ops::restore::{Restoration, Survey};
use crate::ops::service::check_may_administer;
use crate::output::backup::{in_use, waiting, warning};
use crate::world::Patience;

pub fn run(arguments: &RestoreArguments, session: &mut Session<'_>) -> Result<Exit> {
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
    refuse_standard_input(&arguments.file)?;
    let database = session.location().database;
    let DatabaseAddress::File(path) = &database else {
        check_may_administer(&mut session.look_at_what_is_there()?)?;
        return Err(on_a_server(&database, "into a new database: pg_restore --dbname=NEW --single-transaction FILE"));
    };
    let patience = Patience::begin(session.clock, Exit::Interrupted.number()).map_err(Error::internal)?;
    let copying = RefCell::new(Copying::begin(session.progress, patience.stop_signal()));
    let mut watch = |done, of| copying.borrow_mut().advance(done, of);
    let wanted = session.wanted().kind;
    let restoration = Restoration {
        opening: session.opening_of_what_is_there(),
        path,
        // Without a word the file is that of the first service.
        kind: wanted.or((!session.settings.database_is_named()).then_some(ServiceKind::Register)),
        backup: &arguments.file,
        stop: stop(&patience),
        watch: RefCell::new(&mut watch),
    };
    if is_unconfirmed {
        let survey = restoration.survey(&ChangeOptions { dry_run: true, asks_environment: true, ..options.clone() });
        copying.borrow_mut().end();
        let survey = survey?;
        if !patience.asleep(|| ask(session, &survey, arguments, &mut options))? {
            return Err(Error::cancelled());
        }
    }
    let restored = restoration.make(&options);
    copying.borrow_mut().end();
    let restored = restored?;
    tell(session, &restored, path, &arguments.file).map_err(|error| if restored.dry_run { error } else { error.after_the_change() })?;
    Ok(Exit::Done)
}

fn ask(session: &mut Session<'_>, survey: &Survey, arguments: &RestoreArguments, options: &mut ChangeOptions) -> Result<bool> {
    with_prompter(session, |session, prompter| {
        let database = session.location().database.to_string();
        let backup = arguments.file.display().to_string();
        prompter.say(&warning(&survey.restored, survey.present.as_ref(), &backup, &database, prompter.columns()))?;
        if !confirm(prompter, "Do you want to restore this desk?")? {
            return Ok(false);
        }
        match (&options.environment, &survey.protected) {
            (None, Some(environment)) => {
                options.environment = type_environment(prompter, environment)?;
                Ok(options.environment.is_some())
            }
            _ => Ok(true),
        }
    })
}

fn tell(session: &mut Session<'_>, restored: &Restored, path: &Path, backup: &Path) -> Result<()> {
    session.printer.restored(restored)?;
    if restored.dry_run || session.is_for_machines() {
        return Ok(());
    }
    let path = path.display();
    session.printer.success(&format!("Desk restored from {}", backup.display()))?;
    match &restored.before {
        Before::Nothing => session.printer.note(&format!("Created the database {path}"))?,
        Before::Desk(kept) => session.printer.note(&format!("The desk as it was before is kept in {}", kept.display()))?,
        Before::Damaged(kept) => session.printer.note(&format!("The damaged database is kept in {}", kept.display()))?,
    }
    for (warning, what_to_do) in [
        (waiting(restored.waiting), "See which, and cancel those: frontdesk emails list --status queued"),
        (in_use(restored.clients), "See which, and revoke those: frontdesk api-clients list"),
    ] {
        if let Some(line) = warning {
            session.printer.warning(&line)?;
            session.printer.note(what_to_do)?;
        }
    }
    Ok(())
}

fn refuse_standard_input(file: &Path) -> Result<()> {
    if file.as_os_str() == "-" {
        return Err(Error::usage("A backup is read more than once, and cannot come from standard input")
            .hint("Nothing was changed. Give the path of a file."));
    }
    Ok(())
}

/// What everybody works in is not replaced by a slip where nobody can be asked.
fn needs_yes() -> Error {
    Error::usage("Restoring a desk must be confirmed. To restore it, add --yes")
        .hint("Nothing was changed. To see what would happen, add --dry-run.")
}
