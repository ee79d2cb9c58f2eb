//! Everything that is printed: for people as lists, details and messages, and for scripts in the
//! machine formats. It writes to what it is given and reads no clock, terminal or environment.

pub mod activity;
pub mod api_clients;
pub mod backup;
pub mod change;
pub mod checks;
mod counts;
pub mod dates;
pub mod delimited;
pub mod details;
pub mod emails;
pub mod fields;
pub mod flow;
pub mod format;
pub mod import;
pub mod json;
pub mod list;
pub mod machine;
pub mod moving;
pub mod organisation_users;
pub mod organisations;
pub mod pairs;
pub mod printer;
pub mod problems;
pub mod progress;
pub mod record;
pub mod safe_text;
#[cfg(test)]
mod samples;
pub mod service;
pub mod services;
pub mod sign_in;
pub mod style;
pub mod table;
pub mod token_check;
pub mod users;
pub mod who_am_i;
