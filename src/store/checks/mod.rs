//! Looking at the health of a database: facts alone. What they mean, and what to do, is said elsewhere.

pub mod files;
pub mod postgres;
pub mod records;
pub mod sqlite;

pub use super::open::{AsItIs, as_it_is};
pub use super::postgres::is_gone;
pub use super::service::{Stamped, stamped, stored_settings};
