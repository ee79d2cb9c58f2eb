//! How the output of a run is to look: by flags, by the environment, by what the streams are.

use std::ffi::OsString;

use crate::ask::{Plain, Prompter, Rich};
use crate::cli::{Cli, Colour, OutputFormat, wanted_colour, wants_json};
use crate::config::Settings;
use crate::output::format::Format;
use crate::output::progress::ProgressLook;
use crate::output::style::Style;
use crate::world::{Environment, Terminal, World};

/// The style of a command.
pub fn style(cli: &Cli, world: &World) -> Style {
    let format = cli.format().map_or(Format::Table, format);
    let globals = &cli.globals;
    style_in(format, globals.colour, world, globals.quiet, globals.verbose)
}

fn format(asked: OutputFormat) -> Format {
    match asked {
        OutputFormat::Table => Format::Table,
        OutputFormat::Plain => Format::Plain,
        OutputFormat::Json => Format::Json,
        OutputFormat::Jsonl => Format::JsonLines,
        OutputFormat::Csv => Format::Csv,
        OutputFormat::Ids => Format::Ids,
    }
}

/// The style of the answer to a command line that is no command: still JSON if that was wanted.
pub fn style_of_mistake(arguments: &[OsString], world: &World) -> Style {
    let format = if wants_json(arguments) { Format::JsonLines } else { Format::Table };
    style_in(format, wanted_colour(arguments), world, false, false)
}

fn style_in(format: Format, colour: Colour, world: &World, quiet: bool, verbose: bool) -> Style {
    let Terminal { stdout, stderr, columns, columns_err, .. } = world.terminal;
    Style {
        format,
        fields: None,
        colour_out: has_colour(colour, stdout, &world.environment),
        colour_err: has_colour(colour, stderr, &world.environment),
        columns,
        columns_err,
        desk_flags: String::new(),
        quiet,
        verbose,
    }
}

/// Who asks the person: nobody where standard input and standard error are not both terminals, or
/// where no input was promised; in plain lines where that was asked for or the terminal can do no
/// more.
pub fn prompter(settings: &Settings, terminal: Terminal, environment: &Environment, colour: bool) -> Option<Box<dyn Prompter>> {
    if !terminal.stdin || !terminal.stderr || settings.no_input.value {
        return None;
    }
    if settings.accessible.value || is_dumb(environment) { Some(Box::new(Plain::default())) } else { Some(Box::new(Rich::new(colour))) }
}

/// How a long run tells how far it has come: in lines where questions would be asked in lines, and
/// not at all where nobody looks.
pub fn progress(settings: &Settings, terminal: Terminal, environment: &Environment, quiet: bool) -> ProgressLook {
    match terminal.columns_err {
        None => ProgressLook::None,
        _ if quiet => ProgressLook::None,
        _ if settings.accessible.value || is_dumb(environment) => ProgressLook::Lines,
        Some(columns) => ProgressLook::Bar { columns },
    }
}

/// Whether somebody types who would not see a question.
pub fn questions_unseen(settings: &Settings, terminal: Terminal) -> bool {
    terminal.stdin && !terminal.stderr && !settings.no_input.value
}

/// A terminal that says nothing of itself can do no more than one that says it can do nothing.
fn is_dumb(environment: &Environment) -> bool {
    environment.get("TERM").is_none_or(|name| name == "dumb")
}

/// A flag beats the environment, and `NO_COLOR` beats `CLICOLOR_FORCE` (no-color.org).
fn has_colour(colour: Colour, is_terminal: bool, environment: &Environment) -> bool {
    match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto if environment.get("NO_COLOR").is_some() => false,
        Colour::Auto if environment.get("CLICOLOR_FORCE").is_some_and(|force| force != "0") => true,
        Colour::Auto => is_terminal && !is_dumb(environment),
    }
}
