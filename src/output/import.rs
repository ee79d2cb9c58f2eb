//! What came of an import, and the preview of one.

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use super::delimited::{Csv, write_plain};
use super::flow;
use super::format::Format;
use super::json;
use super::machine::document;
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
    let with_repeated =
        || counts.into_iter().flat_map(|count| [Some(count), (count.0 == "skipped").then_some(("repeated", report.repeated))]);
    match style.format {
        Format::Json | Format::JsonLines => {
            let mut document = document();
            document.insert("result".to_owned(), "imported".into());
            document.extend(with_repeated().flatten().map(|(key, count)| (key.to_owned(), json!(count))));
            document.insert("dry_run".to_owned(), Value::Bool(report.dry_run));
            json::write(out, &document, style.format == Format::Json)
        }
        Format::Csv => {
            let mut csv = Csv::new(out, counts.map(|(key, _)| key))?;
            csv.row(counts.map(|(_, count)| count.to_string()))?;
            csv.finish()
        }
        Format::Plain => write_plain(out, counts.map(|(_, count)| count.to_string())),
        // The ids of what was added are many, and a list gives them.
        Format::Ids => Ok(()),
        Format::Table => {
            let intro = if report.dry_run { "Dry run: nothing was stored.\n\n" } else { "" };
            write!(out, "{intro}{}", lines(report).concat())?;
            Ok(())
        }
    }
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
