//! Adding, editing and deleting from scripts: flags that make a change safe to repeat, which cause
//! wins, what becomes of names and addresses, and by what a user can be named.

use crate::desk::{Desk, Ran, email_in_use, id, nobody, not_confirmed, problem, ran, written};

const ADD_ANN: &str = "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no";

/// A desk with Ann Abel, added by its first run.
fn desk_with_ann() -> Desk {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk
}

/// The page of a support user who has never signed in.
fn page(first_name: &str, last_name: &str, email: &str, id: &str) -> String {
    format!(
        "{first_name} {last_name}\n\nUser has never signed in\n\n\
         First name                   {first_name}\n\
         Last name                    {last_name}\n\
         Email address                {email}\n\
         Is the account an API user?  No\n\
         Is the account active?       Yes\n\
         Id                           {id}\n"
    )
}

fn ann() -> String {
    page("Ann", "Abel", "ann@education.gov.uk", &id(0, 4))
}

fn field(desk: &Desk, who: &str, field: &str) -> Ran {
    desk.run(&["users", "show", who, "--format", "plain", "--fields", field])
}

// Repeating a change

#[test]
fn if_not_exists_leaves_the_user_who_is_there_as_they_are() {
    let desk = desk_with_ann();
    let before = desk.rows();
    let again = "users add --first-name Anne --last-name Other --email ' ANN@education.gov.uk ' --api-user yes --if-not-exists";
    assert_eq!(desk.line(again), ran(0, &ann(), "This user is there already. Nothing was changed.\n"));
    assert_eq!((desk.rows(), desk.letters().len()), (before, 1));
}

#[test]
fn if_not_exists_adds_the_user_who_is_not_there() {
    let added = Desk::new().line(&format!("{ADD_ANN} --if-not-exists --quiet"));
    assert_eq!(added, ran(0, &ann(), ""));
}

#[test]
fn if_not_exists_still_tells_problems_with_the_other_answers() {
    let added = desk_with_ann().line("users add --last-name Abel --email ann@education.gov.uk --api-user no --if-not-exists");
    assert_eq!(added, problem("--first-name", "Enter first name"));
}

#[test]
fn if_exists_is_content_when_there_is_nobody_to_delete() {
    let desk = desk_with_ann();
    let before = desk.rows();
    let deleted = desk.line("users delete zoe@education.gov.uk --yes --if-exists");
    assert_eq!(deleted, ran(0, "", "There is no such user. Nothing was changed.\n"));
    assert_eq!(desk.rows(), before);
}

#[test]
fn if_exists_deletes_the_user_who_is_there() {
    let deleted = desk_with_ann().line("users delete ann@education.gov.uk --yes --if-exists");
    assert_eq!(deleted, ran(0, "", &format!("Success: User deleted\n{}", written(&id(1, 1)))));
}

#[test]
fn if_exists_is_no_confirmation() {
    assert_eq!(desk_with_ann().line("users delete ann@education.gov.uk --if-exists"), not_confirmed());
    assert_eq!(desk_with_ann().line("users delete ann@education.gov.uk --no-input"), not_confirmed());
}

#[test]
fn deleting_again_finds_nobody_and_sends_no_second_email() {
    let desk = desk_with_ann();
    assert_eq!(desk.line("users delete ann@education.gov.uk --yes").code, 0);
    let before = desk.rows();
    assert_eq!(desk.line("users delete ann@education.gov.uk --yes"), nobody("ann@education.gov.uk"));
    assert_eq!(desk.run(&["users", "delete", &id(0, 4), "--yes"]), nobody(&id(0, 4)));
    assert_eq!((desk.rows(), desk.letters().len()), (before, 2));
}

#[test]
fn an_edit_that_changes_nothing_stores_nothing() {
    let desk = desk_with_ann();
    let before = desk.rows();
    for flags in [
        "--first-name Ann",
        "--first-name ' Ann ' --last-name Abel --email Ann@Education.GOV.UK --api-user NO --active Yes",
        "--email ann@education.gov.uk --yes",
    ] {
        let edited = desk.line(&format!("users edit ann@education.gov.uk {flags}"));
        assert_eq!(edited, ran(0, &ann(), "The user is like this already. Nothing was changed.\n"), "{flags}");
    }
    assert_eq!((desk.rows(), desk.letters().len()), (before, 1));
}

