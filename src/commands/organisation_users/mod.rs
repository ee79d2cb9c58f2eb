//! `frontdesk org`: the users of organisations.

pub mod add;
pub mod edit;
pub mod has;
pub mod list;
pub mod remove;
pub mod show;
