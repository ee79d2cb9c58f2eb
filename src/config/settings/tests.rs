//! Who wins, where each value came from, and what cannot be resolved.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{Delivery, Directories, Flags, NamedDatabase, Origin, Settings, Sourced};
use crate::domain::database::DatabaseAddress;
use crate::domain::service::ServiceKind;
use crate::error::{ErrorKind, Result};
use crate::world::{Account, Environment};

/// A home directory, and perhaps a configuration file in it.
struct Home(TempDir);

impl Home {
    fn new(file: Option<&str>) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        if let Some(text) = file {
            fs::write(home.file(), text).unwrap();
        }
        home
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("config.toml")
    }

    fn directories(&self) -> Directories {
        let path = |name: &str| self.0.path().join(name);
        Directories { home: path("home"), configuration: self.0.path().to_owned(), data: path("data") }
    }

    fn resolve(&self, flags: &Flags, variables: &[(&str, &str)]) -> Result<Settings> {
        Settings::resolve_in(flags, &environment(variables), &account(), Some(&self.directories()))
    }
}

fn account() -> Account {
    Account::Fixed("tester@desk".to_owned())
}

fn file(path: impl Into<PathBuf>) -> DatabaseAddress {
    DatabaseAddress::File(path.into())
}

fn environment(variables: &[(&str, &str)]) -> Environment {
    variables.iter().map(|(name, value)| (name.into(), value.into())).collect()
}

fn sourced(value: &str, origin: Origin) -> Sourced<String> {
    Sourced::new(value.to_owned(), origin)
}

#[test]
fn without_anything_said_the_defaults_hold() {
    let home = Home::new(None);
    let settings = home.resolve(&Flags::default(), &[]).unwrap();
    assert_eq!(settings.service, sourced("register", Origin::Default));
    assert_eq!(settings.database, Sourced::new(file(home.directories().data.join("register.db")), Origin::Default));
    assert!(!settings.database_is_named());
    assert_eq!(settings.emails, Some(home.directories().data.join("emails")));
    assert_eq!(settings.actor, None);
    assert_eq!(settings.no_input, Sourced::new(false, Origin::Default));
    assert_eq!(settings.delivery, Sourced::new(Delivery::Now, Origin::Default));
    assert!(!settings.configuration.unwrap().exists);
    let services: Vec<_> = settings.services.iter().map(|service| service.name.as_str()).collect();
    assert_eq!(services, ["register", "claim", "publish"]);
}

#[test]
fn flags_beat_environment_and_environment_beats_the_file() {
    let home = Home::new(Some("service = \"publish\"\nactor = \"file@x.uk\"\naccessible = true\ndelivery = \"later\"\n"));
    let file = || Origin::File(home.file());

    let settings = home.resolve(&Flags::default(), &[]).unwrap();
    assert_eq!(settings.service, sourced("publish", file()));
    assert_eq!(settings.kind, ServiceKind::Publish);
    assert_eq!(settings.actor, Some(sourced("file@x.uk", file())));
    assert_eq!(settings.accessible, Sourced::new(true, file()));
    assert_eq!(settings.delivery, Sourced::new(Delivery::Later, file()));

    let variables = [
        ("FRONTDESK_SERVICE", "claim"),
        ("FRONTDESK_AS", "env@x.uk"),
        ("FRONTDESK_ACCESSIBLE", "no"),
        ("FRONTDESK_DATABASE", "env.db"),
        ("FRONTDESK_NO_INPUT", "1"),
    ];
    let settings = home.resolve(&Flags::default(), &variables).unwrap();
    assert_eq!(settings.service, sourced("claim", Origin::Environment("FRONTDESK_SERVICE")));
    assert_eq!(settings.actor, Some(sourced("env@x.uk", Origin::Environment("FRONTDESK_AS"))));
    assert_eq!(settings.accessible, Sourced::new(false, Origin::Environment("FRONTDESK_ACCESSIBLE")));
    assert_eq!(settings.database, Sourced::new(DatabaseAddress::File("env.db".into()), Origin::Environment("FRONTDESK_DATABASE")));
    assert_eq!(settings.no_input, Sourced::new(true, Origin::Environment("FRONTDESK_NO_INPUT")));

    let flags = Flags {
        service: Some("register".to_owned()),
        database: Some("flag.db".into()),
        actor: Some("flag@x.uk".to_owned()),
        accessible: true,
        no_input: true,
    };
    let settings = home.resolve(&flags, &variables).unwrap();
    assert_eq!(settings.service, sourced("register", Origin::Flag("--service")));
    assert_eq!(settings.actor, Some(sourced("flag@x.uk", Origin::Flag("--as"))));
    assert_eq!(settings.accessible, Sourced::new(true, Origin::Flag("--accessible")));
    assert_eq!(settings.database, Sourced::new(DatabaseAddress::File("flag.db".into()), Origin::Flag("--database")));
    assert_eq!(settings.no_input, Sourced::new(true, Origin::Flag("--no-input")));
    assert!(settings.database_is_named());
}

