//! A desk to test at: a directory of its own, and the binary run in it with nothing else around.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rusqlite::Connection;
use tempfile::TempDir;

/// Thursday 11 December 2025, 14:13 in London.
pub const NOW: &str = "2025-12-11T14:13:00Z";

/// A fresh home directory, and the clock and ids of the commands run in it.
pub struct Desk {
    home: TempDir,
    now: Cell<&'static str>,
    runs: Cell<u64>,
}

/// What a run printed, and its exit code.
#[derive(PartialEq, Eq)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl fmt::Debug for Ran {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "exit {}\n--- standard output\n{}--- standard error\n{}---", self.code, self.out, self.err)
    }
}

impl Desk {
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap(), now: Cell::new(NOW), runs: Cell::new(0) }
    }

    /// Moves the clock of the runs that follow.
    pub fn at(&self, now: &'static str) -> &Self {
        self.now.set(now);
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The directory that data goes to when nothing is said.
    pub fn data(&self) -> PathBuf {
        self.path(".local/share/frontdesk")
    }

    pub fn database(&self) -> PathBuf {
        self.data().join("register.db")
    }

    pub fn emails(&self) -> PathBuf {
        self.data().join("emails")
    }

    /// Writes the configuration file.
    pub fn configure(&self, text: &str) {
        let directory = self.path(".config/frontdesk");
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join("config.toml"), text).unwrap();
    }

    /// Runs a line of shell in which `frontdesk` is the binary, and gives what a terminal would show.
    pub fn shell(&self, line: &str) -> String {
        let binary = Path::new(env!("CARGO_BIN_EXE_frontdesk"));
        let path = format!("{}:/usr/bin:/bin", binary.parent().unwrap().display());
        let mut command = self.prepare(Command::new("/bin/sh"));
        command.args(["-c", &format!("exec 2>&1; {line}")]).env("PATH", path);
        self.read(&command.output().unwrap()).out
    }

    /// A command with a cleared environment, whose ids follow those of the runs before it.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = self.prepare(Command::new(env!("CARGO_BIN_EXE_frontdesk")));
        command.args(arguments);
        command
    }

    fn prepare(&self, mut command: Command) -> Command {
        let run = self.runs.get();
        self.runs.set(run + 1);
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("FRONTDESK_TEST_NOW", self.now.get())
            .env("FRONTDESK_TEST_IDS", (run * 0x100).to_string())
            .env("FRONTDESK_TEST_ACCOUNT", "tester@desk")
            .current_dir(self.home.path())
            .stdin(Stdio::null());
        command
    }

    pub fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Ran {
        self.read(&self.command(arguments).output().unwrap())
    }

    /// Runs with more environment variables.
    pub fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
        self.read(&self.command(arguments).envs(variables.iter().copied()).output().unwrap())
    }

    /// Runs a command that must succeed, and gives its standard output.
    pub fn done(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {ran:?}");
        ran.out
    }

    /// Runs a command that must succeed with `--json`, and reads its answer.
    pub fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let out = self.done(&[arguments, &["--json"]].concat());
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {out}"))
    }

    /// Runs a command that must fail with `--json`, and reads its error object: the only thing it wrote.
    pub fn refused(&self, arguments: &[&str]) -> serde_json::Value {
        let Ran { code, out, err } = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(out, "", "{arguments:?}");
        let object: serde_json::Value = serde_json::from_str(&err).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {err}"));
        assert_eq!(object["exit"], code, "{arguments:?}");
        object
    }

    /// Adds a support user, and gives their id.
    pub fn add(&self, first_name: &str, last_name: &str, email: &str) -> String {
        let names = ["--first-name", first_name, "--last-name", last_name];
        let out = self.done(&[&["users", "add"][..], &names, &["--email", email, "--api-user", "no", "--format", "ids"]].concat());
        out.trim_end().to_owned()
    }

    /// What a run printed, with the home directory written as `~`.
    pub fn read(&self, output: &Output) -> Ran {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap().replace(self.home.path().to_str().unwrap(), "~");
        Ran { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// The database, for a look at what was stored.
    pub fn open(&self) -> Connection {
        Connection::open(self.database()).unwrap()
    }

    /// The number that a query counts.
    pub fn count(&self, sql: &str) -> i64 {
        self.open().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// The files of emails, by name.
    pub fn email_files(&self) -> Vec<PathBuf> {
        files_in(&self.emails())
    }
}

/// The files of a directory, by name; none where there is no directory.
pub fn files_in(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// A run with this exit code, output and errors.
pub fn ran(code: i32, out: &str, err: &str) -> Ran {
    Ran { code, out: out.to_owned(), err: err.to_owned() }
}
