//! Where a desk is kept: in a file of its own, or in a database on a server that a team shares.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::secret::Secret;

/// Where a desk is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseAddress {
    /// A SQLite file.
    File(PathBuf),
    /// A PostgreSQL database.
    Server(Box<ServerAddress>),
}

impl DatabaseAddress {
    /// The file, where it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Server(_) => None,
        }
    }
}

impl fmt::Display for DatabaseAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(formatter),
            Self::Server(address) => address.fmt(formatter),
        }
    }
}

/// A PostgreSQL database, and how to reach it, in the terms of PostgreSQL’s own clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerAddress {
    /// Tried in this order; there is at least one.
    pub hosts: Vec<ServerHost>,
    pub user: String,
    pub password: Option<Secret>,
    pub database: String,
    pub tls: TlsMode,
    /// The certificates to trust; else those of the system.
    pub root_certificates: Option<PathBuf>,
    pub target: TargetServer,
    /// How long one host is waited for.
    pub connect_timeout: Duration,
    /// Settings of the session, as `-c name=value`.
    pub options: Option<String>,
}

/// One server of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerHost {
    pub host: Host,
    pub port: u16,
}

/// How a server is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Host {
    /// A name or an address on the network.
    Network(String),
    /// The directory of a Unix socket.
    Socket(PathBuf),
}

/// How the connection is kept from being read on its way (`sslmode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    /// Not at all.
    Disable,
    /// Encrypted where the server can; nobody is checked.
    Prefer,
    /// Encrypted; nobody is checked.
    Require,
    /// Encrypted, by a server with a certificate of somebody who is trusted.
    VerifyCa,
    /// The same, and the certificate is this host’s.
    VerifyFull,
}

impl TlsMode {
    /// Every way.
    pub const ALL: [Self; 5] = [Self::Disable, Self::Prefer, Self::Require, Self::VerifyCa, Self::VerifyFull];

    /// The word in an address.
    pub fn key(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }

    /// The way with this word.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.key() == key)
    }
}

/// Which of several servers is wanted (`target_session_attrs`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetServer {
    /// The first that answers.
    Any,
    /// The first that can be written.
    ReadWrite,
    /// The first that cannot.
    ReadOnly,
}

/// Where a person’s own certificates of whom to trust are, in their home directory.
pub const OWN_ROOT_CERTIFICATES: &str = ".postgresql/root.crt";

impl ServerAddress {
    /// The address with how the server is reached and without the password: for everybody, wherever it is read.
    /// What each of them has at home is theirs.
    pub fn for_everybody(&self) -> String {
        let certificates = self.root_certificates.as_ref().filter(|path| !path.ends_with(OWN_ROOT_CERTIFICATES));
        let parameters = [
            (self.tls != TlsMode::Prefer).then(|| ("sslmode", self.tls.key().to_owned())),
            certificates.map(|path| ("sslrootcert", path.display().to_string())),
            self.target.key().map(|key| ("target_session_attrs", key.to_owned())),
            self.options.clone().map(|options| ("options", options)),
        ];
        let mut address = self.to_string();
        for (name, value) in parameters.into_iter().flatten() {
            let separator = if address.contains('?') { '&' } else { '?' };
            address.push_str(&format!("{separator}{name}={}", encoded(&value, &RESERVED_IN_QUERY)));
        }
        address
    }
}

impl TargetServer {
    /// The word in an address; none where any will do.
    fn key(self) -> Option<&'static str> {
        match self {
            Self::Any => None,
            Self::ReadWrite => Some("read-write"),
            Self::ReadOnly => Some("read-only"),
        }
    }
}

/// Who works where, without the password and without how the server is reached: this is what is shown.
impl fmt::Display for ServerAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "postgresql://{}@", encoded(&self.user, &RESERVED))?;
        let sockets = self.hosts.iter().filter_map(|server| match &server.host {
            Host::Socket(directory) => Some(encoded(&directory.display().to_string(), &RESERVED_IN_QUERY)),
            Host::Network(_) => None,
        });
        for (position, server) in self.hosts.iter().enumerate() {
            if position > 0 {
                formatter.write_str(",")?;
            }
            match &server.host {
                // Its colons would be taken for that of a port.
                Host::Network(name) if name.contains(':') => write!(formatter, "[{name}]")?,
                Host::Network(name) => formatter.write_str(name)?,
                Host::Socket(_) => {}
            }
            if server.port != USUAL_PORT {
                write!(formatter, ":{}", server.port)?;
            }
        }
        write!(formatter, "/{}", encoded(&self.database, &RESERVED))?;
        let sockets: Vec<_> = sockets.collect();
        if sockets.is_empty() { Ok(()) } else { write!(formatter, "?host={}", sockets.join(",")) }
    }
}

/// A part of an address as it is written in one; letters of every language stay what people read.
fn encoded(part: &str, reserved: &'static AsciiSet) -> String {
    let mut buffer = [0; 4];
    let mut written = String::with_capacity(part.len());
    for character in part.chars() {
        match character {
            character if character.is_ascii() => written.extend(utf8_percent_encode(character.encode_utf8(&mut buffer), reserved)),
            character => written.push(character),
        }
    }
    written
}

/// What would be taken for something else in an address.
const RESERVED: AsciiSet =
    CONTROLS.add(b' ').add(b'%').add(b':').add(b'/').add(b'?').add(b'#').add(b'[').add(b']').add(b'@').add(b'&').add(b'=');

/// The same after the question mark, where directories are named.
const RESERVED_IN_QUERY: AsciiSet = RESERVED.remove(b'/').remove(b':').add(b',');

/// The port that PostgreSQL listens on when nobody says otherwise.
pub const USUAL_PORT: u16 = 5432;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Host, ServerAddress, ServerHost, TargetServer, TlsMode, USUAL_PORT};
    use crate::domain::secret::Secret;

    fn shown(hosts: Vec<(Host, u16)>) -> String {
        shown_of("ann", hosts, "desk")
    }

    fn shown_of(user: &str, hosts: Vec<(Host, u16)>, database: &str) -> String {
        let address = ServerAddress {
            hosts: hosts.into_iter().map(|(host, port)| ServerHost { host, port }).collect(),
            user: user.to_owned(),
            password: Some(Secret::new("secret")),
            database: database.to_owned(),
            tls: TlsMode::Prefer,
            root_certificates: None,
            target: TargetServer::Any,
            connect_timeout: Duration::ZERO,
            options: None,
        };
        assert!(!format!("{address:?}").contains("secret"));
        address.to_string()
    }

    #[test]
    fn an_address_is_shown_as_it_could_be_written_without_a_password() {
        let network = |name: &str| Host::Network(name.to_owned());
        let socket = || Host::Socket("/run/pg".into());
        assert_eq!(shown(vec![(network("db"), USUAL_PORT)]), "postgresql://ann@db/desk");
        assert_eq!(shown(vec![(network("one"), 5433), (network("::1"), USUAL_PORT)]), "postgresql://ann@one:5433,[::1]/desk");
        assert_eq!(shown(vec![(socket(), 5433)]), "postgresql://ann@:5433/desk?host=/run/pg");
        assert_eq!(shown(vec![(Host::Socket("/run/a&b=c%".into()), USUAL_PORT)]), "postgresql://ann@/desk?host=/run/a%26b%3Dc%25");
        assert_eq!(shown_of("zoë", vec![(network("zürich"), USUAL_PORT)], "dësk"), "postgresql://zoë@zürich/dësk");
        assert_eq!(shown_of("a@b c", vec![(network("db"), USUAL_PORT)], "d/e%"), "postgresql://a%40b%20c@db/d%2Fe%25");
    }
}
