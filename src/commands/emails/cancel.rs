//! `frontdesk emails cancel`.

use crate::cli::EmailsCancel;
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::desk::ChangeOptions;
use crate::ops::emails;

pub fn run(arguments: &EmailsCancel, session: &mut Session<'_>) -> Result<Exit> {
    let dry_run = arguments.trial.dry_run;
    let mut desk = session.change_without_email(dry_run)?;
    let cancelled = emails::cancel(&mut desk, &arguments.id, &ChangeOptions { dry_run, ..ChangeOptions::default() })?;
    let words = Words { banner: "Email cancelled", unchanged: "This email is cancelled already. Nothing was changed." };
    session.finish_change(&mut desk, cancelled, words, false)
}
