//! The change that a person made, as one command that asks nothing.

use crate::cli::{GlobalArguments, equivalent};
use crate::domain::answers::Answers;
use crate::domain::change::FieldChange;
use crate::domain::problem::Field;
use crate::ops::desk::ChangeOptions;

/// The command that makes the same change without questions.
pub struct SameCommand {
    /// `users add`.
    pub words: &'static [&'static str],
    /// Whom or what it is about, in the order of the command line.
    pub names: Vec<String>,
    pub flags: Vec<(&'static str, String)>,
}

impl SameCommand {
    /// The command line, quoted for a shell.
    pub fn line(&self, globals: &GlobalArguments) -> String {
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        equivalent(globals, self.words, &names, &self.flags)
    }
}

/// The flags of the same change with the same options: of these questions, those whose answers were
/// stored, tidied, and those that were given and not taken over, as they were typed.
pub fn flags_of(
    fields: &[Field],
    changes: &[FieldChange],
    typed: Option<&Answers>,
    options: &ChangeOptions,
) -> Vec<(&'static str, String)> {
    let answer = |field: Field| {
        let stored = changes.iter().find(|change| change.field == field.key()).and_then(|change| change.after.clone());
        stored.or_else(|| typed?.get(field).map(str::to_owned))
    };
    let mut flags: Vec<_> = fields.iter().filter_map(|field| Some((field.key(), answer(*field)?))).collect();
    // Without it the command would ask where it finds a terminal.
    flags.push(("yes", String::new()));
    flags.extend(options.no_email.then(|| ("no_email", String::new())));
    flags
}

/// The flags of a change that was confirmed.
pub fn flags_of_confirmation(options: &ChangeOptions) -> Vec<(&'static str, String)> {
    let mut flags = vec![("yes", String::new())];
    flags.extend(options.environment.clone().map(|environment| ("environment", environment)));
    flags.extend(options.no_email.then(|| ("no_email", String::new())));
    flags
}
