//! The password for the mail server: never in an error, a log or anything else that is printed.

use std::fs::File;
use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::trouble::Trouble;
use crate::domain::mail_server::{NamedFile, PasswordSource};
use crate::domain::secret::Secret;
use crate::error::{Error, Result};

/// No password is longer; a larger file is something else.
const LONGEST: u64 = 64 * 1024;
/// How often a running command is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// A password that is known, or the command that will tell it.
#[derive(Clone)]
pub enum Password {
    Known(Secret),
    Command { command: Secret, place: String },
}

impl Password {
    /// Reads a file at once, so that a mistake is told before anything is changed. A command waits
    /// until the server asks: it may unlock something, or take its time.
    ///
    /// # Errors
    /// Unavailable: the file cannot be used.
    pub fn from_source(source: &PasswordSource) -> Result<Self> {
        Ok(match source {
            PasswordSource::Given(secret) => Self::Known(secret.clone()),
            PasswordSource::File(file) => Self::Known(read(file)?),
            PasswordSource::Command { command, place } => Self::Command { command: command.clone(), place: place.clone() },
        })
    }

    /// The password, at the latest after this time.
    ///
    /// # Errors
    /// The command failed, or was stopped.
    pub fn tell(&self, limit: Duration) -> std::result::Result<Secret, Trouble> {
        match self {
            Self::Known(secret) => Ok(secret.clone()),
            Self::Command { command, place } => run(command, limit).map_err(|what| {
                Trouble::server(
                    &format!("cannot be logged in to: {what} ({place})"),
                    "Run the command of ‘password_command’ yourself to see why.",
                )
            }),
        }
    }
}

fn read(file: &NamedFile) -> Result<Secret> {
    let wrong = |what: String| {
        Error::unavailable(format!("{}: the password file {} {what}", file.place, file.path.display()))
            .hint("Nothing was changed. Correct ‘password_file’, or give the password another way.")
    };
    let mut bytes = Vec::new();
    File::open(&file.path)
        .and_then(|opened| opened.take(LONGEST).read_to_end(&mut bytes))
        .map_err(|cause| wrong(format!("cannot be read: {}", cause.kind())).caused_by(cause))?;
    first_line(&bytes).ok_or_else(|| wrong("holds no password in its first line".to_owned()))
}

/// Runs the command without a terminal and without its errors, which may quote the password.
fn run(command: &Secret, limit: Duration) -> std::result::Result<Secret, String> {
    let mut child = Command::new("/bin/sh")
        .args(["-c", command.reveal()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|cause| format!("the password command could not be started: {}", cause.kind()))?;
    let status = wait(&mut child, limit)?;
    if !status.success() {
        return Err(format!("the password command failed ({status})"));
    }
    let mut bytes = Vec::new();
    let read = child.stdout.take().map(|stdout| stdout.take(LONGEST).read_to_end(&mut bytes));
    match read {
        Some(Ok(_)) => first_line(&bytes).ok_or_else(|| "the password command printed no password".to_owned()),
        _ => Err("what the password command printed could not be read".to_owned()),
    }
}

fn wait(child: &mut Child, limit: Duration) -> std::result::Result<std::process::ExitStatus, String> {
    let mut waited = Duration::ZERO;
    while waited < limit {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => thread::sleep(LOOK),
            Err(cause) => return Err(format!("the password command could not be waited for: {}", cause.kind())),
        }
        waited += LOOK;
    }
    // It may have ended between the last look and this; then there is nothing to stop.
    let _ = child.kill();
    let _ = child.wait();
    Err(format!("the password command took longer than {} seconds", limit.as_secs()))
}

fn first_line(bytes: &[u8]) -> Option<Secret> {
    let line = std::str::from_utf8(bytes).ok()?.lines().next()?;
    (!line.is_empty()).then(|| Secret::new(line))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{first_line, run};
    use crate::domain::secret::Secret;

    fn told(command: &str) -> Result<String, String> {
        run(&Secret::new(command), Duration::from_secs(10)).map(|secret| secret.reveal().to_owned())
    }

    #[test]
    fn the_first_line_is_the_password_with_its_spaces() {
        assert_eq!(first_line(b" pass word \r\nmore\n").unwrap().reveal(), " pass word ");
        for nothing in [&b""[..], b"\n", b"\nsecond", b"\xFF"] {
            assert_eq!(first_line(nothing), None);
        }
    }

    #[test]
    fn a_command_tells_the_password_and_never_why_it_failed() {
        assert_eq!(told("printf 'hunter2\\n'"), Ok("hunter2".to_owned()));
        assert_eq!(told("echo hunter2 >&2; exit 3"), Err("the password command failed (exit status: 3)".to_owned()));
        assert_eq!(told("true"), Err("the password command printed no password".to_owned()));
    }

    #[test]
    fn a_command_that_hangs_is_stopped() {
        let stopped = run(&Secret::new("exec sleep 600"), Duration::from_millis(50));
        assert_eq!(stopped, Err("the password command took longer than 0 seconds".to_owned()));
    }
}
