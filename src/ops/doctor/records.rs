//! Every record, and what is wrong with it.

use super::{Report, counted, failed};
use crate::domain::check::Check;
use crate::domain::count::thousands;
use crate::domain::damage::{Damage, Damages};
use crate::error::Result;
use crate::store::checks::{is_gone, records};
use crate::store::{Store, Transaction};

/// The records of one kind: what they are called in JSON, one of them, several, and how they are looked
/// through.
type Kind = (&'static str, &'static str, &'static str, fn(&mut Transaction<'_>) -> Result<Damages>);

const KINDS: [Kind; 7] = [
    ("users", "user", "users", records::users),
    ("organisations", "organisation", "organisations", records::organisations),
    ("organisation_users", "organisation user", "organisation users", records::organisation_users),
    ("memberships", "membership", "memberships", records::memberships),
    ("emails", "email", "emails", records::emails),
    ("activity", "entry of the activity", "entries of the activity", records::activity),
    ("api_clients", "API client", "API clients", records::api_clients),
];

pub(super) fn examine(store: &mut Store, report: &mut Report<'_>) -> Result<()> {
    for (name, one, many, look) in KINDS {
        match store.read(look) {
            Ok(damages) => report.add_all(checks(name, one, many, &damages))?,
            Err(error) => {
                report.add(failed(name, &error))?;
                // It was waited for already, and would be once more by each of the others.
                if is_gone(&error) {
                    return report.add(Check::warning(name, "The other records were not looked at: the server is gone"));
                }
            }
        }
    }
    Ok(())
}

fn checks(name: &'static str, one: &str, many: &str, damages: &Damages) -> Vec<Check> {
    let read = counted(damages.read, one, many);
    if damages.found.is_empty() {
        return vec![Check::ok(name, format!("{read}: none damaged"))];
    }
    let count = counted(damages.count(), "damage", "damages");
    let mut checks = vec![
        Check::problem(name, format!("{read}: {count} found"))
            .hint("Go back to a copy of the database from before the damage; if no other program wrote to it, report this."),
    ];
    for Damage { what, ids, count } in &damages.found {
        checks.extend(ids.iter().map(|id| Check::problem(name, format!("The {one} {id}: {what}"))));
        let more = count.saturating_sub(ids.len() as u64);
        if more > 0 {
            checks.push(Check::problem(name, format!("And {} more {many}: {what}", thousands(more))));
        }
    }
    checks
}
