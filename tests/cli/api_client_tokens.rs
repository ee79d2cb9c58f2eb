//! That a token is nowhere but in the one answer that shows it, and that this answer is told to be lost
//! where it is.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::Stdio;

use crate::api_clients::{ANN, BOT, check, create, desk_with_ann_and_bot, is_token, run_as};
use crate::desk::{Desk, Ran, piped, ran};

#[test]
fn a_token_that_cannot_be_shown_is_said_to_be_lost() {
    let desk = desk_with_ann_and_bot();
    let add = |name: &str, more: &str| {
        let line = format!("--as {ANN} api-clients add --name {name} --expires-on 2026-01-31 {more}");
        desk.command(&shlex::split(&line).unwrap())
    };
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let lost = "The API client was created, but its token could not be written to standard output, and is lost";
    let newest = || desk.kept.texts("SELECT id FROM api_clients ORDER BY id DESC").remove(0);
    for format in ["", "--json", "--format csv"] {
        let name = format!("Import{}", format.len());
        let Ran { code, out, err } = desk.read(&add(&name, format).stdout(full()).output().unwrap());
        assert_eq!((code, out.as_str()), (1, ""), "{err}");
        let hint = format!("Delete it: frontdesk --as {ANN} api-clients delete {}", newest());
        assert!(err.contains(lost) && err.contains(&hint) && !err.contains("frontdesk_"), "{err}");
    }
    // A reader that has gone, too: elsewhere it is nobody's loss.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let Ran { code, err, .. } = desk.read(&add("Piped", "").stdout(writer).output().unwrap());
    assert!(code == 1 && err.contains(lost), "{err}");
    assert_eq!(desk.count("SELECT count(*) FROM api_clients"), 4);
}

#[test]
fn a_token_is_shown_though_nothing_can_be_said_about_it() {
    let desk = desk_with_ann_and_bot();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let words = ["--as", ANN, "api-clients", "add", "--name", "Import", "--expires-on", "2026-01-31"];
    let output = desk.command(&words).stderr(writer).output().unwrap();
    assert!(is_token(desk.read(&output).out.lines().last().unwrap()), "{output:?}");
}

#[test]
fn a_token_among_the_arguments_is_refused_and_not_repeated() {
    let desk = desk_with_ann_and_bot();
    let (_, token) = create(&desk, ANN, "Import");
    for words in [["api-clients", "check", &token], ["api-clients", "show", &token], ["users", "show", &token], ["help", "users", &token]] {
        for format in [&[][..], &["--json"]] {
            let ran = desk.run(&[&words[..], format].concat());
            let digits = token.strip_prefix("frontdesk_").unwrap();
            assert!(ran.code != 0 && !ran.err.contains(digits) && !ran.out.contains(digits), "{words:?}: {ran:?}");
        }
    }
}

