//! A mail server that does as it is told, for what a real one cannot be configured to do: hang, or
//! fail every third time.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
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
}

/// A server on a port of its own, until the test ends.
pub struct Scripted {
    pub port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl Scripted {
    pub fn start(greeting: Greeting, act: fn(usize) -> Act) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shared = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let seen = Arc::clone(&shared);
                seen.lock().unwrap().connections += 1;
                // A client that goes away is no failure of the server's.
                thread::spawn(move || drop(serve(&stream.unwrap(), greeting, act, &seen)));
            }
        });
        Self { port, seen }
    }

    /// Looks at what has happened.
    pub fn seen<T>(&self, look: impl FnOnce(&Seen) -> T) -> T {
        look(&self.seen.lock().unwrap())
    }
}

fn serve(stream: &TcpStream, greeting: Greeting, act: fn(usize) -> Act, seen: &Mutex<Seen>) -> std::io::Result<()> {
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
                let mut seen = seen.lock().unwrap();
                seen.offered += 1;
                current = act(seen.offered);
                if current == Act::Close {
                    return out.write_all(b"421 4.7.0 Too busy\r\n");
                }
                "250 2.1.0 ok"
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
                    seen.lock().unwrap().taken.push(message);
                    "250 2.0.0 taken"
                }
            }
            "QUIT" => return out.write_all(b"221 bye\r\n"),
            _ => "500 what?",
        };
        out.write_all(format!("{reply}\r\n").as_bytes())?;
    }
    Ok(())
}
