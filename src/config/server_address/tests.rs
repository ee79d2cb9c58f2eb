//! What an address, the environment, the password file and the defaults make together, and what is said
//! of an address that is none.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;
use tempfile::TempDir;

use super::{Place, Surroundings, resolve, usual_socket_directory, without_password};
use crate::domain::database::{Host, ServerAddress, TargetServer, TlsMode};
use crate::error::{Error, ErrorKind, Result};
use crate::world::{Account, Environment};

fn at(address: &str, variables: &[(&str, &str)], home: Option<&Path>) -> Result<ServerAddress> {
    let environment: Environment = variables.iter().map(|(name, value)| (name.into(), value.into())).collect();
    let account = Account::Fixed("tester@desk".to_owned());
    let place = Place { text: "--database".to_owned(), is_flag: true };
    resolve(address, &place, Surroundings { environment: &environment, account: &account, home })
}

fn read(address: &str) -> Result<ServerAddress> {
    at(address, &[], None)
}

fn with(address: &str, variables: &[(&str, &str)]) -> ServerAddress {
    at(address, variables, None).unwrap()
}

/// The hosts with their ports, and S for the usual socket.
fn hosts(address: &ServerAddress) -> String {
    let server = |host: &Host| match host {
        Host::Network(name) => name.clone(),
        Host::Socket(directory) if *directory == usual_socket_directory() => "S".to_owned(),
        Host::Socket(directory) => directory.display().to_string(),
    };
    address.hosts.iter().map(|found| format!("{}:{}", server(&found.host), found.port)).collect::<Vec<_>>().join(" ")
}

fn password(address: &ServerAddress) -> Option<&str> {
    address.password.as_ref().map(|password| password.reveal())
}

/// The message of a mistake without its place, and the hint.
fn mistake(address: &str) -> (String, String) {
    let error = read(address).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Usage, "{address}");
    (error.message.strip_prefix("--database: ").unwrap().to_owned(), error.hint.unwrap_or_default())
}

#[test]
fn the_parts_of_an_address() {
    for (address, hosts_found, user, password_found, database) in [
        ("postgresql://", "S:5432", "tester", None, "tester"),
        ("postgres:///", "S:5432", "tester", None, "tester"),
        ("PostgreSQL://db", "db:5432", "tester", None, "tester"),
        (" postgresql://db/desk\n", "db:5432", "tester", None, "desk"),
        ("postgresql://db:5433/desk", "db:5433", "tester", None, "desk"),
        ("postgresql://ann@db/desk", "db:5432", "ann", None, "desk"),
        ("postgresql://ann:secret@db/desk", "db:5432", "ann", Some("secret"), "desk"),
        ("postgresql://ann:a:b@db/desk", "db:5432", "ann", Some("a:b"), "desk"),
        ("postgresql://ann:a?b#c@db/desk", "db:5432", "ann", Some("a?b#c"), "desk"),
        ("postgresql://ann%40srv:%2F%3a%40%25@db/de%20sk", "db:5432", "ann@srv", Some("/:@%"), "de sk"),
        ("postgresql://:@db/", "db:5432", "tester", None, "tester"),
        ("postgresql://ann@/desk", "S:5432", "ann", None, "desk"),
        ("postgresql://ann@db", "db:5432", "ann", None, "ann"),
        ("postgresql://one,two:5433,three/desk", "one:5432 two:5433 three:5432", "tester", None, "desk"),
        ("postgresql://one,,three", "one:5432 S:5432 three:5432", "tester", None, "tester"),
        ("postgresql://[::1]/desk", "::1:5432", "tester", None, "desk"),
        ("postgresql://[2001:db8::1]:5433,[::1]?user=ann", "2001:db8::1:5433 ::1:5432", "ann", None, "ann"),
        ("postgresql://%2Fvar%2Frun/desk", "/var/run:5432", "tester", None, "desk"),
        ("postgresql:///desk?host=/srv/socket&port=5433", "/srv/socket:5433", "tester", None, "desk"),
        ("postgresql:///desk?host=one,two&port=5433", "one:5433 two:5433", "tester", None, "desk"),
        ("postgresql:///desk?host=one,two&port=,5433", "one:5432 two:5433", "tester", None, "desk"),
        ("postgresql://one/desk?host=two&dbname=other", "two:5432", "tester", None, "other"),
        ("postgresql://db/?user=ann&password=a%26b&user=bob&", "db:5432", "bob", Some("a&b"), "bob"),
        ("postgresql://db?dbname=a+b", "db:5432", "tester", None, "a+b"),
        ("postgresql://db/a/b", "db:5432", "tester", None, "a/b"),
        ("postgresql://zürich/dësk", "zürich:5432", "tester", None, "dësk"),
    ] {
        let found = read(address).unwrap_or_else(|error| panic!("{address}: {error:?}"));
        let parts = (hosts(&found), found.user.as_str(), password(&found), found.database.as_str());
        assert_eq!(parts, (hosts_found.to_owned(), user, password_found, database), "{address}");
    }
}

