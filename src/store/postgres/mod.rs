//! PostgreSQL under the driver: how statements run, and how a transaction begins and ends.

mod bulk;
mod connect;
mod explain;
mod lost;
pub mod schema;
mod value;

use std::collections::HashMap;
use std::time::Duration;

use postgres::error::SqlState;
use postgres::fallible_iterator::FallibleIterator as _;
use postgres::types::{ToSql, Type};
use postgres::{Client, SimpleQueryMessage, Statement};

use self::connect::{connect, connect_again};
use self::explain::explain;
pub use self::explain::is_forbidden;
use self::lost::{Outcome, Remedy, Writing, remedy_for};
pub use self::lost::{Retries, is_gone};
use self::value::type_of;
use super::insert::Insert;
use super::row::{Row, damaged};
use super::value::Value;
use crate::domain::database::ServerAddress;
use crate::domain::waiting::{UNNOTICED, Waiting};
use crate::error::{Error, Result};

/// How many rows of a long import are stored together: so many that the round trips of each batch are
/// nothing beside them, and so few that those which are being read, composed and stored take little memory.
pub const BATCH: usize = 4_000;

/// How long a connection has to answer that another one’s loss has nothing to do with.
const ANSWER: Duration = Duration::from_secs(5);

/// One moment of the database for all that is read.
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// The same for a glance: no query keeps the server for longer than a moment.
const BEGIN_GLANCE: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = '2s'";
/// Writers take turns, as they do in SQLite: what a rule looks at stays so until the end. The row is
/// locked first, so that every later statement sees what the writer before has stored. The last answer
/// is what the server calls this transaction: by it one finds out what became of a commit that got no answer.
fn begin_write(within: Duration) -> String {
    let (turn, locks) = (within.as_millis(), TURN.as_secs());
    format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '{turn}ms'; \
         SELECT turn FROM turns WHERE turn = 1 FOR UPDATE; SET LOCAL lock_timeout = '{locks}s'; SELECT pg_current_xact_id()"
    )
}

/// How long a turn is waited for, and any other lock.
const TURN: Duration = Duration::from_secs(60);

/// Every row of it has an id of its own, which comes first, and stays for ever.
const ACTIVITY: &str = "activity";
/// How long the servers of an address are waited for at a glance.
const GLANCE: Duration = Duration::from_secs(2);

/// No two servers start in the same microsecond; and a schema of its own is a database of its own.
const IDENTITY: &str = "SELECT CAST(extract(epoch FROM pg_postmaster_start_time()) AS text) || ' ' || CAST(oid AS text) || ' ' \
    || coalesce(CAST(current_schema() AS text), '') FROM pg_catalog.pg_database WHERE datname = current_database()";

/// An open PostgreSQL database.
pub struct Postgres {
    client: Client,
    address: ServerAddress,
    /// What it is called in messages.
    name: String,
    /// Statements of this transaction by where their text lies: prepared the second time that they are
    /// used, because what is used once goes in one round trip without. None outlives its transaction: a
    /// pooler may give the next one another connection to the server, and this one to somebody else.
    statements: HashMap<*const u8, Option<Statement>>,
    writing: Writing,
    /// A commit was lost and taken back, and the connection is made anew already.
    was_taken_back: bool,
    /// How whoever has to wait for the server is told.
    waiting: Waiting,
    /// How long a turn is waited for.
    turn: Duration,
    /// Somebody looks in passing: what fails is not tried again.
    is_glance: bool,
}

impl Postgres {
    /// Connects.
    pub fn open(address: &ServerAddress, mut waiting: Waiting) -> Result<Self> {
        let name = address.to_string();
        // Of several servers another one may be about to take over.
        let client = match address.hosts.len() {
            1 => connect(address, &name, address.connect_timeout, &mut waiting)?,
            _ => connect_again(address, &name, &mut Retries::default(), &mut waiting)?,
        };
        Ok(Self::of(client, address.clone(), name, waiting))
    }

    fn of(client: Client, address: ServerAddress, name: String, waiting: Waiting) -> Self {
        let (statements, writing) = (HashMap::new(), Writing::default());
        Self { client, address, name, statements, writing, was_taken_back: false, waiting, turn: TURN, is_glance: false }
    }

