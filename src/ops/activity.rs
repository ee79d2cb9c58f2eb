//! The activity: who changed what.

use super::desk::Desk;
use super::organisations;
use super::paging::Paging;
use super::users::nobody_anywhere;
use crate::domain::activity::Entry;
use crate::domain::page::Listing;
use crate::error::{Error, Result};
use crate::store::{activity, called};

pub use crate::store::activity::Filter;

/// Lists entries, newest first: all of them, or those about one person or in one organisation, either
/// of which may have been deleted.
///
/// # Errors
/// Not permitted, nobody and nothing ever had that name, or the database.
pub fn list(desk: &mut Desk, filter: Filter<'_>, paging: Paging) -> Result<Listing<Entry>> {
    desk.look(|work| {
        work.actor.may_administer()?;
        if let Some((who, kind)) = filter.about
            && !called::anybody(work.transaction, who, kind)?
        {
            return Err(nobody_anywhere(work, who, kind)?);
        }
        if let Some(which) = filter.organisation
            && !called::any_organisation(work.transaction, which)?
        {
            return Err(Error::not_found(format!("There never was an organisation called {}", which.shown()))
                .hint(organisations::advice(work, which)?));
        }
        let total = activity::count(work.transaction, filter)?;
        let page = paging.of(&work.service, total);
        let rows = activity::page(work.transaction, filter, page)?;
        Ok(paging.listing(page, rows))
    })
}