#[test]
fn the_parameters_of_an_address() {
    let plain = read("postgresql://db").unwrap();
    assert_eq!((plain.tls, plain.root_certificates, plain.target), (TlsMode::Prefer, None, TargetServer::Any));
    assert_eq!((plain.connect_timeout, plain.options), (Duration::from_secs(10), None));

    let tls = |query: &str| {
        let found = read(&format!("postgresql://db?{query}")).unwrap();
        (found.tls, found.root_certificates.map(|path| path.display().to_string()))
    };
    let file = || Some("/c/ca.pem".to_owned());
    assert_eq!(tls("sslmode=disable"), (TlsMode::Disable, None));
    assert_eq!(tls("sslmode=allow"), (TlsMode::Prefer, None));
    assert_eq!(tls("ssl=true"), (TlsMode::Require, None));
    assert_eq!(tls("sslmode=verify-ca&sslrootcert=/c/ca.pem"), (TlsMode::VerifyCa, file()));
    assert_eq!(tls("sslmode=verify-full"), (TlsMode::VerifyFull, None));
    assert_eq!(tls("sslmode=verify-full&sslrootcert="), (TlsMode::VerifyFull, None));
    assert_eq!(tls("sslmode=require&sslrootcert=/c/ca.pem"), (TlsMode::VerifyCa, file()));
    assert_eq!(tls("sslrootcert=/c/ca.pem"), (TlsMode::Prefer, None));
    assert_eq!(tls("sslrootcert=system"), (TlsMode::VerifyFull, None));
    assert_eq!(tls("sslrootcert=system&sslmode=verify-full"), (TlsMode::VerifyFull, None));

    let query = "target_session_attrs=primary&connect_timeout=1&options=-c%20statement_timeout%3D5s&application_name=x";
    let found = read(&format!("postgresql://db?{query}&channel_binding=prefer&gssencmode=disable&client_encoding=UTF8")).unwrap();
    assert_eq!((found.target, found.connect_timeout), (TargetServer::ReadWrite, Duration::from_secs(2)));
    assert_eq!(found.options.as_deref(), Some("-c statement_timeout=5s"));
}

