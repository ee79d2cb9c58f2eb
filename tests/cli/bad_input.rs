//! Wrong answers and hostile bytes on the command line: exact messages, all at once, nothing stored,
//! and nothing that could move the cursor or colour the screen comes back.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

use crate::desk::{Desk, Ran, files_in, ran};

const BAD_ADDRESS: &str = "Enter a Department for Education email address in the correct format, like name@education.gov.uk";
const PASTED: usize = 100_000;

/// Whether text could upset a terminal: a control character other than the line break, a control of
/// the writing direction, something invisible, or a noncharacter.
fn is_unsafe(text: &str) -> bool {
    let hidden = |character: char| {
        (character.is_control() && character != '\n')
            || matches!(character, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
            || matches!(character, '\u{2028}' | '\u{2029}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FFFE}' | '\u{FFFF}')
    };
    text.chars().any(hidden)
}

/// Runs a command that must fail in order: no panic, no raw control characters, nothing on standard
/// output, nothing stored.
fn refused<S: AsRef<OsStr>>(desk: &Desk, arguments: &[S]) -> Ran {
    let before = everything_in(desk);
    let ran = desk.run(arguments);
    assert!((2..=7).contains(&ran.code), "{ran:?}");
    assert_eq!(ran.out, "");
    assert!(!is_unsafe(&ran.err), "{:?}", ran.err);
    assert!(!ran.err.is_empty() && !ran.err.contains("panicked"), "{ran:?}");
    assert_eq!(everything_in(desk), before);
    ran
}

/// The bytes of the database, or nothing, and the names of the files around it.
fn everything_in(desk: &Desk) -> (Option<Vec<u8>>, usize) {
    (std::fs::read(desk.database()).ok(), files_in(&desk.data()).len() + files_in(&desk.emails()).len() + files_in(&desk.path("")).len())
}

/// `users add` with good answers but for these.
fn add_with(first_name: &str, last_name: &str, email: &str, api_user: &str) -> Vec<String> {
    ["users", "add", "--first-name", first_name, "--last-name", last_name, "--email", email, "--api-user", api_user]
        .map(str::to_owned)
        .to_vec()
}

/// A desk with somebody at it, so that there is something that could be spoilt.
fn desk_with_ann() -> Desk {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk
}

#[test]
fn names_with_characters_that_hide_or_command_are_refused_each_in_its_words() {
    let desk = desk_with_ann();
    let hostile = [
        "An\u{1}n",
        "An\u{7}n",
        "An\u{8}n",
        "An\u{1B}[31mn",
        "An\u{1B}]0;title\u{7}n",
        "An\u{7F}n",
        "An\u{85}\u{9B}2Jn",
        "An\u{AD}n",
        "An\u{61C}n",
        "An\u{200B}n",
        "An\u{200C}n",
        "An\u{200D}n",
        "An\u{200E}n",
        "An\u{202E}n",
        "An\u{2060}n",
        "An\u{2066}n",
        "An\u{FEFF}n",
        "An\u{FDD0}n",
        "An\u{FFFE}n",
        "An\u{FFFF}n",
        "An\u{10FFFE}n",
        "\u{FFFE}",
        "\u{1B}",
    ];
    for name in hostile {
        assert_eq!(
            refused(&desk, &add_with(name, name, "bea@education.gov.uk", "no")),
            ran(
                3,
                "",
                "Error: There is a problem\n  \
                 --first-name  First name must not include control characters\n  \
                 --last-name   Last name must not include control characters\n"
            ),
            "{name:?}"
        );
        let edit = ["users", "edit", "ann@education.gov.uk", "--first-name", name];
        assert_eq!(
            refused(&desk, &edit).err,
            "Error: There is a problem\n  --first-name  First name must not include control characters\n",
            "{name:?}"
        );
    }
}

#[test]
fn what_only_surrounds_a_name_is_trimmed_and_white_space_inside_becomes_one_space() {
    let desk = Desk::new();
    desk.done(&[
        "users",
        "add",
        "--first-name=\u{200B}\t Mary\u{A0}\r\n Ann \u{FEFF}",
        "--last-name=Sea\u{301}n",
        "--email= Mary@Education.GOV.uk\n",
        "--api-user=no",
    ]);
    let user = &desk.json(&["users", "show", "mary@education.gov.uk"])["user"];
    assert_eq!((user["first_name"].as_str(), user["last_name"].as_str()), (Some("Mary Ann"), Some("Se\u{E1}n")));
    assert_eq!(
        refused(&desk, &add_with("\u{200B} \t\u{2060}", "", "\u{FEFF}", " ")).err,
        "Error: There is a problem\n  \
         --first-name  Enter first name\n  \
         --last-name   Enter last name\n  \
         --email       Enter email address\n  \
         --api-user    Select if the account is an API user\n"
    );
}

#[test]
fn a_name_has_at_most_255_characters_whatever_their_bytes() {
    let desk = Desk::new();
    for letter in ["a", "é", "李", "𝒜"] {
        let too_long = letter.repeat(256);
        assert_eq!(
            refused(&desk, &add_with(&too_long, &too_long, "bea@education.gov.uk", "no")),
            ran(
                3,
                "",
                "Error: There is a problem\n  \
                 --first-name  First name must be 255 characters or fewer\n  \
                 --last-name   Last name must be 255 characters or fewer\n"
            )
        );
        let longest = letter.repeat(255);
        let email = format!("user{}@education.gov.uk", letter.len());
        desk.done(&add_with(&longest, &longest, &email, "no").iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(desk.json(&["users", "show", &email])["user"]["first_name"], longest);
    }
}

#[test]
fn every_kind_of_wrong_address_is_refused_and_none_is_mended() {
    let desk = desk_with_ann();
    let label = "b".repeat(64);
    let long_part = "a".repeat(65);
    let long_host = vec!["b".repeat(60); 4].join(".");
    let wrong = [
        "name",
        "@education.gov.uk",
        "name@",
        "@",
        "name education.gov.uk",
        "jo hn@education.gov.uk",
        "john@education. gov.uk",
        "a@b@education.gov.uk",
        "Bea Abel <bea@education.gov.uk>",
        "bea@education.gov.uk (Bea)",
        "\"bea\"@education.gov.uk",
        "\"b a\"@education.gov.uk",
        "bea@[127.0.0.1]",
        "bea@[IPv6:::1]",
        "bea..abel@education.gov.uk",
        ".bea@education.gov.uk",
        "bea.@education.gov.uk",
        "bea@education..gov.uk",
        "bea@.education.gov.uk",
        "bea@education.gov.uk.",
        "bea@localhost",
        "bea@uk",
        "bea@-x.education.gov.uk",
        "bea@x-.education.gov.uk",
        "bea@x_y.education.gov.uk",
        "bea@education.gov.123",
        "bea@127.0.0.1",
        "séan@education.gov.uk",
        "bea@éducation.gov.uk",
        "bea@educatio\u{212A}.gov.uk",
        "be\u{200B}a@education.gov.uk",
        "be\ta@education.gov.uk",
        "be\u{1B}[31ma@education.gov.uk",
        "bea@education.gov.uk\u{202E}x",
        "bea,ann@education.gov.uk",
        "bea;@education.gov.uk",
        "bea:@education.gov.uk",
        "bea\\@education.gov.uk",
        "mailto:bea@education.gov.uk",
        &format!("bea@{label}.education.gov.uk"),
        &format!("{long_part}@education.gov.uk"),
        &format!("bea@{long_host}.education.gov.uk"),
        "bea@badeducation.gov.uk",
        "bea@x.badeducation.gov.uk",
        "bea@education.gov.uk.evil.com",
        "bea@gov.uk",
        "bea@gmail.com",
        "bea@education.gov.ukx",
        "bea@education-gov.uk",
    ];
    for address in wrong {
        let expected = ran(3, "", &format!("Error: There is a problem\n  --email  {BAD_ADDRESS}\n"));
        assert_eq!(refused(&desk, &add_with("Bea", "Abel", address, "no")), expected, "{address:?}");
        assert_eq!(refused(&desk, &["users", "edit", "ann@education.gov.uk", "--email", address]), expected, "{address:?}");
    }
}

#[test]
fn all_problems_are_told_at_once_and_a_taken_address_among_them_is_no_conflict_alone() {
    let desk = desk_with_ann();
    assert_eq!(
        refused(&desk, &add_with("An\u{1B}n", &"a".repeat(256), "bea@gmail.com", "maybe")),
        ran(
            3,
            "",
            &format!(
                "Error: There is a problem\n  \
                 --first-name  First name must not include control characters\n  \
                 --last-name   Last name must be 255 characters or fewer\n  \
                 --email       {BAD_ADDRESS}\n  \
                 --api-user    Select if the account is an API user\n"
            )
        )
    );
    assert_eq!(
        refused(&desk, &add_with("", "Abel", "ANN@education.gov.uk", "no")),
        ran(3, "", "Error: There is a problem\n  --first-name  Enter first name\n  --email       Email address already in use\n")
    );
    assert_eq!(
        refused(&desk, &add_with("Ann", "Abel", "ANN@education.gov.uk", "no")),
        ran(5, "", "Error: There is a problem\n  --email  Email address already in use\n")
    );
}

#[test]
fn a_hundred_kilobytes_in_any_place_is_a_short_clear_error() {
    let desk = desk_with_ann();
    let pasted = "a".repeat(PASTED);
    let only = |field: &str, message: &str| ran(3, "", &format!("Error: There is a problem\n  {field}  {message}\n"));
    let email = "bea@education.gov.uk";
    assert_eq!(refused(&desk, &add_with(&pasted, "Abel", email, "no")), only("--first-name", "First name must be 255 characters or fewer"));
    assert_eq!(refused(&desk, &add_with("Bea", &pasted, email, "no")), only("--last-name", "Last name must be 255 characters or fewer"));
    assert_eq!(refused(&desk, &add_with("Bea", "Abel", &pasted, "no")), only("--email", BAD_ADDRESS));
    let address = format!("{pasted}@education.gov.uk");
    assert_eq!(refused(&desk, &add_with("Bea", "Abel", &address, "no")), only("--email", BAD_ADDRESS));
    assert_eq!(refused(&desk, &add_with("Bea", "Abel", email, &pasted)), only("--api-user", "Select if the account is an API user"));

    let start = "a".repeat(200);
    let elsewhere: [(i32, &str, &[&str]); 12] = [
        (4, "Error: There is no user called a", &["users", "show", &pasted]),
        (4, "Error: There is no user called a", &["users", "edit", &pasted, "--active=no"]),
        (4, "Error: There is no user called a", &["users", "delete", &pasted, "--yes"]),
        (4, "Error: There is no user called a", &["activity", "list", "--user", &pasted]),
        (4, "Error: There is no email with the id a", &["emails", "show", &pasted]),
        (6, "Error: Your account is not authorised\n--as says that you are a", &["--as", &pasted, "users", "list"]),
        (2, "Error: --service: there is no service called ‘a", &["--service", &pasted, "users", "list"]),
        (2, "Error: There is no field called ‘a", &["users", "list", "--fields", &pasted]),
        (2, "Error: Invalid value 'a", &["users", "list", "--page", &pasted]),
        (2, "Error: Invalid value 'a", &["users", "list", "--format", &pasted]),
        (2, "Error: There is no command called 'a", &["users", &pasted]),
        (7, "Error: The database a", &["--database", &pasted, "users", "list"]),
    ];
    for (code, beginning, arguments) in elsewhere {
        let told = refused(&desk, arguments);
        let shown: Vec<&str> = arguments.iter().map(|word| &word[..word.len().min(20)]).collect();
        assert_eq!(told.code, code, "{shown:?}");
        assert!(told.err.starts_with(beginning), "{shown:?}: {}", told.err);
        assert!(told.err.contains(&start) && told.err.len() < 2000, "{shown:?}: {} bytes", told.err.len());
    }
    let file = refused(&desk, &["--database", &pasted, "users", "list"]).err;
    let expected = " cannot be opened: its name is too long\nNothing was changed. Give a shorter path with --database.\n";
    assert!(file.ends_with(expected), "{file}");
    assert_eq!(desk.run(&["users", "exists", &pasted]), ran(4, "", ""));
}

#[test]
fn arguments_that_are_not_utf_8_are_refused_each_in_the_same_words() {
    let desk = desk_with_ann();
    let broken = |prefix: &str| OsString::from_vec([prefix.as_bytes(), b"An\xFFn"].concat());
    let word = |text: &str| OsString::from(text);
    let lines = [
        vec![word("users"), word("add"), broken("--first-name=")],
        vec![word("users"), word("add"), word("--last-name"), broken("")],
        vec![word("users"), word("add"), broken("--email=")],
        vec![word("users"), word("add"), broken("--api-user=")],
        vec![word("users"), word("edit"), broken(""), word("--active=no")],
        vec![word("users"), word("show"), broken("")],
        vec![word("users"), word("delete"), broken(""), word("--yes")],
        vec![word("users"), word("list"), broken("--fields=")],
        vec![word("users"), word("list"), broken("--as=")],
        vec![word("users"), word("list"), broken("--service=")],
    ];
    for line in lines {
        let told = refused(&desk, &line);
        assert_eq!(
            told,
            ran(
                2,
                "",
                "Error: An argument is not valid UTF-8 text\n\
                 Nothing was changed. Use UTF-8 in your terminal, or in the program that runs frontdesk. Only the path of a file may have any bytes.\n"
            ),
            "{line:?}"
        );
    }
    for line in [vec![broken("")], vec![word("users"), broken("")], vec![word("users"), word("list"), broken("--")]] {
        assert_eq!(refused(&desk, &line).code, 2, "{line:?}");
    }
    let variable = OsStr::from_bytes(b"ann\xFF@education.gov.uk");
    let output = desk.command(&["users", "list"]).env("FRONTDESK_AS", variable).output().unwrap();
    assert_eq!(
        desk.read(&output),
        ran(7, "", "Error: FRONTDESK_AS is not valid UTF-8\nSet FRONTDESK_AS again in a terminal that uses UTF-8, or unset it.\n")
    );
}

#[test]
fn the_path_of_any_file_may_be_any_bytes() {
    let desk = desk_with_ann();
    let broken = |prefix: &str, end: &str| OsString::from_vec([prefix.as_bytes(), b"An\xFFn", end.as_bytes()].concat());
    let word = |text: &str| OsString::from(text);
    let (people, wrong) = (broken("", ".csv"), broken("", ".wrong"));
    assert_eq!(desk.run(&[word("users"), word("export"), broken("--output=", ".csv")]).code, 0);
    let exported = std::fs::read_to_string(desk.path("").join(&people)).unwrap();
    std::fs::write(desk.path("").join(&people), exported.replace("Ann,", ",")).unwrap();
    let import = [word("users"), word("import"), people, word("--yes"), broken("--errors=", ".wrong")];
    assert_eq!(desk.run(&import).code, 3);
    assert!(desk.path("").join(&wrong).exists());
}

#[test]
fn the_path_of_a_database_may_be_any_bytes() {
    let desk = Desk::new();
    let names: [&[u8]; 7] =
        [b"n\xFFn.db", b"two words.db", b"l\nb.db", b"100%?#.db", b":memory:", b"file:desk.db?mode=memory", b"\x1B[31m.db"];
    for (number, name) in names.into_iter().enumerate() {
        let path = OsStr::from_bytes(name);
        let email = format!("--email=ann{number}@education.gov.uk");
        let words = ["users", "add", "--first-name=Ann", "--last-name=Abel", "--api-user=no", &email, "--database"];
        let added = desk.run(&[words.map(OsStr::new).as_slice(), &[path]].concat());
        assert_eq!(added.code, 0, "{path:?}: {added:?}");
        assert!(!is_unsafe(&added.err) && !is_unsafe(&added.out), "{added:?}");
        let listed = desk.run(&[OsStr::new("--database"), path, OsStr::new("users"), OsStr::new("list"), OsStr::new("--format=ids")]);
        assert_eq!(listed.code, 0, "{listed:?}");
        assert_eq!(listed.out.lines().count(), 1, "{path:?}: {listed:?}");
        assert!(desk.path("").join(path).is_file(), "{path:?}");
    }
    // One file each, and the directory of emails: no name was taken for something else.
    assert_eq!(files_in(&desk.path("")).len(), names.len() + 1);
}

#[test]
fn no_error_repeats_what_could_upset_a_terminal() {
    let desk = desk_with_ann();
    let hostile = "\u{1B}[2J\u{1B}]0;x\u{7}\u{9B}31m\u{202E}\u{200B}\u{FFFE}\r\n\u{2028}";
    let lines: [&[&str]; 16] = [
        &["users", "show", hostile],
        &["users", "edit", hostile, "--active=no"],
        &["users", "delete", hostile, "--yes"],
        &["users", "list", "--fields", hostile],
        &["users", "list", "--page", hostile],
        &["users", "list", "--format", hostile],
        &["users", "list", "--status", hostile],
        &["users", "list", "--color", hostile],
        &["users", hostile],
        &[hostile],
        &["--as", hostile, "users", "list"],
        &["--service", hostile, "users", "list"],
        &["--database", hostile, "users", "list"],
        &["service", "set", hostile, "x"],
        &["service", "set", "name", hostile],
        &["emails", "show", hostile],
    ];
    for line in lines {
        for more in [&[][..], &["--json"], &["--verbose"], &["--color=always"]] {
            // Of colour, only our own is allowed: round the word “Error:”.
            let arguments = [line, more].concat();
            let told = desk.run(&arguments);
            assert!((2..=7).contains(&told.code), "{arguments:?}: {told:?}");
            let text = told.err.replacen("\u{1B}[1m\u{1B}[31mError:\u{1B}[0m", "Error:", 1);
            assert!(!is_unsafe(&text) && !text.is_empty(), "{arguments:?}: {text:?}");
            assert_eq!(told.out, "", "{arguments:?}");
        }
        let unknown_flag = format!("--{hostile}");
        let told = refused(&desk, &["users", "list", &unknown_flag]);
        assert_eq!(told.code, 2);
    }
}