#[test]
fn a_service_of_the_file_brings_its_database_and_environment() {
    let home = Home::new(Some("[services.training]\nkind = \"claim\"\ndatabase = \"~/t.db\"\nenvironment = \"staging\"\n"));
    let flags = Flags { service: Some("training".to_owned()), ..Flags::default() };
    let settings = home.resolve(&flags, &[]).unwrap();
    assert_eq!(settings.kind, ServiceKind::Claim);
    assert_eq!(settings.database, Sourced::new(file(home.directories().home.join("t.db")), Origin::File(home.file())));
    assert_eq!(settings.expected_environment, Some(sourced("staging", Origin::File(home.file()))));
    let data = home.directories().data;
    let services: Vec<_> = settings.services.iter().map(|known| (known.name.as_str(), known.database.clone().unwrap().value)).collect();
    let expected = [
        ("register", file(data.join("register.db"))),
        ("claim", file(data.join("claim.db"))),
        ("publish", file(data.join("publish.db"))),
        ("training", file(home.directories().home.join("t.db"))),
    ];
    assert_eq!(services, expected);
}

#[test]
fn the_file_expects_nothing_of_a_database_named_without_a_service() {
    let home = Home::new(Some("[services.register]\nenvironment = \"production\"\n"));
    let named = Flags { database: Some("x.db".into()), ..Flags::default() };
    assert_eq!(home.resolve(&named, &[]).unwrap().expected_environment, None);
    assert!(home.resolve(&Flags::default(), &[]).unwrap().expected_environment.is_some());
}

#[test]
fn an_unknown_service_is_a_usage_error_from_a_flag_and_a_wrong_configuration_elsewhere() {
    let home = Home::new(None);
    let flags = Flags { service: Some("clam".to_owned()), ..Flags::default() };
    let error = home.resolve(&flags, &[]).unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Usage, "--service: there is no service called ‘clam’"));
    assert_eq!(error.hint.unwrap(), "Did you mean ‘claim’?");

    let error = home.resolve(&Flags::default(), &[("FRONTDESK_SERVICE", "zzz")]).unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Unavailable, "FRONTDESK_SERVICE: there is no service called ‘zzz’"));
    assert_eq!(error.hint.unwrap(), "The services are: register, claim, publish.");
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let home = Home::new(None);
    let error = home.resolve(&Flags::default(), &[("FRONTDESK_CONFIG", "/nowhere/desk.toml")]).unwrap_err();
    assert_eq!(error.message, "FRONTDESK_CONFIG names a file that does not exist: /nowhere/desk.toml");
    assert_eq!(error.kind, ErrorKind::Unavailable);
}

#[test]
fn a_file_that_is_named_takes_the_place_of_the_default_one() {
    let home = Home::new(Some("this is not read"));
    let other = home.0.path().join("other.toml");
    fs::write(&other, "[services.claim]\ndatabase = \"c.db\"\n").unwrap();
    let flags = Flags { service: Some("claim".to_owned()), ..Flags::default() };
    let settings = home.resolve(&flags, &[("FRONTDESK_CONFIG", other.to_str().unwrap())]).unwrap();
    assert_eq!(settings.database.value, file(home.0.path().join("c.db")));
    assert!(settings.configuration.unwrap().exists);
}

#[test]
fn a_shared_database_is_named_by_its_address_wherever_a_file_could_be() {
    let home = Home::new(Some("[services.claim]\ndatabase = \"postgresql://ann:secret@filed/claim\"\n"));
    let shown = |settings: &Settings| (settings.database.value.to_string(), settings.database.origin.clone());
    let address = |name: &str| format!("postgresql://ann:secret@{name}/claim");
    let flags = Flags { database: Some(NamedDatabase::from(&address("flag"))), ..Flags::default() };
    let variable = address("variable");
    let variables = [("FRONTDESK_DATABASE", variable.as_str())];
    let claim = Flags { service: Some("claim".to_owned()), ..Flags::default() };

    let settings = home.resolve(&flags, &variables).unwrap();
    assert_eq!(shown(&settings), ("postgresql://ann@flag/claim".to_owned(), Origin::Flag("--database")));
    let settings = home.resolve(&Flags::default(), &variables).unwrap();
    assert_eq!(shown(&settings), ("postgresql://ann@variable/claim".to_owned(), Origin::Environment("FRONTDESK_DATABASE")));
    let mut settings = home.resolve(&claim, &[]).unwrap();
    assert_eq!(shown(&settings), ("postgresql://ann@filed/claim".to_owned(), Origin::File(home.file())));
    assert!(settings.database_is_named());

    // Emails are never written beside it.
    assert_eq!((settings.emails.as_deref(), settings.can_deliver()), (None, false));
    let rows = settings.rows();
    let row = |name| rows.iter().find(|row| row.name == name).unwrap();
    assert_eq!(row("database").value.as_deref(), Some("postgresql://ann@filed/claim"));
    assert_eq!((row("emails").value.as_deref(), row("emails").origin.as_str()), (None, home.file().to_str().unwrap()));
    settings.take_stamp(ServiceKind::Publish);
    assert_eq!(settings.service.origin.to_string(), "postgresql://ann@filed/claim");
    assert!(!format!("{settings:?} {flags:?} {:?}", settings.rows()).contains("secret"));
}

