//! Restoring a desk from a backup: all of it or nothing, while nobody can change the desk that is there, and
//! with that one kept.

use std::cell::RefCell;
use std::iter::once;
use std::path::Path;

use super::desk::{ChangeOptions, Desk, Location, Opening, Work};
use super::guards;
use super::moving::refuse_deliveries;
use super::service::protected_environment;
use crate::domain::activity::{Action, Entry, EntryActor, Subject};
use crate::domain::actor::ActorClaim;
use crate::domain::backup::{Before, Restored};
use crate::domain::database::DatabaseAddress;
use crate::domain::moving::Contents;
use crate::domain::notice::EmailStatus;
use crate::domain::service::{Service, ServiceKind};
use crate::domain::waiting::Waiting;
use crate::error::{Error, ErrorKind, Result};
use crate::store::copies::{self, NewFile};
use crate::store::restore::{
    Prepared, count_in_use, has_account, is_damage, is_empty, is_there, kept_path, settle_api_clients, settle_emails,
};
use crate::store::transfer::Watch;
use crate::store::{Keep, Stop, Store, activity, emails, service, transfer};

/// A desk that is to be restored, and from what.
pub struct Restoration<'a> {
    /// How the desk is opened that is there.
    pub opening: Opening,
    /// Its file.
    pub path: &'a Path,
    /// The service that is wanted where there is no desk to tell.
    pub kind: Option<ServiceKind>,
    pub backup: &'a Path,
    pub stop: Stop,
    pub watch: RefCell<Watch<'a>>,
}

/// What a restoration would come to.
pub struct Survey {
    pub restored: Restored,
    /// What there is now, where it can be told.
    pub present: Option<Contents>,
    /// The environment that a person has to name, if any.
    pub protected: Option<String>,
}

/// What there is before.
enum Present {
    Nothing,
    Desk(Box<Desk>),
    /// A file that cannot be used as a desk.
    Damaged,
}

impl Restoration<'_> {
    /// What there is to restore, where it may be done. Nothing is changed.
    ///
    /// # Errors
    /// As for [`Restoration::make`].
    pub fn survey(&self, options: &ChangeOptions) -> Result<Survey> {
        let mut present = self.present(options)?;
        let (_prepared, mut backup) = self.prepare(&mut present, options)?;
        let before = self.before(&present);
        let Present::Desk(desk) = &mut present else {
            let restored = restored(&mut backup.store, before, &Unknown::default(), options)?;
            return Ok(Survey { restored, present: None, protected: protected_environment(&mut backup)? });
        };
        let (contents, unknown) = desk.look(|work| {
            // In a copy that goes away again.
            Ok((unless_damaged(transfer::contents(work.transaction))?, settle(&mut backup.store, work)?))
        })?;
        let restored = restored(&mut backup.store, before, &unknown, options)?;
        Ok(Survey { restored, present: contents, protected: protected_environment(desk)? })
    }

    /// Restores the desk. In a dry run all of it is done but the last step.
    ///
    /// # Errors
    /// Not permitted, protected, an email is being delivered, the backup is no whole desk of this service, a
    /// file cannot be used, or somebody wants the run to stop; nothing is changed.
    pub fn make(&self, options: &ChangeOptions) -> Result<Restored> {
        let mut present = self.present(options)?;
        let (prepared, mut backup) = self.prepare(&mut present, options)?;
        let keep = if options.dry_run { Keep::RollBack } else { Keep::Commit };
        if let Present::Desk(desk) = present {
            let hold = || self.hold(&mut backup, options);
            return prepared.overwrite(self.path, desk.kind, keep, hold, &mut |done, of| self.tell(done, of));
        }
        let before = self.before(&present);
        let (service, actor) = backup.look(|work| Ok((Service::clone(&work.service), work.clerk.actor().clone())))?;
        let restored = restored(&mut backup.store, before, &Unknown::default(), options)?;
        self.record(&mut backup, &service, actor)?;
        drop(backup);
        match (keep, restored.before.kept()) {
            (Keep::RollBack, _) => {}
            (Keep::Commit, Some(kept)) => prepared.replace(self.path, kept)?,
            (Keep::Commit, None) => prepared.make(self.path)?,
        }
        Ok(restored)
    }

    /// What is there, where the actor may put something else in its place.
    fn present(&self, options: &ChangeOptions) -> Result<Present> {
        if !is_there(self.path)? {
            return Ok(Present::Nothing);
        }
        // An empty file is no desk, and nobody is asked who they are in it.
        if is_empty(self.path) {
            return Ok(Present::Damaged);
        }
        let opened = Desk::open(self.opening.again()).and_then(|mut desk| desk.look(|work| check(work, options)).map(|()| desk));
        match opened {
            Ok(desk) => Ok(Present::Desk(Box::new(desk))),
            Err(error) if is_damage(&error) => Ok(Present::Damaged),
            Err(error) => Err(error),
        }
    }

    fn before(&self, present: &Present) -> Before {
        let kept = || kept_path(self.path, self.opening.clock.now());
        match present {
            Present::Nothing => Before::Nothing,
            Present::Desk(_) => Before::Desk(kept()),
            Present::Damaged => Before::Damaged(kept()),
        }
    }

    /// Makes a copy of the backup ready, and opens it as a desk. Where there is no other to ask, it says who
    /// may do this.
    fn prepare(&self, present: &mut Present, options: &ChangeOptions) -> Result<(Prepared, Desk)> {
        let kind = if let Present::Desk(desk) = present { Some(desk.kind) } else { self.kind };
        let (prepared, opened) = Prepared::of(self.backup, self.path, kind, &self.stop, &mut |done, of| self.tell(done, of))?;
        let location = Location { database: DatabaseAddress::File(self.backup.to_owned()), named: true, waiting: Waiting::default() };
        let mut backup = Desk::over(opened, Opening { location, ..self.opening.again() });
        match present {
            Present::Desk(desk) => {
                let there = desk.look(|work| Ok(work.service.environment().to_owned()))?;
                refuse_other_environment(&backup.store.read(service::load)?, &there)?;
            }
            Present::Nothing | Present::Damaged => backup.look(|work| check(work, options))?,
        }
        Ok((prepared, backup))
    }

    /// What is done while nobody else can write: the desk that is there is copied, what has become of its
    /// emails is marked in the one that takes its place, and who did this is recorded.
    fn hold(&self, backup: &mut Desk, options: &ChangeOptions) -> Result<(Restored, NewFile)> {
        let mut present = Desk::open(self.opening.again())?;
        // Whoever restores it at the same moment has taken another name by now.
        let kept = kept_path(self.path, self.opening.clock.now());
        let (file, contents, unknown, actor) = present.look(|work| {
            check(work, options)?;
            let under_way = unless_damaged(emails::count_under_way(work.transaction, work.now))?;
            refuse_deliveries(under_way.unwrap_or_default(), "Nothing was restored.")?;
            let contents = unless_damaged(transfer::contents(work.transaction))?;
            let file = copies::copy(work.transaction, &kept, &self.stop, &mut |done, of| self.tell(done, of))?;
            let unknown = settle(&mut backup.store, work)?;
            Ok((file, contents, unknown, work.clerk.actor().clone()))
        })?;
        let mut copy = copies::open(&file, &kept, &self.stop)?;
        let copied = copies::check(&mut copy, present.kind).and_then(|()| copy.read(transfer::contents));
        drop(copy);
        let before = match copied {
            Ok(copied) if Some(copied) == contents => Before::Desk(kept),
            Err(error) if error.kind == ErrorKind::Interrupted => return Err(error),
            // What is wrong with it was wrong before, and is why somebody restores another one.
            _ => Before::Damaged(kept),
        };
        let service = backup.store.read(service::load)?;
        let restored = restored(&mut backup.store, before, &unknown, options)?;
        self.record(backup, &service, actor)?;
        Ok((restored, file))
    }

    /// Records in the desk that is restored who has done that.
    fn record(&self, backup: &mut Desk, service: &Service, actor: EntryActor) -> Result<()> {
        let label = if self.opening.claim == ActorClaim::OperatingSystem { backup.account_label() } else { actor.label };
        let now = self.opening.clock.now();
        let mut ids = self.opening.ids;
        // The first is the run’s own, as in every desk that is opened.
        ids.next(now);
        let mut entry = Entry {
            id: ids.next(now),
            at: now,
            actor: EntryActor { label, ..actor },
            actor_is_deleted: false,
            action: Action::DeskRestored,
            subject: Subject::from(service),
            organisation: None,
            changes: Vec::new(),
        };
        backup.store.write(Keep::Commit, |transaction| {
            // Whoever came after the backup has no account in it.
            if let Some(account) = &entry.actor.account
                && !has_account(transaction, account)?
            {
                entry.actor.account = None;
            }
            activity::insert(transaction, once((&entry, &*activity::changes_as_kept(&entry.changes)?)))
        })
    }

    fn tell(&self, done: u64, of: u64) -> Result<()> {
        (self.watch.borrow_mut())(done, of)
    }
}

