//! SQLite under the driver: how a file is opened, and how statements run.

pub mod copying;
mod explain;

use std::cell::RefCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, params_from_iter};

pub use self::explain::{busy, explain, is_about_damage, is_about_files_beside, read_only};
use super::row::Row;
use super::value::Value;
use crate::error::{Error, Result};

/// How long a command waits for another one to finish writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// The same for a glance, which somebody waits for with a finger on a key.
const GLANCE_TIMEOUT: Duration = Duration::from_millis(50);
/// How often a command waits so long, where others store something meanwhile. Nobody is in the way for
/// long then: it is only that SQLite does not let the one who has waited longest write next.
const MOST_WAITS: u32 = 12;

/// How many rows of a long import are stored together: few enough to be in the caches still when they
/// come to the database.
pub const BATCH: usize = 300;

/// What a database without a name is called, should there be anything to say of it.
pub const TEMPORARY: &str = "(temporary)";

/// How a file is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Written where the file allows it; never created.
    ReadWrite,
    /// Read although its directory cannot be written, where nobody else has it open.
    Immutable,
    /// Read beside whoever has it open, by the files that they made: nothing is made or written.
    Beside,
}

/// An open SQLite database.
pub struct Sqlite {
    connection: Connection,
    path: PathBuf,
    /// The queries whose parameters were looked at, by where their text lies: it is looked at once.
    checked: RefCell<HashSet<*const u8>>,
}

impl Sqlite {
    /// Opens a file that exists.
    pub fn open(path: &Path, access: Access) -> Result<Self> {
        let opened = match access {
            Access::ReadWrite => {
                Connection::open_with_flags(file_name(path), OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            }
            Access::Immutable => Connection::open_with_flags(
                uri(path, "immutable=1"),
                OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI,
            ),
            Access::Beside => Connection::open_with_flags(
                uri(path, "readonly_shm=1"),
                OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI,
            ),
        };
        let timeout = if access == Access::Beside { GLANCE_TIMEOUT } else { BUSY_TIMEOUT };
        Self::prepare(opened, path, timeout)
    }

    /// A database of nobody, for reading before there is a file. What a long trial puts into it goes to
    /// the disk where it outgrows its cache, and is gone with it.
    pub fn open_temporary() -> Result<Self> {
        Self::prepare(Connection::open(""), Path::new(TEMPORARY), BUSY_TIMEOUT)
    }

    /// The file, as it was named.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn prepare(opened: rusqlite::Result<Connection>, path: &Path, timeout: Duration) -> Result<Self> {
        let connection = opened.map_err(|error| explain(error, path))?;
        let sqlite = Self { connection, path: path.to_owned(), checked: RefCell::default() };
        // The time-out comes first: everything after it may have to wait.
        sqlite.check(sqlite.connection.busy_timeout(timeout))?;
        // FULL: a change that was reported survives a power cut. A file from elsewhere must not be
        // able to run functions through its own triggers and views.
        sqlite.batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF")?;
        Ok(sqlite)
    }

    pub fn batch(&self, sql: &str) -> Result<()> {
        self.check(self.connection.execute_batch(sql))
    }

    /// Waits for nobody who writes from now on.
    pub fn wait_no_longer(&self) -> Result<()> {
        self.check(self.connection.busy_timeout(Duration::ZERO))
    }

