//! What every command has at hand: the settings, the printer, and the way to open the desk.

use std::io::{Read, Write as _};

use super::fields;
use crate::ask::Prompter;
use crate::cli::{ChangeArguments, FormatArguments, GlobalArguments, PagingArguments, flag_with_value};
use crate::config::{Delivery, NamedDatabase, Origin, Settings};
use crate::domain::actor::ActorClaim;
use crate::domain::page::PastTheEnd;
use crate::domain::storing::Storing;
use crate::domain::waiting::Waiting;
use crate::error::{Error, Result};
use crate::ops::delivery::Transport;
use crate::ops::desk::{ChangeOptions, Desk, Location, Opening, Purpose, Wanted};
use crate::ops::paging::Paging;
use crate::output::change::in_environment;
use crate::output::flow;
use crate::output::printer::Printer;
use crate::output::progress::ProgressLook;
use crate::output::record::Record;
use crate::output::safe_text::safe_text;
use crate::output::style::View;
use crate::world::{Account, Clock, Environment, Ids};

/// One run of a command.
pub struct Session<'world> {
    pub settings: Settings,
    pub printer: Printer<'world>,
    /// What a file called `-` is read from.
    pub stdin: &'world mut dyn Read,
    pub clock: Clock,
    pub ids: Ids,
    pub account: Account,
    /// What else a name of a database may depend on.
    pub environment: &'world Environment,
    /// The options of this run that every command takes.
    pub globals: GlobalArguments,
    /// How far this run has come with storing.
    pub storing: Storing,
    /// Who asks the person, where they may be asked.
    pub prompter: Option<Box<dyn Prompter>>,
    /// How a long run tells how far it has come.
    pub progress: ProgressLook,
    /// Somebody types on standard input.
    pub input_is_terminal: bool,
    /// What goes to standard output is seen by nobody.
    pub output_is_null: bool,
    /// Somebody types, but would not see a question: standard error goes elsewhere.
    pub questions_unseen: bool,
}

