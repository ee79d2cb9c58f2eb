//! Exporting: what comes out goes back in and changes nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use proptest::prelude::{ProptestConfig, proptest};

use crate::desk::{Desk, ran};

fn people(desk: &Desk) {
    desk.add("Zoë", "O’Brien", "zoe@education.gov.uk");
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.done(&["users", "edit", "zoe@education.gov.uk", "--api-user=yes", "--active=no"]);
    desk.sign_in("ann@education.gov.uk");
}

#[test]
fn users_come_out_by_name_as_an_import_takes_them() {
    let desk = Desk::new();
    assert_eq!(desk.line("users export"), ran(0, "first_name,last_name,email,api_user,active\r\n", ""));
    people(&desk);
    let header = "first_name,last_name,email,api_user,active\r\n";
    let ann = "Ann,Abel,ann@education.gov.uk,no,yes\r\n";
    let zoe = "Zoë,O’Brien,zoe@education.gov.uk,yes,no\r\n";
    assert_eq!(desk.line("users export"), ran(0, &format!("{header}{ann}{zoe}"), ""));
    assert_eq!(desk.line("users export --output -"), ran(0, &format!("{header}{ann}{zoe}"), ""));
    assert_eq!(desk.line("users export --signed-in yes"), ran(0, &format!("{header}{ann}"), ""));
    assert_eq!(desk.line("users export --signed-in no"), ran(0, &format!("{header}{zoe}"), ""));
    let claim = Desk::of("claim");
    claim.add("Ann", "Abel", "ann@education.gov.uk");
    assert_eq!(claim.line("users export").out, "first_name,last_name,email\r\nAnn,Abel,ann@education.gov.uk\r\n");
}

#[test]
fn an_export_goes_where_a_link_leads_and_into_a_pipe() {
    let desk = Desk::new();
    people(&desk);
    let exported = desk.line("users export").out;
    fs::write(desk.path("old.csv"), "old").unwrap();
    std::os::unix::fs::symlink("old.csv", desk.path("link.csv")).unwrap();
    assert_eq!(desk.line("users export --output link.csv"), ran(0, "", "Success: Written to link.csv\n"));
    assert!(desk.path("link.csv").is_symlink());
    assert_eq!(fs::read_to_string(desk.path("old.csv")).unwrap(), exported);
    let pipe = desk.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).unwrap()
    });
    assert_eq!(desk.line("users export --output pipe").code, 0);
    assert_eq!(reader.join().unwrap(), exported);
    assert!(!pipe.is_file());
    let before = desk.rows();
    let database = desk.database();
    assert_eq!(
        desk.run(&["users", "export", "--output", database.to_str().unwrap()]),
        ran(2, "", "Error: The file ~/.local/share/frontdesk/register.db is a database\nNothing was changed. Give another path.\n")
    );
    assert_eq!(desk.rows(), before);
    assert_eq!(
        desk.line("users export --output /dev/full"),
        ran(
            7,
            "",
            "Error: The file /dev/full cannot be written\n\
             Nothing was written. Check the directory and the room on its disk, or give another path with --output.\n"
        )
    );
}

#[test]
fn the_users_of_organisations_come_out_by_organisation_and_name() {
    let desk = Desk::of("claim");
    desk.add_organisation("Z", "Alpha School");
    desk.add_organisation("A", "Beta School");
    desk.add_member("A", "Zoe", "Young", "zoe@example.com");
    desk.add_member("A", "Ann", "Abel", "ann@example.com");
    desk.add_member("Z", "Zoe", "Young", "zoe@example.com");
    desk.add_member("Z", "Gone", "Away", "gone@example.com");
    desk.done(&["org", "remove-user", "Z", "gone@example.com", "--yes"]);
    desk.sign_in("ann@example.com");
    let header = "organisation_code,first_name,last_name,email\r\n";
    let (zoe, ann) = ("Z,Zoe,Young,zoe@example.com\r\n", "A,Ann,Abel,ann@example.com\r\n");
    assert_eq!(desk.line("org export-users"), ran(0, &format!("{header}{zoe}{ann}A,Zoe,Young,zoe@example.com\r\n"), ""));
    assert_eq!(desk.line("org export-users --signed-in yes"), ran(0, &format!("{header}{ann}"), ""));
}

#[test]
fn a_file_is_whole_its_owners_alone_and_in_place_of_the_one_before() {
    let desk = Desk::new();
    people(&desk);
    fs::write(desk.path("people.csv"), "old").unwrap();
    assert_eq!(desk.line("users export --output people.csv"), ran(0, "", "Success: Written to people.csv\n"));
    let written = fs::read_to_string(desk.path("people.csv")).unwrap();
    assert_eq!(written, desk.line("users export").out);
    assert_eq!(fs::metadata(desk.path("people.csv")).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(
        desk.line("users export --output nowhere/people.csv"),
        ran(
            7,
            "",
            "Error: The file nowhere/people.csv cannot be written\n\
             Nothing was written. Check the directory and the room on its disk, or give another path with --output.\n"
        )
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_comes_out_goes_back_in_and_changes_nothing(names in proptest::collection::vec("[ -~]{1,12}|['=+@-]{1,3}\\PC{1,6}", 2..8)) {
        let desk = Desk::of("publish");
        desk.add_organisation("A", "Alpha School");
        let mut kept = 0;
        for (number, pair) in names.chunks(2).enumerate() {
            let (first, last) = (format!("--first-name={}", pair[0]), format!("--last-name={}", pair.last().unwrap()));
            let email = format!("--email=user{number}@education.gov.uk");
            // What is no name is refused here as it would be in a file.
            kept += i32::from(desk.run(&["users", "add", &first, &last, &email, "--no-email"]).code == 0);
            desk.run(&["org", "add-user", "A", &first, &last, &email, "--no-email"]);
        }
        desk.done(&["users", "export", "--output", "users.csv"]);
        desk.done(&["org", "export-users", "--output", "members.csv"]);
        let before = desk.rows();
        let same = ran(0, &format!("0\t0\t{kept}\t0\n"), "");
        assert_eq!(desk.line("users import users.csv --yes --format plain"), same);
        assert_eq!(desk.line("org import-users members.csv --yes --format plain"), same);
        assert_eq!(desk.rows(), before);
        // And into an empty desk it makes the same people.
        let other = Desk::of("publish");
        fs::copy(desk.path("users.csv"), other.path("users.csv")).unwrap();
        other.done(&["users", "import", "users.csv", "--yes", "--no-email"]);
        assert_eq!(other.done(&["users", "export"]), desk.done(&["users", "export"]));
    }
}
