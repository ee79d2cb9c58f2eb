//! The order of names: a key of bytes that any database and any program can compare.

use std::sync::OnceLock;

use icu_collator::options::{CollatorOptions, Strength};
use icu_collator::{Collator, CollatorBorrowed};

/// What made the keys. Keys made by two versions must never be compared: a newer version of the
/// collation raises the number of the schema too, and its migration makes every key again.
pub const VERSION: &str = "root/tertiary/icu4x-2.4.0";

/// Stands between the two names. The collation gives it the lowest weight on every level, so that
/// “Ann Zed” comes before “Anna Abel”, while accents and case only break ties of the whole name.
/// No name can hold it (`domain::characters`).
const SEPARATOR: char = '\u{FFFE}';

/// The key by which a person is ordered: first name, then last name (seeds 000, “Users list”).
pub fn sort_key(first_name: &str, last_name: &str) -> Vec<u8> {
    key_of(&format!("{first_name}{SEPARATOR}{last_name}"))
}

/// The key by which an organisation is ordered: its name.
pub fn name_key(name: &str) -> Vec<u8> {
    key_of(name)
}

fn key_of(text: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(48);
    if let Some(collator) = collator() {
        let Ok(()) = collator.write_sort_key_to(text, &mut key);
    }
    key
}

/// Made once, and only by commands that store a name.
fn collator() -> Option<&'static CollatorBorrowed<'static>> {
    static COLLATOR: OnceLock<Option<CollatorBorrowed<'static>>> = OnceLock::new();
    COLLATOR
        .get_or_init(|| {
            let mut options = CollatorOptions::default();
            options.strength = Some(Strength::Tertiary);
            // The root locale is compiled in, so this cannot fail; a test sees that it does not.
            Collator::try_new(Default::default(), options).ok()
        })
        .as_ref()
}

#[cfg(test)]
mod tests {
    use super::sort_key;

    #[test]
    fn first_names_come_before_last_names_and_accents_and_case_only_break_ties() {
        let expected = [
            ("Ann", "Able"),
            ("ANN", "Able"),
            ("ann", "Baker"),
            ("Ann", "Carter"),
            ("Ann", "Zed"),
            ("Ann Marie", "Bbb"),
            ("Anna", "Abel"),
            ("Émile", "Abel"),
            ("Emile", "Baker"),
            ("O'Brien", "A"),
            ("Obrien", "A"),
            ("Øystein", "A"),
            ("Ozzy", "A"),
            ("Zoe", "A"),
            ("Zoë", "A"),
            ("zora", "A"),
        ];
        let mut sorted = expected;
        sorted.reverse();
        sorted.sort_by_key(|(first, last)| sort_key(first, last));
        assert_eq!(sorted, expected);
    }
}
