//! Everything that a run works with, worked out once from flags, environment, file and defaults.

use std::path::{Path, PathBuf};

use super::file::{Delivery, FileValues, parse};
use super::named_database::NamedDatabase;
use super::origin::{Origin, Sourced};
use super::paths::{Directories, emails_beside, no_home_directory};
use super::read::read;
use super::server_address::{Place, Surroundings};
use super::services::{KnownService, database_of, find, known_services};
use super::smtp::SmtpSettings;
use super::variables;
use crate::domain::database::DatabaseAddress;
use crate::domain::service::ServiceKind;
use crate::domain::yes_no;
use crate::error::{Error, Result};
use crate::world::{self, Account, Environment};

/// What the command line says about settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    pub service: Option<String>,
    pub database: Option<NamedDatabase>,
    pub actor: Option<String>,
    pub accessible: bool,
    pub no_input: bool,
}

/// Where the configuration is, or would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationFile {
    pub path: Sourced<PathBuf>,
    pub exists: bool,
    /// An address of a database in it says a password.
    pub has_password: bool,
}

/// A setting as `whoami` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingRow {
    /// The name in JSON.
    pub name: &'static str,
    pub value: Option<String>,
    pub origin: String,
}

/// Every setting of a run, with its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub service: Sourced<String>,
    pub kind: ServiceKind,
    pub database: Sourced<DatabaseAddress>,
    /// Where emails go that no mail server takes; beside a shared database they stay queued.
    pub emails: Option<PathBuf>,
    /// The email address of the person at the command line.
    pub actor: Option<Sourced<String>>,
    pub accessible: Sourced<bool>,
    pub no_input: Sourced<bool>,
    pub delivery: Sourced<Delivery>,
    /// The mail server, where one is configured.
    pub smtp: Option<SmtpSettings>,
    /// Nothing where there is no home directory to look in and none was named.
    pub configuration: Option<ConfigurationFile>,
    /// The environment that the configuration file expects of the service.
    pub expected_environment: Option<Sourced<String>>,
    /// Every service that can be chosen.
    pub services: Vec<KnownService>,
}

impl Settings {
    /// Works out the settings of a run.
    ///
    /// # Errors
    /// A variable or the file cannot be understood, a service is unknown, or there is no place for
    /// the database.
    pub fn resolve(flags: &Flags, environment: &Environment, account: &Account) -> Result<Self> {
        Self::resolve_in(flags, environment, account, Directories::of_system().as_ref())
    }

    /// The services that can be chosen; where the configuration cannot be used, those built in.
    pub fn known_services(environment: &Environment, account: &Account) -> Vec<KnownService> {
        let directories = Directories::of_system();
        let (found, file) = configuration(environment, directories.as_ref()).unwrap_or_default();
        let path = found.map(|found| found.path.value).unwrap_or_default();
        known_services(&file.services, &path, directories.as_ref(), surroundings(environment, account, directories.as_ref()))
    }

