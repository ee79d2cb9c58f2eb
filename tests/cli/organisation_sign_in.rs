//! What signing in, the outbox, the activity and `whoami` know of organisations and their users, and
//! a database from before there were any.

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::desk::{Desk, NOW, id, nobody_anywhere, ran, written};

const ANN: &str = "ann@education.gov.uk";
const BOTH: &str = "Allowed: organisation\nAnn Abel, ann@education.gov.uk\nOrganisations: Alpha School (ALPHA), Beta School (BETA)\n";
const SUPPORT: &str = "Allowed: support\nAnn Support, ann@education.gov.uk\n";

/// A desk with Beta School (first run) and Alpha School (second), and Ann in both (third and fourth).
fn desk_with_ann() -> Desk {
    let desk = Desk::new();
    desk.add_organisation("BETA", "Beta School");
    desk.add_organisation("ALPHA", "Alpha School");
    desk.add_member("BETA", "Ann", "Abel", ANN);
    desk.add_member("ALPHA", "Ann", "Abel", ANN);
    desk
}

/// The same with a support user of Ann’s address.
fn desk_with_ann_twice() -> Desk {
    let desk = desk_with_ann();
    desk.add("Ann", "Support", ANN);
    desk
}

/// Removes somebody from an organisation.
fn remove(desk: &Desk, code: &str, who: &str) {
    desk.done(&["org", "remove-user", code, who, "--yes"]);
}

/// What is stored of Ann’s organisation account.
fn stored(desk: &Desk, fields: &str) -> Value {
    desk.json(&["org", "show-user", "ALPHA", &id(2, 1), "--fields", fields])["user"].take()
}

/// The exit code, the code and the reason of a line that must be refused.
fn reason(desk: &Desk, line: &str) -> Value {
    let refused = desk.refused(&line.split_whitespace().collect::<Vec<_>>());
    json!([refused["exit"], refused["error"]["code"], refused["error"]["reason"]])
}

// Signing in

#[test]
fn an_organisations_user_is_let_in_with_their_organisations_by_name() {
    let desk = desk_with_ann();
    let check = |format: &str| desk.run(&["sign-in", "check", "--email", ANN, "--format", format]);
    assert_eq!(check("table"), ran(0, BOTH, ""));
    let (ann, alpha, beta) = (id(2, 1), id(1, 1), id(0, 3));
    assert_eq!(check("ids"), ran(0, &format!("{ann}\n"), ""));
    let organisations = format!(
        "[{{\"id\":\"{alpha}\",\"code\":\"ALPHA\",\"name\":\"Alpha School\"}},{{\"id\":\"{beta}\",\"code\":\"BETA\",\"name\":\"Beta School\"}}]"
    );
    let plain = format!("organisation\t{ann}\tAnn\tAbel\t{ANN}\torganisation\t{organisations}\t\t\t{NOW}\t{NOW}\t1\n");
    assert_eq!(check("plain"), ran(0, &plain, ""));
    let quoted = organisations.replace('"', "\"\"");
    let csv = format!(
        "access,id,first_name,last_name,email,kind,organisations,last_signed_in_at,sign_in_id,created_at,updated_at,revision\r\n\
         organisation,{ann},Ann,Abel,{ANN},organisation,\"{quoted}\",,,{NOW},{NOW},1\r\n"
    );
    assert_eq!(check("csv"), ran(0, &csv, ""));
    let recorded = desk.json(&["sign-in", "record", "--email", ANN, "--id=A1"]);
    assert_eq!(
        recorded,
        json!({ "schema": 1, "allowed": true, "access": "organisation", "user": {
            "id": ann,
            "first_name": "Ann",
            "last_name": "Abel",
            "email": ANN,
            "kind": "organisation",
            "organisations": [
                { "id": alpha, "code": "ALPHA", "name": "Alpha School" },
                { "id": beta, "code": "BETA", "name": "Beta School" },
            ],
            "last_signed_in_at": NOW,
            "sign_in_id": "A1",
            "created_at": NOW,
            "updated_at": NOW,
            "revision": 1,
        }})
    );
}

