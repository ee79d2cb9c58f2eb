//! Databases of a test's own at the server that all tests of this process share.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use postgres::Client;

use crate::server::{OWNER, Server, Site};

/// Fast rather than safe: what a crash would take from this server is never asked for. A database is
/// copied from a template file by file, which takes half as long as through the log.
const SHARED: &str = "\
fsync = off
full_page_writes = off
synchronous_commit = off
listen_addresses = ''
autovacuum = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
checkpoint_timeout = 1h
";

struct Shared {
    // The server lives as long as this.
    _site: Site,
    server: Server,
    /// Connections that make and drop databases, while nobody uses them.
    idle: Mutex<Vec<Client>>,
    templates: Mutex<HashMap<String, &'static OnceLock<String>>>,
    made: AtomicU32,
}

fn shared() -> &'static Shared {
    static SHARED_SERVER: OnceLock<Shared> = OnceLock::new();
    SHARED_SERVER.get_or_init(|| {
        let mut site = Site::in_memory();
        site.create("shared", SHARED);
        let server = site.start("shared", 5432);
        server.execute(&format!("CREATE ROLE {OWNER} LOGIN"));
        Shared { _site: site, server, idle: Mutex::default(), templates: Mutex::default(), made: AtomicU32::new(0) }
    })
}

impl Shared {
    fn execute(&self, sql: &str) -> Result<(), postgres::Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut client = idle.unwrap_or_else(|| self.server.connect("postgres"));
        let executed = client.batch_execute(sql);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(client);
        executed
    }

    fn new_name(&self, what: &str) -> String {
        format!("{what}_{}", self.made.fetch_add(1, Ordering::Relaxed))
    }

    fn template(&self, kind: &str, fill: impl FnOnce(&str)) -> &'static str {
        let template = *self
            .templates
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(kind.to_owned())
            .or_insert_with(|| Box::leak(Box::default()));
        template.get_or_init(|| {
            let name = self.new_name("template");
            self.execute(&format!("CREATE DATABASE {name} OWNER {OWNER}")).unwrap();
            fill(&self.server.address(&name));
            name
        })
    }
}

/// A database that is dropped with this.
#[derive(Debug)]
pub struct Fresh {
    name: String,
}

impl Fresh {
    /// A copy of the template of this kind, which the first who asks for it fills, given its address.
    /// Afterwards nobody may be connected to it.
    pub fn of(kind: &str, fill: impl FnOnce(&str)) -> Self {
        let shared = shared();
        let template = shared.template(kind, fill);
        let name = shared.new_name("desk");
        shared.execute(&format!("CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template} STRATEGY file_copy")).unwrap();
        Self { name }
    }

    /// Another one with the same in it. Nobody may be connected to it.
    pub fn copy(&self) -> Self {
        let shared = shared();
        let name = shared.new_name("desk");
        shared.execute(&format!("CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {} STRATEGY file_copy", self.name)).unwrap();
        Self { name }
    }

    /// Its address, for its owner.
    pub fn address(&self) -> String {
        shared().server.address(&self.name)
    }

    /// A connection of whoever may do everything.
    pub fn connect(&self) -> Client {
        shared().server.connect(&self.name)
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        // Whatever goes wrong here is no fault of the test.
        let _ = shared().execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}
