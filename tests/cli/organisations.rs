//! `frontdesk org list|show|add|edit|delete`: organisations themselves.

use crate::desk::{Desk, Ran, id, no_organisation, nobody_in, problem, ran};

/// A desk of the claim service with Alpha School, added by its first run.
fn desk_with_alpha() -> Desk {
    let desk = Desk::of("claim");
    desk.add_organisation("ALPHA", "Alpha School");
    desk
}

fn page(code: &str, name: &str, users: &str, id: &str) -> String {
    format!("{name}\n\nOrganisation code  {code}\nOrganisation name  {name}\nUsers              {users}\nId                 {id}\n")
}

#[test]
fn there_are_no_organisations_at_first() {
    for service in ["register", "claim", "publish"] {
        let desk = Desk::of(service);
        assert_eq!(desk.line("org list"), ran(0, "There are no organisations.\n", ""));
        assert_eq!(desk.line("org list --format csv"), ran(0, "id,code,name,users,created_at,updated_at,revision\r\n", ""));
        assert!(desk.kept.is_new());
    }
}

#[test]
fn adding_an_organisation_says_so_and_where_it_is_kept() {
    let desk = Desk::of("publish");
    let created = format!("{}Success: Organisation added\n", desk.kept.creation());
    assert_eq!(
        desk.line("org add --code ' 10-Ab_c ' --name '  St.\tMary’s  '"),
        ran(0, &page("10-Ab_c", "St. Mary’s", "0", &id(0, 3)), &created)
    );
    assert_eq!(
        desk.line("org show 10-aB_C --json"),
        ran(
            0,
            &format!(
                "{{\n  \"schema\": 1,\n  \"organisation\": {{\n    \"id\": \"{}\",\n    \"code\": \"10-Ab_c\",\n    \"name\": \"St. Mary’s\",\n    \
                 \"users\": 0,\n    \"created_at\": \"2025-12-11T14:13:00Z\",\n    \"updated_at\": \"2025-12-11T14:13:00Z\",\n    \
                 \"revision\": 1\n  }}\n}}\n",
                id(0, 3)
            ),
            ""
        )
    );
}

#[test]
fn what_is_wrong_with_an_organisation_is_told_all_at_once() {
    let desk = desk_with_alpha();
    let before = desk.rows();
    let both = |code: &str, name: &str| ran(3, "", &format!("Error: There is a problem\n  --code  {code}\n  --name  {name}\n"));
    assert_eq!(desk.line("org add"), both("Enter an organisation code", "Enter an organisation name"));
    let wrong = "Enter an organisation code using only letters, numbers, hyphens and underscores";
    for code in ["AL PHA", "ALPHA!", "Âlpha", "a/b", "AL\u{200B}PHA"] {
        let ran = desk.run(&["org", "add", "--code", code, "--name", "x\u{1B}y"]);
        assert_eq!(ran, both(wrong, "Organisation name must not include control characters"), "{code}");
    }
    let long = "x".repeat(33);
    let long_name = "y".repeat(256);
    let ran = desk.run(&["org", "add", "--code", &long, "--name", &long_name]);
    assert_eq!(ran, both("Organisation code must be 32 characters or fewer", "Organisation name must be 255 characters or fewer"));
    let like_an_id = desk.line("org add --code 019b0dc20de070008000000000000001 --name Beta");
    assert_eq!(like_an_id, problem("--code", "Organisation code must not have the form of an id"));
    assert_eq!(desk.line("org edit ALPHA --name ' '"), problem("--name", "Enter an organisation name"));
    assert_eq!(desk.rows(), before);
}

#[test]
fn a_code_is_taken_in_any_letter_case_and_free_again_after_a_deletion() {
    let desk = desk_with_alpha();
    let taken = Ran { code: 5, ..problem("--code", "Organisation code already in use") };
    assert_eq!(desk.line("org add --code alpha --name Beta"), taken);
    let with_others = desk.line("org add --code Alpha");
    assert_eq!(
        with_others,
        ran(3, "", "Error: There is a problem\n  --code  Organisation code already in use\n  --name  Enter an organisation name\n")
    );
    let object = desk.refused(&["org", "add", "--code", "ALPHA", "--name", "Beta"]);
    assert_eq!((&object["error"]["code"], &object["error"]["fields"][0]["code"]), (&"conflict".into(), &"code_in_use".into()));
    assert_eq!(desk.line("org delete alpha --yes"), ran(0, "", "Success: Organisation deleted\n"));
    assert_eq!(desk.line("org add --code alpha --name Beta --quiet"), ran(0, &page("alpha", "Beta", "0", &id(5, 1)), ""));
    assert_eq!(desk.count("SELECT count(*) FROM organisations"), 2);
}

