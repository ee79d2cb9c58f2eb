//! The window of the terminal, watched while a question is on it: whoever changes its size sees the
//! question drawn anew.

use std::io;
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::stdio::stdin;
use signal_hook::SigId;
use signal_hook::consts::SIGWINCH;
use signal_hook::low_level::{pipe, unregister};

/// Watches until it is dropped.
pub struct Window {
    /// Gets a byte with each change; none where the operating system gives no way to hear of it.
    changes: Option<(UnixStream, SigId)>,
}

impl Window {
    /// Begins to watch.
    pub fn watch() -> Self {
        Self { changes: changes().ok() }
    }

    /// Waits for a key or for another size of the window; true where it is the size.
    pub fn changes_before_key(&self) -> bool {
        let Some((changes, _)) = &self.changes else { return false };
        let input = stdin();
        loop {
            let mut waited_for = [PollFd::new(changes, PollFlags::IN), PollFd::new(&input, PollFlags::IN)];
            match poll(&mut waited_for, None) {
                Err(Errno::INTR) => {}
                // Reading the key tells what is wrong.
                Err(_) => return false,
                Ok(_) => {
                    let has_changed = waited_for.first().is_some_and(|changes| changes.revents().contains(PollFlags::IN));
                    // A corner that is dragged changes the size many times: one drawing is enough.
                    return has_changed && rustix::io::read(changes, &mut [0; 1024]).is_ok();
                }
            }
        }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if let Some((_, signal)) = self.changes {
            unregister(signal);
        }
    }
}

fn changes() -> io::Result<(UnixStream, SigId)> {
    let (changes, sender) = UnixStream::pair()?;
    let signal = pipe::register(SIGWINCH, sender)?;
    Ok((changes, signal))
}
