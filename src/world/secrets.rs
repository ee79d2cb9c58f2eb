//! What secrets are made of, and how a run that holds one keeps it to itself.

use std::io;

use ring::rand::{SecureRandom as _, SystemRandom};
use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};
use zeroize::Zeroizing;

/// Bytes that nobody can foretell, from the random source of the operating system.
///
/// # Errors
/// It gives none.
pub fn random_bytes<const COUNT: usize>() -> io::Result<Zeroizing<[u8; COUNT]>> {
    let mut bytes = Zeroizing::new([0; COUNT]);
    SystemRandom::new().fill(bytes.as_mut_slice()).map_err(|_unspecified| io::Error::other("no random numbers"))?;
    Ok(bytes)
}

/// Lets no core dump be written of this run from now on, and no other program of the same account read
/// its memory. Where the operating system will not have it, the run goes on all the same.
pub fn keep_memory_private() {
    let limit = getrlimit(Resource::Core);
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), ..limit });
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
