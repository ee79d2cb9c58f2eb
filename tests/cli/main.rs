//! The real binary, as a person or a script runs it: cleared environment, fixed clock and ids,
//! exit code, standard output and standard error compared together.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests act in the real world")]

mod accessible;
mod activity;
mod actor;
mod configuration;
mod creation;
mod desk;
mod desk_browsed;
mod emails;
mod formats;
mod journeys;
mod picture;
mod readme;
mod screen;
mod seed_000;
mod seed_001;
mod service;
mod sign_in;
mod terminal;
mod typing;
mod users_change;
mod users_list;
mod ways_out;
mod whoami;
