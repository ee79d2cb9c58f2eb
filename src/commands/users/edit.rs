//! `frontdesk users edit` (seeds 000, “Editing a user”).

use crate::cli::UsersEdit;
use crate::commands::Session;
use crate::commands::session::Words;
use crate::domain::who::Who;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::users;

pub fn run(arguments: &UsersEdit, session: &mut Session<'_>) -> Result<Exit> {
    let (change, answers) = (&arguments.change, arguments.answers());
    if answers.is_empty() {
        return Err(Error::usage("There is nothing to change")
            .hint("Nothing was changed. Give at least one of --first-name, --last-name, --email, --api-user and --active."));
    }
    let mut desk = session.change(change.dry_run)?;
    let edited = users::edit(&mut desk, &Who::new(&arguments.who), &answers, None, &change.into())?;
    let words = Words { banner: "User updated", unchanged: "The user is like this already. Nothing was changed." };
    session.finish_change(&mut desk, edited, words, change.require_delivery)
}
