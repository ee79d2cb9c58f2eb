//! Users of organisations, as lists, details and scripts show them (seeds 002, 003 and 004).

use serde_json::{Value, json};

use super::organisations::reference;
use super::record::{Detailed, Details, Names, Object, Record, RecordField, Row, Shows, time};
use super::style::{Layout, View};
use super::table::{self, Column};
use super::users::{last_sign_in, last_signed_in};
use crate::domain::organisation::OrganisationReference;
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::problem::Field;

const ORGANISATIONS: &str = "Organisations";

impl Record for OrganisationUser {
    const NAMES: Names = Names { one: "user", many: "users" };
    const FIELDS: &'static [RecordField] = &[
        RecordField::new("id", "Id", Shows::Whole),
        RecordField::new("first_name", "First name", Shows::Text),
        RecordField::new("last_name", "Last name", Shows::Text),
        RecordField::new("email", "Email address", Shows::Whole),
        RecordField::new("kind", "Kind", Shows::Text),
        RecordField::new("organisations", ORGANISATIONS, Shows::Organisations),
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
        put("first_name", json!(self.details.first_name));
        put("last_name", json!(self.details.last_name));
        put("email", json!(self.details.email.as_str()));
        put("kind", json!("organisation"));
        put("organisations", self.organisations.iter().map(reference).collect());
        put("last_signed_in_at", time(self.last_signed_in_at));
        put("sign_in_id", json!(self.sign_in_id));
        put("created_at", time(Some(self.created_at)));
        put("updated_at", time(Some(self.updated_at)));
        put("revision", json!(self.revision));
        object
    }

    fn rows_for_people(rows: &[Self], layout: &Layout) -> String {
        let columns = [Column::text("Name"), Column::whole("Email address")];
        let cells = rows.iter().map(|user| vec![user.details.full_name(), user.details.email.to_string()]);
        table::render(&columns, cells, layout)
    }
}

impl Detailed for OrganisationUser {
    fn details(&self, _view: View) -> Details {
        let mut rows = vec![
            Row::text(Field::FirstName.label(), &self.details.first_name),
            Row::text(Field::LastName.label(), &self.details.last_name),
            Row::whole(Field::Email.label(), self.details.email.as_str()),
        ];
        rows.extend(organisation_rows(&self.organisations));
        rows.push(Row::text(Field::SignInTime.label(), last_signed_in(self.last_signed_in_at)));
        Details { heading: self.details.full_name(), summary: Some(last_sign_in(self.last_signed_in_at)), rows, text: None }
    }
}

/// One organisation a line, under one label.
fn organisation_rows(organisations: &[OrganisationReference]) -> Vec<Row> {
    if organisations.is_empty() {
        return vec![Row::text(ORGANISATIONS, "None")];
    }
    let labels = [ORGANISATIONS].into_iter().chain(std::iter::repeat(""));
    organisations.iter().zip(labels).map(|(organisation, label)| Row::text(label, organisation.label())).collect()
}
