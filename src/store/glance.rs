//! What begins like this, or stands next to it: a few rows by their address, code or id, read off an
//! index, for completion and for what somebody who mistyped an address may have meant.

use super::driver::Transaction;
use super::row::Row;
use super::value::Value;
use crate::domain::notice::EmailStatus;
use crate::domain::organisation::fold_code;
use crate::error::Result;

/// No more is offered at once: nobody reads further, and a larger desk takes no longer.
pub const LIMIT: u64 = 100;

/// An organisation with fewer users is read whole at once; one with more is a good part of the largest
/// desk there is.
const MANY: u64 = 50_000;

/// A word that could stand somewhere, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub value: String,
    /// Empty where there is nothing to say.
    pub description: String,
}

/// One glance: the query for the first that begin so, and the same in the opposite order. Both end with
/// the number of rows.
#[derive(Debug, Clone, Copy)]
struct Glance {
    first: &'static str,
    last: &'static str,
}

macro_rules! glance {
    ($by:literal, $limit:literal, $select:expr) => {
        Glance {
            first: concat!($select, " ORDER BY ", $by, " LIMIT ", $limit),
            last: concat!($select, " ORDER BY ", $by, " DESC LIMIT ", $limit),
        }
    };
}

const USERS: Glance =
    glance!("email", "$3", "SELECT email, first_name, last_name FROM users WHERE deleted_at IS NULL AND email >= $1 AND email < $2");
const ORGANISATION_USERS: Glance = glance!(
    "email",
    "$3",
    "SELECT email, first_name, last_name FROM organisation_users WHERE deleted_at IS NULL AND email >= $1 AND email < $2"
);
// The index of an organisation’s users is in the order of their names: to have them by address, every one
// is read, and only those that are offered are looked up.
macro_rules! members {
    ($order:literal) => {
        concat!(
            "SELECT accounts.email, first_name, last_name FROM (SELECT user_id FROM memberships WHERE email >= $1 AND email < $2 ",
            "AND organisation_id = $3 AND ended_at IS NULL ORDER BY email",
            $order,
            " LIMIT $4) AS found JOIN organisation_users AS accounts ON accounts.id = found.user_id ORDER BY accounts.email",
            $order
        )
    };
}
const MEMBERS: Glance = Glance { first: members!(""), last: members!(" DESC") };
// Of a large organisation they are met soon among all accounts by address.
const MANY_MEMBERS: Glance = glance!(
    "email",
    "$4",
    "SELECT email, first_name, last_name FROM organisation_users AS accounts \
    WHERE deleted_at IS NULL AND email >= $1 AND email < $2 AND EXISTS (SELECT 1 FROM memberships AS own \
    WHERE own.user_id = accounts.id AND own.organisation_id = $3 AND own.ended_at IS NULL)"
);
const COUNT_MEMBERS: &str =
    "SELECT count(*) FROM (SELECT 1 AS one FROM memberships WHERE organisation_id = $1 AND ended_at IS NULL LIMIT $2) AS members";
const ORGANISATIONS: Glance =
    glance!("code_key", "$3", "SELECT code, name FROM organisations WHERE deleted_at IS NULL AND code_key >= $1 AND code_key < $2");
// Of the few that an account belongs to, not of all.
const OWN_ORGANISATIONS: Glance = glance!(
    "code_key",
    "$4",
    "SELECT code, name FROM memberships JOIN organisations ON organisations.id = organisation_id \
    WHERE memberships.user_id = $1 AND ended_at IS NULL AND code_key >= $2 AND code_key < $3"
);

const EMAILS: Glance = newest_first(glance!("id", "$3", "SELECT id, to_address, status FROM emails WHERE id >= $1 AND id < $2"));
const EMAILS_OF_STATUS: Glance =
    newest_first(glance!("id", "$4", "SELECT id, to_address, status FROM emails WHERE status = $1 AND id >= $2 AND id < $3"));

const API_CLIENTS: Glance =
    newest_first(glance!("id", "$3", "SELECT id, name FROM api_clients WHERE deleted_at IS NULL AND id >= $1 AND id < $2"));
const OWN_API_CLIENTS: Glance = newest_first(glance!(
    "id",
    "$4",
    "SELECT id, name FROM api_clients WHERE created_by = $1 AND deleted_at IS NULL AND id >= $2 AND id < $3"
));

/// An id begins with the time that it was made at.
const fn newest_first(Glance { first, last }: Glance) -> Glance {
    Glance { first: last, last: first }
}

