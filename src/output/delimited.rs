//! Rows of cells for scripts: plain, separated by tabs, and CSV, whose cells no spreadsheet takes
//! for formulas.

use std::io::{self, Write};

use super::safe_text::{safe_lines, safe_text};
use crate::error::Result;

/// Writes one row separated by tabs. Tabs and line breaks inside a cell become spaces, so that a line is
/// always one row.
///
/// # Errors
/// The stream cannot be written.
pub fn write_plain(out: &mut dyn Write, cells: impl IntoIterator<Item = String>) -> Result<()> {
    let cells: Vec<_> = cells.into_iter().map(|cell| safe_text(&in_one_line(&cell))).collect();
    writeln!(out, "{}", cells.join("\t"))?;
    Ok(())
}

fn in_one_line(cell: &str) -> String {
    cell.replace("\r\n", " ").replace(['\t', '\n', '\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'], " ")
}

/// CSV as RFC 4180 has it, with its line ends.
pub struct Csv<'a> {
    writer: csv::Writer<&'a mut dyn Write>,
}

impl<'a> Csv<'a> {
    /// Starts with the header, which is there even when nothing follows.
    ///
    /// # Errors
    /// The stream cannot be written; so it is for the methods below.
    pub fn new<'h>(out: &'a mut dyn Write, header: impl IntoIterator<Item = &'h str>) -> Result<Self> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        writer.write_record(header).map_err(unwrapped)?;
        Ok(Self { writer })
    }

    /// Writes a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) -> Result<()> {
        self.writer.write_record(cells.into_iter().map(|cell| guarded(&safe_lines(&cell)))).map_err(unwrapped)?;
        Ok(())
    }

    /// Writes what is still held back.
    pub fn finish(mut self) -> Result<()> {
        self.writer.flush()?;
        Ok(())
    }
}

/// The stream's own error: wrapped, a closed pipe could not be told from a full disk.
fn unwrapped(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Writes one row of CSV whose cells came out of a file and go back into one: each stands for the same
/// value, and is guarded if it was not.
///
/// # Errors
/// The stream cannot be written.
pub fn write_csv_again<'c>(out: &mut dyn Write, cells: impl IntoIterator<Item = &'c str>) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    let is_guarded = |cell| unguarded(cell).len() < cell.len();
    let cells = cells.into_iter().map(|cell| if is_guarded(cell) { cell.to_owned() } else { guarded(cell) });
    writer.write_record(cells).map_err(unwrapped)?;
    writer.flush()
}

/// Takes off the apostrophe that guards a cell.
pub fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_risky(rest) || rest.starts_with('\'') => rest,
        _ => cell,
    }
}

/// Whether a spreadsheet would run a cell as a formula.
fn is_risky(cell: &str) -> bool {
    cell.starts_with(['=', '+', '-', '@', '\t'])
}

/// Puts an apostrophe before a cell that a spreadsheet would run as a formula, and before one that
/// reading back would otherwise take an apostrophe from.
fn guarded(cell: &str) -> String {
    let needs_guard = is_risky(cell) || cell.strip_prefix('\'').is_some_and(|rest| is_risky(rest) || rest.starts_with('\''));
    if needs_guard { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};

    use super::{Csv, guarded, write_plain};
    use crate::error::ErrorKind;

    /// A reader that has gone.
    struct Gone;

    impl Write for Gone {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_pipe_that_closes_between_rows_is_known_for_what_it_is() {
        let mut gone = Gone;
        let mut csv = Csv::new(&mut gone, ["name"]).unwrap();
        let failed = (0..10_000).find_map(|_| csv.row(["Ann".to_owned()]).err()).unwrap();
        assert_eq!(failed.kind, ErrorKind::ClosedPipe);
    }

    #[test]
    fn formulas_and_what_looks_guarded_get_one_apostrophe() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("+44", "'+44"),
            ("-x", "'-x"),
            ("@sum", "'@sum"),
            ("\tx", "'\tx"),
            ("'=1", "''=1"),
            ("''", "'''"),
            ("'", "'"),
            ("'t Hooft", "'t Hooft"),
            ("O'Brien", "O'Brien"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(guarded(cell), written);
        }
    }

    #[test]
    fn csv_quotes_what_needs_it_and_keeps_line_breaks() {
        let mut out = Vec::new();
        let mut csv = Csv::new(&mut out, ["name", "text"]).expect("a header");
        csv.row(["Abel, \"Ann\"".to_owned(), "one\ntwo\u{1B}".to_owned()]).expect("a row");
        csv.row([String::new(), String::new()]).expect("a row");
        csv.finish().expect("flushed");
        assert_eq!(String::from_utf8(out).expect("UTF-8"), "name,text\r\n\"Abel, \"\"Ann\"\"\",\"one\ntwo\u{FFFD}\"\r\n,\r\n");
    }

    #[test]
    fn a_plain_row_is_always_one_line() {
        let mut out = Vec::new();
        write_plain(&mut out, ["a\tb".to_owned(), "c\r\nd\n\ne\u{2028}f\u{1B}[2J\u{9B}".to_owned()]).expect("written");
        assert_eq!(String::from_utf8(out).expect("UTF-8"), "a b\tc d  e f\u{FFFD}[2J\u{FFFD}\n");
    }
}
