//! Finding people and organisations: what is found by what, together with filters, pages and formats,
//! in the sight of whoever looks; and in the desk.

use rusqlite::Connection;

use crate::desk::{Desk, id, ran};
use crate::journeys::{LIST, NEXT_STEP};
use crate::organisation_actors::{ANN, CLEO, SUE, WHICH, by_ann, three_organisations};
use crate::outside::may_trace;
use crate::terminal::{CTRL_C, ENTER, ESCAPE, Setting};
use crate::users_list::mixed;

/// Enough names to tell one rule from another.
const PEOPLE: [(&str, &str, &str); 9] = [
    ("Ann", "Abel", "ann.abel@education.gov.uk"),
    ("Hannah", "Abelson", "hannah_1@education.gov.uk"),
    ("René", "O’Brien-Smith", "rene@digital.education.gov.uk"),
    ("Søren", "Straße", "soren@education.gov.uk"),
    ("Æthelred", "van der Berg", "athel@education.gov.uk"),
    ("Zoe\u{308}", "D'Angelo", "zoe@education.gov.uk"),
    ("100%", "Back\\slash", "odd@education.gov.uk"),
    ("under_score", "\"Quote\"", "quote@education.gov.uk"),
    ("Łukasz", "Đặng", "lukasz@education.gov.uk"),
];

fn desk_with_people() -> Desk {
    let desk = Desk::new();
    for (first_name, last_name, email) in PEOPLE {
        desk.add(first_name, last_name, email);
    }
    desk
}

/// The first parts of the addresses that a list holds.
fn listed(desk: &Desk, arguments: &[&str]) -> Vec<String> {
    let list = [arguments, &["--format=plain", "--fields=email"]].concat();
    desk.done(&list).lines().map(|email| email.split('@').next().unwrap().to_owned()).collect()
}

#[test]
fn people_are_found_by_any_part_of_name_or_address_in_any_case_and_without_accents() {
    let desk = desk_with_people();
    for (text, found) in [
        ("ann", "ann.abel hannah_1"),
        ("ANN", "ann.abel hannah_1"),
        ("ｎｎ ａｂｅ", "ann.abel"),
        ("nn abe", "ann.abel"),
        ("  nn \t abe\n", "ann.abel"),
        ("ann.abel@", "ann.abel"),
        ("Digital.Education", "rene"),
        ("rene", "rene"),
        ("RENÉ", "rene"),
        ("ené", "rene"),
        ("ene\u{301} o'br", "rene"),
        ("o’brien", "rene"),
        ("O´Brien", "rene"),
        ("brien smith", ""),
        ("søren strasse", "soren"),
        ("SOREN STRASSE", "soren"),
        ("straße", "soren"),
        ("aeth", "athel"),
        ("ÆTHELRED VAN", "athel"),
        ("ZOË D’ANGELO", "zoe"),
        ("lukasz dang", "lukasz"),
        ("Łukasz Đặng", "lukasz"),
        // Neither across the name and the address, nor the last name before the first.
        ("abel ann.abel", ""),
        ("abel ann", ""),
        ("nobody", ""),
    ] {
        let found: Vec<&str> = found.split_whitespace().collect();
        assert_eq!(listed(&desk, &["users", "list", "--search", text]), found, "{text:?}");
    }
}

#[test]
fn what_means_something_in_a_pattern_or_a_quotation_is_taken_as_it_is() {
    let desk = desk_with_people();
    for (text, found) in [
        ("%", "odd"),
        ("100%", "odd"),
        ("1%0", ""),
        ("_", "hannah_1 quote"),
        ("r_s", "quote"),
        ("ann_abel", ""),
        ("\\", "odd"),
        ("\\%", ""),
        ("!", ""),
        ("'", "rene zoe"),
        ("\"quote\"", "quote"),
        ("' OR 1=1 --", ""),
        ("*", ""),
        ("?", ""),
    ] {
        let mut expected: Vec<&str> = found.split_whitespace().collect();
        let mut emails = listed(&desk, &["users", "list", "--search", text]);
        emails.sort();
        expected.sort_unstable();
        assert_eq!(emails, expected, "{text:?}");
    }
    assert_eq!(listed(&desk, &["users", "list", "--search=-smith"]), ["rene"]);
}

