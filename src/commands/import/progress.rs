//! How far a long file has been read.

use indicatif::{ProgressBar, ProgressStyle};

use crate::commands::Session;

/// A shorter file is read before anybody would look.
const LONG: u64 = 1024 * 1024;

/// A bar on standard error, where that is a terminal and the file is long; it draws nothing elsewhere.
pub fn bar(size: u64, session: &Session<'_>) -> ProgressBar {
    let is_unwanted = session.settings.accessible.value || session.printer.style().quiet || session.is_for_machines();
    if size < LONG || is_unwanted {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(size);
    match ProgressStyle::with_template("{wide_bar} {percent:>3}% {eta:>4}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
