//! Organisations: which there are, and adding, renaming and deleting them. Whoever belongs to some
//! organisations sees those and learns nothing of any other, not even that it exists (seed 003).

mod add;
mod delete;
mod edit;
mod import;
mod look;

pub use self::add::add;
pub use self::delete::delete;
pub use self::edit::edit;
pub use self::import::import;
pub use self::look::{list, show};

use super::desk::Work;
use crate::domain::name::LONGEST_NAME;
use crate::domain::nearest::nearest;
use crate::domain::organisation::{Organisation, WhichOrganisation};
use crate::error::{Error, Result};
use crate::store::organisations;

/// How many organisations a mistyped name is compared with.
const COMPARED: u64 = 20_000;

/// The organisation of this name, if the actor may know of it.
pub(super) fn find(work: &mut Work<'_, '_>, which: &WhichOrganisation) -> Result<Organisation> {
    match organisations::find(work.transaction, which, work.actor.sees_organisations_of())? {
        Some(organisation) => Ok(organisation),
        None => Err(no_organisation(work, which)?),
    }
}

/// The same words whether there is none or it is not theirs to know of; near matches come only from
/// those that they may know of.
fn no_organisation(work: &mut Work<'_, '_>, which: &WhichOrganisation) -> Result<Error> {
    if which.is_exact() {
        return Ok(Error::not_found(format!("The organisation {} that you looked at is no longer there", which.shown())).hint(
            if work.actor.sees_organisations_of().is_some() {
                "Nothing was changed. It was deleted meanwhile, or you do not belong to it any more."
            } else {
                "Nothing was changed. Somebody else deleted it meanwhile."
            },
        ));
    }
    let hint = advice(work, which)?;
    Ok(Error::not_found(format!("There is no organisation called {}", which.shown())).hint(hint))
}

/// How to name an organisation, and which of those that the actor may know of was probably meant.
pub(super) fn advice(work: &mut Work<'_, '_>, which: &WhichOrganisation) -> Result<String> {
    // Likeness takes as long as both words are long, and somebody may have pasted a whole file.
    let compared = if which.shown().chars().count() <= LONGEST_NAME { COMPARED } else { 0 };
    let known = organisations::references(work.transaction, work.actor.sees_organisations_of(), compared)?;
    let codes: Vec<&str> = known.iter().map(|organisation| organisation.code.as_str()).collect();
    let names: Vec<&str> = known.iter().map(|organisation| organisation.name.as_str()).collect();
    let meant = match nearest(which.shown(), &codes) {
        Some(code) => known.iter().find(|organisation| organisation.code == code),
        None => nearest(which.shown(), &names).and_then(|name| known.iter().find(|organisation| organisation.name == name)),
    };
    let advice = "Give its code or its id. To see every organisation: frontdesk org list";
    Ok(match meant {
        Some(organisation) => format!("Did you mean ‘{}’ ({})? {advice}", organisation.code, organisation.name),
        None => advice.to_owned(),
    })
}
