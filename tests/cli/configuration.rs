//! The configuration file and its variables, what a noun alone or a mistake is answered, and how
//! output looks: quiet, verbose, in colour, and never as a record would have it.

use serde_json::json;

use crate::desk::{Desk, Ran, ran};

const ADD_ANN: [&str; 6] = ["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no"];

/// Environment variables and their values.
type Variables = &'static [(&'static str, &'static str)];

fn has_colour(text: &str) -> bool {
    text.contains('\u{1b}')
}

#[test]
fn a_service_of_the_file_works_like_its_kind() {
    let desk = Desk::new();
    desk.configure("service = \"pilot\"\n[services.pilot]\nkind = \"publish\"\ndatabase = \"~/pilot.db\"\n");
    let added = desk.run(&["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--format=ids"]);
    assert_eq!(
        added,
        ran(
            0,
            "019b0dc2-0de0-7000-8000-000000000004\n",
            "Created the database ~/pilot.db\nEmail written to ~/emails/019b0dc2-0de0-7000-8000-000000000005.eml\n",
        )
    );
    assert_eq!(desk.run(&["users", "list"]), ran(0, "Users (1)\n\nName      Email address\nAnn Abel  ann@education.gov.uk\n", ""));
    assert_eq!(desk.done(&["service", "list", "--format=ids"]), "register\nclaim\npublish\npilot\n");
    assert_eq!(desk.run(&["--service=register", "users", "list"]), ran(0, "There are no users.\n", ""));
}

#[test]
fn a_mistake_in_the_file_is_told_with_its_line_and_the_nearest_word() {
    let desk = Desk::new();
    for (text, words) in [
        ("servce = \"claim\"\n", "line 1: unknown key ‘servce’\nDid you mean ‘service’?\n"),
        ("\nservice = \"clam\"\n", "line 2: there is no service called ‘clam’\nDid you mean ‘claim’?\n"),
        (
            "[services.pilot]\ndatabase = \"a.db\"\n",
            "line 1: the service ‘pilot’ has no kind\n\
             Say which service it works like: kind = \"register\", \"claim\" or \"publish\".\n",
        ),
        ("delivery = \"never\"\n", "line 1: ‘delivery’ must be \"now\" or \"later\"\n"),
    ] {
        desk.configure(text);
        let error = format!("Error: Configuration file ~/.config/frontdesk/config.toml, {words}");
        assert_eq!(desk.run(&["users", "list"]), ran(7, "", &error), "{text:?}");
    }
}

#[test]
fn an_unknown_service_names_the_nearest() {
    let desk = Desk::new();
    let words = |origin: &str| format!("Error: {origin}: there is no service called ‘publis’\nDid you mean ‘publish’?\n");
    assert_eq!(desk.run(&["--service=publis", "users", "list"]), ran(2, "", &words("--service")));
    assert_eq!(desk.run_with(&[("FRONTDESK_SERVICE", "publis")], &["users", "list"]), ran(7, "", &words("FRONTDESK_SERVICE")));
}

#[test]
fn an_environment_in_the_file_that_the_database_contradicts_stops_everything() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.configure("[services.register]\nenvironment = \"staging\"\n");
    let words = "Error: The configuration says that this database is staging, and the database says that it is production\n\
        Nothing was changed. Correct ‘environment’ or ‘database’ of this service in the configuration file.\n";
    for arguments in [
        &["users", "list"][..],
        &["whoami", "--format=plain"],
        &["users", "delete", "ann@education.gov.uk", "--yes"],
        &["emails", "send"],
        &["service", "set", "environment", "staging"],
    ] {
        assert_eq!(desk.run(arguments), ran(7, "", words), "{arguments:?}");
    }
    desk.configure("[services.register]\nenvironment = \"production\"\n");
    assert_eq!(desk.json(&["whoami"])["settings"]["environment"]["value"], "production");
}

#[test]
fn frontdesk_config_names_another_file_which_must_be_there() {
    let desk = Desk::new();
    desk.configure("service = \"publish\"\n");
    std::fs::write(desk.path("other.toml"), "service = \"claim\"\n").unwrap();
    let service =
        |variables: &[(&str, &str)]| desk.run_with(variables, &["whoami", "--format=plain"]).out.lines().next().unwrap().to_owned();
    assert_eq!(service(&[]), "service\tpublish\t~/.config/frontdesk/config.toml");
    assert_eq!(service(&[("FRONTDESK_CONFIG", "other.toml")]), "service\tclaim\tother.toml");
    assert_eq!(
        desk.run_with(&[("FRONTDESK_CONFIG", "lost.toml")], &["users", "list"]),
        ran(
            7,
            "",
            "Error: FRONTDESK_CONFIG names a file that does not exist: lost.toml\n\
             Correct the path, or unset the variable to use the configuration directory.\n",
        )
    );
}

