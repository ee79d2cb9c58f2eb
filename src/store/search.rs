//! How a search becomes a condition: the folded text of the record holds the folded text that is
//! looked for. This is the one place that knows how, so that an index can come behind it.

use super::value::Value;
use crate::domain::search::Search;

// An absent search is null. The escape is no backslash: whether one stands for itself in a literal
// is a setting of PostgreSQL's.
macro_rules! found_by {
    ($parameter:literal) => {
        concat!("(CAST(", $parameter, " AS TEXT) IS NULL OR search_text LIKE ", $parameter, " ESCAPE '!')")
    };
}
pub(super) use found_by;

/// More characters than any record has: two names of 255 that fold to 18 each at most, and an address
/// of 254. SQLite refuses a pattern of over 50,000 bytes.
const LONGEST: usize = 10_000;

/// The parameter of the condition.
pub(super) fn parameter(search: Option<&Search>) -> Value<'_> {
    search.map(|search| pattern(search.folded())).into()
}

/// A pattern that a text matches if it holds this one. A text longer than any record is in none, and
/// neither is its beginning if that is longer, too.
fn pattern(folded: &str) -> String {
    let mut pattern = String::with_capacity(folded.len().min(4 * LONGEST) + 2);
    pattern.push('%');
    for character in folded.chars().take(LONGEST) {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LONGEST, pattern};
    use crate::domain::search::text_of_person;
    use crate::store::sqlite::Sqlite;

    fn holds(text: &str, part: &str) -> bool {
        let sqlite = Sqlite::open_temporary().unwrap();
        let query = concat!("WITH record (search_text) AS (SELECT $1) SELECT count(*) FROM record WHERE ", found_by!("$2"));
        let mut count = 0;
        sqlite.each(query, &[text.into(), pattern(part).into()], &mut |row| row.count(0).map(|found| count = found)).unwrap();
        count == 1
    }

    #[test]
    fn what_means_something_in_a_pattern_is_taken_as_it_is() {
        for (text, part, expected) in [
            ("a%b", "%", true),
            ("a%b", "a%b", true),
            ("axb", "a%b", false),
            ("a_b", "_", true),
            ("axb", "a_b", false),
            ("a!b", "a!b", true),
            ("a%b", "a!%b", false),
            ("a\\b", "\\", true),
            ("a'b\"", "'b\"", true),
            ("ann abel", "nn abe", true),
            ("ann\nabel", "nn abe", false),
        ] {
            assert_eq!(holds(text, part), expected, "{part:?} in {text:?}");
        }
    }

    #[test]
    fn a_text_longer_than_any_record_is_in_none() {
        // The character that folds to the most.
        let widest = "\u{FDFA}".repeat(255);
        let text = text_of_person(&widest, &widest, &"a".repeat(254));
        assert!(text.chars().count() < LONGEST, "{}", text.chars().count());
        assert!(holds(&text, &text) && !holds(&text, &format!("{text}x")));
        for long in ["a".repeat(100_000), "%".repeat(100_000), "李".repeat(100_000), "\u{1F600}".repeat(100_000)] {
            assert!(!holds(&text, &long));
        }
    }

    proptest! {
        #[test]
        fn a_pattern_finds_a_text_where_it_is(text in "[ab%_!\\\\]{0,6}", part in "[ab%_!\\\\]{1,3}") {
            prop_assert_eq!(holds(&text, &part), text.contains(&part));
        }
    }
}
