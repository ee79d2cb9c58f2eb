//! `frontdesk emails`.

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser as _};
use clap::{Args, Subcommand};

use super::shared::{DryRunArguments, FormatArguments, OutputArguments, PagingArguments, account_kind, from_one, not_blank};
use crate::domain::account::AccountKind;
use crate::domain::notice::EmailStatus;

const LIST_EXAMPLES: &str = "\
Examples:
  frontdesk emails list
  frontdesk emails list --status queued --format ids";

const SEND_EXAMPLES: &str = "\
Examples:
  frontdesk emails send
  frontdesk emails send --limit 1000 --per-minute 60";

// The commands about emails.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum EmailsCommand {
    /// List the emails, newest first
    #[command(after_help = LIST_EXAMPLES)]
    List(EmailsList),
    /// Show one email and what became of it
    Show(EmailsShow),
    /// Send what is queued, once; for cron or a timer
    ///
    /// Emails go one after another over one connection, and each is marked as sent in the moment
    /// that the mail server has taken it. Ctrl-C stops the run after the email that is under way;
    /// what is left stays queued for the next run.
    #[command(after_help = SEND_EXAMPLES)]
    Send(EmailsSend),
    /// Try an email now, or queue one again that was refused
    Retry(EmailsRetry),
    /// Cancel an email that has not been sent
    Cancel(EmailsCancel),
    /// Send a user their invitation again
    Resend(EmailsResend),
    /// Send a test email, to see whether the mail server takes it
    Test(EmailsTest),
}

impl EmailsCommand {
    pub(super) fn output(&self) -> Option<&OutputArguments> {
        match self {
            Self::List(list) => Some(&list.format.output),
            Self::Show(show) => Some(&show.format.output),
            Self::Send(_) | Self::Test(_) => None,
            Self::Retry(retry) => Some(&retry.output),
            Self::Cancel(cancel) => Some(&cancel.trial.output),
            Self::Resend(resend) => Some(&resend.trial.output),
        }
    }
}

// `emails list`.
#[derive(Debug, Clone, Args)]
pub struct EmailsList {
    /// Only emails that have got this far
    #[arg(long, value_parser = PossibleValuesParser::new(EmailStatus::ALL.map(EmailStatus::key)).try_map(status))]
    pub status: Option<EmailStatus>,
    #[command(flatten)]
    pub paging: PagingArguments,
    #[command(flatten)]
    pub format: FormatArguments,
}

fn status(key: String) -> Result<EmailStatus, String> {
    EmailStatus::from_key(&key).ok_or(key)
}

// `emails show`.
#[derive(Debug, Clone, Args)]
pub struct EmailsShow {
    /// The email’s id, as ‘frontdesk emails list --format ids’ shows it
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub id: String,
    #[command(flatten)]
    pub format: FormatArguments,
}

// `emails send`.
#[derive(Debug, Clone, Args)]
pub struct EmailsSend {
    /// Send at most this many
    #[arg(long, value_name = "N", value_parser = from_one, allow_negative_numbers = true)]
    pub limit: Option<u64>,
    /// Send at most this many a minute, evenly spread, for a mail server that takes no more
    #[arg(long, value_name = "N", value_parser = from_one, allow_negative_numbers = true)]
    pub per_minute: Option<u64>,
}

// `emails retry`.
#[derive(Debug, Clone, Args)]
pub struct EmailsRetry {
    /// The email’s id, as ‘frontdesk emails list --format ids’ shows it
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub id: String,
    #[command(flatten)]
    pub output: OutputArguments,
}

// `emails test`.
#[derive(Debug, Clone, Args)]
pub struct EmailsTest {
    /// Where the test email goes
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub address: String,
}

// `emails cancel`.
#[derive(Debug, Clone, Args)]
pub struct EmailsCancel {
    /// The email’s id, as ‘frontdesk emails list --format ids’ shows it
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub id: String,
    #[command(flatten)]
    pub trial: DryRunArguments,
}

// `emails resend`.
#[derive(Debug, Clone, Args)]
pub struct EmailsResend {
    /// The user’s email address, id or sign-in id
    #[arg(value_parser = not_blank)]
    pub who: String,

    /// Where somebody has two accounts: the service’s own user, or the organisations’ user
    #[arg(long, value_name = "KIND", value_parser = account_kind())]
    pub kind: Option<AccountKind>,

    #[command(flatten)]
    pub trial: DryRunArguments,
}
