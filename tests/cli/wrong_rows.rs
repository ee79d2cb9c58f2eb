//! The wrong rows of a file that is imported: how they are told, and the file that they are written to.

use std::fs;

use crate::desk::{Desk, Ran, ran};
use crate::terminal::Setting;

const HEADER: &str = "first_name,last_name,email,api_user\n";

fn import(desk: &Desk, more: &str) -> Ran {
    desk.line(&format!("users import people.csv {more}"))
}

#[test]
fn wrong_rows_never_take_the_place_of_a_file_that_holds_anything() {
    let desk = Desk::new();
    let taken =
        ran(2, "", "Error: The file wrong.csv is there already\nNothing was imported. Delete it, or give another path with --errors.\n");
    fs::write(desk.path("people.csv"), format!("{HEADER},Abel,ann@education.gov.uk,no\n")).unwrap();
    let mended = "first_name,last_name,email,api_user,message\nAnn,Abel,ann@education.gov.uk,no,last_name: Enter last name\n";
    for held in ["name,message\nAnn,call back\n", mended, "\n"] {
        fs::write(desk.path("wrong.csv"), held).unwrap();
        // It is refused before anything is read, also what is to be imported.
        for command in ["users import people.csv", "users import nowhere.csv", "org import people.csv", "org import-users people.csv"] {
            for change in ["--yes", "--dry-run"] {
                assert_eq!(desk.line(&format!("{command} {change} --errors wrong.csv")), taken, "{command} {change}");
                assert_eq!(fs::read_to_string(desk.path("wrong.csv")).unwrap(), held);
            }
        }
    }
    // An empty file holds nothing that could be lost, and the rows of one attempt are not those of the next.
    fs::write(desk.path("wrong.csv"), "").unwrap();
    assert_eq!(import(&desk, "--yes --errors wrong.csv").code, 3);
    assert!(fs::read_to_string(desk.path("wrong.csv")).unwrap().contains("Abel"));
    fs::write(desk.path("people.csv"), format!("{HEADER}Ann,Abel,ann@education.gov.uk,no\n")).unwrap();
    assert_eq!(import(&desk, "--yes --errors wrong.csv"), taken);
    assert!(!desk.database().exists());
}

#[test]
fn cells_of_wrong_rows_are_safe_in_a_spreadsheet_and_come_back_as_they_were() {
    let desk = Desk::new();
    let wrong = "Enter a Department for Education email address in the correct format, like name@education.gov.uk";
    fs::write(
        desk.path("people.csv"),
        "first_name,note,last_name,email,api_user\n=Ann,=1+1,'-Abel,ann@gmail.com,no\n''+Bob,''x,@Baker,bob@gmail.com,no,\n",
    )
    .unwrap();
    assert_eq!(import(&desk, "--yes --errors wrong.csv").code, 3);
    let written = fs::read_to_string(desk.path("wrong.csv")).unwrap();
    assert_eq!(
        written,
        format!(
            "first_name,note,last_name,email,api_user,message\r\n'=Ann,'=1+1,'-Abel,ann@gmail.com,no,\"email: {wrong}\"\r\n\
             ''+Bob,''x,'@Baker,bob@gmail.com,no,\"email: {wrong}\",\r\n"
        )
    );
    fs::write(desk.path("people.csv"), written.replace("gmail.com", "education.gov.uk")).unwrap();
    assert_eq!(import(&desk, "--yes").code, 0);
    assert_eq!(desk.line("users list --format plain --fields first_name,last_name"), ran(0, "'+Bob\t@Baker\n=Ann\t-Abel\n", ""));
}

#[test]
fn wrong_rows_keep_every_column_of_their_file_and_get_one_more() {
    let desk = Desk::new();
    fs::write(
        desk.path("people.csv"),
        "Message,first_name,last_name,email,api_user,dinosaur\ncall back,,Abel,ann@education.gov.uk,no,rex\n",
    )
    .unwrap();
    assert_eq!(import(&desk, "--yes --errors wrong.csv").code, 3);
    let wrong = "Message,first_name,last_name,email,api_user,dinosaur,message\r\n\
                 call back,,Abel,ann@education.gov.uk,no,rex,first_name: Enter first name\r\n";
    assert_eq!(fs::read_to_string(desk.path("wrong.csv")).unwrap(), wrong);
    // The messages of an earlier attempt make room for those of the next.
    assert_eq!(desk.line("users import wrong.csv --yes --errors again.csv").code, 3);
    assert_eq!(fs::read_to_string(desk.path("again.csv")).unwrap(), wrong);
}

