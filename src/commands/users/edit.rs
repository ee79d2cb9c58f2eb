//! `frontdesk users edit` (seeds 000, “Editing a user”).

use super::journey::{self, with_prompter};
use super::list::list_with_banner;
use crate::ask::Checked;
use crate::cli::{UsersEdit, equivalent};
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::problem::Field;
use crate::domain::user::User;
use crate::domain::user_answers::UserAnswers;
use crate::domain::who::Who;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::users;

pub const WORDS: Words<'static> = Words { banner: "User updated", unchanged: "The user is like this already. Nothing was changed." };

pub fn run(arguments: &UsersEdit, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    let options: ChangeOptions = change.into();
    let is_asked = session.prompter.is_some() && !change.yes;
    if arguments.answers().is_empty() && !is_asked {
        return Err(nothing_to_change());
    }
    session.refuse_unseen(change)?;
    let mut desk = session.change_by(change)?;
    let who = Who::new(&arguments.who);
    if !is_asked {
        let edited = users::edit(&mut desk, &who, &arguments.answers(), None, &options)?;
        return session.finish_change(&mut desk, edited, WORDS, change.require_delivery);
    }
    let (seen, _) = users::show(&mut desk, &who)?;
    let edited = ask(arguments, session, &mut desk, &seen, &options)?;
    if change.dry_run || edited.result != ChangeResult::Updated || session.is_for_machines() {
        return session.finish_change(&mut desk, edited, WORDS, change.require_delivery);
    }
    let flags = journey::flags_of(&edited.changes, desk.kind, &options);
    let same = equivalent(&session.globals, &["users", "edit"], Some(seen.details.email.as_str()), &flags);
    let exit = list_with_banner(session, &mut desk, edited, WORDS, change.require_delivery)?;
    session.tell_equivalent(&same)?;
    Ok(exit)
}

/// Asks what may change, or checks what the flags say, and saves.
fn ask(arguments: &UsersEdit, session: &mut Session<'_>, desk: &mut Desk, seen: &User, options: &ChangeOptions) -> Result<Outcome<User>> {
    let given = arguments.answers();
    let has_api_users = desk.kind.has_api_users();
    let fields = seen.changeable_fields(has_api_users);
    let ask_all = given.is_empty();
    let mut answers = given;
    // What was not given starts as it is stored, at its question too.
    let stored = UserAnswers::of(&seen.details, has_api_users);
    for field in fields.iter().copied().filter(|field| answers.get(*field).is_none()).collect::<Vec<_>>() {
        answers.set(field, stored.get(field).unwrap_or_default().to_owned());
    }
    // A refusal comes before the first question; with nothing to ask about it is the whole answer.
    let who = Who::new(&seen.id);
    if fields.is_empty() {
        answers.set(Field::FirstName, String::new());
        return users::edit(desk, &who, &answers, Some(seen), options);
    }
    let view = session.view(desk);
    let mut form = journey::Edit { user: seen, fields: &fields, ask_all };
    loop {
        let checked = with_prompter(session, |_session, prompter| journey::edit(prompter, desk, view, &form, &mut answers, options))?;
        if checked == Checked::Cancel {
            return Err(Error::cancelled());
        }
        match users::edit(desk, &who, &answers, Some(seen), options) {
            // Somebody took the address while the answers were checked: it alone is asked for again.
            Err(error) if !error.problems.is_empty() => form.ask_all = false,
            edited => return edited,
        }
    }
}

/// No answer was given where none can be asked for.
pub fn nothing_to_change() -> Error {
    Error::usage("There is nothing to change")
        .hint("Nothing was changed. Give at least one of --first-name, --last-name, --email, --api-user and --active.")
}
