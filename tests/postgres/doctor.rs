//! `frontdesk doctor` at a server: what it finds right, and what it must find. What it finds in records is
//! in `tests/cli/damaged_records.rs`; the servers of tests keep nothing safe, which is told in every run.

use std::fs;
use std::process::Command;

use crate::desk::{Desk, Ran, ran};
use crate::durable::{DATABASE, Durable, Pair};
use crate::fresh::Fresh;
use crate::secured::Secured;
use crate::server::{PASSWORD, has_programs, succeed, with_arguments};
use crate::terminal::Setting;

const ADD_ANN: [&str; 6] = ["users", "add", "--first-name=Ann", "--last-name=Abel", "--email=ann@education.gov.uk", "--api-user=no"];
const ADD_ALPHA: [&str; 4] = ["org", "add", "--code=ALPHA", "--name=Alpha School"];
const ADD_BOB: [&str; 6] = ["org", "add-user", "ALPHA", "--first-name=Bob", "--last-name=Baker", "--email=bob@example.com"];
/// What the shared server is told: it is fast rather than safe.
const UNSAFE: &str = "\
Warning: synchronous_commit is off on the server: a change that was reported could be lost when it fails
  Set synchronous_commit to on in the configuration of the server, or where it is set for the database or the role.
Warning: fsync is off on the server: a change that was reported could be lost when it fails
  Set fsync to on in the configuration of the server.
";
const MAIL: &str = "[smtp]\nhost = \"127.0.0.1\"\nport = 25\nsecurity = \"none\"\n";

/// A desk where Ann is a user and Bob belongs to Alpha School, in a database without tables.
fn fill(address: &str) {
    let desk = Desk::new();
    for arguments in [&["migrate"][..], &ADD_ANN, &ADD_ALPHA, &ADD_BOB] {
        let run = desk.run(&[&["--database", address], arguments].concat());
        assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
    }
}

/// A database of one's own with that desk.
fn desk_in_database() -> Fresh {
    Fresh::of("doctor", fill)
}

/// A desk whose mail server is named, so that nothing is said of that.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.configure(MAIL);
    desk
}

/// By the clock of this machine: it is compared with the server's.
fn doctor_of(desk: &Desk, address: &str, arguments: &[&str]) -> Ran {
    let mut command: Command = desk.command(&[&["--database", address, "doctor"], arguments].concat());
    desk.read(&command.env_remove("FRONTDESK_TEST_NOW").output().unwrap())
}

fn doctor(desk: &Desk, address: &str) -> Ran {
    doctor_of(desk, address, &[])
}

/// The lines that are not as they should be, with their hints.
fn found(ran: &Ran) -> String {
    let is_right = |line: &&str| line.starts_with("OK: ") || line.starts_with("Note: ");
    let told = ran.out.split_once("\n\n").unwrap().0;
    told.lines().filter(|line| !is_right(line)).map(|line| format!("{line}\n")).collect()
}

/// Asserts that a database, and nothing else, is wrong in this way.
fn assert_found(desk: &Desk, database: &Fresh, code: i32, expected: &str) {
    let ran = doctor(desk, &database.address());
    assert_eq!((ran.code, found(&ran)), (code, expected.to_owned()), "{ran:?}");
}

