//! What came of a move, and what is told before one.

use std::io::Write;

use super::counts::Counts;
use super::flow;
use super::safe_text::safe_text;
use super::style::Style;
use crate::domain::count::thousands;
use crate::domain::moving::{Contents, Moved};
use crate::error::Result;

/// Writes what came of a move to standard output.
///
/// # Errors
/// It cannot be written.
pub fn write(out: &mut dyn Write, moved: &Moved, style: &Style) -> Result<()> {
    let counts = moved.contents.counts();
    let intro = if moved.dry_run { "This would move:\n\n" } else { "" };
    let text = format!("{intro}{}", lines(&moved.contents));
    Counts { result: "moved", cells: counts, document: &counts, dry_run: moved.dry_run, text: &text }.write(out, style)
}

/// What a move would do, before the question whether to do it.
pub fn warning(contents: &Contents, from: &str, to: &str, columns: u16) -> String {
    let paragraph = |text: String| format!("{}\n", flow::text(&safe_text(&text), Some(columns)));
    let mut page = "\n".to_owned();
    page.push_str(&paragraph(format!("Move this desk to {to}")));
    page.push_str(&lines(contents));
    page.push('\n');
    page.push_str(&paragraph(format!(
        "Warning: The database {from} stays as it is. After the move nobody should work in it any more: what is changed there does not \
         come to the new one."
    )));
    page
}

/// How much there is, a line each.
pub(super) fn lines(contents: &Contents) -> String {
    let nouns = [
        ("user", "users"),
        ("organisation", "organisations"),
        ("organisation user", "organisation users"),
        ("membership", "memberships"),
        ("email", "emails"),
        ("activity entry", "activity entries"),
        ("API client", "API clients"),
    ];
    let told = nouns.into_iter().zip(contents.counts());
    told.map(|((one, many), (_, count))| format!("{} {}\n", thousands(count), if count == 1 { one } else { many })).collect()
}
