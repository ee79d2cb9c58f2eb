//! Deleting a user (seeds 000, “Deleting a user”).

use super::nobody;
use crate::domain::activity::{Action, Subject};
use crate::domain::change::{ChangeResult, Outcome, changed_fields};
use crate::domain::notice::Notice;
use crate::domain::user::User;
use crate::domain::who::Who;
use crate::error::Result;
use crate::ops::api_clients;
use crate::ops::conflict::refuse_changed_meanwhile;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::guards;
use crate::store::users;

/// Deletes a user and tells them. With `if_exists`, nobody by that name is no problem. `seen` is the record
/// that a person said yes to, where time has passed since.
///
/// # Errors
/// Not permitted, protected, nobody by that name, a guard, or the database; nothing is stored.
pub fn delete(desk: &mut Desk, who: &Who, if_exists: bool, seen: Option<&User>, options: &ChangeOptions) -> Result<Outcome<User>> {
    desk.change(options, |work| {
        work.actor.may_administer()?;
        guards::check_protected(work, options)?;
        let Some(user) = users::find(work.transaction, who)? else {
            if if_exists {
                return Ok(Outcome::new(ChangeResult::Unchanged, None, options.dry_run));
            }
            return Err(nobody(work, who)?);
        };
        work.actor.may_act_on(&user)?;
        if let Some(seen) = seen {
            refuse_changed_meanwhile("user", (seen.revision, seen.details.fields()), (user.revision, user.details.fields()))?;
        }
        if user.details.active {
            guards::check_minimum_active_users(work, &user)?;
        }
        guards::check_deletions(work)?;
        let by = work.actor.label();
        users::delete(work.transaction, &user, &by, work.now)?;
        work.cancel_sign_in_details(&user, None)?;
        let emails = work.queue(Notice::Removal, &user, &[], &user.details.person.email)?.into_iter().collect();
        let changes = changed_fields(Some(user.details.fields()), None);
        work.record(Action::UserDeleted, Subject::from(&user), changes.clone())?;
        let api_clients = api_clients::delete_all_of(work, &user)?;
        Ok(Outcome { changes, emails, api_clients, ..Outcome::new(ChangeResult::Deleted, Some(user), options.dry_run) })
    })
}
