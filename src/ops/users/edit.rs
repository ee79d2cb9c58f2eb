//! Editing a user (seeds 000, “Editing a user”).

use super::{nobody, note_email_in_use, refuse_not_asked};
use crate::domain::activity::Action;
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::email_address::EmailAddress;
use crate::domain::notice::{Email, Notice};
use crate::domain::problem::{Field, Problems};
use crate::domain::user::{User, UserDetails};
use crate::domain::user_answers::{UserAnswers, check_active, check_email};
use crate::domain::who::Who;
use crate::error::{Error, Result};
use crate::ops::desk::{ChangeOptions, Desk, Work, user_subject};
use crate::ops::guards;
use crate::store::users;

/// Edits a user. `seen` is the record that the answers were checked against, where time has passed
/// since: then somebody else's change is not overwritten.
///
/// # Errors
/// Not permitted, nobody by that name, locked, every problem with the answers at once, changed
/// meanwhile, or the database; nothing is stored.
pub fn edit(desk: &mut Desk, who: &Who, answers: &UserAnswers, seen: Option<&User>, options: &ChangeOptions) -> Result<Outcome<User>> {
    refuse_not_asked(desk.kind, &[(Field::ApiUser.flag(), answers.api_user.is_some()), (Field::Active.flag(), answers.active.is_some())])?;
    desk.change(options, |work| {
        work.actor.may_administer()?;
        let user = users::find(work.transaction, who)?.ok_or_else(|| nobody(who))?;
        work.actor.may_act_on(&user)?;
        answers.refuse_locked(&user)?;
        if user.details.active && answers.active.as_deref().is_some_and(|typed| check_active(typed) == Ok(false)) {
            guards::check_minimum_active_users(work, &user)?;
        }
        if let Some(seen) = seen.filter(|seen| seen.revision != user.revision) {
            return Err(changed_meanwhile(seen, &user));
        }
        let details = check(work, &user, answers)?;
        store(work, user, details, options)
    })
}

/// Says what somebody else changed, so that the person can decide again.
fn changed_meanwhile(seen: &User, now: &User) -> Error {
    let fields = seen.details.fields().into_iter().zip(now.details.fields());
    let changes: Vec<String> = fields
        .filter(|(before, after)| before != after)
        .map(|((field, before), (_, after))| format!("{}: {before} → {after}", field.label().trim_end_matches('?')))
        .collect();
    let what = if changes.is_empty() { String::new() } else { format!(". {}", changes.join(", ")) };
    Error::conflict(format!("Somebody else changed this user meanwhile{what}"))
        .hint("Nothing was changed. Look at the user again, then make your change again.")
}

fn check(work: &mut Work<'_, '_>, user: &User, answers: &UserAnswers) -> Result<UserDetails> {
    let (details, mut problems) = match answers.check_edit(&user.details) {
        Ok(details) => (Some(details), Problems::default()),
        Err(problems) => (None, problems),
    };
    let email = answers.email.as_deref().and_then(|typed| check_email(typed).ok());
    note_email_in_use(work.transaction, &mut problems, email.as_ref(), Some(&user.id))?;
    match details {
        Some(details) if problems.is_empty() => Ok(details),
        _ => Err(problems.into()),
    }
}

fn store(work: &mut Work<'_, '_>, before: User, details: UserDetails, options: &ChangeOptions) -> Result<Outcome<User>> {
    let changes = details.changes_from(Some(&before.details));
    if changes.is_empty() {
        let result = ChangeResult::Unchanged;
        return Ok(Outcome { result, record: Some(before), changes, emails: Vec::new(), dry_run: options.dry_run });
    }
    users::update(work.transaction, &before, &details, work.now)?;
    let after = User { details, updated_at: work.now, revision: before.revision + 1, ..before.clone() };
    let emails = tell_of_new_address(work, &before, &after)?;
    work.record(Action::UserUpdated, user_subject(&after), changes.clone())?;
    Ok(Outcome { result: ChangeResult::Updated, record: Some(after), changes, emails, dry_run: options.dry_run })
}

/// Sign-in details to the new address, and a notice to the old one, which may not be theirs.
fn tell_of_new_address(work: &mut Work<'_, '_>, before: &User, after: &User) -> Result<Vec<Email>> {
    let (old, new): (&EmailAddress, &EmailAddress) = (&before.details.email, &after.details.email);
    if old == new {
        return Ok(Vec::new());
    }
    work.cancel_sign_in_details(before)?;
    let to_new = work.queue(Notice::EmailChanged, after, new)?;
    let to_old = work.queue(Notice::EmailChangedOldAddress, after, old)?;
    Ok(to_new.into_iter().chain(to_old).collect())
}
