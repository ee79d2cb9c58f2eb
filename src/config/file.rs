//! `config.toml`: its keys, each checked where it stands, so that every mistake has its line.

mod smtp;

use std::ffi::OsStr;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use self::smtp::{PasswordEntry, SmtpEntry};
use super::nearest::advice;
use super::read::line_and_column;
use super::server_address::{self, Place};
use crate::domain::characters::trim_ends;
use crate::domain::service::{ServiceKind, Setting};
use crate::error::{Error, Result};

const KEYS: [&str; 6] = ["service", "actor", "accessible", "delivery", "smtp", "services"];
const SERVICE_KEYS: [&str; 3] = ["kind", "database", "environment"];
/// Leaves room for `.db` and what SQLite puts after it.
const LONGEST_NAME: usize = 64;

/// When emails are delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// By the command that queues them, once its change is stored.
    Now,
    /// By `emails send`.
    Later,
}

impl Delivery {
    /// The word in the file.
    pub fn key(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Later => "later",
        }
    }
}

/// What the file says.
#[derive(Debug, Default)]
pub struct FileValues {
    pub service: Option<String>,
    pub actor: Option<String>,
    pub accessible: Option<bool>,
    pub delivery: Option<Delivery>,
    pub smtp: Option<SmtpEntry>,
    pub services: Vec<ServiceEntry>,
}

/// A text as it is written, with its line.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    pub text: String,
    pub place: String,
}

/// Without the text, which may hold a password.
impl std::fmt::Debug for Written {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Written").field("place", &self.place).finish_non_exhaustive()
    }
}

/// One `[services.NAME]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceEntry {
    pub name: String,
    pub kind: ServiceKind,
    /// As it is written.
    pub database: Option<Written>,
    pub environment: Option<String>,
}

/// Reads the text of the file at `path`.
///
/// # Errors
/// The first mistake, with its line.
pub fn parse(text: &str, path: &Path) -> Result<FileValues> {
    Reader { text, path }.values()
}

struct Reader<'a> {
    text: &'a str,
    path: &'a Path,
}

type Key<'a> = Spanned<std::borrow::Cow<'a, str>>;
type Value<'a> = Spanned<DeValue<'a>>;

