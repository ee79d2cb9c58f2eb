//! The parameters of an address, each checked as it is taken.

use std::path::PathBuf;
use std::time::Duration;

use super::mistake::Mistake;
use crate::config::nearest::advice;
use crate::domain::database::{TargetServer, TlsMode};
use crate::domain::secret::Secret;

type Checked<T> = Result<T, Mistake>;

/// The parameters that decide something.
const KNOWN: [&str; 12] = [
    "host",
    "port",
    "user",
    "password",
    "passfile",
    "dbname",
    "sslmode",
    "sslrootcert",
    "target_session_attrs",
    "connect_timeout",
    "options",
    "application_name",
];

/// Parameters that are harmless with some values, or with any.
const HARMLESS: [&str; 4] = ["fallback_application_name", "channel_binding", "gssencmode", "client_encoding"];

/// Parameters that PostgreSQL’s clients take too. To ignore one could mean a connection to another
/// server, or a less safe one, than was asked for.
const NOT_USED: [&str; 26] = [
    "hostaddr",
    "service",
    "replication",
    "requirepeer",
    "require_auth",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
    "load_balance_hosts",
    "sslnegotiation",
    "sslcompression",
    "sslcert",
    "sslkey",
    "sslpassword",
    "sslcertmode",
    "sslcrl",
    "sslcrldir",
    "sslsni",
    "ssl_min_protocol_version",
    "ssl_max_protocol_version",
    "krbsrvname",
    "gsslib",
    "gssdelegation",
    "requiressl",
];

/// As `allow` is taken: it would try without encryption first, which serves nobody.
const TLS_WORDS: &str = "must be disable, prefer, require, verify-ca or verify-full";
/// PostgreSQL’s clients make two seconds of one, too.
const SHORTEST_TIMEOUT: u64 = 2;
/// Longer than this, nobody waits for one server.
const LONGEST_TIMEOUT: u64 = 3600;

/// Whom to trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RootCertificates {
    /// Those of the system.
    System,
    File(PathBuf),
    /// The file in the home directory.
    Usual,
}

/// What an address says, and the environment after it. An empty value is one that was given, which the
/// environment cannot change.
#[derive(Debug, Default)]
pub struct Parameters {
    given: Vec<String>,
    pub hosts: Option<Vec<String>>,
    pub ports: Option<Vec<Option<u16>>>,
    pub user: Option<String>,
    pub password: Option<Secret>,
    pub password_file: Option<PathBuf>,
    pub database: Option<String>,
    pub tls: Option<TlsMode>,
    pub root_certificates: Option<RootCertificates>,
    pub target: Option<TargetServer>,
    pub connect_timeout: Option<Duration>,
    pub options: Option<String>,
}

impl Parameters {
    /// Whether this one was given.
    pub fn has(&self, parameter: &str) -> bool {
        self.given.iter().any(|given| given == parameter)
    }

    /// Takes one; the last of several with one name counts.
    ///
    /// # Errors
    /// There is no such parameter, it is not used here, or its value cannot be understood.
    pub fn take(&mut self, parameter: &str, value: String) -> Checked<()> {
        match parameter {
            "host" => self.hosts = Some(hosts(&value)?),
            "port" => self.ports = Some(value.split(',').map(port).collect::<Checked<_>>()?),
            "user" => self.user = Some(value),
            "password" => self.password = Some(Secret::new(value)),
            "passfile" => self.password_file = Some(PathBuf::from(value)),
            "dbname" => self.database = Some(value),
            "sslmode" => self.tls = Some(tls_mode(&value)?),
            "sslrootcert" => self.root_certificates = Some(root_certificates(value)),
            "target_session_attrs" => self.target = Some(target(&value)?),
            "connect_timeout" => self.connect_timeout = Some(connect_timeout(&value)?),
            "options" => self.options = Some(value),
            // What a connection is called changes nothing that it does.
            "application_name" | "fallback_application_name" => {}
            "channel_binding" => only(&["disable", "prefer"], &value, "channel_binding")?,
            "gssencmode" => only(&["disable", "prefer"], &value, "gssencmode")?,
            "client_encoding" => only(&["utf8", "utf-8", "unicode", "auto"], &value.to_ascii_lowercase(), "client_encoding")?,
            other => return Err(unknown(other)),
        }
        self.given.push(parameter.to_owned());
        Ok(())
    }

