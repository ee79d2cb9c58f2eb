//! `frontdesk emails resend`: sign-in details once more.

use crate::cli::EmailsResend;
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::domain::who::Who;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::desk::ChangeOptions;
use crate::ops::emails::{self, Resent};

pub fn run(arguments: &EmailsResend, session: &mut Session<'_>) -> Result<Exit> {
    let dry_run = arguments.trial.dry_run;
    let mut desk = session.change(dry_run)?;
    let options = ChangeOptions { dry_run, ..ChangeOptions::default() };
    let resent = emails::resend(&mut desk, &Who::new(&arguments.who), arguments.kind, &options)?;
    let words = Words { banner: "User updated", unchanged: "New sign-in details were composed. The user was not changed." };
    match resent {
        Resent::User(outcome) => session.finish_change(&mut desk, outcome, words, false),
        Resent::OrganisationUser(outcome) => session.finish_change(&mut desk, outcome, words, false),
    }
}
