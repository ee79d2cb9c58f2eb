//! Notices: which email goes to whom when something happens to an account, and the emails queued.

use std::sync::Arc;

use jiff::Timestamp;

use super::account::AccountId;
use super::email_template::EmailTemplate;

/// Which email (seeds 000: “Adding a user”, “Editing a user”,
/// “Deleting a user”; seeds 002: “Removing a user”).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Notice {
    /// Sign-in details for somebody who was added.
    Invitation,
    /// Sign-in details to the new address after a change of address.
    EmailChanged,
    /// A short notice to the address used until then; it does not name the new one.
    EmailChangedOldAddress,
    /// Somebody was deleted, or removed from an organisation, and whom to ask if that was a mistake.
    Removal,
}

impl Notice {
    /// Every notice.
    pub const ALL: [Self; 4] = [Self::Invitation, Self::EmailChanged, Self::EmailChangedOldAddress, Self::Removal];

    /// The notice in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::EmailChanged => "email-changed",
            Self::EmailChangedOldAddress => "email-changed-old-address",
            Self::Removal => "removal",
        }
    }

    /// The notice with this key, if this version knows it.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|notice| notice.key() == key)
    }

    /// Whether it tells somebody how to sign in, so that it must not go once that is no longer so.
    pub fn has_sign_in_details(self) -> bool {
        matches!(self, Self::Invitation | Self::EmailChanged)
    }
}

/// Where an email has got to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailStatus {
    Queued,
    Sent,
    /// The mail server refused it for good.
    Refused,
    Cancelled,
}

impl EmailStatus {
    /// Every status, in the order of an email's life.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Sent, Self::Refused, Self::Cancelled];

    /// The status in JSON and in the database.
    pub fn key(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status as a person reads it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Queued => "Queued",
            Self::Sent => "Sent",
            Self::Refused => "Refused",
            Self::Cancelled => "Cancelled",
        }
    }

    /// The status with this key, if this version knows it.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.key() == key)
    }
}

/// An address with the name that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    pub name: String,
    pub address: String,
}

/// An email as it was composed when it was queued; nothing in it changes afterwards but its fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// UUIDv7.
    pub id: String,
    pub notice: Notice,
    /// The account that it is about; nothing for a test, which is never stored.
    pub account: Option<AccountId>,
    /// The organisation that somebody was invited to or removed from; nothing where the email is about
    /// the account.
    pub organisation_id: Option<String>,
    /// What it has in common with others that were composed alike.
    pub template: Arc<EmailTemplate>,
    pub to: Mailbox,
    /// How it greets whoever it goes to.
    pub to_first_name: String,
    pub status: EmailStatus,
    pub attempts: i64,
    /// When delivery is tried next, while queued.
    pub next_attempt_at: Option<Timestamp>,
    pub last_error: Option<String>,
    pub created_at: Timestamp,
    pub sent_at: Option<Timestamp>,
}

impl Email {
    /// The service; replies go there too.
    pub fn from(&self) -> &Mailbox {
        &self.template.from
    }

    /// The subject.
    pub fn subject(&self) -> &str {
        &self.template.subject
    }

    /// The text, ending in one line break.
    pub fn text(&self) -> String {
        self.template.text_for(&self.to_first_name, &self.to.address)
    }

    /// The Message-ID with its angle brackets; the same however often delivery is tried.
    pub fn message_id(&self) -> String {
        let host = self.from().address.rsplit_once('@').map_or("", |(_, host)| host);
        format!("<{}@{host}>", self.id)
    }
}
