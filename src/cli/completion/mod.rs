//! Live completion: what the scripts of bash, zsh and fish ask for when Tab is pressed. It reads and
//! never writes, and whatever goes wrong it says nothing: somebody is in the middle of a line.

mod line;
mod live;
mod offers;
mod source;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;

use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, complete};

use self::line::{Line, Next};
use self::live::Live;
use self::source::Source;
use super::whole;
use crate::config::{Flags, KnownService, Settings};
use crate::domain::characters::is_unsafe_to_show;
use crate::error::Result;

/// The first word by which a script asks: no command and in no help, because nobody types it.
const QUESTION: &str = "__complete";

/// Whether the arguments of a run are a question.
pub fn is_asked(arguments: &[OsString]) -> bool {
    arguments.get(1).is_some_and(|word| word == QUESTION)
}

/// Which shell asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asker {
    Bash,
    Zsh,
    Fish,
}

/// A question: `frontdesk __complete SHELL INDEX -- WORDS`, where the word of this index, counted from
/// 0, is the one that is being typed.
#[derive(Debug, PartialEq, Eq)]
pub struct Question {
    asker: Asker,
    index: usize,
    words: Vec<OsString>,
    /// The variables that were set on the line before the program’s name.
    pub variables: Vec<(OsString, OsString)>,
}

impl Question {
    /// Reads the arguments of a run; nothing where they make no sense.
    pub fn read(arguments: &[OsString]) -> Option<Self> {
        let [_, _, shell, index, dashes, words @ ..] = arguments else { return None };
        let asker = match shell.to_str()? {
            "bash" => Asker::Bash,
            "zsh" => Asker::Zsh,
            "fish" => Asker::Fish,
            _ => return None,
        };
        let variables: Vec<_> = words.iter().map_while(|word| assignment(word)).collect();
        let index: usize = index.to_str()?.parse().ok()?;
        let words = words.get(variables.len()..)?.to_vec();
        let index = index.checked_sub(variables.len()).filter(|index| (1..words.len()).contains(index))?;
        (dashes == "--").then_some(Self { asker, index, words, variables })
    }
}

/// A word like `FRONTDESK_AS=ann@education.gov.uk`.
fn assignment(word: &OsStr) -> Option<(OsString, OsString)> {
    let (name, value) = word.to_str()?.split_once('=')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then(|| (name.into(), value.into()))
}

/// What completion cannot know by itself.
pub struct Knowledge<'a> {
    /// The settings of a run with these flags.
    pub settings: &'a dyn Fn(&Flags) -> Result<Settings>,
    pub services: Vec<KnownService>,
    /// The fields of what a command prints, each with its title.
    pub fields: fn(&str) -> Vec<(&'static str, &'static str)>,
    /// Where paths start.
    pub directory: Option<PathBuf>,
}

/// The answer, a line each: the words that could stand there, and what each is where the shell shows
/// it.
pub fn answer(question: Question, knowledge: Knowledge<'_>) -> String {
    let Question { asker, index, words, .. } = question;
    let built = whole();
    let line = Line::read(&built, &words, index);
    let (next, begins_flag) = (line.next, line.current.starts_with('-'));
    if next == Next::Nothing {
        return String::new();
    }
    let live = Arc::new(Live {
        settings: (knowledge.settings)(&line.flags).ok(),
        services: knowledge.services,
        fields: (knowledge.fields)(&line.command.join(" ")),
        line,
    });
    let globals: Vec<String> = built
        .get_arguments()
        .filter(|argument| argument.is_global_set())
        .filter_map(|argument| argument.get_long().map(|name| format!("--{name}")))
        .collect();
    let mut command = with_sources(built, "", &live);
    let mut found = complete(&mut command, words, index, knowledge.directory.as_deref()).unwrap_or_default();
    // What every command takes comes last.
    found.sort_by_key(|candidate| globals.iter().any(|global| candidate.get_value() == global.as_str()));
    let is_flag = |candidate: &CompletionCandidate| candidate.get_value().to_string_lossy().starts_with('-');
    // Flags are offered where they are asked for, and where nothing else is expected or there.
    let with_flags = begins_flag || (next == Next::Flags && found.iter().all(is_flag));
    found.iter().filter(|candidate| with_flags || !is_flag(candidate)).filter_map(|candidate| shown(asker, candidate)).collect()
}

/// The commands with the places where their values come from, each under its noun.
fn with_sources(command: clap::Command, noun: &str, live: &Arc<Live>) -> clap::Command {
    let names_organisation = command.get_positionals().any(|argument| argument.get_id() == source::ORGANISATION);
    command
        .mut_args(|argument| match Source::of(&argument, noun, names_organisation) {
            Some(source) => {
                let live = Arc::clone(live);
                argument.add(ArgValueCompleter::new(move |typed: &OsStr| live.candidates(source, typed)))
            }
            None => argument,
        })
        .mut_subcommands(|inner| {
            let noun = if noun.is_empty() { inner.get_name().to_owned() } else { noun.to_owned() };
            with_sources(inner, &noun, live)
        })
}

/// A candidate as this shell reads it. One with a character that could do something to the terminal
/// is left out.
fn shown(asker: Asker, candidate: &CompletionCandidate) -> Option<String> {
    let value = candidate.get_value().to_str().filter(|value| !value.chars().any(is_unsafe_to_show))?;
    let help = candidate.get_help().map(ToString::to_string).unwrap_or_default();
    let help: String = help.lines().next().unwrap_or_default().chars().filter(|character| !is_unsafe_to_show(*character)).collect();
    Some(match asker {
        Asker::Bash => format!("{value}\n"),
        // A colon ends the word in zsh, unless it has a backslash before it.
        Asker::Zsh if help.is_empty() => format!("{}\n", escaped(value)),
        Asker::Zsh => format!("{}:{}\n", escaped(value), help),
        Asker::Fish if help.is_empty() => format!("{value}\n"),
        Asker::Fish => format!("{value}\t{help}\n"),
    })
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace(':', "\\:")
}
