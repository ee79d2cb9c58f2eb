//! The service itself: its settings, which everyone who shares the database works by.

use super::desk::{ChangeOptions, Desk};
use crate::domain::activity::{Action, Subject, SubjectKind};
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
        Ok(work.service.clone())
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
            Actor::OperatingSystem { .. } => Actor::OperatingSystem { label: account },
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
        if setting == Setting::RequireActor && yes_no::parse(&value) == Some(true) && work.actor.user_id().is_none() {
            return Err(Refusal::require_actor_by_nobody().into());
        }
        let before = work.service.value(setting).to_owned();
        let outcome = |result, service: Service, changes| Outcome {
            result,
            record: Some(service),
            changes,
            emails: Vec::new(),
            dry_run: options.dry_run,
        };
        if value == before {
            return Ok(outcome(ChangeResult::Unchanged, work.service.clone(), Vec::new()));
        }
        service::set(work.transaction, setting, &value)?;
        let service = service::load(work.transaction)?;
        let subject = Subject { kind: SubjectKind::Service, id: service.kind.key().to_owned(), label: service.name().to_owned() };
        let changes = vec![FieldChange { field: setting.key().to_owned(), before: Some(before), after: Some(value) }];
        work.record(Action::ServiceUpdated, subject, changes.clone())?;
        Ok(outcome(ChangeResult::Updated, service, changes))
    })
}
