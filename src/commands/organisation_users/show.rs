//! `frontdesk org show-user` (seeds 002 and 004, “User details”).

use crate::cli::OrganisationUsersShow;
use crate::commands::Session;
use crate::domain::organisation_user::{NotEditable, OrganisationUser};
use crate::domain::who::Who;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::organisation_users;

pub fn run(arguments: &OrganisationUsersShow, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<OrganisationUser>(&arguments.format)?;
    let mut desk = session.look()?;
    let shown = organisation_users::show(&mut desk, &arguments.member.organisation.which(), &Who::new(&arguments.member.who))?;
    session.printer.show(&shown.user, session.view(&desk), &notes(shown.editing))?;
    Ok(Exit::Done)
}

/// Why some of the details may not be changed.
pub fn notes(editing: std::result::Result<(), NotEditable>) -> Vec<&'static str> {
    let details = editing.err().map(NotEditable::words);
    let rest =
        "The organisations change only when the user is added to one or removed from it, and the last sign-in only when the user signs in.";
    details.into_iter().chain([rest]).collect()
}
