//! Signing in: what the service asks, and records, after DfE Sign-in has done its part.

use jiff::{SignedDuration, Timestamp};

use super::desk::{ChangeOptions, Desk, Work};
use crate::domain::activity::{Action, EntryActor, Subject};
use crate::domain::change::FieldChange;
use crate::domain::characters::{has_refused_character, trim_ends};
use crate::domain::name::LONGEST_NAME;
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::person::{PersonDetails, PersonRules};
use crate::domain::problem::{Code, Field, Problem, Problems};
use crate::domain::sign_in::{Admission, Candidates, Identity, SignedIn, admit};
use crate::domain::user::{User, UserDetails};
use crate::domain::{organisation_user_answers, user_answers};
use crate::error::{Error, Result};
use crate::store::{Transaction, organisation_users, users};

/// How far the clock of the service may be ahead of ours.
const CLOCK_DIFFERENCE: SignedDuration = SignedDuration::from_mins(5);

/// A sign-in as the service tells of it, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignIn {
    pub email: Option<String>,
    pub id: Option<String>,
    pub at: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
}

/// Says who would be let in, and records nothing.
///
/// # Errors
/// Not permitted, the reason why nobody is let in, or the database.
pub fn check(desk: &mut Desk, sign_in: &SignIn) -> Result<Admission> {
    desk.look(|work| {
        work.actor.may_administer()?;
        let (identity, _) = read(sign_in, work.now)?;
        Ok(Admission { account: find(work, &identity)?, warnings: Vec::new() })
    })
}

/// Records a sign-in: when, under which id, and the names that DfE Sign-in has for the person.
///
/// # Errors
/// As [`check`]; nothing is stored.
pub fn record(desk: &mut Desk, sign_in: &SignIn) -> Result<Admission> {
    desk.change(&ChangeOptions::default(), |work| {
        work.actor.may_administer()?;
        let (identity, at) = read(sign_in, work.now)?;
        let mut warnings = Vec::new();
        let found = find(work, &identity)?;
        // An account is tied to an id only by a sign-in that brought its address too.
        let tied = identity.id.filter(|_| identity.email.is_some());
        let account = match found {
            SignedIn::User(user) => SignedIn::User(record_user(work, user, tied, at, sign_in, &mut warnings)?),
            SignedIn::OrganisationUser(user) => {
                SignedIn::OrganisationUser(record_organisation_user(work, user, tied, at, sign_in, &mut warnings)?)
            }
        };
        Ok(Admission { account, warnings })
    })
}

fn record_user(
    work: &mut Work<'_, '_>,
    user: User,
    id: Option<String>,
    at: Timestamp,
    sign_in: &SignIn,
    warnings: &mut Vec<String>,
) -> Result<User> {
    let last = latest(user.last_signed_in_at, at);
    let sign_in_id = user.sign_in_id.clone().or(id);
    users::record_sign_in(work.transaction, &user.id, last, sign_in_id.as_deref())?;
    let user = User { last_signed_in_at: Some(last), sign_in_id, ..user };
    let person = copy_names(sign_in, &user_answers::PERSON, user.details.person.clone(), warnings);
    let details = UserDetails { person, ..user.details.clone() };
    let changes = details.changes_from(Some(&user.details));
    if changes.is_empty() {
        return Ok(user);
    }
    users::update(work.transaction, &user, &details, work.now)?;
    let renamed = User { details, updated_at: work.now, revision: user.revision + 1, ..user };
    record_renaming(work, Subject::from(&renamed), changes)?;
    Ok(renamed)
}

fn record_organisation_user(
    work: &mut Work<'_, '_>,
    user: OrganisationUser,
    id: Option<String>,
    at: Timestamp,
    sign_in: &SignIn,
    warnings: &mut Vec<String>,
) -> Result<OrganisationUser> {
    let last = latest(user.last_signed_in_at, at);
    let sign_in_id = user.sign_in_id.clone().or(id);
    organisation_users::record_sign_in(work.transaction, &user.id, last, sign_in_id.as_deref())?;
    let user = OrganisationUser { last_signed_in_at: Some(last), sign_in_id, ..user };
    let details = copy_names(sign_in, &organisation_user_answers::PERSON, user.details.clone(), warnings);
    let changes = details.changes_from(Some(&user.details));
    if changes.is_empty() {
        return Ok(user);
    }
    organisation_users::update(work.transaction, &user, &details, work.now)?;
    let renamed = OrganisationUser { details, updated_at: work.now, revision: user.revision + 1, ..user };
    record_renaming(work, Subject::from(&renamed), changes)?;
    Ok(renamed)
}

