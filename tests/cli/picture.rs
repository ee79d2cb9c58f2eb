//! What the README shows of the terminal is what a terminal shows: the journey as text, and the
//! page “Check your answers” as a picture. `BLESS=1` draws the picture anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use vt100::{Cell, Screen};

use crate::desk::Desk;
use crate::journeys::NEXT_STEP;
use crate::terminal::{Setting, Terminal};

const CELL_WIDTH: usize = 9;
const CELL_HEIGHT: usize = 20;
const MARGIN: usize = 16;

/// The form of a new user, filled in up to the page that checks it.
fn filled_in(setting: Setting<'_>) -> Terminal {
    let mut terminal = setting.run(&["users", "add"]);
    terminal.answer("First name", "Ann");
    terminal.answer("Last name", "Abel");
    terminal.answer("Email address", "ann.abel@gmail.com");
    terminal.correct("like name@education.gov.uk", "ann.abel@education.gov.uk");
    terminal.choose("Is the account an API user?", "No");
    terminal.select(NEXT_STEP, "Save");
    terminal.wait_for("Cancel");
    terminal
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn the_readme_shows_the_journey_as_it_looks() {
    let desk = Desk::new();
    let mut terminal = filled_in(Setting::at(&desk).rows(60));
    terminal.choose_this();
    assert_eq!(terminal.finish(), 0);
    let screen = terminal.screen().replace(desk.path("").to_str().unwrap().trim_end_matches('/'), "~");
    let shown = format!("```text\n$ frontdesk users add\n\n{screen}\n```");
    assert!(read("README.md").contains(&shown), "the README does not show this:\n{shown}");
}

#[test]
fn the_picture_is_of_the_page_that_checks_the_answers() {
    let desk = Desk::new();
    let mut terminal = filled_in(Setting::at(&desk).rows(19));
    let picture = picture_of(terminal.picture());
    terminal.type_keys(crate::terminal::CTRL_C);
    assert_eq!(terminal.finish(), 130);
    assert!(picture.contains(">Check your answers</text>"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/terminal.svg");
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &picture).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), picture, "BLESS=1 draws it anew");
}

/// The screen as an SVG file: each run of letters of one kind is a text of its own.
fn picture_of(screen: &Screen) -> String {
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let width = usize::from(columns) * CELL_WIDTH + 2 * MARGIN;
    let height = usize::from(rows) * CELL_HEIGHT + 2 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         font-family=\"ui-monospace, monospace\" font-size=\"15\">\n\
         <title>The page “Check your answers” of frontdesk users add</title>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"#0b0c0c\"/>\n"
    );
    for row in 0..rows {
        let mut column = 0;
        while column < columns {
            let start = column;
            let ink = ink(screen.cell(row, start).unwrap());
            let mut text = String::new();
            while column < columns && self::ink(screen.cell(row, column).unwrap()) == ink {
                let letters = screen.cell(row, column).unwrap().contents();
                text.push_str(if letters.is_empty() { " " } else { letters });
                column += 1;
            }
            push_text(&mut svg, usize::from(row), usize::from(start), text.trim_end(), ink);
        }
    }
    svg + "</svg>\n"
}

fn push_text(svg: &mut String, row: usize, column: usize, text: &str, ink: &str) {
    if text.is_empty() {
        return;
    }
    let (x, y) = (MARGIN + column * CELL_WIDTH, MARGIN + row * CELL_HEIGHT + 15);
    let length = text.chars().count() * CELL_WIDTH;
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    writeln!(svg, "<text x=\"{x}\" y=\"{y}\" textLength=\"{length}\" xml:space=\"preserve\" {ink}>{text}</text>").unwrap();
}

/// How the letters of a cell are drawn.
fn ink(cell: &Cell) -> &'static str {
    match cell.fgcolor() {
        vt100::Color::Idx(1) => "fill=\"#f47738\" font-weight=\"bold\"",
        _ if cell.bold() => "fill=\"#ffffff\" font-weight=\"bold\"",
        _ if cell.dim() => "fill=\"#9a9d9f\"",
        _ => "fill=\"#dddddd\"",
    }
}
