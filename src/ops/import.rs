//! Importing rows, whatever they are: all of them or none, each through the same rules as one that is
//! typed, and everything that is wrong told at once.
//!
//! Reading and checking has a thread of its own: the database, which takes longer, need not wait for it.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::desk::{ChangeOptions, Desk, Work};
use super::guards;
use crate::domain::answers::Answers;
use crate::domain::import::{ImportKind, ImportReport, RowProblems, RowResult};
use crate::domain::problem::Problems;
use crate::error::Result;
use crate::store::put_off_indexes::PutOffIndexes;

/// How many rows go to the database together.
const BATCH: usize = 1000;
/// How many batches are checked before the database has taken them.
const AHEAD: usize = 4;

/// One row of a file.
#[derive(Debug, Clone)]
pub struct ImportRow<Source> {
    /// The line that it begins at.
    pub line: u64,
    /// The row as it was read.
    pub source: Source,
    /// Or what is wrong with the row, whatever it says.
    pub answers: std::result::Result<Answers, Problems>,
}

/// Where rows come from, from the first as often as it is wanted.
pub trait Rows<Source>: Send {
    /// Begins again.
    ///
    /// # Errors
    /// The file cannot be read; so it is below.
    fn rewind(&mut self) -> Result<()>;

    /// The next row.
    fn next_row(&mut self) -> Result<Option<ImportRow<Source>>>;
}

/// Where wrong rows go, in the order of the file.
pub trait WrongRows<Source> {
    /// Begins again.
    ///
    /// # Errors
    /// Nothing can be written; so it is below.
    fn begin_again(&mut self) -> Result<()>;

    /// Takes a row and what is wrong with it.
    fn add(&mut self, source: &Source, problems: &Problems) -> Result<()>;
}

/// A file to import.
pub struct ImportFile<'file, Source> {
    pub rows: &'file mut dyn Rows<Source>,
    pub wrong: &'file mut dyn WrongRows<Source>,
}

/// A row, and what came of it: what is wrong with it is not the end of the import.
pub(super) type Imported = std::result::Result<RowResult, Problems>;

/// A row that was checked, as far as that goes without the database.
struct CheckedRow<Source, Checked> {
    line: u64,
    source: Source,
    checked: std::result::Result<Checked, Problems>,
}

type Batch<Source, Checked> = Result<Vec<CheckedRow<Source, Checked>>>;

/// Imports every row in one transaction: `check` looks at the answers of one, `store` stores those of a
/// batch and says what came of each, in their order. The work is all taken back where one row is wrong.
///
/// # Errors
/// Not permitted, protected, what is wrong with the rows, the file, or the database; nothing is stored.
pub(super) fn import<Source: Send, Checked: Send>(
    desk: &mut Desk,
    kind: ImportKind,
    file: ImportFile<'_, Source>,
    options: &ChangeOptions,
    check: impl Fn(&Answers) -> std::result::Result<Checked, Problems> + Sync,
    mut store: impl FnMut(&mut Work<'_, '_>, Vec<Checked>) -> Result<Vec<Imported>>,
) -> Result<ImportReport> {
    let ImportFile { rows, wrong } = file;
    desk.store.expect_many_changes();
    desk.change(options, |work| {
        work.actor.may_administer()?;
        guards::check_protected(work, options)?;
        rows.rewind()?;
        wrong.begin_again()?;
        thread::scope(|scope| {
            let (sender, batches) = sync_channel(AHEAD);
            let (rows, check) = (&mut *rows, &check);
            scope.spawn(move || read_and_check(rows, check, &sender));
            store_batches(work, kind, batches, wrong, &mut store, options)
        })
    })
}

/// Sends batches until the file ends, or nobody takes them any more.
fn read_and_check<Source, Checked>(
    rows: &mut dyn Rows<Source>,
    check: impl Fn(&Answers) -> std::result::Result<Checked, Problems>,
    sender: &SyncSender<Batch<Source, Checked>>,
) {
    loop {
        let batch = read_batch(rows, &check);
        let is_last = batch.as_ref().map_or(true, |batch| batch.len() < BATCH);
        if sender.send(batch).is_err() || is_last {
            return;
        }
    }
}

fn read_batch<Source, Checked>(
    rows: &mut dyn Rows<Source>,
    check: impl Fn(&Answers) -> std::result::Result<Checked, Problems>,
) -> Batch<Source, Checked> {
    let mut batch = Vec::with_capacity(BATCH);
    while batch.len() < BATCH
        && let Some(row) = rows.next_row()?
    {
        batch.push(CheckedRow { line: row.line, source: row.source, checked: row.answers.and_then(|answers| check(&answers)) });
    }
    Ok(batch)
}

fn store_batches<Source, Checked>(
    work: &mut Work<'_, '_>,
    kind: ImportKind,
    batches: Receiver<Batch<Source, Checked>>,
    wrong: &mut dyn WrongRows<Source>,
    store: &mut impl FnMut(&mut Work<'_, '_>, Vec<Checked>) -> Result<Vec<Imported>>,
    options: &ChangeOptions,
) -> Result<ImportReport> {
    let mut report = ImportReport::new(kind, options.dry_run);
    let mut problems = RowProblems::default();
    let mut indexes = PutOffIndexes::of(kind);
    for batch in batches {
        let mut right = Vec::with_capacity(BATCH);
        let mut read = Vec::with_capacity(BATCH);
        for row in batch? {
            let wrong_already = row.checked.map(|checked| right.push(checked)).err();
            read.push((row.line, row.source, wrong_already));
        }
        let mut stored = store(work, right)?.into_iter();
        for (line, source, wrong_already) in read {
            match wrong_already.map_or_else(|| stored.next(), |problems| Some(Err(problems))) {
                Some(Ok(result)) => report.count(result),
                Some(Err(found)) => {
                    problems.add(line, &found);
                    wrong.add(&source, &found)?;
                }
                None => {}
            }
        }
        indexes.put_off(work.transaction, report.added + report.linked)?;
    }
    if problems.count > 0 {
        return Err(problems.into());
    }
    indexes.build(work.transaction)?;
    Ok(report)
}

/// Stores the rows of a batch one after the other.
pub(super) fn one_by_one<Checked>(
    mut store: impl FnMut(&mut Work<'_, '_>, Checked) -> Result<Imported>,
) -> impl FnMut(&mut Work<'_, '_>, Vec<Checked>) -> Result<Vec<Imported>> {
    move |work, batch| batch.into_iter().map(|checked| store(work, checked)).collect()
}