impl Session<'_> {
    /// Opens the desk to look.
    ///
    /// # Errors
    /// The database cannot be used; the same holds for a change.
    pub fn look(&mut self) -> Result<Desk> {
        self.open(Purpose::Look, None)
    }

    /// Opens the desk for a change, whose emails are delivered right after it unless that is left
    /// for later. A dry run only looks.
    ///
    /// # Errors
    /// Also that what the configuration says of the mail server cannot be used.
    pub fn change(&mut self, dry_run: bool) -> Result<Desk> {
        if dry_run {
            return self.look();
        }
        let transport = if self.settings.delivery.value == Delivery::Now { self.transport()? } else { None };
        self.open(Purpose::Change, transport)
    }

    /// Opens the desk for a change that sends no email, whatever is wrong with the mail server's
    /// configuration. A dry run only looks.
    ///
    /// # Errors
    /// The database cannot be used.
    pub fn change_without_email(&mut self, dry_run: bool) -> Result<Desk> {
        if dry_run { self.look() } else { self.open(Purpose::Change, None) }
    }

    /// Opens the desk for a change that these flags ask for.
    ///
    /// # Errors
    /// As for a change with its emails, or without.
    pub fn change_by(&mut self, change: &ChangeArguments) -> Result<Desk> {
        if change.no_email { self.change_without_email(change.dry_run) } else { self.change(change.dry_run) }
    }

    /// Opens the desk to deliver what is queued.
    ///
    /// # Errors
    /// As for a change; also that there is no way to deliver anything.
    pub fn deliver(&mut self) -> Result<Desk> {
        let transport = self.transport()?.ok_or_else(|| {
            Error::unavailable("No mail server is configured, so the emails of this shared database stay queued").hint(
                "Nothing was changed. Name the mail server in the configuration file, on this machine or on another that sends the \
                 emails: [smtp] with host = \"smtp.example.com\".",
            )
        })?;
        self.open(Purpose::Look, Some(transport))
    }

    /// How emails leave. Those of a shared database never become files on the machine of whoever
    /// happened to queue them.
    fn transport(&self) -> Result<Option<Transport>> {
        match &self.settings.smtp {
            Some(smtp) => Transport::smtp(smtp.mail_server()?).map(Some),
            None => Ok(self.settings.emails.clone().map(Transport::Files)),
        }
    }

    /// Says where the database is, if this change was its first, and which environment it was made in, if that
    /// is protected.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn tell_of_desk(&mut self, desk: &Desk) -> Result<()> {
        [self.creation(desk), changed_environment(desk)].into_iter().flatten().try_for_each(|line| self.printer.note(&line))
    }

    /// Where the database is, if this run made it.
    pub fn creation(&self, desk: &Desk) -> Option<String> {
        desk.has_created_database().then(|| format!("Created the database {}", self.settings.database.value))
    }

    /// Refuses a change that a person at the keyboard would expect to check first, where they could
    /// not see the questions.
    ///
    /// # Errors
    /// Neither `--yes` nor `--no-input` says that nothing is to be asked.
    pub fn refuse_unseen(&self, change: &ChangeArguments) -> Result<()> {
        if !self.questions_unseen || change.yes || change.dry_run {
            return Ok(());
        }
        Err(Error::usage("Nothing can be asked, because standard error does not go to the terminal")
            .hint("Nothing was changed. To save without checking your answers, add --yes or --no-input."))
    }

    fn open(&mut self, purpose: Purpose, transport: Option<Transport>) -> Result<Desk> {
        self.open_at(self.location(), purpose, transport)
    }

    fn open_at(&mut self, location: Location, purpose: Purpose, transport: Option<Transport>) -> Result<Desk> {
        Desk::open(self.opening(location, purpose, transport))
    }

    fn opening(&mut self, location: Location, purpose: Purpose, transport: Option<Transport>) -> Opening {
        // Nothing has been done yet: a run that ended here for want of a listener would say that it had.
        let _ = self.printer.detail(&format!("Opening the database {}", self.settings.database.value));
        Opening {
            location,
            purpose,
            wanted: self.wanted(),
            storing: self.storing.clone(),
            claim: self.actor(),
            account: self.account.clone(),
            clock: self.clock,
            ids: self.ids,
            transport,
        }
    }

    /// Opens the desk that is to go somewhere else: it must be there.
    ///
    /// # Errors
    /// The database cannot be used.
    pub fn look_at_what_is_there(&mut self) -> Result<Desk> {
        Desk::open(self.opening_of_what_is_there())
    }

    /// How such a desk is opened.
    pub fn opening_of_what_is_there(&mut self) -> Opening {
        let location = Location { named: true, ..self.location() };
        self.opening(location, Purpose::Look, None)
    }

    /// Where the database is.
    pub fn location(&self) -> Location {
        Location { database: self.settings.database.value.clone(), named: self.settings.database_is_named(), waiting: self.waiting() }
    }

    /// What the settings want of the database.
    pub fn wanted(&self) -> Wanted {
        let environment = self.settings.expected_environment.as_ref().map(|environment| environment.value.clone());
        Wanted { kind: self.settings.wanted_kind(), environment }
    }

    /// How the person is told that the database keeps them waiting, where one is there to see it.
    fn waiting(&self) -> Waiting {
        let style = self.printer.style();
        match style.columns_err {
            Some(columns) if !style.quiet && !style.format.has_json_errors() => {
                Waiting::told_by(move |database| tell_waiting(database, columns))
            }
            _ => Waiting::default(),
        }
    }

    /// Who the person says they are.
    pub fn actor(&self) -> ActorClaim {
        match &self.settings.actor {
            Some(actor) => ActorClaim::Email { email: actor.value.clone(), origin: actor.origin.to_string() },
            None => ActorClaim::OperatingSystem,
        }
    }

    /// How records of this service are shown now.
    pub fn view(&self, desk: &Desk) -> View {
        View { now: self.clock.now(), has_api_users: desk.kind.has_api_users() }
    }

    /// Chooses the fields that were asked for.
    ///
    /// # Errors
    /// A field that these records do not have, or a format that has none.
    pub fn choose_fields<R: Record>(&mut self, arguments: &FormatArguments) -> Result<()> {
        if let Some(fields) = fields::chosen::<R>(arguments)? {
            self.printer.choose_fields(fields);
        }
        Ok(())
    }

    /// The flags that another page of the same list needs too: without them it would be a page of
    /// another desk, or have other columns.
    pub fn flags_of_list(&self, arguments: &FormatArguments) -> Vec<(&'static str, String)> {
        let fields = arguments.fields.as_ref().map(|names| ("--fields", names.join(",")));
        self.flags_of_desk().into_iter().chain(fields).collect()
    }

    /// The flags by which this run chose its desk.
    pub fn flags_of_desk(&self) -> Vec<(&'static str, String)> {
        flags_of_desk(&self.globals, &self.settings)
    }

    /// Whether the output is for a script.
    pub fn is_for_machines(&self) -> bool {
        self.printer.style().format.is_machine()
    }

    /// What part of a list was asked for: a table is paged, every other format is complete unless a
    /// page is asked for.
    pub fn paging(&self, arguments: &PagingArguments) -> Paging {
        let is_machine = self.is_for_machines();
        let asks_for_page = arguments.page.is_some() || arguments.per_page.is_some();
        Paging {
            all: arguments.all || (is_machine && !asks_for_page),
            page: arguments.page,
            per_page: arguments.per_page,
            past_the_end: if is_machine { PastTheEnd::Empty } else { PastTheEnd::LastPage },
        }
    }
}

