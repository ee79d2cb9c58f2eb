//! The commands about frontdesk itself, which need no settings and no database.

use clap::{Args, Subcommand};

use super::mistake::Unparsed;
use super::registration::Shell;
use super::{man, topics, whole};
use crate::domain::nearest::nearest;
use crate::error::Error;

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  frontdesk completions bash > ~/.local/share/bash-completion/completions/frontdesk
  frontdesk completions zsh > ~/.zfunc/_frontdesk
  frontdesk completions fish > ~/.config/fish/completions/frontdesk.fish";

const MAN_EXAMPLES: &str = "\
Examples:
  frontdesk man | man -l -
  frontdesk man users add | man -l -";

/// Help wider than this is hard to read.
const WIDEST: u16 = 100;
/// As wide as terminals once were, for what is piped.
const UNKNOWN: u16 = 80;

// The commands about frontdesk itself.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum AboutCommand {
    /// Print the script that makes a shell complete commands, flags and values
    ///
    /// bash, zsh and fish then complete email addresses, organisation codes, services and field names
    /// too. The script says where to put it.
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArguments),
    /// Print a manual page: of frontdesk, or of one command
    #[command(after_help = MAN_EXAMPLES)]
    Man(ManArguments),
    /// Print help: on a command, or on one of the topics below
    Help(HelpArguments),
}

// `completions`.
#[derive(Debug, Clone, Args)]
pub struct CompletionsArguments {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

// `man`.
#[derive(Debug, Clone, Args)]
pub struct ManArguments {
    /// The words of the command, like ‘users add’
    #[arg(value_name = "COMMAND")]
    pub words: Vec<String>,
}

// `help`.
#[derive(Debug, Clone, Args)]
pub struct HelpArguments {
    /// The words of the command, like ‘users add’, or a topic
    #[arg(value_name = "COMMAND|TOPIC")]
    pub words: Vec<String>,
}

impl AboutCommand {
    /// What the command answers, on a terminal of this many columns or on none.
    pub fn answer(&self, columns: Option<u16>) -> Unparsed {
        let answered = match self {
            Self::Completions(arguments) => Ok(Unparsed::Text(arguments.shell.registration())),
            Self::Man(arguments) => man::page(&arguments.words).map(Unparsed::Text),
            Self::Help(arguments) => help(&arguments.words, columns.unwrap_or(UNKNOWN).min(WIDEST)),
        };
        answered.unwrap_or_else(Unparsed::Mistake)
    }
}

fn help(words: &[String], columns: u16) -> Result<Unparsed, Error> {
    if let [word, below @ ..] = words
        && let Some(topic) = topics::topic(word)
    {
        return match below.first() {
            None => Ok(Unparsed::Text(topic.text(columns.into()))),
            Some(typed) => Err(Error::usage(format!("The topic '{word}' has nothing below it"))
                .hint(format!("Leave '{typed}' out: frontdesk help {word}"))),
        };
    }
    let topics: Vec<&str> = topics::TOPICS.iter().map(|topic| topic.name).collect();
    let root = whole();
    let mut command = find(&root, words, &topics)?.clone();
    Ok(Unparsed::Help(command.render_long_help()))
}

/// The command that these words are, or whose manual page has their name; other words may stand in the
/// first place too.
///
/// # Errors
/// There is none: the nearest right word is named.
pub(super) fn find<'a>(root: &'a clap::Command, words: &[String], others: &[&str]) -> Result<&'a clap::Command, Error> {
    let mut command = root;
    for (place, word) in words.iter().enumerate() {
        command = match (command.find_subcommand(word), words) {
            (Some(inner), _) => inner,
            (None, [only]) if let Some(named) = with_page_name(root, only) => named,
            (None, _) => return Err(unknown(command, words.get(..=place).unwrap_or(words), if place == 0 { others } else { &[] })),
        };
    }
    Ok(command)
}

/// The command whose manual page has this name, which people type as `man` does: `frontdesk-users-add`,
/// or without the first word of it.
fn with_page_name<'a>(root: &'a clap::Command, name: &str) -> Option<&'a clap::Command> {
    let page_name = man::page_name(root);
    if page_name == name || page_name.strip_prefix("frontdesk-") == Some(name) {
        return Some(root);
    }
    root.get_subcommands().find_map(|inner| with_page_name(inner, name))
}

fn unknown(outer: &clap::Command, words: &[String], others: &[&str]) -> Error {
    let what = if others.is_empty() { "command" } else { "command or topic" };
    let error = Error::usage(format!("There is no {what} called '{}'", words.join(" ")));
    let known: Vec<&str> = outer.get_subcommands().map(clap::Command::get_name).chain(others.iter().copied()).collect();
    let typed = words.last().map(String::as_str).unwrap_or_default();
    match (nearest(typed, &known), known.is_empty()) {
        (Some(word), _) => error.hint(format!("Did you mean '{word}'?")),
        (None, false) => error.hint(format!("There are: {}.", known.join(", "))),
        (None, true) => error.hint(format!("Leave '{typed}' out.")),
    }
}
