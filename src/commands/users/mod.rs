//! `frontdesk users`.

pub mod add;
pub mod delete;
pub mod edit;
pub mod exists;
pub mod list;
pub mod show;
