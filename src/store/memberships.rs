//! Which account belongs to which organisation. A membership that ends stays for the record; the
//! same account may be added again later, by a new one.

use jiff::Timestamp;

use super::collation::sort_key;
use super::driver::{Transaction, changed_one};
use super::organisations::{read_reference, visible};
use crate::domain::organisation::OrganisationReference;
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::person::PersonDetails;
use crate::error::Result;

const OF_USER: &str = concat!(
    "SELECT organisations.id, code, name FROM memberships JOIN organisations ON organisations.id = organisation_id ",
    "WHERE memberships.user_id = $1 AND ended_at IS NULL AND ",
    visible!("$2"),
    " ORDER BY organisations.sort_key, code_key, organisations.id"
);
// The ids are in an index, by which the last of them is found at once.
const NEWEST_ID: &str = "SELECT max(id) FROM memberships";
const ID_OF: &str = "SELECT id FROM memberships WHERE user_id = $1 AND organisation_id = $2 AND ended_at IS NULL";
const INSERT: &str = "INSERT INTO memberships (id, organisation_id, user_id, sort_key, email, created_at) VALUES ($1, $2, $3, $4, $5, $6) \
    ON CONFLICT (user_id, organisation_id) WHERE ended_at IS NULL DO NOTHING";
const END: &str = "UPDATE memberships SET ended_at = $1, ended_by = $2 WHERE user_id = $3 AND organisation_id = $4 AND ended_at IS NULL";
const FOLLOW: &str = "UPDATE memberships SET sort_key = $1, email = $2 WHERE user_id = $3 AND ended_at IS NULL";

/// The organisations that an account belongs to and the viewer may know of, by name.
///
/// # Errors
/// The database cannot be used; the same holds below.
pub fn of_user(transaction: &mut Transaction<'_>, user_id: &str, viewer: Option<&str>) -> Result<Vec<OrganisationReference>> {
    transaction.rows(OF_USER, &[user_id.into(), viewer.into()], |row| read_reference(row, 0))
}

/// The id of the membership that was made last, whether or not it has ended; an empty one where none ever was.
pub fn newest_id(transaction: &mut Transaction<'_>) -> Result<String> {
    let newest = transaction.optional(NEWEST_ID, &[], |row| row.optional_text(0))?;
    Ok(newest.flatten().unwrap_or_default())
}

/// The id of the membership of an account in an organisation.
pub fn id_of(transaction: &mut Transaction<'_>, user_id: &str, organisation_id: &str) -> Result<Option<String>> {
    transaction.optional(ID_OF, &[user_id.into(), organisation_id.into()], |row| row.text(0))
}

/// Makes an account belong to an organisation, under the membership's own id.
pub fn insert(transaction: &mut Transaction<'_>, id: &str, organisation_id: &str, user: &OrganisationUser, at: Timestamp) -> Result<()> {
    let details = &user.details;
    let parameters = [
        id.into(),
        organisation_id.into(),
        user.id.as_str().into(),
        sort_key(&details.first_name, &details.last_name).into(),
        details.email.as_str().into(),
        at.into(),
    ];
    changed_one("user", transaction.execute(INSERT, &parameters)?)
}

/// Ends a membership that was found in the same transaction.
pub fn end(transaction: &mut Transaction<'_>, organisation_id: &str, user_id: &str, by: &str, at: Timestamp) -> Result<()> {
    changed_one("user", transaction.execute(END, &[at.into(), by.into(), user_id.into(), organisation_id.into()])?)
}

/// Takes over a user's new name and address into their memberships.
pub fn follow(transaction: &mut Transaction<'_>, user_id: &str, details: &PersonDetails) -> Result<()> {
    let parameters = [sort_key(&details.first_name, &details.last_name).into(), details.email.as_str().into(), user_id.into()];
    transaction.execute(FOLLOW, &parameters).map(|_| ())
}
