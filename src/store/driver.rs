//! The thin driver: values, rows and transactions over whichever database is open. Queries are
//! written against this alone, with parameters `$1, $2 …` numbered in order of first appearance.

use std::borrow::Cow;
use std::path::Path;

use super::sqlite::Sqlite;
use crate::error::{Error, Result};

/// A value as both databases keep it. Yes and no are the integers 1 and 0, times are milliseconds
/// since 1970, ids are text. What is borrowed is not copied: an import stores forty values a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'value> {
    Null,
    Integer(i64),
    Text(Cow<'value, str>),
    Bytes(Cow<'value, [u8]>),
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        // A number past the largest that a database counts to means “as many as there are”.
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Value<'_> {
    fn from(answer: bool) -> Self {
        Self::Integer(i64::from(answer))
    }
}

impl<'value> From<&'value str> for Value<'value> {
    fn from(text: &'value str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl<'value> From<&'value [u8]> for Value<'value> {
    fn from(bytes: &'value [u8]) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<jiff::Timestamp> for Value<'_> {
    fn from(at: jiff::Timestamp) -> Self {
        Self::Integer(at.as_millisecond())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value<'_> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One row of an answer. Columns are counted from 0; a value of another type than the table allows
/// means that the database is damaged.
pub enum Row<'row> {
    Sqlite { row: &'row rusqlite::Row<'row>, path: &'row Path },
}

impl Row<'_> {
    /// A text that is always there.
    ///
    /// # Errors
    /// Damaged; the same holds for the readers below.
    pub fn text(&self, column: usize) -> Result<String> {
        match self {
            Self::Sqlite { row, .. } => row.get(column).map_err(|error| self.damaged(column, error)),
        }
    }

    /// A text that may be absent.
    pub fn optional_text(&self, column: usize) -> Result<Option<String>> {
        match self {
            Self::Sqlite { row, .. } => row.get(column).map_err(|error| self.damaged(column, error)),
        }
    }

    /// A number.
    pub fn integer(&self, column: usize) -> Result<i64> {
        match self {
            Self::Sqlite { row, .. } => row.get(column).map_err(|error| self.damaged(column, error)),
        }
    }

    /// A count, which is never negative.
    pub fn count(&self, column: usize) -> Result<u64> {
        self.integer(column).map(|number| u64::try_from(number).unwrap_or_default())
    }

    /// A yes or no.
    pub fn answer(&self, column: usize) -> Result<bool> {
        self.integer(column).map(|number| number != 0)
    }

    /// A time.
    pub fn time(&self, column: usize) -> Result<jiff::Timestamp> {
        let milliseconds = self.integer(column)?;
        jiff::Timestamp::from_millisecond(milliseconds).map_err(|error| self.damaged(column, error))
    }

    /// A time that may be absent.
    pub fn optional_time(&self, column: usize) -> Result<Option<jiff::Timestamp>> {
        let milliseconds: Option<i64> = match self {
            Self::Sqlite { row, .. } => row.get(column).map_err(|error| self.damaged(column, error))?,
        };
        milliseconds.map(|at| jiff::Timestamp::from_millisecond(at).map_err(|error| self.damaged(column, error))).transpose()
    }

    /// This row holds a value that this version never writes.
    pub fn damaged(&self, column: usize, cause: impl Into<anyhow::Error>) -> Error {
        let Self::Sqlite { path, .. } = self;
        damaged(path, cause.into().context(format!("column {column} of a row")))
    }
}

/// The database holds something that this version never writes.
pub fn damaged(path: &Path, cause: impl Into<anyhow::Error>) -> Error {
    Error::unavailable(format!("The database {} is damaged: it holds a value that frontdesk never writes", path.display()))
        .hint("Nothing was changed. Go back to a copy of the file from before the damage.")
        .caused_by(cause)
}

/// The write lock is held and the record was read under it, so that this never happens to a
/// command by itself; it does when a caller kept a record from an earlier transaction.
pub(super) fn changed_one(noun: &str, changed: u64) -> Result<()> {
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::conflict(format!("Somebody else changed this {noun} meanwhile"))
            .hint(format!("Nothing was changed. Look at the {noun} again, then run the command again.")))
    }
}

/// The database that is open.
pub(super) enum Driver {
    Sqlite(Sqlite),
}

impl Driver {
    pub fn begin_read(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.batch("BEGIN DEFERRED"),
        }
    }

    /// Takes the write lock at once: a transaction that reads first and asks for the lock later
    /// fails under load whatever its time-out.
    pub fn begin_write(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.batch("BEGIN IMMEDIATE"),
        }
    }

    /// Makes room for a change of many rows.
    pub fn expect_many_changes(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.expect_many_changes(),
        }
    }

    pub fn commit(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.commit(),
        }
    }

    pub fn roll_back(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.batch("ROLLBACK"),
        }
    }
}

