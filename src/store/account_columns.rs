//! How a row refers to an account of either kind: by one of two columns, each with its own foreign
//! key.

use super::value::Value;
use crate::domain::account::{AccountId, AccountKind};

/// The values of the two columns: the service's own user, and the organisations' user.
pub fn to_columns(account: Option<&AccountId>) -> [Value<'_>; 2] {
    let id_of = |kind| account.filter(|account| account.kind == kind).map(|account| account.id.as_str()).into();
    [id_of(AccountKind::User), id_of(AccountKind::OrganisationUser)]
}

/// The account that the two columns refer to.
pub fn from_columns(user_id: Option<String>, organisation_user_id: Option<String>) -> Option<AccountId> {
    let account = |kind| move |id| AccountId { kind, id };
    user_id.map(account(AccountKind::User)).or(organisation_user_id.map(account(AccountKind::OrganisationUser)))
}
