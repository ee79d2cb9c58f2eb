//! The start of the desk: what there is to work on.

use super::OpenDesk;
use crate::ask::{Choice, Reply};
use crate::error::Result;
use crate::ops::service;
use crate::output::flow;
use crate::output::safe_text::safe_text;

const USERS: usize = 0;
const ORGANISATIONS: usize = 1;
const API_CLIENTS: usize = 2;

impl OpenDesk<'_, '_> {
    /// Offers users, organisations and API clients until the person leaves; an organisation's own people
    /// have only their organisations, and API users only their API clients.
    pub(super) fn browse_start(&mut self) -> Result<()> {
        let actor = service::whoami(self.desk)?;
        if actor.may_administer().is_err() {
            let is_api_user = actor.may_use_api_clients().is_ok();
            return if is_api_user { self.browse_api_clients("Leave") } else { self.browse_organisations("Leave") };
        }
        let service = service::show(self.desk)?;
        let environment = service.environment();
        let name = if environment == "production" { service.name().to_owned() } else { format!("{} ({environment})", service.name()) };
        let choices = ["Users", "Organisations", "API clients", "Leave"].map(Choice::new);
        let mut selected = USERS;
        loop {
            self.prompter.say(&format!("\n{}\n", flow::text(&safe_text(&name), Some(self.prompter.columns()))))?;
            match self.prompter.choose("What do you want to work on?", &choices, Some(selected), None)? {
                Reply::Given(Some(USERS)) => {
                    selected = USERS;
                    self.browse_users("Back")?;
                }
                Reply::Given(Some(ORGANISATIONS)) => {
                    selected = ORGANISATIONS;
                    self.browse_organisations("Back")?;
                }
                Reply::Given(Some(API_CLIENTS)) => {
                    selected = API_CLIENTS;
                    self.browse_api_clients("Back")?;
                }
                Reply::Given(None) => {}
                Reply::Given(Some(_)) | Reply::Back => return Ok(()),
            }
        }
    }
}
