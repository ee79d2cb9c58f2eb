//! `frontdesk org has-user`: answers with the exit code alone.

use crate::cli::OrganisationUsersHas;
use crate::commands::Session;
use crate::domain::who::Who;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::organisation_users;

pub fn run(arguments: &OrganisationUsersHas, session: &mut Session<'_>) -> Result<Exit> {
    let member = &arguments.member;
    let has = organisation_users::has(&mut session.look()?, &member.organisation.which(), &Who::new(&member.who))?;
    Ok(if has { Exit::Done } else { Exit::NotFound })
}
