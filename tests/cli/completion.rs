//! What the scripts of the shells ask, and what is answered: words that could stand there, never more
//! than the actor may see, and nothing at all where anything is wrong.

use std::fs;
use std::time::{Duration, Instant};

use crate::desk::{Desk, files_in, ran};

/// Less than the five seconds that a command waits for a database which others have open, and much more than
/// an answer takes: the machine may be slow.
const AT_ONCE: Duration = Duration::from_secs(4);

/// What is offered for the last word of a line, each with what it is.
#[track_caller]
fn offered(desk: &Desk, line: &str) -> Vec<String> {
    offered_with(desk, &[], line)
}

#[track_caller]
fn offered_with(desk: &Desk, variables: &[(&str, &str)], line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split(' ').collect();
    let index = (words.len() - 1).to_string();
    let question = [&["__complete", "fish", &index, "--"], &words[..]].concat();
    let before = files_in(&desk.data());
    let started = Instant::now();
    let ran = desk.run_with(variables, &question);
    assert!(started.elapsed() < AT_ONCE, "{line}: {:?}", started.elapsed());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}");
    assert_eq!(files_in(&desk.data()), before, "{line}");
    ran.out.lines().map(|line| line.replace('\t', " = ")).collect()
}

/// The words alone.
#[track_caller]
fn words(desk: &Desk, line: &str) -> Vec<String> {
    offered(desk, line).iter().map(|line| line.split(" = ").next().unwrap().to_owned()).collect()
}

const NOTHING: [&str; 0] = [];

/// Two users, two organisations with one user each.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.add("Alan", "Abel", "alan@education.gov.uk");
    desk.add("Alice", "Adams", "alice@education.gov.uk");
    desk.add_organisation("ALPHA", "Alpha School");
    desk.add_organisation("Beta", "Beta School");
    desk.add_member("ALPHA", "Jo", "Reed", "jo@alpha.sch.uk");
    desk.add_member("Beta", "Bo", "Baker", "bo@beta.sch.uk");
    desk
}

#[test]
fn commands_flags_and_the_values_that_are_known_are_offered() {
    let desk = Desk::new();
    assert_eq!(words(&desk, "frontdesk ")[..3], ["users", "org", "sign-in"]);
    assert_eq!(words(&desk, "frontdesk org list-"), ["list-users"]);
    assert_eq!(words(&desk, "frontdesk users edit --ac"), ["--active", "--accessible"]);
    assert_eq!(words(&desk, "frontdesk users edit a@x.uk --active "), ["yes", "no"]);
    assert_eq!(words(&desk, "frontdesk users list --signed-in n"), ["no"]);
    assert_eq!(words(&desk, "frontdesk users list --format js"), ["json", "jsonl"]);
    assert_eq!(words(&desk, "frontdesk emails list --status=q"), ["--status=queued"]);
    assert_eq!(words(&desk, "frontdesk service set pro"), ["protected"]);
    assert_eq!(words(&desk, "frontdesk service set edit-organisation-users "), ["never", "until-sign-in", "always"]);
    assert_eq!(words(&desk, "frontdesk users delete a@x.uk --environment st"), ["staging"]);
    assert_eq!(words(&desk, "frontdesk completions f"), ["fish"]);
    assert_eq!(words(&desk, "frontdesk help e"), ["emails", "environment", "exit-codes"]);
    assert_eq!(words(&desk, "frontdesk man org ad"), ["add", "add-user"]);
    // Flags are not in the way of what a word should be.
    assert_eq!(words(&desk, "frontdesk whoami --color "), ["auto", "always", "never"]);
    assert_eq!(offered(&desk, "frontdesk users list --signed"), ["--signed-in = Only users who have signed in, or who never have"]);
}

