//! Where the values of an argument come from. An argument is known by its id, so that one with the
//! same meaning completes in every command that has it.

use clap::Arg;

/// The id of the organisation that a command is about.
pub const ORGANISATION: &str = "organisation";

/// What could stand for an argument, where its definition does not list it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Services,
    /// The service’s own users.
    Users,
    /// The users of the organisation that was typed before.
    Members,
    /// Everybody with an account.
    Everybody,
    Organisations,
    /// The emails that the command can do something with.
    Emails,
    ApiClients,
    /// The fields of what the command prints.
    Fields,
    Environments,
    /// The values of the setting that was typed before.
    SettingValues,
    YesNo,
    /// The commands and the topics of the help.
    CommandsAndTopics,
    Commands,
}

impl Source {
    /// The source of an argument of a command: one under this noun, which may name an organisation too.
    pub fn of(argument: &Arg, noun: &str, names_organisation: bool) -> Option<Self> {
        let is_yes_or_no = || argument.get_value_names().is_some_and(|names| names.iter().any(|name| *name == "YES|NO"));
        Some(match argument.get_id().as_str() {
            "service" => Self::Services,
            "actor" | "user" => Self::Everybody,
            "who" if names_organisation => Self::Members,
            "who" if noun == "users" => Self::Users,
            "who" => Self::Everybody,
            ORGANISATION => Self::Organisations,
            "id" if noun == "emails" => Self::Emails,
            "id" if noun == "api-clients" => Self::ApiClients,
            "fields" => Self::Fields,
            "environment" => Self::Environments,
            "value" => Self::SettingValues,
            "words" if noun == "help" => Self::CommandsAndTopics,
            "words" => Self::Commands,
            _ if is_yes_or_no() && argument.get_possible_values().is_empty() => Self::YesNo,
            _ => return None,
        })
    }
}
