//! `frontdesk users list` (seeds 000, “Users list”).

use crate::cli::UsersList;
use crate::commands::Session;
use crate::commands::session::page_command;
use crate::domain::user::User;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::users;
use crate::output::list::ListView;

pub fn run(arguments: &UsersList, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<User>(&arguments.format)?;
    let paging = session.paging(&arguments.paging);
    let mut desk = session.look()?;
    let listing = users::list(&mut desk, (&arguments.filter).into(), paging)?;
    let mut flags = session.flags_of_list(&arguments.format);
    flags.extend(arguments.filter.words().into_iter().map(|(flag, value)| (flag, value.to_owned())));
    let about = ListView {
        heading: "Users",
        nobody: "There are no users.",
        page_command: &|page| page_command("users list", &flags, &arguments.paging, page),
        open_command: Some("frontdesk users show EMAIL"),
        view: session.view(&desk),
    };
    session.printer.list(&listing, &about)?;
    Ok(Exit::Done)
}
