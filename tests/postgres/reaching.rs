//! How a server is reached with the binary: passwords, encryption, and what is said where it does not
//! work. No password is ever shown.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::desk::{Desk, Ran, ran};
use crate::durable::{DATABASE, Durable, Pair};
use crate::secured::Secured;
use crate::server::{PASSWORD, Server, Site, free_port, has_programs, with_arguments};

const WRONG: &str = "wrong-horse-battery";
const LIST: [&str; 2] = ["users", "list"];

/// A server that wants encryption and a password, with a desk in its database.
struct Reached {
    secured: Secured,
    /// Another authority than the one that signed the server's certificate.
    another: PathBuf,
}

fn reached() -> &'static Reached {
    static REACHED: OnceLock<Reached> = OnceLock::new();
    REACHED.get_or_init(|| {
        let secured = Secured::start();
        let another = secured.another_authority();
        let reached = Reached { secured, another };
        let set_up = reached.run(&reached.full(), &[("PGPASSWORD", PASSWORD)], &["migrate"]);
        assert_eq!(set_up, ran(0, "", "Success: Database set up with schema 6\n"));
        reached
    })
}

impl Reached {
    /// The address with this much of encryption, by this name of the server.
    fn address(&self, host: &str, mode: &str) -> String {
        with_arguments(&self.secured.address(host), &[("sslmode", mode)])
    }

    fn trusting(&self, host: &str, mode: &str) -> String {
        with_arguments(&self.address(host, mode), &[("sslrootcert", self.secured.authority().to_str().unwrap())])
    }

    fn mistrusting(&self, host: &str, mode: &str) -> String {
        with_arguments(&self.address(host, mode), &[("sslrootcert", self.another.to_str().unwrap())])
    }

    /// The address that is best.
    fn full(&self) -> String {
        self.trusting("localhost", "verify-full")
    }

    /// Runs a command, and calls the port by its name.
    fn run(&self, address: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
        self.run_at(&Desk::new(), address, variables, arguments)
    }

    fn run_at(&self, desk: &Desk, address: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
        without_port(desk.run_with(&[variables, &[("FRONTDESK_DATABASE", address)]].concat(), arguments), self.secured.server.port)
    }

    /// Runs a command with the right password.
    fn list(&self, address: &str) -> Ran {
        self.run(address, &[("PGPASSWORD", PASSWORD)], &LIST)
    }
}

fn without_port(ran: Ran, port: u16) -> Ran {
    let named = |text: &str| text.replace(&format!(":{port}"), ":PORT");
    Ran { code: ran.code, out: named(&ran.out), err: named(&ran.err) }
}

fn listed() -> Ran {
    ran(0, "There are no users.\n", "")
}

fn refused(message: &str, advice: &str) -> Ran {
    ran(7, "", &format!("Error: {message}\nNothing was changed. {advice}\n"))
}

fn not_let_in(user: &str) -> Ran {
    refused(
        &format!(
            "The database postgresql://{user}@localhost:PORT/desk does not let you in: password authentication failed for user \"{user}\""
        ),
        "Check the user and the password: PGUSER, PGPASSWORD, or the password file.",
    )
}

fn without_password() -> Ran {
    refused(
        "The database postgresql://desk@localhost:PORT/desk wants a password, and there is none",
        "Put a line for this host, port, database and user in the password file (~/.pgpass), or set PGPASSWORD.",
    )
}

fn untrusted(host: &str, why: &str) -> Ran {
    refused(
        &format!("The server of the database postgresql://desk@{host}:PORT/desk cannot be trusted: {why}"),
        "Check the host in the address, and sslrootcert, which names the certificates to trust.",
    )
}

fn out_of_reach(database: &str, why: &str) -> Ran {
    refused(
        &format!("The database {database} cannot be reached: {why}"),
        "Check that the server is running and that the address is right, then run the command again.",
    )
}

const SIGNED: &str = "its certificate is not signed by anybody you trust";
const NAMED: &str = "its certificate is for another host";

