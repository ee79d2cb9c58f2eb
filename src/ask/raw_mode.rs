//! The terminal's mode while a question is asked, put back whatever ends it.

use rustix::stdio::stdin;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

/// Ctrl-C as it arrives when the terminal makes no signal of it.
pub const INTERRUPT: u8 = 0x03;

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
    /// of the program. Held for a whole journey, too: Ctrl-C between two questions then waits for the
    /// next, which ends the journey with its word that nothing was changed.
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
        // Without a terminal there is nothing to change, and reading fails soon enough.
        let before = tcgetattr(stdin()).ok();
        if let Some(before) = &before {
            let mut mode = before.clone();
            let output_modes = mode.output_modes;
            change(&mut mode);
            // A new line still begins at the left.
            mode.output_modes = output_modes;
            let _ = tcsetattr(stdin(), OptionalActions::Drain, &mode);
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
            let _ = tcsetattr(stdin(), OptionalActions::Drain, before);
        }
    }
}
