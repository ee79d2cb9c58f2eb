//! Emails: composed from a notice, turned into messages, and handed to a mail server, or written to
//! files where there is none.

pub mod compose;
#[cfg(test)]
mod examples;
pub mod files;
pub mod message;
pub mod outbox;
mod smtp;
pub mod transport;
