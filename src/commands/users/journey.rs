//! The journeys of seeds 000 and 001 that a person walks: form, check your answers, and the warning
//! before a deletion. Nothing is stored here: every try is the real change, taken back.

use crate::ask::{Checked, Journey, Mode, Prompter, confirm, fill_and_check};
use crate::commands::Session;
use crate::domain::change::{FieldChange, Outcome};
use crate::domain::problem::Field;
use crate::domain::service::ServiceKind;
use crate::domain::user::User;
use crate::domain::user_answers::{UserAnswers, fields_of_new_user};
use crate::domain::who::Who;
use crate::error::{Error, Result};
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::users;
use crate::output::activity::push_changes;
use crate::output::pairs;
use crate::output::record::Detailed as _;
use crate::output::safe_text::safe_text;
use crate::output::style::View;

/// Fills in and checks a new user.
///
/// # Errors
/// Ctrl-C, the end of the input, a refusal, or the database.
pub fn add(
    prompter: &mut dyn Prompter,
    desk: &mut Desk,
    view: View,
    answers: &mut UserAnswers,
    if_not_exists: bool,
    options: &ChangeOptions,
) -> Result<Checked> {
    prompter.say("\nAdd user\n\n")?;
    let fields = fields_of_new_user(desk.kind.has_api_users());
    let attempt = ChangeOptions { dry_run: true, ..options.clone() };
    let page = |outcome: &Outcome<User>, columns| check_page(outcome, view, columns, false);
    let mut journey = Journey { fields: &fields, attempt: &mut |answers| users::add(desk, answers, if_not_exists, &attempt), page: &page };
    fill_and_check(prompter, &mut journey, answers, false)
}

/// What is to be edited.
pub struct Edit<'a> {
    /// The record as the person saw it.
    pub user: &'a User,
    /// The questions that may be answered anew.
    pub fields: &'a [Field],
    /// Each is asked, or else only those whose answers are wrong.
    pub ask_all: bool,
}

/// Changes the answers to questions about a user and checks them.
///
/// # Errors
/// As [`add`].
pub fn edit(
    prompter: &mut dyn Prompter,
    desk: &mut Desk,
    view: View,
    edit: &Edit<'_>,
    answers: &mut UserAnswers,
    options: &ChangeOptions,
) -> Result<Checked> {
    prompter.say(&format!("\nEdit {}\n\n", safe_text(&edit.user.details.full_name())))?;
    let options = ChangeOptions { dry_run: true, ..options.clone() };
    let who = Who::new(&edit.user.id);
    let page = |outcome: &Outcome<User>, columns| check_page(outcome, view, columns, true);
    let mut attempt = |answers: &UserAnswers| users::edit(desk, &who, answers, Some(edit.user), &options);
    let mut journey = Journey { fields: edit.fields, attempt: &mut attempt, page: &page };
    fill_and_check(prompter, &mut journey, answers, edit.ask_all)
}

/// Warns of what a deletion does, and asks. On a protected service the environment is typed; it is
/// noted in the options.
///
/// # Errors
/// As [`add`]; the refusals that the deletion itself would meet come before the question.
pub fn confirm_deletion(prompter: &mut dyn Prompter, desk: &mut Desk, user: &User, options: &mut ChangeOptions) -> Result<bool> {
    let attempt = ChangeOptions { dry_run: true, ..options.clone() };
    let outcome = users::delete(desk, &Who::new(&user.id), false, &attempt)?;
    let name = safe_text(&user.details.full_name());
    let mut page = "\n".to_owned();
    let columns = prompter.columns();
    push_wrapped(&mut page, &format!("Confirm you want to delete {name}"), columns);
    page.push('\n');
    push_wrapped(&mut page, "Warning: Deleting a user cannot be undone.", columns);
    page.push('\n');
    for email in &outcome.emails {
        push_wrapped(&mut page, &format!("An email will be sent to {}: {}", email.to.address, email.subject), columns);
        page.push('\n');
    }
    prompter.say(&page)?;
    if !confirm(prompter, &format!("Do you want to delete {name}?"))? {
        return Ok(false);
    }
    if let Some(environment) = users::protected_environment(desk)?
        && options.environment.is_none()
    {
        let question = format!("This service is protected. To go on, type the name of its environment, {environment}");
        match prompter.text(&question, "", None)? {
            crate::ask::Reply::Given(typed) => options.environment = Some(typed.trim().to_owned()).filter(|named| !named.is_empty()),
            crate::ask::Reply::Back => return Ok(false),
        }
    }
    Ok(true)
}

