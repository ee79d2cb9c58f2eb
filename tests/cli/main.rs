//! The real binary, as a person or a script runs it: cleared environment, fixed clock and ids,
//! exit code, standard output and standard error compared together.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests act in the real world")]

mod bad_input;
mod concurrency;
mod crash;
mod creation;
mod database_states;
mod desk;
mod invariants;
mod outside;
mod quiet_start;
mod release_build;
