//! Adding a user to an organisation (seeds 002, 003 and 004, “Adding a user”): a new account, or one
//! that is there already and now belongs to one more organisation.

use super::{as_the_actor_sees, membership_change};
use crate::domain::activity::{Action, Subject};
use crate::domain::answers::Answers;
use crate::domain::change::{ChangeResult, FieldChange, Outcome, SeenAddition, changed_fields};
use crate::domain::email_address::EmailAddress;
use crate::domain::notice::Notice;
use crate::domain::organisation::{OrganisationReference, WhichOrganisation};
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::organisation_user_answers::{PERSON, check_new};
use crate::domain::person::PersonDetails;
use crate::domain::problem::{Code, Field, Problem, Problems};
use crate::error::{Error, Result};
use crate::ops::desk::{ChangeOptions, Desk, Work};
use crate::ops::organisations;
use crate::store::{memberships, organisation_users};

/// Adds a user to an organisation, with an invitation that names it. Somebody who belongs to another
/// organisation keeps their account and its names; an account that belongs to none is ended, and a
/// new one made with the names that were typed. With `if_not_exists`, somebody who is in this
/// organisation already is no problem and stays as they are. `seen` is what a person was shown, where
/// time has passed since: then no other account is linked or made than they said yes to.
///
/// # Errors
/// Not permitted, no organisation by that name, every problem with the answers at once, or the
/// database; nothing is stored.
pub fn add(
    desk: &mut Desk,
    which: &WhichOrganisation,
    answers: &Answers,
    if_not_exists: bool,
    seen: Option<&SeenAddition>,
    options: &ChangeOptions,
) -> Result<Outcome<OrganisationUser>> {
    desk.change(options, |work| {
        work.actor.may_work_in_organisations()?;
        let organisation = organisations::find(work, which)?.reference();
        let is_member = match PERSON.email_of(answers) {
            Some(email) => find_account(work, &email)?.is_some_and(|account| account.organisations.contains(&organisation)),
            None => false,
        };
        let typed = Problems::also(check_new(answers), (is_member && !if_not_exists).then(in_use))?;
        add_to(work, &organisation, typed, seen, options)
    })
}

/// Adds somebody whose answers are good; whoever is in the organisation already stays as they are.
pub(super) fn add_to(
    work: &mut Work<'_, '_>,
    organisation: &OrganisationReference,
    typed: PersonDetails,
    seen: Option<&SeenAddition>,
    options: &ChangeOptions,
) -> Result<Outcome<OrganisationUser>> {
    match find_account(work, &typed.email)? {
        Some(member) if member.organisations.contains(organisation) => {
            let member = as_the_actor_sees(work, member)?;
            Ok(Outcome::new(ChangeResult::Unchanged, Some(member), options.dry_run))
        }
        Some(account) if !account.organisations.is_empty() => {
            refuse_other_than_seen(work, seen, Some(&account))?;
            link(work, organisation, account, typed, options)
        }
        account => {
            refuse_other_than_seen(work, seen, None)?;
            if let Some(account) = account {
                end(work, organisation, &account)?;
            }
            store(work, organisation, typed, options)
        }
    }
}

fn find_account(work: &mut Work<'_, '_>, email: &EmailAddress) -> Result<Option<OrganisationUser>> {
    organisation_users::find_by_email(work.transaction, email.as_str())
}

/// What somebody was shown must be what is done. Whoever does not know the account that would be linked
/// was shown a new one.
fn refuse_other_than_seen(work: &mut Work<'_, '_>, seen: Option<&SeenAddition>, linked: Option<&OrganisationUser>) -> Result<()> {
    let Some(seen) = seen else { return Ok(()) };
    let now = match linked {
        Some(account) if knows(work, account)? => Some((account.id.clone(), account.revision)),
        _ => None,
    };
    if seen.account == now {
        return Ok(());
    }
    Err(Error::conflict("Somebody else added, changed or removed this user meanwhile")
        .hint("Nothing was changed. Check your answers again."))
}