#[test]
fn a_healthy_desk_is_told_every_check_and_nothing_is_changed() {
    if !has_programs() {
        return;
    }
    let (desk, durable) = (desk(), Durable::start());
    let address = durable.address();
    fill(&address);
    let tuples = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables";
    let rows = |table: &str| durable.server.text(DATABASE, &format!("SELECT string_agg({table}::text, ' ') FROM {table}"));
    let tables = ["stamp", "service_settings", "users", "emails", "activity", "memberships"];
    let before = (tables.map(rows), durable.server.text(DATABASE, tuples));
    let (version, name) = (durable.server.text(DATABASE, "current_setting('server_version')"), durable.server.address(DATABASE));
    let expected = format!(
        "OK: The database {name} opens, with PostgreSQL {version}
OK: The schema is 6, which is this version’s
OK: The role desk may read and change every table
OK: The role desk may make the temporary tables that imports need
OK: The clocks of the server and of this machine agree
OK: The connection is a Unix socket: nothing of it leaves this machine
OK: The server takes changes, and waits for no standby
OK: A change is on the server’s disk before it is reported
OK: The service is Register of training providers (register), in production
OK: The settings of the service are right
OK: Names are ordered by this version’s collation (root/tertiary/icu4x-2.4.0)
OK: No email waits to be sent
OK: No email was refused
OK: 1 user: none damaged
OK: 1 organisation: none damaged
OK: 1 organisation user: none damaged
OK: 1 membership: none damaged
OK: 2 emails: none damaged
OK: 3 entries of the activity: none damaged
OK: 0 API clients: none damaged
OK: No file of the configuration holds a secret
Note: The mail server 127.0.0.1:25 is configured, and was not tried: to try it, add --smtp

No problem was found.
"
    );
    assert_eq!(doctor(&desk, &address), ran(0, &expected, ""));
    assert_eq!((tables.map(rows), durable.server.text(DATABASE, tuples)), before);
    // Without a mail server nothing is ever sent.
    desk.configure("");
    let ran = doctor(&desk, &address);
    let queued = "Warning: No mail server is configured: emails stay queued\n  \
        Configure one under [smtp], here or on the machine that runs: frontdesk emails send\n";
    assert_eq!((ran.code, found(&ran).as_str()), (0, queued), "{ran:?}");
    assert!(ran.out.ends_with("\n\nNo problem was found, and 1 warning.\n"), "{ran:?}");
}

#[test]
fn a_clock_that_differs_is_told() {
    if !has_programs() {
        return;
    }
    let desk = desk();
    let database = desk_in_database();
    for (now, way) in [("2025-12-11T14:13:00Z", "ahead of"), ("2125-12-11T14:13:00Z", "behind")] {
        let run = desk.at(now).run(&["--database", &database.address(), "doctor"]);
        let told = found(&run);
        let (line, rest) = told.split_once('\n').unwrap();
        // How many seconds it is depends on the day.
        let seconds = line.strip_prefix("Warning: The server’s clock is ").and_then(|line| line.split_once(" seconds ")).unwrap();
        assert!(seconds.0.chars().all(|character| character.is_ascii_digit() || character == ','), "{line}");
        assert_eq!(seconds.1, format!("{way} this machine’s"));
        let hint = "  Set both by a time server: the times of changes and of emails are told by this machine’s clock.\n";
        assert_eq!((run.code, rest), (0, &*format!("{hint}{UNSAFE}")), "{run:?}");
    }
    assert_found(&desk, &database, 0, UNSAFE);
}

/// The address of a database for another role.
fn as_role(address: &str, role: &str) -> String {
    address.replacen("//desk@", &format!("//{role}@"), 1)
}

#[test]
fn a_role_that_may_not_do_everything_is_told_what_it_lacks() {
    if !has_programs() {
        return;
    }
    let desk = desk();
    let database = desk_in_database();
    let mut owner = database.connect();
    owner.batch_execute("CREATE ROLE looks LOGIN; CREATE ROLE changes LOGIN").unwrap();
    let told = |role: &str| {
        let ran = doctor(&desk, &as_role(&database.address(), role));
        (ran.code, found(&ran).replace(UNSAFE, ""), ran)
    };
    owner.batch_execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO looks, changes").unwrap();
    let (code, problems, run) = told("looks");
    assert_eq!((code, problems.as_str()), (0, ""), "{run:?}");
    assert!(run.out.contains("Note: The role looks may read and not change anything\n"), "{run:?}");

    // Never to delete a record, nor to alter what was recorded.
    owner
        .batch_execute(
            "GRANT UPDATE ON stamp TO changes; GRANT INSERT ON ALL TABLES IN SCHEMA public TO changes; \
             GRANT UPDATE ON service_settings, users, organisations, organisation_users, memberships, emails, api_clients TO changes; \
             GRANT UPDATE, DELETE ON failing_mail_servers TO changes",
        )
        .unwrap();
    let (code, problems, run) = told("changes");
    assert_eq!((code, problems.as_str()), (0, ""), "{run:?}");
    assert!(run.out.contains("OK: The role changes may read and change every table\n"), "{run:?}");
    // And those are enough.
    let address = as_role(&database.address(), "changes");
    fs::write(desk.path("people.csv"), people(20)).unwrap();
    for line in [
        "users import people.csv --yes",
        "users edit ann@education.gov.uk --first-name Anne",
        "users delete ann@education.gov.uk --yes",
        "org remove-user ALPHA bob@example.com --yes",
        "service set page-size 30",
    ] {
        let run = desk.line(&format!("--database '{address}' {line}"));
        assert_eq!(run.code, 0, "{line}: {run:?}");
    }
}

