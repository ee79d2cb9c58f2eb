//! Every command that the README shows prints what the README says.

use std::fs;
use std::path::Path;

use crate::desk::Desk;

/// A command line after `$ `, and what the README shows under it.
struct Shown {
    command: String,
    output: String,
}

/// The commands of every console block, in order.
fn shown(readme: &str) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    for block in readme.split("```console\n").skip(1) {
        for line in block.split("```").next().unwrap().lines() {
            match line.strip_prefix("$ ") {
                Some(command) => found.push(Shown { command: command.to_owned(), output: String::new() }),
                None => {
                    let last = found.last_mut().unwrap();
                    last.output.push_str(line);
                    last.output.push('\n');
                }
            }
        }
    }
    found
}

#[test]
fn every_command_prints_what_the_readme_shows() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let desk = Desk::new();
    let commands = shown(&readme);
    let run: Vec<_> = commands.iter().filter(|shown| !shown.command.starts_with("cargo ") && shown.command != "tests/run").collect();
    assert!(run.len() > 10, "only {} commands were found", run.len());
    for shown in run {
        // A page cannot show the line ends of CSV.
        let output = desk.shell(&shown.command).replace("\r\n", "\n");
        assert_eq!(output.trim_end(), shown.output.trim_end(), "$ {}", shown.command);
    }
}

#[test]
fn the_first_command_adds_a_user_and_the_second_runs_the_tests() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let commands = shown(&readme);
    assert_eq!(commands[1].command, "tests/run");
    let arguments = commands[0].command.strip_prefix("cargo run --release -- ").unwrap();
    let desk = Desk::new();
    assert!(desk.shell(&format!("frontdesk {arguments}")).contains("Success: User added\n"));
    assert_eq!(desk.count("SELECT count(*) FROM emails WHERE notice = 'invitation'"), 1);
}
