//! The database itself: what it is, whose, and whether this version can use it.

use super::{Examination, Report, failed, file, outbox, records, server};
use crate::domain::check::Check;
use crate::domain::service::{ServiceKind, Setting};
use crate::error::Result;
use crate::store::Store;
use crate::store::checks::{Stamped, postgres, sqlite, stamped, stored_settings};
use crate::store::collation;

/// Makes every check that needs the database.
pub(super) fn examine(
    store: &mut Store,
    schema: Option<usize>,
    known: usize,
    examination: &Examination,
    report: &mut Report<'_>,
) -> Result<()> {
    let place = &examination.location.database;
    let is_file = place.file().is_some();
    if is_file {
        report.add(Check::ok("database", format!("The database {place} opens, with SQLite {}", sqlite::version())))?;
    } else {
        report.add(server::version(store, &place.to_string()))?;
    }
    let Some(schema) = schema else {
        return report.add(Check::note("schema", "The database is empty: the first change makes its tables"));
    };
    // A file is brought up to date by the next command; a shared database waits for its owner.
    let up_to_date = if is_file { "Bring it up to date with: frontdesk migrate" } else { postgres::BRING_UP_TO_DATE };
    report.add(of_schema(schema, known, up_to_date))?;
    if is_file {
        file::examine_inside(store, report)?;
    } else {
        server::examine(store, examination.clock, report)?;
    }
    if schema < known {
        let why = "The service, the outbox and the records were not looked at: the tables are those of an older version";
        return report.add(Check::warning("service", why).hint(up_to_date));
    }
    if is_file {
        file::examine_parts(store, report)?;
    }
    let may_go_on = service(store, examination, report)?;
    if !may_go_on {
        let why = "The outbox and the records were not looked at: they may be those of another service";
        return report.add(Check::warning("outbox", why).hint("Mend what is wrong with the service first."));
    }
    outbox::examine(store, examination.clock.now(), report)?;
    records::examine(store, report)
}

fn of_schema(schema: usize, known: usize, up_to_date: &str) -> Check {
    if schema < known {
        let message = format!("The database is of an older version of frontdesk: its schema is {schema}, and this version needs {known}");
        return Check::problem("schema", message).hint(up_to_date);
    }
    Check::ok("schema", format!("The schema is {schema}, which is this version’s"))
}

/// Looks at whose database it is. Returns whether it is the one that is meant.
fn service(store: &mut Store, examination: &Examination, report: &mut Report<'_>) -> Result<bool> {
    let read = store.read(|transaction| Ok((stamped(transaction)?, stored_settings(transaction)?)));
    let (Stamped { service, collation }, settings) = match read {
        Ok(read) => read,
        Err(error) => {
            report.add(failed("service", &error))?;
            return Ok(true);
        }
    };
    let (check, is_meant) = whose(service.as_deref(), &settings, examination);
    report.add(check)?;
    report.add_all(wrong_settings(&settings))?;
    report.add(match collation.as_deref() {
        Some(collation::VERSION) => {
            Check::ok("collation", format!("Names are ordered by this version’s collation ({})", collation::VERSION))
        }
        other => Check::problem(
            "collation",
            format!("Names are ordered by another version of the collation ({}) than this version’s", other.unwrap_or("unknown")),
        )
        .hint("Use the version of frontdesk that made the database."),
    })?;
    Ok(is_meant)
}

fn whose(service: Option<&str>, settings: &[(String, String)], examination: &Examination) -> (Check, bool) {
    let wrong = |message: String, hint: &str| (Check::problem("service", message).hint(hint), false);
    let Some(kind) = service.and_then(ServiceKind::from_key) else {
        return wrong(
            format!("The database says that it is of the service ‘{}’, which frontdesk does not know", service.unwrap_or_default()),
            "Go back to a copy of the database from before the damage.",
        );
    };
    let value = |setting: Setting| {
        let stored = settings.iter().find(|(key, _)| key == setting.key());
        stored.map_or(setting.default_value(kind), |(_, value)| value)
    };
    let (name, environment) = (value(Setting::Name), value(Setting::Environment));
    if let Some(wanted) = examination.wanted.kind.filter(|wanted| *wanted != kind) {
        let message = format!("The database holds the service {}, not {}", kind.key(), wanted.key());
        return wrong(message, &format!("Give --service {}, or name the other service’s database.", kind.key()));
    }
    if let Some(expected) = examination.wanted.environment.as_deref().filter(|expected| *expected != environment) {
        return wrong(
            format!("The configuration says that this database is {expected}, and the database says that it is {environment}"),
            "Correct ‘environment’ or ‘database’ of this service in the configuration file.",
        );
    }
    (Check::ok("service", format!("The service is {name} ({}), in {environment}", kind.key())), true)
}

fn wrong_settings(settings: &[(String, String)]) -> Vec<Check> {
    let check = |setting: Setting| {
        let hint = |value: &str| format!("Set it: frontdesk service set {} {value}", setting.key());
        match settings.iter().find(|(key, _)| key == setting.key()) {
            Some((_, value)) if setting.check(value).is_ok_and(|checked| checked == *value) => None,
            Some((_, value)) => {
                let message = format!("The setting {} of the service has the value ‘{value}’, which frontdesk never writes", setting.key());
                Some(Check::problem("settings", message).hint(hint("VALUE")))
            }
            None => {
                let message = format!("The setting {} of the service is missing", setting.key());
                Some(Check::problem("settings", message).hint(hint("VALUE")))
            }
        }
    };
    let wrong: Vec<Check> = Setting::ALL.into_iter().filter_map(check).collect();
    if wrong.is_empty() { vec![Check::ok("settings", "The settings of the service are right")] } else { wrong }
}
