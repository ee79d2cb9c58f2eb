//! `frontdesk users list` (seeds 000, “Users list”).

use crate::cli::{PagingArguments, UsersList};
use crate::commands::Session;
use crate::commands::journey::list_command;
use crate::commands::session::{command_with, page_command};
use crate::domain::search::Search;
use crate::domain::user::User;
use crate::domain::user_filter::UserFilter;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::desk::Desk;
use crate::ops::users;
use crate::output::list::{self, ListView};

/// What is said in place of an empty list.
pub fn nobody(search: Option<&Search>, is_filtered: bool) -> String {
    list::nobody("There are no users", "match", search.map(Search::as_typed), is_filtered)
}

pub fn run(arguments: &UsersList, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<User>(&arguments.format)?;
    let mut desk = session.look()?;
    let mut flags = session.flags_of_list(&arguments.format);
    flags.extend(arguments.filter.words());
    print(session, &mut desk, &(&arguments.filter).into(), &arguments.paging, &flags)?;
    Ok(Exit::Done)
}

/// Prints a page of users; `flags` are those that another page of the same list needs too.
fn print(
    session: &mut Session<'_>,
    desk: &mut Desk,
    filter: &UserFilter,
    paging: &PagingArguments,
    flags: &[(&'static str, String)],
) -> Result<()> {
    let listing = users::list(desk, filter, session.paging(paging))?;
    let about = ListView {
        heading: "Users",
        nobody: &nobody(filter.search.as_ref(), !UserFilter { search: None, ..filter.clone() }.is_everybody()),
        organisation: None,
        page_command: &|page| page_command("users list", flags, paging, page),
        open_command: Some(&command_with("users show EMAIL", &session.flags_of_desk())),
        view: session.view(desk),
    };
    session.printer.list(&listing, &about)
}

/// Prints the first page of everybody, at the end of a journey.
///
/// # Errors
/// The output cannot be written, or the list not be read.
pub fn print_first(session: &mut Session<'_>, desk: &mut Desk) -> Result<()> {
    let (paging, flags) = list_command(session);
    print(session, desk, &UserFilter::default(), &paging, &flags)
}
