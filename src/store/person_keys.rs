//! What is stored of a person besides what they are called: the key that they are ordered by, and the
//! text that they are found by.

use super::collation::sort_key;
use crate::domain::person::PersonDetails;
use crate::domain::search::text_of_person;

/// Both, made from the names and the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonKeys {
    pub(super) sort_key: Vec<u8>,
    pub(super) search_text: String,
}

impl PersonKeys {
    /// The keys of a person.
    pub fn of(person: &PersonDetails) -> Self {
        Self {
            sort_key: sort_key(&person.first_name, &person.last_name),
            search_text: text_of_person(&person.first_name, &person.last_name, person.email.as_str()),
        }
    }
}
