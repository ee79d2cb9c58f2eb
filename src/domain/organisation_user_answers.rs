//! The checks that turn what was typed about an organisation's user into details worth storing
//! (seed 002, “Data validation rules”).

use super::answers::Answers;
use super::email_address::EmailAddress;
use super::person::{PersonDetails, PersonRules};
use super::problem::{Problem, Problems};

/// An organisation user's names and address, which may be at any host.
pub const PERSON: PersonRules = PersonRules { problem: Problem::with_organisation_user, parse_email: EmailAddress::parse };

/// Details of a new organisation user.
///
/// # Errors
/// Every problem with the answers; an unanswered question is one.
pub fn check_new(answers: &Answers) -> Result<PersonDetails, Problems> {
    check(answers, None)
}

/// The details of an organisation user after an edit: what was answered, and the rest as it was.
///
/// # Errors
/// Every problem with the answers that were given.
pub fn check_edit(answers: &Answers, before: &PersonDetails) -> Result<PersonDetails, Problems> {
    check(answers, Some(before))
}

fn check(answers: &Answers, before: Option<&PersonDetails>) -> Result<PersonDetails, Problems> {
    let mut problems = Problems::default();
    PERSON.check(answers, before, &mut problems).ok_or(problems)
}
