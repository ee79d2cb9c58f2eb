//! `frontdesk service`.

use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Subcommand};

use super::shared::{DryRunArguments, FormatArguments, OutputArguments};
use crate::domain::service::Setting;

const SET_EXAMPLES: &str = "\
Examples:
  frontdesk service set environment staging
  frontdesk service set page-size 50
  frontdesk service set protected yes";

// The commands about the service.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum ServiceCommand {
    /// Show the settings that everyone who shares the database works by
    Show(ServiceShow),
    /// Change one of the settings
    #[command(after_help = SET_EXAMPLES)]
    Set(ServiceSet),
    /// List the services that you can choose with --service
    List(ServiceList),
}

impl ServiceCommand {
    pub(super) fn output(&self) -> &OutputArguments {
        match self {
            Self::Show(show) => &show.format.output,
            Self::Set(set) => &set.trial.output,
            Self::List(list) => &list.format.output,
        }
    }
}

// `service show`.
#[derive(Debug, Clone, Args)]
pub struct ServiceShow {
    #[command(flatten)]
    pub format: FormatArguments,
}

// `service set`.
#[derive(Debug, Clone, Args)]
pub struct ServiceSet {
    /// The setting
    #[arg(value_name = "KEY", value_parser = PossibleValuesParser::new(Setting::ALL.map(Setting::key)).try_map(setting))]
    pub setting: Setting,

    // Negative numbers get as far as the check, which says which numbers are right.
    /// Its new value
    #[arg(allow_negative_numbers = true)]
    pub value: String,

    #[command(flatten)]
    pub trial: DryRunArguments,
}

fn setting(key: String) -> Result<Setting, String> {
    Setting::from_key(&key).ok_or(key)
}

// `service list`.
#[derive(Debug, Clone, Args)]
pub struct ServiceList {
    #[command(flatten)]
    pub format: FormatArguments,
}
