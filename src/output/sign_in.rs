//! The answer to a sign-in: what the person reaches, and who they are.

use std::io::Write;

use super::fields::project;
use super::format::Format;
use super::json;
use super::machine::{document, rows};
use super::record::{Record, RecordField, Shows};
use super::safe_text::safe_text;
use super::style::Style;
use crate::domain::sign_in::Admission;
use crate::domain::user::User;
use crate::error::Result;

/// What rows of cells say before the fields of the user.
const ACCESS: RecordField = RecordField::new("access", "Access", Shows::Text);

/// Writes the answer.
///
/// # Errors
/// Standard output cannot be written.
pub fn write(out: &mut dyn Write, admission: &Admission, style: &Style) -> Result<()> {
    let (access, user) = (admission.access.key(), &admission.user);
    match style.format {
        Format::Table => {
            let details = &user.details;
            writeln!(out, "Allowed: {access}\n{}, {}", safe_text(&details.full_name()), safe_text(details.email.as_str()))?;
            Ok(())
        }
        Format::Json | Format::JsonLines => {
            let mut document = document();
            document.insert("allowed".to_owned(), true.into());
            document.insert(ACCESS.key.to_owned(), access.into());
            document.insert(User::NAMES.one.to_owned(), project(user.json(), style.fields.as_deref()).into());
            json::write(out, &document, style.format == Format::Json)
        }
        Format::Plain | Format::Csv | Format::Ids => {
            let all = || [&ACCESS].into_iter().chain(User::FIELDS).collect();
            let style = Style { fields: Some(style.fields.clone().unwrap_or_else(all)), ..style.clone() };
            let mut record = user.json();
            record.insert(ACCESS.key.to_owned(), access.into());
            rows(out, User::FIELDS, [(Some(user.id()), record)], &style)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::domain::sign_in::{Access, Admission};
    use crate::output::format::Format;
    use crate::output::samples::{style, user};

    fn answer(format: Format) -> String {
        let mut out = Vec::new();
        let admission = Admission { access: Access::ApiOnly, user: user("Ann", "Abel"), warnings: vec![] };
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
