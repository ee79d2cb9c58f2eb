//! Every question that is asked of a person: one at a time, with what was typed kept, and a way out
//! that leaves nothing half done. What only the database knows is handed in as functions.

mod check_answers;
mod form;
mod interruption;
mod keys;
mod line;
mod menu;
mod plain;
mod prompter;
mod raw_mode;
mod rich;
#[cfg(test)]
mod scripted;
mod standard_input;
mod window;

pub use self::check_answers::{Checked, Journey, fill_and_check};
pub use self::form::ask_field;
pub use self::interruption::Interruption;
pub use self::plain::Plain;
pub use self::prompter::{Choice, Prompter, Reply, Shortcut, confirm};
pub use self::raw_mode::Mode;
pub use self::rich::Rich;
