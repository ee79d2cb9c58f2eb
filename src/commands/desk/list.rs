//! A list of records, a page at a time, whatever they are.

use super::OpenDesk;
use crate::ask::{Choice, Reply, Shortcut};
use crate::domain::count::thousands;
use crate::domain::page::{Listing, PastTheEnd};
use crate::domain::search::Search;
use crate::error::Result;
use crate::ops::desk::Desk;
use crate::ops::paging::Paging;
use crate::output::flow;
use crate::output::list::rows_shown;
use crate::output::safe_text::{in_short, safe_text};
use crate::output::style::Layout;
use crate::output::table::{self, Column};

/// What stands before a choice on the screen.
const MARK: u16 = 3;
/// Where there is less room, records look alike: all of them in one line each, or all of them in several.
const NARROWEST_MIXED: usize = 60;
/// Find is below the rows of a page, where nobody looks for it.
const FIND: Shortcut = Shortcut { key: '/', does: "finds" };

/// A list that can be walked through, and what can be done at it. What a step says is the banner of
/// the next page.
pub(super) trait Shelf {
    type Row;

    /// `Choose a user, or what to do`.
    fn question(&self) -> &'static str;

    /// `Users`, to which the count is added.
    fn heading(&self) -> &'static str;

    /// Whose list it is, above the heading.
    fn owner(&self) -> Option<&str> {
        None
    }

    /// What is said in place of an empty list, or of one where nothing was found.
    fn nobody(&self, search: Option<&Search>) -> String;

    /// `Name or email address, or part of one`; nothing where a list is never long.
    fn find_question(&self) -> Option<&'static str>;

    /// A page of the list, or of what is found in it.
    fn listing(&self, desk: &mut Desk, search: Option<&Search>, paging: Paging) -> Result<Listing<Self::Row>>;

    /// The columns that `cells` fills.
    fn columns(&self) -> Vec<Column>;

    /// The name first, then what tells two of one name apart.
    fn cells(&self, row: &Self::Row) -> Vec<String>;

    /// The id of a record.
    fn id<'row>(&self, row: &'row Self::Row) -> &'row str;

    /// Whether a record that was opened is still in the list.
    fn is_there(&self, desk: &mut Desk, row: &Self::Row) -> Result<bool>;

    /// Opens a record.
    fn open(&self, desk: &mut OpenDesk<'_, '_>, row: &Self::Row) -> Result<Option<String>>;

    /// `Add user`, where this person may add any.
    fn add_label(&self) -> Option<&'static str>;

    /// Adds a record.
    fn add(&self, desk: &mut OpenDesk<'_, '_>) -> Result<Option<String>>;
}

/// What can be done at the list.
#[derive(Clone, Copy)]
enum Step {
    Open(usize),
    NextPage,
    PreviousPage,
    Find,
    ShowAll,
    Add,
    Leave,
}

/// Where the cursor starts in the list.
enum Cursor {
    First,
    At(usize),
    /// At this record, if it is on the page.
    Record(String),
}

impl OpenDesk<'_, '_> {
    /// Shows a list until the person leaves it by the last of its choices.
    pub(super) fn browse_list<S: Shelf>(&mut self, shelf: &S, leave: &str) -> Result<()> {
        let mut page = 1;
        let mut search: Option<Search> = None;
        // The page of the whole list that a search began at: it ends there.
        let mut page_of_all = 1;
        let mut cursor = Cursor::First;
        let mut banner = String::new();
        loop {
            let paging = Paging { all: false, page: Some(page), per_page: None, past_the_end: PastTheEnd::LastPage };
            let listing = shelf.listing(self.desk, search.as_ref(), paging)?;
            page = listing.page.number;
            self.prompter
                .say(&format!("\n{}", flow::text(&page_of(shelf, search.as_ref(), &listing, &banner), Some(self.prompter.columns()))))?;
            self.recall_headline(&banner);
            banner.clear();
            let (choices, steps) = self.list_choices(shelf, search.as_ref(), &listing, leave);
            let selection = match &cursor {
                Cursor::First => Some(0),
                Cursor::At(index) => Some((*index).min(steps.len().saturating_sub(1))),
                // Nobody, where they moved to another page: Enter must not open somebody else.
                Cursor::Record(id) => listing.rows.iter().position(|row| shelf.id(row) == id),
            };
            let step = match self.prompter.choose(shelf.question(), &choices, selection, None)? {
                Reply::Given(Some(index)) => steps.get(index).copied().unwrap_or(Step::Leave),
                Reply::Given(None) => continue,
                // Back from a later page is the page before it.
                Reply::Back if page > 1 => Step::PreviousPage,
                Reply::Back if search.is_some() => Step::ShowAll,
                Reply::Back => Step::Leave,
            };
            cursor = Cursor::First;
            match step {
                Step::Leave => return Ok(()),
                Step::NextPage => page += 1,
                Step::PreviousPage => page -= 1,
                Step::Find => {
                    if let Some(found) = self.ask_what_to_find(shelf, search.as_ref())? {
                        if search.is_none() {
                            page_of_all = page;
                        }
                        search = Some(found);
                        page = 1;
                    }
                }
                Step::ShowAll => {
                    search = None;
                    page = page_of_all;
                }
                Step::Add => {
                    let added = shelf.add(self);
                    banner = self.told(added)?;
                }
                Step::Open(index) => {
                    if let Some(row) = listing.rows.get(index) {
                        let left = shelf.open(self, row);
                        banner = self.told(left)?;
                        // Back at the list the cursor is where it was: at the same record while there is one.
                        let is_there = shelf.is_there(self.desk, row)?;
                        cursor = if is_there { Cursor::Record(shelf.id(row).to_owned()) } else { Cursor::At(index) };
                    }
                }
            }
        }
    }

