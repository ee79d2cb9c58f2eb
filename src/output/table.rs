//! Tables without boxes, fitted to the terminal. Ids and email addresses are never cut: where they
//! leave no room for the rest, each record becomes a block of lines instead of a row.

use comfy_table::presets::NOTHING;
use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width};
use unicode_width::UnicodeWidthStr as _;

use super::pairs;
use super::record::{Object, RecordField, Row, Shows};
use super::safe_text::safe_text;
use super::style::{BOLD, Layout, paint};

/// Below this many columns a table is no longer readable, and records are shown as blocks.
const NARROWEST_TABLE: u16 = 60;
/// Spaces between two columns.
const GAP: u16 = 2;
/// A word longer than this may be cut, so that one endless name does not turn a table into blocks.
const LONGEST_UNCUT_WORD: usize = 24;

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub title: &'static str,
    /// Ids and addresses: never wrapped.
    pub whole: bool,
}

impl Column {
    /// A column that may be wrapped.
    pub const fn text(title: &'static str) -> Self {
        Self { title, whole: false }
    }

    /// A column that is never wrapped.
    pub const fn whole(title: &'static str) -> Self {
        Self { title, whole: true }
    }
}

/// A table of these rows; every line ends in a line break.
pub fn render(columns: &[Column], rows: impl IntoIterator<Item = Vec<String>>, layout: &Layout) -> String {
    let rows: Vec<Vec<String>> = rows.into_iter().map(|row| row.iter().map(|cell| safe_text(cell)).collect()).collect();
    let narrowest: Vec<u16> = columns.iter().enumerate().map(|(index, column)| narrowest(*column, index, &rows)).collect();
    let gaps = u16::try_from(columns.len().saturating_sub(1)).unwrap_or(u16::MAX).saturating_mul(GAP);
    let needed = narrowest.iter().fold(gaps, |sum, width| sum.saturating_add(*width));
    match layout.columns {
        Some(width) if width < NARROWEST_TABLE || width < needed => blocks(columns, &rows, layout),
        _ => grid(columns, rows, &narrowest, layout),
    }
}

/// A table whose columns are the chosen fields.
pub fn of_fields(fields: &[&'static RecordField], records: impl IntoIterator<Item = Object>, layout: &Layout) -> String {
    let columns: Vec<_> = fields.iter().map(|field| Column { title: field.title, whole: field.shows == Shows::Whole }).collect();
    let rows = records.into_iter().map(|record| fields.iter().map(|field| field.text(&record)).collect());
    render(&columns, rows, layout)
}

/// The least width in which a column can still be read.
fn narrowest(column: Column, index: usize, rows: &[Vec<String>]) -> u16 {
    let cells = rows.iter().filter_map(|row| row.get(index));
    let widest = if column.whole {
        cells.map(|cell| cell.width()).max()
    } else {
        cells.flat_map(|cell| cell.split(' ')).map(|word| word.width().min(LONGEST_UNCUT_WORD)).max()
    };
    u16::try_from(widest.unwrap_or_default().max(column.title.width())).unwrap_or(u16::MAX)
}

fn grid(columns: &[Column], rows: Vec<Vec<String>>, narrowest: &[u16], layout: &Layout) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(columns.iter().map(|column| column.title)).add_rows(rows);
    if let Some(width) = layout.columns {
        table.set_width(width).set_content_arrangement(ContentArrangement::Dynamic);
    }
    let last = columns.len().saturating_sub(1);
    for ((table_column, column), narrowest) in table.column_iter_mut().zip(columns).zip(narrowest) {
        let gap = if table_column.index == last { 0 } else { GAP };
        table_column.set_padding((0, gap));
        if column.whole {
            table_column.set_constraint(ColumnConstraint::ContentWidth);
        } else if layout.columns.is_some() {
            // The bound counts the padding too.
            table_column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(narrowest.saturating_add(gap))));
        }
    }
    // Painted line by line, and only here: the table would count an escape sequence as text. No
    // column is narrower than its title, so the titles are exactly the first line.
    let lines = table.lines().enumerate().map(|(index, line)| {
        let line = line.trim_end();
        paint(layout.colour && index == 0, BOLD, line) + "\n"
    });
    lines.collect()
}

