//! Copying a whole desk from one database to another, and comparing both: every row of every table,
//! whatever it says.

use super::driver::Transaction;
use super::insert::Insert;
use super::put_off_indexes::PutOffIndexes;
use super::value::Value;
use crate::domain::moving::Contents;
use crate::error::{Error, Result};

/// How many rows are held at once.
const BATCH: u64 = 1000;

/// One table, whose first column is what its rows are in the order of.
struct Table {
    insert: Insert,
    width: usize,
    /// The rows after a key ($1), so many of them ($2).
    next: &'static str,
    count: &'static str,
    /// What makes room for its rows where a database without records has some.
    clear: Option<&'static str>,
}

macro_rules! table {
    ($name:literal, $clear:expr, $only:literal, $key:literal $(, $column:literal)*) => {
        Table {
            insert: Insert { table: $name, columns: concat!($key $(, ", ", $column)*), on_conflict: "" },
            width: [$key $(, $column)*].len(),
            next: concat!("SELECT ", $key $(, ", ", $column)*, " FROM ", $name, " WHERE ", $key, " > $1", $only, " ORDER BY ", $key, " LIMIT $2"),
            count: concat!("SELECT count(*) FROM ", $name, " WHERE ", $key, " >= ''", $only),
            clear: $clear,
        }
    };
}

// On a server the row `service` of the stamp is what writers take turns by, and `schema` is the database’s
// own: neither is taken away, so that the stamp has a statement of its own.
static STAMP: Table = table!("stamp", None, " AND key <> 'schema'", "key", "value");
const PUT_STAMP: &str = "INSERT INTO stamp (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";

/// Every other table, each after those that its rows refer to.
static TABLES: [Table; 10] = [
    table!("service_settings", Some("DELETE FROM service_settings"), "", "key", "value"),
    USERS,
    ORGANISATIONS,
    ORGANISATION_USERS,
    MEMBERSHIPS,
    table!("email_templates", None, "", "id", "from_name", "from_address", "subject", "text"),
    EMAILS,
    ACTIVITY,
    API_CLIENTS,
    table!("failing_mail_servers", Some("DELETE FROM failing_mail_servers"), "", "key", "failures", "next_attempt_at", "last_error"),
];

const USERS: Table = table!(
    "users",
    None,
    "",
    "id",
    "first_name",
    "last_name",
    "email",
    "api_user",
    "active",
    "sort_key",
    "sign_in_id",
    "last_signed_in_at",
    "created_at",
    "updated_at",
    "revision",
    "deleted_at",
    "deleted_by",
    "search_text"
);
const ORGANISATIONS: Table = table!(
    "organisations",
    None,
    "",
    "id",
    "code",
    "code_key",
    "name",
    "sort_key",
    "created_at",
    "updated_at",
    "revision",
    "deleted_at",
    "deleted_by",
    "search_text"
);
const ORGANISATION_USERS: Table = table!(
    "organisation_users",
    None,
    "",
    "id",
    "first_name",
    "last_name",
    "email",
    "sort_key",
    "sign_in_id",
    "last_signed_in_at",
    "created_at",
    "updated_at",
    "revision",
    "deleted_at",
    "deleted_by",
    "search_text"
);
const MEMBERSHIPS: Table =
    table!("memberships", None, "", "id", "organisation_id", "user_id", "sort_key", "email", "created_at", "ended_at", "ended_by");
const EMAILS: Table = table!(
    "emails",
    None,
    "",
    "id",
    "notice",
    "user_id",
    "organisation_user_id",
    "organisation_id",
    "template_id",
    "to_name",
    "to_first_name",
    "to_address",
    "status",
    "attempts",
    "next_attempt_at",
    "last_error",
    "created_at",
    "sent_at",
    "claimed_until",
    "claimed_by"
);
const ACTIVITY: Table = table!(
    "activity",
    None,
    "",
    "id",
    "at",
    "actor_label",
    "actor_email",
    "actor_user_id",
    "actor_organisation_user_id",
    "action",
    "subject_kind",
    "subject_id",
    "subject_label",
    "organisation_id",
    "organisation_code",
    "organisation_name",
    "changes"
);
const API_CLIENTS: Table = table!(
    "api_clients",
    None,
    "",
    "id",
    "name",
    "name_key",
    "sort_key",
    "expires_on",
    "created_by",
    "token_digest",
    "created_at",
    "updated_at",
    "last_used_at",
    "revision",
    "revoked_at",
    "revoked_by",
    "deleted_at",
    "deleted_by"
);

