//! Who and what the actor may be offered out of the database: what they may see, and no more.

use crate::config::Settings;
use crate::domain::actor::{Actor, ActorClaim};
use crate::domain::organisation::WhichOrganisation;
use crate::domain::service::Setting;
use crate::error::Result;
use crate::store::glance::{self, LIMIT, Offer};
use crate::store::{Transaction, actors, open, organisations, service};

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub enum Seen<'a> {
    Users,
    Everybody,
    Organisations,
    Members { organisation: &'a str },
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
        Seen::Users | Seen::Everybody if actor.may_administer().is_err() => Ok(Vec::new()),
        Seen::Organisations | Seen::Members { .. } if actor.may_work_in_organisations().is_err() => Ok(Vec::new()),
        Seen::Users => glance::users(transaction, typed),
        Seen::Everybody => {
            let mut found = glance::users(transaction, typed)?;
            for account in glance::organisation_users(transaction, typed)? {
                if !found.iter().any(|known| known.value == account.value) {
                    found.push(account);
                }
            }
            found.truncate(usize::try_from(LIMIT).unwrap_or(usize::MAX));
            Ok(found)
        }
        Seen::Organisations => glance::organisations(transaction, viewer, typed),
        Seen::Members { organisation } => match organisations::find(transaction, &WhichOrganisation::new(organisation), viewer)? {
            Some(organisation) => glance::members(transaction, &organisation.id, typed),
            None => Ok(Vec::new()),
        },
    }
}
