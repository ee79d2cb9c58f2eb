//! The list of users: its order, its pages and its filters.

use serde_json::json;

use crate::desk::{Desk, ran};
use crate::terminal::Setting;

/// Adds users by the name of Ann Abel, `ann0001@education.gov.uk` and so on: the first through the
/// binary, the others as copies of it, whose order is that of their addresses. Their ids run against it, so
/// that nobody takes the order of the one for that of the other.
fn crowd(service: Option<&'static str>, count: u32) -> Desk {
    let desk = service.map_or_else(Desk::new, Desk::of);
    desk.add("Ann", "Abel", "ann0001@education.gov.uk");
    let copies = format!(
        "WITH RECURSIVE numbers (number) AS (SELECT 2 UNION ALL SELECT number + 1 FROM numbers WHERE number < {count}) \
        INSERT INTO users (id, first_name, last_name, email, api_user, active, sort_key, created_at, updated_at, revision) \
        SELECT '019b0dc2-0de0-7000-9000-' || substr(CAST(1000000000000 + number AS TEXT), 2), first_name, last_name, \
            'ann' || substr(CAST(10000 + number AS TEXT), 2) || '@education.gov.uk', \
            api_user, active, sort_key, created_at, updated_at, revision FROM users, numbers WHERE number <= {count}"
    );
    desk.kept.execute(&copies);
    assert_eq!(desk.count("SELECT count(*) FROM users"), i64::from(count));
    desk
}

/// Rows of the table about these users of the crowd.
fn rows(numbers: std::ops::RangeInclusive<u32>) -> String {
    numbers.map(|number| format!("Ann Abel  ann{number:04}@education.gov.uk  Active\n")).collect()
}

const TITLES: &str = "Name      Email address             Status\n";

fn cut(rows: &str) -> String {
    format!("Warning: only rows {rows} were listed. To list them all, use --all or --format csv.\n")
}

// Pages

#[test]
fn exactly_one_page_shows_no_pagination() {
    let listed = crowd(None, 25).line("users list");
    assert_eq!(listed, ran(0, &format!("Users (25)\n\n{TITLES}{}", rows(1..=25)), ""));
}

#[test]
fn more_than_25_users_are_listed_25_a_page() {
    let desk = crowd(None, 26);
    let first =
        format!("Users (26)\n\n{TITLES}{}\nShowing 1 to 25 of 26 results\nNext page: frontdesk users list --page 2\n", rows(1..=25));
    assert_eq!(desk.line("users list"), ran(0, &first, &cut("1 to 25 of 26")));
    // A page that was asked for is the whole answer.
    assert_eq!(desk.line("users list --page 1"), ran(0, &first, ""));
    let second = format!("Users (26)\n\n{TITLES}{}\nShowing 26 to 26 of 26 results\n", rows(26..=26));
    assert_eq!(desk.line("users list --page 2"), ran(0, &second, ""));
}

#[test]
fn publish_lists_50_a_page() {
    let desk = crowd(Some("publish"), 51);
    let listed = desk.line("users list");
    assert!(listed.out.starts_with("Users (51)\n\nName      Email address\nAnn Abel  ann0001@education.gov.uk\n"), "{listed:?}");
    assert!(listed.out.contains("\nAnn Abel  ann0050@education.gov.uk\n\nShowing 1 to 50 of 51 results\n"), "{listed:?}");
    assert_eq!(listed.err, cut("1 to 50 of 51"));
}

#[test]
fn a_page_past_the_end_shows_people_the_last_one_and_says_so() {
    let last = format!(
        "There is no page 3: this is page 2, the last.\n\nUsers (26)\n\n{TITLES}{}\nShowing 26 to 26 of 26 results\n",
        rows(26..=26)
    );
    // The list may go to a file, where nobody sees it at once.
    let warning = "Warning: there is no page 3: page 2 was listed, the last.\n";
    let desk = crowd(None, 26);
    assert_eq!(desk.line("users list --page 3"), ran(0, &last, warning));
    let mut terminal = Setting::at(&desk).rows(60).run(&["users", "list", "--page", "3"]);
    assert_eq!(terminal.finish(), 0);
    let screen = terminal.screen();
    assert!(screen.starts_with("There is no page 3: this is page 2, the last.\n") && !screen.contains("Warning"), "{screen}");
}

