//! The page about one record, as people read it.

use super::flow;
use super::pairs;
use super::record::{Detailed, Record, Row, Shows};
use super::safe_text::{safe_lines, safe_text};
use super::style::{DIM, Style, View, paint};

/// Whether a page names the record's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShowId {
    Yes,
    /// The record is not stored yet: its id will be another.
    No,
}

/// The page for people; every line ends in a line break. Notes come after the rows: why something
/// may not be changed.
pub fn for_people<R: Detailed>(record: &R, view: View, notes: &[&str], show_id: ShowId, style: &Style) -> String {
    if style.fields.is_some() {
        return of_fields(record, style);
    }
    let details = record.details(view);
    let mut text = flow::heading(&safe_text(&details.heading), style.columns, style.colour_out);
    text.push('\n');
    if let Some(summary) = &details.summary {
        text.push_str(&flow::text(&safe_text(summary), style.columns));
        text.push('\n');
    }
    text.push_str(&rows(details.rows, (show_id == ShowId::Yes).then(|| record.id()), style));
    for note in notes {
        text.push('\n');
        text.push_str(&flow::text(&safe_text(note), style.columns));
    }
    if let Some(lines) = &details.text {
        text.push('\n');
        text.push_str(&flow::text(safe_lines(lines).trim_end_matches('\n'), style.columns));
    }
    text
}

/// The rows, and the id under them in a paler ink: people seldom read it, and support engineers
/// need it.
fn rows(mut rows: Vec<Row>, id: Option<&str>, style: &Style) -> String {
    rows.extend(id.map(|id| Row::whole("Id", id)));
    let mut texts = pairs::render_each(&rows, style.columns);
    if let Some(last) = texts.last_mut().filter(|_| id.is_some()) {
        *last = paint(style.colour_out, DIM, last.trim_end()) + "\n";
    }
    texts.concat()
}

fn of_fields<R: Record>(record: &R, style: &Style) -> String {
    let object = record.json();
    let fields = style.fields.iter().flatten();
    let rows: Vec<_> =
        fields.map(|field| Row { label: field.title.to_owned(), value: field.text(&object), whole: field.shows == Shows::Whole }).collect();
    pairs::render(&rows, style.columns)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{ShowId, for_people};
    use crate::domain::user::User;
    use crate::output::fields::resolve;
    use crate::output::format::Format;
    use crate::output::record::Record as _;
    use crate::output::samples::{at, email, style, terminal, user, view};
    use crate::output::style::{Style, View};

    #[test]
    fn a_user_is_a_summary_list_with_the_id_last() {
        let mut ann = user("Ann", "Abel");
        ann.last_signed_in_at = Some(at("2025-12-11T14:13:00Z"));
        let notes = ["Names and email address cannot be changed."];
        assert_eq!(
            for_people(&ann, view(), &notes, ShowId::Yes, &style(Format::Table)),
            "\
Ann Abel

Last signed in on 11 December 2025 at 2:13pm

First name                   Ann
Last name                    Abel
Email address                ann@education.gov.uk
Is the account an API user?  No
Is the account active?       Yes
Id                           0190-ann

Names and email address cannot be changed.
"
        );
    }

    #[test]
    fn a_service_without_api_users_has_neither_of_their_rows() {
        let view = View { has_api_users: false, ..view() };
        assert_eq!(
            for_people(&user("Ann", "Abel"), view, &[], ShowId::No, &terminal(80)),
            "Ann Abel\n\nUser has never signed in\n\nFirst name     Ann\nLast name      Abel\nEmail address  ann@education.gov.uk\n"
        );
    }

    #[test]
    fn the_heading_is_bold_and_the_id_pale() {
        let text = for_people(&user("Ann", "Abel"), view(), &[], ShowId::Yes, &Style { colour_out: true, ..terminal(80) });
        assert!(text.starts_with("\u{1B}[1mAnn Abel\u{1B}[0m\n\n"), "{text:?}");
        assert!(text.ends_with("Yes\n\u{1B}[2mId                           0190-ann\u{1B}[0m\n"), "{text:?}");
    }

    #[test]
    fn an_email_ends_with_its_text() {
        let mut queued = email();
        Arc::make_mut(&mut queued.template).text.push_str("\u{1B}[2J\n");
        assert_eq!(
            for_people(&queued, view(), &[], ShowId::Yes, &style(Format::Table)),
            "\
Email to ann@education.gov.uk

To            ann@education.gov.uk
Subject       Invitation to join Register
Status        Queued
Attempts      1
Last error    The mail server did not answer
Next attempt  11 December 2025 at 3:05pm
Queued        11 December 2025 at 3pm
Message-ID    <0190-email@education.gov.uk>
Id            0190-email

Dear Ann

Welcome.
\u{FFFD}[2J
"
        );
    }

    #[test]
    fn chosen_fields_are_all_there_is() {
        let fields = resolve(User::FIELDS, "email,api_user").expect("fields");
        let style = Style { fields: Some(fields), ..style(Format::Table) };
        let text = for_people(&user("Ann", "Abel"), view(), &[], ShowId::Yes, &style);
        assert_eq!(text, "Email address  ann@education.gov.uk\nAPI user       No\n");
    }
}
