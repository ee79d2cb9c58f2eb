//! First and last names, and other names that people give things.

use unicode_normalization::UnicodeNormalization as _;

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

/// A name as names are compared that must differ in more than letter case. Capitals first: so every way
/// of writing one letter, like ß and SS, comes to the same.
pub fn fold_case(name: &str) -> String {
    name.to_uppercase().to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::fold_case;

    #[test]
    fn letter_case_makes_no_difference_and_accents_do() {
        for (one, other) in [("Nightly Import", "NIGHTLY import"), ("Straße", "STRASSE"), ("ΟΔΟΣ", "οδος"), ("Séan", "SÉAN")] {
            assert_eq!(fold_case(one), fold_case(other));
        }
        assert_ne!(fold_case("Sean"), fold_case("Seán"));
    }
}
