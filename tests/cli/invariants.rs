//! What holds of every database of ours, whatever happened to the processes that wrote it.

use crate::kept::Kept;

/// Accounts and memberships that lack what was to be stored with them, and what lacks them. It is about
/// desks at which everybody was added with an email, at most once a moment.
const BROKEN: [(&str, &str); 10] = [
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
         AND organisation_id || '' = memberships.organisation_id AND action IN ('user_added', 'user_linked') AND at = memberships.created_at)",
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
         (SELECT id FROM users UNION SELECT id FROM organisation_users UNION SELECT id FROM organisations UNION SELECT id FROM api_clients)",
    ),
];

/// Asserts that the database is sound and that every user was stored whole; gives the ids of the users.
pub fn assert_whole(kept: &Kept) -> Vec<String> {
    kept.assert_sound();
    for (what, sql) in BROKEN {
        assert_eq!(kept.count(sql), 0, "{what}");
    }
    kept.texts("SELECT id FROM users ORDER BY id")
}
