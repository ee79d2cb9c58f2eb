//! What to say to somebody who wrote an unknown word.

use crate::domain::nearest::nearest;

/// The nearest right word, or all of them.
pub fn advice(typed: &str, kind: &str, known: &[&str]) -> String {
    match nearest(typed, known) {
        Some(word) => format!("Did you mean ‘{word}’?"),
        None => format!("The {kind} are: {}.", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::advice;

    #[test]
    fn the_nearest_word_is_named_and_all_of_them_when_none_is_near() {
        let keys = ["service", "actor", "accessible", "delivery", "services"];
        assert_eq!(advice("servise", "keys", &keys), "Did you mean ‘service’?");
        assert_eq!(advice("ACTOR", "keys", &keys), "Did you mean ‘actor’?");
        assert_eq!(advice("smtp", "keys", &keys), "The keys are: service, actor, accessible, delivery, services.");
    }
}
