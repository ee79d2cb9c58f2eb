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

/// More than an email address can have: likeness takes as long as both are long, and somebody may have
/// pasted a whole file.
const LONGEST_ADDRESS: usize = 254;

/// The known email address that somebody who typed an unknown one most likely meant: one that is a slip or
/// two away, or has the same name before the `@`. Most of an address is alike for everybody, so that the
/// measure for words would take any for any other.
pub fn nearest_address<'address>(typed: &str, known: &[&'address str]) -> Option<&'address str> {
    if typed.len() > LONGEST_ADDRESS {
        return None;
    }
    let typed = typed.to_lowercase();
    let name = |address: &str| address.split('@').next().unwrap_or_default().to_owned();
    let slips = |address: &str| strsim::osa_distance(&typed, address);
    // Of short names each is a slip or two from another.
    let most = match name(&typed).chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    let meant = known.iter().copied().filter(|address| slips(address) <= most || name(address) == name(&typed));
    meant.min_by_key(|address| slips(address))
}

/// Known words that are all like the one that was typed, the likeliest first.
pub fn nearest_first<'word>(typed: &str, mut alike: Vec<&'word str>) -> Vec<&'word str> {
    alike.sort_by_key(|word| strsim::osa_distance(&typed.to_lowercase(), &word.to_lowercase()));
    alike
}

#[cfg(test)]
mod tests {
    use super::nearest_address;

    #[test]
    fn an_address_is_meant_that_is_a_slip_or_two_away_or_has_the_same_name() {
        let known = ["ann.abel@education.gov.uk", "ann.bell@education.gov.uk", "jo@education.gov.uk", "dave@education.gov.uk"];
        for (typed, meant) in [
            ("ann.abl@education.gov.uk", Some(known[0])),
            ("ANN.ABEL@educaton.gov.uk", Some(known[0])),
            ("nan.abel@education.gov.uk", Some(known[0])),
            ("ann.bel@education.gov.uk", Some(known[0])),
            ("ann.abel@gmail.com", Some(known[0])),
            ("ann.abel", Some(known[0])),
            ("jo@gmail.com", Some(known[2])),
            ("dav@education.gov.uk", None),
            ("bo@education.gov.uk", None),
            ("save@education.gov.uk", Some(known[3])),
            ("zoe.young@education.gov.uk", None),
            ("", None),
        ] {
            assert_eq!(nearest_address(typed, &known), meant, "{typed}");
        }
        assert_eq!(nearest_address(&"ann.abel".repeat(100_000), &known), None);
    }
}
