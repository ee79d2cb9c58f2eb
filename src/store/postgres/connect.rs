//! Connecting to a PostgreSQL server, encrypted as the address asks.

mod tls;

use std::net::ToSocketAddrs as _;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use postgres::config::{SslMode, TargetSessionAttrs};
use postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::explain::explain;
use super::lost::{NoAnswer, Retries, is_an_answer, is_passing};
use crate::domain::database::{Host, ServerAddress, ServerHost, TargetServer, TlsMode};
use crate::domain::waiting::{UNNOTICED, Waiting};
use crate::error::{Error, Result};

/// How long a server that is gone without a word is taken for one that only thinks.
const SILENCE: Duration = Duration::from_secs(60);
/// After so much silence it is asked whether it is still there, and then so often.
const FIRST_QUESTION: Duration = Duration::from_secs(30);
const NEXT_QUESTION: Duration = Duration::from_secs(10);
const QUESTIONS: u32 = 3;

/// Connects to the first server of the address that is the one wanted, and gives each network address of each
/// this time to answer.
pub fn connect(address: &ServerAddress, name: &str, within: Duration, waiting: &mut Waiting) -> Result<Client> {
    // What goes through a socket never leaves the machine, and PostgreSQL’s own clients do not encrypt it.
    let is_network = |server: &ServerHost| matches!(server.host, Host::Network(_));
    let uses_tls = address.tls != TlsMode::Disable && address.hosts.iter().any(is_network);
    let tls = uses_tls.then(|| tls::connector(address)).transpose()?;
    let mut last = None;
    for server in &address.hosts {
        let connecting =
            Connecting { config: config_of(server, address), host: server.clone(), tls: tls.clone().filter(|_| is_network(server)) };
        match connecting.within(within, name, waiting) {
            Ok(client) => return Ok(client),
            // That another server is not there is no news to whoever has an answer of the first.
            Err(error) if last.as_ref().is_some_and(is_an_answer) && !is_an_answer(&error) => {}
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| Error::internal(anyhow::anyhow!("an address without a server"))))
}

/// Connects, again and again while that may help.
pub fn connect_again(address: &ServerAddress, name: &str, retries: &mut Retries, waiting: &mut Waiting) -> Result<Client> {
    loop {
        match connect(address, name, address.connect_timeout, waiting) {
            Err(error) if is_passing(&error) && retries.wait(name, waiting) => {}
            connected => return connected,
        }
    }
}

/// A connection that is to be made.
struct Connecting {
    config: Config,
    host: ServerHost,
    tls: Option<MakeRustlsConnect>,
}

/// How far a connection has come.
enum Step {
    /// The next network address of the host is tried.
    NextAddress,
    Ended(Box<std::result::Result<Client, postgres::Error>>),
}

impl Connecting {
    /// Connects. Nothing in the client ends the wait for a server that takes a connection and says nothing:
    /// the thread ends with the program.
    fn within(self, within: Duration, name: &str, waiting: &mut Waiting) -> Result<Client> {
        let (sender, receiver) = channel();
        let cannot_be_tried = |cause: anyhow::Error| {
            Error::unavailable(format!(
                "A connection to the database {name} cannot be tried: this machine is short of memory or open files"
            ))
            .hint("Nothing was changed. Close other programs, or raise the limit (ulimit -n), then run the command again.")
            .caused_by(cause)
        };
        thread::Builder::new().spawn(move || self.tell(&sender)).map_err(|error| cannot_be_tried(error.into()))?;
        let mut left = within;
        loop {
            let wait = if waiting.is_awaited() { left.min(UNNOTICED) } else { left };
            match receiver.recv_timeout(wait) {
                Ok(Step::NextAddress) => left = within,
                Ok(Step::Ended(connected)) => return connected.map_err(|error| explain(error, name)),
                Err(RecvTimeoutError::Timeout) if wait < left => {
                    waiting.tell(name);
                    left -= wait;
                }
                Err(RecvTimeoutError::Timeout) => {
                    let silence = NoAnswer(within);
                    return Err(Error::unavailable(format!("The database {name} cannot be reached: {silence}"))
                        .hint("Nothing was changed. Check that the server is running and that the address is right, then run the command again.")
                        .caused_by(silence));
                }
                // The client does without an error what a machine that has nothing left makes impossible.
                Err(RecvTimeoutError::Disconnected) => return Err(cannot_be_tried(anyhow::anyhow!("the client could not start"))),
            }
        }
    }

    /// Tries one network address of the host after another, and tells of each; whoever listens may be gone.
    fn tell(self, sender: &Sender<Step>) {
        let addresses = match &self.host.host {
            // What the resolver does not know is left to the client, which says so.
            Host::Network(host) => (host.as_str(), self.host.port).to_socket_addrs().map(Vec::from_iter).unwrap_or_default(),
            Host::Socket(_) => Vec::new(),
        };
        let mut connected = None;
        for address in addresses {
            let _ = sender.send(Step::NextAddress);
            let mut config = self.config.clone();
            config.hostaddr(address.ip());
            let tried = self.connect(&config);
            // Of a server that answered, another address leads to the same.
            let is_over = tried.as_ref().map_or_else(|error| error.as_db_error().is_some(), |_| true);
            connected = Some(tried);
            if is_over {
                break;
            }
        }
        let _ = sender.send(Step::Ended(Box::new(connected.unwrap_or_else(|| self.connect(&self.config)))));
    }

    fn connect(&self, config: &Config) -> std::result::Result<Client, postgres::Error> {
        match self.tls.clone() {
            Some(tls) => config.connect(tls),
            None => config.connect(NoTls),
        }
    }
}

fn config_of(server: &ServerHost, address: &ServerAddress) -> Config {
    let mut config = Config::new();
    match &server.host {
        Host::Network(host) => config.host(host),
        Host::Socket(directory) => config.host_path(directory),
    };
    config.port(server.port);
    config.user(&address.user).dbname(&address.database).application_name("frontdesk").connect_timeout(address.connect_timeout);
    config.keepalives_idle(FIRST_QUESTION).keepalives_interval(NEXT_QUESTION).keepalives_retries(QUESTIONS).tcp_user_timeout(SILENCE);
    if let Some(password) = &address.password {
        config.password(password.reveal());
    }
    if let Some(options) = &address.options {
        config.options(options);
    }
    config.ssl_mode(match (&server.host, address.tls) {
        (Host::Socket(_), _) | (_, TlsMode::Disable) => SslMode::Disable,
        (_, TlsMode::Prefer) => SslMode::Prefer,
        (_, TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull) => SslMode::Require,
    });
    config.target_session_attrs(match address.target {
        TargetServer::Any => TargetSessionAttrs::Any,
        TargetServer::ReadWrite => TargetSessionAttrs::ReadWrite,
        TargetServer::ReadOnly => TargetSessionAttrs::ReadOnly,
    });
    config
}