#[test]
fn the_fields_of_the_command_are_offered_after_a_comma_too() {
    let desk = Desk::new();
    assert_eq!(words(&desk, "frontdesk users list --fields e"), ["email"]);
    assert_eq!(offered(&desk, "frontdesk users show a@x.uk --fields id,api"), ["id,api_user = API user"]);
    assert_eq!(words(&desk, "frontdesk org list-users ALPHA --fields org"), ["organisations"]);
    // No column is wanted twice.
    let others = ["id", "created_at", "updated_at", "revision"].map(|field| format!("name,users,code,{field}"));
    assert_eq!(words(&desk, "frontdesk org list --fields name,users,code,"), others);
    assert_eq!(words(&desk, "frontdesk org list --fields=code,co"), NOTHING);
    assert_eq!(words(&desk, "frontdesk org list --fields=co"), ["--fields=code"]);
    assert_eq!(words(&desk, "frontdesk activity list --fields=actor"), ["--fields=actor.label", "--fields=actor.email"]);
    assert_eq!(words(&desk, "frontdesk service show --fields na"), ["name"]);
    assert_eq!(words(&desk, "frontdesk whoami --fields "), NOTHING);
}

#[test]
fn people_are_offered_by_their_address_with_their_name() {
    let desk = desk();
    let users = ["alan@education.gov.uk = Alan Abel", "alice@education.gov.uk = Alice Adams"];
    assert_eq!(offered(&desk, "frontdesk users show "), users);
    assert_eq!(offered(&desk, "frontdesk users edit ALI"), users[1..]);
    assert_eq!(offered(&desk, "frontdesk users delete --yes alan@edu"), users[..1]);
    assert_eq!(offered(&desk, "frontdesk users exists bo"), NOTHING);
    assert_eq!(offered(&desk, "frontdesk org show-user alpha "), ["jo@alpha.sch.uk = Jo Reed"]);
    assert_eq!(offered(&desk, "frontdesk org remove-user Beta b"), ["bo@beta.sch.uk = Bo Baker"]);
    assert_eq!(offered(&desk, "frontdesk org edit-user Beta j"), NOTHING);
    assert_eq!(offered(&desk, "frontdesk org has-user GAMMA "), NOTHING);
    for line in ["frontdesk --as b", "frontdesk activity list --user b", "frontdesk emails resend b"] {
        assert_eq!(offered(&desk, line), ["bo@beta.sch.uk = Bo Baker"], "{line}");
    }
    assert_eq!(words(&desk, "frontdesk activity list --as=al"), ["--as=alan@education.gov.uk", "--as=alice@education.gov.uk"]);
    // Neither where a new address is wanted, nor anybody who was deleted.
    assert_eq!(offered(&desk, "frontdesk users add --email al"), NOTHING);
    desk.done(&["users", "delete", "alan@education.gov.uk", "--yes"]);
    desk.done(&["org", "remove-user", "Beta", "bo@beta.sch.uk", "--yes"]);
    assert_eq!(offered(&desk, "frontdesk users show al"), users[1..]);
    assert_eq!(offered(&desk, "frontdesk org show-user Beta "), NOTHING);
    assert_eq!(offered(&desk, "frontdesk org show-user Beta b"), NOTHING);
}

#[test]
fn organisations_are_offered_by_their_code_with_their_name() {
    let desk = desk();
    assert_eq!(offered(&desk, "frontdesk org show "), ["ALPHA = Alpha School", "Beta = Beta School"]);
    assert_eq!(offered(&desk, "frontdesk org users b"), ["Beta = Beta School"]);
    assert_eq!(offered(&desk, "frontdesk activity list --org AL"), ["ALPHA = Alpha School"]);
    desk.done(&["org", "remove-user", "Beta", "bo@beta.sch.uk", "--yes"]);
    desk.done(&["org", "delete", "Beta", "--yes"]);
    assert_eq!(words(&desk, "frontdesk org show "), ["ALPHA"]);
}