#[test]
fn a_yes_no_variable_that_says_neither_is_told() {
    assert_eq!(
        Desk::new().run_with(&[("FRONTDESK_NO_INPUT", "maybe")], &["users", "list"]),
        ran(
            7,
            "",
            "Error: FRONTDESK_NO_INPUT must be yes or no, not ‘maybe’\n\
             Set FRONTDESK_NO_INPUT to yes or no (1 and 0, true and false mean the same), or unset it.\n",
        )
    );
}

#[test]
fn frontdesk_alone_is_help_and_a_noun_alone_is_half_a_command() {
    let desk = Desk::new();
    let bare = desk.run(&[""; 0]);
    assert_eq!((bare.code, bare.err.as_str()), (0, ""));
    assert!(bare.out.starts_with("Administer who can use a service\n\nUsage: frontdesk [OPTIONS] [COMMAND]\n"), "{bare:?}");
    for noun in ["users", "sign-in", "emails", "activity", "service"] {
        let Ran { code, out, err } = desk.run(&[noun]);
        assert_eq!((code, out.as_str()), (2, ""), "{noun}");
        // Where a noun alone can open the desk, its verb is left to the person.
        let verb = if noun == "users" { "[COMMAND]" } else { "<COMMAND>" };
        assert!(err.contains(&format!("\nUsage: frontdesk {noun} [OPTIONS] {verb}\n")), "{err}");
        assert_eq!(desk.run(&[noun, "--help"]).code, 0, "{noun}");
    }
}

#[test]
fn help_and_the_version_are_answers() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["--version"]), ran(0, concat!("frontdesk ", env!("CARGO_PKG_VERSION"), "\n"), ""));
    let help = desk.run(&["help", "users", "delete"]);
    assert_eq!((help.code, help.err.as_str()), (0, ""));
    assert!(help.out.contains("\nUsage: frontdesk users delete [OPTIONS] <WHO>\n"), "{help:?}");
    assert_eq!(desk.run(&["users", "delete", "--help"]), help);
    assert_eq!(desk.run(&["help"]).out.lines().next(), Some("Administer who can use a service"));
}

#[test]
fn an_unknown_command_is_told_with_the_nearest_and_how_to_go_on() {
    let desk = Desk::new();
    assert_eq!(
        desk.run(&["users", "lst"]),
        ran(
            2,
            "",
            "Error: There is no command called 'lst'\nA similar subcommand exists: 'list'\nUsage: frontdesk users [OPTIONS] [COMMAND]\n",
        )
    );
    let refused = desk.refused(&["users", "lst"]);
    assert_eq!((&refused["exit"], &refused["error"]["code"]), (&json!(2), &json!("usage")));
}

#[test]
fn quiet_says_nothing_but_what_was_asked_for_warnings_and_errors() {
    let desk = Desk::new();
    let added = desk.run(&[&ADD_ANN[..], &["-q"]].concat());
    assert_eq!((added.code, added.err.as_str()), (0, ""));
    assert!(added.out.starts_with("Ann Abel\n"), "{added:?}");
    assert_eq!(desk.run(&["emails", "send", "--quiet"]), ran(0, "", ""));
    assert_eq!(
        desk.run(&["-q", "emails", "show", "lost"]),
        ran(4, "", "Error: There is no email with the id lost\nTo see every email: frontdesk emails list\n")
    );
}

#[test]
fn verbose_says_what_is_done_and_what_lies_beneath_an_error() {
    let desk = Desk::new();
    assert_eq!(
        desk.run(&[&ADD_ANN[..], &["-v", "--format=ids"]].concat()),
        ran(
            0,
            "019b0dc2-0de0-7000-8000-000000000004\n",
            "Opening the database ~/.local/share/frontdesk/register.db\n\
             Composed an email to ann@education.gov.uk: Invitation to join Register of training providers\n\
             Created the database ~/.local/share/frontdesk/register.db\n\
             Email written to ~/.local/share/frontdesk/emails/019b0dc2-0de0-7000-8000-000000000005.eml\n",
        )
    );
    std::fs::write(desk.path("notes.db"), "not a database, but long enough to have been one").unwrap();
    let broken = ["--database=notes.db", "users", "list"];
    let (plain, verbose) = (desk.run(&broken), desk.run(&[&broken[..], &["-v"]].concat()));
    assert_eq!((plain.code, verbose.code), (7, 7));
    assert!(!plain.err.contains("Caused by:"), "{plain:?}");
    assert!(verbose.err.starts_with(&format!("Opening the database notes.db\n{}Caused by: ", plain.err)), "{verbose:?}");
}

