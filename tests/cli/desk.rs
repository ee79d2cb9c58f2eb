//! A desk to test at: a directory of its own, and the binary run in it with nothing else around.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use mailparse::MailHeaderMap as _;
use tempfile::TempDir;

use crate::kept::Kept;

/// Thursday 11 December 2025, 14:13 in London.
pub const NOW: &str = "2025-12-11T14:13:00Z";

/// Where data goes in a home directory.
const DATA: &str = ".local/share/frontdesk";

/// A database and a fresh home directory, and the clock and ids of the commands run in it.
pub struct Desk {
    pub kept: Kept,
    home: TempDir,
    now: Cell<&'static str>,
    runs: Cell<u64>,
    service: Option<&'static str>,
}

/// What a run printed, and its exit code.
#[derive(Clone, PartialEq, Eq)]
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
        Self::made(None)
    }

    /// A desk whose commands all name this service.
    pub fn of(service: &'static str) -> Self {
        Self::made(Some(service))
    }

    /// A desk of this service, whose commands name it themselves.
    pub fn to_be_named(service: &'static str) -> Self {
        Self { service: None, ..Self::of(service) }
    }

    fn made(service: Option<&'static str>) -> Self {
        Self::kept_as(service, |data| Kept::of(service.unwrap_or("register"), data))
    }

    /// A desk that is kept as is said, given the directory of its data.
    pub fn kept_as(service: Option<&'static str>, kept: impl FnOnce(&Path) -> Kept) -> Self {
        let home = tempfile::tempdir().unwrap();
        let kept = kept(&home.path().join(DATA));
        Self { kept, home, now: Cell::new(NOW), runs: Cell::new(0), service }
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
        self.path(DATA)
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
        let mut command = self.prepare(Command::new("/bin/sh"), &[]);
        command.args(["-c", &format!("exec 2>&1; {line}")]).env("PATH", path);
        self.read(&command.output().unwrap()).out
    }

    /// A command with a cleared environment, whose ids follow those of the runs before it.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        self.command_behind(&[], arguments)
    }

    /// The same behind another program, which runs it.
    pub fn command_behind<S: AsRef<OsStr>>(&self, program: &[&str], arguments: &[S]) -> Command {
        let binary = env!("CARGO_BIN_EXE_frontdesk");
        let arguments: Vec<&OsStr> = arguments.iter().map(AsRef::as_ref).collect();
        let mut words = program.iter().copied().chain([binary]);
        let mut command = self.prepare(Command::new(words.next().unwrap()), &arguments);
        command.args(words);
        if let Some(service) = self.service {
            command.args(["--service", service]);
        }
        command.args(arguments);
        command
    }

    /// Another program, for which `frontdesk` is on the path.
    pub fn command_of(&self, program: &[&str]) -> Command {
        let binary = Path::new(env!("CARGO_BIN_EXE_frontdesk"));
        let mut command = self.prepare(Command::new(program[0]), &[]);
        command.args(&program[1..]).env("PATH", format!("{}:/usr/bin:/bin", binary.parent().unwrap().display()));
        command
    }

    fn prepare(&self, mut command: Command, arguments: &[&OsStr]) -> Command {
        let run = self.runs.get();
        self.runs.set(run + 1);
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("FRONTDESK_TEST_NOW", self.now.get())
            .env("FRONTDESK_TEST_IDS", (run * 0x100 + self.kept.ids_of_creation(arguments)).to_string())
            .env("FRONTDESK_TEST_ACCOUNT", "tester@desk")
            .envs(self.kept.variables())
            .current_dir(self.home.path())
            .stdin(Stdio::null());
        command
    }

    pub fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Ran {
        self.read(&self.command(arguments).output().unwrap())
    }

    /// Runs a command line, split into words as a shell would.
    pub fn line(&self, line: &str) -> Ran {
        self.run(&shlex::split(line).unwrap())
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
        let user = ["--first-name", first_name, "--last-name", last_name, "--email", email];
        // Only the service of seed 000 asks about API users.
        let api_user: &[&str] = if self.service.is_none() { &["--api-user", "no"] } else { &[] };
        let out = self.done(&[&["users", "add", "--format", "ids"], &user[..], api_user].concat());
        out.trim_end().to_owned()
    }

    /// Adds an organisation, and gives its id.
    pub fn add_organisation(&self, code: &str, name: &str) -> String {
        self.done(&["org", "add", "--code", code, "--name", name, "--format", "ids"]).trim_end().to_owned()
    }

    /// Adds a user to an organisation, and gives their id.
    pub fn add_member(&self, code: &str, first_name: &str, last_name: &str, email: &str) -> String {
        let user = ["--first-name", first_name, "--last-name", last_name, "--email", email, "--format", "ids"];
        self.done(&[&["org", "add-user", code], &user[..]].concat()).trim_end().to_owned()
    }

    /// Records that the user with this email address has signed in now.
    pub fn sign_in(&self, email: &str) {
        self.done(&["sign-in", "record", "--email", email]);
    }

    /// What a run printed, with the home directory written as `~`.
    pub fn read(&self, output: &Output) -> Ran {
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap().replace(self.home.path().to_str().unwrap(), "~");
            self.kept.named_as_a_file(text)
        };
        Ran { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// The number that a query counts.
    pub fn count(&self, sql: &str) -> i64 {
        self.kept.count(sql)
    }

    /// Every row of every table, each as text, to tell whether anything at all was stored.
    pub fn rows(&self) -> Vec<String> {
        self.kept.rows()
    }

    /// The emails that were written, oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        self.email_files().iter().map(|path| Letter::read(path)).collect()
    }

    /// The files of emails, by name.
    pub fn email_files(&self) -> Vec<PathBuf> {
        files_in(&self.emails())
    }
}

