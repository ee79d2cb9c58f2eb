//! The thin driver: transactions over whichever database is open. Queries are written against this
//! alone, with parameters `$1, $2 …` numbered in order of first appearance.

use std::os::unix::fs::MetadataExt as _;

use super::insert::Insert;
use super::postgres::{self, Postgres, Retries};
use super::row::Row;
use super::sqlite::{self, Sqlite};
use super::value::Value;
use crate::error::{Error, Result};

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
    Postgres(Box<Postgres>),
}

impl Driver {
    pub fn begin_read(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.batch("BEGIN DEFERRED"),
            Self::Postgres(postgres) => postgres.begin_read(),
        }
    }

    /// Takes the write lock at once: a transaction that reads first and asks for the lock later
    /// fails under load whatever its time-out.
    pub fn begin_write(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.begin_write(),
            Self::Postgres(postgres) => postgres.begin_write(),
        }
    }

    /// Makes room for a change of many rows.
    pub fn expect_many_changes(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.expect_many_changes(),
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Waits for nobody who writes from now on.
    pub fn wait_no_longer(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.wait_no_longer(),
            Self::Postgres(postgres) => {
                postgres.wait_no_longer();
                Ok(())
            }
        }
    }

    /// How many rows of a long import are best stored together.
    pub fn batch_size(&self) -> usize {
        match self {
            Self::Sqlite(_) => sqlite::BATCH,
            Self::Postgres(_) => postgres::BATCH,
        }
    }

    pub fn commit(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.commit(),
            Self::Postgres(postgres) => postgres.commit(),
        }
    }

    pub fn roll_back(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.batch("ROLLBACK"),
            Self::Postgres(postgres) => postgres.roll_back(),
        }
    }

    /// Keeps the changes of a file that is made beside it, so that readers never wait.
    pub fn keep_changes_in_a_log(&self) -> Result<()> {
        match self {
            Self::Sqlite(sqlite) => sqlite.use_write_ahead_log(),
            Self::Postgres(_) => Ok(()),
        }
    }

    /// What the database is called in messages.
    pub fn name(&self) -> String {
        match self {
            Self::Sqlite(sqlite) => sqlite.path().display().to_string(),
            Self::Postgres(postgres) => postgres.name().to_owned(),
        }
    }

    /// What tells the database from every other one, by whatever path or address it was opened; nothing
    /// for one that nobody else can open.
    pub fn identity(&mut self) -> Result<Option<String>> {
        match self {
            Self::Sqlite(sqlite) => Ok(sqlite.path().metadata().ok().map(|metadata| format!("{} {}", metadata.dev(), metadata.ino()))),
            Self::Postgres(postgres) => postgres.identity().map(Some),
        }
    }

    /// Whether a transaction that failed so may be run once more, after a pause and by another
    /// connection where it needs them. SQLite has waited already.
    pub fn may_run_again(&mut self, error: &Error, retries: &mut Retries) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(postgres) => postgres.may_run_again(error, retries),
        }
    }
}

/// Queries run inside a transaction and nowhere else.
pub struct Transaction<'store> {
    driver: &'store mut Driver,
    /// How many rows were changed so far.
    pub(super) changed: u64,
    /// Rows were handed over one by one: whoever took them cannot take them again.
    pub(super) has_handed_over: bool,
}

impl<'store> Transaction<'store> {
    pub(super) fn new(driver: &'store mut Driver) -> Self {
        Self { driver, changed: 0, has_handed_over: false }
    }

    /// The file, where the database is one.
    pub(super) fn sqlite(&self) -> Option<&Sqlite> {
        match &*self.driver {
            Driver::Sqlite(sqlite) => Some(sqlite),
            Driver::Postgres(_) => None,
        }
    }

    /// What the database is called in messages.
    pub(super) fn database(&self) -> String {
        self.driver.name()
    }

    /// Runs a statement and returns how many rows it changed.
    ///
    /// # Errors
    /// That the database cannot be used, and why; the same holds for the queries below.
    pub fn execute(&mut self, sql: &'static str, parameters: &[Value<'_>]) -> Result<u64> {
        let changed = match self.driver {
            Driver::Sqlite(sqlite) => sqlite.execute(sql, parameters)?,
            Driver::Postgres(postgres) => postgres.execute(sql, parameters)?,
        };
        self.changed += changed;
        Ok(changed)
    }

    /// Adds rows. Returns how many rows each was: 1, or 0 where another one was in its way.
    pub fn insert<'row, const COUNT: usize>(
        &mut self,
        insert: &Insert,
        rows: impl Iterator<Item = [Value<'row>; COUNT]>,
    ) -> Result<Vec<u64>> {
        let changed = match self.driver {
            Driver::Sqlite(sqlite) => sqlite.execute_each(&insert.one_row(COUNT), rows)?,
            Driver::Postgres(postgres) => postgres.insert(insert, &rows.collect::<Vec<_>>())?,
        };
        self.changed += changed.iter().sum::<u64>();
        Ok(changed)
    }

    /// Adds rows of a whole table to one that nothing is in the way in.
    pub(super) fn append(&mut self, insert: &Insert, rows: &[Vec<Value<'_>>]) -> Result<()> {
        let width = rows.first().map_or(0, Vec::len);
        match self.driver {
            Driver::Sqlite(sqlite) => drop(sqlite.execute_each(&insert.one_row(width), rows.iter())?),
            Driver::Postgres(postgres) => postgres.append(insert.table, insert.columns, rows)?,
        }
        self.changed += u64::try_from(rows.len()).unwrap_or(u64::MAX);
        Ok(())
    }

    /// Takes an index out of the schema until the transaction ends. Returns the statement that makes it
    /// again, if there was such an index.
    pub(super) fn drop_index(&mut self, name: &str) -> Result<Option<String>> {
        match self.driver {
            Driver::Sqlite(sqlite) => sqlite.drop_index(name),
            // Readers would have to wait for the end of the transaction.
            Driver::Postgres(_) => Ok(None),
        }
    }

    /// Makes an index again.
    pub(super) fn create_index(&mut self, statement: &str) -> Result<()> {
        match self.driver {
            Driver::Sqlite(sqlite) => sqlite.batch(statement),
            Driver::Postgres(postgres) => postgres.batch(statement),
        }
    }

    /// Reads every row of an answer.
    pub fn rows<T>(&mut self, sql: &'static str, parameters: &[Value<'_>], mut read: impl FnMut(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        let mut found = Vec::new();
        self.read(sql, parameters, &mut |row| {
            found.push(read(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Hands over the rows of an answer one by one, so that no more than one is held.
    pub fn each(&mut self, sql: &'static str, parameters: &[Value<'_>], mut take: impl FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        self.has_handed_over = true;
        self.read(sql, parameters, &mut take)
    }

    fn read(&mut self, sql: &'static str, parameters: &[Value<'_>], take: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        match self.driver {
            Driver::Sqlite(sqlite) => sqlite.each(sql, parameters, take),
            Driver::Postgres(postgres) => postgres.each(sql, parameters, take),
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
