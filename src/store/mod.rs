//! Keeping: one text of each query for every database, a thin driver under it, and the files that
//! make and migrate the tables. Rules are decided elsewhere; here they are only kept.

mod account_columns;
pub mod activity;
pub mod actors;
pub mod api_clients;
pub mod called;
pub mod checks;
pub mod collation;
pub mod copies;
mod create;
pub mod driver;
pub mod emails;
mod file_system;
pub mod glance;
mod insert;
pub mod mail_servers;
pub mod memberships;
mod migrations;
pub mod open;
pub mod organisation_users;
pub mod organisations;
pub mod person_keys;
mod postgres;
pub mod put_off_indexes;
pub mod restore;
mod row;
mod search;
pub mod service;
mod sqlite;
pub mod transfer;
pub mod users;
mod value;

use self::create::Creation;
use self::driver::Driver;
pub use self::driver::Transaction;
use self::postgres::Retries;
pub use self::sqlite::copying::Stop;
use crate::domain::storing::{Stored, Storing};
use crate::error::Result;

/// An open database that holds one service.
pub struct Store {
    driver: Driver,
    /// A change of many rows follows.
    expects_many_changes: bool,
    /// The file that the first change makes; until then the database is empty and in memory.
    to_create: Option<Creation>,
    /// This run made the file.
    pub created: bool,
    /// How far this run has come with storing.
    pub storing: Storing,
}

/// What becomes of a transaction whose work succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    Commit,
    /// A dry run: the same work, taken back.
    RollBack,
}

impl Store {
    fn of(driver: Driver) -> Self {
        Self { driver, expects_many_changes: false, to_create: None, created: false, storing: Storing::default() }
    }

