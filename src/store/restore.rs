//! A backup that takes the place of a desk: made ready beside it first, and then all of it at once.

use std::cell::Cell;
use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::copies::{NewFile, check_inside, check_parts, directory, open, refuse_added, settle};
use super::create::{Beginning, log_with_changes, refuse_orphaned_log};
use super::migrations::{MIGRATIONS, Schema, bring_copy_up_to_date, inspect};
use super::open::{Opened, Purpose, look, open_file};
use super::sqlite::copying::{Overwriting, Stop};
use super::sqlite::{Access, Sqlite, is_about_damage};
use super::transfer::Watch;
use super::{Keep, Transaction};
use crate::domain::account::{AccountId, AccountKind};
use crate::domain::notice::EmailStatus;
use crate::domain::service::ServiceKind;
use crate::error::{Error, Result};

// An email is what it is by its id, in whichever database.
const WAITING: &str = "SELECT id FROM emails WHERE status = 'queued' AND id > $1 ORDER BY id LIMIT $2";
const FATE: &str = "SELECT status, attempts, last_error, sent_at FROM emails WHERE id = $1";
const SETTLE: &str = "UPDATE emails SET status = $1, attempts = $2, last_error = $3, sent_at = $4, next_attempt_at = NULL, \
    claimed_until = NULL, claimed_by = NULL WHERE id = $5";
const IN_USE: &str = "SELECT id FROM api_clients WHERE revoked_at IS NULL AND deleted_at IS NULL AND id > $1 ORDER BY id LIMIT $2";
const COUNT_IN_USE: &str = "SELECT count(*) FROM api_clients WHERE revoked_at IS NULL AND deleted_at IS NULL";
const END: &str = "SELECT revoked_at, revoked_by, deleted_at, deleted_by, updated_at FROM api_clients \
    WHERE id = $1 AND (revoked_at IS NOT NULL OR deleted_at IS NOT NULL)";
const END_TOO: &str = "UPDATE api_clients SET revoked_at = $1, revoked_by = $2, deleted_at = $3, deleted_by = $4, updated_at = $5, \
    revision = revision + 1 WHERE id = $6";
const HAS_USER: &str = "SELECT count(*) FROM users WHERE id = $1";
const HAS_ORGANISATION_USER: &str = "SELECT count(*) FROM organisation_users WHERE id = $1";

/// What belongs to a file beside it.
const LOGS: [&str; 2] = ["-wal", "-journal"];

/// How many ids are held at once.
const BATCH: u64 = 1000;

/// A copy of a backup that is ready to be a desk.
pub struct Prepared {
    file: NewFile,
    /// What it is a copy of.
    backup: PathBuf,
    stop: Stop,
}

impl Prepared {
    /// Copies a backup to where a desk is, or could be, and looks it through. A backup of an older version
    /// is brought up to date there; the file itself is only read.
    ///
    /// # Errors
    /// There is no such file, or it holds no desk that is whole, of this service, and known to this version.
    pub fn of(backup: &Path, path: &Path, wanted: Option<ServiceKind>, stop: &Stop, watch: Watch<'_>) -> Result<(Self, Opened)> {
        let source = read_alone(backup, path, stop)?;
        // Made where the database goes, so that it need not be copied to another disk then.
        let place = path.ancestors().skip(1).find(|ancestor| ancestor.is_dir()).unwrap_or(Path::new("."));
        let mut file = NewFile::begin_in(place, path)?;
        let mut copy = file.open(backup, stop)?;
        source.copy_into(&mut copy, watch)?;
        copy.use_no_log()?;
        // Pages of another size cannot take the place of those of a file that others have open.
        if let Some(size) = page_size(path)
            && copy.pragma("page_size")? != size
        {
            let anew = NewFile::begin_in(place, path)?;
            copy.write_anew(anew.path(), size)?;
            file = anew;
        }
        drop(copy);
        let mut store = open(&file, backup, stop)?;
        check_inside(&mut store)?;
        drop(store);
        bring_copy_up_to_date(&file.open(backup, stop)?, backup, MIGRATIONS)?;
        let mut store = open(&file, backup, stop)?;
        let kind = check_parts(&mut store, wanted)?;
        refuse_added(&mut store)?;
        Ok((Self { file, backup: backup.to_owned(), stop: stop.clone() }, Opened { store, kind }))
    }

