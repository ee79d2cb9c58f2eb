//! Where things lie: the directories that the operating system gives an application, and what a
//! database may be called.

use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};

use crate::error::Error;

/// The directories of the person at the command line.
#[derive(Debug, Clone)]
pub struct Directories {
    pub home: PathBuf,
    pub configuration: PathBuf,
    pub data: PathBuf,
}

impl Directories {
    /// As the operating system has them; nothing when it knows of no home directory.
    pub fn of_system() -> Option<Self> {
        let base = BaseDirs::new()?;
        let project = ProjectDirs::from("", "", "frontdesk")?;
        Some(Self { home: base.home_dir().to_owned(), configuration: project.config_dir().to_owned(), data: project.data_dir().to_owned() })
    }

    /// Where the configuration file is looked for.
    pub fn configuration_file(&self) -> PathBuf {
        self.configuration.join("config.toml")
    }

    /// Where a service keeps its database when nobody says otherwise.
    pub fn database(&self, service: &str) -> PathBuf {
        self.data.join(format!("{service}.db"))
    }
}

/// The database that the configuration file names: `~/` is the home directory, and a relative path
/// starts at the file's own directory. Nothing when it needs a home directory and there is none.
pub fn named_in_file(written: &str, file: &Path, home: Option<&Path>) -> Option<PathBuf> {
    match written.strip_prefix("~/") {
        Some(rest) => home.map(|home| home.join(rest)),
        None => Some(file.parent().unwrap_or_else(|| Path::new("")).join(written)),
    }
}

/// A path as somebody typed it, with their home directory for a tilde at its start.
pub fn at_home(typed: &str) -> PathBuf {
    let home = || typed.strip_prefix("~/").and_then(|rest| Some(BaseDirs::new()?.home_dir().join(rest)));
    home().unwrap_or_else(|| PathBuf::from(typed))
}

/// Where emails go that no mail server takes: beside the database.
pub fn emails_beside(database: &Path) -> PathBuf {
    database.parent().unwrap_or_else(|| Path::new("")).join("emails")
}

/// What to say when there is no place for a default database.
pub fn no_home_directory() -> Error {
    Error::unavailable("Your home directory cannot be found, so there is no place for the database")
        .hint("Name the database with --database PATH or FRONTDESK_DATABASE.")
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{emails_beside, named_in_file};

    #[test]
    fn a_database_in_the_file_starts_at_the_file_or_at_home() {
        let named = |written| named_in_file(written, Path::new("/etc/desk/config.toml"), Some(Path::new("/home/ann")));
        assert_eq!(named("claim.db"), Some(PathBuf::from("/etc/desk/claim.db")));
        assert_eq!(named("~/claim.db"), Some(PathBuf::from("/home/ann/claim.db")));
        assert_eq!(named("/srv/claim.db"), Some(PathBuf::from("/srv/claim.db")));
        assert_eq!(named("~ann/claim.db"), Some(PathBuf::from("/etc/desk/~ann/claim.db")));
        assert_eq!(named_in_file("~/claim.db", Path::new("config.toml"), None), None);
        assert_eq!(named_in_file("claim.db", Path::new("config.toml"), None), Some(PathBuf::from("claim.db")));
    }

    #[test]
    fn emails_lie_beside_the_database() {
        assert_eq!(emails_beside(Path::new("/srv/claim.db")), PathBuf::from("/srv/emails"));
        assert_eq!(emails_beside(Path::new("claim.db")), PathBuf::from("emails"));
    }
}
