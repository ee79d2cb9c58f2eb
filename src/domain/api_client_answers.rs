//! The checks that turn what was typed about an API client into details worth storing.

use super::answers::Answers;
use super::api_client::{ApiClientDetails, ExpiryDays};
use super::api_token::without_tokens;
use super::name;
use super::problem::{Code, Field, Problem, Problems};

/// The questions about a new API client, in their order.
pub const NEW: [Field; 2] = [Field::ClientName, Field::ClientExpiry];

/// The questions about one that is there: when it expires was decided with its token.
pub const CHANGEABLE: [Field; 1] = [Field::ClientName];

/// The name that was typed, if it is a right one.
pub fn name_of(answers: &Answers) -> Option<String> {
    name::parse(answers.get(Field::ClientName)?).ok()
}

/// Details of a new API client, which may expire on these days.
///
/// # Errors
/// Every problem with the answers; an unanswered question is one.
pub fn check_new(answers: &Answers, days: ExpiryDays) -> Result<ApiClientDetails, Problems> {
    let mut problems = Problems::default();
    let typed = |field| answers.get(field).unwrap_or_default();
    let name = problems.note(check_name(typed(Field::ClientName)));
    let expiry = days.parse(typed(Field::ClientExpiry)).map_err(|code| match code {
        Code::OutOfRange => Problem::expiry_out_of_range(days.first, days.last),
        _ => Problem::with_api_client(Field::ClientExpiry, code),
    });
    match (name, problems.note(expiry)) {
        (Some(name), Some(expires_on)) => Ok(ApiClientDetails { name, expires_on }),
        _ => Err(problems),
    }
}

/// The details of an API client after an edit.
///
/// # Errors
/// What is wrong with the answer that was given.
pub fn check_edit(answers: &Answers, before: &ApiClientDetails) -> Result<ApiClientDetails, Problems> {
    let name = match answers.get(Field::ClientName) {
        Some(typed) => check_name(typed)?,
        None => before.name.clone(),
    };
    Ok(ApiClientDetails { name, ..before.clone() })
}

fn check_name(typed: &str) -> Result<String, Problem> {
    // Somebody pasted it into the wrong place, and a name is shown to everybody.
    if without_tokens(typed) != typed {
        return Err(Problem::with_api_client(Field::ClientName, Code::BadFormat));
    }
    name::parse(typed).map_err(|code| Problem::with_api_client(Field::ClientName, code))
}