impl Reader<'_> {
    fn values(&self) -> Result<FileValues> {
        let document = DeTable::parse(self.text).map_err(|error| self.broken(&error))?;
        let mut values = FileValues::default();
        let mut chosen = None;
        for (key, value) in in_order(document.get_ref()) {
            match key.get_ref().as_ref() {
                "service" => chosen = Some((self.words(key, value)?, value)),
                "actor" => values.actor = Some(self.words(key, value)?),
                "accessible" => values.accessible = Some(self.boolean(key, value)?),
                "delivery" => values.delivery = Some(self.delivery(value)?),
                "smtp" => values.smtp = Some(self.smtp(key, value)?),
                "services" => values.services = self.services(value)?,
                unknown => return Err(self.unknown_key(key, unknown, &KEYS)),
            }
        }
        if let Some((name, value)) = chosen {
            let known = ServiceKind::ALL.map(ServiceKind::key).into_iter().chain(values.services.iter().map(|entry| entry.name.as_str()));
            let known: Vec<&str> = known.collect();
            if !known.contains(&name.as_str()) {
                return Err(self
                    .mistake(value.span().start, &format!("there is no service called ‘{name}’"))
                    .hint(advice(&name, "services", &known)));
            }
            values.service = Some(name);
        }
        Ok(values)
    }

    fn services(&self, value: &Value<'_>) -> Result<Vec<ServiceEntry>> {
        let table = self.table(value, "‘services’ must be tables, like [services.claim]")?;
        in_order(table).into_iter().map(|(key, value)| self.service(key, value)).collect()
    }

    fn service(&self, key: &Key<'_>, value: &Value<'_>) -> Result<ServiceEntry> {
        let name = key.get_ref().as_ref();
        let is_file_name =
            (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if !is_file_name {
            let what = format!("‘{name}’ cannot be the name of a service");
            return Err(self
                .mistake(key.span().start, &what)
                .hint(format!("Use letters, digits, hyphens and underscores only, at most {LONGEST_NAME}.")));
        }
        let built_in = ServiceKind::from_key(name);
        let (mut kind, mut database, mut environment) = (built_in, None, None);
        for (key, value) in in_order(self.table(value, &format!("‘{name}’ must be a table: [services.{name}]"))?) {
            match key.get_ref().as_ref() {
                "kind" => kind = Some(self.kind(key, value, built_in)?),
                "database" => database = Some(self.database(key, value)?),
                "environment" => environment = Some(self.environment(key, value)?),
                unknown => return Err(self.unknown_key(key, unknown, &SERVICE_KEYS)),
            }
        }
        let Some(kind) = kind else {
            return Err(self
                .mistake(key.span().start, &format!("the service ‘{name}’ has no kind"))
                .hint("Say which service it works like: kind = \"register\", \"claim\" or \"publish\"."));
        };
        Ok(ServiceEntry { name: name.to_owned(), kind, database, environment })
    }

    fn kind(&self, key: &Key<'_>, value: &Value<'_>, built_in: Option<ServiceKind>) -> Result<ServiceKind> {
        let typed = self.words(key, value)?;
        let kinds = ServiceKind::ALL.map(ServiceKind::key);
        let kind = ServiceKind::from_key(&typed).ok_or_else(|| {
            self.mistake(value.span().start, &format!("there is no kind of service called ‘{typed}’")).hint(advice(&typed, "kinds", &kinds))
        })?;
        match built_in {
            Some(known) if known != kind => Err(self
                .mistake(value.span().start, &format!("‘{}’ is built in, and its kind cannot be {typed}", known.key()))
                .hint("Give the service another name, or take the kind away.")),
            _ => Ok(kind),
        }
    }

    /// What is wrong with an address of a server is told here; what the environment makes of it only
    /// matters to whoever uses it.
    fn database(&self, key: &Key<'_>, value: &Value<'_>) -> Result<Written> {
        let written = self.written(key, value)?;
        let place = Place { text: written.place.clone(), is_flag: false };
        server_address::check_name(OsStr::new(&written.text)).map_err(|mistake| mistake.at(&place))?;
        Ok(written)
    }

    fn written(&self, key: &Key<'_>, value: &Value<'_>) -> Result<Written> {
        Ok(Written { text: self.words(key, value)?, place: self.place(value.span().start) })
    }

    fn environment(&self, key: &Key<'_>, value: &Value<'_>) -> Result<String> {
        let typed = self.words(key, value)?;
        Setting::Environment.check(&typed).map_err(|_| {
            self.mistake(value.span().start, &format!("‘environment’ must be production, staging or development, not ‘{typed}’"))
        })
    }

    fn delivery(&self, value: &Value<'_>) -> Result<Delivery> {
        let delivery = [Delivery::Now, Delivery::Later].into_iter().find(|delivery| value.get_ref().as_str() == Some(delivery.key()));
        delivery.ok_or_else(|| self.mistake(value.span().start, "‘delivery’ must be \"now\" or \"later\""))
    }

    /// Text that says something.
    fn words(&self, key: &Key<'_>, value: &Value<'_>) -> Result<String> {
        match value.get_ref().as_str().map(trim_ends) {
            Some("") => Err(self.mistake(value.span().start, &format!("‘{}’ must not be empty", key.get_ref()))),
            Some(text) => Ok(text.to_owned()),
            None => Err(self.mistake(value.span().start, &format!("‘{}’ must be text, in quotes", key.get_ref()))),
        }
    }

    fn boolean(&self, key: &Key<'_>, value: &Value<'_>) -> Result<bool> {
        let wrong = || self.mistake(value.span().start, &format!("‘{}’ must be true or false, without quotes", key.get_ref()));
        value.get_ref().as_bool().ok_or_else(wrong)
    }

    fn table<'v, 'i>(&self, value: &'v Value<'i>, what: &str) -> Result<&'v DeTable<'i>> {
        value.get_ref().as_table().ok_or_else(|| self.mistake(value.span().start, what))
    }

    fn unknown_key(&self, key: &Key<'_>, unknown: &str, known: &[&str]) -> Error {
        self.mistake(key.span().start, &format!("unknown key ‘{unknown}’")).hint(advice(unknown, "keys", known))
    }

    fn mistake(&self, offset: usize, what: &str) -> Error {
        Error::unavailable(format!("{}: {what}", self.place(offset)))
    }

    fn place(&self, offset: usize) -> String {
        format!("Configuration file {}, line {}", self.path.display(), line_and_column(self.text.as_bytes(), offset).0)
    }

    /// The parser's error itself is not kept as the cause: it quotes the line, which may hold a secret.
    fn broken(&self, error: &toml::de::Error) -> Error {
        let (line, column) = line_and_column(self.text.as_bytes(), error.span().map_or(self.text.len(), |span| span.start));
        let path = self.path.display();
        Error::unavailable(format!("Configuration file {path}, line {line}, column {column}: this is not TOML: {}", error.message()))
            .hint("Text goes in quotes: service = \"claim\".")
    }
}

/// The keys of a table as they follow one another in the file, so that the first mistake is told first.
fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<(&'t Key<'i>, &'t Value<'i>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

#[cfg(test)]
mod tests;
