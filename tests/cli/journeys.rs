//! The screens of seeds 000 and 001 in their order, walked in a real terminal, as wide as most are
//! and as narrow as some; and the same journeys entered by their own commands.

use crate::desk::Desk;
use crate::terminal::{ENTER, Setting, Terminal};

pub const LIST: &str = "Choose a user, or what to do";
pub const NEXT_STEP: &str = "What do you want to do?";
const WRONG_EMAIL: &str = "Error: Enter a Department for Education email address in the correct format, like name@education.gov.uk";

/// What a service shows of each user, and nothing else.
const COLUMNS_000: &str = "first_name,last_name,email,api_user,active";

/// A desk with Zoë Carter.
fn desk_with_zoe(service: Option<&'static str>) -> Desk {
    let desk = service.map_or_else(Desk::new, Desk::of);
    desk.add("Zoë", "Carter", "zoe@education.gov.uk");
    desk
}

/// Every user, for a comparison of two desks.
fn everybody(desk: &Desk, service: &str) -> String {
    desk.line(&format!("--service {service} users list --format plain --fields {COLUMNS_000}")).out
}

/// The three questions that both seeds ask, with every mistake that they name.
fn fill_names_and_email(terminal: &mut Terminal) {
    terminal.wait_for("Add user First name >");
    terminal.type_keys(ENTER);
    terminal.correct("First name Error: Enter first name >", "Ann");
    terminal.wait_for("Last name >");
    terminal.type_keys(ENTER);
    terminal.correct("Last name Error: Enter last name >", "Abel");
    terminal.wait_for("Email address >");
    terminal.type_keys(ENTER);
    terminal.correct("Email address Error: Enter email address >", "ann@gmail.com");
    terminal.correct(&format!("{WRONG_EMAIL} > ann@gmail.com"), "ann@badeducation.gov.uk");
    terminal.correct(&format!("{WRONG_EMAIL} > ann@badeducation.gov.uk"), "zoe@education.gov.uk");
    terminal.correct("Error: Email address already in use > zoe@education.gov.uk", "ann@education.gov.uk");
}

/// From the details through the edit to the deletion; both seeds have the same screens here.
fn edit_and_delete(terminal: &mut Terminal, desk: &Desk, service: &str, list_after: &str) {
    terminal.choose(NEXT_STEP, "Change: Email address");
    terminal.wait_for("Email address > ann@education.gov.uk");
    terminal.correct("Email address >", "");
    terminal.correct("Error: Enter email address >", "ann@gmail.com");
    terminal.correct(&format!("{WRONG_EMAIL} > ann@gmail.com"), "zoe@education.gov.uk");
    terminal.correct("Error: Email address already in use >", "ann.abel@education.gov.uk");
    terminal.wait_for(&format!(
        "Check your answers Ann Smith Email address: ann@education.gov.uk → ann.abel@education.gov.uk \
         An email will be sent to ann.abel@education.gov.uk: Your email address for {service} has changed \
         An email will be sent to ann@education.gov.uk: Your email address for {service} has changed \
         {NEXT_STEP} > Save Change: Email address See the email Cancel"
    ));
    let before = desk.rows();
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&["Success: User updated", "Ann Smith User has never signed in", "Email address ann.abel@education.gov.uk"]);
    assert_ne!(desk.rows(), before);

    terminal.choose(NEXT_STEP, "Delete user");
    terminal.wait_for(&format!(
        "Confirm you want to delete Ann Smith Warning: Deleting a user cannot be undone. \
         An email will be sent to ann.abel@education.gov.uk: You have been removed from {service} \
         Do you want to delete Ann Smith? > No Yes"
    ));
    terminal.choose("Do you want to delete Ann Smith?", "Yes");
    terminal.wait_in_order(&["Success: User deleted", "Users (1)", LIST, list_after]);
    terminal.choose(LIST, "Leave");
    assert_eq!(terminal.finish(), 0);
    let subjects: Vec<_> = desk.letters().into_iter().map(|letter| (letter.to, letter.subject)).collect();
    let changed = format!("Your email address for {service} has changed");
    let sent = |to: &str, subject: &str| (to.to_owned(), subject.to_owned());
    assert_eq!(
        subjects[1..],
        [
            sent("Ann Smith <ann@education.gov.uk>", &format!("Invitation to join {service}")),
            sent("Ann Smith <ann.abel@education.gov.uk>", &changed),
            sent("Ann Smith <ann@education.gov.uk>", &changed),
            sent("Ann Smith <ann.abel@education.gov.uk>", &format!("You have been removed from {service}")),
        ]
    );
}