#[test]
fn only_a_change_moves_the_time_and_the_revision() {
    let desk = desk_with_ann();
    let times = |who| field(&desk, who, "created_at,updated_at,revision").out;
    desk.at("2025-12-12T09:00:00.500Z").line("users edit ann@education.gov.uk --first-name Ann");
    desk.sign_in("ann@education.gov.uk");
    assert_eq!(times("ann@education.gov.uk"), "2025-12-11T14:13:00Z\t2025-12-11T14:13:00Z\t1\n");
    desk.line("users edit ann@education.gov.uk --active no");
    assert_eq!(times("ann@education.gov.uk"), "2025-12-11T14:13:00Z\t2025-12-12T09:00:00.500Z\t2\n");
}

#[test]
fn giving_the_value_that_is_stored_is_no_change_even_after_the_first_sign_in() {
    let desk = desk_with_ann();
    desk.sign_in("ann@education.gov.uk");
    let before = desk.rows();
    let edited = desk.line("users edit ann@education.gov.uk --first-name Ann --last-name Abel --email ANN@education.gov.uk");
    assert_eq!((edited.code, edited.err.as_str()), (0, "The user is like this already. Nothing was changed.\n"));
    assert_eq!(desk.rows(), before);
}

#[test]
fn an_edit_without_answers_has_nothing_to_change() {
    assert_eq!(
        desk_with_ann().line("users edit ann@education.gov.uk"),
        ran(
            2,
            "",
            "Error: There is nothing to change\n\
             Nothing was changed. Give at least one of --first-name, --last-name, --email, --api-user and --active.\n"
        )
    );
}

#[test]
fn without_email_nobody_is_told() {
    let desk = Desk::new();
    let added = format!("{}Success: User added\n", desk.kept.creation());
    for (command, banner) in [
        (ADD_ANN, &*added),
        ("users edit ann@education.gov.uk --email anne@education.gov.uk", "Success: User updated\n"),
        ("users delete anne@education.gov.uk --yes", "Success: User deleted\n"),
    ] {
        let changed = desk.line(&format!("{command} --no-email"));
        assert_eq!((changed.code, changed.err.as_str()), (0, banner), "{command}");
    }
    assert_eq!((desk.count("SELECT count(*) FROM emails"), desk.letters().len()), (0, 0));
    assert_eq!(desk.count("SELECT count(*) FROM activity"), 3);
}

#[test]
fn adding_a_deleted_address_again_makes_a_new_account() {
    let desk = desk_with_ann();
    desk.line("sign-in record --email ann@education.gov.uk --id 8F2C51");
    desk.line("users edit ann@education.gov.uk --active no --api-user yes");
    desk.line("users delete ann@education.gov.uk --yes");
    let added = desk.line("users add --first-name Beth --last-name Baker --email ann@education.gov.uk --api-user no");
    let page = page("Beth", "Baker", "ann@education.gov.uk", &id(4, 1));
    assert_eq!(added, ran(0, &page, &format!("Success: User added\n{}", written(&id(4, 2)))));
    assert_eq!(desk.line("users list --format ids"), ran(0, &format!("{}\n", id(4, 1)), ""));
    for old in [id(0, 4), "8F2C51".to_owned()] {
        assert_eq!(desk.run(&["users", "show", &old]), nobody(&old));
    }
    assert_eq!(field(&desk, "ann@education.gov.uk", "sign_in_id,last_signed_in_at,revision"), ran(0, "\t\t1\n", ""));
}

#[test]
fn a_changed_address_is_free_for_somebody_else() {
    let desk = desk_with_ann();
    desk.line("users edit ann@education.gov.uk --email anne@education.gov.uk");
    let zoe = "users add --first-name Zoe --last-name Young --email ann@education.gov.uk --api-user no --format ids --quiet";
    assert_eq!(desk.line(zoe), ran(0, &format!("{}\n", id(2, 1)), ""));
}

// Which cause wins: 2, then 7, 6, 4, 3, 5

