//! Who is acting, and with which configuration.

use std::io::Write;

use serde_json::{Value, json};

use super::delimited::{Csv, write_plain};
use super::flow;
use super::format::Format;
use super::json;
use super::machine::document;
use super::organisations::{labels, reference};
use super::record::Object;
use super::safe_text::safe_text;
use super::style::{Layout, Style};
use super::table::{self, Column};
use crate::domain::actor::Actor;
use crate::error::Result;

/// A value of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfiguredValue {
    pub name: &'static str,
    /// `None` where nothing says.
    pub value: Option<String>,
    /// Where it comes from: a flag, a variable, a file or the defaults.
    pub origin: String,
}

/// Writes who is acting, where that could be found out, and each value of the configuration with
/// where it comes from.
///
/// # Errors
/// Standard output cannot be written.
pub fn write(out: &mut dyn Write, actor: Option<&Actor>, values: &[ConfiguredValue], layout: &Layout, style: &Style) -> Result<()> {
    let cells = |value: &ConfiguredValue| vec![value.name.to_owned(), value.value.clone().unwrap_or_default(), value.origin.clone()];
    match style.format {
        Format::Table => {
            let columns = [Column::text("Setting"), Column::whole("Value"), Column::text("Where from")];
            if let Some(actor) = actor {
                writeln!(out, "{}", flow::text(&format!("You are {}", safe_text(&introduction(actor))), layout.columns))?;
            }
            write!(out, "{}", table::render(&columns, values.iter().map(cells), layout))?;
            Ok(())
        }
        Format::Json | Format::JsonLines => {
            let setting = |value: &ConfiguredValue| (value.name.to_owned(), json!({ "value": value.value, "origin": value.origin }));
            let mut document = document();
            document.insert("actor".to_owned(), actor.map_or(Value::Null, actor_object));
            document.insert("settings".to_owned(), values.iter().map(setting).collect::<Object>().into());
            json::write(out, &document, style.format == Format::Json)
        }
        _ => write_rows(out, &["name", "value", "origin"], values.iter().map(cells), style),
    }
}

fn write_rows(out: &mut dyn Write, header: &[&str], mut rows: impl Iterator<Item = Vec<String>>, style: &Style) -> Result<()> {
    match style.format {
        Format::Csv => {
            let mut csv = Csv::new(out, header.iter().copied())?;
            rows.try_for_each(|row| csv.row(row))?;
            csv.finish()
        }
        // What names a setting is its key.
        Format::Ids => rows.try_for_each(|row| write_plain(out, row.into_iter().take(1))),
        _ => rows.try_for_each(|row| write_plain(out, row)),
    }
}

fn introduction(actor: &Actor) -> String {
    match actor {
        Actor::OperatingSystem { label } => format!("{label}, the account of the operating system"),
        Actor::User(user) => format!("{}, {} ({})", user.details.person.full_name(), user.details.person.email, user.status()),
        Actor::OrganisationUser(user) => {
            format!("{}, {} (organisations: {})", user.details.full_name(), user.details.email, labels(&user.organisations))
        }
    }
}

fn actor_object(actor: &Actor) -> Value {
    let (kind, active) = match actor {
        Actor::OperatingSystem { .. } => ("operating-system", true),
        Actor::User(user) => (user.kind().key(), user.details.active),
        Actor::OrganisationUser(_) => ("organisation", true),
    };
    let id = actor.account().map(|account| account.account_id().id);
    let mut object = json!({ "label": actor.label(), "email": actor.email(), "kind": kind, "id": id, "active": active });
    if let (Actor::OrganisationUser(user), Value::Object(object)) = (actor, &mut object) {
        object.insert("organisations".to_owned(), user.organisations.iter().map(reference).collect());
    }
    object
}

#[cfg(test)]
mod tests {
    use super::{ConfiguredValue, write};
    use crate::domain::actor::Actor;
    use crate::output::format::Format;
    use crate::output::samples::{style, user, view};

    fn who_am_i(format: Format, actor: &Actor) -> String {
        let values = [
            ConfiguredValue { name: "service", value: Some("claim".to_owned()), origin: "--service".to_owned() },
            ConfiguredValue { name: "actor", value: None, origin: "default".to_owned() },
        ];
        let mut out = Vec::new();
        let style = style(format);
        write(&mut out, Some(actor), &values, &style.layout(view()), &style).expect("written");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn the_actor_and_where_each_value_comes_from() {
        let ann = Actor::User(Box::new(user("Ann", "Abel")));
        assert_eq!(
            who_am_i(Format::Table, &ann),
            "You are Ann Abel, ann@education.gov.uk (Active)\n\nSetting  Value  Where from\nservice  claim  --service\nactor           default\n"
        );
        assert_eq!(
            who_am_i(Format::JsonLines, &Actor::OperatingSystem { label: "os:ann@desk".to_owned() }),
            "{\"schema\":1,\"actor\":{\"label\":\"os:ann@desk\",\"email\":null,\"kind\":\"operating-system\",\"id\":null,\"active\":true},\
             \"settings\":{\"service\":{\"value\":\"claim\",\"origin\":\"--service\"},\"actor\":{\"value\":null,\"origin\":\"default\"}}}\n"
        );
        assert_eq!(who_am_i(Format::Ids, &ann), "service\nactor\n");
    }
}
