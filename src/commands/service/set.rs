//! `frontdesk service set`.

use crate::cli::ServiceSet;
use crate::commands::Session;
use crate::commands::finish::Words;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::desk::ChangeOptions;
use crate::ops::service;

pub fn run(arguments: &ServiceSet, session: &mut Session<'_>) -> Result<Exit> {
    let dry_run = arguments.trial.dry_run;
    let mut desk = session.change_without_email(dry_run)?;
    let options = ChangeOptions { dry_run, ..ChangeOptions::default() };
    let set = service::set(&mut desk, arguments.setting, &arguments.value, &options)?;
    let words = Words { banner: "Service updated", unchanged: "The service is set like this already. Nothing was changed." };
    session.finish_change(&mut desk, set, words, false)
}
