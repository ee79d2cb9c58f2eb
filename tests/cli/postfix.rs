//! A real mail server on loopback: Postfix with a configuration, certificate, ports, queue and
//! mailbox of its own.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tempfile::TempDir;

use crate::outside::{leave_out, needs};

pub const PASSWORD: &str = "correct-horse-battery";

/// A running server. Everybody has a mailbox but `refused@`, and `later@` is always put off.
pub struct Postfix {
    directory: TempDir,
    process: Child,
    pub starttls: u16,
    pub tls: u16,
    pub plain: u16,
}

impl Postfix {
    /// Starts one, unless this machine cannot.
    pub fn start() -> Option<Self> {
        for program in ["postfix", "saslpasswd2", "openssl"] {
            if !needs(program) {
                return None;
            }
        }
        if !rustix::process::geteuid().is_root() {
            leave_out("root, to run a mail server");
            return None;
        }
        let directory = tempfile::Builder::new().prefix("postfix-").tempdir().unwrap();
        make_certificates(directory.path());
        let [starttls, tls, plain] = free_ports();
        write_configuration(directory.path(), [starttls, tls, plain]);
        let log = fs::File::create(directory.path().join("out")).unwrap();
        let process = Command::new("postfix")
            .arg("-c")
            .arg(directory.path().join("etc"))
            .arg("start-fg")
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let server = Self { directory, process, starttls, tls, plain };
        server.wait_for("the server", || TcpStream::connect(("127.0.0.1", plain)).is_ok().then_some(()));
        Some(server)
    }

    /// The certificate of who signed the server's.
    pub fn authority(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }

    /// The messages that have arrived, as soon as there are so many.
    pub fn mail(&self, number: usize) -> Vec<Vec<u8>> {
        self.wait_for("mail", || {
            let found = fs::read_dir(self.directory.path().join("mail/all/new")).ok()?;
            let messages: Vec<_> = found.map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
            (messages.len() >= number).then_some(messages)
        })
    }

    fn wait_for<T>(&self, what: &str, look: impl Fn() -> Option<T>) -> T {
        for _ in 0..1000 {
            if let Some(found) = look() {
                return found;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("{what} did not come: {}", fs::read_to_string(self.directory.path().join("log")).unwrap_or_default());
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // The master ends its processes with itself; it need not be the one that was started.
        let pid = fs::read_to_string(self.directory.path().join("spool/pid/master.pid")).unwrap_or_default();
        if let Some(pid) = pid.trim().parse().ok().and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        } else {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
    }
}

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Ports that nobody listens on. They are below those that the system gives out, one of which another
/// test's server or connection may have been given before it is used here.
pub fn free_ports<const N: usize>() -> [u16; N] {
    static TRIED: AtomicU32 = AtomicU32::new(0);
    [(); N].map(|()| {
        loop {
            let number = std::process::id().wrapping_mul(97).wrapping_add(TRIED.fetch_add(1, Ordering::Relaxed));
            let port = u16::try_from(20_000 + number % 12_000).unwrap();
            if TcpListener::bind(("127.0.0.1", port)).is_ok() {
                return port;
            }
        }
    })
}

/// An authority, and a certificate for `localhost` that it signed.
pub fn make_certificates(directory: &Path) {
    let script = "set -e; cd \"$0\"; umask 077
        new='-newkey rsa:2048 -nodes'
        openssl req -x509 $new -keyout ca.key -out ca.pem -days 2 -subj '/CN=Authority of the tests'
        openssl req $new -keyout server.key -out server.csr -subj /CN=localhost
        echo subjectAltName=DNS:localhost > names
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 -extfile names";
    let made = Command::new("sh").args(["-c", script]).arg(directory).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

const MAIN: &str = "\
compatibility_level = 3.6
queue_directory = HERE/spool
data_directory = HERE/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = localhost
mydestination =
inet_interfaces = 127.0.0.1
maillog_file = HERE/log
maillog_file_prefixes = HERE
virtual_mailbox_domains = static:all
virtual_mailbox_base = HERE/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
smtpd_tls_cert_file = HERE/server.pem
smtpd_tls_key_file = HERE/server.key
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
cyrus_sasl_config_path = HERE/etc/sasl
smtpd_sasl_local_domain = localhost
smtpd_recipient_restrictions = check_recipient_access inline:{ \
{refused@education.gov.uk = 550 5.1.1 No such person here}, {later@education.gov.uk = 451 4.7.1 Come back later}}, permit
";

const MASTER: &str = "\
127.0.0.1:STARTTLS inet n - n - - smtpd -o smtpd_tls_security_level=encrypt AUTH
127.0.0.1:TLS inet n - n - - smtpd -o smtpd_tls_wrappermode=yes AUTH
127.0.0.1:PLAIN inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
proxymap unix - - n - - proxymap
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
postlog unix-dgram n - n - 1 postlogd
";

fn write_configuration(directory: &Path, [starttls, tls, plain]: [u16; 3]) {
    // Its processes run as others, and one delivers as nobody.
    allow(directory, 0o755);
    for (name, mode) in [("etc", 0o755), ("etc/sasl", 0o755), ("spool", 0o755), ("data", 0o755), ("mail", 0o777)] {
        fs::create_dir(directory.join(name)).unwrap();
        allow(&directory.join(name), mode);
    }
    let login = "set -e; cd \"$0\"; chown postfix data; \
        printf %s \"$1\" | saslpasswd2 -p -c -f etc/sasldb2 -u localhost desk; chmod 644 etc/sasldb2";
    let made = Command::new("sh").args(["-c", login]).arg(directory).arg(PASSWORD).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let here = directory.display().to_string();
    let write = |name: &str, text: &str| fs::write(directory.join("etc").join(name), text.replace("HERE", &here)).unwrap();
    write("main.cf", MAIN);
    // Debian's Postfix looks for this in `sasl` beside its configuration, and nowhere else.
    write("sasl/smtpd.conf", "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: HERE/etc/sasldb2\nmech_list: PLAIN LOGIN\n");
    let authenticated = "-o smtpd_sasl_auth_enable=yes -o smtpd_client_restrictions=permit_sasl_authenticated,reject";
    let ports = [("STARTTLS", starttls), ("TLS", tls), ("PLAIN", plain)];
    let master = ports.iter().fold(MASTER.to_owned(), |text, (name, port)| text.replace(&format!(":{name} "), &format!(":{port} ")));
    write("master.cf", &master.replace("AUTH", authenticated));
}
