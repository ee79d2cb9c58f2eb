//! Importing rows, whatever they are: all of them or none, each through the same rules as one that is
//! typed, and everything that is wrong told at once.
//!
//! Reading, checking and composing has a thread of its own: the database, which takes longer, need not
//! wait for it.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::clerk::Clerk;
use super::desk::{ChangeOptions, Desk, Work};
use super::guards;
use crate::domain::answers::Answers;
use crate::domain::import::{ImportKind, ImportReport, RowProblems, RowResult, Why, WrongRow};
use crate::domain::problem::Problems;
use crate::error::Result;
use crate::store::put_off_indexes::PutOffIndexes;
use crate::store::{memberships, organisations, users};

/// How many batches are prepared before the database has taken them.
const AHEAD: usize = 2;

/// One row of a file.
#[derive(Debug, Clone)]
pub struct ImportRow<Source> {
    /// The line that it begins at.
    pub line: u64,
    /// The row as it was read.
    pub source: Source,
    /// Or what is wrong with the row, whatever it says.
    pub answers: std::result::Result<Answers, WrongRow>,
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
    fn add(&mut self, source: &Source, wrong: &WrongRow) -> Result<()>;
}

/// Where it is told which rows are skipped, in the order of the file.
pub trait SkippedRows {
    /// Begins again.
    ///
    /// # Errors
    /// Nothing can be written; so it is below.
    fn begin_again(&mut self) -> Result<()>;

    /// Takes the line of a row, what tells it from others, and why it is skipped.
    fn add(&mut self, line: u64, who: &str, why: Why) -> Result<()>;
}

/// A file to import.
pub struct ImportFile<'file, Source> {
    pub rows: &'file mut dyn Rows<Source>,
    pub wrong: &'file mut dyn WrongRows<Source>,
    pub skipped: &'file mut dyn SkippedRows,
    /// Refuses to go on where somebody wants the import to stop. Rows are read ahead: whoever reads them
    /// hears of it only as long as there are any left.
    pub go_on: &'file dyn Fn() -> Result<()>,
}

/// What an import has come to before the rows that are to be stored.
pub(super) struct SoFar {
    /// The id of the newest record that was there before the import: its own are newer, because ids begin
    /// with the time. Where a clock was put back they may not be, and a repeated row is told as there already;
    /// to remember every row instead would take memory without bound.
    pub newest: String,
    /// Whether it has added anything.
    pub has_added: bool,
}

impl SoFar {
    /// Why a row is skipped whose record has this id.
    pub fn why(&self, id: &str) -> Why {
        Why::of(*id > *self.newest)
    }
}

/// A row, and what came of it: what is wrong with it is not the end of the import.
pub(super) type Imported = std::result::Result<RowResult, Problems>;

/// A row, and what is to be stored of it, as far as that is known without the database.
struct PreparedRow<Source, Prepared> {
    line: u64,
    source: Source,
    prepared: std::result::Result<Prepared, WrongRow>,
}

type Batch<Source, Prepared> = Result<Vec<PreparedRow<Source, Prepared>>>;

