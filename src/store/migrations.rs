//! Numbered migrations: what makes the tables, and brings an older file up to date whole or not at
//! all, after a copy of it was put beside it.

mod search_text;

use std::path::{Path, PathBuf};

use super::sqlite::Sqlite;
use crate::error::{Error, Result};

/// `fdsk` in ASCII: it marks a SQLite file as ours.
pub const APPLICATION_ID: i64 = 0x6664_736B;

/// One step from a schema to the next.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    sql: &'static str,
    /// What SQL alone cannot do, after it and in its transaction. It meets the tables of this schema,
    /// not of the newest: its queries are its own.
    then: Option<fn(&Sqlite) -> Result<()>>,
}

impl Migration {
    const fn sql(sql: &'static str) -> Self {
        Self { sql, then: None }
    }

    const fn then(self, then: fn(&Sqlite) -> Result<()>) -> Self {
        Self { then: Some(then), ..self }
    }

    fn run(self, sqlite: &Sqlite) -> Result<()> {
        sqlite.batch(self.sql)?;
        self.then.map_or(Ok(()), |then| then(sqlite))
    }
}

/// The numbered files, oldest first; the number of the newest is the schema that this version knows.
pub const MIGRATIONS: &[Migration] = &[
    Migration::sql(include_str!("migrations/sqlite/0001_users.sql")),
    Migration::sql(include_str!("migrations/sqlite/0002_mail_servers.sql")),
    Migration::sql(include_str!("migrations/sqlite/0003_organisations.sql")),
    Migration::sql(include_str!("migrations/sqlite/0004_search.sql")).then(search_text::fold_existing),
    Migration::sql(include_str!("migrations/sqlite/0005_emails_by_template.sql")),
    Migration::sql(include_str!("migrations/sqlite/0006_api_clients.sql")),
];

/// What a file turned out to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// Nothing yet.
    Empty,
    Older,
    Current,
}

/// Looks at what a file holds.
///
/// # Errors
/// The file belongs to another program, or to a newer version of this one.
pub fn inspect(sqlite: &Sqlite, path: &Path, migrations: &[Migration]) -> Result<Schema> {
    let application = sqlite.pragma("application_id")?;
    let version = sqlite.pragma("user_version")?;
    let known = number_of(migrations);
    if application == 0 && version == 0 && sqlite.pragma("schema_version")? == 0 {
        return Ok(Schema::Empty);
    }
    if application != APPLICATION_ID {
        return Err(Error::unavailable(format!("The database {} belongs to another program", path.display()))
            .hint("Nothing was changed. Give the path of a frontdesk database with --database."));
    }
    if version > known {
        return Err(Error::unavailable(format!(
            "The database {} was made by a newer version of frontdesk: its schema is {version}, and this version knows {known}",
            path.display()
        ))
        .hint("Nothing was changed. Install the newer version."));
    }
    Ok(if version == known { Schema::Current } else { Schema::Older })
}

/// Brings a file up to date in one transaction; `first` runs in it when the file was empty.
/// Another process may have done it meanwhile, which is as good.
///
/// # Errors
/// That the file cannot be written, or holds something that a migration does not expect.
pub fn migrate(sqlite: &Sqlite, path: &Path, migrations: &[Migration], first: impl FnOnce(&Sqlite) -> Result<()>) -> Result<()> {
    sqlite.use_large_pages()?;
    let last = |schema, new: &Sqlite| if schema == Schema::Empty { first(new) } else { Ok(()) };
    all_or_nothing(sqlite, || migrate_locked(sqlite, path, migrations, copy_aside, last))
}

/// The same of a file that holds something; `check` runs last in the transaction, so that nobody is refused
/// a file that was changed for them.
///
/// # Errors
/// As for [`migrate`], or what `check` says.
pub fn migrate_checked(sqlite: &Sqlite, path: &Path, migrations: &[Migration], check: impl FnOnce(&Sqlite) -> Result<()>) -> Result<()> {
    all_or_nothing(sqlite, || migrate_locked(sqlite, path, migrations, copy_aside, |_, older| check(older)))
}

