//! Emails as files: where no mail server is configured, each email becomes an `.eml` file that any
//! mail program opens.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Writes a message as `EMAIL-ID.eml` and returns the file's path. The file is there whole or not
/// at all, and only its owner can read it; one of the same name is replaced, because a delivery
/// that is tried again is the same email. A missing directory is made, for its owner alone.
///
/// # Errors
/// Unavailable, when the directory cannot be written to; it says that the email stays queued, which
/// is for the caller to see to.
pub fn write_email(directory: &Path, email_id: &str, message: &[u8]) -> Result<PathBuf> {
    // The id is part of a path: one that somebody edited must not lead out of the directory.
    if email_id.is_empty() || !email_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(Error::unavailable("An email cannot be written to a file: its id is not in the correct format")
            .hint("The email stays queued. Another program may have changed it: restore the database from a backup."));
    }
    let path = directory.join(format!("{email_id}.eml"));
    write_whole(directory, &path, message).map_err(|cause| not_written(directory, email_id, cause))?;
    Ok(path)
}

/// Writes beside the file and renames, so that a reader or a crash never meets half of it.
fn write_whole(directory: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    // Temporary files are made with mode 0600, and deleted when something fails below.
    let mut file = tempfile::Builder::new().prefix(".email-").suffix(".tmp").tempfile_in(directory)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|failure| failure.error)?;
    // Without this a power cut could take the new name away after the email counts as sent.
    File::open(directory)?.sync_all()
}

fn not_written(directory: &Path, email_id: &str, cause: io::Error) -> Error {
    let (why, what_to_do) = match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ("the disk is full", "Make room on the disk"),
        io::ErrorKind::PermissionDenied => ("you do not have permission", "Ask its owner to let you write to it"),
        io::ErrorKind::ReadOnlyFilesystem => ("the disk is read only", "Make the disk writable"),
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => ("it is not a directory", "Move the file that is in its place"),
        io::ErrorKind::IsADirectory => ("a directory has the name of the email’s file", "Move that directory"),
        _ => ("the disk reported an error", "Check the disk"),
    };
    Error::unavailable(format!("An email could not be written to {}: {why}", directory.display()))
        .hint(format!("The email stays queued. {what_to_do}, then run: frontdesk emails retry {email_id}"))
        .caused_by(cause)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{Error as IoError, ErrorKind};
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::{Path, PathBuf};

    use mailparse::{MailHeaderMap as _, parse_mail};

    use super::not_written;
    use crate::domain::notice::{Email, Notice};
    use crate::error::Result;
    use crate::mail::{examples, message};

    const FILE_NAME: &str = "0193b5e1-0000-7000-8000-000000000002.eml";

    fn removal() -> Email {
        examples::email(Notice::Removal, &examples::user("Ann", "Abel"))
    }

    fn write_email(directory: &Path, email: &Email) -> Result<PathBuf> {
        super::write_email(directory, &email.id, &message::to_bytes(email, None)?)
    }

    fn names_in(directory: &Path) -> Vec<String> {
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn an_email_becomes_a_file_for_its_owner_alone() {
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("data/emails");
        let path = write_email(&directory, &removal()).unwrap();
        assert_eq!(path, directory.join(FILE_NAME));
        assert_eq!((mode(&directory), mode(&path)), (0o700, 0o600));
        assert_eq!(names_in(&directory), [FILE_NAME]);
        let bytes = fs::read(&path).unwrap();
        let message = parse_mail(&bytes).unwrap();
        assert_eq!(message.headers.get_first_value("Subject").unwrap(), "You have been removed from Register of training providers");
        assert_eq!(message.get_body().unwrap(), removal().text().replace('\n', "\r\n"));
    }

    #[test]
    fn the_same_email_replaces_its_file_and_another_does_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(FILE_NAME);
        fs::write(&path, "half of an em").unwrap();
        let other = Email { id: "0193b5e1-0000-7000-8000-000000000003".to_owned(), ..removal() };
        write_email(directory.path(), &other).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "half of an em");
        write_email(directory.path(), &removal()).unwrap();
        let bytes = fs::read(&path).unwrap();
        assert_eq!(parse_mail(&bytes).unwrap().get_body().unwrap(), removal().text().replace('\n', "\r\n"));
        assert_eq!(mode(&path), 0o600);
        assert_eq!(names_in(directory.path()).len(), 2);
    }

    #[test]
    fn a_file_in_place_of_the_directory_is_told() {
        let parent = tempfile::tempdir().unwrap();
        let file = parent.path().join("emails");
        fs::write(&file, "notes").unwrap();
        for directory in [file.clone(), file.join("inner")] {
            let error = write_email(&directory, &removal()).unwrap_err();
            assert_eq!(error.message, format!("An email could not be written to {}: it is not a directory", directory.display()));
            assert_eq!(
                error.hint.as_deref(),
                Some(
                    "The email stays queued. Move the file that is in its place, then run: \
                     frontdesk emails retry 0193b5e1-0000-7000-8000-000000000002"
                )
            );
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), "notes");
    }

    #[test]
    fn a_failure_leaves_nothing_half_written() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join(FILE_NAME)).unwrap();
        let error = write_email(directory.path(), &removal()).unwrap_err();
        assert!(error.message.ends_with(": a directory has the name of the email’s file"), "{}", error.message);
        assert_eq!(names_in(directory.path()), [FILE_NAME]);
    }

    #[test]
    fn an_edited_id_does_not_lead_out_of_the_directory() {
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("emails");
        let message_id = "An email cannot be sent: its Message-ID is not in the correct format";
        let file_name = "An email cannot be written to a file: its id is not in the correct format";
        for (id, why) in [
            ("../evil", message_id),
            ("/tmp/evil", message_id),
            ("", message_id),
            ("a\0b", message_id),
            (".", file_name),
            ("..", file_name),
        ] {
            let error = write_email(&directory, &Email { id: id.to_owned(), ..removal() }).unwrap_err();
            assert_eq!(error.message, why);
        }
        assert_eq!(names_in(parent.path()), [""; 0]);
    }

    #[test]
    fn each_cause_has_its_words() {
        for (kind, why, what_to_do) in [
            (ErrorKind::StorageFull, "the disk is full", "Make room on the disk"),
            (ErrorKind::PermissionDenied, "you do not have permission", "Ask its owner to let you write to it"),
            (ErrorKind::ReadOnlyFilesystem, "the disk is read only", "Make the disk writable"),
            (ErrorKind::Other, "the disk reported an error", "Check the disk"),
        ] {
            let error = not_written(Path::new("/data/emails"), "0193", IoError::from(kind));
            assert_eq!(error.message, format!("An email could not be written to /data/emails: {why}"));
            assert_eq!(error.hint, Some(format!("The email stays queued. {what_to_do}, then run: frontdesk emails retry 0193")));
            assert!(error.cause.is_some());
        }
    }
}
