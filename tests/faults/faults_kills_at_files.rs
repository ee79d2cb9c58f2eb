//! `kill -9` of what changes a desk in a file.

use crate::changes::{Case, EVERYWHERE, rows_of_file};
use crate::desk::files_in;
use crate::kills::kill_all;

/// What only a file can be asked for.
const FILES: [Case; 2] = [
    Case { files: &["copy.db"], ..Case::of("backup copy.db") },
    Case {
        prepare: |desk| {
            desk.done(&["backup", "copy.db"]);
            desk.add("Late", "Comer", "late@education.gov.uk");
        },
        once_done: |desk, before| {
            let kept = files_in(&desk.data()).into_iter().filter(|path| path.to_str().unwrap().contains(".db.before-restore-"));
            assert!(kept.into_iter().any(|path| rows_of_file(&path) == before), "the desk as it was is not kept");
        },
        ..Case::of("restore copy.db --yes")
    },
];

#[test]
fn a_command_that_is_killed_at_any_moment_has_done_all_of_it_or_nothing() {
    kill_all(&EVERYWHERE.iter().chain(&FILES).collect::<Vec<_>>(), 100, 10_000);
}
