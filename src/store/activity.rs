//! The activity as it is kept: one row an entry, written in the transaction of its change.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::driver::{Row, Transaction, Value, damaged};
use super::users::{ever_called, ids_ever_called};
use crate::domain::activity::{Action, Entry, EntryActor, Subject, SubjectKind};
use crate::domain::change::FieldChange;
use crate::domain::page::Page;
use crate::domain::who::Who;
use crate::error::{Error, Result};

const INSERT: &str = "INSERT INTO activity \
    (id, at, actor_label, actor_email, actor_user_id, action, subject_kind, subject_id, subject_label, changes) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const COUNT: &str = "SELECT count(*) FROM activity";
const COUNT_ABOUT: &str = concat!("SELECT count(*) FROM activity WHERE subject_id IN (", ids_ever_called!(), ")");
const COUNT_OF_USER: &str = "SELECT count(*) FROM activity WHERE actor_user_id = $1 AND action = $2 AND at > $3";
const COUNT_OF_LABEL: &str = "SELECT count(*) FROM activity WHERE actor_user_id IS NULL AND actor_label = $1 AND action = $2 AND at > $3";

macro_rules! select_activity {
    ($($rest:expr),*) => {
        concat!(
            "SELECT activity.id, at, actor_label, actor_email, actor_user_id, users.deleted_at, action, subject_kind, subject_id, ",
            "subject_label, changes FROM activity LEFT JOIN users ON users.id = actor_user_id ",
            $($rest),*
        )
    };
}

const PAGE: &str = select_activity!("ORDER BY at DESC, activity.id DESC LIMIT $1 OFFSET $2");
const PAGE_ABOUT: &str =
    select_activity!("WHERE subject_id IN (", ids_ever_called!(), ") ORDER BY at DESC, activity.id DESC LIMIT $3 OFFSET $4");

/// One field of a change as it is kept.
#[derive(Serialize, Deserialize)]
struct KeptChange {
    field: String,
    before: Option<String>,
    after: Option<String>,
}

/// Writes an entry.
///
/// # Errors
/// The database cannot be used; the same holds below.
pub fn insert(transaction: &mut Transaction<'_>, entry: &Entry) -> Result<()> {
    let kept: Vec<KeptChange> = entry
        .changes
        .iter()
        .map(|change| KeptChange { field: change.field.clone(), before: change.before.clone(), after: change.after.clone() })
        .collect();
    let changes = serde_json::to_string(&kept).map_err(Error::internal)?;
    let parameters = [
        entry.id.as_str().into(),
        entry.at.into(),
        entry.actor.label.as_str().into(),
        entry.actor.email.as_deref().into(),
        entry.actor.user_id.as_deref().into(),
        entry.action.key().into(),
        entry.subject.kind.key().into(),
        entry.subject.id.as_str().into(),
        entry.subject.label.as_str().into(),
        changes.into(),
    ];
    transaction.execute(INSERT, &parameters).map(|_| ())
}

/// How many entries there are: all, or those about everybody who is or was called this.
pub fn count(transaction: &mut Transaction<'_>, about: Option<&Who>) -> Result<u64> {
    match about {
        Some(who) => transaction.count(COUNT_ABOUT, &ever_called(who)),
        None => transaction.count(COUNT, &[]),
    }
}

/// How often one actor did something after a time.
pub fn count_of_actor(transaction: &mut Transaction<'_>, actor: &EntryActor, action: Action, after: Timestamp) -> Result<u64> {
    // By account where there is one: an account keeps its id when it is renamed.
    let (sql, who) = match &actor.user_id {
        Some(id) => (COUNT_OF_USER, id),
        None => (COUNT_OF_LABEL, &actor.label),
    };
    transaction.count(sql, &[who.as_str().into(), action.key().into(), after.into()])
}

/// The entries of a page, newest first.
pub fn page(transaction: &mut Transaction<'_>, about: Option<&Who>, page: Page) -> Result<Vec<Entry>> {
    let window = [Value::from(page.per_page.unwrap_or(u64::MAX)), Value::from(page.offset())];
    match about {
        Some(who) => {
            let parameters: Vec<Value> = ever_called(who).into_iter().chain(window).collect();
            transaction.rows(PAGE_ABOUT, &parameters, read_entry)
        }
        None => transaction.rows(PAGE, &window, read_entry),
    }
}

fn read_entry(row: &Row<'_>) -> Result<Entry> {
    let action = row.text(6)?;
    let kind = row.text(7)?;
    let changes: Vec<KeptChange> = serde_json::from_str(&row.text(10)?).map_err(|error| damaged(10, error))?;
    Ok(Entry {
        id: row.text(0)?,
        at: row.time(1)?,
        actor: EntryActor { label: row.text(2)?, email: row.optional_text(3)?, user_id: row.optional_text(4)? },
        actor_is_deleted: row.optional_time(5)?.is_some(),
        action: Action::from_key(&action).ok_or_else(|| damaged(6, anyhow::anyhow!("the action {action:?}")))?,
        subject: Subject {
            kind: SubjectKind::from_key(&kind).ok_or_else(|| damaged(7, anyhow::anyhow!("the subject {kind:?}")))?,
            id: row.text(8)?,
            label: row.text(9)?,
        },
        changes: changes
            .into_iter()
            .map(|change| FieldChange { field: change.field, before: change.before, after: change.after })
            .collect(),
    })
}
