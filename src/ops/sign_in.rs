//! Signing in: what the service asks, and records, after DfE Sign-in has done its part.

use jiff::{SignedDuration, Timestamp};

use super::desk::{ChangeOptions, Desk, Work, user_subject};
use crate::domain::activity::{Action, EntryActor};
use crate::domain::characters::{has_refused_character, trim_ends};
use crate::domain::name::LONGEST_NAME;
use crate::domain::problem::{Code, Field, Problem, Problems};
use crate::domain::sign_in::{Access, Admission, Candidates, Identity, admit};
use crate::domain::user::{User, UserDetails};
use crate::domain::user_answers::{check_first_name, check_last_name};
use crate::error::{Error, Result};
use crate::store::users;

/// How far the clock of the service may be ahead of ours.
const CLOCK_DIFFERENCE: SignedDuration = SignedDuration::from_mins(5);

/// A sign-in as the service tells of it, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignIn {
    pub email: Option<String>,
    pub id: Option<String>,
    pub at: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
}

/// Says who would be let in, and records nothing.
///
/// # Errors
/// Not permitted, the reason why nobody is let in, or the database.
pub fn check(desk: &mut Desk, sign_in: &SignIn) -> Result<Admission> {
    desk.look(|work| {
        work.actor.may_administer()?;
        let (identity, _) = read(sign_in, work.now)?;
        let user = find(work, &identity)?;
        Ok(Admission { access: Access::of(&user), user, warnings: Vec::new() })
    })
}

/// Records a sign-in: when, under which id, and the names that DfE Sign-in has for the person.
///
/// # Errors
/// As [`check`]; nothing is stored.
pub fn record(desk: &mut Desk, sign_in: &SignIn) -> Result<Admission> {
    desk.change(&ChangeOptions::default(), |work| {
        work.actor.may_administer()?;
        let (identity, at) = read(sign_in, work.now)?;
        let before = find(work, &identity)?;
        // An older sign-in that is told of late does not move the last one back.
        let last = before.last_signed_in_at.map_or(at, |known| known.max(at));
        let sign_in_id = before.sign_in_id.clone().or(identity.id);
        users::record_sign_in(work.transaction, &before.id, last, sign_in_id.as_deref())?;
        let signed_in = User { last_signed_in_at: Some(last), sign_in_id, ..before };
        let (user, warnings) = copy_names(work, signed_in, sign_in)?;
        Ok(Admission { access: Access::of(&user), user, warnings })
    })
}

fn read(sign_in: &SignIn, now: Timestamp) -> Result<(Identity, Timestamp)> {
    let given = |typed: &Option<String>| typed.as_deref().map(trim_ends).filter(|text| !text.is_empty()).map(str::to_owned);
    let mut problems = Problems::default();
    let id = given(&sign_in.id).and_then(|id| problems.note(check_id(id)));
    let at = sign_in.at.as_deref().and_then(|typed| problems.note(check_time(typed, now))).unwrap_or(now);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let email = given(&sign_in.email).map(|email| email.to_ascii_lowercase());
    Ok((Identity { email, id }, at))
}

fn check_id(id: String) -> std::result::Result<String, Problem> {
    if has_refused_character(&id) {
        Err(Problem::with_user(Field::SignInId, Code::BadCharacters))
    } else if id.chars().count() > LONGEST_NAME {
        Err(Problem::with_user(Field::SignInId, Code::TooLong))
    } else {
        Ok(id)
    }
}

fn check_time(typed: &str, now: Timestamp) -> std::result::Result<Timestamp, Problem> {
    let at: Timestamp = typed.trim().parse().map_err(|_| Problem::with_user(Field::SignInTime, Code::BadFormat))?;
    let at = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    if at > now.checked_add(CLOCK_DIFFERENCE).unwrap_or(now) {
        return Err(Problem::with_user(Field::SignInTime, Code::OutOfRange));
    }
    Ok(at)
}

fn find(work: &mut Work<'_, '_>, identity: &Identity) -> Result<User> {
    let by_id = match &identity.id {
        Some(id) => users::find_by_sign_in_id(work.transaction, id)?,
        None => None,
    };
    let (by_email, email_was_deleted) = match &identity.email {
        Some(email) if by_id.is_none() => {
            (users::find_by_email(work.transaction, email)?, users::email_was_deleted(work.transaction, email)?)
        }
        _ => (None, false),
    };
    admit(identity, Candidates { by_id, by_email, email_was_deleted }).map_err(Error::sign_in_refused)
}

/// Takes over the names that came with the sign-in, where they are names; one that is not is told
/// of and skipped, because the person must get in all the same.
fn copy_names(work: &mut Work<'_, '_>, user: User, sign_in: &SignIn) -> Result<(User, Vec<String>)> {
    let mut warnings = Vec::new();
    let mut usable = |typed: Option<&str>, check: fn(&str) -> std::result::Result<String, Problem>, stored: &str| {
        let checked = typed.map(check);
        match checked {
            Some(Ok(name)) => name,
            Some(Err(problem)) => {
                warnings.push(format!("{} was not taken over: {}", problem.field.label(), problem.message));
                stored.to_owned()
            }
            None => stored.to_owned(),
        }
    };
    let details = UserDetails {
        first_name: usable(sign_in.first_name.as_deref(), check_first_name, &user.details.first_name),
        last_name: usable(sign_in.last_name.as_deref(), check_last_name, &user.details.last_name),
        ..user.details.clone()
    };
    let changes = details.changes_from(Some(&user.details));
    if changes.is_empty() {
        return Ok((user, warnings));
    }
    users::update(work.transaction, &user, &details, work.now)?;
    let renamed = User { details, updated_at: work.now, revision: user.revision + 1, ..user };
    let actor = EntryActor { label: "sign-in".to_owned(), email: None, user_id: None };
    work.record_by(actor, Action::UserUpdated, user_subject(&renamed), changes)?;
    Ok((renamed, warnings))
}
