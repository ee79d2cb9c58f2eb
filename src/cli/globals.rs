//! The options that every command takes.

use clap::builder::{NonEmptyStringValueParser, PathBufValueParser, TypedValueParser as _};
use clap::{Args, ValueEnum, ValueHint};

use crate::config::{Flags, NamedDatabase};

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    Always,
    Never,
}

// Options for every command, before or after its name.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options for every command")]
pub struct GlobalArguments {
    /// Work in this service: register, claim, publish, or one from your configuration file
    ///
    /// Without it the service is FRONTDESK_SERVICE, ‘service’ in the configuration file, the one
    /// that the database belongs to, or register.
    #[arg(long, global = true, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub service: Option<String>,

    /// Keep the records in this file, or at this postgresql:// address, instead of the service’s own
    ///
    /// Without it the database is FRONTDESK_DATABASE, the service’s ‘database’ in the configuration
    /// file, or NAME.db in your data directory. ‘frontdesk whoami’ shows which. Rather than into an
    /// address, which other users of this machine can see, put a password into PGPASSWORD or the
    /// file ~/.pgpass.
    #[arg(long, global = true, value_name = "PATH|URL", value_hint = ValueHint::AnyPath, value_parser = PathBufValueParser::new().map(NamedDatabase::from))]
    pub database: Option<NamedDatabase>,

    /// Act as the user with this email address (or set FRONTDESK_AS)
    #[arg(long = "as", global = true, value_name = "EMAIL", value_parser = NonEmptyStringValueParser::new())]
    pub actor: Option<String>,

    /// Never ask anything: what is missing is an error (or set FRONTDESK_NO_INPUT=yes)
    #[arg(long, global = true)]
    pub no_input: bool,

    /// Say nothing but what was asked for, warnings and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say more: which files are used, and what lies beneath an error
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// When to use colour
    #[arg(long = "color", global = true, value_name = "WHEN", value_enum, default_value_t, hide_default_value = true)]
    pub colour: Colour,

    /// Ask in plain numbered questions, for screen readers (or set FRONTDESK_ACCESSIBLE=yes)
    #[arg(long, global = true)]
    pub accessible: bool,
}

impl From<&GlobalArguments> for Flags {
    fn from(arguments: &GlobalArguments) -> Self {
        Self {
            service: arguments.service.clone(),
            database: arguments.database.clone(),
            actor: arguments.actor.clone(),
            accessible: arguments.accessible,
            no_input: arguments.no_input,
        }
    }
}