#[test]
fn the_first_cause_in_the_order_of_the_contract_decides_the_exit_code() {
    let desk = desk_with_ann();
    desk.add("Sue", "Support", "sue@education.gov.uk");
    desk.line("users add --first-name Bot --last-name Builder --email bot@education.gov.uk --api-user yes");
    desk.sign_in("ann@education.gov.uk");
    let taken = "--email sue@education.gov.uk";
    for (command, code) in [
        // Usage, before the database, the actor, the user and the answers.
        ("users delete eve@education.gov.uk --database nowhere.db --as bot@education.gov.uk".to_owned(), 2),
        ("users edit eve@education.gov.uk --database nowhere.db".to_owned(), 2),
        ("users list --fields nonsense --database nowhere.db --as bot@education.gov.uk".to_owned(), 2),
        ("users list --page 0 --as bot@education.gov.uk".to_owned(), 2),
        // The database, before the actor.
        ("users delete eve@education.gov.uk --yes --database nowhere/at-all.db --as bot@education.gov.uk --dry-run".to_owned(), 7),
        (format!("users add --service claim --database '{}'", desk.kept.address()), 7),
        // The actor and the rules, before the user and the answers.
        (format!("users add {taken} --as bot@education.gov.uk"), 6),
        ("users edit eve@education.gov.uk --first-name '' --as bot@education.gov.uk".to_owned(), 6),
        ("users delete eve@education.gov.uk --yes --as nobody@education.gov.uk".to_owned(), 6),
        (format!("users edit ann@education.gov.uk --first-name '' {taken} --api-user maybe"), 6),
        ("users edit sue@education.gov.uk --first-name '' --as sue@education.gov.uk".to_owned(), 6),
        // Nobody by that name, before the answers.
        (format!("users edit eve@education.gov.uk --first-name '' {taken}"), 4),
        // Problems with the answers, before a conflict.
        (format!("users edit bot@education.gov.uk --first-name '' {taken}"), 3),
        (format!("users add --first-name Zoe {taken} --api-user no"), 3),
        // A conflict and nothing else wrong.
        (format!("users edit bot@education.gov.uk --first-name Zoe {taken}"), 5),
        (format!("users add --first-name Zoe --last-name Young {taken} --api-user no"), 5),
    ] {
        let before = desk.rows();
        let failed = desk.line(&command);
        assert_eq!((failed.code, failed.out.as_str()), (code, ""), "{command}: {failed:?}");
        assert_eq!(desk.rows(), before, "{command}");
    }
}

#[test]
fn a_question_that_is_not_asked_is_a_usage_error_before_the_actor_is_refused() {
    let desk = Desk::of("claim");
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let stranger = "--as eve@education.gov.uk";
    for command in [
        "users add --first-name Zoe --last-name Young --email zoe@education.gov.uk --api-user no",
        "users edit ann@education.gov.uk --active no",
        "users list --status active",
    ] {
        assert_eq!((desk.line(command).code, desk.line(&format!("{command} {stranger}")).code), (2, 2), "{command}");
    }
    assert_eq!(desk.line(&format!("users list {stranger}")).code, 6);
}

#[test]
fn every_problem_is_told_at_once_one_for_each_question() {
    assert_eq!(
        desk_with_ann().line("users add --first-name 'A\u{7}' --last-name '' --email ann@education.gov.uk --api-user perhaps"),
        ran(
            3,
            "",
            "Error: There is a problem\n  \
             --first-name  First name must not include control characters\n  \
             --last-name   Enter last name\n  \
             --email       Email address already in use\n  \
             --api-user    Select if the account is an API user\n"
        )
    );
}

// Addresses and names

#[test]
fn addresses_are_unique_whatever_their_case_and_outer_spaces() {
    let desk = desk_with_ann();
    desk.add("Zoe", "Young", "zoe@education.gov.uk");
    for email in ["ann@education.gov.uk", "ANN@EDUCATION.GOV.UK", " Ann@Education.gov.uk\t", "\u{200B}ann@education.gov.uk\u{FEFF}"] {
        let added = desk.run(&["users", "add", "--first-name=Ann", "--last-name=Abel", "--api-user=no", "--email", email]);
        assert_eq!(added, email_in_use(), "{email:?}");
        let edited = desk.run(&["users", "edit", "zoe@education.gov.uk", "--email", email]);
        assert_eq!(edited, email_in_use(), "{email:?}");
    }
}

#[test]
fn an_address_is_stored_trimmed_and_lower_case() {
    let desk = Desk::new();
    let id = desk.add("Ann", "Abel", " Ann.O'Neil+Desk@Good.Education.GOV.UK ");
    assert_eq!(field(&desk, &id, "email"), ran(0, "ann.o'neil+desk@good.education.gov.uk\n", ""));
}