#[test]
fn somebody_who_belongs_to_no_organisation_is_let_in_and_reaches_nothing() {
    let desk = desk_with_ann();
    remove(&desk, "ALPHA", ANN);
    remove(&desk, "BETA", ANN);
    let text = "Allowed: organisation\nAnn Abel, ann@education.gov.uk\nOrganisations: none\n";
    assert_eq!(desk.line("sign-in check --email ann@education.gov.uk"), ran(0, text, ""));
    let answer = desk.json(&["sign-in", "record", "--email", ANN]);
    assert_eq!((&answer["access"], &answer["user"]["organisations"]), (&json!("organisation"), &json!([])));
    let csv = desk.line("sign-in check --email ann@education.gov.uk --format csv").out;
    assert!(csv.contains(",organisation,[],2025-12-11T14:13:00Z,,"), "{csv}");
}

#[test]
fn the_email_address_is_found_in_any_letter_case() {
    let desk = desk_with_ann();
    for email in ["ANN@Education.GOV.UK", "  ann@education.gov.uk\t"] {
        assert_eq!(desk.run(&["sign-in", "check", "--email", email]), ran(0, BOTH, ""), "{email:?}");
    }
}

#[test]
fn the_sign_in_id_is_stored_at_the_first_sign_in_and_then_finds_the_account_whatever_the_email() {
    let desk = desk_with_ann();
    desk.add_member("ALPHA", "Bob", "Baker", "bob@example.com");
    assert_eq!(desk.line("sign-in check --email ann@education.gov.uk --id A1"), ran(0, BOTH, ""));
    assert_eq!(stored(&desk, "last_signed_in_at,sign_in_id"), json!({ "last_signed_in_at": null, "sign_in_id": null }));
    assert_eq!(desk.line("sign-in record --email ann@education.gov.uk --id A1"), ran(0, BOTH, ""));
    assert_eq!(stored(&desk, "last_signed_in_at,sign_in_id"), json!({ "last_signed_in_at": NOW, "sign_in_id": "A1" }));
    for who in ["--id A1", "--id A1 --email elsewhere@example.com", "--id A1 --email bob@example.com", "--email ann@education.gov.uk"] {
        assert_eq!(desk.line(&format!("sign-in record {who}")), ran(0, BOTH, ""), "{who}");
    }
    assert_eq!(stored(&desk, "sign_in_id"), json!({ "sign_in_id": "A1" }));
}

#[test]
fn each_refusal_has_its_reason_and_records_nothing() {
    let desk = desk_with_ann();
    desk.done(&["sign-in", "record", "--email", ANN, "--id=A1"]);
    let before = desk.rows();
    for (who, refusal) in [
        ("--id Z9", json!([3, "invalid_answers", "missing_email"])),
        ("--email nobody@example.com --id Z9", json!([4, "not_found", "unknown_user"])),
        ("--email ann@education.gov.uk --id Z9", json!([6, "not_permitted", "identity_mismatch"])),
        ("--email ann@education.gov.uk --id a1", json!([6, "not_permitted", "identity_mismatch"])),
    ] {
        for verb in ["check", "record"] {
            assert_eq!(reason(&desk, &format!("sign-in {verb} {who}")), refusal, "{verb} {who}");
        }
    }
    assert_eq!(desk.rows(), before);
}

#[test]
fn an_account_that_ended_lets_nobody_in() {
    let desk = Desk::new();
    desk.add_organisation("ALPHA", "Alpha School");
    let ended = desk.add_member("ALPHA", "An", "Abel", "ann@example.com");
    desk.done(&["sign-in", "record", "--email=ann@example.com", "--id=A1"]);
    remove(&desk, "ALPHA", "ann@example.com");
    let new = desk.add_member("ALPHA", "Ann", "Abel", "ann@example.com");
    assert_ne!(new, ended);
    assert_eq!(reason(&desk, "sign-in check --id A1"), json!([3, "invalid_answers", "missing_email"]));
    assert_eq!(desk.json(&["sign-in", "check", "--id=A1", "--email=ann@example.com"])["user"]["id"], new);
    // The address has no account once that of the new one changes.
    desk.done(&["org", "edit-user", "ALPHA", &new, "--email=abel@example.com"]);
    assert_eq!(reason(&desk, "sign-in record --email ann@example.com --id A1"), json!([4, "not_found", "deleted_user"]));
}

#[test]
fn a_deleted_support_user_signs_in_as_the_organisations_user_that_they_still_are() {
    let desk = desk_with_ann_twice();
    desk.done(&["sign-in", "record", "--email", ANN, "--id=A1"]);
    desk.done(&["users", "delete", ANN, "--yes"]);
    for who in ["--email ann@education.gov.uk", "--email ann@education.gov.uk --id A1"] {
        assert_eq!(desk.line(&format!("sign-in record {who}")), ran(0, BOTH, ""), "{who}");
    }
    assert_eq!(stored(&desk, "sign_in_id"), json!({ "sign_in_id": "A1" }));
}

