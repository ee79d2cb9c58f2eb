//! Importing users of organisations, each row with the code of theirs.

use crate::domain::answers::Answers;
use crate::domain::change::ChangeResult;
use crate::domain::import::{ImportKind, ImportReport, RowResult};
use crate::domain::organisation::{OrganisationReference, WhichOrganisation};
use crate::domain::organisation_user_answers::check_new;
use crate::domain::person::PersonDetails;
use crate::domain::problem::{Code, Field, Problem, Problems};
use crate::error::Result;
use crate::ops::clerk::Clerk;
use crate::ops::desk::{ChangeOptions, Desk, Work};
use crate::ops::import::{ImportFile, import as import_rows, one_by_one};
use crate::store::{memberships, organisations};

/// Adds or links everybody in a file who is not in their organisation yet, each with an invitation that
/// waits to be sent.
///
/// # Errors
/// As for every import.
pub fn import<Source: Send>(desk: &mut Desk, file: ImportFile<'_, Source>, options: &ChangeOptions) -> Result<ImportReport> {
    // What is wrong with the person is told together with what is wrong with their organisation.
    let prepare = |_clerk: &mut Clerk<'_>, answers: &Answers| {
        Ok(Ok((WhichOrganisation::new(answers.get(Field::Organisation).unwrap_or_default()), check_new(answers))))
    };
    // Files are mostly in the order of their organisations.
    let mut last: Option<OrganisationReference> = None;
    let store = one_by_one(|work, (which, checked): (WhichOrganisation, std::result::Result<PersonDetails, Problems>), so_far| {
        let (organisation, details) = match (find_organisation(work, &which, &mut last)?, checked) {
            (Ok(organisation), Ok(details)) => (organisation, details),
            (Ok(_), Err(problems)) => return Ok(Err(problems)),
            (Err(problem), checked) => return Ok(Err(Problems::also(checked, Some(problem)).err().unwrap_or_default())),
        };
        let added = super::add::add_to(work, &organisation, details, None, options)?;
        let emails = added.emails.len() as u64;
        Ok(Ok(match added.result {
            ChangeResult::Added => {
                let label = added.record.map(|user| user.details.label()).unwrap_or_default();
                RowResult::Added { label, emails }
            }
            ChangeResult::Linked => RowResult::Linked { emails },
            _ => {
                let member = added.record.map(|user| (user.id, user.details.email.to_string()));
                let (id, who) = member.unwrap_or_default();
                let membership = memberships::id_of(work.transaction, &id, &organisation.id)?.unwrap_or_default();
                RowResult::Skipped { who, why: so_far.why(&membership) }
            }
        }))
    });
    import_rows(desk, ImportKind::OrganisationUsers, file, options, prepare, store)
}

fn find_organisation(
    work: &mut Work<'_, '_>,
    which: &WhichOrganisation,
    last: &mut Option<OrganisationReference>,
) -> Result<std::result::Result<OrganisationReference, Problem>> {
    let wrong = |code| Ok(Err(Problem::with_organisation(Field::Organisation, code)));
    if which.shown().is_empty() {
        return wrong(Code::Blank);
    }
    if let Some(same) = last.as_ref().filter(|last| last.code == which.shown()) {
        return Ok(Ok(same.clone()));
    }
    match organisations::find(work.transaction, which, None)? {
        Some(found) => Ok(Ok(last.insert(found.reference()).clone())),
        None => wrong(Code::UnknownOrganisation),
    }
}
