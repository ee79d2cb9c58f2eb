//! Lists as people read them: a heading with the count, the rows, and where to go from here.

use super::flow;
use super::record::Record;
use super::safe_text::{in_short, safe_text};
use super::style::{Layout, Style, View};
use super::table;
use crate::domain::count::thousands;
use crate::domain::organisation::Organisation;
use crate::domain::page::{Listing, Page};

/// What a list says besides its rows.
pub struct ListView<'a> {
    /// `Users`; the count is added.
    pub heading: &'a str,
    /// What is said in place of an empty list: `There are no users.`
    pub nobody: &'a str,
    /// Whose users they are: its name stands above the heading, and scripts get it whole.
    pub organisation: Option<&'a Organisation>,
    /// The command that shows a page by its number.
    pub page_command: &'a dyn Fn(u64) -> String,
    /// The command that opens one record, shown on a terminal.
    pub open_command: Option<&'a str>,
    pub view: View,
}

/// What is said in place of an empty list: `There are no users.`, or that none `match` what was looked for
/// and the filters, which may have hidden some.
pub fn nobody(there_are_none: &str, match_word: &str, search: Option<&str>, is_filtered: bool) -> String {
    let by = match (search, is_filtered) {
        (None, false) => return format!("{there_are_none}."),
        (Some(search), false) => format!("‘{search}’"),
        (None, true) => "the filters".to_owned(),
        (Some(search), true) => format!("‘{search}’ and the filters"),
    };
    format!("{there_are_none} that {match_word} {by}.")
}

/// The list for people; every line ends in a line break.
pub fn for_people<R: Record>(listing: &Listing<R>, about: &ListView<'_>, style: &Style) -> String {
    if listing.page.total == 0 {
        return flow::text(&safe_text(&in_short(about.nobody)), style.columns);
    }
    let page = listing.page;
    let layout = style.layout(about.view);
    let mut text = String::new();
    if let Some(missing) = listing.missing_page() {
        let told = format!("There is no page {missing}: this is page {}, the last.", page.number);
        text.push_str(&flow::text(&told, layout.columns));
        text.push('\n');
    }
    if let Some(organisation) = about.organisation {
        text.push_str(&flow::heading(&safe_text(&organisation.details.name), layout.columns, layout.colour));
        text.push('\n');
    }
    text.push_str(&heading(about.heading, page.total, &layout));
    text.push('\n');
    text.push_str(&rows(listing, style, &layout));
    let footer = footer(page, about, style.columns);
    if !footer.is_empty() {
        text.push('\n');
        text.push_str(&footer);
    }
    text
}

/// What is said on standard error when standard output is not a terminal, where nobody may see it on
/// the list itself: that it was cut though nobody asked for a page, or is another page than was asked for.
pub fn cut_warning<R>(listing: &Listing<R>, style: &Style) -> Option<String> {
    let page = listing.page;
    if style.columns.is_some() || page.total == 0 {
        return None;
    }
    match (listing.asked_for, listing.missing_page()) {
        (_, Some(missing)) => Some(format!("there is no page {missing}: page {} was listed, the last.", page.number)),
        (None, None) if page.is_part() => {
            Some(format!("only {} were listed. To list them all, use --all or --format csv.", rows_shown(page, "rows ")))
        }
        _ => None,
    }
}

fn heading(heading: &str, total: u64, layout: &Layout) -> String {
    flow::heading(&format!("{} ({})", safe_text(heading), thousands(total)), layout.columns, layout.colour)
}

fn rows<R: Record>(listing: &Listing<R>, style: &Style, layout: &Layout) -> String {
    match &style.fields {
        Some(fields) => table::of_fields(fields, listing.rows.iter().map(Record::json), layout),
        None => R::rows_for_people(&listing.rows, layout),
    }
}

fn footer(page: Page, about: &ListView<'_>, columns: Option<u16>) -> String {
    let mut text = String::new();
    if page.is_part() {
        text.push_str(&format!("Showing {} results\n", rows_shown(page, "")));
        if let Some(next) = page.next() {
            text.push_str(&flow::with_command("Next page:", &safe_text(&(about.page_command)(next)), columns));
        }
    }
    if let Some(command) = about.open_command.filter(|_| columns.is_some()) {
        text.push_str(&flow::with_command("To open one:", command, columns));
    }
    text
}