#[test]
fn the_right_password_is_let_in_from_wherever_it_comes_and_a_wrong_one_is_not() {
    if !has_programs() {
        return;
    }
    let reached = reached();
    let wrong = not_let_in("desk");
    for (password, expected) in [(PASSWORD, listed()), (WRONG, wrong)] {
        assert_eq!(reached.run(&reached.full(), &[("PGPASSWORD", password)], &LIST), expected);
        let address = reached.full().replace("://desk@", &format!("://desk:{password}@"));
        // What the address says counts, whatever else there is.
        assert_eq!(reached.run(&address, &[("PGPASSWORD", "another")], &LIST), expected);
        let desk = Desk::new();
        let keep = |file: &str| {
            fs::write(desk.path(file), format!("localhost:{}:desk:desk:{password}\n", reached.secured.server.port)).unwrap();
            fs::set_permissions(desk.path(file), fs::Permissions::from_mode(0o600)).unwrap();
        };
        keep("passwords");
        let named = [("PGPASSFILE", desk.path("passwords"))];
        let named = named.each_ref().map(|(name, path)| (*name, path.to_str().unwrap()));
        assert_eq!(reached.run_at(&desk, &reached.full(), &named, &LIST), expected);
        assert_eq!(reached.run_at(&desk, &reached.full(), &[], &LIST), without_password());
        keep(".pgpass");
        assert_eq!(reached.run_at(&desk, &reached.full(), &[], &LIST), expected);
        fs::set_permissions(desk.path(".pgpass"), fs::Permissions::from_mode(0o640)).unwrap();
        let told = refused(
            "The password file ~/.pgpass can be used by others, so it is not used here",
            "Keep it to yourself: chmod 0600 ~/.pgpass",
        );
        assert_eq!(reached.run_at(&desk, &reached.full(), &[], &LIST), told);
        // Nobody looks into it where the password is known already.
        assert_eq!(reached.run_at(&desk, &reached.full(), &[("PGPASSWORD", password)], &LIST), expected);
    }
    assert_eq!(reached.run(&reached.full(), &[], &LIST), without_password());
}

#[test]
fn each_sslmode_asks_as_much_of_the_server_as_it_says() {
    if !has_programs() {
        return;
    }
    let reached = reached();
    for mode in ["prefer", "require"] {
        assert_eq!(reached.list(&reached.address("localhost", mode)), listed(), "{mode}");
        assert_eq!(reached.list(&reached.address("127.0.0.1", mode)), listed(), "{mode}");
    }
    assert_eq!(reached.list(&reached.mistrusting("localhost", "prefer")), listed());
    // As to PostgreSQL's own clients, certificates to trust make it verify-ca.
    assert_eq!(reached.list(&reached.mistrusting("localhost", "require")), untrusted("localhost", SIGNED));
    assert_eq!(reached.list(&reached.trusting("127.0.0.1", "require")), listed());

    assert_eq!(reached.list(&reached.trusting("127.0.0.1", "verify-ca")), listed());
    assert_eq!(reached.list(&reached.mistrusting("127.0.0.1", "verify-ca")), untrusted("127.0.0.1", SIGNED));
    assert_eq!(reached.list(&reached.trusting("localhost", "verify-full")), listed());
    assert_eq!(reached.list(&reached.trusting("127.0.0.1", "verify-full")), untrusted("127.0.0.1", NAMED));
    assert_eq!(reached.list(&reached.mistrusting("localhost", "verify-full")), untrusted("localhost", SIGNED));
    for mode in ["verify-ca", "verify-full"] {
        // The authorities of the system have not signed it.
        assert_eq!(reached.list(&reached.address("localhost", mode)), untrusted("localhost", SIGNED), "{mode}");
    }
    let told = refused(
        "The certificates to trust cannot be read: /nowhere/ca.pem",
        "Check the path after sslrootcert, and that the file holds certificates (PEM).",
    );
    assert_eq!(reached.list(&with_arguments(&reached.address("localhost", "verify-full"), &[("sslrootcert", "/nowhere/ca.pem")])), told);

    let told = refused(
        "The database postgresql://desk@127.0.0.1:PORT/desk does not let you in: no pg_hba.conf entry for host \"127.0.0.1\", user \"desk\", \
         database \"desk\", no encryption",
        "Check the user, and sslmode where the server wants an encrypted connection (sslmode=verify-full).",
    );
    assert_eq!(reached.list(&reached.address("127.0.0.1", "disable")), told);
    // What the address leaves open comes from the environment.
    let variables = [("PGPASSWORD", PASSWORD), ("PGSSLMODE", "disable")];
    assert_eq!(reached.run(&reached.secured.address("127.0.0.1"), &variables, &LIST), told);
    let variables = [("PGPASSWORD", PASSWORD), ("PGSSLMODE", "verify-full"), ("PGSSLROOTCERT", reached.another.to_str().unwrap())];
    assert_eq!(reached.run(&reached.secured.address("localhost"), &variables, &LIST), untrusted("localhost", SIGNED));
}

