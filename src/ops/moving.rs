//! Moving a desk to another database: all of it or nothing, while nobody can change the old one.

use super::desk::{ChangeOptions, Desk};
use super::guards;
use crate::domain::database::DatabaseAddress;
use crate::domain::moving::{Contents, Moved};
use crate::error::{Error, Result};
use crate::store::transfer::Watch;
use crate::store::{Keep, emails, open, transfer};

/// How much there is to move, where it may be moved. Nothing is made at the other database.
///
/// # Errors
/// As [`move_desk`].
pub fn survey(desk: &mut Desk, to: &DatabaseAddress, options: &ChangeOptions) -> Result<Contents> {
    let mut target = open::open_target(to, desk.kind, Keep::RollBack)?;
    if desk.store.is_same_database(&mut target)? {
        return Err(Error::usage(format!("The desk is in the database {to} already")).hint("Nothing was moved. Give another database."));
    }
    let contents = desk.look(|work| {
        work.actor.may_administer()?;
        guards::check_protected(work, options)?;
        transfer::contents(work.transaction)
    })?;
    target.read(transfer::refuse_occupied)?;
    Ok(contents)
}

/// Moves the desk. The old database stays as it was.
///
/// # Errors
/// Not permitted, protected, an email is being delivered, the other database holds records, what came to it
/// is not what was copied, or a database cannot be used; nothing is moved.
pub fn move_desk(desk: &mut Desk, to: &DatabaseAddress, options: &ChangeOptions, watch: Watch<'_>) -> Result<Moved> {
    let keep = if options.dry_run { Keep::RollBack } else { Keep::Commit };
    let mut target = open::open_target(to, desk.kind, keep)?;
    target.expect_many_changes();
    // A change that is taken back: it holds others off, so that none is made to the old desk and lost.
    let held_still = ChangeOptions { dry_run: true, ..options.clone() };
    desk.change(&held_still, |work| {
        work.actor.may_administer()?;
        guards::check_protected(work, options)?;
        refuse_deliveries(emails::count_under_way(work.transaction, work.now)?, "Nothing was moved.")?;
        let contents = transfer::contents(work.transaction)?;
        target.write(keep, |target| {
            transfer::refuse_occupied(target)?;
            transfer::copy(work.transaction, target, watch)
        })?;
        Ok(Moved { contents, dry_run: options.dry_run })
    })
}

/// Whoever delivers an email at this moment would tell the old desk that it went, and the new one would
/// send it again.
pub(super) fn refuse_deliveries(under_way: u64, nothing: &str) -> Result<()> {
    if under_way == 0 {
        return Ok(());
    }
    Err(Error::unavailable("Emails of this desk are being delivered at this moment")
        .hint(format!("{nothing} Run the command again when they are sent, or in a few minutes.")))
}
