//! The real binary, as a person or a script runs it: cleared environment, fixed clock and ids,
//! exit code, standard output and standard error compared together.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests act in the real world")]

mod activity;
mod actor;
mod configuration;
mod creation;
mod desk;
mod emails;
mod readme;
mod service;
mod sign_in;
mod whoami;
