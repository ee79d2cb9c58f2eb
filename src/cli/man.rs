//! Manual pages, drawn from the command line's own shape.

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

use super::topics::{ENVIRONMENT, EXIT_CODES, FILES, Part, topic};
use super::{about, whole};
use crate::error::{Error, Result};

/// When the pages last changed their meaning: a page must be the same whenever it is printed.
const DATE: &str = "2026-11-25";
const LONGEST_LINE: usize = 76;
const MANUAL: &str = "frontdesk manual";

/// The page of the command that these words are; of frontdesk itself without any.
///
/// # Errors
/// There is no such command.
pub fn page(words: &[String]) -> Result<String> {
    let root = whole();
    let command = about::find(&root, words, &[]).map_err(|error| match words {
        [word] if topic(word).is_some() => Error::usage(format!("There is no manual page called '{word}': it is a topic of the help"))
            .hint(format!("To read it: frontdesk help {word}")),
        _ => error,
    })?;
    let mut page = Vec::new();
    write(command, std::ptr::eq(command, &root), &mut page).map_err(Error::internal)?;
    Ok(tidy(&String::from_utf8_lossy(&page)))
}

/// Every page: its file's name, and the words of its command.
pub fn pages() -> Vec<(String, Vec<String>)> {
    let root = whole();
    let mut found = Vec::new();
    let mut waiting = vec![(&root, Vec::new())];
    while let Some((command, words)) = waiting.pop() {
        for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
            let mut inner_words: Vec<String> = words.clone();
            inner_words.push(inner.get_name().to_owned());
            waiting.push((inner, inner_words));
        }
        found.push((format!("{}.1", page_name(command)), words));
    }
    found.sort();
    found
}

/// The name of a command's manual page.
pub(super) fn page_name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn write(command: &Command, is_overview: bool, page: &mut Vec<u8>) -> std::io::Result<()> {
    let name = page_name(command);
    let source = format!("frontdesk {}", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone()).title(name.to_uppercase()).date(DATE).source(source).manual(MANUAL);
    man.render_title(page)?;
    man.render_name_section(page)?;
    let mut roff = Roff::default();
    synopsis(&mut roff, command);
    roff.to_writer(page)?;
    man.render_description_section(page)?;
    let mut roff = Roff::default();
    commands(&mut roff, command);
    roff.to_writer(page)?;
    man.render_options_section(page)?;
    let mut roff = Roff::default();
    examples(&mut roff, command);
    if is_overview {
        section(&mut roff, "ENVIRONMENT", ENVIRONMENT);
        section(&mut roff, "FILES", FILES);
        section(&mut roff, "EXIT STATUS", EXIT_CODES);
    } else {
        roff.control("SH", ["EXIT STATUS"]);
        roff.text([roman("0 when it is done; the other codes are in "), bold("frontdesk"), roman("(1).")]);
    }
    see_also(&mut roff, command, name);
    roff.to_writer(page)
}

/// The usage as help shows it: the page lists the options.
fn synopsis(roff: &mut Roff, command: &Command) {
    roff.control("SH", ["SYNOPSIS"]);
    let usage = command.clone().render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).to_owned();
    let words = command.get_bin_name().unwrap_or_else(|| command.get_name());
    roff.text([bold(words), roman(usage.strip_prefix(words).unwrap_or(&usage))]);
}

fn commands(roff: &mut Roff, command: &Command) {
    let mut inner = command.get_subcommands().filter(|inner| !inner.is_hide_set()).peekable();
    if inner.peek().is_some() {
        roff.control("SH", ["COMMANDS"]);
    }
    for inner in inner {
        roff.control("TP", []);
        roff.text([bold(page_name(inner)), roman("(1)")]);
        roff.text([roman(inner.get_about().map(ToString::to_string).unwrap_or_default())]);
    }
}

/// What stands under the help: examples, and what is to be said after them.
fn examples(roff: &mut Roff, command: &Command) {
    let Some(text) = command.get_after_help().map(ToString::to_string) else { return };
    for paragraph in text.split("\n\n") {
        match paragraph.split_once(":\n") {
            Some((heading, lines)) => {
                roff.control("SH", [heading.to_uppercase().as_str()]);
                verbatim(roff, lines.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)));
            }
            None => {
                roff.control("PP", []);
                roff.text([roman(paragraph.replace('\n', " "))]);
            }
        }
    }
}

fn verbatim<'a>(roff: &mut Roff, lines: impl Iterator<Item = &'a str>) {
    roff.control("RS", ["4"]);
    roff.control("nf", []);
    for line in lines {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff.control("RE", []);
}

fn section(roff: &mut Roff, heading: &str, parts: &[Part]) {
    roff.control("SH", [heading]);
    for (place, part) in parts.iter().enumerate() {
        match part {
            Part::Text(text) => {
                // A heading makes its own room.
                if place > 0 {
                    roff.control("PP", []);
                }
                roff.text([roman(*text)]);
            }
            Part::Lines(lines) => verbatim(roff, lines.iter().copied()),
            Part::Meanings(meanings) => {
                for (word, meaning) in *meanings {
                    roff.control("TP", []);
                    roff.text([bold(*word)]);
                    roff.text([roman(*meaning)]);
                }
            }
        }
    }
}

/// The page of the command around this one, and the overview.
fn see_also(roff: &mut Roff, command: &Command, name: &str) {
    let outer = name.strip_suffix(command.get_name()).and_then(|outer| outer.strip_suffix('-'));
    let mut pages: Vec<&str> = vec!["frontdesk"];
    pages.extend(outer.filter(|outer| *outer != "frontdesk"));
    if name == "frontdesk" {
        return;
    }
    roff.control("SH", ["SEE ALSO"]);
    let mut line: Vec<Inline> = Vec::new();
    for page in pages {
        if !line.is_empty() {
            line.push(roman(", "));
        }
        line.extend([italic(page), roman("(1)")]);
    }
    roff.text(line);
}

/// Takes out what each part of a page begins with and the whole needs once, and what clap_mangen
/// writes twice; breaks long lines, which old tools refuse.
fn tidy(page: &str) -> String {
    let (apostrophes, _) = page.split_at(page.find(".TH").unwrap_or_default());
    let mut tidied = String::from(apostrophes);
    let mut is_verbatim = false;
    for line in page.replace(apostrophes, "").replace(".br\n\n.br\n", "\n").lines() {
        let line = line.trim_end();
        match line {
            "" => tidied.push_str(".sp"),
            _ if line.starts_with('.') => {
                is_verbatim = (is_verbatim || line == ".nf") && line != ".fi";
                tidied.push_str(line);
            }
            // A line break after a backslash is none.
            _ => tidied.push_str(&broken(line, if is_verbatim { " \\\n" } else { "\n" })),
        }
        tidied.push('\n');
    }
    tidied
}

/// A line in parts that are short enough, broken at its spaces.
fn broken(line: &str, at: &str) -> String {
    let mut lines = String::new();
    let mut length = 0;
    for (place, word) in line.split(' ').enumerate() {
        // A letter that is not ASCII is written as its number before it is measured.
        let width: usize = word.chars().map(|letter| if letter.is_ascii() { 1 } else { "\\[u2019]".len() }).sum();
        if place > 0 && length + 1 + width > LONGEST_LINE {
            lines.push_str(at);
            length = 0;
            // At the start of a line these two would begin a command.
            if word.starts_with(['.', '\'']) {
                lines.push_str("\\&");
            }
        } else if place > 0 {
            lines.push(' ');
            length += 1;
        }
        lines.push_str(word);
        length += width;
    }
    lines
}
