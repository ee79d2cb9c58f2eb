//! The services whose users are administered, and the settings that everyone who shares a
//! database works by.

use super::email_address::{EmailAddress, is_host};
use super::name;
use super::page::PageRequest;
use super::problem::{Code, Problem};
use super::yes_no;

/// The kinds of service that are built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceKind {
    Register,
    Claim,
    Publish,
}

impl ServiceKind {
    /// Every kind, the default first.
    pub const ALL: [Self; 3] = [Self::Register, Self::Claim, Self::Publish];

    /// The kind on a command line and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Claim => "claim",
            Self::Publish => "publish",
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// The name of the service, until it is set otherwise.
    pub fn default_name(self) -> &'static str {
        match self {
            Self::Register => "Register of training providers",
            Self::Claim => "Claim funding for mentor training",
            Self::Publish => "Publish teacher training courses",
        }
    }

    /// Whether users are asked about API access and can be inactive (seeds 000 alone).
    pub fn has_api_users(self) -> bool {
        self == Self::Register
    }
}

/// A setting of the service, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    Name,
    WebAddress,
    HelpAddress,
    PageSize,
    EditOrganisationUsers,
    Environment,
    Protected,
    MinimumActiveUsers,
    DeletesPerThreeMinutes,
    RequireActor,
}

/// The largest page that can be set or asked for: more is what `--all` is for.
pub const LARGEST_PAGE: u64 = 10_000;
const LARGEST_GUARD: u64 = 1_000_000;
/// What a service may be run for, the default first.
pub const ENVIRONMENTS: [&str; 3] = ["production", "staging", "development"];

/// When support users may change the details of an organisation's user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditRule {
    Never,
    UntilSignIn,
    Always,
}

impl EditRule {
    const ALL: [Self; 3] = [Self::Never, Self::UntilSignIn, Self::Always];

    /// The rule as it is set.
    const fn key(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::UntilSignIn => "until-sign-in",
            Self::Always => "always",
        }
    }
}

impl Setting {
    /// Every setting, as `service show` lists them.
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::WebAddress,
        Self::HelpAddress,
        Self::PageSize,
        Self::EditOrganisationUsers,
        Self::Environment,
        Self::Protected,
        Self::MinimumActiveUsers,
        Self::DeletesPerThreeMinutes,
        Self::RequireActor,
    ];

    /// The setting on a command line and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::WebAddress => "web-address",
            Self::HelpAddress => "help-address",
            Self::PageSize => "page-size",
            Self::EditOrganisationUsers => "edit-organisation-users",
            Self::Environment => "environment",
            Self::Protected => "protected",
            Self::MinimumActiveUsers => "minimum-active-users",
            Self::DeletesPerThreeMinutes => "deletes-per-three-minutes",
            Self::RequireActor => "require-actor",
        }
    }

    /// The setting with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|setting| setting.key() == key)
    }

    /// The value that a new database gets.
    pub fn default_value(self, kind: ServiceKind) -> &'static str {
        match (self, kind) {
            (Self::Name, kind) => kind.default_name(),
            (Self::WebAddress, ServiceKind::Register) => "https://register-of-training-providers.education.gov.uk",
            (Self::WebAddress, ServiceKind::Claim) => "https://claim-funding-for-mentor-training.education.gov.uk",
            (Self::WebAddress, ServiceKind::Publish) => "https://www.publish-teacher-training-courses.service.gov.uk",
            (Self::HelpAddress, ServiceKind::Claim) => "ittmentor.funding@education.gov.uk",
            (Self::HelpAddress, _) => "becomingateacher@digital.education.gov.uk",
            (Self::PageSize, ServiceKind::Publish) => "50",
            (Self::PageSize, _) => "25",
            (Self::EditOrganisationUsers, ServiceKind::Publish) => "always",
            (Self::EditOrganisationUsers, _) => "until-sign-in",
            (Self::Environment, _) => "production",
            (Self::Protected | Self::RequireActor, _) => "no",
            (Self::MinimumActiveUsers | Self::DeletesPerThreeMinutes, _) => "0",
        }
    }

    /// The only values that are right, where they can be listed.
    pub fn choices(self) -> &'static [&'static str] {
        match self {
            Self::EditOrganisationUsers => const { &[EditRule::Never.key(), EditRule::UntilSignIn.key(), EditRule::Always.key()] },
            Self::Environment => &ENVIRONMENTS,
            Self::Protected | Self::RequireActor => &["yes", "no"],
            _ => &[],
        }
    }

    /// Checks a value; what comes back is what is stored.
    ///
    /// # Errors
    /// The problem, saying which values are right.
    pub fn check(self, typed: &str) -> Result<String, Problem> {
        let checked = match self {
            Self::Name => name::parse(typed),
            Self::WebAddress => check_web_address(typed),
            Self::HelpAddress => EmailAddress::parse(typed).map(|email| email.to_string()),
            Self::PageSize => check_number(typed, 1, LARGEST_PAGE),
            Self::EditOrganisationUsers | Self::Environment => check_choice(typed, self.choices()),
            Self::Protected | Self::RequireActor => {
                yes_no::parse(typed).map(|answer| yes_no::word(answer).to_owned()).ok_or(Code::NotChosen)
            }
            Self::MinimumActiveUsers | Self::DeletesPerThreeMinutes => check_number(typed, 0, LARGEST_GUARD),
        };
        checked.map_err(|code| Problem::with_setting(self, code))
    }

    /// What a right value looks like, in the words of an error message.
    pub fn advice(self) -> String {
        match self {
            Self::Name => "Enter a name for the service of 255 characters or fewer, without control characters".to_owned(),
            Self::WebAddress => "Enter a web address that starts with https://, like https://www.example.education.gov.uk".to_owned(),
            Self::HelpAddress => "Enter an email address in the correct format, like name@example.com".to_owned(),
            Self::PageSize => format!("Enter a number of rows from 1 to {LARGEST_PAGE}"),
            Self::EditOrganisationUsers => "Select when organisation users can be edited: never, until-sign-in or always".to_owned(),
            Self::Environment => "Select the environment: production, staging or development".to_owned(),
            Self::Protected => "Select if the service is protected: yes or no".to_owned(),
            Self::MinimumActiveUsers => format!("Enter how many other active users there must be, from 0 (off) to {LARGEST_GUARD}"),
            Self::DeletesPerThreeMinutes => {
                format!("Enter how many deletions one person may make in three minutes, from 0 (off) to {LARGEST_GUARD}")
            }
            Self::RequireActor => "Select if people must say who they are: yes or no".to_owned(),
        }
    }
}

