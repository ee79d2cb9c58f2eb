//! `frontdesk api-clients show`.

use crate::cli::ApiClientsShow;
use crate::commands::Session;
use crate::domain::api_client::ApiClient;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::api_clients;

pub fn run(arguments: &ApiClientsShow, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<ApiClient>(&arguments.format)?;
    let mut desk = session.look()?;
    let client = api_clients::show(&mut desk, &arguments.id)?;
    session.printer.show(&client, session.view(&desk), &[])?;
    Ok(Exit::Done)
}
