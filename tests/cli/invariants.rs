//! What holds of every database of ours, whatever happened to the processes that wrote it.

use std::path::Path;

use rusqlite::Connection;

/// Users that lack what was to be stored with them, and emails and activity without their user.
const BROKEN: [(&str, &str); 5] = [
    ("users without exactly one email", "SELECT count(*) FROM users WHERE 1 <> (SELECT count(*) FROM emails WHERE user_id = users.id)"),
    (
        "users without exactly one entry of activity",
        "SELECT count(*) FROM users WHERE 1 <> (SELECT count(*) FROM activity WHERE subject_id = users.id AND action = 'user_added')",
    ),
    ("emails without a user", "SELECT count(*) FROM emails WHERE user_id NOT IN (SELECT id FROM users)"),
    ("activity without a user", "SELECT count(*) FROM activity WHERE subject_id NOT IN (SELECT id FROM users)"),
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