#[test]
fn nothing_found_is_a_sentence_that_says_what_was_looked_for() {
    let desk = desk_with_people();
    assert_eq!(desk.line("users list --search '  No\tBody '"), ran(0, "There are no users that match ‘No Body’.\n", ""));
    assert_eq!(
        desk.line("users list --search zoe --status inactive"),
        ran(0, "There are no users that match ‘zoe’ and the filters.\n", "")
    );
    assert_eq!(desk.line("users list --search xyz --page 3"), ran(0, "There are no users that match ‘xyz’.\n", ""));
    assert_eq!(desk.line("users list --search xyz --format csv --fields email"), ran(0, "email\r\n", ""));
    assert_eq!(desk.line("users list --search xyz --json"), ran(0, "{\n  \"schema\": 1,\n  \"users\": [],\n  \"total\": 0\n}\n", ""));
    // What is searched for is told, and cannot colour or move anything.
    let told = desk.run(&["users", "list", "--search", "\u{1B}[31mx\u{202E}"]);
    assert_eq!(told, ran(0, "There are no users that match ‘\u{FFFD}[31mx\u{FFFD}’.\n", ""));
    assert_eq!(Desk::new().line("users list --search xyz").out, "There are no users that match ‘xyz’.\n");
    assert_eq!(desk.line("org list --search xyz"), ran(0, "There are no organisations that match ‘xyz’.\n", ""));
    desk.add_organisation("ALPHA", "Alpha School");
    let nobody = "There are no users for Alpha School that match ‘xyz’.\n";
    assert_eq!(desk.line("org users ALPHA --search xyz"), ran(0, nobody, ""));
    assert_eq!(desk.line("org users ALPHA"), ran(0, "There are no users for Alpha School.\n", ""));
}

#[test]
fn looking_for_nothing_is_a_mistake_and_not_everybody() {
    let desk = desk_with_people();
    for list in [&["users", "list"][..], &["org", "list"], &["org", "users", "ALPHA"]] {
        for blank in ["", " ", "\t\n", "\u{A0}", "\u{200B}", "\u{301}"] {
            let refused = desk.run(&[list, &[&format!("--search={blank}")]].concat());
            assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{blank:?}");
            assert!(refused.err.starts_with("Error: Invalid value '"), "{refused:?}");
            assert!(refused.err.contains("' for '--search <TEXT>': enter what to look for\n"), "{refused:?}");
        }
    }
}

#[test]
fn a_text_longer_than_any_name_finds_nobody_and_is_not_quoted_whole() {
    let desk = desk_with_people();
    for long in ["a".repeat(100_000), "%_!\\".repeat(25_000), "é".repeat(50_000), "e\u{301}\u{323}".repeat(20_000), "ß".repeat(50_000)] {
        let listed = desk.run(&["users", "list", "--search", &long]);
        assert_eq!((listed.code, listed.err.as_str()), (0, ""));
        assert!(listed.out.starts_with("There are no users that match ‘") && listed.out.len() < 5_000, "{}", listed.out.len());
    }
}

/// Six users called Abel, of whom some are active, support and signed in, and one who is called
/// otherwise.
fn abels() -> Desk {
    let desk = mixed();
    desk.add("ann", "Other", "other@education.gov.uk");
    desk
}

#[test]
fn a_search_goes_with_every_filter_and_the_counts_agree_in_all_formats() {
    let desk = abels();
    for (filter, found) in [
        ("", "ann bob cat dan eve fay"),
        ("--status active", "ann bob fay"),
        ("--type api", "bob dan"),
        ("--signed-in no", "dan eve fay"),
        ("--status active --type support --signed-in yes", "ann"),
        ("--status inactive --type api --signed-in yes", ""),
    ] {
        let found: Vec<&str> = found.split_whitespace().collect();
        let line = format!("users list --search ' ABEL' {filter}");
        let words = shlex::split(&line).unwrap();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(listed(&desk, &words), found, "{line}");
        assert_eq!(desk.json(&words)["total"], found.len(), "{line}");
        let page = desk.json(&[&words[..], &["--per-page=2"]].concat());
        assert_eq!((&page["total"], &page["pages"]), (&found.len().into(), &found.len().div_ceil(2).max(1).into()), "{line}");
        for (format, head) in [("csv", 1), ("ids", 0), ("jsonl", 0), ("plain", 0)] {
            assert_eq!(desk.line(&format!("{line} --format {format}")).out.lines().count(), found.len() + head, "{line} {format}");
        }
        if !found.is_empty() {
            assert!(desk.line(&line).out.starts_with(&format!("Users ({})\n", found.len())), "{line}");
        }
    }
}

