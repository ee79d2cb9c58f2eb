//! Every kind of screen in 40, 80 and 200 columns, by keys and in accessible mode, as the committed
//! files in `screens/` show it: `BLESS=1` writes them anew. The names are in wide, combining and very
//! long letters; columns are straight all the same, no line is wider than the terminal, and colour says
//! nothing that the words do not.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use unicode_width::UnicodeWidthStr as _;
use vt100::{Color, Screen};

use crate::desk::Desk;
use crate::terminal::{CTRL_C, ENTER, Setting, Terminal};

const WIDTHS: [u16; 3] = [40, 80, 200];
/// Rows enough for the longest screen.
const ROWS: u16 = 120;

/// First name, last name and email address.
const PEOPLE: [(&str, &str, &str); 8] = [
    ("🦊", "Fuchs", "fuchs@education.gov.uk"),
    ("Ann", "Abel", "ann@education.gov.uk"),
    // No single character is a G with a tilde.
    ("G\u{303}uarani", "Yva\u{303}poty", "guarani@education.gov.uk"),
    ("Nguye\u{302}\u{303}n", "Thi\u{323} Hoa", "hoa@education.gov.uk"),
    ("Rene\u{301}e", "O’Brien-Smith", "renee.obrien-smith@education.gov.uk"),
    ("Wolfeschlegelsteinhausenbergerdorff", "Featherstonehaughcholmondeley", "wolfe@education.gov.uk"),
    ("さくら", "ナカムラ", "nakamura@education.gov.uk"),
    ("李", "小龍", "li@education.gov.uk"),
];

/// Where the longest name is among them.
const WOLFE: usize = 5;

const SCHOOL: &str = "李小龍 Memorial School of Martial Arts and Philosophy";

/// How screens are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Colour,
    NoColour,
    Accessible,
}

/// Last words of a question: by keys, and in accessible mode.
type Ends = (&'static str, &'static str);

/// A screen: what it is called, how it is reached, and what is the last thing to be drawn.
struct Shown {
    name: &'static str,
    arguments: &'static [&'static str],
    /// The last words of each question before it, and what is typed in answer; nothing is Enter alone.
    answers: &'static [(Ends, &'static str)],
    /// The last words, where it asks.
    ends: Option<Ends>,
    /// The titles of its table.
    titles: &'static [&'static str],
}

const NUMBER: &str = "or back:";

