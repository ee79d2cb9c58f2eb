//! The accounts of organisations' users as they are kept. Everything here is about live accounts,
//! but for the queries that say otherwise; each comes with the organisations that the viewer may
//! know of.

use jiff::Timestamp;

use super::driver::{Transaction, changed_one};
use super::memberships;
use super::organisations::{read_reference, visible};
use super::person_keys::PersonKeys;
use super::row::Row;
use super::search::{self, found_by};
use super::value::Value;
use crate::domain::email_address::EmailAddress;
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::page::Page;
use crate::domain::person::PersonDetails;
use crate::domain::search::Search;
use crate::domain::who::Who;
use crate::error::Result;

macro_rules! columns {
    () => {
        "accounts.id, first_name, last_name, accounts.email, sign_in_id, last_signed_in_at, accounts.created_at, accounts.updated_at, \
         accounts.revision"
    };
}
/// The first column after those of the account.
const AFTER_ACCOUNT: usize = 9;

macro_rules! select_accounts {
    ($rest:literal) => {
        concat!("SELECT ", columns!(), " FROM organisation_users AS accounts ", $rest)
    };
}

const BY_ID: &str = select_accounts!("WHERE id = $1 AND deleted_at IS NULL");
const BY_EMAIL: &str = select_accounts!("WHERE email = $1 AND deleted_at IS NULL");
const BY_SIGN_IN_ID: &str = select_accounts!("WHERE sign_in_id = $1 AND deleted_at IS NULL");
const BY_ID_EVER: &str = select_accounts!("WHERE id = $1");
const EVERY: &str = concat!("SELECT ", columns!(), ", sort_key, search_text FROM organisation_users AS accounts");
const EMAIL_WAS_DELETED: &str = "SELECT count(*) FROM organisation_users WHERE email = $1 AND deleted_at IS NOT NULL";

const COUNT: &str = "SELECT count(*) FROM memberships WHERE organisation_id = $1 AND ended_at IS NULL";
// An absent condition is null. The casts give PostgreSQL the type of a bare null.
macro_rules! members_in_filter {
    ($columns:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM memberships JOIN organisation_users ON organisation_users.id = user_id ",
            "WHERE organisation_id = $1 AND ended_at IS NULL ",
            "AND (CAST($2 AS BIGINT) IS NULL OR $2 = CASE WHEN last_signed_in_at IS NULL THEN 0 ELSE 1 END) AND ",
            found_by!("$3"),
            $rest
        )
    };
}
const COUNT_IN_FILTER: &str = members_in_filter!("count(*)", "");

// The rows of a page: each user once for each of their organisations, in the order of seeds 002, then
// of the organisations' names.
macro_rules! page_of {
    ($members:expr, $viewer:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            ", organisations.id, code, name FROM (",
            $members,
            ") AS page ",
            "JOIN organisation_users AS accounts ON accounts.id = page.user_id ",
            "JOIN memberships ON memberships.user_id = accounts.id AND ended_at IS NULL ",
            "JOIN organisations ON organisations.id = organisation_id ",
            "WHERE ",
            visible!($viewer),
            " ORDER BY accounts.sort_key, accounts.email, accounts.id, organisations.sort_key, code_key, organisations.id"
        )
    };
}
const PAGE: &str = page_of!(
    "SELECT user_id FROM memberships WHERE organisation_id = $1 AND ended_at IS NULL ORDER BY sort_key, email, user_id LIMIT $2 OFFSET $3",
    "$4"
);
const PAGE_IN_FILTER: &str =
    page_of!(members_in_filter!("user_id", " ORDER BY memberships.sort_key, memberships.email, user_id LIMIT $4 OFFSET $5"), "$6");
// Every membership, by organisation and then in the order of a list.
const ALL_MEMBERS: &str = "SELECT organisations.code, first_name, last_name, accounts.email FROM organisations \
    JOIN memberships ON organisation_id = organisations.id AND ended_at IS NULL \
    JOIN organisation_users AS accounts ON accounts.id = memberships.user_id \
    WHERE organisations.deleted_at IS NULL \
    AND (CAST($1 AS BIGINT) IS NULL OR $1 = CASE WHEN last_signed_in_at IS NULL THEN 0 ELSE 1 END) \
    ORDER BY organisations.sort_key, code_key, organisations.id, memberships.sort_key, memberships.email, memberships.user_id";
const IS_MEMBER: &str = "SELECT count(*) FROM memberships WHERE user_id = $1 AND organisation_id = $2 AND ended_at IS NULL";

