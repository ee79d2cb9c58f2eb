//! Emails for the tests of this room.

use std::sync::Arc;

use super::compose::{Occasion, Topic, compose, compose_template};
use crate::domain::account::Account;
use crate::domain::email_address::EmailAddress;
use crate::domain::notice::{Email, Notice};
use crate::domain::organisation::OrganisationReference;
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::person::PersonDetails;
use crate::domain::service::{Service, ServiceKind, Setting};
use crate::domain::user::{User, UserDetails};
use crate::error::Result;

pub const USER_ID: &str = "0193b5e1-0000-7000-8000-000000000001";
pub const EMAIL_ID: &str = "0193b5e1-0000-7000-8000-000000000002";

fn now() -> jiff::Timestamp {
    "2025-12-11T14:13:00Z".parse().unwrap()
}

fn person(first_name: &str, last_name: &str) -> PersonDetails {
    let email = EmailAddress::parse("new@education.gov.uk").unwrap();
    PersonDetails { first_name: first_name.to_owned(), last_name: last_name.to_owned(), email }
}

/// A support user, whose address is now `new@education.gov.uk`.
pub fn user(first_name: &str, last_name: &str) -> User {
    User {
        id: USER_ID.to_owned(),
        details: UserDetails { person: person(first_name, last_name), api_user: false, active: true },
        sign_in_id: None,
        last_signed_in_at: None,
        created_at: now(),
        updated_at: now(),
        revision: 1,
    }
}

/// An organisation’s user with the same address.
pub fn organisation_user(first_name: &str, last_name: &str) -> OrganisationUser {
    OrganisationUser {
        id: USER_ID.to_owned(),
        details: person(first_name, last_name),
        sign_in_id: None,
        last_signed_in_at: None,
        created_at: now(),
        updated_at: now(),
        revision: 1,
        organisations: Vec::new(),
    }
}

/// The register with one setting changed.
pub fn service_with(changed: Setting, value: &str) -> Service {
    Service::new(ServiceKind::Register, |setting| (setting == changed).then(|| value.to_owned()))
}

/// An email from the register as it is set up first.
pub fn email(notice: Notice, user: &User) -> Email {
    email_from(&Service::new(ServiceKind::Register, |_| None), notice, user).unwrap()
}

/// An email from this service.
pub fn email_from(service: &Service, notice: Notice, user: &User) -> Result<Email> {
    composed(service, notice, user, &[])
}

/// An email from the register about organisations of these names.
pub fn email_about(notice: Notice, user: &OrganisationUser, names: &[&str]) -> Email {
    let organisation = |name: &&str| OrganisationReference {
        id: format!("{name}’s id"),
        code: name.to_ascii_uppercase().replace(' ', "-"),
        name: (*name).to_owned(),
    };
    let organisations: Vec<_> = names.iter().map(organisation).collect();
    composed(&Service::new(ServiceKind::Register, |_| None), notice, user, &organisations).unwrap()
}

fn composed(service: &Service, notice: Notice, account: &dyn Account, organisations: &[OrganisationReference]) -> Result<Email> {
    let old_address = EmailAddress::parse("old@education.gov.uk").unwrap();
    let recipient = if notice == Notice::EmailChangedOldAddress { &old_address } else { account.email() };
    let topic = Topic { notice, api_user: account.is_api_user(), organisations: organisations.to_vec() };
    let template = Arc::new(compose_template(service, &topic)?);
    Ok(compose(template, &Occasion { topic: &topic, account, recipient, email_id: EMAIL_ID, now: now() }))
}
