-- The service’s own users, the emails about them, and who changed what.
-- Times are milliseconds since 1970 in UTC; ids are UUIDv7 as text; yes and no are 1 and 0.

-- Which service this database holds, and what made its collation keys.
CREATE TABLE stamp (
    key   TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE service_settings (
    key   TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE users (
    id                TEXT COLLATE "C" PRIMARY KEY,
    first_name        TEXT COLLATE "C" NOT NULL,
    last_name         TEXT COLLATE "C" NOT NULL,
    email             TEXT COLLATE "C" NOT NULL,
    api_user          BIGINT NOT NULL CHECK (api_user IN (0, 1)),
    active            BIGINT NOT NULL CHECK (active IN (0, 1)),
    sort_key          BYTEA NOT NULL,
    sign_in_id        TEXT COLLATE "C",
    last_signed_in_at BIGINT,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    revision          BIGINT NOT NULL,
    -- A deleted user stays for the record, hidden everywhere, with their address free again.
    deleted_at        BIGINT,
    deleted_by        TEXT COLLATE "C",
    CHECK ((deleted_at IS NULL) = (deleted_by IS NULL))
);

CREATE UNIQUE INDEX users_live_email ON users (email) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_live_sign_in_id ON users (sign_in_id) WHERE deleted_at IS NULL AND sign_in_id IS NOT NULL;
CREATE INDEX users_live_order ON users (sort_key, email, id) WHERE deleted_at IS NULL;
-- For a deleted user who tries to sign in, and for the activity of somebody deleted.
CREATE INDEX users_deleted_email ON users (email) WHERE deleted_at IS NOT NULL;

CREATE TABLE emails (
    id              TEXT COLLATE "C" PRIMARY KEY,
    notice          TEXT COLLATE "C" NOT NULL,
    user_id         TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    from_name       TEXT COLLATE "C" NOT NULL,
    from_address    TEXT COLLATE "C" NOT NULL,
    to_name         TEXT COLLATE "C" NOT NULL,
    to_address      TEXT COLLATE "C" NOT NULL,
    subject         TEXT COLLATE "C" NOT NULL,
    text            TEXT COLLATE "C" NOT NULL,
    message_id      TEXT COLLATE "C" NOT NULL UNIQUE,
    status          TEXT COLLATE "C" NOT NULL CHECK (status IN ('queued', 'sent', 'refused', 'cancelled')),
    attempts        BIGINT NOT NULL,
    next_attempt_at BIGINT,
    last_error      TEXT COLLATE "C",
    created_at      BIGINT NOT NULL,
    sent_at         BIGINT,
    -- Until when, and by which run, delivery is being tried: two never send the same email.
    claimed_until   BIGINT,
    claimed_by      TEXT COLLATE "C"
);

CREATE INDEX emails_order ON emails (created_at, id);
CREATE INDEX emails_user ON emails (user_id);
CREATE INDEX emails_queued ON emails (next_attempt_at, id) WHERE status = 'queued';

CREATE TABLE activity (
    id            TEXT COLLATE "C" PRIMARY KEY,
    at            BIGINT NOT NULL,
    actor_label   TEXT COLLATE "C" NOT NULL,
    actor_email   TEXT COLLATE "C",
    actor_user_id TEXT COLLATE "C" REFERENCES users (id),
    action        TEXT COLLATE "C" NOT NULL,
    subject_kind  TEXT COLLATE "C" NOT NULL,
    subject_id    TEXT COLLATE "C" NOT NULL,
    subject_label TEXT COLLATE "C" NOT NULL,
    -- [{"field", "before", "after"}] as JSON.
    changes       TEXT COLLATE "C" NOT NULL
);

CREATE INDEX activity_order ON activity (at, id);
CREATE INDEX activity_subject ON activity (subject_id, at, id);
-- For the guard that counts one person’s deletions of the last three minutes.
CREATE INDEX activity_actor ON activity (actor_user_id, action, at);