const INSERT: &str = "INSERT INTO organisation_users \
    (id, first_name, last_name, email, sort_key, search_text, created_at, updated_at, revision) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
    ON CONFLICT (email) WHERE deleted_at IS NULL DO NOTHING";
const UPDATE: &str = "UPDATE organisation_users SET first_name = $1, last_name = $2, email = $3, sort_key = $4, \
    search_text = $5, updated_at = $6, revision = revision + 1 WHERE id = $7 AND revision = $8 AND deleted_at IS NULL";
const END: &str = "UPDATE organisation_users SET deleted_at = $1, deleted_by = $2, updated_at = $1, revision = revision + 1 \
    WHERE id = $3 AND revision = $4 AND deleted_at IS NULL";
const RECORD_SIGN_IN: &str = "UPDATE organisation_users SET last_signed_in_at = $1, sign_in_id = $2 WHERE id = $3 AND deleted_at IS NULL";

/// Which part of an organisation's users is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Members<'a> {
    pub organisation_id: &'a str,
    /// Only those who have signed in, or who never have.
    pub signed_in: Option<bool>,
    /// Only those who are found by this.
    pub search: Option<&'a Search>,
}

impl Members<'_> {
    fn is_everybody(&self) -> bool {
        self.signed_in.is_none() && self.search.is_none()
    }

    fn conditions(&self) -> [Value<'_>; 3] {
        [self.organisation_id.into(), self.signed_in.into(), search::parameter(self.search)]
    }
}

