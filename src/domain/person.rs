//! The names and the email address that every account has, and the checks of what was typed for
//! them.

use super::answers::Answers;
use super::change::{FieldChange, changed_fields};
use super::email_address::EmailAddress;
use super::name;
use super::problem::{Code, Field, Problem, Problems};

/// The questions about a person, in their order.
pub const PERSON_FIELDS: [Field; 3] = [Field::FirstName, Field::LastName, Field::Email];

/// What people may answer about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonDetails {
    pub first_name: String,
    pub last_name: String,
    pub email: EmailAddress,
}

impl PersonDetails {
    /// First and last name, as lists show them.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// The name with the address: `Ann Abel, ann@example.com`.
    pub fn label(&self) -> String {
        format!("{}, {}", self.full_name(), self.email)
    }

    /// Each field with its value as text, in question order.
    pub fn fields(&self) -> [(Field, String); 3] {
        [(Field::FirstName, self.first_name.clone()), (Field::LastName, self.last_name.clone()), (Field::Email, self.email.to_string())]
    }

    /// What differs from `before`, field by field; everything when there was nothing before.
    pub fn changes_from(&self, before: Option<&Self>) -> Vec<FieldChange> {
        changed_fields(before.map(Self::fields), Some(self.fields()))
    }

    /// Whether answers say something else than this, as far as they say anything.
    pub fn differs_from(&self, answers: &Answers) -> bool {
        let differs = |field, stored: &str, tidy: fn(&str) -> Option<String>| {
            answers.get(field).is_some_and(|typed| tidy(typed).as_deref() != Some(stored))
        };
        let tidy_name = |typed: &str| name::parse(typed).ok();
        let tidy_email = |typed: &str| EmailAddress::parse(typed).ok().map(|email| email.to_string());
        differs(Field::FirstName, &self.first_name, tidy_name)
            || differs(Field::LastName, &self.last_name, tidy_name)
            || differs(Field::Email, self.email.as_str(), tidy_email)
    }
}

/// What is asked of a person's answers: the words for what is wrong, and which addresses are right.
#[derive(Clone, Copy)]
pub struct PersonRules {
    pub problem: fn(Field, Code) -> Problem,
    pub parse_email: fn(&str) -> Result<EmailAddress, Code>,
}

impl PersonRules {
    /// Checks the answer to “First name” or “Last name”.
    ///
    /// # Errors
    /// The problem, in its exact words; the same holds below.
    pub fn check_name(&self, field: Field, typed: &str) -> Result<String, Problem> {
        name::parse(typed).map_err(|code| (self.problem)(field, code))
    }

    /// Checks the answer to “Email address”; whether it is in use, only the database knows.
    pub fn check_email(&self, typed: &str) -> Result<EmailAddress, Problem> {
        (self.parse_email)(typed).map_err(|code| (self.problem)(Field::Email, code))
    }

    /// The address that was typed, if it is a right one.
    pub fn email_of(&self, answers: &Answers) -> Option<EmailAddress> {
        answers.get(Field::Email).and_then(|typed| self.check_email(typed).ok())
    }

    /// Checks the answers about a person; one that was not given is as before, and where there was
    /// nothing before it is a problem. Nothing comes back where a problem was noted.
    pub fn check(&self, answers: &Answers, before: Option<&PersonDetails>, problems: &mut Problems) -> Option<PersonDetails> {
        let typed = |field| answers.get(field).or(if before.is_none() { Some("") } else { None });
        let mut name = |field, stored: fn(&PersonDetails) -> &str| match typed(field) {
            Some(typed) => problems.note(self.check_name(field, typed)),
            None => before.map(|before| stored(before).to_owned()),
        };
        let first_name = name(Field::FirstName, |before| &before.first_name);
        let last_name = name(Field::LastName, |before| &before.last_name);
        let email = match typed(Field::Email) {
            Some(typed) => problems.note(self.check_email(typed)),
            None => before.map(|before| before.email.clone()),
        };
        Some(PersonDetails { first_name: first_name?, last_name: last_name?, email: email? })
    }
}
