//! Many rows at once: copied to where they belong; or, where a row that is in the way of another one is
//! left out and not the end of it all, into a table of this transaction alone, and from there.

use std::collections::HashSet;
use std::iter::once;

use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::{ToSql, Type};

use super::Postgres;
use crate::error::Result;
use crate::store::insert::Insert;
use crate::store::value::Value;

/// So few rows go one by one: that takes less time than to make the table.
pub const FEW: usize = 8;

/// Adds the rows, in their order. Returns how many rows each was.
pub fn insert<const COUNT: usize>(postgres: &mut Postgres, insert: &Insert, rows: &[[Value<'_>; COUNT]]) -> Result<Vec<u64>> {
    let Insert { table, columns, on_conflict } = insert;
    if on_conflict.is_empty() {
        copy(postgres, table, columns, rows.iter().map(|row| references(row).collect()))?;
        return Ok(vec![1; rows.len()]);
    }
    let staged = format!("staged_{table}");
    postgres.batch(&format!(
        "CREATE TEMPORARY TABLE IF NOT EXISTS {staged} ON COMMIT DROP AS \
         SELECT CAST(0 AS BIGINT) AS position, {columns} FROM {table} WITH NO DATA"
    ))?;
    let positions: Vec<i64> = (0..).take(rows.len()).collect();
    let rows_with_positions =
        positions.iter().zip(rows).map(|(position, row)| once(position as &(dyn ToSql + Sync)).chain(references(row)).collect());
    copy(postgres, &staged, &format!("position, {columns}"), rows_with_positions)?;
    let stored = postgres.client.query(
        &format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM {staged} ORDER BY position {on_conflict} RETURNING id"),
        &[],
    );
    let stored = postgres.check(stored)?;
    postgres.batch(&format!("TRUNCATE {staged}"))?;
    let stored: HashSet<&str> = stored.iter().filter_map(|row| row.try_get(0).ok()).collect();
    let is_stored = |row: &[Value<'_>; COUNT]| matches!(row.first(), Some(Value::Text(id)) if stored.contains(id.as_ref()));
    Ok(rows.iter().map(|row| u64::from(is_stored(row))).collect())
}

/// Adds rows of a whole table to one that nothing is in the way in.
pub fn append(postgres: &mut Postgres, table: &str, columns: &str, rows: &[Vec<Value<'_>>]) -> Result<()> {
    copy(postgres, table, columns, rows.iter().map(|row| references(row).collect()))
}

fn copy<'row>(postgres: &mut Postgres, into: &str, columns: &str, rows: impl Iterator<Item = Vec<&'row (dyn ToSql + Sync)>>) -> Result<()> {
    let described = postgres.client.prepare(&format!("SELECT {columns} FROM {into}"));
    let types: Vec<Type> = postgres.check(described)?.columns().iter().map(|column| column.type_().clone()).collect();
    let written = postgres.client.copy_in(&format!("COPY {into} ({columns}) FROM STDIN BINARY")).and_then(|writer| {
        let mut writer = BinaryCopyInWriter::new(writer, &types);
        for row in rows {
            writer.write(&row)?;
        }
        writer.finish()
    });
    postgres.check(written).map(drop)
}

fn references<'row>(row: &'row [Value<'_>]) -> impl Iterator<Item = &'row (dyn ToSql + Sync)> {
    row.iter().map(|value| value as &(dyn ToSql + Sync))
}
