//! A change: what it did, field by field, and what is left to say about it.

use super::notice::Email;
use super::problem::Field;

/// One field before and after, as text; `None` where there was, or is, nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// The fields whose values differ. Both sides list the same fields in the same order.
pub fn changed_fields<const N: usize>(before: Option<[(Field, String); N]>, after: Option<[(Field, String); N]>) -> Vec<FieldChange> {
    let values = |side: Option<[(Field, String); N]>| side.map_or_else(|| vec![None; N], |fields| fields.map(Some).to_vec());
    values(before)
        .into_iter()
        .zip(values(after))
        .filter(|(before, after)| before != after)
        .filter_map(|(before, after)| {
            let field = before.as_ref().or(after.as_ref())?.0.key().to_owned();
            Some(FieldChange { field, before: before.map(|(_, value)| value), after: after.map(|(_, value)| value) })
        })
        .collect()
}

/// What a change came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeResult {
    Added,
    /// An account that was there already belongs to one more organisation.
    Linked,
    Updated,
    Unchanged,
    Deleted,
    /// A membership ended; the account stays.
    Removed,
    /// An API client may not be used any more; it stays listed.
    Revoked,
}

impl ChangeResult {
    /// The result in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Linked => "linked",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Deleted => "deleted",
            Self::Removed => "removed",
            Self::Revoked => "revoked",
        }
    }
}

/// What a change did to a record, and the emails that go with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome<T> {
    pub result: ChangeResult,
    /// The record as it is after the change, or was before a deletion.
    /// Nothing where nobody was there to delete.
    pub record: Option<T>,
    pub changes: Vec<FieldChange>,
    pub emails: Vec<Email>,
    /// What was typed and not taken over, because the account was there already: `before` is what is
    /// stored and stays, `after` what was typed.
    pub kept: Vec<FieldChange>,
    /// How many API clients of the account were revoked or deleted with it.
    pub api_clients: u64,
    /// The change was worked out by the same code and then taken back.
    pub dry_run: bool,
}

/// What a person was shown that adding somebody to an organisation would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenAddition {
    /// The account that would be linked, by its id and revision; nothing where a new one would be made.
    pub account: Option<(String, i64)>,
}

impl<T> Outcome<T> {
    /// What a change came to, before anything is said of fields and emails.
    pub fn new(result: ChangeResult, record: Option<T>, dry_run: bool) -> Self {
        Self { result, record, changes: Vec::new(), emails: Vec::new(), kept: Vec::new(), api_clients: 0, dry_run }
    }
}
