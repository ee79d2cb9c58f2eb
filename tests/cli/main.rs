//! The real binary, as a person or a script runs it: cleared environment, fixed clock and ids,
//! exit code, standard output and standard error compared together.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests act in the real world")]

mod creation;
mod desk;
mod outside;
mod postfix;
mod readme;
mod scripted_smtp;
mod smtp;
mod smtp_failures;
mod smtp_settings;
