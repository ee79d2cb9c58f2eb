//! Help that is about no command: its topics, and what a mistyped word is answered with.

use std::fs;
use std::path::Path;

use crate::desk::{Desk, ran};
use crate::terminal::Setting;

const TOPICS: [&str; 4] = ["accessibility", "environment", "exit-codes", "formats"];

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The words of a text, however it is wrapped.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_help_ends_with_its_topics_and_each_is_there() {
    let desk = Desk::new();
    let help = desk.done(&["help"]);
    assert_eq!(desk.done(&["--help"]), help);
    let (_, listed) = help.split_once("\nMore help:\n").unwrap();
    for (line, topic) in listed.lines().zip(TOPICS) {
        let about = line.strip_prefix(&format!("  frontdesk help {topic}")).unwrap_or_else(|| panic!("{line}")).trim();
        let shown = desk.run(&["help", topic]);
        assert_eq!((shown.code, shown.err.as_str()), (0, ""), "{topic}");
        assert!(shown.out.starts_with(&format!("{about}\n\n")), "{}", shown.out);
        assert!(shown.out.lines().all(|line| line.chars().count() <= 80 && line == line.trim_end()), "{}", shown.out);
        assert!(!shown.out.contains('\u{1B}'));
    }
    assert_eq!(listed.lines().count(), TOPICS.len());
}

#[test]
fn a_topic_is_wrapped_to_the_terminal() {
    let desk = Desk::new();
    for columns in [40, 100] {
        let mut terminal = Setting::at(&desk).columns(columns).rows(80).run(&["help", "exit-codes"]);
        assert_eq!(terminal.finish(), 0);
        let screen = terminal.screen();
        let longest = screen.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(longest <= columns.into() && longest > usize::from(columns) - 20, "{screen}");
        assert!(words(&screen).contains("130 Ctrl-C, or a stopped run of emails send Where several causes hold"), "{screen}");
    }
}

#[test]
fn the_exit_codes_are_those_of_the_readme() {
    let shown = words(&Desk::new().done(&["help", "exit-codes"]));
    let readme = read("README.md");
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    let codes: Vec<_> = rows.filter(|(code, _)| code.parse::<u8>().is_ok()).collect();
    assert_eq!(codes.len(), 11);
    for (code, meaning) in codes {
        assert!(shown.contains(&format!("{code} {}", meaning.replace('`', ""))), "{code}: {meaning}");
    }
}

#[test]
fn what_a_format_makes_of_lines_and_of_what_is_left_out_is_explained() {
    let shown = words(&Desk::new().done(&["help", "formats"]));
    for told in ["CRLF at the end of each line", "a tab or a line break in a value is a space", "‘more’ is the number of those"] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
}

#[test]
fn every_variable_that_a_run_reads_is_explained() {
    let shown = Desk::new().done(&["help", "environment"]);
    let source = read("src/config/variables.rs");
    let constants = source.lines().filter(|line| line.starts_with("pub const "));
    let names: Vec<_> = constants.map(|line| line.split('"').nth(1).unwrap()).collect();
    assert!(names.len() >= 7, "{names:?}");
    for name in names.into_iter().chain(["NO_COLOR", "CLICOLOR_FORCE", "TERM"]) {
        assert!(shown.contains(&format!("  {name} ")), "{name}");
    }
    for name in ["HOST", "PORT", "USER", "DATABASE", "PASSWORD", "PASSFILE", "SSLMODE", "SSLROOTCERT", "TARGETSESSIONATTRS"] {
        assert!(shown.contains(&format!(" PG{name}")), "{name}");
    }
}

#[test]
fn a_manual_page_is_found_by_its_own_name_too() {
    let desk = Desk::new();
    for (typed, words) in [
        ("frontdesk", ""),
        ("frontdesk-users", "users"),
        ("frontdesk-users-add", "users add"),
        ("users-add", "users add"),
        ("frontdesk-org-add-user", "org add-user"),
        ("sign-in-record", "sign-in record"),
    ] {
        let page = desk.line(&format!("man {typed}"));
        assert_eq!((page.code, &page), (0, &desk.line(&format!("man {words}"))), "{typed}");
    }
    assert_eq!(desk.line("help frontdesk-users-add"), desk.line("help users add"));
    assert_eq!(desk.line("man users-ad").err, "Error: There is no command called 'users-ad'\nDid you mean 'users'?\n");
}

#[test]
fn a_topic_has_no_manual_page_and_is_named_as_the_help_has_it() {
    let desk = Desk::new();
    for topic in TOPICS {
        let told =
            format!("Error: There is no manual page called '{topic}': it is a topic of the help\nTo read it: frontdesk help {topic}\n");
        assert_eq!(desk.line(&format!("man {topic}")), ran(2, "", &told));
    }
}

#[test]
fn a_mistyped_word_is_answered_with_the_nearest_command_or_topic() {
    let desk = Desk::new();
    let no_such = |what: &str, hint: &str| ran(2, "", &format!("Error: There is no {what}\n{hint}\n"));
    assert_eq!(desk.line("help enviroment"), no_such("command or topic called 'enviroment'", "Did you mean 'environment'?"));
    assert_eq!(desk.line("help usrs"), no_such("command or topic called 'usrs'", "Did you mean 'users'?"));
    assert_eq!(desk.line("help org add-usr"), no_such("command called 'org add-usr'", "Did you mean 'add-user'?"));
    assert_eq!(desk.line("help users list now"), no_such("command called 'users list now'", "Leave 'now' out."));
    // A topic is found, but has nothing below it.
    let below = ran(2, "", "Error: The topic 'formats' has nothing below it\nLeave 'users' out: frontdesk help formats\n");
    assert_eq!(desk.line("help formats users"), below);
    assert_eq!(desk.line("help formats users list"), below);
    let hint = desk.line("help qqq").err.lines().nth(1).unwrap().to_owned();
    assert!(hint.starts_with("There are: users, org, ") && hint.ends_with("accessibility, environment, exit-codes, formats."), "{hint}");
    let object = desk.line("help enviroment --json");
    assert_eq!(object.code, 2);
    assert!(desk.line("org add-usr").err.contains("\nSome similar subcommands exist: 'add-user', "));
    assert_eq!(desk.line("help users add"), desk.line("users add --help"));
    assert_eq!(desk.line("help org list-users").out, desk.line("help org users").out);
}
