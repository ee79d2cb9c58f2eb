//! Importing files: all of it or none, every wrong row told at once, and the same file again changes
//! nothing.

use std::fs;
use std::io::Write as _;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::desk::{Desk, Ran, files_in, id, ran};
use crate::terminal::{CTRL_C, ENTER, Setting, Terminal};

const PEOPLE: &str = "first_name,last_name,email,api_user\nAnn,Abel,ann@education.gov.uk,no\nBob,Baker,bob@education.gov.uk,yes\n";
const WRONG_EMAIL: &str = "Enter a Department for Education email address in the correct format, like name@education.gov.uk";
const QUEUED: &str = "Success: File imported\nTo send what is queued: frontdesk emails send\n";
const NOTHING: &str = "Everybody and everything in the file is there already. Nothing was changed.\n";
const SURE: &str = "Do you want to import this file?";

fn with_file(desk: &Desk, bytes: impl AsRef<[u8]>) {
    fs::write(desk.path("people.csv"), bytes).unwrap();
}

/// What a file that holds these bytes is refused with.
fn refused(desk: &Desk, bytes: impl AsRef<[u8]>) -> Ran {
    with_file(desk, bytes);
    desk.line("users import people.csv --yes")
}

fn schools(desk: &Desk) {
    desk.add_organisation("ALPHA", "Alpha School");
    desk.add_organisation("BETA", "Beta School");
}

#[test]
fn everybody_in_a_file_is_added_once_with_an_invitation_that_is_queued() {
    let desk = Desk::new();
    with_file(&desk, PEOPLE);
    assert_eq!(
        desk.line("users import people.csv --yes"),
        ran(0, "2 users added\n2 emails queued\n", &format!("{}{QUEUED}", desk.kept.creation()))
    );
    assert_eq!(
        desk.line("users list --format plain --fields first_name,last_name,email,kind,active"),
        ran(0, "Ann\tAbel\tann@education.gov.uk\tsupport\ttrue\nBob\tBaker\tbob@education.gov.uk\tapi\ttrue\n", "")
    );
    let entries = desk.line("activity list --format plain --fields action,actor.label,subject.label");
    assert_eq!(entries.out, "user_added\tos:tester@desk\tBob Baker\nuser_added\tos:tester@desk\tAnn Abel\n");
    assert_eq!(desk.letters().len(), 0);
    let before = desk.rows();
    assert_eq!(desk.line("users import people.csv --yes"), ran(0, "0 users added\n2 users skipped: there already\n", NOTHING));
    assert_eq!(desk.rows(), before);
    desk.done(&["emails", "send"]);
    assert_eq!(desk.letters().len(), 2);
    assert_eq!(desk.letters()[0].subject, "Invitation to join Register of training providers");
}

#[test]
fn a_dry_run_gives_the_same_report_and_stores_nothing() {
    let desk = Desk::new();
    with_file(&desk, PEOPLE);
    let tried = "Dry run: nothing was stored.\n\n2 users would be added\n2 emails would be queued\n";
    assert_eq!(desk.line("users import people.csv --dry-run"), ran(0, tried, ""));
    assert_eq!(desk.json(&["users", "import", "people.csv", "--dry-run"])["dry_run"], true);
    assert!(desk.kept.is_new());
}

#[test]
fn scripts_read_counts() {
    let desk = Desk::new();
    with_file(&desk, PEOPLE);
    let counts = |out: &str| ran(0, out, "");
    let json = |added: u8, skipped: u8| {
        format!(
            "{{\"schema\":1,\"result\":\"imported\",\"added\":{added},\"linked\":0,\"skipped\":{skipped},\"repeated\":0,\"emails\":{added},\"dry_run\":false}}\n"
        )
    };
    assert_eq!(desk.line("users import people.csv --yes --format jsonl"), ran(0, &json(2, 0), &desk.kept.creation()));
    assert_eq!(desk.line("users import people.csv --yes --format jsonl"), counts(&json(0, 2)));
    assert_eq!(desk.line("users import people.csv --yes --format csv"), counts("added,linked,skipped,emails\r\n0,0,2,0\r\n"));
    assert_eq!(desk.line("users import people.csv --yes --format plain"), counts("0\t0\t2\t0\n"));
    assert_eq!(desk.line("users import people.csv --yes --format ids"), counts(""));
}

#[test]
fn a_file_is_not_imported_by_a_slip() {
    let desk = Desk::new();
    with_file(&desk, PEOPLE);
    let unconfirmed = "Error: Importing a file must be confirmed. To import it, add --yes\n\
                       Nothing was changed. To see what would happen, add --dry-run.\n";
    assert_eq!(desk.line("users import people.csv"), ran(2, "", unconfirmed));
    desk.done(&["service", "set", "protected", "yes"]);
    assert_eq!(desk.line("users import people.csv --yes").code, 6);
    assert_eq!(desk.line("users import people.csv --yes --environment production").code, 0);
}

