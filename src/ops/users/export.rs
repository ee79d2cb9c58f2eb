//! Exporting users of the service: what an import takes back.

use crate::domain::user::User;
use crate::domain::user_filter::UserFilter;
use crate::error::Result;
use crate::ops::desk::Desk;
use crate::store::users;

/// Hands over every user by name, one by one, from one moment of the database.
///
/// # Errors
/// Not permitted, what `take` says, or the database.
pub fn export(desk: &mut Desk, signed_in: Option<bool>, mut take: impl FnMut(User) -> Result<()>) -> Result<()> {
    desk.look(|work| {
        work.actor.may_administer()?;
        users::each(work.transaction, &UserFilter { signed_in, ..UserFilter::default() }, &mut take)
    })
}
