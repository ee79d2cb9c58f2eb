//! Looking: the list, one user's details, and whether somebody is there.

use super::{find, refuse_not_asked};
use crate::domain::page::Listing;
use crate::domain::user::User;
use crate::domain::user_filter::UserFilter;
use crate::domain::who::Who;
use crate::error::Result;
use crate::ops::desk::Desk;
use crate::ops::paging::Paging;
use crate::store::users;

/// Lists users by name (seeds 000, “Users list”).
///
/// # Errors
/// Not permitted, a filter that this service does not have, or the database.
pub fn list(desk: &mut Desk, filter: &UserFilter, paging: Paging) -> Result<Listing<User>> {
    refuse_not_asked(desk.kind, &[("--status", filter.active.is_some()), ("--type", filter.api_user.is_some())])?;
    desk.look(|work| {
        work.actor.may_administer()?;
        let total = users::count(work.transaction, filter)?;
        let page = paging.of(&work.service, total);
        let rows = users::page(work.transaction, filter, page)?;
        Ok(paging.listing(page, rows))
    })
}

/// One user's details, and whether they are the actor's own (seeds 000, “User details”).
///
/// # Errors
/// Not permitted, nobody by that name, or the database.
pub fn show(desk: &mut Desk, who: &Who) -> Result<(User, bool)> {
    desk.look(|work| {
        work.actor.may_administer()?;
        let user = find(work, who)?;
        let own = work.actor.may_act_on(&user).is_err();
        Ok((user, own))
    })
}

/// Whether there is a user by that name.
///
/// # Errors
/// Not permitted, or the database.
pub fn exists(desk: &mut Desk, who: &Who) -> Result<bool> {
    desk.look(|work| {
        work.actor.may_administer()?;
        Ok(users::find(work.transaction, who)?.is_some())
    })
}