fn walk_000(columns: u16) {
    let desk = desk_with_zoe(None);
    let mut terminal = Setting::at(&desk).columns(columns).run(&["users"]);
    terminal.wait_for(&format!(
        "Users (1) {LIST} Arrow keys move, Enter chooses, / finds, Esc goes back > Zoë Carter zoe@education.gov.uk Active Find Add user Leave"
    ));
    terminal.choose(LIST, "Add user");
    fill_names_and_email(&mut terminal);
    terminal.wait_for("Is the account an API user?   Yes   No");
    terminal.type_keys(ENTER);
    terminal.wait_for("Is the account an API user? Error: Select if the account is an API user");
    terminal.choose("Is the account an API user? Error: Select if the account is an API user", "No");
    terminal.wait_for(&format!(
        "Check your answers First name Ann Last name Abel Email address ann@education.gov.uk Is the account an API user? No \
         An email will be sent to ann@education.gov.uk: Invitation to join Register of training providers \
         {NEXT_STEP} > Save Change: First name Change: Last name Change: Email address Change: Is the account an API user? \
         See the email Cancel"
    ));
    assert_eq!(desk.count("SELECT count(*) FROM users"), 1);
    terminal.choose(NEXT_STEP, "Change: Last name");
    terminal.correct("Last name > Abel", "Smith");
    terminal.choose(NEXT_STEP, "See the email");
    terminal.wait_in_order(&[
        "To: ann@education.gov.uk",
        "Subject: Invitation to join Register of training providers",
        "Hello Ann",
        "if you need help, or if you did not expect this email.",
        NEXT_STEP,
        "> Save",
    ]);
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&[
        "Success: User added",
        "Users (2)",
        LIST,
        "> Ann Smith ann@education.gov.uk Active Zoë Carter zoe@education.gov.uk Active Find Add user Leave",
    ]);
    terminal.choose(LIST, "Ann Smith");
    terminal.wait_for(
        "Ann Smith User has never signed in First name Ann Last name Smith Email address ann@education.gov.uk \
         Is the account an API user? No Is the account active? Yes Id",
    );
    let service = "Register of training providers";
    edit_and_delete(&mut terminal, &desk, service, "> Zoë Carter zoe@education.gov.uk Active Find Add user Leave");
}

#[test]
fn the_screens_of_seed_000_in_80_columns() {
    walk_000(80);
}

#[test]
fn the_screens_of_seed_000_in_40_columns() {
    walk_000(40);
}

fn walk_001(columns: u16) {
    let desk = desk_with_zoe(Some("claim"));
    let mut terminal = Setting::at(&desk).columns(columns).run(&["users"]);
    terminal.wait_for(&format!(
        "Users (1) {LIST} Arrow keys move, Enter chooses, / finds, Esc goes back > Zoë Carter zoe@education.gov.uk Find Add user Leave"
    ));
    terminal.choose(LIST, "Add user");
    fill_names_and_email(&mut terminal);
    terminal.wait_for(&format!(
        "Check your answers First name Ann Last name Abel Email address ann@education.gov.uk \
         An email will be sent to ann@education.gov.uk: Invitation to join Claim funding for mentor training \
         {NEXT_STEP} > Save Change: First name Change: Last name Change: Email address See the email Cancel"
    ));
    assert_eq!(desk.count("SELECT count(*) FROM users"), 1);
    terminal.choose(NEXT_STEP, "Change: Last name");
    terminal.correct("Last name > Abel", "Smith");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&[
        "Success: User added",
        "Users (2)",
        LIST,
        "> Ann Smith ann@education.gov.uk Zoë Carter zoe@education.gov.uk Find Add user Leave",
    ]);
    terminal.choose(LIST, "Ann Smith");
    terminal.wait_for("Ann Smith User has never signed in First name Ann Last name Smith Email address ann@education.gov.uk Id");
    let service = "Claim funding for mentor training";
    edit_and_delete(&mut terminal, &desk, service, "> Zoë Carter zoe@education.gov.uk Find Add user Leave");
}

#[test]
fn the_screens_of_seed_001_in_80_columns() {
    walk_001(80);
}

#[test]
fn the_screens_of_seed_001_in_40_columns() {
    walk_001(40);
}