    /// Reads from one moment of the database, so that a total agrees with its page. The work may be run
    /// more than once; only its last run counts.
    ///
    /// # Errors
    /// The work's own, or that the database cannot be read.
    pub fn read<T>(&mut self, mut work: impl FnMut(&mut Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut retries = Retries::default();
        loop {
            let (read, has_handed_over) = self.read_once(&mut work);
            match read {
                Err(error) if !has_handed_over && self.driver.may_run_again(&error, &mut retries) => {}
                read => return read,
            }
        }
    }

    /// Returns with the result whether rows were handed over one by one.
    fn read_once<T>(&mut self, work: &mut impl FnMut(&mut Transaction<'_>) -> Result<T>) -> (Result<T>, bool) {
        if let Err(error) = self.driver.begin_read() {
            return (Err(error), false);
        }
        let mut transaction = Transaction::new(&mut self.driver);
        let worked = work(&mut transaction);
        let has_handed_over = transaction.has_handed_over;
        // Nothing was written, so nothing can be lost by a failure to end it.
        let _ = self.driver.roll_back();
        (worked, has_handed_over)
    }

    /// Whether the other one is open on the same database.
    ///
    /// # Errors
    /// A database cannot be used.
    pub fn is_same_database(&mut self, other: &mut Self) -> Result<bool> {
        let identity = self.driver.identity()?;
        Ok(identity.is_some() && identity == other.driver.identity()?)
    }

    /// Makes room for the changes of many rows that follow.
    pub fn expect_many_changes(&mut self) {
        self.expects_many_changes = true;
    }

    /// Waits for nobody who writes from now on: what follows can as well be left out.
    ///
    /// # Errors
    /// The database cannot be used.
    pub fn wait_no_longer(&mut self) -> Result<()> {
        self.driver.wait_no_longer()
    }

    /// How many rows of a long import are best stored together.
    pub fn batch_size(&self) -> usize {
        self.driver.batch_size()
    }

    /// Does all of the work or none of it, alone: no other writer comes between its first look and
    /// its last write. The work may be run more than once; only its last run counts.
    ///
    /// # Errors
    /// The work's own, or that the database cannot be written; in either case nothing was stored.
    pub fn write<T>(&mut self, keep: Keep, mut work: impl FnMut(&mut Transaction<'_>) -> Result<T>) -> Result<T> {
        if keep == Keep::Commit
            && let Some(creation) = self.to_create.clone()
        {
            // A change that fails or comes to nothing, or a slip in a path, must not leave a file, nor try to
            // make one. A long one is not done twice for that.
            if !self.expects_many_changes {
                let (worked, changed) = self.write_once(Keep::RollBack, &mut work)?;
                if changed == 0 {
                    return Ok(worked);
                }
            }
            let storing = self.storing.clone();
            storing.begin();
            let first = creation.create(|driver| self.write_elsewhere(driver, &mut work));
            storing.end(if matches!(first, Ok(Some((_, 1..)))) { Stored::Something } else { Stored::Nothing });
            let first = first?;
            let is_stored = match first {
                Some((worked, 0)) => return Ok(worked),
                Some(_) => true,
                None => false,
            };
            let opened = creation.open().map_err(|error| if is_stored { error.after_the_change() } else { error });
            let (driver, was_empty) = opened?;
            self.driver = driver;
            self.created = is_stored || was_empty;
            self.to_create = None;
            if let Some((worked, _changed)) = first {
                return Ok(worked);
            }
        }
        Ok(self.write_once(keep, &mut work)?.0)
    }

    /// Does the work in another database than the one that is open.
    fn write_elsewhere<T>(
        &mut self,
        driver: Driver,
        work: &mut impl FnMut(&mut Transaction<'_>) -> Result<T>,
    ) -> (Driver, Result<(T, u64)>) {
        let open = std::mem::replace(&mut self.driver, driver);
        let worked = self.write_once(Keep::Commit, work);
        (std::mem::replace(&mut self.driver, open), worked)
    }

    /// Does the work until nothing that passes is in its way. Returns with its result how many rows it
    /// changed.
    fn write_once<T>(&mut self, keep: Keep, work: &mut impl FnMut(&mut Transaction<'_>) -> Result<T>) -> Result<(T, u64)> {
        let mut retries = Retries::default();
        loop {
            let written = self.try_to_write(keep, work);
            match written {
                Err(error) if self.driver.may_run_again(&error, &mut retries) => {}
                written => return written,
            }
        }
    }

    fn commit(&mut self, changed: u64) -> Result<()> {
        // What is in a new file is stored when the file has its name.
        if self.to_create.is_some() {
            return self.driver.commit();
        }
        self.storing.begin();
        let committed = self.driver.commit();
        self.storing.end(match &committed {
            Ok(()) if changed > 0 => Stored::Something,
            Err(error) if error.is_in_doubt => Stored::InDoubt,
            _ => Stored::Nothing,
        });
        committed
    }

    fn try_to_write<T>(&mut self, keep: Keep, work: &mut impl FnMut(&mut Transaction<'_>) -> Result<T>) -> Result<(T, u64)> {
        if self.expects_many_changes {
            self.driver.expect_many_changes()?;
        }
        self.driver.begin_write()?;
        let mut transaction = Transaction::new(&mut self.driver);
        let worked = work(&mut transaction);
        let changed = transaction.changed;
        match (&worked, keep) {
            (Ok(_), Keep::Commit) => self.commit(changed)?,
            // A failed roll-back leaves nothing either: the database drops what was not committed.
            _ => drop(self.driver.roll_back()),
        }
        worked.map(|worked| (worked, changed))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::open::{Location, Purpose, Wanted, open};
    use super::{Keep, Store};
    use crate::domain::database::DatabaseAddress;
    use crate::domain::waiting::Waiting;
    use crate::error::{Error, Result};

    const INSERT: &str = "INSERT INTO service_settings (key, value) VALUES ('some', 'thing')";

    fn missing() -> (tempfile::TempDir, PathBuf, Store) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("new/desk.db");
        let location = Location { database: DatabaseAddress::File(path.clone()), named: true, waiting: Waiting::default() };
        let store = open(&location, Purpose::Change, &Wanted::default()).unwrap().store;
        (directory, path, store)
    }

    /// A first change that is stopped in its run of this number.
    fn stopped_in(store: &mut Store, run: u64) -> Result<u64> {
        let mut runs = 0;
        store.write(Keep::Commit, |transaction| {
            runs += 1;
            transaction.execute(INSERT, &[])?;
            if runs == run { Err(Error::stopped("Stopped")) } else { Ok(runs) }
        })
    }

    #[test]
    fn a_first_change_that_is_stopped_whenever_leaves_no_file() {
        for run in [1, 2] {
            let (_directory, path, mut store) = missing();
            assert_eq!(stopped_in(&mut store, run).unwrap_err().message, "Stopped");
            assert!(!store.created);
            let left = fs::read_dir(path.parent().unwrap()).map(|files| files.count()).unwrap_or_default();
            assert_eq!(left, 0, "in run {run}");
            // Nor is anything in the way of the next.
            assert_eq!((stopped_in(&mut store, 9).unwrap(), store.created), (2, true));
        }
    }

    #[test]
    fn a_long_first_change_is_done_once_and_leaves_a_file_only_if_it_changes_something() {
        let (_directory, path, mut store) = missing();
        store.expect_many_changes();
        let mut runs = 0;
        let mut change = |store: &mut Store, sql: Option<&'static str>| {
            store.write(Keep::Commit, |transaction| {
                runs += 1;
                sql.map_or(Ok(0), |sql| transaction.execute(sql, &[]))?;
                Ok(runs)
            })
        };
        assert_eq!(change(&mut store, None).unwrap(), 1);
        assert!(change(&mut store, Some("INSERT INTO nowhere VALUES (1)")).is_err());
        assert_eq!((store.created, fs::read_dir(path.parent().unwrap()).unwrap().count()), (false, 0));
        assert_eq!(change(&mut store, Some(INSERT)).unwrap(), 3);
        assert!(store.created && path.exists());
        assert_eq!(change(&mut store, None).unwrap(), 4);
    }
}
