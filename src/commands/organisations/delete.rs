//! `frontdesk org delete`.

use super::list;
use crate::ask::Prompter;
use crate::cli::OrganisationsDelete;
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::commands::journey::{Confirmation, Ending, SameCommand, confirm_and_save, end_journey, flags_of_confirmation, walk};
use crate::domain::change::Outcome;
use crate::domain::organisation::{Organisation, WhichOrganisation};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::{organisations, service};

pub const WORDS: Words<'static> = Words { banner: "Organisation deleted", unchanged: "Nothing was changed." };

pub fn run(arguments: &OrganisationsDelete, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    let mut options = session.options_of_confirmed(change);
    let is_unconfirmed = !change.yes && !change.dry_run;
    if is_unconfirmed && session.prompter.is_none() {
        return Err(needs_yes());
    }
    let mut desk = session.change_without_email(change.dry_run)?;
    let which = arguments.organisation.which();
    if !is_unconfirmed {
        let deleted = organisations::delete(&mut desk, &which, None, &options)?;
        let exit = session.finish_change(&mut desk, deleted, WORDS, change.require_delivery)?;
        session.tell_environment_is_asked(&mut desk, &options)?;
        return Ok(exit);
    }
    service::check_may_administer(&mut desk)?;
    let seen = organisations::show(&mut desk, &which)?;
    let deleted = walk(session, |_session, prompter| ask(prompter, &mut desk, &seen, &mut options))?.ok_or_else(Error::cancelled)?;
    let same = same(&seen, &options);
    let ending = Ending { words: WORDS, require_delivery: change.require_delivery, same, list: &mut list::print_first };
    end_journey(session, &mut desk, deleted, ending)
}

/// Warns of what a deletion does, asks, and deletes. Nothing comes back where the person thought
/// better of it.
///
/// # Errors
/// As [`confirm_and_save`].
pub fn ask(
    prompter: &mut dyn Prompter,
    desk: &mut Desk,
    seen: &Organisation,
    options: &mut ChangeOptions,
) -> Result<Option<Outcome<Organisation>>> {
    let name = &seen.details.name;
    let which = WhichOrganisation::exactly(&seen.reference());
    let confirmation = Confirmation {
        heading: format!("Confirm you want to delete {}", seen.reference().label()),
        warning: &|_outcome| vec!["Warning: Deleting an organisation cannot be undone.".to_owned()],
        question: format!("Do you want to delete {name}?"),
        change: &mut |desk, options| organisations::delete(desk, &which, Some(seen), options),
    };
    confirm_and_save(prompter, desk, confirmation, options)
}

/// The same deletion as one command.
pub fn same(seen: &Organisation, options: &ChangeOptions) -> SameCommand {
    SameCommand { words: &["org", "delete"], names: vec![seen.details.code.clone()], flags: flags_of_confirmation(options) }
}

/// What cannot be undone is not done by a slip where nobody can be asked.
pub fn needs_yes() -> Error {
    Error::usage("Deleting an organisation cannot be undone. To delete it, add --yes")
        .hint("Nothing was changed. To see what would happen, add --dry-run.")
}
