//! The environment variables, each read as what it means.

use std::ffi::OsStr;

use crate::domain::characters::trim_ends;
use crate::error::{Error, Result};
use crate::world::Environment;

pub const SERVICE: &str = "FRONTDESK_SERVICE";
pub const DATABASE: &str = "FRONTDESK_DATABASE";
pub const ACTOR: &str = "FRONTDESK_AS";
pub const CONFIGURATION: &str = "FRONTDESK_CONFIG";
pub const ACCESSIBLE: &str = "FRONTDESK_ACCESSIBLE";
pub const SMTP_PASSWORD: &str = "FRONTDESK_SMTP_PASSWORD";
pub const NO_INPUT: &str = "FRONTDESK_NO_INPUT";

/// A variable as text.
///
/// # Errors
/// It is not UTF-8.
pub fn text<'a>(environment: &'a Environment, name: &str) -> Result<Option<&'a str>> {
    let text = |value: &'a OsStr| {
        value.to_str().ok_or_else(|| {
            let error = Error::unavailable(format!("{name} is not valid UTF-8"));
            error.hint(format!("Set {name} again in a terminal that uses UTF-8, or unset it."))
        })
    };
    environment.get(name).map(text).transpose()
}

/// A variable that says yes or no.
///
/// # Errors
/// It says something else.
pub fn yes_no(environment: &Environment, name: &str) -> Result<Option<bool>> {
    let Some(typed) = text(environment, name)? else { return Ok(None) };
    match trim_ends(typed).to_ascii_lowercase().as_str() {
        "yes" | "1" | "true" => Ok(Some(true)),
        "no" | "0" | "false" => Ok(Some(false)),
        _ => Err(Error::unavailable(format!("{name} must be yes or no, not ‘{typed}’"))
            .hint(format!("Set {name} to yes or no (1 and 0, true and false mean the same), or unset it."))),
    }
}

#[cfg(test)]
mod tests {
    use super::{NO_INPUT, yes_no};
    use crate::error::ErrorKind;
    use crate::world::Environment;

    fn read(value: &str) -> crate::error::Result<Option<bool>> {
        let environment: Environment = [(NO_INPUT.into(), value.into())].into_iter().collect();
        yes_no(&environment, NO_INPUT)
    }

    #[test]
    fn yes_and_no_have_three_spellings_each() {
        for (words, meaning) in [(["yes", "1", "true"], true), (["no", "0", "FALSE"], false)] {
            for word in words {
                assert_eq!(read(word).unwrap(), Some(meaning), "{word}");
            }
        }
        assert_eq!(read("").unwrap(), None);
    }

    #[test]
    fn anything_else_is_an_error_that_names_the_variable() {
        let error = read("maybe").unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unavailable);
        assert_eq!(error.message, "FRONTDESK_NO_INPUT must be yes or no, not ‘maybe’");
        assert_eq!(error.hint.unwrap(), "Set FRONTDESK_NO_INPUT to yes or no (1 and 0, true and false mean the same), or unset it.");
    }

    #[cfg(unix)]
    #[test]
    fn text_must_be_utf_8() {
        use std::os::unix::ffi::OsStringExt as _;
        let value = std::ffi::OsString::from_vec(vec![b'a', 0xFF]);
        let environment: Environment = [(super::ACTOR.into(), value)].into_iter().collect();
        assert_eq!(super::text(&environment, super::ACTOR).unwrap_err().message, "FRONTDESK_AS is not valid UTF-8");
    }
}