fn blocks(columns: &[Column], rows: &[Vec<String>], layout: &Layout) -> String {
    let block = |row: &Vec<String>| {
        let pairs: Vec<_> = columns
            .iter()
            .zip(row)
            .map(|(column, cell)| Row { label: column.title.to_owned(), value: cell.clone(), whole: column.whole })
            .collect();
        pairs::render(&pairs, layout.columns)
    };
    rows.iter().map(block).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Column, render};
    use crate::output::style::{Layout, View};

    const COLUMNS: [Column; 3] = [Column::text("Name"), Column::whole("Email address"), Column::text("Status")];

    fn layout(columns: Option<u16>) -> Layout {
        Layout { view: View { now: Timestamp::UNIX_EPOCH, has_api_users: true }, columns, colour: false }
    }

    fn rows() -> Vec<Vec<String>> {
        [
            ["Ann Abel", "ann@education.gov.uk", "Active"],
            ["Bartholomew Montgomery Featherstonehaugh", "bartholomew.featherstonehaugh@education.gov.uk", "Not active, API user"],
        ]
        .map(|row| row.map(str::to_owned).to_vec())
        .to_vec()
    }

    #[test]
    fn off_a_terminal_nothing_is_wrapped() {
        assert_eq!(
            render(&COLUMNS, rows(), &layout(None)),
            "\
Name                                      Email address                                   Status
Ann Abel                                  ann@education.gov.uk                            Active
Bartholomew Montgomery Featherstonehaugh  bartholomew.featherstonehaugh@education.gov.uk  Not active, API user
"
        );
    }

    #[test]
    fn at_80_columns_text_is_wrapped_and_addresses_are_not() {
        assert_eq!(
            render(&COLUMNS, rows(), &layout(Some(80))),
            "\
Name               Email address                                   Status
Ann Abel           ann@education.gov.uk                            Active
Bartholomew        bartholomew.featherstonehaugh@education.gov.uk  Not active,
Montgomery                                                         API user
Featherstonehaugh
"
        );
    }

    #[test]
    fn at_60_columns_a_table_that_fits_is_still_a_table() {
        let rows = vec![["Ann Marie Abel van der Berg", "ann.abel@education.gov.uk", "Not active, API user"].map(str::to_owned).to_vec()];
        assert_eq!(
            render(&COLUMNS, rows, &layout(Some(60))),
            "\
Name              Email address              Status
Ann Marie Abel    ann.abel@education.gov.uk  Not active, API
van der Berg                                 user
"
        );
    }

    #[test]
    fn where_addresses_leave_no_room_each_record_is_a_block() {
        let expected = "\
Name           Ann Abel
Email address  ann@education.gov.uk
Status         Active

Name           Bartholomew Montgomery Featherstonehaugh
Email address
  bartholomew.featherstonehaugh@education.gov.uk
Status         Not active, API user
";
        assert_eq!(render(&COLUMNS, rows(), &layout(Some(60))), expected);
        assert_eq!(render(&COLUMNS, rows(), &layout(Some(59))), expected);
    }

    #[test]
    fn under_60_columns_even_a_small_table_is_blocks() {
        let rows = vec![["Ann Abel", "ann@education.gov.uk", "Active"].map(str::to_owned).to_vec()];
        assert_eq!(
            render(&COLUMNS, rows, &layout(Some(59))),
            "Name           Ann Abel\nEmail address  ann@education.gov.uk\nStatus         Active\n"
        );
    }

    #[test]
    fn at_40_columns_values_wrap_beside_their_labels() {
        assert_eq!(
            render(&COLUMNS, rows(), &layout(Some(40))),
            "\
Name           Ann Abel
Email address  ann@education.gov.uk
Status         Active

Name           Bartholomew Montgomery
               Featherstonehaugh
Email address
bartholomew.featherstonehaugh@education.gov.uk
Status         Not active, API user
"
        );
    }

    #[test]
    fn at_every_width_addresses_are_whole_and_lines_of_a_table_fit() {
        for width in 20..=140 {
            let text = render(&COLUMNS, rows(), &layout(Some(width)));
            for row in rows() {
                assert!(text.contains(&row[1]), "{width}: {text}");
            }
            let is_too_wide = |line: &&str| line.chars().count() > usize::from(width) && !line.starts_with("bartholomew.");
            assert_eq!(text.lines().find(is_too_wide), None, "at {width} columns");
        }
    }

    #[test]
    fn wide_and_combining_letters_are_counted_as_they_are_shown() {
        let rows = ["李小龍", "Sea\u{301}n", "\u{1B}[2J"].map(|name| vec![name.to_owned(), "x".to_owned()]);
        assert_eq!(
            render(&[Column::text("Name"), Column::text("Status")], rows, &layout(Some(80))),
            "Name    Status\n李小龍  x\nSea\u{301}n    x\n\u{FFFD}[2J    x\n"
        );
    }

    #[test]
    fn titles_are_bold_where_there_is_colour() {
        let text = render(&[Column::text("Name")], [vec!["Ann".to_owned()]], &Layout { colour: true, ..layout(Some(80)) });
        assert_eq!(text, "\u{1B}[1mName\u{1B}[0m\nAnn\n");
    }
}
