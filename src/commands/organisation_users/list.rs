//! `frontdesk org users` (seeds 002, “User list”).

use crate::cli::{OrganisationUsersList, PagingArguments, YesNo};
use crate::commands::Session;
use crate::commands::journey::list_command;
use crate::commands::session::{command_with, page_command};
use crate::domain::organisation::WhichOrganisation;
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::search::Search;
use crate::domain::yes_no;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::desk::Desk;
use crate::ops::organisation_users;
use crate::output::list::{self, ListView};

pub fn run(arguments: &OrganisationUsersList, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<OrganisationUser>(&arguments.format)?;
    let mut desk = session.look()?;
    let signed_in = arguments.signed_in.map(|answer| answer == YesNo::Yes);
    let search = arguments.search.as_ref();
    let mut flags = session.flags_of_list(&arguments.format);
    flags.extend(search.map(|search| ("--search", search.as_typed().to_owned())));
    flags.extend(signed_in.map(|answer| ("--signed-in", yes_no::word(answer).to_owned())));
    let wanted = Wanted { signed_in, search };
    print(session, &mut desk, &arguments.organisation.which(), wanted, &arguments.paging, &flags)?;
    Ok(Exit::Done)
}

/// Which of an organisation's users are listed.
#[derive(Clone, Copy, Default)]
struct Wanted<'a> {
    signed_in: Option<bool>,
    search: Option<&'a Search>,
}

fn print(
    session: &mut Session<'_>,
    desk: &mut Desk,
    which: &WhichOrganisation,
    wanted: Wanted<'_>,
    paging: &PagingArguments,
    flags: &[(&'static str, String)],
) -> Result<()> {
    let (organisation, listing) = organisation_users::list(desk, which, wanted.signed_in, wanted.search, session.paging(paging))?;
    let reference = organisation.reference();
    let named = reference.argument();
    let about = ListView {
        heading: "Users",
        nobody: &nobody(&organisation.details.name, wanted.search, wanted.signed_in.is_some()),
        organisation: Some(&organisation),
        page_command: &|page| page_command(&format!("org users {named}"), flags, paging, page),
        open_command: Some(&command_with(&format!("org show-user {named} EMAIL"), &session.flags_of_desk())),
        view: session.view(desk),
    };
    session.printer.list(&listing, &about)
}

/// What is said in place of an empty list.
pub fn nobody(organisation: &str, search: Option<&Search>, is_filtered: bool) -> String {
    list::nobody(&format!("There are no users for {organisation}"), "match", search.map(Search::as_typed), is_filtered)
}

/// Prints the first page of an organisation's users, at the end of a journey.
///
/// # Errors
/// The output cannot be written, or the list not be read.
pub fn print_first(session: &mut Session<'_>, desk: &mut Desk, which: &WhichOrganisation) -> Result<()> {
    let (paging, flags) = list_command(session);
    print(session, desk, which, Wanted::default(), &paging, &flags)
}
