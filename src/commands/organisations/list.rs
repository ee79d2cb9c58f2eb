//! `frontdesk org list`.

use crate::cli::{OrganisationsList, PagingArguments};
use crate::commands::Session;
use crate::commands::journey::list_command;
use crate::commands::session::{command_with, page_command};
use crate::domain::organisation::Organisation;
use crate::domain::search::Search;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::desk::Desk;
use crate::ops::organisations;
use crate::output::list::{self, ListView};

/// What is said in place of an empty list.
pub fn nobody(search: Option<&Search>) -> String {
    list::nobody("There are no organisations", "match", search.map(Search::as_typed), false)
}

pub fn run(arguments: &OrganisationsList, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<Organisation>(&arguments.format)?;
    let mut desk = session.look()?;
    let mut flags = session.flags_of_list(&arguments.format);
    flags.extend(arguments.search.as_ref().map(|search| ("--search", search.as_typed().to_owned())));
    print(session, &mut desk, arguments.search.as_ref(), &arguments.paging, &flags)?;
    Ok(Exit::Done)
}

fn print(
    session: &mut Session<'_>,
    desk: &mut Desk,
    search: Option<&Search>,
    paging: &PagingArguments,
    flags: &[(&'static str, String)],
) -> Result<()> {
    let listing = organisations::list(desk, search, session.paging(paging))?;
    let about = ListView {
        heading: "Organisations",
        nobody: &nobody(search),
        organisation: None,
        page_command: &|page| page_command("org list", flags, paging, page),
        open_command: Some(&command_with("org show CODE", &session.flags_of_desk())),
        view: session.view(desk),
    };
    session.printer.list(&listing, &about)
}

/// Prints the first page of all organisations, at the end of a journey.
///
/// # Errors
/// The output cannot be written, or the list not be read.
pub fn print_first(session: &mut Session<'_>, desk: &mut Desk) -> Result<()> {
    let (paging, flags) = list_command(session);
    print(session, desk, None, &paging, &flags)
}
