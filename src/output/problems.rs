//! Errors as they are told: to people with every problem, its flag and what to do, to scripts as
//! one object.

use serde_json::{Value, json};

use super::flow;
use super::pairs;
use super::record::{Object, Row};
use super::safe_text::{in_short, safe_lines, safe_text};
use super::style::{ERROR, Style, paint};
use crate::domain::api_token::without_tokens;
use crate::domain::count::thousands;
use crate::domain::import::RowProblem;
use crate::domain::problem::{Field, Problem};
use crate::error::{Error, ErrorKind};

/// How many problems with rows are told on a terminal: as many as somebody looks through there.
const ON_A_TERMINAL: usize = 50;
/// What an error begins with.
const WORD: &str = "Error:";

/// The error for people, as standard error takes it; every line ends in a line break. What lies
/// beneath is told only under `--verbose`.
pub fn for_people(error: &Error, style: &Style) -> String {
    let columns = style.columns_err;
    let message = safe_text(&in_short(&without_tokens(&error.message)));
    // What the person chose themselves is no error.
    let mut text = match error.kind {
        ErrorKind::Cancelled | ErrorKind::Interrupted => flow::text(&message, columns),
        _ => flow::text(&format!("{WORD} {message}"), columns).replacen(WORD, &paint(style.colour_err, ERROR, WORD), 1),
    };
    let flag_and_message = |problem: &Problem| Row::text(&format!("  {}", problem.field.flag()), &problem.message);
    text.push_str(&pairs::render(&error.problems.iter().map(flag_and_message).collect::<Vec<_>>(), columns));
    let shown = columns.map_or(usize::MAX, |_| ON_A_TERMINAL).min(error.rows.told.len());
    for RowProblem { line, problem } in error.rows.told.iter().take(shown) {
        let before = if problem.column.is_some() { "," } else { ":" };
        let told = format!("Line {line}{before} {}", safe_text(&problem.told()));
        for line in pairs::wrap(&told, columns.map_or(usize::MAX, usize::from), "  ", "    ", false) {
            text.push_str(&format!("{line}\n"));
        }
    }
    let more = error.rows.count.saturating_sub(shown as u64);
    if more > 0 {
        let how = if columns.is_some() && !error.rows.are_written { "; to get all of them, add --errors FILE" } else { "" };
        text.push_str(&flow::text(&format!("  and {} more{how}", thousands(more)), columns));
    }
    if let Some(hint) = &error.hint {
        let hint = without_tokens(hint);
        text.push_str(&flow::text(&safe_lines(&flow::with_flags(&in_short(&hint), &style.desk_flags)), columns));
    }
    if style.verbose {
        for cause in error.cause.iter().flat_map(anyhow::Error::chain) {
            text.push_str(&flow::text(&format!("Caused by: {}", safe_text(&without_tokens(&cause.to_string()))), columns));
        }
    }
    text
}

/// The error for scripts, with the exit code that the process ends with.
pub fn for_machines(error: &Error, exit: u8, style: &Style) -> Object {
    let field = |problem: &Problem| {
        json!({
            "field": problem.field.key(),
            "flag": problem.field.flag(),
            "code": problem.code.key(),
            "message": problem.message,
        })
    };
    let row = |RowProblem { line, problem }: &RowProblem| json!({ "field": problem.column.map(Field::key), "flag": null, "code": problem.code.key(), "message": problem.message, "line": line });
    let fields = error.problems.iter().map(field).chain(error.rows.told.iter().map(row));
    let mut told = Object::new();
    told.insert("code".to_owned(), error.kind.key().into());
    told.insert("reason".to_owned(), error.reason.map(|reason| reason.key()).into());
    told.insert("message".to_owned(), without_tokens(&error.message).into());
    told.insert("fields".to_owned(), fields.collect::<Vec<Value>>().into());
    let more = error.rows.count.saturating_sub(error.rows.told.len() as u64);
    if more > 0 {
        told.insert("more".to_owned(), more.into());
    }
    told.insert("hint".to_owned(), error.hint.as_ref().map(|hint| flow::with_flags(&without_tokens(hint), &style.desk_flags)).into());
    let mut object = Object::new();
    object.insert("error".to_owned(), told.into());
    object.insert("exit".to_owned(), exit.into());
    object
}

