//! Nothing lost: every fault that a machine, a network or a person can bring about, each tried many times.
//! `tests/run` tries each a little; CONTRIBUTING.md says how to try all of them, which prints how often each
//! was tried. The kills of clients of a server are in `tests/postgres`, of which `kills` is a part too.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "tests act in the real world")]

mod changes;
mod faults_calls;
mod faults_kills_at_files;
mod faults_memory;
mod how_often;
mod kills;

// How tests work.
#[path = "../cli/desk.rs"]
#[allow(dead_code, reason = "what the tests of commands use")]
mod desk;
#[path = "../cli/kept.rs"]
#[allow(dead_code, reason = "what the tests of commands use")]
mod kept;
#[path = "../cli/outside.rs"]
#[allow(dead_code, reason = "what the tests of commands use")]
mod outside;