    /// Checks what must fit together.
    ///
    /// # Errors
    /// It does not.
    pub fn check(&self) -> Checked<()> {
        let hosts = self.hosts.as_ref().map_or(1, Vec::len);
        let ports = self.ports.as_ref().map_or(1, Vec::len);
        // A host may yet be named elsewhere, and so may a port.
        let both = self.hosts.is_some() && self.ports.is_some();
        if both && ports > 1 && ports != hosts {
            let noun = if hosts == 1 { "host" } else { "hosts" };
            return Err(Mistake::new(format!("there are {ports} ports for {hosts} {noun}"))
                .hint("Give one port for every host, or one for all of them."));
        }
        match (&self.root_certificates, self.tls) {
            (Some(RootCertificates::System), Some(mode)) if mode != TlsMode::VerifyFull => {
                Err(Mistake::of("sslmode", "must be verify-full where ‘sslrootcert’ is system")
                    .hint("Anybody can have a certificate that the system trusts: only the name in it says whose it is."))
            }
            _ => Ok(()),
        }
    }
}

/// Whether PostgreSQL’s clients have a parameter of this name.
pub fn is_known(parameter: &str) -> bool {
    [&KNOWN[..], &HARMLESS, &NOT_USED].concat().contains(&parameter)
}

fn hosts(value: &str) -> Checked<Vec<String>> {
    let host = |name: &str| {
        if name.starts_with('@') {
            return Err(Mistake::of("host", "must not begin with @: a socket without a file is not used"));
        }
        if name.contains('@') {
            return Err(Mistake::of("host", "must not hold an @").hint_at_encoding());
        }
        Ok(name.to_owned())
    };
    value.split(',').map(host).collect()
}

fn port(value: &str) -> Checked<Option<u16>> {
    if value.is_empty() {
        return Ok(None);
    }
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    let port = value.parse().ok().filter(|port| is_number && *port > 0);
    port.map(Some).ok_or_else(|| Mistake::of("port", "must be a whole number from 1 to 65535").hint_at_encoding())
}

fn tls_mode(value: &str) -> Checked<TlsMode> {
    if value == "allow" {
        return Ok(TlsMode::Prefer);
    }
    TlsMode::from_key(value).ok_or_else(|| {
        let modes = TlsMode::ALL.map(TlsMode::key);
        Mistake::of("sslmode", TLS_WORDS).hint(advice(value, "ways", &modes))
    })
}

fn root_certificates(value: String) -> RootCertificates {
    match value.as_str() {
        "system" => RootCertificates::System,
        "" => RootCertificates::Usual,
        _ => RootCertificates::File(PathBuf::from(value)),
    }
}

fn target(value: &str) -> Checked<TargetServer> {
    match value {
        "any" => Ok(TargetServer::Any),
        // A primary that cannot be written is of no use here.
        "read-write" | "primary" => Ok(TargetServer::ReadWrite),
        "read-only" => Ok(TargetServer::ReadOnly),
        "standby" | "prefer-standby" => Err(Mistake::of("target_session_attrs", "cannot ask for a standby here")
            .hint("Use read-write, where changes can be made, read-only, or any.")),
        _ => Err(Mistake::of("target_session_attrs", "must be any, read-write, read-only or primary")),
    }
}

fn connect_timeout(value: &str) -> Checked<Duration> {
    let seconds = value.trim().parse().ok().filter(|seconds| (1..=LONGEST_TIMEOUT).contains(seconds));
    let what = format!("must be a whole number of seconds from 1 to {LONGEST_TIMEOUT}");
    seconds
        .map(|seconds: u64| Duration::from_secs(seconds.max(SHORTEST_TIMEOUT)))
        .ok_or_else(|| Mistake::of("connect_timeout", what).hint("A command does not wait for ever."))
}

/// A parameter that is harmless to leave out with these values, and only these.
fn only(harmless: &[&str], value: &str, parameter: &'static str) -> Checked<()> {
    if harmless.contains(&value) {
        return Ok(());
    }
    Err(Mistake::of(parameter, "asks for something that frontdesk does not do").hint(match parameter {
        "client_encoding" => "Leave it out: text is always UTF-8.",
        "channel_binding" => "Leave it out; with sslmode=verify-full the server proves who it is.",
        _ => "Leave it out; sslmode says how the connection is encrypted.",
    }))
}

fn unknown(parameter: &str) -> Mistake {
    if let Some(known) = NOT_USED.into_iter().find(|name| *name == parameter) {
        let mistake = Mistake::of(known, "is not used by frontdesk");
        return match known {
            "hostaddr" => mistake.hint("Give the address of the server with ‘host’."),
            "sslcert" | "sslkey" | "sslpassword" => mistake.hint("Leave it out: frontdesk signs in with a password, not a certificate."),
            _ => mistake.hint("Leave it out, if the connection is right without it."),
        };
    }
    // Anything longer or stranger was not meant to be a name.
    let is_name = parameter.len() <= 40 && parameter.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if is_name && !parameter.is_empty() {
        Mistake::new(format!("there is no parameter called ‘{parameter}’")).hint(advice(parameter, "parameters", &KNOWN))
    } else {
        Mistake::new("it has a parameter that is none").hint_at_encoding()
    }
}
