//! Adding a user (seeds 000, “Adding a user”).

use std::iter::once;

use super::{email_in_use, refuse_not_asked};
use crate::domain::activity::{Action, Entry, Subject};
use crate::domain::answers::Answers;
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::notice::Notice;
use crate::domain::problem::{Code, Field, Problem, Problems};
use crate::domain::user::{User, UserDetails};
use crate::domain::user_answers::{PERSON, check_new};
use crate::error::Result;
use crate::ops::clerk::{Clerk, Composed};
use crate::ops::desk::{ChangeOptions, Desk, Work};
use crate::store::activity::{self, changes_as_kept};
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
    let addition = Addition::compose(&mut work.clerk, details)?;
    if Addition::insert(work, once(&addition))? != [true] {
        return Err(Problem::with_user(Field::Email, Code::EmailInUse).into());
    }
    Addition::queue_invitations(work, once(&addition))?;
    Addition::record(work, once(&addition))?;
    let Addition { user, invitation, entry, .. } = addition;
    let emails = invitation.into_iter().map(|composed| composed.email).collect();
    Ok(Outcome { changes: entry.changes, emails, ..Outcome::new(ChangeResult::Added, Some(user), options.dry_run) })
}

/// A new user, and everything that is stored with one.
pub(super) struct Addition {
    pub user: User,
    keys: PersonKeys,
    pub invitation: Option<Composed>,
    entry: Entry,
    /// The changes of the entry, as they are kept.
    changes: String,
}

impl Addition {
    /// A user with these details, invited unless they are not active: they could not sign in.
    ///
    /// # Errors
    /// The invitation cannot be composed.
    pub fn compose(clerk: &mut Clerk<'_>, details: UserDetails) -> Result<Self> {
        let (id, now) = (clerk.new_id(), clerk.now());
        let user = User { id, details, sign_in_id: None, last_signed_in_at: None, created_at: now, updated_at: now, revision: 1 };
        let person = &user.details.person;
        let keys = PersonKeys::of(person);
        let invitation = if user.details.active { clerk.email(Notice::Invitation, &user, &[], &person.email)? } else { None };
        let entry = clerk.entry(Action::UserAdded, Subject::from(&user), None, user.details.changes_from(None));
        let changes = changes_as_kept(&entry.changes)?;
        Ok(Self { user, keys, invitation, entry, changes })
    }

    /// Stores the users, but for those whose address somebody has. Gives of each whether nobody had.
    ///
    /// # Errors
    /// The database; so it is below.
    pub fn insert<'new>(work: &mut Work<'_, '_>, new: impl Iterator<Item = &'new Self>) -> Result<Vec<bool>> {
        users::insert(work.transaction, new.map(|addition| (&addition.user, &addition.keys)))
    }

    /// Queues the invitations of those who are invited.
    pub fn queue_invitations<'new>(work: &mut Work<'_, '_>, new: impl Iterator<Item = &'new Self>) -> Result<()> {
        work.queue_composed(new.filter_map(|addition| addition.invitation.as_ref()))
    }

    /// Records that the users were added.
    pub fn record<'new>(work: &mut Work<'_, '_>, new: impl Iterator<Item = &'new Self>) -> Result<()> {
        activity::insert(work.transaction, new.map(|addition| (&addition.entry, &*addition.changes)))
    }
}
