//! The wrong rows of a file, each with what is wrong with it, for whoever mends them and feeds them back.

use std::path::Path;

use csv::StringRecord;

use super::rows::folded;
use crate::commands::whole_file::WholeFile;
use crate::domain::import::{CellProblem, WrongRow};
use crate::error::Result;
use crate::ops::import::WrongRows;
use crate::output::delimited::write_csv_again;

/// The column that the file has besides, as its last.
const MESSAGE: &str = "message";
const UNWRITABLE: &str = "Nothing was changed. Give another path with --errors.";

/// The file of wrong rows, where one was wanted.
pub struct WrongRowsFile {
    file: Option<WholeFile>,
    header: StringRecord,
    /// How many of the columns are kept: all, but for the messages of an earlier attempt.
    kept: usize,
}

impl WrongRowsFile {
    /// Begins a file for rows with this header.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn begin(path: Option<&Path>, header: StringRecord) -> Result<Self> {
        let file = path.map(|path| WholeFile::begin(path, UNWRITABLE)).transpose()?;
        let has_messages = header.iter().next_back().is_some_and(|name| folded(name) == MESSAGE);
        let kept = header.len() - usize::from(has_messages);
        Ok(Self { file, header, kept })
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn keep(&mut self) -> Result<()> {
        self.file.take().map_or(Ok(()), WholeFile::keep)
    }

    /// Writes a row, with its message after the columns that are kept.
    fn write(&mut self, row: &StringRecord, message: &str) -> Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let cells = (0..self.kept).map(|column| row.get(column).unwrap_or_default());
        // What has no column follows the message: whoever mends the row finds where it belongs.
        let beyond = row.iter().skip(self.header.len());
        write_csv_again(file, cells.chain([message]).chain(beyond)).map_err(|error| file.explained(error.into()))
    }
}

impl WrongRows<StringRecord> for WrongRowsFile {
    fn begin_again(&mut self) -> Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.begin_again()?;
        self.write(&self.header.clone(), MESSAGE)
    }

    fn add(&mut self, source: &StringRecord, wrong: &WrongRow) -> Result<()> {
        if self.file.is_none() {
            return Ok(());
        }
        let told: Vec<String> = wrong.problems().iter().map(CellProblem::told).collect();
        self.write(source, &told.join("; "))
    }
}
