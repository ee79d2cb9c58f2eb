//! Which file systems a database may lie on.

use std::path::Path;

use crate::error::{Error, Result};

/// SQLite’s write-ahead log needs memory that every writer shares: over a network it loses changes.
pub fn refuse_network(path: &Path) -> Result<()> {
    match network_of(path) {
        Some(name) => Err(Error::unavailable(format!("The database {} is on a network file system ({name})", path.display()))
            .hint("Nothing was changed. A SQLite file there can lose changes: keep it on a disk of this machine.")),
        None => Ok(()),
    }
}

/// The name of the network file system that a file lies on, or would lie on; nothing where it is none.
pub fn network_of(path: &Path) -> Option<&'static str> {
    let nearest = path.ancestors().find(|ancestor| ancestor.exists()).unwrap_or(Path::new("."));
    network_file_system(rustix::fs::statfs(nearest).ok()?.f_type)
}

/// The name of a network file system by its number in Linux’s `statfs(2)`.
#[allow(clippy::unreadable_literal, reason = "the numbers are written as the manual page writes them")]
fn network_file_system(number: rustix::fs::FsWord) -> Option<&'static str> {
    // The word's width and sign differ between machines; the numbers have 32 bits.
    match number as u32 {
        0x6969 => Some("NFS"),
        0x517B => Some("SMB"),
        0xFF534D42 => Some("CIFS"),
        0xFE534D42 => Some("SMB2"),
        0x01021997 => Some("9P"),
        0x5346414F => Some("AFS"),
        0x00C36400 => Some("Ceph"),
        0x0BD00BD0 => Some("Lustre"),
        0x47504653 => Some("GPFS"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::network_file_system;

    #[test]
    fn network_file_systems_are_told_from_a_disk() {
        assert_eq!(network_file_system(0x6969), Some("NFS"));
        assert_eq!(network_file_system(0xFF53_4D42_u32 as rustix::fs::FsWord), Some("CIFS"));
        // ext4 and tmpfs.
        assert_eq!(network_file_system(0xEF53), None);
        assert_eq!(network_file_system(0x0102_1994), None);
    }
}
