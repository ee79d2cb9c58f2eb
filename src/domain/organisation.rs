//! An organisation whose users are administered: a school, a training provider.

use jiff::Timestamp;

use super::change::{FieldChange, changed_fields};
use super::characters::trim_ends;
use super::problem::{Code, Field};

const LONGEST_CODE: usize = 32;

/// What people may answer about an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationDetails {
    /// As it was typed; letter case makes no difference.
    pub code: String,
    pub name: String,
}

impl OrganisationDetails {
    /// Each field with its value as text, in question order.
    pub fn fields(&self) -> [(Field, String); 2] {
        [(Field::OrganisationCode, self.code.clone()), (Field::OrganisationName, self.name.clone())]
    }

    /// What differs from `before`, field by field; everything when there was nothing before.
    pub fn changes_from(&self, before: Option<&Self>) -> Vec<FieldChange> {
        changed_fields(before.map(Self::fields), Some(self.fields()))
    }
}

/// A stored organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// UUIDv7.
    pub id: String,
    pub details: OrganisationDetails,
    /// How many users belong to it.
    pub users: u64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// Goes up by one with every change of its details.
    pub revision: i64,
}

impl Organisation {
    /// The organisation as other records name it.
    pub fn reference(&self) -> OrganisationReference {
        let OrganisationDetails { code, name } = self.details.clone();
        OrganisationReference { id: self.id.clone(), code, name }
    }
}

/// An organisation as other records name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OrganisationReference {
    pub id: String,
    pub code: String,
    pub name: String,
}

impl OrganisationReference {
    /// What names it on a command line: the code, or the id where the code would be taken for a flag.
    pub fn argument(&self) -> &str {
        if self.code.starts_with('-') { &self.id } else { &self.code }
    }

    /// The name with the code, because two organisations may have one name.
    pub fn label(&self) -> String {
        format!("{} ({})", self.name, self.code)
    }
}

/// What was typed to name an organisation: its code, in any letter case, or its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhichOrganisation {
    typed: String,
    shown: String,
    is_exact: bool,
}

impl WhichOrganisation {
    /// Reads a name as it was typed.
    pub fn new(typed: &str) -> Self {
        let typed = trim_ends(typed).to_owned();
        Self { shown: typed.clone(), typed, is_exact: false }
    }

    /// This one and no other, though its code be another's by now.
    pub fn exactly(organisation: &OrganisationReference) -> Self {
        Self { typed: organisation.id.clone(), shown: organisation.code.clone(), is_exact: true }
    }

    /// As messages name it.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Whether it is one that was seen a moment ago, so that it is gone if it is not there.
    pub fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// As an id, or as codes are compared.
    pub fn folded(&self) -> String {
        fold_code(&self.typed)
    }
}

/// A code as codes are compared: in any letter case.
pub fn fold_code(code: &str) -> String {
    code.to_ascii_lowercase()
}

/// Trims and checks a code; what comes back is what is stored.
///
/// # Errors
/// The first thing that is wrong: blank, refused characters, too long, or shaped like an id.
pub fn parse_code(typed: &str) -> Result<String, Code> {
    let code = trim_ends(typed);
    if code.is_empty() {
        Err(Code::Blank)
    } else if !code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
        Err(Code::BadCharacters)
    } else if code.len() > LONGEST_CODE {
        Err(Code::TooLong)
    } else if is_shaped_like_an_id(code) {
        Err(Code::BadFormat)
    } else {
        Ok(code.to_owned())
    }
}

/// An id without its hyphens is as long as the longest code: 32 hexadecimal digits.
fn is_shaped_like_an_id(code: &str) -> bool {
    code.len() == LONGEST_CODE && code.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::{Code, parse_code};

    #[test]
    fn a_code_is_kept_as_it_was_typed() {
        for code in ["ALPHA", "a", "10-38_x", "Z9"] {
            assert_eq!(parse_code(&format!(" {code}\t")), Ok(code.to_owned()));
        }
        assert_eq!(parse_code(&"9".repeat(31)), Ok("9".repeat(31)));
        assert_eq!(parse_code(&"g".repeat(32)), Ok("g".repeat(32)));
    }

    #[test]
    fn what_is_wrong_with_a_code_is_told_in_this_order() {
        assert_eq!(parse_code(" \u{200B}"), Err(Code::Blank));
        for code in ["AL PHA", "é", "a.b", "a/b", "ＡＢ", "\u{212A}"] {
            assert_eq!(parse_code(code), Err(Code::BadCharacters), "{code}");
        }
        assert_eq!(parse_code(&"x".repeat(33)), Err(Code::TooLong));
        assert_eq!(parse_code("019b0dc20de070008000000000000004"), Err(Code::BadFormat));
        assert_eq!(parse_code("019b0dc2-0de0-7000-8000-000000000004"), Err(Code::TooLong));
    }
}
