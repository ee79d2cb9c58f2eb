//! Questions on a terminal, by keys: a line that is edited in place, and lists to move in.
//!
//! dialoguer would be the crate for this. Its text prompt loses what was typed when an answer is
//! wrong, knows no Esc and counts wide characters as narrow ones, and Ctrl-C ends its prompts by a
//! signal with the cursor hidden. So the screen is drawn by `console`, on which it stands, too, and
//! the keys are read here.

use console::Term;

use super::keys::{Key, Keys};
use super::line::{Edit, Line};
use super::menu::Menu;
use super::prompter::{Choice, Prompter, Reply, Shortcut};
use super::raw_mode::{Mode, hold};
use super::standard_input::StandardInput;
use super::window::Window;
use crate::domain::secret::Secret;
use crate::error::{Error, Result};
use crate::output::flow;
use crate::output::pairs::wrap;
use crate::output::safe_text::{safe_lines, safe_text};
use crate::output::style::{BOLD, DIM, ERROR, paint};

/// Asks on standard error, by the keys of standard input.
pub struct Rich {
    terminal: Term,
    colour: bool,
    /// The keys have been explained.
    has_explained: bool,
    /// So has the key of a choice.
    has_explained_shortcut: bool,
    /// What was written since the last answer: a menu leaves it in sight.
    said: String,
    /// A line that must be in sight at the next question.
    recalled: Option<String>,
}

/// What ends the marks around a paste, and shows the cursor.
const FAREWELL: &str = "\x1B[?2004l\x1B[?25h";
/// A menu is shown as if the screen had at least this many rows, whatever stands above it: the choices of
/// a form are never taken apart.
const SHORTEST_MENU: u16 = 13;

impl Rich {
    /// A prompter, with colour or without.
    pub fn new(colour: bool) -> Self {
        Self {
            terminal: Term::buffered_stderr(),
            colour,
            has_explained: false,
            has_explained_shortcut: false,
            said: String::new(),
            recalled: None,
        }
    }

    fn line(&self, text: &str) -> Result<()> {
        Ok(self.terminal.write_line(text)?)
    }

    /// The question and what is wrong with the last answer.
    fn head(&self, question: &str, error: Option<&str>) -> Result<()> {
        let width = usize::from(self.columns());
        for line in wrap(&safe_text(question), width, "", "", true) {
            self.line(&paint(self.colour, BOLD, &line))?;
        }
        for line in error.iter().flat_map(|error| wrap(&format!("Error: {}", safe_text(error)), width, "", "", true)) {
            self.line(&paint(self.colour, ERROR, &line))?;
        }
        Ok(())
    }

    /// Draws the line again, with the cursor in its place.
    fn draw(&self, line: &Line) -> Result<()> {
        const PROMPT: &str = "> ";
        let (text, cursor) = line.visible(usize::from(self.columns()).saturating_sub(PROMPT.len()));
        self.terminal.clear_line()?;
        self.terminal.write_str(&format!("{PROMPT}{text}\r"))?;
        self.terminal.move_cursor_right(PROMPT.len() + cursor)?;
        Ok(flush(&self.terminal)?)
    }

    /// Lines of the screen that a text takes.
    fn height(&self, text: &str) -> usize {
        let columns = usize::from(self.columns()).max(1);
        text.lines().map(|line| console::measure_text_width(line).div_ceil(columns).max(1)).sum()
    }

    /// What the keys do, where that is news.
    fn explanation(&mut self, choices: &[Choice]) -> Option<String> {
        let shortcut = choices.iter().find_map(|choice| choice.shortcut);
        let explains_shortcut = shortcut.is_some() && !self.has_explained_shortcut;
        let is_news = !self.has_explained || explains_shortcut;
        self.has_explained = true;
        self.has_explained_shortcut |= explains_shortcut;
        let shortcut = shortcut.map_or_else(String::new, |Shortcut { key, does }| format!("{key} {does}, "));
        is_news.then(|| format!("Arrow keys move, Enter chooses, {shortcut}Esc goes back"))
    }

