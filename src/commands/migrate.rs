//! `frontdesk migrate`: the tables of this version.

use super::Session;
use crate::error::Result;
use crate::exit::Exit;
use crate::ops::migrate::{Migrated, migrate};

pub fn run(session: &mut Session<'_>) -> Result<Exit> {
    match migrate(&session.location(), &session.wanted())? {
        Migrated { from: None, to } => session.printer.success(&format!("Database set up with schema {to}"))?,
        Migrated { from: Some(from), to } if from == to => {
            session.printer.note(&format!("The database has schema {to} already. Nothing was changed."))?;
        }
        Migrated { from: Some(from), to } => session.printer.success(&format!("Database brought from schema {from} to {to}"))?,
    }
    Ok(Exit::Done)
}