/// What would be saved: every answer of a new user, or old beside new.
fn check_page(outcome: &Outcome<User>, view: View, columns: u16, is_edit: bool) -> String {
    let mut page = "\nCheck your answers\n\n".to_owned();
    if let Some(user) = outcome.record.as_ref().filter(|_| !is_edit) {
        let mut rows = user.details(view).rows;
        // A new account is active: nobody is asked.
        rows.retain(|row| row.label != Field::Active.label());
        page.push_str(&pairs::render(&rows, Some(columns)));
    } else if let Some(user) = &outcome.record {
        page.push_str(&format!("{}\n", safe_text(&user.details.full_name())));
        push_changes(&mut page, &outcome.changes, Some(columns));
    }
    page.push('\n');
    for email in &outcome.emails {
        push_wrapped(&mut page, &format!("An email will be sent to {}: {}", email.to.address, email.subject), columns);
    }
    if !outcome.emails.is_empty() {
        page.push('\n');
    }
    page
}

fn push_wrapped(page: &mut String, line: &str, columns: u16) {
    for line in pairs::wrap(&safe_text(line), usize::from(columns), "", "", false) {
        page.push_str(&format!("{line}\n"));
    }
}

/// The answers that a change stored, as the flags of the same change; what the service does not ask
/// has none.
pub fn answers_of(changes: &[FieldChange], kind: ServiceKind) -> Vec<(&'static str, String)> {
    let fields = [Field::FirstName, Field::LastName, Field::Email, Field::ApiUser, Field::Active];
    let asked = fields.into_iter().filter(|field| kind.has_api_users() || !matches!(field, Field::ApiUser | Field::Active));
    let after = |field: Field| changes.iter().find(|change| change.field == field.key())?.after.clone();
    asked.filter_map(|field| Some((field.key(), after(field)?))).collect()
}

/// The flags of the same change with the same options.
pub fn flags_of(changes: &[FieldChange], kind: ServiceKind, options: &ChangeOptions) -> Vec<(&'static str, String)> {
    let mut flags = answers_of(changes, kind);
    // Without it the command would ask where it finds a terminal.
    flags.push(("yes", String::new()));
    flags.extend(options.no_email.then(|| ("no_email", String::new())));
    flags
}

/// The flags of a deletion without questions.
pub fn deletion_flags(options: &ChangeOptions) -> Vec<(&'static str, String)> {
    let mut flags = vec![("yes", String::new())];
    flags.extend(options.environment.clone().map(|environment| ("environment", environment)));
    flags.extend(options.no_email.then(|| ("no_email", String::new())));
    flags
}

/// Takes the prompter out of the session for the length of a journey, so that the journey can use
/// both.
///
/// # Errors
/// The journey's own.
pub fn with_prompter<T>(session: &mut Session<'_>, journey: impl FnOnce(&mut Session<'_>, &mut dyn Prompter) -> Result<T>) -> Result<T> {
    let Some(mut prompter) = session.prompter.take() else {
        return Err(Error::internal(anyhow::anyhow!("a journey began where nobody may be asked")));
    };
    let mode = Mode::lines();
    let walked = journey(session, prompter.as_mut());
    drop(mode);
    session.prompter = Some(prompter);
    walked
}
