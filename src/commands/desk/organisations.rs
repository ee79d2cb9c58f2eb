//! Organisations: the list, and one organisation with its users and what may change.

use super::list::Shelf;
use super::record::{Done, Start};
use super::{OpenDesk, nothing_changed};
use crate::commands::organisations::{add, delete, edit, list};
use crate::domain::answers::Answers;
use crate::domain::count::thousands;
use crate::domain::organisation::{Organisation, WhichOrganisation};
use crate::domain::page::Listing;
use crate::domain::search::Search;
use crate::error::{ErrorKind, Result};
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::paging::Paging;
use crate::ops::{organisations, service};
use crate::output::table::Column;

/// The list of the organisations that the actor may know of.
struct Organisations {
    /// The actor may add, rename and delete them.
    may_change: bool,
}

impl Shelf for Organisations {
    type Row = Organisation;

    fn question(&self) -> &'static str {
        "Choose an organisation, or what to do"
    }

    fn heading(&self) -> &'static str {
        "Organisations"
    }

    fn nobody(&self, search: Option<&Search>) -> String {
        list::nobody(search)
    }

    fn find_question(&self) -> Option<&'static str> {
        Some("Name or code, or part of one")
    }

    fn listing(&self, desk: &mut Desk, search: Option<&Search>, paging: Paging) -> Result<Listing<Organisation>> {
        organisations::list(desk, search, paging)
    }

    fn columns(&self) -> Vec<Column> {
        vec![Column::text(""), Column::whole(""), Column::text("")]
    }

    fn cells(&self, organisation: &Organisation) -> Vec<String> {
        let users = if organisation.users == 1 { "1 user".to_owned() } else { format!("{} users", thousands(organisation.users)) };
        vec![organisation.details.name.clone(), organisation.details.code.clone(), users]
    }

    fn id<'row>(&self, organisation: &'row Organisation) -> &'row str {
        &organisation.id
    }

    fn is_there(&self, desk: &mut Desk, organisation: &Organisation) -> Result<bool> {
        match organisations::show(desk, &WhichOrganisation::exactly(&organisation.reference())) {
            Err(error) if error.kind == ErrorKind::NotFound => Ok(false),
            shown => shown.map(|_| true),
        }
    }

    fn open(&self, desk: &mut OpenDesk<'_, '_>, organisation: &Organisation) -> Result<Option<String>> {
        desk.browse_organisation(organisation, self.may_change)
    }

    fn add_label(&self) -> Option<&'static str> {
        self.may_change.then_some("Add organisation")
    }

    fn add(&self, desk: &mut OpenDesk<'_, '_>) -> Result<Option<String>> {
        let options = ChangeOptions::default();
        let view = desk.session.view(desk.desk);
        let added = add::ask(desk.prompter, desk.desk, view, &mut Answers::default(), &options)?;
        Ok(Some(desk.done(added, add::WORDS, |added, _desk| add::same(added, &options))))
    }
}

/// What can be done at one organisation.
#[derive(Clone, Copy)]
enum Step {
    Users,
    Rename,
    Delete,
}

impl OpenDesk<'_, '_> {
    /// Shows the list of organisations until the person leaves.
    pub(super) fn browse_organisations(&mut self, leave: &str) -> Result<()> {
        let may_change = service::whoami(self.desk)?.may_administer().is_ok();
        self.browse_list(&Organisations { may_change }, leave)
    }

    fn browse_organisation(&mut self, listed: &Organisation, may_change: bool) -> Result<Option<String>> {
        let which = WhichOrganisation::exactly(&listed.reference());
        let shown = |desk: &mut Self, banner: &str| {
            let organisation = organisations::show(desk.desk, &which)?;
            desk.say_details(&organisation, &[], banner)?;
            let users = ("Users", Step::Users);
            let changes = [("Change: Organisation name", Step::Rename), ("Delete organisation", Step::Delete)];
            let steps = [users].into_iter().chain(changes.into_iter().filter(|_| may_change));
            Ok((organisation, steps.map(|(label, step)| (label.to_owned(), step)).collect()))
        };
        self.at_record(Start::First, shown, |desk, organisation, step| {
            Ok(match step {
                Step::Users => Done::Stay(desk.browse_organisation_users(&organisation.reference()).map(|()| None)),
                Step::Rename => Done::Stay(desk.rename_organisation(organisation)),
                Step::Delete => desk.delete_organisation(organisation),
            })
        })
    }

    fn rename_organisation(&mut self, organisation: &Organisation) -> Result<Option<String>> {
        let options = ChangeOptions::default();
        let view = self.session.view(self.desk);
        let edited = edit::ask(self.prompter, self.desk, view, organisation, true, &mut Answers::default(), &options)?;
        Ok(Some(self.done(edited, edit::WORDS, |edited, _desk| edit::same(edited, organisation, &options))))
    }

    fn delete_organisation(&mut self, organisation: &Organisation) -> Done {
        let mut options = ChangeOptions::default();
        match delete::ask(self.prompter, self.desk, organisation, &mut options) {
            Ok(None) => Done::Stay(Ok(Some(nothing_changed()))),
            Ok(deleted) => Done::Gone(self.done(deleted, delete::WORDS, |_deleted, _desk| delete::same(organisation, &options))),
            Err(error) => Done::Stay(Err(error)),
        }
    }
}
