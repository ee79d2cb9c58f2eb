//! Records that are not as they should be: each is read as every command reads it, what is made from
//! it is made anew, and what belongs together is compared. One record is held at a time.

use crate::domain::damage::Damages;
use crate::domain::email_address::EmailAddress;
use crate::domain::name::{self, fold_case};
use crate::domain::notice::Email;
use crate::domain::organisation::parse_code;
use crate::domain::person::{PersonDetails, PersonRules};
use crate::domain::{organisation_user_answers, user_answers};
use crate::error::Result;
use crate::store::Transaction;
use crate::store::collation::name_key;
use crate::store::organisations::OrganisationKeys;
use crate::store::person_keys::PersonKeys;
use crate::store::{activity, api_clients, emails, organisation_users, organisations, users};

const UNREADABLE: &str = "it holds a value that frontdesk never writes";
const NAMES: &str = "its names are not as frontdesk writes them";
const ADDRESS: &str = "its email address is not a right one, in lower case";
const SORT_KEY: &str = "its sort key is not that of its names";
const SEARCH_TEXT: &str = "its search text is not that of its names and address";

/// A damage that the database itself finds: the query gives the ids of the records.
type Query = (&'static str, &'static str);

const NOT_ADDED: &str = "the activity does not say that it was added";

const OF_USERS: [Query; 1] = [(
    NOT_ADDED,
    "SELECT id FROM users WHERE deleted_at IS NULL \
     AND NOT EXISTS (SELECT 1 FROM activity WHERE subject_id = users.id AND action = 'user_added') ORDER BY id",
)];

const OF_ORGANISATIONS: [Query; 1] = [(
    NOT_ADDED,
    "SELECT id FROM organisations WHERE deleted_at IS NULL \
     AND NOT EXISTS (SELECT 1 FROM activity WHERE subject_id = organisations.id AND action = 'organisation_added') ORDER BY id",
)];

const OF_ORGANISATION_USERS: [Query; 2] = [
    (
        NOT_ADDED,
        "SELECT id FROM organisation_users WHERE deleted_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM activity WHERE subject_id = organisation_users.id AND action = 'user_added') ORDER BY id",
    ),
    // Whoever was removed from their last organisation keeps an account that belongs nowhere; but an account
    // is made with its first membership. Joined: no index leads from an account to memberships that ended.
    (
        "it has never belonged to an organisation",
        "SELECT accounts.id FROM organisation_users AS accounts LEFT JOIN memberships ON memberships.user_id = accounts.id \
         WHERE accounts.deleted_at IS NULL AND memberships.id IS NULL ORDER BY accounts.id",
    ),
];

const COUNT_MEMBERSHIPS: &str = "SELECT count(*) FROM memberships";
const OF_MEMBERSHIPS: [Query; 4] = [
    (
        "its copy of the sort key is not that of its account",
        "SELECT memberships.id FROM memberships JOIN organisation_users AS accounts ON accounts.id = user_id \
         WHERE ended_at IS NULL AND memberships.sort_key <> accounts.sort_key ORDER BY memberships.id",
    ),
    (
        "its copy of the email address is not that of its account",
        "SELECT memberships.id FROM memberships JOIN organisation_users AS accounts ON accounts.id = user_id \
         WHERE ended_at IS NULL AND memberships.email <> accounts.email ORDER BY memberships.id",
    ),
    (
        "it goes on, and its account is not there any more",
        "SELECT memberships.id FROM memberships LEFT JOIN organisation_users AS accounts ON accounts.id = user_id \
         WHERE ended_at IS NULL AND (accounts.id IS NULL OR accounts.deleted_at IS NOT NULL) ORDER BY memberships.id",
    ),
    (
        "it goes on, and its organisation is not there any more",
        "SELECT memberships.id FROM memberships LEFT JOIN organisations ON organisations.id = organisation_id \
         WHERE ended_at IS NULL AND (organisations.id IS NULL OR organisations.deleted_at IS NOT NULL) ORDER BY memberships.id",
    ),
];

