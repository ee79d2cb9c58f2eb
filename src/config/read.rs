//! Reading the configuration file as text, whatever may lie at its path.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use crate::error::{Error, Result};

/// No configuration is longer; a larger file is something else.
const LARGEST: u64 = 1024 * 1024;

/// The text of the file, without a byte-order mark; nothing when there is no such file.
///
/// # Errors
/// It is there and cannot be used, and why.
pub fn read(path: &Path) -> Result<Option<String>> {
    let shown = path.display();
    let mut bytes = Vec::new();
    if let Err(cause) = read_bytes(path, &mut bytes) {
        return match cause.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(None),
            io::ErrorKind::IsADirectory => Err(unusable(format!("The configuration file {shown} is a directory"))),
            kind => Err(unusable(format!("The configuration file {shown} cannot be read: {kind}")).caused_by(cause)),
        };
    }
    if bytes.len() as u64 > LARGEST {
        return Err(unusable(format!("The configuration file {shown} is larger than 1 MiB")));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))),
        Err(error) => {
            let line = line_and_column(error.as_bytes(), error.utf8_error().valid_up_to()).0;
            Err(unusable(format!("Configuration file {shown}, line {line}: this is not UTF-8 text")))
        }
    }
}

fn read_bytes(path: &Path, bytes: &mut Vec<u8>) -> io::Result<()> {
    // One byte more than is allowed tells a file that is too large from one that just fits.
    File::open(path)?.take(LARGEST + 1).read_to_end(bytes).map(drop)
}

fn unusable(message: String) -> Error {
    Error::unavailable(message).hint("Mend the file or move it away, or name another one with FRONTDESK_CONFIG.")
}

/// The line and the column, in characters and counted from 1, of a place in a text.
pub fn line_and_column(text: &[u8], offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let last_line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    (line, String::from_utf8_lossy(last_line).chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{LARGEST, read};

    #[test]
    fn what_is_not_a_file_of_text_is_refused_with_the_reason() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("config.toml");
        let shown = path.display().to_string();
        assert_eq!(read(&path).unwrap(), None);

        fs::create_dir(&path).unwrap();
        assert_eq!(read(&path).unwrap_err().message, format!("The configuration file {shown} is a directory"));
        fs::remove_dir(&path).unwrap();

        fs::write(&path, b"service = \"claim\"\nactor = \"\xFF\"\n").unwrap();
        assert_eq!(read(&path).unwrap_err().message, format!("Configuration file {shown}, line 2: this is not UTF-8 text"));

        fs::write(&path, vec![b' '; LARGEST as usize + 1]).unwrap();
        assert_eq!(read(&path).unwrap_err().message, format!("The configuration file {shown} is larger than 1 MiB"));

        fs::write(&path, "\u{FEFF}service = \"claim\"\r\n").unwrap();
        assert_eq!(read(&path).unwrap().unwrap(), "service = \"claim\"\r\n");
    }

    #[cfg(unix)]
    #[test]
    fn a_loop_of_links_is_an_error_and_not_a_missing_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("config.toml");
        std::os::unix::fs::symlink(&path, &path).unwrap();
        let message = read(&path).unwrap_err().message;
        assert!(message.starts_with(&format!("The configuration file {} cannot be read: ", path.display())), "{message}");
    }
}
