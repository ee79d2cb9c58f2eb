//! `frontdesk users exists`: answers with the exit code alone.

use crate::cli::UsersExists;
use crate::commands::Session;
use crate::domain::who::Who;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::users;

pub fn run(arguments: &UsersExists, session: &mut Session<'_>) -> Result<Exit> {
    let exists = users::exists(&mut session.look()?, &Who::new(&arguments.who))?;
    Ok(if exists { Exit::Done } else { Exit::NotFound })
}
