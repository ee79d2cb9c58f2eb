//! API clients as they are kept. Everything here is about live ones, but for what says otherwise, and
//! only those that the viewer may know of: an account sees its own, nobody in particular sees all.

use jiff::Timestamp;

use super::collation::name_key;
use super::driver::{Transaction, changed_one};
use super::row::Row;
use super::value::Value;
use crate::domain::api_client::{ApiClient, ApiClientDetails, ApiClientOwner, ApiClientStatus, parse_date};
use crate::domain::api_token::TokenDigest;
use crate::domain::name::fold_case;
use crate::domain::page::Page;
use crate::error::Result;

macro_rules! select_clients {
    ($more:literal, $rest:expr) => {
        concat!(
            "SELECT clients.id, clients.name, clients.expires_on, clients.revoked_at, users.id, users.first_name, users.last_name, ",
            "users.email, clients.created_at, clients.last_used_at, clients.revision",
            $more,
            " FROM api_clients AS clients JOIN users ON users.id = clients.created_by ",
            $rest
        )
    };
}

// The viewer made it, or is nobody in particular (null).
macro_rules! live_and_visible {
    ($viewer:literal) => {
        concat!("clients.deleted_at IS NULL AND (CAST(", $viewer, " AS TEXT) IS NULL OR clients.created_by = ", $viewer, ")")
    };
}

const BY_ID: &str = select_clients!("", concat!("WHERE clients.id = $1 AND ", live_and_visible!("$2")));
const COUNT: &str = concat!("SELECT count(*) FROM api_clients AS clients WHERE ", live_and_visible!("$1"));
const PAGE: &str =
    select_clients!("", concat!("WHERE ", live_and_visible!("$1"), " ORDER BY clients.sort_key, clients.id LIMIT $2 OFFSET $3"));
const OF_OWNER: &str = select_clients!("", "WHERE clients.created_by = $1 AND clients.deleted_at IS NULL ORDER BY clients.id");
const NAME_IN_USE: &str = "SELECT count(*) FROM api_clients WHERE created_by = $1 AND name_key = $2 AND id <> $3 AND deleted_at IS NULL";
// Deleted ones too; and whether the owner may still do anything.
const BY_TOKEN: &str = select_clients!(
    ", clients.token_digest, clients.deleted_at, CASE WHEN users.deleted_at IS NULL THEN users.active ELSE 0 END",
    "WHERE clients.token_digest = $1 AND (CAST($2 AS TEXT) IS NULL OR clients.created_by = $2)"
);
// What is read of a client, and after it the keys.
const EVERY: &str = select_clients!(", clients.name_key, clients.sort_key", "");

const INSERT: &str = "INSERT INTO api_clients (id, name, name_key, sort_key, expires_on, created_by, token_digest, created_at, \
    updated_at, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) \
    ON CONFLICT (created_by, name_key) WHERE deleted_at IS NULL DO NOTHING";
const RENAME: &str = "UPDATE api_clients SET name = $1, name_key = $2, sort_key = $3, updated_at = $4, revision = revision + 1 \
    WHERE id = $5 AND revision = $6 AND deleted_at IS NULL";
const REVOKE: &str = "UPDATE api_clients SET revoked_at = $1, revoked_by = $2, updated_at = $1, revision = revision + 1 \
    WHERE id = $3 AND revision = $4 AND deleted_at IS NULL AND revoked_at IS NULL";
const DELETE: &str = "UPDATE api_clients SET deleted_at = $1, deleted_by = $2, updated_at = $1, revision = revision + 1 \
    WHERE id = $3 AND revision = $4 AND deleted_at IS NULL";
// Whoever checked it a moment ago has recorded it already.
const RECORD_USE: &str = "UPDATE api_clients SET last_used_at = $1 WHERE id = $2 AND (last_used_at IS NULL OR last_used_at <= $3)";

/// Finds an API client by its id.
///
/// # Errors
/// The database cannot be used; the same holds below.
pub fn find(transaction: &mut Transaction<'_>, id: &str, viewer: Option<&str>, now: Timestamp) -> Result<Option<ApiClient>> {
    transaction.optional(BY_ID, &[id.into(), viewer.into()], |row| read_client(row, now))
}

/// How many API clients there are.
pub fn count(transaction: &mut Transaction<'_>, viewer: Option<&str>) -> Result<u64> {
    transaction.count(COUNT, &[viewer.into()])
}

/// The API clients of a page, by name.
pub fn page(transaction: &mut Transaction<'_>, viewer: Option<&str>, page: Page, now: Timestamp) -> Result<Vec<ApiClient>> {
    let parameters = [viewer.into(), Value::from(page.per_page.unwrap_or(u64::MAX)), page.offset().into()];
    transaction.rows(PAGE, &parameters, |row| read_client(row, now))
}

/// Every API client of a user.
pub fn of_owner(transaction: &mut Transaction<'_>, owner: &str, now: Timestamp) -> Result<Vec<ApiClient>> {
    transaction.rows(OF_OWNER, &[owner.into()], |row| read_client(row, now))
}