#[test]
fn columns_come_in_any_order_with_others_between_them() {
    let desk = Desk::new();
    let file = "\u{FEFF}email_before,email, Last_Name ,dinosaur,api_user,first_name,ACTIVE\r\n\
                x,ann@education.gov.uk,\"Abel, Jr\",\"a\r\nb\",no,Ann,\r\n\
                ,bob@education.gov.uk,\"O\"\"Neil\",,yes,Bob,no";
    with_file(&desk, file);
    assert_eq!(desk.line("users import people.csv --yes").out, "2 users added\n1 email queued\n");
    assert_eq!(
        desk.line("users list --format plain --fields first_name,last_name,api_user,active"),
        ran(0, "Ann\tAbel, Jr\tfalse\ttrue\nBob\tO\"Neil\ttrue\tfalse\n", "")
    );
}

#[test]
fn a_missing_column_is_told_with_those_that_are_there() {
    let desk = Desk::new();
    let error = |need: &str, has: &str| ran(3, "", &format!("Error: {need}\n{has} Nothing was changed.\n"));
    assert_eq!(
        refused(&desk, "first_name,last_name,api_user,dinosaur\nx,y,z,w\n"),
        error(
            "Your file needs a column called ‘email’.",
            "Right now it has columns called ‘first_name’, ‘last_name’, ‘api_user’ and ‘dinosaur’."
        )
    );
    assert_eq!(
        refused(&desk, ""),
        error("Your file needs columns called ‘first_name’, ‘last_name’, ‘email’ and ‘api_user’.", "Right now it has no columns.")
    );
    let semicolons = refused(&desk, "first_name;last_name;email;api_user\nAnn;Abel;ann@education.gov.uk;no\n");
    assert!(semicolons.err.ends_with("Put commas between the columns, not semicolons or tabs.\n"), "{semicolons:?}");
    let twice = refused(&desk, "first_name,last_name,email,api_user,Email\n");
    assert_eq!(twice, ran(3, "", "Error: Your file has two columns called ‘email’.\nNothing was changed. Take one of them out.\n"));
    // The other services do not ask about API users, and pass the column over.
    let claim = Desk::of("claim");
    with_file(&claim, PEOPLE);
    assert_eq!(claim.line("users import people.csv --yes").out, "2 users added\n2 emails queued\n");
}

#[test]
fn every_wrong_row_is_told_by_line_and_column_and_nothing_is_stored() {
    let desk = Desk::new();
    desk.add("Zoe", "Young", "zoe@education.gov.uk");
    let before = desk.rows();
    let file = "first_name,last_name,email,api_user,active\n\
                Ann,Abel,ann@education.gov.uk,no,yes\n\n,,,,\n\
                \"Bob\nby\",,bob@gmail.com,maybe,perhaps\n\
                Cat,Cole,cat@education.gov.uk,,\n";
    let mend = "Nothing was imported. Mend the file and import it again; to get the wrong rows alone, add --errors FILE.\n";
    let told = format!(
        "Error: You need to fix 5 errors related to specific rows\n  Line 5, last_name: Enter last name\n  Line 5, email: {WRONG_EMAIL}\n  \
         Line 5, api_user: Select if the account is an API user\n  Line 5, active: Select if the account is active\n  \
         Line 7, api_user: Select if the account is an API user\n"
    );
    assert_eq!(refused(&desk, file), ran(3, "", &format!("{told}{mend}")));
    assert_eq!(desk.line("users import people.csv --dry-run"), ran(3, "", &format!("{told}{mend}")));
    assert_eq!(desk.rows(), before);
    let one = refused(&desk, "first_name,last_name,email,api_user\nCat,Cole,cat@education.gov.uk,x\n");
    assert!(one.err.starts_with("Error: You need to fix 1 error related to a specific row\n  Line 2, api_user: "), "{one:?}");
    let object = desk.refused(&["users", "import", "people.csv", "--yes"]);
    assert_eq!(
        object["error"]["fields"][0],
        serde_json::json!({ "field": "api_user", "flag": null, "code": "not_chosen", "message": "Select if the account is an API user", "line": 2 })
    );
}

#[test]
fn wrong_rows_can_be_written_down_mended_and_imported() {
    let desk = Desk::new();
    with_file(
        &desk,
        "first_name,note,last_name,email,api_user\nAnn,=1+1,Abel,ann@education.gov.uk,no\n'-Bob,\"a,b\",Baker,bob@gmail.com,\n",
    );
    let errors = desk.line("users import people.csv --yes --errors wrong.csv");
    assert!(
        errors
            .err
            .ends_with(
                "Nothing was imported, not even the rows that are right. Mend the file and import it again; its wrong rows are in wrong.csv, each with its message.\n"
            )
    );
    let wrong = fs::read_to_string(desk.path("wrong.csv")).unwrap();
    let message = format!("\"email: {WRONG_EMAIL}; api_user: Select if the account is an API user\"");
    assert_eq!(wrong, format!("first_name,note,last_name,email,api_user,message\r\n'-Bob,\"a,b\",Baker,bob@gmail.com,,{message}\r\n"));
    // The file of wrong rows can itself be imported, without its messages.
    let wrong_again = desk.line("users import wrong.csv --yes --errors again.csv");
    assert_eq!((wrong_again.code, fs::read_to_string(desk.path("again.csv")).unwrap()), (3, wrong));
    let file = fs::read_to_string(desk.path("people.csv")).unwrap();
    with_file(&desk, file.replace("gmail.com,", "education.gov.uk,yes"));
    assert_eq!(desk.line("users import people.csv --yes --errors last.csv").out, "2 users added\n2 emails queued\n");
    assert_eq!(desk.json(&["users", "show", "bob@education.gov.uk"])["user"]["first_name"], "-Bob");
}

