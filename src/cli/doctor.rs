//! `frontdesk doctor`.

use clap::Args;

use super::shared::OutputArguments;

pub(super) const EXAMPLES: &str = "\
Examples:
  frontdesk doctor
  frontdesk doctor --smtp
  frontdesk doctor --format json";

// `doctor`.
#[derive(Debug, Clone, Args)]
pub struct Doctor {
    /// Also try the mail server: connect, log in and take leave, without an email
    #[arg(long)]
    pub smtp: bool,

    #[command(flatten)]
    pub output: OutputArguments,
}
