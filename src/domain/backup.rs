//! A backup of a desk, and a desk that is restored from one.

use std::path::PathBuf;

use super::moving::Contents;

/// What a backup came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackedUp {
    pub contents: Contents,
    /// How many of the emails wait to be sent.
    pub waiting: u64,
}

/// What there was before a desk was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Before {
    /// There was no database.
    Nothing,
    /// A desk, which is kept in this file.
    Desk(PathBuf),
    /// A file that could not be used as one, which is kept as this file.
    Damaged(PathBuf),
}

impl Before {
    /// Where what was there before is kept.
    pub fn kept(&self) -> Option<&PathBuf> {
        match self {
            Self::Nothing => None,
            Self::Desk(path) | Self::Damaged(path) => Some(path),
        }
    }
}

/// What a restoration came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub contents: Contents,
    /// How many of the emails wait to be sent of which the desk that was there does not know.
    pub waiting: u64,
    /// How many API clients can be used of which nobody knows whether they have been revoked.
    pub clients: u64,
    pub before: Before,
    pub dry_run: bool,
}