#[test]
fn a_role_that_lacks_some_rights_is_told_each_of_them() {
    if !has_programs() {
        return;
    }
    let desk = desk();
    let database = desk_in_database();
    let mut owner = database.connect();
    owner
        .batch_execute(
            "CREATE ROLE half LOGIN; CREATE ROLE blind LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO half; \
             GRANT INSERT ON users, activity TO half; GRANT UPDATE ON users TO half; REVOKE SELECT ON memberships FROM half",
        )
        .unwrap();
    owner.batch_execute(&format!("REVOKE TEMPORARY ON DATABASE {} FROM public", name_of(&database))).unwrap();
    let run = doctor(&desk, &as_role(&database.address(), "half"));
    let ask = "  Ask the owner of the database for the right.\n";
    // Of the users of organisations, and of the memberships.
    let denied = format!(
        "Problem: Your role may not do this in the database {}: permission denied for table memberships\n  \
         Ask its owner for the right: the README has the grants of a role that changes and of one that only looks.\n",
        as_role(&database.address(), "half")
    );
    let expected = format!(
        "Problem: The role half may not read everything: it lacks SELECT on memberships\n{ask}\
         Problem: The role half may not make every change: it lacks UPDATE on stamp, INSERT on service_settings, UPDATE on service_settings, \
         INSERT on organisations, UPDATE on organisations, INSERT on organisation_users, UPDATE on organisation_users, \
         INSERT on memberships, UPDATE on memberships, INSERT on email_templates, INSERT on emails, UPDATE on emails, \
         INSERT on api_clients, UPDATE on api_clients, INSERT on failing_mail_servers, UPDATE on failing_mail_servers and DELETE on failing_mail_servers\n{ask}\
         Warning: The role half may not make temporary tables, which imports need\n{ask}\
         {UNSAFE}{denied}{denied}"
    );
    assert_eq!((run.code, found(&run)), (7, expected), "{run:?}");

    // Of whom nothing else can be told.
    let run = doctor(&desk, &as_role(&database.address(), "blind"));
    let expected = format!(
        "Problem: Your role may not do this in the database {}: permission denied for table stamp\n  \
         Ask its owner for the right: the README has the grants of a role that changes and of one that only looks.\n\
         Problem: The role blind may not read everything: it lacks SELECT on stamp, SELECT on service_settings, SELECT on users, \
         SELECT on organisations, SELECT on organisation_users, SELECT on memberships, SELECT on email_templates, SELECT on emails, \
         SELECT on activity, SELECT on api_clients and SELECT on failing_mail_servers\n{ask}{UNSAFE}",
        as_role(&database.address(), "blind")
    );
    assert_eq!((run.code, found(&run)), (7, expected), "{run:?}");
}

fn people(count: usize) -> String {
    let row = |number| format!("Cat,Cole,cat{number}@education.gov.uk,no\n");
    format!("first_name,last_name,email,api_user\n{}", (0..count).map(row).collect::<String>())
}

fn name_of(database: &Fresh) -> String {
    database.connect().query_one("SELECT current_database()::text", &[]).unwrap().get(0)
}

