//! The records of a file of comma-separated values, each with the line that it begins at, as an editor
//! counts it. One record at a time is held, so that a file may be longer than the memory.
//!
//! The parser of the `csv` crate, `csv-core`, takes each record apart; the lines are read here, because
//! its own count passes over blank lines, and because a line without end must be refused before it is
//! in memory.

use std::fs::File;
use std::hash::{DefaultHasher, Hasher as _};
use std::io::{BufRead as _, BufReader};

use csv::StringRecord;
use csv_core::ReadRecordResult;

use crate::error::{Error, Result};

/// No row of people is longer; a quotation mark that is never closed would be.
const LONGEST_RECORD: usize = 1024 * 1024;
const BUFFER: usize = 256 * 1024;

/// Reads records.
pub struct Records {
    reader: BufReader<File>,
    /// The line that is read next.
    line: u64,
    bytes: Vec<u8>,
    parser: csv_core::Reader,
    /// Where the parser puts the values of a record, and where each ends.
    values: Vec<u8>,
    ends: Vec<usize>,
    hasher: DefaultHasher,
    /// How far the file has been read.
    pub position: u64,
}

impl Records {
    /// Begins at the beginning of a file of text.
    ///
    /// # Errors
    /// It is no text in UTF-8, as far as its first bytes show; the disk.
    pub fn new(file: File) -> Result<Self> {
        let mut reader = BufReader::with_capacity(BUFFER, file);
        let start = reader.fill_buf().map_err(unreadable)?;
        refuse_other_formats(start)?;
        let mark = if start.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        reader.consume(mark);
        let (bytes, parser, values, ends) = (Vec::new(), csv_core::Reader::new(), Vec::new(), Vec::new());
        Ok(Self { reader, line: 1, bytes, parser, values, ends, hasher: DefaultHasher::new(), position: 0 })
    }

    /// The next record that holds anything, and its line.
    ///
    /// # Errors
    /// It is not UTF-8, is too long, or its quotation marks do not match; the disk.
    pub fn next_record(&mut self) -> Result<Option<(u64, StringRecord)>> {
        loop {
            let first = self.line;
            let Some(record) = self.read_record(first)? else { return Ok(None) };
            if record.iter().any(|value| !value.trim().is_empty()) {
                return Ok(Some((first, record)));
            }
        }
    }

    /// A number that differs where anything that has been read does.
    pub fn fingerprint(&self) -> u64 {
        self.hasher.finish()
    }

    /// Reads lines until the parser has a record: inside quotation marks a line break is part of the
    /// value.
    fn read_record(&mut self, first: u64) -> Result<Option<StringRecord>> {
        self.bytes.clear();
        self.parser.reset();
        let (mut parsed, mut written, mut count) = (0, 0, 0);
        while self.read_line(first)? {
            if parsed == 0 && is_blank(&self.bytes) {
                return Ok(Some(StringRecord::new()));
            }
            // No value is longer than its record, and no record has more values than characters and one.
            self.values.resize(self.values.len().max(self.bytes.len()), 0);
            self.ends.resize(self.ends.len().max(self.bytes.len() + 1), 0);
            let input = self.bytes.get(parsed..).unwrap_or_default();
            let (values, ends) = (self.values.get_mut(written..).unwrap_or_default(), self.ends.get_mut(count..).unwrap_or_default());
            let (state, read, more, ended) = self.parser.read_record(input, values, ends);
            parsed += read;
            written += more;
            count += ended;
            if matches!(state, ReadRecordResult::Record) {
                let rest = self.bytes.get(parsed..).unwrap_or_default();
                return if is_blank(rest) { self.record(count, first).map(Some) } else { Err(carriage_return_alone(first)) };
            }
        }
        if self.bytes.is_empty() { Ok(None) } else { Err(unclosed(first)) }
    }

