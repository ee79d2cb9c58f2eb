//! `frontdesk org edit-user` (seeds 002 and 004).

use super::list;
use crate::ask::Prompter;
use crate::cli::OrganisationUsersEdit;
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::commands::journey::{Ending, Form, SameCommand, check_page, emails_to_send, end_journey, fill_check_and_save, flags_of, walk};
use crate::domain::answers::Answers;
use crate::domain::change::Outcome;
use crate::domain::organisation::{OrganisationReference, WhichOrganisation};
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::person::PERSON_FIELDS;
use crate::domain::problem::Field;
use crate::domain::who::Who;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::organisation_users::{self, Shown};
use crate::ops::service;
use crate::output::style::View;

pub const WORDS: Words<'static> = Words { banner: "User updated", unchanged: "The user is like this already. Nothing was changed." };

pub fn run(arguments: &OrganisationUsersEdit, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    let options: ChangeOptions = change.into();
    let mut answers = arguments.user.answers();
    if answers.is_empty() && !session.asks(change) {
        return Err(nothing_to_change());
    }
    session.refuse_unseen(change)?;
    let mut desk = session.change_by(change)?;
    let (which, who) = (arguments.member.organisation.which(), Who::new(&arguments.member.who));
    if !session.asks(change) {
        let edited = organisation_users::edit(&mut desk, &which, &who, &answers, None, &options)?;
        return session.finish_change(&mut desk, edited, WORDS, change.require_delivery);
    }
    service::check_may_administer(&mut desk)?;
    let shown = organisation_users::show(&mut desk, &which, &who)?;
    let (user, organisation) = (&shown.user, shown.organisation.reference());
    let exactly = WhichOrganisation::exactly(&organisation);
    // A refusal comes before the first question: it is the whole answer.
    if let Err(why) = shown.editing
        && answers.is_empty()
    {
        return Err(why.refusal().into());
    }
    let ask_all = answers.is_empty();
    let view = session.view(&desk);
    let edited = walk(session, |_session, prompter| {
        let form = Edit { shown: &shown, fields: &PERSON_FIELDS, ask_all };
        ask(prompter, &mut desk, view, form, &mut answers, &options)
    })?
    .ok_or_else(Error::cancelled)?;
    let same = same(&edited, user, &organisation, &options);
    let list = &mut |session: &mut Session<'_>, desk: &mut Desk| list::print_first(session, desk, &exactly);
    end_journey(session, &mut desk, edited, Ending { words: WORDS, require_delivery: change.require_delivery, same, list })
}

/// What is to be edited.
pub struct Edit<'a> {
    /// The user as the person saw them.
    pub shown: &'a Shown,
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
) -> Result<Option<Outcome<OrganisationUser>>> {
    let Edit { shown, fields, ask_all } = edit;
    let user = &shown.user;
    answers.fill_from(&Answers::stored(user.details.fields(), fields));
    let (which, who) = (WhichOrganisation::exactly(&shown.organisation.reference()), Who::exactly(user));
    let form = Form {
        heading: format!("Edit {}", user.details.full_name()),
        fields,
        ask_all,
        page: &|outcome, columns| check_page(outcome, fields, view, columns, &emails_to_send(&outcome.emails)),
        change: &mut |desk, answers, options| organisation_users::edit(desk, &which, &who, answers, Some(user), options),
        is_checked_again: false,
    };
    fill_check_and_save(prompter, desk, form, answers, options)
}

/// The same edit as one command.
pub fn same(
    edited: &Outcome<OrganisationUser>,
    before: &OrganisationUser,
    organisation: &OrganisationReference,
    options: &ChangeOptions,
) -> SameCommand {
    let flags = flags_of(&PERSON_FIELDS, &edited.changes, None, options);
    SameCommand { words: &["org", "edit-user"], names: vec![organisation.code.clone(), before.details.email.to_string()], flags }
}

/// No answer was given where none can be asked for.
pub fn nothing_to_change() -> Error {
    Error::usage("There is nothing to change").hint("Nothing was changed. Give at least one of --first-name, --last-name and --email.")
}
