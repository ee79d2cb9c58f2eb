//! What an address, the environment, the password file and the defaults make together, and what is said
//! of an address that is none.

mod parts;
mod passwords;
mod shown;
mod surroundings;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tempfile::TempDir;

use super::{Place, Surroundings, resolve, usual_socket_directory, without_password};
use crate::domain::database::{Host, ServerAddress, TargetServer, TlsMode};
use crate::error::{Error, ErrorKind, Result};
use crate::world::{Account, Environment};

fn at(address: &str, variables: &[(&str, &str)], home: Option<&Path>) -> Result<ServerAddress> {
    let environment: Environment = variables.iter().map(|(name, value)| (name.into(), value.into())).collect();
    let account = Account::Fixed("tester@desk".to_owned());
    let place = Place { text: "--database".to_owned(), is_flag: true };
    resolve(address, &place, Surroundings { environment: &environment, account: &account, home })
}

fn read(address: &str) -> Result<ServerAddress> {
    at(address, &[], None)
}

fn with(address: &str, variables: &[(&str, &str)]) -> ServerAddress {
    at(address, variables, None).unwrap()
}

/// The hosts with their ports, and S for the usual socket.
fn hosts(address: &ServerAddress) -> String {
    let server = |host: &Host| match host {
        Host::Network(name) => name.clone(),
        Host::Socket(directory) if *directory == usual_socket_directory() => "S".to_owned(),
        Host::Socket(directory) => directory.display().to_string(),
    };
    address.hosts.iter().map(|found| format!("{}:{}", server(&found.host), found.port)).collect::<Vec<_>>().join(" ")
}

fn password(address: &ServerAddress) -> Option<&str> {
    address.password.as_ref().map(|password| password.reveal())
}

/// The message of a mistake without its place, and the hint.
fn mistake(address: &str) -> (String, String) {
    let error = read(address).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Usage, "{address}");
    (error.message.strip_prefix("--database: ").unwrap().to_owned(), error.hint.unwrap_or_default())
}

/// A home directory with a file in it.
fn home(name: &str, text: &str, mode: u32) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    home
}
