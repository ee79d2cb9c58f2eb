//! Emails that were queued, as lists, details and scripts show them.

use serde_json::{Value, json};

use super::dates;
use super::record::{Detailed, Details, Names, Object, Record, RecordField, Row, Shows, time};
use super::style::{Layout, View};
use super::table::{self, Column};
use crate::domain::notice::Email;

impl Record for Email {
    const NAMES: Names = Names { one: "email", many: "emails" };
    const FIELDS: &'static [RecordField] = &[
        RecordField::new("id", "Id", Shows::Whole),
        RecordField::new("to", "To", Shows::Whole),
        RecordField::new("subject", "Subject", Shows::Text),
        RecordField::new("text", "Text", Shows::Text),
        RecordField::new("status", "Status", Shows::Text),
        RecordField::new("attempts", "Attempts", Shows::Text),
        RecordField::new("next_attempt_at", "Next attempt", Shows::Time),
        RecordField::new("last_error", "Last error", Shows::Text),
        RecordField::new("message_id", "Message-ID", Shows::Whole),
        RecordField::new("created_at", "Queued", Shows::Time),
        RecordField::new("sent_at", "Sent", Shows::Time),
    ];

    fn id(&self) -> &str {
        &self.id
    }

    fn json(&self) -> Object {
        let mut object = Object::new();
        let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
        put("id", json!(self.id));
        put("to", json!(self.to.address));
        put("subject", json!(self.subject()));
        put("text", json!(self.text()));
        put("status", json!(self.status.key()));
        put("attempts", json!(self.attempts));
        put("next_attempt_at", time(self.next_attempt_at));
        put("last_error", json!(self.last_error));
        put("message_id", json!(self.message_id()));
        put("created_at", time(Some(self.created_at)));
        put("sent_at", time(self.sent_at));
        object
    }

    /// The id comes first: it is what `emails show`, `retry` and `cancel` take.
    fn rows_for_people(rows: &[Self], layout: &Layout) -> String {
        let columns = [Column::whole("Id"), Column::whole("To"), Column::text("Status"), Column::text("Subject")];
        let cells = rows
            .iter()
            .map(|email| vec![email.id.clone(), email.to.address.clone(), email.status.label().to_owned(), email.subject().to_owned()]);
        table::render(&columns, cells, layout)
    }
}

impl Detailed for Email {
    fn details(&self, _view: View) -> Details {
        let mut rows = vec![
            Row::whole("To", &self.to.address),
            Row::text("Subject", self.subject()),
            Row::text("Status", self.status.label()),
            Row::text("Attempts", self.attempts.to_string()),
        ];
        rows.extend(self.last_error.as_deref().map(|error| Row::text("Last error", error)));
        rows.extend(self.next_attempt_at.map(|at| Row::text("Next attempt", dates::for_people(at))));
        rows.push(Row::text("Queued", dates::for_people(self.created_at)));
        rows.extend(self.sent_at.map(|at| Row::text("Sent", dates::for_people(at))));
        rows.push(Row::whole("Message-ID", self.message_id()));
        Details { heading: format!("Email to {}", self.to.address), summary: None, rows, text: Some(self.text()) }
    }
}