#[test]
fn what_is_hidden_is_kept_with_when_and_by_whom() {
    let desk = desk_with_alpha();
    desk.add("Sue", "Sands", "sue@education.gov.uk");
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.add_member("ALPHA", "Bob", "Baker", "bob@example.com");
    desk.at("2025-12-12T09:00:00Z");
    for line in ["users delete ann@education.gov.uk --yes", "org remove-user ALPHA bob@example.com --yes", "org delete ALPHA --yes"] {
        assert_eq!(desk.line(&format!("--as sue@education.gov.uk {line}")).code, 0, "{line}");
    }
    let at: jiff::Timestamp = "2025-12-12T09:00:00Z".parse().unwrap();
    for (table, ended) in [("users", "deleted"), ("organisations", "deleted"), ("memberships", "ended")] {
        let by_sue = format!("SELECT count(*) FROM {table} WHERE {ended}_at = {} AND {ended}_by = 'Sue Sands'", at.as_millisecond());
        assert_eq!(desk.count(&by_sue), 1, "{table}");
    }
}

#[test]
fn organisations_are_listed_by_name_then_code_and_paged() {
    let desk = desk_with_alpha();
    desk.add_organisation("Z9", "École Zola");
    desk.add_organisation("b", "alpha school");
    desk.add_organisation("A", "Alpha School");
    desk.add_member("Z9", "Ann", "Abel", "ann@example.com");
    assert_eq!(
        desk.line("org list"),
        ran(
            0,
            "Organisations (4)\n\nName          Code   Users\nalpha school  b      0\nAlpha School  A      0\nAlpha School  ALPHA  0\nÉcole Zola    Z9     1\n",
            ""
        )
    );
    assert_eq!(
        desk.line("org list --per-page 2 --page 2 --fields code,users"),
        ran(0, "Organisations (4)\n\nCode   Users\nALPHA  0\nZ9     1\n\nShowing 3 to 4 of 4 results\n", "")
    );
    assert!(desk.line("org list --per-page 2").out.ends_with("Next page: frontdesk org list --service claim --per-page 2 --page 2\n"));
    let second = desk.json(&["org", "list", "--per-page", "3", "--page", "2"]);
    assert_eq!((&second["total"], &second["pages"], second["organisations"].as_array().unwrap().len()), (&4.into(), &2.into(), 1));
    assert_eq!(desk.line("org list --format ids").out.lines().count(), 4);
}

#[test]
fn an_organisation_is_found_by_code_in_any_letter_case_with_spaces_round_it_or_by_id() {
    let desk = desk_with_alpha();
    for which in ["ALPHA", "alpha", "  Alpha\t", &id(0, 3), &id(0, 3).to_uppercase()] {
        assert_eq!(desk.run(&["org", "show", which]), ran(0, &page("ALPHA", "Alpha School", "0", &id(0, 3)), ""), "{which:?}");
    }
}

#[test]
fn an_unknown_organisation_is_told_with_the_nearest_one() {
    let desk = desk_with_alpha();
    desk.add_organisation("B17", "Beta School");
    let meant = |which: &str, nearest: &str| {
        let hint = format!("Did you mean {nearest}? Give its code or its id. To see every organisation: frontdesk org list");
        ran(4, "", &format!("Error: There is no organisation called {which}\n{hint}\n")).with_flags("--service claim")
    };
    assert_eq!(desk.line("org show ALFA"), meant("ALFA", "‘ALPHA’ (Alpha School)"));
    assert_eq!(desk.line("org users 'Beta Scool'"), meant("Beta Scool", "‘B17’ (Beta School)"));
    assert_eq!(desk.line("org edit zzz --name x"), no_organisation("zzz").with_flags("--service claim"));
    assert_eq!(desk.line("org delete zzz --yes"), no_organisation("zzz").with_flags("--service claim"));
    assert_eq!(desk.line("org add-user zzz"), no_organisation("zzz").with_flags("--service claim"));
    assert_eq!(desk.refused(&["org", "show", "zzz"])["error"]["code"], "not_found");
    assert_eq!(desk.line("org show ''").code, 2);
}