#[test]
fn a_page_past_the_end_is_empty_for_scripts_with_the_true_total() {
    let desk = crowd(None, 26);
    let empty = |page: &str| {
        format!("{{\n  \"schema\": 1,\n  \"users\": [],\n  \"total\": 26,\n  \"page\": {page},\n  \"pages\": 2,\n  \"per_page\": 25\n}}\n")
    };
    for page in ["3", "1000000000"] {
        assert_eq!(desk.line(&format!("users list --json --page {page}")), ran(0, &empty(page), ""));
        assert_eq!(desk.line(&format!("users list --format jsonl --page {page}")), ran(0, "", ""));
    }
    assert_eq!(desk.line("users list --format csv --fields email --page 3"), ran(0, "email\r\n", ""));
}

#[test]
fn nobody_is_a_sentence_on_every_page() {
    let desk = Desk::new();
    assert_eq!(desk.line("users list"), ran(0, "There are no users.\n", ""));
    assert_eq!(desk.line("users list --page 2"), ran(0, "There are no users.\n", ""));
    assert_eq!(
        desk.line("users list --json --page 2"),
        ran(0, "{\n  \"schema\": 1,\n  \"users\": [],\n  \"total\": 0,\n  \"page\": 2,\n  \"pages\": 1,\n  \"per_page\": 25\n}\n", "")
    );
}

#[test]
fn a_page_that_is_no_number_from_1_is_a_usage_error() {
    for page in ["0", "-1", "x", "1.5", "''", "1000000001", "99999999999999999999"] {
        let listed = Desk::new().line(&format!("users list --page {page}"));
        let typed = page.trim_matches('\'');
        let message = format!(
            "Error: Invalid value '{typed}' for '--page <N>': enter a whole number from 1 to 1000000000\nFor more information, try '--help'.\n"
        );
        assert_eq!(listed, ran(2, "", &message));
    }
}

#[test]
fn per_page_sets_the_size_of_a_page_and_the_next_one_keeps_it() {
    let desk = crowd(None, 5);
    assert_eq!(
        desk.line("users list --per-page 2 --page 2"),
        ran(
            0,
            &format!(
                "Users (5)\n\n{TITLES}{}\nShowing 3 to 4 of 5 results\nNext page: frontdesk users list --per-page 2 --page 3\n",
                rows(3..=4)
            ),
            ""
        )
    );
    // Whoever sets the size of a page has not said that one is enough.
    assert_eq!(desk.line("users list --per-page 2").err, cut("1 to 2 of 5"));
    for size in ["0", "10001", "-5", "x"] {
        let message = format!(
            "Error: Invalid value '{size}' for '--per-page <N>': enter a whole number from 1 to 10000\nFor more information, try '--help'.\n"
        );
        assert_eq!(desk.line(&format!("users list --per-page {size}")), ran(2, "", &message));
    }
}

#[test]
fn all_lists_everybody_on_one_page() {
    let desk = crowd(None, 26);
    assert_eq!(desk.line("users list --all"), ran(0, &format!("Users (26)\n\n{TITLES}{}", rows(1..=26)), ""));
    for other in ["--page 1", "--per-page 5"] {
        assert_eq!(desk.line(&format!("users list --all {other}")).code, 2, "{other}");
    }
}

#[test]
fn scripts_get_everybody_unless_they_ask_for_a_page() {
    let desk = crowd(None, 26);
    assert_eq!(desk.line("users list --format ids").out.lines().count(), 26);
    assert_eq!(desk.line("users list --format ids --page 1").out.lines().count(), 25);
    let complete = desk.json(&["users", "list", "--fields=id"]);
    assert_eq!(complete.as_object().unwrap().keys().collect::<Vec<_>>(), ["schema", "users", "total"]);
}

#[test]
fn counts_have_commas_between_thousands() {
    let desk = crowd(None, 1_001);
    let listed = desk.line("users list --page 41");
    assert!(listed.out.starts_with("Users (1,001)\n\n"), "{listed:?}");
    assert!(listed.out.ends_with("\nShowing 1,001 to 1,001 of 1,001 results\n"), "{listed:?}");
    assert_eq!((listed.err.as_str(), desk.line("users list").err), ("", cut("1 to 25 of 1,001")));
}

// Order