/// The service’s own users whose address begins so, with their names.
///
/// # Errors
/// The database cannot be read; the same holds below.
pub fn users(transaction: &mut Transaction<'_>, typed: &str) -> Result<Vec<Offer>> {
    look(transaction, USERS, &range(typed.to_ascii_lowercase()), read_person)
}

/// The accounts of organisations’ users whose address begins so, with their names.
pub fn organisation_users(transaction: &mut Transaction<'_>, typed: &str) -> Result<Vec<Offer>> {
    look(transaction, ORGANISATION_USERS, &range(typed.to_ascii_lowercase()), read_person)
}

/// The users of an organisation whose address begins so, with their names.
pub fn members(transaction: &mut Transaction<'_>, organisation_id: &str, typed: &str) -> Result<Vec<Offer>> {
    let glance = members_glance(transaction, organisation_id)?;
    let [from, to] = range(typed.to_ascii_lowercase());
    look(transaction, glance, &[from, to, organisation_id.into()], read_person)
}

/// The organisations whose code begins so and that the viewer may know of, with their names.
pub fn organisations(transaction: &mut Transaction<'_>, viewer: Option<&str>, typed: &str) -> Result<Vec<Offer>> {
    let [from, to] = range(fold_code(typed));
    let read = |row: &Row<'_>| Ok(Offer { value: row.text(0)?, description: row.text(1)? });
    match viewer {
        Some(viewer) => look(transaction, OWN_ORGANISATIONS, &[viewer.into(), from, to], read),
        None => look(transaction, ORGANISATIONS, &[from, to], read),
    }
}

/// The emails whose id begins so, newest first, each with its address and how far it has got: all of them,
/// or those with one of these statuses.
pub fn emails(transaction: &mut Transaction<'_>, statuses: Option<&[EmailStatus]>, typed: &str) -> Result<Vec<Offer>> {
    let [from, to] = range(typed.to_owned());
    let read = |row: &Row<'_>| Ok(Offer { value: row.text(0)?, description: format!("{}, {}", row.text(1)?, row.text(2)?) });
    let Some(statuses) = statuses else { return look(transaction, EMAILS, &[from, to], read) };
    let mut found = Vec::new();
    for status in statuses {
        found.extend(look(transaction, EMAILS_OF_STATUS, &[status.key().into(), from.clone(), to.clone()], read)?);
    }
    found.sort_by(|one, other| other.value.cmp(&one.value));
    Ok(shortened(found))
}

/// The API clients whose id begins so and that the viewer may know of, newest first, with their names.
pub fn api_clients(transaction: &mut Transaction<'_>, viewer: Option<&str>, typed: &str) -> Result<Vec<Offer>> {
    let [from, to] = range(typed.to_ascii_lowercase());
    let read = |row: &Row<'_>| Ok(Offer { value: row.text(0)?, description: row.text(1)? });
    match viewer {
        Some(viewer) => look(transaction, OWN_API_CLIENTS, &[viewer.into(), from, to], read),
        None => look(transaction, API_CLIENTS, &[from, to], read),
    }
}

/// No more than are offered, in order: where there are more, the last of them all stands for those that
/// are left out. A shell takes what all words have in common for what the person meant, and what the
/// first and the last have in common, those between them have too.
pub fn shortened(mut offers: Vec<Offer>) -> Vec<Offer> {
    let most = usize::try_from(LIMIT).unwrap_or(usize::MAX);
    if offers.len() > most
        && let Some(last) = offers.pop()
    {
        offers.truncate(most.saturating_sub(1));
        offers.push(last);
    }
    offers
}

/// The service’s own users whose addresses stand next to one that nobody has, on either side.
pub fn users_near(transaction: &mut Transaction<'_>, address: &str) -> Result<Vec<Offer>> {
    near(transaction, USERS, address, &[])
}

/// The same of all accounts of organisations’ users.
pub fn organisation_users_near(transaction: &mut Transaction<'_>, address: &str) -> Result<Vec<Offer>> {
    near(transaction, ORGANISATION_USERS, address, &[])
}

/// The same of the users of an organisation.
pub fn members_near(transaction: &mut Transaction<'_>, organisation_id: &str, address: &str) -> Result<Vec<Offer>> {
    let glance = members_glance(transaction, organisation_id)?;
    near(transaction, glance, address, &[organisation_id.into()])
}

