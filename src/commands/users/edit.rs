//! `frontdesk users edit` (seeds 000, “Editing a user”).

use super::{fields_of, list};
use crate::ask::Prompter;
use crate::cli::UsersEdit;
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::commands::journey::{Ending, Form, SameCommand, check_page, emails_to_send, end_journey, fill_check_and_save, flags_of, walk};
use crate::domain::answers::Answers;
use crate::domain::change::Outcome;
use crate::domain::problem::Field;
use crate::domain::user::User;
use crate::domain::who::Who;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::users;
use crate::output::style::View;

pub const WORDS: Words<'static> = Words { banner: "User updated", unchanged: "The user is like this already. Nothing was changed." };

pub fn run(arguments: &UsersEdit, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    let options: ChangeOptions = change.into();
    let mut answers = arguments.answers();
    if answers.is_empty() && !session.asks(change) {
        return Err(nothing_to_change());
    }
    session.refuse_unseen(change)?;
    let mut desk = session.change_by(change)?;
    let who = Who::new(&arguments.who);
    if !session.asks(change) {
        let edited = users::edit(&mut desk, &who, &answers, None, &options)?;
        return session.finish_change(&mut desk, edited, WORDS, change.require_delivery);
    }
    let (seen, _) = users::show(&mut desk, &who)?;
    let fields = seen.changeable_fields(desk.kind.has_api_users());
    let ask_all = answers.is_empty();
    // A refusal comes before the first question; with nothing to ask about it is the whole answer.
    if fields.is_empty() {
        answers.set(Field::FirstName, String::new());
        let edited = users::edit(&mut desk, &Who::exactly(&seen), &answers, Some(&seen), &options)?;
        return session.finish_change(&mut desk, edited, WORDS, change.require_delivery);
    }
    let view = session.view(&desk);
    let edited = walk(session, |_session, prompter| {
        let form = Edit { user: &seen, fields: &fields, ask_all };
        ask(prompter, &mut desk, view, form, &mut answers, &options)
    })?
    .ok_or_else(Error::cancelled)?;
    let same = same(&edited, &seen, &desk, &options);
    let ending = Ending { words: WORDS, require_delivery: change.require_delivery, same, list: &mut list::print_first };
    end_journey(session, &mut desk, edited, ending)
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

/// Changes the answers to questions about a user, checks and saves them. What was not answered starts
/// as it is stored.
///
/// # Errors
/// As [`fill_check_and_save`].
pub fn ask(
    prompter: &mut dyn Prompter,
    desk: &mut Desk,
    view: View,
    edit: Edit<'_>,
    answers: &mut Answers,
    options: &ChangeOptions,
) -> Result<Option<Outcome<User>>> {
    let Edit { user, fields, ask_all } = edit;
    answers.fill_from(&Answers::stored(user.details.fields(), fields));
    let who = Who::exactly(user);
    let form = Form {
        heading: format!("Edit {}", user.details.person.full_name()),
        fields,
        ask_all,
        page: &|outcome, columns| check_page(outcome, fields, view, columns, &emails_to_send(&outcome.emails)),
        change: &mut |desk, answers, options| users::edit(desk, &who, answers, Some(user), options),
        is_checked_again: false,
    };
    fill_check_and_save(prompter, desk, form, answers, options)
}

/// The same edit as one command.
pub fn same(edited: &Outcome<User>, before: &User, desk: &Desk, options: &ChangeOptions) -> SameCommand {
    let flags = flags_of(&fields_of(desk.kind), &edited.changes, None, options);
    SameCommand { words: &["users", "edit"], names: vec![before.details.person.email.to_string()], flags }
}

/// No answer was given where none can be asked for.
pub fn nothing_to_change() -> Error {
    Error::usage("There is nothing to change")
        .hint("Nothing was changed. Give at least one of --first-name, --last-name, --email, --api-user and --active.")
}