const OF_EMAILS: [Query; 2] = [
    (
        "it is queued, tells how to sign in, and goes to an address that its account does not have",
        "SELECT emails.id FROM emails LEFT JOIN users ON users.id = emails.user_id AND users.deleted_at IS NULL \
         LEFT JOIN organisation_users AS accounts ON accounts.id = organisation_user_id AND accounts.deleted_at IS NULL \
         WHERE status = 'queued' AND notice IN ('invitation', 'email-changed') \
         AND to_address <> COALESCE(users.email, accounts.email, '') ORDER BY emails.id",
    ),
    (
        "it is queued, and has no time at which it is tried",
        "SELECT id FROM emails WHERE status = 'queued' AND next_attempt_at IS NULL ORDER BY id",
    ),
];

const OF_ACTIVITY: [Query; 1] = [(
    "it is about something that never was",
    "SELECT id FROM activity WHERE (subject_kind = 'user' AND NOT EXISTS (SELECT 1 FROM users WHERE users.id = subject_id)) \
     OR (subject_kind = 'organisation_user' \
         AND NOT EXISTS (SELECT 1 FROM organisation_users WHERE organisation_users.id = subject_id)) \
     OR (subject_kind = 'organisation' AND NOT EXISTS (SELECT 1 FROM organisations WHERE organisations.id = subject_id)) \
     OR (subject_kind = 'api_client' AND NOT EXISTS (SELECT 1 FROM api_clients WHERE api_clients.id = subject_id)) ORDER BY id",
)];

const OF_API_CLIENTS: [Query; 3] = [
    (
        NOT_ADDED,
        "SELECT id FROM api_clients WHERE deleted_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM activity WHERE subject_id = api_clients.id AND action = 'api_client_added') ORDER BY id",
    ),
    (
        "it is there, and its owner is not there any more",
        "SELECT clients.id FROM api_clients AS clients JOIN users ON users.id = clients.created_by \
         WHERE clients.deleted_at IS NULL AND users.deleted_at IS NOT NULL ORDER BY clients.id",
    ),
    (
        "it is not revoked, and its owner is not active",
        "SELECT clients.id FROM api_clients AS clients JOIN users ON users.id = clients.created_by WHERE clients.deleted_at IS NULL \
         AND clients.revoked_at IS NULL AND users.deleted_at IS NULL AND users.active = 0 ORDER BY clients.id",
    ),
];

/// Looks through the service's own users.
///
/// # Errors
/// The database cannot be read to the end; the same holds below.
pub fn users(transaction: &mut Transaction<'_>) -> Result<Damages> {
    let mut damages = Damages::default();
    users::each_ever(transaction, |id, read| {
        damages.read += 1;
        match read {
            Ok((user, keys)) => examine_person(&mut damages, &id, &user.details.person, &keys, &user_answers::PERSON),
            Err(_) => damages.add(UNREADABLE, id),
        }
        Ok(())
    })?;
    ask(transaction, &OF_USERS, damages)
}

/// Looks through the organisations.
pub fn organisations(transaction: &mut Transaction<'_>) -> Result<Damages> {
    let mut damages = Damages::default();
    organisations::each_ever(transaction, |id, read| {
        damages.read += 1;
        let Ok((organisation, keys)) = read else {
            damages.add(UNREADABLE, id);
            return Ok(());
        };
        let details = organisation.details;
        let right = OrganisationKeys::of(&details);
        let is_name = name::parse(&details.name).is_ok_and(|name| name == details.name);
        let is_code = parse_code(&details.code).is_ok_and(|code| code == details.code);
        for (is_right, what) in [
            (is_name, "its name is not as frontdesk writes it"),
            (is_code && keys.code_key == right.code_key, "its code is not as frontdesk writes it"),
            (keys.sort_key == right.sort_key, "its sort key is not that of its name"),
            (keys.search_text == right.search_text, "its search text is not that of its name and code"),
        ] {
            if !is_right {
                damages.add(what, id.clone());
            }
        }
        Ok(())
    })?;
    ask(transaction, &OF_ORGANISATIONS, damages)
}

