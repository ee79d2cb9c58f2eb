//! `kill -9` of what changes a desk at a server.

use crate::changes::EVERYWHERE;
use crate::kills::kill_all;

#[test]
fn a_command_that_is_killed_at_any_moment_has_done_all_of_it_or_nothing() {
    kill_all(&EVERYWHERE.iter().collect::<Vec<_>>(), 40, 2_000);
}
