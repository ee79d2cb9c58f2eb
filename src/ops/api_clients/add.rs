//! Making an API client, and its token.

use crate::domain::activity::{Action, Subject};
use crate::domain::answers::Answers;
use crate::domain::api_client::{ApiClient, ApiClientOwner, ApiClientStatus, ExpiryDays, NewApiClient};
use crate::domain::api_client_answers::{check_new, name_of};
use crate::domain::api_token::{RANDOM_BYTES, Token};
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::problem::{Code, Field, Problem, Problems};
use crate::error::{Error, Result};
use crate::ops::desk::{ChangeOptions, Desk, Work};
use crate::store::api_clients;
use crate::world;

/// Refuses whoever may not make an API client, before they are asked about it.
///
/// # Errors
/// Not permitted, nobody who could answer for it, or the database.
pub fn check_may_add(desk: &mut Desk) -> Result<()> {
    desk.look(|work| Ok(work.actor.may_create_api_clients().map(drop)?))
}

/// Makes an API client of the actor's. Its token comes with it, this once; a dry run makes none.
///
/// # Errors
/// Not permitted, nobody who could answer for it, every problem with the answers at once, or the
/// database; nothing is stored.
pub fn add(desk: &mut Desk, answers: &Answers, options: &ChangeOptions) -> Result<Outcome<NewApiClient>> {
    desk.change(options, |work| {
        let owner = work.actor.may_create_api_clients()?;
        let owner =
            ApiClientOwner { id: owner.id.clone(), name: owner.details.person.full_name(), email: owner.details.person.email.to_string() };
        let is_in_use = match name_of(answers) {
            Some(name) => api_clients::name_is_in_use(work.transaction, &owner.id, &name, "")?,
            None => false,
        };
        let details = Problems::also(check_new(answers, ExpiryDays::at(work.now)), is_in_use.then(name_in_use))?;
        let client = ApiClient {
            id: work.new_id(),
            details,
            status: ApiClientStatus::Active,
            created_by: owner,
            created_at: work.now,
            last_used_at: None,
            revision: 1,
        };
        if options.dry_run {
            let changes = client.details.changes_from(None);
            let tried = NewApiClient { client, token: None };
            return Ok(Outcome { changes, ..Outcome::new(ChangeResult::Added, Some(tried), true) });
        }
        store(work, client)
    })
}

fn store(work: &mut Work<'_, '_>, client: ApiClient) -> Result<Outcome<NewApiClient>> {
    let token = new_token()?;
    if !api_clients::insert(work.transaction, &client, &token.digest())? {
        return Err(name_in_use().into());
    }
    let changes = client.details.changes_from(None);
    work.record(Action::ApiClientAdded, Subject::from(&client), changes.clone())?;
    let new = NewApiClient { client, token: Some(token) };
    Ok(Outcome { changes, ..Outcome::new(ChangeResult::Added, Some(new), false) })
}

fn new_token() -> Result<Token> {
    let random = world::random_bytes::<RANDOM_BYTES>().map_err(|cause| {
        Error::unavailable("The operating system gave no random numbers, of which a token is made")
            .hint("Nothing was changed. Run the command again.")
            .caused_by(cause)
    })?;
    Ok(Token::of(&random))
}

pub(super) fn name_in_use() -> Problem {
    Problem::with_api_client(Field::ClientName, Code::NameInUse)
}
