//! The service's own users: the list, and one user's details with what may change and why the rest may
//! not.

use super::list::Shelf;
use super::record::{Done, Start};
use super::{OpenDesk, nothing_changed};
use crate::commands::users::{add, delete, edit, list};
use crate::domain::answers::Answers;
use crate::domain::page::Listing;
use crate::domain::problem::Field;
use crate::domain::search::Search;
use crate::domain::user::User;
use crate::domain::user_filter::UserFilter;
use crate::domain::who::Who;
use crate::error::Result;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::paging::Paging;
use crate::ops::users;
use crate::output::table::Column;

/// The list of everybody.
struct Users {
    has_status: bool,
}

impl Shelf for Users {
    type Row = User;

    fn question(&self) -> &'static str {
        "Choose a user, or what to do"
    }

    fn heading(&self) -> &'static str {
        "Users"
    }

    fn nobody(&self, search: Option<&Search>) -> String {
        list::nobody(search, false)
    }

    fn find_question(&self) -> Option<&'static str> {
        Some("Name or email address, or part of one")
    }

    fn listing(&self, desk: &mut Desk, search: Option<&Search>, paging: Paging) -> Result<Listing<User>> {
        users::list(desk, &UserFilter { search: search.cloned(), ..UserFilter::default() }, paging)
    }

    fn columns(&self) -> Vec<Column> {
        let mut columns = vec![Column::text(""), Column::whole("")];
        columns.extend(self.has_status.then_some(Column::text("")));
        columns
    }

    fn cells(&self, user: &User) -> Vec<String> {
        let mut cells = vec![user.details.person.full_name(), user.details.person.email.to_string()];
        cells.extend(self.has_status.then(|| user.status().to_owned()));
        cells
    }

    fn id<'row>(&self, user: &'row User) -> &'row str {
        &user.id
    }

    fn is_there(&self, desk: &mut Desk, user: &User) -> Result<bool> {
        users::exists(desk, &Who::exactly(user))
    }

    fn open(&self, desk: &mut OpenDesk<'_, '_>, user: &User) -> Result<Option<String>> {
        desk.browse_user(user)
    }

    fn add_label(&self) -> Option<&'static str> {
        Some("Add user")
    }

    fn add(&self, desk: &mut OpenDesk<'_, '_>) -> Result<Option<String>> {
        let options = ChangeOptions::default();
        let view = desk.session.view(desk.desk);
        let added = add::ask(desk.prompter, desk.desk, view, &mut Answers::default(), false, &options)?;
        Ok(Some(desk.done(added, add::WORDS, |added, desk| add::same(added, desk, &options))))
    }
}

/// What can be done at one user.
#[derive(Clone, Copy)]
enum Step {
    Change(Field),
    Delete,
}

impl OpenDesk<'_, '_> {
    /// Shows the list of users until the person leaves.
    pub(super) fn browse_users(&mut self, leave: &str) -> Result<()> {
        self.browse_list(&Users { has_status: self.desk.kind.has_api_users() }, leave)
    }

    fn browse_user(&mut self, listed: &User) -> Result<Option<String>> {
        let who = Who::exactly(listed);
        let shown = |desk: &mut Self, banner: &str| {
            let (user, is_own) = users::show(desk.desk, &who)?;
            desk.say_details(&user, user.why_not_changeable(is_own).as_slice(), banner)?;
            let steps = if is_own { Vec::new() } else { desk.steps(&user) };
            Ok((user, steps))
        };
        self.at_record(Start::Back, shown, |desk, user, step| {
            Ok(match step {
                Step::Change(field) => Done::Stay(desk.change_user(user, field)),
                Step::Delete => desk.delete_user(user),
            })
        })
    }

    fn steps(&self, user: &User) -> Vec<(String, Step)> {
        let fields = user.changeable_fields(self.desk.kind.has_api_users());
        let changes = fields.into_iter().map(|field| (format!("Change: {}", field.label()), Step::Change(field)));
        changes.chain([("Delete user".to_owned(), Step::Delete)]).collect()
    }

    fn change_user(&mut self, user: &User, field: Field) -> Result<Option<String>> {
        let options = ChangeOptions::default();
        let view = self.session.view(self.desk);
        let form = edit::Edit { user, fields: &[field], ask_all: true };
        let edited = edit::ask(self.prompter, self.desk, view, form, &mut Answers::default(), &options)?;
        Ok(Some(self.done(edited, edit::WORDS, |edited, desk| edit::same(edited, user, desk, &options))))
    }

    fn delete_user(&mut self, user: &User) -> Done {
        let mut options = ChangeOptions::default();
        match delete::ask(self.prompter, self.desk, user, &mut options) {
            Ok(None) => Done::Stay(Ok(Some(nothing_changed()))),
            Ok(deleted) => Done::Gone(self.done(deleted, delete::WORDS, |_deleted, _desk| delete::same(user, &options))),
            Err(error) => Done::Stay(Err(error)),
        }
    }
}
