//! `frontdesk org add-user` (seeds 002, 003 and 004, “Adding a user”).

use std::cell::RefCell;

use super::list;
use crate::ask::Prompter;
use crate::cli::OrganisationUsersAdd;
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::commands::journey::{Ending, Form, SameCommand, check_page, end_journey, fill_check_and_save, flags_of, walk};
use crate::domain::account::Account as _;
use crate::domain::answers::Answers;
use crate::domain::change::{ChangeResult, Outcome, SeenAddition};
use crate::domain::organisation::{OrganisationReference, WhichOrganisation};
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::person::PERSON_FIELDS;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::{organisation_users, organisations};
use crate::output::style::View;

pub const WORDS: Words<'static> =
    Words { banner: "User added", unchanged: "This user is in the organisation already. Nothing was changed." };

pub fn run(arguments: &OrganisationUsersAdd, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    session.refuse_unseen(change)?;
    let options: ChangeOptions = change.into();
    let mut answers = arguments.user.answers();
    let mut desk = session.change_by(change)?;
    let which = arguments.organisation.which();
    if !session.asks(change) {
        let added = organisation_users::add(&mut desk, &which, &answers, arguments.if_not_exists, None, &options)?;
        return session.finish_change(&mut desk, added, WORDS, change.require_delivery);
    }
    let organisation = organisations::show(&mut desk, &which)?.reference();
    let view = session.view(&desk);
    let added =
        walk(session, |_session, prompter| ask(prompter, &mut desk, view, &organisation, &mut answers, arguments.if_not_exists, &options))?
            .ok_or_else(Error::cancelled)?;
    let same = same(&added, &organisation, &answers, &options);
    let exactly = WhichOrganisation::exactly(&organisation);
    let list = &mut |session: &mut Session<'_>, desk: &mut Desk| list::print_first(session, desk, &exactly);
    end_journey(session, &mut desk, added, Ending { words: WORDS, require_delivery: change.require_delivery, same, list })
}

/// Fills in, checks and saves a new user of an organisation. Nothing comes back where the person
/// cancelled.
///
/// # Errors
/// As [`fill_check_and_save`].
pub fn ask(
    prompter: &mut dyn Prompter,
    desk: &mut Desk,
    view: View,
    organisation: &OrganisationReference,
    answers: &mut Answers,
    if_not_exists: bool,
    options: &ChangeOptions,
) -> Result<Option<Outcome<OrganisationUser>>> {
    let which = WhichOrganisation::exactly(organisation);
    let seen = RefCell::new(None);
    let form = Form {
        heading: format!("Add user to {}", organisation.name),
        fields: &PERSON_FIELDS,
        ask_all: false,
        page: &|outcome, columns| {
            seen.replace(Some(addition_in(outcome)));
            check_page(outcome, &PERSON_FIELDS, view, columns, &consequences(outcome, organisation))
        },
        change: &mut |desk, answers, options| {
            let seen = seen.borrow();
            let seen = seen.as_ref().filter(|_| !options.dry_run);
            organisation_users::add(desk, &which, answers, if_not_exists, seen, options)
        },
        is_checked_again: true,
    };
    fill_check_and_save(prompter, desk, form, answers, options)
}

/// The same addition as one command.
pub fn same(
    added: &Outcome<OrganisationUser>,
    organisation: &OrganisationReference,
    answers: &Answers,
    options: &ChangeOptions,
) -> SameCommand {
    // What was typed for an account that was there is nowhere but in the answers.
    let flags = flags_of(&PERSON_FIELDS, &added.changes, Some(answers), options);
    SameCommand { words: &["org", "add-user"], names: vec![organisation.code.clone()], flags }
}

/// What this page of answers says will be done.
fn addition_in(outcome: &Outcome<OrganisationUser>) -> SeenAddition {
    let linked = outcome.record.as_ref().filter(|_| outcome.result == ChangeResult::Linked);
    SeenAddition { account: linked.map(|user| (user.id.clone(), user.revision)) }
}

fn consequences(outcome: &Outcome<OrganisationUser>, organisation: &OrganisationReference) -> Vec<String> {
    let told = outcome.record.as_ref().filter(|_| !outcome.emails.is_empty());
    told.map(|user| format!("{} will be sent an email to tell them you’ve added them to {}.", user.full_name(), organisation.name))
        .into_iter()
        .collect()
}
