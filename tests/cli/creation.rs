//! When a database is made, where, and for whose eyes.

use std::os::unix::fs::PermissionsExt as _;

use crate::desk::{Desk, files_in, ran};

#[test]
fn the_first_change_creates_the_database_and_says_where() {
    let desk = Desk::new();
    let added = desk.run(&["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no"]);
    assert_eq!(
        added,
        ran(
            0,
            "Ann Abel\n\nUser has never signed in\n\n\
             First name                   Ann\n\
             Last name                    Abel\n\
             Email address                ann@education.gov.uk\n\
             Is the account an API user?  No\n\
             Is the account active?       Yes\n\
             Id                           019b0dc2-0de0-7000-8000-000000000004\n",
            "Created the database ~/.local/share/frontdesk/register.db\n\
             Success: User added\n\
             Email written to ~/.local/share/frontdesk/emails/019b0dc2-0de0-7000-8000-000000000005.eml\n",
        )
    );
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&desk.data()), mode(&desk.database()), mode(&desk.emails())), (0o700, 0o600, 0o700));
    assert_eq!(files_in(&desk.data()), [desk.emails(), desk.database()]);
}

#[test]
fn looking_a_dry_run_and_a_failed_change_create_nothing() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["users", "list"]), ran(0, "There are no users.\n", ""));
    assert_eq!(desk.run(&["users", "add"]).code, 3);
    let trial = ["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no", "--dry-run"];
    assert_eq!(desk.run(&trial).code, 0);
    assert_eq!(desk.run(&["--database", "slip.db", "users", "delete", "ann@education.gov.uk", "--yes"]).code, 4);
    assert_eq!(files_in(&desk.path("")), [""; 0].map(std::path::PathBuf::from));
}

#[test]
fn a_change_that_comes_to_nothing_creates_nothing() {
    let desk = Desk::new();
    let deleted = desk.run(&["users", "delete", "ann@education.gov.uk", "--yes", "--if-exists"]);
    assert_eq!(deleted, ran(0, "", "There is no such user. Nothing was changed.\n"));
    assert_eq!(files_in(&desk.path("")), [""; 0].map(std::path::PathBuf::from));
}

#[test]
fn an_empty_file_becomes_a_database_only_by_a_change_that_succeeds_and_then_for_its_owner_alone() {
    let desk = Desk::new();
    let path = desk.path("empty.db");
    std::fs::write(&path, "").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let database = ["--database", "empty.db"];
    assert_eq!(desk.run(&[&database[..], &["users", "add"]].concat()).code, 3);
    assert_eq!(std::fs::read(&path).unwrap(), b"");
    let add = ["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no", "--no-email"];
    let added = desk.run(&[&database[..], &add].concat());
    assert_eq!((added.code, added.err.as_str()), (0, "Created the database empty.db\nSuccess: User added\n"));
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}