#[test]
fn a_server_that_does_not_encrypt_is_used_only_where_nobody_asks_for_it() {
    if !has_programs() {
        return;
    }
    let mut site = Site::new();
    let port = free_port();
    site.create("plain", &format!("fsync = off\nlisten_addresses = '127.0.0.1'\nport = {port}\n"));
    let server: Server = site.start("plain", port);
    server.create_owner_and_database("desk");
    let address = |mode: &str| with_arguments(&server.network_address("127.0.0.1", "desk"), &[("sslmode", mode)]);
    let run = |mode: &str, arguments: &[&str]| {
        without_port(Desk::new().run_with(&[("FRONTDESK_DATABASE", address(mode).as_str())], arguments), port)
    };
    assert_eq!(run("disable", &["migrate"]), ran(0, "", "Success: Database set up with schema 6\n"));
    assert_eq!(run("prefer", &LIST), listed());
    for mode in ["require", "verify-ca", "verify-full"] {
        let told = refused(
            "The server of the database postgresql://desk@127.0.0.1:PORT/desk does not encrypt connections, and sslmode asks for it",
            "Have TLS switched on at the server; where nobody can listen on the way, sslmode=disable does without.",
        );
        assert_eq!(run(mode, &LIST), told, "{mode}");
    }
    // Here every password would do; what is not there is told by its name.
    let nobody = address("prefer").replace("://desk@", "://nobody@");
    let told = refused(
        "The database postgresql://nobody@127.0.0.1:PORT/desk does not let you in: role \"nobody\" does not exist",
        "Check the user, and sslmode where the server wants an encrypted connection (sslmode=verify-full).",
    );
    assert_eq!(without_port(Desk::new().run(&["--database", &nobody, "users", "list"]), port), told);
}

#[test]
fn a_server_or_a_database_that_is_not_there() {
    if !has_programs() {
        return;
    }
    let reached = reached();
    let missing = refused(
        "There is no database postgresql://desk@localhost:PORT/other: database \"other\" does not exist",
        "Check its name; its owner makes it with createdb, and its tables with ‘migrate’.",
    );
    assert_eq!(reached.list(&reached.full().replace("/desk?", "/other?")), missing);
    // Who is not there is not told apart from who gave a wrong password.
    let unknown = not_let_in("nobody");
    assert_eq!(reached.list(&reached.full().replace("://desk@", "://nobody@")), unknown);

    let port = free_port();
    let list = |address: &str| without_port(Desk::new().run(&["--database", address, "users", "list"]), port);
    let address = format!("postgresql://desk@127.0.0.1:{port}/desk");
    assert_eq!(list(&address), out_of_reach("postgresql://desk@127.0.0.1:PORT/desk", "Connection refused (os error 111)"));
    let address = "postgresql://desk@/desk?host=/nowhere";
    assert_eq!(list(address), out_of_reach("postgresql://desk@/desk?host=/nowhere", "No such file or directory (os error 2)"));
    // How the resolver of a machine says it is its own.
    let told = list("postgresql://desk@nowhere.invalid/desk");
    let begins = "Error: The database postgresql://desk@nowhere.invalid/desk cannot be reached: failed to lookup address information: ";
    assert!(told.code == 7 && told.out.is_empty() && told.err.starts_with(begins), "{told:?}");
}

