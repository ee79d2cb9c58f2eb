//! From a form to its last yes: the questions that are open, then “Check your answers”, where every
//! answer can still be changed and the email seen.

use super::form::ask_field;
use super::prompter::{Choice, Prompter, Reply};
use crate::domain::answers::Answers;
use crate::domain::change::{ChangeResult, Outcome};
use crate::domain::problem::{Field, Problems};
use crate::error::{Error, Result};
use crate::output::pairs::wrap;
use crate::output::safe_text::safe_lines;

/// A form and what is checked of it.
pub struct Journey<'a, R> {
    /// The questions, in their order; the others may not be changed.
    pub fields: &'a [Field],
    /// Tries the change and takes it back: the same code that will save it.
    pub attempt: &'a mut dyn FnMut(&Answers) -> Result<Outcome<R>>,
    /// The page that shows what would be saved.
    pub page: &'a dyn Fn(&Outcome<R>, u16) -> String,
}

/// How a journey ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    Save,
    /// The answers say what is stored already.
    Unchanged,
    Cancel,
}

/// Asks what is open, shows what would be saved, and lets it be changed until the person saves or
/// cancels. Questions that were answered well are not asked, unless `ask_all`.
///
/// # Errors
/// Ctrl-C, the end of the input, or a refusal of the change.
pub fn fill_and_check<R>(
    prompter: &mut dyn Prompter,
    journey: &mut Journey<'_, R>,
    answers: &mut Answers,
    ask_all: bool,
) -> Result<Checked> {
    if ask(prompter, journey, answers, ask_all)? == Reply::Back {
        return Ok(Checked::Cancel);
    }
    loop {
        let outcome = match (journey.attempt)(answers) {
            Ok(outcome) => outcome,
            // Somebody took the address, or the code, while it was looked at.
            Err(error) if journey.fields.iter().any(|field| error.problems.of(*field).is_some()) => {
                if ask(prompter, journey, answers, false)? == Reply::Back {
                    return Ok(Checked::Cancel);
                }
                continue;
            }
            Err(error) => return Err(error),
        };
        if outcome.result == ChangeResult::Unchanged {
            return Ok(Checked::Unchanged);
        }
        prompter.say(&(journey.page)(&outcome, prompter.columns()))?;
        let mut step = next_step(prompter, journey.fields, &outcome)?;
        // The page does not follow: it would push the email off the screen.
        while let Step::SeeEmails = step {
            prompter.say(&emails(&outcome, prompter.columns()))?;
            step = next_step(prompter, journey.fields, &outcome)?;
        }
        if let Step::Change(field) = step {
            ask_field(prompter, field, answers, None, &mut problems_of(journey.attempt))?;
        } else {
            return Ok(if let Step::Save = step { Checked::Save } else { Checked::Cancel });
        }
    }
}

/// Asks every question that is open, in order. Back goes to the question before, and from the first
/// out of the form.
fn ask<R>(prompter: &mut dyn Prompter, journey: &mut Journey<'_, R>, answers: &mut Answers, ask_all: bool) -> Result<Reply<()>> {
    let problems = problems_of(journey.attempt)(answers)?;
    // What was answered and is wrong is told the first time; a question that nobody has answered yet
    // is no mistake.
    let mut open: Vec<(Field, Option<String>)> = Vec::new();
    for field in journey.fields.iter().copied().filter(|field| ask_all || problems.of(*field).is_some()) {
        let problem = problems.of(field).filter(|_| answers.get(field).is_some());
        open.push((field, problem.map(|problem| problem.message.clone())));
    }
    let mut index = 0;
    while let Some((field, error)) = open.get_mut(index) {
        match ask_field(prompter, *field, answers, error.take(), &mut problems_of(journey.attempt))? {
            Reply::Given(()) => index += 1,
            Reply::Back if index == 0 => return Ok(Reply::Back),
            Reply::Back => index -= 1,
        }
    }
    Ok(Reply::Given(()))
}

/// What is wrong with answers; another refusal ends the journey at once.
fn problems_of<R>(attempt: &mut dyn FnMut(&Answers) -> Result<Outcome<R>>) -> impl FnMut(&Answers) -> Result<Problems> {
    |answers| match attempt(answers) {
        Ok(_) => Ok(Problems::default()),
        Err(Error { problems, .. }) if !problems.is_empty() => Ok(problems),
        Err(error) => Err(error),
    }
}

enum Step {
    Save,
    Change(Field),
    SeeEmails,
    Cancel,
}

fn next_step<R>(prompter: &mut dyn Prompter, fields: &[Field], outcome: &Outcome<R>) -> Result<Step> {
    let mut steps = vec![(Choice::new("Save"), Step::Save)];
    steps.extend(fields.iter().map(|field| (Choice::new(format!("Change: {}", field.label())), Step::Change(*field))));
    if !outcome.emails.is_empty() {
        steps.push((Choice::new("See the email"), Step::SeeEmails));
    }
    steps.push((Choice::new("Cancel"), Step::Cancel));
    let choices: Vec<Choice> = steps.iter().map(|(choice, _)| choice.clone()).collect();
    Ok(match prompter.choose("What do you want to do?", &choices, Some(0), None)? {
        Reply::Given(Some(index)) if index < steps.len() => steps.swap_remove(index).1,
        _ => Step::Cancel,
    })
}

