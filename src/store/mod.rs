//! Keeping: one text of each query for every database, a thin driver under it, and the files that
//! make and migrate the tables. Rules are decided elsewhere; here they are only kept.

pub mod activity;
pub mod collation;
pub mod driver;
pub mod emails;
pub mod mail_servers;
mod migrations;
pub mod open;
pub mod service;
mod sqlite;
pub mod users;

use self::driver::Driver;
pub use self::driver::Transaction;
use self::open::Creation;
use crate::error::Result;

/// An open database that holds one service.
pub struct Store {
    driver: Driver,
    /// The file that the first change makes; until then the database is empty and in memory.
    to_create: Option<Creation>,
    /// This run made the file.
    pub created: bool,
}

/// What becomes of a transaction whose work succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    Commit,
    /// A dry run: the same work, taken back.
    RollBack,
}

impl Store {
    /// Reads from one moment of the database, so that a total agrees with its page.
    ///
    /// # Errors
    /// The work's own, or that the database cannot be read.
    pub fn read<T>(&mut self, work: impl FnOnce(&mut Transaction<'_>) -> Result<T>) -> Result<T> {
        self.driver.begin_read()?;
        let worked = work(&mut Transaction::new(&mut self.driver));
        // Nothing was written, so nothing can be lost by a failure to end it.
        let _ = self.driver.roll_back();
        worked
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
            // A change that comes to nothing, or a slip in a path, must not leave an empty file.
            self.write_once(Keep::RollBack, &mut work)?;
            (self.driver, self.created) = creation.create()?;
            self.to_create = None;
        }
        self.write_once(keep, &mut work)
    }

    fn write_once<T>(&mut self, keep: Keep, work: &mut impl FnMut(&mut Transaction<'_>) -> Result<T>) -> Result<T> {
        self.driver.begin_write()?;
        let worked = work(&mut Transaction::new(&mut self.driver));
        match (&worked, keep) {
            (Ok(_), Keep::Commit) => self.driver.commit()?,
            // A failed roll-back leaves nothing either: the database drops what was not committed.
            _ => drop(self.driver.roll_back()),
        }
        worked
    }
}