#[test]
fn each_mistake_is_named_by_its_part_and_nothing_of_it_is_repeated() {
    const ENCODING: &str = "In a user name or a password, write @ as %40, / as %2F, : as %3A, ? as %3F and % as %25.";
    for (address, message, hint) in [
        ("postgresql://db:x", "‘port’ must be a whole number from 1 to 65535", ENCODING),
        ("postgresql://db:+1", "‘port’ must be a whole number from 1 to 65535", ENCODING),
        ("postgresql://db:0", "‘port’ must be a whole number from 1 to 65535", ENCODING),
        ("postgresql://db?port=65536", "‘port’ must be a whole number from 1 to 65535", ENCODING),
        ("postgresql://ann:se/cret@db/desk", "‘port’ must be a whole number from 1 to 65535", ENCODING),
        ("postgresql://ann:12/34@db/desk", "an @ stands behind a /", ENCODING),
        ("postgresql://ann:se@cret@db/desk", "‘host’ must not hold an @", ENCODING),
        ("postgresql://ann:50%@db", "behind a % there must be two hexadecimal digits", ENCODING),
        ("postgresql://ann:%zz@db", "behind a % there must be two hexadecimal digits", ENCODING),
        ("postgresql://ann:%ff@db", "what its % stand for is not valid UTF-8", ENCODING),
        ("postgresql://ann:%00@db", "%00 cannot stand in it", ""),
        ("postgresql://[::1", "an address in brackets has no ] at its end", ENCODING),
        ("postgresql://[]", "there is nothing in the brackets", ENCODING),
        ("postgresql://[::1]x", "behind a ] there must be a : and a port, or nothing", ENCODING),
        ("postgresql://%40socket", "‘host’ must not begin with @: a socket without a file is not used", ""),
        ("postgresql://one:1,two?port=1,2,3", "there are 3 ports for 2 hosts", "Give one port for every host, or one for all of them."),
        ("postgresql://db?port=1,2", "there are 2 ports for 1 host", "Give one port for every host, or one for all of them."),
        ("postgresql:///desk?port=1,2", "there are 2 ports for 1 host", "Give one port for every host, or one for all of them."),
        ("postgresql://db?sslmode", "a parameter has no = and no value", ENCODING),
        ("postgresql://db?a=b=c", "a parameter has more than one =", "In a value, write = as %3D and & as %26."),
        ("postgresql://db?sslmod=require", "there is no parameter called ‘sslmod’", "Did you mean ‘sslmode’?"),
        (
            "postgresql://db?zzz=1",
            "there is no parameter called ‘zzz’",
            "The parameters are: host, port, user, password, passfile, dbname, sslmode, sslrootcert, target_session_attrs, \
             connect_timeout, options, application_name.",
        ),
        ("postgresql://db?a%20b=1", "it has a parameter that is none", ENCODING),
        ("postgresql://ann:1/x?b=2@db/desk", "a parameter is wrong", ENCODING),
        (
            "postgresql://db?sslmode=requier",
            "‘sslmode’ must be disable, prefer, require, verify-ca or verify-full",
            "Did you mean ‘require’?",
        ),
        (
            "postgresql://db?sslmode=",
            "‘sslmode’ must be disable, prefer, require, verify-ca or verify-full",
            "The ways are: disable, prefer, require, verify-ca, verify-full.",
        ),
        (
            "postgresql://db?sslmode=require&sslrootcert=system",
            "‘sslmode’ must be verify-full where ‘sslrootcert’ is system",
            "Anybody can have a certificate that the system trusts: only the name in it says whose it is.",
        ),
        (
            "postgresql://db?target_session_attrs=prefer-standby",
            "‘target_session_attrs’ cannot ask for a standby here",
            "Use read-write, where changes can be made, read-only, or any.",
        ),
        ("postgresql://db?target_session_attrs=x", "‘target_session_attrs’ must be any, read-write, read-only or primary", ""),
        (
            "postgresql://db?connect_timeout=0",
            "‘connect_timeout’ must be a whole number of seconds from 1 to 3600",
            "A command does not wait for ever.",
        ),
        (
            "postgresql://db?channel_binding=require",
            "‘channel_binding’ asks for something that frontdesk does not do",
            "Leave it out; with sslmode=verify-full the server proves who it is.",
        ),
        (
            "postgresql://db?client_encoding=LATIN1",
            "‘client_encoding’ asks for something that frontdesk does not do",
            "Leave it out: text is always UTF-8.",
        ),
        ("postgresql://db?hostaddr=10.0.0.1", "‘hostaddr’ is not used by frontdesk", "Give the address of the server with ‘host’."),
        (
            "postgresql://db?sslcert=a.pem",
            "‘sslcert’ is not used by frontdesk",
            "Leave it out: frontdesk signs in with a password, not a certificate.",
        ),
        ("postgresql://db?service=x", "‘service’ is not used by frontdesk", "Leave it out, if the connection is right without it."),
    ] {
        assert_eq!(mistake(address), (message.to_owned(), hint.to_owned()), "{address}");
    }
}

