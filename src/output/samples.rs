//! Records that the tests of this room print.

use std::sync::Arc;

use jiff::Timestamp;

use super::format::Format;
use super::style::{Style, View};
use crate::domain::account::{AccountId, AccountKind};
use crate::domain::activity::{Action, Entry, EntryActor, Subject, SubjectKind};
use crate::domain::change::FieldChange;
use crate::domain::email_address::EmailAddress;
use crate::domain::email_template::EmailTemplate;
use crate::domain::notice::{Email, EmailStatus, Mailbox, Notice};
use crate::domain::page::{Listing, Page};
use crate::domain::person::PersonDetails;
use crate::domain::user::{User, UserDetails};

pub fn at(time: &str) -> Timestamp {
    time.parse().expect("a time")
}

pub fn view() -> View {
    View { now: at("2025-12-11T15:00:00Z"), has_api_users: true }
}

pub fn style(format: Format) -> Style {
    Style { format, ..Style::default() }
}

pub fn terminal(columns: u16) -> Style {
    Style { columns: Some(columns), ..Style::default() }
}

pub fn user(first_name: &str, last_name: &str) -> User {
    User {
        id: format!("0190-{}", first_name.to_lowercase()),
        details: UserDetails {
            person: PersonDetails {
                first_name: first_name.to_owned(),
                last_name: last_name.to_owned(),
                email: EmailAddress::parse(&format!("{first_name}@education.gov.uk")).expect("an address"),
            },
            api_user: false,
            active: true,
        },
        sign_in_id: None,
        last_signed_in_at: None,
        created_at: at("2025-12-01T09:00:00Z"),
        updated_at: at("2025-12-02T09:00:00.5Z"),
        revision: 2,
    }
}

pub fn email() -> Email {
    Email {
        id: "0190-email".to_owned(),
        notice: Notice::Invitation,
        account: Some(AccountId { kind: AccountKind::User, id: "0190-ann".to_owned() }),
        organisation_id: None,
        template: Arc::new(EmailTemplate {
            from: Mailbox { name: "Register".to_owned(), address: "help@education.gov.uk".to_owned() },
            subject: "Invitation to join Register".to_owned(),
            text: "Dear {first_name}\n\nWelcome.\n".to_owned(),
        }),
        to: Mailbox { name: "Ann Abel".to_owned(), address: "ann@education.gov.uk".to_owned() },
        to_first_name: "Ann".to_owned(),
        status: EmailStatus::Queued,
        attempts: 1,
        next_attempt_at: Some(at("2025-12-11T15:05:00Z")),
        last_error: Some("The mail server did not answer".to_owned()),
        created_at: at("2025-12-11T15:00:00Z"),
        sent_at: None,
    }
}

pub fn change(field: &str, before: Option<&str>, after: Option<&str>) -> FieldChange {
    FieldChange { field: field.to_owned(), before: before.map(str::to_owned), after: after.map(str::to_owned) }
}

pub fn entry(time: &str, action: Action, changes: Vec<FieldChange>) -> Entry {
    Entry {
        id: "0190-entry".to_owned(),
        at: at(time),
        actor: EntryActor { label: "Anne Wilson".to_owned(), email: Some("anne@education.gov.uk".to_owned()), account: None },
        actor_is_deleted: false,
        action,
        subject: Subject { kind: SubjectKind::User, id: "0190-ann".to_owned(), label: "Ann Abel".to_owned() },
        organisation: None,
        changes,
    }
}

/// Every row of a list.
pub fn all<T>(rows: Vec<T>) -> Listing<T> {
    let total = u64::try_from(rows.len()).expect("a count");
    Listing { rows, page: Page { number: 1, pages: 1, per_page: None, total }, asked_for: None }
}

/// One page of a list in pages of 25.
pub fn page<T>(rows: Vec<T>, number: u64, pages: u64, total: u64) -> Listing<T> {
    Listing { rows, page: Page { number, pages, per_page: Some(25), total }, asked_for: None }
}