#[test]
fn services_and_the_desk_that_the_line_chooses_are_honoured() {
    let desk = desk();
    desk.configure("[services.staging]\nkind = \"claim\"\ndatabase = \"staging.db\"\n");
    assert_eq!(offered(&desk, "frontdesk users list --service st"), ["staging = Claim funding for mentor training"]);
    assert_eq!(words(&desk, "frontdesk --service "), ["register", "claim", "publish", "staging"]);
    let claim = ["--service", "claim", "users", "add", "--first-name=Cy", "--last-name=Cole", "--email=cy@education.gov.uk"];
    desk.done(&claim);
    for line in [
        "frontdesk --service claim users show ",
        "frontdesk --service=claim users show ",
        "frontdesk users --service claim show ",
        "FRONTDESK_SERVICE=claim frontdesk users show ",
        "frontdesk --database .local/share/frontdesk/claim.db users show ",
        "frontdesk --database ~/.local/share/frontdesk/claim.db users show ",
    ] {
        assert_eq!(offered(&desk, line), ["cy@education.gov.uk = Cy Cole"], "{line}");
    }
    assert_eq!(offered_with(&desk, &[("FRONTDESK_SERVICE", "claim")], "frontdesk users show "), ["cy@education.gov.uk = Cy Cole"]);
    // A flag after the word counts too.
    let after = ["__complete", "bash", "3", "--", "frontdesk", "users", "show", "", "--service", "claim"];
    assert_eq!(desk.run(&after), ran(0, "cy@education.gov.uk\n", ""));
}

#[test]
fn an_actor_is_offered_only_what_they_may_see() {
    let desk = desk();
    desk.done(&["users", "add", "--first-name=Bot", "--last-name=Builder", "--email=bot@education.gov.uk", "--api-user=yes"]);
    let as_actor = |actor: &str, line: &str| words(&desk, &format!("frontdesk --as {actor} {line}"));
    assert_eq!(as_actor("alice@education.gov.uk", "users show ala"), ["alan@education.gov.uk"]);
    // An organisation's own user: their organisation and its users.
    assert_eq!(as_actor("jo@alpha.sch.uk", "org users "), ["ALPHA"]);
    assert_eq!(as_actor("jo@alpha.sch.uk", "org show b"), NOTHING);
    assert_eq!(as_actor("jo@alpha.sch.uk", "org show-user ALPHA "), ["jo@alpha.sch.uk"]);
    for line in ["org show-user Beta ", "users show ", "activity list --user ", "emails resend "] {
        assert_eq!(as_actor("jo@alpha.sch.uk", line), NOTHING, "{line}");
    }
    assert_eq!(offered_with(&desk, &[("FRONTDESK_AS", "jo@alpha.sch.uk")], "frontdesk --as "), NOTHING);
    // Nor one that they were removed from.
    desk.add_member("Beta", "Jo", "Reed", "jo@alpha.sch.uk");
    assert_eq!(as_actor("jo@alpha.sch.uk", "org users "), ["ALPHA", "Beta"]);
    desk.done(&["org", "remove-user", "Beta", "jo@alpha.sch.uk", "--yes"]);
    assert_eq!(as_actor("jo@alpha.sch.uk", "org users "), ["ALPHA"]);
    assert_eq!(as_actor("jo@alpha.sch.uk", "org show-user Beta b"), NOTHING);
    // API users, and those who are not active or not there.
    desk.done(&["users", "edit", "alan@education.gov.uk", "--active", "no"]);
    for actor in ["bot@education.gov.uk", "alan@education.gov.uk", "nobody@education.gov.uk", "nobody"] {
        for line in ["users show ", "org show ", "org show-user ALPHA ", "activity list --user "] {
            assert_eq!(as_actor(actor, line), NOTHING, "{actor}: {line}");
        }
    }
    desk.done(&["--as", "alice@education.gov.uk", "service", "set", "require-actor", "yes"]);
    assert_eq!(offered(&desk, "frontdesk users show "), NOTHING);
}