/// How much there is, what was deleted or has ended among it.
///
/// # Errors
/// The database cannot be read; so it is below.
pub fn contents(transaction: &mut Transaction<'_>) -> Result<Contents> {
    let mut count = |table: &Table| transaction.count(table.count, &[]);
    Ok(Contents {
        users: count(&USERS)?,
        organisations: count(&ORGANISATIONS)?,
        organisation_users: count(&ORGANISATION_USERS)?,
        memberships: count(&MEMBERSHIPS)?,
        emails: count(&EMAILS)?,
        entries: count(&ACTIVITY)?,
        api_clients: count(&API_CLIENTS)?,
    })
}

/// Refuses a database that holds any record.
pub fn refuse_occupied(target: &mut Transaction<'_>) -> Result<()> {
    for table in TABLES.iter().filter(|table| table.clear.is_none()) {
        if !target.rows(table.next, &["".into(), 1_u64.into()], |_row| Ok(()))?.is_empty() {
            return Err(Error::conflict(format!("The database {} holds a desk already", target.database()))
                .hint("Nothing was moved. A desk moves only into a database without any records: give another one."));
        }
    }
    Ok(())
}

/// How many rows are done, and of how many: each is done twice, copied and compared. An error stops the copy.
pub type Watch<'a> = &'a mut dyn FnMut(u64, u64) -> Result<()>;

/// Copies every row into a database without records, then counts and compares both row by row.
///
/// # Errors
/// Also what `watch` says; or that what came to the other database is not what was read.
pub fn copy(source: &mut Transaction<'_>, target: &mut Transaction<'_>, watch: Watch<'_>) -> Result<()> {
    let mut of = 0;
    for table in tables() {
        of += 2 * source.count(table.count, &[])?;
    }
    let mut done = 0;
    for stamp in STAMP.after(source, &"".into())? {
        target.execute(PUT_STAMP, &stamp)?;
        done += 1;
    }
    let indexes = PutOffIndexes::of_a_whole_desk(target)?;
    for table in &TABLES {
        if let Some(clear) = table.clear {
            target.execute(clear, &[])?;
        }
        let mut last = Value::from("");
        loop {
            let rows = table.after(source, &last)?;
            let Some(key) = rows.last().and_then(|row| row.first()) else { break };
            last = key.clone();
            target.append(&table.insert, &rows)?;
            done += count_of(&rows);
            watch(done, of)?;
        }
    }
    indexes.build(target)?;
    for table in tables() {
        table.compare(source, target, &mut |rows| {
            done += rows;
            watch(done, of)
        })?;
    }
    Ok(())
}

fn tables() -> impl Iterator<Item = &'static Table> {
    std::iter::once(&STAMP).chain(&TABLES)
}

