//! Copying a whole database page by page, by SQLite’s online backup.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::backup::{Backup, StepResult};

use super::{Sqlite, busy, explain};
use crate::error::Result;
use crate::store::transfer::Watch;

/// Whether somebody wants the run to stop.
pub type Stop = Arc<dyn Fn() -> bool + Send + Sync>;

/// So many pages are copied before anybody is told of it: 4 MiB of the size that a new file has.
const PAGES: u16 = 256;
/// How much work of a statement is done before it is asked whether to stop.
const OPERATIONS: i32 = 10_000;

impl Sqlite {
    /// The same under another name in messages.
    pub fn called(self, path: &Path) -> Self {
        Self { path: path.to_owned(), ..self }
    }

    /// Ends a statement where somebody wants the run to stop.
    pub fn stop_when(&mut self, stop: &Stop) -> Result<()> {
        let stop = Arc::clone(stop);
        let set = self.connection.progress_handler(OPERATIONS, Some(move || stop()));
        self.check(set)
    }

    /// Copies the whole database into an empty one. In a transaction that has begun to read it is what was
    /// there at that moment, whatever others store meanwhile; nobody waits for it, and it begins anew for nobody.
    pub fn copy_into(&self, target: &mut Self, watch: Watch<'_>) -> Result<()> {
        Overwriting::begin(self, target)?.finish(watch, || Ok(()))
    }

    /// Writes the whole database anew into an empty file, in pages of this size.
    pub fn write_anew(&self, path: &Path, page_size: i64) -> Result<()> {
        use std::os::unix::ffi::OsStrExt as _;
        self.set_pragma("page_size", page_size)?;
        let written = self.connection.execute("VACUUM INTO CAST($1 AS TEXT)", [path.as_os_str().as_bytes()]);
        self.check(written.map(|_| ()))
    }

    /// Keeps the file by itself: nothing has to lie beside it, and it can be read where nothing can be written.
    pub fn use_no_log(&self) -> Result<()> {
        self.check(self.connection.pragma_update_and_check(None, "journal_mode", "delete", |_row| Ok(())))
    }
}

/// A database that takes the place of all that another one holds: for everybody who has that one open too,
/// by one change that is stored as a whole, or not at all.
pub struct Overwriting<'from, 'to> {
    backup: Backup<'from, 'to>,
    target: PathBuf,
}

impl<'from, 'to> Overwriting<'from, 'to> {
    /// Begins, and does nothing yet.
    pub fn begin(from: &'from Sqlite, to: &'to mut Sqlite) -> Result<Self> {
        let target = to.path.clone();
        let backup = Backup::new(&from.connection, &mut to.connection).map_err(|error| explain(error, &target))?;
        Ok(Self { backup, target })
    }

    /// Keeps everybody else from writing to the database that is written to, from now on. Returns whether
    /// nobody writes to it already, after a wait. What is copied may still change by another connection.
    pub fn hold(&self) -> Result<bool> {
        self.step(0).map(|stepped| matches!(stepped, StepResult::More | StepResult::Done))
    }

    /// Copies everything. `last` is done before the step that stores it.
    pub fn finish(self, watch: Watch<'_>, last: impl FnOnce() -> Result<()>) -> Result<()> {
        let mut last = Some(last);
        // Nothing is copied, and it is known afterwards how much there is.
        let mut stepped = self.step(0)?;
        while stepped != StepResult::Done {
            if !matches!(stepped, StepResult::More) {
                return Err(busy(&self.target));
            }
            let progress = self.backup.progress();
            let pages = |count: i32| u64::try_from(count).unwrap_or_default();
            let of = pages(progress.pagecount);
            watch(of.saturating_sub(pages(progress.remaining)), of)?;
            if progress.remaining <= i32::from(PAGES)
                && let Some(last) = last.take()
            {
                last()?;
            }
            stepped = self.step(i32::from(PAGES))?;
        }
        Ok(())
    }

