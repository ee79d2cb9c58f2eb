//! The activity as it is kept: one row an entry, written in the transaction of its change.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::account_columns::{from_columns, to_columns};
use super::called::{ids_ever_called, organisation_ids_ever_called, people};
use super::driver::Transaction;
use super::insert::Insert;
use super::row::Row;
use super::value::Value;
use crate::domain::account::{AccountId, AccountKind};
use crate::domain::activity::{Action, Entry, EntryActor, Subject, SubjectKind};
use crate::domain::change::FieldChange;
use crate::domain::organisation::{OrganisationReference, WhichOrganisation};
use crate::domain::page::Page;
use crate::domain::who::Who;
use crate::error::{Error, Result};

const INSERT: Insert = Insert {
    table: "activity",
    columns: "id, at, actor_label, actor_email, actor_user_id, actor_organisation_user_id, action, subject_kind, \
        subject_id, subject_label, organisation_id, organisation_code, organisation_name, changes",
    on_conflict: "",
};
// The action stands in the text, because its index holds deletions alone.
macro_rules! count_deletions {
    ($actor:literal) => {
        concat!("SELECT count(*) FROM activity WHERE action = 'user_deleted' AND at > $1 AND ", $actor)
    };
}
const DELETIONS_BY_USER: &str = count_deletions!("actor_user_id = $2");
const DELETIONS_BY_ORGANISATION_USER: &str = count_deletions!("actor_organisation_user_id = $2");
const DELETIONS_BY_LABEL: &str = count_deletions!("actor_user_id IS NULL AND actor_organisation_user_id IS NULL AND actor_label = $2");

// Whom the entries of a list are about ($1 to $3), and in which organisation.
macro_rules! about {
    () => {
        concat!("subject_id IN (", ids_ever_called!(), ")")
    };
}
macro_rules! in_organisation {
    ($parameter:literal) => {
        in_organisation!("organisation_id", $parameter)
    };
    ($organisation_id:literal, $parameter:literal) => {
        concat!($organisation_id, " IN (", organisation_ids_ever_called!($parameter), ")")
    };
}
// Somebody has few entries, an organisation may have a million. Written so, the column is in no index,
// and the index of the subject is taken.
macro_rules! about_in_organisation {
    () => {
        concat!(about!(), " AND ", in_organisation!("(organisation_id || '')", "$4"))
    };
}

const COUNT: &str = "SELECT count(*) FROM activity";
const COUNT_ABOUT: &str = concat!("SELECT count(*) FROM activity WHERE ", about!());
const COUNT_IN: &str = concat!("SELECT count(*) FROM activity WHERE ", in_organisation!("$1"));
const COUNT_ABOUT_IN: &str = concat!("SELECT count(*) FROM activity WHERE ", about_in_organisation!());

// By id, which begins with the time of the entry.
macro_rules! page {
    ($where:expr, $window:literal) => {
        concat!(
            "SELECT activity.id, at, actor_label, actor_email, actor_user_id, actor_organisation_user_id, ",
            "COALESCE(users.deleted_at, organisation_users.deleted_at), action, subject_kind, subject_id, subject_label, ",
            "organisation_id, organisation_code, organisation_name, changes FROM activity ",
            "LEFT JOIN users ON users.id = actor_user_id ",
            "LEFT JOIN organisation_users ON organisation_users.id = actor_organisation_user_id ",
            $where,
            " ORDER BY activity.id DESC ",
            $window
        )
    };
}

const EVERY: &str = page!("", "");
const PAGE: &str = page!("", "LIMIT $1 OFFSET $2");
const PAGE_ABOUT: &str = page!(concat!("WHERE ", about!()), "LIMIT $4 OFFSET $5");
const PAGE_IN: &str = page!(concat!("WHERE ", in_organisation!("$1")), "LIMIT $2 OFFSET $3");
const PAGE_ABOUT_IN: &str = page!(concat!("WHERE ", about_in_organisation!()), "LIMIT $5 OFFSET $6");

/// Which entries a list is of; none given is all of them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter<'a> {
    /// About everybody who is or was called this, of one kind of account or of both.
    pub about: Option<(&'a Who, Option<AccountKind>)>,
    /// In every organisation that is or was called this.
    pub organisation: Option<&'a WhichOrganisation>,
}

impl Filter<'_> {
    fn parameters(&self) -> Vec<Value<'_>> {
        let people = self.about.iter().flat_map(|(who, kind)| people(who, *kind));
        people.chain(self.organisation.map(|which| which.folded().into())).collect()
    }

    /// The one of four texts that has these conditions.
    fn choose(&self, all: &'static str, about: &'static str, inside: &'static str, both: &'static str) -> &'static str {
        match (self.about.is_some(), self.organisation.is_some()) {
            (false, false) => all,
            (true, false) => about,
            (false, true) => inside,
            (true, true) => both,
        }
    }
}

/// One field of a change as it is kept.
#[derive(Serialize, Deserialize)]
struct KeptChange<'kept> {
    field: Cow<'kept, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Cow<'kept, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Cow<'kept, str>>,
}