/// An email as its reader sees it.
#[derive(Debug, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
}

impl Letter {
    fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap();
        let email = mailparse::parse_mail(&bytes).unwrap();
        let header = |name| email.headers.get_first_value(name).unwrap();
        // Before it is decoded: a comma in a name would part it in two afterwards.
        let to = mailparse::addrparse_header(email.headers.get_first_header("To").unwrap()).unwrap().extract_single_info().unwrap();
        let to = format!("{} <{}>", to.display_name.unwrap_or_default(), to.addr);
        Self { to, subject: header("Subject"), text: email.get_body().unwrap().replace("\r\n", "\n") }
    }
}

/// The files of a directory, by name; none where there is no directory.
pub fn files_in(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// A run with this text on its standard input.
pub fn piped<S: AsRef<OsStr>>(desk: &Desk, arguments: &[S], input: &str) -> Ran {
    let mut child = desk.command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Whoever reads nothing of it may have ended by now.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    desk.read(&child.wait_with_output().unwrap())
}

/// A run with this exit code, output and errors.
pub fn ran(code: i32, out: &str, err: &str) -> Ran {
    Ran { code, out: out.to_owned(), err: err.to_owned() }
}

impl Ran {
    /// The same from a run with these flags, which chose its desk: every command that it shows has them.
    pub fn with_flags(self, flags: &str) -> Self {
        Self { err: self.err.replace(" frontdesk ", &format!(" frontdesk {flags} ")), ..self }
    }
}

/// A run that found a problem with one answer.
pub fn problem(flag: &str, message: &str) -> Ran {
    ran(3, "", &format!("Error: There is a problem\n  {flag}  {message}\n"))
}

/// A run that found an email address in use, and nothing else wrong.
pub fn email_in_use() -> Ran {
    Ran { code: 5, ..problem("--email", "Email address already in use") }
}

/// A run that found nobody by this name.
pub fn nobody(who: &str) -> Ran {
    let hint = "Give an email address, an id or a sign-in id. To see everybody: frontdesk users list";
    ran(4, "", &format!("Error: There is no user called {who}\n{hint}\n"))
}

/// A run that found nobody by this name in the whole service.
pub fn nobody_anywhere(who: &str) -> Ran {
    let hint = "Give an email address, an id or a sign-in id. To see everybody: frontdesk users list, and frontdesk org users ORG";
    ran(4, "", &format!("Error: There is no user called {who}\n{hint}\n"))
}

/// A run that found nobody by this name in an organisation.
pub fn nobody_in(who: &str, name: &str, code: &str) -> Ran {
    let hint = format!("Give an email address, an id or a sign-in id. To see everybody: frontdesk org users {code}");
    ran(4, "", &format!("Error: There is no user called {who} in {name}\n{hint}\n"))
}

/// A run that found no organisation by this name, nor one that the actor may know of with a name like it.
pub fn no_organisation(which: &str) -> Ran {
    let hint = "Give its code or its id. To see every organisation: frontdesk org list";
    ran(4, "", &format!("Error: There is no organisation called {which}\n{hint}\n"))
}

/// A run that would not delete without `--yes`.
pub fn not_confirmed() -> Ran {
    ran(
        2,
        "",
        "Error: Deleting a user cannot be undone. To delete them, add --yes\n\
         Nothing was changed. To see what would happen, add --dry-run.\n",
    )
}

/// The id that a run gives in this place, counting both from nothing: each run takes the first for
/// itself, and a change then gives one to its user, its email and its entry in the activity.
pub fn id(run: u64, place: u64) -> String {
    format!("019b0dc2-0de0-7000-8000-{:012x}", run * 0x100 + place)
}

/// The line that says where an email went.
pub fn written(email_id: &str) -> String {
    format!("Email written to ~/.local/share/frontdesk/emails/{email_id}.eml\n")
}

/// Somebody who has signed in keeps their names and address.
pub fn locked() -> Ran {
    ran(
        6,
        "",
        "Error: You cannot change the first name, last name or email address of a user who has signed in\n\
         The user account is tied to their DfE Sign-in account. Nothing was changed.\n",
    )
}