#[test]
fn colour_is_a_matter_of_the_flag_then_the_environment_then_the_terminal() {
    const NO_COLOR: (&str, &str) = ("NO_COLOR", "1");
    const FORCE: (&str, &str) = ("CLICOLOR_FORCE", "1");
    let desk = Desk::new();
    desk.run(&ADD_ANN);
    let table: [(Variables, &[&str], bool); 10] = [
        (&[], &[], false),
        (&[], &["--color=always"], true),
        (&[NO_COLOR], &["--color=always"], true),
        (&[FORCE], &["--color=never"], false),
        (&[FORCE], &[], true),
        (&[FORCE], &["--color=auto"], true),
        (&[("CLICOLOR_FORCE", "0")], &[], false),
        (&[NO_COLOR], &[], false),
        (&[NO_COLOR, FORCE], &[], false),
        (&[("NO_COLOR", ""), FORCE], &[], true),
    ];
    for (variables, flags, coloured) in table {
        for (arguments, code) in [(["users", "list"], 0), (["users", "show"], 4)] {
            let who: &[&str] = if code == 4 { &["nobody"] } else { &[] };
            let ran = desk.run_with(variables, &[flags, &arguments, who].concat());
            assert_eq!((ran.code, has_colour(&ran.out) || has_colour(&ran.err)), (code, coloured), "{variables:?} {flags:?}: {ran:?}");
        }
    }
}

#[test]
fn colour_only_repeats_what_the_words_say() {
    let desk = Desk::new();
    desk.run(&ADD_ANN);
    assert_eq!(
        desk.run(&["users", "list", "--color=always"]),
        ran(
            0,
            "\u{1b}[1mUsers (1)\u{1b}[0m\n\n\u{1b}[1mName      Email address         Status\u{1b}[0m\n\
             Ann Abel  ann@education.gov.uk  Active\n",
            "",
        )
    );
    for format in ["plain", "json", "jsonl", "csv", "ids"] {
        let list = ["users", "list", "--format", format];
        assert_eq!(desk.run(&[&list[..], &["--color=always"]].concat()), desk.run(&list), "{format}");
    }
}

/// What must never reach a terminal from a record: controls other than the line breaks and tabs
/// that the format itself puts between records and cells, and controls of the writing direction.
fn unsafe_characters(format: &str, text: &str) -> Vec<char> {
    let text = if format == "csv" { text.replace("\r\n", "\n") } else { text.to_owned() };
    let belongs = |character: char| character == '\n' || (character == '\t' && format == "plain");
    text.chars()
        .filter(|character| {
            character.is_control() && !belongs(*character) || matches!(character, '\u{202a}'..='\u{202e}' | '\u{200b}' | '\u{2028}')
        })
        .collect()
}

