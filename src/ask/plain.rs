//! Questions in accessible mode: plain numbered lines, nothing drawn twice, for screen readers and
//! for terminals that can do no more.

use console::Term;
use rustix::io::Errno;
use rustix::stdio::stdin;

use super::prompter::{Choice, Prompter, Reply};
use super::raw_mode::{INTERRUPT, Mode, hold};
use crate::domain::secret::Secret;
use crate::error::{Error, Result};
use crate::output::flow;
use crate::output::pairs::wrap;
use crate::output::safe_text::{safe_lines, safe_text};

/// The word that goes back, where others press Esc.
const BACK: &str = "back";

/// Asks in lines of text.
pub struct Plain {
    terminal: Term,
}

impl Default for Plain {
    fn default() -> Self {
        Self { terminal: Term::stderr() }
    }
}

impl Plain {
    fn write(&self, text: &str) -> Result<()> {
        let _held = hold();
        Ok(self.terminal.write_str(text)?)
    }

    /// The text made safe, in lines of the terminal's width.
    fn flowing(&self, text: &str) -> String {
        flow::text(&safe_text(text), Some(self.columns()))
    }

    /// What is answered on the same line.
    fn ask(&self, question: &str) -> Result<()> {
        self.write(&format!("{} ", self.flowing(question).trim_end_matches('\n')))
    }

    /// Reads a line as the terminal hands it over.
    fn line(&self) -> Result<String> {
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            match rustix::io::read(stdin(), &mut buffer) {
                Ok(0) => {
                    // On a line of its own, if there is still somebody to see it.
                    let _ = self.write("\n");
                    return Err(Error::end_of_input());
                }
                Ok(read) => bytes.extend(buffer.iter().take(read)),
                Err(Errno::INTR) => continue,
                Err(error) => return Err(Error::end_of_input().caused_by(std::io::Error::from(error))),
            }
            match bytes.last() {
                Some(&INTERRUPT) => {
                    self.write("\n")?;
                    return Err(Error::interrupted());
                }
                Some(b'\n') => break,
                _ => {}
            }
        }
        // What is not UTF-8 becomes U+FFFD, which no answer may hold.
        Ok(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned())
    }

    fn tell(&self, error: Option<&str>) -> Result<()> {
        error.map_or(Ok(()), |error| self.write(&self.flowing(&format!("Error: {error}"))))
    }
}

impl Prompter for Plain {
    fn say(&mut self, text: &str) -> Result<()> {
        self.write(text)
    }

    fn text(&mut self, question: &str, typed: &str, error: Option<&str>) -> Result<Reply<String>> {
        // Before the question can be read, so that whoever answers it with Ctrl-C is heard.
        let _mode = Mode::lines();
        self.tell(error)?;
        let kept = if typed.is_empty() { String::new() } else { format!(" (press Enter to keep {typed})") };
        self.ask(&format!("{question}{kept}:"))?;
        let line = self.line()?;
        Ok(match line.as_str() {
            "" => Reply::Given(typed.to_owned()),
            BACK => Reply::Back,
            _ => Reply::Given(line),
        })
    }

    fn secret(&mut self, question: &str) -> Result<Reply<Secret>> {
        let _mode = Mode::hidden_lines();
        self.ask(&format!("{question} (it is not shown as you type):"))?;
        let line = Secret::new(self.line()?);
        // The terminal showed no line break either.
        self.write("\n")?;
        Ok(if line.reveal() == BACK { Reply::Back } else { Reply::Given(line) })
    }

    fn choose(&mut self, question: &str, choices: &[Choice], selected: Option<usize>, error: Option<&str>) -> Result<Reply<Option<usize>>> {
        let _mode = Mode::lines();
        self.write(&self.flowing(question))?;
        // Set to the right, so that the columns of a long list stay straight.
        let digits = choices.len().to_string().len();
        for (index, choice) in choices.iter().enumerate() {
            let number = format!("{:>digits$}. ", index + 1);
            let label = safe_lines(&choice.label).replace('\n', ", ");
            for line in wrap(&label, usize::from(self.columns()), &number, &" ".repeat(number.len()), false) {
                self.write(&format!("{line}\n"))?;
            }
        }
        let mut error = error.map(str::to_owned);
        loop {
            self.tell(error.as_deref())?;
            let kept = selected.map_or_else(String::new, |index| format!(", Enter for {}", index + 1));
            self.ask(&format!("Enter a number from 1 to {}{kept}, or back:", choices.len()))?;
            let line = self.line()?;
            match (line.trim(), line.trim().parse::<usize>()) {
                ("", _) => return Ok(Reply::Given(selected)),
                (BACK, _) => return Ok(Reply::Back),
                (_, Ok(number)) if (1..=choices.len()).contains(&number) => return Ok(Reply::Given(Some(number - 1))),
                _ => error = Some(format!("Enter a number from 1 to {}", choices.len())),
            }
        }
    }

    fn columns(&self) -> u16 {
        self.terminal.size_checked().map_or(80, |(_rows, columns)| columns)
    }
}
