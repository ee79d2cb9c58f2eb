//! The rows that an import skips, for whoever asked for details: kept in a file without a name until the
//! import has come to its end, because a long file may have very many of them, and an import that fails
//! skips none.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Seek as _, Write as _};

use crate::domain::import::Why;
use crate::error::{Error, Result};
use crate::ops::import::SkippedRows;
use crate::output::printer::Printer;

/// Where a line says what was done, or would be.
const VERB: char = '\t';

/// The lines about skipped rows, where they were wanted.
pub struct SkippedLines {
    file: Option<BufWriter<File>>,
}

impl SkippedLines {
    /// Begins without any.
    ///
    /// # Errors
    /// There is no room for them; so it is below.
    pub fn begin(is_wanted: bool) -> Result<Self> {
        let file = if is_wanted { Some(BufWriter::new(tempfile::tempfile().map_err(failed)?)) } else { None };
        Ok(Self { file })
    }

    /// Tells them, once.
    pub fn tell(&mut self, printer: &mut Printer<'_>, dry_run: bool) -> Result<()> {
        let Some(file) = self.file.take() else { return Ok(()) };
        let mut file = file.into_inner().map_err(|error| failed(error.into_error()))?;
        file.rewind().map_err(failed)?;
        let verb = if dry_run { " would be " } else { " " };
        for line in BufReader::new(file).lines() {
            printer.detail(&line.map_err(failed)?.replacen(VERB, verb, 1))?;
        }
        Ok(())
    }
}

impl SkippedRows for SkippedLines {
    fn begin_again(&mut self) -> Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.rewind().and_then(|()| file.get_ref().set_len(0)).map_err(failed)
    }

    fn add(&mut self, line: u64, who: &str, why: Why) -> Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        writeln!(file, "Line {line}, {who}:{VERB}skipped, {}", why.words()).map_err(failed)
    }
}

fn failed(cause: io::Error) -> Error {
    Error::unavailable("Which rows are skipped could not be kept")
        .hint("Nothing was changed. Check that there is room in the directory for temporary files, or leave out --verbose.")
        .caused_by(cause)
}