#[test]
fn names_are_ordered_as_in_a_telephone_book() {
    let desk = Desk::new();
    let expected = [
        "ann Abel",
        "Ann Baker",
        "Ann Zed",
        "Ann Marie Abel",
        "Anna Abel",
        "anna Baker",
        "Anna Carter",
        "Émile Abel",
        "Emile Baker",
        "O’Brien Abel",
        "Obrien Baker",
        "Zoe Abel",
        "Zoë Abel",
        "Zoe Baker",
        "zora Abel",
    ];
    for (number, name) in expected.iter().enumerate().rev() {
        let (first_name, last_name) = name.rsplit_once(' ').unwrap();
        desk.add(first_name, last_name, &format!("user{number}@education.gov.uk"));
    }
    let listed = desk.line("users list --format plain --fields first_name,last_name").out.replace('\t', " ");
    assert_eq!(listed.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn users_of_one_name_are_ordered_by_email_address() {
    let desk = Desk::new();
    for email in ["c@education.gov.uk", "a@education.gov.uk", "b@education.gov.uk"] {
        desk.add("Ann", "Abel", email);
    }
    let emails = desk.line("users list --format plain --fields email");
    assert_eq!(emails, ran(0, "a@education.gov.uk\nb@education.gov.uk\nc@education.gov.uk\n", ""));
}

#[test]
fn no_user_is_lost_or_repeated_between_pages_of_one_name() {
    let desk = crowd(None, 60);
    let page = |number: u32| desk.line(&format!("users list --format plain --fields email --page {number}")).out;
    let expected: String = (1..=60).map(|number| format!("ann{number:04}@education.gov.uk\n")).collect();
    assert_eq!([page(1), page(2), page(3)].concat(), expected);
    assert_eq!([page(1), page(2), page(3), page(4)].map(|page| page.lines().count()), [25, 25, 10, 0]);
}

// Filters

/// Six users called Abel: active, support and signed in in different ways.
pub fn mixed() -> Desk {
    let desk = Desk::new();
    for (name, api_user) in [("ann", "no"), ("bob", "yes"), ("cat", "no"), ("dan", "yes"), ("eve", "no"), ("fay", "no")] {
        desk.line(&format!("users add --first-name {name} --last-name Abel --email {name}@education.gov.uk --api-user {api_user}"));
    }
    for name in ["ann", "bob", "cat"] {
        desk.sign_in(&format!("{name}@education.gov.uk"));
    }
    for name in ["cat", "dan", "eve"] {
        desk.line(&format!("users edit {name}@education.gov.uk --active no"));
    }
    desk
}

#[test]
fn filters_choose_users_and_count_only_them() {
    let desk = mixed();
    for (filter, names) in [
        ("", "ann bob cat dan eve fay"),
        ("--status active", "ann bob fay"),
        ("--status inactive", "cat dan eve"),
        ("--type support", "ann cat eve fay"),
        ("--type api", "bob dan"),
        ("--signed-in yes", "ann bob cat"),
        ("--signed-in no", "dan eve fay"),
        ("--status active --type support", "ann fay"),
        ("--status active --type support --signed-in yes", "ann"),
        ("--status inactive --type api --signed-in no", "dan"),
        ("--status inactive --type api --signed-in yes", ""),
    ] {
        let names: Vec<&str> = names.split_whitespace().collect();
        let listed = desk.line(&format!("users list --format plain --fields first_name {filter}"));
        assert_eq!(listed.out.lines().collect::<Vec<_>>(), names, "{filter}");
        let arguments = shlex::split(&format!("users list --per-page 1 {filter}")).unwrap();
        let page = desk.json(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!((&page["total"], &page["pages"]), (&names.len().into(), &names.len().max(1).into()), "{filter}");
    }
}

#[test]
fn what_a_filter_or_a_search_leaves_and_what_is_exported_stays_in_the_order_of_names() {
    let desk = Desk::new();
    for (first_name, last_name, email) in [("Zoe", "Abel", "a"), ("Ann", "Zed", "b"), ("Anna", "Abel", "c"), ("Ann", "Baker", "d")] {
        desk.add(first_name, last_name, &format!("{email}@education.gov.uk"));
    }
    let expected = "d b c a ";
    let emails = |line: &str| {
        let column = if line.contains("export") { 2 } else { 0 };
        let separator = if line.contains("export") { ',' } else { '\t' };
        let rows = desk.line(line).out;
        let rows = rows.lines().skip(if line.contains("export") { 1 } else { 0 });
        rows.map(|row| row.split(separator).nth(column).unwrap().replace("@education.gov.uk", " ")).collect::<String>()
    };
    for filter in ["--status active", "--type support", "--signed-in no", "--search education"] {
        let line = format!("users list {filter} --format plain --fields email");
        assert_eq!(emails(&line), expected, "{filter}");
        let pages = [1, 2].map(|page| emails(&format!("{line} --per-page 3 --page {page}")));
        assert_eq!(pages, ["d b c ", "a "], "{filter}");
    }
    assert_eq!(emails("users export"), expected);
}

#[test]
fn the_heading_counts_the_filtered_users_and_nobody_is_said_plainly() {
    let desk = mixed();
    assert_eq!(
        desk.line("users list --type api --status active"),
        ran(0, "Users (1)\n\nName      Email address         Status\nbob Abel  bob@education.gov.uk  Active, API user\n", "")
    );
    let nobody = desk.line("users list --type api --status inactive --signed-in yes");
    assert_eq!(nobody, ran(0, "There are no users that match the filters.\n", ""));
    assert_eq!(
        desk.line("users list --search ann --type api --status inactive"),
        ran(0, "There are no users that match ‘ann’ and the filters.\n", "")
    );
    assert_eq!(
        desk.json(&["users", "list", "--type=api", "--status=inactive", "--signed-in=yes"]),
        json!({ "schema": 1, "users": [], "total": 0 })
    );
}

#[test]
fn other_lists_say_in_the_same_words_that_a_filter_left_nobody() {
    let desk = Desk::new();
    let ann = desk.add("Ann", "Abel", "ann@education.gov.uk");
    desk.add_organisation("ALPHA", "Alpha School");
    desk.add_member("ALPHA", "Bob", "Baker", "bob@example.com");
    for (line, told) in [
        ("org users ALPHA --signed-in yes", "There are no users for Alpha School that match the filters."),
        ("org users ALPHA --signed-in yes --search bob", "There are no users for Alpha School that match ‘bob’ and the filters."),
        ("emails list --status queued", "There are no emails that match the filters."),
        ("org list --search zzz", "There are no organisations that match ‘zzz’."),
        (&format!("activity list --org ALPHA --user {ann}"), "There is no activity that matches the filters."),
    ] {
        assert_eq!(desk.line(line), ran(0, &format!("{told}\n"), ""), "{line}");
    }
}

#[test]
fn the_command_for_the_next_page_carries_the_filters() {
    let desk = mixed();
    let first = desk.line("users list --signed-in no --status inactive --per-page 1");
    let command = "frontdesk users list --status inactive --signed-in no --per-page 1 --page 2";
    assert!(first.out.ends_with(&format!("\nShowing 1 to 1 of 2 results\nNext page: {command}\n")), "{first:?}");
    let second = desk.line(command.strip_prefix("frontdesk ").unwrap());
    assert!(second.out.ends_with("\neve Abel  eve@education.gov.uk  Not active\n\nShowing 2 to 2 of 2 results\n"), "{second:?}");
}

#[test]
fn the_command_for_the_next_page_is_of_the_same_desk_and_columns() {
    let desk = crowd(Some("publish"), 2);
    let email = "ann0001@education.gov.uk";
    let first = desk.line(&format!("users list --as {email} --fields email,first_name --per-page 1"));
    let command = format!("frontdesk users list --service publish --as {email} --fields 'email,first_name' --per-page 1 --page 2");
    assert!(first.out.ends_with(&format!("\nNext page: {command}\n")), "{first:?}");
    let address = desk.kept.address();
    let quoted = shlex::try_quote(&address).unwrap();
    let elsewhere = Desk::new();
    let named = elsewhere.run(&["users", "list", "--database", &address, "--per-page=1"]);
    let command = format!("frontdesk users list --database {quoted} --per-page 1 --page 2");
    assert!(named.out.ends_with(&format!("\nNext page: {command}\n")), "{named:?}");
    // What the environment says, it says again to the next command.
    let by_environment = elsewhere.run_with(&[("FRONTDESK_DATABASE", &address)], &["users", "list", "--per-page=1"]);
    assert!(by_environment.out.ends_with("\nNext page: frontdesk users list --per-page 1 --page 2\n"), "{by_environment:?}");
}

#[test]
fn an_unknown_filter_value_names_the_right_ones() {
    for (flag, values) in [("--status", "active, inactive"), ("--type", "support, api"), ("--signed-in", "yes, no")] {
        let listed = Desk::new().line(&format!("users list {flag} maybe"));
        assert_eq!((listed.code, listed.out.as_str()), (2, ""));
        assert!(listed.err.contains(&format!("[possible values: {values}]")), "{listed:?}");
    }
}
