//! A server on the network that wants encryption and a password.

use std::fs;
use std::path::PathBuf;

use crate::postfix::make_certificates;
use crate::server::{Server, Site, free_port, give_away};

pub const DATABASE: &str = "desk";

/// Whoever comes by the socket is let in, as the tests are; on the network only by TLS and a password.
const WHO: &str = "\
local all all trust
hostssl all all 127.0.0.1/32 scram-sha-256
hostssl all all ::1/128 scram-sha-256
";

/// The server, and who signed its certificate for `localhost`.
pub struct Secured {
    site: Site,
    pub server: Server,
}

impl Secured {
    pub fn start() -> Self {
        let mut site = Site::new();
        make_certificates(site.path());
        for name in ["server.pem", "server.key"] {
            give_away(&site.path().join(name));
        }
        let port = free_port();
        let here = site.path().display();
        let settings = format!(
            "fsync = off\nlisten_addresses = 'localhost'\nport = {port}\npassword_encryption = 'scram-sha-256'\n\
             ssl = on\nssl_cert_file = '{here}/server.pem'\nssl_key_file = '{here}/server.key'\n"
        );
        site.create("secured", &settings);
        fs::write(site.path().join("secured/pg_hba.conf"), WHO).unwrap();
        let server = site.start("secured", port);
        server.create_owner_and_database(DATABASE);
        Self { site, server }
    }

    /// Its address by this name of its machine, without a password.
    pub fn address(&self, host: &str) -> String {
        self.server.network_address(host, DATABASE)
    }

    /// The certificate of who signed the server's.
    pub fn authority(&self) -> PathBuf {
        self.site.path().join("ca.pem")
    }

    /// The certificate of somebody who did not.
    pub fn another_authority(&self) -> PathBuf {
        let directory = self.site.path().join("another");
        fs::create_dir(&directory).unwrap();
        // Its files are for the keeper to remove.
        give_away(&directory);
        make_certificates(&directory);
        directory.join("ca.pem")
    }
}
