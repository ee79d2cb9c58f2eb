//! Connecting to a PostgreSQL server, encrypted as the address asks.

mod tls;

use postgres::config::{SslMode, TargetSessionAttrs};
use postgres::{Client, Config, NoTls};

use super::explain::explain;
use super::lost::{Patience, is_passing};
use crate::domain::database::{Host, ServerAddress, TargetServer, TlsMode};
use crate::error::Result;

/// Connects, with a little patience where one of several servers is about to take over.
pub fn connect(address: &ServerAddress, name: &str) -> Result<Client> {
    let config = config_of(address);
    let uses_tls = address.tls != TlsMode::Disable && address.hosts.iter().any(|server| matches!(server.host, Host::Network(_)));
    let tls = uses_tls.then(|| tls::connector(address)).transpose()?;
    let mut patience = Patience::new();
    loop {
        let connected = match &tls {
            Some(tls) => config.connect(tls.clone()),
            None => config.connect(NoTls),
        };
        let error = match connected {
            Ok(client) => return Ok(client),
            Err(error) => explain(error, name),
        };
        if address.hosts.len() == 1 || !is_passing(&error) || !patience.wait() {
            return Err(error);
        }
    }
}

fn config_of(address: &ServerAddress) -> Config {
    let mut config = Config::new();
    for server in &address.hosts {
        match &server.host {
            Host::Network(host) => config.host(host),
            Host::Socket(directory) => config.host_path(directory),
        };
        config.port(server.port);
    }
    config.user(&address.user).dbname(&address.database).application_name("frontdesk").connect_timeout(address.connect_timeout);
    if let Some(password) = &address.password {
        config.password(password.reveal());
    }
    if let Some(options) = &address.options {
        config.options(options);
    }
    config.ssl_mode(match address.tls {
        TlsMode::Disable => SslMode::Disable,
        TlsMode::Prefer => SslMode::Prefer,
        TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => SslMode::Require,
    });
    config.target_session_attrs(match address.target {
        TargetServer::Any => TargetSessionAttrs::Any,
        TargetServer::ReadWrite => TargetSessionAttrs::ReadWrite,
        TargetServer::ReadOnly => TargetSessionAttrs::ReadOnly,
    });
    config
}
