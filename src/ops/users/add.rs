//! Adding a user (seeds 000, “Adding a user”).

use super::{email_in_use, refuse_not_asked};
use crate::domain::activity::{Action, Subject};
use crate::domain::answers::Answers;
use crate::domain::change::{ChangeResult, FieldChange, Outcome};
use crate::domain::notice::{Email, Notice};
use crate::domain::problem::{Code, Field, Problem, Problems};
use crate::domain::user::{User, UserDetails};
use crate::domain::user_answers::{PERSON, check_new};
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk, Work};
use crate::store::person_keys::PersonKeys;
use crate::store::users;

/// Adds a user with an invitation. With `if_not_exists`, somebody who is there already is no
/// problem and stays as they are.
///
/// # Errors
/// Not permitted, every problem with the answers at once, or the database; nothing is stored.
pub fn add(desk: &mut Desk, answers: &Answers, if_not_exists: bool, options: &ChangeOptions) -> Result<Outcome<User>> {
    let kind = desk.kind;
    refuse_not_asked(kind, &[(Field::ApiUser.flag(), answers.get(Field::ApiUser).is_some())])?;
    desk.change(options, |work| {
        work.actor.may_administer()?;
        let in_use = if if_not_exists { None } else { email_in_use(work.transaction, PERSON.email_of(answers).as_ref(), None)? };
        let details = Problems::also(check_new(answers, kind.has_api_users()), in_use)?;
        if if_not_exists && let Some(user) = users::find_by_email(work.transaction, details.person.email.as_str())? {
            return Ok(Outcome::new(ChangeResult::Unchanged, Some(user), options.dry_run));
        }
        store(work, details, options)
    })
}

fn store(work: &mut Work<'_, '_>, details: UserDetails, options: &ChangeOptions) -> Result<Outcome<User>> {
    let keys = PersonKeys::of(&details.person);
    let user = insert(work, details, &keys)?.ok_or_else(|| Problem::with_user(Field::Email, Code::EmailInUse))?;
    let emails = invite(work, &user)?.into_iter().collect();
    let changes = record(work, &user)?;
    Ok(Outcome { changes, emails, ..Outcome::new(ChangeResult::Added, Some(user), options.dry_run) })
}

/// Stores a new user; nothing where somebody has the address.
pub(super) fn insert(work: &mut Work<'_, '_>, details: UserDetails, keys: &PersonKeys) -> Result<Option<User>> {
    let user = User {
        id: work.new_id(),
        details,
        sign_in_id: None,
        last_signed_in_at: None,
        created_at: work.now,
        updated_at: work.now,
        revision: 1,
    };
    Ok(users::insert(work.transaction, &user, keys)?.then_some(user))
}

/// Queues the invitation of a new user. Whoever is imported as not active could not sign in.
pub(super) fn invite(work: &mut Work<'_, '_>, user: &User) -> Result<Option<Email>> {
    if user.details.active { work.queue(Notice::Invitation, user, &[], &user.details.person.email) } else { Ok(None) }
}

/// Records that a user was added.
pub(super) fn record(work: &mut Work<'_, '_>, user: &User) -> Result<Vec<FieldChange>> {
    let changes = user.details.changes_from(None);
    work.record(Action::UserAdded, Subject::from(user), changes.clone())?;
    Ok(changes)
}
