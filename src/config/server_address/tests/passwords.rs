//! The password file.

use super::*;

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