#[test]
fn a_database_of_another_version_or_program_is_told_and_not_brought_up_to_date() {
    if !has_programs() {
        return;
    }
    let desk = desk();
    let set = |value: &str| {
        let database = desk_in_database();
        database.connect().batch_execute(&format!("UPDATE stamp SET value = '{value}' WHERE key = 'schema'")).unwrap();
        database
    };
    let older = "Problem: The database is of an older version of frontdesk: its schema is 5, and this version needs 6\n  \
        Its owner brings it up to date with: frontdesk --database postgresql://OWNER@HOST/DATABASE migrate\n";
    let not_looked = "Warning: The service, the outbox and the records were not looked at: the tables are those of an older version\n  \
        Its owner brings it up to date with: frontdesk --database postgresql://OWNER@HOST/DATABASE migrate\n";
    let database = set("5");
    assert_found(&desk, &database, 7, &format!("{older}{UNSAFE}{not_looked}"));
    let kept: String = database.connect().query_one("SELECT value FROM stamp WHERE key = 'schema'", &[]).unwrap().get(0);
    assert_eq!(kept, "5");

    let rest = "OK: No file of the configuration holds a secret\n\
        Note: The mail server 127.0.0.1:25 is configured, and was not tried: to try it, add --smtp\n\nFound: 1 problem.\n";
    for (database, expected) in [
        (
            set("99"),
            "The database NAME was made by a newer version of frontdesk: its schema is 99, and this version knows 6\n  Install the newer version.\n",
        ),
        (set("a lot"), "The database NAME belongs to another program\n  Give the address of a frontdesk database with --database.\n"),
        (
            Fresh::of("nothing", |_| ()),
            "The database NAME is not set up: frontdesk has no tables in it\n  Its owner sets it up with: frontdesk --database postgresql://OWNER@HOST/DATABASE migrate\n",
        ),
    ] {
        let expected = format!("Problem: {expected}{rest}").replace("NAME", &database.address());
        assert_eq!(doctor(&desk, &database.address()), ran(7, &expected, ""));
    }
}

#[test]
fn the_service_and_the_outbox_are_told() {
    if !has_programs() {
        return;
    }
    let desk = desk();
    for (sql, code, expected) in [
        (
            "UPDATE service_settings SET value = '0' WHERE key = 'page-size'",
            7,
            "Problem: The setting page-size of the service has the value ‘0’, which frontdesk never writes\n  \
             Set it: frontdesk service set page-size VALUE\n",
        ),
        (
            "UPDATE stamp SET value = 'other/1' WHERE key = 'collation'",
            7,
            "Problem: Names are ordered by another version of the collation (other/1) than this version’s\n  \
             Use the version of frontdesk that made the database.\n",
        ),
        (
            "UPDATE emails SET status = 'queued', next_attempt_at = created_at",
            0,
            "Warning: 2 emails wait to be sent, the oldest since 2025-12-11T14:13:00Z\n  Send them: frontdesk emails send\n",
        ),
        (
            "UPDATE emails SET status = 'refused'; \
             INSERT INTO failing_mail_servers VALUES ('mail:25', 3, 1765462380000, 'it is away')",
            0,
            "Warning: 2 emails were refused by the mail server\n  See why: frontdesk emails list --status refused\n\
             Warning: The mail server mail:25 failed 3 times in a row, and is tried again after 2025-12-11T14:13:00Z: it is away\n  \
             Try it now: frontdesk doctor --smtp\n",
        ),
    ] {
        let database = desk_in_database();
        database.connect().batch_execute(sql).unwrap();
        assert_found(&desk, &database, code, &format!("{UNSAFE}{expected}"));
    }
    // What has just been queued is no worry.
    let database = desk_in_database();
    database.connect().batch_execute("UPDATE emails SET status = 'queued', next_attempt_at = created_at").unwrap();
    let run = desk.run(&["--database", &database.address(), "doctor"]);
    assert!(run.out.contains("Note: 2 emails wait to be sent, the oldest since 2025-12-11T14:13:00Z\n"), "{run:?}");
}

