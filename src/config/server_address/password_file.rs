//! The password file of PostgreSQL’s clients: `HOST:PORT:DATABASE:USER:PASSWORD`, a line each.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::usual_socket_directory;
use crate::domain::database::{Host, ServerHost};
use crate::domain::secret::Secret;
use crate::error::{Error, Result};

/// No such file is longer; a larger one is something else.
const LARGEST: u64 = 1024 * 1024;
/// Group and others.
const EVERYBODY_ELSE: u32 = 0o077;

/// A password file that may be used.
pub struct PasswordFile {
    path: PathBuf,
    bytes: Vec<u8>,
}

/// The file that is named, or the one in the home directory where it is there.
///
/// # Errors
/// Unavailable: a file that is named is not there; others may read the file, so that PostgreSQL’s
/// clients would not use it, or it cannot be read.
pub fn find(named: Option<PathBuf>, home: Option<&Path>) -> Result<Option<PasswordFile>> {
    let named = named.filter(|path| !path.as_os_str().is_empty());
    let is_named = named.is_some();
    let Some(path) = named.or_else(|| home.map(|home| home.join(".pgpass"))) else { return Ok(None) };
    let shown = path.display();
    let unusable = |what: &str| Error::unavailable(format!("The password file {shown} {what}"));
    let metadata = match fs::metadata(&path) {
        Ok(metadata) => metadata,
        Err(cause) if !is_named && matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(cause) => {
            let error = unusable(&format!("cannot be read: {}", cause.kind()));
            return Err(error.hint("Nothing was changed. Correct PGPASSFILE or ‘passfile’, or leave it out.").caused_by(cause));
        }
    };
    if metadata.is_dir() {
        return Err(unusable("is a directory").hint("Nothing was changed. Name a file with PGPASSFILE or ‘passfile’."));
    }
    // Like /dev/null, by which somebody says that there is no such file.
    if !metadata.is_file() {
        return Ok(None);
    }
    if metadata.mode() & EVERYBODY_ELSE != 0 {
        return Err(unusable("can be used by others, so it is not used here")
            .hint(format!("Nothing was changed. Keep it to yourself: chmod 0600 {shown}")));
    }
    let mut bytes = Vec::new();
    let read = File::open(&path).and_then(|file| file.take(LARGEST).read_to_end(&mut bytes));
    read.map_err(|cause| {
        let error = unusable(&format!("cannot be read: {}", cause.kind()));
        error.hint("Nothing was changed. Make it readable for yourself, or give the password another way.").caused_by(cause)
    })?;
    Ok(Some(PasswordFile { path, bytes }))
}

impl PasswordFile {
    /// The password for all of these servers.
    ///
    /// # Errors
    /// Unavailable: they have different ones. None is sent to a server that it is not for.
    pub fn password(&self, hosts: &[ServerHost], database: &str, user: &str) -> Result<Option<Secret>> {
        let mut found = hosts.iter().map(|server| self.password_for(server, database, user));
        let first = found.next().flatten();
        let unusable = |what: &str| Error::unavailable(format!("The password file {} {what}", self.path.display()));
        if found.any(|other| other != first) {
            return Err(unusable("does not have the same password for every host of the database")
                .hint("Nothing was changed. Give each host a line, or one for all of them with * in place of the host."));
        }
        let Some(password) = first else { return Ok(None) };
        String::from_utf8(password)
            .map(|password| Some(Secret::new(password)))
            .map_err(|_| unusable("has a password that is not UTF-8 text").hint("Nothing was changed. Give the password another way."))
    }

    /// The first line that fits counts.
    fn password_for(&self, server: &ServerHost, database: &str, user: &str) -> Option<Vec<u8>> {
        let port = server.port.to_string();
        let host = match &server.host {
            Host::Network(name) => name.clone(),
            Host::Socket(directory) if *directory == usual_socket_directory() => "localhost".to_owned(),
            Host::Socket(directory) => directory.display().to_string(),
        };
        let wanted = [host.as_str(), &port, database, user];
        let lines = self.bytes.split(|byte| *byte == b'\n').filter(|line| !line.starts_with(b"#"));
        lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line)).find_map(|line| password_in(line, &wanted))
    }
}

/// The password of a line that is about this.
fn password_in(line: &[u8], wanted: &[&str; 4]) -> Option<Vec<u8>> {
    let rest = wanted.iter().try_fold(line, |rest, wanted| match rest.strip_prefix(b"*:") {
        Some(rest) => Some(rest),
        None => {
            let (field, rest) = field(rest);
            rest.filter(|_| field == wanted.as_bytes())
        }
    })?;
    Some(field(rest).0).filter(|password| !password.is_empty())
}

/// The text up to the next colon, without the backslashes before what is meant as it stands, and what is
/// behind the colon.
fn field(line: &[u8]) -> (Vec<u8>, Option<&[u8]>) {
    let mut text = Vec::new();
    let mut bytes = line.iter().copied().enumerate();
    while let Some((position, byte)) = bytes.next() {
        match byte {
            b':' => return (text, line.get(position + 1..)),
            b'\\' => text.push(bytes.next().map_or(byte, |(_, next)| next)),
            _ => text.push(byte),
        }
    }
    (text, None)
}
