//! Moving a desk to another database: what there is to move.

/// How much there is in a desk, what was deleted or has ended among it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    pub users: u64,
    pub organisations: u64,
    pub organisation_users: u64,
    pub memberships: u64,
    pub emails: u64,
    pub entries: u64,
    pub api_clients: u64,
}

impl Contents {
    /// The counts by their keys, in the order in which they are told.
    pub fn counts(&self) -> [(&'static str, u64); 7] {
        [
            ("users", self.users),
            ("organisations", self.organisations),
            ("organisation_users", self.organisation_users),
            ("memberships", self.memberships),
            ("emails", self.emails),
            ("entries", self.entries),
            ("api_clients", self.api_clients),
        ]
    }

    /// How many rows that is.
    pub fn rows(&self) -> u64 {
        self.counts().iter().map(|(_, count)| count).sum()
    }
}

/// What a move came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    pub contents: Contents,
    pub dry_run: bool,
}
