//! Naming a person on a command line: by email address, by id or by sign-in id.

use super::characters::trim_ends;

/// What was typed to name a person. An id is tried first, then an email address, then a sign-in id:
/// sign-in ids come from elsewhere and may look like either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    typed: String,
}

impl Who {
    /// Reads a name as it was typed.
    pub fn new(typed: &str) -> Self {
        Self { typed: trim_ends(typed).to_owned() }
    }

    /// As it was typed, for messages and for a sign-in id.
    pub fn as_typed(&self) -> &str {
        &self.typed
    }

    /// As an id or an email address would be stored.
    pub fn folded(&self) -> String {
        self.typed.to_ascii_lowercase()
    }
}
