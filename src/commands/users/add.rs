//! `frontdesk users add` (seeds 000, “Adding a user”).

use super::list;
use crate::ask::Prompter;
use crate::cli::UsersAdd;
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::commands::journey::{Ending, Form, SameCommand, check_page, emails_to_send, end_journey, fill_check_and_save, flags_of, walk};
use crate::domain::answers::Answers;
use crate::domain::change::Outcome;
use crate::domain::user::User;
use crate::domain::user_answers::fields_of_new_user;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::{service, users};
use crate::output::style::View;

pub const WORDS: Words<'static> = Words { banner: "User added", unchanged: "This user is there already. Nothing was changed." };

pub fn run(arguments: &UsersAdd, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    session.refuse_unseen(change)?;
    let options: ChangeOptions = change.into();
    let mut answers = arguments.answers();
    let mut desk = session.change_by(change)?;
    if !session.asks(change) {
        let added = users::add(&mut desk, &answers, arguments.if_not_exists, &options)?;
        return session.finish_change(&mut desk, added, WORDS, change.require_delivery);
    }
    service::check_may_administer(&mut desk)?;
    let view = session.view(&desk);
    let added = walk(session, |_session, prompter| ask(prompter, &mut desk, view, &mut answers, arguments.if_not_exists, &options))?
        .ok_or_else(Error::cancelled)?;
    let same = same(&added, &desk, &options);
    let ending = Ending { words: WORDS, require_delivery: change.require_delivery, same, list: &mut list::print_first };
    end_journey(session, &mut desk, added, ending)
}

/// Fills in, checks and saves a new user. Nothing comes back where the person cancelled.
///
/// # Errors
/// As [`fill_check_and_save`].
pub fn ask(
    prompter: &mut dyn Prompter,
    desk: &mut Desk,
    view: View,
    answers: &mut Answers,
    if_not_exists: bool,
    options: &ChangeOptions,
) -> Result<Option<Outcome<User>>> {
    let fields = fields_of_new_user(desk.kind.has_api_users());
    let form = Form {
        heading: "Add user".to_owned(),
        fields: &fields,
        ask_all: false,
        page: &|outcome, columns| check_page(outcome, &fields, view, columns, &emails_to_send(&outcome.emails)),
        change: &mut |desk, answers, options| users::add(desk, answers, if_not_exists, options),
        is_checked_again: false,
    };
    fill_check_and_save(prompter, desk, form, answers, options)
}

/// The same addition as one command.
pub fn same(added: &Outcome<User>, desk: &Desk, options: &ChangeOptions) -> SameCommand {
    SameCommand {
        words: &["users", "add"],
        names: Vec::new(),
        flags: flags_of(&fields_of_new_user(desk.kind.has_api_users()), &added.changes, None, options),
    }
}
