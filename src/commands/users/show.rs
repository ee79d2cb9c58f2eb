//! `frontdesk users show` (seeds 000, “User details”).

use crate::cli::UsersShow;
use crate::commands::Session;
use crate::domain::user::User;
use crate::domain::who::Who;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::users;

pub fn run(arguments: &UsersShow, session: &mut Session<'_>) -> Result<Exit> {
    session.choose_fields::<User>(&arguments.format)?;
    let mut desk = session.look()?;
    let (user, is_own) = users::show(&mut desk, &Who::new(&arguments.who))?;
    session.printer.show(&user, session.view(&desk), user.why_not_changeable(is_own).as_slice())?;
    Ok(Exit::Done)
}