/// The files of a directory and of those in it.
fn files_below(directory: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_token_is_nowhere_but_in_the_one_answer_that_shows_it() {
    let desk = desk_with_ann_and_bot();
    let added = run_as(&desk, BOT, "api-clients add --name Import --expires-on 2026-01-31 --verbose");
    let token = added.out.lines().last().unwrap().to_owned();
    assert!(is_token(&token), "{added:?}");
    let digits = token.strip_prefix("frontdesk_").unwrap().to_owned();
    let raw: Vec<u8> = (0..32).map(|index| u8::from_str_radix(&digits[2 * index..2 * index + 2], 16).unwrap()).collect();
    assert_eq!((added.out.matches(&digits).count(), added.err.contains(&digits)), (1, false));

    let client = desk.line("api-clients list --format ids").out.trim_end().to_owned();
    let mut said = Vec::new();
    for input in [token.clone(), format!("{token}x"), format!("{token} {token}")] {
        for more in [&["--verbose"][..], &["--json", "--verbose"], &["--format", "csv"]] {
            said.push(piped(&desk, &[&["api-clients", "check"][..], more].concat(), &input));
        }
    }
    for line in [
        "api-clients list --verbose".to_owned(),
        "api-clients list --json".to_owned(),
        "api-clients list --format csv".to_owned(),
        format!("api-clients show {client} --verbose"),
        format!("api-clients show {client} --json"),
        format!("api-clients edit {client} --name Export --json"),
        "activity list --json".to_owned(),
        "activity list --all --verbose".to_owned(),
        "users export".to_owned(),
        "org export-users".to_owned(),
        "emails list --json".to_owned(),
        "service show --json".to_owned(),
        "doctor --verbose".to_owned(),
        "whoami --verbose".to_owned(),
        format!("api-clients revoke {client} --yes --verbose"),
        format!("users edit {BOT} --active no --json"),
        format!("api-clients delete {client} --yes --json"),
        format!("users delete {BOT} --yes --verbose"),
    ] {
        said.push(desk.line(&line));
    }
    said.push(check(&desk, &token));
    for Ran { code, out, err } in said {
        assert!(!out.contains(&digits) && !err.contains(&digits), "exit {code}\n{out}\n{err}");
    }
    let rows = desk.rows().join("\n");
    assert!(!rows.contains(&digits) && rows.contains("Import"), "{rows}");
    // The database where it is a file, what is beside it, and every email.
    let files = files_below(&desk.path(""));
    assert!(files.iter().any(|file| file.extension().is_some_and(|extension| extension == "eml")));
    for file in files {
        let bytes = fs::read(&file).unwrap();
        for part in [token.as_bytes(), digits.as_bytes(), &raw] {
            assert!(!contains(&bytes, part), "{}", file.display());
        }
    }
}

/// What the operating system tells of a running process.
fn of_process(id: u32, what: &str) -> Vec<u8> {
    fs::read(format!("/proc/{id}/{what}")).unwrap()
}

#[test]
fn while_it_is_checked_neither_the_list_of_processes_nor_a_core_dump_has_it() {
    let desk = desk_with_ann_and_bot();
    let (_, token) = create(&desk, ANN, "Import");
    // Where the shell of the tests allows none, one that does.
    let allowing = ["/bin/sh", "-c", "ulimit -c unlimited; exec \"$@\"", "sh"];
    let mut command = desk.command_behind(&allowing, &["api-clients", "check", "--verbose"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    errors.read_line(&mut line).unwrap();
    assert!(line.starts_with("Opening the database "), "{line}");
    let mut input = child.stdin.take().unwrap();
    // Half of it is there, and waited for the rest of.
    input.write_all(&token.as_bytes()[..40]).unwrap();
    for what in ["cmdline", "environ", "comm"] {
        assert!(!contains(&of_process(child.id(), what), &token.as_bytes()[..40]), "{what}");
    }
    let limits = String::from_utf8(of_process(child.id(), "limits")).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    input.write_all(&token.as_bytes()[40..]).unwrap();
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn while_it_is_made_the_list_of_processes_does_not_have_it() {
    let desk = desk_with_ann_and_bot();
    let held = desk.kept.hold();
    let answer = desk.path("answer");
    let mut command = desk.command(&["--as", ANN, "api-clients", "add", "--name", "Import", "--expires-on", "2026-01-31", "--verbose"]);
    let mut child = command.stdout(File::create(&answer).unwrap()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    errors.read_line(&mut line).unwrap();
    let seen = [of_process(child.id(), "cmdline"), of_process(child.id(), "environ")];
    drop(held);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let text = fs::read_to_string(&answer).unwrap();
    let token = text.lines().last().unwrap();
    assert!(is_token(token), "{text}");
    assert!(seen.iter().all(|bytes| !bytes.is_empty() && !contains(bytes, token.as_bytes())));
}

#[test]
fn no_two_tokens_are_the_same() {
    let desk = desk_with_ann_and_bot();
    let mut tokens: Vec<String> = (0..8).map(|number| create(&desk, ANN, &format!("Import {number}")).1).collect();
    tokens.sort();
    tokens.dedup();
    assert_eq!(tokens.len(), 8);
    assert_eq!(Desk::new().line("api-clients add --token x").code, 2);
}

#[test]
fn a_token_that_nobody_would_see_is_not_made() {
    let desk = desk_with_ann_and_bot();
    let before = desk.rows();
    let arguments = ["--as", "ann@education.gov.uk", "api-clients", "add", "--name=Nightly", "--expires-on=2026-01-31"];
    let run = desk.command(&arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    let told = "Error: The token would be shown to nobody: standard output is closed, or goes to /dev/null\n\
        Nothing was changed. Let standard output go to whoever is to have the token.\n";
    assert_eq!(desk.read(&run), ran(2, "", told));
    assert_eq!(desk.rows(), before);
    let mut tried = desk.command(&[&arguments[..], &["--dry-run"]].concat());
    assert_eq!(tried.stdout(Stdio::null()).status().unwrap().code(), Some(0));
}

#[test]
fn a_token_is_no_name_of_an_api_client() {
    let desk = desk_with_ann_and_bot();
    let (id, token) = create(&desk, "ann@education.gov.uk", "Nightly");
    let before = desk.rows();
    let told = ran(3, "", "Error: There is a problem\n  --name  Client name must not be an API client token\n");
    for line in [format!("add --name {token} --expires-on 2026-01-31"), format!("edit {id} --name 'My {token}'")] {
        assert_eq!(run_as(&desk, "ann@education.gov.uk", &format!("api-clients {line}")), told, "{line}");
    }
    assert_eq!(desk.rows(), before);
}
