//! The step after `0004_search.sql`: every record that is there gets the text that it is found by.
//! Only Rust knows how texts are folded.

use crate::domain::search::{text_of_organisation, text_of_person};
use crate::error::Result;
use crate::store::row::Row;
use crate::store::sqlite::Sqlite;
use crate::store::value::Value;

/// How many records are read before they are written: a million at once would fill the memory.
const BATCH: u64 = 10_000;

/// A table, and how its records are found.
struct Table {
    /// The records after this id ($1), so many of them ($2): id, and what they are found by.
    next: &'static str,
    set: &'static str,
    text: fn(&Row<'_>) -> Result<String>,
}

// Deleted records too: a column that holds the truth of some rows only is a trap. By id, because
// that is the order in which rows were added and lie in the file.
const TABLES: [Table; 3] = [
    Table {
        next: "SELECT id, first_name, last_name, email FROM users WHERE id > $1 ORDER BY id LIMIT $2",
        set: "UPDATE users SET search_text = $1 WHERE id = $2",
        text: person,
    },
    Table {
        next: "SELECT id, first_name, last_name, email FROM organisation_users WHERE id > $1 ORDER BY id LIMIT $2",
        set: "UPDATE organisation_users SET search_text = $1 WHERE id = $2",
        text: person,
    },
    Table {
        next: "SELECT id, name, code FROM organisations WHERE id > $1 ORDER BY id LIMIT $2",
        set: "UPDATE organisations SET search_text = $1 WHERE id = $2",
        text: |row| Ok(text_of_organisation(&row.text(1)?, &row.text(2)?)),
    },
];

/// Folds what is there, inside the transaction of the migration.
pub(super) fn fold_existing(sqlite: &Sqlite) -> Result<()> {
    TABLES.iter().try_for_each(|table| fold_table(sqlite, table, BATCH))
}

fn fold_table(sqlite: &Sqlite, table: &Table, batch: u64) -> Result<()> {
    let mut last = Value::from("");
    loop {
        let mut folded: Vec<[Value<'_>; 2]> = Vec::new();
        sqlite.each(table.next, &[last, batch.into()], &mut |row| {
            folded.push([(table.text)(row)?.into(), row.text(0)?.into()]);
            Ok(())
        })?;
        for parameters in &folded {
            sqlite.execute(table.set, parameters)?;
        }
        match folded.pop() {
            Some([_, id]) => last = id,
            None => return Ok(()),
        }
    }
}

fn person(row: &Row<'_>) -> Result<String> {
    Ok(text_of_person(&row.text(1)?, &row.text(2)?, &row.text(3)?))
}

#[cfg(test)]
mod tests {
    use super::{TABLES, fold_table};
    use crate::store::sqlite::Sqlite;

    #[test]
    fn every_record_is_folded_however_many_batches_it_takes() {
        for count in [0, 1, 2, 3, 5] {
            let sqlite = Sqlite::open_temporary().unwrap();
            sqlite
                .batch(&format!(
                    "CREATE TABLE organisations (id TEXT PRIMARY KEY, name TEXT, code TEXT, search_text TEXT NOT NULL DEFAULT '');
                     WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers)
                     INSERT INTO organisations (id, name, code) SELECT 'id' || number, 'École ' || number, 'E' || number
                     FROM numbers LIMIT {count}"
                ))
                .unwrap();
            fold_table(&sqlite, &TABLES[2], 2).unwrap();
            let mut texts = Vec::new();
            let query = "SELECT search_text FROM organisations ORDER BY id";
            sqlite.each(query, &[], &mut |row| row.text(0).map(|text| texts.push(text))).unwrap();
            assert_eq!(texts, (1..=count).map(|number| format!("ecole {number}\ne{number}")).collect::<Vec<_>>());
        }
    }
}
