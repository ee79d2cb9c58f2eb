//! What holds of every database of ours, whatever happened to the processes that wrote it.

use std::path::Path;

use rusqlite::Connection;

/// Accounts and memberships that lack what was to be stored with them, and what lacks them. It is about
/// desks at which everybody was added with an email, at most once a moment.
const BROKEN: [(&str, &str); 11] = [
    // Emails are counted first: no index leads from an account to them.
    (
        "users without exactly one email",
        "SELECT count(*) FROM users LEFT JOIN (SELECT user_id, count(*) AS emails FROM emails GROUP BY user_id) AS counted \
         ON counted.user_id = users.id WHERE coalesce(emails, 0) <> 1",
    ),
    (
        "users without exactly one entry of activity",
        "SELECT count(*) FROM users WHERE 1 <> (SELECT count(*) FROM activity WHERE subject_id = users.id AND action = 'user_added')",
    ),
    (
        "organisation users without exactly one entry of activity",
        "SELECT count(*) FROM organisation_users WHERE 1 <> \
         (SELECT count(*) FROM activity WHERE subject_id = organisation_users.id AND action = 'user_added')",
    ),
    (
        "memberships without exactly one entry of activity",
        "SELECT count(*) FROM memberships WHERE 1 <> (SELECT count(*) FROM activity WHERE subject_id = memberships.user_id \
         AND +organisation_id = memberships.organisation_id AND action IN ('user_added', 'user_linked') AND at = memberships.created_at)",
    ),
    (
        "memberships without exactly one invitation",
        "SELECT count(*) FROM memberships LEFT JOIN (SELECT organisation_user_id, organisation_id, created_at, count(*) AS invitations \
         FROM emails WHERE notice = 'invitation' GROUP BY organisation_user_id, organisation_id, created_at) AS counted \
         ON counted.organisation_user_id = memberships.user_id AND counted.organisation_id = memberships.organisation_id \
         AND counted.created_at = memberships.created_at WHERE coalesce(invitations, 0) <> 1",
    ),
    (
        "live memberships of what is no longer there",
        "SELECT count(*) FROM memberships JOIN organisations ON organisations.id = organisation_id \
         JOIN organisation_users ON organisation_users.id = user_id \
         WHERE ended_at IS NULL AND (organisations.deleted_at IS NOT NULL OR organisation_users.deleted_at IS NOT NULL)",
    ),
    (
        "live memberships out of step with their users",
        "SELECT count(*) FROM memberships JOIN organisation_users ON organisation_users.id = user_id \
         WHERE ended_at IS NULL AND (memberships.sort_key <> organisation_users.sort_key OR memberships.email <> organisation_users.email)",
    ),
    (
        "queued sign-in details to another address than their account has",
        "SELECT count(*) FROM emails LEFT JOIN users ON users.id = emails.user_id \
         LEFT JOIN organisation_users ON organisation_users.id = organisation_user_id \
         WHERE status = 'queued' AND notice IN ('invitation', 'email-changed') AND to_address <> coalesce(users.email, organisation_users.email)",
    ),
    ("emails about nobody", "SELECT count(*) FROM emails WHERE (user_id IS NULL) = (organisation_user_id IS NULL)"),
    (
        "activity about what never was",
        "SELECT count(*) FROM activity WHERE subject_kind <> 'service' AND subject_id NOT IN \
         (SELECT id FROM users UNION SELECT id FROM organisation_users UNION SELECT id FROM organisations)",
    ),
    ("rows that refer to nothing", "SELECT count(*) FROM pragma_foreign_key_check"),
];

/// Asserts that the file is sound and that every user was stored whole; gives the ids of the users.
pub fn assert_whole(database: &Path) -> Vec<String> {
    let connection = Connection::open(database).unwrap();
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    for (what, sql) in BROKEN {
        let count: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(count, 0, "{what}");
    }
    let mut statement = connection.prepare("SELECT id FROM users ORDER BY id").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}
