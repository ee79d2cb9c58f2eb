//! A desk behind PgBouncer, which gives a connection to the server to somebody else after every
//! transaction.

use std::fs;
use std::process::{Child, Stdio};

use crate::desk::{Desk, Ran};
use crate::outside::needs;
use crate::server::{OWNER, Server, Site, free_port, give_away, has_programs, wait_for};

/// A server with one connection for all who come by the pooler.
struct Pooled {
    pooler: Child,
    port: u16,
    site: Site,
    _server: Server,
}

impl Pooled {
    fn start() -> Self {
        let mut site = Site::in_memory();
        site.create("pooled", "fsync = off\nlisten_addresses = ''\n");
        let server = site.start("pooled", 5432);
        server.create_owner_and_database("desk");
        let (here, port) = (site.path().display(), free_port());
        let settings = format!(
            "[databases]\ndesk = host={here} dbname=desk\n\n[pgbouncer]\npool_mode = transaction\ndefault_pool_size = 1\n\
             listen_addr =\nlisten_port = {port}\nunix_socket_dir = {here}\nauth_type = trust\nauth_file = users\n"
        );
        for (name, text) in [("pooler.ini", settings), ("users", format!("\"{OWNER}\" \"\"\n"))] {
            fs::write(site.path().join(name), text).unwrap();
            give_away(&site.path().join(name));
        }
        let path = std::env::var("PATH").unwrap();
        let mut command = site.command("pgbouncer");
        let pooler = command.arg("pooler.ini").env("PATH", path).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let socket = site.path().join(format!(".s.PGSQL.{port}"));
        wait_for("the pooler", || socket.exists());
        Self { pooler, port, site, _server: server }
    }

    fn address(&self) -> String {
        format!("postgresql://{OWNER}@/desk?host={}&port={}", self.site.path().display(), self.port)
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        // Whatever goes wrong here is no fault of the test.
        let _ = self.pooler.kill();
        let _ = self.pooler.wait();
    }
}

#[test]
fn commands_share_one_connection_of_a_pooler() {
    if !has_programs() || !needs("pgbouncer") {
        return;
    }
    let pooled = Pooled::start();
    let desk = Desk::new();
    let run = |line: &str| -> Ran {
        let mut command = desk.command(&shlex::split(line).unwrap());
        command.env("FRONTDESK_DATABASE", pooled.address()).env_remove("FRONTDESK_TEST_IDS");
        desk.read(&command.output().unwrap())
    };
    let rows = (1..=100).fold("first_name,last_name,email,api_user\n".to_owned(), |text, number| {
        text + &format!("P{number},Abel,p{number}@education.gov.uk,no\n")
    });
    fs::write(desk.path("people.csv"), rows).unwrap();
    for line in [
        "migrate",
        "users list",
        "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no",
        "users edit ann@education.gov.uk --first-name Anne",
        "users import people.csv --yes",
        "users import people.csv --yes",
        "emails send",
        "users delete p1@education.gov.uk --yes",
        "users export",
        "activity list --all",
        "doctor",
    ] {
        let ran = run(line);
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
    }
    assert_eq!(run("users list --format ids").out.lines().count(), 100);
}
