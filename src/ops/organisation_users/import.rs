//! Importing users of organisations, each row with the code of theirs.

use crate::domain::answers::Answers;
use crate::domain::change::ChangeResult;
use crate::domain::import::{ImportKind, ImportReport, RowResult};
use crate::domain::organisation::{OrganisationReference, WhichOrganisation};
use crate::domain::organisation_user_answers::check_new;
use crate::domain::problem::{Code, Field, Problem, Problems};
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk, Work};
use crate::ops::import::{Rows, import as import_rows};
use crate::store::organisations;

/// Adds or links everybody in a file who is not in their organisation yet, each with an invitation that
/// waits to be sent.
///
/// # Errors
/// As for every import.
pub fn import(desk: &mut Desk, rows: &mut dyn Rows, options: &ChangeOptions) -> Result<ImportReport> {
    // Files are mostly in the order of their organisations.
    let mut last: Option<OrganisationReference> = None;
    import_rows(desk, ImportKind::OrganisationUsers, rows, options, |work, answers| {
        let organisation = match find_organisation(work, answers, &mut last)? {
            Ok(organisation) => organisation,
            Err(problem) => return Ok(Err(Problems::also(check_new(answers), Some(problem)).err().unwrap_or_default())),
        };
        let details = match check_new(answers) {
            Ok(details) => details,
            Err(problems) => return Ok(Err(problems)),
        };
        let added = super::add::add_to(work, &organisation, details, None, options)?;
        let emails = added.emails.len() as u64;
        Ok(Ok(match added.result {
            ChangeResult::Added => {
                let label = added.record.map(|user| user.details.label()).unwrap_or_default();
                RowResult::Added { label, emails }
            }
            ChangeResult::Linked => RowResult::Linked { emails },
            _ => RowResult::Skipped,
        }))
    })
}

fn find_organisation(
    work: &mut Work<'_, '_>,
    answers: &Answers,
    last: &mut Option<OrganisationReference>,
) -> Result<std::result::Result<OrganisationReference, Problem>> {
    let which = WhichOrganisation::new(answers.get(Field::Organisation).unwrap_or_default());
    let wrong = |code| Ok(Err(Problem::with_organisation(Field::Organisation, code)));
    if which.shown().is_empty() {
        return wrong(Code::Blank);
    }
    if let Some(same) = last.as_ref().filter(|last| last.code == which.shown()) {
        return Ok(Ok(same.clone()));
    }
    match organisations::find(work.transaction, &which, None)? {
        Some(found) => Ok(Ok(last.insert(found.reference()).clone())),
        None => wrong(Code::UnknownOrganisation),
    }
}
