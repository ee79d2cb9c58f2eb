//! Importing a file, whatever its rows are: a preview and one question on a terminal, then all of it or
//! none.

mod records;
mod rows;
mod skipped_rows;
mod source;
mod wrong_rows;

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use csv::StringRecord;

use self::rows::open_rows;
use self::skipped_rows::SkippedLines;
use self::source::Source;
use self::wrong_rows::WrongRowsFile;
use crate::ask::{Prompter, confirm};
use crate::cli::ImportArguments;
use crate::commands::Session;
use crate::commands::journey::{SameCommand, flags_of_confirmation, name_environment, trial_of, with_prompter};
use crate::domain::import::{ImportKind, ImportReport};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::import::ImportFile;
use crate::ops::service;
use crate::output::import::preview;
use crate::output::progress::Progress;
use crate::output::safe_text::safe_text;
use crate::world::Patience;

/// A file of fewer bytes is read before anybody would look.
const LONG: u64 = 1024 * 1024;

/// The import of one kind of row.
type Import = fn(&mut Desk, ImportFile<'_, StringRecord>, &ChangeOptions) -> Result<ImportReport>;

/// Imports a file.
///
/// # Errors
/// The file cannot be read, its rows are wrong, a refusal, or the database; nothing is stored.
pub fn run(kind: ImportKind, import: Import, arguments: &ImportArguments, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    let mut options = session.options_of_confirmed(change);
    let is_unconfirmed = !change.yes && !change.dry_run;
    if is_unconfirmed && session.prompter.is_none() {
        return Err(needs_yes());
    }
    if let Some(path) = arguments.errors.as_deref() {
        check_errors_path(path, &arguments.file)?;
    }
    let mut desk = session.change_without_email(change.dry_run)?;
    if is_unconfirmed {
        // The environment is asked for with the question.
        service::check_may_administer(&mut desk)?;
    } else {
        service::check_may_import(&mut desk, &options)?;
    }
    let patience = Patience::begin(session.clock, Exit::Interrupted.number()).map_err(Error::internal)?;
    let source = Source::open(&arguments.file, session.stdin, &patience)?;
    let is_copy = source.is_copy();
    let progress = if source.size() < LONG { Progress::None } else { Progress::begin_file(session.progress, source.size()) };
    let (mut rows, mut wrong) = open_rows(source, kind, desk.kind, arguments.errors.as_deref(), progress, patience.stop_signal())?;
    let mut skipped = SkippedLines::begin(session.printer.style().verbose)?;
    let go_on = || if patience.is_over() { Err(stopped()) } else { Ok(()) };
    let mut import = |desk: &mut Desk, skipped: &mut SkippedLines, options: &ChangeOptions| {
        let imported = import(desk, ImportFile { rows: &mut rows, wrong: &mut wrong, skipped, go_on: &go_on }, options);
        rows.end();
        imported.map_err(|error| explained(error, &mut wrong, arguments.errors.as_deref()))
    };
    if is_unconfirmed {
        let trial = import(&mut desk, &mut skipped, &trial_of(&options))?;
        if trial.changes_anything() {
            skipped.tell(&mut session.printer, true)?;
        }
        let goes_on = !trial.changes_anything()
            || patience
                .asleep(|| with_prompter(session, |_session, prompter| ask(prompter, &mut desk, &trial, &arguments.file, &mut options)))?;
        if !goes_on {
            return Err(Error::cancelled());
        }
    }
    let report = import(&mut desk, &mut skipped, &options)?;
    let is_stored = !report.dry_run && report.changes_anything();
    tell(session, &desk, &report, &mut skipped).map_err(|error| if is_stored { error.after_the_change() } else { error })?;
    session.tell_environment_is_asked(&mut desk, &options)?;
    if is_unconfirmed && is_stored && !is_copy && !session.is_for_machines() {
        let same = same(kind, arguments, &options).map(|same| same.line(&session.globals));
        // A name with a control character in it could not be copied from the screen.
        let shown = same.filter(|line| safe_text(line) == *line);
        shown.map_or(Ok(()), |line| session.tell_equivalent(&line))?;
    }
    Ok(if is_stored && report.emails > 0 && change.require_delivery { Exit::LeftOver } else { Exit::Done })
}

fn ask(prompter: &mut dyn Prompter, desk: &mut Desk, trial: &ImportReport, file: &Path, options: &mut ChangeOptions) -> Result<bool> {
    prompter.say(&preview(trial, file, prompter.columns()))?;
    Ok(confirm(prompter, "Do you want to import this file?")? && name_environment(prompter, desk, options)?)
}

/// The same import as one command, where the names of its files are text.
fn same(kind: ImportKind, arguments: &ImportArguments, options: &ChangeOptions) -> Option<SameCommand> {
    let words: &'static [&'static str] = match kind {
        ImportKind::Users => &["users", "import"],
        ImportKind::Organisations => &["org", "import"],
        ImportKind::OrganisationUsers => &["org", "import-users"],
    };
    let mut flags = flags_of_confirmation(options);
    if let Some(errors) = &arguments.errors {
        flags.push(("errors", errors.to_str()?.to_owned()));
    }
    Some(SameCommand { words, names: vec![arguments.file.to_str()?.to_owned()], flags })
}