    fn resolve_in(flags: &Flags, environment: &Environment, account: &Account, directories: Option<&Directories>) -> Result<Self> {
        let (configuration, file) = configuration(environment, directories)?;
        let path = configuration.as_ref().map_or_else(|| Path::new(""), |configuration| &configuration.path.value);
        let from_file = || Origin::File(path.to_owned());
        let surroundings = surroundings(environment, account, directories);
        let services = known_services(&file.services, path, directories, surroundings);

        let text = |flag: &Option<String>, flag_name, variable, filed: Option<String>| {
            Ok::<_, Error>(match (flag, variables::text(environment, variable)?, filed) {
                (Some(value), _, _) => Some(Sourced::new(value.clone(), Origin::Flag(flag_name))),
                (None, Some(value), _) => Some(Sourced::new(value.to_owned(), Origin::Environment(variable))),
                (None, None, filed) => filed.map(|value| Sourced::new(value, from_file())),
            })
        };
        let switch = |flag: bool, flag_name, variable, filed: Option<bool>| {
            Ok::<_, Error>(match (flag, variables::yes_no(environment, variable)?, filed) {
                (true, _, _) => Sourced::new(true, Origin::Flag(flag_name)),
                (false, Some(value), _) => Sourced::new(value, Origin::Environment(variable)),
                (false, None, Some(value)) => Sourced::new(value, from_file()),
                (false, None, None) => Sourced::new(false, Origin::Default),
            })
        };
        let service = text(&flags.service, "--service", variables::SERVICE, file.service)?
            .unwrap_or_else(|| Sourced::new(ServiceKind::Register.key().to_owned(), Origin::Default));
        let chosen = find(&services, &service)?;
        let named = named_database(flags, surroundings)?;
        // A database that was named while no service was may be any service's: the file cannot
        // know what to expect of it.
        let expected_environment = if named.is_some() && !service.is_chosen() { None } else { chosen.environment.clone() };
        let database = match named.or_else(|| chosen.database.clone()) {
            Some(database) => database,
            None => {
                let entry = file.services.iter().find(|entry| entry.name == chosen.name);
                let filed = entry.map(|entry| database_of(entry, path, surroundings)).transpose()?.flatten();
                filed.ok_or_else(no_home_directory)?
            }
        };

        Ok(Self {
            kind: chosen.kind,
            emails: database.value.file().map(emails_beside).or_else(|| world::emails_of_a_server(environment)),
            database,
            actor: text(&flags.actor, "--as", variables::ACTOR, file.actor)?,
            accessible: switch(flags.accessible, "--accessible", variables::ACCESSIBLE, file.accessible)?,
            no_input: switch(flags.no_input, "--no-input", variables::NO_INPUT, None)?,
            delivery: file.delivery.map_or_else(|| Sourced::new(Delivery::Now, Origin::Default), |value| Sourced::new(value, from_file())),
            smtp: file.smtp.map(|entry| SmtpSettings::resolve(entry, path, environment, directories)).transpose()?,
            configuration,
            expected_environment,
            services,
            service,
        })
    }

    /// Whether emails can leave at all: to a mail server, or into files beside the database.
    pub fn can_deliver(&self) -> bool {
        self.smtp.is_some() || self.emails.is_some()
    }

    /// Whether the database was named, by flag, environment or file; a default one may be missing.
    pub fn database_is_named(&self) -> bool {
        self.database.is_chosen()
    }

    /// The kind of service that somebody asked for: by choosing a service, or because the file’s own
    /// entry ties the database to it. Otherwise the database says what it holds.
    pub fn wanted_kind(&self) -> Option<ServiceKind> {
        let is_tied = matches!(self.database.origin, Origin::File(_));
        (self.service.is_chosen() || is_tied).then_some(self.kind)
    }

    /// Takes the service that the open database is stamped with, where nobody asked for one.
    pub fn take_stamp(&mut self, stamped: ServiceKind) {
        if self.kind != stamped {
            self.service = Sourced::new(stamped.key().to_owned(), Origin::Stamp(self.database.value.clone()));
            self.kind = stamped;
        }
    }

    /// The files of the configuration that hold a secret.
    pub fn secret_files(&self) -> Vec<PathBuf> {
        let own = self.configuration.iter().filter(|file| file.has_password).map(|file| file.path.value.as_path());
        let mut files: Vec<_> = own.chain(self.smtp.iter().filter_map(SmtpSettings::secret_file)).map(Path::to_owned).collect();
        files.dedup();
        files
    }

