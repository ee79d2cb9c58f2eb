//! An API client: what a user of the service lets a program act with, until a day that is set
//! beforehand (seed 000).

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

use super::api_token::Token;
use super::change::{FieldChange, changed_fields};
use super::london;
use super::problem::{Code, Field};

/// How many are on a page of the list, whatever the service has for others.
pub const ROWS_A_PAGE: u64 = 15;

/// What people may answer about an API client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiClientDetails {
    pub name: String,
    /// The first day in London on which it may do nothing more.
    pub expires_on: Date,
}

impl ApiClientDetails {
    /// Each field with its value as text, in question order.
    pub fn fields(&self) -> [(Field, String); 2] {
        [(Field::ClientName, self.name.clone()), (Field::ClientExpiry, self.expires_on.to_string())]
    }

    /// What differs from `before`, field by field; everything when there was nothing before.
    pub fn changes_from(&self, before: Option<&Self>) -> Vec<FieldChange> {
        changed_fields(before.map(Self::fields), Some(self.fields()))
    }
}

/// Whether an API client may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiClientStatus {
    Active,
    Expired,
    Revoked,
}

impl ApiClientStatus {
    /// The status at a moment. What was revoked stays revoked, expired or not.
    pub fn at(now: Timestamp, expires_on: Date, is_revoked: bool) -> Self {
        if is_revoked {
            Self::Revoked
        } else if london::date_of(now) >= expires_on {
            Self::Expired
        } else {
            Self::Active
        }
    }

    /// The status in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    /// The status as a person reads it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Expired => "Expired",
            Self::Revoked => "Revoked",
        }
    }
}

/// The user who made an API client, and answers for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiClientOwner {
    pub id: String,
    /// First and last name.
    pub name: String,
    pub email: String,
}

impl ApiClientOwner {
    /// The name with the address: `Ann Abel, ann@education.gov.uk`.
    pub fn label(&self) -> String {
        format!("{}, {}", self.name, self.email)
    }
}

/// A stored API client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiClient {
    /// UUIDv7.
    pub id: String,
    pub details: ApiClientDetails,
    pub status: ApiClientStatus,
    pub created_by: ApiClientOwner,
    pub created_at: Timestamp,
    /// When its token was last taken for right, to the minute or so.
    pub last_used_at: Option<Timestamp>,
    /// Goes up by one with every change, so that an edit can tell what it was checked against.
    pub revision: i64,
}

/// An API client that was just made, with the only copy of its token; without one in a dry run.
#[derive(Debug, Clone)]
pub struct NewApiClient {
    pub client: ApiClient,
    pub token: Option<Token>,
}

/// The days on which an API client that is made today may expire: from tomorrow to a year from today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpiryDays {
    pub first: Date,
    pub last: Date,
}

impl ExpiryDays {
    /// Those of the day that it is in London.
    pub fn at(now: Timestamp) -> Self {
        let today = london::date_of(now);
        // There is no year after the last one that can be told: by then no day is right.
        Self { first: today.saturating_add(1.day()), last: today.saturating_add(1.year()) }
    }

    /// Reads an expiry date, like `2026-06-30`.
    ///
    /// # Errors
    /// The first thing that is wrong: blank, no date, or not one of these days.
    pub fn parse(self, typed: &str) -> Result<Date, Code> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(Code::Blank);
        }
        let day = parse_date(typed).ok_or(Code::BadFormat)?;
        if (self.first..=self.last).contains(&day) { Ok(day) } else { Err(Code::OutOfRange) }
    }
}

/// Reads a date as it is kept and typed, four, two and two digits with hyphens between them, and in no
/// other way.
pub fn parse_date(text: &str) -> Option<Date> {
    let day: Date = text.parse().ok()?;
    (day.to_string() == text).then_some(day)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{ApiClientStatus, Code, ExpiryDays, parse_date};

    fn at(time: &str) -> Timestamp {
        time.parse().unwrap()
    }

    fn days(now: &str) -> (String, String) {
        let ExpiryDays { first, last } = ExpiryDays::at(at(now));
        (first.to_string(), last.to_string())
    }

    #[test]
    fn a_client_may_expire_from_tomorrow_to_a_year_from_today_in_london() {
        let between = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        assert_eq!(days("2026-01-01T12:00:00Z"), between("2026-01-02", "2027-01-01"));
        // Already the next day in summer time.
        assert_eq!(days("2026-06-30T23:00:00Z"), between("2026-07-02", "2027-07-01"));
        assert_eq!(days("2026-06-30T22:59:59Z"), between("2026-07-01", "2027-06-30"));
        assert_eq!(days("2028-02-29T12:00:00Z"), between("2028-03-01", "2029-02-28"));
    }

    #[test]
    fn a_date_is_read_in_one_way_alone() {
        let today = ExpiryDays::at(at("2026-01-01T12:00:00Z"));
        for right in ["2026-01-02", "2027-01-01", " 2026-06-30\t"] {
            assert_eq!(today.parse(right).unwrap().to_string(), right.trim());
        }
        for (wrong, code) in [
            ("", Code::Blank),
            (" ", Code::Blank),
            ("tomorrow", Code::BadFormat),
            ("2026-02-30", Code::BadFormat),
            ("2026-2-3", Code::BadFormat),
            ("20260203", Code::BadFormat),
            ("2026-02-03T10:00", Code::BadFormat),
            ("03/02/2026", Code::BadFormat),
            ("2026-01-01", Code::OutOfRange),
            ("2027-01-02", Code::OutOfRange),
            ("9999-12-31", Code::OutOfRange),
        ] {
            assert_eq!(today.parse(wrong), Err(code), "{wrong:?}");
        }
    }

    #[test]
    fn a_client_expires_at_the_start_of_its_day_in_london_and_stays_revoked() {
        let day = parse_date("2026-07-01").unwrap();
        let status = |now: &str, is_revoked| ApiClientStatus::at(at(now), day, is_revoked).key();
        assert_eq!(status("2026-06-30T22:59:59.999Z", false), "active");
        assert_eq!(status("2026-06-30T23:00:00Z", false), "expired");
        assert_eq!(status("2026-06-30T22:00:00Z", true), "revoked");
        assert_eq!(status("2026-08-01T00:00:00Z", true), "revoked");
    }
}
