//! What a change came to, as people read it: the record as stored, what changed, and in a dry run
//! what would happen.

use super::activity::push_changes;
use super::details::{self, ShowId};
use super::flow;
use super::record::Detailed;
use super::safe_text::safe_text;
use super::style::{BOLD, Style, View, paint};
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::count::thousands;
use crate::domain::person::PERSON_FIELDS;

/// What is said about a change besides its outcome.
pub struct ChangeView<'a> {
    /// Said on standard error once it is done: `User added`.
    pub banner: &'a str,
    /// Said instead when there was nothing to change, as a sentence.
    pub unchanged: &'a str,
    pub view: View,
}

/// What goes to standard output; every line ends in a line break. Nothing after a deletion or
/// removal: what was asked for is that nothing is left.
pub fn for_people<R: Detailed>(outcome: &Outcome<R>, view: View, style: &Style) -> String {
    if outcome.dry_run {
        return dry_run(outcome, view, style);
    }
    let Some(record) = outcome.record.as_ref().filter(|_| !matches!(outcome.result, ChangeResult::Deleted | ChangeResult::Removed)) else {
        return String::new();
    };
    let mut text = details::for_people(record, view, &[], ShowId::Yes, style);
    if outcome.result == ChangeResult::Updated && style.fields.is_none() && !outcome.changes.is_empty() {
        text.push_str(&format!("\n{}\n", paint(style.colour_out, BOLD, "What changed")));
        push_changes(&mut text, R::NAMES.one, &outcome.changes, style.columns);
    }
    text
}

/// Which environment a change is made in, where that is protected.
pub fn in_environment(environment: &str) -> String {
    format!("Environment: {environment} (protected)")
}

/// What is said of a change besides what it was asked for.
pub fn further_lines<R>(outcome: &Outcome<R>) -> Vec<String> {
    [linked_lines(outcome), api_client_lines(outcome)].concat()
}

/// What becomes of the API clients of an account that goes out of use.
pub fn api_client_lines<R>(outcome: &Outcome<R>) -> Vec<String> {
    let clients = match outcome.api_clients {
        0 => return Vec::new(),
        1 => "1 API client of this user".to_owned(),
        many => format!("{} API clients of this user", thousands(many)),
    };
    let tense = match (outcome.dry_run, outcome.api_clients) {
        (true, _) => "will be",
        (false, 1) => "was",
        (false, _) => "were",
    };
    let what = if outcome.result == ChangeResult::Deleted { "deleted" } else { "revoked, for good" };
    vec![format!("{clients} {tense} {what}.")]
}

/// What is said of an account that was there already and now belongs to one more organisation: that it
/// was linked, and which names it keeps.
fn linked_lines<R>(outcome: &Outcome<R>) -> Vec<String> {
    if outcome.result != ChangeResult::Linked {
        return Vec::new();
    }
    let kept = outcome
        .kept
        .iter()
        .filter_map(|kept| Some(format!("{}: {} (you typed {})", question(&kept.field), kept.before.as_deref()?, kept.after.as_deref()?)));
    let told = match (outcome.dry_run, outcome.kept.is_empty()) {
        (false, true) => "An existing account was linked.",
        (false, false) => "An existing account was linked, and its names were kept:",
        (true, true) => "An existing account will be linked.",
        (true, false) => "An existing account will be linked, and its names kept:",
    };
    [told.to_owned()].into_iter().chain(kept).collect()
}

fn question(key: &str) -> &str {
    PERSON_FIELDS.into_iter().find(|field| field.key() == key).map_or(key, |field| field.label())
}

