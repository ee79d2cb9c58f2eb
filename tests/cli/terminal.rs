//! A real terminal to test in: a pseudo-terminal of a known size with the binary in it, keys that
//! are typed, and the screen as a person sees it.
//!
//! Nothing here sleeps to pass: a wait reads until the text is there, and fails after ten seconds
//! with the screen printed.

use std::fs::File;
use std::num::NonZeroU16;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Winsize, tcgetattr, tcsetwinsize};
use vt100::{Parser, Screen};

use crate::desk::Desk;
use crate::screen::{Printed, is_drawn, menu, selected as selected_in, words};

pub const ENTER: &str = "\r";
pub const ESCAPE: &str = "\x1B";
pub const UP: &str = "\x1B[A";
pub const DOWN: &str = "\x1B[B";
pub const LEFT: &str = "\x1B[D";
pub const HOME: &str = "\x1B[H";
pub const END: &str = "\x1B[F";
pub const BACKSPACE: &str = "\x7F";
pub const CTRL_C: &str = "\x03";
pub const CTRL_D: &str = "\x04";
pub const CTRL_U: &str = "\x15";
pub const CTRL_W: &str = "\x17";

/// Where the screen shows a character that must not be shown.
pub const MARK: &str = "¿";

const PATIENCE: Duration = Duration::from_secs(10);
/// Rows enough for everything that is printed between two keys.
const FRESH_ROWS: u16 = 400;

/// A terminal that is to be opened: 24 rows and 80 columns unless it is said otherwise.
pub struct Setting<'a> {
    desk: &'a Desk,
    rows: u16,
    columns: u16,
    variables: Vec<(&'a str, &'a str)>,
    input_is_terminal: bool,
    output: Option<&'a Path>,
    errors: Option<&'a Path>,
    hears_hangups: bool,
}

/// An open terminal, with a program in it.
pub struct Terminal {
    master: OwnedFd,
    child: Child,
    screen: Parser,
    /// What was printed since the last keys, on a screen of its own.
    fresh: Parser,
    /// Everything that was printed.
    pub bytes: Vec<u8>,
    undrawn: Vec<u8>,
    mode_before: String,
    is_open: bool,
}

fn size(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}

impl<'a> Setting<'a> {
    pub fn at(desk: &'a Desk) -> Self {
        let variables = vec![("TERM", "xterm-256color")];
        Self { desk, rows: 24, columns: 80, variables, input_is_terminal: true, output: None, errors: None, hears_hangups: true }
    }

    pub fn columns(self, columns: u16) -> Self {
        Self { columns, ..self }
    }

    pub fn rows(self, rows: u16) -> Self {
        Self { rows, ..self }
    }

    pub fn with(mut self, name: &'a str, value: &'a str) -> Self {
        self.variables.push((name, value));
        self
    }

    /// Standard input is empty and no terminal.
    pub fn without_input(self) -> Self {
        Self { input_is_terminal: false, ..self }
    }

    /// Standard output goes to a file.
    pub fn output_to(self, path: &'a Path) -> Self {
        Self { output: Some(path), ..self }
    }

    /// Standard error goes to a file.
    pub fn errors_to(self, path: &'a Path) -> Self {
        Self { errors: Some(path), ..self }
    }

    /// The program outlives its terminal, as under `nohup`.
    pub fn deaf_to_hangups(self) -> Self {
        Self { hears_hangups: false, ..self }
    }

    /// Runs the binary in the terminal, as the leader of a session of its own.
    pub fn run(self, arguments: &[&str]) -> Terminal {
        self.run_behind(|desk, leader| desk.command_behind(leader, arguments))
    }

    /// Runs another program, which finds `frontdesk` on its path.
    pub fn run_other(self, program: &[&str]) -> Terminal {
        self.run_behind(|desk, leader| desk.command_of(&[leader, program].concat()))
    }

    fn run_behind(self, behind: impl FnOnce(&Desk, &[&str]) -> Command) -> Terminal {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        tcsetwinsize(&master, winsize(self.rows, self.columns)).unwrap();
        let mode_before = format!("{:?}", tcgetattr(&master).unwrap());
        let end = || ioctl_tiocgptpeer(&master, OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        let to = |path: Option<&Path>| path.map_or_else(|| Stdio::from(end()), |path| Stdio::from(File::create(path).unwrap()));

        let deaf = ["/bin/sh", "-c", "trap '' HUP; exec \"$@\"", "sh"];
        let leader: &[&str] = if self.input_is_terminal { &["/usr/bin/setsid", "--ctty"] } else { &["/usr/bin/setsid"] };
        let program = [leader, if self.hears_hangups { &[] } else { &deaf }].concat();
        let mut command = behind(self.desk, &program);
        command.envs(self.variables.iter().copied()).stdout(to(self.output)).stderr(to(self.errors));
        command.stdin(if self.input_is_terminal { Stdio::from(end()) } else { Stdio::null() });
        let child = command.spawn().unwrap();
        // The command holds its ends of the terminal, and would keep it open.
        drop(command);
        Terminal {
            master,
            child,
            screen: Parser::new(size(self.rows), size(self.columns), 0),
            fresh: Parser::new(size(FRESH_ROWS), size(self.columns), 0),
            bytes: Vec::new(),
            undrawn: Vec::new(),
            mode_before,
            is_open: true,
        }
    }
}

fn winsize(rows: u16, columns: u16) -> Winsize {
    Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }
}

