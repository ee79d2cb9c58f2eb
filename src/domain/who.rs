//! Naming a person on a command line: by email address, by id or by sign-in id.

use super::account::Account;
use super::characters::trim_ends;

/// What was typed to name a person. An id is tried first, then an email address, then a sign-in id:
/// sign-in ids come from elsewhere and may look like either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    typed: String,
    shown: String,
    is_exact: bool,
}

impl Who {
    /// Reads a name as it was typed.
    pub fn new(typed: &str) -> Self {
        let typed = trim_ends(typed).to_owned();
        Self { shown: typed.clone(), typed, is_exact: false }
    }

    /// This account and no other, whoever has its address by now.
    pub fn exactly(account: &dyn Account) -> Self {
        Self { typed: account.account_id().id, shown: account.email().to_string(), is_exact: true }
    }

    /// As messages name the person.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Whether it is somebody who was seen a moment ago, so that they are gone if they are not there.
    pub fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// As it was typed, for a sign-in id.
    pub fn as_typed(&self) -> &str {
        &self.typed
    }

    /// As an id or an email address would be stored.
    pub fn folded(&self) -> String {
        self.typed.to_ascii_lowercase()
    }
}
