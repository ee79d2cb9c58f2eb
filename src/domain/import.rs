//! Importing a file of comma-separated values: which columns it needs, what is wrong with its rows,
//! and what came of it.

use super::count::thousands;
use super::problem::{Code, Field, Problem, Problems};
use super::sentence::in_a_sentence;
use super::service::ServiceKind;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportKind {
    Users,
    Organisations,
    OrganisationUsers,
}

impl ImportKind {
    /// The columns that a file must have, and those that it may have besides; the rest are ignored.
    pub fn columns(self, service: ServiceKind) -> (Vec<Field>, Vec<Field>) {
        let person = [Field::FirstName, Field::LastName, Field::Email];
        match self {
            Self::Users if service.has_api_users() => (person.into_iter().chain([Field::ApiUser]).collect(), vec![Field::Active]),
            Self::Users => (person.to_vec(), Vec::new()),
            Self::Organisations => (vec![Field::OrganisationCode, Field::OrganisationName], Vec::new()),
            Self::OrganisationUsers => ([Field::Organisation].into_iter().chain(person).collect(), Vec::new()),
        }
    }

    /// Every column that an export writes, which is every column that an import takes.
    pub fn exported(self, service: ServiceKind) -> Vec<Field> {
        let (needed, optional) = self.columns(service);
        needed.into_iter().chain(optional).collect()
    }

    /// What the rows are called, by their number.
    pub fn noun(self, count: u64) -> &'static str {
        match (self, count) {
            (Self::Organisations, 1) => "organisation",
            (Self::Organisations, _) => "organisations",
            (_, 1) => "user",
            _ => "users",
        }
    }
}

/// What is wrong with one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WrongRow {
    /// Its answers.
    Answers(Problems),
    /// It has more values than there are columns, so that nobody knows which is which.
    TooManyValues { values: usize, columns: usize },
}

impl From<Problems> for WrongRow {
    fn from(problems: Problems) -> Self {
        Self::Answers(problems)
    }
}

impl WrongRow {
    /// Every problem that it has.
    pub fn problems(&self) -> Vec<CellProblem> {
        match self {
            Self::Answers(problems) => problems.iter().cloned().map(CellProblem::from).collect(),
            Self::TooManyValues { values, columns } => vec![CellProblem {
                column: None,
                code: Code::BadFormat,
                message: format!(
                    "This row has {} values, and the file has {}: put quotation marks round a value with a comma in it",
                    thousands(*values as u64),
                    if *columns == 1 { "1 column".to_owned() } else { format!("{} columns", thousands(*columns as u64)) }
                ),
            }],
        }
    }
}

/// One problem with a row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellProblem {
    /// Where it is; nothing where the row is wrong as a whole.
    pub column: Option<Field>,
    pub code: Code,
    pub message: String,
}

impl From<Problem> for CellProblem {
    fn from(Problem { field, code, message }: Problem) -> Self {
        Self { column: Some(field), code, message }
    }
}

impl CellProblem {
    /// `email: Enter email address`, for people.
    pub fn told(&self) -> String {
        self.column.map_or_else(|| self.message.clone(), |column| format!("{}: {}", column.key(), self.message))
    }
}

/// One problem with a row, and where the row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The line of the file that the row begins at, as an editor counts it: the header is line 1.
    pub line: u64,
    pub problem: CellProblem,
}

/// How many problems are told one by one; a file with more is wrong as a whole.
pub const TOLD_PROBLEMS: usize = 10_000;

/// What is wrong with the rows of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowProblems {
    /// The first of them, in the order of the file.
    pub told: Vec<RowProblem>,
    /// How many there are.
    pub count: u64,
    /// Whether all of them are in a file of their own.
    pub are_written: bool,
}

impl RowProblems {
    /// Adds what is wrong with a row.
    pub fn add(&mut self, line: u64, wrong: &WrongRow) {
        for problem in wrong.problems() {
            self.count += 1;
            if self.told.len() < TOLD_PROBLEMS {
                self.told.push(RowProblem { line, problem });
            }
        }
    }

    /// The sentence above them.
    pub fn heading(&self) -> String {
        if self.count == 1 {
            "You need to fix 1 error related to a specific row".to_owned()
        } else {
            format!("You need to fix {} errors related to specific rows", thousands(self.count))
        }
    }
}

