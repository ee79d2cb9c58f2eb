//! What every command has at hand: the settings, the printer, and the way to open the desk.

use crate::cli::{ChangeArguments, FormatArguments, PagingArguments};
use crate::config::{Delivery, Settings};
use crate::domain::actor::ActorClaim;
use crate::domain::change::Outcome;
use crate::domain::notice::EmailStatus;
use crate::domain::page::PastTheEnd;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::ops::delivery::{self, Deliveries, Transport};
use crate::ops::desk::{ChangeOptions, Desk, Location, Opening, Purpose};
use crate::ops::paging::Paging;
use crate::output::change::ChangeView;
use crate::output::fields;
use crate::output::format::Format;
use crate::output::printer::Printer;
use crate::output::record::{Detailed, Record};
use crate::output::style::View;
use crate::world::{Account, Clock, Ids};

/// One run of a command.
pub struct Session<'world> {
    pub settings: Settings,
    pub printer: Printer<'world>,
    pub clock: Clock,
    pub ids: Ids,
    pub account: Account,
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
        let transport = if self.settings.delivery.value == Delivery::Now { Some(self.transport()?) } else { None };
        self.open(Purpose::Change, transport)
    }

    /// Opens the desk to deliver what is queued.
    ///
    /// # Errors
    /// As for a change.
    pub fn deliver(&mut self) -> Result<Desk> {
        let transport = self.transport()?;
        self.open(Purpose::Look, Some(transport))
    }

    fn transport(&self) -> Result<Transport> {
        match &self.settings.smtp {
            Some(smtp) => Transport::smtp(smtp.mail_server()?),
            None => Ok(Transport::Files(self.settings.emails.clone())),
        }
    }

    /// Says where the database is, if this change was its first.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn tell_of_creation(&mut self, desk: &Desk) -> Result<()> {
        if !desk.has_created_database() {
            return Ok(());
        }
        self.printer.note(&format!("Created the database {}", self.settings.database.value.display()))
    }

    fn open(&mut self, purpose: Purpose, transport: Option<Transport>) -> Result<Desk> {
        let settings = &self.settings;
        self.printer.detail(&format!("Opening the database {}", settings.database.value.display()))?;
        Desk::open(Opening {
            location: Location { path: settings.database.value.clone(), named: settings.database_is_named() },
            purpose,
            wanted: settings.wanted_kind(),
            expected_environment: settings.expected_environment.as_ref().map(|environment| environment.value.clone()),
            claim: self.actor(),
            clock: self.clock,
            ids: self.ids,
            transport,
        })
    }

    fn actor(&self) -> ActorClaim {
        match &self.settings.actor {
            Some(actor) => ActorClaim::Email { email: actor.value.clone(), origin: actor.origin.to_string() },
            None => ActorClaim::OperatingSystem { label: format!("os:{}", self.account.label()) },
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
        let Some(names) = &arguments.fields else { return Ok(()) };
        if self.printer.style().format == Format::Ids {
            return Err(Error::usage("--fields cannot be used with --format ids, which prints ids alone")
                .hint("For ids and more: --format plain --fields id,…"));
        }
        self.printer.choose_fields(fields::resolve(R::FIELDS, &names.join(","))?);
        Ok(())
    }

    /// Refuses `--fields` where there are no records to choose from.
    ///
    /// # Errors
    /// It was given.
    pub fn refuse_fields(&self, arguments: &FormatArguments) -> Result<()> {
        match arguments.fields {
            Some(_) => Err(Error::usage("--fields cannot be used with this command").hint("Leave it out.")),
            None => Ok(()),
        }
    }

    /// What part of a list was asked for: a table is paged, every other format is complete unless a
    /// page is asked for.
    pub fn paging(&self, arguments: &PagingArguments) -> Paging {
        let is_machine = self.printer.style().format.is_machine();
        let asks_for_page = arguments.page.is_some() || arguments.per_page.is_some();
        Paging {
            all: arguments.all || (is_machine && !asks_for_page),
            page: arguments.page,
            per_page: arguments.per_page,
            past_the_end: if is_machine { PastTheEnd::Empty } else { PastTheEnd::LastPage },
        }
    }

    /// Delivers the emails of a change that is stored, prints what came of everything, and says how
    /// the run ends.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn finish_change<R: Detailed>(
        &mut self,
        desk: &mut Desk,
        mut outcome: Outcome<R>,
        words: Words<'_>,
        require_delivery: bool,
    ) -> Result<Exit> {
        let delivers = !outcome.dry_run && self.settings.delivery.value == Delivery::Now;
        let deliveries = if delivers && !outcome.emails.is_empty() {
            self.printer.detail("Delivering the emails of this change")?;
            delivery::deliver_own(desk, &mut outcome.emails)
        } else {
            Deliveries::default()
        };
        self.tell_of_creation(desk)?;
        let view = self.view(desk);
        self.printer.change(&outcome, &ChangeView { banner: words.banner, unchanged: words.unchanged, view })?;
        for address in &deliveries.sent {
            self.printer.note(&format!("Email sent to {address}"))?;
        }
        self.tell_deliveries(&deliveries)?;
        let left_over = !outcome.dry_run && outcome.emails.iter().any(|email| email.status != EmailStatus::Sent);
        Ok(if left_over && require_delivery { Exit::LeftOver } else { Exit::Done })
    }

    /// Says where emails went, and which did not go and why.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn tell_deliveries(&mut self, deliveries: &Deliveries) -> Result<()> {
        for path in &deliveries.written {
            self.printer.note(&format!("Email written to {}", path.display()))?;
        }
        for error in deliveries.failed.iter().chain(&deliveries.server_failed) {
            let hint = error.hint.as_deref().unwrap_or_default();
            self.printer.warning(format!("{}. {hint}", error.message).trim_end())?;
        }
        Ok(())
    }
}

/// What people are told of a change that is done, or that there was nothing to do.
pub struct Words<'a> {
    pub banner: &'a str,
    pub unchanged: &'a str,
}

/// What was asked of a change besides the change itself.
impl From<&ChangeArguments> for ChangeOptions {
    fn from(arguments: &ChangeArguments) -> Self {
        Self { dry_run: arguments.dry_run, no_email: arguments.no_email, environment: arguments.environment.clone() }
    }
}

/// The command that shows another page of the same list.
pub fn page_command(command: &str, filter: &[(&str, &str)], paging: &PagingArguments, page: u64) -> String {
    let mut words = format!("frontdesk {command}");
    for (flag, value) in filter {
        let quoted = shlex::try_quote(value).unwrap_or_default();
        words.push_str(&format!(" {flag} {quoted}"));
    }
    if let Some(per_page) = paging.per_page {
        words.push_str(&format!(" --per-page {per_page}"));
    }
    format!("{words} --page {page}")
}
