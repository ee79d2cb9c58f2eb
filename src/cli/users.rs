//! `frontdesk users`.

use clap::{Args, Subcommand, ValueEnum};

use super::shared::{
    ChangeArguments, ExportArguments, FormatArguments, ImportArguments, NameArguments, OutputArguments, PagingArguments, YesNo, not_blank,
    search,
};
use crate::domain::answers::Answers;
use crate::domain::problem::Field;
use crate::domain::search::Search;
use crate::domain::user_filter::UserFilter;
use crate::domain::yes_no;

const LIST_EXAMPLES: &str = "\
Examples:
  frontdesk users list
  frontdesk users list --search 'ann abel'
  frontdesk users list --status active --signed-in no
  frontdesk users list --all --format csv --fields email,first_name,last_name";

const ADD_EXAMPLES: &str = "\
Examples:
  frontdesk users add
  frontdesk users add --first-name Ann --last-name Abel \\
      --email ann.abel@education.gov.uk --api-user no

A name that starts with a hyphen needs an equals sign: --first-name=-Ann";

const EDIT_EXAMPLES: &str = "\
Examples:
  frontdesk users edit ann.abel@education.gov.uk
  frontdesk users edit ann.abel@education.gov.uk --last-name Wilson
  frontdesk users edit ann.abel@education.gov.uk --active no

Once somebody has signed in, only --api-user and --active can change.";

const DELETE_EXAMPLES: &str = "\
Examples:
  frontdesk users delete ann.abel@education.gov.uk
  frontdesk users delete ann.abel@education.gov.uk --yes
  frontdesk users delete ann.abel@education.gov.uk --dry-run";

const IMPORT_EXAMPLES: &str = "\
Examples:
  frontdesk users import people.csv --dry-run
  frontdesk users import people.csv --yes --errors wrong.csv
  frontdesk users import - --yes < people.csv";

const EXPORT_EXAMPLES: &str = "\
Examples:
  frontdesk users export --output people.csv
  frontdesk users export --signed-in no";

// `frontdesk users`: a verb, or nothing to open the desk.
#[derive(Debug, Args)]
pub struct UsersNoun {
    #[command(subcommand)]
    pub verb: Option<UsersCommand>,
}

// The commands about users.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub enum UsersCommand {
    /// List the users of the service
    #[command(after_help = LIST_EXAMPLES)]
    List(UsersList),
    /// Show everything about one user
    Show(UsersShow),
    /// Ask whether there is such a user: exit code 0 if so, 4 if not, and nothing printed
    Exists(UsersExists),
    /// Add a user and email them how to sign in
    ///
    /// On a terminal you are asked for what is missing, and check your answers before anything is saved.
    #[command(after_help = ADD_EXAMPLES)]
    Add(UsersAdd),
    /// Change a user’s details
    ///
    /// On a terminal and without flags you are asked for each detail that may change. A new email
    /// address is sent sign-in details, and the old one a short notice.
    #[command(after_help = EDIT_EXAMPLES)]
    Edit(UsersEdit),
    /// Delete a user and email them that they were removed
    ///
    /// Deleting a user cannot be undone. Without a terminal it needs --yes.
    #[command(after_help = DELETE_EXAMPLES)]
    Delete(UsersDelete),
    /// Add everybody in a file who is not there yet, all of them or none
    ///
    /// The file has a header and the columns first_name, last_name and email; in the register also
    /// api_user (yes or no), and active (yes or no) if you like. Further columns are ignored. Their
    /// invitations are queued: frontdesk emails send.
    #[command(after_help = IMPORT_EXAMPLES)]
    Import(ImportArguments),
    /// Write every user as CSV, as an import takes it back
    #[command(after_help = EXPORT_EXAMPLES)]
    Export(ExportArguments),
}

impl UsersCommand {
    pub(super) fn output(&self) -> Option<&OutputArguments> {
        match self {
            Self::List(list) => Some(&list.format.output),
            Self::Show(show) => Some(&show.format.output),
            Self::Exists(_) => None,
            Self::Add(add) => Some(&add.change.output),
            Self::Edit(edit) => Some(&edit.change.output),
            Self::Delete(delete) => Some(&delete.change.output),
            Self::Import(import) => Some(&import.change.output),
            Self::Export(_) => None,
        }
    }
}

// `users list`.
#[derive(Debug, Clone, Args)]
pub struct UsersList {
    #[command(flatten)]
    pub filter: UserFilterArguments,
    #[command(flatten)]
    pub paging: PagingArguments,
    #[command(flatten)]
    pub format: FormatArguments,
}

// Which users.
#[derive(Debug, Clone, Default, Args)]
pub struct UserFilterArguments {
    /// Only users whose name or email address has this text in it, in any letter case, with or without accents
    #[arg(long, value_name = "TEXT", value_parser = search)]
    pub search: Option<Search>,

