//! Email addresses: the one way to write each, and whose hosts may hold a service's users.

use std::fmt;

use super::characters::trim_ends;
use super::problem::Code;

const LONGEST_ADDRESS: usize = 254;
const LONGEST_LOCAL_PART: usize = 64;
const LONGEST_LABEL: usize = 63;
const DEPARTMENT_HOST: &str = "education.gov.uk";

/// A checked address: lower-case ASCII, one `@`, at least two labels in its host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Trims the ends and lower-cases; nothing inside is changed, so that a slip of the finger is
    /// refused instead of becoming somebody else's address.
    ///
    /// # Errors
    /// The first thing that is wrong: blank, too long, or not an address.
    pub fn parse(typed: &str) -> Result<Self, Code> {
        let trimmed = trim_ends(typed);
        if trimmed.is_empty() {
            return Err(Code::Blank);
        }
        // Before lower-casing: the Kelvin sign and its like would otherwise become ASCII letters.
        if !trimmed.is_ascii() {
            return Err(Code::BadFormat);
        }
        let address = trimmed.to_ascii_lowercase();
        let (local_part, host) = address.rsplit_once('@').ok_or(Code::BadFormat)?;
        if !local_part.bytes().all(is_local_part_byte) || !host.bytes().all(|byte| is_label_byte(byte) || byte == b'.') {
            return Err(Code::BadFormat);
        }
        if address.len() > LONGEST_ADDRESS || local_part.len() > LONGEST_LOCAL_PART {
            return Err(Code::TooLong);
        }
        let dots_are_apart = local_part.split('.').all(|part| !part.is_empty());
        if !dots_are_apart || !is_host(host) || !email_address::EmailAddress::is_valid(&address) {
            return Err(Code::BadFormat);
        }
        Ok(Self(address))
    }

    /// As [`EmailAddress::parse`], and the host must be the Department for Education's
    /// (seeds 000, “Email address”).
    ///
    /// # Errors
    /// As `parse`, and a wrong domain.
    pub fn parse_department(typed: &str) -> Result<Self, Code> {
        let address = Self::parse(typed)?;
        if is_department_host(address.host()) { Ok(address) } else { Err(Code::WrongDomain) }
    }

    /// Takes an address out of the database, where only checked ones are written.
    pub fn from_stored(address: String) -> Self {
        Self(address)
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What follows the `@`.
    pub fn host(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, host)| host)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn is_local_part_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte)
}

fn is_label_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

/// Whether this is a host of at least two labels, each of letters, digits and inner hyphens, the last
/// not a number.
pub fn is_host(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    labels.len() >= 2
        && labels.iter().all(|label| is_label(label))
        && labels.last().is_some_and(|last| !last.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_label(label: &str) -> bool {
    (1..=LONGEST_LABEL).contains(&label.len()) && label.bytes().all(is_label_byte) && !label.starts_with('-') && !label.ends_with('-')
}

/// Compared label by label: `badeducation.gov.uk` ends with the same letters and is somebody else's.
fn is_department_host(host: &str) -> bool {
    host == DEPARTMENT_HOST || host.strip_suffix(DEPARTMENT_HOST).is_some_and(|sub_domain| sub_domain.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::{Code, EmailAddress};

    fn department(typed: &str) -> Result<String, Code> {
        EmailAddress::parse_department(typed).map(|address| address.to_string())
    }

    #[test]
    fn ends_are_trimmed_and_letters_lowered() {
        assert_eq!(department("  Ann.ABEL@Education.GOV.uk\u{200B}\n"), Ok("ann.abel@education.gov.uk".to_owned()));
        assert_eq!(department("o'brien+x@good.education.gov.uk"), Ok("o'brien+x@good.education.gov.uk".to_owned()));
    }

    #[test]
    fn hosts_are_compared_label_by_label() {
        for host in ["badeducation.gov.uk", "x.badeducation.gov.uk", "education.gov.uk.evil.com", "gov.uk", "gmail.com"] {
            assert_eq!(department(&format!("name@{host}")), Err(Code::WrongDomain), "{host}");
        }
    }

    #[test]
    fn what_is_not_an_address_is_refused_and_never_mended() {
        for typed in [
            "name",
            "@education.gov.uk",
            "name@",
            "jo hn@education.gov.uk",
            "a@b@education.gov.uk",
            "Ann <ann@education.gov.uk>",
            "\"ann\"@education.gov.uk",
            "ann@[127.0.0.1]",
            "ann..abel@education.gov.uk",
            ".ann@education.gov.uk",
            "ann.@education.gov.uk",
            "ann@education..gov.uk",
            "ann@localhost",
            "ann@-x.education.gov.uk",
            "ann@x-.education.gov.uk",
            "ann@education.gov.123",
            "séan@education.gov.uk",
            "ann@educatio\u{212A}.gov.uk",
            "ann@education.gov.uk.",
            "ann(x)@education.gov.uk",
            "ann@edu_cation.gov.uk",
            "an\tn@education.gov.uk",
            "ann@education.gov.uk\u{0}x",
            "ann,abel@education.gov.uk",
        ] {
            assert_eq!(EmailAddress::parse(typed), Err(Code::BadFormat), "{typed:?}");
        }
        assert_eq!(EmailAddress::parse(" \t"), Err(Code::Blank));
    }

    #[test]
    fn lengths_are_bounded() {
        let local_part = "a".repeat(64);
        assert!(department(&format!("{local_part}@education.gov.uk")).is_ok());
        assert_eq!(department(&format!("{local_part}a@education.gov.uk")), Err(Code::TooLong));
        let label = "b".repeat(63);
        assert!(EmailAddress::parse(&format!("a@{label}.uk")).is_ok());
        assert_eq!(EmailAddress::parse(&format!("a@{label}b.uk")), Err(Code::BadFormat));
        let long_host = format!("{label}.{label}.{label}.uk");
        assert_eq!(EmailAddress::parse(&format!("{local_part}@{long_host}")), Err(Code::TooLong));
    }
}
