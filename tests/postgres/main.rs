//! The same desk in a PostgreSQL database: the tests of `tests/cli` that are about the desk and not about
//! a file, and those of servers alone. Run by `tests/run`, or by `cargo test --test postgres` where
//! PostgreSQL is installed.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests act in the real world")]

// The servers, and the tests of them.
mod commits_in_doubt;
mod doctor;
mod durable;
mod faults_kills_at_servers;
mod fresh;
mod kept;
mod losses;
mod lost;
mod moves;
mod page;
mod pooled;
mod reaching;
mod roles;
mod secured;
mod server;
mod servers;
mod team;

// The faults of `tests/faults`.
#[path = "../faults/changes.rs"]
#[allow(dead_code, reason = "what only files are tested with")]
mod changes;
#[path = "../faults/how_often.rs"]
mod how_often;
#[path = "../faults/kills.rs"]
mod kills;

// How tests work.
#[path = "../cli/desk.rs"]
#[allow(dead_code, reason = "what only files are tested with")]
mod desk;
#[path = "../cli/invariants.rs"]
#[allow(dead_code, reason = "what only files are tested with")]
mod invariants;
#[path = "../cli/outside.rs"]
#[allow(dead_code, reason = "what only files are tested with")]
mod outside;
#[path = "../cli/postfix.rs"]
#[allow(dead_code, reason = "what only files are tested with")]
mod postfix;
#[path = "../cli/screen.rs"]
#[allow(dead_code, reason = "what only files are tested with")]
mod screen;
#[path = "../cli/scripted_smtp.rs"]
#[allow(dead_code, reason = "what only files are tested with")]
mod scripted_smtp;
#[path = "../cli/terminal.rs"]
#[allow(dead_code, reason = "what only files are tested with")]
mod terminal;

// Of a desk, wherever it is kept: those of `tests/cli/main.rs`.
#[path = "../cli/accessible.rs"]
mod accessible;
#[path = "../cli/activity.rs"]
mod activity;
#[path = "../cli/actor.rs"]
mod actor;
#[path = "../cli/api_client_actors.rs"]
mod api_client_actors;
#[path = "../cli/api_client_check.rs"]
mod api_client_check;
#[path = "../cli/api_client_journeys.rs"]
mod api_client_journeys;
#[path = "../cli/api_client_owners.rs"]
mod api_client_owners;
#[path = "../cli/api_client_tokens.rs"]
mod api_client_tokens;
#[path = "../cli/api_clients.rs"]
mod api_clients;
#[path = "../cli/api_clients_browsed.rs"]
mod api_clients_browsed;
#[path = "../cli/api_clients_changed.rs"]
mod api_clients_changed;
#[path = "../cli/concurrency.rs"]
mod concurrency;
#[path = "../cli/damaged_records.rs"]
mod damaged_records;
#[path = "../cli/desk_browsed.rs"]
mod desk_browsed;
#[path = "../cli/emails.rs"]
mod emails;
#[path = "../cli/formats.rs"]
mod formats;
#[path = "../cli/imports.rs"]
mod imports;
#[path = "../cli/journeys.rs"]
mod journeys;
#[path = "../cli/json_answers.rs"]
mod json_answers;
#[path = "../cli/json_api_clients.rs"]
mod json_api_clients;
#[path = "../cli/load.rs"]
mod load;
#[path = "../cli/long_imports.rs"]
mod long_imports;
#[path = "../cli/organisation_actors.rs"]
mod organisation_actors;
#[path = "../cli/organisation_races.rs"]
mod organisation_races;
#[path = "../cli/organisation_sign_in.rs"]
mod organisation_sign_in;
#[path = "../cli/organisation_users.rs"]
mod organisation_users;
#[path = "../cli/organisation_users_edit.rs"]
mod organisation_users_edit;
#[path = "../cli/organisations.rs"]
mod organisations;
#[path = "../cli/other_organisations.rs"]
mod other_organisations;
#[path = "../cli/search.rs"]
mod search;
#[path = "../cli/seed_000.rs"]
mod seed_000;
#[path = "../cli/seed_001.rs"]
mod seed_001;
#[path = "../cli/seed_002.rs"]
mod seed_002;
#[path = "../cli/seed_003.rs"]
mod seed_003;
#[path = "../cli/seed_004.rs"]
mod seed_004;
#[path = "../cli/sending.rs"]
mod sending;
#[path = "../cli/sign_in.rs"]
mod sign_in;
#[path = "../cli/smtp.rs"]
mod smtp;
#[path = "../cli/smtp_failures.rs"]
mod smtp_failures;
#[path = "../cli/typing.rs"]
mod typing;
#[path = "../cli/users_change.rs"]
mod users_change;
#[path = "../cli/users_list.rs"]
mod users_list;
#[path = "../cli/ways_out.rs"]
mod ways_out;
