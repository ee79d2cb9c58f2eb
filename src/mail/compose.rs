//! What each email says: a notice and the service become a template, and the template and a person an
//! email to queue. The words are in `templates/`, plain text with one line a paragraph.

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use minijinja::{Environment, UndefinedBehavior, context};

use crate::domain::account::Account;
use crate::domain::email_address::EmailAddress;
use crate::domain::email_template::EmailTemplate;
use crate::domain::notice::{Email, EmailStatus, Mailbox, Notice};
use crate::domain::organisation::OrganisationReference;
use crate::domain::sentence::in_a_sentence;
use crate::domain::service::{Service, Setting};
use crate::error::{Error, Result};

/// The name of the template that others take in.
const SIGN_IN_DETAILS: &str = "sign-in-details";

/// What emails that are composed alike are about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Topic {
    pub notice: Notice,
    /// Whether whoever it is about may use the API alone.
    pub api_user: bool,
    /// The organisations that it is about, by name; none for the service's own users.
    pub organisations: Vec<OrganisationReference>,
}

/// What one email is about and where it goes.
#[derive(Clone, Copy)]
pub struct Occasion<'a> {
    pub topic: &'a Topic,
    /// The account that it is about.
    pub account: &'a dyn Account,
    /// Where it goes: the address used until now for the notice to the old address, and the
    /// user's own for every other.
    pub recipient: &'a EmailAddress,
    /// The new email's id.
    pub email_id: &'a str,
    pub now: Timestamp,
}

/// Composes what every email about a topic says (seeds 000, “Adding a user”, “Editing a user” and
/// “Deleting a user”; seeds 002, “Removing a user”; what sign-in details must warn of: seeds 001,
/// “Further considerations”).
///
/// # Errors
/// Unavailable, when somebody stored a help address that is none.
pub fn compose_template(service: &Service, topic: &Topic) -> Result<EmailTemplate> {
    let help_address = help_address(service)?;
    Ok(EmailTemplate {
        from: Mailbox { name: service.name().to_owned(), address: help_address.to_string() },
        subject: subject_line(service, topic.notice),
        text: text(service, &help_address, topic).map_err(Error::internal)?,
    })
}

/// The email that an occasion calls for, queued and due at once.
pub fn compose(template: Arc<EmailTemplate>, occasion: &Occasion<'_>) -> Email {
    Email {
        id: occasion.email_id.to_owned(),
        notice: occasion.topic.notice,
        account: Some(occasion.account.account_id()),
        organisation_id: match (occasion.topic.notice, occasion.topic.organisations.as_slice()) {
            (Notice::Invitation | Notice::Removal, [only]) => Some(only.id.clone()),
            // An address is that of the account, whichever its organisations are.
            _ => None,
        },
        template,
        to: Mailbox { name: occasion.account.full_name(), address: occasion.recipient.to_string() },
        to_first_name: occasion.account.first_name().to_owned(),
        status: EmailStatus::Queued,
        attempts: 0,
        next_attempt_at: Some(occasion.now),
        last_error: None,
        created_at: occasion.now,
        sent_at: None,
    }
}

/// Composes an email that only shows that emails arrive. It is never stored, so that what it counts
/// as does not matter.
///
/// # Errors
/// As [`compose_template`].
pub fn compose_test(service: &Service, recipient: &EmailAddress, email_id: &str, now: Timestamp) -> Result<Email> {
    let help_address = help_address(service)?;
    let name = service.name();
    Ok(Email {
        id: email_id.to_owned(),
        notice: Notice::Invitation,
        account: None,
        organisation_id: None,
        template: Arc::new(EmailTemplate {
            from: Mailbox { name: name.to_owned(), address: help_address.to_string() },
            subject: format!("{}Test email from {name}", service.subject_prefix()),
            text: EmailTemplate::literal(&format!(
                "Hello\n\nThis is a test of how {name} sends emails. It has arrived, so you need do nothing.\n\n\
                 Email {help_address} if you did not expect it.\n"
            )),
        }),
        to: Mailbox { name: String::new(), address: recipient.to_string() },
        to_first_name: String::new(),
        status: EmailStatus::Queued,
        attempts: 0,
        next_attempt_at: None,
        last_error: None,
        created_at: now,
        sent_at: None,
    })
}

fn help_address(service: &Service) -> Result<EmailAddress> {
    EmailAddress::parse(service.value(Setting::HelpAddress)).map_err(|_| {
        Error::unavailable("The service’s help address is not an email address, so no email can be sent from it")
            .hint("Put it right: frontdesk service set help-address name@example.com")
    })
}

fn subject_line(service: &Service, notice: Notice) -> String {
    let (prefix, name) = (service.subject_prefix(), service.name());
    match notice {
        Notice::Invitation => format!("{prefix}Invitation to join {name}"),
        Notice::EmailChanged | Notice::EmailChangedOldAddress => format!("{prefix}Your email address for {name} has changed"),
        Notice::Removal => format!("{prefix}You have been removed from {name}"),
    }
}

/// The files, read once by whoever composes first: an import may compose for thousands of organisations.
/// Without filters or escaping, and with an error where a file names what it was not given.
fn templates() -> std::result::Result<&'static Environment<'static>, minijinja::Error> {
    static TEMPLATES: OnceLock<Environment<'static>> = OnceLock::new();
    if let Some(environment) = TEMPLATES.get() {
        return Ok(environment);
    }
    let mut environment = environment();
    environment.add_template(SIGN_IN_DETAILS, include_str!("templates/sign-in-details.txt"))?;
    environment.add_template(Notice::Invitation.key(), include_str!("templates/invitation.txt"))?;
    environment.add_template(Notice::EmailChanged.key(), include_str!("templates/email-changed.txt"))?;
    environment.add_template(Notice::EmailChangedOldAddress.key(), include_str!("templates/email-changed-old-address.txt"))?;
    environment.add_template(Notice::Removal.key(), include_str!("templates/removal.txt"))?;
    Ok(TEMPLATES.get_or_init(|| environment))
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment
}

/// The text, ending in one line break. Names go in as values, which are never read as templates.
fn text(service: &Service, help_address: &EmailAddress, topic: &Topic) -> std::result::Result<String, minijinja::Error> {
    let templates = templates()?;
    let sign_in_details = if topic.notice.has_sign_in_details() {
        templates.get_template(SIGN_IN_DETAILS)?.render(context! {
            web_address => EmailTemplate::literal(service.value(Setting::WebAddress)),
            recipient => EmailTemplate::ADDRESS,
            api_user => topic.api_user,
        })?
    } else {
        String::new()
    };
    let mut text = templates.get_template(topic.notice.key())?.render(context! {
        first_name => EmailTemplate::FIRST_NAME,
        service => EmailTemplate::literal(service.name()),
        help_address => EmailTemplate::literal(help_address.as_str()),
        recipient => EmailTemplate::ADDRESS,
        api_user => topic.api_user,
        organisations => EmailTemplate::literal(&names(&topic.organisations)),
        sign_in_details => sign_in_details,
    })?;
    text.push('\n');
    Ok(text)
}

/// The names of organisations in a sentence: `Alpha School, Beta School and Gamma School`.
fn names(organisations: &[OrganisationReference]) -> String {
    in_a_sentence(organisations.iter().map(|organisation| organisation.name.clone()).collect())
}

#[cfg(test)]
mod tests;