impl Terminal {
    /// Types keys. Waits that follow look only at what is printed after them.
    pub fn type_keys(&mut self, keys: &str) {
        let (_, columns) = self.screen.screen().size();
        self.fresh = Parser::new(size(FRESH_ROWS), columns, 0);
        let mut rest = keys.as_bytes();
        while !rest.is_empty() {
            let written = rustix::io::write(&self.master, rest).unwrap();
            rest = &rest[written..];
        }
    }

    /// Pastes text, as a terminal does: marked where the program asked for it, and with the line breaks
    /// that Enter sends.
    pub fn paste(&mut self, text: &str) {
        let typed = text.replace('\n', ENTER);
        let is_marked = self.screen.screen().bracketed_paste();
        self.type_keys(&if is_marked { format!("\x1B[200~{typed}\x1B[201~") } else { typed });
    }

    /// Waits until this text was printed after the last keys, however it is wrapped.
    pub fn wait_for(&mut self, text: &str) {
        self.wait(&format!("{text:?}"), |fresh| fresh.words().contains(&words(text)));
    }

    /// Waits until these texts were printed after the last keys, one after another.
    pub fn wait_in_order(&mut self, texts: &[&str]) {
        self.wait(&format!("{texts:?} in this order"), |fresh| {
            let printed = fresh.words();
            let mut rest = printed.as_str();
            texts.iter().all(|text| match rest.split_once(&words(text)) {
                Some((_, after)) => {
                    rest = after;
                    true
                }
                None => false,
            })
        });
    }

    /// The command that does the same as the last change, as it was printed.
    pub fn same_as_one_command(&self) -> String {
        let printed = String::from_utf8_lossy(&self.bytes);
        let (_, after) = printed.rsplit_once("The same change as one command:\r\n").unwrap();
        after.lines().next().unwrap().strip_prefix("frontdesk ").unwrap().to_owned()
    }

    /// Answers a question that is asked for text.
    pub fn answer(&mut self, question: &str, typed: &str) {
        self.wait_for(question);
        self.type_keys(&format!("{typed}{ENTER}"));
    }

    /// Answers a question that is asked again: what was typed is there, and goes.
    pub fn correct(&mut self, error: &str, typed: &str) {
        self.wait_for(error);
        self.type_keys(&format!("{CTRL_U}{typed}{ENTER}"));
    }

    /// Moves to the choice that begins with this label, and chooses it.
    pub fn choose(&mut self, question: &str, label: &str) {
        self.select(question, label);
        self.type_keys(ENTER);
    }

    /// Moves to the choice that begins with this label.
    pub fn select(&mut self, question: &str, label: &str) {
        self.wait(&format!("the choices of {question:?}"), |fresh| menu(&fresh.rows(), question).is_some_and(|menu| is_drawn(&menu)));
        let selected = menu(&Printed(&self.fresh).rows(), question).and_then(|menu| selected_in(&menu));
        self.move_to(selected, label);
    }

    /// Chooses what is selected.
    pub fn choose_this(&mut self) {
        self.type_keys(ENTER);
    }

    /// Moves on from a selection that was shown after the last keys, and chooses.
    pub fn choose_next(&mut self, label: &str) {
        self.move_to(None, label);
        self.type_keys(ENTER);
    }

    fn move_to(&mut self, mut selected: Option<String>, label: &str) {
        for _ in 0..200 {
            if selected.as_deref().is_some_and(|row| row.starts_with(label)) {
                return;
            }
            self.type_keys(DOWN);
            self.wait("a selection", |fresh| selected_in(&fresh.rows()).is_some());
            selected = selected_in(&Printed(&self.fresh).rows());
        }
        self.fail(&format!("There is no choice {label:?}"));
    }

    /// The screen, line by line, without the spaces and empty lines at its ends.
    pub fn screen(&self) -> String {
        let text = self.screen.screen().contents();
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned()
    }