/// Whether another API client of a user than this one has this name.
pub fn name_is_in_use(transaction: &mut Transaction<'_>, owner: &str, name: &str, except: &str) -> Result<bool> {
    Ok(transaction.count(NAME_IN_USE, &[owner.into(), fold_case(name).into(), except.into()])? > 0)
}

/// The API client that a token belongs to, and what is to be known before it is let in.
pub struct Holder {
    pub client: ApiClient,
    pub is_deleted: bool,
    /// Whoever made it is a live, active user.
    pub has_active_owner: bool,
}

/// Finds the API client, live or deleted, of the token with this digest.
pub fn find_by_token(
    transaction: &mut Transaction<'_>,
    digest: &TokenDigest,
    viewer: Option<&str>,
    now: Timestamp,
) -> Result<Option<Holder>> {
    let found = transaction.optional(BY_TOKEN, &[digest.as_bytes().into(), viewer.into()], |row| {
        let holder =
            Holder { client: read_client(row, now)?, is_deleted: row.optional_time(12)?.is_some(), has_active_owner: row.answer(13)? };
        Ok((holder, TokenDigest::kept(row.bytes(11)?)))
    })?;
    // An index compares as long as two digests agree; whether they are the same is not left to it.
    Ok(found.and_then(|(holder, kept)| kept.is(digest).then_some(holder)))
}

/// Stores a new API client. Returns whether the name was free.
pub fn insert(transaction: &mut Transaction<'_>, client: &ApiClient, digest: &TokenDigest) -> Result<bool> {
    let ApiClientDetails { name, expires_on } = &client.details;
    let parameters = [
        client.id.as_str().into(),
        name.as_str().into(),
        fold_case(name).into(),
        name_key(name).into(),
        expires_on.to_string().into(),
        client.created_by.id.as_str().into(),
        digest.as_bytes().into(),
        client.created_at.into(),
        client.revision.into(),
    ];
    Ok(transaction.execute(INSERT, &parameters)? == 1)
}

/// Stores another name of the API client as it was at this revision.
pub fn rename(transaction: &mut Transaction<'_>, client: &ApiClient, name: &str, at: Timestamp) -> Result<()> {
    let parameters: [Value<'_>; 6] =
        [name.into(), fold_case(name).into(), name_key(name).into(), at.into(), client.id.as_str().into(), client.revision.into()];
    changed_one(NOUN, transaction.execute(RENAME, &parameters)?)
}

/// Takes the API client out of use for good.
pub fn revoke(transaction: &mut Transaction<'_>, client: &ApiClient, by: &str, at: Timestamp) -> Result<()> {
    changed_one(NOUN, transaction.execute(REVOKE, &[at.into(), by.into(), client.id.as_str().into(), client.revision.into()])?)
}

/// Hides the API client for good and frees its name.
pub fn delete(transaction: &mut Transaction<'_>, client: &ApiClient, by: &str, at: Timestamp) -> Result<()> {
    changed_one(NOUN, transaction.execute(DELETE, &[at.into(), by.into(), client.id.as_str().into(), client.revision.into()])?)
}

/// Records that the API client was used, unless that was recorded after a moment: it is no change of
/// the record, so its revision stays.
pub fn record_use(transaction: &mut Transaction<'_>, id: &str, at: Timestamp, unless_after: Timestamp) -> Result<()> {
    transaction.execute(RECORD_USE, &[at.into(), id.into(), unless_after.into()]).map(drop)
}

/// What is stored of an API client besides itself.
pub(super) struct ApiClientKeys {
    pub name_key: String,
    pub sort_key: Vec<u8>,
}

/// Hands over every API client, live or deleted, with its id and the keys that are stored; or why one
/// cannot be read.
pub(super) fn each_ever(
    transaction: &mut Transaction<'_>,
    mut take: impl FnMut(String, Result<(ApiClient, ApiClientKeys)>) -> Result<()>,
) -> Result<()> {
    transaction.each(EVERY, &[], |row| {
        let keys = || -> Result<_> { Ok(ApiClientKeys { name_key: row.text(11)?, sort_key: row.bytes(12)? }) };
        // Its status is not looked at.
        take(row.text(0)?, read_client(row, Timestamp::UNIX_EPOCH).and_then(|client| Ok((client, keys()?))))
    })
}

const NOUN: &str = "API client";

fn read_client(row: &Row<'_>, now: Timestamp) -> Result<ApiClient> {
    let day = row.text(2)?;
    let expires_on = parse_date(&day).ok_or_else(|| row.damaged(2, anyhow::anyhow!("the day {day:?}")))?;
    let is_revoked = row.optional_time(3)?.is_some();
    Ok(ApiClient {
        id: row.text(0)?,
        details: ApiClientDetails { name: row.text(1)?, expires_on },
        status: ApiClientStatus::at(now, expires_on, is_revoked),
        created_by: ApiClientOwner { id: row.text(4)?, name: format!("{} {}", row.text(5)?, row.text(6)?), email: row.text(7)? },
        created_at: row.time(8)?,
        last_used_at: row.optional_time(9)?,
        revision: row.integer(10)?,
    })
}
