//! A form: one question after another, each asked again until its answer is good.

use super::prompter::{Choice, Prompter, Reply};
use crate::domain::answers::Answers;
use crate::domain::problem::{Field, Problems};
use crate::domain::yes_no;
use crate::error::Result;

/// Asks one question, starting from what was answered before, until its answer is good or the
/// person goes back. `problems` says what is wrong with all the answers.
///
/// # Errors
/// Ctrl-C, the end of the input, or what `problems` cannot find out.
pub fn ask_field(
    prompter: &mut dyn Prompter,
    field: Field,
    answers: &mut Answers,
    mut error: Option<String>,
    problems: &mut dyn FnMut(&Answers) -> Result<Problems>,
) -> Result<Reply<()>> {
    let before = answers.clone();
    loop {
        match ask(prompter, field, answers.get(field), error.as_deref())? {
            Reply::Given(typed) => answers.set(field, typed),
            Reply::Back => {
                *answers = before;
                return Ok(Reply::Back);
            }
        }
        error = problems(answers)?.of(field).map(|problem| problem.message.clone());
        if error.is_none() {
            return Ok(Reply::Given(()));
        }
    }
}

/// The question as it is asked: where it is not plain how to write the answer, it says so.
fn question(field: Field) -> &'static str {
    match field {
        Field::ClientExpiry => "Expiry date (YYYY-MM-DD)",
        _ => field.label(),
    }
}

fn ask(prompter: &mut dyn Prompter, field: Field, typed: Option<&str>, error: Option<&str>) -> Result<Reply<String>> {
    if !matches!(field, Field::ApiUser | Field::Active) {
        return prompter.text(question(field), typed.unwrap_or_default(), error);
    }
    let choices = [Choice::new(yes_no::label(true)), Choice::new(yes_no::label(false))];
    // No default where nothing was answered: the person must choose.
    let selected = typed.and_then(yes_no::parse).map(|answer| usize::from(!answer));
    Ok(match prompter.choose(field.label(), &choices, selected, error)? {
        Reply::Given(chosen) => Reply::Given(chosen.map_or("", |index| yes_no::word(index == 0)).to_owned()),
        Reply::Back => Reply::Back,
    })
}
