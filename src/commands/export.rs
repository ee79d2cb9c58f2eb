//! `frontdesk users export` and `frontdesk org export-users`: rows as they come, to standard output or to a
//! file that is whole or not there.

use crate::cli::{ExportArguments, YesNo};
use crate::commands::Session;
use crate::commands::whole_file::WholeFile;
use crate::domain::import::ImportKind;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::desk::Desk;
use crate::ops::{organisation_users, service, users};
use crate::output::delimited::Csv;

const UNWRITABLE: &str = "Nothing was written. Check the directory and the room on its disk, or give another path with --output.";

pub fn users(arguments: &ExportArguments, session: &mut Session<'_>) -> Result<Exit> {
    let fields = |desk: &Desk| ImportKind::Users.exported(desk.kind);
    export(ImportKind::Users, arguments, session, |desk, signed_in, csv| {
        let fields = fields(desk);
        users::export(desk, signed_in, |user| {
            let values = user.details.fields().into_iter().filter(|(field, _)| fields.contains(field));
            csv.row(values.map(|(_, value)| value))
        })
    })
}

pub fn organisation_users(arguments: &ExportArguments, session: &mut Session<'_>) -> Result<Exit> {
    export(ImportKind::OrganisationUsers, arguments, session, |desk, signed_in, csv| {
        organisation_users::export(desk, signed_in, |code, person| {
            csv.row([code].into_iter().chain(person.fields().map(|(_, value)| value)))
        })
    })
}

fn export(
    kind: ImportKind,
    arguments: &ExportArguments,
    session: &mut Session<'_>,
    write: impl FnOnce(&mut Desk, Option<bool>, &mut Csv<'_>) -> Result<()>,
) -> Result<Exit> {
    let mut desk = session.look()?;
    // Before the header: a refusal leaves standard output empty.
    service::check_may_administer(&mut desk)?;
    let header: Vec<&str> = kind.exported(desk.kind).into_iter().map(|field| field.key()).collect();
    let signed_in = arguments.signed_in.map(|answer| answer == YesNo::Yes);
    let Some(path) = arguments.output.as_deref().filter(|path| path.as_os_str() != "-") else {
        session.printer.rows(&header, |csv| write(&mut desk, signed_in, csv))?;
        return Ok(Exit::Done);
    };
    let mut file = WholeFile::begin(path, UNWRITABLE)?;
    let written = Csv::new(&mut file, header).and_then(|mut csv| {
        write(&mut desk, signed_in, &mut csv)?;
        csv.finish()
    });
    written.map_err(|error| file.explained(error))?;
    file.keep()?;
    session.printer.success(&format!("Written to {}", path.display()))?;
    Ok(Exit::Done)
}
