//! What some tests need from outside the package: other programs, and another person.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::desk::Desk;

/// Nobody in particular, who owns nothing.
pub const SOMEBODY_ELSE: u32 = 65534;

/// Whether a program is installed. Where it is not, the test that asks is left out: it says so
/// itself and returns. Where nothing may be left out (`CI=true`), it fails.
pub fn needs(program: &str) -> bool {
    let directories = std::env::var_os("PATH").unwrap_or_default();
    let is_there = std::env::split_paths(&directories).any(|directory| directory.join(program).is_file());
    is_there || leave_out(program)
}

/// Leaves the running test out for want of something. Always false, for `needs` and its like.
pub fn leave_out(what: &str) -> bool {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let line = format!("left out: {test} needs {what}\n");
    assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{line}");
    // Not by `eprint!`, which is only shown of tests that fail.
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    if let Some(list) = std::env::var_os("FRONTDESK_LEFT_OUT") {
        std::fs::OpenOptions::new().append(true).create(true).open(list).unwrap().write_all(line.as_bytes()).unwrap();
    }
    false
}

/// A command that runs in a mount namespace of its own, where a disk can be mounted that nobody
/// else sees; nothing where this machine does not let us.
pub fn own_mounts() -> Option<Command> {
    if !needs("unshare") || !needs("mount") {
        return None;
    }
    let unshare = || {
        let mut command = Command::new("unshare");
        if !rustix::process::geteuid().is_root() {
            command.args(["--user", "--map-root-user"]);
        }
        command.arg("--mount");
        command
    };
    let trial = unshare().args(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/tmp"]).stderr(Stdio::null()).status().unwrap();
    if trial.success() {
        Some(unshare())
    } else {
        leave_out("the right to mount a disk in a namespace of its own");
        None
    }
}

/// Whether system calls can be traced here.
pub fn may_trace() -> bool {
    if !needs("strace") {
        return false;
    }
    let trial = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status().unwrap();
    trial.success() || leave_out("the right to trace a program with strace")
}

/// The same command as somebody who owns none of the files. Where the tests do not run as root,
/// they are somebody else already: permissions hold for them.
pub fn as_somebody_else(desk: &Desk, arguments: &[&str]) -> Command {
    open_the_way(desk);
    let mut command = desk.command(arguments);
    if rustix::process::geteuid().is_root() {
        // The binary may lie in a directory that only root may enter.
        let copy = desk.path("frontdesk-for-all");
        if !copy.exists() {
            // By another process: were the copy written here, a command that another test starts at that
            // moment would hold it open for writing, and it could not be run (ETXTBSY).
            let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_frontdesk")).arg(&copy).status().unwrap();
            assert!(copied.success(), "{copied}");
        }
        let mut replaced = Command::new(copy);
        replaced.args(command.get_args()).env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        replaced.current_dir(command.get_current_dir().unwrap()).stdin(Stdio::null());
        replaced.uid(SOMEBODY_ELSE).gid(SOMEBODY_ELSE);
        command = replaced;
    }
    command
}

/// Gives a file or directory this mode.
pub fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn open_the_way(desk: &Desk) {
    set_mode(&desk.path(""), 0o755);
}

/// A sequence of numbers that is the same in every run of the tests (SplitMix64).
pub struct Numbers(u64);

impl Numbers {
    pub fn from_seed(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next_number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below this one.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next_number() % bound
    }
}
