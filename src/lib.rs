//! frontdesk: administer who can use a service, from the command line. The rooms are drawn in
//! CONTRIBUTING.md; `tests/architecture.rs` holds them apart.

#![warn(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::todo, clippy::unimplemented)]

pub mod ask;
pub mod cli;
pub mod commands;
pub mod config;
pub mod domain;
pub mod error;
pub mod exit;
pub mod mail;
pub mod ops;
pub mod output;
pub mod store;
pub mod world;

use std::ffi::OsString;
use std::io::Write as _;

use crate::cli::completion::{self, Knowledge, Question};
use crate::cli::{Cli, Colour, Unparsed};
use crate::commands::Session;
use crate::config::Settings;
use crate::error::Result;
use crate::exit::Exit;
use crate::output::printer::Printer;
use crate::world::World;

/// Runs one command line, whose first word is the program's name, in this world.
pub fn run(arguments: Vec<OsString>, world: &mut World) -> Exit {
    if completion::is_asked(&arguments) {
        return complete(&arguments, world);
    }
    match cli::parse(arguments.iter().cloned()) {
        Ok(cli) => match cli.about(world.terminal.columns) {
            Some(answer) => run_unparsed(answer, &arguments, world),
            None => run_command(&cli, &arguments, world),
        },
        Err(unparsed) => run_unparsed(cli::unparsed(&unparsed), &arguments, world),
    }
}

/// Answers a shell that asks what could stand on the line. There is nobody to tell of anything wrong.
fn complete(arguments: &[OsString], world: &mut World) -> Exit {
    let Some(mut question) = Question::read(arguments) else { return Exit::Done };
    let environment = world.environment.with(std::mem::take(&mut question.variables));
    let knowledge = Knowledge {
        settings: &|flags| Settings::resolve(flags, &environment, &world.account),
        services: Settings::known_services(&environment, &world.account),
        fields: commands::fields_of,
        directory: World::directory(),
    };
    let answer = completion::answer(question, knowledge);
    let _ = world.stdout.write_all(answer.as_bytes()).and_then(|()| world.stdout.flush());
    Exit::Done
}

fn run_command(cli: &Cli, arguments: &[OsString], world: &mut World) -> Exit {
    let style = commands::style(cli, world);
    let colour = style.colour_err;
    let World { stdin, stdout, stderr, environment, clock, ids, account, terminal } = world;
    let mut printer = Printer::new(stdout, stderr, style);
    let settings = match Settings::resolve(&(&cli.globals).into(), environment, account) {
        Ok(settings) => settings,
        // A mistake on the command line is told before one in the configuration; so is half a command.
        Err(error) => {
            let is_asked = terminal.stdin && terminal.stderr && !cli.globals.no_input;
            if let Some(unparsed) = cli.without_a_desk().filter(|_| !(is_asked && terminal.stdout)) {
                drop(printer);
                return run_unparsed(unparsed, arguments, world);
            }
            let mistake = commands::mistake(cli.command.as_ref(), is_asked);
            return end(printer, Err(mistake.unwrap_or(error)));
        }
    };
    printer.use_desk_flags(commands::words_of_desk(&cli.globals, &settings));
    if settings.accessible.value && cli.globals.colour == Colour::Auto {
        printer.use_no_colour();
    }
    let questions_unseen = commands::questions_unseen(&settings, *terminal);
    let prompter = commands::prompter(&settings, *terminal, environment, colour);
    let opens_desk = prompter.is_some() && terminal.stdout;
    if let Some(unparsed) = cli.without_a_desk().filter(|_| !opens_desk) {
        drop(printer);
        return run_unparsed(unparsed, arguments, world);
    }
    let globals = cli.globals.clone();
    let progress = commands::progress(&settings, *terminal, environment, globals.quiet);
    let mut session = Session {
        settings,
        printer,
        stdin,
        clock: *clock,
        ids: *ids,
        account: account.clone(),
        environment,
        globals,
        storing: domain::storing::Storing::default(),
        prompter,
        progress,
        input_is_terminal: terminal.stdin,
        output_is_null: terminal.stdout_is_null,
        questions_unseen,
    };
    let result = commands::run(cli.command.as_ref(), &mut session);
    end(session.printer, result)
}

/// Help and the version are answers, and go to standard output; a noun alone is half a command.
fn run_unparsed(unparsed: Unparsed, arguments: &[OsString], world: &mut World) -> Exit {
    let style = commands::style_of_mistake(arguments, world);
    let World { stdout, stderr, .. } = world;
    let written = match unparsed {
        Unparsed::Help(text) => {
            let text = if style.colour_out { text.ansi().to_string() } else { text.to_string() };
            write!(stdout, "{text}").and_then(|()| stdout.flush()).map(|()| Exit::Done)
        }
        Unparsed::Text(text) => write!(stdout, "{text}").and_then(|()| stdout.flush()).map(|()| Exit::Done),
        Unparsed::NounAlone(text) => {
            let text = if style.colour_err { text.ansi().to_string() } else { text.to_string() };
            write!(stderr, "{text}").map(|()| Exit::Usage)
        }
        Unparsed::Mistake(error) => return end(Printer::new(stdout, stderr, style), Err(error)),
    };
    written.unwrap_or_else(|error| end(Printer::new(stdout, stderr, output::style::Style::default()), Err(error.into())))
}

/// Writes what is left to write and says how the run ended: as it went, unless that could not be
/// told.
fn end(mut printer: Printer<'_>, result: Result<Exit>) -> Exit {
    let (exit, error) = match result {
        Ok(exit) => match printer.finish() {
            Ok(()) => return exit,
            Err(error) if exit == Exit::Done => (Exit::from(&error), error),
            Err(error) => (exit, error),
        },
        Err(error) => (Exit::from(&error), error),
    };
    // Where standard error cannot be written either, the exit code alone tells.
    let _ = printer.error(&error, exit.number());
    exit
}
