//! What begins like this: a few rows by their address or code, read off an index, for completion.

use super::driver::Transaction;
use super::row::Row;
use super::value::Value;
use crate::domain::organisation::fold_code;
use crate::error::Result;

/// No more is offered at once: nobody reads further, and a larger desk takes no longer.
pub const LIMIT: u64 = 100;

/// A word that could stand somewhere, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub value: String,
    /// Empty where there is nothing to say.
    pub description: String,
}

const USERS: &str = "SELECT email, first_name, last_name FROM users \
    WHERE deleted_at IS NULL AND email >= $1 AND email < $2 ORDER BY email LIMIT $3";
const ORGANISATION_USERS: &str = "SELECT email, first_name, last_name FROM organisation_users \
    WHERE deleted_at IS NULL AND email >= $1 AND email < $2 ORDER BY email LIMIT $3";
// The index of an organisation’s users is in the order of their names: it gives the first of them all at
// once, but of those whose address begins so it would have to read every one.
const MEMBERS: &str = "SELECT accounts.email, first_name, last_name FROM \
    (SELECT user_id FROM memberships WHERE organisation_id = $1 AND ended_at IS NULL ORDER BY sort_key, email, user_id LIMIT $2) AS found \
    JOIN organisation_users AS accounts ON accounts.id = found.user_id ORDER BY accounts.sort_key, accounts.email";
const MEMBERS_BY_ADDRESS: &str = "SELECT email, first_name, last_name FROM organisation_users AS accounts \
    WHERE deleted_at IS NULL AND email >= $1 AND email < $2 AND EXISTS (SELECT 1 FROM memberships AS own \
    WHERE own.user_id = accounts.id AND own.organisation_id = $3 AND own.ended_at IS NULL) ORDER BY email LIMIT $4";
const ORGANISATIONS: &str = "SELECT code, name FROM organisations \
    WHERE deleted_at IS NULL AND code_key >= $1 AND code_key < $2 ORDER BY code_key LIMIT $3";
// Of the few that an account belongs to, not of all.
const OWN_ORGANISATIONS: &str = "SELECT code, name FROM memberships JOIN organisations ON organisations.id = organisation_id \
    WHERE memberships.user_id = $1 AND ended_at IS NULL AND code_key >= $2 AND code_key < $3 ORDER BY code_key LIMIT $4";

/// The service’s own users whose address begins so, with their names.
///
/// # Errors
/// The database cannot be read; the same holds below.
pub fn users(transaction: &mut Transaction<'_>, typed: &str) -> Result<Vec<Offer>> {
    let [from, to] = range(typed.to_ascii_lowercase());
    transaction.rows(USERS, &[from, to, LIMIT.into()], read_person)
}

/// The accounts of organisations’ users whose address begins so, with their names.
pub fn organisation_users(transaction: &mut Transaction<'_>, typed: &str) -> Result<Vec<Offer>> {
    let [from, to] = range(typed.to_ascii_lowercase());
    transaction.rows(ORGANISATION_USERS, &[from, to, LIMIT.into()], read_person)
}

/// The users of an organisation whose address begins so, with their names.
pub fn members(transaction: &mut Transaction<'_>, organisation_id: &str, typed: &str) -> Result<Vec<Offer>> {
    if typed.is_empty() {
        return transaction.rows(MEMBERS, &[organisation_id.into(), LIMIT.into()], read_person);
    }
    let [from, to] = range(typed.to_ascii_lowercase());
    transaction.rows(MEMBERS_BY_ADDRESS, &[from, to, organisation_id.into(), LIMIT.into()], read_person)
}

/// The organisations whose code begins so and that the viewer may know of, with their names.
pub fn organisations(transaction: &mut Transaction<'_>, viewer: Option<&str>, typed: &str) -> Result<Vec<Offer>> {
    let [from, to] = range(fold_code(typed));
    let read = |row: &Row<'_>| Ok(Offer { value: row.text(0)?, description: row.text(1)? });
    match viewer {
        Some(viewer) => transaction.rows(OWN_ORGANISATIONS, &[viewer.into(), from, to, LIMIT.into()], read),
        None => transaction.rows(ORGANISATIONS, &[from, to, LIMIT.into()], read),
    }
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
    use super::{MEMBERS, MEMBERS_BY_ADDRESS, ORGANISATION_USERS, ORGANISATIONS, OWN_ORGANISATIONS, USERS};
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
            (MEMBERS, "memberships USING INDEX memberships_live_order (organisation_id=?)", 2),
            (MEMBERS_BY_ADDRESS, "accounts USING INDEX organisation_users_live_email (email>? AND email<?)", 4),
            (OWN_ORGANISATIONS, "memberships USING INDEX memberships_live (user_id=?)", 4),
        ] {
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