/// Queries run inside a transaction and nowhere else.
pub struct Transaction<'store> {
    driver: &'store mut Driver,
    /// How many rows were changed so far.
    pub(super) changed: u64,
}

impl<'store> Transaction<'store> {
    pub(super) fn new(driver: &'store mut Driver) -> Self {
        Self { driver, changed: 0 }
    }

    /// The file that the database is, for messages about it.
    pub(super) fn path(&self) -> &Path {
        match &*self.driver {
            Driver::Sqlite(sqlite) => sqlite.path(),
        }
    }

    /// Runs a statement and returns how many rows it changed.
    ///
    /// # Errors
    /// That the database cannot be used, and why; the same holds for the queries below.
    pub fn execute(&mut self, sql: &'static str, parameters: &[Value<'_>]) -> Result<u64> {
        let changed = match self.driver {
            Driver::Sqlite(sqlite) => sqlite.execute(sql, parameters)?,
        };
        self.changed += changed;
        Ok(changed)
    }

    /// Runs a statement with each of these parameters, prepared and looked up once. Returns how many rows
    /// it changed each time.
    pub fn execute_each<'row, const COUNT: usize>(
        &mut self,
        sql: &'static str,
        rows: impl Iterator<Item = [Value<'row>; COUNT]>,
    ) -> Result<Vec<u64>> {
        let changed = match self.driver {
            Driver::Sqlite(sqlite) => sqlite.execute_each(sql, rows)?,
        };
        self.changed += changed.iter().sum::<u64>();
        Ok(changed)
    }

    /// Takes an index out of the schema until the transaction ends. Returns the statement that makes it
    /// again, if there was such an index.
    pub(super) fn drop_index(&mut self, name: &str) -> Result<Option<String>> {
        match self.driver {
            Driver::Sqlite(sqlite) => sqlite.drop_index(name),
        }
    }

    /// Makes an index again.
    pub(super) fn create_index(&mut self, statement: &str) -> Result<()> {
        match self.driver {
            Driver::Sqlite(sqlite) => sqlite.batch(statement),
        }
    }

    /// Reads every row of an answer.
    pub fn rows<T>(&mut self, sql: &'static str, parameters: &[Value<'_>], mut read: impl FnMut(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        let mut found = Vec::new();
        match self.driver {
            Driver::Sqlite(sqlite) => sqlite.each(sql, parameters, &mut |row| {
                found.push(read(row)?);
                Ok(())
            })?,
        }
        Ok(found)
    }

    /// Hands over the rows of an answer one by one, so that no more than one is held.
    pub fn each(&mut self, sql: &'static str, parameters: &[Value<'_>], mut read: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        match self.driver {
            Driver::Sqlite(sqlite) => sqlite.each(sql, parameters, &mut read),
        }
    }

    /// Reads the only row of an answer, if there is one.
    pub fn optional<T>(
        &mut self,
        sql: &'static str,
        parameters: &[Value<'_>],
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.rows(sql, parameters, read)?.pop())
    }

    /// Reads a count.
    pub fn count(&mut self, sql: &'static str, parameters: &[Value<'_>]) -> Result<u64> {
        Ok(self.optional(sql, parameters, |row| row.count(0))?.unwrap_or_default())
    }
}
