//! Who and what the actor may be offered out of the database: what they may see, and no more.

use crate::config::Settings;
use crate::domain::actor::{Actor, ActorClaim};
use crate::domain::notice::EmailStatus;
use crate::domain::organisation::WhichOrganisation;
use crate::domain::service::Setting;
use crate::error::Result;
use crate::store::glance::{self, Offer};
use crate::store::{Transaction, actors, open, organisations, service};

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub enum Seen<'a> {
    Users,
    Everybody,
    Organisations,
    Members {
        organisation: &'a str,
    },
    /// Those with one of these statuses, or all.
    Emails {
        statuses: Option<&'a [EmailStatus]>,
    },
    ApiClients,
}

/// Looks, and finds nothing where anything is wrong.
pub fn look(settings: &Settings, seen: Seen<'_>, typed: &str) -> Vec<Offer> {
    let Some(mut store) = open::glance(&settings.database.value, settings.wanted_kind()) else {
        return Vec::new();
    };
    store.read(|transaction| look_in(transaction, settings, seen, typed)).unwrap_or_default()
}

fn look_in(transaction: &mut Transaction<'_>, settings: &Settings, seen: Seen<'_>, typed: &str) -> Result<Vec<Offer>> {
    let service = service::load(transaction)?;
    if settings.expected_environment.as_ref().is_some_and(|expected| expected.value != service.environment()) {
        return Ok(Vec::new());
    }
    let claim = match &settings.actor {
        Some(actor) => ActorClaim::Email { email: actor.value.clone(), origin: actor.origin.to_string() },
        None if service.is_set(Setting::RequireActor) => return Ok(Vec::new()),
        None => ActorClaim::OperatingSystem,
    };
    let Some(actor) = actors::find(transaction, &claim, "")? else { return Ok(Vec::new()) };
    offers(transaction, &actor, seen, typed)
}

fn offers(transaction: &mut Transaction<'_>, actor: &Actor, seen: Seen<'_>, typed: &str) -> Result<Vec<Offer>> {
    let viewer = actor.sees_organisations_of();
    match seen {
        Seen::Users | Seen::Everybody | Seen::Emails { .. } if actor.may_administer().is_err() => Ok(Vec::new()),
        Seen::Organisations | Seen::Members { .. } if actor.may_work_in_organisations().is_err() => Ok(Vec::new()),
        Seen::ApiClients if actor.may_use_api_clients().is_err() => Ok(Vec::new()),
        Seen::Users => glance::users(transaction, typed),
        Seen::Everybody => {
            let mut found = glance::users(transaction, typed)?;
            found.extend(glance::organisation_users(transaction, typed)?);
            // Stable: of somebody with both accounts the user of the service comes first.
            found.sort_by(|one, other| one.value.cmp(&other.value));
            found.dedup_by(|one, other| one.value == other.value);
            Ok(glance::shortened(found))
        }
        Seen::Emails { statuses } => glance::emails(transaction, statuses, typed),
        Seen::ApiClients => glance::api_clients(transaction, actor.sees_api_clients_of(), typed),
        Seen::Organisations => glance::organisations(transaction, viewer, typed),
        Seen::Members { organisation } => match organisations::find(transaction, &WhichOrganisation::new(organisation), viewer)? {
            Some(organisation) => glance::members(transaction, &organisation.id, typed),
            None => Ok(Vec::new()),
        },
    }
}
