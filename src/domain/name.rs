//! First and last names, and other names that people give things.

use super::characters::{has_refused_character, tidy};
use super::problem::Code;

/// The longest name, in characters after tidying.
pub const LONGEST_NAME: usize = 255;

/// Tidies and checks a name; what comes back is what is stored.
///
/// # Errors
/// The first thing that is wrong: blank, refused characters, or too long.
pub fn parse(typed: &str) -> Result<String, Code> {
    let name = tidy(typed);
    if name.is_empty() {
        Err(Code::Blank)
    } else if has_refused_character(&name) {
        Err(Code::BadCharacters)
    } else if name.chars().count() > LONGEST_NAME {
        Err(Code::TooLong)
    } else {
        Ok(name)
    }
}
