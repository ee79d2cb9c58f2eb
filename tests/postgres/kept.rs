//! Where the desks of these tests are kept: each in a PostgreSQL database of its own. `tests/cli/kept.rs` is
//! the other answer, by the same names, so that a test of both databases cannot ask which it has.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use postgres::types::ToSql;
use postgres::{Client, NoTls};

use crate::fresh::Fresh;
use crate::server::{succeed, wait_for};

/// The database of one desk, with the tables of its service.
pub struct Kept {
    database: Database,
    service: String,
    emails: String,
    /// What a database begins with.
    first_rows: Vec<String>,
    was_new: Cell<bool>,
}

/// Where the database is.
enum Database {
    Fresh(Fresh),
    /// At the server of a test's own, by its address.
    Elsewhere(String),
}

impl Database {
    fn address(&self) -> String {
        match self {
            Self::Fresh(fresh) => fresh.address(),
            Self::Elsewhere(address) => address.clone(),
        }
    }

    fn connect(&self) -> Client {
        match self {
            Self::Fresh(fresh) => fresh.connect(),
            Self::Elsewhere(address) => Client::connect(address, NoTls).unwrap(),
        }
    }
}

impl Kept {
    /// A new one for this service.
    pub fn of(service: &str, data: &Path) -> Self {
        Self::in_database(Database::Fresh(Fresh::of(service, |address| migrate(service, address))), service, data)
    }

    /// One in an empty database at a server that may be lost.
    pub fn at(address: String, service: &str, data: &Path) -> Self {
        migrate(service, &address);
        Self::in_database(Database::Elsewhere(address), service, data)
    }

    /// Another one with the same in it, whose emails go to this directory. Nobody may be at work in it.
    pub fn copy(&self, data: &Path) -> Self {
        let Database::Fresh(fresh) = &self.database else { panic!("only databases of the shared server are copied") };
        let kept = Self::in_database(Database::Fresh(fresh.copy()), &self.service, data);
        kept.was_new.set(false);
        kept
    }

    /// Makes it what it was before there were API clients.
    pub fn make_older(&self) {
        self.execute("DROP TABLE api_clients, turns; UPDATE stamp SET value = '5' WHERE key = 'schema'");
    }

    /// Waits until nobody is at work in it: a server notices only after a while that somebody was killed.
    pub fn wait_until_left(&self) {
        let others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        wait_for("everybody to leave", || self.count(others) == 0);
    }

    fn in_database(database: Database, service: &str, data: &Path) -> Self {
        fs::create_dir_all(data).unwrap();
        let emails = data.join("emails").to_str().unwrap().to_owned();
        let mut kept = Self { database, service: service.to_owned(), emails, first_rows: Vec::new(), was_new: Cell::new(true) };
        kept.first_rows = kept.rows();
        kept
    }

    /// What names it after `--database`.
    pub fn address(&self) -> String {
        self.database.address()
    }

