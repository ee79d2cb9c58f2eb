//! What a look at the health of a desk finds, one check after another.

/// How a check came out; the worst is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// As it should be.
    Ok,
    /// Worth knowing, and nothing to be done.
    Note,
    /// It works, and something is better changed.
    Warning,
    /// Something is wrong.
    Problem,
}

impl Status {
    /// The status in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }

    /// The status as a person reads it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Note => "Note",
            Self::Warning => "Warning",
            Self::Problem => "Problem",
        }
    }
}

/// One check, and what it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was looked at, as scripts know it.
    pub name: &'static str,
    pub status: Status,
    pub message: String,
    /// What to do; every problem has one, or follows one that has.
    pub hint: Option<String>,
}

impl Check {
    /// As it should be.
    pub fn ok(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, status: Status::Ok, message: message.into(), hint: None }
    }

    /// Worth knowing.
    pub fn note(name: &'static str, message: impl Into<String>) -> Self {
        Self { status: Status::Note, ..Self::ok(name, message) }
    }

    /// Better changed.
    pub fn warning(name: &'static str, message: impl Into<String>) -> Self {
        Self { status: Status::Warning, ..Self::ok(name, message) }
    }

    /// Wrong.
    pub fn problem(name: &'static str, message: impl Into<String>) -> Self {
        Self { status: Status::Problem, ..Self::ok(name, message) }
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}
