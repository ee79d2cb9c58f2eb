//! Groups of flags that several commands share.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::domain::account::AccountKind;
use crate::domain::characters::trim_ends;
use crate::domain::problem::Field;
use crate::domain::search::Search;
use crate::domain::service::LARGEST_PAGE;

/// The formats of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For people; the default
    Table,
    /// One record a line, tabs between its fields, no header
    Plain,
    /// One JSON object
    Json,
    /// One JSON object a line
    Jsonl,
    /// Comma separated, with a header, safe to open in a spreadsheet
    Csv,
    /// Only the ids, one a line
    Ids,
}

impl OutputFormat {
    /// The format as it is typed.
    pub fn key(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Plain => "plain",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Ids => "ids",
        }
    }
}

// A file to import.
#[derive(Debug, Clone, Args)]
pub struct ImportArguments {
    /// The file of comma-separated values in UTF-8, or - for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Write the rows that are wrong to this file too, each with its message; it must not be there yet
    #[arg(long, value_name = "FILE")]
    pub errors: Option<PathBuf>,

    #[command(flatten)]
    pub change: ChangeArguments,
}

// Where an export goes, and who is in it.
#[derive(Debug, Clone, Args)]
pub struct ExportArguments {
    /// Only users who have signed in, or who never have
    #[arg(long, value_enum, value_name = "YES|NO")]
    pub signed_in: Option<YesNo>,

    /// Write to this file, whole or not at all, in place of standard output (-)
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

// What a user is called.
#[derive(Debug, Clone, Default, Args)]
pub struct NameArguments {
    /// The user’s first name
    #[arg(long, value_name = "NAME")]
    pub first_name: Option<String>,

    /// The user’s last name
    #[arg(long, value_name = "NAME")]
    pub last_name: Option<String>,
}

impl NameArguments {
    /// The answers as they were typed.
    pub(super) fn answers(&self) -> [(Field, Option<String>); 2] {
        [(Field::FirstName, self.first_name.clone()), (Field::LastName, self.last_name.clone())]
    }
}

/// Reads a name, which no white space alone can be.
pub(super) fn not_blank(typed: &str) -> Result<String, &'static str> {
    if trim_ends(typed).is_empty() { Err("it is blank") } else { Ok(typed.to_owned()) }
}

/// Reads what to look for in a list. A blank is a mistake: it would list everybody, and a script whose
/// variable is empty would take them all for what it looked for.
pub(super) fn search(typed: &str) -> Result<Search, &'static str> {
    Search::new(typed).ok_or("enter what to look for")
}

/// Reads which of somebody’s two accounts is meant.
pub(super) fn account_kind() -> impl TypedValueParser<Value = AccountKind> {
    PossibleValuesParser::new(AccountKind::ALL.map(AccountKind::key)).try_map(|key| AccountKind::from_key(&key).ok_or(key))
}

/// A filter’s yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum YesNo {
    Yes,
    No,
}

// How the answer is written.
#[derive(Debug, Clone, Default, Args)]
pub struct OutputArguments {
    /// Write the answer in this format
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<OutputFormat>,

    /// Short for --format json
    #[arg(long)]
    pub json: bool,
}

impl OutputArguments {
    /// The format that was asked for.
    pub fn chosen(&self) -> Option<OutputFormat> {
        if self.json { Some(OutputFormat::Json) } else { self.format }
    }

    /// The format that `--json` contradicts.
    pub(super) fn contradiction(&self) -> Option<OutputFormat> {
        self.format.filter(|format| self.json && *format != OutputFormat::Json)
    }
}

// How records are written.
#[derive(Debug, Clone, Default, Args)]
pub struct FormatArguments {
    #[command(flatten)]
    pub output: OutputArguments,

    /// Show only these fields, in this order, separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub fields: Option<Vec<String>>,
}

// How much of a list is shown.
#[derive(Debug, Clone, Default, Args)]
pub struct PagingArguments {
    /// Show this page, counted from 1
    #[arg(long, value_name = "N", value_parser = from_one, allow_negative_numbers = true)]
    pub page: Option<u64>,

    /// Put this many rows on a page
    #[arg(long, value_name = "N", value_parser = page_size, allow_negative_numbers = true)]
    pub per_page: Option<u64>,

    /// Show every row at once
    #[arg(long, conflicts_with_all = ["page", "per_page"])]
    pub all: bool,
}

/// More than there can be of anything, and still a number that a person can read.
const LARGEST_COUNT: u64 = 1_000_000_000;

/// Reads a number that counts something.
pub(super) fn from_one(typed: &str) -> Result<u64, String> {
    count_up_to(LARGEST_COUNT, typed)
}

fn page_size(typed: &str) -> Result<u64, String> {
    count_up_to(LARGEST_PAGE, typed)
}

/// The largest number is told as it would be typed, without commas.
fn count_up_to(largest: u64, typed: &str) -> Result<u64, String> {
    let number = typed.parse().ok().filter(|number| (1..=largest).contains(number));
    number.ok_or_else(|| format!("enter a whole number from 1 to {largest}"))
}

// A change that can be tried first.
#[derive(Debug, Clone, Default, Args)]
pub struct DryRunArguments {
    /// Show what would happen, and change nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,

    #[command(flatten)]
    pub output: OutputArguments,
}

// How a change to a record is made.
#[derive(Debug, Clone, Default, Args)]
pub struct ChangeArguments {
    /// Do it without asking for confirmation
    #[arg(short = 'y', long)]
    pub yes: bool,

    /// Show what would happen, and change nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,

    /// Queue no email about this change
    #[arg(long)]
    pub no_email: bool,

    /// Exit with code 8 when an email could not be delivered yet
    #[arg(long)]
    pub require_delivery: bool,

    /// Name the environment, which a protected service wants for an import and for what cannot be undone
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,

    #[command(flatten)]
    pub output: OutputArguments,
}
