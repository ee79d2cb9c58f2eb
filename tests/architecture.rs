//! Holds the rooms of the house apart: which may import which (CONTRIBUTING.md has the drawing).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A room, and the rooms that its files may name.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("world", &[]),
    ("error", &["domain"]),
    ("exit", &["error"]),
    ("store", &["domain", "error"]),
    ("mail", &["domain", "error", "store"]),
    ("config", &["domain", "error", "world"]),
    ("ops", &["domain", "error", "store", "mail", "world"]),
    ("output", &["domain", "error"]),
    ("ask", &["domain", "error", "output"]),
    ("cli", &["domain", "error", "config", "store"]),
    ("commands", &["domain", "error", "exit", "world", "config", "cli", "ask", "ops", "output"]),
    ("lib", &["error", "exit", "world", "config", "cli", "commands", "output"]),
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The first folder under `src`, or the file's own name without its ending.
fn room_of(path: &Path) -> String {
    let inside = path.strip_prefix(source()).unwrap();
    inside.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// Every room that a file names after `crate::`, in a `use` line or in the middle of an expression.
fn rooms_named(text: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (start, _) in text.match_indices("crate::") {
        let rest = &text[start + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let inside = group.split('}').next().unwrap();
            named.extend(inside.split(',').map(|item| item.trim().split("::").next().unwrap().to_owned()).filter(|item| !item.is_empty()));
        } else {
            named.insert(rest.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect());
        }
    }
    named
}

#[test]
fn every_file_imports_only_what_its_room_may() {
    let mut files = Vec::new();
    rust_files(&source(), &mut files);
    assert!(files.len() > 50, "only {} files were found", files.len());
    let mut wrong = Vec::new();
    for file in files.iter().filter(|file| !file.ends_with("main.rs")) {
        let room = room_of(file);
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == room) else {
            wrong.push(format!("{} is in no known room", file.display()));
            continue;
        };
        for named in rooms_named(&fs::read_to_string(file).unwrap()) {
            if named != room && !allowed.contains(&named.as_str()) {
                wrong.push(format!("{} imports {named}", file.strip_prefix(source()).unwrap().display()));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn of_the_command_line_only_completion_looks_into_the_database() {
    let mut files = Vec::new();
    rust_files(&source().join("cli"), &mut files);
    let (completion, shapes): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| file.starts_with(source().join("cli/completion")));
    let rooms = |file: &PathBuf| rooms_named(&fs::read_to_string(file).unwrap());
    for file in &shapes {
        assert!(!rooms(file).contains("store"), "{} imports store", file.display());
    }
    // It reads: no word of it is about changing anything.
    assert!(completion.iter().any(|file| rooms(file).contains("store")));
    for file in &completion {
        let text = fs::read_to_string(file).unwrap();
        assert!(![".write(", "insert(", "update(", "delete(", "Purpose::"].iter().any(|word| text.contains(word)), "{}", file.display());
    }
}

#[test]
fn the_domain_knows_no_flag_parser_database_terminal_or_clock() {
    let mut files = Vec::new();
    rust_files(&source().join("domain"), &mut files);
    let outside = ["clap", "rusqlite", "postgres::", "dialoguer", "console", "lettre", "std::env", "std::fs", "std::io", "::now("];
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for word in outside {
            assert!(!text.contains(word), "{} names {word}", file.display());
        }
    }
}

#[test]
fn a_forbidden_import_would_be_seen() {
    let text = "use crate::store::users;\nuse crate::{output, cli::Cli};\nlet x = crate::exit::Exit::Done;";
    assert_eq!(rooms_named(text).into_iter().collect::<Vec<_>>(), ["cli", "exit", "output", "store"]);
}

#[test]
fn both_databases_have_the_same_tests_of_a_desk() {
    let modules = |file: &str| {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file)).unwrap();
        let (_, list) = text.split_once("// Of a desk, wherever it is kept: ").unwrap();
        let list = list.split("\n// Of a file").next().unwrap();
        list.lines().filter(|line| line.starts_with("mod ")).map(str::to_owned).collect::<Vec<_>>()
    };
    let (of_files, of_servers) = (modules("cli/main.rs"), modules("postgres/main.rs"));
    assert!(of_files.len() > 20);
    assert_eq!(of_files, of_servers);
}
