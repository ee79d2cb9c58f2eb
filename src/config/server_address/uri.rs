//! `postgresql://USER:PASSWORD@HOST:PORT,HOST:PORT/DATABASE?PARAMETER=VALUE&…`, taken apart as
//! PostgreSQL’s clients do. Only what could be a piece of a password that was not written as it must be
//! is refused where they would take it for something else: it would be shown.

use super::mistake::Mistake;
use super::parameters::Parameters;

const SCHEMES: [&str; 2] = ["postgresql://", "postgres://"];

/// What stands behind the scheme; nothing where this is no address of a server.
pub fn after_scheme(address: &str) -> Option<&str> {
    let address = address.trim();
    let rest =
        |scheme: &str| address.get(..scheme.len()).filter(|start| start.eq_ignore_ascii_case(scheme)).and(address.get(scheme.len()..));
    SCHEMES.into_iter().find_map(rest)
}

/// Takes an address apart.
///
/// # Errors
/// What is wrong with it.
pub fn parse(address: &str) -> Result<Parameters, Mistake> {
    let rest = after_scheme(address).unwrap_or_default();
    let mut parameters = Parameters::default();
    let (user_part, rest) = user_part(rest);
    if let Some(part) = user_part {
        let (user, password) = part.split_once(':').unwrap_or((part, ""));
        take_unless_empty(&mut parameters, "user", user)?;
        take_unless_empty(&mut parameters, "password", password)?;
    }
    let (servers, rest) = rest.split_at(end_of_servers(rest));
    take_servers(&mut parameters, servers)?;
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, query),
        None => (rest, ""),
    };
    if path.contains('@') {
        return Err(Mistake::new("an @ stands behind a /").hint_at_encoding());
    }
    take_unless_empty(&mut parameters, "dbname", path.strip_prefix('/').unwrap_or(path))?;
    take_query(&mut parameters, query)?;
    Ok(parameters)
}

/// The user and the password, and what stands behind their `@`: the first, with no `/` before it.
fn user_part(rest: &str) -> (Option<&str>, &str) {
    match rest.find(['@', '/']).and_then(|position| rest.split_at_checked(position)) {
        Some((part, behind)) if behind.starts_with('@') => (Some(part), behind.strip_prefix('@').unwrap_or_default()),
        _ => (None, rest),
    }
}

/// Where the servers end: at the first `/` or `?` that is not in brackets.
fn end_of_servers(rest: &str) -> usize {
    let (mut in_brackets, mut before) = (false, ',');
    for (position, character) in rest.char_indices() {
        match character {
            '[' if before == ',' => in_brackets = true,
            ']' => in_brackets = false,
            '/' | '?' if !in_brackets => return position,
            _ => {}
        }
        before = character;
    }
    rest.len()
}

fn take_servers(parameters: &mut Parameters, servers: &str) -> Result<(), Mistake> {
    let (mut hosts, mut ports) = (Vec::new(), Vec::new());
    for server in servers.split(',') {
        let (host, port) = match server.strip_prefix('[') {
            Some(rest) => {
                let (host, behind) =
                    rest.split_once(']').ok_or_else(|| Mistake::new("an address in brackets has no ] at its end").hint_at_encoding())?;
                if host.is_empty() {
                    return Err(Mistake::new("there is nothing in the brackets").hint_at_encoding());
                }
                if !behind.is_empty() && !behind.starts_with(':') {
                    return Err(Mistake::new("behind a ] there must be a : and a port, or nothing").hint_at_encoding());
                }
                (host, behind.strip_prefix(':').unwrap_or_default())
            }
            None => server.split_once(':').unwrap_or((server, "")),
        };
        hosts.push(host);
        ports.push(port);
    }
    take_unless_empty(parameters, "host", &hosts.join(","))?;
    take_unless_empty(parameters, "port", &ports.join(","))
}

fn take_query(parameters: &mut Parameters, query: &str) -> Result<(), Mistake> {
    let mut pairs = query.split('&').peekable();
    while let Some(pair) = pairs.next() {
        // A last & with nothing behind it does no harm.
        if pair.is_empty() && pairs.peek().is_none() {
            break;
        }
        let (name, value) = pair.split_once('=').ok_or_else(|| Mistake::new("a parameter has no = and no value").hint_at_encoding())?;
        if value.contains('=') {
            return Err(Mistake::new("a parameter has more than one =").hint("In a value, write = as %3D and & as %26."));
        }
        let (name, value) = (decoded(name)?, decoded(value)?);
        let (name, value) = match (name.as_str(), value.as_str()) {
            // As other programs write it.
            ("ssl", "true") => ("sslmode".to_owned(), "require".to_owned()),
            _ => (name, value),
        };
        // With an @ in it this is rather the rest of a password.
        let taken = parameters.take(&name, value);
        taken.map_err(|mistake| if query.contains('@') { Mistake::new("a parameter is wrong").hint_at_encoding() } else { mistake })?;
    }
    Ok(())
}

/// An empty part is one that was not given, so that the environment may say it.
fn take_unless_empty(parameters: &mut Parameters, name: &str, written: &str) -> Result<(), Mistake> {
    // Only the ports of several servers: each has its usual one.
    if written.is_empty() { Ok(()) } else { parameters.take(name, decoded(written)?) }
}

fn decoded(written: &str) -> Result<String, Mistake> {
    let mut bytes = Vec::with_capacity(written.len());
    let mut rest = written.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
        match (digit(), digit()) {
            (Some(0), Some(0)) => return Err(Mistake::new("%00 cannot stand in it")),
            (Some(high), Some(low)) => bytes.push(high << 4 | low),
            _ => return Err(Mistake::new("behind a % there must be two hexadecimal digits").hint_at_encoding()),
        }
    }
    String::from_utf8(bytes).map_err(|_| Mistake::new("what its % stand for is not valid UTF-8").hint_at_encoding())
}

/// The address as it was written, but for the password; nothing is left behind the scheme of one that
/// cannot be understood.
pub fn without_password(address: &str) -> String {
    let Some(rest) = after_scheme(address) else { return address.to_owned() };
    let [scheme, _] = SCHEMES;
    if parse(address).and_then(|parameters| parameters.check()).is_err() {
        return format!("{scheme}…");
    }
    let (user_part, rest) = user_part(rest);
    let user = user_part.and_then(|part| part.split(':').next()).map(|user| format!("{user}@")).unwrap_or_default();
    let (servers, query) = rest.split_once('?').unwrap_or((rest, ""));
    let is_password = |pair: &&str| pair.split_once('=').is_some_and(|(name, _)| decoded(name).is_ok_and(|name| name == "password"));
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_password(pair)).collect();
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    format!("{scheme}{user}{servers}{query}")
}
