//! What came of a change of many records: how many of each, in every format.

use std::io::Write;

use serde_json::{Value, json};

use super::delimited::{Csv, write_plain};
use super::format::Format;
use super::json;
use super::machine::document;
use super::style::Style;
use crate::error::Result;

/// The counts by their keys, and what else is told.
pub struct Counts<'told, const CELLS: usize> {
    /// The word that scripts read.
    pub result: &'static str,
    /// As rows of cells have them.
    pub cells: [(&'static str, u64); CELLS],
    /// As JSON has them, which may have more.
    pub document: &'told [(&'static str, u64)],
    pub dry_run: bool,
    /// For people, below the line that says that this was a dry run.
    pub text: &'told str,
}

impl<const CELLS: usize> Counts<'_, CELLS> {
    /// Writes them to standard output.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, out: &mut dyn Write, style: &Style) -> Result<()> {
        match style.format {
            Format::Json | Format::JsonLines => {
                let mut document = document();
                document.insert("result".to_owned(), self.result.into());
                document.extend(self.document.iter().map(|(key, count)| ((*key).to_owned(), json!(count))));
                document.insert("dry_run".to_owned(), Value::Bool(self.dry_run));
                json::write(out, &document, style.format == Format::Json)
            }
            Format::Csv => {
                let mut csv = Csv::new(out, self.cells.map(|(key, _)| key))?;
                csv.row(self.cells.map(|(_, count)| count.to_string()))?;
                csv.finish()
            }
            Format::Plain => write_plain(out, self.cells.map(|(_, count)| count.to_string())),
            // Of what is new there are many, and a list gives their ids.
            Format::Ids => Ok(()),
            Format::Table => {
                let intro = if self.dry_run { "Dry run: nothing was stored.\n\n" } else { "" };
                write!(out, "{intro}{}", self.text)?;
                Ok(())
            }
        }
    }
}