#[test]
fn pages_of_what_was_found_follow_one_another_and_the_next_page_keeps_the_search() {
    let desk = abels();
    let mut line = "users list --search ' Äbel' --signed-in no --per-page 2".to_owned();
    let mut shown = String::new();
    for page in 1..=2 {
        let listed = desk.line(&line);
        shown.push_str(&listed.out);
        let next = format!("Next page: frontdesk users list --search 'Äbel' --signed-in no --per-page 2 --page {}\n", page + 1);
        assert_eq!(listed.out.ends_with(&next), page == 1, "{listed:?}");
        line = next.trim_end().strip_prefix("Next page: frontdesk ").unwrap().to_owned();
    }
    assert!(shown.contains("Users (3)") && shown.contains("Showing 3 to 3 of 3 results"), "{shown}");
    assert!(shown.contains("dan Abel") && shown.contains("eve Abel") && shown.contains("fay Abel"), "{shown}");
    let past = desk.line("users list --search abel --per-page 5 --page 9");
    assert!(past.out.starts_with("There is no page 9: this is page 2, the last.\n\nUsers (6)\n"), "{past:?}");
    // Quoted for a shell, and behind an equals sign where it would be taken for a flag.
    for (typed, shown) in [("'abel '", "abel"), ("' N\t ABE '", "'N ABE'"), ("@", "@")] {
        let listed = desk.line(&format!("users list --search {typed} --per-page 1"));
        assert!(listed.out.ends_with(&format!("list --search {shown} --per-page 1 --page 2\n")), "{listed:?}");
    }
    desk.add("Mary", "Smith-Jones", "mary@education.gov.uk");
    desk.add("John", "Smith-Jones", "john@education.gov.uk");
    let listed = desk.line("users list --search=-j --per-page 1");
    assert!(listed.out.ends_with("\nNext page: frontdesk users list --search=-j --per-page 1 --page 2\n"), "{listed:?}");
}

