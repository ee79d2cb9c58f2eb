//! The scripts that teach a shell to complete: ours for the shells that complete live, generated ones
//! for the others, which then know commands, flags and listed values alone.

use clap::{CommandFactory as _, ValueEnum};
use clap_complete::aot::{Elvish, PowerShell};
use clap_complete::generate;

use super::Cli;

/// The shells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
    Elvish,
    Powershell,
}

// Not those that clap_complete registers: they hold the path of the binary that printed them, and in
// bash nothing completes after an `@`.
const BASH: &str = include_str!("../../completions/frontdesk.bash");
const ZSH: &str = include_str!("../../completions/_frontdesk");
const FISH: &str = include_str!("../../completions/frontdesk.fish");

const ELVISH_USE: &str = "\
# Completion of frontdesk for elvish: have in ~/.config/elvish/rc.elv
#   eval (frontdesk completions elvish | slurp)
";
const POWERSHELL_USE: &str = "\
# Completion of frontdesk for PowerShell: have in the file that $PROFILE names
#   frontdesk completions powershell | Out-String | Invoke-Expression
";

impl Shell {
    /// The script.
    pub fn registration(self) -> String {
        match self {
            Self::Bash => BASH.to_owned(),
            Self::Zsh => ZSH.to_owned(),
            Self::Fish => FISH.to_owned(),
            Self::Elvish => format!("{ELVISH_USE}{}", generated(Elvish)),
            Self::Powershell => format!("{POWERSHELL_USE}{}", generated(PowerShell)),
        }
    }
}

fn generated(generator: impl clap_complete::Generator) -> String {
    let mut script = Vec::new();
    generate(generator, &mut Cli::command(), "frontdesk", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}
