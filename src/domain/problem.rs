//! What can be wrong with an answer, and the exact words for it: the one catalogue of messages.
//! The words come from seeds 000, 001 and 002, “Data validation rules”.

use jiff::civil::Date;

use super::london::day_in_full;
use super::service::Setting;

/// The question that an answer belongs to, in the order in which questions are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The organisation that a row of a file is about.
    Organisation,
    FirstName,
    LastName,
    Email,
    ApiUser,
    Active,
    OrganisationCode,
    OrganisationName,
    SignInId,
    SignInTime,
    /// Where a test email goes.
    Recipient,
    ClientName,
    ClientExpiry,
    Setting(Setting),
}

impl Field {
    /// The field's name in JSON and CSV.
    pub fn key(self) -> &'static str {
        match self {
            Self::Organisation => "organisation_code",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Email => "email",
            Self::ApiUser => "api_user",
            Self::Active => "active",
            Self::OrganisationCode => "code",
            Self::OrganisationName => "name",
            Self::SignInId => "sign_in_id",
            Self::SignInTime => "last_signed_in_at",
            Self::Recipient => "address",
            Self::ClientName => "name",
            Self::ClientExpiry => "expires_on",
            Self::Setting(setting) => setting.key(),
        }
    }

    /// The flag or argument that answers the question on a command line.
    pub fn flag(self) -> &'static str {
        match self {
            Self::Organisation => "ORG",
            Self::FirstName => "--first-name",
            Self::LastName => "--last-name",
            Self::Email => "--email",
            Self::ApiUser => "--api-user",
            Self::Active => "--active",
            Self::OrganisationCode => "--code",
            Self::OrganisationName => "--name",
            Self::SignInId => "--id",
            Self::SignInTime => "--at",
            Self::Recipient => "ADDRESS",
            Self::ClientName => "--name",
            Self::ClientExpiry => "--expires-on",
            Self::Setting(_) => "VALUE",
        }
    }

    /// The question, as the pages of details and the forms show it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Organisation => "Organisation code",
            Self::FirstName => "First name",
            Self::LastName => "Last name",
            Self::Email => "Email address",
            Self::ApiUser => "Is the account an API user?",
            Self::Active => "Is the account active?",
            Self::OrganisationCode => "Organisation code",
            Self::OrganisationName => "Organisation name",
            Self::SignInId => "Sign-in id",
            Self::SignInTime => "Last signed in",
            Self::Recipient => "Email address",
            Self::ClientName => "Client name",
            Self::ClientExpiry => "Expiry date",
            Self::Setting(setting) => setting.key(),
        }
    }
}

/// What is wrong, as scripts read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    Blank,
    TooLong,
    BadCharacters,
    BadFormat,
    WrongDomain,
    EmailInUse,
    CodeInUse,
    NameInUse,
    NotChosen,
    UnknownOrganisation,
    OutOfRange,
}

impl Code {
    /// The code in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::TooLong => "too_long",
            Self::BadCharacters => "bad_characters",
            Self::BadFormat => "bad_format",
            Self::WrongDomain => "wrong_domain",
            Self::EmailInUse => "email_in_use",
            Self::CodeInUse => "code_in_use",
            Self::NameInUse => "name_in_use",
            Self::NotChosen => "not_chosen",
            Self::UnknownOrganisation => "unknown_organisation",
            Self::OutOfRange => "out_of_range",
        }
    }

    /// Whether the answer is good in itself and only somebody else's record stands in its way.
    pub fn is_conflict(self) -> bool {
        matches!(self, Self::EmailInUse | Self::CodeInUse | Self::NameInUse)
    }
}

/// One problem with one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub field: Field,
    pub code: Code,
    pub message: String,
}

impl Problem {
    /// A problem with an answer about one of the service's users, in the words of seeds 000.
    pub fn with_user(field: Field, code: Code) -> Self {
        let message = match (field, code) {
            (_, Code::EmailInUse) => "Email address already in use".to_owned(),
            (Field::FirstName | Field::LastName, Code::TooLong) => format!("{} must be 255 characters or fewer", field.label()),
            (Field::FirstName | Field::LastName, Code::BadCharacters) => format!("{} must not include control characters", field.label()),
            (Field::FirstName, _) => "Enter first name".to_owned(),
            (Field::LastName, _) => "Enter last name".to_owned(),
            (Field::Email, Code::Blank) => "Enter email address".to_owned(),
            (Field::Email, _) => {
                "Enter a Department for Education email address in the correct format, like name@education.gov.uk".to_owned()
            }
            (Field::ApiUser, _) => "Select if the account is an API user".to_owned(),
            (Field::Active, _) => "Select if the account is active".to_owned(),
            (Field::SignInId, Code::TooLong) => "Sign-in id must be 255 characters or fewer".to_owned(),
            (Field::SignInId, _) => "Sign-in id must not include control characters".to_owned(),
            (Field::SignInTime, Code::OutOfRange) => "The time of the sign-in must not be in the future".to_owned(),
            (Field::SignInTime, _) => "Enter the time of the sign-in in the correct format, like 2025-12-11T14:13:00Z".to_owned(),
            (Field::Recipient, _) => "Enter an email address in the correct format, like name@example.com".to_owned(),
            (Field::Setting(setting), _) => setting.advice(),
            (Field::Organisation | Field::OrganisationCode | Field::OrganisationName, code) => return Self::with_organisation(field, code),
            (Field::ClientName | Field::ClientExpiry, code) => return Self::with_api_client(field, code),
        };
        Self { field, code, message }
    }

