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
    typed.trim_matches(|character: char| character.is_whitespace() || is_zero_width(character))
}

/// Whether tidied text holds a character that no name may hold: a control character, a control of
/// the writing direction, something invisible, or a noncharacter. U+FFFE matters most: it separates
/// first from last name in the key that orders lists.
pub fn has_refused_character(text: &str) -> bool {
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let refused = if JOINERS.contains(&character) {
            !(before.is_some_and(is_joined_letter) && rest.peek().copied().is_some_and(is_joined_letter))
        } else {
            character.is_control() || is_direction_control(character) || is_zero_width(character) || is_noncharacter(character)
        };
        if refused {
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
        || (is_zero_width(character) && !JOINERS.contains(&character))
        // Line and paragraph separators break a line in some terminals and editors.
        || matches!(character, '\u{2028}' | '\u{2029}')
}

fn is_zero_width(character: char) -> bool {
    matches!(
        character,
        '\u{00AD}' | '\u{180E}' | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}'
    )
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
        for refused in ["\0", "\u{1B}", "\u{7F}", "\u{9B}", "\u{200B}", "\u{202E}", "\u{2066}", "\u{FFFE}", "\u{10FFFF}", "\u{FDD0}"] {
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
    fn ordinary_names_are_accepted_as_typed() {
        for name in ["O’Brien-Smith", "van der Berg", "Seán", "Nguyễn", "李小龍", "D'Angelo", "St. John"] {
            assert_eq!(tidy(name), name);
            assert!(!has_refused_character(name), "{name} was refused");
        }
    }
}