/// Looks through the accounts of organisations' users.
pub fn organisation_users(transaction: &mut Transaction<'_>) -> Result<Damages> {
    let mut damages = Damages::default();
    organisation_users::each_ever(transaction, |id, read| {
        damages.read += 1;
        match read {
            Ok((user, keys)) => examine_person(&mut damages, &id, &user.details, &keys, &organisation_user_answers::PERSON),
            Err(_) => damages.add(UNREADABLE, id),
        }
        Ok(())
    })?;
    ask(transaction, &OF_ORGANISATION_USERS, damages)
}

/// Looks through the memberships.
pub fn memberships(transaction: &mut Transaction<'_>) -> Result<Damages> {
    let read = transaction.count(COUNT_MEMBERSHIPS, &[])?;
    ask(transaction, &OF_MEMBERSHIPS, Damages { read, ..Damages::default() })
}

/// Looks through the emails.
pub fn emails(transaction: &mut Transaction<'_>) -> Result<Damages> {
    let mut damages = Damages::default();
    emails::each_ever(transaction, |id, read| {
        damages.read += 1;
        match read {
            Ok(Email { to, .. }) if is_address(&to.address, EmailAddress::parse) => {}
            Ok(_) => damages.add(ADDRESS, id),
            Err(_) => damages.add(UNREADABLE, id),
        }
        Ok(())
    })?;
    ask(transaction, &OF_EMAILS, damages)
}

/// Looks through the activity.
pub fn activity(transaction: &mut Transaction<'_>) -> Result<Damages> {
    let mut damages = Damages::default();
    activity::each_ever(transaction, |id, read| {
        damages.read += 1;
        if read.is_err() {
            damages.add(UNREADABLE, id);
        }
        Ok(())
    })?;
    ask(transaction, &OF_ACTIVITY, damages)
}

/// Looks through the API clients.
pub fn api_clients(transaction: &mut Transaction<'_>) -> Result<Damages> {
    let mut damages = Damages::default();
    api_clients::each_ever(transaction, |id, read| {
        damages.read += 1;
        let Ok((client, keys)) = read else {
            damages.add(UNREADABLE, id);
            return Ok(());
        };
        let stored = client.details.name;
        let is_name = name::parse(&stored).is_ok_and(|name| name == stored);
        for (is_right, what) in [
            (is_name && keys.name_key == fold_case(&stored), "its name is not as frontdesk writes it"),
            (keys.sort_key == name_key(&stored), "its sort key is not that of its name"),
        ] {
            if !is_right {
                damages.add(what, id.clone());
            }
        }
        Ok(())
    })?;
    ask(transaction, &OF_API_CLIENTS, damages)
}

fn examine_person(damages: &mut Damages, id: &str, person: &PersonDetails, keys: &PersonKeys, rules: &PersonRules) {
    let right = PersonKeys::of(person);
    let is_name = |text: &str| name::parse(text).is_ok_and(|name| name == text);
    for (is_right, what) in [
        (is_name(&person.first_name) && is_name(&person.last_name), NAMES),
        (is_address(person.email.as_str(), rules.parse_email), ADDRESS),
        (keys.sort_key == right.sort_key, SORT_KEY),
        (keys.search_text == right.search_text, SEARCH_TEXT),
    ] {
        if !is_right {
            damages.add(what, id.to_owned());
        }
    }
}

fn is_address<E>(text: &str, parse: fn(&str) -> std::result::Result<EmailAddress, E>) -> bool {
    parse(text).is_ok_and(|address| address.as_str() == text)
}

fn ask(transaction: &mut Transaction<'_>, queries: &[Query], mut damages: Damages) -> Result<Damages> {
    for (what, sql) in queries {
        transaction.each(sql, &[], |row| {
            damages.add(what, row.text(0)?);
            Ok(())
        })?;
    }
    Ok(damages)
}

#[cfg(test)]
mod tests {
    use super::OF_EMAILS;
    use crate::domain::notice::Notice;

    #[test]
    fn every_notice_with_sign_in_details_is_looked_for() {
        let keys = Notice::ALL.into_iter().filter(|notice| notice.has_sign_in_details()).map(|notice| format!("'{}'", notice.key()));
        assert!(OF_EMAILS[0].1.contains(&format!("notice IN ({})", keys.collect::<Vec<_>>().join(", "))));
    }
}