#[test]
fn an_address_beats_the_variables_and_they_beat_the_defaults() {
    let variables = [
        ("PGHOST", "one,/srv/socket"),
        ("PGPORT", "5433"),
        ("PGUSER", "ann"),
        ("PGDATABASE", "desk"),
        ("PGPASSWORD", "secret"),
        ("PGSSLMODE", "verify-ca"),
        ("PGSSLROOTCERT", "/c/ca.pem"),
        ("PGCONNECT_TIMEOUT", "5"),
        ("PGTARGETSESSIONATTRS", "read-write"),
        ("PGOPTIONS", "-c lock_timeout=1s"),
    ];
    let found = with("postgresql://", &variables);
    assert_eq!((hosts(&found), found.user.as_str(), found.database.as_str()), ("one:5433 /srv/socket:5433".to_owned(), "ann", "desk"));
    assert_eq!((password(&found), found.tls), (Some("secret"), TlsMode::VerifyCa));
    assert_eq!(found.root_certificates.as_deref(), Some(Path::new("/c/ca.pem")));
    assert_eq!((found.connect_timeout, found.target), (Duration::from_secs(5), TargetServer::ReadWrite));
    assert_eq!(found.options.as_deref(), Some("-c lock_timeout=1s"));

    let address = "postgresql://bob:other@two:1/x?sslmode=require&sslrootcert=/c/b.pem&connect_timeout=7&target_session_attrs=any&options=";
    let found = with(address, &variables);
    assert_eq!((hosts(&found), found.user.as_str(), found.database.as_str()), ("two:1".to_owned(), "bob", "x"));
    assert_eq!((password(&found), found.tls), (Some("other"), TlsMode::VerifyCa));
    assert_eq!(found.root_certificates.as_deref(), Some(Path::new("/c/b.pem")));
    assert_eq!((found.connect_timeout, found.target, found.options), (Duration::from_secs(7), TargetServer::Any, None));

    // An empty value is one that was given, and means the default.
    let found = with("postgresql:///?host=&user=&dbname=&password=", &variables);
    assert_eq!((hosts(&found), found.user.as_str(), found.database.as_str()), ("S:5433".to_owned(), "tester", "tester"));
    assert_eq!(password(&found), None);
    // Where several hosts are named so are their ports, as PostgreSQL’s clients have it.
    assert_eq!(hosts(&with("postgresql://one,two", &variables)), "one:5432 two:5432");
    assert_eq!(with("postgresql://db", &[("PGUSER", "ann")]).database, "ann");
}

#[test]
fn a_variable_that_is_wrong_is_named_where_it_is_needed() {
    let told = |address: &str, variables: &[(&str, &str)]| {
        let error = at(address, variables, None).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unavailable, "{variables:?}");
        (error.message, error.hint.unwrap_or_default())
    };
    assert_eq!(
        told("postgresql://db", &[("PGSSLMODE", "requier")]),
        (
            "PGSSLMODE must be disable, prefer, require, verify-ca or verify-full".to_owned(),
            "Did you mean ‘require’? Set PGSSLMODE again, or unset it.".to_owned()
        )
    );
    assert_eq!(told("postgresql://db", &[("PGPORT", "x")]).0, "PGPORT must be a whole number from 1 to 65535");
    assert_eq!(
        told("postgresql://", &[("PGHOST", "a,b,c"), ("PGPORT", "1,2")]).0,
        "--database, with what the environment adds to it: there are 2 ports for 3 hosts"
    );
    assert_eq!(
        told("postgresql://?sslrootcert=system", &[("PGSSLMODE", "prefer")]).0,
        "--database, with what the environment adds to it: ‘sslmode’ must be verify-full where ‘sslrootcert’ is system"
    );
    assert_eq!(
        told("postgresql://db", &[("PGCHANNELBINDING", "require")]).0,
        "PGCHANNELBINDING asks for something that frontdesk does not do"
    );
    assert_eq!(with("postgresql://db?sslmode=prefer", &[("PGSSLMODE", "requier")]).tls, TlsMode::Prefer);
}

