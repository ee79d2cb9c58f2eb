//! A mail server that does as it is told, for what a real one cannot be configured to do: hang, or
//! fail every third time.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

/// What the server does with the message of this number, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Take,
    /// 451 to the recipient.
    PutOff,
    /// 451 to the whole message.
    PutOffMessage,
    /// 421 to the sender, and goodbye.
    Close,
    /// Hangs up at the sender, without a word.
    Leave,
    /// 452 to the sender: this connection has had its share.
    Enough,
    /// Takes it, and does not say so before the test lets it go on.
    Hold,
    /// Hangs up in the middle of the message.
    HangUp,
    /// 550 to the recipient.
    Refuse,
}

/// How it greets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greeting {
    Proper,
    /// Accepts the connection and says nothing.
    Silence,
    /// A byte now and then, and never the end of the line.
    Drip,
}

/// What has happened so far.
#[derive(Debug, Default)]
pub struct Seen {
    pub connections: usize,
    pub offered: usize,
    /// The messages that were taken, whole.
    pub taken: Vec<String>,
    /// How many connections ended as they should.
    pub goodbyes: usize,
    is_holding: bool,
    may_go_on: bool,
}

/// What has happened, and a bell that rings when more does.
type Shared = (Mutex<Seen>, Condvar);

impl Seen {
    /// The Message-IDs that were taken, in order.
    pub fn message_ids(&self) -> Vec<String> {
        let id = |message: &String| message.lines().find(|line| line.starts_with("Message-ID: ")).unwrap().to_owned();
        self.taken.iter().map(id).collect()
    }
}

/// A server on a port of its own, until the test ends.
pub struct Scripted {
    pub port: u16,
    seen: Arc<Shared>,
}

impl Scripted {
    pub fn start(greeting: Greeting, act: fn(usize) -> Act) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::<Shared>::default();
        let shared = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let seen = Arc::clone(&shared);
                seen.0.lock().unwrap().connections += 1;
                // A client that goes away is no failure of the server's.
                thread::spawn(move || drop(serve(&stream.unwrap(), greeting, act, &seen)));
            }
        });
        Self { port, seen }
    }

    /// Looks at what has happened.
    pub fn seen<T>(&self, look: impl FnOnce(&Seen) -> T) -> T {
        look(&self.seen.0.lock().unwrap())
    }

    /// Waits until it has a message and does not say so.
    pub fn wait_until_holding(&self) {
        let seen = self.seen.0.lock().unwrap();
        let waited = self.seen.1.wait_timeout_while(seen, Duration::from_secs(20), |seen| !seen.is_holding).unwrap().1;
        assert!(!waited.timed_out(), "no message came to be held");
    }

    /// Lets it say so.
    pub fn go_on(&self) {
        self.seen.0.lock().unwrap().may_go_on = true;
        self.seen.1.notify_all();
    }
}

fn serve(stream: &TcpStream, greeting: Greeting, act: fn(usize) -> Act, seen: &Shared) -> std::io::Result<()> {
    let mut out = stream;
    match greeting {
        Greeting::Proper => out.write_all(b"220 scripted\r\n")?,
        Greeting::Silence => loop {
            thread::park();
        },
        Greeting::Drip => loop {
            out.write_all(b"2")?;
            thread::sleep(Duration::from_millis(100));
        },
    }
    let mut lines = BufReader::new(stream).lines();
    let mut current = Act::Take;
    while let Some(line) = lines.next() {
        let line = line?;
        let reply = match line.split([' ', ':']).next().unwrap() {
            "EHLO" => "250 scripted",
            "MAIL" => {
                let mut seen = seen.0.lock().unwrap();
                seen.offered += 1;
                current = act(seen.offered);
                match current {
                    Act::Close => return out.write_all(b"421 4.7.0 Too busy\r\n"),
                    Act::Leave => return Ok(()),
                    Act::Enough => "452 4.5.3 Too many messages",
                    _ => "250 2.1.0 ok",
                }
            }
            "RCPT" if current == Act::PutOff => "451 4.7.1 Come back later",
            "RCPT" if current == Act::Refuse => "550 5.1.1 No \u{1B}[31msuch person",
            "RCPT" | "RSET" => "250 2.1.5 ok",
            "DATA" => {
                out.write_all(b"354 go on\r\n")?;
                let mut message = String::new();
                for line in lines.by_ref() {
                    let line = line?;
                    if line == "." {
                        break;
                    }
                    if current == Act::HangUp {
                        return Ok(());
                    }
                    message.push_str(line.strip_prefix('.').unwrap_or(&line));
                    message.push_str("\r\n");
                }
                if current == Act::PutOffMessage {
                    "451 4.3.0 Come back later"
                } else {
                    let mut now = seen.0.lock().unwrap();
                    now.taken.push(message);
                    now.is_holding |= current == Act::Hold;
                    seen.1.notify_all();
                    if current == Act::Hold {
                        drop(seen.1.wait_while(now, |seen| !seen.may_go_on).unwrap());
                    }
                    "250 2.0.0 taken"
                }
            }
            "QUIT" => {
                seen.0.lock().unwrap().goodbyes += 1;
                return out.write_all(b"221 bye\r\n");
            }
            _ => "500 what?",
        };
        out.write_all(format!("{reply}\r\n").as_bytes())?;
    }
    Ok(())
}
