//! What the command line accepts, what it refuses, and in which words.

use std::ffi::OsString;

use clap::CommandFactory as _;

use super::{Cli, Command, OutputFormat, ServiceCommand, SignInCommand, Unparsed, UsersCommand, UsersNoun, parse, unparsed, wants_json};
use crate::config::Flags;
use crate::domain::answers::Answers;
use crate::domain::problem::Field;
use crate::domain::service::Setting;
use crate::domain::user_filter::UserFilter;
use crate::error::{Error, ErrorKind};

fn words(arguments: &[&str]) -> Vec<OsString> {
    std::iter::once(&"frontdesk").chain(arguments).map(OsString::from).collect()
}

fn parsed(arguments: &[&str]) -> Cli {
    parse(words(arguments)).unwrap()
}

fn refused(arguments: Vec<OsString>) -> Error {
    match unparsed(&parse(arguments).unwrap_err()) {
        Unparsed::Mistake(error) => error,
        other => panic!("{other:?}"),
    }
}

/// The message and the hint.
fn mistake(arguments: &[&str]) -> (String, String) {
    let error = refused(words(arguments));
    assert_eq!(error.kind, ErrorKind::Usage);
    (error.message, error.hint.unwrap_or_default())
}

fn users(arguments: &[&str]) -> UsersCommand {
    match parsed(arguments).command {
        Some(Command::Users(UsersNoun { verb: Some(verb) })) => verb,
        other => panic!("{other:?}"),
    }
}

