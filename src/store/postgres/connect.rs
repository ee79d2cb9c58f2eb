//! Connecting to a PostgreSQL server, encrypted as the address asks.

mod tls;

use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use postgres::config::{SslMode, TargetSessionAttrs};
use postgres::{Client, Config, NoTls};

use super::explain::explain;
use super::lost::{NoAnswer, Retries, is_passing};
use crate::domain::database::{Host, ServerAddress, ServerHost, TargetServer, TlsMode};
use crate::error::{Error, Result};

/// How long a server that is gone without a word is taken for one that only thinks.
const SILENCE: Duration = Duration::from_secs(60);
/// After so much silence it is asked whether it is still there, and then so often.
const FIRST_QUESTION: Duration = Duration::from_secs(30);
const NEXT_QUESTION: Duration = Duration::from_secs(10);
const QUESTIONS: u32 = 3;

/// Connects to the first server of the address that is the one wanted, and gives each this time to answer.
pub fn connect(address: &ServerAddress, name: &str, within: Duration) -> Result<Client> {
    let mut last = None;
    for server in &address.hosts {
        match connect_to(server, address, name, within) {
            Ok(client) => return Ok(client),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| Error::internal(anyhow::anyhow!("an address without a server"))))
}

/// Connects, again and again while that may help.
pub fn connect_again(address: &ServerAddress, name: &str, retries: &mut Retries) -> Result<Client> {
    loop {
        match connect(address, name, address.connect_timeout) {
            Err(error) if is_passing(&error) && retries.wait() => {}
            connected => return connected,
        }
    }
}

fn connect_to(server: &ServerHost, address: &ServerAddress, name: &str, within: Duration) -> Result<Client> {
    let config = config_of(server, address);
    // What goes through a socket never leaves the machine, and PostgreSQL’s own clients do not encrypt it.
    let uses_tls = address.tls != TlsMode::Disable && matches!(server.host, Host::Network(_));
    let tls = uses_tls.then(|| tls::connector(address)).transpose()?;
    let (sender, receiver) = channel();
    // Nothing in the client ends the wait for a server that takes a connection and says nothing; the thread
    // ends with the program.
    let connects = move || {
        let connected = match tls {
            Some(tls) => config.connect(tls),
            None => config.connect(NoTls),
        };
        drop(sender.send(connected));
    };
    thread::Builder::new().spawn(connects).map_err(Error::internal)?;
    let connected = receiver.recv_timeout(within).map_err(|_| {
        let silence = NoAnswer(within);
        Error::unavailable(format!("The database {name} cannot be reached: {silence}"))
            .hint("Nothing was changed. Check that the server is running and that the address is right, then run the command again.")
            .caused_by(silence)
    })?;
    connected.map_err(|error| explain(error, name))
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