const fn asked(name: &'static str, arguments: &'static [&'static str], answers: &'static [(Ends, &'static str)], ends: Ends) -> Shown {
    Shown { name, arguments, answers, ends: Some(ends), titles: &[] }
}

const fn printed(name: &'static str, arguments: &'static [&'static str], titles: &'static [&'static str]) -> Shown {
    Shown { name, arguments, answers: &[], ends: None, titles }
}

const WRONG: &str = "--email=someone.with.a.long.name@badeducation.gov.uk";

/// In this order: the last of them change what is stored.
const SCREENS: &[Shown] = &[
    asked("The start of the desk", &[], &[], ("Leave", NUMBER)),
    asked("The users in the desk", &["users"], &[], ("Leave", NUMBER)),
    asked("A user in the desk", &["users"], &[(("Leave", NUMBER), "")], ("Back to the list", NUMBER)),
    asked("The organisations in the desk", &["org"], &[], ("Leave", NUMBER)),
    asked("An organisation in the desk", &["org"], &[(("Leave", NUMBER), "")], ("Back to the list", NUMBER)),
    printed("The list of users", &["users", "list"], &["Name", "Email address", "Status"]),
    printed(
        "A part of the list",
        &["users", "list", "--per-page=2", "--page=2", "--search=education"],
        &["Name", "Email address", "Status"],
    ),
    printed("The details of a user", &["users", "show", "li@education.gov.uk"], &[]),
    printed("The details of a long name", &["users", "show", "wolfe@education.gov.uk"], &[]),
    printed("The details of somebody who has signed in", &["users", "show", "nakamura@education.gov.uk"], &[]),
    asked("The form to add a user", &["users", "add"], &[(("First name >", "First name:"), "李小龍")], ("Last name >", "Last name:")),
    asked(
        "An answer that is wrong",
        &["users", "add", "--first-name=李", "--last-name=小龍"],
        &[(("Email address >", "Email address:"), "li@badeducation.gov.uk")],
        ("name@education.gov.uk > li@badeducation.gov.uk", "keep li@badeducation.gov.uk):"),
    ),
    asked(
        "Check your answers",
        &["users", "add", "--first-name=李小龍", "--last-name=Nguye\u{302}\u{303}n", "--email=long@education.gov.uk", "--api-user=no"],
        &[],
        ("Cancel", NUMBER),
    ),
    printed("Problems with answers", &["users", "add", "--first-name=李", WRONG, "--yes"], &[]),
    printed("The list of organisations", &["org", "list"], &["Name", "Code", "Users"]),
    printed("The users of an organisation", &["org", "users", "LI"], &["Name", "Email address"]),
    printed("A user of an organisation", &["org", "show-user", "LI", "jo@example.com"], &[]),
    asked("The form to edit a user", &["users", "edit", "li@education.gov.uk"], &[], ("First name > 李", "keep 李):")),
    asked(
        "Check what is edited",
        &["users", "edit", "li@education.gov.uk", "--first-name=Wolfeschlegelsteinhausenbergerdorff", "--last-name=さくら ナカムラ"],
        &[],
        ("Cancel", NUMBER),
    ),
    asked("The question before a deletion", &["users", "delete", "li@education.gov.uk"], &[], ("> No Yes", NUMBER)),
    asked("The question before a removal", &["org", "remove-user", "LI", "jo@example.com"], &[], ("> No Yes", NUMBER)),
    printed("The emails", &["emails", "list"], &["Id", "To", "Status", "Subject"]),
    printed("The activity", &["activity", "list", "--per-page=6"], &[]),
    printed("The API clients", &["api-clients", "list"], &["Id", "Client name", "Status", "Expiry date", "Created by"]),
    asked(
        "Check the answers about an API client",
        &["--as=wolfe@education.gov.uk", "api-clients", "add", "--name=Nguye\u{302}\u{303}n", "--expires-on=2026-06-30"],
        &[],
        ("Cancel", NUMBER),
    ),
    printed("Nobody by a name", &["users", "show", "nobody.with.a.long.name@education.gov.uk"], &[]),
    printed("A refusal", &["users", "edit", "nakamura@education.gov.uk", "--last-name=中村", "--yes"], &[]),
    printed("A command that is none", &["users", "lits"], &[]),
    printed("A deletion that would be refused", &["users", "delete", "li@education.gov.uk", "--as=li@education.gov.uk", "--yes"], &[]),
    printed("A dry run", &["users", "edit", "li@education.gov.uk", "--last-name=Featherstonehaugh", "--yes", "--dry-run"], &[]),
    printed("Rows of a file that are wrong", &["users", "import", "wrong.csv", "--yes"], &[]),
    asked("The question before an import", &["users", "import", "right.csv"], &[], ("> No Yes", NUMBER)),
    printed("A warning", &["sign-in", "record", "--email=ann@education.gov.uk", "--first-name=\u{202E}"], &[]),
    Shown {
        name: "A change that is done",
        arguments: &["users", "edit", "li@education.gov.uk", "--last-name=Featherstonehaugh"],
        answers: &[(("Cancel", NUMBER), "")],
        ends: None,
        titles: &[],
    },
];

/// A desk with all of the people, and one organisation.
fn desk_of_all() -> Desk {
    let desk = Desk::new();
    desk.configure("delivery = \"later\"\n");
    for (first_name, last_name, email) in PEOPLE {
        desk.add(first_name, last_name, email);
    }
    desk.add_organisation("LI", SCHOOL);
    desk.add_organisation("a-very-long-code-of-32-letters", "e\u{301}cole");
    desk.add_member("LI", "ジョー", "Reed", "jo@example.com");
    desk.add_member("LI", "Zoe\u{301}", "Wolfeschlegelsteinhausenbergerdorff", "zoe@example.com");
    desk.sign_in("nakamura@education.gov.uk");
    for (actor, name) in [("li@education.gov.uk", "李小龍 Import"), ("wolfe@education.gov.uk", "Featherstonehaughcholmondeley")] {
        desk.done(&["--as", actor, "api-clients", "add", "--name", name, "--expires-on=2026-01-31"]);
    }
    let header = "first_name,last_name,email,api_user";
    fs::write(desk.path("wrong.csv"), format!("{header}\n李,,li@badeducation.gov.uk,no\n")).unwrap();
    fs::write(desk.path("right.csv"), format!("{header}\n李小龍,Featherstonehaughcholmondeley,bruce@education.gov.uk,no\n")).unwrap();
    desk
}

impl Mode {
    fn setting<'a>(self, desk: &'a Desk, columns: u16) -> Setting<'a> {
        let setting = Setting::at(desk).rows(ROWS).columns(columns);
        match self {
            Self::Colour => setting,
            Self::NoColour => setting.with("NO_COLOR", "1"),
            Self::Accessible => setting.with("FRONTDESK_ACCESSIBLE", "yes"),
        }
    }

    fn wait_for(self, terminal: &mut Terminal, (by_keys, accessible): Ends) {
        terminal.wait_for(if self == Self::Accessible { accessible } else { by_keys });
    }
}

/// Opens each screen and looks at it. What follows the look ends the run.
fn look(columns: u16, mode: Mode, mut look: impl FnMut(&Shown, &mut Terminal)) {
    let desk = desk_of_all();
    for shown in SCREENS {
        let mut terminal = mode.setting(&desk, columns).run(shown.arguments);
        for (ends, typed) in shown.answers {
            mode.wait_for(&mut terminal, *ends);
            terminal.type_keys(&format!("{typed}{ENTER}"));
        }
        match shown.ends {
            Some(ends) => mode.wait_for(&mut terminal, ends),
            None => _ = terminal.finish(),
        }
        look(shown, &mut terminal);
        if shown.ends.is_some() {
            terminal.type_keys(CTRL_C);
            assert_eq!(terminal.finish(), 130, "{}", shown.name);
        }
    }
}

/// A row of the screen; the terminal broke the line at its end where `is_broken`.
struct Line {
    text: String,
    is_broken: bool,
}

fn lines(screen: &Screen) -> Vec<Line> {
    let (_, columns) = screen.size();
    let rows = screen.rows(0, columns.get()).zip(0..);
    let mut lines: Vec<Line> =
        rows.map(|(text, row)| Line { text: text.trim_end().to_owned(), is_broken: screen.row_wrapped(row) }).collect();
    let last = lines.iter().rposition(|line| !line.text.is_empty()).map_or(0, |last| last + 1);
    lines.truncate(last);
    lines
}

/// The screens as the committed files show them: what the terminal broke ends in an arrow.
fn picture_of(columns: u16, mode: Mode) -> String {
    let mut picture = String::new();
    look(columns, mode, |shown, terminal| {
        let command = shlex::try_join([&["frontdesk"], shown.arguments].concat()).unwrap();
        // It would turn the line round in whatever shows the file.
        let command = command.replace('\u{202E}', "\\u{202E}");
        writeln!(picture, "=== {}: {command}", shown.name).unwrap();
        for line in lines(terminal.picture()) {
            writeln!(picture, "{}{}", line.text, if line.is_broken { "↩" } else { "" }).unwrap();
        }
    });
    picture
}

fn assert_pictures(mode: Mode, ending: &str) {
    for columns in WIDTHS {
        let picture = picture_of(columns, mode);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/cli/screens/{columns}{ending}.txt"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &picture).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), picture, "{}: BLESS=1 writes it anew", path.display());
    }
}

#[test]
fn every_screen_is_the_committed_picture() {
    assert_pictures(Mode::NoColour, "");
}

#[test]
fn every_screen_in_accessible_mode_is_the_committed_picture() {
    assert_pictures(Mode::Accessible, "-accessible");
}

#[test]
fn no_line_is_wider_than_the_terminal_except_what_is_copied_whole() {
    for (columns, mode) in WIDTHS.into_iter().flat_map(|columns| [(columns, Mode::NoColour), (columns, Mode::Accessible)]) {
        look(columns, mode, |shown, terminal| {
            let mut broken = String::new();
            for line in lines(terminal.picture()) {
                assert!(line.text.width() <= usize::from(columns), "{} in {columns} columns: {}", shown.name, line.text);
                broken.push_str(&line.text);
                if line.is_broken {
                    continue;
                }
                // The terminal broke it: one word, or a command.
                let is_wide = broken.width() > usize::from(columns);
                assert!(
                    !is_wide || !broken.contains(' ') || broken.starts_with("frontdesk "),
                    "{} in {columns} columns: {broken}",
                    shown.name
                );
                broken.clear();
            }
        });
    }
}

#[test]
fn standard_error_is_broken_between_words_only_where_it_is_the_terminal() {
    let desk = desk_of_all();
    let nobody = ["users", "show", "nobody@education.gov.uk"];
    let whole = "Error: There is no user called nobody@education.gov.uk\n\
                 Give an email address, an id or a sign-in id. To see everybody: frontdesk users list\n";
    let broken = "Error: There is no user called\nnobody@education.gov.uk\n\
                  Give an email address, an id or a\nsign-in id. To see everybody:\nfrontdesk users list";
    let (output, errors) = (desk.path("output"), desk.path("errors"));
    let mut terminal = Setting::at(&desk).columns(40).errors_to(&errors).run(&nobody);
    assert_eq!((terminal.finish(), terminal.screen().as_str()), (4, ""));
    assert_eq!(fs::read_to_string(&errors).unwrap(), whole);
    let mut terminal = Setting::at(&desk).columns(40).output_to(&output).run(&nobody);
    assert_eq!((terminal.finish(), terminal.screen().as_str()), (4, broken));
    // A program that reads the terminal reads one line.
    let mut terminal = Setting::at(&desk).columns(40).run(&["users", "show", "nobody@education.gov.uk", "--json"]);
    assert_eq!((terminal.finish(), terminal.bytes.iter().filter(|byte| **byte == b'\n').count()), (4, 1));
    // Warnings wait for the end there, and are as long as they were.
    let warned = ["sign-in", "record", "--email=ann@education.gov.uk", "--first-name=\u{202E}", "--json"];
    let mut terminal = Setting::at(&desk).columns(40).output_to(&output).run(&warned);
    assert_eq!(terminal.finish(), 0);
    let warning = "Warning: First name was not taken over: First name must not include control characters\r\n";
    assert!(without_colour(&terminal.bytes) == warning, "{}", terminal.screen());
}

/// The display column at which a text begins in a line.
fn column_of(line: &str, text: &str) -> Option<usize> {
    line.find(text).map(|start| line[..start].width())
}

/// What stands in a display column of a line: nothing beyond its end, or in the second half of a wide
/// letter.
fn letter_at(screen: &Screen, row: u16, column: usize) -> Option<String> {
    let cell = screen.cell(row, u16::try_from(column).unwrap())?;
    (!cell.is_wide_continuation()).then(|| cell.contents().trim().to_owned())
}

/// Whether nothing stands in these display columns.
fn is_blank(screen: &Screen, row: u16, from: usize, to: usize) -> bool {
    (from..to).all(|column| letter_at(screen, row, column).is_some_and(|letter| letter.is_empty()))
}

/// Looks at each row under the titles: between two columns there is nothing, and the text of each begins
/// where its title does. The number of rows.
fn straight_rows(screen: &Screen, titles: &[&str], name: &str) -> usize {
    let (_, columns) = screen.size();
    let lines = lines(screen);
    let Some(head) = lines.iter().position(|line| titles.iter().all(|title| line.text.contains(title))) else { return 0 };
    let starts: Vec<usize> = titles.iter().map(|title| column_of(&lines[head].text, title).unwrap()).collect();
    let rows = lines.iter().enumerate().skip(head + 1).take_while(|(_, line)| !line.text.is_empty());
    let mut count = 0;
    for (index, line) in rows {
        let row = u16::try_from(index).unwrap();
        for (column, start) in starts.iter().enumerate().skip(1) {
            let end = starts.get(column + 1).copied().unwrap_or(usize::from(columns.get()));
            let begins = letter_at(screen, row, *start).is_some_and(|letter| !letter.is_empty());
            assert!(is_blank(screen, row, start - 2, *start), "{name}: the gap before {}: {}", titles[column], line.text);
            assert!(begins || is_blank(screen, row, *start, end), "{name}: {}: {}", titles[column], line.text);
        }
        count += 1;
    }
    count
}

const LABELS: [&str; 13] = [
    "Name",
    "Email address",
    "Status",
    "First name",
    "Last name",
    "Is the account an API user?",
    "Is the account active?",
    "Id",
    "Code",
    "Users",
    "Organisations",
    "To",
    "Subject",
];

/// The display columns at which values begin that stand beside their labels.
fn columns_of_values(screen: &Screen) -> Vec<usize> {
    let beside = |line: &Line| {
        let (label, value) = line.text.split_once("  ")?;
        LABELS.contains(&label).then(|| column_of(&line.text, value.trim_start()).unwrap())
    };
    lines(screen).iter().filter_map(beside).collect()
}

fn all_equal<T: PartialEq>(values: &[T]) -> bool {
    values.windows(2).all(|pair| pair[0] == pair[1])
}

#[test]
fn columns_are_straight_whatever_the_letters() {
    for (columns, mode) in WIDTHS.into_iter().flat_map(|columns| [(columns, Mode::NoColour), (columns, Mode::Accessible)]) {
        let (mut rows, mut values) = (0, 0);
        look(columns, mode, |shown, terminal| {
            let screen = terminal.picture();
            let name = format!("{} in {columns} columns", shown.name);
            if !shown.titles.is_empty() {
                rows += straight_rows(screen, shown.titles, &name);
            } else {
                let columns = columns_of_values(screen);
                assert!(all_equal(&columns), "{name}: values at {columns:?}");
                values += columns.len();
            }
            // In the desk there are no titles. In 40 columns addresses are under the names there, or in accessible
            // mode after them; in 80 only that of the longest name is.
            if shown.name == "The users in the desk" && (columns, mode) != (40, Mode::Accessible) {
                let mut places: Vec<usize> = PEOPLE
                    .iter()
                    .map(|(_, _, email)| lines(screen).iter().find_map(|line| column_of(&line.text, email)).unwrap())
                    .collect();
                if (columns, mode) != (40, Mode::NoColour) {
                    let is_beside = |line: &Line| line.text.contains("Featherstonehaughcholmondeley") && line.text.contains("wolfe@");
                    if !lines(screen).iter().any(is_beside) {
                        places.remove(WOLFE);
                    }
                    assert!(places[0] > 20, "{name}: addresses at {places:?}");
                }
                assert!(all_equal(&places), "{name}: addresses at {places:?}");
            }
        });
        assert!(values > 20 && (columns == 40 || rows > 12), "only {rows} rows and {values} values were found in {columns} columns");
    }
}

/// What was printed, with every sequence that colours taken out.
fn without_colour(bytes: &[u8]) -> String {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let mut parts = text.split("\u{1B}[");
    let mut left = parts.next().unwrap().to_owned();
    for part in parts {
        let parameters = part.find(|letter: char| letter != ';' && !letter.is_ascii_digit()).unwrap();
        match part[parameters..].strip_prefix('m') {
            Some(after) => left.push_str(after),
            None => left.push_str(&format!("\u{1B}[{part}")),
        }
    }
    left
}

/// The first word of each stretch of coloured lines.
fn coloured_words(screen: &Screen) -> Vec<String> {
    let (rows, columns) = screen.size();
    let mut words = Vec::new();
    let mut was_coloured = false;
    for row in 0..rows.get() {
        let cells = (0..columns.get()).filter_map(|column| screen.cell(row, column));
        let coloured: String = cells.filter(|cell| cell.fgcolor() != Color::Default).map(vt100::Cell::contents).collect();
        if !coloured.is_empty() && !was_coloured {
            words.push(coloured.split_inclusive(':').next().unwrap().to_owned());
        }
        was_coloured = !coloured.is_empty();
    }
    words
}

#[test]
fn colour_says_nothing_that_the_words_do_not() {
    for columns in WIDTHS {
        let mut plain = Vec::new();
        look(columns, Mode::NoColour, |_, terminal| {
            let bytes = String::from_utf8(terminal.bytes.clone()).unwrap();
            assert_eq!(without_colour(&terminal.bytes), bytes, "there is colour in it");
            plain.push(bytes);
        });
        let mut plain = plain.into_iter();
        let (mut coloured, mut painted) = (Vec::new(), 0);
        look(columns, Mode::Colour, |shown, terminal| {
            assert_eq!(without_colour(&terminal.bytes), plain.next().unwrap(), "{} in {columns} columns", shown.name);
            painted += usize::from(terminal.bytes.windows(2).any(|pair| pair == b"\x1B["));
            coloured.extend(coloured_words(terminal.picture()));
        });
        assert!(painted > 20, "only {painted} screens have colour or weight");
        coloured.sort();
        coloured.dedup();
        assert_eq!(coloured, ["Error:", "Success:", "Warning:"]);
    }
}
