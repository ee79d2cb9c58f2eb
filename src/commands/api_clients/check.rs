//! `frontdesk api-clients check`: whose token it is that comes on standard input.

use std::io::Read;

use zeroize::Zeroizing;

use crate::ask::Reply;
use crate::cli::ApiClientsCheck;
use crate::commands::Session;
use crate::commands::journey::walk;
use crate::domain::api_token::Token;
use crate::domain::refusal::Reason;
use crate::domain::secret::Secret;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::api_clients;
use crate::world;

/// Far more than a token has, and too little to fill the memory with.
const LONGEST_LINE: usize = 1024;
const PIPE: &str = "Give the token as one line of standard input: frontdesk api-clients check < FILE";

pub fn run(_arguments: &ApiClientsCheck, session: &mut Session<'_>) -> Result<Exit> {
    world::keep_memory_private();
    if session.prompter.is_none() && session.input_is_terminal {
        return Err(Error::usage("The token cannot be asked for here, where it would be seen").hint(PIPE));
    }
    let mut desk = session.look()?;
    api_clients::check_may_use(&mut desk)?;
    let token = if session.prompter.is_some() { asked_for(session)? } else { read(session.stdin)? };
    let client = api_clients::check(&mut desk, &token)?;
    session.printer.token_check(&client)?;
    session.printer.flush()?;
    // Whoever waits for the answer has it by now; where the database can only be read, that is all.
    if let Err(error) = api_clients::record_use(&mut desk, &client) {
        session.printer.detail(&format!("That the API client was used was not recorded: {}", error.message))?;
    }
    Ok(Exit::Done)
}

fn asked_for(session: &mut Session<'_>) -> Result<Token> {
    walk(session, |_session, prompter| match prompter.secret("API client token")? {
        Reply::Given(typed) => token_of(typed.reveal()),
        Reply::Back => Err(Error::cancelled()),
    })
}

/// Reads the first line, and no further: whoever writes it may leave the pipe open.
fn read(input: &mut dyn Read) -> Result<Token> {
    let mut line = Zeroizing::new(Vec::with_capacity(2 * LONGEST_LINE));
    let mut part = Zeroizing::new([0; LONGEST_LINE]);
    while !line.contains(&b'\n') && line.len() <= LONGEST_LINE {
        let read = input
            .read(part.as_mut_slice())
            .map_err(|cause| Error::unavailable("Standard input could not be read").hint(PIPE).caused_by(cause))?;
        if read == 0 {
            break;
        }
        line.extend_from_slice(part.get(..read).unwrap_or_default());
    }
    let first = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if first.len() > LONGEST_LINE {
        return Err(Error::invalid("What came on standard input is too long for a token").hint(PIPE));
    }
    // No token has anything but letters, digits and one low line.
    token_of(std::str::from_utf8(first).map_err(|_| Error::token_refused(Reason::Unknown))?)
}

fn token_of(line: &str) -> Result<Token> {
    match line.trim() {
        "" => Err(Error::invalid("There is no token on standard input").hint(PIPE)),
        token => Ok(Token::given(Secret::new(token))),
    }
}