    /// Only users whose account is active, or is not; in the register only
    #[arg(long, value_enum)]
    pub status: Option<Status>,

    /// Only support users, or only API users; in the register only
    #[arg(long = "type", value_enum, value_name = "TYPE")]
    pub user_type: Option<UserType>,

    /// Only users who have signed in, or who never have
    #[arg(long, value_enum, value_name = "YES|NO")]
    pub signed_in: Option<YesNo>,
}

/// Whether an account is active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Status {
    Active,
    Inactive,
}

/// Whether an account is for people or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum UserType {
    Support,
    Api,
}

impl UserFilterArguments {
    /// The flags as they were given, to ask for another page of the same list.
    pub fn words(&self) -> Vec<(&'static str, String)> {
        let search = self.search.as_ref().map(|search| ("--search", search.as_typed()));
        let status = self.status.map(|status| ("--status", if status == Status::Active { "active" } else { "inactive" }));
        let user_type = self.user_type.map(|user_type| ("--type", if user_type == UserType::Support { "support" } else { "api" }));
        let signed_in = self.signed_in.map(|answer| ("--signed-in", yes_no::word(answer == YesNo::Yes)));
        let given = [search, status, user_type, signed_in].into_iter().flatten();
        given.map(|(flag, value)| (flag, value.to_owned())).collect()
    }
}

impl From<&UserFilterArguments> for UserFilter {
    fn from(arguments: &UserFilterArguments) -> Self {
        Self {
            active: arguments.status.map(|status| status == Status::Active),
            api_user: arguments.user_type.map(|user_type| user_type == UserType::Api),
            signed_in: arguments.signed_in.map(|signed_in| signed_in == YesNo::Yes),
            search: arguments.search.clone(),
        }
    }
}

// `users show`.
#[derive(Debug, Clone, Args)]
pub struct UsersShow {
    /// The user’s email address, id or sign-in id
    #[arg(value_parser = not_blank)]
    pub who: String,
    #[command(flatten)]
    pub format: FormatArguments,
}

// `users exists`.
#[derive(Debug, Clone, Args)]
pub struct UsersExists {
    /// The user’s email address, id or sign-in id
    #[arg(value_parser = not_blank)]
    pub who: String,
}

// The answers about a user.
#[derive(Debug, Clone, Default, Args)]
pub struct UserArguments {
    #[command(flatten)]
    pub names: NameArguments,

    /// The user’s email address, at education.gov.uk or a part of it
    #[arg(long)]
    pub email: Option<String>,

    // Text, and nothing where the value is missing: a wrong answer is told with all the others.
    /// Whether the account is an API user; in the register only
    #[arg(long, value_name = "YES|NO", num_args = 0..=1, default_missing_value = "")]
    pub api_user: Option<String>,
}

impl UserArguments {
    fn answers(&self, active: Option<&String>) -> Answers {
        let [first_name, last_name] = self.names.answers();
        Answers::given([
            first_name,
            last_name,
            (Field::Email, self.email.clone()),
            (Field::ApiUser, self.api_user.clone()),
            (Field::Active, active.cloned()),
        ])
    }
}

// `users add`.
#[derive(Debug, Clone, Args)]
pub struct UsersAdd {
    #[command(flatten)]
    pub user: UserArguments,

    /// Succeed without changing anything when a user has this email address already
    #[arg(long)]
    pub if_not_exists: bool,

    #[command(flatten)]
    pub change: ChangeArguments,
}

impl UsersAdd {
    /// The answers as they were typed.
    pub fn answers(&self) -> Answers {
        self.user.answers(None)
    }
}

// `users edit`.
#[derive(Debug, Clone, Args)]
pub struct UsersEdit {
    /// The user’s email address, id or sign-in id
    #[arg(value_parser = not_blank)]
    pub who: String,

    #[command(flatten)]
    pub user: UserArguments,

    /// Whether the account is active; in the register only
    #[arg(long, value_name = "YES|NO", num_args = 0..=1, default_missing_value = "")]
    pub active: Option<String>,

    #[command(flatten)]
    pub change: ChangeArguments,
}

impl UsersEdit {
    /// The answers as they were typed.
    pub fn answers(&self) -> Answers {
        self.user.answers(self.active.as_ref())
    }
}

// `users delete`.
#[derive(Debug, Clone, Args)]
pub struct UsersDelete {
    /// The user’s email address, id or sign-in id
    #[arg(value_parser = not_blank)]
    pub who: String,

    /// Succeed without changing anything when there is no such user
    #[arg(long)]
    pub if_exists: bool,

    #[command(flatten)]
    pub change: ChangeArguments,
}
