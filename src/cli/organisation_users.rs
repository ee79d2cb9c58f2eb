//! `frontdesk org`: the users of organisations.

use clap::Args;

use super::organisations::OrganisationArgument;
use super::shared::{ChangeArguments, FormatArguments, NameArguments, PagingArguments, YesNo, not_blank, search};
use crate::domain::answers::Answers;
use crate::domain::problem::Field;
use crate::domain::search::Search;

// `org users`.
#[derive(Debug, Clone, Args)]
pub struct OrganisationUsersList {
    #[command(flatten)]
    pub organisation: OrganisationArgument,

    /// Only users whose name or email address has this text in it, in any letter case, with or without accents
    #[arg(long, value_name = "TEXT", value_parser = search)]
    pub search: Option<Search>,

    /// Only users who have signed in, or who never have
    #[arg(long, value_enum, value_name = "YES|NO")]
    pub signed_in: Option<YesNo>,

    #[command(flatten)]
    pub paging: PagingArguments,
    #[command(flatten)]
    pub format: FormatArguments,
}

// A user of an organisation.
#[derive(Debug, Clone, Args)]
pub struct MemberArguments {
    #[command(flatten)]
    pub organisation: OrganisationArgument,

    /// The user’s email address, id or sign-in id
    #[arg(value_parser = not_blank)]
    pub who: String,
}

// `org show-user`.
#[derive(Debug, Clone, Args)]
pub struct OrganisationUsersShow {
    #[command(flatten)]
    pub member: MemberArguments,
    #[command(flatten)]
    pub format: FormatArguments,
}

// `org has-user`.
#[derive(Debug, Clone, Args)]
pub struct OrganisationUsersHas {
    #[command(flatten)]
    pub member: MemberArguments,
}

// The answers about a user of an organisation.
#[derive(Debug, Clone, Default, Args)]
pub struct OrganisationUserArguments {
    #[command(flatten)]
    pub names: NameArguments,

    /// The user’s email address, which they sign in with
    #[arg(long)]
    pub email: Option<String>,
}

impl OrganisationUserArguments {
    /// The answers as they were typed.
    pub fn answers(&self) -> Answers {
        let [first_name, last_name] = self.names.answers();
        Answers::given([first_name, last_name, (Field::Email, self.email.clone())])
    }
}

// `org add-user`.
#[derive(Debug, Clone, Args)]
pub struct OrganisationUsersAdd {
    #[command(flatten)]
    pub organisation: OrganisationArgument,
    #[command(flatten)]
    pub user: OrganisationUserArguments,

    /// Succeed without changing anything when a user of this organisation has this email address
    #[arg(long)]
    pub if_not_exists: bool,

    #[command(flatten)]
    pub change: ChangeArguments,
}

// `org edit-user`.
#[derive(Debug, Clone, Args)]
pub struct OrganisationUsersEdit {
    #[command(flatten)]
    pub member: MemberArguments,
    #[command(flatten)]
    pub user: OrganisationUserArguments,
    #[command(flatten)]
    pub change: ChangeArguments,
}

// `org remove-user`.
#[derive(Debug, Clone, Args)]
pub struct OrganisationUsersRemove {
    #[command(flatten)]
    pub member: MemberArguments,

    /// Succeed without changing anything when there is no such user in this organisation
    #[arg(long)]
    pub if_exists: bool,

    #[command(flatten)]
    pub change: ChangeArguments,
}
