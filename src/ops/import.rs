//! Importing rows, whatever they are: all of them or none, each through the same rules as one that is
//! typed, and everything that is wrong told at once.

use super::desk::{ChangeOptions, Desk, Work};
use super::guards;
use crate::domain::answers::Answers;
use crate::domain::import::{ImportKind, ImportReport, RowProblems, RowResult};
use crate::domain::problem::Problems;
use crate::error::Result;

/// One row of a file.
#[derive(Debug, Clone)]
pub struct ImportRow {
    /// The line that it begins at.
    pub line: u64,
    /// Or what is wrong with the row, whatever it says.
    pub answers: std::result::Result<Answers, Problems>,
}

/// Where rows come from, from the first as often as it is wanted.
pub trait Rows {
    /// Begins again.
    ///
    /// # Errors
    /// The file cannot be read; so it is below.
    fn rewind(&mut self) -> Result<()>;

    /// The next row.
    fn next_row(&mut self) -> Result<Option<ImportRow>>;

    /// Is told what is wrong with the row that came last.
    fn refuse(&mut self, problems: &Problems) -> Result<()>;
}

/// A row, and what came of it: what is wrong with it is not the end of the import.
pub(super) type Imported = std::result::Result<RowResult, Problems>;

/// Imports every row in one transaction. The work is all taken back where one row is wrong.
///
/// # Errors
/// Not permitted, protected, what is wrong with the rows, the file, or the database; nothing is stored.
pub(super) fn import(
    desk: &mut Desk,
    kind: ImportKind,
    rows: &mut dyn Rows,
    options: &ChangeOptions,
    mut import_row: impl FnMut(&mut Work<'_, '_>, &Answers) -> Result<Imported>,
) -> Result<ImportReport> {
    desk.store.expect_many_changes();
    desk.change(options, |work| {
        work.actor.may_administer()?;
        guards::check_protected(work, options)?;
        let mut report = ImportReport::new(kind, options.dry_run);
        let mut wrong = RowProblems::default();
        rows.rewind()?;
        while let Some(row) = rows.next_row()? {
            let imported = match row.answers {
                Ok(answers) => import_row(work, &answers)?,
                Err(problems) => Err(problems),
            };
            match imported {
                Ok(result) => report.count(result),
                Err(problems) => {
                    wrong.add(row.line, &problems);
                    rows.refuse(&problems)?;
                }
            }
        }
        if wrong.count == 0 { Ok(report) } else { Err(wrong.into()) }
    })
}
