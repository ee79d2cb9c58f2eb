//! Which of the service's users a list is about.

use super::search::Search;

/// Every condition that is given must hold; none given is everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserFilter {
    pub active: Option<bool>,
    pub api_user: Option<bool>,
    pub signed_in: Option<bool>,
    /// What their names or email address hold.
    pub search: Option<Search>,
}

impl UserFilter {
    /// Whether the list is of everybody.
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }
}
