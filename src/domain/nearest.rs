//! The right word nearest to a wrong one.

/// Below this, two words have too little in common for one to be meant by the other; the same
/// measure that the command line's own suggestions use.
const ALIKE: f64 = 0.7;

/// The known word that somebody who typed an unknown one most likely meant, in any letter case.
pub fn nearest<'word>(typed: &str, known: &[&'word str]) -> Option<&'word str> {
    let typed = typed.to_lowercase();
    let alike = known.iter().copied().filter(|word| strsim::jaro_winkler(&typed, &word.to_lowercase()) > ALIKE);
    // Of words that are alike, likeness prefers the longer one; the fewest slips is what was meant.
    alike.min_by_key(|word| strsim::osa_distance(&typed, &word.to_lowercase()))
}

/// Known words that are all like the one that was typed, the likeliest first.
pub fn nearest_first<'word>(typed: &str, mut alike: Vec<&'word str>) -> Vec<&'word str> {
    alike.sort_by_key(|word| strsim::osa_distance(&typed.to_lowercase(), &word.to_lowercase()));
    alike
}
