//! Emails handed to a mail server: one connection for as many as there are, opened by the first.
//!
//! The conversation has a thread of its own. lettre's time-outs hold each read and each look-up of
//! a name for itself; a server that sends a byte now and then would outlast any of them. So the
//! caller waits for the thread no longer than the whole conversation may take, and then leaves it.

mod conversation;
mod password;
mod trouble;

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use lettre::Address;

use self::conversation::Conversation;
use self::password::Password;
use self::trouble::Trouble;
use super::transport::Failure;
use crate::domain::mail_server::{MailServer, NamedFile};
use crate::domain::notice::Email;
use crate::error::{Error, Result};

/// How long the server gets to take its leave.
const GOODBYE: Duration = Duration::from_millis(500);

/// A mail server, and the conversation with it once there is one.
pub struct Smtp {
    server: MailServer,
    password: Option<Password>,
    /// PEM text of the certificates to trust in place of the system’s.
    certificates: Option<Vec<u8>>,
    worker: Option<Worker>,
}

/// A message with its envelope.
struct Letter {
    from: Address,
    to: Address,
    message: String,
    hold: Hold,
}

/// Who has the last word on whether a letter goes: the caller, who may give up waiting, or the
/// conversation, which may be about to hand it over. An email that is told to stay queued must not
/// arrive all the same, and then once more.
#[derive(Clone, Default)]
struct Hold(Arc<AtomicU8>);

impl Hold {
    const OPEN: u8 = 0;
    const GIVEN_UP: u8 = 1;
    const HANDED_OVER: u8 = 2;

    /// Gives up, unless the letter is being handed over at this moment.
    fn give_up(&self) {
        let _ = self.0.compare_exchange(Self::OPEN, Self::GIVEN_UP, Ordering::SeqCst, Ordering::SeqCst);
    }

    /// Whether nobody waits for the letter any more.
    fn is_given_up(&self) -> bool {
        self.0.load(Ordering::SeqCst) == Self::GIVEN_UP
    }

    /// Takes the letter to hand it over. Returns whether somebody still waits for it.
    fn take(&self) -> bool {
        self.0.compare_exchange(Self::OPEN, Self::HANDED_OVER, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }
}

/// The thread that speaks with the server.
struct Worker {
    letters: Sender<Letter>,
    answers: Receiver<std::result::Result<(), Trouble>>,
}

impl Smtp {
    /// Takes the server as it is configured, and reads the files that the configuration names.
    ///
    /// # Errors
    /// Unavailable: one of them cannot be used.
    pub fn new(server: MailServer) -> Result<Self> {
        let password = server.login.as_ref().map(|login| Password::from_source(&login.password)).transpose()?;
        let certificates = server.certificates.as_ref().map(read_certificates).transpose()?;
        Ok(Self { server, password, certificates, worker: None })
    }

    /// The server as it is configured.
    pub fn server(&self) -> &MailServer {
        &self.server
    }

    /// Hands an email to the server, within this time for everything: the look-up of its name, the
    /// connection, the login, the message and the answer.
    ///
    /// # Errors
    /// It was not taken, and whose fault that is.
    pub fn send(&mut self, email: &Email, message: Vec<u8>, limit: Duration) -> std::result::Result<(), Failure> {
        let letter = self.letter(email, message).map_err(|error| Failure::Refused(Error::unavailable(error)))?;
        let answer = self.converse(letter, limit);
        if matches!(answer, Err(Trouble::Server { .. })) {
            // What comes next begins anew: this conversation may still be stuck.
            self.worker = None;
        }
        answer.map_err(|trouble| trouble.into_failure(&self.server.name(), &email.to.address))
    }

    /// Speaks with the server as far as its login, and takes leave: no email is offered.
    ///
    /// # Errors
    /// Unavailable: the server does not work.
    pub fn greet(&self) -> Result<()> {
        let (answer, answers) = mpsc::channel();
        let mut conversation = Conversation::new(self.server.clone(), self.password.clone(), self.certificates.clone());
        let speak = move || {
            let greeted = conversation.greet();
            conversation.end(GOODBYE);
            // Nobody may be waiting any more.
            let _ = answer.send(greeted);
        };
        let greeted = match thread::Builder::new().name("smtp".to_owned()).spawn(speak) {
            Ok(_) => match answers.recv_timeout(self.server.timeout + GOODBYE) {
                Ok(greeted) => greeted,
                Err(RecvTimeoutError::Timeout) => Err(Trouble::too_slow(self.server.timeout)),
                Err(RecvTimeoutError::Disconnected) => Err(Trouble::server("could not be spoken to: the conversation broke off", "")),
            },
            Err(_) => Err(Trouble::server("could not be spoken to: this machine has no thread left", "")),
        };
        greeted.map_err(|trouble| match trouble.into_failure(&self.server.name(), "") {
            Failure::Server(error) | Failure::NotYet(error) | Failure::Refused(error) => error,
        })
    }

