-- Organisations, the accounts of their users, and which account belongs to which organisation.

CREATE TABLE organisations (
    id         TEXT PRIMARY KEY,
    -- As it was typed.
    code       TEXT NOT NULL,
    -- As codes are compared: in lower case.
    code_key   TEXT NOT NULL,
    name       TEXT NOT NULL,
    sort_key   BLOB NOT NULL CHECK (typeof(sort_key) = 'blob'),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    -- A deleted organisation stays for the record, hidden everywhere, with its code free again.
    deleted_at INTEGER,
    deleted_by TEXT,
    CHECK ((deleted_at IS NULL) = (deleted_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX organisations_live_code ON organisations (code_key) WHERE deleted_at IS NULL;
CREATE INDEX organisations_live_order ON organisations (sort_key, code_key, id) WHERE deleted_at IS NULL;
-- For the activity of an organisation that was deleted.
CREATE INDEX organisations_deleted_code ON organisations (code_key) WHERE deleted_at IS NOT NULL;

CREATE TABLE organisation_users (
    id                TEXT PRIMARY KEY,
    first_name        TEXT NOT NULL,
    last_name         TEXT NOT NULL,
    email             TEXT NOT NULL,
    sort_key          BLOB NOT NULL CHECK (typeof(sort_key) = 'blob'),
    sign_in_id        TEXT,
    last_signed_in_at INTEGER,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL,
    revision          INTEGER NOT NULL,
    -- An account ends when its address gets a new one.
    deleted_at        INTEGER,
    deleted_by        TEXT,
    CHECK ((deleted_at IS NULL) = (deleted_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX organisation_users_live_email ON organisation_users (email) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX organisation_users_live_sign_in_id ON organisation_users (sign_in_id)
    WHERE deleted_at IS NULL AND sign_in_id IS NOT NULL;
CREATE INDEX organisation_users_deleted_email ON organisation_users (email) WHERE deleted_at IS NOT NULL;

CREATE TABLE memberships (
    id              TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id),
    user_id         TEXT NOT NULL REFERENCES organisation_users (id),
    -- The user’s own key and address once more: a page of a large organisation is read off its index.
    sort_key        BLOB NOT NULL CHECK (typeof(sort_key) = 'blob'),
    email           TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    ended_at        INTEGER,
    ended_by        TEXT,
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX memberships_live ON memberships (user_id, organisation_id) WHERE ended_at IS NULL;
CREATE INDEX memberships_live_order ON memberships (organisation_id, sort_key, email, user_id) WHERE ended_at IS NULL;

-- An email is about an account of either kind, and may be about one organisation.
CREATE TABLE emails_of_accounts (
    id                   TEXT PRIMARY KEY,
    notice               TEXT NOT NULL,
    user_id              TEXT REFERENCES users (id),
    organisation_user_id TEXT REFERENCES organisation_users (id),
    organisation_id      TEXT REFERENCES organisations (id),
    from_name            TEXT NOT NULL,
    from_address         TEXT NOT NULL,
    to_name              TEXT NOT NULL,
    to_address           TEXT NOT NULL,
    subject              TEXT NOT NULL,
    text                 TEXT NOT NULL,
    message_id           TEXT NOT NULL UNIQUE,
    status               TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'refused', 'cancelled')),
    attempts             INTEGER NOT NULL,
    next_attempt_at      INTEGER,
    last_error           TEXT,
    created_at           INTEGER NOT NULL,
    sent_at              INTEGER,
    -- Until when, and by which run, delivery is being tried: two never send the same email.
    claimed_until        INTEGER,
    claimed_by           TEXT,
    CHECK ((user_id IS NULL) <> (organisation_user_id IS NULL))
) STRICT;

INSERT INTO emails_of_accounts (id, notice, user_id, from_name, from_address, to_name, to_address, subject, text, message_id, status,
    attempts, next_attempt_at, last_error, created_at, sent_at, claimed_until, claimed_by)
SELECT id, notice, user_id, from_name, from_address, to_name, to_address, subject, text, message_id, status,
    attempts, next_attempt_at, last_error, created_at, sent_at, claimed_until, claimed_by
FROM emails;

DROP TABLE emails;
ALTER TABLE emails_of_accounts RENAME TO emails;

CREATE INDEX emails_order ON emails (created_at, id);
CREATE INDEX emails_user ON emails (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX emails_organisation_user ON emails (organisation_user_id) WHERE organisation_user_id IS NOT NULL;
CREATE INDEX emails_queued ON emails (next_attempt_at, id) WHERE status = 'queued';
CREATE INDEX emails_waiting ON emails (to_address, id) WHERE status IN ('queued', 'cancelled');
CREATE INDEX emails_status ON emails (status, created_at, id);

-- An entry is by an account of either kind, and may be about an organisation or something in one.
ALTER TABLE activity ADD COLUMN actor_organisation_user_id TEXT REFERENCES organisation_users (id);
ALTER TABLE activity ADD COLUMN organisation_id TEXT REFERENCES organisations (id);
ALTER TABLE activity ADD COLUMN organisation_code TEXT;
ALTER TABLE activity ADD COLUMN organisation_name TEXT;

CREATE INDEX activity_organisation ON activity (organisation_id, at, id) WHERE organisation_id IS NOT NULL;
