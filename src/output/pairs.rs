//! Labels and values in two columns: the summary lists of details, and the records of a list on a
//! terminal that is too narrow for a table.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use unicode_width::UnicodeWidthStr as _;

use super::record::Row;
use super::safe_text::safe_text;

const GAP: usize = 2;
/// A value that would be squeezed into less than this goes under its label.
const NARROWEST_VALUE: usize = 20;
const INDENT: &str = "  ";

/// The rows, one under another; every line ends in a line break. On a terminal of `columns` a long
/// value is wrapped beside its label, and an id or address that does not fit goes under it.
pub fn render(rows: &[Row], columns: Option<u16>) -> String {
    render_each(rows, columns).concat()
}

/// As [`render`], a text for each row, so that a row can be painted.
pub fn render_each(rows: &[Row], columns: Option<u16>) -> Vec<String> {
    let label_width = rows.iter().map(|row| row.label.width()).max().unwrap_or_default() + GAP;
    let width = columns.map_or(usize::MAX, usize::from);
    let text = |row: &Row| lines(row, label_width, width).iter().map(|line| format!("{}\n", line.trim_end())).collect();
    rows.iter().map(text).collect()
}

fn lines(row: &Row, label_width: usize, width: usize) -> Vec<String> {
    let value = safe_text(&row.value);
    let padding = label_width.saturating_sub(row.label.width());
    let label = format!("{}{}", row.label, " ".repeat(padding));
    let room = width.saturating_sub(label_width);
    if value.width() <= room {
        return vec![label + &value];
    }
    if row.whole {
        // Beyond the terminal's edge an indent would only push more of it onto the next line.
        let indent = if INDENT.width() + value.width() <= width { INDENT } else { "" };
        return vec![row.label.clone(), format!("{indent}{value}")];
    }
    if room < NARROWEST_VALUE {
        let under = wrap(&value, width, INDENT, INDENT, true);
        return [row.label.clone()].into_iter().chain(under).collect();
    }
    wrap(&value, width, &label, &" ".repeat(label_width), true)
}

/// Text wrapped at spaces to lines of `width`. Hyphens are no place to break: an address may have
/// one. A word wider than a line is cut only where `cut_words` says so.
pub fn wrap(text: &str, width: usize, first_indent: &str, indent: &str, cut_words: bool) -> Vec<String> {
    let options = Options::new(width)
        .initial_indent(first_indent)
        .subsequent_indent(indent)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .break_words(cut_words);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::output::record::Row;

    #[test]
    fn labels_are_aligned_and_long_values_hang() {
        let rows = [Row::text("To", "Ann"), Row::text("Last error", "The mail server said that the mailbox is full")];
        assert_eq!(render(&rows, None), "To          Ann\nLast error  The mail server said that the mailbox is full\n");
        assert_eq!(render(&rows, Some(40)), "To          Ann\nLast error  The mail server said that\n            the mailbox is full\n");
    }

    #[test]
    fn a_value_with_no_room_beside_its_label_goes_under_it() {
        let rows = [Row::text("Is the account an API user?", "Yes"), Row::text("Name", "Ann Marie Abel van der Berg")];
        assert_eq!(render(&rows, Some(40)), "Is the account an API user?  Yes\nName\n  Ann Marie Abel van der Berg\n");
    }

    #[test]
    fn an_empty_value_leaves_no_trailing_space() {
        assert_eq!(render(&[Row::text("Name", "")], Some(40)), "Name\n");
    }
}
