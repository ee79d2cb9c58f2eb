//! How far a run has come with storing, for whoever stops it: they must not be told that nothing was
//! changed when something was, or may have been.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How far a run has come, shared with whoever listens beside it.
#[derive(Debug, Clone, Default)]
pub struct Storing(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    stored: Stored,
    is_under_way: bool,
    /// Whoever wants to stop knows that a change is under way.
    has_warned: bool,
}

/// What has been stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stored {
    #[default]
    Nothing,
    /// Nobody knows whether.
    InDoubt,
    Something,
}

/// What whoever wants to stop the run is told.
#[derive(Debug, PartialEq, Eq)]
pub enum Stop {
    /// The run may end: this was stored.
    Leave(Stored),
    /// A change is being stored at this moment, and they hear of it for the first time.
    Wait,
}

impl Storing {
    /// A change begins to be stored, unless the run has been stopped: then the program is about to end.
    pub fn begin(&self) {
        let mut state = self.lock();
        state.is_under_way = true;
        state.has_warned = false;
    }

    /// How it came out.
    pub fn end(&self, came_out: Stored) {
        let mut state = self.lock();
        state.is_under_way = false;
        state.stored = match (state.stored, came_out) {
            (before, Stored::Nothing) => before,
            (_, came_out) => came_out,
        };
    }

    /// What has been stored so far.
    pub fn so_far(&self) -> Stored {
        self.lock().stored
    }

    /// Asks on behalf of whoever wants to stop. Where they may leave, `leave` is called while no change can
    /// begin to be stored.
    pub fn stop(&self, leave: impl FnOnce(Stored)) -> Stop {
        let mut state = self.lock();
        if state.is_under_way && !state.has_warned {
            state.has_warned = true;
            return Stop::Wait;
        }
        let stored = if state.is_under_way { Stored::InDoubt } else { state.stored };
        leave(stored);
        Stop::Leave(stored)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Stop, Stored, Storing};

    #[test]
    fn what_was_stored_before_is_not_forgotten_by_a_change_that_was_not() {
        let storing = Storing::default();
        let stop = || storing.stop(|_| ());
        assert_eq!(stop(), Stop::Leave(Stored::Nothing));
        storing.begin();
        storing.end(Stored::Nothing);
        assert_eq!(stop(), Stop::Leave(Stored::Nothing));
        storing.begin();
        storing.end(Stored::InDoubt);
        assert_eq!(stop(), Stop::Leave(Stored::InDoubt));
        storing.begin();
        storing.end(Stored::Something);
        storing.begin();
        storing.end(Stored::Nothing);
        assert_eq!(stop(), Stop::Leave(Stored::Something));
    }

    #[test]
    fn whoever_stops_a_change_that_is_under_way_is_warned_once_of_each() {
        let storing = Storing::default();
        let stop = || storing.stop(|_| ());
        storing.begin();
        assert_eq!([stop(), stop()], [Stop::Wait, Stop::Leave(Stored::InDoubt)]);
        storing.end(Stored::Something);
        storing.begin();
        assert_eq!(stop(), Stop::Wait);
    }

    #[test]
    fn no_change_begins_while_somebody_leaves() {
        let storing = Storing::default();
        storing.stop(|_| assert!(storing.0.try_lock().is_err()));
        storing.begin();
    }
}
