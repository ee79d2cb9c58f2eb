//! Editing a user (seeds 000, “Editing a user”).

use super::{email_in_use, find, refuse_not_asked};
use crate::domain::activity::{Action, Subject};
use crate::domain::answers::Answers;
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::problem::{Field, Problems};
use crate::domain::user::{User, UserDetails};
use crate::domain::user_answers::{PERSON, check_edit, deactivates, refuse_locked};
use crate::domain::who::Who;
use crate::error::Result;
use crate::ops::api_clients;
use crate::ops::conflict::refuse_changed_meanwhile;
use crate::ops::desk::{ChangeOptions, Desk, Work};
use crate::ops::guards;
use crate::store::users;

/// Edits a user. `seen` is the record that the answers were checked against, where time has passed
/// since: then somebody else's change is not overwritten.
///
/// # Errors
/// Not permitted, nobody by that name, locked, every problem with the answers at once, changed
/// meanwhile, or the database; nothing is stored.
pub fn edit(desk: &mut Desk, who: &Who, answers: &Answers, seen: Option<&User>, options: &ChangeOptions) -> Result<Outcome<User>> {
    refuse_not_asked(desk.kind, &[Field::ApiUser, Field::Active].map(|field| (field.flag(), answers.get(field).is_some())))?;
    desk.change(options, |work| {
        work.actor.may_administer()?;
        let user = find(work, who)?;
        work.actor.may_act_on(&user)?;
        refuse_locked(answers, &user)?;
        if deactivates(answers, &user) {
            guards::check_minimum_active_users(work, &user)?;
        }
        if let Some(seen) = seen {
            refuse_changed_meanwhile("user", (seen.revision, seen.details.fields()), (user.revision, user.details.fields()))?;
        }
        let details = check(work, &user, answers)?;
        store(work, user, details, options)
    })
}

fn check(work: &mut Work<'_, '_>, user: &User, answers: &Answers) -> Result<UserDetails> {
    let in_use = email_in_use(work.transaction, PERSON.email_of(answers).as_ref(), Some(&user.id))?;
    Ok(Problems::also(check_edit(answers, &user.details), in_use)?)
}

fn store(work: &mut Work<'_, '_>, before: User, details: UserDetails, options: &ChangeOptions) -> Result<Outcome<User>> {
    let changes = details.changes_from(Some(&before.details));
    if changes.is_empty() {
        return Ok(Outcome::new(ChangeResult::Unchanged, Some(before), options.dry_run));
    }
    users::update(work.transaction, &before, &details, work.now)?;
    let after = User { details, updated_at: work.now, revision: before.revision + 1, ..before.clone() };
    let emails = work.tell_of_new_address(&before, &after, &[])?;
    work.record(Action::UserUpdated, Subject::from(&after), changes.clone())?;
    let is_deactivated = before.details.active && !after.details.active;
    let api_clients = if is_deactivated { api_clients::revoke_all_of(work, &after)? } else { 0 };
    Ok(Outcome { changes, emails, api_clients, ..Outcome::new(ChangeResult::Updated, Some(after), options.dry_run) })
}
