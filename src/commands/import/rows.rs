//! The rows of a file, as answers: which column holds which, and the wrong ones written down for
//! whoever mends them.

use std::path::Path;

use csv::StringRecord;

use super::records::Records;
use super::source::Source;
use crate::commands::whole_file::WholeFile;
use crate::domain::answers::Answers;
use crate::domain::import::{ImportKind, missing_columns};
use crate::domain::problem::{Code, Field, Problem, Problems};
use crate::domain::service::ServiceKind;
use crate::error::{Error, Result};
use crate::ops::import::{ImportRow, Rows};
use crate::output::delimited::{unguarded, write_csv_as_it_is};
use crate::output::progress::Progress;

/// The column that the file of wrong rows has besides.
const MESSAGE: &str = "message";
const UNWRITABLE: &str = "Nothing was changed. Give another path with --errors.";
/// How many bytes are read before the bar moves.
const STEP: u64 = 64 * 1024;

/// The rows of one file.
pub struct FileRows {
    source: Source,
    records: Records,
    header: StringRecord,
    /// Where each answer is.
    columns: Vec<(Field, usize)>,
    last: StringRecord,
    errors: Option<WholeFile>,
    /// What was read before, if the file was read before.
    seen: Option<u64>,
    progress: Progress,
    shown: u64,
}

impl FileRows {
    /// Reads the header.
    ///
    /// # Errors
    /// A column is missing or there twice; the file cannot be read, or the file of wrong rows not be
    /// made.
    pub fn open(source: Source, kind: ImportKind, service: ServiceKind, errors: Option<&Path>, progress: Progress) -> Result<Self> {
        let errors = errors.map(|path| WholeFile::begin(path, UNWRITABLE)).transpose()?;
        let mut records = Records::new(source.rewound()?)?;
        let header = records.next_record()?.map(|(_, header)| header).unwrap_or_default();
        let columns = find_columns(&header, kind.columns(service))?;
        Ok(Self { source, records, header, columns, last: StringRecord::new(), errors, seen: None, progress, shown: 0 })
    }

    /// Puts the file of wrong rows in its place, where one was wanted.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn keep_errors(&mut self) -> Result<()> {
        match self.errors.take() {
            Some(errors) => errors.keep(),
            None => Ok(()),
        }
    }

    /// Takes the bar off the screen.
    pub fn end(&self) {
        self.progress.end();
    }
}

impl Rows for FileRows {
    fn rewind(&mut self) -> Result<()> {
        self.records = Records::new(self.source.rewound()?)?;
        self.records.next_record()?;
        self.shown = 0;
        self.progress.begin_again();
        if let Some(errors) = &mut self.errors {
            errors.begin_again()?;
            write_wrong(errors, &self.header, &self.header, MESSAGE)?;
        }
        Ok(())
    }

    fn next_row(&mut self) -> Result<Option<ImportRow>> {
        let Some((line, record)) = self.records.next_record()? else {
            let read = self.records.fingerprint();
            return if self.seen.replace(read).is_none_or(|seen| seen == read) { Ok(None) } else { Err(changed_meanwhile()) };
        };
        if self.records.position - self.shown >= STEP {
            self.shown = self.records.position;
            self.progress.advance_to(self.shown);
        }
        let value = |column: usize| unguarded(record.get(column).unwrap_or_default()).to_owned();
        let has_more = record.iter().skip(self.header.len()).any(|value| !value.trim().is_empty());
        let answers = match self.columns.last() {
            Some((field, _)) if has_more => Err(more_values_than_columns(*field)),
            _ => Ok(Answers::given(self.columns.iter().map(|(field, column)| (*field, Some(value(*column)))))),
        };
        self.last = record;
        Ok(Some(ImportRow { line, answers }))
    }

    fn refuse(&mut self, problems: &Problems) -> Result<()> {
        let Some(errors) = &mut self.errors else { return Ok(()) };
        let told: Vec<String> = problems.iter().map(|problem| format!("{}: {}", problem.field.key(), problem.message)).collect();
        write_wrong(errors, &self.header, &self.last, &told.join("; "))
    }
}

/// The commas of a value that should have been between quotation marks, mostly.
fn more_values_than_columns(last: Field) -> Problems {
    let message = "This row has more values than the file has columns: put quotation marks round a value with a comma in it".to_owned();
    Problem { field: last, code: Code::BadFormat, message }.into()
}

fn changed_meanwhile() -> Error {
    Error::conflict("The file changed while you were looking at what would be imported")
        .hint("Nothing was changed. Import it again to see what is in it now.")
}

/// Writes a row with its message, without the message that an earlier file of wrong rows gave it.
fn write_wrong(errors: &mut WholeFile, header: &StringRecord, row: &StringRecord, message: &str) -> Result<()> {
    let cells = header.iter().enumerate().filter(|(_, name)| folded(name) != MESSAGE);
    let cells = cells.map(|(column, _)| row.get(column).unwrap_or_default()).chain([message]);
    write_csv_as_it_is(errors, cells).map_err(|error| errors.explained(error.into()))
}

/// Names of columns are compared in any letter case, without the spaces round them.
fn folded(name: &str) -> String {
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
