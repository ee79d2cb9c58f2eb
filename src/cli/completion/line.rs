//! The line as far as it was typed: which command it is, and what was said already. It need not be
//! one that could be run.

use std::ffi::OsString;

use clap::{Arg, Command};

use crate::config::{Flags, at_home};

/// What was typed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The words of the command, by their own names where an alias was typed.
    pub command: Vec<String>,
    /// What was typed before the word that is being typed, and is no flag.
    pub positionals: Vec<String>,
    /// The flags that choose the desk, wherever they stand.
    pub flags: Flags,
    /// The word that is being typed.
    pub current: String,
    /// What may come next if it is no flag.
    pub next: Next,
}

/// What a command expects after what was typed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing but flags.
    #[default]
    Flags,
    /// A command, or a name of something.
    Word,
    /// Nothing: what was typed is no command.
    Nothing,
}

impl Line {
    /// Reads a line whose word of this index is being typed, by the built shape of the command line.
    pub fn read(root: &Command, words: &[OsString], index: usize) -> Self {
        let mut line = Self::default();
        let mut command = root;
        let mut waiting: Option<&Arg> = None;
        let mut all_positional = false;
        for (place, word) in words.iter().enumerate().skip(1) {
            let word = word.to_string_lossy();
            let is_current = place == index;
            if is_current {
                line.current = word.clone().into_owned();
            }
            if let Some(argument) = waiting.take()
                && !word.starts_with('-')
            {
                if !is_current {
                    line.take(argument, &word);
                }
                continue;
            }
            if is_current {
                continue;
            }
            match word.strip_prefix("--") {
                Some("") if !all_positional => all_positional = true,
                Some(flag) if !all_positional => {
                    let (name, value) = flag.split_once('=').map_or((flag, None), |(name, value)| (name, Some(value)));
                    let argument = command.get_arguments().find(|argument| argument.get_long() == Some(name));
                    match (argument, value) {
                        (Some(argument), Some(value)) => line.take(argument, value),
                        (Some(argument), None) if argument.get_action().takes_values() => waiting = Some(argument),
                        _ => {}
                    }
                }
                // No short flag takes a value.
                _ if !all_positional && word.starts_with('-') && word.len() > 1 => {}
                _ if place > index => {}
                _ => match command.find_subcommand(word.as_ref()).filter(|_| line.positionals.is_empty() && !all_positional) {
                    Some(inner) => {
                        command = inner;
                        line.command.push(inner.get_name().to_owned());
                    }
                    None => line.positionals.push(word.into_owned()),
                },
            }
        }
        line.next = match (command.has_subcommands(), line.positionals.len()) {
            (true, 0) => Next::Word,
            (true, _) => Next::Nothing,
            (false, typed) if command.get_positionals().any(|argument| argument.get_index() > Some(typed)) => Next::Word,
            (false, _) => Next::Flags,
        };
        line
    }

    /// What stands in the list that is being typed before its last comma.
    pub fn listed_before(&self) -> Vec<&str> {
        let (_, list) = self.current.split_once('=').unwrap_or(("", &self.current));
        list.rsplit(',').skip(1).collect()
    }

    fn take(&mut self, argument: &Arg, value: &str) {
        match argument.get_id().as_str() {
            "service" => self.flags.service = Some(value.to_owned()),
            // The shell would have put the home directory in place of the tilde.
            "database" => self.flags.database = Some(at_home(value).into()),
            "actor" => self.flags.actor = Some(value.to_owned()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Line;
    use crate::cli::whole;

    fn read(typed: &[&str], index: usize) -> Line {
        let root = whole();
        Line::read(&root, &typed.iter().map(Into::into).collect::<Vec<_>>(), index)
    }

    #[test]
    fn the_command_is_found_between_its_flags_and_what_follows_the_cursor_counts() {
        let line = read(&["frontdesk", "--service", "claim", "org", "list-users", "-q", "ALPHA", "an", "--as=sue@x.uk"], 7);
        assert_eq!((line.command, line.positionals, line.current), (vec!["org".into(), "users".into()], vec!["ALPHA".into()], "an".into()));
        assert_eq!((line.flags.service.as_deref(), line.flags.actor.as_deref()), (Some("claim"), Some("sue@x.uk")));
    }

    #[test]
    fn the_word_that_is_being_typed_decides_nothing() {
        let line = read(&["frontdesk", "users", "show", "--as", "su"], 4);
        assert_eq!((line.flags.actor, line.positionals), (None, Vec::new()));
        let line = read(&["frontdesk", "users", "show", "--service=cl"], 3);
        assert_eq!((line.flags.service, line.command), (None, vec!["users".to_owned(), "show".to_owned()]));
    }
}
