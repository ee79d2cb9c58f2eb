//! Editing a user of an organisation, where the service lets support users do so (seeds 002 and 004).

use super::member;
use crate::domain::activity::{Action, Subject};
use crate::domain::answers::Answers;
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::organisation::WhichOrganisation;
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::organisation_user_answers::{PERSON, check_edit};
use crate::domain::person::PersonDetails;
use crate::domain::problem::{Code, Field, Problem, Problems};
use crate::domain::who::Who;
use crate::error::Result;
use crate::ops::conflict::refuse_changed_meanwhile;
use crate::ops::desk::{ChangeOptions, Desk, Work};
use crate::ops::organisations;
use crate::store::organisation_users;

/// Edits a user of an organisation; the details are the same in all of their organisations. `seen` is
/// the record that the answers were checked against, where time has passed since: then somebody
/// else's change is not overwritten.
///
/// # Errors
/// Not permitted, no organisation by that name, nobody by that name in it, refused by the service's
/// rule, every problem with the answers at once, changed meanwhile, or the database; nothing is
/// stored.
pub fn edit(
    desk: &mut Desk,
    which: &WhichOrganisation,
    who: &Who,
    answers: &Answers,
    seen: Option<&OrganisationUser>,
    options: &ChangeOptions,
) -> Result<Outcome<OrganisationUser>> {
    desk.change(options, |work| {
        work.actor.may_administer()?;
        let organisation = organisations::find(work, which)?;
        let before = member(work, &organisation, who)?;
        work.actor.may_act_on(&before)?;
        // An answer that says what is stored already is no change.
        if let Err(why) = before.may_be_edited_by(&work.actor, work.service.edit_rule())
            && before.details.differs_from(answers)
        {
            return Err(why.refusal().into());
        }
        if let Some(seen) = seen {
            refuse_changed_meanwhile("user", (seen.revision, seen.details.fields()), (before.revision, before.details.fields()))?;
        }
        let details = check(work, &before, answers)?;
        let changes = details.changes_from(Some(&before.details));
        if changes.is_empty() {
            return Ok(Outcome::new(ChangeResult::Unchanged, Some(before), options.dry_run));
        }
        organisation_users::update(work.transaction, &before, &details, work.now)?;
        let after = OrganisationUser { details, updated_at: work.now, revision: before.revision + 1, ..before.clone() };
        let emails = work.tell_of_new_address(&before, &after, &after.organisations)?;
        work.record_in(&organisation.reference(), Action::UserUpdated, Subject::from(&after), changes.clone())?;
        Ok(Outcome { changes, emails, ..Outcome::new(ChangeResult::Updated, Some(after), options.dry_run) })
    })
}

fn check(work: &mut Work<'_, '_>, user: &OrganisationUser, answers: &Answers) -> Result<PersonDetails> {
    let other = match PERSON.email_of(answers) {
        Some(email) => organisation_users::find_by_email(work.transaction, email.as_str())?.filter(|other| other.id != user.id),
        None => None,
    };
    let in_use = other.map(|_| Problem::with_organisation_user(Field::Email, Code::EmailInUse));
    Ok(Problems::also(check_edit(answers, &user.details), in_use)?)
}
