//! Counts as people read them; scripts get the digits alone.

/// A count with commas between its thousands.
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn thousands_have_commas() {
        assert_eq!([0, 999, 1000, 26_000, 1_234_567].map(thousands), ["0", "999", "1,000", "26,000", "1,234,567"]);
    }
}