fn count_of(rows: &[Vec<Value<'_>>]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

impl Table {
    fn after(&self, transaction: &mut Transaction<'_>, key: &Value<'static>) -> Result<Vec<Vec<Value<'static>>>> {
        transaction.rows(self.next, &[key.clone(), BATCH.into()], |row| (0..self.width).map(|column| row.value(column)).collect())
    }

    fn compare(&self, source: &mut Transaction<'_>, target: &mut Transaction<'_>, watch: &mut dyn FnMut(u64) -> Result<()>) -> Result<()> {
        let counts = (source.count(self.count, &[])?, target.count(self.count, &[])?);
        let mut last = Value::from("");
        let mut compared = 0;
        loop {
            let (there, here) = (self.after(source, &last)?, self.after(target, &last)?);
            if there != here {
                let differ = there.iter().zip(&here).position(|(there, here)| there != here);
                let first = differ.unwrap_or(there.len().min(here.len()));
                let row = there.get(first).or_else(|| here.get(first));
                return Err(self.differs(target, row.and_then(|row| row.first())));
            }
            let Some(key) = there.last().and_then(|row| row.first()) else { break };
            last = key.clone();
            compared += count_of(&there);
            watch(count_of(&there))?;
        }
        // A row without a key comes after none.
        if counts == (compared, compared) { Ok(()) } else { Err(self.differs(target, None)) }
    }

    fn differs(&self, target: &Transaction<'_>, key: Option<&Value<'_>>) -> Error {
        let which = match key {
            Some(Value::Text(key)) => format!("in {} at {key}", self.insert.table),
            _ => format!("in the number of rows of {}", self.insert.table),
        };
        Error::unavailable(format!("What came to the database {} is not what was copied: it differs {which}", target.database()))
            .hint("Nothing was moved. Look whether that database changes by itself what is stored in it, then run the command again.")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{copy, tables};
    use crate::store::driver::{Driver, Transaction};
    use crate::store::migrations::{MIGRATIONS, migrate};
    use crate::store::sqlite::{Sqlite, TEMPORARY};

    fn database() -> Sqlite {
        let sqlite = Sqlite::open_temporary().unwrap();
        migrate(&sqlite, TEMPORARY.as_ref(), MIGRATIONS, |_| Ok(())).unwrap();
        sqlite
    }

    fn words(sqlite: &Sqlite, sql: &str) -> Vec<String> {
        let mut found = Vec::new();
        sqlite.each(sql, &[], &mut |row| row.text(0).map(|word| found.push(word))).unwrap();
        found
    }

    #[test]
    fn every_column_of_every_table_is_copied() {
        let sqlite = database();
        let names = words(&sqlite, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
        let sorted = |mut columns: Vec<String>| {
            columns.sort();
            columns
        };
        let there: BTreeMap<String, Vec<String>> = names
            .into_iter()
            .map(|name| (name.clone(), sorted(words(&sqlite, &format!("SELECT name FROM pragma_table_info('{name}')")))))
            .collect();
        let copied: BTreeMap<String, Vec<String>> = tables()
            .map(|table| (table.insert.table.to_owned(), sorted(table.insert.columns.split(", ").map(str::to_owned).collect())))
            .collect();
        assert_eq!(copied, there);
        assert!(tables().all(|table| table.width == table.insert.columns.split(", ").count()));
    }

    #[test]
    fn rows_come_after_those_that_they_refer_to_and_in_the_order_of_their_keys() {
        let sqlite = database();
        let mut before = Vec::new();
        for table in tables() {
            let name = table.insert.table;
            before.push(name.to_owned());
            let referred = words(&sqlite, &format!("SELECT DISTINCT \"table\" FROM pragma_foreign_key_list('{name}')"));
            assert!(referred.iter().all(|other| before.contains(other)), "{name} refers to {referred:?}");
            let key = words(&sqlite, &format!("SELECT name FROM pragma_table_info('{name}') WHERE pk > 0"));
            assert_eq!(table.insert.columns.split(", ").next(), key.first().map(String::as_str).filter(|_| key.len() == 1), "{name}");
        }
    }

    /// Copies users with these ids to a database where this was done before.
    fn copied(ids: std::ops::Range<u32>, before: &str) -> Result<Vec<u64>, String> {
        let [mut source, mut target] = [database(), database()].map(Driver::Sqlite);
        let (mut source, mut target) = (Transaction::new(&mut source), Transaction::new(&mut target));
        for id in ids {
            let insert = "INSERT INTO users VALUES ($1, 'Ann', 'Abel', $1, 0, 1, x'00', NULL, NULL, 0, 0, 1, NULL, NULL, '')";
            source.execute(insert, &[format!("{id:05}").into()]).unwrap();
        }
        target.create_index(before).unwrap();
        let mut done = Vec::new();
        let copied = copy(&mut source, &mut target, &mut |rows, _of| {
            done.push(rows);
            Ok(())
        });
        copied.map(|()| done).map_err(|error| error.message)
    }

    #[test]
    fn rows_of_several_batches_are_copied_and_compared() {
        assert_eq!(copied(0..2001, ""), Ok(vec![1000, 2000, 2001, 3001, 4001, 4002]));
        assert_eq!(copied(0..1000, ""), Ok(vec![1000, 2000]));
        assert_eq!(copied(0..0, ""), Ok(Vec::new()));
    }

    #[test]
    fn the_first_difference_is_told_by_its_table_and_id() {
        let trigger = |does: &str| format!("CREATE TRIGGER meddles AFTER INSERT ON users WHEN new.id = '01500' BEGIN {does} END");
        let differs =
            |place: &str| Err::<Vec<u64>, _>(format!("What came to the database (temporary) is not what was copied: it differs {place}"));
        let at = differs("in users at 01500");
        assert_eq!(copied(0..2001, &trigger("UPDATE users SET first_name = 'Anne' WHERE id = new.id;")), at);
        assert_eq!(copied(0..2001, &trigger("DELETE FROM users WHERE id = new.id;")), at);
        assert_eq!(copied(0..1501, &trigger("DELETE FROM users WHERE id = new.id;")), at);
        let one_more = "INSERT INTO email_templates VALUES ('one more', '', '', '', '');";
        assert_eq!(copied(0..2001, &trigger(one_more)), differs("in email_templates at one more"));
    }
}
