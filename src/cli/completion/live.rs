//! The values that only this machine and the database know.

use std::ffi::OsStr;

use clap_complete::engine::CompletionCandidate;

use super::line::Line;
use super::offers::{self, Seen};
use super::source::Source;
use crate::cli::topics::TOPICS;
use crate::cli::whole;
use crate::config::{KnownService, Settings};
use crate::domain::notice::EmailStatus;
use crate::domain::service::{ENVIRONMENTS, Setting};
use crate::domain::yes_no;
use crate::store::glance::Offer;

/// What is known when Tab is pressed.
pub struct Live {
    pub line: Line,
    /// Nothing where the configuration cannot be used.
    pub settings: Option<Settings>,
    pub services: Vec<KnownService>,
    pub fields: Vec<(&'static str, &'static str)>,
}

impl Live {
    /// What could stand for an argument after what was typed of it.
    pub fn candidates(&self, source: Source, typed: &OsStr) -> Vec<CompletionCandidate> {
        let Some(typed) = typed.to_str() else { return Vec::new() };
        let offers = match source {
            Source::Services => self.services.iter().map(|service| offer(&service.name, service.kind.default_name())).collect(),
            Source::Fields => {
                let chosen = self.line.listed_before();
                self.fields.iter().filter(|(key, _)| !chosen.contains(key)).map(|(key, title)| offer(key, title)).collect()
            }
            Source::Environments => plain(&ENVIRONMENTS),
            Source::SettingValues => self.setting().map(|setting| plain(setting.choices())).unwrap_or_default(),
            Source::YesNo => plain(&[yes_no::word(true), yes_no::word(false)]),
            Source::CommandsAndTopics => self.commands(true),
            Source::Commands => self.commands(false),
            Source::Users => return self.seen(Seen::Users, typed),
            Source::Everybody => return self.seen(Seen::Everybody, typed),
            Source::Organisations => return self.seen(Seen::Organisations, typed),
            Source::Emails => return self.seen(Seen::Emails { statuses: self.statuses() }, typed),
            Source::ApiClients => return self.seen(Seen::ApiClients, typed),
            Source::Members => match self.line.positionals.first() {
                Some(organisation) => return self.seen(Seen::Members { organisation }, typed),
                None => Vec::new(),
            },
        };
        offers.into_iter().filter(|offer| offer.value.starts_with(typed)).map(candidate).collect()
    }

    fn seen(&self, seen: Seen<'_>, typed: &str) -> Vec<CompletionCandidate> {
        self.settings.iter().flat_map(|settings| offers::look(settings, seen, typed)).map(candidate).collect()
    }

    /// How far emails have got that the command is for.
    fn statuses(&self) -> Option<&'static [EmailStatus]> {
        match self.line.command.last().map(String::as_str) {
            Some("cancel") => Some(&[EmailStatus::Queued]),
            Some("retry") => Some(&[EmailStatus::Queued, EmailStatus::Refused]),
            _ => None,
        }
    }

    fn setting(&self) -> Option<Setting> {
        self.line.positionals.first().and_then(|key| Setting::from_key(key))
    }

    /// The commands inside the one whose words were typed already.
    fn commands(&self, with_topics: bool) -> Vec<Offer> {
        let root = whole();
        let typed = &self.line.positionals;
        let Some(command) = typed.iter().try_fold(&root, |command, word| command.find_subcommand(word)) else { return Vec::new() };
        let about = |command: &clap::Command| command.get_about().map(ToString::to_string).unwrap_or_default();
        let commands = command.get_subcommands().map(|inner| offer(inner.get_name(), &about(inner)));
        let topics = TOPICS.iter().filter(|_| with_topics && typed.is_empty()).map(|topic| offer(topic.name, topic.about));
        commands.chain(topics).collect()
    }
}

fn offer(value: &str, description: &str) -> Offer {
    Offer { value: value.to_owned(), description: description.to_owned() }
}

fn plain(values: &[&str]) -> Vec<Offer> {
    values.iter().map(|value| offer(value, "")).collect()
}

fn candidate(offer: Offer) -> CompletionCandidate {
    let help = (!offer.description.is_empty()).then(|| offer.description.into());
    CompletionCandidate::new(offer.value).help(help)
}
