//! How output is to look, decided once for a run, and the few colours there are. Colour and weight
//! only repeat what the words say.

use anstyle::{AnsiColor, Style as Ink};
use jiff::Timestamp;

use super::format::Format;
use super::record::RecordField;

/// Headings and the titles of tables.
pub const BOLD: Ink = Ink::new().bold();
/// What is there to be copied, not to be read.
pub const DIM: Ink = Ink::new().dimmed();
/// `Error:`.
pub const ERROR: Ink = AnsiColor::Red.on_default().bold();
/// `Success:`.
pub const SUCCESS: Ink = AnsiColor::Green.on_default();
/// `Warning:`.
pub const WARNING: Ink = AnsiColor::Yellow.on_default();

/// How everything that one run prints is to look.
#[derive(Debug, Clone, Default)]
pub struct Style {
    pub format: Format,
    /// The fields chosen with `--fields`, resolved before anything is done; `None` for all.
    pub fields: Option<Vec<&'static RecordField>>,
    /// Whether standard output takes colour.
    pub colour_out: bool,
    /// Whether standard error takes colour.
    pub colour_err: bool,
    /// Columns of the terminal that standard output goes to; `None` where it is not a terminal.
    pub columns: Option<u16>,
    /// Columns of the terminal that standard error goes to; `None` where it is not a terminal.
    pub columns_err: Option<u16>,
    /// The flags by which this run chose its desk, quoted for a shell: a command that is shown to somebody
    /// has to find the same one.
    pub desk_flags: String,
    /// No success banners and no notes.
    pub quiet: bool,
    /// Also what is done along the way, and what lies beneath an error.
    pub verbose: bool,
}

/// What a view of records depends on besides the records.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// The time that `Today` is told by.
    pub now: Timestamp,
    /// Whether the service has API users and inactive users, so that a status says something.
    pub has_api_users: bool,
}

/// A view and the paper it goes on.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    pub view: View,
    /// Columns of the terminal; `None` where lines are neither wrapped nor cut.
    pub columns: Option<u16>,
    pub colour: bool,
}

impl Style {
    /// The layout of a view on standard output.
    pub fn layout(&self, view: View) -> Layout {
        Layout { view, columns: self.columns, colour: self.colour_out }
    }
}

/// The text in this ink, or as it is where there is no colour.
pub fn paint(colour: bool, ink: Ink, text: &str) -> String {
    if colour { format!("{ink}{text}{ink:#}") } else { text.to_owned() }
}
