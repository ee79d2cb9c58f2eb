//! `frontdesk service`.

pub mod list;
pub mod set;
pub mod show;
