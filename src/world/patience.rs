//! How a long run waits, and how it hears of Ctrl-C.

use std::cell::Cell;
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::low_level::pipe;

use super::{Clock, Stopwatch};

/// The patience of a run that takes its time: it can wait, and Ctrl-C or SIGTERM end it. The run
/// then stops where it can; a second Ctrl-C stops the program wherever it is.
pub struct Patience {
    is_over: Arc<AtomicBool>,
    /// Something is under way that is waited for although it is over.
    is_waiting: Arc<AtomicBool>,
    /// A signal ends the program as if nobody listened.
    is_asleep: Arc<AtomicBool>,
    /// Gets a byte with each signal, so that nobody waits on.
    signals: UnixStream,
    passes: Passes,
}

/// Tells whoever works beside whether somebody wants the run to stop.
pub struct StopSignal(Arc<AtomicBool>);

impl StopSignal {
    /// Whether somebody wants that.
    pub fn is_given(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// How time passes for whoever waits.
enum Passes {
    Really(Stopwatch),
    /// With a fixed clock a wait takes no time, and is counted.
    Counted(Cell<Duration>),
}

impl Patience {
    /// Begins to count, and to listen for the signals; a second one ends the program with this code.
    ///
    /// # Errors
    /// The operating system gives no way to hear them.
    pub fn begin(clock: Clock, exit: u8) -> io::Result<Self> {
        let is_over = Arc::new(AtomicBool::new(false));
        let is_asleep = Arc::new(AtomicBool::new(false));
        let is_heard = Arc::new(AtomicBool::new(false));
        let (signals, sender) = UnixStream::pair()?;
        for signal in [SIGINT, SIGTERM] {
            flag::register(signal, Arc::clone(&is_heard))?;
            flag::register_conditional_default(signal, Arc::clone(&is_asleep))?;
            // In this order: the first signal must not find itself the second.
            flag::register_conditional_shutdown(signal, i32::from(exit), Arc::clone(&is_over))?;
            flag::register(signal, Arc::clone(&is_over))?;
            pipe::register(signal, sender.try_clone()?)?;
        }
        // One that came while only some of this was there yet.
        is_over.fetch_or(is_heard.load(Ordering::SeqCst), Ordering::SeqCst);
        let passes = match clock {
            Clock::System => Passes::Really(Stopwatch::start()),
            Clock::Fixed(_) => Passes::Counted(Cell::default()),
        };
        Ok(Self { is_over, is_waiting: Arc::default(), is_asleep, signals, passes })
    }

    /// Says this on standard error in the moment that Ctrl-C is pressed, while something is waited for:
    /// whoever pressed it would otherwise not know that it was heard.
    ///
    /// # Errors
    /// The operating system gives no way to hear the signal, or no thread.
    pub fn answer_at_once(&self, answer: &str) -> io::Result<()> {
        let (mut signals, sender) = UnixStream::pair()?;
        pipe::register(SIGINT, sender)?;
        let is_waiting = Arc::clone(&self.is_waiting);
        // A terminal has shown the keys.
        let line = format!("{}{answer}\n", if io::stderr().is_terminal() { "\n" } else { "" });
        let answers = move || {
            if signals.read_exact(&mut [0]).is_ok() && is_waiting.load(Ordering::SeqCst) {
                let _ = io::stderr().write_all(line.as_bytes());
            }
        };
        thread::Builder::new().spawn(answers).map(|_| ())
    }

    /// Does something that is waited for, whoever wants the run to stop.
    pub fn wait_for<T>(&self, work: impl FnOnce() -> T) -> T {
        self.is_waiting.store(true, Ordering::SeqCst);
        let done = work();
        self.is_waiting.store(false, Ordering::SeqCst);
        done
    }

    /// Does something, like asking a question, that a signal ends at once and with the program.
    pub fn asleep<T>(&self, work: impl FnOnce() -> T) -> T {
        self.is_asleep.store(true, Ordering::SeqCst);
        let done = work();
        self.is_asleep.store(false, Ordering::SeqCst);
        done
    }

    /// Waits until standard input can be read, or has ended. Returns whether nobody wants the run to stop.
    pub fn wait_for_standard_input(&self) -> bool {
        self.wait_to_read(rustix::stdio::stdin())
    }

    /// The same of another stream.
    pub fn wait_to_read(&self, stream: impl AsFd) -> bool {
        while !self.is_over() {
            let mut ready = [PollFd::new(&stream, PollFlags::IN), PollFd::new(&self.signals, PollFlags::IN)];
            match poll(&mut ready, None) {
                // A signal that nobody listens for, like a window that changed its size.
                Err(Errno::INTR) => {}
                // What cannot be waited for is read, and says what is wrong with it.
                _ => return !self.is_over(),
            }
        }
        false
    }

    /// Tells another thread of it.
    pub fn stop_signal(&self) -> StopSignal {
        StopSignal(Arc::clone(&self.is_over))
    }

    /// Whether somebody wants the run to stop.
    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    /// How long it has lasted.
    pub fn elapsed(&self) -> Duration {
        match &self.passes {
            Passes::Really(stopwatch) => stopwatch.elapsed(),
            Passes::Counted(elapsed) => elapsed.get(),
        }
    }

    /// Waits for so long, or until somebody wants the run to stop.
    pub fn wait(&self, time: Duration) {
        let end = self.elapsed().saturating_add(time);
        if let Passes::Counted(elapsed) = &self.passes {
            elapsed.set(end);
        }
        while !self.is_over() {
            let left = end.saturating_sub(self.elapsed());
            if left.is_zero() {
                return;
            }
            let mut ready = [PollFd::new(&self.signals, PollFlags::IN)];
            // A signal that interrupts the poll is the one that ends the patience.
            let _ = poll(&mut ready, Timespec::try_from(left).ok().as_ref());
        }
    }
}
