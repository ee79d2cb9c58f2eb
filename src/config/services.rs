//! The services that can be chosen: the three built in, and those that the configuration file adds.

use std::ffi::OsStr;
use std::path::Path;

use super::file::{ServiceEntry, Written};
use super::named_database::NamedDatabase;
use super::nearest::advice;
use super::origin::{Origin, Sourced};
use super::paths::{Directories, named_in_file};
use super::server_address::{Place, Surroundings, names_server};
use crate::domain::database::DatabaseAddress;
use crate::domain::service::ServiceKind;
use crate::error::{Error, Result};

/// A service that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownService {
    pub name: String,
    pub kind: ServiceKind,
    /// Nothing when it would lie in a home directory and there is none, or when the environment makes
    /// no sense of its address.
    pub database: Option<Sourced<DatabaseAddress>>,
    /// The environment that the configuration file expects.
    pub environment: Option<Sourced<String>>,
}

impl KnownService {
    fn new(name: &str, kind: ServiceKind, directories: Option<&Directories>) -> Self {
        let default = |directories: &Directories| DatabaseAddress::File(directories.database(name));
        let database = directories.map(|directories| Sourced::new(default(directories), Origin::Default));
        Self { name: name.to_owned(), kind, database, environment: None }
    }

    fn apply(&mut self, entry: &ServiceEntry, file: &Path, surroundings: Surroundings<'_>) {
        if entry.database.is_some() {
            self.database = database_of(entry, file, surroundings).ok().flatten();
        }
        let sourced = |environment| Sourced::new(environment, Origin::File(file.to_owned()));
        self.environment = entry.environment.clone().map(sourced);
    }
}

/// The database that an entry names.
///
/// # Errors
/// The environment makes no sense of its address: that matters to whoever uses it.
pub fn database_of(entry: &ServiceEntry, file: &Path, surroundings: Surroundings<'_>) -> Result<Option<Sourced<DatabaseAddress>>> {
    let Some(Written { text, place }) = &entry.database else { return Ok(None) };
    let address = if names_server(OsStr::new(text)) {
        let place = Place { text: place.clone(), is_flag: false };
        Some(NamedDatabase::from(text).address(&place, surroundings)?)
    } else {
        named_in_file(text, file, surroundings.home).map(DatabaseAddress::File)
    };
    Ok(address.map(|address| Sourced::new(address, Origin::File(file.to_owned()))))
}

/// Every service: those built in first, then the file's own in its order.
pub fn known_services(
    entries: &[ServiceEntry],
    file: &Path,
    directories: Option<&Directories>,
    surroundings: Surroundings<'_>,
) -> Vec<KnownService> {
    let mut services: Vec<_> = ServiceKind::ALL.into_iter().map(|kind| KnownService::new(kind.key(), kind, directories)).collect();
    for entry in entries {
        match services.iter_mut().find(|service| service.name == entry.name) {
            Some(service) => service.apply(entry, file, surroundings),
            None => {
                let mut service = KnownService::new(&entry.name, entry.kind, directories);
                service.apply(entry, file, surroundings);
                services.push(service);
            }
        }
    }
    services
}

/// The service of this name.
///
/// # Errors
/// There is none: the command line is wrong when a flag named it, else the configuration.
pub fn find<'a>(services: &'a [KnownService], name: &Sourced<String>) -> Result<&'a KnownService> {
    services.iter().find(|service| service.name == name.value).ok_or_else(|| {
        let message = format!("{}: there is no service called ‘{}’", name.origin, name.value);
        let names: Vec<&str> = services.iter().map(|service| service.name.as_str()).collect();
        let error = if matches!(name.origin, Origin::Flag(_)) { Error::usage(message) } else { Error::unavailable(message) };
        error.hint(advice(&name.value, "services", &names))
    })
}
