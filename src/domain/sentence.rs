//! Several things in one sentence.

/// `a, b and c`.
pub fn in_a_sentence(mut things: Vec<String>) -> String {
    match things.pop() {
        Some(last) if !things.is_empty() => format!("{} and {last}", things.join(", ")),
        only => only.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::in_a_sentence;

    #[test]
    fn the_last_comes_after_and() {
        let said = |things: &[&str]| in_a_sentence(things.iter().map(|thing| (*thing).to_owned()).collect());
        assert_eq!([said(&[]), said(&["a"]), said(&["a", "b"]), said(&["a", "b", "c"])], ["", "a", "a and b", "a, b and c"]);
    }
}