#[test]
fn the_last_sign_in_is_never_moved_back() {
    let desk = desk_with_ann();
    for (at, last) in [
        ("2025-12-10T08:00:00Z", "2025-12-10T08:00:00Z"),
        ("2025-12-09T08:00:00Z", "2025-12-10T08:00:00Z"),
        ("2025-12-10T10:30:00+02:00", "2025-12-10T08:30:00Z"),
    ] {
        desk.done(&["sign-in", "record", "--email", ANN, "--at", at]);
        assert_eq!(stored(&desk, "last_signed_in_at,revision"), json!({ "last_signed_in_at": last, "revision": 1 }), "{at}");
    }
}

#[test]
fn names_that_came_along_are_copied_and_recorded_as_by_the_sign_in() {
    let desk = desk_with_ann();
    desk.add_member("ALPHA", "Bob", "Baker", "bob@example.com");
    let renamed = desk.run(&["sign-in", "record", "--email", ANN, "--first-name= Zoë ", "--last-name=Wilson"]);
    assert_eq!(renamed, ran(0, &BOTH.replace("Ann Abel", "Zoë Wilson"), ""));
    let entry = desk.json(&["activity", "list", "--per-page=1", "--fields=actor,action,subject,changes"])["entries"][0].take();
    assert_eq!(
        entry,
        json!({
            "actor": { "label": "sign-in", "email": null },
            "action": "user_updated",
            "subject": { "kind": "organisation_user", "id": id(2, 1), "label": "Zoë Wilson" },
            "changes": [
                { "field": "first_name", "before": "Ann", "after": "Zoë" },
                { "field": "last_name", "before": "Abel", "after": "Wilson" },
            ],
        })
    );
    // The list of each organisation has its new order.
    assert_eq!(desk.line("org users ALPHA --format plain --fields first_name"), ran(0, "Bob\nZoë\n", ""));
    let before = desk.count("SELECT count(*) FROM activity");
    desk.done(&["sign-in", "record", "--email", ANN, "--first-name=Zoë", "--last-name=Wilson"]);
    assert_eq!(desk.count("SELECT count(*) FROM activity"), before);
}

#[test]
fn names_that_are_none_are_skipped_with_a_warning_each() {
    let desk = desk_with_ann();
    let warnings = "Warning: First name was not taken over: Enter a first name\n\
                    Warning: Last name was not taken over: Last name must not include control characters\n";
    assert_eq!(desk.run(&["sign-in", "record", "--email", ANN, "--first-name= ", "--last-name=A\u{7}"]), ran(0, BOTH, warnings));
    assert_eq!(stored(&desk, "last_name,last_signed_in_at"), json!({ "last_name": "Abel", "last_signed_in_at": NOW }));
}

#[test]
fn a_person_who_is_both_is_a_support_user() {
    let desk = desk_with_ann();
    desk.done(&["sign-in", "record", "--email", ANN, "--id=A1"]);
    desk.add("Ann", "Support", ANN);
    for who in ["--email ann@education.gov.uk", "--email ann@education.gov.uk --id A1"] {
        assert_eq!(desk.line(&format!("sign-in check {who}")), ran(0, SUPPORT, ""), "{who}");
    }
    // The same id on both accounts.
    assert_eq!(desk.line("sign-in record --email ann@education.gov.uk --id A1"), ran(0, SUPPORT, ""));
    assert_eq!(desk.count("SELECT count(*) FROM users, organisation_users AS members WHERE users.sign_in_id = members.sign_in_id"), 1);
    for who in ["--id A1", "--id A1 --email elsewhere@example.com"] {
        assert_eq!(desk.line(&format!("sign-in check {who}")), ran(0, SUPPORT, ""), "{who}");
    }
}

#[test]
fn an_address_that_came_says_more_than_the_one_that_is_stored_with_the_id() {
    let desk = desk_with_ann();
    desk.done(&["sign-in", "record", "--email", ANN, "--id=A1"]);
    desk.add("Ann", "Support", ANN);
    assert_eq!(desk.line("sign-in check --id A1 --email elsewhere@example.com"), ran(0, BOTH, ""));
    // By the id alone it is the same person, whose support account is not tied to the id by that.
    assert_eq!(desk.line("sign-in record --id A1"), ran(0, SUPPORT, ""));
    assert_eq!(desk.json(&["users", "show", ANN])["user"]["sign_in_id"], json!(null));
}