    /// What tells a command which database it is.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        // Emails that no mail server takes are written where a file would have them beside it, for the
        // tests to read.
        vec![("FRONTDESK_DATABASE", self.address()), ("FRONTDESK_TEST_EMAILS", self.emails.clone())]
    }

    /// A text in which the database is called what it would be called as a file: messages are compared
    /// whole, and the address is another in every run.
    pub fn named_as_a_file(&self, text: String) -> String {
        let name = format!("~/.local/share/frontdesk/{}.db", self.service);
        text.replace(&self.address(), &name)
    }

    /// The line by which the first change tells that it made the database: none.
    pub fn creation(&self) -> String {
        String::new()
    }

    /// How many ids the next run begins later, so that all of them are those that the tests have. The
    /// change that makes a file is done twice, first in memory, and that takes ids too: one for whoever is
    /// added, one for the activity and one for the email, which an organisation is not sent.
    pub fn ids_of_creation(&self, arguments: &[&OsStr]) -> u64 {
        self.was_new.set(self.was_new.get() && self.is_new());
        match self.was_new.get() {
            false => 0,
            true if arguments.starts_with(&["org", "add"].map(OsStr::new)) => 2,
            true => 3,
        }
    }

    /// Whether nothing was ever stored.
    pub fn is_new(&self) -> bool {
        self.rows() == self.first_rows
    }

    /// A connection of whoever may do everything.
    pub fn connect(&self) -> Client {
        self.database.connect()
    }

    /// Runs statements.
    pub fn execute(&self, sql: &str) {
        self.database.connect().batch_execute(sql).unwrap();
    }

    /// Runs one statement with texts for `$1`, `$2` and so on.
    pub fn execute_with(&self, sql: &str, texts: &[&str]) {
        let parameters: Vec<&(dyn ToSql + Sync)> = texts.iter().map(|text| text as _).collect();
        self.database.connect().execute(sql, &parameters).unwrap();
    }

    /// The number that a query counts.
    pub fn count(&self, sql: &str) -> i64 {
        self.database.connect().query_one(&format!("SELECT ({sql})::bigint"), &[]).unwrap().get(0)
    }

    /// The texts that a query gives.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        self.database.connect().query(sql, &[]).unwrap().iter().map(|row| row.get(0)).collect()
    }

    /// The tables and indexes, each as text.
    pub fn schema(&self) -> Vec<String> {
        self.texts(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' UNION ALL \
             SELECT table_name || ' ' || column_name || ' ' || data_type FROM information_schema.columns WHERE table_schema = 'public' \
             UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint \
             WHERE connamespace = 'public'::regnamespace ORDER BY 1",
        )
    }

    /// Every row of every table, each as text.
    pub fn rows(&self) -> Vec<String> {
        let mut client = self.database.connect();
        let tables = client.query("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1", &[]).unwrap();
        let mut rows = Vec::new();
        for table in tables.iter().map(|row| row.get::<_, String>(0)) {
            let query = format!("SELECT (kept.*)::text FROM {table} AS kept ORDER BY 1");
            rows.extend(client.query(&query, &[]).unwrap().iter().map(|row| format!("{table}: {}", row.get::<_, String>(0))));
        }
        rows
    }

    /// Asserts what the database itself sees to. No row of a server ever refers to nothing.
    #[expect(clippy::unused_self, reason = "a file has something to look at")]
    pub fn assert_sound(&self) {}

    /// Makes every entry of activity fail from now on, by a rule of the database.
    pub fn fail_at_activity(&self) {
        self.fail_with("check_violation");
    }

    /// Makes it fail in a way that nobody thought of.
    pub fn fail_strangely_at_activity(&self) {
        self.fail_with("internal_error");
    }

    fn fail_with(&self, condition: &str) {
        self.execute(&format!(
            "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE {condition}; END $$; \
             CREATE OR REPLACE TRIGGER failing BEFORE INSERT ON activity FOR EACH ROW EXECUTE FUNCTION fail()"
        ));
    }

    /// Makes every change of a row of this table fail from now on, as for a role that may only read.
    pub fn refuse_changes_of(&self, table: &str) {
        self.execute(&format!(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE insufficient_privilege; END $$; \
             CREATE TRIGGER refusing BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"
        ));
    }

    /// Keeps every other writer waiting until what is given back is dropped.
    pub fn hold(&self) -> Client {
        let mut writer = self.database.connect();
        writer.batch_execute("BEGIN").unwrap();
        for table in ["users", "organisation_users", "organisations", "memberships", "emails", "activity", "api_clients"] {
            writer.batch_execute(&format!("LOCK TABLE {table} IN EXCLUSIVE MODE")).unwrap();
        }
        writer
    }
}

/// Makes the tables of a service.
pub fn migrate(service: &str, address: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
    succeed(command.args(["migrate", "--service", service, "--database", address]).env_clear().env("HOME", "/nowhere"));
}