#[test]
fn no_more_than_a_hundred_are_offered() {
    let desk = desk();
    desk.open()
        .execute_batch(
            "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 3000)
             INSERT INTO users (id, first_name, last_name, email, api_user, active, sort_key, created_at, updated_at, revision)
             SELECT 'u' || n, 'Zed', n, 'z' || n || '@education.gov.uk', 0, 1, x'00', 0, 0, 1 FROM numbers;
             WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 3000)
             INSERT INTO organisations (id, code, code_key, name, sort_key, created_at, updated_at, revision)
             SELECT 'o' || n, 'Z' || n, 'z' || n, 'Zed', x'00', 0, 0, 1 FROM numbers;",
        )
        .unwrap();
    for line in ["frontdesk users show ", "frontdesk users show z", "frontdesk org show z", "frontdesk --as z"] {
        assert_eq!(offered(&desk, line).len(), 100, "{line}");
    }
    assert_eq!(words(&desk, "frontdesk users show z2999"), ["z2999@education.gov.uk"]);
}

/// What a shell would insert: what all the words have in common.
#[track_caller]
fn in_common(desk: &Desk, line: &str) -> String {
    let words = words(desk, line);
    let common =
        |one: String, other: &String| one.chars().zip(other.chars()).take_while(|(one, other)| one == other).map(|(one, _)| one).collect();
    words.iter().fold(words[0].clone(), common)
}

#[test]
fn of_more_than_a_hundred_what_they_have_in_common_is_what_all_of_them_have() {
    let desk = Desk::new();
    desk.add_organisation("OTHER", "Other School");
    desk.add_organisation("ALPHA", "Alpha School");
    desk.open()
        .execute_batch(
            "CREATE TEMP TABLE new (n INTEGER, name TEXT, email TEXT);
             WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 150)
             INSERT INTO new SELECT n, 'Steve', 'steve.smith' || n || '@education.gov.uk' FROM numbers;
             INSERT INTO new VALUES (151, 'Zed', 'stu@education.gov.uk'), (152, 'Zed', 'zed@education.gov.uk');
             INSERT INTO users (id, first_name, last_name, email, api_user, active, sort_key, created_at, updated_at, revision)
             SELECT 'u' || n, name, '', email, 0, 1, CAST(name AS BLOB), 0, 0, 1 FROM new WHERE n <> 152;
             INSERT INTO organisation_users (id, first_name, last_name, email, sort_key, created_at, updated_at, revision)
             SELECT 'm' || n, name, '', email, CAST(name AS BLOB), 0, 0, 1 FROM new;
             INSERT INTO memberships (id, organisation_id, user_id, sort_key, email, created_at)
             SELECT 'm' || n, (SELECT id FROM organisations WHERE code = 'ALPHA'), 'm' || n, CAST(name AS BLOB), email, 0 FROM new;
             INSERT INTO organisations (id, code, code_key, name, sort_key, created_at, updated_at, revision)
             SELECT 'o' || n, substr(email, 1, instr(email, '@') - 1), substr(email, 1, instr(email, '@') - 1), '', x'00', 0, 0, 1 FROM new;
             INSERT INTO memberships (id, organisation_id, user_id, sort_key, email, created_at)
             SELECT 'o' || n, 'o' || n, 'm151', x'00', 'stu@education.gov.uk', 0 FROM new WHERE n <> 152;",
        )
        .unwrap();
    for (line, common) in [
        ("frontdesk users show ", "st"),
        ("frontdesk users show st", "st"),
        ("frontdesk users show ste", "steve.smith"),
        ("frontdesk org show-user ALPHA ", ""),
        ("frontdesk org show-user ALPHA st", "st"),
        ("frontdesk org show-user ALPHA STEVE", "steve.smith"),
        ("frontdesk --as ", ""),
        ("frontdesk --as s", "st"),
        ("frontdesk org show s", "st"),
        ("frontdesk org show ", ""),
        ("frontdesk --as stu@education.gov.uk org show s", "st"),
    ] {
        let as_member = line.contains("org show ") && line.contains("--as");
        if as_member {
            // The support user of this address would see every organisation.
            desk.done(&["users", "delete", "u151", "--yes", "--no-email"]);
        }
        assert_eq!(words(&desk, line).len(), 100, "{line}");
        assert_eq!(in_common(&desk, line), common, "{line}");
    }
    // In order, and nothing twice where there are just as many as are offered.
    let offered = words(&desk, "frontdesk org users s");
    assert!(offered.is_sorted() && offered.last().unwrap() == "stu", "{offered:?}");
    assert_eq!(words(&desk, "frontdesk users show steve.smith1").len(), 62);
    desk.open().execute_batch("DELETE FROM users WHERE id NOT IN (SELECT id FROM users ORDER BY email LIMIT 100)").unwrap();
    let mut exactly = words(&desk, "frontdesk users show ");
    assert_eq!(exactly.len(), 100);
    exactly.dedup();
    assert_eq!(exactly.len(), 100);
}

