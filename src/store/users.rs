//! The service's own users as they are kept. Everything here is about live users, but for the
//! queries that say otherwise.

use std::collections::HashSet;

use jiff::Timestamp;

use super::driver::{Transaction, changed_one};
use super::insert::Insert;
use super::person_keys::PersonKeys;
use super::row::Row;
use super::search::{self, found_by};
use super::value::Value;
use crate::domain::email_address::EmailAddress;
use crate::domain::page::Page;
use crate::domain::person::PersonDetails;
use crate::domain::user::{User, UserDetails};
use crate::domain::user_filter::UserFilter;
use crate::domain::who::Who;
use crate::error::Result;

macro_rules! select_users {
    ($rest:literal) => {
        concat!(
            "SELECT id, first_name, last_name, email, api_user, active, sign_in_id, last_signed_in_at, created_at, updated_at, revision ",
            "FROM users ",
            $rest
        )
    };
}

// An absent condition is null. The casts give PostgreSQL the type of a bare null.
//
// Written `+deleted_at`, the column is in no index: the table is read from end to end, ten times as
// quick as every row of it by way of an index. Written without, the rows come in the order of the
// list, so that a page is done as soon as it is full.
macro_rules! live_users_in_filter {
    ($deleted_at:literal) => {
        concat!(
            $deleted_at,
            " IS NULL ",
            "AND (CAST($1 AS BIGINT) IS NULL OR active = $1) ",
            "AND (CAST($2 AS BIGINT) IS NULL OR api_user = $2) ",
            "AND (CAST($3 AS BIGINT) IS NULL OR $3 = CASE WHEN last_signed_in_at IS NULL THEN 0 ELSE 1 END) ",
            "AND ",
            found_by!("$4")
        )
    };
}

const BY_ID: &str = select_users!("WHERE id = $1 AND deleted_at IS NULL");
const BY_EMAIL: &str = select_users!("WHERE email = $1 AND deleted_at IS NULL");
const BY_SIGN_IN_ID: &str = select_users!("WHERE sign_in_id = $1 AND deleted_at IS NULL");

const COUNT_ALL: &str = "SELECT count(*) FROM users WHERE deleted_at IS NULL";
const COUNT: &str = concat!("SELECT count(*) FROM users WHERE ", live_users_in_filter!("+deleted_at"));
// Counted no further than it matters: the write lock is held meanwhile.
const COUNT_OTHER_ACTIVE: &str =
    "SELECT count(*) FROM (SELECT 1 AS one FROM users WHERE deleted_at IS NULL AND active = 1 AND id <> $1 LIMIT $2) AS others";

// The order of seeds 000: name, then email and id, so that ties never move between pages. The ids
// come from the index alone; only the rows of the page are fetched.
const ALL: &str = select_users!("WHERE deleted_at IS NULL ORDER BY sort_key, email, id");
const PAGE: &str = select_users!(
    "WHERE id IN (SELECT id FROM users WHERE deleted_at IS NULL ORDER BY sort_key, email, id LIMIT $1 OFFSET $2) ORDER BY sort_key, email, id"
);
macro_rules! page_in_filter {
    ($deleted_at:literal) => {
        concat!(
            "SELECT id, first_name, last_name, email, api_user, active, sign_in_id, last_signed_in_at, created_at, updated_at, revision ",
            "FROM users WHERE ",
            live_users_in_filter!($deleted_at),
            " ORDER BY sort_key, email, id LIMIT $5 OFFSET $6"
        )
    };
}
// A filter leaves many, a search few: to meet 25 of them in the order of the list would take nearly
// the whole of it.
const PAGE_IN_FILTER: &str = page_in_filter!("deleted_at");
const PAGE_FOUND: &str = page_in_filter!("+deleted_at");

const INSERT: Insert = Insert {
    table: "users",
    columns: "id, first_name, last_name, email, api_user, active, sort_key, search_text, created_at, updated_at, \
        revision",
    on_conflict: "ON CONFLICT (email) WHERE deleted_at IS NULL DO NOTHING",
};
const UPDATE: &str = "UPDATE users SET first_name = $1, last_name = $2, email = $3, api_user = $4, active = $5, sort_key = $6, \
    search_text = $7, updated_at = $8, revision = revision + 1 WHERE id = $9 AND revision = $10 AND deleted_at IS NULL";
const DELETE: &str = "UPDATE users SET deleted_at = $1, deleted_by = $2, updated_at = $1, revision = revision + 1 \
    WHERE id = $3 AND revision = $4 AND deleted_at IS NULL";