fn near(transaction: &mut Transaction<'_>, glance: Glance, address: &str, more: &[Value<'_>]) -> Result<Vec<Offer>> {
    let mut side = |sql, from: String, to: String| {
        let parameters = [&[from.into(), to.into()], more, &[(LIMIT / 2).into()]].concat();
        transaction.rows(sql, &parameters, read_person)
    };
    let mut found = side(glance.last, String::new(), address.to_owned())?;
    found.extend(side(glance.first, address.to_owned(), char::MAX.to_string())?);
    Ok(found)
}

fn members_glance(transaction: &mut Transaction<'_>, organisation_id: &str) -> Result<Glance> {
    let is_large = transaction.count(COUNT_MEMBERS, &[organisation_id.into(), MANY.into()])? >= MANY;
    Ok(if is_large { MANY_MEMBERS } else { MEMBERS })
}

fn look(
    transaction: &mut Transaction<'_>,
    glance: Glance,
    parameters: &[Value<'_>],
    read: impl Fn(&Row<'_>) -> Result<Offer>,
) -> Result<Vec<Offer>> {
    let with_number = |rows: u64| [parameters, &[rows.into()]].concat();
    let mut found = transaction.rows(glance.first, &with_number(LIMIT), &read)?;
    if found.len() as u64 == LIMIT {
        let last = transaction.rows(glance.last, &with_number(1), &read)?;
        found.extend(last.into_iter().filter(|last| found.last() != Some(last)).collect::<Vec<_>>());
    }
    Ok(shortened(found))
}

fn read_person(row: &Row<'_>) -> Result<Offer> {
    Ok(Offer { value: row.text(0)?, description: format!("{} {}", row.text(1)?, row.text(2)?) })
}

/// Everything that begins so lies between it and the same with the last character of all.
fn range(begins: String) -> [Value<'static>; 2] {
    let end = format!("{begins}{}", char::MAX);
    [begins.into(), end.into()]
}

#[cfg(test)]
mod tests {
    use super::{
        API_CLIENTS, EMAILS, EMAILS_OF_STATUS, MANY_MEMBERS, MEMBERS, ORGANISATION_USERS, ORGANISATIONS, OWN_API_CLIENTS,
        OWN_ORGANISATIONS, USERS,
    };
    use crate::store::migrations::{MIGRATIONS, migrate};
    use crate::store::sqlite::{Sqlite, TEMPORARY};

    #[test]
    fn every_glance_is_read_off_an_index() {
        let sqlite = Sqlite::open_temporary().unwrap();
        migrate(&sqlite, TEMPORARY.as_ref(), MIGRATIONS, |_| Ok(())).unwrap();
        for (sql, index, parameters) in [
            (USERS, "users USING INDEX users_live_email (email>? AND email<?)", 3),
            (ORGANISATION_USERS, "organisation_users USING INDEX organisation_users_live_email (email>? AND email<?)", 3),
            (ORGANISATIONS, "organisations USING INDEX organisations_live_code (code_key>? AND code_key<?)", 3),
            (MEMBERS, "memberships USING INDEX memberships_live_order (organisation_id=?)", 4),
            (MANY_MEMBERS, "accounts USING INDEX organisation_users_live_email (email>? AND email<?)", 4),
            (OWN_ORGANISATIONS, "memberships USING INDEX memberships_live (user_id=?)", 4),
            (API_CLIENTS, "api_clients USING INDEX sqlite_autoindex_api_clients_1 (id>? AND id<?)", 3),
            (OWN_API_CLIENTS, "api_clients USING INDEX api_clients_live_name (created_by=?)", 4),
            (EMAILS, "emails USING PRIMARY KEY (id>? AND id<?)", 3),
            (EMAILS_OF_STATUS, "emails USING INDEX emails_status (status=? AND id>? AND id<?)", 4),
        ]
        .into_iter()
        .flat_map(|(glance, index, parameters)| [glance.first, glance.last].map(|sql| (sql, index, parameters)))
        {
            let mut plan = Vec::new();
            let values: Vec<_> = (0..parameters).map(|_| "x".into()).collect();
            sqlite
                .each(&format!("EXPLAIN QUERY PLAN {sql}"), &values, &mut |row| {
                    plan.push(row.text(3)?);
                    Ok(())
                })
                .unwrap();
            assert!(plan.iter().any(|step| step.contains(index)), "{index}: {plan:?}");
            assert!(!plan.iter().any(|step| step.starts_with("SCAN") && step != "SCAN found"), "{plan:?}");
        }
    }
}
