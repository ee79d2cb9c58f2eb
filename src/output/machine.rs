//! Lists, records and changes as scripts read them: the shapes that the contract fixes.

use std::io::Write;

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Value, json};

use super::delimited::{Csv, write_plain};
use super::fields::project;
use super::format::Format;
use super::json;
use super::record::{Object, Record, RecordField};
use super::safe_text::safe_text;
use super::style::Style;
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::notice::Email;
use crate::domain::organisation::Organisation;
use crate::domain::page::Listing;
use crate::error::Result;

/// The version of the shapes; it changes with a major version only.
const SCHEMA: u32 = 1;

/// Writes a list; one of an organisation's users says in a document whose they are.
///
/// # Errors
/// Standard output cannot be written; so it is for everything below.
pub fn list<R: Record>(out: &mut dyn Write, listing: &Listing<R>, organisation: Option<&Organisation>, style: &Style) -> Result<()> {
    match style.format {
        Format::Json => json::write(out, &ListDocument { listing, organisation, style }, true),
        Format::JsonLines => listing.rows.iter().try_for_each(|row| json::write(out, &projected(row, style), false)),
        _ => rows(out, R::FIELDS, listing.rows.iter().map(|row| (Some(row.id()), row.json())), style),
    }
}

/// Writes one record.
pub fn show<R: Record>(out: &mut dyn Write, record: &R, style: &Style) -> Result<()> {
    if style.format.has_json_errors() {
        let mut document = document();
        document.insert(R::NAMES.one.to_owned(), projected(record, style).into());
        return json::write(out, &document, style.format == Format::Json);
    }
    rows(out, R::FIELDS, [(Some(record.id()), record.json())], style)
}

/// Writes what a change came to. In a dry run nothing has an id that would be made.
pub fn change<R: Record>(out: &mut dyn Write, outcome: &Outcome<R>, style: &Style) -> Result<()> {
    let is_made_up = outcome.dry_run && outcome.result == ChangeResult::Added;
    let record = outcome.record.as_ref().map(|record| {
        let mut object = record.json();
        if is_made_up {
            object.insert("id".to_owned(), Value::Null);
        }
        object
    });
    if style.format.has_json_errors() {
        let record = record.map(|object| project(object, style.fields.as_deref()));
        let mut document = document();
        document.insert("result".to_owned(), outcome.result.key().into());
        document.insert(R::NAMES.one.to_owned(), record.into());
        document.insert("emails".to_owned(), outcome.emails.iter().map(|email| email_in_change(email, outcome.dry_run)).collect());
        document.insert("dry_run".to_owned(), outcome.dry_run.into());
        return json::write(out, &document, style.format == Format::Json);
    }
    let id = outcome.record.as_ref().map(Record::id).filter(|_| !is_made_up);
    rows(out, R::FIELDS, record.map(|object| (id, object)), style)
}

/// The start of every document.
pub fn document() -> Object {
    let mut document = Object::new();
    document.insert("schema".to_owned(), SCHEMA.into());
    document
}

/// Writes records as plain, CSV or ids. The first of each pair is the id, where there is one.
pub fn rows<'a>(
    out: &mut dyn Write,
    known: &'static [RecordField],
    records: impl IntoIterator<Item = (Option<&'a str>, Object)>,
    style: &Style,
) -> Result<()> {
    let fields = style.fields.clone().unwrap_or_else(|| known.iter().collect());
    let cells = |record: &Object| fields.iter().map(|field| json::flat(field.value(record))).collect::<Vec<_>>();
    match style.format {
        Format::Ids => {
            for (id, _) in records {
                if let Some(id) = id {
                    writeln!(out, "{}", safe_text(id))?;
                }
            }
        }
        Format::Csv => {
            let mut csv = Csv::new(out, fields.iter().map(|field| field.key))?;
            for (_, record) in records {
                csv.row(cells(&record))?;
            }
            csv.finish()?;
        }
        _ => {
            for (_, record) in records {
                write_plain(out, cells(&record))?;
            }
        }
    }
    Ok(())
}