const RECORD_SIGN_IN: &str = "UPDATE users SET last_signed_in_at = $1, sign_in_id = $2 WHERE id = $3 AND deleted_at IS NULL";

// The ids are in an index, by which the last of them is found at once.
const NEWEST_ID: &str = "SELECT max(id) FROM users";
// Written so, the id is in no index, and that of the addresses is taken: an import may have added a million.
const NEWER: &str = "SELECT email FROM users WHERE email IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
    $17, $18, $19, $20) AND deleted_at IS NULL AND (id || '') > $21";
/// How many addresses it asks for.
const ADDRESSES: usize = 20;
const EMAIL_WAS_DELETED: &str = "SELECT count(*) FROM users WHERE email = $1 AND deleted_at IS NOT NULL";
const BY_ID_EVER: &str = select_users!("WHERE id = $1");
// What is read of a user, and after it the keys.
const EVERY: &str = "SELECT id, first_name, last_name, email, api_user, active, sign_in_id, last_signed_in_at, created_at, updated_at, \
    revision, sort_key, search_text FROM users";

/// Finds a live user by id, email address or sign-in id, in this order.
///
/// # Errors
/// The database cannot be used; the same holds below.
pub fn find(transaction: &mut Transaction<'_>, who: &Who) -> Result<Option<User>> {
    let folded = who.folded();
    if let Some(user) = find_by_id(transaction, &folded)? {
        return Ok(Some(user));
    }
    if let Some(user) = find_by_email(transaction, &folded)? {
        return Ok(Some(user));
    }
    find_by_sign_in_id(transaction, who.as_typed())
}

/// Finds a live user by id.
pub fn find_by_id(transaction: &mut Transaction<'_>, id: &str) -> Result<Option<User>> {
    transaction.optional(BY_ID, &[id.into()], read_user)
}

/// Finds a live user by address, lower-case as it is stored.
pub fn find_by_email(transaction: &mut Transaction<'_>, email: &str) -> Result<Option<User>> {
    transaction.optional(BY_EMAIL, &[email.into()], read_user)
}

/// Finds a live user by the id that DfE Sign-in gave.
pub fn find_by_sign_in_id(transaction: &mut Transaction<'_>, id: &str) -> Result<Option<User>> {
    transaction.optional(BY_SIGN_IN_ID, &[id.into()], read_user)
}

/// How many live users there are.
pub fn count(transaction: &mut Transaction<'_>, filter: &UserFilter) -> Result<u64> {
    if filter.is_everybody() { transaction.count(COUNT_ALL, &[]) } else { transaction.count(COUNT, &conditions(filter)) }
}

/// How many live, active users there are besides this one, counted up to a limit.
pub fn count_other_active(transaction: &mut Transaction<'_>, id: &str, limit: u64) -> Result<u64> {
    transaction.count(COUNT_OTHER_ACTIVE, &[id.into(), limit.into()])
}

/// The users of a page, in order.
pub fn page(transaction: &mut Transaction<'_>, filter: &UserFilter, page: Page) -> Result<Vec<User>> {
    let window = [Value::from(page.per_page.unwrap_or(u64::MAX)), Value::from(page.offset())];
    match (filter.is_everybody(), page.per_page) {
        (true, None) => transaction.rows(ALL, &[], read_user),
        (true, Some(_)) => transaction.rows(PAGE, &window, read_user),
        (false, _) => {
            let parameters: Vec<Value<'_>> = conditions(filter).into_iter().chain(window).collect();
            let sql = if filter.search.is_some() { PAGE_FOUND } else { PAGE_IN_FILTER };
            transaction.rows(sql, &parameters, read_user)
        }
    }
}

/// Hands over every user of a filter, in order, one by one.
pub fn each(transaction: &mut Transaction<'_>, filter: &UserFilter, mut take: impl FnMut(User) -> Result<()>) -> Result<()> {
    let window = [Value::from(u64::MAX), Value::from(0_u64)];
    let parameters: Vec<Value<'_>> = conditions(filter).into_iter().chain(window).collect();
    transaction.each(PAGE_IN_FILTER, &parameters, |row| take(read_user(row)?))
}

/// Stores new users, with the keys of their persons. Returns of each whether the address was free.
pub fn insert<'new>(transaction: &mut Transaction<'_>, new: impl Iterator<Item = (&'new User, &'new PersonKeys)>) -> Result<Vec<bool>> {
    let rows = new.map(|(user, keys)| {
        let UserDetails { person, api_user, active } = &user.details;
        [
            user.id.as_str().into(),
            person.first_name.as_str().into(),
            person.last_name.as_str().into(),
            person.email.as_str().into(),
            (*api_user).into(),
            (*active).into(),
            keys.sort_key.as_slice().into(),
            keys.search_text.as_str().into(),
            user.created_at.into(),
            user.updated_at.into(),
            user.revision.into(),
        ]
    });
    let inserted = transaction.insert(&INSERT, rows)?;
    Ok(inserted.into_iter().map(|rows| rows == 1).collect())
}

