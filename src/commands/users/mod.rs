//! `frontdesk users`.

pub mod add;
pub mod browse;
pub mod delete;
pub mod edit;
pub mod exists;
mod journey;
pub mod list;
pub mod show;
