//! Connections that end while a change is being stored: between the command and the server stands one that
//! cuts them, so that the command has to find out what became of it.

use std::io::{Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use crate::desk::{Desk, ran};
use crate::durable::{DATABASE, Durable};
use crate::kept::migrate;
use crate::server::{OWNER, has_programs, wait_for};

/// When the first connection is cut that asks for a commit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    BeforeTheServerHearsOfIt,
    BeforeTheCommandHearsOfIt,
}

/// What stands between.
struct Between {
    directory: tempfile::TempDir,
    /// Tells that the commit was asked for.
    asked: Receiver<()>,
    /// Lets the connection be cut.
    cut: Sender<()>,
}

impl Between {
    fn start(server: &std::path::Path, when: Cut) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(directory.path().join(".s.PGSQL.5432")).unwrap();
        let socket = server.join(".s.PGSQL.5432");
        let (asks, asked) = channel();
        let (cut, cuts) = channel();
        thread::spawn(move || {
            let mut first = Some((asks, cuts));
            while let Ok((client, _)) = listener.accept() {
                // A server that is down accepts nothing: the command sees its connection closed.
                let Ok(server) = UnixStream::connect(&socket) else { continue };
                let (from_server, to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                let first = first.take();
                let is_cut = first.is_some();
                thread::spawn(move || pass_on(client, server, first, when));
                thread::spawn(move || answer(from_server, to_client, is_cut && when == Cut::BeforeTheCommandHearsOfIt));
            }
        });
        Self { directory, asked, cut }
    }

    fn address(&self) -> String {
        format!("postgresql://{OWNER}@/{DATABASE}?host={}", self.directory.path().display())
    }
}

/// Passes on what the command says, up to the commit if this connection is to be cut.
fn pass_on(mut client: UnixStream, mut server: UnixStream, first: Option<(Sender<()>, Receiver<()>)>, when: Cut) {
    let mut said = vec![0; 1 << 16];
    while let Ok(length @ 1..) = client.read(&mut said) {
        let said = &said[..length];
        let is_commit = said.windows(7).any(|word| word == b"COMMIT\0");
        if let Some((asks, cuts)) = first.as_ref().filter(|_| is_commit) {
            if when == Cut::BeforeTheCommandHearsOfIt {
                server.write_all(said).unwrap();
            }
            asks.send(()).unwrap();
            cuts.recv().unwrap();
            let _ = client.shutdown(std::net::Shutdown::Both);
            break;
        }
        if server.write_all(said).is_err() {
            break;
        }
    }
    let _ = server.shutdown(std::net::Shutdown::Both);
}

/// Passes on what the server answers, but not to a commit whose answer is to be lost.
fn answer(mut server: UnixStream, mut client: UnixStream, loses_commit: bool) {
    let mut said = vec![0; 1 << 16];
    while let Ok(length @ 1..) = server.read(&mut said) {
        let said = &said[..length];
        if loses_commit && said.windows(7).any(|word| word == b"COMMIT\0") {
            return;
        }
        if client.write_all(said).is_err() {
            return;
        }
    }
    let _ = client.shutdown(std::net::Shutdown::Both);
}

fn add<'desk>(address: &'desk str, email: &'desk str) -> Vec<&'desk str> {
    vec![
        "--database",
        address,
        "users",
        "add",
        "--first-name=Ann",
        "--last-name=Abel",
        "--email",
        email,
        "--api-user=no",
        "--format=ids",
        "--quiet",
    ]
}

/// The users, each with how many entries and emails it has.
fn stored(server: &Durable) -> String {
    let each = "SELECT u.email || ' ' || (SELECT count(*) FROM activity AS a WHERE a.subject_id = u.id) || ' ' || \
        (SELECT count(*) FROM emails AS e WHERE e.to_address = u.email) AS line FROM users AS u";
    server.server.text(DATABASE, &format!("SELECT string_agg(line, ', ' ORDER BY line) FROM ({each}) AS lines"))
}

/// Adds Ann by a connection that is cut, while something else happens; what was stored, and whether the
/// command said so.
fn add_cut(when: Cut, meanwhile: impl FnOnce(&Desk, &mut Durable)) -> String {
    let mut server = Durable::start();
    // Nothing is written to the log before somebody waits for it.
    server.server.stop_writing_ahead();
    migrate("register", &server.address());
    let desk = Desk::new();
    let between = Between::start(server.directory(), when);
    let address = between.address();
    let mut command = desk.command(&add(&address, "ann@education.gov.uk"));
    let running = thread::spawn(move || command.output().unwrap());
    between.asked.recv().unwrap();
    meanwhile(&desk, &mut server);
    between.cut.send(()).unwrap();
    let ended = desk.read(&running.join().unwrap());
    assert_eq!(ended.code, 0, "{ended:?}");
    let id = server.server.text(DATABASE, "SELECT id FROM users WHERE email = 'ann@education.gov.uk'");
    assert_eq!(ended, ran(0, &format!("{id}\n"), ""));
    stored(&server)
}

#[test]
fn a_commit_whose_answer_is_lost_is_not_done_again() {
    if !has_programs() {
        return;
    }
    let committed = |_: &Desk, server: &mut Durable| {
        wait_for("the commit", || server.server.text(DATABASE, "SELECT count(*) FROM users") == "1");
    };
    assert_eq!(add_cut(Cut::BeforeTheCommandHearsOfIt, committed), "ann@education.gov.uk 1 1");
}

#[test]
fn a_commit_that_never_arrived_is_done_once_more() {
    if !has_programs() {
        return;
    }
    assert_eq!(add_cut(Cut::BeforeTheServerHearsOfIt, |_, _| ()), "ann@education.gov.uk 1 1");
}

#[test]
fn the_commit_of_another_change_is_not_taken_for_ours() {
    if !has_programs() {
        return;
    }
    // The server forgets what it had not yet written to its log, and gives the number to the next.
    let another = |desk: &Desk, server: &mut Durable| {
        let lost = server.server.text(DATABASE, "SELECT max(transactionid::text) FROM pg_locks WHERE transactionid IS NOT NULL");
        server.kill();
        server.start_again();
        let address = server.address();
        for number in 1..50 {
            let email = format!("bob{number}@education.gov.uk");
            assert_eq!(desk.run(&add(&address, &email)).code, 0);
            if server.server.text(DATABASE, &format!("SELECT xmin FROM users WHERE email = '{email}'")) == lost {
                return;
            }
        }
        panic!("no other transaction came to have the number {lost}");
    };
    let stored = add_cut(Cut::BeforeTheServerHearsOfIt, another);
    assert!(stored.starts_with("ann@education.gov.uk 1 1, bob1@education.gov.uk 1 1"), "{stored}");
}
