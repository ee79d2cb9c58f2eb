//! Looking: the list of API clients, and one of them.

use super::{Which, find};
use crate::domain::api_client::{ApiClient, ROWS_A_PAGE};
use crate::domain::page::Listing;
use crate::error::Result;
use crate::ops::desk::Desk;
use crate::ops::paging::Paging;
use crate::store::api_clients;

/// Refuses whoever may neither see nor change an API client, before they are asked about one.
///
/// # Errors
/// Not permitted, or the database.
pub fn check_may_use(desk: &mut Desk) -> Result<()> {
    desk.look(|work| Ok(work.actor.may_use_api_clients()?))
}

/// Lists API clients by name: all, or the actor's own where the actor may only use the API.
///
/// # Errors
/// Not permitted, or the database.
pub fn list(desk: &mut Desk, paging: Paging) -> Result<Listing<ApiClient>> {
    desk.look(|work| {
        work.actor.may_use_api_clients()?;
        let viewer = work.actor.sees_api_clients_of();
        let total = api_clients::count(work.transaction, viewer)?;
        let paging = Paging { per_page: paging.per_page.or(Some(ROWS_A_PAGE)), ..paging };
        let page = paging.of(&work.service, total);
        let rows = api_clients::page(work.transaction, viewer, page, work.now)?;
        Ok(paging.listing(page, rows))
    })
}

/// One API client.
///
/// # Errors
/// Not permitted, none by that id, or the database.
pub fn show(desk: &mut Desk, id: &str) -> Result<ApiClient> {
    desk.look(|work| {
        work.actor.may_use_api_clients()?;
        find(work, Which::Typed(id))
    })
}
