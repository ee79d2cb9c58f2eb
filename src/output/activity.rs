//! Entries of the activity, as `activity list` shows them: for people by day, with what changed.

use serde_json::{Value, json};

use super::dates;
use super::flow;
use super::organisations::reference;
use super::pairs::wrap;
use super::record::{Names, Object, Record, RecordField, Shows, time};
use super::safe_text::safe_text;
use super::style::{BOLD, Layout, paint};
use crate::domain::activity::{Entry, SubjectKind};
use crate::domain::api_client::parse_date;
use crate::domain::change::FieldChange;
use crate::domain::london::day_in_full;
use crate::domain::problem::Field;
use crate::domain::yes_no;

/// The field of a membership that began or ended.
const ORGANISATION: &str = "organisation";

impl Record for Entry {
    const NAMES: Names = Names { one: "entry", many: "entries" };
    const FIELDS: &'static [RecordField] = &[
        RecordField::new("id", "Id", Shows::Whole),
        RecordField::new("at", "When", Shows::Time),
        RecordField::new("actor.label", "Who", Shows::Text),
        RecordField::new("actor.email", "Who (email address)", Shows::Whole),
        RecordField::new("action", "Action", Shows::Text),
        RecordField::new("subject.kind", "Subject (kind)", Shows::Text),
        RecordField::new("subject.id", "Subject (id)", Shows::Whole),
        RecordField::new("subject.label", "Subject", Shows::Text),
        RecordField::new("organisation.id", "Organisation (id)", Shows::Whole),
        RecordField::new("organisation.code", "Organisation (code)", Shows::Whole),
        RecordField::new("organisation.name", "Organisation", Shows::Text),
        RecordField::new("changes", "Changes", Shows::Text),
    ];

    fn id(&self) -> &str {
        &self.id
    }

    fn json(&self) -> Object {
        let change = |change: &FieldChange| json!({ "field": change.field, "before": change.before, "after": change.after });
        let mut object = Object::new();
        let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
        put("id", json!(self.id));
        put("at", time(Some(self.at)));
        put("actor", json!({ "label": self.actor.label, "email": self.actor.email }));
        put("action", json!(self.action.key()));
        put("subject", json!({ "kind": self.subject.kind.key(), "id": self.subject.id, "label": self.subject.label }));
        put("organisation", self.organisation.as_ref().map_or(Value::Null, reference));
        put("changes", self.changes.iter().map(change).collect());
        object
    }

    fn rows_for_people(rows: &[Self], layout: &Layout) -> String {
        let mut text = String::new();
        let mut day = String::new();
        for entry in rows {
            let heading = dates::day_heading(entry.at, layout.view.now);
            if !text.is_empty() {
                text.push('\n');
            }
            if heading != day {
                text.push_str(&paint(layout.colour, BOLD, &heading));
                text.push_str("\n\n");
                day = heading;
            }
            push_entry(&mut text, entry, layout);
        }
        text
    }
}

fn push_entry(text: &mut String, entry: &Entry, layout: &Layout) {
    let label = entry.action.label();
    let told = flow::text(&format!("{label}: {}", safe_text(&entry.subject.label)), layout.columns);
    text.push_str(&told.replacen(label, &paint(layout.colour, BOLD, label), 1));
    let actor = if entry.actor_is_deleted { "Deleted user" } else { &entry.actor.label };
    push_wrapped(text, &format!("By {actor} on {}", dates::for_people(entry.at)), layout.columns);
    push_changes(text, entry.subject.kind.key(), &entry.changes, layout.columns);
    // What a change itself does not name: where an account was edited that may belong to several.
    if let Some(organisation) = &entry.organisation
        && entry.subject.kind == SubjectKind::OrganisationUser
        && entry.changes.iter().all(|change| change.field != ORGANISATION)
    {
        push_wrapped(text, &format!("Organisation: {}", organisation.name), layout.columns);
    }
}