/// Stores other details of the user as they were at this revision.
pub fn update(transaction: &mut Transaction<'_>, user: &User, details: &UserDetails, at: Timestamp) -> Result<()> {
    let keys = PersonKeys::of(&details.person);
    let updated = transaction.execute(
        UPDATE,
        &[
            details.person.first_name.as_str().into(),
            details.person.last_name.as_str().into(),
            details.person.email.as_str().into(),
            details.api_user.into(),
            details.active.into(),
            keys.sort_key.into(),
            keys.search_text.into(),
            at.into(),
            user.id.as_str().into(),
            user.revision.into(),
        ],
    )?;
    changed_one("user", updated)
}

/// Hides the user for good and frees their address.
pub fn delete(transaction: &mut Transaction<'_>, user: &User, by: &str, at: Timestamp) -> Result<()> {
    let deleted = transaction.execute(DELETE, &[at.into(), by.into(), user.id.as_str().into(), user.revision.into()])?;
    changed_one("user", deleted)
}

/// Records a sign-in: it is no change of the record, so its revision stays.
pub fn record_sign_in(transaction: &mut Transaction<'_>, id: &str, at: Timestamp, sign_in_id: Option<&str>) -> Result<()> {
    let recorded = transaction.execute(RECORD_SIGN_IN, &[at.into(), sign_in_id.into(), id.into()])?;
    changed_one("user", recorded)
}

/// The id of whoever was added last, live or deleted; an empty one where nobody ever was.
pub fn newest_id(transaction: &mut Transaction<'_>) -> Result<String> {
    let newest = transaction.optional(NEWEST_ID, &[], |row| row.optional_text(0))?;
    Ok(newest.flatten().unwrap_or_default())
}

/// Those of these addresses whose live user was added after the one with this id.
pub fn newer(transaction: &mut Transaction<'_>, emails: &[&str], id: &str) -> Result<HashSet<String>> {
    let mut newer = HashSet::new();
    for some in emails.chunks(ADDRESSES) {
        // The last ones are filled up with the first of them.
        let asked = some.iter().chain(some.iter().cycle()).take(ADDRESSES);
        let parameters: Vec<Value<'_>> = asked.map(|email| (*email).into()).chain([id.into()]).collect();
        newer.extend(transaction.rows(NEWER, &parameters, |row| row.text(0))?);
    }
    Ok(newer)
}

/// Whether a deleted user had this address.
pub fn email_was_deleted(transaction: &mut Transaction<'_>, email: &str) -> Result<bool> {
    Ok(transaction.count(EMAIL_WAS_DELETED, &[email.into()])? > 0)
}

/// Finds a user by id, live or deleted.
pub fn find_ever(transaction: &mut Transaction<'_>, id: &str) -> Result<Option<User>> {
    transaction.optional(BY_ID_EVER, &[id.into()], read_user)
}

/// Hands over every user, live or deleted, with their id and the keys that are stored; or why one cannot
/// be read.
pub(super) fn each_ever(
    transaction: &mut Transaction<'_>,
    mut take: impl FnMut(String, Result<(User, PersonKeys)>) -> Result<()>,
) -> Result<()> {
    transaction.each(EVERY, &[], |row| {
        take(row.text(0)?, read_user(row).and_then(|user| Ok((user, PersonKeys { sort_key: row.bytes(11)?, search_text: row.text(12)? }))))
    })
}

fn conditions(filter: &UserFilter) -> [Value<'_>; 4] {
    [filter.active.into(), filter.api_user.into(), filter.signed_in.into(), search::parameter(filter.search.as_ref())]
}

fn read_user(row: &Row<'_>) -> Result<User> {
    Ok(User {
        id: row.text(0)?,
        details: UserDetails {
            person: PersonDetails { first_name: row.text(1)?, last_name: row.text(2)?, email: EmailAddress::from_stored(row.text(3)?) },
            api_user: row.answer(4)?,
            active: row.answer(5)?,
        },
        sign_in_id: row.optional_text(6)?,
        last_signed_in_at: row.optional_time(7)?,
        created_at: row.time(8)?,
        updated_at: row.time(9)?,
        revision: row.integer(10)?,
    })
}
