//! Sentences on a terminal that may be narrow: broken between words, and a command or a path in them
//! never, so that it can be copied as it stands.

use unicode_width::UnicodeWidthStr as _;

use super::style::{BOLD, paint};

/// The word that every command begins with.
const PROGRAM: &str = "frontdesk";
/// What every command that works on a desk begins with after the name of the program. The others are
/// about the program itself, and take no flags of a desk.
pub const DESK_COMMANDS: [&str; 13] =
    ["users", "org", "sign-in", "emails", "activity", "api-clients", "service", "backup", "restore", "migrate", "move", "doctor", "whoami"];
/// What may stand before a command in a sentence, besides a colon.
const JOINS: [&str; 3] = ["and", "or", "then"];
/// What is followed by a path and nothing else: a path may have spaces.
const BEFORE_PATHS: [&str; 7] = [
    "Created the database ",
    "Opening the database ",
    "Email written to ",
    "Emails written to ",
    "Success: Written to ",
    "The desk as it was before is kept in ",
    "The damaged database is kept in ",
];

/// One line of safe text as the lines that it takes on a terminal of `columns`; one where that is no
/// terminal. What is wider than the terminal has lines of its own, which the terminal breaks: copied
/// from there it is one line.
pub fn lines(text: &str, columns: Option<u16>) -> Vec<String> {
    let width = columns.map_or(usize::MAX, usize::from);
    if text.width() <= width {
        return vec![text.to_owned()];
    }
    let words = text.trim_start_matches(' ');
    let indent = " ".repeat(text.len() - words.len());
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces(words) {
        if line.is_empty() {
            line = piece;
        } else if indent.len() + line.width() + 1 + piece.width() <= width {
            line.push(' ');
            line.push_str(&piece);
        } else {
            lines.push(indent.clone() + &std::mem::replace(&mut line, piece));
        }
    }
    lines.push(indent + &line);
    lines
}

/// Safe text of several lines; every line ends in a line break.
pub fn text(text: &str, columns: Option<u16>) -> String {
    text.lines().flat_map(|line| lines(line, columns)).map(|line| line + "\n").collect()
}

/// A heading, which is painted line by line.
pub fn heading(heading: &str, columns: Option<u16>, colour: bool) -> String {
    lines(heading, columns).iter().map(|line| paint(colour, BOLD, line) + "\n").collect()
}

/// `Next page: frontdesk …`; where that is too wide, the command begins a line.
pub fn with_command(intro: &str, command: &str, columns: Option<u16>) -> String {
    let is_narrow = columns.is_some_and(|columns| intro.width() + 1 + command.width() > usize::from(columns));
    let between = if is_narrow { '\n' } else { ' ' };
    format!("{intro}{between}{command}\n")
}

/// The same text with these flags in each of its commands that works on a desk: without them it would be
/// another one.
pub fn with_flags(text: &str, flags: &str) -> String {
    if flags.is_empty() {
        return text.to_owned();
    }
    let line_with_flags = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let mut told = String::with_capacity(line.len() + flags.len() + 1);
        for (place, word) in words.iter().enumerate() {
            let before = place.checked_sub(1).and_then(|before| words.get(before)).copied();
            let separator = if place > 0 { " " } else { "" };
            told.push_str(&format!("{separator}{word}"));
            let next = words.get(place + 1).map(|next| next.trim_end_matches(['’', ',', '.']));
            if begins_command(before, word) && next.is_some_and(|next| DESK_COMMANDS.contains(&next)) {
                told.push_str(&format!(" {flags}"));
            }
        }
        told
    };
    text.split('\n').map(line_with_flags).collect::<Vec<_>>().join("\n")
}

/// The words of a line, and each of its commands, or its path, in one piece.
fn pieces(line: &str) -> Vec<String> {
    if line.split(' ').next() == Some(PROGRAM) {
        return vec![line.to_owned()];
    }
    if let Some((before, path)) = BEFORE_PATHS.iter().find_map(|before| Some((before, line.strip_prefix(before)?))) {
        return before.split_terminator(' ').chain([path]).map(str::to_owned).collect();
    }
    let mut pieces: Vec<String> = Vec::new();
    let mut is_command = false;
    let mut words = line.split(' ').peekable();
    while let Some(word) = words.next() {
        match pieces.last_mut() {
            Some(command) if is_command => {
                command.push(' ');
                command.push_str(word);
            }
            before => {
                is_command = begins_command(before.map(|word| word.as_str()), word);
                pieces.push(word.to_owned());
            }
        }
        is_command = is_command && !ends_command(word, words.peek().copied());
    }
    pieces
}

