//! The one way to the two streams: what was asked for goes to standard output, everything else to
//! standard error, in the order in which it happened.

use std::io::Write;

use anstyle::Style as Ink;

use super::backup;
use super::change::{self, ChangeView};
use super::checks::Checks;
use super::delimited::Csv;
use super::details::{self, ShowId};
use super::flow;
use super::format::Format;
use super::import;
use super::json;
use super::list::{self, ListView};
use super::machine;
use super::moving;
use super::problems;
use super::record::{Detailed, Record, RecordField};
use super::safe_text::safe_text;
use super::sign_in;
use super::style::{SUCCESS, Style, View, WARNING, paint};
use super::token_check;
use super::who_am_i::{self, ConfiguredValue};
use crate::domain::actor::Actor;
use crate::domain::api_client::{ApiClient, NewApiClient};
use crate::domain::backup::{BackedUp, Restored};
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::import::ImportReport;
use crate::domain::moving::Moved;
use crate::domain::page::Listing;
use crate::domain::sign_in::Admission;
use crate::error::{Error, ErrorKind, Result};

/// Prints in the format and style of one run.
pub struct Printer<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    style: Style,
    /// Lines for standard error that wait for the end under JSON: if the command fails, the error
    /// object is the only thing there.
    held_back: Vec<String>,
}

impl<'a> Printer<'a> {
    /// A printer on these streams.
    pub fn new(out: &'a mut dyn Write, err: &'a mut dyn Write, style: Style) -> Self {
        Self { out, err, style, held_back: Vec::new() }
    }

    /// How output looks; the desk draws its own pages by it.
    pub fn style(&self) -> &Style {
        &self.style
    }

    /// Puts these flags, by which the run chose its desk, in the commands that are shown from here on.
    pub fn use_desk_flags(&mut self, flags: String) {
        self.style.desk_flags = flags;
    }

    /// Leaves colour and weight out from here on.
    pub fn use_no_colour(&mut self) {
        self.style.colour_out = false;
        self.style.colour_err = false;
    }

    /// Shows these fields of records and no others.
    pub fn choose_fields(&mut self, fields: Vec<&'static RecordField>) {
        self.style.fields = Some(fields);
    }

    /// Prints a list.
    ///
    /// # Errors
    /// A stream cannot be written; so it is for every method here.
    pub fn list<R: Record>(&mut self, listing: &Listing<R>, about: &ListView<'_>) -> Result<()> {
        if self.style.format.is_machine() {
            return machine::list(self.out, listing, about.organisation, &self.style);
        }
        self.put(&list::for_people(listing, about, &self.style))?;
        match list::cut_warning(listing, &self.style) {
            Some(warning) => self.warning(&warning),
            None => Ok(()),
        }
    }

    /// Prints one record; the notes say what may not be changed and why.
    pub fn show<R: Detailed>(&mut self, record: &R, view: View, notes: &[&str]) -> Result<()> {
        if self.style.format.is_machine() {
            return machine::show(self.out, record, &self.style);
        }
        self.put(&details::for_people(record, view, notes, ShowId::Yes, &self.style))
    }

    /// Prints what a change came to, and its banner.
    pub fn change<R: Detailed>(&mut self, outcome: &Outcome<R>, about: &ChangeView<'_>) -> Result<()> {
        if self.style.format.is_machine() {
            return machine::change(self.out, outcome, &self.style);
        }
        self.put(&change::for_people(outcome, about.view, &self.style))?;
        match outcome.result {
            _ if outcome.dry_run => Ok(()),
            ChangeResult::Unchanged => self.note(about.unchanged),
            _ => {
                self.success(about.banner)?;
                change::further_lines(outcome).iter().try_for_each(|line| self.note(line))
            }
        }
    }

    /// Prints the answer to a sign-in, and warns of what could not be used.
    pub fn sign_in(&mut self, admission: &Admission) -> Result<()> {
        sign_in::write(self.out, admission, &self.style)?;
        admission.warnings.iter().try_for_each(|warning| self.warning(warning))
    }

    /// Prints an API client that was just made, with its token under the banner: this once.
    pub fn new_api_client(&mut self, added: &Outcome<NewApiClient>, banner: &str, view: View) -> Result<()> {
        if self.style.format.is_machine() {
            machine::change(self.out, added, &self.style)?;
            return self.flush();
        }
        self.put(&change::for_people(added, view, &self.style))?;
        // Nobody would hear of it; the token is what matters.
        let _ = self.success(banner);
        if let Some(token) = added.record.as_ref().and_then(|new| new.token.as_ref()) {
            // Never wrapped: it is to be copied.
            writeln!(self.out, "\n{}", token.reveal())?;
        }
        self.flush()
    }