#[test]
fn what_is_found_follows_every_change() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let found = |text: &str| listed(&desk, &["users", "list", "--search", text]).join(" ");
    assert_eq!((found("ann abel"), found("wilson")), ("ann".to_owned(), String::new()));
    desk.done(&["users", "edit", "ann@education.gov.uk", "--last-name", "Wílson", "--email", "anna.w@education.gov.uk"]);
    assert_eq!((found("ann abel"), found("nn wils"), found("ANNA.W@")), (String::new(), "anna.w".to_owned(), "anna.w".to_owned()));
    // Names that come with a sign-in.
    desk.done(&["sign-in", "record", "--email", "anna.w@education.gov.uk", "--first-name", "Renée"]);
    assert_eq!((found("anna wilson"), found("renee wilson")), (String::new(), "anna.w".to_owned()));
    desk.done(&["users", "delete", "anna.w@education.gov.uk", "--yes"]);
    assert_eq!(found("wilson"), "");

    desk.add_organisation("ALPHA_1", "Álpha School");
    desk.add_organisation("B17", "Béta Academy");
    let organisations = |text: &str| desk.done(&["org", "list", "--search", text, "--format=plain", "--fields=code"]).replace('\n', " ");
    for (text, codes) in
        [("alpha", "ALPHA_1 "), ("pha_1", "ALPHA_1 "), ("b17", "B17 "), ("BÊTA aca", "B17 "), ("school b", ""), ("a", "ALPHA_1 B17 ")]
    {
        assert_eq!(organisations(text), codes, "{text:?}");
    }
    desk.done(&["org", "edit", "B17", "--name", "Gamma College"]);
    assert_eq!(
        (organisations("beta"), organisations("GAMMÁ"), organisations("b17")),
        (String::new(), "B17 ".to_owned(), "B17 ".to_owned())
    );

    desk.add_member("B17", "Jo", "Reed", "jo@example.com");
    desk.add_member("ALPHA_1", "Jo", "Reed", "jo@example.com");
    desk.add_member("B17", "Zoë", "Young", "zoe@example.com");
    let members = |code: &str, text: &str| listed(&desk, &["org", "users", code, "--search", text]).join(" ");
    assert_eq!((members("B17", "o"), members("ALPHA_1", "o"), members("B17", "ZOE Y")), ("jo zoe".into(), "jo".into(), "zoe".into()));
    desk.done(&["org", "edit-user", "B17", "jo@example.com", "--first-name", "Joanna", "--email", "joanna@example.com"]);
    assert_eq!((members("ALPHA_1", "jo reed"), members("ALPHA_1", "joanna reed")), (String::new(), "joanna".to_owned()));
    desk.done(&["org", "remove-user", "B17", "joanna@example.com", "--yes"]);
    assert_eq!((members("B17", "reed"), members("ALPHA_1", "reed")), (String::new(), "joanna".to_owned()));
    // An account that ended and came again.
    desk.done(&["org", "remove-user", "ALPHA_1", "joanna@example.com", "--yes"]);
    desk.add_member("ALPHA_1", "Nell", "Novak", "joanna@example.com");
    assert_eq!((members("ALPHA_1", "reed"), members("ALPHA_1", "nell nov")), (String::new(), "joanna".to_owned()));
}

#[test]
fn organisations_and_their_users_are_found_with_filters_and_pages() {
    let desk = Desk::of("claim");
    for (code, name) in [("A1", "Alpha School"), ("B1", "Beta School"), ("G1", "Gamma School"), ("D1", "Delta College")] {
        desk.add_organisation(code, name);
    }
    for name in ["ann", "bob", "cat"] {
        desk.add_member("A1", name, "Abel", &format!("{name}@example.com"));
    }
    desk.add_member("A1", "dan", "Other", "dan@example.com");
    desk.sign_in("bob@example.com");
    let warning = "Warning: only rows 1 to 2 of 3 were listed. To list them all, use --all or --format csv.\n";
    let schools = "Organisations (3)\n\nName          Code  Users\nAlpha School  A1    4\nBeta School   B1    0\n\nShowing 1 to 2 of 3 results\n\
                   Next page: frontdesk org list --service claim --search SCHOOL --per-page 2 --page 2\n";
    assert_eq!(desk.line("org list --search SCHOOL --per-page 2"), ran(0, schools, warning));
    let second = desk.json(&["org", "list", "--search=school", "--per-page=2", "--page=2"]);
    assert_eq!((&second["total"], &second["organisations"][0]["code"]), (&3.into(), &"G1".into()));
    let abels = desk.line("org users a1 --search abel --signed-in no --per-page 1");
    assert!(abels.out.starts_with("Alpha School\n\nUsers (2)\n\n"), "{abels:?}");
    let next = "Next page: frontdesk org users A1 --service claim --search abel --signed-in no --per-page 1 --page 2\n";
    assert!(abels.out.ends_with(next), "{abels:?}");
    let last = desk.json(&["org", "users", "A1", "--search=abel", "--signed-in=no", "--per-page=1", "--page=2"]);
    assert_eq!((&last["total"], &last["users"][0]["email"]), (&2.into(), &"cat@example.com".into()));
    assert_eq!(desk.line("org list-users A1 --search bob --signed-in yes --format plain --fields email").out, "bob@example.com\n");
    assert_eq!(desk.line("org users NONE --search x").code, 4);
}

