//! What the variables and the files at home add to an address.

use std::time::Duration;

use super::*;

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
