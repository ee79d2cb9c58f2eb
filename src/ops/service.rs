//! The service itself: its settings, which everyone who shares the database works by.

use super::desk::{ChangeOptions, Desk};
use super::guards;
use crate::domain::activity::{Action, Subject};
use crate::domain::actor::Actor;
use crate::domain::change::{ChangeResult, FieldChange, Outcome};
use crate::domain::refusal::Refusal;
use crate::domain::service::{Service, Setting};
use crate::domain::yes_no;
use crate::error::Result;
use crate::store::service;

/// The service and its settings.
///
/// # Errors
/// Not permitted, or the database.
pub fn show(desk: &mut Desk) -> Result<Service> {
    desk.look(|work| {
        work.actor.may_administer()?;
        Ok(Service::clone(&work.service))
    })
}

/// The environment that a person must name before a change that cannot be undone, on a protected
/// service.
///
/// # Errors
/// The database.
pub fn protected_environment(desk: &mut Desk) -> Result<Option<String>> {
    desk.look(|work| Ok(work.service.protected_environment().map(str::to_owned)))
}

/// Refuses whoever may not administer the service, before they are asked about what they may not
/// change.
///
/// # Errors
/// Not permitted, or the database.
pub fn check_may_administer(desk: &mut Desk) -> Result<()> {
    desk.look(|work| Ok(work.actor.may_administer()?))
}

/// Refuses what an import would be refused for whatever is in its file, before the file is read.
///
/// # Errors
/// Not permitted, protected, or the database.
pub fn check_may_import(desk: &mut Desk, options: &ChangeOptions) -> Result<()> {
    desk.look(|work| {
        work.actor.may_administer()?;
        guards::check_protected(work, options)
    })
}

/// Who is acting, as the database knows them: everyone may ask, whatever else they may do.
///
/// # Errors
/// The actor is not known, or the database.
pub fn whoami(desk: &mut Desk) -> Result<Actor> {
    let account = desk.account_label();
    desk.look(|work| {
        Ok(match &work.actor {
            Actor::OperatingSystem { .. } => Actor::OperatingSystem { label: account.clone() },
            named => named.clone(),
        })
    })
}

/// Changes a setting.
///
/// # Errors
/// Not permitted, not a value for this setting, or the database; nothing is stored.
pub fn set(desk: &mut Desk, setting: Setting, typed: &str, options: &ChangeOptions) -> Result<Outcome<Service>> {
    desk.change(options, |work| {
        work.actor.may_administer()?;
        let value = setting.check(typed)?;
        // Nobody named would be left to undo it: there may be no support user at all.
        if setting == Setting::RequireActor && yes_no::parse(&value) == Some(true) && work.actor.account().is_none() {
            return Err(Refusal::require_actor_by_nobody().into());
        }
        let before = work.service.value(setting).to_owned();
        if value == before {
            return Ok(Outcome::new(ChangeResult::Unchanged, Some(Service::clone(&work.service)), options.dry_run));
        }
        service::set(work.transaction, setting, &value)?;
        let service = service::load(work.transaction)?;
        let changes = vec![FieldChange { field: setting.key().to_owned(), before: Some(before), after: Some(value) }];
        work.record(Action::ServiceUpdated, Subject::from(&service), changes.clone())?;
        Ok(Outcome { changes, ..Outcome::new(ChangeResult::Updated, Some(service), options.dry_run) })
    })
}
