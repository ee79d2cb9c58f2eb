//! The command line: the shape of every command, its flags and its help. The doc comments on
//! arguments are what people read in the terminal.

mod activity;
mod emails;
mod globals;
mod mistake;
mod service;
mod shared;
mod sign_in;
mod users;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

pub use activity::{ActivityCommand, ActivityList};
pub use emails::{EmailsCancel, EmailsCommand, EmailsList, EmailsResend, EmailsRetry, EmailsSend, EmailsShow, EmailsTest};
pub use globals::{Colour, GlobalArguments};
pub use mistake::{Unparsed, unparsed, wants_json};
pub use service::{ServiceCommand, ServiceList, ServiceSet, ServiceShow};
pub use shared::{ChangeArguments, DryRunArguments, FormatArguments, OutputArguments, OutputFormat, PagingArguments, YesNo};
pub use sign_in::{IdentityArguments, SignInCheck, SignInCommand, SignInRecord};
pub use users::{
    Status, UserArguments, UserFilterArguments, UserType, UsersAdd, UsersCommand, UsersDelete, UsersEdit, UsersExists, UsersList, UsersShow,
};

const EXAMPLES: &str = "\
Examples:
  frontdesk users list
  frontdesk users add
  frontdesk --service claim users show ann.abel@education.gov.uk
  frontdesk help users add";

/// Administer who can use a service
#[derive(Debug, Parser)]
#[command(name = "frontdesk", bin_name = "frontdesk", version, max_term_width = 100, after_help = EXAMPLES)]
#[command(arg_required_else_help = false)]
pub struct Cli {
    #[command(flatten)]
    pub globals: GlobalArguments,
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List, add, edit and delete the users of the service
    #[command(subcommand, disable_help_subcommand = true, arg_required_else_help = false)]
    Users(UsersCommand),
    /// Record a sign-in, or ask whether somebody would be let in
    #[command(subcommand, disable_help_subcommand = true, arg_required_else_help = false)]
    SignIn(SignInCommand),
    /// See, send and cancel the emails that changes have queued
    #[command(subcommand, disable_help_subcommand = true, arg_required_else_help = false)]
    Emails(EmailsCommand),
    /// See who changed what, and when
    #[command(subcommand, disable_help_subcommand = true, arg_required_else_help = false)]
    Activity(ActivityCommand),
    /// See and change the settings of the service
    #[command(subcommand, disable_help_subcommand = true, arg_required_else_help = false)]
    Service(ServiceCommand),
    /// Show who you are, which service and database you work in, and what decided it
    Whoami(FormatArguments),
}

impl Cli {
    /// The format that was asked for, if the command has one.
    pub fn format(&self) -> Option<OutputFormat> {
        self.command.output().and_then(OutputArguments::chosen)
    }
}

impl Command {
    fn output(&self) -> Option<&OutputArguments> {
        match self {
            Self::Users(command) => command.output(),
            Self::SignIn(command) => Some(command.output()),
            Self::Emails(command) => command.output(),
            Self::Activity(ActivityCommand::List(list)) => Some(&list.format.output),
            Self::Service(command) => Some(command.output()),
            Self::Whoami(format) => Some(&format.output),
        }
    }
}

/// Reads a command line, whose first word is the name of the program.
///
/// # Errors
/// What clap says; [`unparsed`] tells what it means.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let cli = Cli::try_parse_from(arguments)?;
    // Not clap's to see: `--json` goes with `--format json` and contradicts every other format.
    match cli.command.output().and_then(OutputArguments::contradiction) {
        Some(format) => {
            let message = format!("the argument '--json' cannot be used with '--format {}'", format.key());
            Err(clap::Error::raw(ErrorKind::ArgumentConflict, message))
        }
        None => Ok(cli),
    }
}

#[cfg(test)]
mod tests;
