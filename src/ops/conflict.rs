//! Two people at the same record: the second to save is told what the first changed.

use crate::domain::problem::Field;
use crate::error::{Error, Result};

/// Refuses an edit that was checked against another revision of the record than there is now, and says
/// what somebody else changed, so that the person can decide again.
///
/// # Errors
/// The conflict; nothing is stored.
pub fn refuse_changed_meanwhile<const N: usize>(
    noun: &str,
    seen: (i64, [(Field, String); N]),
    now: (i64, [(Field, String); N]),
) -> Result<()> {
    if seen.0 == now.0 {
        return Ok(());
    }
    let fields = seen.1.into_iter().zip(now.1);
    let changes: Vec<String> = fields
        .filter(|(before, after)| before != after)
        .map(|((field, before), (_, after))| format!("{}: {before} → {after}", field.label().trim_end_matches('?')))
        .collect();
    let what = if changes.is_empty() { String::new() } else { format!(". {}", changes.join(", ")) };
    Err(Error::conflict(format!("Somebody else changed this {noun} meanwhile{what}"))
        .hint(format!("Nothing was changed. Look at the {noun} again, then make your change again.")))
}
