//! `frontdesk sign-in`: what the service calls after DfE Sign-in.

use crate::cli::{IdentityArguments, SignInCheck, SignInRecord};
use crate::commands::Session;
use crate::domain::sign_in::Admission;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::desk::Desk;
use crate::ops::sign_in::{self, SignIn};

pub fn record(arguments: &SignInRecord, session: &mut Session<'_>) -> Result<Exit> {
    let sign_in = SignIn {
        at: arguments.at.clone(),
        first_name: arguments.first_name.clone(),
        last_name: arguments.last_name.clone(),
        ..identity(&arguments.identity)
    };
    let mut desk = session.change_without_email(false)?;
    let admission = sign_in::record(&mut desk, &sign_in)?;
    tell(session, &desk, &admission).map_err(Error::after_the_change)?;
    Ok(Exit::Done)
}

fn tell(session: &mut Session<'_>, desk: &Desk, admission: &Admission) -> Result<()> {
    session.tell_of_desk(desk)?;
    session.printer.sign_in(admission)?;
    session.printer.flush()
}

pub fn check(arguments: &SignInCheck, session: &mut Session<'_>) -> Result<Exit> {
    let admission = sign_in::check(&mut session.look()?, &identity(&arguments.identity))?;
    session.printer.sign_in(&admission)?;
    Ok(Exit::Done)
}

fn identity(arguments: &IdentityArguments) -> SignIn {
    SignIn { email: arguments.email.clone(), id: arguments.id.clone(), ..SignIn::default() }
}
