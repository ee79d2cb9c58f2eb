//! The server of a desk is lost in the middle of everything: what was reported done is there, and what was
//! reported failed is not. The load is that of `tests/cli/load.rs`.

use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::desk::Desk;
use crate::durable::{Durable, Pair};
use crate::invariants::assert_whole;
use crate::kept::Kept;
use crate::load::Load;
use crate::server::{has_programs, wait_for};

/// So many changes are done before the server is lost, and again before the next loss.
const CHANGES: u64 = 12;

/// A desk at a server of its own.
fn desk_at(address: String) -> Desk {
    Desk::kept_as(None, |data| Kept::at(address, "register", data))
}

/// Waits until changes were done since there were so many.
fn wait_for_changes(load: &Load, since: u64) {
    wait_for("more changes", || load.done() >= since + CHANGES);
}

#[test]
fn a_server_that_is_killed_again_and_again_under_load_has_what_was_reported_done_and_nothing_else() {
    if !has_programs() {
        return;
    }
    let mut durable = Durable::start();
    let desk = desk_at(durable.address());
    let mut kills = 0;
    let figures = Load::put(&desk, |load| {
        while kills < 2 || load.has_time() {
            wait_for_changes(load, load.done());
            durable.kill();
            durable.start_again();
            kills += 1;
        }
        // It works again.
        wait_for_changes(load, load.done());
    });
    println!("The server was killed {kills} times: {figures}");
}

#[test]
fn a_standby_that_takes_over_under_load_has_what_was_reported_done_and_no_email_twice() {
    if !has_programs() {
        return;
    }
    let pair = Pair::start();
    let desk = desk_at(pair.address());
    let figures = Load::put(&desk, |load| {
        wait_for_changes(load, load.done());
        pair.kill_primary();
        pair.promote_standby();
        wait_for_changes(load, load.done());
    });
    println!("The primary was killed once, and its standby took over: {figures}");
}

/// The number of those whose commit is stored here, and who wait for another server to have it.
const UNANSWERED: &str = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";

/// Begins to add somebody, with ids that nobody else has.
fn begin_to_add(desk: &Desk, first_name: &str, email: &str) -> Child {
    let words = ["users", "add", "--last-name=Abel", "--api-user=no", "--format=ids", "--first-name", first_name, "--email", email];
    let mut command = desk.command(&words);
    command.env_remove("FRONTDESK_TEST_IDS").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The id of whoever was added.
fn added(child: Child) -> String {
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// Stops a process, or lets it go on.
fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_raw(child.id().try_into().unwrap()).unwrap(), signal).unwrap();
}

#[test]
fn a_change_that_was_stored_and_whose_answer_was_lost_with_the_server_is_done_once() {
    if !has_programs() {
        return;
    }
    let mut durable = Durable::start();
    let desk = desk_at(durable.address());
    durable.configure("synchronous_standby_names = 'nobody'\n");
    durable.server.execute("SELECT pg_reload_conf()");
    let unanswered = begin_to_add(&desk, "Ann", "ann@education.gov.uk");
    durable.server.wait_until(UNANSWERED, "1");
    durable.kill();
    durable.configure("synchronous_standby_names = ''\n");
    durable.start_again();
    let id = added(unanswered);
    assert_eq!(assert_whole(&desk.kept), [id]);
}

#[test]
fn a_change_that_was_lost_with_the_primary_is_not_taken_for_the_next_one_by_the_same_number() {
    if !has_programs() {
        return;
    }
    let mut pair = Pair::start();
    let desk = desk_at(pair.address());
    // It is stored at the primary alone, which therefore does not answer.
    pair.kill_standby();
    let lost = begin_to_add(&desk, "Ann", "ann@education.gov.uk");
    pair.primary.wait_until(UNANSWERED, "1");
    let number = "SELECT pg_snapshot_xmin(pg_current_snapshot())";
    let stored_as = pair.primary.text("postgres", number);
    signal(&lost, Signal::STOP);
    pair.kill_primary();
    pair.start_standby_again();
    pair.promote_standby();
    // The other one knows nothing of it, and gives its number to somebody else.
    assert_eq!(pair.standby.text("postgres", number), stored_as);
    let next = added(begin_to_add(&desk, "Bob", "bob@education.gov.uk"));
    assert_eq!(pair.standby.text("postgres", &format!("SELECT pg_xact_status('{stored_as}')")), "committed");

    signal(&lost, Signal::CONT);
    let mut done = [added(lost), next];
    done.sort();
    assert_eq!(assert_whole(&desk.kept), done);
}
