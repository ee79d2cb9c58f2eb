//! The outside, passed in: streams, environment, clock, ids and what kind of terminal there is.
//! The only room that may read the real ones, so that a test can fix all of them.

#![allow(clippy::disallowed_methods, reason = "this is the room that the others take these from")]

mod ids;
mod patience;
mod secrets;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufWriter, IsTerminal as _, Read, Write};
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;

pub use self::ids::Ids;
pub use self::patience::{Patience, StopSignal};
pub use self::secrets::{keep_memory_private, random_bytes};

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

    /// The account’s name alone.
    pub fn name(&self) -> Option<String> {
        match self {
            Self::Fixed(label) => label.split('@').next().map(str::to_owned),
            Self::OperatingSystem => whoami::username().ok(),
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
    /// What goes to standard output is seen by nobody: it is closed, or the null device.
    pub stdout_is_null: bool,
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
        // Where it was closed, the null device has taken its place by now.
        let is_null = |status: rustix::fs::Stat| std::fs::metadata("/dev/null").is_ok_and(|null| null.rdev() == status.st_rdev);
        let stdout_is_null = rustix::fs::fstat(rustix::stdio::stdout()).is_ok_and(is_null);
        Self { stdin: io::stdin().is_terminal(), stdout, stderr, stdout_is_null, columns, columns_err }
    }
}

/// Where tests read the emails of a shared database, which otherwise stay queued while no mail server is
/// configured.
pub fn emails_of_a_server(environment: &Environment) -> Option<PathBuf> {
    test_hook(environment, "FRONTDESK_TEST_EMAILS").map(PathBuf::from)
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
