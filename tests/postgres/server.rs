//! Real PostgreSQL servers, each in a directory of its own, run by an account that owns nothing else.
//!
//! A static is never dropped, and a test run may be killed. So each directory has a keeper: a shell
//! that starts the servers in it and reads a pipe which only this process can write. Once that is
//! closed, however this process ended, the keeper stops them and removes the directory.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use postgres::{Client, Config, NoTls};
use rustix::process::{Pid, Signal, kill_process};

use crate::outside::{SOMEBODY_ELSE, leave_out};
use crate::postfix::free_ports;

/// The oldest version that these tests are run against.
const OLDEST: u32 = 15;
/// Who sees and may do everything at these servers.
pub const SUPERUSER: &str = "tests";
/// Whose the desks are: an ordinary role.
pub const OWNER: &str = "desk";
pub const PASSWORD: &str = "correct-horse-battery";

/// The least free memory, in bytes, in which a server is put.
const ROOM: u64 = 2 << 30;

/// Each line names the directory of a server to start. One that was killed has to be heard of first: until
/// then it looks alive to the one that takes its place, and afterwards its number may be anybody’s.
const KEEPER: &str = "
while read -r server; do
    jobs >/dev/null
    postgres -D \"$server\" </dev/null >>\"$server.log\" 2>&1 &
done
jobs >/dev/null
jobs -p >running
kill -QUIT $(cat running)
wait
cd /
rm -rf \"$0\"
";

/// What every server is told.
const EVERY: &str = "\
max_connections = 200
shared_buffers = 16MB
unix_socket_permissions = 0777
log_min_messages = warning
";

/// The newest PostgreSQL of this machine that is new enough: the directory of its programs.
pub fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let numbers = versions.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let programs = |number: u32| PathBuf::from(format!("/usr/lib/postgresql/{number}/bin"));
    numbers.filter(|number| *number >= OLDEST && programs(*number).join("postgres").is_file()).max().map(programs)
}

/// Whether there is a PostgreSQL to test with; where there is none, the running test is left out.
pub fn has_programs() -> bool {
    programs().is_some() || leave_out("PostgreSQL 15 or newer")
}

/// A directory with servers in it.
pub struct Site {
    programs: PathBuf,
    path: PathBuf,
    keeper: Child,
    /// What the keeper waits on.
    pipe: Option<ChildStdin>,
}

impl Site {
    /// An empty one, among the other temporary files.
    pub fn new() -> Self {
        Self::under(&std::env::temp_dir())
    }

    /// One in memory, where there is room enough: a database is made of 350 files, which takes ten times
    /// as long on a disk that others use too.
    pub fn in_memory() -> Self {
        let memory = Path::new("/dev/shm");
        let has_room = rustix::fs::statvfs(memory).is_ok_and(|found| found.f_bavail * found.f_frsize >= ROOM);
        if has_room && rustix::fs::access(memory, rustix::fs::Access::WRITE_OK).is_ok() { Self::under(memory) } else { Self::new() }
    }

    fn under(directory: &Path) -> Self {
        let programs = programs().expect("PostgreSQL 15 or newer is needed: tests/run installs it");
        let path = tempfile::Builder::new().prefix("postgres-").tempdir_in(directory).unwrap().keep();
        give_away(&path);
        // The sockets are for every account.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = command_at(&programs, &path, "sh");
        // Ctrl-C at the tests must reach the keeper as the end of its pipe.
        command.args(["-c", KEEPER]).arg(&path).process_group(0).stdin(Stdio::piped());
        let mut keeper = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let pipe = keeper.stdin.take();
        Self { programs, path, keeper, pipe }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// One of PostgreSQL’s programs, run here as the account that the servers have.
    pub fn command(&self, program: &str) -> Command {
        command_at(&self.programs, &self.path, program)
    }

    /// Makes a server that is not started yet, with these settings.
    pub fn create(&self, name: &str, settings: &str) {
        // The order of a natural language, as many servers have it: what must be in the order of bytes
        // has to say so itself.
        let mut initdb = self.command("initdb");
        initdb.args(["-D", name, "-U", SUPERUSER, "-A", "trust", "--no-sync", "--encoding=UTF8"]);
        initdb.args(["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-GB"]);
        succeed(&mut initdb);
        self.configure(name, settings);
    }

    /// Adds to the settings of a server; of two lines the last counts.
    pub fn configure(&self, name: &str, settings: &str) {
        let mut file = fs::OpenOptions::new().append(true).open(self.path.join(name).join("postgresql.conf")).unwrap();
        write!(file, "{EVERY}unix_socket_directories = '{}'\n{settings}", self.path.display()).unwrap();
    }

    /// Starts a server, and waits until it answers.
    pub fn start(&mut self, name: &str, port: u16) -> Server {
        let server = Server { directory: self.path.join(name), socket: self.path.clone(), port };
        writeln!(self.pipe.as_mut().unwrap(), "{name}").unwrap();
        let log = self.path.join(format!("{name}.log"));
        let comes = comes(|| server.try_connect("postgres").is_some());
        assert!(comes, "the server {name} did not come: {}", fs::read_to_string(log).unwrap_or_default());
        server
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let _ = self.keeper.wait();
    }
}

fn command_at(programs: &Path, directory: &Path, program: &str) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", format!("{}:/usr/bin:/bin", programs.display())).current_dir(directory).stdin(Stdio::null());
    if rustix::process::geteuid().is_root() {
        // PostgreSQL refuses to be run by root.
        command.uid(SOMEBODY_ELSE).gid(SOMEBODY_ELSE);
    }
    command
}