#[test]
fn names_are_tidied_at_their_ends_and_otherwise_kept_as_typed() {
    for (typed, kept) in [
        ("O’Brien-Smith", "O’Brien-Smith"),
        ("O'Brien", "O'Brien"),
        ("van der Berg", "van der Berg"),
        ("McDONALD", "McDONALD"),
        ("Sea\u{301}n", "Se\u{E1}n"),
        ("Seán", "Seán"),
        ("  Ann  Marie\t", "Ann Marie"),
        ("Ann\nMarie", "Ann Marie"),
        ("Ann\u{A0}\u{2003}Marie", "Ann Marie"),
        ("\u{FEFF}Ann\u{200B}", "Ann"),
        ("-Ann", "-Ann"),
        ("{{ first_name }}", "{{ first_name }}"),
        ("Robert'); DROP TABLE users;--", "Robert'); DROP TABLE users;--"),
        ("می\u{200C}خواهم", "می\u{200C}خواهم"),
    ] {
        let desk = Desk::new();
        let [first, last] = ["first", "last"].map(|which| format!("--{which}-name={typed}"));
        desk.done(&["users", "add", &first, &last, "--email=ann@education.gov.uk", "--api-user=no"]);
        let stored = field(&desk, "ann@education.gov.uk", "first_name,last_name");
        assert_eq!(stored, ran(0, &format!("{kept}\t{kept}\n"), ""), "{typed:?}");
    }
}

#[test]
fn characters_that_no_name_may_hold_are_refused() {
    let desk = Desk::new();
    for character in ['\u{1}', '\u{1B}', '\u{7F}', '\u{9B}', '\u{202E}', '\u{2066}', '\u{200B}', '\u{200D}', '\u{FFFE}', '\u{FDD0}'] {
        let name = format!("--first-name=An{character}n");
        let added = desk.run(&["users", "add", &name, "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no"]);
        assert_eq!(added, problem("--first-name", "First name must not include control characters"), "{character:?}");
    }
}

#[test]
fn yes_and_no_are_the_only_answers_in_any_case() {
    let desk = desk_with_ann();
    for (flag, field_name, message) in
        [("--api-user", "api_user", "Select if the account is an API user"), ("--active", "active", "Select if the account is active")]
    {
        for (answer, stored) in [("yes", "true"), ("No", "false"), ("YES", "true"), (" no ", "false")] {
            assert_eq!(desk.run(&["users", "edit", "ann@education.gov.uk", flag, answer]).code, 0, "{answer:?}");
            assert_eq!(field(&desk, "ann@education.gov.uk", field_name), ran(0, &format!("{stored}\n"), ""), "{answer:?}");
        }
        for answer in ["maybe", "y", "true", "1", "", " ", "yes no"] {
            assert_eq!(desk.run(&["users", "edit", "ann@education.gov.uk", flag, answer]), problem(flag, message), "{answer:?}");
        }
        assert_eq!(desk.run(&["users", "edit", "ann@education.gov.uk", flag]), problem(flag, message));
    }
}

#[test]
fn an_answer_left_out_of_an_edit_stays_and_one_left_out_of_an_addition_is_a_problem() {
    let desk = desk_with_ann();
    desk.line("users edit ann@education.gov.uk --api-user yes");
    desk.line("users edit ann@education.gov.uk --last-name Baker");
    assert_eq!(field(&desk, "ann@education.gov.uk", "last_name,api_user,active"), ran(0, "Baker\ttrue\ttrue\n", ""));
    let added = desk.line("users add --first-name Zoe --last-name Young --email zoe@education.gov.uk");
    assert_eq!(added, problem("--api-user", "Select if the account is an API user"));
}

// WHO

#[test]
fn a_user_is_named_by_email_address_id_or_sign_in_id() {
    let desk = desk_with_ann();
    desk.line("sign-in record --email ann@education.gov.uk --id 8F2c51");
    for who in [
        "ann@education.gov.uk",
        "ANN@Education.GOV.UK",
        " ann@education.gov.uk ",
        "019b0dc2-0de0-7000-8000-000000000004",
        "019B0DC2-0DE0-7000-8000-000000000004",
        "8F2c51",
    ] {
        assert_eq!(field(&desk, who, "first_name"), ran(0, "Ann\n", ""), "{who}");
        assert_eq!(desk.run(&["users", "exists", who]), ran(0, "", ""), "{who}");
        assert_eq!(desk.run(&["users", "edit", who, "--api-user=no", "--format=ids"]), ran(0, &format!("{}\n", id(0, 4)), ""), "{who}");
        assert_eq!(desk.run(&["users", "delete", who, "--dry-run", "--format=ids"]), ran(0, &format!("{}\n", id(0, 4)), ""), "{who}");
    }
}

