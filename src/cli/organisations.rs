//! `frontdesk org`: organisations.

use clap::{Args, Subcommand};

use super::organisation_users::{
    OrganisationUsersAdd, OrganisationUsersEdit, OrganisationUsersHas, OrganisationUsersList, OrganisationUsersRemove,
    OrganisationUsersShow,
};
use super::shared::{
    ChangeArguments, ExportArguments, FormatArguments, ImportArguments, OutputArguments, PagingArguments, not_blank, search,
};
use crate::domain::answers::Answers;
use crate::domain::organisation::WhichOrganisation;
use crate::domain::problem::Field;
use crate::domain::search::Search;

const LIST_EXAMPLES: &str = "\
Examples:
  frontdesk org list
  frontdesk org list --search school";

const ADD_EXAMPLES: &str = "\
Examples:
  frontdesk org add
  frontdesk org add --code ALPHA --name 'Alpha School'";

const DELETE_EXAMPLES: &str = "\
Examples:
  frontdesk org delete ALPHA
  frontdesk org delete ALPHA --yes";

const USERS_EXAMPLES: &str = "\
Examples:
  frontdesk org users ALPHA
  frontdesk org users ALPHA --search abel --signed-in no
  frontdesk org users ALPHA --format csv --fields email,first_name,last_name";

const ADD_USER_EXAMPLES: &str = "\
Examples:
  frontdesk org add-user ALPHA
  frontdesk org add-user ALPHA --first-name Ann --last-name Abel --email ann.abel@example.com

A name that starts with a hyphen needs an equals sign: --first-name=-Ann";

const EDIT_USER_EXAMPLES: &str = "\
Examples:
  frontdesk org edit-user ALPHA ann.abel@example.com
  frontdesk org edit-user ALPHA ann.abel@example.com --last-name Wilson

Whether details may change is the service’s setting ‘edit-organisation-users’.";

const REMOVE_USER_EXAMPLES: &str = "\
Examples:
  frontdesk org remove-user ALPHA ann.abel@example.com
  frontdesk org remove-user ALPHA ann.abel@example.com --yes";

// `frontdesk org`: a verb, or nothing to open the desk.
#[derive(Debug, Args)]
pub struct OrganisationsNoun {
    #[command(subcommand)]
    pub verb: Option<OrganisationsCommand>,
}

// The commands about organisations and their users.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum OrganisationsCommand {
    /// List the organisations
    #[command(after_help = LIST_EXAMPLES)]
    List(OrganisationsList),
    /// Show everything about one organisation
    Show(OrganisationsShow),
    /// Add an organisation
    ///
    /// On a terminal you are asked for what is missing, and check your answers before anything is saved.
    #[command(after_help = ADD_EXAMPLES)]
    Add(OrganisationsAdd),
    /// Change an organisation’s name
    Edit(OrganisationsEdit),
    /// Delete an organisation that nobody belongs to
    ///
    /// Deleting an organisation cannot be undone. Without a terminal it needs --yes.
    #[command(after_help = DELETE_EXAMPLES)]
    Delete(OrganisationsDelete),
    /// List the users of an organisation
    #[command(visible_alias = "list-users", after_help = USERS_EXAMPLES)]
    Users(OrganisationUsersList),
    /// Show everything about one user of an organisation
    ShowUser(OrganisationUsersShow),
    /// Ask whether a user belongs to an organisation: exit code 0 if so, 4 if not, and nothing printed
    HasUser(OrganisationUsersHas),
    /// Add a user to an organisation and email them how to sign in
    ///
    /// Somebody who belongs to another organisation already keeps their account and its names, and
    /// belongs to this one too. On a terminal you are asked for what is missing, and check your
    /// answers before anything is saved.
    #[command(after_help = ADD_USER_EXAMPLES)]
    AddUser(OrganisationUsersAdd),
    /// Change the details of an organisation’s user
    ///
    /// On a terminal and without flags you are asked for each detail. A new email address is sent
    /// sign-in details, and the old one a short notice.
    #[command(after_help = EDIT_USER_EXAMPLES)]
    EditUser(OrganisationUsersEdit),
    /// Remove a user from an organisation and email them that they were removed
    ///
    /// They stay in their other organisations. Without a terminal it needs --yes.
    #[command(after_help = REMOVE_USER_EXAMPLES)]
    RemoveUser(OrganisationUsersRemove),
    /// Add every organisation in a file that is not there yet, all of them or none
    ///
    /// The file has a header and the columns code and name. Further columns are ignored.
    Import(ImportArguments),
    /// Add everybody in a file to their organisations, all of them or none
    ///
    /// The file has a header and the columns organisation_code, first_name, last_name and email. Further
    /// columns are ignored. Whoever is in the organisation already is skipped, whoever is in another one
    /// is linked. Their invitations are queued: frontdesk emails send.
    ImportUsers(ImportArguments),
    /// Write the users of every organisation as CSV, as an import takes it back
    ExportUsers(ExportArguments),
}

