//! `frontdesk activity list`.

use crate::cli::ActivityList;
use crate::commands::Session;
use crate::commands::session::page_command;
use crate::domain::activity::Entry;
use crate::domain::organisation::WhichOrganisation;
use crate::domain::who::Who;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::activity::{self, Filter};
use crate::output::list::{self, ListView};

pub fn run(arguments: &ActivityList, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<Entry>(&arguments.format)?;
    let paging = session.paging(&arguments.paging);
    let who = arguments.user.as_deref().map(Who::new);
    let which = arguments.organisation.as_deref().map(WhichOrganisation::new);
    let filter = Filter { about: who.as_ref().map(|who| (who, arguments.kind)), organisation: which.as_ref() };
    let mut desk = session.look()?;
    let listing = activity::list(&mut desk, filter, paging)?;
    let mut flags = session.flags_of_list(&arguments.format);
    flags.extend(arguments.user.clone().map(|who| ("--user", who)));
    flags.extend(arguments.kind.map(|kind| ("--kind", kind.key().to_owned())));
    flags.extend(arguments.organisation.clone().map(|which| ("--org", which)));
    let is_filtered = filter.about.is_some() || filter.organisation.is_some();
    let view = ListView {
        heading: "Activity",
        nobody: &list::nobody("There is no activity", "matches", None, is_filtered),
        organisation: None,
        page_command: &|page| page_command("activity list", &flags, &arguments.paging, page),
        open_command: None,
        view: session.view(&desk),
    };
    session.printer.list(&listing, &view)?;
    Ok(Exit::Done)
}
