//! What a record must tell so that it can be printed in every format. A new kind of record is one
//! more implementation of these traits.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::dates;
use super::json;
use super::style::{Layout, View};
use crate::domain::yes_no;

/// An object whose keys stay in the order in which they were added.
pub type Object = Map<String, Value>;

/// What a kind of record is called in JSON and in sentences.
#[derive(Debug, Clone, Copy)]
pub struct Names {
    pub one: &'static str,
    pub many: &'static str,
}

/// How a field's value reads in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// Text that may be wrapped.
    Text,
    /// An id or an address: never wrapped, because half of one is of no use.
    Whole,
    Time,
    YesNo,
    /// Organisations: each by its name and code.
    Organisations,
}

/// A field of a record, under the key that `--fields` and the headers of CSV know it by. A dotted
/// key is a field of a field: `actor.email`.
#[derive(Debug, PartialEq, Eq)]
pub struct RecordField {
    pub key: &'static str,
    /// The title that people see.
    pub title: &'static str,
    pub shows: Shows,
}

impl RecordField {
    /// A field.
    pub const fn new(key: &'static str, title: &'static str, shows: Shows) -> Self {
        Self { key, title, shows }
    }

    /// The field's value in a record; null where the record has none.
    pub fn value<'a>(&self, record: &'a Object) -> &'a Value {
        let (outer, inner) = match self.key.split_once('.') {
            Some((outer, inner)) => (outer, Some(inner)),
            None => (self.key, None),
        };
        let value = record.get(outer).unwrap_or(&Value::Null);
        inner.map_or(value, |inner| value.get(inner).unwrap_or(&Value::Null))
    }

    /// The field's value as people read it.
    pub fn text(&self, record: &Object) -> String {
        match (self.shows, self.value(record)) {
            (Shows::YesNo, Value::Bool(answer)) => yes_no::label(*answer).to_owned(),
            (Shows::Time, Value::String(time)) => time.parse::<Timestamp>().map_or_else(|_| time.clone(), dates::for_people),
            (Shows::Organisations, Value::Array(organisations)) => {
                let text = |organisation: &Value, key: &str| organisation.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
                let labels = organisations.iter().map(|each| format!("{} ({})", text(each, "name"), text(each, "code")));
                labels.collect::<Vec<_>>().join(", ")
            }
            (_, value) => json::flat(value),
        }
    }
}

/// A record that can be listed.
pub trait Record {
    const NAMES: Names;
    /// What one is called in a sentence, if not as in JSON.
    const NOUN: &'static str = Self::NAMES.one;
    /// Every field, in the order of the contract.
    const FIELDS: &'static [RecordField];

    /// What names the record in other commands.
    fn id(&self) -> &str;

    /// The record as scripts read it: every key is there, and absent values are null.
    fn json(&self) -> Object;

    /// Rows of a list as people read them, usually a table; every line ends in a line break.
    fn rows_for_people(rows: &[Self], layout: &Layout) -> String
    where
        Self: Sized;
}

/// A record that has a page of its own.
pub trait Detailed: Record {
    /// What the page says.
    fn details(&self, view: View) -> Details;
}

/// A page about one record.
#[derive(Debug, Clone)]
pub struct Details {
    pub heading: String,
    /// A sentence between the heading and the rows.
    pub summary: Option<String>,
    pub rows: Vec<Row>,
    /// Text of several lines under everything else.
    pub text: Option<String>,
}

/// A labelled value.
#[derive(Debug, Clone)]
pub struct Row {
    pub label: String,
    pub value: String,
    /// An id or an address: never wrapped.
    pub whole: bool,
}

impl Row {
    /// A value that may be wrapped.
    pub fn text(label: &str, value: impl Into<String>) -> Self {
        Self { label: label.to_owned(), value: value.into(), whole: false }
    }

    /// A value that is never wrapped.
    pub fn whole(label: &str, value: impl Into<String>) -> Self {
        Self { label: label.to_owned(), value: value.into(), whole: true }
    }
}

/// A time in a record, or null.
pub fn time(at: Option<Timestamp>) -> Value {
    at.map(dates::for_machines).into()
}