    /// Each setting as text with its origin, as `whoami` shows them.
    pub fn rows(&self) -> Vec<SettingRow> {
        let row = |name, value: String, origin: &Origin| SettingRow { name, value: Some(value), origin: origin.to_string() };
        let switch = |name, switch: &Sourced<bool>| row(name, yes_no::word(switch.value).to_owned(), &switch.origin);
        let path = |path: &Path| path.display().to_string();
        let mut rows = vec![
            row("service", self.service.value.clone(), &self.service.origin),
            row("kind", self.kind.key().to_owned(), &self.service.origin),
            row("database", self.database.value.to_string(), &self.database.origin),
            SettingRow { name: "emails", value: self.emails.as_deref().map(path), origin: self.database.origin.to_string() },
            SettingRow {
                name: "actor",
                value: self.actor.as_ref().map(|actor| actor.value.clone()),
                origin: self.actor.as_ref().map_or(&Origin::Default, |actor| &actor.origin).to_string(),
            },
            switch("accessible", &self.accessible),
            switch("no_input", &self.no_input),
            row("delivery", self.delivery.value.key().to_owned(), &self.delivery.origin),
        ];
        rows.extend(self.smtp.iter().flat_map(SmtpSettings::rows));
        rows.extend(self.expected_environment.as_ref().map(|expected| row("environment", expected.value.clone(), &expected.origin)));
        rows.extend(self.configuration.as_ref().map(|file| {
            let origin = if file.exists { file.path.origin.to_string() } else { format!("{} (no such file)", file.path.origin) };
            SettingRow { name: "configuration", value: Some(path(&file.path.value)), origin }
        }));
        rows
    }
}

/// Finds and reads the configuration file: the one that is named must be there, the default need not.
fn configuration(environment: &Environment, directories: Option<&Directories>) -> Result<(Option<ConfigurationFile>, FileValues)> {
    let named = environment
        .get(variables::CONFIGURATION)
        .map(|path| Sourced::new(PathBuf::from(path), Origin::Environment(variables::CONFIGURATION)));
    let default = || directories.map(|directories| Sourced::new(directories.configuration_file(), Origin::Default));
    let Some(path) = named.or_else(default) else { return Ok((None, FileValues::default())) };
    let text = read(&path.value)?;
    if text.is_none() && path.is_chosen() {
        let shown = path.value.display();
        return Err(Error::unavailable(format!("{} names a file that does not exist: {shown}", variables::CONFIGURATION))
            .hint("Correct the path, or unset the variable to use the configuration directory."));
    }
    let values = text.as_deref().map(|text| parse(text, &path.value)).transpose()?;
    let exists = values.is_some();
    let values = values.unwrap_or_default();
    let has_password =
        values.services.iter().filter_map(|entry| entry.database.as_ref()).any(|name| NamedDatabase::from(&name.text).has_password());
    Ok((Some(ConfigurationFile { path, exists, has_password }), values))
}

fn surroundings<'a>(environment: &'a Environment, account: &'a Account, directories: Option<&'a Directories>) -> Surroundings<'a> {
    Surroundings { environment, account, home: directories.map(|directories| directories.home.as_path()) }
}

/// The database that a flag or the environment names.
fn named_database(flags: &Flags, surroundings: Surroundings<'_>) -> Result<Option<Sourced<DatabaseAddress>>> {
    let flag = flags.database.clone().map(|named| Sourced::new(named, Origin::Flag("--database")));
    let variable = || {
        let named = surroundings.environment.get(variables::DATABASE).map(NamedDatabase::from);
        named.map(|named| Sourced::new(named, Origin::Environment(variables::DATABASE)))
    };
    let Some(Sourced { value: named, origin }) = flag.or_else(variable) else { return Ok(None) };
    let place = Place { text: origin.to_string(), is_flag: matches!(origin, Origin::Flag(_)) };
    named.address(&place, surroundings).map(|database| Some(Sourced::new(database, origin)))
}

/// The database that somebody typed as the argument of this name.
///
/// # Errors
/// It is the address of a server that cannot be understood, or that the environment makes no sense of.
pub fn typed_database(typed: &NamedDatabase, argument: &str, environment: &Environment, account: &Account) -> Result<DatabaseAddress> {
    let directories = Directories::of_system();
    let place = Place { text: argument.to_owned(), is_flag: true };
    typed.address(&place, surroundings(environment, account, directories.as_ref()))
}

#[cfg(test)]
mod tests;
