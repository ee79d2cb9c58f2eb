//! The answers “yes” and “no”, as they are typed, stored in the activity and shown to scripts.

/// Reads an answer: `yes` or `no` in any letter case, and nothing else.
pub fn parse(typed: &str) -> Option<bool> {
    match typed.trim().to_ascii_lowercase().as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// The answer as a person reads it on a page of details.
pub fn label(value: bool) -> &'static str {
    if value { "Yes" } else { "No" }
}

/// The answer as it is typed on a command line and kept in the activity.
pub fn word(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}
