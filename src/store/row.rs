//! Rows of an answer, whichever database gave them.

use std::path::Path;

use postgres::types::Type;
use rusqlite::types::ValueRef;

use super::value::Value;
use crate::error::{Error, Result};

/// One row of an answer. Columns are counted from 0; a value of another type than the table allows
/// means that the database is damaged.
pub enum Row<'row> {
    Sqlite { row: &'row rusqlite::Row<'row>, path: &'row Path },
    Postgres { row: &'row postgres::Row, name: &'row str },
}

/// A type that both databases read.
trait Readable: rusqlite::types::FromSql + for<'row> postgres::types::FromSql<'row> {}
impl<T: rusqlite::types::FromSql + for<'row> postgres::types::FromSql<'row>> Readable for T {}

impl Row<'_> {
    fn get<T: Readable>(&self, column: usize) -> Result<T> {
        match self {
            Self::Sqlite { row, .. } => row.get(column).map_err(|error| self.damaged(column, error)),
            Self::Postgres { row, .. } => row.try_get(column).map_err(|error| self.damaged(column, error)),
        }
    }

    /// A text that is always there.
    ///
    /// # Errors
    /// Damaged; the same holds for the readers below.
    pub fn text(&self, column: usize) -> Result<String> {
        self.get(column)
    }

    /// A text that may be absent.
    pub fn optional_text(&self, column: usize) -> Result<Option<String>> {
        self.get(column)
    }

    /// Bytes that are always there.
    pub fn bytes(&self, column: usize) -> Result<Vec<u8>> {
        self.get(column)
    }

    /// A number.
    pub fn integer(&self, column: usize) -> Result<i64> {
        self.get(column)
    }

    /// A count, which is never negative.
    pub fn count(&self, column: usize) -> Result<u64> {
        self.integer(column).map(|number| u64::try_from(number).unwrap_or_default())
    }

    /// A yes or no.
    pub fn answer(&self, column: usize) -> Result<bool> {
        self.integer(column).map(|number| number != 0)
    }

    /// Whatever it is.
    pub fn value(&self, column: usize) -> Result<Value<'static>> {
        match self {
            Self::Sqlite { row, .. } => match row.get_ref(column).map_err(|error| self.damaged(column, error))? {
                ValueRef::Null => Ok(Value::Null),
                ValueRef::Integer(number) => Ok(number.into()),
                ValueRef::Text(_) => self.text(column).map(Value::from),
                ValueRef::Blob(bytes) => Ok(bytes.to_vec().into()),
                ValueRef::Real(number) => Err(self.damaged(column, anyhow::anyhow!("{number} is no whole number"))),
            },
            Self::Postgres { row, .. } => match row.columns().get(column).map(postgres::Column::type_) {
                Some(&Type::INT8) => self.get::<Option<i64>>(column).map(Value::from),
                Some(&Type::BYTEA) => self.get::<Option<Vec<u8>>>(column).map(Value::from),
                _ => self.optional_text(column).map(Value::from),
            },
        }
    }

    /// A time.
    pub fn time(&self, column: usize) -> Result<jiff::Timestamp> {
        let milliseconds = self.integer(column)?;
        jiff::Timestamp::from_millisecond(milliseconds).map_err(|error| self.damaged(column, error))
    }

    /// A time that may be absent.
    pub fn optional_time(&self, column: usize) -> Result<Option<jiff::Timestamp>> {
        let milliseconds: Option<i64> = self.get(column)?;
        milliseconds.map(|at| jiff::Timestamp::from_millisecond(at).map_err(|error| self.damaged(column, error))).transpose()
    }

    /// This row holds a value that this version never writes.
    pub fn damaged(&self, column: usize, cause: impl Into<anyhow::Error>) -> Error {
        let cause = cause.into().context(format!("column {column} of a row"));
        match self {
            Self::Sqlite { path, .. } => damaged(path.display(), cause),
            Self::Postgres { name, .. } => damaged(name, cause),
        }
    }
}

/// The database holds something that this version never writes.
pub fn damaged(database: impl std::fmt::Display, cause: impl Into<anyhow::Error>) -> Error {
    Error::unavailable(format!("The database {database} is damaged: it holds a value that frontdesk never writes"))
        .hint("Nothing was changed. Go back to a copy of the database from before the damage.")
        .caused_by(cause.into().context(WrongValue))
}

/// What lies beneath such an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a value that is never written")]
pub struct WrongValue;