/// What one row came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowResult {
    /// With the name of what was added, and how many emails were queued.
    Added { label: String, emails: u64 },
    /// An account that was there belongs to one more organisation.
    Linked { emails: u64 },
    /// It changes nothing. With what tells it from others: an address, or a code.
    Skipped { who: String, why: Why },
}

/// Why a row is skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It was there before the import.
    There,
    /// An earlier row of the file added it.
    Repeated,
}

impl Why {
    /// Which of the two it is, for a row whose record the import has made, or has found.
    pub fn of(is_new: bool) -> Self {
        if is_new { Self::Repeated } else { Self::There }
    }

    /// The reason, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::There => "there already",
            Self::Repeated => "more than once in the file",
        }
    }
}

/// What a file came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    pub kind: ImportKind,
    pub added: u64,
    pub linked: u64,
    /// How many changed nothing.
    pub skipped: u64,
    /// How many of those an earlier row of the file had added.
    pub repeated: u64,
    /// How many emails were queued.
    pub emails: u64,
    /// The first of those that were added, for a preview.
    pub first: Vec<String>,
    pub dry_run: bool,
}

/// How many of those that are added a preview names.
const FIRST: usize = 5;

impl ImportReport {
    /// Nothing yet.
    pub fn new(kind: ImportKind, dry_run: bool) -> Self {
        Self { kind, added: 0, linked: 0, skipped: 0, repeated: 0, emails: 0, first: Vec::new(), dry_run }
    }

    /// Counts a row.
    pub fn count(&mut self, result: &RowResult) {
        match result {
            RowResult::Added { label, emails } => {
                self.added += 1;
                self.emails += emails;
                if self.first.len() < FIRST {
                    self.first.push(label.clone());
                }
            }
            RowResult::Linked { emails } => {
                self.linked += 1;
                self.emails += emails;
            }
            RowResult::Skipped { why, .. } => {
                self.skipped += 1;
                self.repeated += u64::from(*why == Why::Repeated);
            }
        }
    }

    /// Whether anything was stored, or would be.
    pub fn changes_anything(&self) -> bool {
        self.added + self.linked > 0
    }
}

/// What is said of columns that a file does not have: which it needs, and which it has.
pub fn missing_columns(missing: &[&str], found: &[String]) -> (String, String) {
    let need = match missing {
        [only] => format!("Your file needs a column called ‘{only}’."),
        _ => format!("Your file needs columns called {}.", quoted_list(missing)),
    };
    let names: Vec<&str> = found.iter().map(String::as_str).collect();
    let has = match names.as_slice() {
        [] => "Right now it has no columns.".to_owned(),
        [only] => format!("Right now it has a column called ‘{only}’."),
        _ => format!("Right now it has columns called {}.", quoted_list(&names)),
    };
    (need, has)
}

/// `‘a’, ‘b’ and ‘c’`.
fn quoted_list(names: &[&str]) -> String {
    in_a_sentence(names.iter().map(|name| format!("‘{name}’")).collect())
}

#[cfg(test)]
mod tests {
    use super::{RowProblems, TOLD_PROBLEMS, WrongRow, missing_columns};
    use crate::domain::problem::{Code, Field, Problem, Problems};

    #[test]
    fn thousands_of_errors_are_counted_with_commas() {
        let mut rows = RowProblems::default();
        let blank = WrongRow::from(Problems::from(Problem::with_user(Field::FirstName, Code::Blank)));
        (2..12_347).for_each(|line| rows.add(line, &blank));
        assert_eq!(rows.heading(), "You need to fix 12,345 errors related to specific rows");
        assert_eq!(rows.told.len(), TOLD_PROBLEMS);
    }

    #[test]
    fn missing_columns_are_told_with_those_that_are_there() {
        let found = ["first_name".to_owned(), "dinosaur".to_owned()];
        assert_eq!(
            missing_columns(&["email"], &found),
            (
                "Your file needs a column called ‘email’.".to_owned(),
                "Right now it has columns called ‘first_name’ and ‘dinosaur’.".to_owned()
            )
        );
        assert_eq!(
            missing_columns(&["last_name", "email"], &found[..1]),
            (
                "Your file needs columns called ‘last_name’ and ‘email’.".to_owned(),
                "Right now it has a column called ‘first_name’.".to_owned()
            )
        );
        assert_eq!(missing_columns(&["email"], &[]).1, "Right now it has no columns.");
    }
}
