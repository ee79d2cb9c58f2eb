//! `frontdesk service list`: the services that this machine knows, and where their databases are.

use crate::cli::ServiceList;
use crate::commands::Session;
use crate::commands::session::command_with;
use crate::domain::database::DatabaseAddress;
use crate::domain::page::{Listing, PageRequest, PastTheEnd};
use crate::error::Result;
use crate::exit::Exit;
use crate::output::list::ListView;
use crate::output::services::ServiceListing;
use crate::output::style::View;

pub fn run(arguments: &ServiceList, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<ServiceListing>(&arguments.format)?;
    let rows: Vec<_> = session
        .settings
        .services
        .iter()
        .map(|service| {
            let database = service.database.as_ref().map(|database| &database.value);
            ServiceListing {
                name: service.name.clone(),
                kind: service.kind,
                database: database.map(ToString::to_string).unwrap_or_default(),
                exists: match database {
                    Some(DatabaseAddress::File(path)) => Some(path.exists()),
                    // No server is asked only to list it.
                    Some(DatabaseAddress::Server(_)) => None,
                    None => Some(false),
                },
            }
        })
        .collect();
    let page = PageRequest::All.within(rows.len() as u64, PastTheEnd::Empty);
    // The database that was named is that of one service.
    let actor: Vec<_> = session.flags_of_desk().into_iter().filter(|(flag, _)| *flag == "--as").collect();
    let about = ListView {
        heading: "Services",
        nobody: "There are no services.",
        organisation: None,
        page_command: &|_page| String::new(),
        open_command: Some(&command_with("--service NAME service show", &actor)),
        view: View { now: session.clock.now(), has_api_users: session.settings.kind.has_api_users() },
    };
    session.printer.list(&Listing { rows, page, asked_for: None }, &about)?;
    Ok(Exit::Done)
}
