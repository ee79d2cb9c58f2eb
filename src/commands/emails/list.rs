//! `frontdesk emails list`.

use crate::cli::EmailsList;
use crate::commands::Session;
use crate::commands::session::{command_with, page_command};
use crate::domain::notice::Email;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::emails;
use crate::output::list::{self, ListView};

pub fn run(arguments: &EmailsList, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<Email>(&arguments.format)?;
    let paging = session.paging(&arguments.paging);
    let mut desk = session.look()?;
    let listing = emails::list(&mut desk, arguments.status, paging)?;
    let mut flags = session.flags_of_list(&arguments.format);
    flags.extend(arguments.status.map(|status| ("--status", status.key().to_owned())));
    let about = ListView {
        heading: "Emails",
        nobody: &list::nobody("There are no emails", "match", None, arguments.status.is_some()),
        organisation: None,
        page_command: &|page| page_command("emails list", &flags, &arguments.paging, page),
        open_command: Some(&command_with("emails show ID", &session.flags_of_desk())),
        view: session.view(&desk),
    };
    session.printer.list(&listing, &about)?;
    Ok(Exit::Done)
}
