//! Where the desks of these tests are kept: each in a SQLite file. `tests/postgres/kept.rs` is the other
//! answer, by the same names, so that a test of both databases cannot ask which it has.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params_from_iter};

use crate::desk::Desk;

/// The database of one desk.
pub struct Kept {
    path: PathBuf,
}

impl Kept {
    /// The one of this service, where it is made when nothing else is said.
    pub fn of(service: &str, data: &Path) -> Self {
        Self { path: data.join(format!("{service}.db")) }
    }

    /// The one in this file.
    pub fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Another one with the same in it, of the same name in this directory. Nobody may be at work in it.
    pub fn copy(&self, data: &Path) -> Self {
        std::fs::create_dir_all(data).unwrap();
        let path = data.join(self.path.file_name().unwrap());
        std::fs::copy(&self.path, &path).unwrap();
        Self { path }
    }

    /// Makes it what it was before there were API clients.
    pub fn make_older(&self) {
        self.execute("DROP TABLE api_clients; PRAGMA user_version = 5");
    }

    /// Waits until nobody is at work in it. Whoever was killed left a file at once.
    #[expect(clippy::unused_self, reason = "a server has something to look at")]
    pub fn wait_until_left(&self) {}

    /// What names it after `--database`.
    pub fn address(&self) -> String {
        self.path.to_str().unwrap().to_owned()
    }

    /// What tells a command which database it is.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// A text in which the database is called what it is called here.
    pub fn named_as_a_file(&self, text: String) -> String {
        text
    }

    /// The line by which the first change tells that it made the database.
    pub fn creation(&self) -> String {
        format!("Created the database ~/.local/share/frontdesk/{}\n", self.path.file_name().unwrap().display())
    }

    /// How many ids the next run begins later, so that all of them are those that the tests have.
    #[expect(clippy::unused_self, reason = "a server has something to look at")]
    pub fn ids_of_creation(&self, _arguments: &[&OsStr]) -> u64 {
        0
    }

    /// Whether nothing was ever stored.
    pub fn is_new(&self) -> bool {
        !self.path.exists()
    }

    /// Runs statements.
    pub fn execute(&self, sql: &str) {
        self.open().execute_batch(sql).unwrap();
    }

    /// Runs one statement with texts for `$1`, `$2` and so on.
    pub fn execute_with(&self, sql: &str, texts: &[&str]) {
        self.open().execute(sql, params_from_iter(texts)).unwrap();
    }

    /// The number that a query counts.
    pub fn count(&self, sql: &str) -> i64 {
        self.open().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// The texts that a query gives.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        let connection = self.open();
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    /// The tables and indexes, each as text.
    pub fn schema(&self) -> Vec<String> {
        self.texts("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY name")
    }

    /// Every row of every table, each as text.
    pub fn rows(&self) -> Vec<String> {
        let database = self.open();
        let mut rows = Vec::new();
        for name in self.texts("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name") {
            let mut query = database.prepare(&format!("SELECT * FROM {name} ORDER BY 1")).unwrap();
            let columns = query.column_count();
            let read = query.query_map([], |row| {
                let values: Vec<rusqlite::types::Value> = (0..columns).map(|column| row.get(column)).collect::<Result<_, _>>()?;
                Ok(format!("{name}: {values:?}"))
            });
            rows.extend(read.unwrap().map(Result::unwrap));
        }
        rows
    }

    /// Asserts what the database itself sees to: that it is sound, and that no row refers to nothing.
    pub fn assert_sound(&self) {
        assert_eq!(self.texts("PRAGMA integrity_check"), ["ok"]);
        assert_eq!(self.count("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    }

    /// Makes every entry of activity fail from now on, by a rule of the database.
    pub fn fail_at_activity(&self) {
        self.execute("CREATE TRIGGER full BEFORE INSERT ON activity BEGIN SELECT RAISE(ABORT, 'full'); END");
    }

    /// Makes it fail in a way that nobody thought of.
    pub fn fail_strangely_at_activity(&self) {
        self.execute("DROP TRIGGER full; CREATE TRIGGER big BEFORE INSERT ON activity BEGIN SELECT zeroblob(1 << 30) || 'x'; END");
    }

    /// Makes every change of a row of this table fail from now on, as for a role that may only read.
    pub fn refuse_changes_of(&self, table: &str) {
        self.execute(&format!("CREATE TRIGGER refusing BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, 'refused'); END"));
    }

    /// Keeps every other writer waiting until what is given back is dropped.
    pub fn hold(&self) -> Connection {
        let writer = self.open();
        writer.execute_batch("BEGIN IMMEDIATE").unwrap();
        writer
    }

    fn open(&self) -> Connection {
        Connection::open(&self.path).unwrap()
    }
}

/// What only the tests of files ask of a desk.
impl Desk {
    /// The file.
    pub fn database(&self) -> PathBuf {
        self.kept.path.clone()
    }

    /// The database, for a look at what was stored.
    pub fn open(&self) -> Connection {
        self.kept.open()
    }
}
