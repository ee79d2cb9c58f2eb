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
    session.printer.show(&user, session.view(&desk), &notes(&user, is_own))?;
    Ok(Exit::Done)
}

/// Why some of the details may not be changed.
pub fn notes(user: &User, is_own: bool) -> Vec<&'static str> {
    if is_own {
        vec!["This is your own account: you cannot change or delete it."]
    } else if user.has_signed_in() {
        vec!["The first name, last name and email address cannot be changed: the account is tied to the user’s DfE Sign-in account."]
    } else {
        Vec::new()
    }
}
