//! Removing a user from an organisation (seeds 002, 003 and 004, “Removing a user”): one membership
//! ends; the account and its other memberships stay.

use super::{as_the_actor_sees, find_member, membership_change, nobody_in};
use crate::domain::activity::{Action, Subject};
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::notice::Notice;
use crate::domain::organisation::WhichOrganisation;
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::who::Who;
use crate::error::Result;
use crate::ops::conflict::refuse_changed_meanwhile;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::{guards, organisations};
use crate::store::memberships;

/// Removes a user from an organisation and tells them. With `if_exists`, nobody by that name is no
/// problem. `seen` is the record that a person said yes to, where time has passed since.
///
/// # Errors
/// Not permitted, protected, no organisation by that name, nobody by that name in it, themselves, or
/// the database; nothing is stored.
pub fn remove(
    desk: &mut Desk,
    which: &WhichOrganisation,
    who: &Who,
    if_exists: bool,
    seen: Option<&OrganisationUser>,
    options: &ChangeOptions,
) -> Result<Outcome<OrganisationUser>> {
    desk.change(options, |work| {
        work.actor.may_work_in_organisations()?;
        guards::check_protected(work, options)?;
        let found = organisations::find(work, which)?;
        let Some(user) = find_member(work, &found, who)? else {
            if if_exists {
                return Ok(Outcome::new(ChangeResult::Unchanged, None, options.dry_run));
            }
            return Err(nobody_in(work, &found, who)?);
        };
        work.actor.may_act_on(&user)?;
        if let Some(seen) = seen {
            refuse_changed_meanwhile("user", (seen.revision, seen.details.fields()), (user.revision, user.details.fields()))?;
        }
        let organisation = found.reference();
        let by = work.actor.label();
        memberships::end(work.transaction, &organisation.id, &user.id, &by, work.now)?;
        let is_last = memberships::of_user(work.transaction, &user.id, None)?.is_empty();
        // Whoever belongs nowhere any more must not be told how to sign in by any other email either.
        work.cancel_sign_in_details(&user, Some(&organisation).filter(|_| !is_last))?;
        let emails = work.queue(Notice::Removal, &user, std::slice::from_ref(&organisation), &user.details.email)?.into_iter().collect();
        let changes = vec![membership_change(Some(&organisation), None)];
        work.record_in(&organisation, Action::UserRemoved, Subject::from(&user), changes.clone())?;
        let user = as_the_actor_sees(work, user)?;
        Ok(Outcome { changes, emails, ..Outcome::new(ChangeResult::Removed, Some(user), options.dry_run) })
    })
}
