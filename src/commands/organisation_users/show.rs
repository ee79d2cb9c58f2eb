//! `frontdesk org show-user` (seeds 002 and 004, “User details”).

use crate::cli::OrganisationUsersShow;
use crate::commands::Session;
use crate::domain::organisation_user::{OrganisationUser, why_not_changeable};
use crate::domain::who::Who;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::organisation_users;

pub fn run(arguments: &OrganisationUsersShow, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<OrganisationUser>(&arguments.format)?;
    let mut desk = session.look()?;
    let shown = organisation_users::show(&mut desk, &arguments.member.organisation.which(), &Who::new(&arguments.member.who))?;
    session.printer.show(&shown.user, session.view(&desk), &why_not_changeable(shown.editing))?;
    Ok(Exit::Done)
}
