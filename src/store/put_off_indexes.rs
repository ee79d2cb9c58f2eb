//! Indexes whose order has nothing to do with that of the rows of an import: once it has added more than
//! a good part of a table, they are quicker made anew at its end than kept up row by row. All of it in
//! its transaction: nobody ever sees the table without them.

use super::driver::Transaction;
use crate::domain::import::ImportKind;
use crate::error::Result;

/// Fewer rows are not worth it.
const LEAST: u64 = 10_000;
/// An index is put off when the table had no more than so many times what the import has added.
const TIMES: u64 = 4;

struct Index {
    name: &'static str,
    /// How many rows the index has, counted up to a limit ($1).
    count: &'static str,
}

// In the order of addresses; nothing that is queued by an import of users asks for it.
const EMAILS_WAITING: Index = Index {
    name: "emails_waiting",
    count: "SELECT count(*) FROM (SELECT 1 AS one FROM emails WHERE status IN ('queued', 'cancelled') LIMIT $1) AS waiting",
};
// In the order of names.
const USERS: Index = Index { name: "users_live_order", count: "SELECT count(*) FROM (SELECT 1 AS one FROM users LIMIT $1) AS kept" };
const MEMBERSHIPS: Index =
    Index { name: "memberships_live_order", count: "SELECT count(*) FROM (SELECT 1 AS one FROM memberships LIMIT $1) AS kept" };

/// The indexes of one import.
pub struct PutOffIndexes {
    kept: Vec<Index>,
    /// The statements that make those again which were put off.
    put_off: Vec<String>,
    /// How many rows the import will have added when it is decided again.
    next: u64,
}

impl PutOffIndexes {
    /// Those that an import of this kind can do without until its end.
    pub fn of(kind: ImportKind) -> Self {
        let kept = match kind {
            ImportKind::Users => vec![USERS, EMAILS_WAITING],
            ImportKind::Organisations => Vec::new(),
            ImportKind::OrganisationUsers => vec![MEMBERSHIPS],
        };
        Self { kept, put_off: Vec::new(), next: LEAST }
    }

    /// All of them at once, before a whole desk comes into an empty database.
    ///
    /// # Errors
    /// The database cannot be used.
    pub fn of_a_whole_desk(transaction: &mut Transaction<'_>) -> Result<Self> {
        let dropped = [USERS, EMAILS_WAITING, MEMBERSHIPS].iter().map(|index| transaction.drop_index(index.name));
        let put_off = dropped.filter_map(Result::transpose).collect::<Result<_>>()?;
        Ok(Self { kept: Vec::new(), put_off, next: LEAST })
    }

    /// Decides which are put off from here on, after so many rows were added.
    ///
    /// # Errors
    /// The database cannot be used; so it is below.
    pub fn put_off(&mut self, transaction: &mut Transaction<'_>, added: u64) -> Result<()> {
        if added < self.next {
            return Ok(());
        }
        self.next = added.saturating_mul(2);
        let limit = added.saturating_mul(TIMES + 1);
        for index in std::mem::take(&mut self.kept) {
            if transaction.count(index.count, &[limit.into()])? < limit {
                self.put_off.extend(transaction.drop_index(index.name)?);
            } else {
                self.kept.push(index);
            }
        }
        Ok(())
    }

    /// Makes those again that were put off.
    pub fn build(self, transaction: &mut Transaction<'_>) -> Result<()> {
        self.put_off.iter().try_for_each(|statement| transaction.create_index(statement))
    }
}

#[cfg(test)]
mod tests {
    use super::{PutOffIndexes, TIMES};
    use crate::domain::import::ImportKind;
    use crate::store::driver::{Driver, Transaction};
    use crate::store::migrations::{MIGRATIONS, migrate};
    use crate::store::sqlite::{Sqlite, TEMPORARY};

    /// A database with so many users, and those of its indexes on users that are there.
    fn with_users(count: u64, then: impl FnOnce(&mut Transaction<'_>)) -> Vec<String> {
        let sqlite = Sqlite::open_temporary().unwrap();
        migrate(&sqlite, TEMPORARY.as_ref(), MIGRATIONS, |_| Ok(())).unwrap();
        sqlite
            .batch(&format!(
                "WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers)
                 INSERT INTO users (id, first_name, last_name, email, api_user, active, sort_key, created_at, updated_at, revision)
                 SELECT number, '', '', number, 0, 1, x'00', 0, 0, 1 FROM numbers LIMIT {count}"
            ))
            .unwrap();
        let mut driver = Driver::Sqlite(sqlite);
        let mut transaction = Transaction::new(&mut driver);
        then(&mut transaction);
        let kept = "SELECT name FROM sqlite_schema WHERE name IN ('users_live_order', 'emails_waiting') ORDER BY name";
        transaction.rows(kept, &[], |row| row.text(0)).unwrap()
    }

    fn put_off(users: u64, added: &[u64]) -> Vec<String> {
        with_users(users, |transaction| {
            let mut indexes = PutOffIndexes { next: 10, ..PutOffIndexes::of(ImportKind::Users) };
            added.iter().for_each(|added| indexes.put_off(transaction, *added).unwrap());
        })
    }

    #[test]
    fn an_index_is_put_off_once_the_import_is_a_good_part_of_its_table() {
        let both = ["emails_waiting", "users_live_order"];
        assert_eq!(put_off(0, &[9]), both);
        assert_eq!(put_off(10, &[10]), [""; 0]);
        // Ten of them were added by the import itself.
        assert_eq!(put_off(10 + 10 * TIMES - 1, &[10]), [""; 0]);
        assert_eq!(put_off(10 + 10 * TIMES, &[10]), ["users_live_order"]);
        // Looked at again once there are twice as many.
        assert_eq!(put_off(80, &[10, 19]), ["users_live_order"]);
        assert_eq!(put_off(80, &[10, 20]), [""; 0]);
    }

    #[test]
    fn what_was_put_off_is_made_again_as_it_was() {
        let sql = "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name";
        let schema = |transaction: &mut Transaction<'_>| transaction.rows(sql, &[], |row| row.text(0)).unwrap();
        with_users(20, |transaction| {
            let before = schema(transaction);
            let mut indexes = PutOffIndexes { next: 10, ..PutOffIndexes::of(ImportKind::Users) };
            indexes.put_off(transaction, 20).unwrap();
            assert_eq!(schema(transaction).len(), before.len() - 2);
            indexes.build(transaction).unwrap();
            assert_eq!(schema(transaction), before);
        });
    }
}
