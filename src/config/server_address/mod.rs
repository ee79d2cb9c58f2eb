//! The address of a PostgreSQL database as somebody names it, read as PostgreSQL’s own clients read it:
//! what the address says, then the environment, then the defaults.

mod mistake;
mod parameters;
mod password_file;
mod uri;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use self::mistake::{Mistake, Place};
use self::parameters::{Parameters, RootCertificates};
pub use self::uri::without_password;
use super::variables;
use crate::domain::database::{Host, OWN_ROOT_CERTIFICATES, ServerAddress, ServerHost, TargetServer, TlsMode, USUAL_PORT};
use crate::error::{Error, Result};
use crate::world::{Account, Environment};

/// Where Unix sockets are looked for: the first of these that is there.
const SOCKET_DIRECTORIES: [&str; 2] = ["/var/run/postgresql", "/tmp"];
/// PostgreSQL’s clients wait for ever; nobody at a terminal does.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// PostgreSQL’s own variables, and the parameter that each stands for.
const VARIABLES: [(&str, &str); 21] = [
    ("PGHOST", "host"),
    ("PGPORT", "port"),
    ("PGUSER", "user"),
    ("PGDATABASE", "dbname"),
    ("PGPASSWORD", "password"),
    ("PGPASSFILE", "passfile"),
    ("PGSSLMODE", "sslmode"),
    ("PGSSLROOTCERT", "sslrootcert"),
    ("PGCONNECT_TIMEOUT", "connect_timeout"),
    ("PGTARGETSESSIONATTRS", "target_session_attrs"),
    ("PGOPTIONS", "options"),
    ("PGCHANNELBINDING", "channel_binding"),
    ("PGGSSENCMODE", "gssencmode"),
    // Not used here, and so refused: whoever sets one wants another server, or a safer connection.
    ("PGHOSTADDR", "hostaddr"),
    ("PGSERVICE", "service"),
    ("PGREQUIREAUTH", "require_auth"),
    ("PGREQUIREPEER", "requirepeer"),
    ("PGSSLCRL", "sslcrl"),
    ("PGSSLCRLDIR", "sslcrldir"),
    ("PGSSLMINPROTOCOLVERSION", "ssl_min_protocol_version"),
    ("PGSSLMAXPROTOCOLVERSION", "ssl_max_protocol_version"),
];

/// What fills in what an address leaves open.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    pub environment: &'a Environment,
    /// The user where nobody names one.
    pub account: &'a Account,
    /// Where the password file and the certificates are looked for.
    pub home: Option<&'a Path>,
}

/// Whether this names a database on a server, and not a file.
pub fn names_server(database: &OsStr) -> bool {
    uri::after_scheme(&database.to_string_lossy()).is_some()
}

/// Checks what can be said of the name of a database alone, file or server.
///
/// # Errors
/// What is wrong with it.
pub fn check_name(database: &OsStr) -> std::result::Result<(), Mistake> {
    match database.to_str() {
        Some(address) if names_server(database) => uri::parse(address)?.check(),
        _ => refuse_likeness(database),
    }
}

/// Refuses what was meant as the address of a server and would be taken for the path of a file: a change
/// would make that file, and nobody else would see the change.
///
/// # Errors
/// It begins like an address of something, or like the parameters of a connection.
pub fn refuse_likeness(database: &OsStr) -> std::result::Result<(), Mistake> {
    let text = database.to_string_lossy().trim_start().to_ascii_lowercase();
    let is_scheme = |scheme: &str| scheme.len() > 1 && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.:".contains(&byte));
    let is_address = text.split_once("://").is_some_and(|(scheme, _)| is_scheme(scheme))
        || ["postgresql:", "postgres:"].iter().any(|scheme| text.starts_with(scheme));
    let is_parameters = text.split_once('=').is_some_and(|(name, _)| parameters::is_known(name.trim_end()));
    if is_address || is_parameters {
        return Err(Mistake::new("it looks like the address of a server, and is none")
            .hint("Nothing was changed. Write it as postgresql://USER@HOST/DATABASE; a file of that name is ./NAME."));
    }
    Ok(())
}

/// The whole address.
///
/// # Errors
/// Something is wrong with it, with a variable, or with the password file. No password is repeated.
pub fn resolve(address: &str, place: &Place, surroundings: Surroundings<'_>) -> Result<ServerAddress> {
    let mut parameters = uri::parse(address).map_err(|mistake| mistake.at(place))?;
    parameters.check().map_err(|mistake| mistake.at(place))?;
    let has_variables = add_variables(&mut parameters, surroundings.environment)?;
    // Nobody can name a host any more.
    parameters.hosts.get_or_insert_with(|| vec![String::new()]);
    parameters.check().map_err(|mistake| if has_variables { mistake.with_environment(place) } else { mistake.at(place) })?;
    complete(parameters, place, surroundings)
}

