//! A database as somebody names it: the path of a file, or the address of a server.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;

use super::server_address::{self, Place, Surroundings};
use crate::domain::database::DatabaseAddress;
use crate::error::{Error, Result};

/// A name, which may hold a password: it is never shown but without it.
#[derive(Clone, PartialEq, Eq)]
pub struct NamedDatabase(OsString);

impl NamedDatabase {
    /// The name as it can be shown, and given again once the password is known otherwise.
    pub fn shown(&self) -> String {
        if server_address::names_server(&self.0) {
            server_address::without_password(&self.0.to_string_lossy())
        } else {
            self.0.display().to_string()
        }
    }

    /// Whether the name says a password.
    pub fn has_password(&self) -> bool {
        server_address::names_server(&self.0) && self.shown() != self.0.to_string_lossy()
    }

    /// The database of this name.
    ///
    /// # Errors
    /// It is the address of a server that cannot be understood, or that the environment makes no sense of.
    pub(super) fn address(&self, place: &Place, surroundings: Surroundings<'_>) -> Result<DatabaseAddress> {
        if !server_address::names_server(&self.0) {
            server_address::refuse_likeness(&self.0).map_err(|mistake| mistake.at(place))?;
            return Ok(DatabaseAddress::File(PathBuf::from(&self.0)));
        }
        let Some(text) = self.0.to_str() else {
            let message = format!("{}: the address is not valid UTF-8", place.text);
            return Err(if place.is_flag { Error::usage(message) } else { Error::unavailable(message) });
        };
        server_address::resolve(text, place, surroundings).map(|address| DatabaseAddress::Server(Box::new(address)))
    }
}

impl fmt::Debug for NamedDatabase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.shown(), formatter)
    }
}

impl<T: AsRef<OsStr> + ?Sized> From<&T> for NamedDatabase {
    fn from(name: &T) -> Self {
        Self(name.as_ref().to_owned())
    }
}

impl From<PathBuf> for NamedDatabase {
    fn from(path: PathBuf) -> Self {
        Self(path.into_os_string())
    }
}