#[test]
fn an_organisation_can_be_renamed_and_keeps_its_code() {
    let desk = desk_with_alpha();
    let changed = "\nWhat changed\n  Name: Alpha School → Alpha Academy\n";
    assert_eq!(
        desk.line("org edit alpha --name 'Alpha Academy'"),
        ran(0, &(page("ALPHA", "Alpha Academy", "0", &id(0, 3)) + changed), "Success: Organisation updated\n")
    );
    let unchanged = desk.line("org edit ALPHA --name 'Alpha  Academy'");
    assert_eq!(
        unchanged,
        ran(0, &page("ALPHA", "Alpha Academy", "0", &id(0, 3)), "The organisation is like this already. Nothing was changed.\n")
    );
    assert_eq!(desk.json(&["org", "show", "ALPHA"])["organisation"]["revision"], 2);
    assert_eq!(
        desk.line("org edit ALPHA"),
        ran(2, "", "Error: There is nothing to change\nNothing was changed. Give the organisation’s new name with --name.\n")
    );
    assert_eq!(desk.line("org edit ALPHA --code BETA").code, 2);
}

#[test]
fn an_organisation_that_somebody_belongs_to_is_not_deleted() {
    let desk = desk_with_alpha();
    desk.add_member("ALPHA", "Ann", "Abel", "ann@example.com");
    let refused = |people: &str| {
        let hint = "Nothing was changed. Remove them first. To see them: frontdesk org users ALPHA";
        ran(6, "", &format!("Error: You cannot delete Alpha School: {people} to it\n{hint}\n")).with_flags("--service claim")
    };
    let before = desk.rows();
    assert_eq!(desk.line("org delete ALPHA --yes"), refused("1 user belongs"));
    assert_eq!(desk.line("org delete ALPHA --dry-run"), refused("1 user belongs"));
    assert_eq!(desk.rows(), before);
    desk.add_member("ALPHA", "Bob", "Baker", "bob@example.com");
    assert_eq!(desk.line("org delete ALPHA --yes"), refused("2 users belong"));
    desk.done(&["org", "remove-user", "ALPHA", "ann@example.com", "--yes"]);
    desk.done(&["org", "remove-user", "ALPHA", "bob@example.com", "--yes"]);
    assert_eq!(desk.line("org delete ALPHA --yes"), ran(0, "", "Success: Organisation deleted\n"));
    assert_eq!(desk.line("org delete ALPHA --yes"), no_organisation("ALPHA").with_flags("--service claim"));
    assert_eq!(desk.line("org list"), ran(0, "There are no organisations.\n", ""));
}

#[test]
fn deleting_an_organisation_wants_to_be_confirmed() {
    let desk = desk_with_alpha();
    let before = desk.rows();
    let error = "Error: Deleting an organisation cannot be undone. To delete it, add --yes\n\
                 Nothing was changed. To see what would happen, add --dry-run.\n";
    assert_eq!(desk.line("org delete ALPHA"), ran(2, "", error));
    let tried = desk.line("org delete ALPHA --dry-run");
    let would = "Dry run: nothing was stored.\n\nThis would delete the organisation:\n\n";
    assert_eq!(tried, ran(0, &(would.to_owned() + &page("ALPHA", "Alpha School", "0", &id(0, 3))), ""));
    assert_eq!(desk.rows(), before);
}

#[test]
fn a_protected_service_wants_the_environment_named() {
    let desk = desk_with_alpha();
    desk.done(&["service", "set", "protected", "yes"]);
    desk.add_member("ALPHA", "Ann", "Abel", "ann@example.com");
    let refused = "Error: This service is protected: it is the production environment\n\
                   Nothing was changed. To go on, name the environment: --environment production.\n";
    std::fs::write(desk.path("schools.csv"), "code,name\nBETA,Beta School\n").unwrap();
    for change in ["org delete ALPHA", "org delete zzz", "org remove-user ALPHA ann@example.com", "org import schools.csv"] {
        for way in ["--yes", "--dry-run", "--dry-run --yes"] {
            assert_eq!(desk.line(&format!("{change} {way}")), ran(6, "", refused), "{change} {way}");
        }
    }
    assert_eq!(desk.line("org remove-user ALPHA ann@example.com --dry-run --environment production").code, 0);
    assert_eq!(desk.line("org import schools.csv --dry-run --environment production").code, 0);
    assert_eq!(desk.line("org remove-user ALPHA ann@example.com --yes --environment production").code, 0);
    assert_eq!(desk.line("org delete ALPHA --yes --environment staging").code, 6);
    let deleted = ran(0, "", "Environment: production (protected)\nSuccess: Organisation deleted\n");
    assert_eq!(desk.line("org delete ALPHA --yes --environment production"), deleted);
}

