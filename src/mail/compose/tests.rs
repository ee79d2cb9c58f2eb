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
