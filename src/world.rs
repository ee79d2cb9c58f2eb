//! The outside, passed in: streams, environment, clock, ids and what kind of terminal there is.
//! The only room that may read the real ones, so that a test can fix all of them.

#![allow(clippy::disallowed_methods, reason = "this is the room that the others take these from")]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufWriter, IsTerminal as _, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::low_level::pipe;
use uuid::Uuid;

/// Everything that a run takes from outside its arguments.
pub struct World {
    pub stdin: Box<dyn Read>,
    pub stdout: Box<dyn Write>,
    pub stderr: Box<dyn Write>,
    pub environment: Environment,
    pub clock: Clock,
    pub ids: Ids,
    pub terminal: Terminal,
    /// The operating-system account and machine, as `NAME@HOST`.
    pub account: Account,
}

impl World {
    /// The command line, with the program's name as its first word.
    pub fn arguments() -> Vec<OsString> {
        std::env::args_os().collect()
    }

    /// The directory that relative paths start at.
    pub fn directory() -> Option<PathBuf> {
        std::env::current_dir().ok()
    }

    /// The world as it is.
    pub fn real() -> Self {
        let environment = Environment::real();
        let clock = Clock::from_environment(&environment);
        let ids = Ids::from_environment(&environment);
        let account = Account::from_environment(&environment);
        Self {
            stdin: Box::new(io::stdin()),
            stdout: Box::new(BufWriter::new(io::stdout())),
            stderr: Box::new(io::stderr()),
            environment,
            clock,
            ids,
            terminal: Terminal::real(),
            account,
        }
    }
}

/// The environment variables.
#[derive(Debug, Clone, Default)]
pub struct Environment(BTreeMap<OsString, OsString>);

impl Environment {
    fn real() -> Self {
        Self(std::env::vars_os().collect())
    }

    /// A variable, unless it is unset or empty.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.get(OsStr::new(name)).map(OsString::as_os_str).filter(|value| !value.is_empty())
    }
}

impl Environment {
    /// The same with other variables set.
    #[must_use]
    pub fn with(&self, variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        Self(self.0.clone().into_iter().chain(variables).collect())
    }
}

impl FromIterator<(OsString, OsString)> for Environment {
    fn from_iter<I: IntoIterator<Item = (OsString, OsString)>>(variables: I) -> Self {
        Self(variables.into_iter().collect())
    }
}

/// What time it is.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    System,
    Fixed(Timestamp),
}

impl Clock {
    /// Now, to the millisecond: that is what a database keeps.
    pub fn now(self) -> Timestamp {
        let now = match self {
            Self::System => Timestamp::now(),
            Self::Fixed(at) => at,
        };
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    fn from_environment(environment: &Environment) -> Self {
        test_hook(environment, "FRONTDESK_TEST_NOW").and_then(|at| at.parse().ok()).map_or(Self::System, Self::Fixed)
    }
}

/// How long something has taken. Not for a test to fix: what it bounds is real waiting.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Begins to count.
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// What is left of this time.
    pub fn left_of(self, limit: Duration) -> Duration {
        limit.saturating_sub(self.elapsed())
    }

    /// How long it has been.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

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
        let (signals, sender) = UnixStream::pair()?;
        for signal in [SIGINT, SIGTERM] {
            flag::register_conditional_default(signal, Arc::clone(&is_asleep))?;
            // In this order: the first signal must not find itself the second.
            flag::register_conditional_shutdown(signal, i32::from(exit), Arc::clone(&is_over))?;
            flag::register(signal, Arc::clone(&is_over))?;
            pipe::register(signal, sender.try_clone()?)?;
        }
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

    /// The same question for another thread.
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

/// Where new ids come from.
#[derive(Debug, Clone, Copy)]
pub enum Ids {
    /// Random, but growing: the ids of one moment follow one another, so that thousands that are stored
    /// together go side by side in every index.
    Random {
        /// The moment of the last id, and its random part.
        last: Option<(u64, u128)>,
    },
    /// Ids that count up from a number.
    Counted(u64),
}

impl Ids {
    /// A new id: a UUIDv7, whose first part is the time.
    pub fn next(&mut self, now: Timestamp) -> String {
        let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or_default();
        let uuid = match self {
            Self::Random { last } => {
                let random = match *last {
                    Some((moment, random)) if moment == milliseconds => (random + 1) & RANDOM_PART,
                    _ => {
                        let nanoseconds = u32::try_from(milliseconds % 1000).unwrap_or_default() * 1_000_000;
                        random_part(Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, milliseconds / 1000, nanoseconds)))
                    }
                };
                *last = Some((milliseconds, random));
                with_random_part(milliseconds, random)
            }
            Self::Counted(next) => {
                let mut random = [0; 10];
                random[2..].copy_from_slice(&next.to_be_bytes());
                *next += 1;
                uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
            }
        };
        uuid.to_string()
    }

    /// Ids that differ from those that are given out here from now on; ids that count go on counting.
    pub fn apart(&self) -> Self {
        match self {
            Self::Random { .. } => Self::Random { last: None },
            Self::Counted(next) => Self::Counted(*next),
        }
    }

    fn from_environment(environment: &Environment) -> Self {
        test_hook(environment, "FRONTDESK_TEST_IDS").and_then(|first| first.parse().ok()).map_or(Self::Random { last: None }, Self::Counted)
    }
}

