//! `frontdesk users list` (seeds 000, “Users list”).

use crate::cli::{FormatArguments, PagingArguments, UsersList};
use crate::commands::Session;
use crate::commands::finish::{Words, exit_of};
use crate::commands::session::page_command;
use crate::domain::change::Outcome;
use crate::domain::user::User;
use crate::domain::user_filter::UserFilter;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::delivery::Deliveries;
use crate::ops::desk::Desk;
use crate::ops::users;
use crate::output::list::ListView;

pub fn run(arguments: &UsersList, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<User>(&arguments.format)?;
    let mut desk = session.look()?;
    let mut flags = session.flags_of_list(&arguments.format);
    flags.extend(arguments.filter.words().into_iter().map(|(flag, value)| (flag, value.to_owned())));
    print(session, &mut desk, (&arguments.filter).into(), &arguments.paging, &flags)?;
    Ok(Exit::Done)
}

/// Prints a page of users; `flags` are those that another page of the same list needs too.
fn print(
    session: &mut Session<'_>,
    desk: &mut Desk,
    filter: UserFilter,
    paging: &PagingArguments,
    flags: &[(&'static str, String)],
) -> Result<()> {
    let listing = users::list(desk, filter, session.paging(paging))?;
    let about = ListView {
        heading: "Users",
        nobody: "There are no users.",
        page_command: &|page| page_command("users list", flags, paging, page),
        open_command: Some("frontdesk users show EMAIL"),
        view: session.view(desk),
    };
    session.printer.list(&listing, &about)
}

/// Ends a journey as the screens do: the list, with the banner of the change above its heading.
///
/// # Errors
/// The output cannot be written, or the list not be read.
pub fn list_with_banner(
    session: &mut Session<'_>,
    desk: &mut Desk,
    mut outcome: Outcome<User>,
    words: Words<'_>,
    require_delivery: bool,
) -> Result<Exit> {
    let deliveries = session.deliver_emails(desk, &mut outcome);
    tell(session, desk, &outcome, &deliveries, words.banner).map_err(Error::after_the_change)?;
    Ok(exit_of(&outcome, require_delivery))
}

fn tell(session: &mut Session<'_>, desk: &mut Desk, outcome: &Outcome<User>, deliveries: &Deliveries, banner: &str) -> Result<()> {
    session.tell_emails(&outcome.emails)?;
    session.printer.note("")?;
    session.tell_of_creation(desk)?;
    session.printer.success(banner)?;
    session.printer.note("")?;
    let flags = session.flags_of_list(&FormatArguments::default());
    print(session, desk, UserFilter::default(), &PagingArguments::default(), &flags)?;
    session.tell_delivered(deliveries)?;
    session.tell_waiting(outcome)
}
