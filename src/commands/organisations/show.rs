//! `frontdesk org show`.

use crate::cli::OrganisationsShow;
use crate::commands::Session;
use crate::domain::organisation::Organisation;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::organisations;

pub fn run(arguments: &OrganisationsShow, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<Organisation>(&arguments.format)?;
    let mut desk = session.look()?;
    let organisation = organisations::show(&mut desk, &arguments.organisation.which())?;
    session.printer.show(&organisation, session.view(&desk), &[])?;
    Ok(Exit::Done)
}
