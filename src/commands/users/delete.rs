//! `frontdesk users delete` (seeds 000, “Deleting a user”).

use crate::cli::UsersDelete;
use crate::commands::Session;
use crate::commands::session::Words;
use crate::domain::who::Who;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::users;

pub fn run(arguments: &UsersDelete, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    if !change.yes && !change.dry_run {
        return Err(Error::usage("Deleting a user cannot be undone. To delete them, add --yes")
            .hint("Nothing was changed. To see what would happen, add --dry-run."));
    }
    let mut desk = session.change(change.dry_run)?;
    let deleted = users::delete(&mut desk, &Who::new(&arguments.who), arguments.if_exists, &change.into())?;
    let words = Words { banner: "User deleted", unchanged: "There is no such user. Nothing was changed." };
    session.finish_change(&mut desk, deleted, words, change.require_delivery)
}
