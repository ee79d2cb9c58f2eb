//! The users of organisations: who they are, and adding, editing and removing them (seeds 002, 003
//! and 004). Whoever is one of them looks through the organisations that they belong to.

mod add;
mod edit;
mod export;
mod import;
mod look;
mod remove;

pub use self::add::add;
pub use self::edit::edit;
pub use self::export::export;
pub use self::import::import;
pub use self::look::{Shown, has, list, show};
pub use self::remove::remove;

use super::desk::Work;
use super::users::advice;
use crate::domain::change::FieldChange;
use crate::domain::organisation::{Organisation, OrganisationReference};
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::who::Who;
use crate::error::{Error, Result};
use crate::store::{glance, memberships, organisation_users};

/// Nobody in this organisation answers to this name. Whom somebody may have meant comes from those who are
/// in it: whoever may name them may see them.
fn nobody_in(work: &mut Work<'_, '_>, organisation: &Organisation, who: &Who) -> Result<Error> {
    let organisation = organisation.reference();
    if who.is_exact() {
        return Ok(Error::not_found(format!("The account of {} that you looked at is no longer in {}", who.shown(), organisation.name))
            .hint("Nothing was changed. Somebody else removed them meanwhile."));
    }
    let near = glance::members_near(work.transaction, &organisation.id, &who.folded())?;
    let everybody = format!("frontdesk org users {}", organisation.argument());
    Ok(Error::not_found(format!("There is no user called {} in {}", who.shown(), organisation.name)).hint(advice(who, &near, &everybody)))
}

/// The user of this name in this organisation.
fn member(work: &mut Work<'_, '_>, organisation: &Organisation, who: &Who) -> Result<OrganisationUser> {
    match find_member(work, organisation, who)? {
        Some(user) => Ok(user),
        None => Err(nobody_in(work, organisation, who)?),
    }
}

fn find_member(work: &mut Work<'_, '_>, organisation: &Organisation, who: &Who) -> Result<Option<OrganisationUser>> {
    organisation_users::find_member(work.transaction, &organisation.id, who, work.actor.sees_organisations_of())
}

/// The account with those of its organisations that the actor may know of.
fn as_the_actor_sees(work: &mut Work<'_, '_>, user: OrganisationUser) -> Result<OrganisationUser> {
    let organisations = memberships::of_user(work.transaction, &user.id, work.actor.sees_organisations_of())?;
    Ok(OrganisationUser { organisations, ..user })
}

/// A membership that began or ended, as the activity keeps it.
fn membership_change(before: Option<&OrganisationReference>, after: Option<&OrganisationReference>) -> FieldChange {
    let name = |organisation: Option<&OrganisationReference>| organisation.map(|organisation| organisation.name.clone());
    FieldChange { field: "organisation".to_owned(), before: name(before), after: name(after) }
}
