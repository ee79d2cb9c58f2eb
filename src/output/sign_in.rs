//! The answer to a sign-in: what the person reaches, and who they are.

use std::io::Write;

use super::fields::project;
use super::flow;
use super::format::Format;
use super::json;
use super::machine::{document, rows};
use super::organisations::labels;
use super::record::{Record, RecordField, Shows};
use super::safe_text::safe_text;
use super::style::Style;
use crate::domain::organisation::OrganisationReference;
use crate::domain::person::PersonDetails;
use crate::domain::sign_in::{Admission, SignedIn};
use crate::error::Result;

/// What rows of cells say before the fields of the user.
const ACCESS: RecordField = RecordField::new("access", "Access", Shows::Text);

/// Writes the answer.
///
/// # Errors
/// Standard output cannot be written.
pub fn write(out: &mut dyn Write, admission: &Admission, style: &Style) -> Result<()> {
    let access = admission.access().key();
    match &admission.account {
        SignedIn::User(user) => write_account(out, access, user, &user.details.person, None, style),
        SignedIn::OrganisationUser(user) => write_account(out, access, user, &user.details, Some(&user.organisations), style),
    }
}

fn write_account<R: Record>(
    out: &mut dyn Write,
    access: &str,
    account: &R,
    person: &PersonDetails,
    organisations: Option<&Vec<OrganisationReference>>,
    style: &Style,
) -> Result<()> {
    match style.format {
        Format::Table => {
            let mut lines = vec![format!("Allowed: {access}"), format!("{}, {}", person.full_name(), person.email)];
            lines.extend(organisations.map(|organisations| format!("Organisations: {}", labels(organisations))));
            lines.iter().try_for_each(|line| Ok(write!(out, "{}", flow::text(&safe_text(line), style.columns))?))
        }
        Format::Json | Format::JsonLines => {
            let mut document = document();
            document.insert("allowed".to_owned(), true.into());
            document.insert(ACCESS.key.to_owned(), access.into());
            document.insert(R::NAMES.one.to_owned(), project(account.json(), style.fields.as_deref()).into());
            json::write(out, &document, style.format == Format::Json)
        }
        Format::Plain | Format::Csv | Format::Ids => {
            let all = || [&ACCESS].into_iter().chain(R::FIELDS).collect();
            let style = Style { fields: Some(style.fields.clone().unwrap_or_else(all)), ..style.clone() };
            let mut record = account.json();
            record.insert(ACCESS.key.to_owned(), access.into());
            rows(out, R::FIELDS, [(Some(account.id()), record)], &style)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::domain::sign_in::{Admission, SignedIn};
    use crate::output::format::Format;
    use crate::output::samples::{style, user};

    fn answer(format: Format) -> String {
        let mut out = Vec::new();
        let mut ann = user("Ann", "Abel");
        ann.details.api_user = true;
        let admission = Admission { account: SignedIn::User(ann), warnings: vec![] };
        write(&mut out, &admission, &style(format)).expect("written");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn the_answer_says_what_is_reached_and_by_whom() {
        assert_eq!(answer(Format::Table), "Allowed: api-only\nAnn Abel, ann@education.gov.uk\n");
        let text = answer(Format::JsonLines);
        assert!(text.starts_with(r#"{"schema":1,"allowed":true,"access":"api-only","user":{"id":"0190-ann","#), "{text}");
        let text = answer(Format::Csv);
        assert!(text.starts_with("access,id,first_name,"), "{text}");
        assert!(text.contains("\r\napi-only,0190-ann,Ann,"), "{text}");
        assert_eq!(answer(Format::Ids), "0190-ann\n");
    }
}