/// A sign-in that is told of late does not move the last one back.
fn latest(known: Option<Timestamp>, at: Timestamp) -> Timestamp {
    known.map_or(at, |known| known.max(at))
}

/// Records names that were copied: the actor only passed them on.
fn record_renaming(work: &mut Work<'_, '_>, subject: Subject, changes: Vec<FieldChange>) -> Result<()> {
    let actor = EntryActor { label: "sign-in".to_owned(), email: None, account: None };
    work.record_by(actor, Action::UserUpdated, subject, changes)
}

fn read(sign_in: &SignIn, now: Timestamp) -> Result<(Identity, Timestamp)> {
    let given = |typed: &Option<String>| typed.as_deref().map(trim_ends).filter(|text| !text.is_empty()).map(str::to_owned);
    let mut problems = Problems::default();
    let id = given(&sign_in.id).and_then(|id| problems.note(check_id(id)));
    let at = sign_in.at.as_deref().and_then(|typed| problems.note(check_time(typed, now))).unwrap_or(now);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let email = given(&sign_in.email).map(|email| email.to_ascii_lowercase());
    Ok((Identity { email, id }, at))
}

fn check_id(id: String) -> std::result::Result<String, Problem> {
    if has_refused_character(&id) {
        Err(Problem::with_user(Field::SignInId, Code::BadCharacters))
    } else if id.chars().count() > LONGEST_NAME {
        Err(Problem::with_user(Field::SignInId, Code::TooLong))
    } else {
        Ok(id)
    }
}

fn check_time(typed: &str, now: Timestamp) -> std::result::Result<Timestamp, Problem> {
    let at: Timestamp = typed.trim().parse().map_err(|_| Problem::with_user(Field::SignInTime, Code::BadFormat))?;
    let at = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at);
    if at > now.checked_add(CLOCK_DIFFERENCE).unwrap_or(now) {
        return Err(Problem::with_user(Field::SignInTime, Code::OutOfRange));
    }
    Ok(at)
}

fn find(work: &mut Work<'_, '_>, identity: &Identity) -> Result<SignedIn> {
    let (email, id) = (identity.email.as_deref(), identity.id.as_deref());
    let members = candidates(
        work.transaction,
        email,
        id,
        organisation_users::find_by_email,
        organisation_users::find_by_sign_in_id,
        organisation_users::email_was_deleted,
    )?;
    let mut users = candidates(work.transaction, email, id, users::find_by_email, users::find_by_sign_in_id, users::email_was_deleted)?;
    // Where only an id came, whoever it is known of as an organisation's user is also the support user
    // with that account's address.
    if let (None, Some(member)) = (email, &members.by_id) {
        users.by_email = users::find_by_email(work.transaction, member.details.email.as_str())?;
    }
    admit(identity, users, members).map_err(Error::sign_in_refused)
}

/// Looks an identity up among the accounts of one kind.
fn candidates<A>(
    transaction: &mut Transaction<'_>,
    email: Option<&str>,
    id: Option<&str>,
    by_email: fn(&mut Transaction<'_>, &str) -> Result<Option<A>>,
    by_id: fn(&mut Transaction<'_>, &str) -> Result<Option<A>>,
    was_deleted: fn(&mut Transaction<'_>, &str) -> Result<bool>,
) -> Result<Candidates<A>> {
    Ok(Candidates {
        by_id: id.map(|id| by_id(transaction, id)).transpose()?.flatten(),
        by_email: email.map(|email| by_email(transaction, email)).transpose()?.flatten(),
        email_was_deleted: email.map(|email| was_deleted(transaction, email)).transpose()?.unwrap_or(false),
    })
}

/// The names that came with the sign-in, where they are names; one that is not is told of and skipped,
/// because the person must get in all the same.
fn copy_names(sign_in: &SignIn, rules: &PersonRules, stored: PersonDetails, warnings: &mut Vec<String>) -> PersonDetails {
    let mut usable = |field: Field, typed: Option<&str>, stored: String| match typed.map(|typed| rules.check_name(field, typed)) {
        Some(Ok(name)) => name,
        Some(Err(problem)) => {
            warnings.push(format!("{} was not taken over: {}", problem.field.label(), problem.message));
            stored
        }
        None => stored,
    };
    PersonDetails {
        first_name: usable(Field::FirstName, sign_in.first_name.as_deref(), stored.first_name),
        last_name: usable(Field::LastName, sign_in.last_name.as_deref(), stored.last_name),
        email: stored.email,
    }
}