#[test]
fn what_a_wrong_row_has_beyond_the_columns_is_written_down_too() {
    let desk = Desk::new();
    with_file(&desk, "first_name,last_name,email,api_user\nBob,Baker, Junior,bob@education.gov.uk,no\nCat,,cat@education.gov.uk,no\n");
    assert_eq!(desk.line("users import people.csv --yes --errors wrong.csv").code, 3);
    // Its messages are a column too.
    let wrong = |values: u8, columns: u8| {
        format!(
            "first_name,last_name,email,api_user,message\r\nBob,Baker, Junior,bob@education.gov.uk,\"This row has {values} values, \
             and the file has {columns} columns: put quotation marks round a value with a comma in it\",no\r\n\
             Cat,,cat@education.gov.uk,no,last_name: Enter last name\r\n"
        )
    };
    assert_eq!(fs::read_to_string(desk.path("wrong.csv")).unwrap(), wrong(5, 4));
    // Nor is anything lost where the wrong rows are imported before they are mended.
    assert_eq!(desk.line("users import wrong.csv --yes --errors again.csv").code, 3);
    assert_eq!(fs::read_to_string(desk.path("again.csv")).unwrap(), wrong(6, 5));
    assert!(desk.kept.is_new());
}

#[test]
fn a_file_of_wrong_rows_is_made_only_where_there_are_some() {
    let desk = Desk::new();
    with_file(&desk, PEOPLE);
    desk.done(&["users", "import", "people.csv", "--yes", "--errors", "wrong.csv"]);
    assert!(!desk.path("wrong.csv").exists());
    let nowhere = desk.line("users import people.csv --yes --errors nowhere/wrong.csv");
    assert_eq!(
        nowhere,
        ran(7, "", "Error: The file nowhere/wrong.csv cannot be written\nNothing was changed. Give another path with --errors.\n")
    );
}

#[test]
fn wrong_rows_go_neither_over_the_file_nor_to_standard_output() {
    let desk = Desk::new();
    let wrong = "first_name,last_name,email,api_user\nAnn,Abel,ann@education.gov.uk,no\nBob,,bob@education.gov.uk,no\n";
    with_file(&desk, wrong);
    std::os::unix::fs::symlink("people.csv", desk.path("link.csv")).unwrap();
    let hint = "Nothing was changed. Give another path with --errors.\n";
    let itself = ran(2, "", &format!("Error: The wrong rows cannot go to the file that is imported\n{hint}"));
    for path in ["people.csv", "./people.csv", "link.csv"] {
        assert_eq!(desk.line(&format!("users import people.csv --yes --errors {path}")), itself);
    }
    assert_eq!(desk.line("users import people.csv --yes --errors -").code, 2);
    assert!(!desk.path("-").exists());
    assert_eq!(fs::read_to_string(desk.path("people.csv")).unwrap(), wrong);
}

#[test]
fn every_row_is_read_whatever_quotation_marks_are_in_it() {
    let desk = Desk::of("claim");
    let file = "code,name\nC1,5\" Academy\nC2,Beta\nC3,6\" School\nC4,\"Delta, \"\"The\"\" School\"\nC5,Last";
    fs::write(desk.path("schools.csv"), file).unwrap();
    assert_eq!(desk.line("org import schools.csv --yes").out, "5 organisations added\n");
    assert_eq!(
        desk.line("org list --format plain --fields code,name").out,
        "C1\t5\" Academy\nC3\t6\" School\nC2\tBeta\nC4\tDelta, \"The\" School\nC5\tLast\n"
    );
}

#[test]
fn carriage_returns_alone_end_no_row() {
    let desk = Desk::new();
    assert_eq!(
        refused(&desk, PEOPLE.replace('\n', "\r")),
        ran(
            3,
            "",
            "Error: The row that begins at line 1 of the file has a carriage return in it that is no line break\n\
             Nothing was changed. Save it as UTF-8: in a spreadsheet, “CSV UTF-8 (comma delimited)”.\n"
        )
    );
}

#[test]
fn a_file_without_rows_is_not_said_to_be_there_already() {
    let desk = Desk::new();
    with_file(&desk, "first_name,last_name,email,api_user\n\n");
    let nothing = "There are no rows in the file. Nothing was changed.\n";
    assert_eq!(desk.line("users import people.csv --yes"), ran(0, "0 users added\n", nothing));
    assert!(desk.kept.is_new());
}

