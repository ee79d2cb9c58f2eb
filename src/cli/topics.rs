//! What is worth knowing of every command: help that is about none of them.

/// A part of a topic.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// A paragraph.
    Text(&'static str),
    /// Words and what each means.
    Meanings(&'static [(&'static str, &'static str)]),
    /// Lines that stay as they are.
    Lines(&'static [&'static str]),
}

/// A topic of the help.
#[derive(Debug)]
pub struct Topic {
    pub name: &'static str,
    pub about: &'static str,
    pub parts: &'static [Part],
}

/// Every topic, by name.
pub const TOPICS: [Topic; 4] = [
    Topic { name: "accessibility", about: "Screen readers, plain questions, colour", parts: ACCESSIBILITY },
    Topic { name: "environment", about: "The environment variables", parts: ENVIRONMENT },
    Topic { name: "exit-codes", about: "What a script can tell from how a command ends", parts: EXIT_CODES },
    Topic { name: "formats", about: "The formats of what is printed, and choosing fields", parts: FORMATS },
];

const ACCESSIBILITY: &[Part] = &[
    Part::Text(
        "With --accessible every question is asked in plain numbered lines, one after another: nothing is redrawn, no colour is used, \
         and no key but Enter is needed. FRONTDESK_ACCESSIBLE=yes, or accessible = true in the configuration file, makes it so for \
         every command; a terminal with TERM=dumb gets it anyway.",
    ),
    Part::Text(
        "Nothing is ever said by colour alone. --color never, or NO_COLOR with any value, switches colour off; --color always switches \
         it on. Tables have no lines drawn around them; on a terminal narrower than 60 columns each record is a block of its own, and \
         an email address or an id is never cut.",
    ),
    Part::Text(
        "Every change can be made without a question: give the answers as flags, and --yes. Once a change is saved at a terminal, the \
         command that makes it without questions is printed.",
    ),
];

/// The variables that a run reads.
pub const ENVIRONMENT: &[Part] = &[
    Part::Text(
        "Flags beat these variables, the variables beat the configuration file, and the file beats the defaults. ‘frontdesk whoami’ \
         shows every value with where it came from. An empty variable counts as unset.",
    ),
    Part::Meanings(&[
        ("FRONTDESK_SERVICE", "the service to work in, as --service"),
        ("FRONTDESK_DATABASE", "the file that holds the records, or the postgresql:// address of their database, as --database"),
        ("FRONTDESK_AS", "the email address of the person who acts, as --as"),
        ("FRONTDESK_CONFIG", "the configuration file, in place of config.toml in the configuration directory"),
        ("FRONTDESK_ACCESSIBLE", "yes: ask in plain numbered questions, as --accessible"),
        ("FRONTDESK_NO_INPUT", "yes: never ask anything, as --no-input"),
        ("FRONTDESK_SMTP_PASSWORD", "the password for the mail server; it beats the configuration file, and there is no flag for it"),
        ("NO_COLOR", "with any value: no colour, unless --color says otherwise"),
        ("CLICOLOR_FORCE", "with any value but 0: colour although the output is no terminal"),
        ("TERM", "dumb: no colour, and plain questions"),
    ]),
    Part::Text(
        "Where the database is a postgresql:// address, what it leaves open comes from the variables of PostgreSQL’s own programs, \
         and means what it means to them:",
    ),
    Part::Meanings(&[
        ("PGHOST, PGPORT", "the servers and their ports, separated by commas, or the directory of a Unix socket"),
        ("PGUSER", "the user; without it the account of the operating system"),
        ("PGDATABASE", "the database; without it the one called like the user"),
        ("PGPASSWORD", "the password"),
        ("PGPASSFILE", "the file of passwords, in place of ~/.pgpass; nobody else may be able to use it"),
        ("PGSSLMODE", "disable, prefer, require, verify-ca or verify-full; without it prefer"),
        ("PGSSLROOTCERT", "the certificates to trust, in place of ~/.postgresql/root.crt, or system for those of the system"),
        ("PGTARGETSESSIONATTRS", "which of several servers to take: any, read-write, read-only or primary"),
        ("PGCONNECT_TIMEOUT", "how many seconds one server is waited for; without it 10"),
        ("PGOPTIONS", "settings of the session, like -c statement_timeout=5s"),
    ]),
];

