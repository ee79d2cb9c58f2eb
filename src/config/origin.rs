//! A value with where it came from, in words that a person can act on.

use std::fmt;
use std::path::PathBuf;

use crate::domain::database::DatabaseAddress;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A flag, as it is typed: `--service`.
    Flag(&'static str),
    /// An environment variable: `FRONTDESK_SERVICE`.
    Environment(&'static str),
    /// The configuration file at this path.
    File(PathBuf),
    /// The stamp in this database.
    Stamp(DatabaseAddress),
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Environment(name) => formatter.write_str(name),
            Self::File(path) => path.display().fmt(formatter),
            Self::Stamp(database) => database.fmt(formatter),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// A value and its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    pub value: T,
    pub origin: Origin,
}

impl<T> Sourced<T> {
    /// A value from somewhere.
    pub fn new(value: T, origin: Origin) -> Self {
        Self { value, origin }
    }

    /// Whether somebody decided it, on the command line, in the environment or in the file.
    pub fn is_chosen(&self) -> bool {
        matches!(self.origin, Origin::Flag(_) | Origin::Environment(_) | Origin::File(_))
    }
}