    /// Everything above the choices, on the screen as it is now.
    fn draw_head(&self, question: &str, error: Option<&str>, explanation: Option<&str>) -> Result<()> {
        self.head(question, error)?;
        for line in explanation.iter().flat_map(|text| wrap(text, usize::from(self.columns()), "", "", true)) {
            self.line(&paint(self.colour, DIM, &line))?;
        }
        Ok(())
    }

    fn rows(&self) -> u16 {
        self.terminal.size_checked().map_or(24, |(rows, _columns)| rows)
    }
}

impl Prompter for Rich {
    fn say(&mut self, text: &str) -> Result<()> {
        self.said.push_str(text);
        self.terminal.write_str(text)?;
        Ok(flush(&self.terminal)?)
    }

    fn recall(&mut self, line: &str) {
        self.recalled = Some(line.to_owned());
    }

    fn text(&mut self, question: &str, typed: &str, error: Option<&str>) -> Result<Reply<String>> {
        self.recalled = None;
        self.head(question, error)?;
        self.said.clear();
        let _mode = Mode::keys();
        let mut keys = MarkedKeys::begin(&self.terminal);
        let mut line = Line::new(typed);
        let reply = loop {
            self.draw(&line)?;
            match keys.next() {
                Ok(Key::Enter) => break Ok(Reply::Given(line.text())),
                Ok(Key::Escape) => break Ok(Reply::Back),
                Ok(key) => edit_of(key).into_iter().for_each(|edit| line.apply(edit)),
                Err(error) => break Err(error),
            }
        };
        let tidied = self.line("").and_then(|()| Ok(flush(&self.terminal)?));
        // Where the terminal is gone, that is what ended the question, not that nothing can be drawn.
        reply.and_then(|reply| tidied.map(|()| reply))
    }

    fn secret(&mut self, question: &str) -> Result<Reply<Secret>> {
        self.recalled = None;
        self.head(question, None)?;
        for line in wrap("It is not shown as you type", usize::from(self.columns()), "", "", true) {
            self.line(&paint(self.colour, DIM, &line))?;
        }
        self.said.clear();
        let _mode = Mode::keys();
        let mut keys = MarkedKeys::begin(&self.terminal);
        let mut line = Line::default();
        let reply = loop {
            // As it is drawn where nothing was typed yet.
            self.draw(&Line::default())?;
            match keys.next() {
                Ok(Key::Enter) => break Ok(Reply::Given(Secret::new(line.text()))),
                Ok(Key::Escape) => break Ok(Reply::Back),
                Ok(key) => edit_of(key).into_iter().for_each(|edit| line.apply(edit)),
                Err(error) => break Err(error),
            }
        };
        let tidied = self.line("").and_then(|()| Ok(flush(&self.terminal)?));
        reply.and_then(|reply| tidied.map(|()| reply))
    }

