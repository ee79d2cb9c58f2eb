//! `frontdesk org remove-user` (seeds 002, 003 and 004, “Removing a user”).

use super::list;
use crate::ask::Prompter;
use crate::cli::OrganisationUsersRemove;
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::commands::journey::{Confirmation, Ending, SameCommand, confirm_and_save, end_journey, flags_of_confirmation, walk};
use crate::domain::change::Outcome;
use crate::domain::organisation::{OrganisationReference, WhichOrganisation};
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::who::Who;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::organisation_users;

pub const WORDS: Words<'static> =
    Words { banner: "User removed", unchanged: "There is no such user in the organisation. Nothing was changed." };

pub fn run(arguments: &OrganisationUsersRemove, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    let mut options = session.options_of_confirmed(change);
    let is_unconfirmed = !change.yes && !change.dry_run;
    if is_unconfirmed && session.prompter.is_none() {
        return Err(needs_yes());
    }
    let mut desk = session.change_by(change)?;
    let (which, who) = (arguments.member.organisation.which(), Who::new(&arguments.member.who));
    let found = if is_unconfirmed { organisation_users::show(&mut desk, &which, &who).map(Some) } else { Ok(None) };
    let shown = match found {
        Ok(Some(shown)) => shown,
        Err(error) if !(arguments.if_exists && error.kind == ErrorKind::NotFound) => return Err(error),
        // Nothing is asked, or about nobody.
        _ => {
            let removed = organisation_users::remove(&mut desk, &which, &who, arguments.if_exists, None, &options)?;
            let exit = session.finish_change(&mut desk, removed, WORDS, change.require_delivery)?;
            session.tell_environment_is_asked(&mut desk, &options)?;
            return Ok(exit);
        }
    };
    let organisation = shown.organisation.reference();
    let removed = walk(session, |_session, prompter| ask(prompter, &mut desk, &shown.user, &organisation, &mut options))?
        .ok_or_else(Error::cancelled)?;
    let same = same(&shown.user, &organisation, &options);
    let exactly = WhichOrganisation::exactly(&organisation);
    let list = &mut |session: &mut Session<'_>, desk: &mut Desk| list::print_first(session, desk, &exactly);
    end_journey(session, &mut desk, removed, Ending { words: WORDS, require_delivery: change.require_delivery, same, list })
}

/// Says what a removal does, asks, and removes. Nothing comes back where the person thought better of
/// it.
///
/// # Errors
/// As [`confirm_and_save`].
pub fn ask(
    prompter: &mut dyn Prompter,
    desk: &mut Desk,
    user: &OrganisationUser,
    organisation: &OrganisationReference,
    options: &mut ChangeOptions,
) -> Result<Option<Outcome<OrganisationUser>>> {
    let name = user.details.full_name();
    let (which, who) = (WhichOrganisation::exactly(organisation), Who::exactly(user));
    let told = format!("{name} will be sent an email to tell them you removed them from {}.", organisation.name);
    let confirmation = Confirmation {
        heading: format!("Remove {name} from {}", organisation.label()),
        warning: &|outcome: &Outcome<OrganisationUser>| if outcome.emails.is_empty() { Vec::new() } else { vec![told.clone()] },
        question: "Are you sure you want to remove this user?".to_owned(),
        change: &mut |desk, options| organisation_users::remove(desk, &which, &who, false, Some(user), options),
    };
    confirm_and_save(prompter, desk, confirmation, options)
}

/// The same removal as one command.
pub fn same(user: &OrganisationUser, organisation: &OrganisationReference, options: &ChangeOptions) -> SameCommand {
    let names = vec![organisation.code.clone(), user.details.email.to_string()];
    SameCommand { words: &["org", "remove-user"], names, flags: flags_of_confirmation(options) }
}

/// What somebody is emailed about is not done by a slip where nobody can be asked.
pub fn needs_yes() -> Error {
    Error::usage("Removing a user from an organisation must be confirmed. To remove them, add --yes")
        .hint("Nothing was changed. To see what would happen, add --dry-run.")
}
