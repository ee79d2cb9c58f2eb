//! The rows of a file, as answers: which column holds which.

use std::path::Path;

use csv::StringRecord;

use super::records::Records;
use super::source::Source;
use super::stopped;
use super::wrong_rows::WrongRowsFile;
use crate::domain::answers::Answers;
use crate::domain::import::{ImportKind, WrongRow, missing_columns};
use crate::domain::problem::Field;
use crate::domain::service::ServiceKind;
use crate::error::{Error, Result};
use crate::ops::import::{ImportRow, Rows};
use crate::output::delimited::unguarded;
use crate::output::progress::Progress;
use crate::world::StopSignal;

/// How many bytes are read before the bar moves.
const STEP: u64 = 64 * 1024;

/// The rows of one file.
pub struct FileRows {
    source: Source,
    records: Records,
    /// How many columns the header has.
    width: usize,
    /// Where each answer is.
    columns: Vec<(Field, usize)>,
    /// What was read before, if the file was read before.
    seen: Option<u64>,
    progress: Progress,
    shown: u64,
    stop: StopSignal,
}

/// Reads the header of a file, and begins the file of its wrong rows.
///
/// # Errors
/// A column is missing or there twice; the file cannot be read, or the file of wrong rows not be made.
pub fn open_rows(
    source: Source,
    kind: ImportKind,
    service: ServiceKind,
    errors: Option<&Path>,
    progress: Progress,
    stop: StopSignal,
) -> Result<(FileRows, WrongRowsFile)> {
    let mut records = Records::new(source.rewound()?)?;
    let header = records.next_record()?.map(|(_, header)| header).unwrap_or_default();
    let columns = find_columns(&header, kind.columns(service))?;
    let rows = FileRows { source, records, width: header.len(), columns, seen: None, progress, shown: 0, stop };
    Ok((rows, WrongRowsFile::begin(errors, header)?))
}

impl FileRows {
    /// Takes the bar off the screen.
    pub fn end(&self) {
        self.progress.end();
    }
}

impl Rows<StringRecord> for FileRows {
    fn rewind(&mut self) -> Result<()> {
        self.records = Records::new(self.source.rewound()?)?;
        self.records.next_record()?;
        self.shown = 0;
        self.progress.begin_again();
        Ok(())
    }

    fn next_row(&mut self) -> Result<Option<ImportRow<StringRecord>>> {
        if self.stop.is_given() {
            return Err(stopped());
        }
        let Some((line, record)) = self.records.next_record()? else {
            let read = self.records.fingerprint();
            return if self.seen.replace(read).is_none_or(|seen| seen == read) { Ok(None) } else { Err(changed_meanwhile()) };
        };
        if self.records.position - self.shown >= STEP {
            self.shown = self.records.position;
            self.progress.advance_to(self.shown);
        }
        let value = |column: usize| unguarded(record.get(column).unwrap_or_default()).to_owned();
        // A spreadsheet may write commas behind the last column.
        let values = record.len() - record.iter().rev().take_while(|value| value.trim().is_empty()).count();
        let answers = if values > self.width {
            Err(WrongRow::TooManyValues { values, columns: self.width })
        } else {
            Ok(Answers::given(self.columns.iter().map(|(field, column)| (*field, Some(value(*column))))))
        };
        Ok(Some(ImportRow { line, source: record, answers }))
    }
}

fn changed_meanwhile() -> Error {
    Error::conflict("The file changed while you were looking at what would be imported")
        .hint("Nothing was changed. Import it again to see what is in it now.")
}

/// Names of columns are compared in any letter case, without the spaces round them.
pub(super) fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

fn find_columns(header: &StringRecord, (needed, optional): (Vec<Field>, Vec<Field>)) -> Result<Vec<(Field, usize)>> {
    let names: Vec<String> = header.iter().map(folded).collect();
    let places = |field: Field| names.iter().enumerate().filter(move |(_, name)| *name == field.key()).map(|(place, _)| place);
    let mut columns = Vec::new();
    let mut missing = Vec::new();
    for field in needed.iter().chain(&optional).copied() {
        let mut found = places(field);
        match (found.next(), found.next()) {
            (Some(place), None) => columns.push((field, place)),
            (Some(_), Some(_)) => {
                return Err(Error::invalid(format!("Your file has two columns called ‘{}’.", field.key()))
                    .hint("Nothing was changed. Take one of them out."));
            }
            (None, _) if needed.contains(&field) => missing.push(field.key()),
            (None, _) => {}
        }
    }
    if missing.is_empty() {
        return Ok(columns);
    }
    let shown: Vec<String> = header.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    let (need, has) = missing_columns(&missing, &shown);
    let hint = if shown.len() == 1 && shown.iter().any(|name| name.contains([';', '\t'])) {
        format!("{has} Nothing was changed. Put commas between the columns, not semicolons or tabs.")
    } else {
        format!("{has} Nothing was changed.")
    };
    Err(Error::invalid(need).hint(hint))
}
