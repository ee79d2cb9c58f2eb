//! Which characters a name may hold, and how what was typed is tidied before it is checked.
//! A name is shown in terminals, emails and spreadsheets: what moves a cursor, reverses a line or
//! cannot be seen would let one name pass for another.

use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// Zero-width non-joiner and joiner: letters of some scripts are spelt with them.
const JOINERS: [char; 2] = ['\u{200C}', '\u{200D}'];

/// Takes white space and zero-width characters off both ends, makes each run of white space inside
/// one space, and composes accents (NFC). Everything else stays exactly as typed.
pub fn tidy(typed: &str) -> String {
    let mut tidied = String::with_capacity(typed.len());
    for word in trim_ends(typed).split(char::is_whitespace).filter(|word| !word.is_empty()) {
        if !tidied.is_empty() {
            tidied.push(' ');
        }
        tidied.extend(word.nfc());
    }
    tidied
}

/// Takes white space and zero-width characters off both ends, and changes nothing inside.
pub fn trim_ends(typed: &str) -> &str {
    typed.trim_matches(|character: char| character.is_whitespace() || is_invisible(character))
}

/// Whether tidied text holds a character that no name may hold: a control character, a control of
/// the writing direction, something invisible, or a noncharacter. U+FFFE matters most: it separates
/// first from last name in the key that orders lists. What some scripts are spelt with is kept where
/// they need it: joiners between their letters, variation selectors after them.
pub fn has_refused_character(text: &str) -> bool {
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let is_needed = if JOINERS.contains(&character) {
            before.is_some_and(is_joined_letter) && rest.peek().copied().is_some_and(is_joined_letter)
        } else {
            before.is_some_and(|letter| selects_variation(character, letter))
        };
        if !is_needed
            && (character.is_control() || is_direction_control(character) || is_invisible(character) || is_noncharacter(character))
        {
            return true;
        }
        before = Some(character);
    }
    false
}

/// Characters that must never reach a terminal as they are.
pub fn is_unsafe_to_show(character: char) -> bool {
    character.is_control()
        || is_direction_control(character)
        || is_noncharacter(character)
        // A joiner or a variation selector that stands where a script needs it must come out whole.
        || (is_invisible(character) && !JOINERS.contains(&character) && !is_variation_selector(character))
        // Line and paragraph separators break a line in some terminals and editors.
        || matches!(character, '\u{2028}' | '\u{2029}')
}

/// Characters that are there and cannot be seen: two names that differ in them look the same
/// (Unicode’s Default_Ignorable_Code_Point, and the marks of annotations).
pub(super) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}'
            | '\u{034F}'
            | '\u{115F}'
            | '\u{1160}'
            | '\u{17B4}'
            | '\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200D}'
            | '\u{2060}'..='\u{2065}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Whether this character chooses between the shapes of the letter before it: Mongolian letters, and
/// the ideographs of Chinese and Japanese names.
fn selects_variation(character: char, letter: char) -> bool {
    match character {
        '\u{180B}'..='\u{180D}' | '\u{180F}' => matches!(letter, '\u{1820}'..='\u{18AA}'),
        '\u{FE00}'..='\u{FE02}' | '\u{E0100}'..='\u{E01EF}' => {
            matches!(letter, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
        }
        _ => false,
    }
}

fn is_variation_selector(character: char) -> bool {
    matches!(character, '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

fn is_direction_control(character: char) -> bool {
    matches!(character, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}')
}

fn is_noncharacter(character: char) -> bool {
    matches!(character, '\u{FDD0}'..='\u{FDEF}') || (u32::from(character) & 0xFFFE) == 0xFFFE
}

/// Letters and marks of the scripts whose spelling uses joiners: Arabic, Syriac and N’Ko, the
/// scripts of India and Sri Lanka, Tibetan, Myanmar, Khmer and Mongolian.
fn is_joined_letter(character: char) -> bool {
    let joins = matches!(
        character,
        '\u{0600}'..='\u{07FF}'
            | '\u{0860}'..='\u{0DFF}'
            | '\u{0F00}'..='\u{109F}'
            | '\u{1780}'..='\u{18AF}'
            | '\u{A840}'..='\u{A87F}'
            | '\u{FB50}'..='\u{FDCF}'
            | '\u{FDF0}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFC}'
    );
    joins && matches!(character.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark)
}

#[cfg(test)]
mod tests {
    use super::{has_refused_character, tidy};

    #[test]
    fn ends_are_trimmed_and_inner_white_space_becomes_one_space() {
        assert_eq!(tidy(" \u{FEFF}\tvan\r\n  der\u{A0}Berg \u{200B}"), "van der Berg");
        assert_eq!(tidy("\u{200B} \u{2060}\n"), "");
    }

    #[test]
    fn accents_are_composed() {
        assert_eq!(tidy("Sea\u{301}n"), "Se\u{E1}n");
    }

    #[test]
    fn characters_that_hide_or_reverse_are_refused() {
        for refused in [
            "\0",
            "\u{1B}",
            "\u{7F}",
            "\u{9B}",
            "\u{200B}",
            "\u{202E}",
            "\u{2066}",
            "\u{FFFE}",
            "\u{10FFFF}",
            "\u{FDD0}",
            "\u{34F}",
            "\u{3164}",
            "\u{FFF9}",
            "\u{FE0F}",
            "\u{E0100}",
        ] {
            assert!(has_refused_character(&format!("An{refused}n")), "{refused:?} was accepted");
        }
    }

    #[test]
    fn joiners_are_kept_where_a_script_needs_them_and_refused_elsewhere() {
        // Persian with a non-joiner; Sinhala “Sri” with a joiner after its virama.
        assert!(!has_refused_character("\u{0645}\u{06CC}\u{200C}\u{062E}\u{0648}\u{0627}"));
        assert!(!has_refused_character("\u{0DC1}\u{0DCA}\u{200D}\u{0DBB}\u{0DD3}"));
        assert!(has_refused_character("An\u{200D}n"));
        assert!(has_refused_character("\u{0645}\u{200C} \u{062E}"));
    }

    #[test]
    fn a_name_of_characters_that_cannot_be_seen_is_blank_or_refused() {
        assert_eq!(tidy("\u{3164} \u{34F}"), "");
        for refused in ["A\u{34F}bel", "A\u{3164}bel", "A\u{FFF9}bel", "A\u{FE0F}bel", "A\u{E0100}bel", "A\u{180B}bel"] {
            assert!(has_refused_character(refused), "{refused:?} was accepted");
        }
    }

    #[test]
    fn a_shape_is_chosen_where_a_script_has_several() {
        // The surname Katsuragi with its own shape of the first ideograph, and a Mongolian letter.
        assert!(!has_refused_character("葛\u{E0100}城"));
        assert!(!has_refused_character("\u{1820}\u{180B}"));
    }

    #[test]
    fn ordinary_names_are_accepted_as_typed() {
        for name in ["O’Brien-Smith", "van der Berg", "Seán", "Nguyễn", "李小龍", "D'Angelo", "St. John"] {
            assert_eq!(tidy(name), name);
            assert!(!has_refused_character(name), "{name} was refused");
        }
    }
}