#[test]
fn a_row_with_too_many_values_is_told_of_no_column() {
    let desk = Desk::new();
    let rows = "Bob,Baker, Junior,bob@education.gov.uk,no\nCat,Cole,cat@education.gov.uk,no,,\nDan,Dale,dan@education.gov.uk,no,,x,\n";
    fs::write(desk.path("people.csv"), format!("{HEADER}{rows}")).unwrap();
    let message = |values: u8| {
        format!("This row has {values} values, and the file has 4 columns: put quotation marks round a value with a comma in it")
    };
    let mend = "Nothing was imported. Mend the file and import it again; to get the wrong rows alone, add --errors FILE.";
    let told = format!("  Line 2: {}\n  Line 4: {}\n", message(5), message(6));
    let heading = "You need to fix 2 errors related to specific rows";
    assert_eq!(import(&desk, "--yes"), ran(3, "", &format!("Error: {heading}\n{told}{mend}\n")));
    assert_eq!(
        desk.refused(&["users", "import", "people.csv", "--yes"])["error"]["fields"],
        serde_json::json!([
            { "field": null, "flag": null, "code": "bad_format", "message": message(5), "line": 2 },
            { "field": null, "flag": null, "code": "bad_format", "message": message(6), "line": 4 }
        ])
    );
    assert_eq!(import(&desk, "--yes --errors wrong.csv").code, 3);
    let written = fs::read_to_string(desk.path("wrong.csv")).unwrap();
    assert!(written.contains(&format!("Bob,Baker, Junior,bob@education.gov.uk,\"{}\",no\r\n", message(5))), "{written}");
}

/// A file of so many people without a first name.
fn nameless(desk: &Desk, count: usize) {
    let rows: String = (0..count).map(|number| format!(",Abel,ann{number}@education.gov.uk,no\n")).collect();
    fs::write(desk.path("people.csv"), format!("{HEADER}{rows}")).unwrap();
}

#[test]
fn a_terminal_shows_the_first_problems_and_says_how_to_get_all_of_them() {
    let desk = Desk::new();
    nameless(&desk, 1060);
    let at_a_terminal = |arguments: &[&str]| {
        let mut terminal = Setting::at(&desk).rows(80).run(&[&["users", "import", "people.csv"], arguments].concat());
        assert_eq!(terminal.finish(), 3);
        terminal.screen()
    };
    for way in [&["--yes"][..], &[], &["--accessible"]] {
        let screen = at_a_terminal(way);
        let end = "  Line 51, first_name: Enter first name\n  and 1,010 more; to get all of them, add --errors FILE\nNothing was imported.";
        assert!(screen.contains(end) && !screen.contains("Line 52"), "{screen}");
    }
    let screen = at_a_terminal(&["--yes", "--errors", "wrong.csv"]);
    assert!(screen.contains("  Line 51, first_name: Enter first name\n  and 1,010 more\nNothing was imported,"), "{screen}");
    assert_eq!(fs::read_to_string(desk.path("wrong.csv")).unwrap().lines().count(), 1061);
    // A log keeps them.
    let told = import(&desk, "--yes").err;
    assert!(told.contains("  Line 1061, first_name: Enter first name\nNothing was imported."), "{told}");
    nameless(&desk, 50);
    let screen = at_a_terminal(&["--yes"]);
    assert!(screen.contains("  Line 51, first_name: Enter first name\nNothing was imported."), "{screen}");
}

#[test]
fn a_script_is_told_how_many_problems_are_left_out() {
    let desk = Desk::new();
    nameless(&desk, 10_003);
    let error = desk.refused(&["users", "import", "people.csv", "--yes"])["error"].take();
    assert_eq!((error["fields"].as_array().unwrap().len(), &error["more"]), (10_000, &3.into()));
    let told = import(&desk, "--yes").err;
    let end = "  Line 10001, first_name: Enter first name\n  and 3 more\nNothing was imported.";
    assert!(told.contains(end), "{}", &told[told.len() - 400..]);
    nameless(&desk, 10_000);
    let error = desk.refused(&["users", "import", "people.csv", "--yes"])["error"].take();
    assert_eq!((error["fields"].as_array().unwrap().len(), error.get("more")), (10_000, None));
}