    fn letter(&self, email: &Email, message: Vec<u8>) -> std::result::Result<Letter, String> {
        let from = self.server.sender.as_ref().map_or(email.from().address.as_str(), |sender| sender.as_str());
        let address = |text: &str| text.parse::<Address>().map_err(|_| format!("An email cannot be sent: {text} is not an email address"));
        let message = String::from_utf8(message).map_err(|_| "An email cannot be sent: it is not text".to_owned())?;
        Ok(Letter { from: address(from)?, to: address(&email.to.address)?, message, hold: Hold::default() })
    }

    fn converse(&mut self, letter: Letter, limit: Duration) -> std::result::Result<(), Trouble> {
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => self.start()?,
        };
        let hold = letter.hold.clone();
        let answer = match worker.letters.send(letter) {
            Ok(()) => worker.answers.recv_timeout(limit),
            Err(_) => Err(RecvTimeoutError::Disconnected),
        };
        match answer {
            Ok(answer) => {
                self.worker = Some(worker);
                answer
            }
            Err(RecvTimeoutError::Timeout) => {
                hold.give_up();
                Err(Trouble::too_slow(self.server.timeout))
            }
            Err(RecvTimeoutError::Disconnected) => Err(Trouble::server("could not be spoken to: the conversation broke off", "")),
        }
    }

    fn start(&self) -> std::result::Result<Worker, Trouble> {
        let (letters, to_send) = mpsc::channel::<Letter>();
        let (answer, answers) = mpsc::channel();
        let mut conversation = Conversation::new(self.server.clone(), self.password.clone(), self.certificates.clone());
        let speak = move || {
            while let Ok(letter) = to_send.recv() {
                if answer.send(conversation.send(&letter)).is_err() {
                    return;
                }
            }
            conversation.end(GOODBYE);
        };
        match thread::Builder::new().name("smtp".to_owned()).spawn(speak) {
            Ok(_) => Ok(Worker { letters, answers }),
            Err(_) => Err(Trouble::server("could not be spoken to: this machine has no thread left", "")),
        }
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        if let Some(Worker { letters, answers }) = self.worker.take() {
            // The thread says goodbye when there is nothing left to send, and then hangs up here.
            drop(letters);
            let _ = answers.recv_timeout(GOODBYE);
        }
    }
}

fn read_certificates(file: &NamedFile) -> Result<Vec<u8>> {
    let shown = file.path.display();
    let wrong = |what: String| {
        Error::unavailable(format!("{}: the certificate file {shown} {what}", file.place))
            .hint("Nothing was changed. Correct ‘ca_file’, or leave it out to trust the system’s certificates.")
    };
    let pem = std::fs::read(&file.path).map_err(|cause| wrong(format!("cannot be read: {}", cause.kind())).caused_by(cause))?;
    const BEGINNING: &[u8] = b"-----BEGIN CERTIFICATE-----";
    if !pem.windows(BEGINNING.len()).any(|window| window == BEGINNING) {
        return Err(wrong("holds no certificate".to_owned()));
    }
    Ok(pem)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::{Hold, Smtp};
    use crate::domain::mail_server::{MailServer, Security};
    use crate::domain::notice::Notice;
    use crate::mail::transport::Failure;
    use crate::mail::{examples, message};

    #[test]
    fn a_letter_goes_or_is_given_up_and_never_both() {
        let hold = Hold::default();
        hold.give_up();
        assert!(hold.is_given_up() && !hold.take());
        let hold = Hold::default();
        assert!(hold.take());
        hold.give_up();
        assert!(!hold.is_given_up());
    }

    /// A server that greets only once the caller has given up, and takes whatever comes after.
    #[test]
    fn an_email_that_nobody_waits_for_any_more_is_not_handed_over() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (given_up, may_greet) = mpsc::channel::<()>();
        let serving = thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            may_greet.recv().unwrap();
            (&stream).write_all(b"220 late\r\n").unwrap();
            let mut heard = Vec::new();
            for line in BufReader::new(&stream).lines().map_while(std::io::Result::ok) {
                let answer: &[u8] = if line == "DATA" { b"354 go on\r\n" } else { b"250 ok\r\n" };
                heard.push(line);
                if (&stream).write_all(answer).is_err() {
                    break;
                }
            }
            heard
        });
        let server = MailServer {
            host: "127.0.0.1".to_owned(),
            port,
            security: Security::None,
            login: None,
            sender: None,
            certificates: None,
            timeout: Duration::from_secs(10),
        };
        let mut smtp = Smtp::new(server).unwrap();
        let email = examples::email(Notice::Removal, &examples::user("Ann", "Abel"));
        let sent = smtp.send(&email, message::to_bytes(&email, None).unwrap(), Duration::from_millis(200));
        assert!(matches!(sent, Err(Failure::Server(_))));
        given_up.send(()).unwrap();
        let heard = serving.join().unwrap();
        assert!(heard.iter().any(|line| line.starts_with("EHLO")), "{heard:?}");
        assert!(!heard.iter().any(|line| line.starts_with("MAIL")), "{heard:?}");
    }
}
