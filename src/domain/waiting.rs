//! Being kept waiting by a database: whoever sits before a terminal is told, once.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// For so long nobody wonders.
pub const UNNOTICED: Duration = Duration::from_secs(2);

type Tell = dyn Fn(&str);

/// How the person is told that they wait for the database of this name, if there is anybody to tell.
#[derive(Clone, Default)]
pub struct Waiting(Option<Arc<Tell>>);

impl Waiting {
    /// Somebody is told like this.
    pub fn told_by(tell: impl Fn(&str) + 'static) -> Self {
        Self(Some(Arc::new(tell)))
    }

    /// Whether somebody is still to be told.
    pub fn is_awaited(&self) -> bool {
        self.0.is_some()
    }

    /// Tells it, if it has not been told yet.
    pub fn tell(&mut self, database: &str) {
        if let Some(tell) = self.0.take() {
            tell(database);
        }
    }
}

impl fmt::Debug for Waiting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Waiting").field(&self.is_awaited()).finish()
    }
}