    /// Puts it in place of everything that a database holds, in one change: whoever has that file open sees
    /// the new desk from then on. `hold` is done while nobody else can write, and gives a file that is put
    /// in its place before the change is stored; where nothing is to be kept, neither is done.
    ///
    /// # Errors
    /// What `hold` says, somebody else keeps writing, or the disk; then nothing was changed.
    pub fn overwrite<T>(
        self,
        path: &Path,
        kind: ServiceKind,
        keep: Keep,
        hold: impl FnOnce() -> Result<(T, NewFile)>,
        watch: Watch<'_>,
    ) -> Result<T> {
        let mut target = open_file(path, Purpose::Change, &Beginning { kind, environment: None })?;
        let others = Sqlite::open(path, Access::ReadWrite)?;
        let source = self.file.open(&self.backup, &self.stop)?;
        let overwriting = Overwriting::begin(&source, &mut target)?;
        others.wait_for_others(|| overwriting.hold())?;
        let (held, before) = hold()?;
        if keep == Keep::Commit {
            let kept = before.target().to_owned();
            let is_put = Cell::new(false);
            let finished = overwriting.finish(watch, || before.put().inspect(|()| is_put.set(true)));
            finished.map_err(|error| if is_put.get() { with_copy(error, &kept) } else { error })?;
        }
        Ok(held)
    }

    /// Makes it the database where there is none.
    ///
    /// # Errors
    /// Somebody has made one meanwhile, or the disk; so it is below.
    pub fn make(self, path: &Path) -> Result<()> {
        refuse_orphaned_log(path)?;
        let failed = |cause: std::io::Error| {
            Error::unavailable(format!("The database {} could not be created: its directory cannot be made", path.display()))
                .hint("Nothing was changed. Check the directory, or give another path with --database.")
                .caused_by(cause)
        };
        DirBuilder::new().recursive(true).mode(0o700).create(directory(path)).map_err(failed)?;
        self.open_to_change()?;
        self.file.put()
    }

    /// Makes it the database in place of a file that cannot be used as one, which gets another name, and so
    /// do the logs beside it: they are not the new one’s.
    pub fn replace(self, path: &Path, kept: &Path) -> Result<()> {
        // What a link leads to is what is replaced.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let failed = |cause: std::io::Error| {
            Error::unavailable(format!("The damaged database {} cannot be put aside as {}", path.display(), kept.display()))
                .hint("Nothing was restored. Move it away with the files beside it, then run the command again.")
                .caused_by(cause)
        };
        self.open_to_change()?;
        fs::hard_link(&path, kept).map_err(failed)?;
        let put_aside = |ending: &str| match fs::rename(with(&path, ending), with(kept, ending)) {
            Err(cause) if cause.kind() != ErrorKind::NotFound => Err(failed(cause)),
            _ => Ok(()),
        };
        let replaced = LOGS.into_iter().try_for_each(put_aside).and_then(|()| settle(kept)).and_then(|()| {
            let _ = fs::remove_file(with(&path, "-shm"));
            self.file.put_over(&path)
        });
        // Where the old file is still in its place, so are its logs again.
        let identity = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
        if replaced.is_err() && identity(&path) == identity(kept) {
            for ending in LOGS {
                let _ = fs::rename(with(kept, ending), with(&path, ending));
            }
            let _ = fs::remove_file(kept);
        }
        replaced
    }

    fn open_to_change(&self) -> Result<()> {
        self.file.open(&self.backup, &self.stop)?.use_write_ahead_log()
    }
}

/// The copy that was made for nothing stays: it is the desk, and nobody is to look for it.
fn with_copy(error: Error, kept: &Path) -> Error {
    let hint = error.hint.clone().unwrap_or_default();
    error.hint(format!("{hint} A copy of the desk is left in {}.", kept.display()))
}

/// What is at the place of a desk.
pub fn is_there(path: &Path) -> Result<bool> {
    look(path).map(|found| found.is_some())
}

/// Whether it is a file without a byte.
pub fn is_empty(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.len() == 0)
}

/// Whether an error says that a database is damaged, or none at all.
pub fn is_damage(error: &Error) -> bool {
    is_about_damage(error)
}

/// Where the database of this moment is kept when another one takes its place: beside it, where nothing is.
pub fn kept_path(path: &Path, now: Timestamp) -> PathBuf {
    let name = format!(".before-restore-{}", now.strftime("%Y%m%dT%H%M%SZ"));
    let mut kept = with(path, &name);
    for number in 2.. {
        if fs::symlink_metadata(&kept).is_err() {
            break;
        }
        kept = with(path, &format!("{name}-{number}"));
    }
    kept
}

/// Marks emails that wait in a desk that is restored and have gone, or were refused, by now: they are not
/// sent once more. Those that were cancelled wait again: what they were cancelled for is undone. Gives how many
/// wait of which the present desk does not know.
pub fn settle_emails(restored: &mut Transaction<'_>, present: &mut Transaction<'_>) -> Result<u64> {
    const SETTLED: [EmailStatus; 2] = [EmailStatus::Sent, EmailStatus::Refused];
    let mut last = String::new();
    let mut unknown = 0;
    loop {
        let waiting = restored.rows(WAITING, &[last.as_str().into(), BATCH.into()], |row| row.text(0))?;
        let Some(end) = waiting.last() else { return Ok(unknown) };
        last.clone_from(end);
        for id in waiting {
            let fate =
                present.optional(FATE, &[id.as_str().into()], |row| Ok((row.text(0)?, [row.value(1)?, row.value(2)?, row.value(3)?])))?;
            match fate {
                Some((status, [attempts, last_error, sent_at])) if SETTLED.iter().any(|settled| settled.key() == status) => {
                    restored.execute(SETTLE, &[status.into(), attempts, last_error, sent_at, id.into()])?;
                }
                Some(_) => {}
                None => unknown += 1,
            }
        }
    }
}