/// Whether the actor sees every account, or this one in one of their own organisations.
fn knows(work: &mut Work<'_, '_>, account: &OrganisationUser) -> Result<bool> {
    let Some(viewer) = work.actor.sees_organisations_of() else { return Ok(true) };
    Ok(!memberships::of_user(work.transaction, &account.id, Some(viewer))?.is_empty())
}

fn in_use() -> Problem {
    Problem::with_organisation_user(Field::Email, Code::EmailInUse)
}

/// A new account that belongs to this organisation.
fn store(
    work: &mut Work<'_, '_>,
    organisation: &OrganisationReference,
    details: PersonDetails,
    options: &ChangeOptions,
) -> Result<Outcome<OrganisationUser>> {
    let user = OrganisationUser {
        id: work.new_id(),
        details,
        sign_in_id: None,
        last_signed_in_at: None,
        created_at: work.now,
        updated_at: work.now,
        revision: 1,
        organisations: vec![organisation.clone()],
    };
    if !organisation_users::insert(work.transaction, &user)? {
        return Err(in_use().into());
    }
    let membership = work.new_id();
    memberships::insert(work.transaction, &membership, &organisation.id, &user, work.now)?;
    let emails = work.queue(Notice::Invitation, &user, std::slice::from_ref(organisation), &user.details.email)?.into_iter().collect();
    let mut changes = user.details.changes_from(None);
    changes.push(membership_change(None, Some(organisation)));
    work.record_in(organisation, Action::UserAdded, Subject::from(&user), changes.clone())?;
    Ok(Outcome { changes, emails, ..Outcome::new(ChangeResult::Added, Some(user), options.dry_run) })
}

/// An account that is there belongs to one more organisation; the names that were typed are not
/// taken over (seeds 002: “We don’t create a new user record”).
fn link(
    work: &mut Work<'_, '_>,
    organisation: &OrganisationReference,
    account: OrganisationUser,
    typed: PersonDetails,
    options: &ChangeOptions,
) -> Result<Outcome<OrganisationUser>> {
    // Whoever does not know the account may not learn by trying addresses who has one, or under which
    // name: until it belongs to their organisation they see what they typed.
    let is_stranger = options.dry_run && !knows(work, &account)?;
    let membership = work.new_id();
    memberships::insert(work.transaction, &membership, &organisation.id, &account, work.now)?;
    let user = if is_stranger { unknown(account, typed.clone(), work) } else { account };
    let user = as_the_actor_sees(work, user)?;
    let emails = work.queue(Notice::Invitation, &user, std::slice::from_ref(organisation), &user.details.email)?.into_iter().collect();
    let changes: Vec<FieldChange> = vec![membership_change(None, Some(organisation))];
    work.record_in(organisation, Action::UserLinked, Subject::from(&user), changes.clone())?;
    let result = if is_stranger { ChangeResult::Added } else { ChangeResult::Linked };
    let kept = changed_fields(Some(user.details.fields()), Some(typed.fields()));
    Ok(Outcome { changes, emails, kept, ..Outcome::new(result, Some(user), options.dry_run) })
}

/// An account as somebody sees it who knows no more of it than what they typed.
fn unknown(user: OrganisationUser, typed: PersonDetails, work: &Work<'_, '_>) -> OrganisationUser {
    OrganisationUser {
        details: typed,
        sign_in_id: None,
        last_signed_in_at: None,
        created_at: work.now,
        updated_at: work.now,
        revision: 1,
        ..user
    }
}

/// Ends an account that belongs to no organisation, so that its address can have a new one.
fn end(work: &mut Work<'_, '_>, organisation: &OrganisationReference, account: &OrganisationUser) -> Result<()> {
    work.actor.may_act_on(account)?;
    let by = work.actor.label();
    organisation_users::end(work.transaction, account, &by, work.now)?;
    work.cancel_sign_in_details(account, None)?;
    let changes = changed_fields(Some(account.details.fields()), None);
    work.record_in(organisation, Action::AccountEnded, Subject::from(account), changes)
}
