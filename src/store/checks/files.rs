//! The files of a SQLite database, and who else may use them.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

pub use crate::store::file_system::network_of;

/// A file or directory that is there, and its mode: the last nine bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mode {
    pub path: PathBuf,
    pub bits: u32,
}

/// The mode of what is at a path; nothing where nothing is, or where one may not look.
pub fn mode_of(path: &Path) -> Option<Mode> {
    let bits = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    Some(Mode { path: path.to_owned(), bits })
}

/// A database and what SQLite keeps beside it, as far as they are there.
pub fn modes_of_database(path: &Path) -> Vec<Mode> {
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        mode_of(Path::new(&name))
    };
    ["", "-wal", "-shm", "-journal"].into_iter().filter_map(beside).collect()
}

/// The directory that a database is in.
pub fn mode_of_directory(path: &Path) -> Option<Mode> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    mode_of(directory)
}
