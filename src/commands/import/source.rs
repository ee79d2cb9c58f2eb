//! A file to import, which can be read from its beginning again.

use std::fs::File;
use std::io::{self, Read, Seek as _, Write as _};
use std::path::Path;

use super::stopped;
use crate::error::{Error, Result};
use crate::world::Patience;

const BUFFER: usize = 64 * 1024;
/// What stands for standard input.
const STANDARD_INPUT: &str = "-";

/// An open file.
pub struct Source {
    file: File,
    size: u64,
    /// Nobody can open it a second time.
    is_copy: bool,
}

impl Source {
    /// Opens a file. What can be read only once, like standard input, is written to a file without a
    /// name first, which is gone with the process.
    ///
    /// # Errors
    /// There is no such file, or it cannot be read.
    pub fn open(path: &Path, stdin: &mut dyn Read, patience: &Patience) -> Result<Self> {
        if path.as_os_str() == STANDARD_INPUT {
            return Self::spool(stdin, || patience.wait_for_standard_input());
        }
        // A named pipe opens when somebody writes to it.
        let opened = patience.asleep(|| File::open(path));
        let mut file = opened.map_err(|cause| unreadable(path, cause))?;
        let metadata = file.metadata().map_err(|cause| unreadable(path, cause))?;
        if metadata.is_dir() {
            return Err(Error::not_found(format!("{} is a directory, not a file", path.display()))
                .hint("Nothing was changed. Give the path of a file of comma-separated values, or - for standard input."));
        }
        if metadata.is_file() {
            return Ok(Self { file, size: metadata.len(), is_copy: false });
        }
        let waited_for = file.try_clone().map_err(|cause| unreadable(path, cause))?;
        Self::spool(&mut file, || patience.wait_to_read(&waited_for))
    }

    /// Copies what `waits` says can be read without waiting, until it says that somebody wants no more.
    fn spool(input: &mut dyn Read, waits: impl Fn() -> bool) -> Result<Self> {
        let failed = |cause: io::Error| {
            Error::unavailable("What was to be imported could not be read whole")
                .hint("Nothing was changed. Check that there is room for a copy in the directory for temporary files.")
                .caused_by(cause)
        };
        let mut file = tempfile::tempfile().map_err(failed)?;
        // No smaller than the buffer of standard input, in which nothing may be left unseen.
        let mut buffer = vec![0; BUFFER];
        let mut size = 0;
        loop {
            if !waits() {
                return Err(stopped());
            }
            match input.read(&mut buffer) {
                Ok(0) => return Ok(Self { file, size, is_copy: true }),
                Ok(read) => {
                    file.write_all(buffer.get(..read).unwrap_or_default()).map_err(failed)?;
                    size += read as u64;
                }
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => return Err(failed(cause)),
            }
        }
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether it came from where it can be read only once.
    pub fn is_copy(&self) -> bool {
        self.is_copy
    }

    /// Reads from the beginning.
    ///
    /// # Errors
    /// The disk.
    pub fn rewound(&self) -> Result<File> {
        let failed = |cause: io::Error| Error::unavailable("The file to import can no longer be read").caused_by(cause);
        let mut file = self.file.try_clone().map_err(failed)?;
        file.rewind().map_err(failed)?;
        Ok(file)
    }
}

fn unreadable(path: &Path, cause: io::Error) -> Error {
    let shown = path.display();
    if cause.kind() == io::ErrorKind::NotFound {
        return Error::not_found(format!("There is no file {shown}"))
            .hint("Nothing was changed. Check the path, or give - to read standard input.");
    }
    Error::unavailable(format!("The file {shown} cannot be read")).hint("Nothing was changed. Check that you may read it.").caused_by(cause)
}
