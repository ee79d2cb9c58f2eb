//! Several processes at the same organisations: one account a person, nobody in an organisation that
//! is gone, and one email for what happened once.

use crate::concurrency::run_at_once;
use crate::desk::{Desk, Ran};
use crate::invariants::assert_whole;

/// A desk with the organisations ALPHA and BETA.
fn desk_with_two() -> Desk {
    let desk = Desk::new();
    desk.add_organisation("ALPHA", "Alpha School");
    desk.add_organisation("BETA", "Beta School");
    desk
}

/// Runs two command lines at once, and gives what came of them by exit code.
fn race(desk: &Desk, lines: [&str; 2]) -> [Ran; 2] {
    let mut runs: Vec<Ran> = run_at_once(desk, &lines.map(|line| vec![shlex::split(line).unwrap()])).into_iter().flatten().collect();
    runs.sort_by_key(|run| run.code);
    runs.try_into().unwrap()
}

#[test]
fn two_who_add_one_new_address_to_two_organisations_make_one_account_with_two_memberships() {
    for round in 0..50 {
        let desk = desk_with_two();
        let runs = race(
            &desk,
            [
                "org add-user ALPHA --first-name Ann --last-name Abel --email same@example.com --format jsonl",
                "org add-user BETA --first-name Ann --last-name Abel --email SAME@example.com --format jsonl",
            ],
        );
        let answers: Vec<serde_json::Value> = runs.iter().map(|run| serde_json::from_str(&run.out).unwrap()).collect();
        let mut results: Vec<&str> = answers.iter().map(|answer| answer["result"].as_str().unwrap()).collect();
        results.sort_unstable();
        assert_eq!(results, ["added", "linked"], "round {round}: {runs:?}");
        assert_eq!(answers[0]["user"]["id"], answers[1]["user"]["id"]);
        assert_whole(&desk.kept);
        assert_eq!(desk.count("SELECT count(*) FROM organisation_users"), 1);
        assert_eq!(desk.count("SELECT count(DISTINCT organisation_id) FROM memberships WHERE ended_at IS NULL"), 2);
        // The second email to one address waits for the first, and goes with the next run.
        desk.done(&["emails", "send"]);
        let mut told: Vec<String> = desk.letters().iter().map(|letter| letter.text.lines().nth(2).unwrap().to_owned()).collect();
        told.sort();
        assert_eq!(
            told,
            [
                "You have been added to Alpha School in Register of training providers.",
                "You have been added to Beta School in Register of training providers."
            ]
        );
    }
}

#[test]
fn of_two_who_remove_one_user_at_once_one_finds_nobody_and_one_email_goes() {
    for round in 0..20 {
        let desk = desk_with_two();
        desk.add_member("ALPHA", "Ann", "Abel", "ann@example.com");
        let [removed, missed] = race(&desk, ["org remove-user ALPHA ann@example.com --yes"; 2]);
        assert_eq!((removed.code, missed.code), (0, 4), "round {round}: {removed:?} {missed:?}");
        assert_eq!(desk.count("SELECT count(*) FROM emails WHERE notice = 'removal'"), 1);
        assert_eq!(desk.count("SELECT count(*) FROM activity WHERE action = 'user_removed'"), 1);
        assert_whole(&desk.kept);
    }
}

#[test]
fn nobody_is_added_to_an_organisation_that_is_being_deleted() {
    for round in 0..20 {
        let desk = desk_with_two();
        let add = "org add-user ALPHA --first-name Ann --last-name Abel --email ann@example.com --format ids";
        let [done, refused] = race(&desk, [add, "org delete ALPHA --yes"]);
        assert_eq!(done.code, 0, "round {round}: {done:?}");
        let members = desk.count("SELECT count(*) FROM memberships");
        if members == 1 {
            assert_eq!(refused.err.lines().next(), Some("Error: You cannot delete Alpha School: 1 user belongs to it"), "{refused:?}");
        } else {
            assert!(refused.err.starts_with("Error: There is no organisation called ALPHA\n"), "{refused:?}");
            assert_eq!(desk.letters(), []);
        }
        assert_eq!(refused.code, if members == 1 { 6 } else { 4 });
        assert_whole(&desk.kept);
    }
}

#[test]
fn of_two_who_add_one_code_at_once_one_is_refused() {
    for round in 0..20 {
        let desk = Desk::new();
        let [added, refused] = race(&desk, ["org add --code ALPHA --name Alpha", "org add --code alpha --name Beta"]);
        assert_eq!((added.code, refused.code), (0, 5), "round {round}: {added:?} {refused:?}");
        assert_eq!(refused.err, "Error: There is a problem\n  --code  Organisation code already in use\n");
        assert_eq!(desk.count("SELECT count(*) FROM organisations"), 1);
    }
}
