//! The list of users, a page at a time.

use super::{OpenDesk, Same, nothing_changed};
use crate::ask::{Checked, Choice, Reply};
use crate::commands::users::{add, journey};
use crate::domain::page::{Listing, PastTheEnd};
use crate::domain::user::User;
use crate::domain::user_answers::UserAnswers;
use crate::domain::user_filter::UserFilter;
use crate::domain::who::Who;
use crate::error::Result;
use crate::ops::desk::ChangeOptions;
use crate::ops::paging::Paging;
use crate::ops::users;
use crate::output::list::thousands;
use crate::output::safe_text::safe_text;
use crate::output::style::Layout;
use crate::output::table::{self, Column};

/// What stands before a choice on the screen.
const MARK: u16 = 3;

/// What can be done at the list.
#[derive(Clone, Copy)]
enum Step {
    Open(usize),
    NextPage,
    PreviousPage,
    Add,
    Leave,
}

/// Where the cursor starts in the list.
enum Place {
    First,
    At(usize),
    /// At this user, if they are on the page.
    User(String),
}

impl OpenDesk<'_, '_> {
    /// Shows the list until the person leaves.
    pub(super) fn browse_list(&mut self) -> Result<()> {
        let mut page = 1;
        let mut opened = Place::First;
        let mut banner = String::new();
        loop {
            let paging = Paging { all: false, page: Some(page), per_page: None, past_the_end: PastTheEnd::LastPage };
            let listing = users::list(self.desk, UserFilter::default(), paging)?;
            page = listing.page.number;
            self.prompter.say(&page_of(&listing, &banner))?;
            banner.clear();
            let (choices, steps) = self.list_choices(&listing);
            let selection = match &opened {
                Place::First => Some(0),
                Place::At(index) => Some((*index).min(steps.len().saturating_sub(1))),
                // Nobody, where they moved to another page: Enter must not open somebody else.
                Place::User(id) => listing.rows.iter().position(|user| user.id == *id),
            };
            let step = match self.prompter.choose("Choose a user, or what to do", &choices, selection, None)? {
                Reply::Given(Some(index)) => steps.get(index).copied().unwrap_or(Step::Leave),
                Reply::Given(None) => continue,
                // Back from a later page is the page before it.
                Reply::Back if page > 1 => Step::PreviousPage,
                Reply::Back => Step::Leave,
            };
            opened = Place::First;
            match step {
                Step::Leave => return Ok(()),
                Step::NextPage => page += 1,
                Step::PreviousPage => page -= 1,
                Step::Add => {
                    let added = self.add_user();
                    banner = self.told(added)?;
                }
                Step::Open(index) => {
                    if let Some(user) = listing.rows.get(index) {
                        let left = self.browse_user(&user.id);
                        banner = self.told(left)?;
                    }
                    // Back at the list the cursor is where it was: at the same person while there is one.
                    let is_there = listing.rows.get(index).map(|user| users::exists(self.desk, &Who::new(&user.id))).transpose()?;
                    opened = match listing.rows.get(index) {
                        Some(user) if is_there == Some(true) => Place::User(user.id.clone()),
                        _ => Place::At(index),
                    };
                }
            }
        }
    }

    fn list_choices(&self, listing: &Listing<User>) -> (Vec<Choice>, Vec<Step>) {
        let users = listing.rows.iter().zip(self.labels(&listing.rows)).enumerate();
        let mut entries: Vec<(Choice, Step)> = users
            .map(|(index, (user, label))| (Choice { label, short: safe_text(&user.details.full_name()) }, Step::Open(index)))
            .collect();
        if listing.page.next().is_some() {
            entries.push((Choice::new("Next page"), Step::NextPage));
        }
        if listing.page.number > 1 {
            entries.push((Choice::new("Previous page"), Step::PreviousPage));
        }
        entries.push((Choice::new("Add user"), Step::Add));
        entries.push((Choice::new("Leave"), Step::Leave));
        entries.into_iter().unzip()
    }

    /// One line a user in aligned columns, or name over address where the terminal is too narrow.
    fn labels(&self, rows: &[User]) -> Vec<String> {
        let has_status = self.desk.kind.has_api_users();
        let cells = |user: &User| {
            let mut cells = vec![user.details.full_name(), user.details.email.to_string()];
            cells.extend(has_status.then(|| user.status().to_owned()));
            // Made safe one by one: a line break in a name begins no line of the menu.
            cells.iter().map(|cell| safe_text(cell)).collect::<Vec<_>>()
        };
        let mut titles = vec![Column::text(""), Column::whole("")];
        titles.extend(has_status.then_some(Column::text("")));
        let layout = self.session.printer.style().layout(self.session.view(self.desk));
        let table = table::render(&titles, rows.iter().map(cells), &Layout { columns: None, colour: false, ..layout });
        let lines: Vec<String> = table.lines().skip(1).map(str::to_owned).collect();
        let room = usize::from(self.prompter.columns().saturating_sub(MARK));
        let fits = lines.len() == rows.len() && lines.iter().all(|line| console::measure_text_width(line) <= room);
        if fits { lines } else { rows.iter().map(|user| cells(user).join("\n")).collect() }
    }

    fn add_user(&mut self) -> Result<Option<String>> {
        let options = ChangeOptions::default();
        let mut answers = UserAnswers::default();
        let view = self.session.view(self.desk);
        let added = loop {
            if journey::add(self.prompter, self.desk, view, &mut answers, false, &options)? != Checked::Save {
                return Ok(Some(nothing_changed()));
            }
            match users::add(self.desk, &answers, false, &options) {
                // Somebody took the address while the answers were checked: it is asked for again.
                Err(error) if !error.problems.is_empty() => {}
                added => break added?,
            }
        };
        self.done(added, add::WORDS, &Same { verb: "add", who: None, flags: None }).map(Some)
    }
}

fn page_of(listing: &Listing<User>, banner: &str) -> String {
    let mut text = format!("\n{banner}");
    if listing.page.total == 0 {
        text.push_str("There are no users.\n\n");
        return text;
    }
    text.push_str(&format!("Users ({})\n", thousands(listing.page.total)));
    if listing.page.is_part() {
        let (first, last) = listing.page.first_and_last();
        text.push_str(&format!("Showing {} to {} of {} results\n", thousands(first), thousands(last), thousands(listing.page.total)));
    }
    text.push('\n');
    text
}
