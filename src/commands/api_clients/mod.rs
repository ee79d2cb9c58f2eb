//! `frontdesk api-clients`: what users of the service let programs act with.

pub mod add;
pub mod check;
pub mod delete;
pub mod edit;
pub mod list;
pub mod revoke;
pub mod show;
