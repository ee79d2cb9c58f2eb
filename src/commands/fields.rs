//! Which fields `--fields` knows, for each command that has it.

use crate::domain::activity::Entry;
use crate::domain::notice::Email;
use crate::domain::organisation::Organisation;
use crate::domain::organisation_user::OrganisationUser;
use crate::domain::service::Service;
use crate::domain::user::User;
use crate::output::record::{Record, RecordField};
use crate::output::services::ServiceListing;

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
        "service show" => Service::FIELDS,
        "service list" => ServiceListing::FIELDS,
        _ => &[],
    }
}