/// Anything with a host after `https://` and nothing that could break the line it is printed on.
fn check_web_address(typed: &str) -> Result<String, Code> {
    let address = typed.trim();
    let authority = address.strip_prefix("https://").unwrap_or_default().split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    if address.is_empty() {
        Err(Code::Blank)
    } else if address.len() > 2000 {
        Err(Code::TooLong)
    } else if !is_host(host) || port.parse::<u16>().is_err() || !address.bytes().all(|byte| byte.is_ascii_graphic()) {
        Err(Code::BadFormat)
    } else {
        Ok(address.to_owned())
    }
}

fn check_number(typed: &str, smallest: u64, largest: u64) -> Result<String, Code> {
    match typed.trim().parse::<u64>() {
        Ok(number) if (smallest..=largest).contains(&number) => Ok(number.to_string()),
        Ok(_) => Err(Code::OutOfRange),
        Err(_) if typed.trim().is_empty() => Err(Code::Blank),
        Err(_) => Err(Code::BadFormat),
    }
}

fn check_choice(typed: &str, choices: &[&str]) -> Result<String, Code> {
    let chosen = typed.trim().to_ascii_lowercase();
    if choices.contains(&chosen.as_str()) { Ok(chosen) } else { Err(Code::NotChosen) }
}

/// One service and the values of its settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    pub kind: ServiceKind,
    values: Vec<(Setting, String)>,
}

impl Service {
    /// A service whose settings have their first values, but for those given.
    pub fn new(kind: ServiceKind, mut stored: impl FnMut(Setting) -> Option<String>) -> Self {
        let values =
            Setting::ALL.map(|setting| (setting, stored(setting).unwrap_or_else(|| setting.default_value(kind).to_owned()))).to_vec();
        Self { kind, values }
    }

    /// The value of a setting.
    pub fn value(&self, setting: Setting) -> &str {
        self.values.iter().find(|(known, _)| *known == setting).map_or_else(|| setting.default_value(self.kind), |(_, value)| value)
    }

    /// Every setting with its value, in order.
    pub fn values(&self) -> impl Iterator<Item = (Setting, &str)> {
        self.values.iter().map(|(setting, value)| (*setting, value.as_str()))
    }

    /// The name that people know the service by.
    pub fn name(&self) -> &str {
        self.value(Setting::Name)
    }

    /// Which environment this is: production, staging or development.
    pub fn environment(&self) -> &str {
        self.value(Setting::Environment)
    }

    /// The environment, where what cannot be undone must name it.
    pub fn protected_environment(&self) -> Option<&str> {
        self.is_set(Setting::Protected).then(|| self.environment())
    }

    /// What goes before an email's subject outside production.
    pub fn subject_prefix(&self) -> String {
        match self.environment() {
            "production" => String::new(),
            other => format!("[{}] ", other.to_ascii_uppercase()),
        }
    }

    /// Whether a yes/no setting says yes.
    pub fn is_set(&self, setting: Setting) -> bool {
        self.value(setting) == yes_no::word(true)
    }

    /// The number that a setting says, and its first value where somebody wrote something else.
    pub fn number(&self, setting: Setting) -> u64 {
        let first = || setting.default_value(self.kind).parse().unwrap_or_default();
        self.value(setting).parse().unwrap_or_else(|_| first())
    }

    /// When the details of an organisation's user may be changed; never, where somebody wrote
    /// something else.
    pub fn edit_rule(&self) -> EditRule {
        let value = self.value(Setting::EditOrganisationUsers);
        EditRule::ALL.into_iter().find(|rule| rule.key() == value).unwrap_or(EditRule::Never)
    }

    /// The page of a list that is wanted when nothing else is said.
    pub fn page(&self, number: u64) -> PageRequest {
        PageRequest::Page { number, per_page: self.number(Setting::PageSize) }
    }
}
