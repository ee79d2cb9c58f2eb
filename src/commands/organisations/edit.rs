//! `frontdesk org edit`.

use super::list;
use crate::ask::Prompter;
use crate::cli::OrganisationsEdit;
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::commands::journey::{Ending, Form, SameCommand, check_page, end_journey, fill_check_and_save, flags_of, walk};
use crate::domain::answers::Answers;
use crate::domain::change::Outcome;
use crate::domain::organisation::{Organisation, WhichOrganisation};
use crate::domain::organisation_answers;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::{organisations, service};
use crate::output::style::View;

pub const WORDS: Words<'static> =
    Words { banner: "Organisation updated", unchanged: "The organisation is like this already. Nothing was changed." };

pub fn run(arguments: &OrganisationsEdit, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    let options: ChangeOptions = change.into();
    let mut answers = arguments.answers();
    if answers.is_empty() && !session.asks(change) {
        return Err(nothing_to_change());
    }
    session.refuse_unseen(change)?;
    let mut desk = session.change_without_email(change.dry_run)?;
    let which = arguments.organisation.which();
    if !session.asks(change) {
        let edited = organisations::edit(&mut desk, &which, &answers, None, &options)?;
        return session.finish_change(&mut desk, edited, WORDS, change.require_delivery);
    }
    service::check_may_administer(&mut desk)?;
    let seen = organisations::show(&mut desk, &which)?;
    let ask_all = answers.is_empty();
    let view = session.view(&desk);
    let edited = walk(session, |_session, prompter| ask(prompter, &mut desk, view, &seen, ask_all, &mut answers, &options))?
        .ok_or_else(Error::cancelled)?;
    let same = same(&edited, &seen, &options);
    let ending = Ending { words: WORDS, require_delivery: change.require_delivery, same, list: &mut list::print_first };
    end_journey(session, &mut desk, edited, ending)
}

/// Changes the answers about an organisation as it was seen, checks and saves them; with `ask_all`
/// also those that were given.
///
/// # Errors
/// As [`fill_check_and_save`].
pub fn ask(
    prompter: &mut dyn Prompter,
    desk: &mut Desk,
    view: View,
    seen: &Organisation,
    ask_all: bool,
    answers: &mut Answers,
    options: &ChangeOptions,
) -> Result<Option<Outcome<Organisation>>> {
    answers.fill_from(&Answers::stored(seen.details.fields(), &organisation_answers::CHANGEABLE));
    let which = WhichOrganisation::exactly(&seen.reference());
    let fields = &organisation_answers::CHANGEABLE;
    let form = Form {
        heading: format!("Edit {}", seen.details.name),
        fields,
        ask_all,
        page: &|outcome, columns| check_page(outcome, fields, view, columns, &[]),
        change: &mut |desk, answers, options| organisations::edit(desk, &which, answers, Some(seen), options),
        is_checked_again: false,
    };
    fill_check_and_save(prompter, desk, form, answers, options)
}

/// The same edit as one command.
pub fn same(edited: &Outcome<Organisation>, before: &Organisation, options: &ChangeOptions) -> SameCommand {
    let flags = flags_of(&organisation_answers::CHANGEABLE, &edited.changes, None, options);
    SameCommand { words: &["org", "edit"], names: vec![before.details.code.clone()], flags }
}

/// No answer was given where none can be asked for.
pub fn nothing_to_change() -> Error {
    Error::usage("There is nothing to change").hint("Nothing was changed. Give the organisation’s new name with --name.")
}
