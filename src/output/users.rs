//! Users of the service, as lists, details and scripts show them (seeds 000).

use jiff::Timestamp;
use serde_json::{Value, json};

use super::dates;
use super::record::{Detailed, Details, Names, Object, Record, RecordField, Row, Shows, time};
use super::style::{Layout, View};
use super::table::{self, Column};
use crate::domain::problem::Field;
use crate::domain::user::User;
use crate::domain::yes_no;

impl Record for User {
    const NAMES: Names = Names { one: "user", many: "users" };
    const FIELDS: &'static [RecordField] = &[
        RecordField::new("id", "Id", Shows::Whole),
        RecordField::new("first_name", "First name", Shows::Text),
        RecordField::new("last_name", "Last name", Shows::Text),
        RecordField::new("email", "Email address", Shows::Whole),
        RecordField::new("kind", "Kind", Shows::Text),
        RecordField::new("api_user", "API user", Shows::YesNo),
        RecordField::new("active", "Active", Shows::YesNo),
        RecordField::new("last_signed_in_at", "Last signed in", Shows::Time),
        RecordField::new("sign_in_id", "Sign-in id", Shows::Whole),
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
        put("first_name", json!(self.details.person.first_name));
        put("last_name", json!(self.details.person.last_name));
        put("email", json!(self.details.person.email.as_str()));
        put("kind", json!(self.kind().key()));
        put("api_user", json!(self.details.api_user));
        put("active", json!(self.details.active));
        put("last_signed_in_at", time(self.last_signed_in_at));
        put("sign_in_id", json!(self.sign_in_id));
        put("created_at", time(Some(self.created_at)));
        put("updated_at", time(Some(self.updated_at)));
        put("revision", json!(self.revision));
        object
    }

    fn rows_for_people(rows: &[Self], layout: &Layout) -> String {
        let has_status = layout.view.has_api_users;
        let mut columns = vec![Column::text("Name"), Column::whole("Email address")];
        columns.extend(has_status.then_some(Column::text("Status")));
        let cells = rows.iter().map(|user| {
            let mut cells = vec![user.details.person.full_name(), user.details.person.email.to_string()];
            cells.extend(has_status.then(|| user.status().to_owned()));
            cells
        });
        table::render(&columns, cells, layout)
    }
}

impl Detailed for User {
    fn details(&self, view: View) -> Details {
        let mut rows = vec![
            Row::text(Field::FirstName.label(), &self.details.person.first_name),
            Row::text(Field::LastName.label(), &self.details.person.last_name),
            Row::whole(Field::Email.label(), self.details.person.email.as_str()),
        ];
        if view.has_api_users {
            rows.push(Row::text(Field::ApiUser.label(), yes_no::label(self.details.api_user)));
            rows.push(Row::text(Field::Active.label(), yes_no::label(self.details.active)));
        }
        Details { heading: self.details.person.full_name(), summary: Some(last_sign_in(self.last_signed_in_at)), rows, text: None }
    }
}

/// The sentence above the details of an account.
pub fn last_sign_in(at: Option<Timestamp>) -> String {
    match at {
        None => "User has never signed in".to_owned(),
        Some(at) => format!("Last signed in on {}", dates::for_people(at)),
    }
}

/// The same as a value of one of the details.
pub fn last_signed_in(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "Never".to_owned(), dates::for_people)
}
