//! Organisations as they are kept. Everything here is about live ones, and only those that the
//! viewer may know of: an account sees the organisations that it belongs to, nobody in particular
//! sees all.

use jiff::Timestamp;

use super::collation::name_key;
use super::driver::{Transaction, changed_one};
use super::row::Row;
use super::search::{self, found_by};
use super::value::Value;
use crate::domain::organisation::{Organisation, OrganisationDetails, OrganisationReference, WhichOrganisation, fold_code};
use crate::domain::page::Page;
use crate::domain::search::{Search, text_of_organisation};
use crate::error::Result;

macro_rules! select_organisations {
    ($rest:expr) => {
        concat!(
            "SELECT organisations.id, code, name, ",
            "(SELECT count(*) FROM memberships WHERE organisation_id = organisations.id AND ended_at IS NULL), ",
            "created_at, updated_at, revision FROM organisations ",
            $rest
        )
    };
}

// The viewer belongs to it, or is nobody in particular (null).
macro_rules! visible {
    ($viewer:literal) => {
        concat!(
            "(CAST(",
            $viewer,
            " AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM memberships AS own ",
            "WHERE own.user_id = ",
            $viewer,
            " AND own.organisation_id = organisations.id AND own.ended_at IS NULL))"
        )
    };
}
pub(super) use visible;

const BY_ID: &str = select_organisations!(concat!("WHERE id = $1 AND deleted_at IS NULL AND ", visible!("$2")));
const BY_CODE: &str = select_organisations!(concat!("WHERE code_key = $1 AND deleted_at IS NULL AND ", visible!("$2")));
const COUNT: &str = concat!("SELECT count(*) FROM organisations WHERE deleted_at IS NULL AND ", visible!("$1"));
// A search reads the table from end to end and no index (`+`, see the users).
macro_rules! found {
    () => {
        concat!("+deleted_at IS NULL AND ", visible!("$1"), " AND ", found_by!("$2"))
    };
}
const COUNT_FOUND: &str = concat!("SELECT count(*) FROM organisations WHERE ", found!());
// The ids come from the index alone, unless something is searched for; users are counted only for the
// rows of the page.
macro_rules! page_of {
    ($condition:expr, $window:literal) => {
        select_organisations!(concat!(
            "WHERE id IN (SELECT id FROM organisations WHERE ",
            $condition,
            " ORDER BY sort_key, code_key, id ",
            $window,
            ") ORDER BY sort_key, code_key, organisations.id"
        ))
    };
}
const PAGE: &str = page_of!(concat!("deleted_at IS NULL AND ", visible!("$1")), "LIMIT $2 OFFSET $3");
const PAGE_FOUND: &str = page_of!(found!(), "LIMIT $3 OFFSET $4");
const REFERENCES: &str = concat!(
    "SELECT id, code, name FROM organisations WHERE deleted_at IS NULL AND ",
    visible!("$1"),
    " ORDER BY sort_key, code_key, id LIMIT $2"
);

const BY_ID_EVER: &str = "SELECT id, code, name FROM organisations WHERE id = $1";

// The ids are in an index, by which the last of them is found at once.
const NEWEST_ID: &str = "SELECT max(id) FROM organisations";
// What is read of an organisation, and after it the keys.
const EVERY: &str = "SELECT id, code, name, CAST(0 AS BIGINT), created_at, updated_at, revision, code_key, sort_key, search_text \
    FROM organisations";

const INSERT: &str = "INSERT INTO organisations (id, code, code_key, name, sort_key, search_text, created_at, updated_at, revision) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (code_key) WHERE deleted_at IS NULL DO NOTHING";
const UPDATE: &str = "UPDATE organisations SET name = $1, sort_key = $2, search_text = $3, updated_at = $4, revision = revision + 1 \
    WHERE id = $5 AND revision = $6 AND deleted_at IS NULL";
const DELETE: &str = "UPDATE organisations SET deleted_at = $1, deleted_by = $2, updated_at = $1, revision = revision + 1 \
    WHERE id = $3 AND revision = $4 AND deleted_at IS NULL";

/// Finds an organisation by id or code, in this order.
///
/// # Errors
/// The database cannot be used; the same holds below.
pub fn find(transaction: &mut Transaction<'_>, which: &WhichOrganisation, viewer: Option<&str>) -> Result<Option<Organisation>> {
    let parameters = [which.folded().into(), viewer.into()];
    match transaction.optional(BY_ID, &parameters, read_organisation)? {
        Some(found) => Ok(Some(found)),
        None => transaction.optional(BY_CODE, &parameters, read_organisation),
    }
}

/// The id of the organisation that was added last, live or deleted; an empty one where none ever was.
pub fn newest_id(transaction: &mut Transaction<'_>) -> Result<String> {
    let newest = transaction.optional(NEWEST_ID, &[], |row| row.optional_text(0))?;
    Ok(newest.flatten().unwrap_or_default())
}

