//! Deleting a user (seeds 000, “Deleting a user”).

use super::nobody;
use crate::domain::activity::Action;
use crate::domain::change::{ChangeResult, Outcome, changed_fields};
use crate::domain::notice::Notice;
use crate::domain::user::User;
use crate::domain::who::Who;
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk, user_subject};
use crate::ops::guards;
use crate::store::users;

/// The environment that a person must name before they delete anybody, on a protected service.
///
/// # Errors
/// The database.
pub fn protected_environment(desk: &mut Desk) -> Result<Option<String>> {
    desk.look(|work| Ok(guards::protected_environment(work)))
}

/// Deletes a user and tells them. With `if_exists`, nobody by that name is no problem.
///
/// # Errors
/// Not permitted, protected, nobody by that name, a guard, or the database; nothing is stored.
pub fn delete(desk: &mut Desk, who: &Who, if_exists: bool, options: &ChangeOptions) -> Result<Outcome<User>> {
    desk.change(options, |work| {
        work.actor.may_administer()?;
        guards::check_protected(work, options)?;
        let Some(user) = users::find(work.transaction, who)? else {
            if if_exists {
                let result = ChangeResult::Unchanged;
                return Ok(Outcome { result, record: None, changes: Vec::new(), emails: Vec::new(), dry_run: options.dry_run });
            }
            return Err(nobody(who));
        };
        work.actor.may_act_on(&user)?;
        if user.details.active {
            guards::check_minimum_active_users(work, &user)?;
        }
        guards::check_deletions(work)?;
        let by = work.actor.label();
        users::delete(work.transaction, &user, &by, work.now)?;
        work.cancel_sign_in_details(&user)?;
        let to = user.details.email.clone();
        let emails = work.queue(Notice::Removal, &user, &to)?.into_iter().collect();
        let changes = changed_fields(Some(user.details.fields()), None);
        work.record(Action::UserDeleted, user_subject(&user), changes.clone())?;
        Ok(Outcome { result: ChangeResult::Deleted, record: Some(user), changes, emails, dry_run: options.dry_run })
    })
}
