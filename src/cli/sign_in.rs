//! `frontdesk sign-in`.

use clap::{Args, Subcommand};

use super::shared::OutputArguments;

const RECORD_EXAMPLES: &str = "\
Examples:
  frontdesk sign-in record --email ann.abel@education.gov.uk --id 8F2C51
  frontdesk sign-in record --email ann.abel@education.gov.uk --json
  frontdesk sign-in record --id 8F2C51 --at 2025-12-11T14:13:00Z";

// The commands about signing in.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum SignInCommand {
    /// Record that somebody came from DfE Sign-in, and say what they may reach
    ///
    /// The exit code is 0 when they are let in, 4 when nobody has the account, and 6 when it is
    /// not active or belongs to another sign-in id.
    #[command(after_help = RECORD_EXAMPLES)]
    Record(SignInRecord),
    /// Ask whether somebody would be let in, and record nothing
    Check(SignInCheck),
}

impl SignInCommand {
    pub(super) fn output(&self) -> &OutputArguments {
        match self {
            Self::Record(record) => &record.output,
            Self::Check(check) => &check.output,
        }
    }
}

// Who comes.
#[derive(Debug, Clone, Default, Args)]
pub struct IdentityArguments {
    /// The email address that DfE Sign-in gave
    #[arg(long)]
    pub email: Option<String>,

    /// The sign-in id that DfE Sign-in gave; it is tried before the email address
    #[arg(long)]
    pub id: Option<String>,
}

// `sign-in record`.
#[derive(Debug, Clone, Args)]
pub struct SignInRecord {
    #[command(flatten)]
    pub identity: IdentityArguments,

    /// When they signed in, like 2025-12-11T14:13:00Z; now unless it is given
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,

    /// The first name that DfE Sign-in gave, copied to the account
    #[arg(long, value_name = "NAME")]
    pub first_name: Option<String>,

    /// The last name that DfE Sign-in gave, copied to the account
    #[arg(long, value_name = "NAME")]
    pub last_name: Option<String>,

    #[command(flatten)]
    pub output: OutputArguments,
}

// `sign-in check`.
#[derive(Debug, Clone, Args)]
pub struct SignInCheck {
    #[command(flatten)]
    pub identity: IdentityArguments,

    #[command(flatten)]
    pub output: OutputArguments,
}
