//! `frontdesk api-clients list`.

use crate::cli::{ApiClientsList, PagingArguments};
use crate::commands::Session;
use crate::commands::journey::list_command;
use crate::commands::session::{command_with, page_command};
use crate::domain::api_client::ApiClient;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::api_clients;
use crate::ops::desk::Desk;
use crate::output::list::ListView;

/// What is said in place of an empty list.
pub const NOBODY: &str = "There are no API clients.";

pub fn run(arguments: &ApiClientsList, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<ApiClient>(&arguments.format)?;
    let mut desk = session.look()?;
    let flags = session.flags_of_list(&arguments.format);
    print(session, &mut desk, &arguments.paging, &flags)?;
    Ok(Exit::Done)
}

fn print(session: &mut Session<'_>, desk: &mut Desk, paging: &PagingArguments, flags: &[(&'static str, String)]) -> Result<()> {
    let listing = api_clients::list(desk, session.paging(paging))?;
    let about = ListView {
        heading: "API clients",
        nobody: NOBODY,
        organisation: None,
        page_command: &|page| page_command("api-clients list", flags, paging, page),
        open_command: Some(&command_with("api-clients show ID", &session.flags_of_desk())),
        view: session.view(desk),
    };
    session.printer.list(&listing, &about)
}

/// Prints the first page of the API clients, at the end of a journey.
///
/// # Errors
/// The output cannot be written, or the list not be read.
pub fn print_first(session: &mut Session<'_>, desk: &mut Desk) -> Result<()> {
    let (paging, flags) = list_command(session);
    print(session, desk, &paging, &flags)
}