#[test]
fn emails_are_offered_by_their_id_newest_first_where_the_command_can_do_something_with_them() {
    let desk = desk();
    let ids =
        |status: &str| desk.done(&["emails", "list", "--status", status, "--format", "ids"]).lines().map(str::to_owned).collect::<Vec<_>>();
    desk.configure("delivery = \"later\"");
    desk.add("Queued", "First", "first@education.gov.uk");
    desk.add("Queued", "Second", "second@education.gov.uk");
    let [refused, queued] = &ids("queued")[..] else { panic!() };
    desk.open().execute("UPDATE emails SET status = 'refused', next_attempt_at = NULL WHERE id = ?1", [refused]).unwrap();
    let queued = format!("{queued} = first@education.gov.uk, queued");
    let refused = format!("{refused} = second@education.gov.uk, refused");
    assert_eq!(offered(&desk, "frontdesk emails cancel "), std::slice::from_ref(&queued));
    assert_eq!(offered(&desk, "frontdesk emails retry 019"), [refused.clone(), queued.clone()]);
    let sent = ids("sent").into_iter().map(|id| format!("{id} = "));
    let all = offered(&desk, "frontdesk emails show ");
    assert_eq!(all[..2], [refused, queued]);
    assert!(all[2..].iter().zip(sent).all(|(offered, sent)| offered.starts_with(&sent) && offered.ends_with(", sent")), "{all:?}");
    assert_eq!(all.len(), 6);
    assert_eq!(offered(&desk, "frontdesk emails show 018"), NOTHING);
    // An id elsewhere is no email’s, and nobody sees emails who may not.
    assert_eq!(offered(&desk, "frontdesk sign-in check --id "), NOTHING);
    assert_eq!(offered(&desk, "frontdesk --as jo@alpha.sch.uk emails show "), NOTHING);
    // Of many, what all of them have in common.
    desk.open()
        .execute_batch(
            "WITH RECURSIVE numbers (n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM numbers WHERE n < 300)
             INSERT INTO emails (id, notice, user_id, template_id, to_name, to_first_name, to_address, status, attempts, created_at)
             SELECT '1' || n, notice, user_id, template_id, '', '', 'x@x.uk', CASE n % 2 WHEN 0 THEN 'queued' ELSE 'refused' END, 0, 0
             FROM numbers, (SELECT * FROM emails WHERE user_id IS NOT NULL ORDER BY id LIMIT 1);",
        )
        .unwrap();
    for command in ["show", "cancel", "retry"] {
        let line = format!("frontdesk emails {command} ");
        assert_eq!((words(&desk, &line).len(), in_common(&desk, &line).as_str()), (100, ""), "{line}");
        assert!(words(&desk, &line)[0].starts_with("1300"), "{line}");
    }
}

#[test]
fn a_database_completes_as_a_file() {
    let desk = desk();
    fs::write(desk.path("pilot.db"), "").unwrap();
    for line in ["frontdesk --database pil", "frontdesk backup pil", "frontdesk restore --yes pil"] {
        assert_eq!(words(&desk, line), ["pilot.db"], "{line}");
    }
}