/// Which rows a page shows, with what they are called before them: `rows 26 to 50 of 60`.
pub fn rows_shown(page: Page, noun: &str) -> String {
    let (first, last) = page.first_and_last();
    format!("{noun}{} to {} of {}", thousands(first), thousands(last), thousands(page.total))
}

#[cfg(test)]
mod tests {
    use super::{ListView, cut_warning, for_people};
    use crate::domain::page::Listing;
    use crate::domain::user::User;
    use crate::output::fields::resolve;
    use crate::output::format::Format;
    use crate::output::record::Record as _;
    use crate::output::samples::{all, page, style, terminal, user, view};
    use crate::output::style::{Style, View};

    fn listed(listing: &Listing<User>, style: &Style, view: View) -> String {
        let about = ListView {
            heading: "Users",
            nobody: "There are no users.",
            organisation: None,
            page_command: &|number| format!("frontdesk users list --page {number}"),
            open_command: Some("frontdesk users show EMAIL"),
            view,
        };
        for_people(listing, &about, style)
    }

    #[test]
    fn one_page_has_no_pagination() {
        let listing = all(vec![user("Ann", "Abel")]);
        assert_eq!(
            listed(&listing, &style(Format::Table), view()),
            "Users (1)\n\nName      Email address         Status\nAnn Abel  ann@education.gov.uk  Active\n"
        );
    }

    #[test]
    fn a_part_says_what_it_shows_and_where_the_rest_is() {
        let listing = page(vec![user("Ann", "Abel")], 1, 2, 1026);
        let text = listed(&listing, &terminal(80), View { has_api_users: false, ..view() });
        assert_eq!(
            text,
            "\
Users (1,026)

Name      Email address
Ann Abel  ann@education.gov.uk

Showing 1 to 25 of 1,026 results
Next page: frontdesk users list --page 2
To open one: frontdesk users show EMAIL
"
        );
    }

    #[test]
    fn past_the_end_the_last_page_is_shown_and_says_so() {
        let listing = Listing { asked_for: Some(9), ..page(vec![user("Ann", "Abel")], 2, 2, 26) };
        let text = listed(&listing, &style(Format::Table), view());
        assert!(text.starts_with("There is no page 9: this is page 2, the last.\n\nUsers (26)\n\n"), "{text}");
        assert!(text.ends_with("\n\nShowing 26 to 26 of 26 results\n"), "{text}");
    }

    #[test]
    fn nobody_is_one_sentence_and_nothing_else() {
        let listing = Listing { asked_for: Some(9), ..page(vec![], 1, 1, 0) };
        assert_eq!(listed(&listing, &terminal(80), view()), "There are no users.\n");
    }

    #[test]
    fn chosen_fields_are_the_columns() {
        let fields = resolve(User::FIELDS, "active,last_signed_in_at,id,updated_at").expect("fields");
        let text = listed(&all(vec![user("Ann", "Abel")]), &Style { fields: Some(fields), ..style(Format::Table) }, view());
        assert_eq!(
            text,
            "Users (1)\n\nActive  Last signed in  Id        Updated\nYes                     0190-ann  2 December 2025 at 9am\n"
        );
    }

    #[test]
    fn a_cut_list_off_a_terminal_is_warned_of() {
        let listing = page(vec![user("Ann", "Abel")], 1, 2, 26);
        assert_eq!(
            cut_warning(&listing, &style(Format::Table)).as_deref(),
            Some("only rows 1 to 25 of 26 were listed. To list them all, use --all or --format csv.")
        );
        assert_eq!(cut_warning(&listing, &terminal(80)), None);
        assert_eq!(cut_warning(&Listing { asked_for: Some(1), ..listing }, &style(Format::Table)), None);
        assert_eq!(cut_warning(&all(vec![user("Ann", "Abel")]), &style(Format::Table)), None);
    }
}