#[test]
fn nobody_is_named_by_half_an_address_a_name_or_another_case_of_a_sign_in_id() {
    let desk = desk_with_ann();
    desk.line("sign-in record --email ann@education.gov.uk --id 8F2c51");
    let before = desk.rows();
    for who in ["ann", "Ann Abel", "ann@education", "an_@education.gov.uk", "%", "8f2C51", "019b0dc2", "zoe@education.gov.uk"] {
        // Half an address shows who was probably meant, and names nobody all the same.
        let nobody = |who: &str| {
            let mut told = nobody(who);
            if ["ann", "ann@education"].contains(&who) {
                told.err = told.err.replace("\nGive ", "\nDid you mean ‘ann@education.gov.uk’ (Ann Abel)? Give ");
            }
            told
        };
        assert_eq!(desk.run(&["users", "show", who]), nobody(who));
        assert_eq!(desk.run(&["users", "exists", who]), ran(4, "", ""));
        assert_eq!(desk.run(&["users", "edit", who, "--active=no"]), nobody(who));
        assert_eq!(desk.run(&["users", "delete", who, "--yes"]), nobody(who));
    }
    assert_eq!(desk.rows(), before);
}

#[test]
fn a_blank_in_place_of_a_user_is_a_mistake() {
    let desk = desk_with_ann();
    for line in [
        "users show ' '",
        "users exists ''",
        "users edit '\t' --active no",
        "users delete ' ' --if-exists --yes",
        "emails resend ' '",
        "activity list --user ''",
    ] {
        let ran = desk.line(line);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{line}: {ran:?}");
    }
}

#[test]
fn output_that_cannot_be_written_does_not_hide_that_a_change_was_made() {
    let desk = Desk::new();
    std::fs::write(desk.path("people.csv"), "first_name,last_name,email,api_user\nBob,Bee,bob@education.gov.uk,no\n").unwrap();
    let into_full_disk = |line: &str| {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        desk.read(&desk.command(&shlex::split(line).unwrap()).stdout(full).output().unwrap())
    };
    let advice = "Check the disk or program that standard output goes to.\n";
    let added = into_full_disk("users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no");
    assert_eq!(added.code, 1);
    assert!(
        added.err.ends_with(&format!("Error: The change was made, but after it: The output could not be written\n{advice}")),
        "{added:?}"
    );
    assert_eq!(desk.count("SELECT count(*) FROM users"), 1);
    // Without a banner nothing is written before the end of the run.
    let failed = |message: &str| {
        let hint = advice.trim_end();
        let error = serde_json::json!({ "code": "internal", "reason": null, "message": message, "fields": [], "hint": hint });
        ran(1, "", &format!("{}\n", serde_json::json!({ "error": error, "exit": 1 })))
    };
    let after = "The change was made, but after it: The output could not be written";
    for line in [
        "users add --first-name Zoe --last-name Young --email zoe@education.gov.uk --api-user no --json",
        "sign-in record --email ann@education.gov.uk --json",
        "users import people.csv --yes --json",
    ] {
        assert_eq!(into_full_disk(line), failed(after), "{line}");
    }
    let queued = desk.done(&["emails", "list", "--status", "queued", "--format", "ids"]);
    assert_eq!(into_full_disk(&format!("emails retry {queued} --json")), failed(after));
    assert_eq!(desk.count("SELECT count(*) FROM emails WHERE sent_at IS NULL"), 0);
    assert_eq!(desk.count("SELECT count(*) FROM users WHERE last_signed_in_at IS NOT NULL"), 1);
    assert_eq!(desk.count("SELECT count(*) FROM users"), 3);
    assert_eq!(into_full_disk("users list --json"), failed("The output could not be written"));
    assert_eq!(into_full_disk("users list"), ran(1, "", &format!("Error: The output could not be written\n{advice}")));
    let unchanged = into_full_disk("users edit ann@education.gov.uk --first-name Ann");
    assert_eq!(unchanged.code, 1);
    assert!(unchanged.err.ends_with(&format!("Error: The output could not be written\n{advice}")), "{unchanged:?}");
}