    /// Asks what to look for, starting from what was looked for before; nothing where the person
    /// thought better of it.
    fn ask_what_to_find<S: Shelf>(&mut self, shelf: &S, before: Option<&Search>) -> Result<Option<Search>> {
        let Some(question) = shelf.find_question() else { return Ok(None) };
        self.prompter.say("\n")?;
        let mut typed = before.map_or_else(String::new, |search| search.as_typed().to_owned());
        let mut error = None;
        loop {
            match self.prompter.text(question, &typed, error)? {
                Reply::Back => return Ok(None),
                Reply::Given(answer) => match Search::new(&answer) {
                    Some(search) => return Ok(Some(search)),
                    None => (typed, error) = (String::new(), Some("Enter what to look for")),
                },
            }
        }
    }

    fn list_choices<S: Shelf>(
        &self,
        shelf: &S,
        search: Option<&Search>,
        listing: &Listing<S::Row>,
        leave: &str,
    ) -> (Vec<Choice>, Vec<Step>) {
        let rows: Vec<Vec<String>> = listing.rows.iter().map(|row| safe_cells(shelf, row)).collect();
        let short = |cells: &[String]| cells.first().cloned().unwrap_or_default();
        let labels = self.labels(&shelf.columns(), &rows);
        let mut entries: Vec<(Choice, Step)> = rows
            .iter()
            .zip(labels)
            .enumerate()
            .map(|(index, (cells, label))| (Choice { short: short(cells), ..Choice::new(label) }, Step::Open(index)))
            .collect();
        if listing.page.next().is_some() {
            entries.push((Choice::new("Next page"), Step::NextPage));
        }
        if listing.page.number > 1 {
            entries.push((Choice::new("Previous page"), Step::PreviousPage));
        }
        // Where there is nobody at all, there is nobody to find.
        if shelf.find_question().is_some() && (search.is_some() || listing.page.total > 0) {
            entries.push((Choice { shortcut: Some(FIND), ..Choice::new("Find") }, Step::Find));
        }
        if search.is_some() {
            entries.push((Choice::new("Show all"), Step::ShowAll));
        }
        entries.extend(shelf.add_label().map(|label| (Choice::new(label), Step::Add)));
        entries.push((Choice::new(leave), Step::Leave));
        entries.into_iter().unzip()
    }

    /// One line a record in aligned columns, or one cell over another where the terminal is too narrow:
    /// for all of them, unless a few long names alone are too wide.
    fn labels(&self, columns: &[Column], rows: &[Vec<String>]) -> Vec<String> {
        let room = usize::from(self.prompter.columns().saturating_sub(MARK));
        let mut widths: Vec<usize> = rows.iter().filter_map(|cells| cells.first()).map(|name| console::measure_text_width(name)).collect();
        widths.sort_unstable_by(|one, other| other.cmp(one));
        widths.dedup();
        for widest in widths {
            let is_aligned = |cells: &&Vec<String>| cells.first().is_some_and(|name| console::measure_text_width(name) <= widest);
            let aligned: Vec<Vec<String>> = rows.iter().filter(is_aligned).cloned().collect();
            if aligned.len() < rows.len() && (room < NARROWEST_MIXED || aligned.len() < rows.len().div_ceil(2)) {
                break;
            }
            let count = aligned.len();
            let lines = self.lines_of(columns, aligned);
            if lines.len() == count && lines.iter().all(|line| console::measure_text_width(line) <= room) {
                let mut lines = lines.into_iter();
                let label = |cells: &Vec<String>| if is_aligned(&cells) { lines.next() } else { Some(cells.join("\n")) };
                return rows.iter().filter_map(label).collect();
            }
        }
        rows.iter().map(|cells| cells.join("\n")).collect()
    }

    /// The lines of a table of these rows, without its titles.
    fn lines_of(&self, columns: &[Column], rows: Vec<Vec<String>>) -> Vec<String> {
        let layout = self.session.printer.style().layout(self.session.view(self.desk));
        let table = table::render(columns, rows, &Layout { columns: None, colour: false, ..layout });
        table.lines().skip(1).map(str::to_owned).collect()
    }
}

/// Made safe one by one: a line break in a name begins no line of the menu.
fn safe_cells<S: Shelf>(shelf: &S, row: &S::Row) -> Vec<String> {
    shelf.cells(row).iter().map(|cell| safe_text(cell)).collect()
}

fn page_of<S: Shelf>(shelf: &S, search: Option<&Search>, listing: &Listing<S::Row>, banner: &str) -> String {
    let mut text = banner.to_owned();
    if listing.page.total == 0 {
        text.push_str(&format!("{}\n\n", safe_text(&in_short(&shelf.nobody(search)))));
        return text;
    }
    if let Some(owner) = shelf.owner() {
        text.push_str(&format!("{}\n\n", safe_text(owner)));
    }
    let found_by = search.map_or_else(String::new, |search| format!(" that match ‘{}’", safe_text(search.as_typed())));
    text.push_str(&format!("{}{found_by} ({})\n", shelf.heading(), thousands(listing.page.total)));
    if listing.page.is_part() {
        text.push_str(&format!("Showing {} results\n", rows_shown(listing.page, "")));
    }
    text.push('\n');
    text
}
