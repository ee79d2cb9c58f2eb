//! Adding an organisation.

use crate::domain::activity::{Action, Subject};
use crate::domain::answers::Answers;
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::organisation::{Organisation, OrganisationDetails, WhichOrganisation};
use crate::domain::organisation_answers::{check_new, code_of};
use crate::domain::problem::{Code, Field, Problem, Problems};
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk, Work};
use crate::store::organisations;

/// Adds an organisation without users.
///
/// # Errors
/// Not permitted, every problem with the answers at once, or the database; nothing is stored.
pub fn add(desk: &mut Desk, answers: &Answers, options: &ChangeOptions) -> Result<Outcome<Organisation>> {
    desk.change(options, |work| {
        work.actor.may_administer()?;
        let other = match code_of(answers) {
            Some(code) => organisations::find(work.transaction, &WhichOrganisation::new(&code), None)?,
            None => None,
        };
        let details = Problems::also(check_new(answers), other.map(|_| code_in_use()))?;
        store(work, details, options)
    })
}

pub(super) fn store(work: &mut Work<'_, '_>, details: OrganisationDetails, options: &ChangeOptions) -> Result<Outcome<Organisation>> {
    let organisation = Organisation { id: work.new_id(), details, users: 0, created_at: work.now, updated_at: work.now, revision: 1 };
    if !organisations::insert(work.transaction, &organisation)? {
        return Err(Problems::from(code_in_use()).into());
    }
    let changes = organisation.details.changes_from(None);
    work.record_in(&organisation.reference(), Action::OrganisationAdded, Subject::from(&organisation), changes.clone())?;
    Ok(Outcome { changes, ..Outcome::new(ChangeResult::Added, Some(organisation), options.dry_run) })
}

fn code_in_use() -> Problem {
    Problem::with_organisation(Field::OrganisationCode, Code::CodeInUse)
}
