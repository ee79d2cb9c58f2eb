//! `frontdesk api-clients revoke`.

use super::list;
use crate::ask::Prompter;
use crate::cli::ApiClientsRevoke;
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::commands::journey::{Confirmation, Ending, SameCommand, confirm_and_save, end_journey, flags_of_confirmation, walk};
use crate::domain::api_client::{ApiClient, ApiClientStatus};
use crate::domain::change::{ChangeResult, Outcome};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::api_clients::{self, Which};
use crate::ops::desk::{ChangeOptions, Desk};

pub const WORDS: Words<'static> =
    Words { banner: "API client revoked", unchanged: "This API client is revoked already. Nothing was changed." };

pub fn run(arguments: &ApiClientsRevoke, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    let mut options = session.options_of_confirmed(change);
    let is_unconfirmed = !change.yes && !change.dry_run;
    if is_unconfirmed && session.prompter.is_none() {
        return Err(needs_yes());
    }
    let mut desk = session.change_without_email(change.dry_run)?;
    if !is_unconfirmed {
        let revoked = api_clients::revoke(&mut desk, Which::Typed(&arguments.id), &options)?;
        let exit = session.finish_change(&mut desk, revoked, WORDS, change.require_delivery)?;
        session.tell_environment_is_asked(&mut desk, &options)?;
        return Ok(exit);
    }
    let seen = api_clients::show(&mut desk, &arguments.id)?;
    if seen.status == ApiClientStatus::Revoked {
        let unchanged = Outcome::new(ChangeResult::Unchanged, Some(seen), false);
        return session.finish_change(&mut desk, unchanged, WORDS, change.require_delivery);
    }
    let revoked = walk(session, |_session, prompter| ask(prompter, &mut desk, &seen, &mut options))?.ok_or_else(Error::cancelled)?;
    let same = same(&seen, &options);
    let ending = Ending { words: WORDS, require_delivery: change.require_delivery, same, list: &mut list::print_first };
    end_journey(session, &mut desk, revoked, ending)
}

/// Warns of what a revocation does, asks, and revokes. Nothing comes back where the person thought better of it.
///
/// # Errors
/// As [`confirm_and_save`].
pub fn ask(
    prompter: &mut dyn Prompter,
    desk: &mut Desk,
    seen: &ApiClient,
    options: &mut ChangeOptions,
) -> Result<Option<Outcome<ApiClient>>> {
    let name = &seen.details.name;
    let confirmation = Confirmation {
        heading: format!("Confirm you want to revoke {name}"),
        warning: &|_outcome| {
            let no_longer = "Its token will no longer be taken.";
            vec!["Warning: Revoking an API client cannot be undone.".to_owned(), no_longer.to_owned()]
        },
        question: format!("Do you want to revoke {name}?"),
        change: &mut |desk, options| api_clients::revoke(desk, Which::Seen(seen), options),
    };
    confirm_and_save(prompter, desk, confirmation, options)
}

/// The same revocation as one command.
pub fn same(seen: &ApiClient, options: &ChangeOptions) -> SameCommand {
    SameCommand { words: &["api-clients", "revoke"], names: vec![seen.id.clone()], flags: flags_of_confirmation(options) }
}

/// What cannot be undone is not done by a slip where nobody can be asked.
pub fn needs_yes() -> Error {
    Error::usage("Revoking an API client cannot be undone. To revoke it, add --yes")
        .hint("Nothing was changed. To see what would happen, add --dry-run.")
}
