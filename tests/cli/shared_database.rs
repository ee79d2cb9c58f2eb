//! A database on a server, as far as nobody has to reach it: how it is named, what is said of an address
//! that is wrong, and that no password is ever shown.

use serde_json::json;

use crate::desk::{Desk, files_in, ran};

const ENCODING: &str = "In a user name or a password, write @ as %40, / as %2F, : as %3A, ? as %3F and % as %25.";

#[test]
fn an_address_that_is_wrong_is_told_by_where_it_is_and_by_its_part() {
    let desk = Desk::new();
    let address = "postgresql://ann:hun/ter2@db/desk";
    let words = |place: &str| format!("Error: {place}: ‘port’ must be a whole number from 1 to 65535\n{ENCODING}\n");
    assert_eq!(desk.run(&["--database", address, "users", "list", "-v"]), ran(2, "", &words("--database")));
    let list = ["users", "list", "-v"];
    assert_eq!(desk.run_with(&[("FRONTDESK_DATABASE", address)], &list), ran(7, "", &words("FRONTDESK_DATABASE")));
    desk.configure(&format!("[services.claim]\ndatabase = \"{address}\"\n"));
    assert_eq!(desk.run(&list), ran(7, "", &words("Configuration file ~/.config/frontdesk/config.toml, line 2")));
}

#[test]
fn a_parameter_that_there_is_not_is_answered_with_the_nearest() {
    let desk = Desk::new();
    let list = |query: &str| desk.run(&["--database", &format!("postgresql://ann:hunter2@db/desk?{query}"), "users", "list"]);
    let words = "Error: --database: there is no parameter called ‘sslmod’\nDid you mean ‘sslmode’?\n";
    assert_eq!(list("sslmod=require"), ran(2, "", words));
    let words = "Error: --database: ‘sslkey’ is not used by frontdesk\n\
        Leave it out: frontdesk signs in with a password, not a certificate.\n";
    assert_eq!(list("sslkey=hunter2"), ran(2, "", words));
}

