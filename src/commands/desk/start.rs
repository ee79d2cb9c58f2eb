//! The start of the desk: what there is to work on.

use super::OpenDesk;
use crate::ask::{Choice, Reply};
use crate::error::Result;
use crate::ops::service;
use crate::output::flow;
use crate::output::safe_text::safe_text;

const USERS: usize = 0;
const ORGANISATIONS: usize = 1;

impl OpenDesk<'_, '_> {
    /// Offers users and organisations until the person leaves; an organisation's own people have only
    /// their organisations.
    pub(super) fn browse_start(&mut self) -> Result<()> {
        if service::whoami(self.desk)?.may_administer().is_err() {
            return self.browse_organisations("Leave");
        }
        let service = service::show(self.desk)?;
        let environment = service.environment();
        let name = if environment == "production" { service.name().to_owned() } else { format!("{} ({environment})", service.name()) };
        let choices = ["Users", "Organisations", "Leave"].map(Choice::new);
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
                Reply::Given(None) => {}
                Reply::Given(Some(_)) | Reply::Back => return Ok(()),
            }
        }
    }
}