/// The changes of an entry as they are kept.
///
/// # Errors
/// Never, as far as is known: a change has only texts.
pub fn changes_as_kept(changes: &[FieldChange]) -> Result<String> {
    let kept: Vec<KeptChange<'_>> = changes
        .iter()
        .map(|change| KeptChange {
            field: change.field.as_str().into(),
            before: change.before.as_deref().map(Into::into),
            after: change.after.as_deref().map(Into::into),
        })
        .collect();
    serde_json::to_string(&kept).map_err(Error::internal)
}

/// Writes entries, with their changes as they are kept.
///
/// # Errors
/// The database cannot be used; the same holds below.
pub fn insert<'new>(transaction: &mut Transaction<'_>, new: impl Iterator<Item = (&'new Entry, &'new str)>) -> Result<()> {
    let rows = new.map(|(entry, changes)| {
        let [actor_user_id, actor_organisation_user_id] = to_columns(entry.actor.account.as_ref());
        let organisation = |value: fn(&OrganisationReference) -> &str| Value::from(entry.organisation.as_ref().map(value));
        [
            entry.id.as_str().into(),
            entry.at.into(),
            entry.actor.label.as_str().into(),
            entry.actor.email.as_deref().into(),
            actor_user_id,
            actor_organisation_user_id,
            entry.action.key().into(),
            entry.subject.kind.key().into(),
            entry.subject.id.as_str().into(),
            entry.subject.label.as_str().into(),
            organisation(|organisation| &organisation.id),
            organisation(|organisation| &organisation.code),
            organisation(|organisation| &organisation.name),
            changes.into(),
        ]
    });
    transaction.insert(&INSERT, rows).map(drop)
}

/// How many entries there are.
pub fn count(transaction: &mut Transaction<'_>, filter: Filter<'_>) -> Result<u64> {
    transaction.count(filter.choose(COUNT, COUNT_ABOUT, COUNT_IN, COUNT_ABOUT_IN), &filter.parameters())
}

/// How many users one actor deleted after a time.
pub fn count_deletions(transaction: &mut Transaction<'_>, actor: &EntryActor, after: Timestamp) -> Result<u64> {
    // By account where there is one: an account keeps its id when it is renamed.
    let (sql, who) = match &actor.account {
        Some(AccountId { kind: AccountKind::User, id }) => (DELETIONS_BY_USER, id),
        Some(AccountId { kind: AccountKind::OrganisationUser, id }) => (DELETIONS_BY_ORGANISATION_USER, id),
        None => (DELETIONS_BY_LABEL, &actor.label),
    };
    transaction.count(sql, &[after.into(), who.as_str().into()])
}

/// The entries of a page, newest first.
pub fn page(transaction: &mut Transaction<'_>, filter: Filter<'_>, page: Page) -> Result<Vec<Entry>> {
    let mut parameters = filter.parameters();
    parameters.extend([Value::from(page.per_page.unwrap_or(u64::MAX)), Value::from(page.offset())]);
    transaction.rows(filter.choose(PAGE, PAGE_ABOUT, PAGE_IN, PAGE_ABOUT_IN), &parameters, read_entry)
}

/// Hands over every entry with its id; or why one cannot be read.
pub(super) fn each_ever(transaction: &mut Transaction<'_>, mut take: impl FnMut(String, Result<Entry>) -> Result<()>) -> Result<()> {
    transaction.each(EVERY, &[], |row| take(row.text(0)?, read_entry(row)))
}

fn read_entry(row: &Row<'_>) -> Result<Entry> {
    let action = row.text(7)?;
    let kind = row.text(8)?;
    let organisation = match (row.optional_text(11)?, row.optional_text(12)?, row.optional_text(13)?) {
        (Some(id), Some(code), Some(name)) => Some(OrganisationReference { id, code, name }),
        _ => None,
    };
    let changes: Vec<KeptChange<'_>> = serde_json::from_str(&row.text(14)?).map_err(|error| row.damaged(14, error))?;
    Ok(Entry {
        id: row.text(0)?,
        at: row.time(1)?,
        actor: EntryActor {
            label: row.text(2)?,
            email: row.optional_text(3)?,
            account: from_columns(row.optional_text(4)?, row.optional_text(5)?),
        },
        actor_is_deleted: row.optional_time(6)?.is_some(),
        action: Action::from_key(&action).ok_or_else(|| row.damaged(7, anyhow::anyhow!("the action {action:?}")))?,
        subject: Subject {
            kind: SubjectKind::from_key(&kind).ok_or_else(|| row.damaged(8, anyhow::anyhow!("the subject {kind:?}")))?,
            id: row.text(9)?,
            label: row.text(10)?,
        },
        organisation,
        changes: changes
            .into_iter()
            .map(|change| FieldChange {
                field: change.field.into_owned(),
                before: change.before.map(Cow::into_owned),
                after: change.after.map(Cow::into_owned),
            })
            .collect(),
    })
}