    /// Connects to look in passing: nothing where that fails, or takes longer than a moment.
    pub fn glance(address: &ServerAddress) -> Option<Self> {
        let name = address.to_string();
        let within = GLANCE / u32::try_from(address.hosts.len().max(1)).ok()?;
        let client = connect(address, &name, within, &mut Waiting::default()).ok()?;
        Some(Self { is_glance: true, ..Self::of(client, address.clone(), name, Waiting::default()) })
    }

    /// Waits for nobody who writes from now on.
    pub fn wait_no_longer(&mut self) {
        self.turn = Duration::from_millis(1);
    }

    /// What the database is called in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs statements without parameters.
    pub fn batch(&mut self, sql: &str) -> Result<()> {
        let done = self.client.batch_execute(sql);
        self.check(done)
    }

    pub fn begin_read(&mut self) -> Result<()> {
        self.batch(if self.is_glance { BEGIN_GLANCE } else { BEGIN_READ })
    }

    pub fn begin_write(&mut self) -> Result<()> {
        let begun = self.take_turn();
        if begun.is_err() {
            // Whoever had to wait too long has begun all the same, and would still be in that transaction.
            drop(self.roll_back());
        }
        begun
    }

    fn take_turn(&mut self) -> Result<()> {
        // Whoever has to wait for long is told, and waits on.
        if self.waiting.is_awaited() && self.turn > UNNOTICED {
            match self.client.simple_query(&begin_write(UNNOTICED)) {
                Err(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                    drop(self.roll_back());
                    self.waiting.tell(&self.name);
                }
                answered => return self.begun(answered),
            }
        }
        let answered = self.client.simple_query(&begin_write(self.turn));
        self.begun(answered)
    }