impl OrganisationsCommand {
    pub(super) fn output(&self) -> Option<&OutputArguments> {
        match self {
            Self::List(list) => Some(&list.format.output),
            Self::Show(show) => Some(&show.format.output),
            Self::Add(add) => Some(&add.change.output),
            Self::Edit(edit) => Some(&edit.change.output),
            Self::Delete(delete) => Some(&delete.change.output),
            Self::Users(list) => Some(&list.format.output),
            Self::ShowUser(show) => Some(&show.format.output),
            Self::HasUser(_) => None,
            Self::AddUser(add) => Some(&add.change.output),
            Self::EditUser(edit) => Some(&edit.change.output),
            Self::RemoveUser(remove) => Some(&remove.change.output),
            Self::Import(import) | Self::ImportUsers(import) => Some(&import.change.output),
            Self::ExportUsers(_) => None,
        }
    }
}

// Which organisation.
#[derive(Debug, Clone, Args)]
pub struct OrganisationArgument {
    /// The organisation’s code, in capital or small letters, or its id
    #[arg(value_name = "ORG", value_parser = not_blank)]
    pub organisation: String,
}

impl OrganisationArgument {
    /// The organisation as it was named.
    pub fn which(&self) -> WhichOrganisation {
        WhichOrganisation::new(&self.organisation)
    }
}

// `org list`.
#[derive(Debug, Clone, Args)]
pub struct OrganisationsList {
    /// Only organisations whose name or code has this text in it, in any letter case, with or without accents
    #[arg(long, value_name = "TEXT", value_parser = search)]
    pub search: Option<Search>,

    #[command(flatten)]
    pub paging: PagingArguments,
    #[command(flatten)]
    pub format: FormatArguments,
}

// `org show`.
#[derive(Debug, Clone, Args)]
pub struct OrganisationsShow {
    #[command(flatten)]
    pub organisation: OrganisationArgument,
    #[command(flatten)]
    pub format: FormatArguments,
}

// `org add`.
#[derive(Debug, Clone, Args)]
pub struct OrganisationsAdd {
    /// A short code of letters, numbers, hyphens and underscores, which commands name it by
    #[arg(long)]
    pub code: Option<String>,

    /// The organisation’s name
    #[arg(long)]
    pub name: Option<String>,

    #[command(flatten)]
    pub change: ChangeArguments,
}

impl OrganisationsAdd {
    /// The answers as they were typed.
    pub fn answers(&self) -> Answers {
        Answers::given([(Field::OrganisationCode, self.code.clone()), (Field::OrganisationName, self.name.clone())])
    }
}

// `org edit`.
#[derive(Debug, Clone, Args)]
pub struct OrganisationsEdit {
    #[command(flatten)]
    pub organisation: OrganisationArgument,

    /// The organisation’s new name
    #[arg(long)]
    pub name: Option<String>,

    #[command(flatten)]
    pub change: ChangeArguments,
}

impl OrganisationsEdit {
    /// The answers as they were typed.
    pub fn answers(&self) -> Answers {
        Answers::given([(Field::OrganisationName, self.name.clone())])
    }
}

// `org delete`.
#[derive(Debug, Clone, Args)]
pub struct OrganisationsDelete {
    #[command(flatten)]
    pub organisation: OrganisationArgument,
    #[command(flatten)]
    pub change: ChangeArguments,
}
