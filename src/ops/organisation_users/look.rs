//! Looking: an organisation's users, one of them, and whether somebody is there.

use super::{find_member, member};
use crate::domain::organisation::{Organisation, WhichOrganisation};
use crate::domain::organisation_user::{NotEditable, OrganisationUser};
use crate::domain::page::Listing;
use crate::domain::search::Search;
use crate::domain::who::Who;
use crate::error::{ErrorKind, Result};
use crate::ops::desk::Desk;
use crate::ops::organisations;
use crate::ops::paging::Paging;
use crate::store::organisation_users::{self, Members};

/// Lists an organisation's users by name (seeds 002, “User list”).
///
/// # Errors
/// Not permitted, no organisation by that name, or the database.
pub fn list(
    desk: &mut Desk,
    which: &WhichOrganisation,
    signed_in: Option<bool>,
    search: Option<&Search>,
    paging: Paging,
) -> Result<(Organisation, Listing<OrganisationUser>)> {
    desk.look(|work| {
        work.actor.may_work_in_organisations()?;
        let organisation = organisations::find(work, which)?;
        let members = Members { organisation_id: &organisation.id, signed_in, search };
        let total = organisation_users::count(work.transaction, members)?;
        let page = paging.of(&work.service, total);
        let rows = organisation_users::page(work.transaction, members, page, work.actor.sees_organisations_of())?;
        Ok((organisation, paging.listing(page, rows)))
    })
}

/// One user of an organisation, as the actor may see and change them.
#[derive(Debug, Clone)]
pub struct Shown {
    pub organisation: Organisation,
    pub user: OrganisationUser,
    /// The actor's own record: it is nobody's own to change or remove.
    pub is_own: bool,
    /// Whether the actor may change the details, and why not.
    pub editing: std::result::Result<(), NotEditable>,
}

/// One user's details (seeds 002 and 004, “User details”).
///
/// # Errors
/// Not permitted, no organisation by that name, nobody by that name in it, or the database.
pub fn show(desk: &mut Desk, which: &WhichOrganisation, who: &Who) -> Result<Shown> {
    desk.look(|work| {
        work.actor.may_work_in_organisations()?;
        let organisation = organisations::find(work, which)?;
        let user = member(work, &organisation, who)?;
        let is_own = work.actor.may_act_on(&user).is_err();
        let editing = user.may_be_edited_by(&work.actor, work.service.edit_rule());
        Ok(Shown { organisation, user, is_own, editing })
    })
}

/// Whether somebody belongs to an organisation, which need not be there.
///
/// # Errors
/// Not permitted, or the database.
pub fn has(desk: &mut Desk, which: &WhichOrganisation, who: &Who) -> Result<bool> {
    desk.look(|work| {
        work.actor.may_work_in_organisations()?;
        match organisations::find(work, which) {
            Ok(organisation) => Ok(find_member(work, &organisation, who)?.is_some()),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    })
}
