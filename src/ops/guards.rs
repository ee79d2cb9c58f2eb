//! Guards against the irreversible, checked inside the transaction of the change, so that two
//! commands cannot slip past together.

use jiff::SignedDuration;

use super::desk::{ChangeOptions, Work};
use crate::domain::refusal::Refusal;
use crate::domain::service::{Service, Setting};
use crate::domain::user::User;
use crate::error::Result;
use crate::store::{activity, users};

const DELETION_WINDOW: SignedDuration = SignedDuration::from_mins(3);

/// An environment that was named must be this one, whether it had to be named or not.
pub fn check_environment(service: &Service, options: &ChangeOptions) -> Result<()> {
    match options.environment.as_deref() {
        Some(named) if named != service.environment() => Err(Refusal::other_environment(service.environment(), named).into()),
        _ => Ok(()),
    }
}

/// On a protected service the environment must be named, for a dry run too: a script that rehearses must
/// meet what the change will meet. Only where a person will be asked for it is it not yet missing.
pub fn check_protected(work: &Work<'_, '_>, options: &ChangeOptions) -> Result<()> {
    match work.service.protected_environment() {
        Some(environment) if options.environment.is_none() && !options.asks_environment => Err(Refusal::protected(environment).into()),
        _ => Ok(()),
    }
}

/// Enough other active users must remain once this one is deleted or deactivated.
pub fn check_minimum_active_users(work: &mut Work<'_, '_>, user: &User) -> Result<()> {
    let minimum = work.service.number(Setting::MinimumActiveUsers);
    if minimum == 0 {
        return Ok(());
    }
    let others = users::count_other_active(work.transaction, &user.id, minimum)?;
    if others < minimum { Err(Refusal::minimum_active_users(minimum, others).into()) } else { Ok(()) }
}

/// One actor may delete only so many people within three minutes.
pub fn check_deletions(work: &mut Work<'_, '_>) -> Result<()> {
    let limit = work.service.number(Setting::DeletesPerThreeMinutes);
    if limit == 0 {
        return Ok(());
    }
    let since = work.now.checked_sub(DELETION_WINDOW).unwrap_or(work.now);
    let deletions = activity::count_deletions(work.transaction, work.clerk.actor(), since)?;
    if deletions >= limit { Err(Refusal::too_many_deletes(limit).into()) } else { Ok(()) }
}