    /// Whether of a record only its id is printed.
    pub fn shows_ids_alone(&self) -> bool {
        self.style.format == Format::Ids
    }

    /// Prints whose token it is.
    pub fn token_check(&mut self, client: &ApiClient) -> Result<()> {
        token_check::write(self.out, client, &self.style)
    }

    /// Prints what came of an import, and what is left to do.
    pub fn import(&mut self, report: &ImportReport) -> Result<()> {
        import::write(self.out, report, &self.style)?;
        if report.dry_run || self.style.format.is_machine() {
            return Ok(());
        }
        if !report.changes_anything() && report.skipped == 0 {
            return self.note("There are no rows in the file. Nothing was changed.");
        }
        if !report.changes_anything() {
            return self.note("Everybody and everything in the file is there already. Nothing was changed.");
        }
        self.success("File imported")?;
        if report.emails == 0 { Ok(()) } else { self.note("To send what is queued: frontdesk emails send") }
    }

    /// Prints what came of a move.
    pub fn moved(&mut self, moved: &Moved) -> Result<()> {
        moving::write(self.out, moved, &self.style)
    }

    /// Prints what came of a backup.
    pub fn backed_up(&mut self, backed_up: &BackedUp) -> Result<()> {
        backup::write_backed_up(self.out, backed_up, &self.style)
    }

    /// Prints what came of a restoration.
    pub fn restored(&mut self, restored: &Restored) -> Result<()> {
        backup::write_restored(self.out, restored, &self.style)
    }

    /// Prints rows as CSV, as they come.
    pub fn rows(&mut self, header: &[&str], write: impl FnOnce(&mut Csv<'_>) -> Result<()>) -> Result<()> {
        let mut csv = Csv::new(self.out, header.iter().copied())?;
        write(&mut csv)?;
        csv.finish()
    }

    /// Prints checks as they are made.
    pub fn checks(&mut self) -> Checks<'_> {
        Checks::new(self.out, self.style.clone())
    }

    /// Prints who is acting, with which configuration.
    pub fn who_am_i(&mut self, actor: Option<&Actor>, values: &[ConfiguredValue], view: View) -> Result<()> {
        who_am_i::write(self.out, actor, values, &self.style.layout(view), &self.style)
    }

    /// Says that something is done: `Success: User added`. Scripts are told by the exit code.
    pub fn success(&mut self, text: &str) -> Result<()> {
        if self.style.quiet || self.style.format.is_machine() {
            return Ok(());
        }
        self.tell_under(SUCCESS, "Success:", text)
    }

    /// Says something worth knowing that needs no action.
    pub fn note(&mut self, text: &str) -> Result<()> {
        if self.style.quiet { Ok(()) } else { self.tell(&self.on_this_desk(text), |line| line.to_owned()) }
    }

    /// Warns.
    pub fn warning(&mut self, text: &str) -> Result<()> {
        self.tell_under(WARNING, "Warning:", text)
    }

    /// Says what is done along the way, to those who asked with `--verbose`.
    pub fn detail(&mut self, text: &str) -> Result<()> {
        if self.style.verbose { self.tell(&safe_text(text), |line| line.to_owned()) } else { Ok(()) }
    }

    /// Ends a run that failed, with the exit code that it will have. A closed pipe ends quietly.
    pub fn error(self, error: &Error, exit: u8) -> Result<()> {
        if error.kind == ErrorKind::ClosedPipe {
            return Ok(());
        }
        if self.style.format.has_json_errors() {
            // On one line in either format, so that a log keeps it together.
            json::write(self.err, &problems::for_machines(error, exit, &self.style), false)?;
        } else {
            // The error may be that standard output is broken; it is told all the same.
            let _ = self.out.flush();
            write!(self.err, "{}", problems::for_people(error, &self.style))?;
        }
        self.err.flush()?;
        Ok(())
    }

    /// Writes what standard output still holds back, so that a failure is known while it can be told
    /// what was done before.
    pub fn flush(&mut self) -> Result<()> {
        Ok(self.out.flush()?)
    }

    /// Ends a run that succeeded: nothing is left unwritten.
    pub fn finish(&mut self) -> Result<()> {
        self.flush()?;
        for line in &self.held_back {
            writeln!(self.err, "{line}")?;
        }
        self.err.flush()?;
        Ok(())
    }

    /// A line that is told, made safe, with the flags of this run in its commands.
    pub fn on_this_desk(&self, line: &str) -> String {
        safe_text(&flow::with_flags(line, &self.style.desk_flags))
    }

    fn put(&mut self, text: &str) -> Result<()> {
        self.out.write_all(text.as_bytes())?;
        Ok(())
    }