#[test]
fn a_protected_service_refuses_before_the_file_is_read() {
    let desk = Desk::new();
    desk.done(&["service", "set", "protected", "yes"]);
    assert_eq!(desk.line("users import nowhere.csv --yes").code, 6);
    assert_eq!(desk.line("users import nowhere.csv --yes --environment production").code, 4);
}

#[test]
fn a_file_that_changes_while_it_is_asked_about_is_not_imported() {
    let desk = Desk::new();
    with_file(&desk, PEOPLE);
    let mut terminal = Setting::at(&desk).run(&["users", "import", "people.csv"]);
    terminal.wait_for("> No Yes");
    with_file(&desk, PEOPLE.replace("Baker", "Boker"));
    terminal.choose(SURE, "Yes");
    terminal.wait_for("The file changed while you were looking at what would be imported");
    assert_eq!(terminal.finish(), 5);
    assert!(desk.kept.is_new());
}

#[test]
fn somebody_who_is_in_a_file_twice_is_added_once() {
    let desk = Desk::new();
    with_file(&desk, format!("{PEOPLE}Anne,Abel, ANN@education.gov.uk ,no\n"));
    assert_eq!(
        desk.line("users import people.csv --yes").out,
        "2 users added\n1 user skipped: more than once in the file\n2 emails queued\n"
    );
    assert_eq!(desk.json(&["users", "show", "ann@education.gov.uk"])["user"]["first_name"], "Ann");
}

#[test]
fn what_is_not_utf8_text_is_refused_by_its_name() {
    let desk = Desk::new();
    let save = "Save it as UTF-8: in a spreadsheet, “CSV UTF-8 (comma delimited)”.";
    let other = |what: &str| ran(3, "", &format!("Error: This file is {what}, not UTF-8 text\nNothing was changed. {save}\n"));
    let utf16 = |mark: &[u8]| [mark, &"first_name,last_name".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()].concat();
    assert_eq!(refused(&desk, utf16(b"\xFF\xFE")), other("encoded as UTF-16"));
    assert_eq!(refused(&desk, utf16(b"")), other("encoded as UTF-16"));
    assert_eq!(
        refused(&desk, [PEOPLE.as_bytes(), b"Se\xE1n,Abel,sean@education.gov.uk,no\n"].concat()),
        ran(
            3,
            "",
            &format!("Error: Line 4 of the file is not UTF-8 text: it looks like Latin-1 (Windows-1252)\nNothing was changed. {save}\n")
        )
    );
    assert_eq!(
        refused(&desk, b"PK\x03\x04\x14\0\x06\0"),
        ran(
            3,
            "",
            "Error: This file is a spreadsheet, whatever its name says, not UTF-8 text\n\
             Nothing was changed. Open it and save it as “CSV UTF-8 (comma delimited)”.\n"
        )
    );
    assert!(desk.kept.is_new());
}

#[test]
fn what_is_no_text_is_not_taken_for_text_in_another_encoding() {
    let desk = Desk::new();
    let no_text = "Error: This file is not a text file\nNothing was changed. Give the path of a file of comma-separated values.\n";
    let picture = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0";
    let program = [b"\x7FELF\x02\x01\x01\0\0\0", &[0, 0, 0, 0, 3, 0, 62, 0, 1, 0, 0, 0][..]].concat();
    let packed = b"\x1F\x8B\x08\x08\xC3\xA4\xB5\x69\x02\x03people\nname";
    // Any bytes, and none of them null.
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    let random: Vec<u8> = std::iter::from_fn(|| Some(next())).filter(|byte| *byte != 0).take(2000).collect();
    for bytes in [picture.to_vec(), program, packed.to_vec(), random, vec![0; 500], [PEOPLE.as_bytes(), b"\0"].concat()] {
        assert_eq!(refused(&desk, &bytes), ran(3, "", no_text), "{:?}", String::from_utf8_lossy(&bytes));
    }
    // Control characters alone make no text something else: they are told with their row.
    let bell = refused(&desk, PEOPLE.replace("Baker", "Ba\u{7}ker"));
    assert!(bell.err.contains("  Line 3, last_name: Last name must not include control characters\n"), "{bell:?}");
    let database = refused(&desk, [&b"SQLite format 3\0\x10"[..], &[0; 4079]].concat());
    assert_eq!(
        database,
        ran(
            3,
            "",
            "Error: This file is a database, not UTF-8 text\n\
             Nothing was changed. To copy people from one database to another: frontdesk users export, then import what it wrote.\n"
        )
    );
    assert!(desk.kept.is_new());
}

