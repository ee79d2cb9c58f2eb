//! `frontdesk whoami`: who is acting, and what decided every setting.

use crate::cli::FormatArguments;
use crate::commands::{Session, fields};
use crate::domain::actor::Actor;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::service;
use crate::output::style::View;
use crate::output::who_am_i::ConfiguredValue;

pub fn run(arguments: &FormatArguments, session: &mut Session<'_>) -> Result<Exit> {
    fields::refuse(arguments)?;
    let found = find(session);
    let rows: Vec<_> =
        session.settings.rows().into_iter().map(|row| ConfiguredValue { name: row.name, value: row.value, origin: row.origin }).collect();
    let view = View { now: session.clock.now(), has_api_users: session.settings.kind.has_api_users() };
    match found {
        Ok(actor) => session.printer.who_am_i(Some(&actor), &rows, view)?,
        // A wrong setting is what people come here to find; a script gets the error alone.
        Err(error) => {
            if !session.is_for_machines() {
                session.printer.who_am_i(None, &rows, view)?;
            }
            return Err(error);
        }
    }
    Ok(Exit::Done)
}

fn find(session: &mut Session<'_>) -> Result<Actor> {
    let mut desk = session.look()?;
    session.settings.take_stamp(desk.kind);
    service::whoami(&mut desk)
}