/// What was asked of a change besides the change itself.
impl From<&ChangeArguments> for ChangeOptions {
    fn from(arguments: &ChangeArguments) -> Self {
        Self {
            dry_run: arguments.dry_run,
            no_email: arguments.no_email,
            environment: arguments.environment.clone(),
            asks_environment: false,
        }
    }
}

/// Tells it past the printer, which is held by whoever waits.
#[expect(clippy::disallowed_methods, reason = "the stream of the world is held, too")]
fn tell_waiting(database: &str, columns: u16) {
    let line = format!("Waiting for the database {database}");
    let _ = std::io::stderr().write_all(flow::text(&safe_text(&line), Some(columns)).as_bytes());
}

/// The protected environment that this run has changed something in.
pub fn changed_environment(desk: &Desk) -> Option<String> {
    desk.changed_environment().map(in_environment)
}

fn flags_of_desk(globals: &GlobalArguments, settings: &Settings) -> Vec<(&'static str, String)> {
    let Settings { service, database, actor, .. } = settings;
    // As it was given, but for a password.
    let shown = || globals.database.as_ref().map(NamedDatabase::shown);
    let given = [
        (matches!(service.origin, Origin::Flag(_))).then(|| ("--service", service.value.clone())),
        shown().filter(|_| matches!(database.origin, Origin::Flag(_))).map(|shown| ("--database", shown)),
        actor.as_ref().filter(|actor| matches!(actor.origin, Origin::Flag(_))).map(|actor| ("--as", actor.value.clone())),
    ];
    given.into_iter().flatten().collect()
}

/// The flags by which a run with these settings chose its desk, as a shell takes them.
pub fn words_of_desk(globals: &GlobalArguments, settings: &Settings) -> String {
    flags_of_desk(globals, settings).iter().map(|(flag, value)| flag_with_value(flag, value)).collect::<Vec<_>>().join(" ")
}

/// A command with the flags that name the same desk.
pub fn command_with(command: &str, flags: &[(&str, String)]) -> String {
    let mut words = format!("frontdesk {command}");
    for (flag, value) in flags {
        words.push(' ');
        words.push_str(&flag_with_value(flag, value));
    }
    words
}

/// The command that shows another page of the same list.
pub fn page_command(command: &str, flags: &[(&str, String)], paging: &PagingArguments, page: u64) -> String {
    let mut words = command_with(command, flags);
    if let Some(per_page) = paging.per_page {
        words.push_str(&format!(" --per-page {per_page}"));
    }
    format!("{words} --page {page}")
}
