//! `frontdesk activity list`.

use crate::cli::ActivityList;
use crate::commands::Session;
use crate::commands::session::page_command;
use crate::domain::activity::Entry;
use crate::domain::who::Who;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::activity;
use crate::output::list::ListView;

pub fn run(arguments: &ActivityList, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<Entry>(&arguments.format)?;
    let paging = session.paging(&arguments.paging);
    let about = arguments.user.as_deref().map(Who::new);
    let mut desk = session.look()?;
    let listing = activity::list(&mut desk, about.as_ref(), paging)?;
    let mut flags = session.flags_of_list(&arguments.format);
    flags.extend(arguments.user.clone().map(|who| ("--user", who)));
    let view = ListView {
        heading: "Activity",
        nobody: "There is no activity.",
        page_command: &|page| page_command("activity list", &flags, &arguments.paging, page),
        open_command: None,
        view: session.view(&desk),
    };
    session.printer.list(&listing, &view)?;
    Ok(Exit::Done)
}
