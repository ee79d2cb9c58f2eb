//! The service and its settings, as people and scripts read them.

use super::record::{Detailed, Details, Names, Object, Record, RecordField, Row, Shows};
use super::style::{Layout, View};
use super::table::{self, Column};
use crate::domain::service::{Service, Setting};

impl Record for Service {
    const NAMES: Names = Names { one: "service", many: "services" };
    const FIELDS: &'static [RecordField] = &[
        RecordField::new("name", "name", Shows::Text),
        RecordField::new("web-address", "web-address", Shows::Whole),
        RecordField::new("help-address", "help-address", Shows::Whole),
        RecordField::new("page-size", "page-size", Shows::Text),
        RecordField::new("edit-organisation-users", "edit-organisation-users", Shows::Text),
        RecordField::new("environment", "environment", Shows::Text),
        RecordField::new("protected", "protected", Shows::Text),
        RecordField::new("minimum-active-users", "minimum-active-users", Shows::Text),
        RecordField::new("deletes-per-three-minutes", "deletes-per-three-minutes", Shows::Text),
        RecordField::new("require-actor", "require-actor", Shows::Text),
    ];

    fn id(&self) -> &str {
        self.kind.key()
    }

    fn json(&self) -> Object {
        self.values().map(|(setting, value)| (setting.key().to_owned(), value.into())).collect()
    }

    fn rows_for_people(rows: &[Self], layout: &Layout) -> String {
        let columns = [Column::text("Name"), Column::text("Environment")];
        table::render(&columns, rows.iter().map(|service| vec![service.name().to_owned(), service.environment().to_owned()]), layout)
    }
}

impl Detailed for Service {
    fn details(&self, _view: View) -> Details {
        let rows = self.values().map(|(setting, value)| row(setting, value)).collect();
        Details { heading: self.name().to_owned(), summary: None, rows, text: None }
    }
}

/// Labelled by its key: that is what `service set` takes.
fn row(setting: Setting, value: &str) -> Row {
    match setting {
        Setting::WebAddress | Setting::HelpAddress => Row::whole(setting.key(), value),
        _ => Row::text(setting.key(), value),
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::service::{Service, ServiceKind, Setting};
    use crate::output::record::Record as _;

    #[test]
    fn every_setting_is_a_field_and_text() {
        let service = Service::new(ServiceKind::Claim, |_| None);
        let fields: Vec<_> = Service::FIELDS.iter().map(|field| field.key).collect();
        assert_eq!(fields, Setting::ALL.map(Setting::key));
        assert_eq!(service.json().keys().map(String::as_str).collect::<Vec<_>>(), fields);
        assert_eq!(service.json()["page-size"], "25");
    }
}