/// Adds what the variables say, and tells whether that is anything. What the address says beats them:
/// one that is not needed may be wrong.
fn add_variables(parameters: &mut Parameters, environment: &Environment) -> Result<bool> {
    let mut has_variables = false;
    for (variable, parameter) in VARIABLES {
        if parameters.has(parameter) {
            continue;
        }
        if let Some(value) = variables::text(environment, variable)? {
            parameters.take(parameter, value.to_owned()).map_err(|mistake| mistake.of_variable(variable))?;
            has_variables = true;
        }
    }
    Ok(has_variables)
}

fn complete(parameters: Parameters, place: &Place, surroundings: Surroundings<'_>) -> Result<ServerAddress> {
    let user = match parameters.user.filter(|user| !user.is_empty()) {
        Some(user) => user,
        None => surroundings.account.name().ok_or_else(|| {
            Error::unavailable(format!("{}: the address names no user, and your account has no name", place.text))
                .hint("Name the user in the address, postgresql://USER@HOST/DATABASE, or with PGUSER.")
        })?,
    };
    let database = parameters.database.filter(|database| !database.is_empty()).unwrap_or_else(|| user.clone());
    let hosts = hosts(parameters.hosts, parameters.ports);
    let password = match parameters.password.filter(|password| !password.reveal().is_empty()) {
        Some(password) => Some(password),
        None => password_file::find(parameters.password_file, surroundings.home)?
            .map(|file| file.password(&hosts, &database, &user))
            .transpose()?
            .flatten(),
    };
    let (tls, root_certificates) = trust(parameters.tls, parameters.root_certificates, surroundings.home);
    Ok(ServerAddress {
        hosts,
        user,
        password,
        database,
        tls,
        root_certificates,
        target: parameters.target.unwrap_or(TargetServer::Any),
        connect_timeout: parameters.connect_timeout.unwrap_or(CONNECT_TIMEOUT),
        options: parameters.options.filter(|options| !options.is_empty()),
    })
}

/// One port is for every host, and several are for one each: that has been checked.
fn hosts(names: Option<Vec<String>>, ports: Option<Vec<Option<u16>>>) -> Vec<ServerHost> {
    let ports = ports.unwrap_or_default();
    let names = names.unwrap_or_else(|| vec![String::new()]);
    let port_of = |position: usize| if ports.len() > 1 { ports.get(position) } else { ports.first() };
    let server = |(position, name): (usize, String)| ServerHost {
        host: match name {
            name if name.is_empty() => Host::Socket(usual_socket_directory()),
            name if name.starts_with('/') => Host::Socket(PathBuf::from(name)),
            name => Host::Network(name),
        },
        port: port_of(position).copied().flatten().unwrap_or(USUAL_PORT),
    };
    names.into_iter().enumerate().map(server).collect()
}

fn usual_socket_directory() -> PathBuf {
    let [first, second] = SOCKET_DIRECTORIES.map(PathBuf::from);
    if first.is_dir() { first } else { second }
}

/// How the server is checked, and by which certificates; none are those of the system.
fn trust(mode: Option<TlsMode>, named: Option<RootCertificates>, home: Option<&Path>) -> (TlsMode, Option<PathBuf>) {
    let usual = || home.map(|home| home.join(OWN_ROOT_CERTIFICATES)).filter(|path| path.exists());
    let (mode, certificates) = match named {
        Some(RootCertificates::System) => (mode.unwrap_or(TlsMode::VerifyFull), None),
        Some(RootCertificates::File(path)) => (mode.unwrap_or(TlsMode::Prefer), Some(path)),
        Some(RootCertificates::Usual) | None => (mode.unwrap_or(TlsMode::Prefer), usual()),
    };
    match mode {
        // Whoever has named whom they trust wants to know that it is them; PostgreSQL’s clients do the same.
        TlsMode::Require if certificates.is_some() => (TlsMode::VerifyCa, certificates),
        TlsMode::Disable | TlsMode::Prefer | TlsMode::Require => (mode, None),
        TlsMode::VerifyCa | TlsMode::VerifyFull => (mode, certificates),
    }
}

#[cfg(test)]
mod tests;
