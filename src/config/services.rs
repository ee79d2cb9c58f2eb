//! The services that can be chosen: the three built in, and those that the configuration file adds.

use std::path::{Path, PathBuf};

use super::file::ServiceEntry;
use super::nearest::advice;
use super::origin::{Origin, Sourced};
use super::paths::{Directories, named_in_file};
use crate::domain::service::ServiceKind;
use crate::error::{Error, Result};

/// A service that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownService {
    pub name: String,
    pub kind: ServiceKind,
    /// Nothing when it would lie in a home directory and there is none.
    pub database: Option<Sourced<PathBuf>>,
    /// The environment that the configuration file expects.
    pub environment: Option<Sourced<String>>,
}

impl KnownService {
    fn new(name: &str, kind: ServiceKind, directories: Option<&Directories>) -> Self {
        let database = directories.map(|directories| Sourced::new(directories.database(name), Origin::Default));
        Self { name: name.to_owned(), kind, database, environment: None }
    }

    fn apply(&mut self, entry: &ServiceEntry, file: &Path, directories: Option<&Directories>) {
        let origin = || Origin::File(file.to_owned());
        if let Some(database) = &entry.database {
            let home = directories.map(|directories| directories.home.as_path());
            self.database = named_in_file(database, file, home).map(|path| Sourced::new(path, origin()));
        }
        self.environment = entry.environment.clone().map(|environment| Sourced::new(environment, origin()));
    }
}

/// Every service: those built in first, then the file's own in its order.
pub fn known_services(entries: &[ServiceEntry], file: &Path, directories: Option<&Directories>) -> Vec<KnownService> {
    let mut services: Vec<_> = ServiceKind::ALL.into_iter().map(|kind| KnownService::new(kind.key(), kind, directories)).collect();
    for entry in entries {
        match services.iter_mut().find(|service| service.name == entry.name) {
            Some(service) => service.apply(entry, file, directories),
            None => {
                let mut service = KnownService::new(&entry.name, entry.kind, directories);
                service.apply(entry, file, directories);
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