/// Imports every row in one transaction: `prepare` makes of the answers of one what is to be stored, and
/// `store` stores a batch and says what came of each row, in their order. The work is all taken back
/// where one row is wrong.
///
/// # Errors
/// Not permitted, protected, what is wrong with the rows, the file, or the database; nothing is stored.
pub(super) fn import<Source: Send, Prepared: Send>(
    desk: &mut Desk,
    kind: ImportKind,
    file: ImportFile<'_, Source>,
    options: &ChangeOptions,
    prepare: impl Fn(&mut Clerk<'_>, &Answers) -> Result<std::result::Result<Prepared, Problems>> + Sync,
    mut store: impl FnMut(&mut Work<'_, '_>, Vec<Prepared>, &SoFar) -> Result<Vec<Imported>>,
) -> Result<ImportReport> {
    let ImportFile { rows, wrong, skipped, go_on } = file;
    desk.store.expect_many_changes();
    let size = desk.store.batch_size();
    desk.change(options, |work| {
        work.actor.may_administer()?;
        guards::check_protected(work, options)?;
        rows.rewind()?;
        wrong.begin_again()?;
        skipped.begin_again()?;
        // `store` gives out ids meanwhile, if it makes records that nothing has been prepared for.
        let mut ids = work.clerk.other_ids();
        let mut clerk = work.clerk.with(&mut ids);
        thread::scope(|scope| {
            let (sender, batches) = sync_channel(AHEAD);
            let (rows, prepare) = (&mut *rows, &prepare);
            scope.spawn(move || read_and_prepare(rows, |answers| prepare(&mut clerk, answers), size, &sender));
            store_batches(work, kind, batches, (wrong, skipped), &mut store, (options, go_on))
        })
    })
}

/// Sends batches until the file ends, or nobody takes them any more.
fn read_and_prepare<Source, Prepared>(
    rows: &mut dyn Rows<Source>,
    mut prepare: impl FnMut(&Answers) -> Result<std::result::Result<Prepared, Problems>>,
    size: usize,
    sender: &SyncSender<Batch<Source, Prepared>>,
) {
    loop {
        let batch = read_batch(rows, &mut prepare, size);
        let is_last = batch.as_ref().map_or(true, |batch| batch.len() < size);
        if sender.send(batch).is_err() || is_last {
            return;
        }
    }
}

fn read_batch<Source, Prepared>(
    rows: &mut dyn Rows<Source>,
    prepare: &mut impl FnMut(&Answers) -> Result<std::result::Result<Prepared, Problems>>,
    size: usize,
) -> Batch<Source, Prepared> {
    let mut batch = Vec::with_capacity(size);
    while batch.len() < size
        && let Some(row) = rows.next_row()?
    {
        let prepared = match row.answers {
            Ok(answers) => prepare(&answers)?.map_err(WrongRow::from),
            Err(wrong) => Err(wrong),
        };
        batch.push(PreparedRow { line: row.line, source: row.source, prepared });
    }
    Ok(batch)
}

fn store_batches<Source, Prepared>(
    work: &mut Work<'_, '_>,
    kind: ImportKind,
    batches: Receiver<Batch<Source, Prepared>>,
    (wrong, skipped): (&mut dyn WrongRows<Source>, &mut dyn SkippedRows),
    store: &mut impl FnMut(&mut Work<'_, '_>, Vec<Prepared>, &SoFar) -> Result<Vec<Imported>>,
    (options, go_on): (&ChangeOptions, &dyn Fn() -> Result<()>),
) -> Result<ImportReport> {
    let mut report = ImportReport::new(kind, options.dry_run);
    let mut problems = RowProblems::default();
    let mut indexes = PutOffIndexes::of(kind);
    let mut so_far = SoFar { newest: newest_id(work, kind)?, has_added: false };
    for batch in batches {
        let batch = batch?;
        let mut right = Vec::with_capacity(batch.len());
        let mut read = Vec::with_capacity(batch.len());
        for row in batch {
            let wrong_already = row.prepared.map(|prepared| right.push(prepared)).err();
            read.push((row.line, row.source, wrong_already));
        }
        let mut stored = store(work, right, &so_far)?.into_iter();
        go_on()?;
        for (line, source, wrong_already) in read {
            match wrong_already.map_or_else(|| stored.next().map(|result| result.map_err(WrongRow::from)), |wrong| Some(Err(wrong))) {
                Some(Ok(result)) => {
                    report.count(&result);
                    if let RowResult::Skipped { who, why } = result {
                        skipped.add(line, &who, why)?;
                    }
                }
                Some(Err(found)) => {
                    problems.add(line, &found);
                    wrong.add(&source, &found)?;
                }
                None => {}
            }
        }
        so_far.has_added = report.changes_anything();
        indexes.put_off(work.transaction, report.added + report.linked)?;
    }
    if problems.count > 0 {
        return Err(problems.into());
    }
    indexes.build(work.transaction)?;
    go_on()?;
    Ok(report)
}

/// The id of the newest record of the kind that an import adds.
fn newest_id(work: &mut Work<'_, '_>, kind: ImportKind) -> Result<String> {
    match kind {
        ImportKind::Users => users::newest_id(work.transaction),
        ImportKind::Organisations => organisations::newest_id(work.transaction),
        ImportKind::OrganisationUsers => memberships::newest_id(work.transaction),
    }
}

/// Stores the rows of a batch one after the other.
pub(super) fn one_by_one<Prepared>(
    mut store: impl FnMut(&mut Work<'_, '_>, Prepared, &SoFar) -> Result<Imported>,
) -> impl FnMut(&mut Work<'_, '_>, Vec<Prepared>, &SoFar) -> Result<Vec<Imported>> {
    move |work, batch, so_far| batch.into_iter().map(|prepared| store(work, prepared, so_far)).collect()
}