/// A home directory with a file in it.
fn home(name: &str, text: &str, mode: u32) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    home
}

#[test]
fn the_password_file_is_read_as_by_postgresqls_clients() {
    let lines = "# db:5432:desk:ann:comment\n\
                 db:5432:desk:ann:first\r\n\
                 db:5432:desk:ann:second\n\
                 *:5433:*:bob:any\\:one\\\\:rest\n\
                 \\:\\:1:*:de\\:sk:ann:six\n\
                 localhost:*:*:eve:socket\n\
                 /srv/socket:*:*:eve:other\n\
                 one:*:*:joe:same\n\
                 two:*:*:joe:same\n\
                 three:*:*:joe:different\n\
                 db:5432:*:kim\n\
                 db:5432:*:lee:\n\
                 half";
    let home = home(".pgpass", lines, 0o600);
    let read = |address: &str| at(address, &[], Some(home.path())).map(|found| password(&found).map(str::to_owned));
    for (address, found) in [
        ("postgresql://ann@db/desk", Some("first")),
        ("postgresql://ann:given@db/desk", Some("given")),
        ("postgresql://ann@db/other", None),
        ("postgresql://ann@db:5433/desk", None),
        ("postgresql://bob@anywhere:5433/x", Some("any:one\\")),
        ("postgresql://ann@[::1]/de:sk", Some("six")),
        ("postgresql://eve@/x", Some("socket")),
        ("postgresql://eve@localhost/x", Some("socket")),
        ("postgresql://eve@/x?host=/srv/socket", Some("other")),
        ("postgresql://joe@one,two/x", Some("same")),
        ("postgresql://kim@db/x", None),
        ("postgresql://lee@db/x", None),
    ] {
        assert_eq!(read(address).unwrap().as_deref(), found, "{address}");
    }
    // A password goes to no server that it is not for.
    for address in ["postgresql://joe@one,three/x", "postgresql://joe@one,four/x", "postgresql://joe@four,one/x"] {
        let error = read(address).unwrap_err();
        let file = home.path().join(".pgpass");
        let message = format!("The password file {} does not have the same password for every host of the database", file.display());
        assert_eq!((error.kind, error.message), (ErrorKind::Unavailable, message), "{address}");
    }
    let variables = [("PGPASSWORD", "variable")];
    assert_eq!(password(&at("postgresql://ann@db/desk", &variables, Some(home.path())).unwrap()), Some("variable"));
}

#[test]
fn a_password_file_that_others_may_read_is_told_and_not_used() {
    for mode in [0o640, 0o604, 0o620] {
        let home = home(".pgpass", "*:*:*:*:hunter2\n", mode);
        let path = home.path().join(".pgpass").display().to_string();
        let error = at("postgresql://ann@db", &[], Some(home.path())).unwrap_err();
        assert_eq!(error.message, format!("The password file {path} can be used by others, so it is not used here"));
        assert_eq!(error.hint.unwrap(), format!("Nothing was changed. Keep it to yourself: chmod 0600 {path}"));
        // Nobody needs it.
        assert!(at("postgresql://ann:given@db", &[], Some(home.path())).is_ok());
    }
}

#[test]
fn a_password_file_that_is_named_must_be_there() {
    let home = home("other", "*:*:*:*:named\n", 0o600);
    let other = home.path().join("other").display().to_string();
    let found = |variables: &[(&str, &str)], address: &str| at(address, variables, Some(home.path()));
    assert_eq!(password(&found(&[("PGPASSFILE", &other)], "postgresql://db").unwrap()), Some("named"));
    assert_eq!(password(&found(&[], &format!("postgresql://db?passfile={other}")).unwrap()), Some("named"));
    assert_eq!(password(&found(&[], "postgresql://db").unwrap()), None);
    assert_eq!(password(&found(&[("PGPASSFILE", "/dev/null")], "postgresql://db").unwrap()), None);
    let error = found(&[("PGPASSFILE", "/nowhere")], "postgresql://db").unwrap_err();
    assert_eq!(
        (error.kind, error.message.as_str()),
        (ErrorKind::Unavailable, "The password file /nowhere cannot be read: entity not found")
    );
    let directory = home.path().display().to_string();
    let error = found(&[("PGPASSFILE", &directory)], "postgresql://db").unwrap_err();
    assert_eq!(error.message, format!("The password file {directory} is a directory"));
}

