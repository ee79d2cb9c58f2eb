//! The activity: who changed what.

use super::desk::Desk;
use super::paging::Paging;
use super::users::nobody;
use crate::domain::activity::Entry;
use crate::domain::page::Listing;
use crate::domain::who::Who;
use crate::error::Result;
use crate::store::{activity, users};

/// Lists entries, newest first: all of them, or those about one person, who may have been deleted.
///
/// # Errors
/// Not permitted, nobody ever had that name, or the database.
pub fn list(desk: &mut Desk, about: Option<&Who>, paging: Paging) -> Result<Listing<Entry>> {
    desk.look(|work| {
        work.actor.may_administer()?;
        if let Some(who) = about
            && !users::was_ever_called(work.transaction, who)?
        {
            return Err(nobody(who));
        }
        let total = activity::count(work.transaction, about)?;
        let page = paging.of(&work.service, total);
        let rows = activity::page(work.transaction, about, page)?;
        Ok(paging.listing(page, rows))
    })
}