    fn begun(&mut self, answered: std::result::Result<Vec<SimpleQueryMessage>, postgres::Error>) -> Result<()> {
        let messages = answered.map_err(|error| {
            // What was read is there for this role; it is the lock that it may not take.
            let may_only_look = error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE);
            let explained = explain(error, &self.name);
            if !may_only_look {
                return explained;
            }
            let message = format!("Your role may look at the database {} and not change it: it lacks UPDATE on the table turns", self.name);
            Error { message, ..explained }
        })?;
        let mut rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        let (turn, number) = (rows.next(), rows.next());
        // Without the row nobody would wait for anybody.
        let Some(number) = turn.and(number) else { return Err(damaged(&self.name, anyhow::anyhow!("the table turns is empty"))) };
        self.writing = Writing { number: number.get(0).map(str::to_owned), entry: None };
        Ok(())
    }

    pub fn roll_back(&mut self) -> Result<()> {
        self.statements.clear();
        self.batch("ROLLBACK")
    }

    /// Commits. Where the answer is lost, the server is asked anew what became of it.
    pub fn commit(&mut self) -> Result<()> {
        self.statements.clear();
        let writing = std::mem::take(&mut self.writing);
        match self.client.batch_execute("COMMIT") {
            Ok(()) => Ok(()),
            Err(error) if lost::is_lost(&error) => self.find_out(&writing, error),
            Err(error) => Err(explain(error, &self.name)),
        }
    }

    fn find_out(&mut self, writing: &Writing, lost: postgres::Error) -> Result<()> {
        let mut retries = Retries::default();
        loop {
            let outcome = self.reconnect(&mut retries).and_then(|()| lost::outcome_of(&mut self.client, writing, &self.name));
            match outcome {
                Ok(Outcome::Committed) => return Ok(()),
                Ok(Outcome::TakenBack) => {
                    self.was_taken_back = true;
                    return Err(explain(lost, &self.name));
                }
                // The server has not noticed yet that nobody is there.
                Ok(Outcome::Running) if self.wait(&mut retries) => {}
                // It is lost again.
                Err(error) if is_gone(&error) && self.wait(&mut retries) => {}
                _ => return Err(lost::in_doubt(&self.name, lost)),
            }
        }
    }

    fn reconnect(&mut self, retries: &mut Retries) -> Result<()> {
        self.client = connect_again(&self.address, &self.name, retries, &mut self.waiting)?;
        self.statements.clear();
        Ok(())
    }

    /// Waits and connects again as it needs, where a transaction that failed so may be run once more.
    /// Returns whether it may.
    pub fn may_run_again(&mut self, error: &Error, retries: &mut Retries) -> bool {
        if self.is_glance {
            return false;
        }
        match remedy_for(error) {
            Remedy::None => false,
            Remedy::RunAgain => self.wait(retries),
            Remedy::Reconnect if std::mem::take(&mut self.was_taken_back) => self.wait(retries),
            // It may be that of the other database, in the middle of a move from one to the other.
            Remedy::Reconnect if self.client.is_valid(ANSWER).is_ok() => false,
            Remedy::Reconnect => self.wait(retries) && self.reconnect(retries).is_ok(),
        }
    }

    fn wait(&mut self, retries: &mut Retries) -> bool {
        retries.wait(&self.name, &mut self.waiting)
    }

    pub fn execute(&mut self, sql: &'static str, parameters: &[Value<'_>]) -> Result<u64> {
        let done = match self.statement(sql, parameters)? {
            Some(statement) => self.client.execute(&statement, &references(parameters)),
            None => self.client.execute_typed(sql, &typed(parameters)),
        };
        self.check(done)
    }

    /// Adds rows. Returns how many rows each was: 1, or 0 where another one was in its way.
    pub fn insert<const COUNT: usize>(&mut self, insert: &Insert, rows: &[[Value<'_>; COUNT]]) -> Result<Vec<u64>> {
        self.remember_entry(insert.table, rows.last().map(<[_; COUNT]>::as_slice));
        if rows.len() > bulk::FEW {
            return bulk::insert(self, insert, rows);
        }
        let sql = insert.one_row(COUNT);
        rows.iter()
            .map(|row| {
                let done = self.client.execute_typed(&sql, &typed(row));
                self.check(done)
            })
            .collect()
    }

    /// Adds rows of a whole table to one that nothing is in the way in.
    pub fn append(&mut self, table: &str, columns: &str, rows: &[Vec<Value<'_>>]) -> Result<()> {
        self.remember_entry(table, rows.last().map(Vec::as_slice));
        bulk::append(self, table, columns, rows)
    }

    /// Keeps in mind by which entry of activity the transaction is known.
    fn remember_entry(&mut self, table: &str, row: Option<&[Value<'_>]>) {
        if table == ACTIVITY
            && let Some([Value::Text(id), ..]) = row
        {
            self.writing.entry = Some(id.clone().into_owned());
        }
    }

    /// What tells this database from every other one, by whatever address it was reached.
    pub fn identity(&mut self) -> Result<String> {
        let mut identity = String::new();
        self.each(IDENTITY, &[], &mut |row| row.text(0).map(|found| identity = found))?;
        Ok(identity)
    }

    pub fn each(&mut self, sql: &'static str, parameters: &[Value<'_>], read: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
        let statement = self.statement(sql, parameters)?;
        let Self { client, name, .. } = self;
        let rows = match &statement {
            Some(statement) => client.query_raw(statement, references(parameters)),
            None => client.query_typed_raw(sql, typed(parameters)),
        };
        let mut rows = rows.map_err(|error| explain(error, name))?;
        while let Some(row) = rows.next().map_err(|error| explain(error, name))? {
            read(&Row::Postgres { row: &row, name })?;
        }
        Ok(())
    }

    fn statement(&mut self, sql: &'static str, parameters: &[Value<'_>]) -> Result<Option<Statement>> {
        match self.statements.get(&sql.as_ptr()) {
            None => {
                self.statements.insert(sql.as_ptr(), None);
                Ok(None)
            }
            Some(Some(statement)) => Ok(Some(statement.clone())),
            Some(None) => {
                let types: Vec<Type> = parameters.iter().map(type_of).collect();
                let prepared = self.client.prepare_typed(sql, &types);
                let statement = self.check(prepared)?;
                self.statements.insert(sql.as_ptr(), Some(statement.clone()));
                Ok(Some(statement))
            }
        }
    }

    fn check<T>(&self, result: std::result::Result<T, postgres::Error>) -> Result<T> {
        result.map_err(|error| explain(error, &self.name))
    }
}

fn references<'value>(parameters: &'value [Value<'_>]) -> Vec<&'value (dyn ToSql + Sync)> {
    parameters.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn typed<'value>(parameters: &'value [Value<'_>]) -> Vec<(&'value (dyn ToSql + Sync), Type)> {
    parameters.iter().map(|value| (value as &(dyn ToSql + Sync), type_of(value))).collect()
}