/// Adds what changed in a record of this kind, one field a line: `Email address: old → new`, or the one value there is.
pub fn push_changes(text: &mut String, noun: &str, changes: &[FieldChange], columns: Option<u16>) {
    for change in changes {
        let value = |value: &Option<String>| value.as_ref().map(|value| readable(&change.field, value));
        let values: Vec<_> = [value(&change.before), value(&change.after)].into_iter().flatten().collect();
        let label = label(noun, &change.field);
        // A question ends itself.
        let colon = if label.ends_with('?') { "" } else { ":" };
        push_wrapped(text, &format!("{label}{colon} {}", values.join(" → ")), columns);
    }
}

fn push_wrapped(text: &mut String, line: &str, columns: Option<u16>) {
    let width = columns.map_or(usize::MAX, usize::from);
    for line in wrap(&safe_text(line), width, "  ", "    ", false) {
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

/// The label of a field that people are asked about; anything else keeps its key.
fn label<'key>(noun: &str, key: &'key str) -> &'key str {
    match (noun, key) {
        ("organisation", "code") => "Code",
        ("organisation", "name") => "Name",
        ("api_client", "name") => "Client name",
        ("api_client", "expires_on") => "Expiry date",
        ("api_client", "status") => "Status",
        (_, ORGANISATION) => "Organisation",
        (_, "email_status") => "Email",
        _ => asked(key).map_or(key, |field| field.label()),
    }
}

/// Answers of yes and no, and days, read as they do on a page of details.
fn readable(key: &str, value: &str) -> String {
    if key == Field::ClientExpiry.key()
        && let Some(day) = parse_date(value)
    {
        return day_in_full(day);
    }
    match (asked(key), yes_no::parse(value)) {
        (Some(Field::ApiUser | Field::Active), Some(answer)) => yes_no::label(answer).to_owned(),
        _ => value.to_owned(),
    }
}

fn asked(key: &str) -> Option<Field> {
    [Field::FirstName, Field::LastName, Field::Email, Field::ApiUser, Field::Active, Field::SignInId, Field::SignInTime]
        .into_iter()
        .find(|field| field.key() == key)
}

#[cfg(test)]
mod tests {
    use crate::domain::activity::Action;
    use crate::output::record::Record as _;
    use crate::output::samples::{change, entry, terminal, view};

    #[test]
    fn entries_are_grouped_by_day_with_what_changed() {
        let updated = entry(
            "2025-12-11T14:13:00Z",
            Action::UserUpdated,
            vec![change("email", Some("old@education.gov.uk"), Some("ann@education.gov.uk")), change("active", Some("yes"), Some("no"))],
        );
        let added = entry("2025-12-11T12:00:00Z", Action::UserAdded, vec![change("first_name", None, Some("Ann"))]);
        let mut set = entry("2025-12-10T09:00:00Z", Action::ServiceUpdated, vec![change("page-size", Some("25"), Some("50"))]);
        set.actor_is_deleted = true;
        let old = entry("2025-05-20T13:22:00Z", Action::UserDeleted, vec![]);
        let text = super::Entry::rows_for_people(&[updated, added, set, old], &terminal(80).layout(view()));
        assert_eq!(
            text,
            "\
Today

User updated: Ann Abel
  By Anne Wilson on 11 December 2025 at 2:13pm
  Email address: old@education.gov.uk → ann@education.gov.uk
  Is the account active? Yes → No

User added: Ann Abel
  By Anne Wilson on 11 December 2025 at 12pm (midday)
  First name: Ann

Yesterday

Service updated: Ann Abel
  By Deleted user on 10 December 2025 at 9am
  page-size: 25 → 50

20 May 2025

User deleted: Ann Abel
  By Anne Wilson on 20 May 2025 at 2:22pm
"
        );
    }

    #[test]
    fn a_narrow_terminal_wraps_changes_between_addresses() {
        let entry = entry(
            "2025-12-11T14:13:00Z",
            Action::UserUpdated,
            vec![change("email", Some("ann.marie.abel-baker@education.gov.uk"), Some("ann@education.gov.uk"))],
        );
        let text = super::Entry::rows_for_people(&[entry], &terminal(40).layout(view()));
        assert!(
            text.ends_with(
                "  By Anne Wilson on 11 December 2025 at\n    2:13pm\n  Email address:\n    ann.marie.abel-baker@education.gov.uk\n    → ann@education.gov.uk\n"
            ),
            "{text}"
        );
    }
}
