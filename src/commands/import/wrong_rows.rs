//! The wrong rows of a file, each with what is wrong with it, for whoever mends them and feeds them back.

use std::path::Path;

use csv::StringRecord;

use super::rows::folded;
use crate::commands::whole_file::WholeFile;
use crate::domain::problem::Problems;
use crate::error::Result;
use crate::ops::import::WrongRows;
use crate::output::delimited::write_csv_as_it_is;

/// The column that the file has besides.
const MESSAGE: &str = "message";
const UNWRITABLE: &str = "Nothing was changed. Give another path with --errors.";

/// The file of wrong rows, where one was wanted.
pub struct WrongRowsFile {
    file: Option<WholeFile>,
    header: StringRecord,
}

impl WrongRowsFile {
    /// Begins a file for rows with this header.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn begin(path: Option<&Path>, header: StringRecord) -> Result<Self> {
        let file = path.map(|path| WholeFile::begin(path, UNWRITABLE)).transpose()?;
        Ok(Self { file, header })
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn keep(&mut self) -> Result<()> {
        self.file.take().map_or(Ok(()), WholeFile::keep)
    }
}

impl WrongRows<StringRecord> for WrongRowsFile {
    fn begin_again(&mut self) -> Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.begin_again()?;
        write_wrong(file, &self.header, &self.header, MESSAGE)
    }

    fn add(&mut self, source: &StringRecord, problems: &Problems) -> Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let told: Vec<String> = problems.iter().map(|problem| format!("{}: {}", problem.field.key(), problem.message)).collect();
        write_wrong(file, &self.header, source, &told.join("; "))
    }
}

/// Writes a row with its message, without the message that an earlier file of wrong rows gave it.
fn write_wrong(errors: &mut WholeFile, header: &StringRecord, row: &StringRecord, message: &str) -> Result<()> {
    let cells = header.iter().enumerate().filter(|(_, name)| folded(name) != MESSAGE);
    // What has no column follows the message: whoever mends the row finds where it belongs.
    let beyond = row.iter().skip(header.len());
    let cells = cells.map(|(column, _)| row.get(column).unwrap_or_default()).chain([message]).chain(beyond);
    write_csv_as_it_is(errors, cells).map_err(|error| errors.explained(error.into()))
}
