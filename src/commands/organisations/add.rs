//! `frontdesk org add`.

use super::list;
use crate::ask::Prompter;
use crate::cli::OrganisationsAdd;
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::commands::journey::{Ending, Form, SameCommand, check_page, end_journey, fill_check_and_save, flags_of, walk};
use crate::domain::answers::Answers;
use crate::domain::change::Outcome;
use crate::domain::organisation::Organisation;
use crate::domain::organisation_answers;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::{organisations, service};
use crate::output::style::View;

pub const WORDS: Words<'static> = Words { banner: "Organisation added", unchanged: "Nothing was changed." };

pub fn run(arguments: &OrganisationsAdd, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    session.refuse_unseen(change)?;
    let options: ChangeOptions = change.into();
    let mut answers = arguments.answers();
    let mut desk = session.change_without_email(change.dry_run)?;
    if !session.asks(change) {
        let added = organisations::add(&mut desk, &answers, &options)?;
        return session.finish_change(&mut desk, added, WORDS, change.require_delivery);
    }
    service::check_may_administer(&mut desk)?;
    let view = session.view(&desk);
    let added = walk(session, |_session, prompter| ask(prompter, &mut desk, view, &mut answers, &options))?.ok_or_else(Error::cancelled)?;
    let same = same(&added, &options);
    let ending = Ending { words: WORDS, require_delivery: change.require_delivery, same, list: &mut list::print_first };
    end_journey(session, &mut desk, added, ending)
}

/// Fills in, checks and saves a new organisation. Nothing comes back where the person cancelled.
///
/// # Errors
/// As [`fill_check_and_save`].
pub fn ask(
    prompter: &mut dyn Prompter,
    desk: &mut Desk,
    view: View,
    answers: &mut Answers,
    options: &ChangeOptions,
) -> Result<Option<Outcome<Organisation>>> {
    let form = Form {
        heading: "Add organisation".to_owned(),
        fields: &organisation_answers::NEW,
        ask_all: false,
        page: &|outcome, columns| check_page(outcome, &organisation_answers::NEW, view, columns, &[]),
        change: &mut organisations::add,
        is_checked_again: false,
    };
    fill_check_and_save(prompter, desk, form, answers, options)
}

/// The same addition as one command.
pub fn same(added: &Outcome<Organisation>, options: &ChangeOptions) -> SameCommand {
    let flags = flags_of(&organisation_answers::NEW, &added.changes, None, options);
    SameCommand { words: &["org", "add"], names: Vec::new(), flags }
}
