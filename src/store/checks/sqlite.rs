//! What SQLite itself finds wrong with a file.

use crate::domain::damage::MOST_TOLD;
use crate::error::Result;
use crate::store::Transaction;
use crate::store::open::new_in_memory;

// One more than is told.
const INTEGRITY: &str = "PRAGMA integrity_check(21)";
const FOREIGN_KEYS: &str = "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY \"table\", parent ORDER BY 1, 2";
/// The tables and indexes of a database.
const PARTS: &str = "SELECT type || ' ' || name FROM sqlite_schema WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY 1";

/// The version of SQLite.
pub fn version() -> &'static str {
    rusqlite::version()
}

/// What is wrong with the pages of the file and with its indexes; no more is told than this, and whether
/// there is more.
///
/// # Errors
/// The file cannot be read to the end; the same holds below.
pub fn integrity(transaction: &mut Transaction<'_>) -> Result<(Vec<String>, bool)> {
    let mut found = transaction.rows(INTEGRITY, &[], |row| row.text(0))?;
    found.retain(|line| line != "ok");
    let is_more = found.len() > MOST_TOLD;
    found.truncate(MOST_TOLD);
    Ok((found, is_more))
}

/// Rows that refer to rows that are not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dangling {
    pub table: String,
    /// The table that they refer to.
    pub parent: String,
    pub count: u64,
}

/// Every table with rows that refer to nothing.
pub fn foreign_keys(transaction: &mut Transaction<'_>) -> Result<Vec<Dangling>> {
    transaction.rows(FOREIGN_KEYS, &[], |row| Ok(Dangling { table: row.text(0)?, parent: row.text(1)?, count: row.count(2)? }))
}

/// How the tables, indexes, triggers and views of a file differ from those of a new one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// `index users_live_order`.
    pub missing: Vec<String>,
    /// What somebody else has put there.
    pub added: Vec<String>,
}

/// Compares what is there with what this version makes.
pub fn parts(transaction: &mut Transaction<'_>) -> Result<Parts> {
    let there = transaction.rows(PARTS, &[], |row| row.text(0))?;
    let right = new_in_memory()?.read(|transaction| transaction.rows(PARTS, &[], |row| row.text(0)))?;
    let without = |some: &[String], others: &[String]| some.iter().filter(|part| !others.contains(part)).cloned().collect();
    Ok(Parts { missing: without(&right, &there), added: without(&there, &right) })
}
