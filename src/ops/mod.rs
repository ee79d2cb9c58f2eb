//! The use cases, one file each noun: check the actor, ask the rules, do everything in one
//! transaction, return what came of it. A dry run is the same code rolled back.

pub mod activity;
pub mod api_clients;
pub mod backup;
mod clerk;
mod conflict;
pub mod delivery;
pub mod desk;
pub mod doctor;
pub mod emails;
mod guards;
pub mod import;
pub mod migrate;
pub mod moving;
pub mod organisation_users;
pub mod organisations;
pub mod paging;
pub mod restore;
pub mod sending;
pub mod service;
pub mod sign_in;
pub mod users;
mod work;
