//! The server of a desk is lost in the middle of everything: what was reported done is there, and what was
//! reported failed is not.

use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::desk::Desk;
use crate::durable::Pair;
use crate::invariants::assert_whole;
use crate::kept::Kept;
use crate::server::has_programs;

/// A desk at a server of its own.
fn desk_at(address: String) -> Desk {
    Desk::kept_as(None, |data| Kept::at(address, "register", data))
}

/// Stops a process, or lets it go on.
fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_raw(child.id().try_into().unwrap()).unwrap(), signal).unwrap();
}

#[test]
fn a_change_that_was_lost_with_the_primary_is_not_taken_for_the_next_one_by_the_same_number() {
    if !has_programs() {
        return;
    }
    let mut pair = Pair::start();
    let desk = desk_at(pair.address());
    let add = |first_name: &str, email: &str| {
        let mut command = desk.command(&[
            "users",
            "add",
            "--first-name",
            first_name,
            "--last-name=Abel",
            "--api-user=no",
            "--format=ids",
            "--email",
            email,
        ]);
        command.env_remove("FRONTDESK_TEST_IDS").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    // It is stored at the primary alone, which therefore does not answer.
    pair.kill_standby();
    let lost = add("Ann", "ann@education.gov.uk");
    pair.primary.wait_until("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'", "1");
    let number = "SELECT pg_snapshot_xmin(pg_current_snapshot())";
    let stored_as = pair.primary.text("postgres", number);
    signal(&lost, Signal::STOP);
    pair.kill_primary();
    pair.start_standby_again();
    pair.promote_standby();
    // What the other one knows nothing of it does again by the same number, for somebody else.
    assert_eq!(pair.standby.text("postgres", number), stored_as);
    let next = add("Bob", "bob@education.gov.uk").wait_with_output().unwrap();
    assert_eq!(next.status.code(), Some(0), "{next:?}");
    assert_eq!(pair.standby.text("postgres", &format!("SELECT pg_xact_status('{stored_as}')")), "committed");

    signal(&lost, Signal::CONT);
    let done = lost.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(0), "{done:?}");
    let printed = [done, next].map(|output| String::from_utf8(output.stdout).unwrap().trim_end().to_owned());
    let mut there = assert_whole(&desk.kept);
    there.sort_by_key(|id| printed.iter().position(|printed| printed == id));
    assert_eq!(there, printed);
}
