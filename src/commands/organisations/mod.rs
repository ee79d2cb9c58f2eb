//! `frontdesk org`: organisations.

pub mod add;
pub mod delete;
pub mod edit;
pub mod list;
pub mod show;
