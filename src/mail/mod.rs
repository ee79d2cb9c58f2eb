//! Emails: composed from a notice, turned into messages, and written to files where there is no
//! mail server.

pub mod compose;
#[cfg(test)]
mod examples;
pub mod files;
pub mod message;
pub mod outbox;
