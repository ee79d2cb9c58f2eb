//! A command line that is no command: help, the version, a noun alone, or a mistake.

use std::ffi::{OsStr, OsString};

use clap::ValueEnum as _;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{Colour, whole};
use crate::config::NamedDatabase;
use crate::domain::nearest::nearest_first;
use crate::error::Error;

/// The commands whose answer is their exit code.
const SILENT: [&str; 2] = ["users exists", "org has-user"];

/// What to answer in place of a command.
#[derive(Debug)]
pub enum Unparsed {
    /// Help or the version was asked for, or nothing was typed: standard output, exit code 0.
    Help(StyledStr),
    /// What was asked for, and looks the same everywhere: standard output, exit code 0.
    Text(String),
    /// A noun without its verb: its help on standard error, exit code 2.
    NounAlone(StyledStr),
    /// A mistake.
    Mistake(Error),
}

/// Tells what clap's answer means.
pub fn unparsed(error: &clap::Error) -> Unparsed {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Unparsed::Help(error.render()),
        ErrorKind::MissingSubcommand => match error.get(ContextKind::InvalidSubcommand) {
            Some(ContextValue::String(words)) => help_of(words.split_whitespace().nth(1)),
            _ => Unparsed::Mistake(mistake(error)),
        },
        _ => Unparsed::Mistake(mistake(error)),
    }
}

/// The help of `frontdesk`, or of `frontdesk NOUN`.
pub(super) fn help_of(noun: Option<&str>) -> Unparsed {
    let mut root = whole();
    match noun.and_then(|noun| root.find_subcommand_mut(noun)) {
        Some(noun) => Unparsed::NounAlone(noun.render_help()),
        None => Unparsed::Help(root.render_help()),
    }
}

/// The error in our own shape: what is wrong is the message, how to put it right is the hint.
fn mistake(error: &clap::Error) -> Error {
    if error.kind() == ErrorKind::InvalidUtf8 {
        return Error::usage("An argument is not valid UTF-8 text").hint(
            "Nothing was changed. Use UTF-8 in your terminal, or in the program that runs frontdesk. Only the path of a file may have any bytes.",
        );
    }
    let rendered = without_passwords(error);
    let mut paragraphs = rendered.strip_prefix("error: ").unwrap_or(&rendered).trim_end().split("\n\n");
    let first = paragraphs.next().unwrap_or_default();
    let message = match (error.kind(), error.get(ContextKind::InvalidSubcommand)) {
        (ErrorKind::InvalidSubcommand, Some(ContextValue::String(word))) => {
            format!("There is no command called '{}'", NamedDatabase::from(word).shown())
        }
        _ => first.lines().map(str::trim).collect::<Vec<_>>().join(" "),
    };
    let lines = || paragraphs.clone().flat_map(str::lines).map(|line| line.trim().trim_start_matches("tip: "));
    let for_more = |line: &&str| line.starts_with("For more information");
    // The way to the help is worth a line only where there is nothing better to say.
    let mut hints: Vec<String> = lines().filter(|line| !for_more(line)).map(capitalised).collect();
    if let (Some(similar), Some(first)) = (similar_commands(error), hints.first_mut()) {
        *first = similar;
    }
    if let (Some(advice), Some(first)) = (advice_of_silent_command(error, &rendered), hints.first_mut()) {
        *first = advice;
    }
    if hints.is_empty() {
        hints.extend(lines().map(capitalised));
    }
    let error = Error::usage(capitalised(&message));
    if hints.is_empty() { error } else { error.hint(hints.join("\n")) }
}

/// What to do about a flag that a command does not know because it prints nothing. clap would have it
/// passed as a value.
fn advice_of_silent_command(error: &clap::Error, rendered: &str) -> Option<String> {
    let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg).filter(|_| error.kind() == ErrorKind::UnknownArgument) else {
        return None;
    };
    let is_silent = SILENT.iter().any(|command| rendered.contains(&format!("Usage: frontdesk {command} ")));
    (is_silent && flag.starts_with("--"))
        .then(|| format!("Leave '{flag}' out: this command prints nothing, and ends with exit code 0 if the user is there and 4 if not"))
}

/// What clap says. It repeats what was typed, and that may be the address of a database whose flag was
/// forgotten.
fn without_passwords(error: &clap::Error) -> String {
    let typed = error.context().filter_map(|(_, value)| match value {
        ContextValue::String(word) => Some(word),
        _ => None,
    });
    typed.fold(error.render().to_string(), |rendered, word| match NamedDatabase::from(word).shown() {
        shown if shown == *word => rendered,
        shown => rendered.replace(word, &shown),
    })
}

/// The commands that are like the one that was typed, where there are several: clap names the likeliest
/// last.
fn similar_commands(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    let Some(ContextValue::Strings(similar)) = error.get(ContextKind::SuggestedSubcommand) else { return None };
    let similar = nearest_first(typed, similar.iter().map(String::as_str).collect());
    let similar: Vec<String> = similar.iter().map(|name| format!("'{name}'")).collect();
    (similar.len() > 1).then(|| format!("Some similar subcommands exist: {}", similar.join(", ")))
}

fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + rest.as_str())
}

/// When colour is wanted by a command line that could not be read, or that asks for help.
pub fn wanted_colour(arguments: &[OsString]) -> Colour {
    let words: Vec<&str> = arguments.iter().map_while(|word| word.to_str().filter(|word| *word != "--")).collect();
    let alone = words.iter().find_map(|word| word.strip_prefix("--color="));
    let after = words.iter().skip_while(|word| **word != "--color").nth(1).copied();
    alone.or(after).and_then(|when| Colour::from_str(when, false).ok()).unwrap_or_default()
}

/// Whether the arguments ask for JSON. They may be ones that could not be parsed: that too must be
/// answered in JSON where JSON was asked for.
pub fn wants_json(arguments: &[OsString]) -> bool {
    let is_json = |format: &OsStr| format == "json" || format == "jsonl";
    let mut rest = arguments.iter().map(OsString::as_os_str).take_while(|word| *word != "--").peekable();
    while let Some(word) = rest.next() {
        let asks = match word.to_str() {
            Some("--json" | "--format=json" | "--format=jsonl") => true,
            Some("--format") => rest.peek().is_some_and(|format| is_json(format)),
            _ => false,
        };
        if asks {
            return true;
        }
    }
    false
}