/// Brings a file up to date that is a copy already, and so is not copied first.
///
/// # Errors
/// As for [`migrate`].
pub fn bring_copy_up_to_date(sqlite: &Sqlite, path: &Path, migrations: &[Migration]) -> Result<()> {
    all_or_nothing(sqlite, || migrate_locked(sqlite, path, migrations, |_, _| Ok(()), |_, _| Ok(())))
}

fn all_or_nothing(sqlite: &Sqlite, work: impl FnOnce() -> Result<()>) -> Result<()> {
    sqlite.batch("BEGIN IMMEDIATE")?;
    let worked = work();
    if worked.is_ok() {
        sqlite.commit()
    } else {
        drop(sqlite.batch("ROLLBACK"));
        worked
    }
}

fn migrate_locked(
    sqlite: &Sqlite,
    path: &Path,
    migrations: &[Migration],
    keep: impl FnOnce(&Path, i64) -> Result<()>,
    last: impl FnOnce(Schema, &Sqlite) -> Result<()>,
) -> Result<()> {
    let schema = inspect(sqlite, path, migrations)?;
    if schema == Schema::Current {
        return Ok(());
    }
    let version = sqlite.pragma("user_version")?;
    if schema == Schema::Older {
        keep(path, version)?;
    }
    for migration in migrations.iter().skip(usize::try_from(version).unwrap_or_default()) {
        migration.run(sqlite)?;
    }
    sqlite.set_pragma("application_id", APPLICATION_ID)?;
    sqlite.set_pragma("user_version", number_of(migrations))?;
    last(schema, sqlite)
}

/// Copies the file through a connection of its own: ours is inside its transaction, and the other
/// sees what was committed before it.
fn copy_aside(path: &Path, version: i64) -> Result<()> {
    let copy = copy_path(path, version);
    let directory = path.parent().unwrap_or(Path::new("."));
    let failed = |cause: std::io::Error| {
        Error::unavailable(format!(
            "The database {} could not be copied to {} before bringing it up to date",
            path.display(),
            copy.display()
        ))
        .hint("Nothing was changed. Check that there is room on the disk and that you may write the directory.")
        .caused_by(cause)
    };
    let temporary = tempfile::NamedTempFile::new_in(directory).map_err(failed)?;
    Sqlite::open(path, super::sqlite::Access::ReadWrite)?.copy_to(temporary.path())?;
    temporary.as_file().sync_all().map_err(failed)?;
    temporary.persist(&copy).map_err(|error| failed(error.error))?;
    Ok(())
}

fn copy_path(path: &Path, version: i64) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".schema-{version}"));
    name.into()
}

