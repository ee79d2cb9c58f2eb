//! Adding a user (seeds 000, “Adding a user”).

use super::{note_email_in_use, refuse_not_asked};
use crate::domain::activity::Action;
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::email_address::EmailAddress;
use crate::domain::notice::Notice;
use crate::domain::problem::{Code, Field, Problem};
use crate::domain::user::{User, UserDetails};
use crate::domain::user_answers::{UserAnswers, check_email};
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk, Work, user_subject};
use crate::store::users;

/// Adds a user with an invitation. With `if_not_exists`, somebody who is there already is no
/// problem and stays as they are.
///
/// # Errors
/// Not permitted, every problem with the answers at once, or the database; nothing is stored.
pub fn add(desk: &mut Desk, answers: &UserAnswers, if_not_exists: bool, options: &ChangeOptions) -> Result<Outcome<User>> {
    let kind = desk.kind;
    refuse_not_asked(kind, &[(Field::ApiUser.flag(), answers.api_user.is_some())])?;
    desk.change(options, |work| {
        work.actor.may_administer()?;
        let email = answers.email.as_deref().and_then(|typed| check_email(typed).ok());
        let details = match answers.check_new(kind.has_api_users()) {
            Ok(details) => details,
            Err(mut problems) => {
                if !if_not_exists {
                    note_email_in_use(work.transaction, &mut problems, email.as_ref(), None)?;
                }
                return Err(problems.into());
            }
        };
        if if_not_exists && let Some(user) = users::find_by_email(work.transaction, details.email.as_str())? {
            let result = ChangeResult::Unchanged;
            return Ok(Outcome { result, record: Some(user), changes: Vec::new(), emails: Vec::new(), dry_run: options.dry_run });
        }
        store(work, details, options)
    })
}

fn store(work: &mut Work<'_, '_>, details: UserDetails, options: &ChangeOptions) -> Result<Outcome<User>> {
    let user = User {
        id: work.new_id(),
        details,
        sign_in_id: None,
        last_signed_in_at: None,
        created_at: work.now,
        updated_at: work.now,
        revision: 1,
    };
    if !users::insert(work.transaction, &user)? {
        return Err(Problem::with_user(Field::Email, Code::EmailInUse).into());
    }
    let to: EmailAddress = user.details.email.clone();
    let emails = work.queue(Notice::Invitation, &user, &to)?.into_iter().collect();
    let changes = user.details.changes_from(None);
    work.record(Action::UserAdded, user_subject(&user), changes.clone())?;
    Ok(Outcome { result: ChangeResult::Added, record: Some(user), changes, emails, dry_run: options.dry_run })
}