#[test]
fn users_add_asks_and_prints_a_command_that_does_the_same() {
    for (service, asks_api_user) in [("register", true), ("claim", false)] {
        let (desk, other) = (Desk::to_be_named(service), Desk::to_be_named(service));
        let mut terminal = Setting::at(&desk).run(&["--service", service, "users", "add"]);
        terminal.answer("First name", "Seán");
        terminal.answer("Last name", "O'Brien $HOME");
        terminal.answer("Email address", "sean@education.gov.uk");
        if asks_api_user {
            terminal.choose("Is the account an API user?", "Yes");
        }
        terminal.choose(NEXT_STEP, "Save");
        terminal.wait_in_order(&["Success: User added", "Users (1)", "Seán O'Brien $HOME", "The same change as one command:"]);
        assert_eq!(terminal.finish(), 0);

        assert_eq!(other.line(&terminal.same_as_one_command()).code, 0);
        let (added, again) = (everybody(&desk, service), everybody(&other, service));
        assert_eq!(added, format!("Seán\tO'Brien $HOME\tsean@education.gov.uk\t{asks_api_user}\ttrue\n"));
        assert_eq!(again, added);
    }
}

#[test]
fn flags_given_to_users_add_count_as_answered() {
    let desk = Desk::new();
    let flags = ["users", "add", "--first-name=Ann", "--email=ann@gmail.com", "--api-user=no", "--no-email"];
    let mut terminal = Setting::at(&desk).run(&flags);
    terminal.answer("Add user Last name >", "Abel");
    terminal.correct(&format!("{WRONG_EMAIL} > ann@gmail.com"), "ann@education.gov.uk");
    terminal.wait_for(&format!(
        "Check your answers First name Ann Last name Abel Email address ann@education.gov.uk Is the account an API user? No {NEXT_STEP}"
    ));
    terminal.choose(NEXT_STEP, "Save");
    assert_eq!(terminal.finish(), 0);
    assert_eq!(
        terminal.same_as_one_command(),
        "users add --first-name Ann --last-name Abel --email ann@education.gov.uk --api-user no --yes --no-email"
    );
    assert_eq!(desk.letters(), []);
}

#[test]
fn users_edit_asks_what_may_change_and_prints_a_command_that_does_the_same() {
    let (desk, other) = (desk_with_zoe(None), desk_with_zoe(None));
    let mut terminal = Setting::at(&desk).run(&["users", "edit", "zoe@education.gov.uk"]);
    terminal.wait_for("First name > Zoë");
    terminal.type_keys(ENTER);
    terminal.correct("Last name > Carter", "Wilson");
    terminal.wait_for("Email address > zoe@education.gov.uk");
    terminal.type_keys(ENTER);
    terminal.wait_for("Is the account an API user? Arrow keys move, Enter chooses, Esc goes back   Yes > No");
    terminal.type_keys(ENTER);
    terminal.choose("Is the account active?", "No");
    terminal.wait_for("Check your answers Zoë Wilson Last name: Carter → Wilson Is the account active? Yes → No");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_in_order(&["Success: User updated", "Users (1)", "Zoë Wilson zoe@education.gov.uk Not active"]);
    assert_eq!(terminal.finish(), 0);

    assert_eq!(terminal.same_as_one_command(), "users edit zoe@education.gov.uk --last-name Wilson --active no --yes");
    assert_eq!(other.line(&terminal.same_as_one_command()).code, 0);
    assert_eq!(everybody(&desk, "register"), "Zoë\tWilson\tzoe@education.gov.uk\tfalse\tfalse\n");
    assert_eq!(everybody(&other, "register"), everybody(&desk, "register"));
}

#[test]
fn users_edit_with_the_answers_that_are_stored_changes_nothing() {
    let desk = desk_with_zoe(Some("claim"));
    let before = desk.rows();
    let mut terminal = Setting::at(&desk).run(&["users", "edit", "zoe@education.gov.uk"]);
    for question in ["First name > Zoë", "Last name > Carter", "Email address > zoe@education.gov.uk"] {
        terminal.wait_for(question);
        terminal.type_keys(ENTER);
    }
    terminal.wait_for("The user is like this already. Nothing was changed.");
    assert_eq!((terminal.finish(), desk.rows()), (0, before));
}

#[test]
fn users_delete_warns_and_prints_a_command_that_does_the_same() {
    let (desk, other) = (desk_with_zoe(None), desk_with_zoe(None));
    let mut terminal = Setting::at(&desk).run(&["users", "delete", "zoe@education.gov.uk"]);
    terminal.wait_for("Confirm you want to delete Zoë Carter Warning: Deleting a user cannot be undone.");
    terminal.choose("Do you want to delete Zoë Carter?", "Yes");
    terminal.wait_in_order(&["Success: User deleted", "There are no users."]);
    assert_eq!(terminal.finish(), 0);
    assert_eq!(other.line(&terminal.same_as_one_command()).code, 0);
    assert_eq!((everybody(&desk, "register"), everybody(&other, "register")), (String::new(), String::new()));
}