#[test]
fn a_person_who_is_both_is_a_support_user_by_the_id_that_only_the_organisation_account_has() {
    let desk = desk_with_ann();
    desk.done(&["sign-in", "record", "--email", ANN, "--id=A1"]);
    desk.add("Ann", "Support", ANN);
    assert_eq!(desk.line("sign-in check --id A1"), ran(0, SUPPORT, ""));
    desk.done(&["users", "edit", ANN, "--active=no"]);
    assert_eq!(reason(&desk, "sign-in check --id A1"), json!([6, "not_permitted", "inactive_user"]));
}

#[test]
fn an_organisations_user_known_by_their_id_is_not_kept_out_by_somebody_elses_support_account() {
    let desk = desk_with_ann();
    desk.done(&["sign-in", "record", "--email", ANN, "--id=A1"]);
    desk.add("Sue", "Support", "sue@education.gov.uk");
    desk.done(&["sign-in", "record", "--email=sue@education.gov.uk", "--id=S1"]);
    for verb in ["check", "record"] {
        assert_eq!(desk.line(&format!("sign-in {verb} --id A1 --email sue@education.gov.uk")), ran(0, BOTH, ""), "{verb}");
    }
    assert_eq!(desk.json(&["users", "show", "sue@education.gov.uk"])["user"]["sign_in_id"], "S1");
}

#[test]
fn a_support_user_who_is_not_active_or_uses_the_api_is_not_let_in_as_an_organisations_user() {
    let desk = desk_with_ann();
    desk.done(&["sign-in", "record", "--email", ANN, "--id=A1"]);
    desk.add("Ann", "Support", ANN);
    desk.done(&["users", "edit", ANN, "--api-user=yes"]);
    let api_only = "Allowed: api-only\nAnn Support, ann@education.gov.uk\n";
    assert_eq!(desk.line("sign-in record --email ann@education.gov.uk --id A1"), ran(0, api_only, ""));
    assert_eq!(desk.line("sign-in check --id A1"), ran(0, api_only, ""));
    desk.done(&["users", "edit", ANN, "--active=no"]);
    for who in ["--email ann@education.gov.uk", "--email ann@education.gov.uk --id A1", "--id A1"] {
        assert_eq!(reason(&desk, &format!("sign-in record {who}")), json!([6, "not_permitted", "inactive_user"]), "{who}");
    }
}

// Emails

#[test]
fn sign_in_details_are_sent_again_for_each_organisation_in_one_run() {
    let desk = desk_with_ann();
    let resent = desk.line("emails resend ANN@education.gov.uk");
    let both = format!("New sign-in details were composed. The user was not changed.\n{}{}", written(&id(4, 1)), written(&id(4, 3)));
    assert_eq!((resent.code, resent.err), (0, both));
    assert!(resent.out.contains("\nOrganisations   Alpha School (ALPHA)\n                Beta School (BETA)\n"), "{}", resent.out);
    let about = |email: &str| desk.json(&["emails", "show", email])["email"]["text"].as_str().unwrap().lines().nth(2).unwrap().to_owned();
    assert_eq!(about(&id(4, 1)), "You have been added to Alpha School in Register of training providers.");
    assert_eq!(about(&id(4, 3)), "You have been added to Beta School in Register of training providers.");
    assert_eq!(
        desk.line("activity list --format plain --per-page 2 --fields action,subject.label,organisation.code"),
        ran(0, "invitation_resent\tAnn Abel\tBETA\ninvitation_resent\tAnn Abel\tALPHA\n", "")
    );
}

#[test]
fn details_sent_again_are_cancelled_for_the_organisation_that_the_user_is_removed_from() {
    let desk = desk_with_ann();
    desk.configure("delivery = \"later\"\n");
    desk.done(&["emails", "resend", ANN]);
    remove(&desk, "BETA", ANN);
    let queued = "emails list --status queued --format plain --fields subject,text";
    let texts = desk.line(queued).out;
    assert_eq!(texts.lines().count(), 2, "{texts}");
    assert!(!texts.contains("You have been added to Beta School"), "{texts}");
    assert!(texts.contains("You have been added to Alpha School") && texts.contains("You have been removed from Beta School"), "{texts}");
}

