//! `frontdesk emails show`.

use crate::cli::EmailsShow;
use crate::commands::Session;
use crate::domain::notice::Email;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::emails;

pub fn run(arguments: &EmailsShow, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<Email>(&arguments.format)?;
    let mut desk = session.look()?;
    let email = emails::show(&mut desk, &arguments.id)?;
    session.printer.show(&email, session.view(&desk), &[])?;
    Ok(Exit::Done)
}