fn projected(record: &impl Record, style: &Style) -> Object {
    project(record.json(), style.fields.as_deref())
}

fn email_in_change(email: &Email, dry_run: bool) -> Value {
    let (id, status) = if dry_run { (None, "would_queue") } else { (Some(&email.id), email.status.key()) };
    json!({ "id": id, "to": email.to.address, "subject": email.subject(), "status": status })
}

/// A list written record by record: a list of everybody is not held a second time as JSON.
struct ListDocument<'a, R> {
    listing: &'a Listing<R>,
    organisation: Option<&'a Organisation>,
    style: &'a Style,
}

impl<R: Record> Serialize for ListDocument<'_, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let page = self.listing.page;
        let mut document = serializer.serialize_map(None)?;
        document.serialize_entry("schema", &SCHEMA)?;
        if let Some(organisation) = self.organisation {
            document.serialize_entry(Organisation::NAMES.one, &organisation.json())?;
        }
        document.serialize_entry(R::NAMES.many, &Rows(self))?;
        document.serialize_entry("total", &page.total)?;
        if let Some(per_page) = page.per_page {
            document.serialize_entry("page", &page.number)?;
            document.serialize_entry("pages", &page.pages)?;
            document.serialize_entry("per_page", &per_page)?;
        }
        document.end()
    }
}

struct Rows<'a, R>(&'a ListDocument<'a, R>);

impl<R: Record> Serialize for Rows<'_, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.listing.rows.iter().map(|row| projected(row, self.0.style)))
    }
}

#[cfg(test)]
mod tests {
    use super::{change, list, show};
    use crate::domain::activity::{Action, Entry};
    use crate::domain::change::{ChangeResult, Outcome};
    use crate::domain::page::Listing;
    use crate::domain::user::User;
    use crate::output::fields::resolve;
    use crate::output::format::Format;
    use crate::output::record::Record;
    use crate::output::samples;
    use crate::output::style::Style;

    const ANN: &str = r#"{"id":"0190-ann","first_name":"Ann","last_name":"Abel","email":"ann@education.gov.uk","kind":"support","api_user":false,"active":true,"last_signed_in_at":null,"sign_in_id":null,"created_at":"2025-12-01T09:00:00Z","updated_at":"2025-12-02T09:00:00.500Z","revision":2}"#;

    fn listed<R: Record>(listing: &Listing<R>, style: &Style) -> String {
        let mut out = Vec::new();
        list(&mut out, listing, None, style).expect("written");
        String::from_utf8(out).expect("UTF-8")
    }

    fn changed(outcome: &Outcome<User>, format: Format) -> String {
        let mut out = Vec::new();
        change(&mut out, outcome, &samples::style(format)).expect("written");
        String::from_utf8(out).expect("UTF-8")
    }

    fn added(dry_run: bool) -> Outcome<User> {
        Outcome { emails: vec![samples::email()], ..Outcome::new(ChangeResult::Added, Some(samples::user("Ann", "Abel")), dry_run) }
    }

    fn ids_only(fields: &str) -> Style {
        Style { fields: Some(resolve(User::FIELDS, fields).expect("fields")), ..samples::style(Format::Json) }
    }

