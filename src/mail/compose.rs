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
    let names: Vec<&str> = organisations.iter().map(|organisation| organisation.name.as_str()).collect();
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Notice, Setting, context, environment};
    use crate::domain::account::{AccountId, AccountKind};
    use crate::domain::notice::EmailStatus;
    use crate::mail::examples;

    const SIGN_IN_DETAILS_READ: &str = "\
To sign in, go to:
https://register-of-training-providers.education.gov.uk

Sign in with DfE Sign-in, using this email address:
new@education.gov.uk

This is the address that this email was sent to. If you use a different one, you may not be able to sign in, or you may not see everything you need.

If you do not have a DfE Sign-in account, create one with the same email address:
https://profile.signin.education.gov.uk/register

Then come back to this email and sign in.";

    #[test]
    fn an_invitation_says_how_to_sign_in_and_with_which_address() {
        let email = examples::email(Notice::Invitation, &examples::user("Seán", "O’Brien-Smith"));
        assert_eq!(email.subject(), "Invitation to join Register of training providers");
        assert_eq!(
            email.text(),
            format!(
                "\
Hello Seán

You have been added to Register of training providers.

{SIGN_IN_DETAILS_READ}

Email becomingateacher@digital.education.gov.uk if you need help, or if you did not expect this email.
"
            )
        );
    }

    #[test]
    fn an_api_user_is_not_promised_the_whole_service() {
        let mut user = examples::user("Ann", "Abel");
        user.details.api_user = true;
        let email = examples::email(Notice::Invitation, &user);
        assert_eq!(
            email.text(),
            format!(
                "\
Hello Ann

You have been added to Register of training providers as an API user.

{SIGN_IN_DETAILS_READ}

As an API user, you cannot use every part of the service.

Email becomingateacher@digital.education.gov.uk if you need help, or if you did not expect this email.
"
            )
        );
    }

    #[test]
    fn the_new_address_gets_the_sign_in_details() {
        let email = examples::email(Notice::EmailChanged, &examples::user("Ann", "Abel"));
        assert_eq!(email.subject(), "Your email address for Register of training providers has changed");
        assert_eq!(email.to.address, "new@education.gov.uk");
        assert_eq!(
            email.text(),
            format!(
                "\
Hello Ann

Your email address for Register of training providers has changed.

{SIGN_IN_DETAILS_READ}

Email becomingateacher@digital.education.gov.uk if you need help, or if you did not expect this email.
"
            )
        );
    }

    #[test]
    fn the_old_address_is_not_told_the_new_one() {
        let email = examples::email(Notice::EmailChangedOldAddress, &examples::user("Ann", "Abel"));
        assert_eq!(email.subject(), "Your email address for Register of training providers has changed");
        assert_eq!((email.to.name.as_str(), email.to.address.as_str()), ("Ann Abel", "old@education.gov.uk"));
        assert_eq!(
            email.text(),
            "\
Hello Ann

Your email address for Register of training providers has changed. This address, old@education.gov.uk, is no longer used for your account.

Email becomingateacher@digital.education.gov.uk if you did not expect this.
"
        );
    }

    #[test]
    fn a_removal_says_from_what_and_whom_to_ask() {
        let email = examples::email(Notice::Removal, &examples::user("Ann", "Abel"));
        assert_eq!(email.subject(), "You have been removed from Register of training providers");
        assert_eq!(
            email.text(),
            "\
Hello Ann

You have been removed from Register of training providers. You can no longer sign in to it.

Email becomingateacher@digital.education.gov.uk if you think this was a mistake.
"
        );
    }

    #[test]
    fn an_email_about_organisations_names_them() {
        let ann = examples::organisation_user("Ann", "Abel");
        let about = |notice, names: &[&str]| examples::email_about(notice, &ann, names);
        let invitation = about(Notice::Invitation, &["Alpha School"]);
        assert_eq!(
            invitation.text(),
            format!(
                "\
Hello Ann

You have been added to Alpha School in Register of training providers.

{SIGN_IN_DETAILS_READ}

Email becomingateacher@digital.education.gov.uk if you need help, or if you did not expect this email.
"
            )
        );
        assert_eq!(invitation.organisation_id.as_deref(), Some("Alpha School’s id"));
        assert_eq!(
            about(Notice::Removal, &["Alpha School"]).text(),
            "\
Hello Ann

You have been removed from Alpha School in Register of training providers. You can no longer use it for that organisation.

Email becomingateacher@digital.education.gov.uk if you think this was a mistake.
"
        );
        let changed = about(Notice::EmailChanged, &["Alpha School", "Beta School", "Gamma School"]);
        assert!(
            changed.text().starts_with(
                "Hello Ann\n\nYour email address for Alpha School, Beta School and Gamma School in Register of training providers has changed.\n\n"
            ),
            "{}",
            changed.text()
        );
        assert_eq!(changed.organisation_id, None);
        assert!(about(Notice::EmailChangedOldAddress, &["Alpha School", "Beta School"]).text().starts_with(
            "Hello Ann\n\nYour email address for Alpha School and Beta School in Register of training providers has changed. \
             This address, old@education.gov.uk, is no longer used for your account.\n"
        ));
    }

    #[test]
    fn an_email_is_queued_due_at_once_under_a_fixed_message_id() {
        let email = examples::email(Notice::Invitation, &examples::user("Ann", "Abel"));
        assert_eq!(email.id, examples::EMAIL_ID);
        assert_eq!(email.account, Some(AccountId { kind: AccountKind::User, id: examples::USER_ID.to_owned() }));
        assert_eq!(email.organisation_id, None);
        assert_eq!((email.status, email.attempts, email.sent_at), (EmailStatus::Queued, 0, None));
        assert_eq!(email.created_at.to_string(), "2025-12-11T14:13:00Z");
        assert_eq!(email.next_attempt_at, Some(email.created_at));
        assert_eq!(email.message_id(), "<0193b5e1-0000-7000-8000-000000000002@digital.education.gov.uk>");
        assert_eq!(email.from().name, "Register of training providers");
        assert_eq!(email.from().address, "becomingateacher@digital.education.gov.uk");
        assert_eq!((email.to.name.as_str(), email.to.address.as_str()), ("Ann Abel", "new@education.gov.uk"));
    }

    #[test]
    fn outside_production_the_subject_says_so() {
        let staging = examples::service_with(Setting::Environment, "staging");
        let user = examples::user("Ann", "Abel");
        for (notice, subject) in [
            (Notice::Invitation, "[STAGING] Invitation to join Register of training providers"),
            (Notice::EmailChanged, "[STAGING] Your email address for Register of training providers has changed"),
            (Notice::EmailChangedOldAddress, "[STAGING] Your email address for Register of training providers has changed"),
            (Notice::Removal, "[STAGING] You have been removed from Register of training providers"),
        ] {
            assert_eq!(examples::email_from(&staging, notice, &user).map(|email| email.subject().to_owned()).unwrap(), subject);
        }
    }

    #[test]
    fn names_are_never_read_as_templates_or_escaped() {
        for name in ["{{ help_address }}", "{% if", "{# x", "100%", "<b>&\"'", "李小龍"] {
            let email = examples::email(Notice::Removal, &examples::user(name, "Abel"));
            assert_eq!(email.text().lines().next(), Some(format!("Hello {name}").as_str()));
        }
        let named = examples::service_with(Setting::Name, "{{ recipient }} & Co");
        let email = examples::email_from(&named, Notice::Removal, &examples::user("Ann", "Abel")).unwrap();
        assert!(email.text().contains("You have been removed from {{ recipient }} & Co. You"), "{}", email.text());
    }

    #[test]
    fn a_template_that_names_what_it_was_not_given_is_an_error() {
        assert!(environment().render_str("{{ first_nam }}", context! { first_name => "Ann" }).is_err());
        assert!(environment().render_str("{% if api_usr %}x{% endif %}", context! { api_user => true }).is_err());
    }

    #[test]
    fn a_help_address_that_is_none_is_told_before_anything_is_queued() {
        let broken = examples::service_with(Setting::HelpAddress, "help desk");
        let error = examples::email_from(&broken, Notice::Invitation, &examples::user("Ann", "Abel")).unwrap_err();
        assert_eq!(error.message, "The service’s help address is not an email address, so no email can be sent from it");
        assert_eq!(error.hint.as_deref(), Some("Put it right: frontdesk service set help-address name@example.com"));
    }
}