#[test]
fn a_row_without_end_is_refused_with_its_line() {
    let desk = Desk::new();
    let long = format!("{PEOPLE}Cat,{}\n", "x".repeat(10_000_000));
    assert_eq!(
        refused(&desk, long),
        ran(
            3,
            "",
            "Error: The row that begins at line 4 of the file is longer than 1 MiB\n\
             Nothing was changed. A quotation mark may be missing in it, or the file is something else.\n"
        )
    );
    assert_eq!(
        refused(&desk, format!("{PEOPLE}Cat,\"Cole,cat@education.gov.uk,no\nDan,Dale,dan@education.gov.uk,no\n")),
        ran(
            3,
            "",
            "Error: The row that begins at line 4 of the file has a quotation mark that is not closed\n\
             Nothing was changed. Within quotation marks, one more is written twice.\n"
        )
    );
}

#[test]
fn a_file_that_is_not_there_or_no_file_is_told() {
    let desk = Desk::new();
    let hint = "Nothing was changed. Check the path, or give - to read standard input.\n";
    assert_eq!(desk.line("users import nowhere.csv --yes"), ran(4, "", &format!("Error: There is no file nowhere.csv\n{hint}")));
    assert_eq!(desk.line("users import . --yes").code, 4);
}

#[test]
fn standard_input_is_a_file_called_by_a_hyphen() {
    let desk = Desk::new();
    with_file(&desk, PEOPLE);
    let piped = |desk: &Desk| {
        let mut command = desk.command(&["users", "import", "-", "--yes", "--format", "plain"]);
        command.stdin(Stdio::from(fs::File::open(desk.path("people.csv")).unwrap()));
        desk.read(&command.output().unwrap())
    };
    assert_eq!(piped(&desk), ran(0, "2\t0\t0\t2\n", &desk.kept.creation()));
    assert_eq!(piped(&desk), ran(0, "0\t0\t2\t0\n", ""));
}

#[test]
fn organisations_are_imported_by_their_codes() {
    let desk = Desk::new();
    with_file(&desk, "name,code\nAlpha School,ALPHA\nBeta School,B 2\n,GAMMA\n");
    let error = "Error: You need to fix 2 errors related to specific rows\n  \
                 Line 3, code: Enter an organisation code using only letters, numbers, hyphens and underscores\n  \
                 Line 4, name: Enter an organisation name\n";
    assert!(desk.line("org import people.csv --yes").err.starts_with(error));
    with_file(&desk, "name,code\nAlpha School,ALPHA\nBeta School,B2\nAnother,alpha\n");
    let added = "2 organisations added\n1 organisation skipped: more than once in the file\n";
    assert_eq!(desk.line("org import people.csv --yes"), ran(0, added, &format!("{}Success: File imported\n", desk.kept.creation())));
    assert_eq!(desk.line("org list --format plain --fields code,name"), ran(0, "ALPHA\tAlpha School\nB2\tBeta School\n", ""));
    assert_eq!(
        desk.line("org import people.csv --yes"),
        ran(0, "0 organisations added\n3 organisations skipped: there already\n", NOTHING)
    );
}

#[test]
fn users_of_organisations_are_added_linked_and_skipped() {
    let desk = Desk::new();
    schools(&desk);
    let file = "organisation_code,first_name,last_name,email\n\
                alpha,Ann,Abel,ann@example.com\nBETA,Anne,Abel,ann@example.com\nALPHA,Ann,Abel,Ann@Example.com\n";
    with_file(&desk, file);
    let out = "1 user added\n1 user linked to one more organisation\n1 user skipped: more than once in the file\n2 emails queued\n";
    assert_eq!(desk.line("org import-users people.csv --yes"), ran(0, out, QUEUED));
    let shown = desk.json(&["org", "show-user", "BETA", "ann@example.com"]);
    assert_eq!((&shown["user"]["first_name"], shown["user"]["organisations"].as_array().unwrap().len()), (&"Ann".into(), 2));
    let before = desk.rows();
    assert_eq!(desk.line("org import-users people.csv --yes"), ran(0, "0 users added\n3 users skipped: there already\n", NOTHING));
    assert_eq!(desk.rows(), before);
    with_file(&desk, "organisation_code,first_name,last_name,email\nGAMMA,,Abel,ann\n,Bob,Baker,bob@example.com\n");
    let object = desk.refused(&["org", "import-users", "people.csv", "--yes"]);
    let found: Vec<(u64, &str, &str)> = object["error"]["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| (field["line"].as_u64().unwrap(), field["field"].as_str().unwrap(), field["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            (2, "organisation_code", "unknown_organisation"),
            (2, "first_name", "blank"),
            (2, "email", "bad_format"),
            (3, "organisation_code", "blank")
        ]
    );
    assert_eq!(desk.rows(), before);
}

#[test]
fn no_email_queues_none_and_require_delivery_tells_of_those_that_wait() {
    let desk = Desk::new();
    with_file(&desk, PEOPLE);
    assert_eq!(
        desk.line("users import people.csv --yes --no-email"),
        ran(0, "2 users added\n", &format!("{}Success: File imported\n", desk.kept.creation()))
    );
    assert_eq!(desk.count("SELECT count(*) FROM emails"), 0);
    with_file(&desk, "first_name,last_name,email,api_user\nCat,Cole,cat@education.gov.uk,no\n");
    assert_eq!(desk.line("users import people.csv --yes --require-delivery").code, 8);
}

