//! What came of a backup and of a restoration, and what is told before one.

use std::io::Write;

use serde_json::{Value, json};

use super::counts::Counts;
use super::flow;
use super::format::Format;
use super::json;
use super::machine::document;
use super::moving::lines;
use super::safe_text::safe_text;
use super::style::Style;
use crate::domain::backup::{BackedUp, Before, Restored};
use crate::domain::count::thousands;
use crate::domain::moving::Contents;
use crate::error::Result;

/// Writes what came of a backup to standard output.
///
/// # Errors
/// It cannot be written; the same holds below.
pub fn write_backed_up(out: &mut dyn Write, backed_up: &BackedUp, style: &Style) -> Result<()> {
    let counts = backed_up.contents.counts();
    Counts { result: "backed_up", cells: counts, document: &counts, dry_run: false, text: &lines(&backed_up.contents) }.write(out, style)
}

/// Writes what came of a restoration.
pub fn write_restored(out: &mut dyn Write, restored: &Restored, style: &Style) -> Result<()> {
    let counts = restored.contents.counts();
    if matches!(style.format, Format::Json | Format::JsonLines) {
        let mut document = document();
        document.insert("result".to_owned(), "restored".into());
        document.extend(counts.iter().map(|(key, count)| ((*key).to_owned(), json!(count))));
        let kept = restored.before.kept().filter(|_| !restored.dry_run);
        document.insert("kept".to_owned(), kept.map_or(Value::Null, |path| path.display().to_string().into()));
        document.insert("dry_run".to_owned(), restored.dry_run.into());
        return json::write(out, &document, style.format == Format::Json);
    }
    let intro = if restored.dry_run { "This would restore:\n\n" } else { "" };
    let text = format!("{intro}{}", lines(&restored.contents));
    Counts { result: "restored", cells: counts, document: &counts, dry_run: restored.dry_run, text: &text }.write(out, style)
}

/// What a restoration would do, before the question whether to do it.
pub fn warning(restored: &Restored, present: Option<&Contents>, backup: &str, database: &str, columns: u16) -> String {
    let paragraph = |text: String| format!("{}\n", flow::text(&safe_text(&text), Some(columns)));
    let mut page = "\n".to_owned();
    page.push_str(&paragraph(format!("Restore this desk from {backup}")));
    if let Some(present) = present {
        page.push_str("It has now:\n");
        page.push_str(&lines(present));
        page.push_str("\nThe backup has:\n");
    }
    page.push_str(&lines(&restored.contents));
    page.push('\n');
    let kept = restored.before.kept().map(|path| path.display().to_string()).unwrap_or_default();
    page.push_str(&paragraph(match &restored.before {
        Before::Nothing => format!("There is no database at {database} yet."),
        Before::Desk(_) => format!(
            "Warning: What was changed since the backup was made goes from this desk, for everybody who works in it. The desk of now is \
             kept in {kept}"
        ),
        Before::Damaged(_) => format!("Warning: The database {database} is damaged. It is kept as {kept}"),
    }));
    for line in waiting(restored.waiting).into_iter().chain(in_use(restored.clients)) {
        page.push_str(&paragraph(line));
    }
    page
}

/// What may become of emails that wait in a backup.
pub fn waiting(emails: u64) -> Option<String> {
    let told = match emails {
        0 => return None,
        1 => "1 email waits to be sent in the backup, and may".to_owned(),
        _ => format!("{} emails wait to be sent in the backup, and may", thousands(emails)),
    };
    Some(format!("{told} have gone since it was made."))
}

/// What may have become of API clients that nobody knows of.
pub fn in_use(clients: u64) -> Option<String> {
    let told = match clients {
        0 => return None,
        1 => "1 API client can be used again".to_owned(),
        _ => format!("{} API clients can be used again", thousands(clients)),
    };
    Some(format!("{told}, and may have been revoked since the backup was made."))
}
