//! `frontdesk backup` and `frontdesk restore`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::shared::OutputArguments;

pub(super) const BACKUP_EXAMPLES: &str = "\
Examples:
  frontdesk backup register-monday.db
  frontdesk --service claim backup /mnt/backups/claim.db --quiet";

pub(super) const RESTORE_EXAMPLES: &str = "\
Examples:
  frontdesk restore register-monday.db --dry-run
  frontdesk restore register-monday.db --yes
  frontdesk restore register-monday.db --yes --environment production";

// `backup`.
#[derive(Debug, Clone, Args)]
pub struct BackupArguments {
    /// The file to write, which must not be there yet
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    #[command(flatten)]
    pub output: OutputArguments,
}

// `restore`.
#[derive(Debug, Clone, Args)]
pub struct RestoreArguments {
    /// The backup, which is only read
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,

    /// Do it without asking for confirmation
    #[arg(short = 'y', long)]
    pub yes: bool,

    /// Check the backup and everything else, and change nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,

    /// Name the environment, which a protected service wants for this
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,

    #[command(flatten)]
    pub output: OutputArguments,
}