#[test]
fn sending_again_replaces_the_sign_in_details_of_every_organisation_that_have_not_gone() {
    let desk = desk_with_ann();
    desk.configure("delivery = \"later\"\n");
    desk.done(&["org", "edit-user", "ALPHA", ANN, "--email=abel@example.com"]);
    desk.done(&["emails", "resend", "abel@example.com"]);
    let resent = desk.json(&["emails", "resend", "abel@example.com"]);
    let to = "emails list --format plain --fields to,subject --status";
    let (changed, invitation) =
        ("Your email address for Register of training providers has changed", "Invitation to join Register of training providers");
    let invitations = format!("abel@example.com\t{invitation}\n").repeat(2);
    assert_eq!(resent["emails"].as_array().unwrap().len(), 2);
    assert_eq!(desk.line(&format!("{to} queued")), ran(0, &format!("{invitations}{ANN}\t{changed}\n"), ""));
    assert_eq!(desk.line(&format!("{to} cancelled")), ran(0, &format!("{invitations}abel@example.com\t{changed}\n"), ""));
}

#[test]
fn nobody_who_belongs_to_no_organisation_is_sent_sign_in_details() {
    let desk = desk_with_ann();
    remove(&desk, "ALPHA", ANN);
    remove(&desk, "BETA", ANN);
    let before = desk.rows();
    let refused = "Error: You cannot send sign-in details to a user who belongs to no organisation\n\
                   Add them to an organisation: frontdesk org add-user ORG\n";
    assert_eq!(desk.line("emails resend ann@education.gov.uk"), ran(6, "", refused));
    assert_eq!(desk.rows(), before);
}

#[test]
fn of_two_accounts_with_one_address_the_one_that_is_meant_must_be_said() {
    let desk = desk_with_ann_twice();
    let before = desk.rows();
    let two = "Error: Two accounts are called ann@education.gov.uk: a user of the service, and a user of its organisations\n\
               Nothing was changed. Say which you mean: --kind user or --kind organisation-user\n";
    assert_eq!(desk.line("emails resend ann@education.gov.uk"), ran(2, "", two));
    assert_eq!(desk.rows(), before);
    let name = |line: &str| desk.json(&line.split_whitespace().collect::<Vec<_>>())["user"]["last_name"].take();
    assert_eq!(name("emails resend ann@education.gov.uk --kind user"), "Support");
    assert_eq!(name("emails resend ann@education.gov.uk --kind organisation-user"), "Abel");
    assert_eq!(name(&format!("emails resend {}", id(2, 1))), "Abel");
    desk.add_member("ALPHA", "Bob", "Baker", "bob@example.com");
    assert_eq!(desk.line("emails resend bob@example.com --kind user"), nobody_anywhere("bob@example.com"));
}

#[test]
fn an_invitation_can_be_cancelled_and_the_activity_says_for_which_organisation() {
    let desk = desk_with_ann();
    desk.configure("delivery = \"later\"\n");
    desk.add_member("ALPHA", "Bob", "Baker", "bob@example.com");
    let cancelled = desk.run(&["emails", "cancel", &id(4, 3)]);
    assert_eq!((cancelled.code, cancelled.err.as_str()), (0, "Success: Email cancelled\n"));
    assert_eq!(
        desk.json(&["activity", "list", "--per-page=1", "--fields=action,subject.kind,subject.label,organisation.code,changes"])["entries"],
        json!([{
            "action": "email_cancelled",
            "subject": { "kind": "organisation_user", "label": "Bob Baker" },
            "organisation": { "code": "ALPHA" },
            "changes": [{ "field": "email_status", "before": "queued", "after": "cancelled" }],
        }])
    );
}

#[test]
fn a_refused_invitation_is_retried_only_while_the_user_is_in_that_organisation() {
    let desk = desk_with_ann();
    let (beta, alpha) = (id(2, 3), id(3, 2));
    desk.kept.execute("UPDATE emails SET status = 'refused', sent_at = NULL");
    remove(&desk, "BETA", ANN);
    let refused = desk.refused(&["emails", "retry", &beta]);
    assert_eq!((&refused["exit"], &refused["error"]["code"]), (&json!(6), &json!("not_permitted")));
    assert!(refused["error"]["message"].as_str().unwrap().starts_with("You cannot retry this email: "), "{refused}");
    let sent = desk.run(&["emails", "retry", &alpha]);
    assert_eq!((sent.code, sent.err), (0, format!("Success: Email sent\n{}", written(&alpha))));
    assert_eq!(desk.json(&["emails", "show", &beta])["email"]["status"], "refused");
}