#[test]
fn a_server_that_takes_a_connection_and_says_nothing_is_not_waited_for_for_ever() {
    if !has_programs() {
        return;
    }
    let durable = Durable::start();
    let address = durable.address();
    durable.server.freeze();
    let list = |address: &str| Desk::new().run(&["--database", address, "users", "list"]);
    let told = list(&with_arguments(&address, &[("connect_timeout", "2")]));
    // It would not hear that the test is over.
    durable.kill();
    assert_eq!(told, out_of_reach(&address, "it did not answer within 2 seconds"));
}

#[test]
fn a_server_that_is_not_the_one_wanted_is_told_as_that_whatever_else_is_not_there() {
    if !has_programs() {
        return;
    }
    let durable = Durable::start();
    assert_eq!(Desk::new().run(&["--database", &durable.address(), "migrate"]).code, 0);
    let list = |address: &str| Desk::new().run(&["--database", address, "users", "list"]);
    let address = durable.address();
    let told = refused(
        &format!("The server of the database {address} is not the one that target_session_attrs asks for: database is not read only"),
        "Name every server among which the one wanted is.",
    );
    assert_eq!(list(&with_arguments(&address, &[("target_session_attrs", "read-only")])), told);
}

#[test]
fn a_setting_that_the_server_refuses_or_that_ends_the_work_is_told() {
    if !has_programs() {
        return;
    }
    let durable = Durable::start();
    let address = durable.address();
    assert_eq!(Desk::new().run(&["--database", &address, "migrate"]).code, 0);
    let with = |options: &str| Desk::new().run_with(&[("PGOPTIONS", options)], &["--database", &address, "users", "list"]);
    let strange = refused(
        &format!("The server of the database {address} refuses a setting: unrecognized configuration parameter \"bogus\""),
        "Check PGOPTIONS, and ‘options’ in the address.",
    );
    assert_eq!(with("-c bogus=1"), strange);
    let mut held = durable.server.connect(DATABASE);
    held.batch_execute("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE").unwrap();
    let ended = refused(
        &format!("The database {address} ended the work: canceling statement due to statement timeout"),
        "Run the command again; where statement_timeout is set, have it raised.",
    );
    assert_eq!(with("-c statement_timeout=50"), ended);
}

#[test]
fn of_several_servers_one_that_says_nothing_is_passed_over() {
    if !has_programs() {
        return;
    }
    let pair = Pair::start();
    assert_eq!(Desk::new().run(&["--database", &pair.address(), "migrate"]).code, 0);
    // The standby comes first, and hangs.
    let (first, second) = (pair.standby.port, pair.primary.port);
    let address = format!("postgresql://desk@127.0.0.1:{first},127.0.0.1:{second}/desk?connect_timeout=2");
    pair.standby.freeze();
    let told = Desk::new().run(&["--database", &address, "users", "list"]);
    pair.kill_standby();
    assert_eq!(told, listed());
}

#[test]
fn what_goes_through_a_socket_is_not_encrypted_whatever_is_asked_for() {
    if !has_programs() {
        return;
    }
    let durable = Durable::start();
    let desk = Desk::new();
    let migrate = ["--database", &durable.address(), "migrate"];
    assert_eq!(desk.run_with(&[("PGSSLMODE", "require")], &migrate), ran(0, "", "Success: Database set up with schema 6\n"));
    let list = desk.run(&["--database", &with_arguments(&durable.address(), &[("sslmode", "verify-full")]), "users", "list"]);
    assert_eq!(list, listed());
}