#[test]
fn what_the_environment_makes_of_an_address_matters_only_to_whoever_uses_it() {
    let home = Home::new(Some("[services.claim]\ndatabase = \"postgresql://db/claim\"\n"));
    let variables = [("PGSSLMODE", "always")];
    let settings = home.resolve(&Flags::default(), &variables).unwrap();
    assert_eq!(settings.services.iter().find(|service| service.name == "claim").unwrap().database, None);
    let error = home.resolve(&Flags { service: Some("claim".to_owned()), ..Flags::default() }, &variables).unwrap_err();
    assert_eq!(error.message, "PGSSLMODE must be disable, prefer, require, verify-ca or verify-full");
    assert_eq!(error.kind, ErrorKind::Unavailable);
}

#[test]
fn without_a_home_directory_the_database_must_be_named() {
    let error = Settings::resolve_in(&Flags::default(), &environment(&[]), &account(), None).unwrap_err();
    assert_eq!(error.message, "Your home directory cannot be found, so there is no place for the database");
    assert_eq!(error.hint.unwrap(), "Name the database with --database PATH or FRONTDESK_DATABASE.");
    let named = Flags { database: Some("x.db".into()), ..Flags::default() };
    assert!(Settings::resolve_in(&named, &environment(&[]), &account(), None).unwrap().can_deliver());
    let settings = Settings::resolve_in(&named, &environment(&[]), &account(), None).unwrap();
    assert_eq!((settings.configuration, settings.emails.as_deref()), (None, Some(Path::new("emails"))));
}

#[test]
fn the_stamp_is_taken_where_nobody_asked_for_a_service() {
    let home = Home::new(None);
    let named = Flags { database: Some("x.db".into()), ..Flags::default() };
    let mut settings = home.resolve(&named, &[]).unwrap();
    assert_eq!(settings.wanted_kind(), None);
    settings.take_stamp(ServiceKind::Claim);
    assert_eq!((settings.service, settings.kind), (sourced("claim", Origin::Stamp(file("x.db"))), ServiceKind::Claim));

    let settings = home.resolve(&Flags { service: Some("publish".to_owned()), ..named }, &[]).unwrap();
    assert_eq!(settings.wanted_kind(), Some(ServiceKind::Publish));
}

#[test]
fn an_entry_in_the_file_ties_a_database_to_its_service() {
    let home = Home::new(Some("[services.register]\ndatabase = \"/srv/x.db\"\n"));
    assert_eq!(home.resolve(&Flags::default(), &[]).unwrap().wanted_kind(), Some(ServiceKind::Register));
}

#[test]
fn rows_say_each_value_and_where_it_came_from() {
    let home = Home::new(Some("[services.claim]\nenvironment = \"staging\"\n"));
    let flags = Flags { service: Some("claim".to_owned()), database: Some("/srv/c.db".into()), ..Flags::default() };
    let settings = home.resolve(&flags, &[("FRONTDESK_NO_INPUT", "yes")]).unwrap();
    let file = home.file().display().to_string();
    let rows = settings.rows();
    let rows: Vec<_> = rows.iter().map(|row| (row.name, row.value.as_deref(), row.origin.as_str())).collect();
    let expected = [
        ("service", Some("claim"), "--service"),
        ("kind", Some("claim"), "--service"),
        ("database", Some("/srv/c.db"), "--database"),
        ("emails", Some("/srv/emails"), "--database"),
        ("actor", None, "default"),
        ("accessible", Some("no"), "default"),
        ("no_input", Some("yes"), "FRONTDESK_NO_INPUT"),
        ("delivery", Some("now"), "default"),
        ("environment", Some("staging"), file.as_str()),
        ("configuration", Some(file.as_str()), "default"),
    ];
    assert_eq!(rows, expected);
}
