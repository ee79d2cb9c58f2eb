//! `frontdesk users delete` (seeds 000, “Deleting a user”).

use super::journey::{self, with_prompter};
use super::list::list_with_banner;
use crate::cli::{UsersDelete, equivalent};
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::domain::change::ChangeResult;
use crate::domain::who::Who;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::ops::desk::ChangeOptions;
use crate::ops::users;

pub const WORDS: Words<'static> = Words { banner: "User deleted", unchanged: "There is no such user. Nothing was changed." };

pub fn run(arguments: &UsersDelete, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    let mut options: ChangeOptions = change.into();
    let is_unconfirmed = !change.yes && !change.dry_run;
    if is_unconfirmed && session.prompter.is_none() {
        return Err(needs_yes());
    }
    let mut desk = session.change_by(change)?;
    let mut who = Who::new(&arguments.who);
    let mut same = None;
    if is_unconfirmed {
        match users::show(&mut desk, &who) {
            Ok((user, _)) => {
                let is_sure =
                    with_prompter(session, |_session, prompter| journey::confirm_deletion(prompter, &mut desk, &user, &mut options))?;
                if !is_sure {
                    return Err(Error::cancelled());
                }
                let flags = journey::deletion_flags(&options);
                same = Some(equivalent(&session.globals, &["users", "delete"], Some(user.details.email.as_str()), &flags));
                // The person who was shown, whoever has the address by now.
                who = Who::new(&user.id);
            }
            Err(error) if arguments.if_exists && error.kind == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    let deleted = users::delete(&mut desk, &who, arguments.if_exists, &options)?;
    match same {
        Some(same) if deleted.result == ChangeResult::Deleted && !session.is_for_machines() => {
            let exit = list_with_banner(session, &mut desk, deleted, WORDS, change.require_delivery)?;
            session.tell_equivalent(&same)?;
            Ok(exit)
        }
        _ => session.finish_change(&mut desk, deleted, WORDS, change.require_delivery),
    }
}

/// What cannot be undone is not done by a slip where nobody can be asked.
pub fn needs_yes() -> Error {
    Error::usage("Deleting a user cannot be undone. To delete them, add --yes")
        .hint("Nothing was changed. To see what would happen, add --dry-run.")
}