#[test]
fn what_the_environment_adds_is_told_by_its_variable() {
    let desk = Desk::new();
    let arguments = ["--database=postgresql://db", "users", "list"];
    assert_eq!(
        desk.run_with(&[("PGPORT", "hunter2")], &arguments),
        ran(7, "", &format!("Error: PGPORT must be a whole number from 1 to 65535\n{ENCODING} Set PGPORT again, or unset it.\n"))
    );
    std::fs::write(desk.path(".pgpass"), "*:*:*:*:hunter2\n").unwrap();
    std::fs::set_permissions(desk.path(".pgpass"), std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let words = "Error: The password file ~/.pgpass can be used by others, so it is not used here\n\
        Nothing was changed. Keep it to yourself: chmod 0600 ~/.pgpass\n";
    assert_eq!(desk.run(&arguments), ran(7, "", words));
    // A file needs none of it.
    assert_eq!(desk.run_with(&[("PGPORT", "hunter2")], &["users", "list"]), ran(0, "There are no users.\n", ""));
}

#[test]
fn what_only_looks_like_the_address_of_a_server_makes_no_file() {
    let desk = Desk::new();
    let add = ["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no"];
    let words = |place: &str| {
        format!(
            "Error: {place}: it looks like the address of a server, and is none\n\
             Nothing was changed. Write it as postgresql://USER@HOST/DATABASE; a file of that name is ./NAME.\n"
        )
    };
    let names = [
        "postgresq://ann:hunter2@db/desk",
        " MySQL://db/desk",
        "jdbc:postgresql://db/desk",
        "postgres:/db/desk",
        "host=db dbname=desk password=hunter2",
        "dbname = desk",
        "application_name=x host=db dbname=desk",
        "sslcert=x host=db",
        "client_encoding=UTF8 host=db",
    ];
    for name in names {
        let arguments = [&["--database", name], &add[..]].concat();
        assert_eq!(desk.run(&arguments), ran(2, "", &words("--database")), "{name}");
        assert_eq!(desk.run_with(&[("FRONTDESK_DATABASE", name)], &add), ran(7, "", &words("FRONTDESK_DATABASE")), "{name}");
        assert_eq!(desk.run(&["move", name, "--dry-run"]), ran(2, "", &words("DATABASE")), "{name}");
    }
    desk.configure("[services.claim]\ndatabase = \"postgresq://db/desk\"\n");
    assert_eq!(desk.run(&add), ran(7, "", &words("Configuration file ~/.config/frontdesk/config.toml, line 2")));
    desk.configure("");
    assert_eq!(files_in(&desk.path("")), [desk.path(".config")]);
    // A file may be called anything by its path, and some names are only strange.
    for name in ["./postgres:x.db", "a=b.db", "://.db", "a//b:c.db"] {
        let arguments = [&["--database", name], &add[..]].concat();
        assert_eq!(desk.run(&arguments).code, 0, "{name}");
    }
}

#[test]
fn a_variable_that_is_not_used_and_asks_for_another_connection_is_not_passed_over() {
    let desk = Desk::new();
    let list = |variable| desk.run_with(&[(variable, "hunter2")], &["--database=postgresql://db/desk", "users", "list"]);
    for variable in ["PGSERVICE", "PGREQUIREPEER", "PGSSLCRL", "PGSSLCRLDIR", "PGSSLMINPROTOCOLVERSION", "PGSSLMAXPROTOCOLVERSION"] {
        let told = list(variable);
        assert!(told.code == 7 && told.err.starts_with(&format!("Error: {variable} is not used by frontdesk\n")), "{variable}: {told:?}");
    }
    let words = "Error: PGHOSTADDR is not used by frontdesk\n\
        Give the address of the server with ‘host’. Set PGHOSTADDR again, or unset it.\n";
    assert_eq!(list("PGHOSTADDR"), ran(7, "", words));
    let words = "Error: PGREQUIREAUTH is not used by frontdesk\n\
        Leave it out, if the connection is right without it. Set PGREQUIREAUTH again, or unset it.\n";
    assert_eq!(list("PGREQUIREAUTH"), ran(7, "", words));
}

#[test]
fn a_list_of_services_shows_each_address_without_its_password_and_asks_no_server() {
    let desk = Desk::new();
    desk.configure(
        "[services.claim]\ndatabase = \"postgresql://ann:hunter2@one:5433,two/claim?password=hunter2\"\n\
         [services.publish]\ndatabase = \"postgresql://\"\n",
    );
    let variables = [("PGHOST", "three"), ("PGUSER", "desk")];
    assert_eq!(
        desk.run_with(&variables, &["service", "list", "--format=plain", "-v"]),
        ran(
            0,
            "register\tregister\t~/.local/share/frontdesk/register.db\tfalse\n\
             claim\tclaim\tpostgresql://ann@one:5433,two/claim\t\n\
             publish\tpublish\tpostgresql://desk@three/desk\t\n",
            "",
        )
    );
    // Nobody has named a user, who is then the one of the operating system.
    let answer = desk.json(&["--service=claim", "service", "list"]);
    assert_eq!(answer["services"][1]["exists"], json!(null));
    let database = answer["services"][2]["database"].as_str().unwrap();
    assert!(database.starts_with("postgresql://tester@/tester?host=/"), "{database}");
}

#[test]
fn emails_of_a_shared_database_go_nowhere_without_a_mail_server() {
    let desk = Desk::new();
    let words = "Error: No mail server is configured, so the emails of this shared database stay queued\n\
        Nothing was changed. Name the mail server in the configuration file, on this machine or on another that sends the emails: \
        [smtp] with host = \"smtp.example.com\".\n";
    for command in [&["emails", "send"][..], &["emails", "test", "ann@example.com"], &["emails", "retry", "1"]] {
        let arguments = [&["--database=postgresql://ann:hunter2@db/desk"], command].concat();
        assert_eq!(desk.run(&arguments), ran(7, "", words), "{command:?}");
    }
    assert!(!desk.data().exists());
}

#[test]
fn an_address_whose_flag_was_forgotten_is_not_repeated_with_its_password() {
    let desk = Desk::new();
    let address = "postgresql://ann:hunter2@db/desk";
    let told = desk.run(&[address, "users", "list"]);
    let words = "Error: There is no command called 'postgresql://ann@db/desk'\n";
    assert!(told.code == 2 && told.err.starts_with(words), "{told:?}");
    for arguments in [
        &["users", "list", address][..],
        &["users", "list", "--page", address],
        &["--color", address, "users", "list"],
        &["--databse=postgresql://ann:hunter2@db/desk", "users", "list"],
        &["--database", address, "--database", address, "users", "list"],
    ] {
        let told = desk.run(arguments);
        assert!(told.code == 2 && !told.err.contains("hunter2"), "{arguments:?}: {told:?}");
    }
}
