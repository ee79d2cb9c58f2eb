//! The one error type: what happened, why, what is wrong with which answer, and what to do.

use std::io;

use crate::domain::import::RowProblems;
use crate::domain::problem::{Code, Field, Problem, Problems};
use crate::domain::refusal::{Reason, Refusal};

/// Short for a result with this error.
pub type Result<T> = std::result::Result<T, Error>;

/// What sort of error it is: it decides the exit code and the `code` in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    Internal,
    Usage,
    InvalidAnswers,
    NotFound,
    Conflict,
    NotPermitted,
    Unavailable,
    Cancelled,
    /// Ctrl-C.
    Interrupted,
    /// Whoever read our output has gone; there is nobody to tell.
    ClosedPipe,
}

impl ErrorKind {
    /// The `code` in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Usage => "usage",
            Self::InvalidAnswers => "invalid_answers",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::NotPermitted => "not_permitted",
            Self::Unavailable => "unavailable",
            Self::Cancelled | Self::Interrupted => "cancelled",
            Self::ClosedPipe => "closed_pipe",
        }
    }
}

/// An error as it is told to a person or a script.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    pub kind: ErrorKind,
    pub reason: Option<Reason>,
    pub message: String,
    /// What is wrong with which answer; empty for every other error.
    pub problems: Problems,
    /// What is wrong with which row of a file; empty for every other error.
    pub rows: Box<RowProblems>,
    pub hint: Option<String>,
    /// Nobody knows whether the change was stored.
    pub is_in_doubt: bool,
    /// What lies beneath, shown with `--verbose`.
    #[source]
    pub cause: Option<anyhow::Error>,
}

impl Error {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            reason: None,
            message: message.into(),
            problems: Problems::default(),
            rows: Box::default(),
            hint: None,
            is_in_doubt: false,
            cause: None,
        }
    }

    /// The command line could not be understood, or needs something more.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, message)
    }

    /// What was given cannot be used as it is.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidAnswers, message)
    }

    /// Nobody, or nothing, by that name.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, message)
    }

    /// Somebody changed the same thing meanwhile.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, message)
    }

    /// The database, the configuration or the mail server cannot be used.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unavailable, message)
    }

    /// The person said no, went back, or chose to cancel.
    pub fn cancelled() -> Self {
        Self::new(ErrorKind::Cancelled, "Nothing was changed")
    }

    /// The person pressed Ctrl-C at a question.
    pub fn interrupted() -> Self {
        Self::new(ErrorKind::Interrupted, "Stopped: nothing was changed")
    }

    /// The person stopped a run that had begun; the message says what was done by then.
    pub fn stopped(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Interrupted, message)
    }

    /// There is nobody left to answer: the input ended, or the terminal was closed.
    pub fn end_of_input() -> Self {
        Self::new(ErrorKind::Cancelled, "The input ended: nothing was changed")
    }

    /// The same end, after changes that are stored.
    #[must_use]
    pub fn after_saving(self) -> Self {
        match self.kind {
            ErrorKind::Cancelled => Self { message: "The input ended: what was saved before stays saved".to_owned(), ..self },
            ErrorKind::Interrupted => Self { message: "Stopped: what was saved before stays saved".to_owned(), ..self },
            _ => self,
        }
    }

    /// Something that should not happen.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        let cause = cause.into();
        Self { cause: Some(cause), ..Self::new(ErrorKind::Internal, "Something went wrong that frontdesk does not know how to put right") }
            .hint("Nothing was changed. Run the command again with --verbose to see what lies beneath, and report it with that.")
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same error, when it came after a change was stored: nobody must think that it was not.
    #[must_use]
    pub fn after_the_change(self) -> Self {
        if self.kind == ErrorKind::ClosedPipe {
            return self;
        }
        Self { message: format!("The change was made, but after it: {}", self.message), ..self }
    }

    /// Gives the finer reason.
    #[must_use]
    pub fn because(mut self, reason: Reason) -> Self {
        self.reason = Some(reason);
        self
    }

    /// Keeps what lies beneath.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// A sign-in that was not let in, under the exit code that its reason has.
    pub fn sign_in_refused(reason: Reason) -> Self {
        let kind = match reason {
            Reason::MissingEmail => {
                let blank = Problem::with_user(Field::Email, Code::Blank).into();
                return Self { problems: blank, ..Self::new(ErrorKind::InvalidAnswers, "There is a problem") }.because(reason);
            }
            Reason::UnknownUser | Reason::DeletedUser => ErrorKind::NotFound,
            _ => ErrorKind::NotPermitted,
        };
        Self { kind, ..Refusal::sign_in(reason).into() }
    }

    /// A token that is not taken, under the exit code that its reason has.
    pub fn token_refused(reason: Reason) -> Self {
        let kind = match reason {
            Reason::Unknown | Reason::Deleted => ErrorKind::NotFound,
            _ => ErrorKind::NotPermitted,
        };
        Self { kind, ..Refusal::token(reason).into() }
    }
}

impl From<Problems> for Error {
    fn from(problems: Problems) -> Self {
        let kind = if problems.are_conflicts() { ErrorKind::Conflict } else { ErrorKind::InvalidAnswers };
        Self { problems, ..Self::new(kind, "There is a problem") }
    }
}

impl From<RowProblems> for Error {
    fn from(rows: RowProblems) -> Self {
        let heading = rows.heading();
        Self { rows: Box::new(rows), ..Self::new(ErrorKind::InvalidAnswers, heading) }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Problems::from(problem).into()
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self { reason: refusal.reason, hint: refusal.hint, ..Self::new(ErrorKind::NotPermitted, refusal.message) }
    }
}

impl From<io::Error> for Error {
    fn from(cause: io::Error) -> Self {
        if cause.kind() == io::ErrorKind::BrokenPipe {
            Self::new(ErrorKind::ClosedPipe, "The output was closed")
        } else {
            Self::new(ErrorKind::Internal, "The output could not be written")
                .hint("Check the disk or program that standard output goes to.")
                .caused_by(cause)
        }
    }
}
