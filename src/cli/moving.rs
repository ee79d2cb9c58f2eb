//! `frontdesk move`.

use clap::builder::{PathBufValueParser, TypedValueParser as _};
use clap::{Args, ValueHint};

use super::shared::OutputArguments;
use crate::config::NamedDatabase;

pub(super) const EXAMPLES: &str = "\
Examples:
  frontdesk move postgresql://db.example.com/register --dry-run
  frontdesk --database old.db move new.db --yes";

// `move`.
#[derive(Debug, Clone, Args)]
pub struct MoveArguments {
    /// The database to move to, which holds no records yet
    #[arg(value_name = "DATABASE", value_hint = ValueHint::AnyPath, value_parser = PathBufValueParser::new().map(NamedDatabase::from))]
    pub target: NamedDatabase,

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
