//! The right word nearest to a wrong one.

/// Below this, two words have too little in common for one to be meant by the other; the same
/// measure that the command line's own suggestions use.
const ALIKE: f64 = 0.7;

/// What to say to somebody who wrote an unknown word: the nearest right one, or all of them.
pub fn advice(typed: &str, kind: &str, known: &[&str]) -> String {
    let typed = typed.to_lowercase();
    let alike = known.iter().filter(|word| strsim::jaro_winkler(&typed, &word.to_lowercase()) > ALIKE);
    // Of words that are alike, likeness prefers the longer one; the fewest slips is what was meant.
    match alike.min_by_key(|word| strsim::osa_distance(&typed, &word.to_lowercase())) {
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
