//! The services that this computer knows, as `service list` shows them.

use serde_json::{Value, json};

use super::record::{Names, Object, Record, RecordField, Shows};
use super::style::Layout;
use super::table::{self, Column};
use crate::domain::service::ServiceKind;
use crate::domain::yes_no;

/// A service that `--service` takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceListing {
    /// What `--service` takes.
    pub name: String,
    pub kind: ServiceKind,
    /// The path or web address of its database, without any password.
    pub database: String,
    /// Whether there is such a database; of one on a server nobody has asked.
    pub exists: Option<bool>,
}

impl Record for ServiceListing {
    const NAMES: Names = Names { one: "service", many: "services" };
    const FIELDS: &'static [RecordField] = &[
        RecordField::new("name", "Name", Shows::Whole),
        RecordField::new("kind", "Kind", Shows::Text),
        RecordField::new("database", "Database", Shows::Whole),
        RecordField::new("exists", "Exists", Shows::YesNo),
    ];

    fn id(&self) -> &str {
        &self.name
    }

    fn json(&self) -> Object {
        let mut object = Object::new();
        let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
        put("name", json!(self.name));
        put("kind", json!(self.kind.key()));
        put("database", json!(self.database));
        put("exists", json!(self.exists));
        object
    }

    fn rows_for_people(rows: &[Self], layout: &Layout) -> String {
        let columns = [Column::whole("Name"), Column::text("Service"), Column::whole("Database"), Column::text("Exists")];
        let cells = rows.iter().map(|service| {
            let exists = service.exists.map(yes_no::label).unwrap_or_default();
            vec![service.name.clone(), service.kind.default_name().to_owned(), service.database.clone(), exists.to_owned()]
        });
        table::render(&columns, cells, layout)
    }
}
