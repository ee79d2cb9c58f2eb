//! `frontdesk api-clients`.

use clap::{Args, Subcommand};

use super::shared::{ChangeArguments, FormatArguments, OutputArguments, PagingArguments, not_blank};
use crate::domain::answers::Answers;
use crate::domain::problem::Field;

const ADD_EXAMPLES: &str = "\
Examples:
  frontdesk api-clients add
  frontdesk api-clients add --name 'Nightly import' --expires-on 2026-06-30
  umask 077; frontdesk api-clients add --name 'Nightly import' --expires-on 2026-06-30 --json | jq -r .api_client.token > token.txt";

const CHECK_EXAMPLES: &str = "\
Examples:
  frontdesk api-clients check < token.txt
  printf '%s\\n' \"$TOKEN\" | frontdesk api-clients check --json";

// The commands about API clients.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ApiClientsCommand {
    /// List the API clients, by name; an API user’s list is of their own
    List(ApiClientsList),
    /// Show everything about one API client but its token, which nobody can see again
    Show(ApiClientsShow),
    /// Create an API client, and show its token once
    ///
    /// Only an active user of the service creates one, and answers for it: give your own email address
    /// with --as. On a terminal you are asked for what is missing, and check your answers before
    /// anything is saved. The token is shown once, and kept only as its SHA-256.
    #[command(after_help = ADD_EXAMPLES)]
    Add(ApiClientsAdd),
    /// Change the name of an API client that is active
    Edit(ApiClientsEdit),
    /// Revoke an API client for good: its token is no longer taken, and it stays listed
    ///
    /// Revoking an API client cannot be undone. Without a terminal it needs --yes.
    Revoke(ApiClientsRevoke),
    /// Delete an API client: its token is no longer taken, and it is hidden everywhere
    ///
    /// Deleting an API client cannot be undone. Without a terminal it needs --yes.
    Delete(ApiClientsDelete),
    /// Ask whose token it is on standard input, and whether it is still taken
    ///
    /// The token is one line of standard input, never an argument: that would be seen in the list of
    /// processes, and stay in the history of the shell. On a terminal it is asked for and not shown.
    /// The exit code is 0 when it is taken, 4 when no API client has it or the client was deleted, and 6
    /// when the client has expired or was revoked.
    #[command(after_help = CHECK_EXAMPLES)]
    Check(ApiClientsCheck),
}

impl ApiClientsCommand {
    pub(super) fn output(&self) -> &OutputArguments {
        match self {
            Self::List(list) => &list.format.output,
            Self::Show(show) => &show.format.output,
            Self::Add(add) => &add.change.output,
            Self::Edit(edit) => &edit.change.output,
            Self::Revoke(revoke) => &revoke.change.output,
            Self::Delete(delete) => &delete.change.output,
            Self::Check(check) => &check.output,
        }
    }
}

// `api-clients list`.
#[derive(Debug, Clone, Args)]
pub struct ApiClientsList {
    #[command(flatten)]
    pub paging: PagingArguments,
    #[command(flatten)]
    pub format: FormatArguments,
}

// `api-clients show`.
#[derive(Debug, Clone, Args)]
pub struct ApiClientsShow {
    /// The API client’s id, as ‘frontdesk api-clients list’ shows it
    #[arg(value_parser = not_blank)]
    pub id: String,
    #[command(flatten)]
    pub format: FormatArguments,
}

// `api-clients add`.
#[derive(Debug, Clone, Args)]
pub struct ApiClientsAdd {
    /// What the API client is called; no other of yours may have this name
    #[arg(long)]
    pub name: Option<String>,

    /// The first day on which it is no longer taken, from tomorrow to a year from today
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub expires_on: Option<String>,

    #[command(flatten)]
    pub change: ChangeArguments,
}

impl ApiClientsAdd {
    /// The answers as they were typed.
    pub fn answers(&self) -> Answers {
        Answers::given([(Field::ClientName, self.name.clone()), (Field::ClientExpiry, self.expires_on.clone())])
    }
}

// `api-clients edit`.
#[derive(Debug, Clone, Args)]
pub struct ApiClientsEdit {
    /// The API client’s id, as ‘frontdesk api-clients list’ shows it
    #[arg(value_parser = not_blank)]
    pub id: String,

    /// The API client’s new name
    #[arg(long)]
    pub name: Option<String>,

    #[command(flatten)]
    pub change: ChangeArguments,
}

impl ApiClientsEdit {
    /// The answers as they were typed.
    pub fn answers(&self) -> Answers {
        Answers::given([(Field::ClientName, self.name.clone())])
    }
}

// `api-clients revoke`.
#[derive(Debug, Clone, Args)]
pub struct ApiClientsRevoke {
    /// The API client’s id, as ‘frontdesk api-clients list’ shows it
    #[arg(value_parser = not_blank)]
    pub id: String,
    #[command(flatten)]
    pub change: ChangeArguments,
}

// `api-clients delete`.
#[derive(Debug, Clone, Args)]
pub struct ApiClientsDelete {
    /// The API client’s id, as ‘frontdesk api-clients list’ shows it
    #[arg(value_parser = not_blank)]
    pub id: String,
    #[command(flatten)]
    pub change: ChangeArguments,
}

// `api-clients check`.
#[derive(Debug, Clone, Args)]
pub struct ApiClientsCheck {
    #[command(flatten)]
    pub output: OutputArguments,
}