    fn step(&self, pages: i32) -> Result<StepResult> {
        self.backup.step(pages).map_err(|error| explain(error, &self.target))
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use rusqlite::Connection;

    use super::{Overwriting, Stop};
    use crate::error::{Error, ErrorKind};
    use crate::store::sqlite::{Access, Sqlite};

    /// A database of so many rows of a page each.
    fn database(directory: &Path, name: &str, rows: u32) -> PathBuf {
        let path = directory.join(name);
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE numbers (number, filler)").unwrap();
        add(&connection, rows);
        path
    }

    fn add(connection: &Connection, rows: u32) {
        let sql = "WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < ?1) \
            INSERT INTO numbers SELECT n, zeroblob(4000) FROM up";
        connection.execute(sql, [rows]).unwrap();
    }

    fn open(path: &Path) -> Sqlite {
        Sqlite::open(path, Access::ReadWrite).unwrap()
    }

    fn rows(path: &Path) -> i64 {
        Connection::open(path).unwrap().query_row("SELECT count(*) FROM numbers", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_copy_is_of_one_moment_and_comes_to_an_end_while_others_write() {
        let directory = tempfile::tempdir().unwrap();
        let path = database(directory.path(), "desk.db", 2000);
        let writer = Connection::open(&path).unwrap();
        let source = open(&path);
        source.batch("BEGIN; SELECT * FROM numbers LIMIT 1").unwrap();
        let copy = directory.path().join("copy.db");
        std::fs::write(&copy, "").unwrap();
        let mut target = open(&copy);
        let mut told = Vec::new();
        source
            .copy_into(&mut target, &mut |done, _of| {
                told.push(done);
                add(&writer, 1);
                Ok(())
            })
            .unwrap();
        drop(target);
        assert!(told.len() > 5 && told.is_sorted(), "{told:?}");
        assert_eq!((rows(&copy), rows(&path)), (2000, 2000 + i64::try_from(told.len()).unwrap()));
    }

    #[test]
    fn whoever_has_the_file_open_sees_all_of_the_new_one_or_nothing_and_writes_into_it() {
        let directory = tempfile::tempdir().unwrap();
        let [path, other] = [("desk.db", 3), ("other.db", 2000)].map(|(name, rows)| database(directory.path(), name, rows));
        let (writer, source) = (Connection::open(&path).unwrap(), open(&other));
        let mut count = writer.prepare("SELECT count(*) FROM numbers").unwrap();
        let mut seen = || count.query_row([], |row| row.get::<_, i64>(0)).unwrap();
        writer.busy_timeout(std::time::Duration::ZERO).unwrap();
        for stops in [true, false] {
            let mut target = open(&path);
            let overwriting = Overwriting::begin(&source, &mut target).unwrap();
            assert!(overwriting.hold().unwrap());
            let mut is_last = false;
            let finished = overwriting.finish(
                &mut |done, of| {
                    assert_eq!(seen(), 3);
                    assert!(writer.execute_batch("BEGIN IMMEDIATE").is_err());
                    if stops && done * 2 > of { Err(Error::interrupted()) } else { Ok(()) }
                },
                || {
                    is_last = true;
                    Ok(())
                },
            );
            assert_eq!((finished.is_err(), is_last), (stops, !stops));
        }
        assert_eq!(seen(), 2000);
        add(&writer, 1);
        assert_eq!((seen(), rows(&path)), (2001, 2001));
    }

    #[test]
    fn what_is_copied_may_change_while_the_other_one_is_held() {
        let directory = tempfile::tempdir().unwrap();
        let [path, other] = [("desk.db", 3), ("other.db", 5)].map(|(name, rows)| database(directory.path(), name, rows));
        let (source, mut target) = (open(&other), open(&path));
        let overwriting = Overwriting::begin(&source, &mut target).unwrap();
        assert!(overwriting.hold().unwrap());
        add(&Connection::open(&other).unwrap(), 1000);
        let mut times = 0;
        overwriting
            .finish(&mut |_, _| Ok(()), || {
                times += 1;
                Ok(())
            })
            .unwrap();
        assert_eq!((rows(&path), times), (1005, 1));
    }

    #[test]
    fn pages_of_another_size_are_written_anew() {
        let directory = tempfile::tempdir().unwrap();
        let path = database(directory.path(), "desk.db", 7);
        let anew = directory.path().join("it’s anew.db");
        open(&path).write_anew(&anew, 16_384).unwrap();
        assert_eq!((open(&anew).pragma("page_size").unwrap(), rows(&anew)), (16_384, 7));
    }

    #[test]
    fn a_statement_ends_where_somebody_wants_it_to() {
        let mut sqlite = Sqlite::open_temporary().unwrap();
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        let stop: Stop = Arc::new(move || over.load(Ordering::SeqCst));
        sqlite.stop_when(&stop).unwrap();
        let long = "WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 100000) SELECT count(*) FROM up";
        sqlite.each(long, &[], &mut |_row| Ok(())).unwrap();
        is_over.store(true, Ordering::SeqCst);
        assert_eq!(sqlite.each(long, &[], &mut |_row| Ok(())).unwrap_err().kind, ErrorKind::Interrupted);
    }
}