#[test]
fn a_person_sees_what_would_be_imported_and_says_no_or_yes() {
    let desk = Desk::new();
    with_file(&desk, PEOPLE);
    for columns in [80, 40] {
        let mut terminal = Setting::at(&desk).columns(columns).run(&["users", "import", "people.csv"]);
        terminal.wait_for(&format!(
            "Import people.csv 2 users would be added 2 emails would be queued The first to be added: \
             Ann Abel, ann@education.gov.uk Bob Baker, bob@education.gov.uk {SURE}"
        ));
        terminal.wait_for("> No Yes");
        terminal.type_keys(ENTER);
        terminal.wait_for("Nothing was changed");
        assert_eq!(terminal.finish(), 9);
        assert!(desk.kept.is_new());
    }
    let mut terminal = Setting::at(&desk).run(&["users", "import", "people.csv"]);
    terminal.choose(SURE, "Yes");
    terminal.wait_for("2 users added 2 emails queued Success: File imported");
    assert_eq!(terminal.finish(), 0);
    let mut again = Setting::at(&desk).run(&["users", "import", "people.csv"]);
    again.wait_for("0 users added 2 users skipped: there already");
    assert_eq!((again.finish(), desk.count("SELECT count(*) FROM users")), (0, 2));
}

#[test]
fn a_long_file_shows_how_far_it_is_read_and_the_bar_makes_room_for_the_question() {
    let desk = Desk::new();
    let long = "a".repeat(255);
    let rows: String = (0..2500).map(|number| format!("{long},{long},ann{number}@education.gov.uk,no\n")).collect();
    with_file(&desk, format!("first_name,last_name,email,api_user\n{rows}"));
    let bar = "% read";
    let mut terminal = Setting::at(&desk).run(&["users", "import", "people.csv", "--no-email"]);
    terminal.wait_for(SURE);
    terminal.wait_for("> No Yes");
    let seen = String::from_utf8_lossy(&terminal.bytes).into_owned();
    assert!(seen.contains(bar) && !terminal.screen().contains(bar), "{}", terminal.screen());
    terminal.type_keys("\u{1b}[B");
    terminal.type_keys(ENTER);
    terminal.wait_for("Success: File imported");
    assert_eq!((terminal.finish(), desk.count("SELECT count(*) FROM users")), (0, 2500));
    let after = String::from_utf8_lossy(&terminal.bytes).into_owned();
    assert!(after.matches(bar).count() > seen.matches(bar).count() && !terminal.screen().contains(bar), "{}", terminal.screen());

    // Nobody hears a bar read out.
    let mut terminal = Setting::at(&desk).run(&["users", "import", "people.csv", "--accessible"]);
    terminal.wait_for("0 users added");
    assert_eq!(terminal.finish(), 0);
    assert!(!String::from_utf8_lossy(&terminal.bytes).contains(bar));
}

#[test]
fn an_import_that_fails_at_its_last_row_leaves_everything_as_it_was() {
    let desk = Desk::new();
    desk.add("Zoe", "Young", "zoe@education.gov.uk");
    let before = desk.rows();
    let rows: String = (0..2000).map(|number| format!("Ann,Abel {number},ann{number}@education.gov.uk,no\n")).collect();
    with_file(&desk, format!("first_name,last_name,email,api_user\n{rows}Last,One,last@gmail.com,no\n"));
    let failed = desk.line("users import people.csv --yes");
    assert!(failed.code == 3 && failed.err.contains("\n  Line 2002, email: "), "{failed:?}");
    assert_eq!(desk.rows(), before);
    assert_eq!(desk.json(&["users", "show", "zoe@education.gov.uk"])["user"]["id"], id(0, 4));
}

