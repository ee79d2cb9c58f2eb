//! `frontdesk api-clients add`: the one command that shows a token.

use crate::ask::Prompter;
use crate::cli::ApiClientsAdd;
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::commands::journey::{Form, SameCommand, check_page, fill_check_and_save, flags_of, walk};
use crate::domain::answers::Answers;
use crate::domain::api_client::NewApiClient;
use crate::domain::api_client_answers;
use crate::domain::change::Outcome;
use crate::error::{Error, ErrorKind, Result};
use crate::exit::Exit;
use crate::ops::api_clients;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::output::record::Record as _;
use crate::output::style::View;
use crate::world;

pub const WORDS: Words<'static> = Words { banner: "API client token created", unchanged: "Nothing was changed." };
const TOKEN_TO_COME: &str = "An authentication token will be created and shown once.";
pub const COPY: &str = "Copy this token now. For security, it cannot be viewed again.";

pub fn run(arguments: &ApiClientsAdd, session: &mut Session<'_>) -> Result<Exit> {
    world::keep_memory_private();
    let change = &arguments.change;
    session.refuse_unseen(change)?;
    if session.output_is_null && !change.dry_run {
        return Err(Error::usage("The token would be shown to nobody: standard output is closed, or goes to /dev/null")
            .hint("Nothing was changed. Let standard output go to whoever is to have the token."));
    }
    let options: ChangeOptions = change.into();
    let mut answers = arguments.answers();
    let mut desk = session.change_without_email(change.dry_run)?;
    if !session.asks(change) {
        let added = api_clients::add(&mut desk, &answers, &options)?;
        return end(session, &mut desk, added, None);
    }
    api_clients::check_may_add(&mut desk)?;
    let view = session.view(&desk);
    let added = walk(session, |_session, prompter| ask(prompter, &mut desk, view, &mut answers, &options))?.ok_or_else(Error::cancelled)?;
    let same = same(&added, &options);
    end(session, &mut desk, added, Some(same))
}

/// Fills in, checks and saves a new API client. Nothing comes back where the person cancelled.
///
/// # Errors
/// As [`fill_check_and_save`].
pub fn ask(
    prompter: &mut dyn Prompter,
    desk: &mut Desk,
    view: View,
    answers: &mut Answers,
    options: &ChangeOptions,
) -> Result<Option<Outcome<NewApiClient>>> {
    let fields = &api_client_answers::NEW;
    let form = Form {
        heading: "Add API client".to_owned(),
        fields,
        ask_all: false,
        page: &|outcome, columns| check_page(outcome, fields, view, columns, &[TOKEN_TO_COME.to_owned()]),
        change: &mut api_clients::add,
        is_checked_again: false,
    };
    fill_check_and_save(prompter, desk, form, answers, options)
}

/// The same addition as one command; its token is another.
pub fn same(added: &Outcome<NewApiClient>, options: &ChangeOptions) -> SameCommand {
    let flags = flags_of(&api_client_answers::NEW, &added.changes, None, options);
    SameCommand { words: &["api-clients", "add"], names: Vec::new(), flags }
}

/// Shows the token. The list that other journeys end with would push it off the screen.
fn end(session: &mut Session<'_>, desk: &mut Desk, added: Outcome<NewApiClient>, same: Option<SameCommand>) -> Result<Exit> {
    if added.dry_run {
        return session.finish_change(desk, added, WORDS, false);
    }
    let id = added.record.as_ref().map(|new| new.id().to_owned()).unwrap_or_default();
    let is_journey = same.is_some();
    show_token(session, desk, &added, is_journey).map_err(|error| token_is_lost(error, &id))?;
    tell_the_rest(session, same).map_err(Error::after_the_change)?;
    Ok(Exit::Done)
}

fn show_token(session: &mut Session<'_>, desk: &mut Desk, added: &Outcome<NewApiClient>, is_journey: bool) -> Result<()> {
    if is_journey {
        let _ = session.printer.note("");
    }
    // Where nothing can be said, the token is shown all the same.
    let _ = session.tell_of_desk(desk);
    let view = session.view(desk);
    session.printer.new_api_client(added, WORDS.banner, view)
}

fn tell_the_rest(session: &mut Session<'_>, same: Option<SameCommand>) -> Result<()> {
    if session.printer.shows_ids_alone() {
        session.printer.warning("The token was not shown, because --format ids prints ids alone, and cannot be viewed any more.")?;
    } else if !session.is_for_machines() {
        session.printer.note(COPY)?;
    }
    if let Some(same) = same.filter(|_| !session.is_for_machines()) {
        session.tell_equivalent(&same.line(&session.globals))?;
    }
    session.printer.flush()
}

/// Whoever asked must know that there is a client now that nobody can use, even where nobody reads any
/// more what is printed.
fn token_is_lost(error: Error, id: &str) -> Error {
    let kind = if error.kind == ErrorKind::ClosedPipe { ErrorKind::Internal } else { error.kind };
    Error {
        kind,
        message: "The API client was created, but its token could not be written to standard output, and is lost".to_owned(),
        ..error
    }
    .hint(format!("Delete it: frontdesk api-clients delete {id}\nThen create another one: frontdesk api-clients add"))
}