fn emails<R>(outcome: &Outcome<R>, columns: u16) -> String {
    let mut shown = String::new();
    for email in &outcome.emails {
        let text = format!("\nTo: {}\nSubject: {}\n\n{}\n", email.to.address, email.subject(), email.text().trim_end());
        for line in safe_lines(&text).lines().flat_map(|line| wrap(line, usize::from(columns), "", "", false)) {
            shown.push_str(&format!("{line}\n"));
        }
    }
    shown + "\n"
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Checked, Journey, fill_and_check};
    use crate::ask::scripted::Scripted;
    use crate::domain::answers::Answers;
    use crate::domain::change::{ChangeResult, Outcome};
    use crate::domain::problem::{Code, Field, Problem};
    use crate::domain::user::User;
    use crate::domain::user_answers::check_new;
    use crate::error::{ErrorKind, Result};

    const FIELDS: [Field; 4] = [Field::FirstName, Field::LastName, Field::Email, Field::ApiUser];

    /// A desk at which only taken@education.gov.uk is taken.
    fn attempt(answers: &Answers) -> Result<Outcome<User>> {
        let checked = check_new(answers, true);
        let mut problems = checked.clone().err().unwrap_or_default();
        if answers.get(Field::Email) == Some("taken@education.gov.uk") {
            problems.add(Problem::with_user(Field::Email, Code::EmailInUse));
        }
        let Some(details) = checked.ok().filter(|_| problems.is_empty()) else { return Err(problems.into()) };
        let at = Timestamp::UNIX_EPOCH;
        let user =
            User { id: String::new(), details, sign_in_id: None, last_signed_in_at: None, created_at: at, updated_at: at, revision: 1 };
        Ok(Outcome::new(ChangeResult::Added, Some(user), true))
    }

    fn walk(script: &[&str], answers: &mut Answers) -> (Result<Checked>, Vec<String>) {
        let mut prompter = Scripted::new(script);
        let page =
            |outcome: &Outcome<User>, _columns| outcome.record.as_ref().map(|user| user.details.person.full_name()).unwrap_or_default();
        let mut journey = Journey { fields: &FIELDS, attempt: &mut attempt, page: &page };
        let checked = fill_and_check(&mut prompter, &mut journey, answers, false);
        (checked, prompter.transcript)
    }

    #[test]
    fn an_error_is_told_at_its_question_and_what_was_typed_is_kept() {
        let mut answers = Answers::default();
        let script = ["", "Ann", "Abel", "ann@gmail.com", "taken@education.gov.uk", "ann@education.gov.uk", "", "No", "Save"];
        let (checked, transcript) = walk(&script, &mut answers);
        assert_eq!(checked.unwrap(), Checked::Save);
        assert_eq!(
            transcript,
            [
                "First name []",
                "First name [] (Enter first name)",
                "Last name []",
                "Email address []",
                "Email address [ann@gmail.com] (Enter a Department for Education email address in the correct format, like name@education.gov.uk)",
                "Email address [taken@education.gov.uk] (Email address already in use)",
                "Is the account an API user?",
                "Is the account an API user? (Select if the account is an API user)",
                "Ann Abel",
                "What do you want to do?",
            ]
        );
    }

    #[test]
    fn good_answers_are_not_asked_again_and_any_can_be_changed_at_the_end() {
        let mut answers = Answers::from([(Field::FirstName, "Ann".to_owned()), (Field::ApiUser, "maybe".to_owned())]);
        let script = ["Abel", "ann@education.gov.uk", "Yes", "Change: Last name", "Wilson", "Save"];
        let (checked, transcript) = walk(&script, &mut answers);
        assert_eq!(checked.unwrap(), Checked::Save);
        assert_eq!(answers.get(Field::LastName), Some("Wilson"));
        assert_eq!(
            transcript,
            [
                "Last name []",
                "Email address []",
                "Is the account an API user? (Select if the account is an API user)",
                "Ann Abel",
                "What do you want to do?",
                "Last name [Abel]",
                "Ann Wilson",
                "What do you want to do?",
            ]
        );
    }

    #[test]
    fn back_goes_to_the_question_before_and_from_the_first_out() {
        let (checked, transcript) = walk(&["Ann", "<back>", "<back>"], &mut Answers::default());
        assert_eq!(checked.unwrap(), Checked::Cancel);
        assert_eq!(transcript, ["First name []", "Last name []", "First name [Ann]"]);
    }

    #[test]
    fn a_problem_with_an_answer_that_is_not_asked_for_ends_the_journey() {
        let taken = "taken@education.gov.uk";
        let mut answers = Answers::from(
            [(Field::LastName, "Abel"), (Field::Email, taken), (Field::ApiUser, "no")].map(|(field, typed)| (field, typed.to_owned())),
        );
        let mut prompter = Scripted::new(&["Ann"]);
        let mut journey = Journey { fields: &FIELDS[..1], attempt: &mut attempt, page: &|_, _| String::new() };
        let ended = fill_and_check(&mut prompter, &mut journey, &mut answers, true).unwrap_err();
        assert_eq!((ended.kind, prompter.transcript), (ErrorKind::Conflict, vec!["First name []".to_owned()]));
    }

    #[test]
    fn cancelling_and_the_end_of_the_input_save_nothing() {
        let script = ["Ann", "Abel", "ann@education.gov.uk", "No"];
        assert_eq!(walk(&[&script[..], &["Cancel"]].concat(), &mut Answers::default()).0.unwrap(), Checked::Cancel);
        assert_eq!(walk(&[&script[..], &["<back>"]].concat(), &mut Answers::default()).0.unwrap(), Checked::Cancel);
        assert_eq!(walk(&script, &mut Answers::default()).0.unwrap_err().kind, ErrorKind::Cancelled);
    }
}
