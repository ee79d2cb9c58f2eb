//! `frontdesk whoami`: who is acting, and what decided every setting.

use crate::cli::FormatArguments;
use crate::commands::Session;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::service;
use crate::output::who_am_i::ConfiguredValue;

pub fn run(arguments: &FormatArguments, session: &mut Session<'_>) -> Result<Exit> {
    session.refuse_fields(arguments)?;
    let mut desk = session.look()?;
    let actor = service::whoami(&mut desk)?;
    session.settings.take_stamp(desk.kind);
    let rows: Vec<_> =
        session.settings.rows().into_iter().map(|row| ConfiguredValue { name: row.name, value: row.value, origin: row.origin }).collect();
    session.printer.who_am_i(&actor, &rows, session.view(&desk))?;
    Ok(Exit::Done)
}