#[test]
fn an_organisations_own_user_finds_only_what_they_may_see() {
    let desk = three_organisations();
    assert_eq!(by_ann(&desk, "org list --search a --format plain --fields code"), ran(0, "ALPHA\n", ""));
    for text in ["quartz", "QX71", "vermilion", "academy"] {
        let nothing = format!("There are no organisations that match ‘{text}’.\n");
        assert_eq!(by_ann(&desk, &format!("org list --search {text}")), ran(0, &nothing, ""));
    }
    assert_eq!(by_ann(&desk, "org users ALPHA --search cole --format plain --fields email"), ran(0, &format!("{CLEO}\n"), ""));
    // Cleo's other organisations are no more shown than in the whole list.
    let found = by_ann(&desk, "org users ALPHA --search cole --json");
    assert!(found.code == 0 && !found.out.contains("Quartz"), "{found:?}");
    assert_eq!(by_ann(&desk, "org users ALPHA --search robert").out, "There are no users for Alpha School that match ‘robert’.\n");
    assert_eq!(by_ann(&desk, "org users QX71 --search robert").code, 4);
    assert_eq!(by_ann(&desk, "users list --search sue").code, 6);
    assert_eq!(desk.line(&format!("--as {SUE} org list --search academy --format plain --fields code")).out, "QX71\n");
}

// A database from before search

/// A file with schema 3, with people and organisations, live and not.
fn make_schema_3(desk: &Desk) {
    let database = Connection::open(desk.path("old.db")).unwrap();
    for migration in [
        include_str!("../../src/store/migrations/sqlite/0001_users.sql"),
        include_str!("../../src/store/migrations/sqlite/0002_mail_servers.sql"),
        include_str!("../../src/store/migrations/sqlite/0003_organisations.sql"),
    ] {
        database.execute_batch(migration).unwrap();
    }
    database
        .execute_batch(
            "PRAGMA application_id = 0x6664736B; PRAGMA user_version = 3;
             INSERT INTO stamp VALUES ('service', 'register'), ('collation', 'root/tertiary/icu4x-2.4.0');
             INSERT INTO users VALUES ('ann', 'René', 'O’Brien', 'rene@education.gov.uk', 0, 1, x'01', 'A1', 1765462380000, 1000, 1000, 1, NULL, NULL),
                 ('bob', 'Bøb', 'Baker', 'bob@education.gov.uk', 1, 0, x'02', NULL, NULL, 2000, 3000, 2, 3000, 'Ann Abel');
             INSERT INTO organisations VALUES ('alpha', 'ALPHA', 'alpha', 'Ålpha School', x'01', 1000, 1000, 1, NULL, NULL),
                 ('beta', 'BETA', 'beta', 'Bèta', x'02', 1000, 1000, 1, 2000, 'x');
             INSERT INTO organisation_users VALUES ('zoe', 'Zoë', 'Young', 'zoe@example.com', x'01', NULL, NULL, 1000, 1000, 1, NULL, NULL);
             INSERT INTO memberships VALUES ('m', 'alpha', 'zoe', x'01', 'zoe@example.com', 1000, NULL, NULL);
             PRAGMA journal_mode = wal;",
        )
        .unwrap();
}

/// Everything that the tables held before, and the texts that were folded, as one text.
fn contents(desk: &Desk, file: &str, texts: bool) -> String {
    let database = Connection::open(desk.path(file)).unwrap();
    let text = if texts { "|| ' = ' || replace(search_text, char(10), ' / ')" } else { "" };
    let sql = format!(
        "SELECT group_concat(line, char(10)) FROM (
            SELECT id || ' ' || first_name || ' ' || last_name || ' ' || email || ' ' || revision || ' ' || coalesce(deleted_by, '-') {text} AS line FROM users
            UNION ALL SELECT id || ' ' || name || ' ' || code || ' ' || revision || ' ' || coalesce(deleted_by, '-') {text} FROM organisations
            UNION ALL SELECT id || ' ' || first_name || ' ' || last_name || ' ' || email {text} FROM organisation_users
            UNION ALL SELECT id || ' ' || organisation_id || ' ' || user_id FROM memberships)"
    );
    database.query_row(&sql, [], |row| row.get(0)).unwrap()
}