/// How many organisations there are, or are found.
pub fn count(transaction: &mut Transaction<'_>, viewer: Option<&str>, search: Option<&Search>) -> Result<u64> {
    match search {
        None => transaction.count(COUNT, &[viewer.into()]),
        Some(_) => transaction.count(COUNT_FOUND, &[viewer.into(), search::parameter(search)]),
    }
}

/// The organisations of a page, by name.
pub fn page(transaction: &mut Transaction<'_>, viewer: Option<&str>, search: Option<&Search>, page: Page) -> Result<Vec<Organisation>> {
    let window = [Value::from(page.per_page.unwrap_or(u64::MAX)), page.offset().into()];
    let viewer = [Value::from(viewer)];
    let (sql, parameters) = match search {
        None => (PAGE, [&viewer[..], &window].concat()),
        Some(_) => (PAGE_FOUND, [&viewer[..], &[search::parameter(search)], &window].concat()),
    };
    transaction.rows(sql, &parameters, read_organisation)
}

/// What organisations are called, by name, up to a limit.
pub fn references(transaction: &mut Transaction<'_>, viewer: Option<&str>, limit: u64) -> Result<Vec<OrganisationReference>> {
    transaction.rows(REFERENCES, &[viewer.into(), limit.into()], |row| read_reference(row, 0))
}

/// What an organisation is called, live or deleted, by its id.
pub fn reference_ever(transaction: &mut Transaction<'_>, id: &str) -> Result<Option<OrganisationReference>> {
    transaction.optional(BY_ID_EVER, &[id.into()], |row| read_reference(row, 0))
}

/// Stores a new organisation. Returns whether the code was free.
pub fn insert(transaction: &mut Transaction<'_>, organisation: &Organisation) -> Result<bool> {
    let OrganisationDetails { code, name } = &organisation.details;
    let parameters = [
        organisation.id.as_str().into(),
        code.as_str().into(),
        fold_code(code).into(),
        name.as_str().into(),
        name_key(name).into(),
        text_of_organisation(name, code).into(),
        organisation.created_at.into(),
        organisation.updated_at.into(),
        organisation.revision.into(),
    ];
    Ok(transaction.execute(INSERT, &parameters)? == 1)
}

/// Stores another name of the organisation as it was at this revision.
pub fn rename(transaction: &mut Transaction<'_>, organisation: &Organisation, name: &str, at: Timestamp) -> Result<()> {
    let parameters: [Value<'_>; 6] = [
        name.into(),
        name_key(name).into(),
        text_of_organisation(name, &organisation.details.code).into(),
        at.into(),
        organisation.id.as_str().into(),
        organisation.revision.into(),
    ];
    changed_one("organisation", transaction.execute(UPDATE, &parameters)?)
}

/// Hides the organisation for good and frees its code.
pub fn delete(transaction: &mut Transaction<'_>, organisation: &Organisation, by: &str, at: Timestamp) -> Result<()> {
    let parameters = [at.into(), by.into(), organisation.id.as_str().into(), organisation.revision.into()];
    changed_one("organisation", transaction.execute(DELETE, &parameters)?)
}

/// What is stored of an organisation besides its details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OrganisationKeys {
    pub code_key: String,
    pub sort_key: Vec<u8>,
    pub search_text: String,
}

impl OrganisationKeys {
    /// As they should be.
    pub fn of(details: &OrganisationDetails) -> Self {
        let OrganisationDetails { code, name } = details;
        Self { code_key: fold_code(code), sort_key: name_key(name), search_text: text_of_organisation(name, code) }
    }
}

/// Hands over every organisation, live or deleted, with its id and the keys that are stored; or why one
/// cannot be read. Their users are not counted.
pub(super) fn each_ever(
    transaction: &mut Transaction<'_>,
    mut take: impl FnMut(String, Result<(Organisation, OrganisationKeys)>) -> Result<()>,
) -> Result<()> {
    transaction.each(EVERY, &[], |row| {
        let keys = || -> Result<_> { Ok(OrganisationKeys { code_key: row.text(7)?, sort_key: row.bytes(8)?, search_text: row.text(9)? }) };
        take(row.text(0)?, read_organisation(row).and_then(|organisation| Ok((organisation, keys()?))))
    })
}

fn read_organisation(row: &Row<'_>) -> Result<Organisation> {
    Ok(Organisation {
        id: row.text(0)?,
        details: OrganisationDetails { code: row.text(1)?, name: row.text(2)? },
        users: row.count(3)?,
        created_at: row.time(4)?,
        updated_at: row.time(5)?,
        revision: row.integer(6)?,
    })
}

/// Reads id, code and name, which begin at this column.
pub(super) fn read_reference(row: &Row<'_>, column: usize) -> Result<OrganisationReference> {
    Ok(OrganisationReference { id: row.text(column)?, code: row.text(column + 1)?, name: row.text(column + 2)? })
}