/// Gives a file to the account of the servers.
pub fn give_away(path: &Path) {
    if rustix::process::geteuid().is_root() {
        chown(path, Some(SOMEBODY_ELSE), Some(SOMEBODY_ELSE)).unwrap();
    }
}

/// Runs a program that must succeed.
pub fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A server, running or not.
#[derive(Debug, Clone)]
pub struct Server {
    directory: PathBuf,
    socket: PathBuf,
    pub port: u16,
}

impl Server {
    /// A connection of whoever may do everything.
    pub fn connect(&self, database: &str) -> Client {
        self.try_connect(database).unwrap()
    }

    fn try_connect(&self, database: &str) -> Option<Client> {
        Config::new().host_path(&self.socket).port(self.port).user(SUPERUSER).dbname(database).connect(NoTls).ok()
    }

    /// Runs statements as whoever may do everything.
    pub fn execute(&self, sql: &str) {
        self.connect("postgres").batch_execute(sql).unwrap();
    }

    /// The one value that a query gives, as text.
    pub fn text(&self, database: &str, sql: &str) -> String {
        self.connect(database).query_one(&format!("SELECT ({sql})::text"), &[]).unwrap().get(0)
    }

    /// The address of a database, by the socket of the usual port, for its owner.
    pub fn address(&self, database: &str) -> String {
        format!("postgresql://{OWNER}@/{database}?host={}", self.socket.display())
    }

    /// The address of a database on the network, without a password.
    pub fn network_address(&self, host: &str, database: &str) -> String {
        format!("postgresql://{OWNER}@{host}:{}/{database}", self.port)
    }

    /// Makes the owner of the desks, and an empty database of theirs.
    pub fn create_owner_and_database(&self, database: &str) {
        self.execute(&format!("CREATE ROLE {OWNER} LOGIN PASSWORD '{PASSWORD}'"));
        self.execute(&format!("CREATE DATABASE {database} OWNER {OWNER}"));
    }

    /// The process that started all others of this server.
    pub fn process(&self) -> Pid {
        let text = fs::read_to_string(self.directory.join("postmaster.pid")).unwrap();
        Pid::from_raw(text.lines().next().unwrap().parse().unwrap()).unwrap()
    }

    /// Ends every process of the server at once (`kill -9`), as the loss of its machine would.
    pub fn kill(&self) {
        let first = self.process();
        // Stopped, it can start none while the others are looked for.
        self.freeze();
        let others = children(first);
        let all: Vec<Pid> = [first].into_iter().chain(others).collect();
        for process in &all {
            // One of the others may have ended by itself.
            let _ = kill_process(*process, Signal::KILL);
        }
        while all.iter().any(|process| is_running(*process)) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Stops the process that takes connections: they are made, and then nothing is said.
    pub fn freeze(&self) {
        let process = self.process();
        kill_process(process, Signal::STOP).unwrap();
        // It is not stopped at once.
        while process_state(process).is_some_and(|state| !['T', 't', 'Z', 'X'].contains(&state)) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Stops the process that writes the log before anybody waits for it.
    pub fn stop_writing_ahead(&self) {
        let process = self.text("postgres", "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'");
        kill_process(Pid::from_raw(process.parse().unwrap()).unwrap(), Signal::STOP).unwrap();
    }

    /// Makes a standby the primary, and waits until it can be written.
    pub fn promote(&self) {
        assert_eq!(self.text("postgres", "pg_promote(true, 60)"), "true");
    }

    /// Waits until a query gives this text.
    pub fn wait_until(&self, sql: &str, text: &str) {
        wait_for(sql, || self.text("postgres", sql) == text);
    }
}

/// Waits until it is so.
pub fn wait_for(what: &str, is_so: impl Fn() -> bool) {
    assert!(comes(is_so), "{what} did not come");
}

fn comes(is_so: impl Fn() -> bool) -> bool {
    for _ in 0..3000 {
        if is_so() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

fn children(process: Pid) -> Vec<Pid> {
    let number = process.as_raw_nonzero();
    let list = fs::read_to_string(format!("/proc/{number}/task/{number}/children")).unwrap();
    list.split_whitespace().filter_map(|number| Pid::from_raw(number.parse().unwrap())).collect()
}

/// Whether a process still holds anything: one that nobody has asked about since it ended does not.
fn is_running(process: Pid) -> bool {
    process_state(process).is_some_and(|state| !['Z', 'X'].contains(&state))
}

/// How the system says that a process is, if there is one.
fn process_state(process: Pid) -> Option<char> {
    let status = fs::read_to_string(format!("/proc/{}/stat", process.as_raw_nonzero())).ok()?;
    status.rsplit_once(')')?.1.trim_start().chars().next()
}

/// A port on loopback that is free, for a server that is reached by the network.
pub fn free_port() -> u16 {
    let [port] = free_ports();
    port
}

/// The arguments of an address: `a=b&c=d` behind the question mark.
pub fn with_arguments(address: &str, arguments: &[(&str, &str)]) -> String {
    let mut longer = address.to_owned();
    for (name, value) in arguments {
        let mark = if longer.contains('?') { '&' } else { '?' };
        write!(longer, "{mark}{name}={value}").unwrap();
    }
    longer
}
