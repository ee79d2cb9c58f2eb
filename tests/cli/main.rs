//! The real binary, as a person or a script runs it: cleared environment, fixed clock and ids,
//! exit code, standard output and standard error compared together.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests act in the real world")]

mod accessible;
mod activity;
mod actor;
mod bad_input;
mod concurrency;
mod configuration;
mod crash;
mod creation;
mod database_states;
mod desk;
mod desk_browsed;
mod emails;
mod formats;
mod invariants;
mod journeys;
mod organisation_actors;
mod organisation_races;
mod organisation_sign_in;
mod organisation_users;
mod organisation_users_edit;
mod organisations;
mod other_organisations;
mod outside;
mod picture;
mod postfix;
mod quiet_start;
mod readme;
mod release_build;
mod screen;
mod scripted_smtp;
mod seed_000;
mod seed_001;
mod seed_002;
mod seed_003;
mod seed_004;
mod sending;
mod service;
mod sign_in;
mod smtp;
mod smtp_failures;
mod smtp_settings;
mod terminal;
mod typing;
mod users_change;
mod users_list;
mod ways_out;
mod whoami;