    #[test]
    fn a_list_is_one_document_with_its_page_when_paged() {
        let ann = || vec![samples::user("Ann", "Abel")];
        assert_eq!(
            listed(&samples::all(ann()), &ids_only("email,id")),
            "\
{
  \"schema\": 1,
  \"users\": [
    {
      \"email\": \"ann@education.gov.uk\",
      \"id\": \"0190-ann\"
    }
  ],
  \"total\": 1
}
"
        );
        assert_eq!(
            listed(&samples::page(Vec::<User>::new(), 9, 2, 26), &ids_only("id")),
            "{\n  \"schema\": 1,\n  \"users\": [],\n  \"total\": 26,\n  \"page\": 9,\n  \"pages\": 2,\n  \"per_page\": 25\n}\n"
        );
    }

    #[test]
    fn rows_hold_every_field_and_csv_has_a_header() {
        let listing = samples::all(vec![samples::user("Ann", "Abel")]);
        assert_eq!(listed(&listing, &samples::style(Format::JsonLines)), format!("{ANN}\n"));
        assert_eq!(
            listed(&listing, &samples::style(Format::Plain)),
            "0190-ann\tAnn\tAbel\tann@education.gov.uk\tsupport\tfalse\ttrue\t\t\t2025-12-01T09:00:00Z\t2025-12-02T09:00:00.500Z\t2\n"
        );
        assert_eq!(listed(&listing, &samples::style(Format::Ids)), "0190-ann\n");
        assert_eq!(
            listed(&samples::all(Vec::<User>::new()), &samples::style(Format::Csv)),
            "id,first_name,last_name,email,kind,api_user,active,last_signed_in_at,sign_in_id,created_at,updated_at,revision\r\n"
        );
    }

    #[test]
    fn what_is_nested_becomes_columns_in_csv_and_stays_nested_in_json() {
        let changes = vec![samples::change("email", None, Some("ann@education.gov.uk"))];
        let listing = samples::all(vec![samples::entry("2025-12-11T14:13:00Z", Action::UserUpdated, changes)]);
        assert_eq!(
            listed(&listing, &samples::style(Format::Csv)),
            "id,at,actor.label,actor.email,action,subject.kind,subject.id,subject.label,organisation.id,organisation.code,organisation.name,changes\r\n\
             0190-entry,2025-12-11T14:13:00Z,Anne Wilson,anne@education.gov.uk,user_updated,user,0190-ann,Ann Abel,,,,\
             \"[{\"\"field\"\":\"\"email\"\",\"\"before\"\":null,\"\"after\"\":\"\"ann@education.gov.uk\"\"}]\"\r\n"
        );
        let fields = resolve(Entry::FIELDS, "subject.id,actor").expect("fields");
        assert_eq!(
            listed(&listing, &Style { fields: Some(fields), ..samples::style(Format::JsonLines) }),
            "{\"subject\":{\"id\":\"0190-ann\"},\"actor\":{\"label\":\"Anne Wilson\",\"email\":\"anne@education.gov.uk\"}}\n"
        );
    }

    #[test]
    fn one_record_is_named_in_the_singular() {
        let mut out = Vec::new();
        show(&mut out, &samples::user("Ann", "Abel"), &samples::style(Format::JsonLines)).expect("written");
        assert_eq!(String::from_utf8(out).expect("UTF-8"), format!("{{\"schema\":1,\"user\":{ANN}}}\n"));
    }

    #[test]
    fn a_change_tells_its_result_and_emails() {
        let email = r#"{"id":"0190-email","to":"ann@education.gov.uk","subject":"Invitation to join Register","status":"queued"}"#;
        assert_eq!(
            changed(&added(false), Format::JsonLines),
            format!("{{\"schema\":1,\"result\":\"added\",\"user\":{ANN},\"emails\":[{email}],\"dry_run\":false}}\n")
        );
        assert_eq!(changed(&added(false), Format::Ids), "0190-ann\n");
    }

    #[test]
    fn a_dry_run_has_no_ids_of_what_would_be_made() {
        let text = changed(&added(true), Format::JsonLines);
        assert!(text.contains(r#""user":{"id":null,"first_name":"Ann""#), "{text}");
        assert!(text.contains(r#""emails":[{"id":null,"to":"ann@education.gov.uk","subject":"Invitation to join Register","status":"would_queue"}],"dry_run":true}"#), "{text}");
        assert_eq!(changed(&added(true), Format::Ids), "");
        assert_eq!(changed(&Outcome { result: ChangeResult::Deleted, ..added(true) }, Format::Ids), "0190-ann\n");
        let nobody = Outcome { result: ChangeResult::Unchanged, record: None, emails: vec![], ..added(false) };
        assert_eq!(
            changed(&nobody, Format::JsonLines),
            "{\"schema\":1,\"result\":\"unchanged\",\"user\":null,\"emails\":[],\"dry_run\":false}\n"
        );
    }
}
