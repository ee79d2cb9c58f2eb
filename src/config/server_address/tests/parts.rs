//! The parts and parameters of an address, and what is said of one that is none.

use std::time::Duration;

use super::*;

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