    /// Begins to write, once nobody else does.
    pub fn begin_write(&self) -> Result<()> {
        self.wait_for_others(|| {
            let begun = self.connection.execute_batch("BEGIN IMMEDIATE");
            let is_busy = begun.as_ref().is_err_and(|error| error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy));
            if is_busy { Ok(false) } else { self.check(begun).map(|()| true) }
        })
    }

    /// Tries what gives up where others write, until it comes to something or nobody gets on with it.
    pub fn wait_for_others(&self, attempt: impl Fn() -> Result<bool>) -> Result<()> {
        let mut waits = 1;
        loop {
            let stored = self.stored_by_others();
            if attempt()? {
                return Ok(());
            }
            if waits == MOST_WAITS || self.stored_by_others() == stored {
                return Err(busy(&self.path));
            }
            waits += 1;
        }
    }

    /// A number that changes whenever somebody else has stored something.
    fn stored_by_others(&self) -> Option<i64> {
        self.pragma("data_version").ok()
    }

    /// Commits, or takes everything back: a commit that failed leaves its transaction open.
    pub fn commit(&self) -> Result<()> {
        let committed = self.batch("COMMIT");
        if committed.is_err() && !self.connection.is_autocommit() {
            drop(self.batch("ROLLBACK"));
        }
        committed
    }

    /// Reads a setting of the file itself.
    pub fn pragma(&self, name: &str) -> Result<i64> {
        self.check(self.connection.pragma_query_value(None, name, |row| row.get(0)))
    }

    /// Writes a setting of the file itself.
    pub fn set_pragma(&self, name: &str, value: i64) -> Result<()> {
        self.check(self.connection.pragma_update(None, name, value))
    }

    /// Keeps changes in a write-ahead log, so that readers never wait for a writer.
    pub fn use_write_ahead_log(&self) -> Result<()> {
        let mode: String = self.check(self.connection.pragma_query_value(None, "journal_mode", |row| row.get(0)))?;
        if mode != "wal" {
            self.check(self.connection.pragma_update_and_check(None, "journal_mode", "wal", |_row| Ok(())))?;
        }
        Ok(())
    }

    /// Chooses how large the pages of a file are that is empty still. An import of many rows writes
    /// fewer of them: of 100,000 users it takes a quarter less time than with SQLite's own 4,096 bytes.
    pub fn use_large_pages(&self) -> Result<()> {
        self.batch("PRAGMA page_size = 16384")
    }

    /// Lets many changes gather in memory, up to 64 MiB, before they are written to the log.
    pub fn expect_many_changes(&self) -> Result<()> {
        self.batch("PRAGMA cache_size = -65536")
    }

    /// Drops an index. Returns the statement that made it, if it was there.
    pub fn drop_index(&self, name: &str) -> Result<Option<String>> {
        let mut made = None;
        self.each("SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = $1", &[name.into()], &mut |row| {
            made = row.optional_text(0)?;
            Ok(())
        })?;
        if made.is_some() {
            self.batch(&format!("DROP INDEX {name}"))?;
        }
        Ok(made)
    }

    /// Copies the whole database to a file.
    pub fn copy_to(&self, path: &Path) -> Result<()> {
        self.check(self.connection.backup("main", path, None::<fn(rusqlite::backup::Progress)>))
    }

    pub fn execute(&self, sql: &str, parameters: &[Value<'_>]) -> Result<u64> {
        let mut statement = self.statement(sql)?;
        let changed = self.check(statement.execute(params_from_iter(parameters)))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    /// Runs a statement, whose parameters are numbered as they appear, with each of these. Returns how many
    /// rows it changed each time.
    pub fn execute_each<'row, R: AsRef<[Value<'row>]>>(&self, sql: &str, rows: impl Iterator<Item = R>) -> Result<Vec<u64>> {
        let mut statement = self.check(self.connection.prepare_cached(sql))?;
        rows.map(|row| {
            for (position, value) in (1..).zip(row.as_ref()) {
                self.check(statement.raw_bind_parameter(position, value))?;
            }
            let changed = self.check(statement.raw_execute())?;
            Ok(u64::try_from(changed).unwrap_or(u64::MAX))
        })
        .collect()
    }

    pub fn each(&self, sql: &str, parameters: &[Value<'_>], read: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        let mut statement = self.statement(sql)?;
        let mut rows = self.check(statement.query(params_from_iter(parameters)))?;
        while let Some(row) = self.check(rows.next())? {
            read(&Row::Sqlite { row, path: &self.path })?;
        }
        Ok(())
    }

    /// SQLite takes `$2` for a name and numbers names as they appear: `SELECT $2, $1` would bind
    /// the values the wrong way round and say nothing.
    fn statement(&self, sql: &str) -> Result<rusqlite::CachedStatement<'_>> {
        let statement = self.check(self.connection.prepare_cached(sql))?;
        if !self.checked.borrow_mut().insert(sql.as_ptr()) {
            return Ok(statement);
        }
        for position in 1..=statement.parameter_count() {
            if statement.parameter_name(position) != Some(format!("${position}").as_str()) {
                return Err(Error::internal(anyhow::anyhow!("the parameters of a query are not numbered as they appear: {sql}")));
            }
        }
        Ok(statement)
    }

    fn check<T>(&self, result: rusqlite::Result<T>) -> Result<T> {
        result.map_err(|error| explain(error, &self.path))
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A path that SQLite takes for a file whatever its name: `:memory:` by itself would be a database
/// that is gone with the process, and `file:desk.db` another file.
fn file_name(path: &Path) -> PathBuf {
    Path::new(".").join(path)
}

/// A path as a URI that tells SQLite how to read it: as one that nobody changes, so that it takes no
/// locks and makes no files beside it, or by memory that others share, so that it only reads that.
fn uri(path: &Path, how: &str) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri.push('?');
    uri.push_str(how);
    uri
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::path::Path;

    use rusqlite::Connection;

    use super::{Access, MOST_WAITS, Row, Sqlite, Value, uri};

    thread_local! {
        /// Somebody else who writes, and how often they still store something and begin anew at once.
        static WRITER: RefCell<Option<(Connection, u32)>> = const { RefCell::new(None) };
    }

    /// The waiting of whoever is in need of the file: as long as the other one stores something.
    fn wait_in_vain(_times: i32) -> bool {
        WRITER.with_borrow_mut(|writer| {
            let (connection, turns) = writer.as_mut().unwrap();
            if *turns > 0 {
                *turns -= 1;
                let begin = if *turns > 0 { "BEGIN IMMEDIATE" } else { "" };
                connection.execute_batch(&format!("INSERT INTO numbers VALUES (1); COMMIT; {begin}")).unwrap();
            }
        });
        false
    }

    /// Begins to write beside somebody who stores something so often; gives what came of it, and how often
    /// they would have gone on.
    fn begin_beside(turns: u32) -> (bool, u32) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("shared.db");
        let writer = Connection::open(&path).unwrap();
        writer.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE numbers (number); BEGIN IMMEDIATE").unwrap();
        WRITER.set(Some((writer, turns)));
        let mut sqlite = Sqlite::open(&path, Access::ReadWrite).unwrap();
        sqlite.connection.busy_handler(Some(wait_in_vain)).unwrap();
        let begun = sqlite.begin_write();
        (begun.is_ok(), WRITER.take().unwrap().1)
    }

    #[test]
    fn whoever_wants_to_write_waits_on_while_others_get_on_with_it_but_not_for_ever() {
        assert_eq!(begin_beside(0), (false, 0));
        assert_eq!(begin_beside(5), (true, 0));
        assert_eq!(begin_beside(100), (false, 100 - MOST_WAITS));
    }

    #[test]
    fn parameters_that_are_not_numbered_as_they_appear_are_refused() {
        let sqlite = Sqlite::open_temporary().unwrap();
        let swapped = sqlite.each("SELECT $2, $1", &[Value::Integer(1), Value::Integer(2)], &mut |_row| Ok(()));
        assert!(format!("{:?}", swapped.unwrap_err().cause).contains("not numbered as they appear"));

        let mut read = Vec::new();
        let repeated = |row: &Row<'_>| {
            read.push((row.integer(0)?, row.text(1)?, row.integer(2)?));
            Ok(())
        };
        sqlite.each("SELECT $1, $2, $1", &[Value::Integer(1), Value::from("two")], &mut { repeated }).unwrap();
        assert_eq!(read, [(1, "two".to_owned(), 1)]);
    }

    #[test]
    fn a_path_is_quoted_in_a_uri() {
        assert_eq!(uri(Path::new("/a b/50%?#é.db"), "immutable=1"), "file:/a%20b/50%25%3F%23%C3%A9.db?immutable=1");
    }
}
