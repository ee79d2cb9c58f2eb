//! The command line: the shape of every command, its flags and its help. The doc comments on
//! arguments are what people read in the terminal.
//!
//! What is inside a command is made when somebody asks for it (`defer`): to make all of them took a fifth
//! of the time of a whole run. A doc comment of a struct of arguments, or of an enum of commands, would
//! then take the place of the one on its variant, so that those have plain comments.

mod about;
mod activity;
mod api_clients;
mod backup;
pub mod completion;
mod doctor;
mod emails;
mod equivalent;
mod globals;
pub mod man;
mod mistake;
mod moving;
mod organisation_users;
mod organisations;
mod registration;
mod service;
mod shared;
mod sign_in;
mod topics;
mod users;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser, Subcommand};

pub use about::AboutCommand;
pub use activity::{ActivityCommand, ActivityList};
pub use api_clients::{
    ApiClientsAdd, ApiClientsCheck, ApiClientsCommand, ApiClientsDelete, ApiClientsEdit, ApiClientsList, ApiClientsRevoke, ApiClientsShow,
};
pub use backup::{BackupArguments, RestoreArguments};
pub use doctor::Doctor;
pub use emails::{EmailsCancel, EmailsCommand, EmailsList, EmailsResend, EmailsRetry, EmailsSend, EmailsShow, EmailsTest};
pub use equivalent::{equivalent, flag_with_value};
pub use globals::{Colour, GlobalArguments};
pub use mistake::{Unparsed, unparsed, wanted_colour, wants_json};
pub use moving::MoveArguments;
pub use organisation_users::{
    MemberArguments, OrganisationUsersAdd, OrganisationUsersEdit, OrganisationUsersHas, OrganisationUsersList, OrganisationUsersRemove,
    OrganisationUsersShow,
};
pub use organisations::{
    OrganisationsAdd, OrganisationsCommand, OrganisationsDelete, OrganisationsEdit, OrganisationsList, OrganisationsNoun, OrganisationsShow,
};
pub use service::{ServiceCommand, ServiceList, ServiceSet, ServiceShow};
pub use shared::{
    ChangeArguments, DryRunArguments, ExportArguments, FormatArguments, ImportArguments, OutputArguments, OutputFormat, PagingArguments,
    YesNo,
};
pub use sign_in::{IdentityArguments, SignInCheck, SignInCommand, SignInRecord};
pub use users::{
    Status, UserArguments, UserFilterArguments, UserType, UsersAdd, UsersCommand, UsersDelete, UsersEdit, UsersExists, UsersList,
    UsersNoun, UsersShow,
};

const EXAMPLES: &str = "\
Examples:
  frontdesk users list
  frontdesk users add
  frontdesk --service claim org users ALPHA
  frontdesk help users add

More help:
  frontdesk help accessibility  Screen readers, plain questions, colour
  frontdesk help environment    The environment variables
  frontdesk help exit-codes     What a script can tell from how a command ends
  frontdesk help formats        The formats of what is printed, and choosing fields";

/// Administer who can use a service
#[derive(Debug, Parser)]
#[command(name = "frontdesk", bin_name = "frontdesk", version, max_term_width = 100, after_help = EXAMPLES)]
#[command(arg_required_else_help = false, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    pub globals: GlobalArguments,
    /// Nothing opens the desk.
    #[command(subcommand)]
    pub command: Option<Command>,
}