/// Waits until a program has asked to be told of Ctrl-C.
pub fn wait_until_it_listens(child: &Child) {
    let deadline = Instant::now() + Duration::from_secs(20);
    let listens = || {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let line = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
        let caught = u64::from_str_radix(&line("SigCgt:"), 16).unwrap();
        let is_caught = |signal: Signal| caught & 1 << (signal.as_raw() - 1) != 0;
        // A signal is caught a moment before anything is done about it; whoever sleeps has come further.
        is_caught(Signal::INT) && is_caught(Signal::TERM) && line("State:").starts_with('S')
    };
    while !listens() {
        assert!(Instant::now() < deadline, "the program does not listen");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn ctrl_c_stops_an_import_and_nothing_of_it_is_stored() {
    for signal in [Signal::INT, Signal::TERM] {
        let desk = Desk::new();
        desk.add("Zoe", "Young", "zoe@education.gov.uk");
        with_file(&desk, PEOPLE);
        let before = desk.rows();
        // It waits for whoever writes, for as long as the test wants.
        let writer = desk.kept.hold();
        let mut import = desk.command(&["users", "import", "people.csv", "--yes", "--errors", "wrong.csv"]);
        let child = import.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        wait_until_it_listens(&child);
        kill_process(Pid::from_child(&child), signal).unwrap();
        drop(writer);
        assert_eq!(desk.read(&child.wait_with_output().unwrap()), ran(130, "", "Stopped: nothing was imported\n"));
        assert_eq!((desk.rows(), desk.path("wrong.csv").exists()), (before, false));
    }
}

#[test]
fn ctrl_c_is_heard_while_the_rows_are_waited_for() {
    for signal in [Signal::INT, Signal::TERM] {
        let desk = Desk::new();
        let mut import = desk.command(&["users", "import", "-", "--yes"]);
        let mut child = import.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Rows come, and then no more, and the end does not come either.
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(PEOPLE.as_bytes()).unwrap();
        // More than a pipe holds: once it is written, the import is reading.
        stdin.write_all("\n".repeat(1 << 20).as_bytes()).unwrap();
        kill_process(Pid::from_child(&child), signal).unwrap();
        assert_eq!(desk.read(&child.wait_with_output().unwrap()), ran(130, "", "Stopped: nothing was imported\n"));
        drop(stdin);
        assert!(desk.kept.is_new());
    }
}

#[test]
fn a_long_import_that_is_stopped_at_a_terminal_leaves_no_database() {
    let desk = Desk::new();
    // Longer than anybody waits.
    let rows = (0..1_000_000).map(|number| format!("Ann,Abel,ann{number}@education.gov.uk,no\n"));
    with_file(&desk, ["first_name,last_name,email,api_user\n".to_owned()].into_iter().chain(rows).collect::<String>());
    for arguments in [&["users", "import", "people.csv", "--yes"][..], &["users", "import", "people.csv"]] {
        let mut terminal = Setting::at(&desk).run(arguments);
        terminal.wait_for("0 % read");
        terminal.type_keys(CTRL_C);
        terminal.wait_for("Stopped: nothing was imported");
        assert_eq!(terminal.finish(), 130);
        assert!(files_in(&desk.data()).is_empty());
    }
}

#[test]
fn at_the_question_of_an_import_every_way_out_is_open() {
    let desk = Desk::new();
    with_file(&desk, PEOPLE);
    let at_the_question = || {
        let mut terminal = Setting::at(&desk).run(&["users", "import", "people.csv"]);
        terminal.wait_for("> No Yes");
        terminal
    };
    let mut terminal = at_the_question();
    terminal.type_keys(CTRL_C);
    terminal.wait_for("Stopped: nothing was changed");
    assert_eq!(terminal.finish(), 130);
    // A request to end is not kept waiting for an answer.
    assert_eq!(at_the_question().end_by(Signal::TERM), -Signal::TERM.as_raw());
    assert!(desk.kept.is_new());
}

#[test]
fn an_import_that_was_confirmed_is_shown_as_one_command() {
    let desk = Desk::new();
    fs::write(desk.path("our people.csv"), PEOPLE).unwrap();
    fs::write(desk.path("schools.csv"), "code,name\nALPHA,Alpha School\n").unwrap();
    fs::write(desk.path("members.csv"), "organisation_code,first_name,last_name,email\nALPHA,Cat,Cole,cat@example.com\n").unwrap();
    let mut terminal = Setting::at(&desk).run(&["users", "import", "our people.csv", "--no-email", "--errors", "wrong.csv"]);
    terminal.choose(SURE, "Yes");
    terminal.wait_in_order(&["Success: File imported", "The same change as one command:"]);
    assert_eq!(terminal.finish(), 0);
    assert_eq!(terminal.same_as_one_command(), "users import 'our people.csv' --yes --no-email --errors wrong.csv");
    desk.done(&["service", "set", "protected", "yes"]);
    let mut terminal = Setting::at(&desk).run(&["--service", "register", "org", "import", "schools.csv"]);
    terminal.choose(SURE, "Yes");
    terminal.answer("type the name of its environment, production", "production");
    assert_eq!(terminal.finish(), 0);
    assert_eq!(terminal.same_as_one_command(), "--service register org import schools.csv --yes --environment production");
    desk.done(&["service", "set", "protected", "no"]);
    let mut terminal = Setting::at(&desk).run(&["--accessible", "org", "import-users", "members.csv"]);
    terminal.answer(SURE, "2");
    assert_eq!(terminal.finish(), 0);
    assert_eq!(terminal.same_as_one_command(), "org import-users members.csv --yes");
}

#[test]
fn an_import_that_cannot_be_repeated_is_shown_as_no_command() {
    let desk = Desk::new();
    with_file(&desk, PEOPLE);
    let without = |terminal: &mut Terminal| {
        assert_eq!(terminal.finish(), 0);
        let printed = String::from_utf8_lossy(&terminal.bytes).into_owned();
        assert!(!printed.contains("The same change"), "{printed}");
    };
    let mut terminal = Setting::at(&desk).run(&["org", "import", "-"]);
    terminal.type_keys("code,name\rALPHA,Alpha School\r\u{4}");
    terminal.choose(SURE, "Yes");
    without(&mut terminal);
    // Nor where a script reads what comes of it, where nobody was asked, and where nothing was changed.
    let output = desk.path("answer");
    let mut terminal = Setting::at(&desk).output_to(&output).run(&["users", "import", "people.csv", "--json"]);
    terminal.choose(SURE, "Yes");
    without(&mut terminal);
    without(&mut Setting::at(&desk).run(&["users", "import", "people.csv"]));
    with_file(&desk, PEOPLE.replace("ann@", "anna@"));
    without(&mut Setting::at(&desk).run(&["users", "import", "people.csv", "--yes"]));
}

#[test]
fn who_is_skipped_is_counted_apart_and_told_with_their_line() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    with_file(&desk, format!("{PEOPLE}\n\"Bo\nb\",Baker, BOB@education.gov.uk ,no\nAnne,Abel,ann@education.gov.uk,no\n"));
    let told = |would: &str| {
        format!(
            "Opening the database ~/.local/share/frontdesk/register.db\n\
             Line 2, ann@education.gov.uk: {would}skipped, there already\n\
             Line 5, bob@education.gov.uk: {would}skipped, more than once in the file\n\
             Line 7, ann@education.gov.uk: {would}skipped, there already\n"
        )
    };
    let counts = |would: &str| {
        format!(
            "1 user {would}added\n2 users {would}skipped: there already\n1 user {would}skipped: more than once in the file\n\
             1 email {would}queued\n"
        )
    };
    let tried = format!("Dry run: nothing was stored.\n\n{}", counts("would be "));
    assert_eq!(desk.line("users import people.csv --dry-run --verbose"), ran(0, &tried, &told("would be ")));
    assert_eq!(desk.line("users import people.csv --dry-run"), ran(0, &tried, ""));
    let json = desk.json(&["users", "import", "people.csv", "--dry-run"]);
    assert_eq!((&json["skipped"], &json["repeated"]), (&3.into(), &1.into()));
    let mut terminal = Setting::at(&desk).rows(40).run(&["users", "import", "people.csv", "--verbose"]);
    // The first line has a path, which a terminal shows whole.
    let told_there = told("would be ").split_once('\n').unwrap().1.to_owned();
    terminal.wait_for(&format!("{told_there} Import people.csv {}", counts("would be ")));
    terminal.choose(SURE, "No");
    assert_eq!(terminal.finish(), 9);
    assert_eq!(desk.line("users import people.csv --yes --verbose"), ran(0, &counts(""), &format!("{}{QUEUED}", told(""))));
    // Once they are there, they are there already.
    let again = desk.run(&["users", "import", "people.csv", "--yes", "--verbose", "--format", "jsonl"]);
    let counted =
        "{\"schema\":1,\"result\":\"imported\",\"added\":0,\"linked\":0,\"skipped\":4,\"repeated\":0,\"emails\":0,\"dry_run\":false}\n";
    assert_eq!((again.code, again.out.as_str(), again.err.matches(": skipped, there already\n").count()), (0, counted, 4));
}

#[test]
fn rows_of_organisations_and_their_users_are_skipped_for_the_same_reasons() {
    let desk = Desk::new();
    schools(&desk);
    let skipped = |line: &str| {
        let Ran { code, out, err } = desk.line(&format!("{line} --yes --verbose"));
        let told: String = err.lines().filter(|line| line.starts_with("Line ")).map(|line| format!("{line}\n")).collect();
        (code, out, told)
    };
    with_file(&desk, "code,name\nGAMMA,Gamma School\nalpha,Alpha School\ngamma,Gamma College\n");
    assert_eq!(
        skipped("org import people.csv"),
        (
            0,
            "1 organisation added\n1 organisation skipped: there already\n1 organisation skipped: more than once in the file\n".to_owned(),
            "Line 3, alpha: skipped, there already\nLine 4, gamma: skipped, more than once in the file\n".to_owned()
        )
    );
    desk.add_member("ALPHA", "Ann", "Abel", "ann@example.com");
    // An account that was there before is linked once.
    with_file(
        &desk,
        "organisation_code,first_name,last_name,email\nALPHA,Ann,Abel,ann@example.com\nBETA,Ann,Abel,ann@example.com\n\
         beta,Ann,Abel,ANN@example.com\nBETA,Bob,Baker,bob@example.com\nBETA,Bob,Baker,bob@example.com\n",
    );
    assert_eq!(
        skipped("org import-users people.csv"),
        (
            0,
            "1 user added\n1 user linked to one more organisation\n1 user skipped: there already\n\
             2 users skipped: more than once in the file\n2 emails queued\n"
                .to_owned(),
            "Line 2, ann@example.com: skipped, there already\nLine 4, ann@example.com: skipped, more than once in the file\n\
             Line 6, bob@example.com: skipped, more than once in the file\n"
                .to_owned()
        )
    );
}