fn tell(session: &mut Session<'_>, desk: &Desk, report: &ImportReport, skipped: &mut SkippedLines) -> Result<()> {
    session.tell_of_desk(desk)?;
    skipped.tell(&mut session.printer, report.dry_run)?;
    session.printer.import(report)?;
    session.printer.flush()
}

/// Somebody stopped the import.
fn stopped() -> Error {
    Error::stopped("Stopped: nothing was imported")
}

/// Says where the wrong rows are, or how to get them.
fn explained(mut error: Error, wrong: &mut WrongRowsFile, errors: Option<&Path>) -> Error {
    if error.rows.count == 0 {
        return error;
    }
    error.rows.are_written = errors.is_some();
    match (errors, wrong.keep()) {
        (Some(path), Ok(())) => error.hint(format!(
            "Nothing was imported, not even the rows that are right. Mend the file and import it again; its wrong rows are in {}, \
             each with its message.",
            path.display()
        )),
        (_, Err(failed)) => failed,
        (None, _) => error.hint("Nothing was imported. Mend the file and import it again; to get the wrong rows alone, add --errors FILE."),
    }
}

/// What is in a file would be lost if the wrong rows took its place; and those of an earlier attempt that
/// stayed there after one that went well would be taken for its own.
fn check_errors_path(path: &Path, imported: &Path) -> Result<()> {
    refuse_standard_output(path)?;
    let identity = |path: &Path| std::fs::metadata(path).map(|metadata| (metadata.dev(), metadata.ino())).ok();
    if identity(path).is_some_and(|errors| identity(imported) == Some(errors)) {
        return Err(Error::usage("The wrong rows cannot go to the file that is imported")
            .hint("Nothing was changed. Give another path with --errors."));
    }
    if std::fs::metadata(path).is_ok_and(|found| found.is_file() && found.len() > 0) {
        return Err(Error::usage(format!("The file {} is there already", path.display()))
            .hint("Nothing was imported. Delete it, or give another path with --errors."));
    }
    Ok(())
}

/// Refuses the name of standard output for the file of wrong rows.
///
/// # Errors
/// It was given.
pub fn refuse_standard_output(path: &Path) -> Result<()> {
    if path.as_os_str() == "-" {
        return Err(Error::usage("Standard output is for what came of the import, not for its wrong rows")
            .hint("Nothing was changed. Give the name of a file with --errors."));
    }
    Ok(())
}

/// What may make thousands of changes is not done by a slip where nobody can be asked.
pub fn needs_yes() -> Error {
    Error::usage("Importing a file must be confirmed. To import it, add --yes")
        .hint("Nothing was changed. To see what would happen, add --dry-run.")
}
