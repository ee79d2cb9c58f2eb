//! Mistakes on the command line that its shape alone does not show, for a run that cannot go on: they
//! are told before whatever else is wrong.

use super::{api_clients, fields, import, organisation_users, organisations, users};
use crate::cli::{
    ActivityCommand, ApiClientsCommand, ChangeArguments, Command, EmailsCommand, FormatArguments, ImportArguments, OrganisationsCommand,
    ServiceCommand, UsersCommand,
};
use crate::domain::activity::Entry;
use crate::domain::answers::Answers;
use crate::domain::api_client::ApiClient;
use crate::domain::notice::Email;
use crate::domain::organisation::Organisation;
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::service::Service;
use crate::domain::user::User;
use crate::error::Error;
use crate::output::record::Record;
use crate::output::services::ServiceListing;

/// What is wrong with a command line, if anything; whether the person could be asked decides what
/// may be left out.
pub fn mistake(command: Option<&Command>, is_asked: bool) -> Option<Error> {
    match command? {
        Command::Users(noun) => in_users(noun.verb.as_ref()?, is_asked),
        Command::Org(noun) => in_organisations(noun.verb.as_ref()?, is_asked),
        Command::Emails(EmailsCommand::List(arguments)) => of_fields::<Email>(&arguments.format),
        Command::Emails(EmailsCommand::Show(arguments)) => of_fields::<Email>(&arguments.format),
        Command::Activity(ActivityCommand::List(arguments)) => of_fields::<Entry>(&arguments.format),
        Command::ApiClients(command) => in_api_clients(command, is_asked),
        Command::Service(ServiceCommand::Show(arguments)) => of_fields::<Service>(&arguments.format),
        Command::Service(ServiceCommand::List(arguments)) => of_fields::<ServiceListing>(&arguments.format),
        Command::Whoami(arguments) => fields::refuse(arguments).err(),
        _ => None,
    }
}

fn in_users(verb: &UsersCommand, is_asked: bool) -> Option<Error> {
    match verb {
        UsersCommand::List(arguments) => of_fields::<User>(&arguments.format),
        UsersCommand::Show(arguments) => of_fields::<User>(&arguments.format),
        UsersCommand::Edit(arguments) => {
            lacks_answers(&arguments.answers(), &arguments.change, is_asked).then(users::edit::nothing_to_change)
        }
        UsersCommand::Delete(arguments) => needs_yes(&arguments.change, is_asked).then(users::delete::needs_yes),
        UsersCommand::Import(arguments) => in_import(arguments, is_asked),
        UsersCommand::Export(_) | UsersCommand::Exists(_) | UsersCommand::Add(_) => None,
    }
}

fn in_organisations(verb: &OrganisationsCommand, is_asked: bool) -> Option<Error> {
    match verb {
        OrganisationsCommand::List(arguments) => of_fields::<Organisation>(&arguments.format),
        OrganisationsCommand::Show(arguments) => of_fields::<Organisation>(&arguments.format),
        OrganisationsCommand::Edit(arguments) => {
            lacks_answers(&arguments.answers(), &arguments.change, is_asked).then(organisations::edit::nothing_to_change)
        }
        OrganisationsCommand::Delete(arguments) => needs_yes(&arguments.change, is_asked).then(organisations::delete::needs_yes),
        OrganisationsCommand::Users(arguments) => of_fields::<OrganisationUser>(&arguments.format),
        OrganisationsCommand::ShowUser(arguments) => of_fields::<OrganisationUser>(&arguments.format),
        OrganisationsCommand::EditUser(arguments) => {
            lacks_answers(&arguments.user.answers(), &arguments.change, is_asked).then(organisation_users::edit::nothing_to_change)
        }
        OrganisationsCommand::RemoveUser(arguments) => needs_yes(&arguments.change, is_asked).then(organisation_users::remove::needs_yes),
        OrganisationsCommand::Import(arguments) | OrganisationsCommand::ImportUsers(arguments) => in_import(arguments, is_asked),
        OrganisationsCommand::ExportUsers(_)
        | OrganisationsCommand::Add(_)
        | OrganisationsCommand::HasUser(_)
        | OrganisationsCommand::AddUser(_) => None,
    }
}

fn in_api_clients(command: &ApiClientsCommand, is_asked: bool) -> Option<Error> {
    match command {
        ApiClientsCommand::List(arguments) => of_fields::<ApiClient>(&arguments.format),
        ApiClientsCommand::Show(arguments) => of_fields::<ApiClient>(&arguments.format),
        ApiClientsCommand::Edit(arguments) => {
            lacks_answers(&arguments.answers(), &arguments.change, is_asked).then(api_clients::edit::nothing_to_change)
        }
        ApiClientsCommand::Revoke(arguments) => needs_yes(&arguments.change, is_asked).then(api_clients::revoke::needs_yes),
        ApiClientsCommand::Delete(arguments) => needs_yes(&arguments.change, is_asked).then(api_clients::delete::needs_yes),
        ApiClientsCommand::Add(_) | ApiClientsCommand::Check(_) => None,
    }
}

fn in_import(arguments: &ImportArguments, is_asked: bool) -> Option<Error> {
    if needs_yes(&arguments.change, is_asked) {
        return Some(import::needs_yes());
    }
    arguments.errors.as_deref().and_then(|path| import::refuse_standard_output(path).err())
}

/// With `--yes` nobody is asked either.
fn lacks_answers(answers: &Answers, change: &ChangeArguments, is_asked: bool) -> bool {
    answers.is_empty() && (change.yes || !is_asked)
}

fn needs_yes(change: &ChangeArguments, is_asked: bool) -> bool {
    !change.yes && !change.dry_run && !is_asked
}

fn of_fields<R: Record>(arguments: &FormatArguments) -> Option<Error> {
    fields::chosen::<R>(arguments).err()
}

#[cfg(test)]
mod tests {
    use super::mistake;
    use crate::cli::parse;

    fn told(line: &str, is_asked: bool) -> Option<String> {
        let words = line.split(' ').map(Into::into);
        mistake(parse(words).expect("a command").command.as_ref(), is_asked).map(|error| error.message)
    }

    #[test]
    fn with_yes_nobody_is_asked_what_to_change() {
        let nothing = Some("There is nothing to change".to_owned());
        for edit in ["users edit ann@education.gov.uk", "org edit ALPHA", "org edit-user ALPHA ann@education.gov.uk"] {
            assert_eq!(told(&format!("frontdesk {edit}"), true), None, "{edit}");
            assert_eq!(told(&format!("frontdesk {edit} --yes"), true), nothing, "{edit}");
            assert_eq!(told(&format!("frontdesk {edit}"), false), nothing, "{edit}");
        }
    }
}
