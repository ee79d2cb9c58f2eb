//! The exit codes, in the one place that knows them.

use std::process::ExitCode;

use crate::error::{Error, ErrorKind};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Done,
    /// An unexpected failure.
    Failed,
    /// The command line could not be understood, or needs `--yes`.
    Usage,
    /// There is a problem with the answers.
    Answers,
    /// Nobody, or nothing, by that name.
    NotFound,
    /// Conflict and nothing else wrong.
    Conflict,
    /// Refused by a rule.
    NotPermitted,
    /// Configuration, database or mail server unavailable.
    Unavailable,
    /// Done, but something is left over.
    LeftOver,
    /// Cancelled by the person.
    Cancelled,
    /// Ctrl-C: what a shell calls a program that the signal ended.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees.
    pub fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Answers => 3,
            Self::NotFound => 4,
            Self::Conflict => 5,
            Self::NotPermitted => 6,
            Self::Unavailable => 7,
            Self::LeftOver => 8,
            Self::Cancelled => 9,
            Self::Interrupted => 130,
        }
    }
}

impl From<&Error> for Exit {
    fn from(error: &Error) -> Self {
        match error.kind {
            ErrorKind::Internal => Self::Failed,
            ErrorKind::Usage => Self::Usage,
            ErrorKind::InvalidAnswers => Self::Answers,
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::Conflict => Self::Conflict,
            ErrorKind::NotPermitted => Self::NotPermitted,
            ErrorKind::Unavailable => Self::Unavailable,
            ErrorKind::Cancelled => Self::Cancelled,
            ErrorKind::Interrupted => Self::Interrupted,
            ErrorKind::ClosedPipe => Self::Done,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}
