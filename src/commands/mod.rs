//! One file a verb: arguments become an operation, and what came of it is printed. No rule and no
//! query is here.

mod activity;
mod api_clients;
mod desk;
mod doctor;
mod emails;
mod export;
mod fields;
mod finish;
mod import;
mod journey;
mod migrate;
mod mistake;
mod moving;
mod organisation_users;
mod organisations;
mod service;
mod session;
mod sign_in;
mod style;
mod users;
mod whoami;
mod whole_file;

pub use self::fields::fields_of;
pub use self::mistake::mistake;
pub use self::session::{Session, changed_environment, words_of_desk};
pub use self::style::{progress, prompter, questions_unseen, style, style_of_mistake};
use crate::cli::{
    ActivityCommand, ApiClientsCommand, Command, EmailsCommand, OrganisationsCommand, ServiceCommand, SignInCommand, UsersCommand,
};
use crate::domain::import::ImportKind;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops;

/// Runs a command to its end; without one, opens the desk.
///
/// # Errors
/// What the command could not do; nothing was changed unless the error says so.
pub fn run(command: Option<&Command>, session: &mut Session<'_>) -> Result<Exit> {
    let Some(command) = command else { return desk::run(desk::Place::Start, session) };
    match command {
        Command::Users(noun) => run_users(noun.verb.as_ref(), session),
        Command::Org(noun) => run_organisations(noun.verb.as_ref(), session),
        Command::SignIn(SignInCommand::Record(arguments)) => sign_in::record(arguments, session),
        Command::SignIn(SignInCommand::Check(arguments)) => sign_in::check(arguments, session),
        Command::Emails(EmailsCommand::List(arguments)) => emails::list::run(arguments, session),
        Command::Emails(EmailsCommand::Show(arguments)) => emails::show::run(arguments, session),
        Command::Emails(EmailsCommand::Send(arguments)) => emails::send::run(arguments, session),
        Command::Emails(EmailsCommand::Retry(arguments)) => emails::retry::run(arguments, session),
        Command::Emails(EmailsCommand::Cancel(arguments)) => emails::cancel::run(arguments, session),
        Command::Emails(EmailsCommand::Resend(arguments)) => emails::resend::run(arguments, session),
        Command::Emails(EmailsCommand::Test(arguments)) => emails::test::run(arguments, session),
        Command::Activity(ActivityCommand::List(arguments)) => activity::run(arguments, session),
        Command::ApiClients(command) => run_api_clients(command, session),
        Command::Service(ServiceCommand::Show(arguments)) => service::show::run(arguments, session),
        Command::Service(ServiceCommand::Set(arguments)) => service::set::run(arguments, session),
        Command::Service(ServiceCommand::List(arguments)) => service::list::run(arguments, session),
        Command::Migrate => migrate::run(session),
        Command::Move(arguments) => moving::run(arguments, session),
        Command::Doctor(arguments) => doctor::run(arguments, session),
        Command::Whoami(arguments) => whoami::run(arguments, session),
        // Answered before there is a session: it needs none.
        Command::About(_) => Ok(Exit::Done),
    }
}

fn run_users(verb: Option<&UsersCommand>, session: &mut Session<'_>) -> Result<Exit> {
    match verb {
        None => desk::run(desk::Place::Users, session),
        Some(UsersCommand::List(arguments)) => users::list::run(arguments, session),
        Some(UsersCommand::Show(arguments)) => users::show::run(arguments, session),
        Some(UsersCommand::Exists(arguments)) => users::exists::run(arguments, session),
        Some(UsersCommand::Add(arguments)) => users::add::run(arguments, session),
        Some(UsersCommand::Edit(arguments)) => users::edit::run(arguments, session),
        Some(UsersCommand::Delete(arguments)) => users::delete::run(arguments, session),
        Some(UsersCommand::Export(arguments)) => export::users(arguments, session),
        Some(UsersCommand::Import(arguments)) => import::run(ImportKind::Users, ops::users::import, arguments, session),
    }
}

fn run_organisations(verb: Option<&OrganisationsCommand>, session: &mut Session<'_>) -> Result<Exit> {
    match verb {
        None => desk::run(desk::Place::Organisations, session),
        Some(OrganisationsCommand::List(arguments)) => organisations::list::run(arguments, session),
        Some(OrganisationsCommand::Show(arguments)) => organisations::show::run(arguments, session),
        Some(OrganisationsCommand::Add(arguments)) => organisations::add::run(arguments, session),
        Some(OrganisationsCommand::Edit(arguments)) => organisations::edit::run(arguments, session),
        Some(OrganisationsCommand::Delete(arguments)) => organisations::delete::run(arguments, session),
        Some(OrganisationsCommand::Users(arguments)) => organisation_users::list::run(arguments, session),
        Some(OrganisationsCommand::ShowUser(arguments)) => organisation_users::show::run(arguments, session),
        Some(OrganisationsCommand::HasUser(arguments)) => organisation_users::has::run(arguments, session),
        Some(OrganisationsCommand::AddUser(arguments)) => organisation_users::add::run(arguments, session),
        Some(OrganisationsCommand::EditUser(arguments)) => organisation_users::edit::run(arguments, session),
        Some(OrganisationsCommand::RemoveUser(arguments)) => organisation_users::remove::run(arguments, session),
        Some(OrganisationsCommand::ExportUsers(arguments)) => export::organisation_users(arguments, session),
        Some(OrganisationsCommand::Import(arguments)) => {
            import::run(ImportKind::Organisations, ops::organisations::import, arguments, session)
        }
        Some(OrganisationsCommand::ImportUsers(arguments)) => {
            import::run(ImportKind::OrganisationUsers, ops::organisation_users::import, arguments, session)
        }
    }
}

fn run_api_clients(command: &ApiClientsCommand, session: &mut Session<'_>) -> Result<Exit> {
    match command {
        ApiClientsCommand::List(arguments) => api_clients::list::run(arguments, session),
        ApiClientsCommand::Show(arguments) => api_clients::show::run(arguments, session),
        ApiClientsCommand::Add(arguments) => api_clients::add::run(arguments, session),
        ApiClientsCommand::Edit(arguments) => api_clients::edit::run(arguments, session),
        ApiClientsCommand::Revoke(arguments) => api_clients::revoke::run(arguments, session),
        ApiClientsCommand::Delete(arguments) => api_clients::delete::run(arguments, session),
        ApiClientsCommand::Check(arguments) => api_clients::check::run(arguments, session),
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Subcommand as _};

    use crate::cli::{AboutCommand, Cli};
    use crate::output::flow::DESK_COMMANDS;

    #[test]
    fn every_command_that_is_not_about_the_program_works_on_a_desk() {
        let root = Cli::command();
        let works_on_desk = root.get_subcommands().map(clap::Command::get_name).filter(|name| !AboutCommand::has_subcommand(name));
        assert_eq!(works_on_desk.collect::<Vec<_>>(), DESK_COMMANDS);
    }
}
