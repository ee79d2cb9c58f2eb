//! Looking at the health of a desk: its database, its records, its files and its mail server. Nothing is
//! changed, and one check that fails or cannot be made does not stop the others.

mod configuration;
mod database;
mod file;
mod outbox;
mod records;
mod server;

pub use self::configuration::{MailToCheck, SecretFile};
use super::desk::{Location, Wanted, Work};
use crate::domain::actor::ActorClaim;
use crate::domain::check::{Check, Status};
use crate::domain::count::thousands;
use crate::error::{Error, ErrorKind, Result};
use crate::store::Store;
use crate::store::checks::{AsItIs, as_it_is};
use crate::world::{Clock, Ids};

/// What is looked at, and for whom.
pub struct Examination {
    pub location: Location,
    /// The kind of service and the environment that the settings expect.
    pub wanted: Wanted,
    pub claim: ActorClaim,
    pub clock: Clock,
    pub ids: Ids,
    /// Files of the configuration that hold a secret.
    pub secret_files: Vec<SecretFile>,
    /// The mail server of the configuration, where there is one.
    pub mail: MailToCheck,
}

/// How all of it came out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub warnings: u64,
    pub problems: u64,
}

/// Takes one check after another, and counts what is wrong.
struct Report<'tell> {
    tell: &'tell mut dyn FnMut(Check) -> Result<()>,
    tally: Tally,
}

impl Report<'_> {
    fn add(&mut self, check: Check) -> Result<()> {
        match check.status {
            Status::Warning => self.tally.warnings += 1,
            Status::Problem => self.tally.problems += 1,
            Status::Ok | Status::Note => {}
        }
        (self.tell)(check)
    }

    fn add_all(&mut self, checks: impl IntoIterator<Item = Check>) -> Result<()> {
        checks.into_iter().try_for_each(|check| self.add(check))
    }
}

/// Makes every check, and tells of each as it is made.
///
/// # Errors
/// Whoever asks may not look, or what was found cannot be told.
pub fn examine(examination: &mut Examination, tell: &mut dyn FnMut(Check) -> Result<()>) -> Result<Tally> {
    let opened = as_it_is(&examination.location);
    let mut report = Report { tell, tally: Tally::default() };
    match opened {
        Ok(AsItIs::Open { mut store, schema, known }) => {
            refuse_others(&mut store, examination)?;
            database::examine(&mut store, schema, known, examination, &mut report)?;
        }
        Ok(AsItIs::Missing) => {
            let place = &examination.location.database;
            report.add(Check::note("database", format!("There is no database at {place} yet: the first change makes it")))?;
        }
        Ok(AsItIs::Forbidden { mut store, error }) => {
            report.add(failed("database", &error))?;
            server::examine(&mut store, examination.clock, &mut report)?;
        }
        Err(error) => report.add(failed("database", &error))?,
    }
    if let Some(path) = examination.location.database.file() {
        file::examine(path, &mut report)?;
    }
    configuration::examine(examination, &mut report)?;
    Ok(report.tally)
}

/// Refuses those who may not administer the service. Where nobody can tell who they are, because the
/// database is older, empty or damaged, the checks are made all the same: whoever can read the file
/// could see as much without this program.
fn refuse_others(store: &mut Store, examination: &mut Examination) -> Result<()> {
    let Examination { claim, clock, ids, .. } = examination;
    let allowed = store.read(|transaction| Ok(Work::begin(transaction, claim, "", None, clock.now(), ids)?.actor.may_administer()?));
    allowed.or_else(|error| if error.kind == ErrorKind::NotPermitted { Err(error) } else { Ok(()) })
}

/// A check that found an error, or could not be made because of one.
fn failed(name: &'static str, error: &Error) -> Check {
    let check = Check::problem(name, error.message.clone());
    // That nothing was changed goes without saying here.
    let hint = error.hint.as_deref().map(|hint| hint.trim_start_matches("Nothing was changed.").trim_start());
    match hint.filter(|hint| !hint.is_empty()) {
        Some(hint) => check.hint(hint),
        None => check,
    }
}

/// `1 email`, `2,000 emails`.
fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(count), if count == 1 { one } else { many })
}
