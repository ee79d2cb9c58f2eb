//! Whose token it is, and whether it is still taken.

use jiff::SignedDuration;

use crate::domain::api_client::{ApiClient, ApiClientStatus};
use crate::domain::api_token::Token;
use crate::domain::refusal::Reason;
use crate::error::{Error, Result};
use crate::ops::desk::{ChangeOptions, Desk};
use crate::store::api_clients;

/// A use is recorded once in this time: a program may show its token many times a second.
const BETWEEN_USES: SignedDuration = SignedDuration::from_mins(1);

/// Says which API client a token belongs to, and records nothing. Whoever may only use the API is told
/// of their own alone: another's token is no token to them.
///
/// # Errors
/// Not permitted, the reason why the token is not taken, or the database.
pub fn check(desk: &mut Desk, token: &Token) -> Result<ApiClient> {
    let digest = token.digest();
    desk.look(|work| {
        work.actor.may_use_api_clients()?;
        let refused = |reason| Err(Error::token_refused(reason));
        let Some(holder) = api_clients::find_by_token(work.transaction, &digest, work.actor.sees_api_clients_of(), work.now)? else {
            return refused(Reason::Unknown);
        };
        match holder.client.status {
            _ if holder.is_deleted => refused(Reason::Deleted),
            ApiClientStatus::Revoked => refused(Reason::Revoked),
            // What an account that is out of use left behind, whatever another program did to it.
            _ if !holder.has_active_owner => refused(Reason::Revoked),
            ApiClientStatus::Expired => refused(Reason::Expired),
            ApiClientStatus::Active => Ok(holder.client),
        }
    })
}

/// Records that an API client is used at this moment, unless that was recorded within the last minute.
/// It is no change of the record, and leaves no entry in the activity.
///
/// # Errors
/// The database, which may be one that is only to be read.
pub fn record_use(desk: &mut Desk, client: &ApiClient) -> Result<()> {
    let now = desk.clock.now();
    let before = now.checked_sub(BETWEEN_USES).unwrap_or(now);
    if client.last_used_at.is_some_and(|last| last > before) {
        return Ok(());
    }
    // Whoever asks waits for the end of the program, too.
    desk.store.wait_no_longer()?;
    desk.change(&ChangeOptions::default(), |work| api_clients::record_use(work.transaction, &client.id, work.now, before))
}
