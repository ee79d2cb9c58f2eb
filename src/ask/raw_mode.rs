//! The terminal's mode while a question is asked, put back whatever ends it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::stdio::stdin;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

/// Ctrl-C as it arrives when the terminal makes no signal of it.
pub const INTERRUPT: u8 = 0x03;

/// Held by whoever changes the mode or draws: a program that is stopped puts everything back last of all.
static CHANGING: Mutex<()> = Mutex::new(());

/// The mode that the terminal has, if it is one.
pub fn mode_now() -> Option<Termios> {
    tcgetattr(stdin()).ok()
}

/// Keeps everybody else from changing the mode, and from drawing.
pub fn hold() -> Held {
    Held(CHANGING.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Nobody else changes the mode of the terminal.
pub struct Held(#[expect(dead_code, reason = "it is held")] MutexGuard<'static, ()>);

impl Held {
    /// Gives the terminal this mode.
    pub fn put_back(&self, mode: &Termios) {
        let _ = tcsetattr(stdin(), OptionalActions::Drain, mode);
    }
}

/// Puts the terminal's mode back when it is dropped.
pub struct Mode {
    before: Option<Termios>,
}

impl Mode {
    /// Every key arrives at once, unechoed, Ctrl-C too. Held for a whole question: between two keys
    /// the terminal would otherwise echo what is typed ahead, and turn Ctrl-C into a signal.
    pub fn keys() -> Self {
        Self::change(|mode| mode.make_raw())
    }

    /// Lines arrive whole, echoed and edited by the terminal itself, and Ctrl-C ends a line instead
    /// of the program. Held for all questions of a run, too, that hears Ctrl-C in its own way: between two
    /// of them it then waits for the next, which ends the run with its word that nothing was changed.
    pub fn lines() -> Self {
        Self::change(make_lines)
    }

    /// The same, but that nothing of a line is echoed.
    pub fn hidden_lines() -> Self {
        Self::change(|mode| {
            make_lines(mode);
            mode.local_modes.remove(LocalModes::ECHO);
        })
    }

    fn change(change: impl FnOnce(&mut Termios)) -> Self {
        let held = hold();
        // Without a terminal there is nothing to change, and reading fails soon enough.
        let before = mode_now();
        if let Some(before) = &before {
            let mut mode = before.clone();
            let output_modes = mode.output_modes;
            change(&mut mode);
            // A new line still begins at the left.
            mode.output_modes = output_modes;
            held.put_back(&mode);
        }
        Self { before }
    }
}

fn make_lines(mode: &mut Termios) {
    mode.local_modes.remove(LocalModes::ISIG);
    mode.special_codes[SpecialCodeIndex::VEOL] = INTERRUPT;
}

impl Drop for Mode {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            hold().put_back(before);
        }
    }
}
