//! `frontdesk users add` (seeds 000, “Adding a user”).

use super::journey::{self, with_prompter};
use super::list::list_with_banner;
use crate::ask::Checked;
use crate::cli::{UsersAdd, equivalent};
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::domain::change::ChangeResult;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::desk::ChangeOptions;
use crate::ops::users;

pub const WORDS: Words<'static> = Words { banner: "User added", unchanged: "This user is there already. Nothing was changed." };

pub fn run(arguments: &UsersAdd, session: &mut Session<'_>) -> Result<Exit> {
    let change = &arguments.change;
    session.refuse_unseen(change)?;
    let options: ChangeOptions = change.into();
    let mut answers = arguments.answers();
    let mut desk = session.change_by(change)?;
    let is_asked = session.prompter.is_some() && !change.yes;
    let added = loop {
        if is_asked {
            let view = session.view(&desk);
            let checked = with_prompter(session, |_session, prompter| {
                journey::add(prompter, &mut desk, view, &mut answers, arguments.if_not_exists, &options)
            })?;
            if checked == Checked::Cancel {
                return Err(Error::cancelled());
            }
        }
        match users::add(&mut desk, &answers, arguments.if_not_exists, &options) {
            // Somebody took the address while the answers were checked: it is asked for again.
            Err(error) if is_asked && !error.problems.is_empty() => {}
            added => break added?,
        }
    };
    if !is_asked || change.dry_run || added.result != ChangeResult::Added || session.is_for_machines() {
        return session.finish_change(&mut desk, added, WORDS, change.require_delivery);
    }
    let same = equivalent(&session.globals, &["users", "add"], None, &journey::flags_of(&added.changes, desk.kind, &options));
    let exit = list_with_banner(session, &mut desk, added, WORDS, change.require_delivery)?;
    session.tell_equivalent(&same)?;
    Ok(exit)
}