#[test]
fn refused_sign_in_details_for_a_new_address_are_retried_only_while_the_user_is_in_some_organisation() {
    let desk = desk_with_ann();
    desk.configure("delivery = \"later\"\n");
    let edited = desk.json(&["org", "edit-user", "ALPHA", ANN, "--email=abel@example.com"]);
    let to_new = edited["emails"][0]["id"].as_str().unwrap();
    let refuse = || desk.kept.execute_with("UPDATE emails SET status = 'refused', next_attempt_at = NULL WHERE id = $1", &[to_new]);
    refuse();
    remove(&desk, "BETA", "abel@example.com");
    assert_eq!(desk.run(&["emails", "retry", to_new]).code, 0);
    refuse();
    remove(&desk, "ALPHA", "abel@example.com");
    let before = desk.rows();
    assert_eq!(reason(&desk, &format!("emails retry {to_new}")), json!([6, "not_permitted", null]));
    assert_eq!(desk.rows(), before);
}

#[test]
fn outside_production_each_email_about_an_organisation_says_so() {
    let desk = desk_with_ann();
    desk.done(&["service", "set", "environment", "staging"]);
    desk.add_organisation("GAMMA", "Gamma School");
    desk.add_member("GAMMA", "Ann", "Abel", ANN);
    desk.done(&["org", "edit-user", "GAMMA", ANN, "--email=abel@example.com"]);
    remove(&desk, "GAMMA", "abel@example.com");
    let changed = "[STAGING] Your email address for Register of training providers has changed";
    let subjects: Vec<_> = desk.letters().into_iter().map(|letter| letter.subject).skip(2).collect();
    assert_eq!(
        subjects,
        [
            "[STAGING] Invitation to join Register of training providers",
            changed,
            changed,
            "[STAGING] You have been removed from Register of training providers",
        ]
    );
}

// Activity

/// What was done and to whom, newest first.
fn told(desk: &Desk, filter: &str) -> String {
    let ran = desk.line(&format!("activity list --format plain --fields action,subject.label,organisation.code {filter}"));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{filter}");
    ran.out
}

#[test]
fn the_activity_of_a_person_in_an_organisation_or_both() {
    let desk = desk_with_ann_twice();
    desk.add_member("ALPHA", "Bob", "Baker", "bob@example.com");
    let support = "user_added\tAnn Support\t\n";
    let in_alpha = "user_linked\tAnn Abel\tALPHA\n";
    let member = format!("{in_alpha}user_added\tAnn Abel\tBETA\n");
    assert_eq!(told(&desk, "--user ann@education.gov.uk"), format!("{support}{member}"));
    assert_eq!(told(&desk, "--user ANN@education.gov.uk --kind organisation-user"), member);
    assert_eq!(told(&desk, "--user ann@education.gov.uk --kind user"), support);
    assert_eq!(told(&desk, "--org alpha"), format!("user_added\tBob Baker\tALPHA\n{in_alpha}organisation_added\tAlpha School\tALPHA\n"));
    assert_eq!(told(&desk, &format!("--user ann@education.gov.uk --org {}", id(1, 1))), in_alpha);
    assert_eq!(told(&desk, "--user ann@education.gov.uk --kind user --org ALPHA"), "");
    assert_eq!(desk.line("activity list --user bob@example.com --kind user"), nobody_anywhere("bob@example.com"));
    let entry = desk.json(&["activity", "list", "--user", ANN, "--org=ALPHA"])["entries"][0].take();
    assert_eq!(entry["organisation"], json!({ "id": id(1, 1), "code": "ALPHA", "name": "Alpha School" }));
}

#[test]
fn what_began_and_what_ended_is_told_apart_in_the_entries_of_a_membership() {
    let desk = desk_with_ann();
    remove(&desk, "BETA", ANN);
    let entries = desk.json(&["activity", "list", "--user", ANN, "--fields=action,changes"])["entries"].take();
    let (alpha, beta, nothing) = (json!("Alpha School"), json!("Beta School"), Value::Null);
    let changes = |before: &Value, after: &Value| json!({ "field": "organisation", "before": before, "after": after });
    assert_eq!(entries[0], json!({ "action": "user_removed", "changes": [changes(&beta, &nothing)] }));
    assert_eq!(entries[1], json!({ "action": "user_linked", "changes": [changes(&nothing, &alpha)] }));
    assert_eq!((&entries[2]["action"], &entries[2]["changes"][3]), (&json!("user_added"), &changes(&nothing, &beta)));
}

