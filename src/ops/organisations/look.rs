//! Looking: the list of organisations, and one of them.

use crate::domain::organisation::{Organisation, WhichOrganisation};
use crate::domain::page::Listing;
use crate::domain::search::Search;
use crate::error::Result;
use crate::ops::desk::Desk;
use crate::ops::paging::Paging;
use crate::store::organisations;

/// Lists organisations by name: all, or the actor's own where the actor is an organisation's user, and
/// of these the ones that are found where something is searched for.
///
/// # Errors
/// Not permitted, or the database.
pub fn list(desk: &mut Desk, search: Option<&Search>, paging: Paging) -> Result<Listing<Organisation>> {
    desk.look(|work| {
        work.actor.may_work_in_organisations()?;
        let viewer = work.actor.sees_organisations_of();
        let total = organisations::count(work.transaction, viewer, search)?;
        let page = paging.of(&work.service, total);
        let rows = organisations::page(work.transaction, viewer, search, page)?;
        Ok(paging.listing(page, rows))
    })
}

/// One organisation.
///
/// # Errors
/// Not permitted, none by that name, or the database.
pub fn show(desk: &mut Desk, which: &WhichOrganisation) -> Result<Organisation> {
    desk.look(|work| {
        work.actor.may_work_in_organisations()?;
        super::find(work, which)
    })
}
