//! Mistakes on the command line that its shape alone does not show, for a run that cannot go on: they
//! are told before whatever else is wrong.

use super::users::{delete, edit};
use crate::cli::{ActivityCommand, Command, EmailsCommand, FormatArguments, ServiceCommand, UsersCommand};
use crate::domain::activity::Entry;
use crate::domain::notice::Email;
use crate::domain::service::Service;
use crate::domain::user::User;
use crate::error::Error;
use crate::output::fields;
use crate::output::record::Record;
use crate::output::services::ServiceListing;

/// What is wrong with a command line, if anything; whether the person could be asked decides what
/// may be left out.
pub fn mistake(command: Option<&Command>, is_asked: bool) -> Option<Error> {
    match command? {
        Command::Users(noun) => match noun.verb.as_ref()? {
            UsersCommand::List(arguments) => of_fields::<User>(&arguments.format),
            UsersCommand::Show(arguments) => of_fields::<User>(&arguments.format),
            UsersCommand::Edit(arguments) => (arguments.answers().is_empty() && !is_asked).then(edit::nothing_to_change),
            UsersCommand::Delete(arguments) => {
                let change = &arguments.change;
                (!change.yes && !change.dry_run && !is_asked).then(delete::needs_yes)
            }
            UsersCommand::Exists(_) | UsersCommand::Add(_) => None,
        },
        Command::Emails(EmailsCommand::List(arguments)) => of_fields::<Email>(&arguments.format),
        Command::Emails(EmailsCommand::Show(arguments)) => of_fields::<Email>(&arguments.format),
        Command::Activity(ActivityCommand::List(arguments)) => of_fields::<Entry>(&arguments.format),
        Command::Service(ServiceCommand::Show(arguments)) => of_fields::<Service>(&arguments.format),
        Command::Service(ServiceCommand::List(arguments)) => of_fields::<ServiceListing>(&arguments.format),
        _ => None,
    }
}

fn of_fields<R: Record>(arguments: &FormatArguments) -> Option<Error> {
    let names = arguments.fields.as_ref()?;
    fields::resolve(R::FIELDS, &names.join(",")).err()
}
