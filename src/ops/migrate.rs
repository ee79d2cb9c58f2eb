//! Bringing a database to the schema of this version. A file comes to it by itself with the first
//! command that opens it; what a team shares only when its owner says so.

use super::desk::{Location, Wanted};
use crate::error::Result;
use crate::store::open;
pub use crate::store::open::Migrated;

/// Brings the database up to date, or sets an empty one up.
///
/// # Errors
/// It cannot be opened, is another program's or a newer version's, or may not be changed.
pub fn migrate(location: &Location, wanted: &Wanted) -> Result<Migrated> {
    open::bring_up_to_date(location, wanted)
}