    /// A problem with an answer about a user of an organisation, in the words of seed 002.
    pub fn with_organisation_user(field: Field, code: Code) -> Self {
        let message = match (field, code) {
            (Field::FirstName, Code::Blank) => "Enter a first name",
            (Field::LastName, Code::Blank) => "Enter a last name",
            (Field::Email, Code::Blank) => "Enter an email address",
            (Field::Email, code) if code != Code::EmailInUse => "Enter an email address in the correct format, like name@example.com",
            _ => return Self::with_user(field, code),
        };
        Self { field, code, message: message.to_owned() }
    }

    /// A problem with an answer about an organisation.
    pub fn with_organisation(field: Field, code: Code) -> Self {
        let message = match (field, code) {
            (_, Code::UnknownOrganisation) => "There is no organisation with this code",
            (_, Code::CodeInUse) => "Organisation code already in use",
            (Field::Organisation | Field::OrganisationCode, Code::Blank) => "Enter an organisation code",
            (Field::OrganisationCode, Code::TooLong) => "Organisation code must be 32 characters or fewer",
            (Field::OrganisationCode, Code::BadFormat) => "Organisation code must not have the form of an id",
            (Field::OrganisationCode, _) => "Enter an organisation code using only letters, numbers, hyphens and underscores",
            (Field::OrganisationName, Code::TooLong) => "Organisation name must be 255 characters or fewer",
            (Field::OrganisationName, Code::BadCharacters) => "Organisation name must not include control characters",
            (Field::OrganisationName, _) => "Enter an organisation name",
            _ => return Self::with_user(field, code),
        };
        Self { field, code, message: message.to_owned() }
    }

    /// A problem with an answer about an API client.
    pub fn with_api_client(field: Field, code: Code) -> Self {
        let message = match (field, code) {
            (_, Code::NameInUse) => "Client name must be unique",
            (Field::ClientName, Code::TooLong) => "Client name must be 255 characters or fewer",
            (Field::ClientName, Code::BadCharacters) => "Client name must not include control characters",
            (Field::ClientName, Code::BadFormat) => "Client name must not be an API client token",
            (Field::ClientName, _) => "Enter client name",
            (Field::ClientExpiry, Code::Blank) => "Enter expiry date",
            (Field::ClientExpiry, _) => "Expiry date must be a real date in the correct format, like 2026-06-30",
            _ => return Self::with_user(field, code),
        };
        Self { field, code, message: message.to_owned() }
    }

    /// An expiry date that is none of the days from the first to the last.
    pub fn expiry_out_of_range(first: Date, last: Date) -> Self {
        let message = format!("Expiry date must be between {} and {}", day_in_full(first), day_in_full(last));
        Self { field: Field::ClientExpiry, code: Code::OutOfRange, message }
    }

    /// A problem with the value of one of the service's settings.
    pub fn with_setting(setting: Setting, code: Code) -> Self {
        Self { field: Field::Setting(setting), code, message: setting.advice() }
    }
}

/// Every problem with one set of answers, in question order, at most one a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Keeps a checked answer, or notes what is wrong with it.
    pub fn note<T>(&mut self, checked: Result<T, Problem>) -> Option<T> {
        match checked {
            Ok(value) => Some(value),
            Err(problem) => {
                self.add(problem);
                None
            }
        }
    }

    /// Checked answers, unless there is one more problem with them that the answers alone do not show.
    ///
    /// # Errors
    /// Every problem.
    pub fn also<T>(checked: Result<T, Self>, problem: Option<Problem>) -> Result<T, Self> {
        match (checked, problem) {
            (checked, None) => checked,
            (Ok(_), Some(problem)) => Err(problem.into()),
            (Err(mut problems), Some(problem)) => {
                problems.add(problem);
                Err(problems)
            }
        }
    }

    /// Adds a problem in its place; a field that has one keeps its first.
    pub fn add(&mut self, problem: Problem) {
        if self.0.iter().all(|known| known.field != problem.field) {
            self.0.push(problem);
            self.0.sort_by_key(|known| known.field);
        }
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The problem that a field has.
    pub fn of(&self, field: Field) -> Option<&Problem> {
        self.0.iter().find(|problem| problem.field == field)
    }

    /// Whether every problem is a conflict with another record: the answers themselves are good.
    pub fn are_conflicts(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|problem| problem.code.is_conflict())
    }

    /// The problems, in question order.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.0.iter()
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}