#[test]
fn what_no_waiting_mends_is_told_at_once_of_several_servers_too() {
    if !has_programs() {
        return;
    }
    let reached = reached();
    let port = reached.secured.server.port;
    let twice = |address: &str| address.replace(&format!("@localhost:{port}/"), &format!("@localhost:{port},localhost:{port}/"));
    let both = |ran: Ran| Ran { err: ran.err.replace("localhost:PORT", "localhost:PORT,localhost:PORT"), ..ran };
    let begun = Instant::now();
    assert_eq!(reached.run(&twice(&reached.full()), &[], &LIST), both(without_password()));
    assert_eq!(reached.list(&twice(&reached.mistrusting("localhost", "verify-full"))), both(untrusted("localhost", SIGNED)));
    assert_eq!(reached.run(&twice(&reached.full()), &[("PGPASSWORD", WRONG)], &LIST), both(not_let_in("desk")));
    // Where waiting may help, one of them is waited for half a minute.
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
}

#[test]
fn a_server_that_cannot_be_reached_completes_nothing_and_says_nothing() {
    if !has_programs() {
        return;
    }
    let reached = reached();
    let question = ["__complete", "fish", "3", "--", "frontdesk", "users", "show", ""];
    assert_eq!(reached.run(&reached.full(), &[("PGPASSWORD", WRONG)], &question), ran(0, "", ""));
    assert_eq!(reached.run(&reached.mistrusting("localhost", "verify-full"), &[("PGPASSWORD", PASSWORD)], &question), ran(0, "", ""));
    // One that takes connections and says nothing is not waited for, nor are several.
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = silent.local_addr().unwrap().port();
    let begun = Instant::now();
    let address = format!("postgresql://desk@127.0.0.1:{port},127.0.0.1:{port}/desk?sslmode=disable");
    assert_eq!(reached.run(&address, &[], &question), ran(0, "", ""));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn no_password_is_shown_whatever_goes_wrong() {
    if !has_programs() {
        return;
    }
    let reached = reached();
    let desk = Desk::new();
    // A program that is run on the way to an email writes down what it was told.
    let look = "for process in /proc/[0-9]*; do tr '\\\\0' ' ' <$process/cmdline; done >>seen 2>/dev/null; env >>environment; echo mail";
    let smtp = format!(
        "[smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\nusername = \"desk\"\npassword_command = \"{look}\"\n",
        free_port()
    );
    let with_password = |password: &str| reached.full().replace("://desk@", &format!("://desk:{password}@"));
    let mut codes = BTreeSet::new();
    for password in [PASSWORD, WRONG] {
        for host in ["localhost", "127.0.0.1"] {
            let address = with_password(password).replace("localhost", host);
            desk.configure(&format!("{smtp}[services.register]\ndatabase = \"{address}\"\n"));
            for arguments in [
                &["users", "list"][..],
                &["users", "list", "--json"],
                &["users", "show", "nobody", "--json"],
                &["users", "export"],
                &["service", "list"],
                &["service", "show", "--json"],
                &["whoami"],
                &["whoami", "--json"],
                &["doctor"],
                &["doctor", "--format=json"],
                &["migrate"],
                &["emails", "test", "ann@education.gov.uk"],
                &["emails", "send"],
                &["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no", "--dry-run"],
            ] {
                let mut command = desk.command(&[arguments, &["--verbose"]].concat());
                let ran = desk.read(&command.env_remove("FRONTDESK_DATABASE").output().unwrap());
                for text in [&ran.out, &ran.err] {
                    assert!(!text.contains(PASSWORD) && !text.contains(WRONG), "{arguments:?}: {ran:?}");
                }
                codes.insert(ran.code);
            }
        }
    }
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), [0, 4, 7]);
    let [seen, environment] = ["seen", "environment"].map(|name| fs::read_to_string(desk.path(name)).unwrap());
    assert!(seen.contains("frontdesk emails test") && !environment.is_empty(), "{seen}");
    for password in [PASSWORD, WRONG] {
        assert!(!seen.contains(password) && !environment.contains(password));
    }
}
