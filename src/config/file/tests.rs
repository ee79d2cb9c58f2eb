//! Mistakes in the file, and what is said about each.

use std::path::Path;

use super::{Delivery, FileValues, ServiceEntry, Written, parse};
use crate::domain::service::ServiceKind;
use crate::error::{ErrorKind, Result};

fn read(text: &str) -> Result<FileValues> {
    parse(text, Path::new("/c/config.toml"))
}

/// The message without the path, and the hint.
fn mistake(text: &str) -> (String, Option<String>) {
    let error = read(text).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unavailable);
    let message = error.message.strip_prefix("Configuration file /c/config.toml, ").unwrap().to_owned();
    (message, error.hint)
}

#[test]
fn every_key_is_understood() {
    let values = read(concat!(
        "service = \"staging\"\nactor = \"ann@education.gov.uk\"\naccessible = true\ndelivery = \"later\"\n",
        "[services.staging]\nkind = \"register\"\ndatabase = \"staging.db\"\nenvironment = \"staging\"\n",
        "[services.claim]\ndatabase = \"~/claim.db\"\n",
    ))
    .unwrap();
    assert_eq!(values.service.as_deref(), Some("staging"));
    assert_eq!(values.actor.as_deref(), Some("ann@education.gov.uk"));
    assert_eq!((values.accessible, values.delivery), (Some(true), Some(Delivery::Later)));
    let written = |text: &str, line| Written { text: text.to_owned(), place: format!("Configuration file /c/config.toml, line {line}") };
    let staging = ServiceEntry {
        name: "staging".to_owned(),
        kind: ServiceKind::Register,
        database: Some(written("staging.db", 7)),
        environment: Some("staging".to_owned()),
    };
    let claim =
        ServiceEntry { name: "claim".to_owned(), kind: ServiceKind::Claim, database: Some(written("~/claim.db", 10)), environment: None };
    assert_eq!(values.services, [staging, claim]);
}

#[test]
fn an_unknown_key_is_told_with_its_line_and_the_nearest_right_one() {
    assert_eq!(
        mistake("actor = \"a\"\nservise = \"claim\"\n"),
        ("line 2: unknown key ‘servise’".to_owned(), Some("Did you mean ‘service’?".to_owned()))
    );
    assert_eq!(
        mistake("\n\n[services.claim]\n# where it is\ndatabse = \"x.db\"\n"),
        ("line 5: unknown key ‘databse’".to_owned(), Some("Did you mean ‘database’?".to_owned()))
    );
    let all = "The keys are: service, actor, accessible, delivery, smtp, services.".to_owned();
    assert_eq!(mistake("\n[imap]\nhost = \"x\"\n"), ("line 2: unknown key ‘imap’".to_owned(), Some(all)));
}

#[test]
fn the_first_mistake_in_the_file_is_told_first() {
    assert_eq!(mistake("zebra = 1\nantelope = 1\n").0, "line 1: unknown key ‘zebra’");
}

#[test]
fn an_unknown_service_is_told_with_the_nearest_right_one() {
    assert_eq!(
        mistake("service = \"clam\"\n"),
        ("line 1: there is no service called ‘clam’".to_owned(), Some("Did you mean ‘claim’?".to_owned()))
    );
    let all = "The services are: register, claim, publish, training.".to_owned();
    assert_eq!(
        mistake("service = \"zzz\"\n[services.training]\nkind = \"claim\"\n"),
        ("line 1: there is no service called ‘zzz’".to_owned(), Some(all))
    );
}

#[test]
fn values_of_the_wrong_sort_are_told_in_plain_words() {
    for (text, message) in [
        ("service = 1\n", "line 1: ‘service’ must be text, in quotes"),
        ("actor = \" \"\n", "line 1: ‘actor’ must not be empty"),
        ("accessible = \"yes\"\n", "line 1: ‘accessible’ must be true or false, without quotes"),
        ("delivery = \"soon\"\n", "line 1: ‘delivery’ must be \"now\" or \"later\""),
        ("services = 1\n", "line 1: ‘services’ must be tables, like [services.claim]"),
        ("[services]\nclaim = \"x.db\"\n", "line 2: ‘claim’ must be a table: [services.claim]"),
        ("[services.claim]\nenvironment = \"live\"\n", "line 2: ‘environment’ must be production, staging or development, not ‘live’"),
        ("[services.mine]\nkind = \"clame\"\n", "line 2: there is no kind of service called ‘clame’"),
        ("[services.mine]\ndatabase = \"x.db\"\n", "line 1: the service ‘mine’ has no kind"),
        ("[services.\"../x\"]\nkind = \"claim\"\n", "line 1: ‘../x’ cannot be the name of a service"),
        ("[services.\"\"]\nkind = \"claim\"\n", "line 1: ‘’ cannot be the name of a service"),
    ] {
        assert_eq!(mistake(text).0, message);
    }
}

#[test]
fn a_built_in_service_keeps_its_kind() {
    assert_eq!(
        mistake("[services.claim]\nkind = \"publish\"\n"),
        (
            "line 2: ‘claim’ is built in, and its kind cannot be publish".to_owned(),
            Some("Give the service another name, or take the kind away.".to_owned())
        )
    );
    assert!(read("[services.claim]\nkind = \"claim\"\n").is_ok());
}

#[test]
fn broken_toml_is_told_with_line_and_column() {
    assert_eq!(
        mistake("actor = \"a\"\nservice = claim\n").0,
        "line 2, column 11: this is not TOML: string values must be quoted, expected literal string"
    );
    assert_eq!(mistake("service = \"claim\"\nservice = \"claim\"\n").0, "line 2, column 1: this is not TOML: duplicate key");
}

#[test]
fn the_address_of_a_server_is_checked_where_it_stands_and_never_repeated() {
    let address = |address: &str| format!("[services.claim]\ndatabase = \"{address}\"\n");
    let values = read(&address("postgres://ann:secret@db/x")).unwrap();
    assert!(!format!("{values:?}").contains("secret"));
    for text in [address("postgres://ann:secret@db:x/y"), "[services.claim]\ndatabase = postgres://ann:secret@db/x\n".to_owned()] {
        assert!(!format!("{:?}", read(&text).unwrap_err()).contains("secret"), "{text}");
    }
    assert_eq!(
        mistake(&address("postgres://ann:secret@db/x?sslmod=require")),
        ("line 2: there is no parameter called ‘sslmod’".to_owned(), Some("Did you mean ‘sslmode’?".to_owned()))
    );
}
