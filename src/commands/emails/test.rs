//! `frontdesk emails test`: whether emails leave, and how.

use crate::cli::EmailsTest;
use crate::commands::Session;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::delivery::{self, Tested};

pub fn run(arguments: &EmailsTest, session: &mut Session<'_>) -> Result<Exit> {
    let mut desk = session.deliver()?;
    match delivery::test(&mut desk, &arguments.address)? {
        Tested::Sent { server } => {
            session.printer.success(&format!("The mail server {server} took a test email to {}", arguments.address))?
        }
        Tested::Files { directory } => session
            .printer
            .note(&format!("No mail server is configured, so nothing was sent: emails are written to {}", directory.display()))?,
    }
    Ok(Exit::Done)
}
