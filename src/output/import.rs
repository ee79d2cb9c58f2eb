//! What came of an import, and the preview of one.

use std::io::Write;
use std::path::Path;

use super::counts::Counts;
use super::flow;
use super::pairs::wrap;
use super::safe_text::safe_text;
use super::style::Style;
use crate::domain::count::thousands;
use crate::domain::import::{ImportReport, Why};
use crate::error::Result;

/// Writes what came of an import to standard output.
///
/// # Errors
/// It cannot be written.
pub fn write(out: &mut dyn Write, report: &ImportReport, style: &Style) -> Result<()> {
    let counts = [("added", report.added), ("linked", report.linked), ("skipped", report.skipped), ("emails", report.emails)];
    // Rows of cells stay as wide as scripts know them.
    let with_repeated: Vec<_> = counts
        .into_iter()
        .flat_map(|count| [Some(count), (count.0 == "skipped").then_some(("repeated", report.repeated))])
        .flatten()
        .collect();
    let text = lines(report).concat();
    Counts { result: "imported", cells: counts, document: &with_repeated, dry_run: report.dry_run, text: &text }.write(out, style)
}

/// What an import would do, before the question whether to do it.
pub fn preview(report: &ImportReport, file: &Path, columns: u16) -> String {
    let heading = format!("Import {}", safe_text(&file.display().to_string()));
    let mut page = format!("\n{}\n", flow::text(&heading, Some(columns)));
    for line in lines(report) {
        page.push_str(&line);
    }
    if !report.first.is_empty() {
        page.push_str("\nThe first to be added:\n");
        for label in &report.first {
            for line in wrap(&safe_text(label), usize::from(columns), "  ", "    ", false) {
                page.push_str(&format!("{line}\n"));
            }
        }
    }
    page + "\n"
}

fn lines(report: &ImportReport) -> Vec<String> {
    let said = |count: u64, done: &str, would: &str| {
        let noun = report.kind.noun(count);
        let what = if report.dry_run { would } else { done };
        format!("{} {noun} {what}\n", thousands(count))
    };
    let mut lines = vec![said(report.added, "added", "would be added")];
    if report.linked > 0 {
        let (done, would) = ("linked to one more organisation", "would be linked to one more organisation");
        lines.push(said(report.linked, done, would));
    }
    for (count, why) in [(report.skipped - report.repeated, Why::There), (report.repeated, Why::Repeated)] {
        if count > 0 {
            let why = why.words();
            lines.push(said(count, &format!("skipped: {why}"), &format!("would be skipped: {why}")));
        }
    }
    if report.emails > 0 {
        let noun = if report.emails == 1 { "email" } else { "emails" };
        let what = if report.dry_run { "would be queued" } else { "queued" };
        lines.push(format!("{} {noun} {what}\n", thousands(report.emails)));
    }
    lines
}
