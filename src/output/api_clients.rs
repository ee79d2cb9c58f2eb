//! API clients, as lists, details and scripts show them.

use serde_json::{Value, json};

use super::dates;
use super::record::{Detailed, Details, Names, Object, Record, RecordField, Row, Shows, time};
use super::style::{Layout, View};
use super::table::{self, Column};
use crate::domain::api_client::{ApiClient, NewApiClient};
use crate::domain::london::day_in_full;
use crate::domain::problem::Field;

const NAMES: Names = Names { one: "api_client", many: "api_clients" };
const NOUN: &str = "API client";
/// What only whoever makes a client is told.
const TOKEN: &str = "token";

macro_rules! fields {
    ($($more:expr)?) => {
        &[
            RecordField::new("id", "Id", Shows::Whole),
            RecordField::new("name", "Client name", Shows::Text),
            RecordField::new("status", "Status", Shows::Text),
            RecordField::new("expires_on", "Expiry date", Shows::Text),
            RecordField::new("created_by", "Created by", Shows::Whole),
            RecordField::new("created_at", "Created", Shows::Time),
            RecordField::new("last_used_at", "Last used", Shows::Time),
            $($more)?
        ]
    };
}

impl Record for ApiClient {
    const NAMES: Names = NAMES;
    const NOUN: &'static str = NOUN;
    const FIELDS: &'static [RecordField] = fields!();

    fn id(&self) -> &str {
        &self.id
    }

    fn json(&self) -> Object {
        let mut object = Object::new();
        let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
        put("id", json!(self.id));
        put("name", json!(self.details.name));
        put("status", json!(self.status.key()));
        put("expires_on", json!(self.details.expires_on.to_string()));
        put("created_by", json!(self.created_by.email));
        put("created_at", time(Some(self.created_at)));
        put("last_used_at", time(self.last_used_at));
        object
    }

    /// The id comes first: it is what every command about one takes.
    fn rows_for_people(rows: &[Self], layout: &Layout) -> String {
        let columns = [
            Column::whole("Id"),
            Column::text("Client name"),
            Column::text("Status"),
            Column::text("Expiry date"),
            Column::text("Created by"),
        ];
        let cells = rows.iter().map(|client| {
            let expiry = day_in_full(client.details.expires_on);
            vec![client.id.clone(), client.details.name.clone(), client.status.label().to_owned(), expiry, client.created_by.name.clone()]
        });
        table::render(&columns, cells, layout)
    }
}

impl Detailed for ApiClient {
    fn details(&self, _view: View) -> Details {
        let rows = vec![
            Row::text(Field::ClientName.label(), &self.details.name),
            Row::text(Field::ClientExpiry.label(), day_in_full(self.details.expires_on)),
            Row::text("Status", self.status.label()),
            Row::whole("Created by", self.created_by.label()),
            Row::text("Created", dates::for_people(self.created_at)),
            Row::text("Last used", self.last_used_at.map_or_else(|| "Never".to_owned(), dates::for_people)),
        ];
        Details { heading: self.details.name.clone(), summary: None, rows, text: None }
    }
}

impl Record for NewApiClient {
    const NAMES: Names = NAMES;
    const NOUN: &'static str = NOUN;
    const FIELDS: &'static [RecordField] = fields!(RecordField::new(TOKEN, "Token", Shows::Whole));

    fn id(&self) -> &str {
        self.client.id()
    }

    /// With the token: this is what the program that asked for it reads.
    fn json(&self) -> Object {
        let mut object = self.client.json();
        object.insert(TOKEN.to_owned(), json!(self.token.as_ref().map(|token| token.reveal())));
        object
    }

    fn rows_for_people(rows: &[Self], layout: &Layout) -> String {
        let clients: Vec<ApiClient> = rows.iter().map(|new| new.client.clone()).collect();
        ApiClient::rows_for_people(&clients, layout)
    }
}

impl Detailed for NewApiClient {
    fn details(&self, view: View) -> Details {
        self.client.details(view)
    }
}