fn answers(arguments: &[&str]) -> Answers {
    match users(arguments) {
        UsersCommand::Add(add) => add.answers(),
        UsersCommand::Edit(edit) => edit.answers(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_shapes_hold_together() {
    Cli::command().debug_assert();
}

#[test]
fn every_command_is_there() {
    for line in [
        "users list --search ann --status active --type support --signed-in no",
        "users show ann@x.uk --format plain --fields email",
        "users exists ann@x.uk",
        "users add --if-not-exists -y -n --no-email --require-delivery --environment staging --json",
        "users edit ann@x.uk --first-name a --last-name b --email c --api-user yes --active no",
        "users delete ann@x.uk --if-exists --yes",
        "org list --search school --page 2 --format ids",
        "org show ALPHA --fields name",
        "org add --code a --name b -y -n --no-email --require-delivery --environment staging --json",
        "org edit ALPHA --name b --yes",
        "org delete ALPHA -y --environment production",
        "org users ALPHA --search abel --signed-in no --all --format csv",
        "org list-users ALPHA",
        "org show-user ALPHA ann@x.uk --json",
        "org has-user ALPHA ann@x.uk",
        "org add-user ALPHA --first-name a --last-name b --email c --if-not-exists -n --no-email --require-delivery",
        "org edit-user ALPHA ann@x.uk --first-name a --last-name b --email c --json",
        "org remove-user ALPHA ann@x.uk --if-exists --yes --environment production",
        "sign-in record --email a --id b --at now --first-name c --last-name d --format jsonl",
        "sign-in check --id b --json",
        "emails list --status queued --all",
        "emails show 1 --json",
        "emails send --limit 5 --per-minute 60",
        "emails cancel 1 --dry-run --json",
        "emails resend ann@x.uk --kind organisation-user -n --format ids",
        "activity list --user ann@x.uk --kind user --org ALPHA --page 2 --per-page 10000",
        "service show --json",
        "service set name Desk --dry-run --json",
        "service list --fields name",
        "whoami --json --format json",
        "completions powershell",
        "man users add",
        "help org add-user",
        "-q --service claim --database x.db --as a@x.uk --no-input --accessible --color never whoami",
        "whoami -v --service claim --database x.db --as a@x.uk --no-input --accessible --color always",
    ] {
        parsed(&line.split(' ').collect::<Vec<_>>());
    }
}

#[test]
fn a_yes_or_no_among_the_answers_arrives_as_it_was_typed() {
    for (arguments, api_user) in [
        (&["users", "add", "--api-user", "yes"][..], "yes"),
        (&["users", "add", "--api-user", "perhaps"], "perhaps"),
        (&["users", "add", "--api-user=-1"], "-1"),
        (&["users", "add", "--api-user="], ""),
        (&["users", "add", "--api-user", ""], ""),
        (&["users", "add", "--api-user"], ""),
        (&["users", "add", "--api-user", "--email", "a@x.uk"], ""),
        (&["users", "edit", "ann@x.uk", "--api-user"], ""),
    ] {
        assert_eq!(answers(arguments).get(Field::ApiUser), Some(api_user), "{arguments:?}");
    }
    assert_eq!(answers(&["users", "edit", "ann@x.uk", "--active", "--yes"]).get(Field::Active), Some(""));
    assert!(answers(&["users", "add"]).is_empty());
}

#[test]
fn answers_may_begin_with_a_hyphen_after_an_equals_sign() {
    let answers = answers(&["users", "add", "--first-name=-x", "--last-name=--y", "--email=-z@education.gov.uk"]);
    assert_eq!(answers.get(Field::FirstName), Some("-x"));
    assert_eq!(answers.get(Field::LastName), Some("--y"));
    assert_eq!(answers.get(Field::Email), Some("-z@education.gov.uk"));
}

#[test]
fn a_filter_takes_the_words_that_it_knows_and_no_others() {
    let UsersCommand::List(list) = users(&["users", "list", "--status", "inactive", "--type", "api", "--signed-in", "no"]) else {
        panic!()
    };
    assert_eq!(
        UserFilter::from(&list.filter),
        UserFilter { active: Some(false), api_user: Some(true), signed_in: Some(false), search: None }
    );
    assert_eq!(
        mistake(&["users", "list", "--status", "activ"]),
        (
            "Invalid value 'activ' for '--status <STATUS>' [possible values: active, inactive]".to_owned(),
            "A similar value exists: 'active'".to_owned()
        )
    );
    assert_eq!(
        mistake(&["users", "list", "--signed-in", "1"]),
        (
            "Invalid value '1' for '--signed-in <YES|NO>' [possible values: yes, no]".to_owned(),
            "For more information, try '--help'.".to_owned()
        )
    );
}

#[test]
fn pages_count_from_one_and_are_bounded() {
    for page in ["0", "-1", "1.5", "x", "", "1000000001", "18446744073709551616"] {
        let message = format!("Invalid value '{page}' for '--page <N>': enter a whole number from 1 to 1000000000");
        assert_eq!(mistake(&["users", "list", &format!("--page={page}")]).0, message);
    }
    for size in ["0", "10001"] {
        let message = format!("Invalid value '{size}' for '--per-page <N>': enter a whole number from 1 to 10000");
        assert_eq!(mistake(&["users", "list", "--per-page", size]).0, message);
    }
    assert_eq!(mistake(&["users", "list", "--all", "--page", "2"]).0, "The argument '--all' cannot be used with '--page <N>'");
}

#[test]
fn json_goes_with_no_other_format() {
    assert_eq!(parsed(&["users", "list", "--json"]).format(), Some(OutputFormat::Json));
    assert_eq!(parsed(&["users", "list", "--json", "--format", "json"]).format(), Some(OutputFormat::Json));
    assert_eq!(parsed(&["users", "exists", "a"]).format(), None);
    assert_eq!(mistake(&["users", "list", "--json", "--format", "jsonl"]).0, "The argument '--json' cannot be used with '--format jsonl'");
}

#[test]
fn settings_are_named_and_their_values_checked_later() {
    let Some(Command::Service(ServiceCommand::Set(set))) = parsed(&["service", "set", "page-size", "-1"]).command else { panic!() };
    assert_eq!((set.setting, set.value.as_str()), (Setting::PageSize, "-1"));
    assert!(mistake(&["service", "set", "page-sise", "1"]).1.starts_with("A similar value exists: 'page-size'"));
}

#[test]
fn flags_reach_the_settings_from_either_side_of_the_command() {
    for arguments in
        [["--service", "claim", "--as", "a@x.uk", "--no-input", "whoami"], ["whoami", "--service", "claim", "--as", "a@x.uk", "--no-input"]]
    {
        let expected = Flags { service: Some("claim".to_owned()), actor: Some("a@x.uk".to_owned()), no_input: true, ..Flags::default() };
        assert_eq!(Flags::from(&parsed(&arguments).globals), expected);
    }
    assert_eq!(mistake(&["whoami", "--as", ""]).0, "A value is required for '--as <EMAIL>' but none was supplied");
}

#[test]
fn an_identity_is_taken_as_it_was_given() {
    let Some(Command::SignIn(SignInCommand::Check(check))) = parsed(&["sign-in", "check", "--id", "7"]).command else { panic!() };
    assert_eq!((check.identity.email, check.identity.id.as_deref()), (None, Some("7")));
}

#[test]
fn mistakes_are_told_without_claps_own_words_and_with_its_advice() {
    assert_eq!(
        mistake(&["users", "add", "--emial", "x"]),
        (
            "Unexpected argument '--emial' found".to_owned(),
            "A similar argument exists: '--email'\nUsage: frontdesk users add --email <EMAIL>".to_owned()
        )
    );
    assert_eq!(
        mistake(&["user"]),
        (
            "There is no command called 'user'".to_owned(),
            "Some similar subcommands exist: 'users', 'service'\nUsage: frontdesk [OPTIONS] [COMMAND]".to_owned()
        )
    );
    assert_eq!(
        mistake(&["org", "add-usr", "ALPHA"]).1.lines().next(),
        Some("Some similar subcommands exist: 'add-user', 'has-user', 'edit-user', 'add'")
    );
    assert_eq!(
        mistake(&["users", "show"]),
        ("The following required arguments were not provided: <WHO>".to_owned(), "Usage: frontdesk users show <WHO>".to_owned())
    );
    assert_eq!(mistake(&["users", "lis"]).0, "There is no command called 'lis'");
}

#[test]
fn help_and_version_are_answers_and_a_noun_alone_is_none() {
    let answer = |arguments: &[&str]| match parse(words(arguments)) {
        Ok(cli) => cli.about(None).or_else(|| cli.without_a_desk()).unwrap(),
        Err(error) => unparsed(&error),
    };
    let outcome = |arguments: &[&str]| match answer(arguments) {
        Unparsed::Help(text) => ("help", text.to_string()),
        Unparsed::NounAlone(text) => ("noun", text.to_string()),
        Unparsed::Text(text) => ("text", text),
        Unparsed::Mistake(error) => panic!("{error:?}"),
    };
    assert_eq!(outcome(&["--version"]), ("help", format!("frontdesk {}\n", env!("CARGO_PKG_VERSION"))));
    for (arguments, sort, usage) in [
        (&[][..], "help", "Usage: frontdesk [OPTIONS] [COMMAND]"),
        (&["--service", "claim"], "help", "Usage: frontdesk [OPTIONS] [COMMAND]"),
        (&["users"], "noun", "Usage: frontdesk users [OPTIONS] [COMMAND]"),
        (&["users", "--service", "claim"], "noun", "Usage: frontdesk users [OPTIONS] [COMMAND]"),
        (&["sign-in"], "noun", "Usage: frontdesk sign-in [OPTIONS] <COMMAND>"),
        (&["help", "users", "add"], "help", "Usage: frontdesk users add [OPTIONS]"),
        (&["users", "add", "-h"], "help", "Usage: frontdesk users add [OPTIONS]"),
    ] {
        let (found, text) = outcome(arguments);
        assert_eq!(found, sort, "{arguments:?}");
        assert!(text.contains(usage), "{text}");
    }
}

#[test]
fn a_commands_own_flags_come_before_those_of_every_command() {
    let Unparsed::Help(text) = unparsed(&parse(words(&["users", "list", "-h"])).unwrap_err()) else { panic!() };
    let text = text.to_string();
    let at = |wanted: &str| text.find(wanted).unwrap_or_else(|| panic!("no {wanted} in {text}"));
    assert!(text.starts_with("List the users of the service\n"), "{text}");
    assert!(at("--signed-in") < at("--page") && at("--page") < at("--format") && at("--format") < at("Options for every command:"));
    assert!(at("Options for every command:") < at("--service") && at("--accessible") < at("Examples:"));
}

#[cfg(unix)]
#[test]
fn what_is_not_utf_8_is_a_mistake_except_in_a_path() {
    use std::os::unix::ffi::OsStringExt as _;
    let bad = || OsString::from_vec(vec![b'a', 0xFF]);
    for before in [&[][..], &["users"], &["users", "show"], &["users", "add", "--first-name"], &["help"], &["--service"]] {
        let mut arguments = words(before);
        arguments.push(bad());
        assert_eq!(refused(arguments).kind, ErrorKind::Usage, "{before:?}");
    }
    let mut arguments = words(&["whoami", "--database"]);
    arguments.push(bad());
    assert_eq!(parse(arguments).unwrap().globals.database, Some(bad().as_os_str().into()));
}

#[test]
fn json_is_wanted_by_arguments_that_cannot_be_parsed_too() {
    for line in ["x --json", "--format json", "--format=jsonl y", "users list --format jsonl --bogus"] {
        assert!(wants_json(&words(&line.split(' ').collect::<Vec<_>>())), "{line}");
    }
    for line in ["x", "-- --json", "--format csv", "--format", "--format=ids json", "--first-name=--json"] {
        assert!(!wants_json(&words(&line.split(' ').collect::<Vec<_>>())), "{line}");
    }
}