#[test]
fn each_change_about_an_organisation_has_its_words_and_is_kept_when_the_organisation_is_deleted() {
    let desk = desk_with_ann();
    desk.done(&["org", "edit-user", "ALPHA", ANN, "--last-name=Wilson"]);
    remove(&desk, "BETA", ANN);
    remove(&desk, "ALPHA", ANN);
    desk.add_member("BETA", "Anne", "Wilson", ANN);
    desk.done(&["org", "edit", "ALPHA", "--name=Alpha Academy"]);
    desk.done(&["org", "delete", "ALPHA", "--yes"]);
    let by = "  By os:tester@desk on 11 December 2025 at 2:13pm\n";
    let in_alpha = format!(
        "Activity (6)\n\nToday\n\n\
         Organisation deleted: Alpha Academy\n{by}  Code: ALPHA\n  Name: Alpha Academy\n\n\
         Organisation updated: Alpha Academy\n{by}  Name: Alpha School → Alpha Academy\n\n\
         User removed: Ann Wilson\n{by}  Organisation: Alpha School\n\n\
         User updated: Ann Wilson\n{by}  Last name: Abel → Wilson\n  Organisation: Alpha School\n\n\
         User linked: Ann Abel\n{by}  Organisation: Alpha School\n\n\
         Organisation added: Alpha School\n{by}  Code: ALPHA\n  Name: Alpha School\n"
    );
    assert_eq!(desk.line("activity list --org ALPHA"), ran(0, &in_alpha, ""));
    let ended = format!(
        "User added: Anne Wilson\n{by}  First name: Anne\n  Last name: Wilson\n  Email address: {ANN}\n  Organisation: Beta School\n\n\
         Account ended: Ann Wilson\n{by}  First name: Ann\n  Last name: Wilson\n  Email address: {ANN}\n  Organisation: Beta School\n\n\
         User removed: Ann Wilson\n{by}  Organisation: Beta School\n"
    );
    let in_beta = desk.line("activity list --org BETA --per-page 3").out;
    assert!(in_beta.contains(&ended), "{in_beta}");
}

// whoami

#[test]
fn whoami_names_the_organisations_of_an_organisations_user() {
    let desk = desk_with_ann();
    let introduction = |desk: &Desk| desk.done(&["--as", ANN, "whoami"]).lines().next().unwrap().to_owned();
    assert_eq!(introduction(&desk), "You are Ann Abel, ann@education.gov.uk (organisations: Alpha School (ALPHA), Beta School (BETA))");
    assert_eq!(
        desk.json(&["--as", ANN, "whoami"])["actor"],
        json!({ "label": "Ann Abel", "email": ANN, "kind": "organisation", "id": id(2, 1), "active": true, "organisations": [
            { "id": id(1, 1), "code": "ALPHA", "name": "Alpha School" },
            { "id": id(0, 3), "code": "BETA", "name": "Beta School" },
        ]})
    );
    remove(&desk, "ALPHA", ANN);
    remove(&desk, "BETA", ANN);
    assert_eq!(introduction(&desk), "You are Ann Abel, ann@education.gov.uk (organisations: none)");
    assert_eq!(desk.json(&["--as", ANN, "whoami"])["actor"]["organisations"], json!([]));
    desk.add("Ann", "Support", ANN);
    assert_eq!(introduction(&desk), "You are Ann Support, ann@education.gov.uk (Active)");
}

// A database from before organisations

