//! `frontdesk move`.

use std::path::PathBuf;

use clap::Args;

use super::shared::OutputArguments;

pub(super) const EXAMPLES: &str = "\
Examples:
  frontdesk move /srv/desks/register.db --dry-run
  frontdesk --database old.db move new.db --yes";

/// `move`.
#[derive(Debug, Clone, Args)]
pub struct MoveArguments {
    /// The database to move to, which holds no records yet
    #[arg(value_name = "DATABASE")]
    pub target: PathBuf,

    /// Do it without asking for confirmation
    #[arg(short = 'y', long)]
    pub yes: bool,

    /// Copy and compare everything, then take it back
    #[arg(short = 'n', long)]
    pub dry_run: bool,

    /// Name the environment, which a protected service wants for a move
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,

    #[command(flatten)]
    pub output: OutputArguments,
}
