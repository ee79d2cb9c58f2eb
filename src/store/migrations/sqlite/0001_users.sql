-- The service’s own users, the emails about them, and who changed what.
-- Times are milliseconds since 1970 in UTC; ids are UUIDv7 as text; yes and no are 1 and 0.

-- Which service this database holds, and what made its collation keys.
CREATE TABLE stamp (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE service_settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE users (
    id                TEXT PRIMARY KEY,
    first_name        TEXT NOT NULL,
    last_name         TEXT NOT NULL,
    email             TEXT NOT NULL,
    api_user          INTEGER NOT NULL CHECK (api_user IN (0, 1)),
    active            INTEGER NOT NULL CHECK (active IN (0, 1)),
    -- SQLite sorts text before bytes: a key of the wrong type would silently break the order.
    sort_key          BLOB NOT NULL CHECK (typeof(sort_key) = 'blob'),
    sign_in_id        TEXT,
    last_signed_in_at INTEGER,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL,
    revision          INTEGER NOT NULL,
    -- A deleted user stays for the record, hidden everywhere, with their address free again.
    deleted_at        INTEGER,
    deleted_by        TEXT,
    CHECK ((deleted_at IS NULL) = (deleted_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX users_live_email ON users (email) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_live_sign_in_id ON users (sign_in_id) WHERE deleted_at IS NULL AND sign_in_id IS NOT NULL;
CREATE INDEX users_live_order ON users (sort_key, email, id) WHERE deleted_at IS NULL;
-- For a deleted user who tries to sign in, and for the activity of somebody deleted.
CREATE INDEX users_deleted_email ON users (email) WHERE deleted_at IS NOT NULL;

CREATE TABLE emails (
    id              TEXT PRIMARY KEY,
    notice          TEXT NOT NULL,
    user_id         TEXT NOT NULL REFERENCES users (id),
    from_name       TEXT NOT NULL,
    from_address    TEXT NOT NULL,
    to_name         TEXT NOT NULL,
    to_address      TEXT NOT NULL,
    subject         TEXT NOT NULL,
    text            TEXT NOT NULL,
    message_id      TEXT NOT NULL UNIQUE,
    status          TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'refused', 'cancelled')),
    attempts        INTEGER NOT NULL,
    next_attempt_at INTEGER,
    last_error      TEXT,
    created_at      INTEGER NOT NULL,
    sent_at         INTEGER,
    -- Until when, and by which run, delivery is being tried: two never send the same email.
    claimed_until   INTEGER,
    claimed_by      TEXT
) STRICT;

CREATE INDEX emails_order ON emails (created_at, id);
CREATE INDEX emails_user ON emails (user_id);
CREATE INDEX emails_queued ON emails (next_attempt_at, id) WHERE status = 'queued';

CREATE TABLE activity (
    id            TEXT PRIMARY KEY,
    at            INTEGER NOT NULL,
    actor_label   TEXT NOT NULL,
    actor_email   TEXT,
    actor_user_id TEXT REFERENCES users (id),
    action        TEXT NOT NULL,
    subject_kind  TEXT NOT NULL,
    subject_id    TEXT NOT NULL,
    subject_label TEXT NOT NULL,
    -- [{"field", "before", "after"}] as JSON.
    changes       TEXT NOT NULL
) STRICT;

CREATE INDEX activity_order ON activity (at, id);
CREATE INDEX activity_subject ON activity (subject_id, at, id);
-- For the guard that counts one person’s deletions of the last three minutes.
CREATE INDEX activity_actor ON activity (actor_user_id, actor_label, action, at);