    /// The screen with its colours.
    pub fn picture(&self) -> &Screen {
        self.screen.screen()
    }

    /// What was printed after the last keys.
    pub fn fresh(&self) -> String {
        Printed(&self.fresh).rows().join("\n").trim_matches('\n').to_owned()
    }

    /// The row and column of the cursor, and its row's text.
    pub fn cursor(&self) -> (String, u16) {
        let (row, column) = self.screen.screen().cursor_position();
        let (_, columns) = self.screen.screen().size();
        (self.screen.screen().rows(0, columns.get()).nth(usize::from(row)).unwrap(), column)
    }

    /// Gives the terminal another size, as somebody who drags its corner. Waits that follow look only at
    /// what is printed after it.
    pub fn resize(&mut self, rows: u16, columns: u16) {
        self.screen.screen_mut().set_size(size(rows), size(columns));
        self.fresh = Parser::new(size(FRESH_ROWS), size(columns), 0);
        tcsetwinsize(&self.master, winsize(rows, columns)).unwrap();
    }

    /// The exit code, once the program has ended: it has shown the cursor and left the mode of the
    /// terminal as it was.
    pub fn finish(&mut self) -> i32 {
        let deadline = Instant::now() + PATIENCE;
        while self.is_open {
            if !self.read(deadline) {
                self.fail("The program did not end");
            }
        }
        let status = self.child.wait().unwrap();
        assert!(!self.screen.screen().hide_cursor(), "the cursor is hidden\n{}", self.screen());
        assert!(!self.screen.screen().bracketed_paste(), "pastes are marked\n{}", self.screen());
        assert_eq!(format!("{:?}", tcgetattr(&self.master).unwrap()), self.mode_before, "the mode of the terminal");
        status.code().unwrap_or_else(|| -status.signal().unwrap())
    }

    /// Sends the program a signal, and gives its exit code, or minus the signal that ended it.
    pub fn end_by(mut self, signal: Signal) -> i32 {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        ended(&mut self.child)
    }

    /// Closes the terminal under the program, and gives its exit code, or minus the signal that
    /// ended it.
    pub fn close(self) -> i32 {
        let Self { master, mut child, .. } = self;
        drop(master);
        ended(&mut child)
    }

    fn wait(&mut self, what: &str, is_there: impl Fn(Printed<'_>) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !is_there(Printed(&self.fresh)) {
            if !self.is_open {
                self.fail(&format!("The program ended without {what}"));
            }
            if !self.read(deadline) {
                self.fail(&format!("There is no {what}"));
            }
        }
    }

    /// Reads what is printed next. Not before the deadline: false.
    fn read(&mut self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = Timespec { tv_sec: i64::try_from(left.as_secs()).unwrap(), tv_nsec: left.subsec_nanos().into() };
        let mut ready = [PollFd::new(&self.master, PollFlags::IN)];
        if poll(&mut ready, Some(&timeout)).unwrap() == 0 {
            return false;
        }
        let mut buffer = [0; 4096];
        match rustix::io::read(&self.master, &mut buffer) {
            Ok(read) if read > 0 => {
                self.bytes.extend(&buffer[..read]);
                self.draw(&buffer[..read]);
            }
            // Nobody has the other end open any more.
            _ => self.is_open = false,
        }
        true
    }

    /// vt100 draws nothing for U+FFFD, where a terminal draws a mark: here it is an upside-down
    /// question mark.
    fn draw(&mut self, bytes: &[u8]) {
        self.undrawn.extend(bytes);
        let mark = "\u{FFFD}".as_bytes();
        // A mark may arrive in two parts.
        let whole = (1..mark.len()).rev().find(|part| self.undrawn.ends_with(&mark[..*part])).unwrap_or(0);
        let rest = self.undrawn.split_off(self.undrawn.len() - whole);
        let mut drawn = Vec::new();
        for byte in std::mem::replace(&mut self.undrawn, rest) {
            drawn.push(byte);
            if drawn.ends_with(mark) {
                drawn.truncate(drawn.len() - mark.len());
                drawn.extend(MARK.as_bytes());
            }
        }
        self.screen.process(&drawn);
        self.fresh.process(&drawn);
    }

    fn fail(&mut self, message: &str) -> ! {
        let _ = self.child.kill();
        panic!("{message}\n--- on the screen\n{}\n--- printed after the last keys\n{}\n---", self.screen(), self.fresh());
    }
}

/// The exit code of a program that is about to end, or minus the signal that ended it.
fn ended(child: &mut Child) -> i32 {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code().unwrap_or_else(|| -status.signal().unwrap());
        }
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("the program outlived its terminal, or a signal");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