    /// Tells what begins with a word in this ink.
    fn tell_under(&mut self, ink: Ink, word: &str, text: &str) -> Result<()> {
        let painted = paint(self.style.colour_err, ink, word);
        self.tell(&format!("{word} {}", self.on_this_desk(text)), |line| line.replacen(word, &painted, 1))
    }

    /// Tells one line, as wide as the terminal; its beginning is painted when its width is known.
    fn tell(&mut self, line: &str, paint: impl Fn(&str) -> String) -> Result<()> {
        if self.style.format.has_json_errors() {
            self.held_back.push(paint(line));
            return Ok(());
        }
        self.out.flush()?;
        writeln!(self.err, "{}", paint(&flow::lines(line, self.style.columns_err).join("\n")))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::{BufWriter, Write};
    use std::rc::Rc;

    use super::Printer;
    use crate::domain::change::{ChangeResult, Outcome};
    use crate::error::{Error, Result};
    use crate::output::change::ChangeView;
    use crate::output::format::Format;
    use crate::output::samples::{style, user, view};
    use crate::output::style::Style;

    /// What a run leaves on the two streams.
    fn run(style: Style, act: impl FnOnce(Printer<'_>) -> Result<()>) -> (String, String) {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        act(Printer::new(&mut out, &mut err, style)).expect("written");
        (String::from_utf8(out).expect("UTF-8"), String::from_utf8(err).expect("UTF-8"))
    }

    fn warn_and_add(printer: &mut Printer<'_>) -> Result<()> {
        let outcome = Outcome::new(ChangeResult::Added, Some(user("Ann", "Abel")), false);
        printer.warning("one thing")?;
        printer.note("another")?;
        printer.detail("and all the rest")?;
        printer.change(&outcome, &ChangeView { banner: "User added", unchanged: "Nothing was changed.", view: view() })
    }

    #[test]
    fn people_get_the_record_on_one_stream_and_the_banner_on_the_other() {
        let (out, err) = run(style(Format::Table), |mut printer| {
            warn_and_add(&mut printer)?;
            printer.finish()
        });
        assert!(out.starts_with("Ann Abel\n"), "{out}");
        assert_eq!(err, "Warning: one thing\nanother\nSuccess: User added\n");
    }

    /// Both streams on one terminal.
    #[derive(Clone, Default)]
    struct Shared(Rc<RefCell<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn on_one_terminal_lines_come_in_the_order_in_which_they_were_said() {
        let both = Shared::default();
        let (mut out, mut err) = (BufWriter::new(both.clone()), both.clone());
        let mut printer = Printer::new(&mut out, &mut err, style(Format::Ids));
        printer.show(&user("Ann", "Abel"), view(), &[]).expect("written");
        printer.warning("one thing").expect("written");
        printer.show(&user("Zoe", "Young"), view(), &[]).expect("written");
        printer.error(&Error::usage("No"), 2).expect("written");
        assert_eq!(String::from_utf8_lossy(&both.0.borrow()), "0190-ann\nWarning: one thing\n0190-zoe\nError: No\n");
    }

    #[test]
    fn quiet_leaves_warnings_and_verbose_adds_details() {
        let both = |quiet, verbose| Style { quiet, verbose, ..style(Format::Table) };
        let told = |style| {
            run(style, |mut printer| {
                warn_and_add(&mut printer)?;
                printer.finish()
            })
            .1
        };
        assert_eq!(told(both(true, false)), "Warning: one thing\n");
        assert_eq!(told(both(false, true)), "Warning: one thing\nanother\nand all the rest\nSuccess: User added\n");
    }

    #[test]
    fn under_json_warnings_wait_and_a_failure_stands_alone() {
        let (out, err) = run(style(Format::Json), |mut printer| {
            warn_and_add(&mut printer)?;
            printer.finish()
        });
        assert!(out.starts_with("{\n  \"schema\": 1,\n  \"result\": \"added\",\n"), "{out}");
        assert_eq!(err, "Warning: one thing\nanother\n");

        let (out, err) = run(Style { verbose: true, ..style(Format::Json) }, |mut printer| {
            printer.warning("one thing")?;
            printer.error(&Error::usage("No"), 2)
        });
        assert_eq!(out, "");
        assert_eq!(err, "{\"error\":{\"code\":\"usage\",\"reason\":null,\"message\":\"No\",\"fields\":[],\"hint\":null},\"exit\":2}\n");
    }

    #[test]
    fn a_closed_pipe_ends_quietly() {
        let (out, err) = run(style(Format::Csv), |printer| {
            let closed = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
            printer.error(&Error::from(closed), 0)
        });
        assert_eq!((out.as_str(), err.as_str()), ("", ""));
    }
}
