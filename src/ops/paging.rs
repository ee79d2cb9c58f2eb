//! Which page of a list a command means, in the service that the database holds.

use crate::domain::page::{Listing, Page, PageRequest, PastTheEnd};
use crate::domain::service::Service;

/// What part of a list is wanted: everything, or a page, with the service's own number of rows
/// where none was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    pub all: bool,
    pub page: Option<u64>,
    pub per_page: Option<u64>,
    pub past_the_end: PastTheEnd,
}

impl Paging {
    /// The page that can be shown of a list with this many rows.
    pub fn of(self, service: &Service, total: u64) -> Page {
        let request = if self.all {
            PageRequest::All
        } else {
            let number = self.page.unwrap_or(1);
            self.per_page.map_or_else(|| service.page(number), |per_page| PageRequest::Page { number, per_page })
        };
        request.within(total, self.past_the_end)
    }

    /// A page with its rows.
    pub fn listing<T>(self, page: Page, rows: Vec<T>) -> Listing<T> {
        Listing { rows, page, asked_for: self.page }
    }
}