fn number(desk: &Desk, file: &str, sql: &str) -> i64 {
    Connection::open(desk.path(file)).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn a_database_of_schema_3_is_brought_up_to_date_and_everybody_in_it_is_found() {
    let desk = Desk::new();
    make_schema_3(&desk);
    let before = contents(&desk, "old.db", false);
    let line = |line: &str| desk.line(&format!("--database old.db {line}"));
    assert_eq!(line("users list --search \"rene o'b\" --format plain --fields id"), ran(0, "ann\n", ""));
    assert_eq!(line("users list --search bob --format ids"), ran(0, "", ""));
    assert_eq!(line("org list --search alpha --format ids"), ran(0, "alpha\n", ""));
    assert_eq!(line("org list --search beta --format ids"), ran(0, "", ""));
    assert_eq!(line("org users ALPHA --search 'ZOE Y' --format ids"), ran(0, "zoe\n", ""));
    assert_eq!(contents(&desk, "old.db", false), before);
    assert_eq!(
        contents(&desk, "old.db", true),
        "ann René O’Brien rene@education.gov.uk 1 - = rene o'brien / rene@education.gov.uk\n\
         bob Bøb Baker bob@education.gov.uk 2 Ann Abel = bob baker / bob@education.gov.uk\n\
         alpha Ålpha School ALPHA 1 - = alpha school / alpha\n\
         beta Bèta BETA 1 x = beta / beta\n\
         zoe Zoë Young zoe@example.com = zoe young / zoe@example.com\n\
         m alpha zoe"
    );
    for (file, schema) in [("old.db.schema-3", 3), ("old.db", 6)] {
        assert_eq!(number(&desk, file, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0, "{file}");
        assert_eq!(number(&desk, file, "PRAGMA user_version"), schema, "{file}");
    }
    assert_eq!(contents(&desk, "old.db.schema-3", false), before);
}

#[test]
fn a_kill_while_a_database_is_brought_up_to_date_leaves_the_old_one_or_the_new_one() {
    if !may_trace() {
        return;
    }
    let template = Desk::new();
    make_schema_3(&template);
    let before = contents(&template, "old.db", false);
    let mut kills = 0;
    for call in ["openat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "?rename", "?unlink"] {
        for nth in 1.. {
            let desk = Desk::new();
            std::fs::copy(template.path("old.db"), desk.path("old.db")).unwrap();
            let inject = format!("inject={call}:signal=KILL:when={nth}");
            let tracer = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", &inject, "--"];
            let list = ["--database", "old.db", "users", "list", "--search", "rene", "--format=ids"];
            let output = desk.command_behind(&tracer, &list).env("PATH", "/usr/bin:/bin").output().unwrap();
            let schema = number(&desk, "old.db", "PRAGMA user_version");
            assert!(schema == 6 || (schema == 3 && !output.status.success()), "{inject}: schema {schema}, {output:?}");
            assert_eq!(contents(&desk, "old.db", false), before, "{inject}");
            assert_eq!(desk.run(&list), ran(0, "ann\n", ""), "{inject}");
            if output.status.success() {
                break;
            }
            kills += 1;
        }
    }
    assert!(kills > 20, "only {kills} kills");
    eprintln!("{kills} kills, one before every call");
}

// In the desk

/// A desk with 30 users called Ann, and Bob.
fn desk_with_many() -> Desk {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann001@education.gov.uk");
    desk.kept.execute(
        "WITH RECURSIVE numbers (number) AS (SELECT 2 UNION ALL SELECT number + 1 FROM numbers WHERE number < 30)
             INSERT INTO users (id, first_name, last_name, email, api_user, active, sort_key, search_text, created_at, updated_at, revision)
             SELECT '019b0dc2-0de0-7000-9000-' || substr(CAST(1000000000000 + number AS TEXT), 2), first_name, last_name,
                 'ann' || substr(CAST(1000 + number AS TEXT), 2) || '@education.gov.uk', api_user, active, sort_key,
                 replace(search_text, '001', substr(CAST(1000 + number AS TEXT), 2)), created_at, updated_at, revision
             FROM users, numbers",
    );
    desk.add("Bøb", "Baker", "bob@education.gov.uk");
    desk
}

const FIND_PERSON: &str = "Name or email address, or part of one";

#[test]
fn in_the_desk_a_user_is_found_opened_and_the_whole_list_shown_again() {
    let desk = desk_with_many();
    let mut terminal = Setting::at(&desk).rows(60).run(&["users"]);
    terminal.wait_for("ann025@education.gov.uk Active Next page Find Add user Leave");
    terminal.choose(LIST, "Find");
    terminal.answer(&format!("{FIND_PERSON} >"), "  BOB  ");
    terminal.wait_for("Users that match ‘BOB’ (1)");
    terminal.wait_for("> Bøb Baker bob@education.gov.uk Active Find Show all Add user Leave");
    terminal.type_keys(ENTER);
    terminal.wait_for("Bøb Baker User has never signed in");
    terminal.choose(NEXT_STEP, "Back to the list");
    terminal.wait_in_order(&["Users that match ‘BOB’ (1)", "> Bøb Baker"]);
    terminal.choose(LIST, "Show all");
    terminal.wait_in_order(&["Users (31) Showing 1 to 25 of 31 results", "> Ann Abel ann001@education.gov.uk"]);
    assert!(!terminal.fresh().contains("\n  Show all"), "{}", terminal.fresh());
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn in_the_desk_a_slash_finds_from_anywhere_in_the_list_and_the_line_of_keys_says_so() {
    let desk = desk_with_many();
    let mut terminal = Setting::at(&desk).run(&[]);
    terminal.wait_for("Arrow keys move, Enter chooses, Esc goes back");
    terminal.type_keys(ENTER);
    // Find is below the screen.
    terminal.wait_for("Arrow keys move, Enter chooses, / finds, Esc goes back > Ann Abel");
    assert!(!terminal.screen().contains("  Find"), "{}", terminal.screen());
    terminal.type_keys("/");
    terminal.answer(&format!("> Find {FIND_PERSON} >"), "bob");
    terminal.wait_for("> Bøb Baker bob@education.gov.uk Active Find Show all Add user Back");
    assert!(!terminal.fresh().contains("Arrow keys"), "{}", terminal.fresh());
    terminal.type_keys(ENTER);
    // It finds nothing where there is nothing to be found in.
    terminal.wait_for("> Back to the list");
    terminal.type_keys(&format!("/{ESCAPE}"));
    terminal.wait_for("Users that match ‘bob’ (1)");
    terminal.type_keys(CTRL_C);
    assert_eq!(terminal.finish(), 130);
}

#[test]
fn in_the_desk_matches_are_paged_and_esc_goes_back_a_page_then_to_the_page_the_search_began_at() {
    let desk = desk_with_many();
    let mut terminal = Setting::at(&desk).rows(60).run(&["users"]);
    terminal.choose(LIST, "Next page");
    terminal.wait_for("Users (31) Showing 26 to 31 of 31 results");
    terminal.choose(LIST, "Find");
    terminal.answer(FIND_PERSON, "änn");
    terminal.wait_for("Users that match ‘änn’ (30) Showing 1 to 25 of 30 results");
    terminal.choose(LIST, "Next page");
    terminal.wait_for("Users that match ‘änn’ (30) Showing 26 to 30 of 30 results");
    terminal.wait_for("ann030@education.gov.uk Active Previous page Find Show all Add user Leave");
    terminal.type_keys(ESCAPE);
    terminal.wait_for("Users that match ‘änn’ (30) Showing 1 to 25 of 30 results");
    // A search within a search: it starts from the words before, and Esc at it changes nothing.
    terminal.choose(LIST, "Find");
    terminal.wait_for(&format!("{FIND_PERSON} > änn"));
    terminal.type_keys(ESCAPE);
    terminal.wait_for("Users that match ‘änn’ (30)");
    terminal.choose(LIST, "Find");
    terminal.correct(FIND_PERSON, "ann00");
    terminal.wait_for("Users that match ‘ann00’ (9)");
    terminal.type_keys(ESCAPE);
    terminal.wait_for("Users (31) Showing 26 to 31 of 31 results");
    terminal.type_keys(ESCAPE);
    terminal.wait_for("Users (31) Showing 1 to 25 of 31 results");
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn in_the_desk_nothing_found_is_said_and_a_blank_is_asked_again() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    for columns in [80, 30] {
        let mut terminal = Setting::at(&desk).columns(columns).run(&["users"]);
        terminal.choose(LIST, "Find");
        terminal.answer(FIND_PERSON, "   ");
        terminal.answer(&format!("{FIND_PERSON} Error: Enter what to look for >"), "xyz");
        terminal.wait_for("There are no users that match ‘xyz’.");
        terminal.wait_for("> Find Show all Add user Leave");
        terminal.choose(LIST, "Show all");
        terminal.wait_for("Users (1)");
        terminal.choose(LIST, "Find");
        terminal.wait_for(FIND_PERSON);
        terminal.type_keys(ESCAPE);
        terminal.wait_for("Users (1)");
        terminal.choose(LIST, "Leave");
        assert_eq!(terminal.finish(), 0);
    }
    let nobody = Desk::new();
    let mut terminal = Setting::at(&nobody).run(&["users"]);
    // Nobody is there to be found.
    terminal.wait_for("There are no users.");
    terminal.wait_for("> Add user Leave");
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn in_the_desk_organisations_and_their_users_are_found() {
    let desk = three_organisations();
    let mut terminal = Setting::at(&desk).run(&["org"]);
    terminal.choose(WHICH, "Find");
    terminal.answer("Name or code, or part of one", "school");
    terminal.wait_in_order(&["Organisations that match ‘school’ (1)", "> Alpha School ALPHA 2 users Find Show all Add organisation Leave"]);
    terminal.type_keys(ENTER);
    terminal.choose(NEXT_STEP, "Users");
    terminal.choose(LIST, "Find");
    terminal.answer(FIND_PERSON, "COLE");
    terminal
        .wait_in_order(&["Alpha School Users that match ‘COLE’ (1)", "> Cleo Cole cleo@example.com Find Show all Add user Back to the"]);
    terminal.choose(LIST, "Find");
    terminal.correct(FIND_PERSON, "stone");
    terminal.wait_for("There are no users for Alpha School that match ‘stone’.");
    terminal.type_keys(ESCAPE);
    terminal.wait_in_order(&["Alpha School Users (2)", "> Ann Abel"]);
    terminal.choose(LIST, "Back to the organisation");
    terminal.choose(NEXT_STEP, "Back to the list");
    terminal.wait_for("Organisations that match ‘school’ (1)");
    terminal.type_keys(ESCAPE);
    terminal.wait_for("Organisations (3)");
    terminal.type_keys(ESCAPE);
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn in_the_desk_an_organisations_own_user_finds_only_their_own() {
    let desk = three_organisations();
    let mut terminal = Setting::at(&desk).run(&["org", "--as", ANN]);
    terminal.choose(WHICH, "Find");
    terminal.answer("Name or code, or part of one", "academy");
    terminal.wait_for("There are no organisations that match ‘academy’.");
    terminal.wait_for("> Find Show all Leave");
    terminal.choose(WHICH, "Leave");
    assert_eq!(terminal.finish(), 0);
}

#[test]
fn in_accessible_mode_find_is_a_line_like_any_other() {
    let desk = Desk::new();
    desk.add("Ann", "Abel", "ann@education.gov.uk");
    let mut terminal = Setting::at(&desk).run(&["--accessible", "users"]);
    terminal.answer("1. Ann Abel ann@education.gov.uk Active 2. Find 3. Add user 4. Leave", "2");
    terminal.answer(&format!("{FIND_PERSON}:"), "");
    terminal.answer(&format!("Error: Enter what to look for {FIND_PERSON}:"), "ABEL");
    terminal.answer("Users that match ‘ABEL’ (1)", "2");
    terminal.answer(&format!("{FIND_PERSON} (press Enter to keep ABEL):"), "back");
    terminal.answer("1. Ann Abel ann@education.gov.uk Active 2. Find 3. Show all 4. Add user 5. Leave", "back");
    terminal.answer("Users (1)", "4");
    assert_eq!(terminal.finish(), 0);
    assert!(!terminal.bytes.contains(&0x1B));
    assert_eq!(desk.count(&format!("SELECT count(*) FROM users WHERE id = '{}'", id(0, 4))), 1);
}
