//! The checks that turn what was typed about one of the service's users into details worth storing.

use super::answers::Answers;
use super::email_address::EmailAddress;
use super::person::{PERSON_FIELDS, PersonRules};
use super::problem::{Code, Field, Problem, Problems};
use super::refusal::Refusal;
use super::user::{User, UserDetails};
use super::yes_no;

/// A user's names and address, which is at the Department for Education (seeds 000, “Data validation
/// rules”).
pub const PERSON: PersonRules = PersonRules { problem: Problem::with_user, parse_email: EmailAddress::parse_department };

/// The questions about a new user, in their order; whether they are active is not asked.
pub fn fields_of_new_user(asks_api_user: bool) -> Vec<Field> {
    PERSON_FIELDS.into_iter().chain(asks_api_user.then_some(Field::ApiUser)).collect()
}

/// Details of a new user, who is active. Where the service has no API users the question is not
/// asked (`asks_api_user`), and the answer is no.
///
/// # Errors
/// Every problem with the answers; an unanswered question is one.
pub fn check_new(answers: &Answers, asks_api_user: bool) -> Result<UserDetails, Problems> {
    let mut problems = Problems::default();
    let person = PERSON.check(answers, None, &mut problems);
    let api_user = if asks_api_user { check_yes_no(answers.get(Field::ApiUser), Field::ApiUser, &mut problems) } else { Some(false) };
    match (person, api_user) {
        (Some(person), Some(api_user)) if problems.is_empty() => Ok(UserDetails { person, api_user, active: true }),
        _ => Err(problems),
    }
}

/// Details of a user who comes from a file, where it may also say whether they are active; blank, or not
/// said, they are.
///
/// # Errors
/// As [`check_new`].
pub fn check_imported(answers: &Answers, asks_api_user: bool) -> Result<UserDetails, Problems> {
    let active = answers.get(Field::Active).filter(|typed| asks_api_user && !typed.trim().is_empty());
    let mut problems = Problems::default();
    let active = active.and_then(|typed| check_yes_no(Some(typed), Field::Active, &mut problems));
    let details = Problems::also(check_new(answers, asks_api_user), problems.of(Field::Active).cloned())?;
    Ok(UserDetails { active: active.unwrap_or(details.active), ..details })
}

/// The details of a user after an edit: what was answered, and the rest as it was.
///
/// # Errors
/// Every problem with the answers that were given.
pub fn check_edit(answers: &Answers, before: &UserDetails) -> Result<UserDetails, Problems> {
    let mut problems = Problems::default();
    let person = PERSON.check(answers, Some(&before.person), &mut problems);
    let mut answer = |field, stored| match answers.get(field) {
        Some(typed) => check_yes_no(Some(typed), field, &mut problems),
        None => Some(stored),
    };
    let api_user = answer(Field::ApiUser, before.api_user);
    let active = answer(Field::Active, before.active);
    match (person, api_user, active) {
        (Some(person), Some(api_user), Some(active)) if problems.is_empty() => Ok(UserDetails { person, api_user, active }),
        _ => Err(problems),
    }
}

/// Refuses other names or another address for somebody who has signed in. An answer that says
/// what is stored already is no change (seeds 000, “Editing a user”).
///
/// # Errors
/// The refusal, with its reason.
pub fn refuse_locked(answers: &Answers, user: &User) -> Result<(), Refusal> {
    if user.has_signed_in() && user.details.person.differs_from(answers) { Err(Refusal::locked_after_sign_in()) } else { Ok(()) }
}

/// Whether the answers take a user's account out of use.
pub fn deactivates(answers: &Answers, user: &User) -> bool {
    user.details.active && answers.get(Field::Active).and_then(yes_no::parse) == Some(false)
}

fn check_yes_no(typed: Option<&str>, field: Field, problems: &mut Problems) -> Option<bool> {
    problems.note(typed.and_then(yes_no::parse).ok_or_else(|| Problem::with_user(field, Code::NotChosen)))
}
