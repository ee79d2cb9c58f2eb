//! What is searched for in a list, and the text of a record that it is looked for in: both are folded
//! by the same rules, so that letter case, accents and the shape of an apostrophe do not matter.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

use super::characters::{is_invisible, tidy};

/// What somebody looks for: never blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    typed: String,
    folded: String,
}

impl Search {
    /// Reads what was typed. Nothing comes back where it is blank: to look for nothing would find
    /// everybody, and a script whose variable is empty would take the whole list for the matches.
    pub fn new(typed: &str) -> Option<Self> {
        let folded = fold(typed);
        // An accent alone is left with nothing to look for, too.
        (!folded.is_empty()).then(|| Self { typed: tidy(typed), folded })
    }

    /// As it was typed, without needless white space.
    pub fn as_typed(&self) -> &str {
        &self.typed
    }

    /// As it is looked for.
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

/// The text that a person is found by: a part of it may span both names. The line break keeps the
/// names from running into the address, because nothing that is searched for holds one.
pub fn text_of_person(first_name: &str, last_name: &str, email: &str) -> String {
    format!("{}\n{}", fold(&format!("{first_name} {last_name}")), fold(email))
}

/// The text that an organisation is found by.
pub fn text_of_organisation(name: &str, code: &str) -> String {
    format!("{}\n{}", fold(name), fold(code))
}

/// Folds a text for comparison: in lower case, without accents and without what cannot be seen, each
/// run of white space one space and none at the ends. What is stored was folded by these rules: other
/// rules raise the number of the schema, and their migration folds every text again.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut is_after_space = false;
    let mut push = |character: char| {
        if character.is_whitespace() {
            is_after_space = true;
            return;
        }
        if std::mem::take(&mut is_after_space) && !folded.is_empty() {
            folded.push(' ');
        }
        match as_several_letters(character) {
            Some(letters) => folded.push_str(letters),
            None => folded.push(character),
        }
    };
    if text.is_ascii() {
        // Nearly all there is, and quick: a migration folds every record in one transaction.
        text.chars().map(|character| as_one_letter(character.to_ascii_lowercase())).for_each(&mut push);
    } else {
        // Before it is taken apart, because that makes a space and an accent of an acute accent which
        // stands for an apostrophe; and after, because that is where most letters show.
        let apart = text.chars().map(as_one_letter).nfkd().flat_map(char::to_lowercase).nfkd();
        apart.filter(|character| !is_accent(*character) && !is_invisible(*character)).map(as_one_letter).for_each(&mut push);
    }
    folded
}

/// Marks that tell letters of one alphabet apart for those who type them and are left out by those
/// who do not. The marks that make another consonant of one (classes 7 to 9: Indian dots and vowel
/// killers, the voicing of Japanese syllables) are no accents.
fn is_accent(character: char) -> bool {
    !matches!(canonical_combining_class(character), 0 | 7..=9)
}

/// Letters that no decomposition takes their stroke off, and marks that look alike.
fn as_one_letter(character: char) -> char {
    match character {
        'ø' | 'Ø' => 'o',
        'đ' | 'Đ' | 'ð' | 'Ð' => 'd',
        'ł' | 'Ł' => 'l',
        'ħ' | 'Ħ' => 'h',
        'ŧ' | 'Ŧ' => 't',
        'ı' => 'i',
        'ς' => 'σ',
        '‘' | '’' | '‛' | '`' | '´' | '′' | 'ʹ' | 'ʻ' | 'ʼ' | 'ʽ' | '＇' => '\'',
        '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
        // PostgreSQL stores no NUL, and SQLite compares no further than one; no other control
        // character is in a record either.
        control if control.is_control() && !control.is_whitespace() => char::REPLACEMENT_CHARACTER,
        other => other,
    }
}

/// Letters that are written as two where a keyboard does not have them.
fn as_several_letters(character: char) -> Option<&'static str> {
    Some(match character {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Search, fold, text_of_organisation, text_of_person};

    #[test]
    fn case_and_accents_do_not_matter_however_they_are_encoded() {
        for typed in ["René", "RENÉ", "rene\u{301}", "RENE\u{301}", " rené ", "ｒｅｎｅ", "re\u{200B}né"] {
            assert_eq!(fold(typed), "rene", "{typed:?}");
        }
        for (typed, folded) in [
            ("Straße STRAẞE", "strasse strasse"),
            ("Søren Øye", "soren oye"),
            ("Æthelred Œuvre æ", "aethelred oeuvre ae"),
            ("Þóra Ðóra Łukasz Đặng", "thora dora lukasz dang"),
            ("İpek Işık", "ipek isik"),
            ("Nguyễn Thị", "nguyen thi"),
            ("ΟΔΥΣΣΕΎΣ", "οδυσσευσ"),
            ("Ёлка", "елка"),
            ("ﬁnn", "finn"),
        ] {
            assert_eq!(fold(typed), folded, "{typed:?}");
        }
    }

    #[test]
    fn apostrophes_hyphens_and_white_space_are_alike() {
        for typed in ["O’Brien-Smith", "o'brien‐smith", "O´BRIEN–SMITH", "o`brien-smith", "\tOʼBrien-Smith\n"] {
            assert_eq!(fold(typed), "o'brien-smith", "{typed:?}");
        }
        assert_eq!(fold(" van\u{A0} der\r\n Berg\u{3000}"), "van der berg");
    }

    #[test]
    fn marks_that_make_another_letter_stay() {
        assert_eq!(fold("が"), fold("か\u{3099}"));
        assert_ne!(fold("が"), fold("か"));
        assert_ne!(fold("क\u{94D}ष"), fold("कष"));
    }

    #[test]
    fn a_record_is_found_by_names_together_or_address_and_never_across_them() {
        assert_eq!(text_of_person("Zoë", "van  der Berg", "zoe_1@x.uk"), "zoe van der berg\nzoe_1@x.uk");
        assert_eq!(text_of_organisation("Álpha School", "ALPHA_1"), "alpha school\nalpha_1");
        assert!(!Search::new("berg\nzoe").unwrap().folded().contains('\n'));
    }

    #[test]
    fn nothing_is_no_search() {
        for blank in ["", " ", "\t\n", "\u{A0}\u{200B}", "\u{301}"] {
            assert_eq!(Search::new(blank), None, "{blank:?}");
        }
        let search = Search::new("  Ann\t Abel ").unwrap();
        assert_eq!((search.as_typed(), search.folded()), ("Ann Abel", "ann abel"));
        assert!(!fold("a\0b").contains('\0'));
    }

    proptest! {
        #[test]
        fn folding_again_changes_nothing(text in any::<String>()) {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded.clone());
            prop_assert!(!folded.chars().any(char::is_control), "{:?}", folded);
        }

        #[test]
        fn both_ways_to_fold_agree(text in "[ -~\t\n]*") {
            // A letter beyond ASCII takes the other way.
            prop_assert_eq!(fold(&format!("{text}\u{E9}")), fold(&format!("{text}e")));
        }

        #[test]
        fn any_part_of_a_text_is_found_in_it(text in "[a-zA-ZéÉßøÆ’ \u{301}%_]{1,20}", start in 0..20_usize, length in 1..20_usize) {
            let part: String = text.chars().skip(start).take(length).collect();
            prop_assert!(fold(&text).contains(&fold(&part)), "{:?} in {:?}", part, text);
        }
    }
}
