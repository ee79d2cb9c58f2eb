//! What a run works with and who decided it: flags beat environment, environment beats the
//! configuration file, the file beats defaults. Each value keeps its origin, so that `whoami` and
//! every error can say where it came from.

mod file;
mod named_database;
mod nearest;
mod origin;
mod paths;
mod read;
mod server_address;
mod services;
mod settings;
mod smtp;
mod variables;

pub use file::Delivery;
pub use named_database::NamedDatabase;
pub use origin::{Origin, Sourced};
pub use paths::at_home;
pub use services::KnownService;
pub use settings::{ConfigurationFile, Flags, SettingRow, Settings, typed_database};
pub use smtp::SmtpSettings;