    fn choose(&mut self, question: &str, choices: &[Choice], selected: Option<usize>, error: Option<&str>) -> Result<Reply<Option<usize>>> {
        // The menu takes up to ten lines, with its question and the cursor's own line.
        let below = choices.len().min(usize::from(SHORTEST_MENU - 3)) + 2;
        if let Some(line) = self.recalled.take().filter(|_| self.height(&self.said) + below > usize::from(self.rows())) {
            self.say(&format!("{}\n", flow::text(&safe_text(&line), Some(self.columns()))))?;
        }
        let explanation = self.explanation(choices);
        self.draw_head(question, error, explanation.as_deref())?;
        let _mode = Mode::keys();
        let mut keys = MarkedKeys::begin(&self.terminal);
        let mut menu = Menu::new(choices.len(), selected);
        let page = std::mem::take(&mut self.said);
        let mut drawn = 0;
        let reply = loop {
            let said = u16::try_from(self.height(&page)).unwrap_or(u16::MAX);
            let lines = menu.lines(choices, self.columns(), self.rows().saturating_sub(said).max(SHORTEST_MENU.min(self.rows())));
            self.terminal.clear_last_lines(drawn)?;
            for line in &lines {
                let is_selected = line.starts_with('>');
                self.line(&if is_selected { paint(self.colour, BOLD, line) } else { line.clone() })?;
            }
            flush(&self.terminal)?;
            drawn = lines.len();
            match keys.next() {
                // A terminal moves the lines about as it likes, so that only an empty screen is a sure start.
                Ok(Key::Resized) => {
                    self.terminal.clear_screen()?;
                    self.terminal.write_str(&flow::text(&page, Some(self.columns())))?;
                    self.draw_head(question, error, explanation.as_deref())?;
                    drawn = 0;
                }
                Ok(Key::Down | Key::Tab) => menu.next(),
                Ok(Key::Up | Key::BackTab) => menu.previous(),
                Ok(Key::Home | Key::PageUp) => menu.first(),
                Ok(Key::End | Key::PageDown) => menu.last(),
                Ok(Key::Enter) => break Ok(Reply::Given(menu.selected)),
                Ok(Key::Escape) => break Ok(Reply::Back),
                Ok(Key::Character(typed)) => {
                    if let Some(index) = choices.iter().position(|choice| choice.shortcut.is_some_and(|shortcut| shortcut.key == typed)) {
                        break Ok(Reply::Given(Some(index)));
                    }
                }
                Ok(_) => {}
                Err(error) => break Err(error),
            }
        };
        let reply = match reply {
            Ok(reply) => reply,
            Err(error) => {
                let _ = self.terminal.clear_last_lines(drawn).and_then(|()| flush(&self.terminal));
                return Err(error);
            }
        };
        self.terminal.clear_last_lines(drawn)?;
        if let Reply::Given(Some(chosen)) = &reply {
            let short = choices.get(*chosen).map_or("", |choice| choice.short.as_str());
            self.line(&paint(self.colour, DIM, &format!("> {}", safe_lines(short))))?;
        }
        flush(&self.terminal)?;
        Ok(reply)
    }

    fn farewell(&self) -> &'static str {
        FAREWELL
    }

    fn columns(&self) -> u16 {
        self.terminal.size_checked().map_or(80, |(_rows, columns)| columns)
    }
}

/// Writes what was drawn, unless somebody has taken leave of the terminal.
fn flush(terminal: &Term) -> std::io::Result<()> {
    let _held = hold();
    terminal.flush()
}

/// The keys of one question. While it is asked the terminal marks what is pasted, whatever ends it, and
/// its window is watched.
struct MarkedKeys {
    keys: Keys,
    window: Window,
    terminal: Term,
}

impl MarkedKeys {
    fn begin(terminal: &Term) -> Self {
        // Written with what is drawn next. A terminal that knows no such marks passes it over.
        let _ = terminal.write_str("\x1B[?2004h");
        Self { keys: Keys::default(), window: Window::watch(), terminal: terminal.clone() }
    }

    /// The next key, unless it is one that leaves.
    fn next(&mut self) -> Result<Key> {
        if !self.keys.has_read_ahead() && self.window.changes_before_key() {
            return Ok(Key::Resized);
        }
        match self.keys.next(&mut StandardInput)? {
            Key::Interrupt => Err(Error::interrupted()),
            Key::EndOfInput => Err(Error::end_of_input()),
            key => Ok(key),
        }
    }
}

impl Drop for MarkedKeys {
    fn drop(&mut self) {
        let _ = self.terminal.write_str("\x1B[?2004l").and_then(|()| flush(&self.terminal));
    }
}

/// What a key does to a line, if anything.
fn edit_of(key: Key) -> Option<Edit> {
    Some(match key {
        Key::ClearBefore => Edit::ClearBefore,
        Key::ClearWord => Edit::ClearWord,
        Key::Character(character) => Edit::Insert(character),
        Key::Tab => Edit::Insert('\t'),
        Key::Backspace => Edit::Backspace,
        Key::Delete => Edit::Delete,
        Key::Left => Edit::Left,
        Key::Right => Edit::Right,
        Key::Home => Edit::Home,
        Key::End => Edit::End,
        _ => return None,
    })
}
