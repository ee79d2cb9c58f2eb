//! `frontdesk activity`.

use clap::{Args, Subcommand};

use super::shared::{FormatArguments, PagingArguments, account_kind, not_blank};
use crate::domain::account::AccountKind;

const LIST_EXAMPLES: &str = "\
Examples:
  frontdesk activity list
  frontdesk activity list --user ann.abel@education.gov.uk
  frontdesk activity list --org ALPHA
  frontdesk activity list --all --format jsonl";

// The commands about the activity.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ActivityCommand {
    /// List the changes, newest first
    #[command(after_help = LIST_EXAMPLES)]
    List(ActivityList),
}

// `activity list`.
#[derive(Debug, Clone, Args)]
pub struct ActivityList {
    /// Only changes to this person: an email address, an id or a sign-in id
    #[arg(long, value_name = "WHO", value_parser = not_blank)]
    pub user: Option<String>,

    /// Where that person has two accounts: the service’s own user, or the organisations’ user
    #[arg(long, value_name = "KIND", value_parser = account_kind(), requires = "user")]
    pub kind: Option<AccountKind>,

    /// Only changes to this organisation, and to users there: a code or an id
    #[arg(long = "org", value_name = "ORG", value_parser = not_blank)]
    pub organisation: Option<String>,
    #[command(flatten)]
    pub paging: PagingArguments,
    #[command(flatten)]
    pub format: FormatArguments,
}
