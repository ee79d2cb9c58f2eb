//! What is generated and kept in the repository is what the binary prints now. `BLESS=1` writes it
//! anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use clap::{Arg, Command, CommandFactory as _};
use frontdesk::cli::{Cli, man};
use frontdesk::commands::fields_of;

use crate::desk::{Desk, ran};
use crate::outside::needs;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// Compares a file with what it should hold, or writes it.
fn assert_is_as_kept(name: &str, text: &str) {
    let path = path(name);
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "{name} is not what it would be now; BLESS=1 writes it anew:\n{text}");
}

#[test]
fn the_scripts_of_the_shells_are_those_that_are_printed() {
    let desk = Desk::new();
    for (shell, file) in [
        ("bash", "frontdesk.bash"),
        ("zsh", "_frontdesk"),
        ("fish", "frontdesk.fish"),
        ("elvish", "frontdesk.elv"),
        ("powershell", "_frontdesk.ps1"),
    ] {
        let printed = desk.done(&["completions", shell]);
        assert!(printed.lines().take(2).any(|line| line.starts_with("# Completion of frontdesk for ")), "{printed}");
        assert!(!printed.contains(env!("CARGO_MANIFEST_DIR")), "{shell}");
        assert_is_as_kept(&format!("completions/{file}"), &printed);
    }
}

#[test]
fn completions_man_and_help_need_no_configuration_that_can_be_used() {
    let desk = Desk::new();
    desk.configure("nonsense");
    for arguments in [&["completions", "bash"][..], &["man"], &["man", "users", "add"], &["help", "formats"], &["help", "users"]] {
        let ran = desk.run(arguments);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{arguments:?}");
    }
    assert_eq!(fs::read_dir(desk.path("")).unwrap().count(), 1);
}

/// The pages as they are printed, each with the name of its file.
fn pages(desk: &Desk) -> Vec<(String, String)> {
    let printed = |words: &[String]| desk.run(&[&["man".to_owned()][..], words].concat());
    let printed = man::pages().into_iter().map(|(file, words)| (file, printed(&words)));
    printed
        .map(|(file, ran)| {
            assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{file}");
            (file, ran.out)
        })
        .collect()
}

#[test]
fn there_is_a_manual_page_of_every_command_as_it_is_printed() {
    let desk = Desk::new();
    let pages = pages(&desk);
    for (file, text) in &pages {
        assert_is_as_kept(&format!("man/{file}"), text);
    }
    let wanted: BTreeSet<_> = pages.into_iter().map(|(file, _)| file).collect();
    let kept = || fs::read_dir(path("man")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    if std::env::var_os("BLESS").is_some() {
        kept().filter(|file| !wanted.contains(file)).for_each(|file| fs::remove_file(path("man").join(file)).unwrap());
    }
    assert_eq!(kept().collect::<BTreeSet<_>>(), wanted);
}

#[test]
fn the_manual_pages_have_nothing_that_a_checker_would_complain_of() {
    if !needs("mandoc") {
        return;
    }
    let desk = Desk::new();
    let write = |(file, text): (String, String)| {
        fs::write(desk.path(&file), text).unwrap();
        desk.path(&file)
    };
    let files: Vec<_> = pages(&desk).into_iter().map(write).collect();
    let checked = Process::new("mandoc").args(["-T", "lint"]).args(files).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&checked.stdout), "");
    assert!(checked.status.success());
}

#[test]
fn man_shows_the_overview() {
    if !needs("man") {
        return;
    }
    let desk = Desk::new();
    fs::write(desk.path("frontdesk.1"), desk.done(&["man"])).unwrap();
    let mut man = Process::new("man");
    man.args(["--warnings", "-l"]).arg(desk.path("frontdesk.1")).env("MANWIDTH", "80").env("LC_ALL", "C.UTF-8").env("MANPAGER", "cat");
    let shown = man.output().unwrap();
    let text = String::from_utf8_lossy(&shown.stdout);
    assert!(shown.status.success() && shown.stderr.is_empty(), "{shown:?}");
    for part in ["NAME", "SYNOPSIS", "COMMANDS", "EXAMPLES", "ENVIRONMENT", "FILES", "EXIT STATUS"] {
        assert!(text.lines().any(|line| line == part), "no {part}: {text}");
    }
    assert!(text.contains("FRONTDESK_SMTP_PASSWORD") && text.contains("~/.config/frontdesk/config.toml"), "{text}");
}

#[test]
fn a_page_of_no_command_is_refused_with_the_nearest() {
    let error = "Error: There is no command called 'org add-usr'\nDid you mean 'add-user'?\n";
    assert_eq!(Desk::new().run(&["man", "org", "add-usr"]), ran(2, "", error));
}

/// Every command with its flags, values and arguments, a line each.
fn tree(command: &Command, words: &str, tree: &mut String) {
    let aliases: Vec<_> = command.get_visible_aliases().collect();
    let also = if aliases.is_empty() { String::new() } else { format!("  (or {})", aliases.join(", ")) };
    writeln!(tree, "{words}{also}").unwrap();
    let is_root = !words.contains(' ');
    let own = command.get_arguments().filter(|argument| is_root || !argument.is_global_set());
    for argument in own.filter(|argument| !["help", "version"].contains(&argument.get_id().as_str())) {
        writeln!(tree, "  {}", argument_line(argument, words)).unwrap();
    }
    for inner in command.get_subcommands() {
        self::tree(inner, &format!("{words} {}", inner.get_name()), tree);
    }
}

fn argument_line(argument: &Arg, words: &str) -> String {
    let mut line = argument.get_short().map(|short| format!("-{short}, ")).unwrap_or_default();
    line.push_str(&argument.to_string());
    if argument.is_hide_set() {
        line.push_str("  hidden");
    }
    let values: Vec<String> = match argument.get_id().as_str() {
        "fields" => {
            let command = words.split_once(' ').map_or("", |(_, rest)| rest);
            fields_of(command).into_iter().map(|(key, _)| key.to_owned()).collect()
        }
        _ if argument.get_action().takes_values() => {
            argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect()
        }
        _ => Vec::new(),
    };
    if values.is_empty() { line } else { format!("{line}  {}", values.join("|")) }
}

#[test]
fn no_command_flag_or_value_changes_unseen() {
    let mut root = Cli::command();
    root.build();
    let mut text = String::new();
    tree(&root, "frontdesk", &mut text);
    assert!(text.contains("\nfrontdesk org add-user\n  <ORG>\n  --first-name <NAME>\n"), "{text}");
    assert_is_as_kept("tests/cli/command_tree.txt", &text);
}