#[test]
fn what_is_wrong_is_answered_with_nothing_and_leaves_no_trace() {
    let desk = desk();
    let database = desk.database();
    let whole = fs::read(&database).unwrap();
    assert_eq!(words(&desk, "frontdesk users show ali"), ["alice@education.gov.uk"]);
    for line in [
        "frontdesk --database missing.db users show ",
        "frontdesk --database /dev/zero users show ",
        "frontdesk --database / users show ",
        "frontdesk --database postgres://x users show ",
        "frontdesk --service claim users show ",
        "frontdesk --service nonsense users show ",
        "frontdesk --service claim --database .local/share/frontdesk/register.db users show ",
        "frontdesk nonsense ",
        "frontdesk users show alice@education.gov.uk more",
    ] {
        assert_eq!(offered(&desk, line), NOTHING, "{line}");
    }
    desk.configure("nonsense");
    assert_eq!(offered(&desk, "frontdesk users show "), NOTHING);
    assert_eq!(words(&desk, "frontdesk --service "), ["register", "claim", "publish"]);
    assert_eq!(words(&desk, "frontdesk users ")[..1], ["list"]);
    desk.configure("");
    for contents in [&b"short"[..], &[], &whole[..whole.len() / 2], &whole[..4096]] {
        fs::write(&database, contents).unwrap();
        assert_eq!(offered(&desk, "frontdesk users show "), NOTHING, "{} bytes", contents.len());
    }
    fs::write(&database, &whole).unwrap();
    for statement in ["PRAGMA user_version = 1", "PRAGMA user_version = 99", "PRAGMA application_id = 1"] {
        desk.open().execute_batch(&format!("PRAGMA journal_mode = delete; {statement}")).unwrap();
        assert_eq!(offered(&desk, "frontdesk users show "), NOTHING, "{statement}");
        fs::write(&database, &whole).unwrap();
    }
    assert_eq!(words(&desk, "frontdesk users show ali"), ["alice@education.gov.uk"]);
    assert_eq!(fs::read(&database).unwrap(), whole);
    assert_eq!(desk.data().read_dir().unwrap().count(), 2, "the database and its emails");
}

#[test]
fn a_database_that_others_have_open_is_read_at_once_or_not_at_all() {
    let desk = desk();
    let other = desk.open();
    other
        .execute_batch(
            "UPDATE users SET first_name = 'Alyce' WHERE email LIKE 'alice@%'; BEGIN IMMEDIATE; UPDATE users SET first_name = 'Nobody'",
        )
        .unwrap();
    // What was stored and is in the log alone, while somebody is in the middle of a change.
    assert_eq!(offered(&desk, "frontdesk users show ali"), ["alice@education.gov.uk = Alyce Adams"]);
    // What somebody left who was stopped before they could tidy up.
    for ending in ["", "-wal", "-shm"] {
        let (from, to) = (format!("register.db{ending}"), format!("left.db{ending}"));
        fs::copy(desk.data().join(from), desk.data().join(to)).unwrap();
    }
    let line = "frontdesk --database .local/share/frontdesk/left.db users show ali";
    assert_eq!(offered(&desk, line), ["alice@education.gov.uk = Alyce Adams"]);
    fs::remove_file(desk.data().join("left.db-shm")).unwrap();
    assert_eq!(offered(&desk, line), NOTHING);
    other.execute_batch("ROLLBACK; PRAGMA locking_mode = exclusive; BEGIN EXCLUSIVE").unwrap();
    assert_eq!(offered(&desk, "frontdesk users show ali"), NOTHING);
}

#[test]
fn what_a_record_holds_does_nothing_to_the_terminal() {
    let desk = desk();
    desk.open()
        .execute_batch("UPDATE users SET first_name = char(27) || '[31mAl', email = 'x' || char(10) || 'y' WHERE email LIKE 'alan@%'")
        .unwrap();
    desk.open().execute_batch("UPDATE users SET last_name = char(27) || '[2J' || char(9) || ':' WHERE email LIKE 'alice@%'").unwrap();
    assert_eq!(offered(&desk, "frontdesk users show "), ["alice@education.gov.uk = Alice :"]);
}