#[test]
fn a_dry_run_asks_and_stores_nothing() {
    let desk = desk_with_zoe(Some("claim"));
    let before = desk.rows();
    let mut terminal = Setting::at(&desk).run(&["users", "add", "--dry-run"]);
    terminal.answer("First name", "Ann");
    terminal.answer("Last name", "Abel");
    terminal.answer("Email address", "ann@education.gov.uk");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_for("Dry run: nothing was stored. This would add the user: Ann Abel");
    assert_eq!((terminal.finish(), desk.rows()), (0, before));
}

#[test]
fn yes_skips_the_check_and_asks_nothing() {
    let desk = desk_with_zoe(Some("claim"));
    let mut terminal = Setting::at(&desk).run(&["users", "edit", "zoe@education.gov.uk", "--last-name=Wilson", "--yes"]);
    terminal.wait_for("Success: User updated");
    assert_eq!(terminal.finish(), 0);
    let mut terminal = Setting::at(&desk).run(&["users", "add", "--first-name=Ann", "--yes"]);
    terminal.wait_for("Error: There is a problem --last-name Enter last name --email Enter email address");
    assert_eq!(terminal.finish(), 3);
}

#[test]
fn json_at_a_terminal_is_asked_for_on_standard_error_and_printed_alone_on_standard_output() {
    let desk = Desk::of("claim");
    let out = desk.path("out.json");
    let mut terminal = Setting::at(&desk).output_to(&out).run(&["users", "add", "--json"]);
    terminal.answer("First name", "Ann");
    terminal.answer("Last name", "Abel");
    terminal.answer("Email address", "ann@education.gov.uk");
    terminal.choose(NEXT_STEP, "Save");
    assert_eq!(terminal.finish(), 0);
    let printed: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!((&printed["result"], &printed["user"]["email"]), (&"added".into(), &"ann@education.gov.uk".into()));
}

#[test]
fn answers_are_kept_while_the_database_cannot_be_used() {
    let desk = Desk::new();
    desk.add("Zoë", "Carter", "zoe@education.gov.uk");
    const DAMAGE: &str = "UPDATE stamp SET value = 'another' WHERE key = 'service'";
    const MEND: &str = "UPDATE stamp SET value = 'register' WHERE key = 'service'";
    const AGAIN: &str = "Try again with the same answers?";
    let mut terminal = Setting::at(&desk).run(&["users", "edit", "zoe@education.gov.uk"]);
    terminal.wait_for("First name > Zoë");
    desk.kept.execute(DAMAGE);
    terminal.correct("First name > Zoë", "Zoe");
    terminal.wait_in_order(&["Error: The database ", "damaged: it holds a value that frontdesk never writes", AGAIN, "> Yes No"]);
    // Still damaged: what was typed stays typed.
    terminal.choose(AGAIN, "Yes");
    terminal.wait_for("> Yes No");
    desk.kept.execute(MEND);
    terminal.choose(AGAIN, "Yes");
    terminal.wait_for("First name: Zoë → Zoe");
    desk.kept.execute(DAMAGE);
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_for("> Yes No");
    desk.kept.execute(MEND);
    terminal.choose(AGAIN, "Yes");
    terminal.wait_for("First name: Zoë → Zoe");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_for("Success: User updated");
    assert_eq!(terminal.finish(), 0);
    assert_eq!(desk.line("users list --format plain --fields first_name").out, "Zoe\n");

    // Whoever gives up ends as a script does.
    let before = desk.rows();
    let mut terminal = Setting::at(&desk).run(&["users", "add"]);
    terminal.answer("First name", "Ann");
    terminal.wait_for("Last name >");
    desk.kept.execute(DAMAGE);
    terminal.answer("Last name", "Abel");
    terminal.choose(AGAIN, "No");
    assert_eq!(terminal.finish(), 7);
    desk.kept.execute(MEND);
    assert_eq!(desk.rows(), before);
}

#[test]
fn the_form_and_the_banner_of_a_change_on_a_protected_service_name_the_environment() {
    let desk = desk_with_zoe(None);
    desk.done(&["service", "set", "protected", "yes"]);
    let mut terminal = Setting::at(&desk).run(&["users", "add", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no"]);
    terminal.wait_for("Add user Environment: production (protected) First name >");
    terminal.answer("First name", "Ann");
    terminal.choose(NEXT_STEP, "Save");
    terminal.wait_for("Environment: production (protected) Success: User added");
    assert_eq!(terminal.finish(), 0);
}
