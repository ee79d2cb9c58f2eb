//! A file that is there whole or not at all: it has no name until the last of it is written, so that
//! whatever ends the run leaves nothing behind.

use std::fs::{File, Metadata};
use std::io::{self, BufWriter, Read as _, Seek as _, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// What every file of SQLite begins with.
const SQLITE: &[u8; 15] = b"SQLite format 3";

/// A file in the making.
pub struct WholeFile {
    /// As it was given, for messages.
    path: PathBuf,
    /// What a person is told where it cannot be written.
    hint: &'static str,
    place: Place,
    file: BufWriter<File>,
    failed: Option<io::ErrorKind>,
}

enum Place {
    /// A file of this name is made, or replaced.
    File(PathBuf),
    /// A pipe or a device, which is written to.
    Device(PathBuf),
}

impl WholeFile {
    /// Begins a file that is to be at this path: where a link is, at what it leads to.
    ///
    /// # Errors
    /// There is no such directory, or nothing can be made in it; the same holds below.
    pub fn begin(path: &Path, hint: &'static str) -> Result<Self> {
        let failed = |cause| unwritable(path, hint, cause);
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let found = std::fs::metadata(&target).ok();
        if found.as_ref().is_some_and(Metadata::is_dir) {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        if is_database(&target) {
            return Err(Error::usage(format!("The file {} is a database", path.display())).hint("Nothing was changed. Give another path."));
        }
        let (place, file) = if found.is_none_or(|found| found.is_file()) {
            let file = tempfile::tempfile_in(directory(&target)).map_err(failed)?;
            (Place::File(target), file)
        } else {
            (Place::Device(target), tempfile::tempfile().map_err(failed)?)
        };
        Ok(Self { path: path.to_owned(), hint, place, file: BufWriter::new(file), failed: None })
    }

    /// Forgets what was written so far.
    pub fn begin_again(&mut self) -> Result<()> {
        let cleared = self.file.rewind().and_then(|()| self.file.get_ref().set_len(0));
        cleared.map_err(|cause| unwritable(&self.path, self.hint, cause))
    }

    /// Puts the file in its place, readable by its owner alone: it holds people.
    pub fn keep(mut self) -> Result<()> {
        self.put().map_err(|cause| unwritable(&self.path, self.hint, cause))
    }

    fn put(&mut self) -> io::Result<()> {
        self.file.rewind()?;
        let whole = self.file.get_mut();
        match &self.place {
            Place::Device(path) => io::copy(whole, &mut File::options().write(true).open(path)?).map(|_| ()),
            Place::File(path) => {
                let mut named = NamedTempFile::new_in(directory(path))?;
                io::copy(whole, named.as_file_mut())?;
                named.as_file().sync_all()?;
                named.persist(path)?;
                File::open(directory(path))?.sync_all()
            }
        }
    }

    /// An error that came up while this was written, in the words for this file if it was the cause.
    pub fn explained(&self, error: Error) -> Error {
        self.failed.map_or(error, |kind| unwritable(&self.path, self.hint, kind.into()))
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes).inspect_err(|error| self.failed = Some(error.kind()))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush().inspect_err(|error| self.failed = Some(error.kind()))
    }
}

/// Whoever names a database here means another file: in it is what nothing else has.
fn is_database(path: &Path) -> bool {
    let mut start = [0; SQLITE.len()];
    path.is_file() && File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start == *SQLITE
}

fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn unwritable(path: &Path, hint: &'static str, cause: io::Error) -> Error {
    Error::unavailable(format!("The file {} cannot be written", path.display())).hint(hint).caused_by(cause)
}
