//! A form, filled in and checked until the person saves or cancels.

use super::push_wrapped;
use crate::ask::{Checked, Choice, Journey, Prompter, Reply, fill_and_check};
use crate::domain::answers::Answers;
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::problem::Field;
use crate::error::{Error, ErrorKind, Result};
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::service;
use crate::output::activity::push_changes;
use crate::output::change::{further_lines, in_environment};
use crate::output::pairs;
use crate::output::problems;
use crate::output::record::Detailed;
use crate::output::style::{Style, View};

/// A change by answers; in a dry run it is taken back.
type Change<'a, R> = dyn FnMut(&mut Desk, &Answers, &ChangeOptions) -> Result<Outcome<R>> + 'a;

/// A form and the change that it is for.
pub struct Form<'a, R> {
    /// What stands above the first question: `Add user`.
    pub heading: String,
    /// The questions, in their order; the others may not be changed.
    pub fields: &'a [Field],
    /// Each is asked, or else only those that are open or whose answers are wrong.
    pub ask_all: bool,
    /// The page that shows what would be saved, at this width.
    pub page: &'a dyn Fn(&Outcome<R>, u16) -> String,
    /// The change itself.
    pub change: &'a mut Change<'a, R>,
    /// What somebody else did meanwhile is shown by the page, so that it need only be checked again; an
    /// edit must begin anew from the record as it is now.
    pub is_checked_again: bool,
}

/// Asks, lets the answers be checked, and saves them. Nothing comes back where the person cancelled.
///
/// # Errors
/// Ctrl-C, the end of the input, a refusal, or the database.
pub fn fill_check_and_save<R>(
    prompter: &mut dyn Prompter,
    desk: &mut Desk,
    form: Form<'_, R>,
    answers: &mut Answers,
    options: &ChangeOptions,
) -> Result<Option<Outcome<R>>> {
    let Form { heading, fields, mut ask_all, page, change, is_checked_again } = form;
    let trial = ChangeOptions { dry_run: true, ..options.clone() };
    let begun = answers.clone();
    let environment = service::protected_environment(desk)?;
    loop {
        let mut head = "\n".to_owned();
        push_wrapped(&mut head, &heading, prompter.columns());
        if let Some(environment) = &environment {
            push_wrapped(&mut head, &in_environment(environment), prompter.columns());
        }
        prompter.say(&format!("{head}\n"))?;
        let mut attempt = |answers: &Answers| change(desk, answers, &trial);
        let mut journey = Journey { fields, attempt: &mut attempt, page };
        let filled = fill_and_check(prompter, &mut journey, answers, ask_all);
        let saved = match filled {
            Ok(Checked::Cancel) => return Ok(None),
            Ok(Checked::Save | Checked::Unchanged) => change(desk, answers, options),
            Err(error) => Err(error),
        };
        match saved {
            Err(error) if is_checked_again && error.kind == ErrorKind::Conflict && error.problems.is_empty() => {
                tell(prompter, &error)?;
                prompter.recall(&format!("Error: {}", error.message));
                ask_all = false;
            }
            // The answers are kept until the database is there again. What may have been stored is looked at first.
            Err(error) if error.kind == ErrorKind::Unavailable && !error.is_in_doubt && *answers != begun => {
                tell(prompter, &error)?;
                prompter.say("\n")?;
                let choices = [Choice::new("Yes"), Choice::new("No")];
                if prompter.choose("Try again with the same answers?", &choices, Some(0), None)? != Reply::Given(Some(0)) {
                    return Err(error);
                }
                ask_all = false;
            }
            // Somebody took the address, or the code, while the answers were checked: it alone is asked
            // for again.
            Err(error) if !error.problems.is_empty() => ask_all = false,
            saved => return saved.map(Some),
        }
    }
}

fn tell(prompter: &mut dyn Prompter, error: &Error) -> Result<()> {
    let style = Style { columns_err: Some(prompter.columns()), ..Style::default() };
    prompter.say(&format!("\n{}", problems::for_people(error, &style)))
}

/// `Check your answers`: every answer of what would be added, or old beside new; then what else would
/// happen.
pub fn check_page<R: Detailed>(outcome: &Outcome<R>, fields: &[Field], view: View, columns: u16, consequences: &[String]) -> String {
    let mut page = "\nCheck your answers\n\n".to_owned();
    if let Some(record) = &outcome.record {
        let details = record.details(view);
        if outcome.result == ChangeResult::Updated {
            push_wrapped(&mut page, &details.heading, columns);
            push_changes(&mut page, R::NAMES.one, &outcome.changes, Some(columns));
        } else {
            // What nobody was asked is not an answer.
            let is_asked = |label: &str| fields.iter().any(|field| field.label() == label);
            let rows: Vec<_> = details.rows.into_iter().filter(|row| is_asked(&row.label)).collect();
            page.push_str(&pairs::render(&rows, Some(columns)));
        }
    }
    page.push('\n');
    for lines in [further_lines(outcome).as_slice(), consequences] {
        lines.iter().for_each(|line| push_wrapped(&mut page, line, columns));
        if !lines.is_empty() {
            page.push('\n');
        }
    }
    page
}
