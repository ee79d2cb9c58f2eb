//! How far a run has come with storing, for whoever stops it: they must not be told that nothing was
//! changed when something was, or may have been.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const NOTHING: u8 = 0;
const UNDER_WAY: u8 = 1;
const STORED: u8 = 2;
/// Something more, after something.
const UNDER_WAY_AGAIN: u8 = 3;

/// How far a run has come, shared with whoever listens beside it.
#[derive(Debug, Clone, Default)]
pub struct Storing(Arc<AtomicU8>);

/// What can be said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    Nothing,
    /// A change is being stored at this moment.
    UnderWay,
    Something,
}

impl Storing {
    /// A change begins to be stored.
    pub fn begin(&self) {
        let under_way = if self.0.load(Ordering::SeqCst) == NOTHING { UNDER_WAY } else { UNDER_WAY_AGAIN };
        self.0.store(under_way, Ordering::SeqCst);
    }

    /// It is stored, or was not.
    pub fn end(&self, is_stored: bool) {
        let had_stored = self.0.load(Ordering::SeqCst) == UNDER_WAY_AGAIN;
        self.0.store(if is_stored || had_stored { STORED } else { NOTHING }, Ordering::SeqCst);
    }

    /// How far it has come.
    pub fn so_far(&self) -> Stored {
        match self.0.load(Ordering::SeqCst) {
            NOTHING => Stored::Nothing,
            STORED => Stored::Something,
            _ => Stored::UnderWay,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Stored, Storing};

    #[test]
    fn what_was_stored_before_is_not_forgotten_by_a_change_that_was_not() {
        let storing = Storing::default();
        storing.begin();
        assert_eq!(storing.so_far(), Stored::UnderWay);
        storing.end(false);
        assert_eq!(storing.so_far(), Stored::Nothing);
        storing.begin();
        storing.end(true);
        storing.begin();
        assert_eq!(storing.so_far(), Stored::UnderWay);
        storing.end(false);
        assert_eq!(storing.so_far(), Stored::Something);
    }
}