// The commands.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum Command {
    /// List, add, edit and delete the users of the service
    #[command(disable_help_subcommand = true, arg_required_else_help = false)]
    Users(UsersNoun),
    /// List, add and change organisations, and the users who belong to them
    #[command(disable_help_subcommand = true, arg_required_else_help = false)]
    Org(OrganisationsNoun),
    /// Record a sign-in, or ask whether somebody would be let in
    #[command(subcommand, disable_help_subcommand = true, arg_required_else_help = false)]
    SignIn(SignInCommand),
    /// See, send and cancel the emails that changes have queued
    #[command(subcommand, disable_help_subcommand = true, arg_required_else_help = false)]
    Emails(EmailsCommand),
    /// See who changed what, and when
    #[command(subcommand, disable_help_subcommand = true, arg_required_else_help = false)]
    Activity(ActivityCommand),
    /// Create, list and revoke the tokens that programs use the API with, and check one
    #[command(subcommand, disable_help_subcommand = true, arg_required_else_help = false)]
    ApiClients(ApiClientsCommand),
    /// See and change the settings of the service
    #[command(subcommand, disable_help_subcommand = true, arg_required_else_help = false)]
    Service(ServiceCommand),
    /// Write a backup of the desk to a file, while everybody works on
    ///
    /// The file is of one moment, and whole and checked before it has its name; it never takes the place
    /// of another. It is a database like any other, for its owner’s eyes alone. A desk on a server is
    /// backed up by pg_dump.
    #[command(after_help = backup::BACKUP_EXAMPLES)]
    Backup(BackupArguments),
    /// Put a backup in the place of the desk, all of it or nothing
    ///
    /// The backup is checked first and only read. Whoever works in the desk goes on in the restored one;
    /// the desk as it was is kept in a file beside it, whose name is told. What was changed since the
    /// backup was made is in that file alone. An email that has gone since is not sent again.
    #[command(after_help = backup::RESTORE_EXAMPLES)]
    Restore(RestoreArguments),
    /// Set a shared database up, or bring it up to date
    ///
    /// A database on a server is set up and changed by nothing else, so that a newer frontdesk at one
    /// desk never stops the others. A file is brought up to date by the first command that opens it,
    /// after a copy of it was put beside it.
    Migrate,
    /// Move the whole desk to another database, a file or one on a server
    ///
    /// Everything is copied, history and settings too, all of it or nothing, into a database that holds
    /// no records yet. At the end both are counted and compared row by row. Nobody can change the old
    /// database meanwhile, and it is left as it was. A move that was interrupted has moved nothing:
    /// run it again.
    #[command(after_help = moving::EXAMPLES)]
    Move(MoveArguments),
    /// Check the database, its records, its files and the configuration
    ///
    /// Every check is one line that begins with OK, Note, Warning or Problem; a problem says what to do.
    /// Nothing is changed, and no email is sent. The exit code is 7 where there is a problem, else 0.
    #[command(after_help = doctor::EXAMPLES)]
    Doctor(Doctor),
    /// Show who you are, which service and database you work in, and what decided it
    Whoami(FormatArguments),
    #[command(flatten)]
    About(AboutCommand),
}

impl Cli {
    /// The format that was asked for, if the command has one.
    pub fn format(&self) -> Option<OutputFormat> {
        self.output().and_then(OutputArguments::chosen)
    }

    fn output(&self) -> Option<&OutputArguments> {
        self.command.as_ref().and_then(Command::output)
    }

    /// What to answer to a command about frontdesk itself, which is right whatever is wrong with the
    /// settings, on a terminal of this many columns or on none.
    pub fn about(&self, columns: Option<u16>) -> Option<Unparsed> {
        match &self.command {
            Some(Command::About(command)) => Some(command.answer(columns)),
            _ => None,
        }
    }

    /// What to answer to a command line that opens the desk, where there is no terminal to open it
    /// in.
    pub fn without_a_desk(&self) -> Option<Unparsed> {
        match &self.command {
            None => Some(mistake::help_of(None)),
            Some(Command::Users(UsersNoun { verb: None })) => Some(mistake::help_of(Some("users"))),
            Some(Command::Org(OrganisationsNoun { verb: None })) => Some(mistake::help_of(Some("org"))),
            Some(_) => None,
        }
    }
}

impl Command {
    fn output(&self) -> Option<&OutputArguments> {
        match self {
            Self::Users(noun) => noun.verb.as_ref().and_then(UsersCommand::output),
            Self::Org(noun) => noun.verb.as_ref().and_then(OrganisationsCommand::output),
            Self::SignIn(command) => Some(command.output()),
            Self::Emails(command) => command.output(),
            Self::Activity(ActivityCommand::List(list)) => Some(&list.format.output),
            Self::ApiClients(command) => Some(command.output()),
            Self::Service(command) => Some(command.output()),
            Self::Whoami(format) => Some(&format.output),
            Self::Backup(arguments) => Some(&arguments.output),
            Self::Restore(arguments) => Some(&arguments.output),
            Self::Move(arguments) => Some(&arguments.output),
            Self::Doctor(doctor) => Some(&doctor.output),
            Self::Migrate | Self::About(_) => None,
        }
    }
}

/// The shape of the whole command line, with what is made of a command only when it is asked for.
pub(crate) fn whole() -> clap::Command {
    let mut root = Cli::command();
    root.build();
    root
}

/// Reads a command line, whose first word is the name of the program.
///
/// # Errors
/// What clap says; [`unparsed`] tells what it means.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let cli = Cli::try_parse_from(arguments)?;
    // Not clap's to see: `--json` goes with `--format json` and contradicts every other format.
    match cli.output().and_then(OutputArguments::contradiction) {
        Some(format) => {
            let message = format!("the argument '--json' cannot be used with '--format {}'", format.key());
            Err(clap::Error::raw(ErrorKind::ArgumentConflict, message))
        }
        None => Ok(cli),
    }
}

#[cfg(test)]
mod tests;
