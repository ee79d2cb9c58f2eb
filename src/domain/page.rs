//! Pages of a list: which one was asked for, which one is shown, and how it is announced.

/// How much of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageRequest {
    /// Every row.
    All,
    /// A page by its number, counted from 1.
    Page { number: u64, per_page: u64 },
}

impl PageRequest {
    /// The page that can be shown of a list this long: people who ask past the end are shown the
    /// last page, scripts get the page they asked for, empty.
    pub fn within(self, total: u64, past_the_end: PastTheEnd) -> Page {
        match self {
            Self::All => Page { number: 1, pages: 1, per_page: None, total },
            Self::Page { number, per_page } => {
                let per_page = per_page.max(1);
                let pages = total.div_ceil(per_page).max(1);
                let number = match past_the_end {
                    PastTheEnd::LastPage => number.min(pages),
                    PastTheEnd::Empty => number,
                };
                Page { number, pages, per_page: Some(per_page), total }
            }
        }
    }
}

/// What a page past the end of a list means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PastTheEnd {
    LastPage,
    Empty,
}

/// One page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    pub number: u64,
    pub pages: u64,
    /// Rows a page; `None` where every row is shown at once.
    pub per_page: Option<u64>,
    pub total: u64,
}

impl Page {
    /// How many rows come before this page.
    pub fn offset(self) -> u64 {
        self.per_page.map_or(0, |per_page| per_page.saturating_mul(self.number.saturating_sub(1)))
    }

    /// Whether rows are left out, so that pagination is worth showing.
    pub fn is_part(self) -> bool {
        self.pages > 1
    }

    /// The first and the last row shown, counted from 1.
    pub fn first_and_last(self) -> (u64, u64) {
        let last = self.per_page.map_or(self.total, |per_page| self.offset().saturating_add(per_page).min(self.total));
        ((self.offset() + 1).min(self.total), last)
    }

    /// The number of the next page, if there is one.
    pub fn next(self) -> Option<u64> {
        (self.number < self.pages).then(|| self.number + 1)
    }
}

/// A page of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    pub rows: Vec<T>,
    pub page: Page,
    /// The number of the page that was asked for, where one was.
    pub asked_for: Option<u64>,
}

impl<T> Listing<T> {
    /// The number of the page that was asked for, when it lies past the end.
    pub fn missing_page(&self) -> Option<u64> {
        self.asked_for.filter(|asked| *asked > self.page.pages)
    }
}

#[cfg(test)]
mod tests {
    use super::{PageRequest, PastTheEnd};

    #[test]
    fn a_page_past_the_end_is_the_last_for_people_and_empty_for_scripts() {
        let asked = PageRequest::Page { number: 9, per_page: 25 };
        let people = asked.within(26, PastTheEnd::LastPage);
        assert_eq!((people.number, people.pages, people.first_and_last()), (2, 2, (26, 26)));
        let scripts = asked.within(26, PastTheEnd::Empty);
        assert_eq!((scripts.number, scripts.pages, scripts.offset()), (9, 2, 200));
    }

    #[test]
    fn pages_that_no_list_could_have_do_not_overflow() {
        let page = PageRequest::Page { number: u64::MAX, per_page: u64::MAX }.within(3, PastTheEnd::Empty);
        assert_eq!((page.offset(), page.pages), (u64::MAX, 1));
    }

    #[test]
    fn exactly_one_page_has_no_pagination() {
        let page = PageRequest::Page { number: 1, per_page: 25 }.within(25, PastTheEnd::LastPage);
        assert!(!page.is_part());
        assert_eq!(page.next(), None);
    }
}