/// What the exit codes mean.
pub const EXIT_CODES: &[Part] = &[
    Part::Meanings(&[
        ("0", "done"),
        ("1", "unexpected failure"),
        ("2", "the command line could not be understood, or needs --yes"),
        ("3", "there is a problem with the answers"),
        ("4", "nobody, or nothing, by that name"),
        (
            "5",
            "conflict and nothing else wrong: the email address, the code or the name is in use, or somebody changed the record meanwhile",
        ),
        ("6", "refused by a rule: permission, locked after sign-in, yourself, a guard, a protected service"),
        ("7", "configuration, database or mail server unavailable: busy, damaged, missing, or of another version"),
        ("8", "done, but something is left over: emails not delivered, with --require-delivery or by emails send"),
        ("9", "cancelled by the person: No, Esc, Cancel, or the end of the input; leaving the desk is 0"),
        ("130", "Ctrl-C, or a stopped run of emails send"),
    ]),
    Part::Text("Where several causes hold, the code is the first of these: 2, 7, 6, 4, 3, 5. A dry run ends as the change would have."),
];

const FORMATS: &[Part] = &[
    Part::Meanings(&[
        ("table", "for people, and the default: a page at a time, times in London"),
        ("plain", "one record a line, tabs between its fields, no header; a tab or a line break in a value is a space"),
        ("json", "one object; an error is one object on standard error"),
        ("jsonl", "one object a line; an error is one object on standard error"),
        ("csv", "with a header, and CRLF at the end of each line; a cell that a spreadsheet would run as a formula gets one ' before it"),
        ("ids", "the ids alone, one a line; none of an import"),
    ]),
    Part::Text(
        "Every format but table stays the same from version to version, is complete unless a page is asked for with --page or \
         --per-page, has its times in UTC as RFC 3339 writes them, to the millisecond, and is never wrapped or cut. --json is short for --format json.",
    ),
    Part::Text("The answer to ‘api-clients add’, and to nothing else, has a token, in every format but ids, which warns."),
    Part::Text(
        "--fields chooses fields and their order, separated by commas; a name that is wrong is answered with those that are right. A \
         field of a field has a dot, like actor.email, and the name before the dot alone stands for all of them.",
    ),
    Part::Text(
        "The object of an error has an exit code, ‘exit’, and the ‘error’ itself: its ‘code’, a finer ‘reason’ or null, the ‘message’, \
         ‘fields’ with each problem that an answer has, and a ‘hint’ or null. In the ‘fields’ of an import each problem has the ‘line’ of \
         its row, and a null ‘field’ where the row is wrong as a whole; of more than 10,000 problems the first are there, and ‘more’ is \
         the number of those that were left out. It is absent where none was.",
    ),
    Part::Lines(&[
        "frontdesk users list --format csv --fields email,first_name,last_name",
        "frontdesk users list --format ids --status active",
        "frontdesk activity list --format plain --fields at,action,subject.label",
    ]),
];

/// Where things are.
pub const FILES: &[Part] = &[
    Part::Meanings(&[
        ("~/.config/frontdesk/config.toml", "the configuration, unless FRONTDESK_CONFIG names another file"),
        ("~/.local/share/frontdesk/SERVICE.db", "the records of a service, unless --database or FRONTDESK_DATABASE names another database"),
        ("~/.local/share/frontdesk/emails/", "the emails that no mail server took, one file each; always beside the file of the database"),
    ]),
    Part::Text("The directories follow XDG_CONFIG_HOME and XDG_DATA_HOME. ‘frontdesk whoami’ shows where things are now."),
];

/// The topic of this name.
pub fn topic(name: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.name == name)
}

impl Topic {
    /// The topic as plain text, wrapped to this many columns.
    pub fn text(&self, columns: usize) -> String {
        let parts = self.parts.iter().map(|part| part.text(columns));
        std::iter::once(wrapped(self.about, columns, "") + "\n").chain(parts).collect::<Vec<_>>().join("\n")
    }
}

impl Part {
    fn text(self, columns: usize) -> String {
        match self {
            Self::Text(text) => wrapped(text, columns, "") + "\n",
            Self::Lines(lines) => lines.iter().map(|line| format!("  {line}\n")).collect(),
            Self::Meanings(meanings) => {
                let longest = meanings.iter().map(|(word, _)| word.len()).max().unwrap_or_default();
                meanings.iter().map(|(word, meaning)| meaning_text(word, meaning, longest, columns)).collect()
            }
        }
    }
}

/// A word with its meaning beside it, or under it where that would leave too little room.
fn meaning_text(word: &str, meaning: &str, longest: usize, columns: usize) -> String {
    let beside = longest + 4;
    let (first, indent) = if columns >= beside + 30 { (format!("  {word:longest$}  "), beside) } else { (format!("  {word}\n      "), 6) };
    let indent = " ".repeat(indent);
    // What is wrapped begins at the same column whether or not the word stands before it.
    format!("{first}{}\n", wrapped(meaning, columns, &indent).trim_start())
}

/// Broken at spaces alone: half a flag is of no use.
fn wrapped(text: &str, columns: usize, indent: &str) -> String {
    let options = textwrap::Options::new(columns).initial_indent(indent).subsequent_indent(indent);
    textwrap::fill(text, options.word_splitter(textwrap::WordSplitter::NoHyphenation).break_words(false))
}
