//! The desk, browsed: pages of users, one user's details, and every change from where the person is
//! (seeds 000 and 001, screen by screen).

use super::journey::{self, with_prompter};
use super::{add, delete, edit};
use crate::ask::{Checked, Choice, Prompter, Reply};
use crate::commands::Session;
use crate::commands::session::{Words, delivery_lines};
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::page::{Listing, PastTheEnd};
use crate::domain::problem::Field;
use crate::domain::user::User;
use crate::domain::user_answers::UserAnswers;
use crate::domain::user_filter::UserFilter;
use crate::domain::who::Who;
use crate::error::{ErrorKind, Result};
use crate::exit::Exit;
use crate::ops::desk::{ChangeOptions, Desk};
use crate::ops::paging::Paging;
use crate::ops::users;
use crate::output::details::{self, ShowId};
use crate::output::list::thousands;
use crate::output::problems;
use crate::output::table::{self, Column};

/// Opens the desk at the list of users. Leaving it is no failure.
///
/// # Errors
/// Ctrl-C, the end of the input, or the database.
pub fn run(session: &mut Session<'_>) -> Result<Exit> {
    let mut desk = session.change(false)?;
    with_prompter(session, |session, prompter| browse_list(session, prompter, &mut desk))?;
    Ok(Exit::Done)
}

/// What can be done at the list.
#[derive(Clone, Copy)]
enum ListStep {
    Open(usize),
    NextPage,
    PreviousPage,
    Add,
    Leave,
}

fn browse_list(session: &mut Session<'_>, prompter: &mut dyn Prompter, desk: &mut Desk) -> Result<()> {
    let mut page = 1;
    let mut banner = String::new();
    loop {
        let paging = Paging { all: false, page: Some(page), per_page: None, past_the_end: PastTheEnd::LastPage };
        let listing = users::list(desk, UserFilter::default(), paging)?;
        page = listing.page.number;
        prompter.say(&list_page(&listing, &banner))?;
        banner.clear();
        let (choices, steps) = list_choices(&listing, session, desk, prompter.columns());
        let step = match prompter.choose("Choose a user, or what to do", &choices, Some(0), None)? {
            Reply::Given(Some(index)) => steps.get(index).copied().unwrap_or(ListStep::Leave),
            _ => ListStep::Leave,
        };
        match step {
            ListStep::Leave => return Ok(()),
            ListStep::NextPage => page += 1,
            ListStep::PreviousPage => page -= 1,
            ListStep::Add => banner = told(add_user(session, prompter, desk))?,
            ListStep::Open(index) => {
                if let Some(user) = listing.rows.get(index) {
                    banner = told(browse_user(session, prompter, desk, &user.id))?;
                }
            }
        }
    }
}

/// What came of a step, as the banner of the next list; what was refused is told there too, because
/// the desk stays open.
fn told(done: Result<Option<String>>) -> Result<String> {
    match done {
        Ok(banner) => Ok(banner.unwrap_or_default()),
        Err(error) => match error.kind {
            ErrorKind::NotPermitted | ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::InvalidAnswers => {
                Ok(problems::for_people(&error, false, false))
            }
            _ => Err(error),
        },
    }
}

