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
    let mut notes = Vec::new();
    if is_own {
        notes.push("This is your own account: you cannot change or delete it.");
    } else if user.has_signed_in() {
        notes.push("The first name, last name and email address cannot be changed: the account is tied to the user’s DfE Sign-in account.");
    }
    session.printer.show(&user, session.view(&desk), &notes)?;
    Ok(Exit::Done)
}
