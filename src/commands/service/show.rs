//! `frontdesk service show`.

use crate::cli::ServiceShow;
use crate::commands::Session;
use crate::domain::service::Service;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::service;

pub fn run(arguments: &ServiceShow, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<Service>(&arguments.format)?;
    let mut desk = session.look()?;
    let service = service::show(&mut desk)?;
    session.printer.show(&service, session.view(&desk), &[])?;
    Ok(Exit::Done)
}
