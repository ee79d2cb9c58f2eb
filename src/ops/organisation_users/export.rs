//! Exporting the users of organisations: what an import takes back.

use crate::domain::person::PersonDetails;
use crate::error::Result;
use crate::ops::desk::Desk;
use crate::store::organisation_users;

/// Hands over every membership, one by one, from one moment of the database: the organisation's code, and
/// the person.
///
/// # Errors
/// Not permitted, what `take` says, or the database.
pub fn export(desk: &mut Desk, signed_in: Option<bool>, mut take: impl FnMut(String, PersonDetails) -> Result<()>) -> Result<()> {
    desk.look(|work| {
        work.actor.may_administer()?;
        organisation_users::each_member(work.transaction, signed_in, &mut take)
    })
}
