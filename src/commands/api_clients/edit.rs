//! `frontdesk api-clients edit`.

use super::list;
use crate::ask::Prompter;
use crate::cli::ApiClientsEdit;
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::commands::journey::{Ending, Form, SameCommand, check_page, end_journey, fill_check_and_save, flags_of, walk};
use crate::domain::answers::Answers;
use crate::domain::api_client::{ApiClient, ApiClientStatus};
use crate::domain::api_client_answers;
use crate::domain::change::Outcome;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::api_clients::{self, Which};
use crate::ops::desk::{ChangeOptions, Desk};
use crate::output::style::View;

pub const WORDS: Words<'static> =
    Words { banner: "API client updated", unchanged: "The API client is like this already. Nothing was changed." };

pub fn run(arguments: &ApiClientsEdit, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    let options: ChangeOptions = change.into();
    let mut answers = arguments.answers();
    if answers.is_empty() && !session.asks(change) {
        return Err(nothing_to_change());
    }
    session.refuse_unseen(change)?;
    let mut desk = session.change_without_email(change.dry_run)?;
    if !session.asks(change) {
        let edited = api_clients::edit(&mut desk, Which::Typed(&arguments.id), &answers, &options)?;
        return session.finish_change(&mut desk, edited, WORDS, change.require_delivery);
    }
    let seen = api_clients::show(&mut desk, &arguments.id)?;
    // A refusal comes before the first question.
    if seen.status != ApiClientStatus::Active {
        let edited = api_clients::edit(&mut desk, Which::Seen(&seen), &answers, &options)?;
        return session.finish_change(&mut desk, edited, WORDS, change.require_delivery);
    }
    let ask_all = answers.is_empty();
    let view = session.view(&desk);
    let edited = walk(session, |_session, prompter| ask(prompter, &mut desk, view, &seen, ask_all, &mut answers, &options))?
        .ok_or_else(Error::cancelled)?;
    let same = same(&edited, &seen, &options);
    let ending = Ending { words: WORDS, require_delivery: change.require_delivery, same, list: &mut list::print_first };
    end_journey(session, &mut desk, edited, ending)
}

/// Changes the name of an API client as it was seen, checks and saves it; with `ask_all` although it was
/// given.
///
/// # Errors
/// As [`fill_check_and_save`].
pub fn ask(
    prompter: &mut dyn Prompter,
    desk: &mut Desk,
    view: View,
    seen: &ApiClient,
    ask_all: bool,
    answers: &mut Answers,
    options: &ChangeOptions,
) -> Result<Option<Outcome<ApiClient>>> {
    let fields = &api_client_answers::CHANGEABLE;
    answers.fill_from(&Answers::stored(seen.details.fields(), fields));
    let form = Form {
        heading: format!("Edit {}", seen.details.name),
        fields,
        ask_all,
        page: &|outcome, columns| check_page(outcome, fields, view, columns, &[]),
        change: &mut |desk, answers, options| api_clients::edit(desk, Which::Seen(seen), answers, options),
        is_checked_again: false,
    };
    fill_check_and_save(prompter, desk, form, answers, options)
}

/// The same edit as one command.
pub fn same(edited: &Outcome<ApiClient>, before: &ApiClient, options: &ChangeOptions) -> SameCommand {
    let flags = flags_of(&api_client_answers::CHANGEABLE, &edited.changes, None, options);
    SameCommand { words: &["api-clients", "edit"], names: vec![before.id.clone()], flags }
}

/// No answer was given where none can be asked for.
pub fn nothing_to_change() -> Error {
    Error::usage("There is nothing to change").hint("Nothing was changed. Give the API client’s new name with --name.")
}