/// A command begins after a colon, after another command, or in quotation marks; elsewhere its first
/// word is the name of the program.
fn begins_command(before: Option<&str>, word: &str) -> bool {
    let is_led_to = before.is_some_and(|before| before.ends_with(':') || JOINS.contains(&before));
    (word == PROGRAM && is_led_to) || word.strip_prefix('‘') == Some(PROGRAM)
}

fn ends_command(word: &str, next: Option<&str>) -> bool {
    let goes_on = next.is_some_and(|next| next == "To" || JOINS.contains(&next));
    word.ends_with('’') || (word.ends_with([',', '.']) && goes_on)
}

#[cfg(test)]
mod tests {
    use super::{lines, text, with_command, with_flags};

    #[test]
    fn text_is_broken_between_words_and_only_on_a_terminal() {
        let told = "There is no organisation called ALPHA";
        assert_eq!(lines(told, Some(20)), ["There is no", "organisation called", "ALPHA"]);
        assert_eq!(lines(told, None), [told]);
        assert_eq!(lines("", Some(20)), [""]);
        assert_eq!(lines("  Enter first name", Some(12)), ["  Enter", "  first name"]);
        assert_eq!(text("Nothing was changed.\n\nAdd --yes\n\n", Some(11)), "Nothing was\nchanged.\n\nAdd --yes\n\n");
    }

    #[test]
    fn wide_letters_take_two_columns() {
        assert_eq!(lines("李小龍 李小龍", Some(12)), ["李小龍", "李小龍"]);
        assert_eq!(lines("李小龍 李小龍", Some(13)), ["李小龍 李小龍"]);
    }

    #[test]
    fn a_command_is_never_broken() {
        assert_eq!(
            lines("Give an email address. To see everybody: frontdesk users list, and frontdesk org users ORG", Some(26)),
            ["Give an email address. To", "see everybody:", "frontdesk users list, and", "frontdesk org users ORG"]
        );
        assert_eq!(
            lines("To try one at once: frontdesk emails retry ID. To see them: frontdesk emails list --status queued", Some(40)),
            ["To try one at once:", "frontdesk emails retry ID. To see them:", "frontdesk emails list --status queued"]
        );
        assert_eq!(
            lines("It was sent: ‘frontdesk emails send’ will do it again", Some(24))[1..],
            ["‘frontdesk emails send’", "will do it again"]
        );
        let command = "frontdesk users add --first-name J. --last-name 'Abel, and Co'";
        assert_eq!(lines(command, Some(20)), [command]);
    }

    #[test]
    fn the_flags_of_the_desk_are_in_every_command_that_works_on_one() {
        let flags = "--database 'my desk.db'";
        for (told, with) in [
            ("Look at them: frontdesk users list", "Look at them: frontdesk --database 'my desk.db' users list"),
            (
                "Add them: frontdesk users add, or frontdesk org add-user.\nThen: frontdesk whoami",
                "Add them: frontdesk --database 'my desk.db' users add, or frontdesk --database 'my desk.db' org add-user.\n\
                 Then: frontdesk --database 'my desk.db' whoami",
            ),
            ("It was sent: ‘frontdesk emails send’ again", "It was sent: ‘frontdesk --database 'my desk.db' emails send’ again"),
        ] {
            assert_eq!(with_flags(told, flags), with);
            assert_eq!(with_flags(told, ""), told);
        }
        for told in [
            "To read it: frontdesk help formats",
            "frontdesk --database 'my desk.db' users list",
            "Choose one: frontdesk --service NAME service show",
            "First name: frontdesk Smith",
            "this version of frontdesk users",
        ] {
            assert_eq!(with_flags(told, flags), told);
        }
    }

    #[test]
    fn a_path_with_spaces_is_never_broken() {
        let path = "/Users/ann/Library/Application Support/frontdesk/emails/1.eml";
        assert_eq!(lines(&format!("Email written to {path}"), Some(40)), ["Email written to", path]);
    }

    #[test]
    fn the_name_of_the_program_is_a_word_like_others() {
        assert_eq!(lines("this version of frontdesk cannot use it", Some(25)), ["this version of frontdesk", "cannot use it"]);
    }

    #[test]
    fn a_command_that_does_not_fit_beside_its_words_begins_a_line() {
        assert_eq!(with_command("Next page:", "frontdesk users list --page 2", Some(40)), "Next page: frontdesk users list --page 2\n");
        assert_eq!(with_command("Next page:", "frontdesk users list --page 2", Some(39)), "Next page:\nfrontdesk users list --page 2\n");
        assert_eq!(with_command("Next page:", "frontdesk users list --page 2", None), "Next page: frontdesk users list --page 2\n");
    }
}