fn dry_run<R: Detailed>(outcome: &Outcome<R>, view: View, style: &Style) -> String {
    let mut text = "Dry run: nothing was stored.\n\n".to_owned();
    let noun = R::NOUN;
    let push = |text: &mut String, line: &str| text.push_str(&flow::text(&safe_text(line), style.columns));
    match (outcome.result, &outcome.record) {
        (ChangeResult::Added, Some(record)) => {
            text.push_str(&format!("This would add the {noun}:\n\n"));
            text.push_str(&details::for_people(record, view, &[], ShowId::No, style));
        }
        (ChangeResult::Linked, Some(record)) => {
            text.push_str(&format!("This would link the {noun}:\n\n"));
            text.push_str(&details::for_people(record, view, &[], ShowId::No, style));
            text.push('\n');
            linked_lines(outcome).iter().for_each(|line| push(&mut text, line));
        }
        (ChangeResult::Removed, Some(record)) => {
            let name = record.details(view).heading;
            let from = outcome.changes.iter().find_map(|change| change.before.as_deref()).unwrap_or_default();
            push(&mut text, &format!("This would remove the {noun} {name} from {from}."));
        }
        (ChangeResult::Updated, Some(record)) => {
            push(&mut text, &format!("This would change the {noun} {}:", record.details(view).heading));
            text.push('\n');
            push_changes(&mut text, R::NAMES.one, &outcome.changes, style.columns);
        }
        (ChangeResult::Deleted, Some(record)) => {
            text.push_str(&format!("This would delete the {noun}:\n\n"));
            text.push_str(&details::for_people(record, view, &[], ShowId::Yes, style));
        }
        (ChangeResult::Revoked, Some(record)) => {
            text.push_str(&format!("This would revoke the {noun}:\n\n"));
            text.push_str(&details::for_people(record, view, &[], ShowId::Yes, style));
        }
        // An email may go though nothing changes.
        (ChangeResult::Unchanged, Some(_)) if !outcome.emails.is_empty() => {
            text.push_str(&format!("This would leave the {noun} as it is.\n"))
        }
        (ChangeResult::Unchanged, _) | (_, None) => text.push_str("This would change nothing.\n"),
    }
    let api_clients = api_client_lines(outcome);
    if !outcome.emails.is_empty() || !api_clients.is_empty() {
        text.push('\n');
    }
    api_clients.iter().for_each(|line| push(&mut text, line));
    for email in &outcome.emails {
        push(&mut text, &format!("This would email: {}, {}", email.to.address, email.subject()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::for_people;
    use crate::domain::change::{ChangeResult, Outcome};
    use crate::domain::user::User;
    use crate::output::format::Format;
    use crate::output::samples::{change, email, style, user, view};

    fn told(result: ChangeResult, dry_run: bool) -> String {
        let changes = vec![change("first_name", Some("Anne"), Some("Ann")), change("api_user", Some("yes"), Some("no"))];
        let record: Option<User> = Some(user("Ann", "Abel"));
        let outcome = Outcome { changes, emails: vec![email()], ..Outcome::new(result, record, dry_run) };
        for_people(&outcome, view(), &style(Format::Table))
    }

    const WOULD_EMAIL: &str = "\nThis would email: ann@education.gov.uk, Invitation to join Register\n";

    #[test]
    fn a_dry_run_says_what_would_happen() {
        let text = told(ChangeResult::Added, true);
        assert!(text.starts_with("Dry run: nothing was stored.\n\nThis would add the user:\n\nAnn Abel\n"), "{text}");
        assert!(text.ends_with(&format!("Is the account active?       Yes\n{WOULD_EMAIL}")), "{text}");
        assert_eq!(
            told(ChangeResult::Updated, true),
            format!(
                "Dry run: nothing was stored.\n\nThis would change the user Ann Abel:\n\n  First name: Anne → Ann\n  Is the account an API user? Yes → No\n{WOULD_EMAIL}"
            )
        );
        let text = told(ChangeResult::Deleted, true);
        assert!(text.starts_with("Dry run: nothing was stored.\n\nThis would delete the user:\n\nAnn Abel\n"), "{text}");
        let nothing = Outcome::<User>::new(ChangeResult::Unchanged, None, true);
        assert_eq!(for_people(&nothing, view(), &style(Format::Table)), "Dry run: nothing was stored.\n\nThis would change nothing.\n");
    }

    #[test]
    fn an_edit_shows_old_beside_new_and_a_deletion_leaves_nothing() {
        let text = told(ChangeResult::Updated, false);
        assert!(text.ends_with("0190-ann\n\nWhat changed\n  First name: Anne → Ann\n  Is the account an API user? Yes → No\n"), "{text}");
        assert!(told(ChangeResult::Added, false).ends_with("0190-ann\n"));
        assert_eq!(told(ChangeResult::Deleted, false), "");
    }
}
