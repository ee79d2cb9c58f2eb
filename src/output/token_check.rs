//! The answer to a token: whose it is.

use std::io::Write;

use super::flow;
use super::format::Format;
use super::json;
use super::machine::{document, rows};
use super::record::Record as _;
use super::safe_text::safe_text;
use super::style::Style;
use crate::domain::api_client::ApiClient;
use crate::domain::london::day_in_full;
use crate::error::Result;

/// Writes the answer.
///
/// # Errors
/// Standard output cannot be written.
pub fn write(out: &mut dyn Write, client: &ApiClient, style: &Style) -> Result<()> {
    match style.format {
        Format::Table => {
            let lines = [
                format!("Allowed: {}", client.details.name),
                format!("Created by {}", client.created_by.label()),
                format!("Expires on {}", day_in_full(client.details.expires_on)),
            ];
            lines.iter().try_for_each(|line| Ok(write!(out, "{}", flow::text(&safe_text(line), style.columns))?))
        }
        Format::Json | Format::JsonLines => {
            let mut document = document();
            document.insert("allowed".to_owned(), true.into());
            document.insert(ApiClient::NAMES.one.to_owned(), client.json().into());
            json::write(out, &document, style.format == Format::Json)
        }
        Format::Plain | Format::Csv | Format::Ids => rows(out, ApiClient::FIELDS, [(Some(client.id()), client.json())], style),
    }
}