#[test]
fn every_change_of_an_organisation_is_in_its_activity_for_good() {
    let desk = desk_with_alpha();
    desk.done(&["org", "edit", "ALPHA", "--name", "Alpha Academy"]);
    desk.done(&["org", "delete", "ALPHA", "--yes"]);
    desk.add_organisation("ALPHA", "Another");
    let fields = "activity list --org alpha --format plain --fields action,subject.kind,subject.label,organisation.name";
    assert_eq!(
        desk.line(fields),
        ran(
            0,
            "organisation_added\torganisation\tAnother\tAnother\n\
             organisation_deleted\torganisation\tAlpha Academy\tAlpha Academy\n\
             organisation_updated\torganisation\tAlpha Academy\tAlpha Academy\n\
             organisation_added\torganisation\tAlpha School\tAlpha School\n",
            ""
        )
    );
    assert!(desk.line("activity list --org ALPHA").out.contains(
        "\nOrganisation updated: Alpha Academy\n  By os:tester@desk on 11 December 2025 at 2:13pm\n  Name: Alpha School → Alpha Academy\n"
    ));
    let never = "Error: There never was an organisation called BETA\n\
                 Give its code or its id. To see every organisation: frontdesk org list\n";
    assert_eq!(desk.line("activity list --org BETA"), ran(4, "", never).with_flags("--service claim"));
}

#[test]
fn somebody_who_is_not_there_is_named_with_the_organisation() {
    let desk = desk_with_alpha();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    for line in ["org show-user ALPHA ann@education.gov.uk", "org remove-user ALPHA ann@education.gov.uk --yes"] {
        assert_eq!(desk.line(line), nobody_in("ann@education.gov.uk", "Alpha School", "ALPHA").with_flags("--service claim"), "{line}");
    }
    assert_eq!(desk.line("org has-user ALPHA ann@education.gov.uk"), ran(4, "", ""));
    assert_eq!(desk.count("SELECT count(*) FROM emails WHERE notice = 'removal'"), 0);
}

#[test]
fn a_code_that_looks_like_a_flag_is_named_by_its_id_in_commands() {
    let desk = Desk::of("claim");
    let id = desk.done(&["org", "add", "--code=-h", "--name=Hyphen School", "--format=ids"]).trim_end().to_owned();
    let add = |email: &str| ["org", "add-user", &id, "--first-name=Ann", "--last-name=Abel", "--email", email].map(str::to_owned);
    desk.run(&add("a@example.com"));
    desk.run(&add("b@example.com"));
    let first = desk.run(&["org", "users", "--per-page=1", "--", "-h"]).out;
    let next = first.lines().last().unwrap().strip_prefix("Next page: frontdesk ").unwrap();
    assert_eq!(next, format!("org users {id} --service claim --per-page 1 --page 2"));
    assert!(desk.line(&next.replace("--service claim ", "")).out.contains("b@example.com"));
    let refused = desk.run(&["org", "delete", "--yes", "--", "-h"]);
    assert!(refused.err.ends_with(&format!("To see them: frontdesk --service claim org users {id}\n")), "{refused:?}");
}

#[test]
fn a_blank_name_is_a_mistake_and_a_pasted_file_is_no_organisation() {
    let desk = desk_with_alpha();
    for line in ["org show ' '", "org users '\t'", "org show ''", "activity list --org ' '"] {
        let ran = desk.line(line);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{line}: {ran:?}");
    }
    let pasted = desk.run(&["org", "show", &"ALPHA ".repeat(20_000)]);
    assert!(
        pasted.code == 4
            && pasted.err.ends_with("Give its code or its id. To see every organisation: frontdesk --service claim org list\n")
    );
}