#[test]
fn a_server_that_cannot_be_reached_is_one_problem_and_the_other_checks_are_made() {
    if !has_programs() {
        return;
    }
    let (desk, secured) = (desk(), Secured::start());
    let rest = "OK: No file of the configuration holds a secret\n\
        Note: The mail server 127.0.0.1:25 is configured, and was not tried: to try it, add --smtp\n\nFound: 1 problem.\n";
    let run = doctor(&desk, "postgresql://desk@/desk?host=/nowhere");
    let expected = "Problem: The database postgresql://desk@/desk?host=/nowhere cannot be reached: No such file or directory (os error 2)\n  \
        Check that the server is running and that the address is right, then run the command again.\n";
    assert_eq!(run, ran(7, &format!("{expected}{rest}"), ""));

    let authority = secured.authority();
    let full = [("sslmode", "verify-full"), ("sslrootcert", authority.to_str().unwrap())];
    let address = with_arguments(&secured.address("localhost"), &full);
    let with_password = |address: &str, password: &str| {
        let mut command = desk.command(&["--database", address, "doctor"]);
        desk.read(&command.env_remove("FRONTDESK_TEST_NOW").env("PGPASSWORD", password).output().unwrap())
    };
    let run = with_password(&address, "wrong-horse");
    let told = run.out.lines().next().unwrap();
    assert!(run.code == 7 && told.ends_with(" does not let you in: password authentication failed for user \"desk\""), "{run:?}");
    assert!(!run.out.contains("horse") && run.out.ends_with(rest), "{run:?}");
    let run = with_password(&address.replacen("/desk?", "/lost?", 1), PASSWORD);
    assert!(run.code == 7 && run.out.contains(": database \"lost\" does not exist\n  Check its name;"), "{run:?}");

    // And one that can be: whole and encrypted.
    let mut migrate = desk.command(&["--database", &address, "migrate"]);
    succeed(migrate.env("PGPASSWORD", PASSWORD));
    let run = with_password(&address, PASSWORD);
    assert!(run.code == 0 && run.out.contains("OK: The connection is encrypted (TLSv1.3)\n"), "{run:?}");
}

#[test]
fn a_standby_is_told_to_take_no_changes_and_a_pair_to_wait_for_each_other() {
    if !has_programs() {
        return;
    }
    let (desk, pair) = (desk(), Pair::start());
    fill(&pair.address());
    let loopback = "Note: The connection is not encrypted, and goes from this machine to itself\n";
    let run = doctor(&desk, &pair.address());
    assert_eq!((run.code, found(&run).as_str()), (0, ""), "{run:?}");
    assert!(run.out.contains(&format!("{loopback}OK: The server takes changes, and waits for its standbys (standby)\n")), "{run:?}");

    pair.primary.execute("ALTER DATABASE desk SET synchronous_commit = local");
    let not_waited_for = "Warning: The server is to wait for its standbys (standby), but synchronous_commit is local: it does not\n  \
        Set synchronous_commit to on in the configuration of the server, or where it is set for the database or the role.\n";
    let run = doctor(&desk, &pair.address());
    assert_eq!(found(&run), not_waited_for);
    assert!(run.out.contains("OK: A change is on the server’s disk before it is reported\n"), "{run:?}");
    // One cause is told once.
    pair.primary.execute("ALTER DATABASE desk SET synchronous_commit = off");
    assert_eq!(found(&doctor(&desk, &pair.address())), not_waited_for.replace("is local", "is off"));
    pair.primary.execute("ALTER DATABASE desk RESET synchronous_commit");

    let standby = pair.standby.network_address("127.0.0.1", DATABASE);
    pair.standby.wait_until("SELECT pg_is_in_recovery()::text", "true");
    let run = doctor(&desk, &standby);
    let only_gives = "Warning: The server is a standby: it gives what another one stores, and takes no changes\n  \
        For changes, name every server of the pair, with target_session_attrs=read-write.\n";
    assert_eq!((run.code, found(&run).as_str()), (0, only_gives), "{run:?}");
    assert!(run.out.contains("OK: 1 user: none damaged\n") && run.out.contains(loopback), "{run:?}");
}

#[test]
fn on_a_narrow_terminal_every_line_fits_and_says_the_same() {
    if !has_programs() {
        return;
    }
    let desk = desk();
    let database = desk_in_database();
    database.connect().batch_execute("UPDATE users SET search_text = ''").unwrap();
    let mut terminal = Setting::at(&desk).columns(40).run(&["--accessible", "--database", &database.address(), "doctor"]);
    terminal.wait_in_order(&["OK: The role desk may read and change", "Warning: fsync is off on the server:", "Found: "]);
    assert_eq!(terminal.finish(), 7);
    let text = String::from_utf8(terminal.bytes.clone()).unwrap();
    assert!(!text.contains('\u{1B}'), "{text:?}");
    let is_address = |line: &str| line.contains("postgresql://");
    assert!(text.lines().all(|line| line.trim_end().chars().count() <= 40 || is_address(line)), "{text}");
}
