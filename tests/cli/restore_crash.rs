//! `kill -9` in the middle of `backup` and `restore`: the backup is there whole or not at all, and the desk is
//! the old one or the new one.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;

use crate::backup::desk_with_ann;
use crate::crash::CHANGING_CALLS;
use crate::desk::{Desk, files_in};
use crate::kept::Kept;
use crate::outside::may_trace;
use crate::restore::{desk_with_backup, kept, without_entry};

/// A page is written like the next one: of those calls some are enough.
const PAGES: (&str, usize) = ("pwrite64", 19);

/// Runs a command again and again, killed before one call after another that changes the disk; gives how often.
/// `check` is done after each, and makes everything what it was before.
fn kill_everywhere(desk: &Desk, arguments: &[&str], check: impl Fn(&str)) -> usize {
    let mut kills = 0;
    for call in CHANGING_CALLS {
        let step = if call == PAGES.0 { PAGES.1 } else { 1 };
        for nth in (1..).step_by(step) {
            let inject = format!("inject={call}:signal=KILL:when={nth}");
            let tracer = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &inject, "--"];
            let status = desk.command_behind(&tracer, arguments).output().unwrap().status;
            let is_killed = status.signal() == Some(9) || status.code() == Some(128 + 9);
            assert!(status.success() || is_killed, "{inject}: {status:?}");
            check(&inject);
            if status.success() {
                break;
            }
            kills += 1;
        }
    }
    kills
}

/// Removes whatever begins so in a directory; gives whether there was something.
fn remove(directory: &Path, start: &str) -> bool {
    let is_meant = |path: &Path| path.file_name().unwrap().to_str().unwrap().starts_with(start);
    let found: Vec<_> = files_in(directory).into_iter().filter(|path| is_meant(path)).collect();
    found.iter().for_each(|path| fs::remove_file(path).unwrap());
    !found.is_empty()
}

#[test]
fn a_backup_killed_before_any_call_is_whole_or_not_there() {
    if !may_trace() {
        return;
    }
    let desk = desk_with_ann();
    let rows = desk.rows();
    let copy = desk.path("copy.db");
    let kills = kill_everywhere(&desk, &["backup", "copy.db"], |inject| {
        if copy.exists() {
            let kept = Kept::at(copy.clone());
            kept.assert_sound();
            assert_eq!(kept.rows(), rows, "{inject}");
            fs::remove_file(&copy).unwrap();
        }
        remove(&desk.path(""), ".frontdesk-new-");
        assert_eq!(desk.rows(), rows, "{inject}");
    });
    assert!(kills > 30, "only {kills} kills");
}

#[test]
fn a_restoration_killed_before_any_call_leaves_the_old_desk_or_the_new_one() {
    if !may_trace() {
        return;
    }
    let desk = desk_with_backup();
    let (old, whole, new) = (desk.rows(), fs::read(desk.database()).unwrap(), Kept::at(desk.path("copy.db")).rows());
    let kills = kill_everywhere(&desk, &["restore", "copy.db", "--yes"], |inject| {
        let rows = desk.rows();
        desk.kept.assert_sound();
        if rows != old {
            assert_eq!((without_entry(rows), Kept::at(kept(&desk)).rows()), (new.clone(), old.clone()), "{inject}");
            remove(&desk.data(), "register.db");
            fs::write(desk.database(), &whole).unwrap();
        }
        remove(&desk.data(), "register.db.before-restore");
        remove(&desk.data(), ".frontdesk-new-");
    });
    assert!(kills > 60, "only {kills} kills");
}

#[test]
fn a_restoration_in_place_of_nothing_or_of_what_is_damaged_is_whole_or_not_made() {
    if !may_trace() {
        return;
    }
    let desk = desk_with_backup();
    let new = Kept::at(desk.path("copy.db")).rows();
    for damaged in [None, Some("no database at all")] {
        let reset = || {
            remove(&desk.data(), "register.db");
            remove(&desk.data(), ".frontdesk-new-");
            damaged.iter().for_each(|text| fs::write(desk.database(), text).unwrap());
        };
        reset();
        let kills = kill_everywhere(&desk, &["restore", "copy.db", "--yes"], |inject| {
            let is_as_before = fs::read(desk.database()).ok().as_deref() == damaged.map(str::as_bytes);
            assert!(is_as_before || without_entry(desk.rows()) == new, "{inject}");
            // Until the new one is there, the next try finds nothing in its way.
            if is_as_before {
                assert_eq!(desk.line("restore copy.db --yes --quiet").code, 0, "{inject}");
                assert_eq!(without_entry(desk.rows()), new, "{inject}");
            }
            reset();
        });
        assert!(kills > 30, "only {kills} kills");
    }
}