fn number_of(migrations: &[Migration]) -> i64 {
    i64::try_from(migrations.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Migration, Schema, copy_path, inspect, migrate};
    use crate::error::Error;
    use crate::store::sqlite::{Access, Sqlite};
    use crate::store::value::Value;
    use std::path::Path;

    const FIRST: Migration = Migration::sql("CREATE TABLE thing (name TEXT NOT NULL) STRICT;");
    const SECOND: Migration = Migration::sql("ALTER TABLE thing ADD COLUMN colour TEXT; UPDATE thing SET colour = 'red';");
    const BROKEN: Migration = Migration::sql("CREATE TABLE other (name TEXT) STRICT; INSERT INTO nowhere VALUES (1);");

    fn open(path: &Path) -> Sqlite {
        Sqlite::open(path, Access::ReadWrite).unwrap()
    }

    fn rows(sqlite: &Sqlite, sql: &str) -> Vec<String> {
        let mut found = Vec::new();
        sqlite
            .each(sql, &[], &mut |row| {
                found.push(row.text(0)?);
                Ok(())
            })
            .unwrap();
        found
    }

    #[test]
    fn an_older_file_is_copied_aside_and_then_brought_up_to_date() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("desk.db");
        std::fs::write(&path, "").unwrap();
        let sqlite = open(&path);
        migrate(&sqlite, &path, &[FIRST], |new| new.execute("INSERT INTO thing VALUES ($1)", &[Value::from("bell")]).map(|_| ())).unwrap();
        assert_eq!(inspect(&sqlite, &path, &[FIRST, SECOND]).unwrap(), Schema::Older);

        migrate(&sqlite, &path, &[FIRST, SECOND], |_| panic!("the file is not new")).unwrap();
        assert_eq!(inspect(&sqlite, &path, &[FIRST, SECOND]).unwrap(), Schema::Current);
        assert_eq!(rows(&sqlite, "SELECT name || ' ' || colour FROM thing"), ["bell red"]);
        assert_eq!(rows(&open(&copy_path(&path, 1)), "SELECT name FROM thing"), ["bell"]);
    }

    #[test]
    fn a_new_file_has_large_pages_and_an_old_one_stays_as_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let [new, old] = ["new.db", "old.db"].map(|name| directory.path().join(name));
        for (path, made_before, page_size) in [(&new, "", 16_384), (&old, "CREATE TABLE thing (name TEXT) STRICT", 4_096)] {
            std::fs::write(path, "").unwrap();
            open(path).batch(made_before).unwrap();
            let sqlite = open(path);
            migrate(&sqlite, path, &[Migration::sql("CREATE TABLE other (name TEXT) STRICT")], |_| Ok(())).ok();
            assert_eq!(open(path).pragma("page_size").unwrap(), page_size);
        }
    }

    #[test]
    fn a_migration_that_fails_leaves_the_file_as_it_was() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("desk.db");
        std::fs::write(&path, "").unwrap();
        let sqlite = open(&path);
        migrate(&sqlite, &path, &[FIRST], |_| Ok(())).unwrap();

        assert!(migrate(&sqlite, &path, &[FIRST, BROKEN], |_| Ok(())).is_err());
        assert_eq!(inspect(&sqlite, &path, &[FIRST]).unwrap(), Schema::Current);
        assert_eq!(rows(&sqlite, "SELECT name FROM sqlite_schema WHERE type = 'table'"), ["thing"]);
    }

    #[test]
    fn what_follows_a_migration_is_part_of_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("desk.db");
        std::fs::write(&path, "").unwrap();
        let sqlite = open(&path);
        migrate(&sqlite, &path, &[FIRST], |new| new.batch("INSERT INTO thing VALUES ('bell')")).unwrap();

        let paint = |sqlite: &Sqlite| sqlite.batch("UPDATE thing SET colour = colour || 'dish'");
        let fails = SECOND.then(|sqlite| {
            sqlite.batch("UPDATE thing SET colour = 'blue'")?;
            Err(Error::unavailable("There is no paint"))
        });
        assert!(migrate(&sqlite, &path, &[FIRST, fails], |_| Ok(())).is_err());
        assert_eq!(inspect(&sqlite, &path, &[FIRST]).unwrap(), Schema::Current);
        assert!(sqlite.batch("SELECT colour FROM thing").is_err());

        migrate(&sqlite, &path, &[FIRST, SECOND.then(paint)], |_| Ok(())).unwrap();
        assert_eq!(rows(&sqlite, "SELECT name || ' ' || colour FROM thing"), ["bell reddish"]);
    }

    #[test]
    fn a_newer_file_and_another_programs_file_are_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("desk.db");
        std::fs::write(&path, "").unwrap();
        let sqlite = open(&path);
        migrate(&sqlite, &path, &[FIRST, SECOND], |_| Ok(())).unwrap();
        let newer = inspect(&sqlite, &path, &[FIRST]).unwrap_err();
        assert!(newer.message.contains("its schema is 2, and this version knows 1"), "{newer}");

        sqlite.set_pragma("application_id", 7).unwrap();
        let foreign = inspect(&sqlite, &path, &[FIRST, SECOND]).unwrap_err();
        assert!(foreign.message.ends_with("belongs to another program"), "{foreign}");
    }
}