#[test]
fn the_certificates_at_home_are_trusted_where_there_are_any() {
    let home = home(".postgresql/root.crt", "", 0o644);
    let file = home.path().join(".postgresql/root.crt");
    let tls = |query: &str| {
        let found = at(&format!("postgresql://db?{query}"), &[], Some(home.path())).unwrap();
        (found.tls, found.root_certificates)
    };
    assert_eq!(tls("sslmode=verify-full"), (TlsMode::VerifyFull, Some(file.clone())));
    assert_eq!(tls("sslmode=verify-ca"), (TlsMode::VerifyCa, Some(file.clone())));
    // So do PostgreSQL’s clients.
    assert_eq!(tls("sslmode=require"), (TlsMode::VerifyCa, Some(file)));
    assert_eq!(tls(""), (TlsMode::Prefer, None));
    assert_eq!(tls("sslrootcert=system"), (TlsMode::VerifyFull, None));
}

#[test]
fn an_address_is_shown_without_its_password_and_means_the_same() {
    for (address, shown) in [
        ("postgresql://ann:secret@db/desk", "postgresql://ann@db/desk"),
        ("postgres://ann:secret@one:1,two/desk?sslmode=require", "postgresql://ann@one:1,two/desk?sslmode=require"),
        ("postgresql:///desk?user=ann&password=secret&host=db", "postgresql:///desk?user=ann&host=db"),
        ("postgresql://db/desk?pass%77ord=secret", "postgresql://db/desk"),
        ("postgresql://:secret@db", "postgresql://@db"),
        ("postgresql://db", "postgresql://db"),
        ("postgresql://ann:se/cret@db", "postgresql://…"),
        ("desk.db", "desk.db"),
    ] {
        assert_eq!(without_password(address), shown);
        if let Ok(found) = read(address) {
            assert_eq!(read(shown).unwrap(), ServerAddress { password: None, ..found }, "{address}");
        }
    }
}

/// Everything that could be shown of what came of an address.
fn everything_shown(address: &str, result: &Result<ServerAddress>) -> String {
    let told = match result {
        Ok(found) => format!("{found} {found:?}"),
        Err(error) => format!("{error} {error:?} {}", told(error)),
    };
    told + &without_password(address)
}

fn told(error: &Error) -> String {
    error.hint.clone().unwrap_or_default()
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in any::<String>(), scheme in "(postgres(ql)?://)?") {
        let _ = read(&format!("{scheme}{text}"));
        let _ = without_password(&format!("{scheme}{text}"));
    }

    #[test]
    fn a_password_is_not_shown_however_it_was_written(inside in "[ -~é]{0,12}", rest in "(/desk)?(\\?[a-z&=%,@/:]{0,12})?") {
        let address = format!("postgresql://ann:hunter2{inside}hunter2@db{rest}");
        let shown = everything_shown(&address, &read(&address));
        prop_assert!(!shown.contains("hunter2"), "{address}: {shown}");
    }

    #[test]
    fn a_password_that_is_written_as_it_must_be_arrives(password_given in "\\PC{1,20}") {
        let written: String = password_given.bytes().map(|byte| format!("%{byte:02x}")).collect();
        for address in [format!("postgresql://ann:{written}@db/desk"), format!("postgresql://ann@db/desk?password={written}")] {
            let found = read(&address).unwrap();
            prop_assert_eq!(password(&found), Some(password_given.as_str()));
            prop_assert_eq!(&found.database, "desk");
        }
    }
}
