//! A SQLite file: what SQLite finds wrong inside, where it lies, and who else may use it.

use std::path::Path;

use super::{Report, counted, failed};
use crate::domain::check::Check;
use crate::domain::damage::MOST_TOLD;
use crate::domain::sentence::in_a_sentence;
use crate::error::Result;
use crate::store::Store;
use crate::store::checks::files::{Mode, mode_of_directory, modes_of_database, network_of};
use crate::store::checks::sqlite::{Parts, foreign_keys, integrity, parts};

const GO_BACK: &str = "Go back to a copy of the database from before the damage.";
/// The bits of a mode that are for everybody but the owner.
const OTHERS: u32 = 0o077;
const OTHERS_WRITE: u32 = 0o022;

/// What SQLite finds wrong.
pub(super) fn examine_inside(store: &mut Store, report: &mut Report<'_>) -> Result<()> {
    match store.read(integrity) {
        Err(error) => report.add(failed("integrity", &error))?,
        Ok((found, _)) if found.is_empty() => report.add(Check::ok("integrity", "The pages and indexes of the file are sound"))?,
        Ok((found, is_more)) => {
            let so_many = counted(found.len() as u64, "place", "places");
            let so_many = if is_more { format!("more than {MOST_TOLD} places") } else { so_many };
            report.add(Check::problem("integrity", format!("SQLite finds the file damaged in {so_many}")).hint(GO_BACK))?;
            report.add_all(found.into_iter().map(|line| Check::problem("integrity", format!("SQLite: {line}"))))?;
        }
    }
    match store.read(foreign_keys) {
        Err(error) => report.add(failed("foreign_keys", &error)),
        Ok(dangling) if dangling.is_empty() => report.add(Check::ok("foreign_keys", "Every row that refers to another one finds it")),
        Ok(dangling) => report.add_all(dangling.into_iter().map(|found| {
            let rows = counted(found.count, "row", "rows");
            Check::problem("foreign_keys", format!("In the table {}, {rows} refer to nothing in {}", found.table, found.parent))
                .hint(GO_BACK)
        })),
    }
}

/// Whether every table and index is there, in a file of this version's schema.
pub(super) fn examine_parts(store: &mut Store, report: &mut Report<'_>) -> Result<()> {
    let Parts { missing, added } = match store.read(parts) {
        Ok(parts) => parts,
        Err(error) => return report.add(failed("tables", &error)),
    };
    if missing.is_empty() && added.is_empty() {
        return report.add(Check::ok("tables", "Every table and index is there"));
    }
    if !missing.is_empty() {
        let message = format!("The database has lost {}", in_a_sentence(missing));
        report.add(Check::problem("tables", message).hint(GO_BACK))?;
    }
    if added.is_empty() {
        return Ok(());
    }
    let message = format!("Another program has put something into the database: {}", in_a_sentence(added));
    report.add(Check::warning("tables", message).hint("Take it out again, unless you know what it is for."))
}

/// Where the file lies, and who else may use it.
pub(super) fn examine(path: &Path, report: &mut Report<'_>) -> Result<()> {
    report.add(match network_of(path) {
        None => Check::ok("file_system", "The database is on a disk of this machine"),
        Some(name) => Check::problem("file_system", format!("The database is on a network file system ({name})"))
            .hint("A SQLite file there can lose changes: keep it on a disk of this machine."),
    })?;
    let files = modes_of_database(path);
    if files.is_empty() {
        return Ok(());
    }
    let open: Vec<Check> = files.iter().filter(|file| file.bits & OTHERS != 0).map(|file| of_open_file("file_permissions", file)).collect();
    if open.is_empty() {
        report.add(Check::ok("file_permissions", "Only its owner may read and write the database"))?;
    }
    report.add_all(open)?;
    mode_of_directory(path).map_or(Ok(()), |directory| report.add(of_directory(&directory)))
}

/// A file that others may read or write.
pub(super) fn of_open_file(name: &'static str, file: &Mode) -> Check {
    let what = if file.bits & OTHERS_WRITE == 0 { "read" } else { "write" };
    let message = format!("Others than its owner may {what} {} (mode {:04o})", file.path.display(), file.bits);
    Check::problem(name, message).hint(format!("Close it to them: chmod 600 {}", quoted(&file.path)))
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let shown = path.display().to_string();
    shlex::try_quote(&shown).map(|quoted| quoted.into_owned()).unwrap_or(shown)
}

fn of_directory(directory: &Mode) -> Check {
    const NAME: &str = "directory_permissions";
    let path = directory.path.display();
    let hint = format!("Close it to them: chmod 700 {}", quoted(&directory.path));
    let mode = directory.bits;
    if mode & OTHERS_WRITE != 0 {
        return Check::problem(NAME, format!("Others than its owner may put files into {path} and take them away (mode {mode:04o})"))
            .hint(hint);
    }
    if mode & OTHERS != 0 {
        return Check::warning(NAME, format!("Others than its owner may look into {path} (mode {mode:04o})")).hint(hint);
    }
    Check::ok(NAME, "Only its owner may use the directory of the database")
}
