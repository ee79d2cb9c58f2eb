//! The bytes of standard input, as they are typed.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::stdin;

use super::keys::Bytes;
use crate::error::{Error, Result};

/// How long the rest of a key's sequence may take over a slow line. Esc alone waits that long.
const WITHIN_ONE_KEY: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

/// Reads the terminal byte by byte, past the buffer of the standard library: what is typed ahead
/// stays with the terminal, for the next question and in the end for the shell.
pub struct StandardInput;

impl Bytes for StandardInput {
    fn next(&mut self) -> Result<u8> {
        let mut byte = [0];
        loop {
            match rustix::io::read(stdin(), &mut byte) {
                Ok(0) => return Err(Error::end_of_input()),
                Ok(_) => return Ok(u8::from_ne_bytes(byte)),
                Err(Errno::INTR) => {}
                // The terminal was closed.
                Err(error) => return Err(Error::end_of_input().caused_by(std::io::Error::from(error))),
            }
        }
    }

    fn follows(&mut self) -> Result<Option<u8>> {
        let input = stdin();
        let mut waited_for = [PollFd::new(&input, PollFlags::IN)];
        loop {
            match poll(&mut waited_for, Some(&WITHIN_ONE_KEY)) {
                Ok(ready) if ready > 0 => return self.next().map(Some),
                // The window changed its size in the middle of a key.
                Err(Errno::INTR) => {}
                _ => return Ok(None),
            }
        }
    }
}
