//! What is wrong with an address, in words that repeat nothing of it but the names of parameters: any
//! part may be a piece of a password that was not written as it must be.

use crate::error::Error;

/// What to say of a password that may have been taken for something else.
const ENCODING: &str = "In a user name or a password, write @ as %40, / as %2F, : as %3A, ? as %3F and % as %25.";

/// Where an address is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// As every error begins that is about it.
    pub text: String,
    /// On the command line, which is then what is wrong.
    pub is_flag: bool,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The parameter that it is about, which a variable may stand for.
    parameter: Option<&'static str>,
    what: String,
    hint: Option<String>,
}

impl Mistake {
    /// About the address.
    pub fn new(what: impl Into<String>) -> Self {
        Self { parameter: None, what: what.into(), hint: None }
    }

    /// About the value of a parameter.
    pub fn of(parameter: &'static str, what: impl Into<String>) -> Self {
        Self { parameter: Some(parameter), ..Self::new(what) }
    }

    /// Says what to do.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Says how to write what may be a password.
    pub fn hint_at_encoding(self) -> Self {
        self.hint(ENCODING)
    }

    /// The error about an address.
    pub fn at(self, place: &Place) -> Error {
        let message = format!("{}: {}", place.text, self.sentence());
        self.told(if place.is_flag { Error::usage(message) } else { Error::unavailable(message) })
    }

    /// The error about an address that is wrong only together with variables.
    pub fn with_environment(self, place: &Place) -> Error {
        let error = Error::unavailable(format!("{}, with what the environment adds to it: {}", place.text, self.sentence()));
        self.told(error)
    }

    /// The error about a variable.
    pub fn of_variable(self, variable: &str) -> Error {
        let error = Error::unavailable(format!("{variable} {}", self.what));
        let hint = self.hint.map(|hint| format!("{hint} ")).unwrap_or_default();
        error.hint(format!("{hint}Set {variable} again, or unset it."))
    }

    fn sentence(&self) -> String {
        match self.parameter {
            Some(parameter) => format!("‘{parameter}’ {}", self.what),
            None => self.what.clone(),
        }
    }

    fn told(self, error: Error) -> Error {
        match self.hint {
            Some(hint) => error.hint(hint),
            None => error,
        }
    }
}