#[cfg(test)]
mod tests {
    use super::{for_machines, for_people};
    use crate::domain::import::RowProblems;
    use crate::domain::problem::{Code, Field, Problem, Problems};
    use crate::domain::refusal::Refusal;
    use crate::error::Error;
    use crate::output::style::Style;

    fn coloured() -> Style {
        Style { colour_err: true, ..Style::default() }
    }

    #[test]
    fn on_a_narrow_terminal_lines_are_broken_between_words() {
        let mut problems = Problems::from(Problem::with_user(Field::Email, Code::WrongDomain));
        problems.add(Problem::with_user(Field::FirstName, Code::Blank));
        let error = Error::from(problems).hint("To see everybody: frontdesk users list --status active --all");
        assert_eq!(
            for_people(&error, &Style { columns_err: Some(40), ..coloured() }),
            "\u{1B}[1m\u{1B}[31mError:\u{1B}[0m There is a problem
  --first-name  Enter first name
  --email       Enter a Department for
                Education email address
                in the correct format,
                like
                name@education.gov.uk
To see everybody:
frontdesk users list --status active --all
"
        );
    }

    #[test]
    fn people_read_every_problem_beside_its_flag() {
        let mut problems = Problems::from(Problem::with_user(Field::Email, Code::EmailInUse));
        problems.add(Problem::with_user(Field::FirstName, Code::Blank));
        let error = Error::from(problems).hint("Nothing was stored.");
        assert_eq!(
            for_people(&error, &Style::default()),
            "Error: There is a problem\n  --first-name  Enter first name\n  --email       Email address already in use\nNothing was stored.\n"
        );
    }

    #[test]
    fn of_very_many_wrong_rows_the_rest_is_counted() {
        let error = Error::from(RowProblems { count: 12_345, ..RowProblems::default() });
        assert_eq!(
            for_people(&error, &Style::default()),
            "Error: You need to fix 12,345 errors related to specific rows\n  and 12,345 more\n"
        );
    }

    #[test]
    fn colour_is_on_the_word_alone_and_text_is_made_safe() {
        let error = Error::not_found("Nobody is called \u{1B}[2J");
        assert_eq!(for_people(&error, &coloured()), "\u{1B}[1m\u{1B}[31mError:\u{1B}[0m Nobody is called \u{FFFD}[2J\n");
    }

    #[test]
    fn what_the_person_chose_is_no_error() {
        assert_eq!(for_people(&Error::cancelled(), &coloured()), "Nothing was changed\n");
        assert_eq!(for_people(&Error::interrupted(), &coloured()), "Stopped: nothing was changed\n");
    }

    #[test]
    fn causes_are_told_when_asked_for() {
        let cause = anyhow::Error::msg("no such table").context("reading users");
        let error = Error::unavailable("The database cannot be read").caused_by(cause);
        assert_eq!(for_people(&error, &Style::default()), "Error: The database cannot be read\n");
        assert_eq!(
            for_people(&error, &Style { verbose: true, ..Style::default() }),
            "Error: The database cannot be read\nCaused by: reading users\nCaused by: no such table\n"
        );
    }

    #[test]
    fn scripts_read_one_object() {
        let error = Error::from(Problem::with_user(Field::Email, Code::EmailInUse));
        assert_eq!(
            serde_json::to_string(&for_machines(&error, 5, &Style::default())).expect("JSON"),
            r#"{"error":{"code":"conflict","reason":null,"message":"There is a problem","fields":[{"field":"email","flag":"--email","code":"email_in_use","message":"Email address already in use"}],"hint":null},"exit":5}"#
        );
        let error = for_machines(&Error::from(Refusal::too_many_deletes(1)), 6, &Style::default());
        assert_eq!(error["error"]["reason"], "too_many_deletes");
    }
}
