//! Organisations, as lists, details and scripts show them.

use serde_json::{Value, json};

use super::record::{Detailed, Details, Names, Object, Record, RecordField, Row, Shows, time};
use super::style::{Layout, View};
use super::table::{self, Column};
use crate::domain::count::thousands;
use crate::domain::organisation::{Organisation, OrganisationReference};
use crate::domain::problem::Field;

impl Record for Organisation {
    const NAMES: Names = Names { one: "organisation", many: "organisations" };
    const FIELDS: &'static [RecordField] = &[
        RecordField::new("id", "Id", Shows::Whole),
        RecordField::new("code", "Code", Shows::Whole),
        RecordField::new("name", "Name", Shows::Text),
        RecordField::new("users", "Users", Shows::Text),
        RecordField::new("created_at", "Added", Shows::Time),
        RecordField::new("updated_at", "Updated", Shows::Time),
        RecordField::new("revision", "Revision", Shows::Text),
    ];

    fn id(&self) -> &str {
        &self.id
    }

    fn json(&self) -> Object {
        let mut object = Object::new();
        let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
        put("id", json!(self.id));
        put("code", json!(self.details.code));
        put("name", json!(self.details.name));
        put("users", json!(self.users));
        put("created_at", time(Some(self.created_at)));
        put("updated_at", time(Some(self.updated_at)));
        put("revision", json!(self.revision));
        object
    }

    fn rows_for_people(rows: &[Self], layout: &Layout) -> String {
        let columns = [Column::text("Name"), Column::whole("Code"), Column::text("Users")];
        let cells = rows.iter().map(|organisation| {
            let details = &organisation.details;
            vec![details.name.clone(), details.code.clone(), thousands(organisation.users)]
        });
        table::render(&columns, cells, layout)
    }
}

impl Detailed for Organisation {
    fn details(&self, _view: View) -> Details {
        let rows = vec![
            Row::whole(Field::OrganisationCode.label(), &self.details.code),
            Row::text(Field::OrganisationName.label(), &self.details.name),
            Row::text("Users", thousands(self.users)),
        ];
        Details { heading: self.details.name.clone(), summary: None, rows, text: None }
    }
}

/// An organisation as other records name it, for scripts.
pub fn reference(organisation: &OrganisationReference) -> Value {
    json!({ "id": organisation.id, "code": organisation.code, "name": organisation.name })
}

/// Organisations on one line: `Alpha School (ALPHA), Beta School (BETA)`.
pub fn labels(organisations: &[OrganisationReference]) -> String {
    if organisations.is_empty() {
        return "none".to_owned();
    }
    organisations.iter().map(OrganisationReference::label).collect::<Vec<_>>().join(", ")
}
