//! What a look at the health of a desk found: a line a check for people, as it is made, and the machine
//! formats. The status is a word; colour only repeats it.

use std::io::Write;

use serde_json::{Value, json};

use super::delimited::{Csv, write_plain};
use super::flow;
use super::format::Format;
use super::json;
use super::machine::document;
use super::safe_text::safe_text;
use super::style::{ERROR, SUCCESS, Style, WARNING, paint};
use crate::domain::check::{Check, Status};
use crate::domain::count::thousands;
use crate::error::Result;

/// Writes checks as they come; under JSON and CSV all of them at the end.
pub struct Checks<'out> {
    out: &'out mut dyn Write,
    style: Style,
    kept: Vec<Check>,
}

impl<'out> Checks<'out> {
    pub(super) fn new(out: &'out mut dyn Write, style: Style) -> Self {
        Self { out, style, kept: Vec::new() }
    }

    /// Writes a check.
    ///
    /// # Errors
    /// Standard output cannot be written; so it is below.
    pub fn add(&mut self, check: Check) -> Result<()> {
        match self.style.format {
            Format::Table => {
                write!(self.out, "{}", for_people(&check, &self.style))?;
                // The next check may take long.
                self.out.flush()?;
            }
            Format::JsonLines => json::write(self.out, &object(&check), false)?,
            Format::Plain => write_plain(self.out, cells(check))?,
            Format::Ids => write_plain(self.out, [check.name.to_owned()])?,
            Format::Json | Format::Csv => self.kept.push(check),
        }
        Ok(())
    }

    /// Writes what was kept, and for people what it comes to.
    pub fn finish(self, problems: u64, warnings: u64) -> Result<()> {
        match self.style.format {
            Format::Json => {
                let mut document = document();
                document.insert("checks".to_owned(), self.kept.iter().map(object).collect());
                json::write(self.out, &document, true)
            }
            Format::Csv => {
                let mut csv = Csv::new(self.out, ["name", "status", "message", "hint"])?;
                self.kept.into_iter().try_for_each(|check| csv.row(cells(check)))?;
                csv.finish()
            }
            Format::Table => {
                write!(self.out, "\n{}", flow::text(&in_all(problems, warnings), self.style.columns))?;
                Ok(())
            }
            Format::JsonLines | Format::Plain | Format::Ids => Ok(()),
        }
    }
}

fn for_people(check: &Check, style: &Style) -> String {
    let word = format!("{}:", check.status.word());
    let ink = match check.status {
        Status::Ok => Some(SUCCESS),
        Status::Note => None,
        Status::Warning => Some(WARNING),
        Status::Problem => Some(ERROR),
    };
    let text = flow::text(&format!("{word} {}", safe_text(&check.message)), style.columns);
    let mut text = ink.map_or(text.clone(), |ink| text.replacen(&word, &paint(style.colour_out, ink, &word), 1));
    if let Some(hint) = &check.hint {
        text.push_str(&flow::text(&format!("  {}", safe_text(hint)), style.columns));
    }
    text
}

fn in_all(problems: u64, warnings: u64) -> String {
    let counted = |count: u64, what: &str| format!("{} {what}{}", thousands(count), if count == 1 { "" } else { "s" });
    match (problems, warnings) {
        (0, 0) => "No problem was found.".to_owned(),
        (0, _) => format!("No problem was found, and {}.", counted(warnings, "warning")),
        (_, 0) => format!("Found: {}.", counted(problems, "problem")),
        _ => format!("Found: {} and {}.", counted(problems, "problem"), counted(warnings, "warning")),
    }
}

fn object(check: &Check) -> Value {
    json!({ "name": check.name, "status": check.status.key(), "message": check.message, "hint": check.hint })
}

fn cells(check: Check) -> [String; 4] {
    [check.name.to_owned(), check.status.key().to_owned(), check.message, check.hint.unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::Checks;
    use crate::domain::check::Check;
    use crate::output::format::Format;
    use crate::output::samples::style;
    use crate::output::style::Style;

    fn written(style: Style) -> String {
        let mut out = Vec::new();
        let mut checks = Checks::new(&mut out, style);
        checks.add(Check::ok("schema", "The schema is 6, which is this version’s")).expect("written");
        checks
            .add(Check::problem("users", "The user \u{1B}[31m is damaged").hint("Bring it up to date with: frontdesk migrate"))
            .expect("written");
        checks.finish(1, 0).expect("written");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn people_read_words_on_a_terminal_of_any_width() {
        assert_eq!(
            written(style(Format::Table)),
            "OK: The schema is 6, which is this version’s\nProblem: The user \u{FFFD}[31m is damaged\n  \
             Bring it up to date with: frontdesk migrate\n\nFound: 1 problem.\n"
        );
        assert_eq!(
            written(Style { columns: Some(30), ..style(Format::Table) }),
            "OK: The schema is 6, which is\nthis version’s\nProblem: The user \u{FFFD}[31m is\ndamaged\n  Bring it up to date with:\n  \
             frontdesk migrate\n\nFound: 1 problem.\n"
        );
    }

    #[test]
    fn scripts_get_each_check_with_its_four_values() {
        let (ok, problem) = (
            "{\"name\":\"schema\",\"status\":\"ok\",\"message\":\"The schema is 6, which is this version’s\",\"hint\":null}",
            "{\"name\":\"users\",\"status\":\"problem\",\"message\":\"The user \\u001b[31m is damaged\",\
             \"hint\":\"Bring it up to date with: frontdesk migrate\"}",
        );
        assert_eq!(written(style(Format::JsonLines)), format!("{ok}\n{problem}\n"));
        assert_eq!(written(style(Format::Ids)), "schema\nusers\n");
        assert_eq!(
            written(style(Format::Plain)),
            "schema\tok\tThe schema is 6, which is this version’s\t\n\
             users\tproblem\tThe user \u{FFFD}[31m is damaged\tBring it up to date with: frontdesk migrate\n"
        );
        assert!(written(style(Format::Csv)).starts_with("name,status,message,hint\r\nschema,ok,"));
        assert!(written(style(Format::Json)).starts_with("{\n  \"schema\": 1,\n  \"checks\": [\n"));
    }
}