/// Finds an account by id, email address or sign-in id, in this order.
///
/// # Errors
/// The database cannot be used; the same holds below.
pub fn find(transaction: &mut Transaction<'_>, who: &Who, viewer: Option<&str>) -> Result<Option<OrganisationUser>> {
    let folded = who.folded();
    for (sql, name) in [(BY_ID, folded.as_str()), (BY_EMAIL, &folded), (BY_SIGN_IN_ID, who.as_typed())] {
        if let Some(found) = find_one(transaction, sql, name, viewer)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Finds one of an organisation's users, as [`find`] does.
pub fn find_member(
    transaction: &mut Transaction<'_>,
    organisation_id: &str,
    who: &Who,
    viewer: Option<&str>,
) -> Result<Option<OrganisationUser>> {
    let Some(found) = find(transaction, who, viewer)? else { return Ok(None) };
    let is_member = transaction.count(IS_MEMBER, &[found.id.as_str().into(), organisation_id.into()])? > 0;
    Ok(Some(found).filter(|_| is_member))
}

/// Finds a live account by id.
pub fn find_by_id(transaction: &mut Transaction<'_>, id: &str) -> Result<Option<OrganisationUser>> {
    find_one(transaction, BY_ID, id, None)
}

/// Finds a live account by address, lower-case as it is stored.
pub fn find_by_email(transaction: &mut Transaction<'_>, email: &str) -> Result<Option<OrganisationUser>> {
    find_one(transaction, BY_EMAIL, email, None)
}

/// Finds a live account by the id that DfE Sign-in gave.
pub fn find_by_sign_in_id(transaction: &mut Transaction<'_>, id: &str) -> Result<Option<OrganisationUser>> {
    find_one(transaction, BY_SIGN_IN_ID, id, None)
}

/// Finds an account by id, live or ended.
pub fn find_ever(transaction: &mut Transaction<'_>, id: &str) -> Result<Option<OrganisationUser>> {
    find_one(transaction, BY_ID_EVER, id, None)
}

/// Whether an account that has ended had this address.
pub fn email_was_deleted(transaction: &mut Transaction<'_>, email: &str) -> Result<bool> {
    Ok(transaction.count(EMAIL_WAS_DELETED, &[email.into()])? > 0)
}

/// How many users an organisation has.
pub fn count(transaction: &mut Transaction<'_>, members: Members<'_>) -> Result<u64> {
    if members.is_everybody() {
        transaction.count(COUNT, &[members.organisation_id.into()])
    } else {
        transaction.count(COUNT_IN_FILTER, &members.conditions())
    }
}

/// The users of a page, in order (seeds 002, “User list”).
pub fn page(transaction: &mut Transaction<'_>, members: Members<'_>, page: Page, viewer: Option<&str>) -> Result<Vec<OrganisationUser>> {
    let window = [Value::from(page.per_page.unwrap_or(u64::MAX)), page.offset().into(), viewer.into()];
    let (sql, parameters) = if members.is_everybody() {
        (PAGE, [&[members.organisation_id.into()], &window[..]].concat())
    } else {
        (PAGE_IN_FILTER, [&members.conditions()[..], &window].concat())
    };
    let mut users: Vec<OrganisationUser> = Vec::new();
    for (user, organisation) in transaction.rows(sql, &parameters, |row| Ok((read_account(row)?, read_reference(row, AFTER_ACCOUNT)?)))? {
        match users.last_mut().filter(|last| last.id == user.id) {
            Some(last) => last.organisations.push(organisation),
            None => users.push(OrganisationUser { organisations: vec![organisation], ..user }),
        }
    }
    Ok(users)
}

/// Hands over every membership, one by one: the organisation's code, and the person.
pub fn each_member(
    transaction: &mut Transaction<'_>,
    signed_in: Option<bool>,
    mut take: impl FnMut(String, PersonDetails) -> Result<()>,
) -> Result<()> {
    transaction.each(ALL_MEMBERS, &[signed_in.into()], |row| {
        let email = EmailAddress::from_stored(row.text(3)?);
        take(row.text(0)?, PersonDetails { first_name: row.text(1)?, last_name: row.text(2)?, email })
    })
}

/// Stores a new account. Returns whether the address was free.
pub fn insert(transaction: &mut Transaction<'_>, user: &OrganisationUser) -> Result<bool> {
    let PersonDetails { first_name, last_name, email } = &user.details;
    let keys = PersonKeys::of(&user.details);
    let parameters = [
        user.id.as_str().into(),
        first_name.as_str().into(),
        last_name.as_str().into(),
        email.as_str().into(),
        keys.sort_key.into(),
        keys.search_text.into(),
        user.created_at.into(),
        user.updated_at.into(),
        user.revision.into(),
    ];
    Ok(transaction.execute(INSERT, &parameters)? == 1)
}

/// Stores other details of the account as it was at this revision, in its memberships too.
pub fn update(transaction: &mut Transaction<'_>, user: &OrganisationUser, details: &PersonDetails, at: Timestamp) -> Result<()> {
    let PersonDetails { first_name, last_name, email } = details;
    let keys = PersonKeys::of(details);
    let parameters = [
        first_name.as_str().into(),
        last_name.as_str().into(),
        email.as_str().into(),
        keys.sort_key.into(),
        keys.search_text.into(),
        at.into(),
        user.id.as_str().into(),
        user.revision.into(),
    ];
    changed_one("user", transaction.execute(UPDATE, &parameters)?)?;
    memberships::follow(transaction, &user.id, details)
}

/// Ends an account and frees its address.
pub fn end(transaction: &mut Transaction<'_>, user: &OrganisationUser, by: &str, at: Timestamp) -> Result<()> {
    changed_one("user", transaction.execute(END, &[at.into(), by.into(), user.id.as_str().into(), user.revision.into()])?)
}

/// Records a sign-in: it is no change of the record, so its revision stays.
pub fn record_sign_in(transaction: &mut Transaction<'_>, id: &str, at: Timestamp, sign_in_id: Option<&str>) -> Result<()> {
    changed_one("user", transaction.execute(RECORD_SIGN_IN, &[at.into(), sign_in_id.into(), id.into()])?)
}

/// Hands over every account, live or ended, with its id and the keys that are stored; or why one cannot
/// be read.
pub(super) fn each_ever(
    transaction: &mut Transaction<'_>,
    mut take: impl FnMut(String, Result<(OrganisationUser, PersonKeys)>) -> Result<()>,
) -> Result<()> {
    transaction.each(EVERY, &[], |row| {
        let keys = || -> Result<_> { Ok(PersonKeys { sort_key: row.bytes(AFTER_ACCOUNT)?, search_text: row.text(AFTER_ACCOUNT + 1)? }) };
        take(row.text(0)?, read_account(row).and_then(|user| Ok((user, keys()?))))
    })
}

fn find_one(transaction: &mut Transaction<'_>, sql: &'static str, name: &str, viewer: Option<&str>) -> Result<Option<OrganisationUser>> {
    let Some(found) = transaction.optional(sql, &[name.into()], read_account)? else { return Ok(None) };
    let organisations = memberships::of_user(transaction, &found.id, viewer)?;
    Ok(Some(OrganisationUser { organisations, ..found }))
}

/// The account alone; its organisations are read after it.
fn read_account(row: &Row<'_>) -> Result<OrganisationUser> {
    Ok(OrganisationUser {
        id: row.text(0)?,
        details: PersonDetails { first_name: row.text(1)?, last_name: row.text(2)?, email: EmailAddress::from_stored(row.text(3)?) },
        sign_in_id: row.optional_text(4)?,
        last_signed_in_at: row.optional_time(5)?,
        created_at: row.time(6)?,
        updated_at: row.time(7)?,
        revision: row.integer(8)?,
        organisations: Vec::new(),
    })
}