fn list_page(listing: &Listing<User>, banner: &str) -> String {
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

fn list_choices(listing: &Listing<User>, session: &Session<'_>, desk: &Desk, columns: u16) -> (Vec<Choice>, Vec<ListStep>) {
    let labels = labels(&listing.rows, session, desk, columns);
    let users = listing.rows.iter().zip(labels).enumerate();
    let mut entries: Vec<(Choice, ListStep)> =
        users.map(|(index, (user, label))| (Choice { label, short: user.details.full_name() }, ListStep::Open(index))).collect();
    if listing.page.next().is_some() {
        entries.push((Choice::new("Next page"), ListStep::NextPage));
    }
    if listing.page.number > 1 {
        entries.push((Choice::new("Previous page"), ListStep::PreviousPage));
    }
    entries.push((Choice::new("Add user"), ListStep::Add));
    entries.push((Choice::new("Leave"), ListStep::Leave));
    entries.into_iter().unzip()
}

/// One line a user in aligned columns, or name over address where the terminal is too narrow.
fn labels(rows: &[User], session: &Session<'_>, desk: &Desk, columns: u16) -> Vec<String> {
    const MARK: u16 = 3;
    let has_status = desk.kind.has_api_users();
    let cells = |user: &User| {
        let mut cells = vec![user.details.full_name(), user.details.email.to_string()];
        cells.extend(has_status.then(|| user.status().to_owned()));
        cells
    };
    let mut titles = vec![Column::text(""), Column::whole("")];
    titles.extend(has_status.then_some(Column::text("")));
    let layout = session.printer.style().layout(session.view(desk));
    let table = table::render(&titles, rows.iter().map(cells), &crate::output::style::Layout { columns: None, colour: false, ..layout });
    let lines: Vec<String> = table.lines().skip(1).map(str::to_owned).collect();
    let fits = lines.iter().all(|line| console::measure_text_width(line) + usize::from(MARK) <= usize::from(columns));
    if fits && lines.len() == rows.len() { lines } else { rows.iter().map(|user| cells(user).join("\n")).collect() }
}

/// What can be done at one user.
#[derive(Clone, Copy)]
enum UserStep {
    Change(Field),
    Delete,
    Back,
}

/// One user's details, until the person goes back or the user is gone. Returns the banner for the
/// list.
fn browse_user(session: &mut Session<'_>, prompter: &mut dyn Prompter, desk: &mut Desk, id: &str) -> Result<Option<String>> {
    let who = Who::new(id);
    let mut banner = String::new();
    loop {
        let (user, is_own) = users::show(desk, &who)?;
        let style = crate::output::style::Style { columns: Some(prompter.columns()), ..session.printer.style().clone() };
        let notes = super::show::notes(&user, is_own);
        let page = details::for_people(&user, session.view(desk), &notes, ShowId::Yes, &style);
        prompter.say(&format!("\n{banner}{page}\n"))?;
        banner.clear();
        let fields = if is_own { Vec::new() } else { user.changeable_fields(desk.kind.has_api_users()) };
        let mut entries: Vec<(Choice, UserStep)> =
            fields.iter().map(|field| (Choice::new(format!("Change: {}", field.label())), UserStep::Change(*field))).collect();
        if !is_own {
            entries.push((Choice::new("Delete user"), UserStep::Delete));
        }
        entries.push((Choice::new("Back to the list"), UserStep::Back));
        let (choices, steps): (Vec<_>, Vec<_>) = entries.into_iter().unzip();
        let step = match prompter.choose("What do you want to do?", &choices, Some(steps.len() - 1), None)? {
            Reply::Given(Some(index)) => steps.get(index).copied().unwrap_or(UserStep::Back),
            _ => UserStep::Back,
        };
        match step {
            UserStep::Back => return Ok(None),
            UserStep::Change(field) => banner = told(change_field(session, prompter, desk, &user, field))?,
            UserStep::Delete => match delete_user(session, prompter, desk, &user) {
                Ok(Some(deleted)) => return Ok(Some(deleted)),
                other => banner = told(other)?,
            },
        }
    }
}

fn add_user(session: &mut Session<'_>, prompter: &mut dyn Prompter, desk: &mut Desk) -> Result<Option<String>> {
    let options = ChangeOptions::default();
    let mut answers = UserAnswers::default();
    let view = session.view(desk);
    if journey::add(prompter, desk, view, &mut answers, false, &options)? != Checked::Save {
        return Ok(Some(nothing_changed()));
    }
    let added = users::add(desk, &answers, false, &options)?;
    done(session, desk, added, add::WORDS).map(Some)
}

fn change_field(
    session: &mut Session<'_>,
    prompter: &mut dyn Prompter,
    desk: &mut Desk,
    user: &User,
    field: Field,
) -> Result<Option<String>> {
    let options = ChangeOptions::default();
    let has_api_users = desk.kind.has_api_users();
    let mut answers = UserAnswers::of(&user.details, has_api_users);
    let view = session.view(desk);
    let form = journey::Edit { user, fields: &[field], ask_all: true };
    if journey::edit(prompter, desk, view, &form, &mut answers, &options)? == Checked::Cancel {
        return Ok(Some(nothing_changed()));
    }
    let edited = users::edit(desk, &Who::new(&user.id), &answers, Some(user), &options)?;
    done(session, desk, edited, edit::WORDS).map(Some)
}

fn delete_user(session: &mut Session<'_>, prompter: &mut dyn Prompter, desk: &mut Desk, user: &User) -> Result<Option<String>> {
    let mut options = ChangeOptions::default();
    if !journey::confirm_deletion(prompter, desk, user, &mut options)? {
        prompter.say(&nothing_changed())?;
        return Ok(None);
    }
    let deleted = users::delete(desk, &Who::new(&user.id), false, &options)?;
    done(session, desk, deleted, delete::WORDS).map(Some)
}

fn nothing_changed() -> String {
    "Nothing was changed\n\n".to_owned()
}

/// Delivers the emails of a change and words its banner.
fn done(session: &mut Session<'_>, desk: &mut Desk, mut outcome: Outcome<User>, words: Words<'_>) -> Result<String> {
    if outcome.result == ChangeResult::Unchanged {
        return Ok(format!("{}\n\n", words.unchanged));
    }
    let deliveries = session.deliver(desk, &mut outcome)?;
    let mut banner = format!("Success: {}\n", words.banner);
    for line in delivery_lines(&deliveries) {
        banner.push_str(&format!("{line}\n"));
    }
    banner.push('\n');
    Ok(banner)
}