/// A file with schema 2: Ann, who was invited and whose invitation went, and Bob, who has been deleted
/// and whose last email is queued.
fn make_schema_2(desk: &Desk) {
    let database = Connection::open(desk.path("old.db")).unwrap();
    database.execute_batch(include_str!("../../src/store/migrations/sqlite/0001_users.sql")).unwrap();
    database.execute_batch(include_str!("../../src/store/migrations/sqlite/0002_mail_servers.sql")).unwrap();
    database
        .execute_batch(
            "PRAGMA application_id = 0x6664736B; PRAGMA user_version = 2;
             INSERT INTO stamp VALUES ('service', 'register'), ('collation', 'root/tertiary/icu4x-2.4.0');
             INSERT INTO service_settings VALUES ('name', 'Register'), ('web-address', 'https://example.com'),
                 ('help-address', 'help@education.gov.uk'), ('page-size', '25'), ('environment', 'production'), ('protected', 'no'),
                 ('edit-organisation-users', 'until-sign-in'), ('minimum-active-users', '0'), ('deletes-per-three-minutes', '0'),
                 ('require-actor', 'no');
             INSERT INTO users VALUES ('ann', 'Ann', 'Abel', 'ann@education.gov.uk', 0, 1, x'01', 'A1', 1765462380000, 1000, 1000, 1, NULL, NULL),
                 ('bob', 'Bob', 'Baker', 'bob@education.gov.uk', 1, 0, x'02', NULL, NULL, 2000, 3000, 2, 3000, 'Ann Abel');
             INSERT INTO emails VALUES ('1', 'invitation', 'ann', 'Register', 'help@education.gov.uk', 'Ann Abel', 'ann@education.gov.uk',
                     'Welcome', 'Hello {{first_name} Ann', '<1@education.gov.uk>', 'sent', 2, NULL, NULL, 1000, 1500, NULL, NULL),
                 ('2', 'removal', 'bob', 'Register', 'help@education.gov.uk', 'Bob Baker', 'bob@education.gov.uk',
                     'Goodbye', 'Hello Bob', '<2@education.gov.uk>', 'queued', 1, 4000, 'The server is busy', 3000, NULL, NULL, NULL);
             INSERT INTO activity VALUES
                 ('3', 2000, 'os:old@desk', NULL, NULL, 'user_added', 'user', 'bob', 'Bob Baker', '[]'),
                 ('4', 3000, 'Ann Abel', 'ann@education.gov.uk', 'ann', 'user_deleted', 'user', 'bob', 'Bob Baker',
                     '[{\"field\":\"first_name\",\"before\":\"Bob\",\"after\":null}]');",
        )
        .unwrap();
}

#[test]
fn a_database_of_schema_2_is_brought_up_to_date_with_everything_in_it() {
    let desk = Desk::new();
    make_schema_2(&desk);
    let line = |line: &str| desk.line(&format!("--database old.db {line}"));
    assert_eq!(
        line("users list --format plain"),
        ran(
            0,
            "ann\tAnn\tAbel\tann@education.gov.uk\tsupport\tfalse\ttrue\t2025-12-11T14:13:00Z\tA1\t1970-01-01T00:00:01Z\t1970-01-01T00:00:01Z\t1\n",
            ""
        )
    );
    assert_eq!(
        line(
            "emails list --format plain --fields id,to,subject,text,status,attempts,next_attempt_at,last_error,message_id,created_at,sent_at"
        ),
        ran(
            0,
            "2\tbob@education.gov.uk\tGoodbye\tHello Bob\tqueued\t1\t1970-01-01T00:00:04Z\tThe server is busy\t<2@education.gov.uk>\t1970-01-01T00:00:03Z\t\n\
             1\tann@education.gov.uk\tWelcome\tHello {{first_name} Ann\tsent\t2\t\t\t<1@education.gov.uk>\t1970-01-01T00:00:01Z\t1970-01-01T00:00:01.500Z\n",
            ""
        )
    );
    assert_eq!(
        line("activity list --format plain"),
        ran(
            0,
            "4\t1970-01-01T00:00:03Z\tAnn Abel\tann@education.gov.uk\tuser_deleted\tuser\tbob\tBob Baker\t\t\t\t\
             [{\"field\":\"first_name\",\"before\":\"Bob\",\"after\":null}]\n\
             3\t1970-01-01T00:00:02Z\tos:old@desk\t\tuser_added\tuser\tbob\tBob Baker\t\t\t\t[]\n",
            ""
        )
    );
    assert_eq!(line("org add --code ALPHA --name 'Alpha School'").err, "Success: Organisation added\n");
    assert_eq!(
        line("org add-user ALPHA --first-name Zoe --last-name Young --email zoe@example.com --no-email").err,
        "Success: User added\n"
    );
    assert_eq!(line("emails send").err, "Email written to emails/2.eml\nSuccess: 1 email sent\n");

    let number =
        |file: &str, sql: &str| -> i64 { Connection::open(desk.path(file)).unwrap().query_row(sql, [], |row| row.get(0)).unwrap() };
    for (file, schema) in [("old.db.schema-2", 2), ("old.db", 6)] {
        assert_eq!(number(file, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0, "{file}");
        assert_eq!(number(file, "SELECT count(*) FROM pragma_foreign_key_check"), 0, "{file}");
        assert_eq!((number(file, "PRAGMA user_version"), number(file, "PRAGMA application_id")), (schema, 0x6664_736B), "{file}");
    }
    assert_eq!(number("old.db.schema-2", "SELECT count(*) FROM emails WHERE status = 'queued'"), 1);
}
