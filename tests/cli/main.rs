//! The real binary, as a person or a script runs it: cleared environment, fixed clock and ids,
//! exit code, standard output and standard error compared together.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests act in the real world")]

// How tests work.
mod desk;
mod invariants;
#[allow(dead_code, reason = "what only the faults are tested with")]
mod kept;
mod outside;
mod postfix;
mod screen;
mod scripted_smtp;
mod terminal;

// Of a desk, wherever it is kept: `tests/postgres/main.rs` has these too. They never ask which database
// they have; what differs is in `kept.rs`.
mod accessible;
mod activity;
mod actor;
mod api_client_actors;
mod api_client_check;
mod api_client_journeys;
mod api_client_owners;
mod api_client_tokens;
mod api_clients;
mod api_clients_browsed;
mod api_clients_changed;
mod concurrency;
mod damaged_records;
mod desk_browsed;
mod emails;
mod formats;
mod imports;
mod journeys;
mod json_answers;
mod json_api_clients;
#[allow(dead_code, reason = "what only servers are tested with")]
mod load;
mod long_imports;
mod organisation_actors;
mod organisation_races;
mod organisation_sign_in;
mod organisation_users;
mod organisation_users_edit;
mod organisations;
mod other_organisations;
mod search;
mod seed_000;
mod seed_001;
mod seed_002;
mod seed_003;
mod seed_004;
mod sending;
mod sign_in;
mod smtp;
mod smtp_failures;
mod typing;
mod users_change;
mod users_list;
mod ways_out;

// Of a file, or of no database.
mod backup;
mod backup_under_load;
mod bad_input;
mod completion;
mod completion_in_shells;
mod configuration;
mod crash;
mod creation;
mod database_states;
mod doctor;
mod exports;
mod generated;
mod help_topics;
mod hints;
mod moving;
mod picture;
mod provisioning;
mod quiet_start;
mod readme;
mod release_build;
mod restore;
mod restore_crash;
mod restore_refused;
mod screens;
mod service;
mod shared_database;
mod smtp_settings;
mod whoami;
mod wrong_rows;