#[test]
fn each_shell_is_answered_in_its_own_way_and_nonsense_not_at_all() {
    let desk = desk();
    desk.done(&["org", "edit", "ALPHA", "--name", "Alpha: a School"]);
    let ask = |shell: &str, line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let index = (words.len() - 1).to_string();
        desk.run(&[&["__complete", shell, &index, "--"], &words[..]].concat())
    };
    assert_eq!(ask("bash", "frontdesk org show a"), ran(0, "ALPHA\n", ""));
    assert_eq!(ask("zsh", "frontdesk org show a"), ran(0, "ALPHA:Alpha: a School\n", ""));
    assert_eq!(ask("fish", "frontdesk org show a"), ran(0, "ALPHA\tAlpha: a School\n", ""));
    fs::write(desk.path("a:b"), "").unwrap();
    assert_eq!(ask("zsh", "frontdesk --database a"), ran(0, "a\\:b\n", ""));
    let silence = ran(0, "", "");
    assert_eq!(ask("tcsh", "frontdesk org show a"), silence);
    for question in [
        &["__complete"][..],
        &["__complete", "bash"],
        &["__complete", "bash", "x", "--", "frontdesk"],
        &["__complete", "bash", "9", "--", "frontdesk", ""],
        &["__complete", "bash", "0", "--", "frontdesk"],
        &["__complete", "bash", "1", "frontdesk", "", ""],
    ] {
        assert_eq!(desk.run(question), silence, "{question:?}");
    }
    // It is a word like any other where a command is wanted.
    assert_eq!(desk.run(&["help", "__complete"]).code, 2);
}

#[test]
fn api_clients_are_offered_by_their_ids_newest_first_and_only_to_whom_they_are_known() {
    let desk = desk();
    desk.done(&["users", "add", "--first-name=Bot", "--last-name=Bean", "--email=bot@education.gov.uk", "--api-user=yes"]);
    let create = |actor: &str, name: &str| {
        let line = format!("--as {actor} api-clients add --name {name} --expires-on 2026-01-31 --format ids --quiet");
        desk.line(&line).out.trim_end().to_owned()
    };
    let (alans, bots, gone) =
        (create("alan@education.gov.uk", "Import"), create("bot@education.gov.uk", "Export"), create("bot@education.gov.uk", "Gone"));
    desk.done(&["api-clients", "delete", &gone, "--yes"]);
    let all = [format!("{bots} = Export"), format!("{alans} = Import")];
    for verb in ["show", "edit", "revoke", "delete"] {
        assert_eq!(offered(&desk, &format!("frontdesk api-clients {verb} ")), all, "{verb}");
        assert_eq!(offered(&desk, &format!("frontdesk --as bot@education.gov.uk api-clients {verb} ")), all[..1], "{verb}");
        assert_eq!(offered(&desk, &format!("frontdesk --as jo@alpha.sch.uk api-clients {verb} ")), NOTHING, "{verb}");
    }
    assert_eq!(words(&desk, &format!("frontdesk api-clients show {}", &alans[..alans.len() - 1])), [alans.as_str()]);
    assert_eq!(words(&desk, "frontdesk api-clients "), ["list", "show", "add", "edit", "revoke", "delete", "check"]);
    assert_eq!(words(&desk, "frontdesk api-clients list --fields created_b"), ["created_by"]);
    assert_eq!(words(&desk, "frontdesk api-clients add --e"), ["--expires-on", "--environment"]);
    desk.done(&["users", "edit", "bot@education.gov.uk", "--active", "no"]);
    assert_eq!(offered(&desk, "frontdesk --as bot@education.gov.uk api-clients show "), NOTHING);
}