    /// Adds the next line. Returns whether there was one.
    fn read_line(&mut self, first: u64) -> Result<bool> {
        let mut has_read = false;
        loop {
            let available = self.reader.fill_buf().map_err(unreadable)?;
            if available.is_empty() {
                // The last line may end without a break, which the parser would wait for.
                if has_read {
                    self.bytes.push(b'\n');
                }
                return Ok(has_read);
            }
            has_read = true;
            let end = available.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(available.len(), |end| end + 1);
            let line = available.get(..taken).unwrap_or_default();
            self.bytes.extend(line);
            self.hasher.write(line);
            self.reader.consume(taken);
            self.position += taken as u64;
            if self.bytes.len() > LONGEST_RECORD {
                return Err(too_long(first));
            }
            if end.is_some() {
                self.line += 1;
                return Ok(true);
            }
        }
    }

    fn record(&self, count: usize, line: u64) -> Result<StringRecord> {
        let mut record = StringRecord::with_capacity(self.bytes.len(), count);
        let mut start = 0;
        for end in self.ends.iter().copied().take(count) {
            let value = self.values.get(start..end).unwrap_or_default();
            record.push_field(std::str::from_utf8(value).map_err(|_| not_utf8(line))?);
            start = end;
        }
        Ok(record)
    }
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b'\r' | b'\n'))
}

/// Files that people take for comma-separated values, told by their first bytes.
fn refuse_other_formats(start: &[u8]) -> Result<()> {
    let (what, hint) = if start.starts_with(b"PK\x03\x04") || start.starts_with(b"\xD0\xCF\x11\xE0") {
        ("a spreadsheet, whatever its name says, not UTF-8 text", "Open it and save it as “CSV UTF-8 (comma delimited)”.")
    } else if start.starts_with(b"SQLite format 3\0") {
        ("a database, not UTF-8 text", "To copy people from one database to another: frontdesk users export, then import what it wrote.")
    } else if is_utf16(start) {
        ("encoded as UTF-16, not UTF-8 text", SAVE_AS_UTF8)
    } else if !is_text(start) {
        ("not a text file", "Give the path of a file of comma-separated values.")
    } else {
        return Ok(());
    };
    Err(Error::invalid(format!("This file is {what}")).hint(format!("Nothing was changed. {hint}")))
}

/// Told by its mark, or by every second byte: that is null in most of what people write.
fn is_utf16(start: &[u8]) -> bool {
    let nulls = |first: usize| start.iter().skip(first).step_by(2).take(50).filter(|byte| **byte == 0).count();
    let (even, odd) = (nulls(0), nulls(1));
    let most = start.len().min(100) / 4;
    start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF") || (even == 0 && odd > most) || (odd == 0 && even > most)
}

/// A control character in what is otherwise UTF-8 is a mistake in its row, and told there. In what is
/// not, it tells pictures and programs from the old encodings of text.
fn is_text(start: &[u8]) -> bool {
    // The last character may have more bytes that were not read yet.
    let is_utf8 = std::str::from_utf8(start).map_or_else(|error| error.error_len().is_none(), |_| true);
    // Ctrl-Z ended the files of old systems.
    let is_control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace() && !matches!(byte, 0x0B | 0x1A);
    !start.contains(&0) && (is_utf8 || !start.iter().any(is_control))
}

const SAVE_AS_UTF8: &str = "Save it as UTF-8: in a spreadsheet, “CSV UTF-8 (comma delimited)”.";

fn not_utf8(line: u64) -> Error {
    Error::invalid(format!("Line {line} of the file is not UTF-8 text: it looks like Latin-1 (Windows-1252)"))
        .hint(format!("Nothing was changed. {SAVE_AS_UTF8}"))
}

fn too_long(line: u64) -> Error {
    Error::invalid(format!("The row that begins at line {line} of the file is longer than 1 MiB"))
        .hint("Nothing was changed. A quotation mark may be missing in it, or the file is something else.")
}

fn carriage_return_alone(line: u64) -> Error {
    Error::invalid(format!("The row that begins at line {line} of the file has a carriage return in it that is no line break"))
        .hint(format!("Nothing was changed. {SAVE_AS_UTF8}"))
}

fn unclosed(line: u64) -> Error {
    Error::invalid(format!("The row that begins at line {line} of the file has a quotation mark that is not closed"))
        .hint("Nothing was changed. Within quotation marks, one more is written twice.")
}

fn unreadable(cause: std::io::Error) -> Error {
    Error::unavailable("The file to import can no longer be read").hint("Nothing was changed.").caused_by(cause)
}