/// The 74 random bits of a UUIDv7, of which 62 stand behind its variant.
const RANDOM_PART: u128 = (1 << 74) - 1;
const BEHIND_VARIANT: u128 = (1 << 62) - 1;

fn random_part(uuid: Uuid) -> u128 {
    let bits = uuid.as_u128();
    ((bits >> 64) & 0xFFF) << 62 | bits & BEHIND_VARIANT
}

fn with_random_part(milliseconds: u64, random: u128) -> Uuid {
    let before = u16::try_from(random >> 62 & 0xFFF).unwrap_or_default().to_be_bytes();
    let behind = u64::try_from(random & BEHIND_VARIANT).unwrap_or_default().to_be_bytes();
    let mut bytes = [0; 10];
    bytes[..2].copy_from_slice(&before);
    bytes[2..].copy_from_slice(&behind);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &bytes).into_uuid()
}

/// Who runs the command, as the operating system knows them.
#[derive(Debug, Clone)]
pub enum Account {
    OperatingSystem,
    Fixed(String),
}

impl Account {
    /// `NAME@HOST`; looked up only when it is wanted, because it may ask the network.
    pub fn label(&self) -> String {
        match self {
            Self::Fixed(label) => label.clone(),
            Self::OperatingSystem => {
                let name = whoami::username().unwrap_or_else(|_| "unknown".to_owned());
                let host = whoami::hostname().unwrap_or_else(|_| "unknown".to_owned());
                format!("{name}@{host}")
            }
        }
    }

    fn from_environment(environment: &Environment) -> Self {
        test_hook(environment, "FRONTDESK_TEST_ACCOUNT").map_or(Self::OperatingSystem, Self::Fixed)
    }
}

/// What the streams are connected to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Terminal {
    pub stdin: bool,
    pub stdout: bool,
    pub stderr: bool,
    /// Columns of the terminal that standard output goes to.
    pub columns: Option<u16>,
    /// Columns of the terminal that standard error goes to.
    pub columns_err: Option<u16>,
}

impl Terminal {
    fn real() -> Self {
        let (stdout, stderr) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        // A terminal that does not say how wide it is has the width that all of them once had.
        let columns_of = |terminal: console::Term| terminal.size_checked().map_or(80, |(_rows, columns)| columns);
        let columns = stdout.then(|| columns_of(console::Term::stdout()));
        let columns_err = stderr.then(|| columns_of(console::Term::stderr()));
        Self { stdin: io::stdin().is_terminal(), stdout, stderr, columns, columns_err }
    }
}

/// Fixes a part of the world for tests of the real binary. Builds without debug assertions have no
/// such hook: nobody can forge a time or an id in the activity with an environment variable.
#[cfg(debug_assertions)]
fn test_hook(environment: &Environment, name: &str) -> Option<String> {
    environment.get(name).and_then(OsStr::to_str).map(str::to_owned)
}

#[cfg(not(debug_assertions))]
fn test_hook(_environment: &Environment, _name: &str) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::Timestamp;
    use uuid::Uuid;

    use super::Ids;

    #[test]
    fn ids_of_one_moment_grow_and_are_version_7() {
        let at: Timestamp = "2025-12-11T14:13:00.5Z".parse().unwrap();
        let mut ids = Ids::Random { last: None };
        let made: Vec<String> = (0..1000).map(|_| ids.next(at)).collect();
        assert!(made.is_sorted() && made.iter().collect::<HashSet<_>>().len() == 1000);
        let uuid: Uuid = made[0].parse().unwrap();
        assert_eq!((uuid.get_version_num(), uuid.get_variant()), (7, uuid::Variant::RFC4122));
        let (seconds, nanoseconds) = uuid.get_timestamp().unwrap().to_unix();
        assert_eq!((seconds, nanoseconds), (1_765_462_380, 500_000_000));
    }

    #[test]
    fn ids_of_two_runs_at_one_moment_differ() {
        let at: Timestamp = "2025-12-11T14:13:00Z".parse().unwrap();
        let mut runs = [Ids::Random { last: None }, Ids::Random { last: None }];
        let [one, other] = &mut runs;
        assert_ne!(one.next(at), other.next(at));
    }
}
