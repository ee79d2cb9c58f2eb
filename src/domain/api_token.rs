//! The token that an API client proves itself with: shown once, and kept only as its digest.

use std::borrow::Cow;
use std::fmt::Write as _;

use subtle::ConstantTimeEq as _;

use super::secret::Secret;

/// What every token begins with, so that one which leaked is known for what it is.
const PREFIX: &str = "frontdesk_";
/// So many digits behind it are a part of a token, and not the end of some other word.
const FEWEST_DIGITS: usize = 16;
/// How many random bytes a token has.
pub const RANDOM_BYTES: usize = 32;

/// A token, which nothing prints by itself.
#[derive(Debug, Clone)]
pub struct Token(Secret);

impl Token {
    /// The token of these random bytes.
    pub fn of(random: &[u8; RANDOM_BYTES]) -> Self {
        // As long as it will be: a text that grows leaves its beginnings behind in memory.
        let mut text = String::with_capacity(PREFIX.len() + 2 * RANDOM_BYTES);
        text.push_str(PREFIX);
        for byte in random {
            // Writing to a text cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        Self(Secret::new(text))
    }

    /// What somebody gives as a token, whatever it is.
    pub fn given(text: Secret) -> Self {
        Self(text)
    }

    /// The token itself, for whoever it is made for.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }

    /// What is kept of it. 256 random bits are found by no search, so that the digest needs no key.
    pub fn digest(&self) -> TokenDigest {
        let digest = ring::digest::digest(&ring::digest::SHA256, self.0.reveal().as_bytes());
        TokenDigest(digest.as_ref().to_vec())
    }
}

/// A text without the tokens in it, for what is shown of what somebody typed: one that was given where
/// none belongs must not end in a log too.
pub fn without_tokens(text: &str) -> Cow<'_, str> {
    if !text.contains(PREFIX) {
        return text.into();
    }
    let mut parts = text.split(PREFIX);
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|character: char| character.is_ascii_hexdigit());
        let is_token = part.len() - rest.len() >= FEWEST_DIGITS;
        shown.push_str(PREFIX);
        shown.push_str(if is_token { "…" } else { "" });
        shown.push_str(if is_token { rest } else { part });
    }
    shown.into()
}

/// The SHA-256 of a token.
#[derive(Clone)]
pub struct TokenDigest(Vec<u8>);

impl TokenDigest {
    /// One that was kept.
    pub fn kept(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// As it is kept.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether both are of the same token, found out in a time that says nothing of either.
    pub fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::{Secret, Token, TokenDigest, without_tokens};

    #[test]
    fn a_token_is_its_prefix_and_64_hexadecimal_digits_and_prints_as_nothing() {
        let token = Token::of(&[0xA7; 32]);
        assert_eq!(token.reveal(), format!("frontdesk_{}", "a7".repeat(32)));
        assert_eq!(format!("{token:?}"), "Token(Secret)");
    }

    #[test]
    fn the_digest_is_the_sha_256_of_the_whole_token() {
        // As `printf abc | sha256sum` has it.
        let digest = Token::given(Secret::new("abc")).digest();
        let hexadecimal: String = digest.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hexadecimal, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn what_is_shown_has_no_token_in_it() {
        let token = Token::of(&[0xA7; 32]);
        for (typed, shown) in [
            (format!("unexpected argument '{}' found", token.reveal()), "unexpected argument 'frontdesk_…' found"),
            (format!("{0} or {0}x", token.reveal()), "frontdesk_… or frontdesk_…x"),
            ("frontdesk_0123456789abcde".to_owned(), "frontdesk_0123456789abcde"),
            ("frontdesk_backup, frontdesk".to_owned(), "frontdesk_backup, frontdesk"),
        ] {
            assert_eq!(without_tokens(&typed), shown);
        }
    }

    #[test]
    fn digests_are_the_same_or_not() {
        let digest = Token::of(&[1; 32]).digest();
        assert!(digest.is(&TokenDigest::kept(digest.as_bytes().to_vec())));
        assert!(!digest.is(&Token::of(&[2; 32]).digest()));
        assert!(!digest.is(&TokenDigest::kept(Vec::new())));
    }
}
