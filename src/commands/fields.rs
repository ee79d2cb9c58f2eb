//! Which fields `--fields` knows, for each command that has it.

use crate::cli::{FormatArguments, OutputFormat};
use crate::domain::activity::Entry;
use crate::domain::api_client::ApiClient;
use crate::domain::notice::Email;
use crate::domain::organisation::Organisation;
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::service::Service;
use crate::domain::user::User;
use crate::error::{Error, Result};
use crate::output::fields;
use crate::output::record::{Record, RecordField};
use crate::output::services::ServiceListing;

/// The fields that were asked for of these records, or none where all were.
///
/// # Errors
/// A field that they do not have, or a format that has none.
pub fn chosen<R: Record>(arguments: &FormatArguments) -> Result<Option<Vec<&'static RecordField>>> {
    let Some(names) = &arguments.fields else { return Ok(None) };
    if arguments.output.chosen() == Some(OutputFormat::Ids) {
        return Err(Error::usage("--fields cannot be used with --format ids, which prints ids alone")
            .hint("For ids and more: --format plain --fields id,…"));
    }
    fields::resolve(R::FIELDS, &names.join(",")).map(Some)
}

/// Refuses `--fields` where there are no records to choose from.
///
/// # Errors
/// It was given.
pub fn refuse(arguments: &FormatArguments) -> Result<()> {
    match arguments.fields {
        Some(_) => Err(Error::usage("--fields cannot be used with this command").hint("Leave it out.")),
        None => Ok(()),
    }
}

/// The fields of what a command prints, each with its title; none where it has no `--fields`.
pub fn fields_of(command: &str) -> Vec<(&'static str, &'static str)> {
    known(command).iter().map(|field| (field.key, field.title)).collect()
}

fn known(command: &str) -> &'static [RecordField] {
    match command {
        "users list" | "users show" => User::FIELDS,
        "org list" | "org show" => Organisation::FIELDS,
        "org users" | "org show-user" => OrganisationUser::FIELDS,
        "emails list" | "emails show" => Email::FIELDS,
        "activity list" => Entry::FIELDS,
        "api-clients list" | "api-clients show" => ApiClient::FIELDS,
        "service show" => Service::FIELDS,
        "service list" => ServiceListing::FIELDS,
        _ => &[],
    }
}