/// Whether the actor may put another desk in the place of this one.
fn check(work: &mut Work<'_, '_>, options: &ChangeOptions) -> Result<()> {
    work.actor.may_administer()?;
    guards::check_environment(&work.service, options)?;
    guards::check_protected(work, options)
}

/// What the present desk does not know of what is restored; nothing where it is damaged, or gone, and nobody
/// knows of anything.
#[derive(Default)]
struct Unknown {
    /// How many emails wait.
    waiting: Option<u64>,
    /// How many API clients can be used.
    clients: Option<u64>,
}

/// Marks in the backup what has become of its API clients and its emails in the present desk.
fn settle(backup: &mut Store, present: &mut Work<'_, '_>) -> Result<Unknown> {
    let clients = unless_damaged(backup.write(Keep::Commit, |restored| settle_api_clients(restored, present.transaction)))?;
    let waiting = unless_damaged(backup.write(Keep::Commit, |restored| settle_emails(restored, present.transaction)))?;
    Ok(Unknown { waiting, clients: clients.map(|()| 0) })
}

fn restored(backup: &mut Store, before: Before, unknown: &Unknown, options: &ChangeOptions) -> Result<Restored> {
    backup.read(|transaction| {
        let contents = transfer::contents(transaction)?;
        let waiting = unknown.waiting.map_or_else(|| emails::count(transaction, Some(EmailStatus::Queued)), Ok)?;
        let clients = unknown.clients.map_or_else(|| count_in_use(transaction), Ok)?;
        Ok(Restored { contents, waiting, clients, before: before.clone(), dry_run: options.dry_run })
    })
}

/// With the desk its settings come back, and one that is for trying things out would take itself for the real
/// one, or the other way round.
fn refuse_other_environment(service: &Service, present: &str) -> Result<()> {
    let environment = service.environment();
    if environment == present {
        return Ok(());
    }
    Err(Error::unavailable(format!("The backup is of the environment {environment}, and this desk is {present}"))
        .hint(format!("Nothing was changed. If it should become {environment}: frontdesk service set environment {environment}")))
}

/// What is read of a desk that is damaged in one place; nothing from the place where it is.
fn unless_damaged<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if is_damage(&error) => Ok(None),
        Err(error) => Err(error),
    }
}
