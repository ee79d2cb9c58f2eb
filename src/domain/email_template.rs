//! What emails that were composed alike have in common. An import queues thousands of them: all that
//! differs is whom they greet and where they go.

use super::notice::Mailbox;

/// Sender, subject and text, as they were when the emails were queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailTemplate {
    /// The service; replies go there too.
    pub from: Mailbox,
    pub subject: String,
    /// With places for what differs, and every other brace doubled.
    pub text: String,
}

impl EmailTemplate {
    /// The place of the first name in a text.
    pub const FIRST_NAME: &'static str = "{first_name}";
    /// The place of the address that an email goes to.
    pub const ADDRESS: &'static str = "{address}";

    /// A text as it stands in a template, so that no brace in it is taken for a place.
    pub fn literal(text: &str) -> String {
        text.replace('{', "{{").replace('}', "}}")
    }

    /// An id that the same template always has, in the form of a UUID: two who store it at once store
    /// one.
    pub fn id(&self) -> String {
        let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
        for part in [&self.from.name, &self.from.address, &self.subject, &self.text] {
            digest.update(&(part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
        let mut bytes = [0; 16];
        // A SHA-256 has 32 bytes.
        bytes.iter_mut().zip(digest.finish().as_ref()).for_each(|(byte, digested)| *byte = *digested);
        uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
    }

    /// The text for one person. In a template that another program has changed, a place that is none
    /// stays as it is.
    pub fn text_for(&self, first_name: &str, address: &str) -> String {
        let places = [(Self::FIRST_NAME, first_name), (Self::ADDRESS, address), ("{{", "{"), ("}}", "}")];
        let mut text = String::with_capacity(self.text.len() + first_name.len() + address.len());
        let mut rest = self.text.as_str();
        while let Some((before, from_brace)) = rest.find(['{', '}']).and_then(|at| rest.split_at_checked(at)) {
            text.push_str(before);
            let place = places.iter().find_map(|(place, value)| from_brace.strip_prefix(place).map(|after| (*value, after)));
            // A brace is one byte.
            let (value, after) = place.unwrap_or_else(|| from_brace.split_at(1));
            text.push_str(value);
            rest = after;
        }
        text + rest
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::EmailTemplate;
    use crate::domain::notice::Mailbox;

    fn template(text: &str) -> EmailTemplate {
        EmailTemplate {
            from: Mailbox { name: "Register".to_owned(), address: "help@education.gov.uk".to_owned() },
            subject: "Welcome".to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn every_place_is_filled_and_nothing_that_fills_it_is_read_again() {
        let text = template("Hello {first_name},\n{{first_name}} is {first_name} at {address}.\n");
        assert_eq!(text.text_for("{address}", "{{first_name}"), "Hello {address},\n{first_name} is {address} at {{first_name}.\n");
    }

    #[test]
    fn what_is_no_place_stays_as_it_is() {
        for text in ["", "{", "}", "{first_name", "first_name}", "{ first_name }", "{é}", "a{b}c}"] {
            assert_eq!(template(text).text_for("Ann", "ann@education.gov.uk"), text);
        }
    }

    #[test]
    fn only_the_same_template_has_the_same_id() {
        let id = template("Hello").id();
        assert_eq!(id, template("Hello").id());
        assert_eq!(id.parse::<uuid::Uuid>().unwrap().get_version_num(), 8);
        assert_ne!(id, template("Hello ").id());
        // The same letters, divided in another way.
        assert_ne!(id, EmailTemplate { subject: "WelcomeH".to_owned(), ..template("ello") }.id());
        let other = Mailbox { name: "Register".to_owned(), address: "desk@education.gov.uk".to_owned() };
        assert_ne!(id, EmailTemplate { from: other, ..template("Hello") }.id());
    }

    proptest! {
        #[test]
        fn a_literal_comes_back(text in "[{}a-z_é\n]{0,40}|\\PC{0,20}") {
            prop_assert_eq!(template(&EmailTemplate::literal(&text)).text_for("Ann", "ann@education.gov.uk"), text);
        }
    }
}