/// Ends the API clients of a desk that is restored that have been revoked or deleted by now: that is for good,
/// and whoever has one of their tokens must not come back with the backup.
pub fn settle_api_clients(restored: &mut Transaction<'_>, present: &mut Transaction<'_>) -> Result<()> {
    let mut last = String::new();
    loop {
        let in_use = restored.rows(IN_USE, &[last.as_str().into(), BATCH.into()], |row| row.text(0))?;
        let Some(end) = in_use.last() else { return Ok(()) };
        last.clone_from(end);
        for id in in_use {
            let ended = present.optional(END, &[id.as_str().into()], |row| {
                Ok([row.value(0)?, row.value(1)?, row.value(2)?, row.value(3)?, row.value(4)?])
            })?;
            if let Some([revoked_at, revoked_by, deleted_at, deleted_by, updated_at]) = ended {
                restored.execute(END_TOO, &[revoked_at, revoked_by, deleted_at, deleted_by, updated_at, id.into()])?;
            }
        }
    }
}

/// How many API clients can be used.
pub fn count_in_use(transaction: &mut Transaction<'_>) -> Result<u64> {
    transaction.count(COUNT_IN_USE, &[])
}

/// Whether an account is, or was, in the database.
pub fn has_account(transaction: &mut Transaction<'_>, account: &AccountId) -> Result<bool> {
    let query = match account.kind {
        AccountKind::User => HAS_USER,
        AccountKind::OrganisationUser => HAS_ORGANISATION_USER,
    };
    Ok(transaction.count(query, &[account.id.as_str().into()])? > 0)
}

/// Opens a backup so that nothing of it is changed and nothing is made beside it.
fn read_alone(backup: &Path, path: &Path, stop: &Stop) -> Result<Sqlite> {
    let shown = backup.display();
    let metadata = fs::metadata(backup).map_err(|cause| match cause.kind() {
        ErrorKind::NotFound => Error::not_found(format!("There is no file {shown}")).hint("Nothing was changed. Check the path."),
        _ => unreadable(backup).caused_by(cause),
    })?;
    if metadata.is_dir() {
        return Err(Error::not_found(format!("{shown} is a directory, not a file")).hint("Nothing was changed. Give the path of a backup."));
    }
    if !metadata.is_file() {
        return Err(Error::not_found(format!("{shown} is not a file")).hint("Nothing was changed. Give the path of a backup."));
    }
    let identity = |metadata: &fs::Metadata| (metadata.dev(), metadata.ino());
    if fs::metadata(path).is_ok_and(|desk| identity(&desk) == identity(&metadata)) {
        return Err(Error::usage(format!("The file {shown} is this desk’s database itself"))
            .hint("Nothing was changed. Give the path of a backup."));
    }
    fs::File::open(backup).map_err(|cause| unreadable(backup).caused_by(cause))?;
    if let Some(log) = log_with_changes(backup) {
        return Err(Error::unavailable(format!("Somebody works in the database {shown}: changes to it are in {}", log.display())).hint(
            format!("Nothing was changed. Make a backup of it, and restore that: frontdesk --database {} backup FILE", quoted(backup)),
        ));
    }
    let opened = Sqlite::open(backup, Access::Immutable).and_then(|mut sqlite| {
        sqlite.stop_when(stop)?;
        inspect(&sqlite, backup, MIGRATIONS).map(|schema| (sqlite, schema))
    });
    match opened {
        Ok((sqlite, Schema::Older | Schema::Current)) => Ok(sqlite),
        Ok((_, Schema::Empty)) => Err(Error::unavailable(format!("The database {shown} is empty")).hint(OTHER_BACKUP)),
        // It was not named so.
        Err(error) if error.hint.as_deref().is_some_and(|hint| hint.contains("--database")) => Err(error.hint(OTHER_BACKUP)),
        Err(error) => Err(error),
    }
}

const OTHER_BACKUP: &str = "Nothing was changed. Give the path of a backup that frontdesk made.";

fn unreadable(backup: &Path) -> Error {
    Error::unavailable(format!("The file {} cannot be read", backup.display())).hint("Nothing was changed. Check that you may read it.")
}

/// The page size of the database that is there, if it can be told.
fn page_size(path: &Path) -> Option<i64> {
    let has_some = fs::metadata(path).is_ok_and(|metadata| metadata.len() > 0);
    if has_some { Sqlite::open(path, Access::ReadWrite).and_then(|sqlite| sqlite.pragma("page_size")).ok() } else { None }
}

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn quoted(path: &Path) -> String {
    let shown = path.display().to_string();
    shlex::try_quote(&shown).map(|quoted| quoted.into_owned()).unwrap_or(shown)
}
