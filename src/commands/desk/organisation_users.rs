//! An organisation's users: the list, and one user with what may change, and their removal.

use super::list::Shelf;
use super::record::{Done, Start};
use super::{OpenDesk, nothing_changed};
use crate::commands::organisation_users::{add, edit, list, remove};
use crate::domain::answers::Answers;
use crate::domain::organisation::{OrganisationReference, WhichOrganisation};
use crate::domain::organisation_user::{OrganisationUser, why_not_changeable};
use crate::domain::page::Listing;
use crate::domain::person::PERSON_FIELDS;
use crate::domain::problem::Field;
use crate::domain::search::Search;
use crate::domain::who::Who;
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::organisation_users::{self, Shown};
use crate::ops::paging::Paging;
use crate::output::table::Column;

/// The list of one organisation's users.
struct Members {
    organisation: OrganisationReference,
}

impl Members {
    fn which(&self) -> WhichOrganisation {
        WhichOrganisation::exactly(&self.organisation)
    }
}

impl Shelf for Members {
    type Row = OrganisationUser;

    fn question(&self) -> &'static str {
        "Choose a user, or what to do"
    }

    fn heading(&self) -> &'static str {
        "Users"
    }

    fn owner(&self) -> Option<&str> {
        Some(&self.organisation.name)
    }

    fn nobody(&self, search: Option<&Search>) -> String {
        list::nobody(&self.organisation.name, search, false)
    }

    fn find_question(&self) -> Option<&'static str> {
        Some("Name or email address, or part of one")
    }

    fn listing(&self, desk: &mut Desk, search: Option<&Search>, paging: Paging) -> Result<Listing<OrganisationUser>> {
        Ok(organisation_users::list(desk, &self.which(), None, search, paging)?.1)
    }

    fn columns(&self) -> Vec<Column> {
        vec![Column::text(""), Column::whole("")]
    }

    fn cells(&self, user: &OrganisationUser) -> Vec<String> {
        vec![user.details.full_name(), user.details.email.to_string()]
    }

    fn id<'row>(&self, user: &'row OrganisationUser) -> &'row str {
        &user.id
    }

    fn is_there(&self, desk: &mut Desk, user: &OrganisationUser) -> Result<bool> {
        organisation_users::has(desk, &self.which(), &Who::exactly(user))
    }

    fn open(&self, desk: &mut OpenDesk<'_, '_>, user: &OrganisationUser) -> Result<Option<String>> {
        desk.browse_organisation_user(&self.which(), user)
    }

    fn add_label(&self) -> Option<&'static str> {
        Some("Add user")
    }

    fn add(&self, desk: &mut OpenDesk<'_, '_>) -> Result<Option<String>> {
        let options = ChangeOptions::default();
        let mut answers = Answers::default();
        let view = desk.session.view(desk.desk);
        let added = add::ask(desk.prompter, desk.desk, view, &self.organisation, &mut answers, false, &options)?;
        Ok(Some(desk.done(added, add::WORDS, |added, _desk| add::same(added, &self.organisation, &answers, &options))))
    }
}

/// What can be done at one user.
#[derive(Clone, Copy)]
enum Step {
    Change(Field),
    Remove,
}

impl OpenDesk<'_, '_> {
    /// Shows an organisation's users until the person goes back to the organisation.
    pub(super) fn browse_organisation_users(&mut self, organisation: &OrganisationReference) -> Result<()> {
        self.browse_list(&Members { organisation: organisation.clone() }, "Back to the organisation")
    }

    fn browse_organisation_user(&mut self, which: &WhichOrganisation, listed: &OrganisationUser) -> Result<Option<String>> {
        let who = Who::exactly(listed);
        let shown = |desk: &mut Self, banner: &str| {
            let shown = organisation_users::show(desk.desk, which, &who)?;
            desk.say_details(&shown.user, &why_not_changeable(shown.editing), banner)?;
            let fields = PERSON_FIELDS.into_iter().filter(|_| shown.editing.is_ok());
            let changes = fields.map(|field| (format!("Change: {}", field.label()), Step::Change(field)));
            let steps = changes.chain((!shown.is_own).then(|| ("Remove user".to_owned(), Step::Remove))).collect();
            Ok((shown, steps))
        };
        self.at_record(Start::Back, shown, |desk, shown, step| {
            Ok(match step {
                Step::Change(field) => Done::Stay(desk.change_organisation_user(shown, field)),
                Step::Remove => desk.remove_organisation_user(shown),
            })
        })
    }

    fn change_organisation_user(&mut self, shown: &Shown, field: Field) -> Result<Option<String>> {
        let options = ChangeOptions::default();
        let organisation = shown.organisation.reference();
        let view = self.session.view(self.desk);
        let form = edit::Edit { shown, fields: &[field], ask_all: true };
        let edited = edit::ask(self.prompter, self.desk, view, form, &mut Answers::default(), &options)?;
        Ok(Some(self.done(edited, edit::WORDS, |edited, _desk| edit::same(edited, &shown.user, &organisation, &options))))
    }

    fn remove_organisation_user(&mut self, shown: &Shown) -> Done {
        let mut options = ChangeOptions::default();
        let organisation = shown.organisation.reference();
        match remove::ask(self.prompter, self.desk, &shown.user, &organisation, &mut options) {
            Ok(None) => Done::Stay(Ok(Some(nothing_changed()))),
            Ok(removed) => {
                Done::Gone(self.done(removed, remove::WORDS, |_removed, _desk| remove::same(&shown.user, &organisation, &options)))
            }
            Err(error) => Done::Stay(Err(error)),
        }
    }
}
