//! Answers about one of the service's users as they were typed, and the checks that turn them into
//! details worth storing. Answers come from flags and from forms alike.

use super::email_address::EmailAddress;
use super::name;
use super::problem::{Code, Field, Problem, Problems};
use super::refusal::Refusal;
use super::user::{User, UserDetails};
use super::yes_no;

/// Answers as typed; `None` where a question was not answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserAnswers {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    pub api_user: Option<String>,
    pub active: Option<String>,
}

impl UserAnswers {
    /// Whether no question was answered.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The answers that say what is stored, as a form starts with them. Where the service asks
    /// nothing about API access, neither do they.
    pub fn of(details: &UserDetails, asks_api_user: bool) -> Self {
        let answer = |value: bool| asks_api_user.then(|| yes_no::word(value).to_owned());
        Self {
            first_name: Some(details.first_name.clone()),
            last_name: Some(details.last_name.clone()),
            email: Some(details.email.to_string()),
            api_user: answer(details.api_user),
            active: answer(details.active),
        }
    }

    /// The answer to one question.
    pub fn get(&self, field: Field) -> Option<&str> {
        match field {
            Field::FirstName => self.first_name.as_deref(),
            Field::LastName => self.last_name.as_deref(),
            Field::Email => self.email.as_deref(),
            Field::ApiUser => self.api_user.as_deref(),
            Field::Active => self.active.as_deref(),
            Field::SignInId | Field::SignInTime | Field::Recipient | Field::Setting(_) => None,
        }
    }

    /// Answers one question; one that is not about a user’s details stays unanswered.
    pub fn set(&mut self, field: Field, typed: String) {
        let answer = match field {
            Field::FirstName => &mut self.first_name,
            Field::LastName => &mut self.last_name,
            Field::Email => &mut self.email,
            Field::ApiUser => &mut self.api_user,
            Field::Active => &mut self.active,
            Field::SignInId | Field::SignInTime | Field::Recipient | Field::Setting(_) => return,
        };
        *answer = Some(typed);
    }

    /// Details of a new user, who is active. Where the service has no API users the question is not
    /// asked (`asks_api_user`), and the answer is no.
    ///
    /// # Errors
    /// Every problem with the answers; an unanswered question is one.
    pub fn check_new(&self, asks_api_user: bool) -> Result<UserDetails, Problems> {
        let blank = String::new;
        let complete = Self {
            first_name: Some(self.first_name.clone().unwrap_or_else(blank)),
            last_name: Some(self.last_name.clone().unwrap_or_else(blank)),
            email: Some(self.email.clone().unwrap_or_else(blank)),
            api_user: if asks_api_user { Some(self.api_user.clone().unwrap_or_else(blank)) } else { None },
            active: None,
        };
        complete.check(None)
    }

    /// The details of a user after an edit: what was answered, and the rest as it was.
    ///
    /// # Errors
    /// Every problem with the answers that were given.
    pub fn check_edit(&self, before: &UserDetails) -> Result<UserDetails, Problems> {
        self.check(Some(before))
    }

    /// Refuses other names or another address for somebody who has signed in. An answer that says
    /// what is stored already is no change (seeds 000, “Editing a user”).
    ///
    /// # Errors
    /// The refusal, with its reason.
    pub fn refuse_locked(&self, user: &User) -> Result<(), Refusal> {
        let details = &user.details;
        let differs = |answer: &Option<String>, stored: &str, tidy: fn(&str) -> Option<String>| {
            answer.as_ref().is_some_and(|typed| tidy(typed).as_deref() != Some(stored))
        };
        let tidy_name = |typed: &str| name::parse(typed).ok();
        let tidy_email = |typed: &str| EmailAddress::parse(typed).ok().map(|email| email.to_string());
        let changes_identity = differs(&self.first_name, &details.first_name, tidy_name)
            || differs(&self.last_name, &details.last_name, tidy_name)
            || differs(&self.email, details.email.as_str(), tidy_email);
        if user.has_signed_in() && changes_identity { Err(Refusal::locked_after_sign_in()) } else { Ok(()) }
    }

    fn check(&self, before: Option<&UserDetails>) -> Result<UserDetails, Problems> {
        let mut problems = Problems::default();
        let first_name = checked(&mut problems, self.first_name.as_deref(), check_first_name);
        let last_name = checked(&mut problems, self.last_name.as_deref(), check_last_name);
        let email = checked(&mut problems, self.email.as_deref(), check_email);
        let api_user = checked(&mut problems, self.api_user.as_deref(), check_api_user);
        let active = checked(&mut problems, self.active.as_deref(), check_active);
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(UserDetails {
            first_name: first_name.or_else(|| before.map(|details| details.first_name.clone())).unwrap_or_default(),
            last_name: last_name.or_else(|| before.map(|details| details.last_name.clone())).unwrap_or_default(),
            email: match email.or_else(|| before.map(|details| details.email.clone())) {
                Some(email) => email,
                None => return Err(Problem::with_user(Field::Email, Code::Blank).into()),
            },
            api_user: api_user.or_else(|| before.map(|details| details.api_user)).unwrap_or(false),
            active: active.or_else(|| before.map(|details| details.active)).unwrap_or(true),
        })
    }
}

fn checked<T>(problems: &mut Problems, typed: Option<&str>, check: fn(&str) -> Result<T, Problem>) -> Option<T> {
    typed.and_then(|typed| problems.note(check(typed)))
}

/// The questions about a new user, in their order; whether they are active is not asked.
pub fn fields_of_new_user(asks_api_user: bool) -> Vec<Field> {
    let mut fields = vec![Field::FirstName, Field::LastName, Field::Email];
    fields.extend(asks_api_user.then_some(Field::ApiUser));
    fields
}

/// Checks an answer to “First name”.
///
/// # Errors
/// The problem, in its exact words; the same holds for the checks below.
pub fn check_first_name(typed: &str) -> Result<String, Problem> {
    name::parse(typed).map_err(|code| Problem::with_user(Field::FirstName, code))
}

/// Checks an answer to “Last name”.
pub fn check_last_name(typed: &str) -> Result<String, Problem> {
    name::parse(typed).map_err(|code| Problem::with_user(Field::LastName, code))
}

/// Checks an answer to “Email address”; whether it is in use, only the database knows.
pub fn check_email(typed: &str) -> Result<EmailAddress, Problem> {
    EmailAddress::parse_department(typed).map_err(|code| Problem::with_user(Field::Email, code))
}

/// Checks an answer to “Is the account an API user?”.
pub fn check_api_user(typed: &str) -> Result<bool, Problem> {
    yes_no::parse(typed).ok_or_else(|| Problem::with_user(Field::ApiUser, Code::NotChosen))
}

/// Checks an answer to “Is the account active?”.
pub fn check_active(typed: &str) -> Result<bool, Problem> {
    yes_no::parse(typed).ok_or_else(|| Problem::with_user(Field::Active, Code::NotChosen))
}
