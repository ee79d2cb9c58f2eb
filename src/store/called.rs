//! Who is, or ever was, called something: the activity outlives accounts and organisations.

use super::driver::Transaction;
use super::value::Value;
use crate::domain::account::AccountKind;
use crate::domain::organisation::WhichOrganisation;
use crate::domain::who::Who;
use crate::error::Result;

// Everybody, live or deleted, whose id or address ($2) this is or was, and whoever has this sign-in
// id ($3), of one kind of account or ($1 is null) of both. One SELECT an index, because SQLite uses
// only one for an OR.
macro_rules! ids_ever_called {
    (of $table:literal, $kind:literal) => {
        concat!(
            "SELECT id FROM ", $table, " WHERE (CAST($1 AS TEXT) IS NULL OR $1 = '", $kind, "') AND id = $2 ",
            "UNION SELECT id FROM ", $table, " WHERE (CAST($1 AS TEXT) IS NULL OR $1 = '", $kind, "') AND email = $2 AND deleted_at IS NULL ",
            "UNION SELECT id FROM ", $table, " WHERE (CAST($1 AS TEXT) IS NULL OR $1 = '", $kind, "') AND email = $2 AND deleted_at IS NOT NULL ",
            "UNION SELECT id FROM ", $table, " WHERE (CAST($1 AS TEXT) IS NULL OR $1 = '", $kind, "') ",
            "AND sign_in_id = $3 AND sign_in_id IS NOT NULL AND deleted_at IS NULL"
        )
    };
    () => {
        concat!(
            $crate::store::called::ids_ever_called!(of "users", "user"),
            " UNION ",
            $crate::store::called::ids_ever_called!(of "organisation_users", "organisation-user")
        )
    };
}
pub(super) use ids_ever_called;

// Every organisation, live or deleted, that has or had this code, or has this id.
macro_rules! organisation_ids_ever_called {
    ($parameter:literal) => {
        concat!(
            "SELECT id FROM organisations WHERE id = ",
            $parameter,
            " UNION SELECT id FROM organisations WHERE code_key = ",
            $parameter,
            " AND deleted_at IS NULL",
            " UNION SELECT id FROM organisations WHERE code_key = ",
            $parameter,
            " AND deleted_at IS NOT NULL"
        )
    };
}
pub(super) use organisation_ids_ever_called;

const COUNT_PEOPLE: &str = concat!("SELECT count(*) FROM (", ids_ever_called!(), ") AS called");
const COUNT_ORGANISATIONS: &str = concat!("SELECT count(*) FROM (", organisation_ids_ever_called!("$1"), ") AS called");

/// Whether anybody, live or deleted, is or was called this.
///
/// # Errors
/// The database cannot be used; the same holds below.
pub fn anybody(transaction: &mut Transaction<'_>, who: &Who, kind: Option<AccountKind>) -> Result<bool> {
    Ok(transaction.count(COUNT_PEOPLE, &people(who, kind))? > 0)
}

/// Whether any organisation, live or deleted, is or was called this.
pub fn any_organisation(transaction: &mut Transaction<'_>, which: &WhichOrganisation) -> Result<bool> {
    Ok(transaction.count(COUNT_ORGANISATIONS, &[which.folded().into()])? > 0)
}

/// The parameters of the query for everybody who is or was called this.
pub(super) fn people(who: &Who, kind: Option<AccountKind>) -> [Value<'_>; 3] {
    [kind.map(AccountKind::key).into(), who.folded().into(), who.as_typed().into()]
}
