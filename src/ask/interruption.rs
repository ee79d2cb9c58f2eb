//! Ctrl-C between the questions of a journey, while the database is waited for: it is answered at once,
//! with a word on what was changed, and the terminal is left as it was.

use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::termios::Termios;
use signal_hook::consts::SIGINT;
use signal_hook::low_level::{emulate_default_handler, pipe};

use super::raw_mode::{hold, mode_now};
use crate::domain::storing::{Stop, Stored, Storing};

/// Listens until it is dropped; afterwards Ctrl-C ends the program as if nobody had listened.
pub struct Interruption {
    is_over: Arc<AtomicBool>,
}

impl Interruption {
    /// Begins to listen. Whoever stops the journey ends the program with this code.
    ///
    /// # Errors
    /// The operating system gives no way to hear the signal, or no thread.
    pub fn listen(storing: &Storing, exit: u8, farewell: &'static str) -> io::Result<Self> {
        let (signals, sender) = UnixStream::pair()?;
        pipe::register(SIGINT, sender)?;
        let is_over = Arc::new(AtomicBool::new(false));
        let listener = Listener { signals, storing: storing.clone(), is_over: Arc::clone(&is_over), before: mode_now(), exit, farewell };
        thread::Builder::new().spawn(move || listener.listen())?;
        Ok(Self { is_over })
    }
}

impl Drop for Interruption {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
    }
}

struct Listener {
    signals: UnixStream,
    storing: Storing,
    is_over: Arc<AtomicBool>,
    /// The mode that the terminal had before the journey.
    before: Option<Termios>,
    exit: u8,
    /// What the prompter has the terminal do at its end.
    farewell: &'static str,
}

impl Listener {
    fn listen(mut self) {
        while self.signals.read_exact(&mut [0]).is_ok() {
            if self.is_over.load(Ordering::SeqCst) {
                let _ = emulate_default_handler(SIGINT);
                continue;
            }
            let stop = self.storing.stop(|stored| {
                self.leave(match stored {
                    Stored::Nothing => "Stopped: nothing was changed",
                    Stored::Something => "Stopped: what was saved before stays saved",
                    Stored::InDoubt => "Stopped: the change may or may not have been stored. Look at the record before you make it again.",
                });
            });
            if stop == Stop::Wait {
                say("The change is being stored. To stop without knowing whether it was, press Ctrl-C again.");
            }
        }
    }

    /// Ends the program. Nobody changes the mode of the terminal any more.
    #[expect(clippy::disallowed_methods, reason = "whoever would return an exit code waits for the database")]
    fn leave(&self, word: &str) {
        let held = hold();
        if let Some(before) = &self.before {
            held.put_back(before);
        }
        write(self.farewell);
        say(word);
        std::process::exit(i32::from(self.exit));
    }
}

/// Below the keys that the terminal has shown.
fn say(line: &str) {
    write(&format!("\n{line}\n"));
}

#[expect(clippy::disallowed_methods, reason = "the stream of the world is held by whoever waits")]
fn write(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}
