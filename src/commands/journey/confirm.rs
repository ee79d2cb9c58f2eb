//! A warning and one question before what cannot be taken back, whose safe answer is no.

use super::push_wrapped;
use crate::ask::{Prompter, Reply, confirm};
use crate::cli::ChangeArguments;
use crate::commands::Session;
use crate::domain::change::Outcome;
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::service;
use crate::output::safe_text::safe_text;

/// A warning, a question, and the change that they are about.
pub struct Confirmation<'a, R> {
    pub heading: String,
    /// The paragraphs of the warning, told by what the change would do.
    pub warning: &'a dyn Fn(&Outcome<R>) -> Vec<String>,
    pub question: String,
    /// The change itself; in a dry run it is taken back.
    pub change: &'a mut dyn FnMut(&mut Desk, &ChangeOptions) -> Result<Outcome<R>>,
}

/// Warns, asks, and makes the change. On a protected service the environment is typed, and noted in
/// the options. Nothing comes back where the person thought better of it.
///
/// # Errors
/// Ctrl-C, the end of the input, or the database; the refusals that the change itself would meet come
/// before the question.
pub fn confirm_and_save<R>(
    prompter: &mut dyn Prompter,
    desk: &mut Desk,
    confirmation: Confirmation<'_, R>,
    options: &mut ChangeOptions,
) -> Result<Option<Outcome<R>>> {
    let Confirmation { heading, warning, question, change } = confirmation;
    let outcome = change(desk, &trial_of(options))?;
    let columns = prompter.columns();
    let mut page = "\n".to_owned();
    for paragraph in [heading].iter().chain(&warning(&outcome)) {
        push_wrapped(&mut page, paragraph, columns);
        page.push('\n');
    }
    prompter.say(&page)?;
    if !confirm(prompter, &safe_text(&question))? || !name_environment(prompter, desk, options)? {
        return Ok(None);
    }
    change(desk, options).map(Some)
}

/// A change as it is tried before the question, with which the environment is asked for.
pub fn trial_of(options: &ChangeOptions) -> ChangeOptions {
    ChangeOptions { dry_run: true, asks_environment: true, ..options.clone() }
}

/// Has the environment typed, where the service is protected and nobody has named it.
///
/// # Errors
/// Ctrl-C, the end of the input, or the database.
pub fn name_environment(prompter: &mut dyn Prompter, desk: &mut Desk, options: &mut ChangeOptions) -> Result<bool> {
    if options.environment.is_some() {
        return Ok(true);
    }
    let Some(environment) = service::protected_environment(desk)? else { return Ok(true) };
    options.environment = type_environment(prompter, &environment)?;
    Ok(options.environment.is_some())
}

/// Has the name of the environment typed, again and again until it is this one. Nothing comes back where the
/// person thought better of it.
///
/// # Errors
/// Ctrl-C, or the end of the input.
pub fn type_environment(prompter: &mut dyn Prompter, environment: &str) -> Result<Option<String>> {
    let question = format!("This service is protected. To go on, type the name of its environment, {environment}");
    let (mut typed, mut error) = (String::new(), None);
    loop {
        match prompter.text(&question, &typed, error.as_deref())? {
            Reply::Given(given) if given.trim() == environment => return Ok(Some(environment.to_owned())),
            Reply::Given(given) => typed = given,
            Reply::Back => return Ok(None),
        }
        error = Some(format!("This is {environment}. Type its name, or go back to leave it as it is"));
    }
}

impl Session<'_> {
    /// The options of a change that is confirmed, and for which a protected service wants its environment
    /// named: where the person would be asked for it, a dry run does without.
    pub fn options_of_confirmed(&self, change: &ChangeArguments) -> ChangeOptions {
        ChangeOptions { asks_environment: change.dry_run && self.asks(change), ..change.into() }
    }

    /// Says after a dry run that the change itself will ask for the environment.
    ///
    /// # Errors
    /// The output cannot be written, or the database not be read.
    pub fn tell_environment_is_asked(&mut self, desk: &mut Desk, options: &ChangeOptions) -> Result<()> {
        if !options.asks_environment || options.environment.is_some() {
            return Ok(());
        }
        let Some(environment) = service::protected_environment(desk)? else { return Ok(()) };
        self.printer.note(&format!("This service is protected: the change will ask for the name of its environment, {environment}"))
    }
}
