//! One user's details: what may change, and why the rest may not.

use super::{OpenDesk, Same, nothing_changed};
use crate::ask::{Checked, Choice, Reply};
use crate::commands::users::{delete, edit, journey};
use crate::domain::problem::Field;
use crate::domain::user::User;
use crate::domain::user_answers::UserAnswers;
use crate::domain::who::Who;
use crate::error::Result;
use crate::ops::desk::ChangeOptions;
use crate::ops::users;
use crate::output::details::{self, ShowId};
use crate::output::style::Style;

/// What can be done at one user.
#[derive(Clone, Copy)]
enum Step {
    Change(Field),
    Delete,
    Back,
}

impl OpenDesk<'_, '_> {
    /// One user's details, until the person goes back or the user is gone. Returns the banner for
    /// the list.
    pub(super) fn browse_user(&mut self, id: &str) -> Result<Option<String>> {
        let who = Who::new(id);
        let mut banner = String::new();
        loop {
            let (user, is_own) = users::show(self.desk, &who)?;
            self.say_details(&user, is_own, &banner)?;
            let (choices, steps) = self.user_choices(&user, is_own);
            let back = Some(steps.len().saturating_sub(1));
            let step = match self.prompter.choose("What do you want to do?", &choices, back, None)? {
                Reply::Given(Some(index)) => steps.get(index).copied().unwrap_or(Step::Back),
                _ => Step::Back,
            };
            let done = match step {
                Step::Back => return Ok(None),
                Step::Change(field) => self.change_field(&user, field),
                Step::Delete => match self.delete_user(&user) {
                    Ok(Some(deleted)) => return Ok(Some(deleted)),
                    Ok(None) => Ok(Some(nothing_changed())),
                    Err(error) => Err(error),
                },
            };
            banner = self.told(done)?;
        }
    }

    fn say_details(&mut self, user: &User, is_own: bool, banner: &str) -> Result<()> {
        let style = Style { columns: Some(self.prompter.columns()), ..self.session.printer.style().clone() };
        let page = details::for_people(user, self.session.view(self.desk), user.why_not_changeable(is_own).as_slice(), ShowId::Yes, &style);
        self.prompter.say(&format!("\n{banner}{page}\n"))
    }

    fn user_choices(&self, user: &User, is_own: bool) -> (Vec<Choice>, Vec<Step>) {
        let fields = if is_own { Vec::new() } else { user.changeable_fields(self.desk.kind.has_api_users()) };
        let mut entries: Vec<(Choice, Step)> =
            fields.iter().map(|field| (Choice::new(format!("Change: {}", field.label())), Step::Change(*field))).collect();
        if !is_own {
            entries.push((Choice::new("Delete user"), Step::Delete));
        }
        entries.push((Choice::new("Back to the list"), Step::Back));
        entries.into_iter().unzip()
    }

    fn change_field(&mut self, user: &User, field: Field) -> Result<Option<String>> {
        let options = ChangeOptions::default();
        let mut answers = UserAnswers::of(&user.details, self.desk.kind.has_api_users());
        let view = self.session.view(self.desk);
        let form = journey::Edit { user, fields: &[field], ask_all: true };
        let edited = loop {
            if journey::edit(self.prompter, self.desk, view, &form, &mut answers, &options)? == Checked::Cancel {
                return Ok(Some(nothing_changed()));
            }
            match users::edit(self.desk, &Who::new(&user.id), &answers, Some(user), &options) {
                // Somebody took the address while the answers were checked: it is asked for again.
                Err(error) if !error.problems.is_empty() => {}
                edited => break edited?,
            }
        };
        let same = Same { verb: "edit", who: Some(user.details.email.as_str()), flags: None };
        self.done(edited, edit::WORDS, &same).map(Some)
    }

    /// Nothing where the person thought better of it.
    fn delete_user(&mut self, user: &User) -> Result<Option<String>> {
        let mut options = ChangeOptions::default();
        if !journey::confirm_deletion(self.prompter, self.desk, user, &mut options)? {
            return Ok(None);
        }
        let deleted = users::delete(self.desk, &Who::new(&user.id), false, &options)?;
        let flags = Some(journey::deletion_flags(&options));
        let same = Same { verb: "delete", who: Some(user.details.email.as_str()), flags };
        self.done(deleted, delete::WORDS, &same).map(Some)
    }
}
