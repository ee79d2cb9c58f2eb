//! The checks that turn what was typed about an organisation into details worth storing.

use super::answers::Answers;
use super::name;
use super::organisation::{OrganisationDetails, parse_code};
use super::problem::{Code, Field, Problem, Problems};

/// The questions about a new organisation, in their order.
pub const NEW: [Field; 2] = [Field::OrganisationCode, Field::OrganisationName];

/// The questions about one that is there: its code stays, because scripts and files name it by it.
pub const CHANGEABLE: [Field; 1] = [Field::OrganisationName];

/// The code that was typed, if it is a right one.
pub fn code_of(answers: &Answers) -> Option<String> {
    parse_code(answers.get(Field::OrganisationCode)?).ok()
}

/// Details of a new organisation.
///
/// # Errors
/// Every problem with the answers; an unanswered question is one.
pub fn check_new(answers: &Answers) -> Result<OrganisationDetails, Problems> {
    let mut problems = Problems::default();
    let mut checked = |field, check: fn(&str) -> Result<String, Code>| {
        let typed = answers.get(field).unwrap_or_default();
        problems.note(check(typed).map_err(|code| Problem::with_organisation(field, code)))
    };
    let code = checked(Field::OrganisationCode, parse_code);
    let name = checked(Field::OrganisationName, name::parse);
    match (code, name) {
        (Some(code), Some(name)) => Ok(OrganisationDetails { code, name }),
        _ => Err(problems),
    }
}

/// The details of an organisation after an edit.
///
/// # Errors
/// Every problem with the answers that were given.
pub fn check_edit(answers: &Answers, before: &OrganisationDetails) -> Result<OrganisationDetails, Problems> {
    let name = match answers.get(Field::OrganisationName) {
        Some(typed) => name::parse(typed).map_err(|code| Problem::with_organisation(Field::OrganisationName, code))?,
        None => before.name.clone(),
    };
    Ok(OrganisationDetails { code: before.code.clone(), name })
}
