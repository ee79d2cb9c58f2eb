//! Emails for the tests of this room.

use super::compose::{Occasion, compose};
use crate::domain::email_address::EmailAddress;
use crate::domain::notice::{Email, Notice};
use crate::domain::service::{Service, ServiceKind, Setting};
use crate::domain::user::UserDetails;
use crate::error::Result;

pub const USER_ID: &str = "0193b5e1-0000-7000-8000-000000000001";
pub const EMAIL_ID: &str = "0193b5e1-0000-7000-8000-000000000002";

/// A support user, whose address is now `new@education.gov.uk`.
pub fn user(first_name: &str, last_name: &str) -> UserDetails {
    UserDetails {
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        email: EmailAddress::parse("new@education.gov.uk").unwrap(),
        api_user: false,
        active: true,
    }
}

/// The register with one setting changed.
pub fn service_with(changed: Setting, value: &str) -> Service {
    Service::new(ServiceKind::Register, |setting| (setting == changed).then(|| value.to_owned()))
}

/// An email from the register as it is set up first.
pub fn email(notice: Notice, user: &UserDetails) -> Email {
    email_from(&Service::new(ServiceKind::Register, |_| None), notice, user).unwrap()
}

/// An email from this service.
pub fn email_from(service: &Service, notice: Notice, user: &UserDetails) -> Result<Email> {
    let old_address = EmailAddress::parse("old@education.gov.uk").unwrap();
    let recipient = if notice == Notice::EmailChangedOldAddress { &old_address } else { &user.email };
    let now = "2025-12-11T14:13:00Z".parse().unwrap();
    compose(service, &Occasion { notice, user_id: USER_ID, user, recipient, email_id: EMAIL_ID, now })
}
