//! Servers that keep what they have promised: one that is killed and started again, and a pair of which
//! one takes over from the other.

use std::path::Path;

use crate::server::{OWNER, Server, Site, free_port, succeed};

/// Nothing may be faster than it is safe. Every commit takes its time, 20 ms, so that a server that is
/// killed at work is most likely killed in one.
const DURABLE: &str = "fsync = on\nsynchronous_commit = on\ncommit_delay = 20000\ncommit_siblings = 0\n";

/// The database that each of them has for a desk.
pub const DATABASE: &str = "desk";

/// A server whose machine may go down at any moment.
pub struct Durable {
    site: Site,
    pub server: Server,
}

impl Durable {
    pub fn start() -> Self {
        let mut site = Site::new();
        site.create("only", &format!("{DURABLE}listen_addresses = ''\n"));
        let server = site.start("only", 5432);
        server.create_owner_and_database(DATABASE);
        Self { site, server }
    }

    pub fn address(&self) -> String {
        self.server.address(DATABASE)
    }

    /// Where it keeps everything.
    pub fn directory(&self) -> &Path {
        self.site.path()
    }

    /// Kills every process of it.
    pub fn kill(&self) {
        self.server.kill();
    }

    /// Adds to its settings, which it reads when it starts, or when it is told to.
    pub fn configure(&self, settings: &str) {
        self.site.configure("only", settings);
    }

    /// Starts it again, and waits until it has mended itself.
    pub fn start_again(&mut self) {
        self.server = self.site.start("only", 5432);
    }
}

/// A primary, and a standby that has everything which the primary has promised (synchronous streaming
/// replication).
pub struct Pair {
    site: Site,
    pub primary: Server,
    pub standby: Server,
}

impl Pair {
    pub fn start() -> Self {
        let mut site = Site::new();
        let (first, second) = (free_port(), free_port());
        site.create("primary", &format!("{DURABLE}listen_addresses = '127.0.0.1'\nport = {first}\nwal_level = replica\n"));
        let primary = site.start("primary", first);
        primary.create_owner_and_database(DATABASE);
        let connection = format!("host={} port={first} user=tests application_name=standby", site.path().display());
        let mut copy = site.command("pg_basebackup");
        succeed(copy.args(["-D", "standby", "--write-recovery-conf", "--checkpoint=fast", "--no-sync", "-d", &connection]));
        site.configure("standby", &format!("port = {second}\n"));
        let standby = site.start("standby", second);
        // Only now: a primary that is told of a standby which is not there waits for it for ever. The
        // standby has no such line of its own, so that it goes on alone once it has taken over.
        primary.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'");
        primary.execute("SELECT pg_reload_conf()");
        primary.wait_until("SELECT coalesce(max(sync_state), 'none') FROM pg_stat_replication", "sync");
        Self { site, primary, standby }
    }

    /// The address of both: whichever can be written.
    pub fn address(&self) -> String {
        let (first, second) = (self.primary.port, self.standby.port);
        format!("postgresql://{OWNER}@127.0.0.1:{first},127.0.0.1:{second}/{DATABASE}?target_session_attrs=read-write")
    }

    /// Kills every process of the primary.
    pub fn kill_primary(&self) {
        self.primary.kill();
    }

    /// Kills every process of the standby.
    pub fn kill_standby(&self) {
        self.standby.kill();
    }

    /// Starts the standby again, and waits until it can be read.
    pub fn start_standby_again(&mut self) {
        self.standby = self.site.start("standby", self.standby.port);
    }

    /// Lets the standby take over.
    pub fn promote_standby(&self) {
        self.standby.promote();
    }
}