#[test]
fn nothing_that_a_record_holds_moves_the_cursor_or_colours_the_screen() {
    const EVIL: &str = "Evil\u{1b}[31m\u{1b}[2J\r\u{7}\u{8}\u{9b}1m\u{202e}\u{200b}\u{2028}\u{1b}]0;title\u{7}\t";
    let desk = Desk::new();
    let id = desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.add("Bob", "Baker", "bob@education.gov.uk");
    desk.done(&["--as=ann@education.gov.uk", "users", "edit", "bob@education.gov.uk", "--last-name=Bowl"]);
    let connection = desk.open();
    let write = |sql: &str| connection.execute(sql, [EVIL]).unwrap();
    write("UPDATE users SET first_name = ?1, last_name = ?1, sign_in_id = id || ?1");
    write("UPDATE emails SET to_name = ?1, to_first_name = ?1, to_address = ?1, last_error = ?1");
    write("UPDATE email_templates SET from_name = ?1, from_address = ?1, subject = ?1, text = ?1");
    write("UPDATE activity SET actor_label = ?1, actor_email = ?1, subject_label = ?1");
    connection.execute("UPDATE activity SET changes = json_array(json_object('field', ?1, 'before', ?1, 'after', ?1))", [EVIL]).unwrap();
    write("UPDATE service_settings SET value = ?1 WHERE key IN ('name', 'web-address')");
    drop(connection);

    let email = desk.done(&["emails", "list", "--format=ids", "--per-page=1"]);
    let commands: [&[&str]; 12] = [
        &["users", "list"],
        &["users", "list", "--fields=first_name,sign_in_id"],
        &["users", "show", &id],
        &["users", "show", &id, "--fields=last_name"],
        &["users", "edit", &id, "--api-user=yes", "--dry-run"],
        &["users", "edit", &id, "--first-name=Ann", "--dry-run"],
        &["users", "delete", &id, "--dry-run"],
        &["emails", "list"],
        &["emails", "show", email.trim_end()],
        &["activity", "list"],
        &["service", "show"],
        &["sign-in", "check", "--email=ann@education.gov.uk"],
    ];
    for arguments in commands {
        for format in ["table", "plain", "json", "jsonl", "csv"] {
            let Ran { code, out, err } = desk.run(&[arguments, &["--format", format]].concat());
            assert_eq!((code, err.as_str()), (0, ""), "{arguments:?} {format}");
            assert!(out.contains("Evil"), "{arguments:?} {format}: {out}");
            assert_eq!(unsafe_characters(format, &out), Vec::<char>::new(), "{arguments:?} {format}: {out:?}");
        }
    }
    for arguments in [
        &["--as=ann@education.gov.uk", "whoami"][..],
        &["--as=ann@education.gov.uk", "whoami", "--json"],
        &["users", "edit", &id, "--api-user=yes"],
        &["users", "show", EVIL],
        &["--as", EVIL, "users", "list"],
        &["emails", "cancel", EVIL],
        &["users", "list", "--fields", EVIL],
        &["users", EVIL],
        &["users", "list", "--page", EVIL],
        &["service", "set", EVIL, "x"],
        &["--service", EVIL, "users", "list"],
        &["--database", EVIL, "users", "list"],
    ] {
        let told = desk.run(arguments);
        assert_eq!(unsafe_characters("table", &[told.out.as_str(), &told.err].concat()), Vec::<char>::new(), "{arguments:?}: {told:?}");
    }
}

#[test]
fn a_new_database_begins_as_the_environment_that_the_file_expects() {
    let desk = Desk::new();
    desk.configure("[services.register]\nenvironment = \"staging\"\n");
    assert_eq!(desk.run(&["users", "list"]), ran(0, "There are no users.\n", ""));
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    assert_eq!(desk.json(&["service", "show"])["service"]["environment"], "staging");
    assert_eq!(desk.json(&["emails", "list"])["emails"][0]["subject"], "[STAGING] Invitation to join Register of training providers");
}

#[test]
fn a_mistake_on_the_command_line_is_told_before_one_in_the_configuration() {
    let desk = Desk::new();
    desk.configure("nonsense = 1\n");
    for (arguments, message) in [
        (&["users", "delete", "ann@education.gov.uk"][..], "Deleting a user cannot be undone. To delete them, add --yes"),
        (&["users", "edit", "ann@education.gov.uk"], "There is nothing to change"),
        (&["users", "list", "--fields=zz"], "There is no field called ‘zz’"),
        (&["emails", "list", "--fields=zz"], "There is no field called ‘zz’"),
        (&["users", "list", "--fields=id", "--format=ids"], "--fields cannot be used with --format ids, which prints ids alone"),
        (&["whoami", "--fields=id"], "--fields cannot be used with this command"),
        (&["org", "import", "new.csv", "--yes", "--errors=-"], "Standard output is for what came of the import, not for its wrong rows"),
    ] {
        let Ran { code, err, .. } = desk.run(arguments);
        assert_eq!((code, err.lines().next()), (2, Some(format!("Error: {message}").as_str())), "{arguments:?}");
    }
    assert_eq!(desk.run(&["users", "delete", "ann@education.gov.uk", "--yes"]).code, 7);
    // So is half a command, and no command at all is answered with the help.
    let well = Desk::new();
    for (arguments, code) in [(&["users"][..], 2), (&["org"], 2), (&[], 0)] {
        let answered = desk.run(arguments);
        assert_eq!((answered.code, &answered), (code, &well.run(arguments)), "{arguments:?}");
    }
}
