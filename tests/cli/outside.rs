//! What some tests need from outside the package: other programs, and another person.

use std::io::Write as _;

/// Whether a program is installed. Where it is not, the test that asks is left out: it says so
/// itself and returns. Where nothing may be left out (`CI=true`), it fails.
pub fn needs(program: &str) -> bool {
    let directories = std::env::var_os("PATH").unwrap_or_default();
    let is_there = std::env::split_paths(&directories).any(|directory| directory.join(program).is_file());
    is_there || leave_out(program)
}

/// Leaves the running test out for want of something. Always false, for `needs` and its like.
pub fn leave_out(what: &str) -> bool {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let line = format!("left out: {test} needs {what}\n");
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{line}");
    // Not by `eprint!`, which is only shown of tests that fail.
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    if let Some(list) = std::env::var_os("FRONTDESK_LEFT_OUT") {
        std::fs::OpenOptions::new().append(true).create(true).open(list).unwrap().write_all(line.as_bytes()).unwrap();
    }
    false
}
