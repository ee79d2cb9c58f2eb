//! `frontdesk users delete` (seeds 000, “Deleting a user”).

use super::list;
use crate::ask::Prompter;
use crate::cli::UsersDelete;
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::commands::journey::{
    Confirmation, Ending, SameCommand, confirm_and_save, emails_to_send, end_journey, flags_of_confirmation, walk,
};
use crate::domain::change::Outcome;
use crate::domain::user::User;
use crate::domain::who::Who;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::users;
use crate::output::change::api_client_lines;

pub const WORDS: Words<'static> = Words { banner: "User deleted", unchanged: "There is no such user. Nothing was changed." };

pub fn run(arguments: &UsersDelete, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    let mut options = session.options_of_confirmed(change);
    let is_unconfirmed = !change.yes && !change.dry_run;
    if is_unconfirmed && session.prompter.is_none() {
        return Err(needs_yes());
    }
    let mut desk = session.change_by(change)?;
    let who = Who::new(&arguments.who);
    let found = if is_unconfirmed { users::show(&mut desk, &who).map(|(user, _)| Some(user)) } else { Ok(None) };
    let user = match found {
        Ok(Some(user)) => user,
        Err(error) if !(arguments.if_exists && error.kind == ErrorKind::NotFound) => return Err(error),
        // Nothing is asked, or about nobody.
        _ => {
            let deleted = users::delete(&mut desk, &who, arguments.if_exists, None, &options)?;
            let exit = session.finish_change(&mut desk, deleted, WORDS, change.require_delivery)?;
            session.tell_environment_is_asked(&mut desk, &options)?;
            return Ok(exit);
        }
    };
    let deleted = walk(session, |_session, prompter| ask(prompter, &mut desk, &user, &mut options))?.ok_or_else(Error::cancelled)?;
    let same = same(&user, &options);
    let ending = Ending { words: WORDS, require_delivery: change.require_delivery, same, list: &mut list::print_first };
    end_journey(session, &mut desk, deleted, ending)
}

/// Warns of what a deletion does, asks, and deletes. Nothing comes back where the person thought
/// better of it.
///
/// # Errors
/// As [`confirm_and_save`].
pub fn ask(prompter: &mut dyn Prompter, desk: &mut Desk, user: &User, options: &mut ChangeOptions) -> Result<Option<Outcome<User>>> {
    let name = user.details.person.full_name();
    // The person who was shown, whoever has the address by now.
    let who = Who::exactly(user);
    let confirmation = Confirmation {
        heading: format!("Confirm you want to delete {name}"),
        warning: &|outcome: &Outcome<User>| {
            let warning = "Warning: Deleting a user cannot be undone.".to_owned();
            [warning].into_iter().chain(api_client_lines(outcome)).chain(emails_to_send(&outcome.emails)).collect()
        },
        question: format!("Do you want to delete {name}?"),
        change: &mut |desk, options| users::delete(desk, &who, false, Some(user), options),
    };
    confirm_and_save(prompter, desk, confirmation, options)
}

/// The same deletion as one command.
pub fn same(user: &User, options: &ChangeOptions) -> SameCommand {
    SameCommand { words: &["users", "delete"], names: vec![user.details.person.email.to_string()], flags: flags_of_confirmation(options) }
}

/// What cannot be undone is not done by a slip where nobody can be asked.
pub fn needs_yes() -> Error {
    Error::usage("Deleting a user cannot be undone. To delete them, add --yes")
        .hint("Nothing was changed. To see what would happen, add --dry-run.")
}
