//! `frontdesk users add` (seeds 000, “Adding a user”).

use crate::cli::UsersAdd;
use crate::commands::Session;
use crate::commands::session::Words;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::users;

pub fn run(arguments: &UsersAdd, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    let mut desk = session.change(change.dry_run)?;
    let added = users::add(&mut desk, &arguments.answers(), arguments.if_not_exists, &change.into())?;
    let words = Words { banner: "User added", unchanged: "This user is there already. Nothing was changed." };
    session.finish_change(&mut desk, added, words, change.require_delivery)
}
